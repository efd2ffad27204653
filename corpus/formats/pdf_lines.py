"""Characters with places → printed lines in reading order: rows of letters, blanks, columns of a page."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.formats.pdf_glyphs import Glyph

GUTTER = 1.2
"""Width in ems of white from which on two pieces of a row are apart."""
SMALLEST = 0.5
"""Size in points that letters count as at least; some files print text so small that nobody sees it."""

_NO_START = "，。、；：！？）》”’〉】〕％—–～·μ℃"
"""Marks that stand with what is before them; none begins a line."""
_NO_END = "（《“‘〈【〔"
"""Marks that stand with what is behind them; none ends a line."""


@dataclass(frozen=True)
class Line:
    """A printed line, or a table row (``is_row``, its cells parted by tabs).

    ``left`` and ``right`` are the edges of the column that it stands in; ``led``: a blank is printed at its start.
    A whole table is a line with ``rows`` while the page is put in order.
    """

    glyphs: tuple[Glyph, ...]
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    left: float = 0.0
    right: float = 0.0
    is_row: bool = False
    led: bool = False
    rows: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        """The letters in order."""
        return "".join(glyph.text for glyph in self.glyphs)


def line_of(glyphs: Sequence[Glyph]) -> Line:
    """The line that these glyphs make, blanks put in where white parts words; not empty."""
    solid = [glyph for glyph in glyphs if not glyph.text.isspace()] or list(glyphs)
    return Line(
        tuple(_spaced(glyphs)),
        min(g.x0 for g in solid),
        min(g.top for g in solid),
        max(g.x1 for g in solid),
        max(g.bottom for g in solid),
        max(SMALLEST, statistics.mode(round(g.size * 2) / 2 for g in solid)),
        led=glyphs[0].text == " ",
    )


def rows(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Glyphs that stand beside each other, from top to bottom, each row from left to right."""
    found: list[list[Glyph]] = []
    reach = 0.0
    middle = float("-inf")
    for glyph in sorted(glyphs, key=lambda g: (g.top + g.bottom) / 2):
        own, height = (glyph.top + glyph.bottom) / 2, glyph.bottom - glyph.top
        if found and own - middle <= 0.4 * max(reach, height):
            found[-1].append(glyph)
            if height > reach:
                reach, middle = height, own
        else:
            found.append([glyph])
            reach, middle = height, own
    for row in found:
        row.sort(key=lambda g: g.x0)
    return found


def pieces(row: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """A row, cut where the white is wider than a gutter. Printed blanks are white."""
    piece: list[Glyph] = []
    blanks: list[Glyph] = []
    end = 0.0
    for glyph in row:
        if glyph.text.isspace():
            blanks.append(glyph)
            continue
        if (
            piece
            and not all(g.text.isspace() for g in piece)
            and glyph.x0 - end > GUTTER * max(glyph.size, piece[-1].size)
        ):
            yield piece
            piece, blanks = [], [b for b in blanks[-1:] if abs(glyph.x0 - b.x1) < 1]
        piece += blanks if piece else blanks[-1:]
        blanks = []
        piece.append(glyph)
        end = glyph.x1
    if piece:
        yield piece + blanks


def lines(glyphs: Sequence[Glyph], tables: Sequence[Line] = ()) -> list[Line]:
    """The lines of a page in reading order, columns one after the other, the rows of its tables where these stand."""
    segments = [*(line_of(piece) for row in rows(glyphs) for piece in pieces(row)), *tables]
    if not segments:
        return []
    left, right = min(s.x0 for s in segments), max(s.x1 for s in segments)
    return [line for found in _in_order(segments, left, right) for line in found.rows or (found,) if line.glyphs]


def _in_order(segments: Sequence[Line], left: float, right: float) -> Iterator[Line]:
    cut = _gutter(segments, left, right)
    if cut is None:
        yield from _across(segments, left, right)
        return
    x, top, bottom = cut
    above = [s for s in segments if s.bottom <= top]
    zone = [s for s in segments if s.bottom > top and s.top < bottom]
    below = [s for s in segments if s.bottom > top and s.top >= bottom]
    first, second = [s for s in zone if s.x1 <= x], [s for s in zone if s.x1 > x]
    if above:
        yield from _in_order(above, left, right)
    yield from _in_order(first, left, max(s.x1 for s in first))
    yield from _in_order(second, min(s.x0 for s in second), right)
    if below:
        yield from _in_order(below, left, right)


def _gutter(segments: Sequence[Line], left: float, right: float) -> tuple[float, float, float] | None:
    """The white between two columns of prose, as (x, top, bottom): no segment crosses it there.

    Each column has at least five lines, and these fill it; so the cells of a table and a signature block are none. The
    last column of a document may have fewer.
    """
    if len(segments) < 10:
        return None
    best: tuple[int, tuple[float, float, float]] | None = None
    for x in _candidates(segments, left, right):
        crossing = sorted((s.top, s.bottom) for s in segments if s.x0 < x < s.x1)
        edges = [float("-inf"), *(edge for pair in crossing for edge in pair), float("inf")]
        for top, bottom in zip(edges[::2], edges[1::2], strict=True):
            zone = [s for s in segments if s.top >= top - 1 and s.bottom <= bottom + 1]
            sides = [s for s in zone if s.x1 <= x], [s for s in zone if s.x0 >= x]
            count = min(len(sides[0]), len(sides[1]))
            both = count >= 5 and all(_is_prose(side) for side in sides)
            if (both or count and _is_short_column(*sides)) and (best is None or count > best[0]):
                best = count, (x, top, bottom)
    return best[1] if best else None


def _candidates(segments: Sequence[Line], left: float, right: float) -> list[float]:
    """Where a column may begin: edges at which segments begin, or to which they are indented; the commonest first."""
    inner = [s for s in segments if left + 0.2 * (right - left) < s.x0 < left + 0.8 * (right - left)]
    counts: dict[int, int] = {}
    for one in inner:
        key = round((one.x0 - 0.3 * one.size) / 4)
        if key not in counts:
            counts[key] = sum(1 for other in inner if -2 < other.x0 - one.x0 < 2.4 * one.size)
    common = sorted((n for n in counts.items() if n[1] >= 2), key=lambda n: (-n[1], n[0]))
    return [key * 4.0 for key, _ in common[:8]]


def _is_short_column(first: Sequence[Line], second: Sequence[Line]) -> bool:
    """Whether the second column is the short rest of a text that fills the first: it begins at its top, at its edge."""
    size = statistics.median(s.size for s in first)
    edge, top = min(s.x0 for s in second), min(s.top for s in first)
    at_edge = all(s.x0 - edge < 2.4 * size and not s.rows for s in second)
    return len(first) >= 10 and at_edge and abs(min(s.top for s in second) - top) < 2 * size and _is_prose(first)


def _is_prose(side: Sequence[Line]) -> bool:
    """Whether most lines fill the column that they make, which is at least eight letters wide."""
    left, right = min(s.x0 for s in side), max(s.x1 for s in side)
    side = [s for s in side if not s.rows]
    size = statistics.median(s.size for s in side) if side else 0.0
    full = sum(1 for s in side if s.x1 - s.x0 > 0.75 * (right - left))
    return right - left > 8 * size and full >= max(4, 0.3 * len(side))


def _across(segments: Sequence[Line], left: float, right: float) -> Iterator[Line]:
    """Segments that stand in one row make one line."""
    ordered = sorted(segments, key=lambda s: s.top if s.rows else (s.top + s.bottom) / 2)
    groups: list[list[Line]] = []
    for one in ordered:
        last = groups[-1][0] if groups else None
        if (
            last
            and not last.rows
            and not one.rows
            and abs((one.top + one.bottom) - (last.top + last.bottom)) / 2
            <= 0.4 * max(one.bottom - one.top, last.bottom - last.top)
        ):
            groups[-1].append(one)
        else:
            groups.append([one])
    for group in groups:
        whole = (
            group[0] if len(group) == 1 else line_of([g for s in sorted(group, key=lambda s: s.x0) for g in s.glyphs])
        )
        yield replace(whole, left=left, right=right)


def _spaced(glyphs: Sequence[Glyph]) -> Iterator[Glyph]:
    """The glyphs, with blanks where the white between two is wider than the line's own spacing; none at the start."""
    solid = [glyph for glyph in glyphs if not glyph.text.isspace()]
    gaps = [b.x0 - a.x1 for a, b in itertools.pairwise(solid)]
    usual = min(max(0.0, statistics.median(gaps)), 0.5 * max(g.size for g in glyphs)) if len(gaps) > 3 else 0.0
    before: Glyph | None = None
    for glyph in glyphs:
        if before is None and glyph.text.isspace():
            continue
        if before and not before.text.isspace() and not glyph.text.isspace():
            white = glyph.x0 - before.x1 - usual
            for _ in range(_blanks(before, glyph, white)):
                yield Glyph(" ", before.x1, glyph.top, glyph.x0, glyph.bottom, glyph.size, glyph.font, None)
        yield glyph
        before = glyph


def _blanks(before: Glyph, after: Glyph, white: float) -> int:
    em = max(before.size, after.size)
    narrow = _is_narrow(before.text) and _is_narrow(after.text)
    if white <= (0.2 if narrow else 0.6) * em:
        return 0
    return max(1, min(12, round(white / (0.5 * em))))


def _is_narrow(text: str) -> bool:
    return text[-1:] < "\u0250"


def first_word(line: Line) -> float:
    """Width of what must stay together at the line's start: a number or a Latin word with the mark behind it, or a Han
    character with the marks that may not begin a line; with a bracket that opens before it.
    """
    opened = next((k for k, glyph in enumerate(line.glyphs) if glyph.text not in _NO_END), 0)
    first = line.glyphs[opened]
    latin = _is_latin(first.text)
    end = first.x1 if opened or latin or first.text in _NO_START else first.x0
    for glyph in line.glyphs[opened + 1 :]:
        if not (glyph.text in _NO_START or latin and _is_latin(glyph.text)):
            break
        end = glyph.x1
    return end - line.x0


def _is_latin(text: str) -> bool:
    return text < "\u0250" and not text.isspace()


def with_edges(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The lines, each with the edges that the lines of its column share; those of a short column are the document's."""
    columns: dict[tuple[int, float, float], list[Line]] = {}
    for number, page in enumerate(pages):
        for line in page:
            if not line.is_row:
                columns.setdefault((number, line.left, line.right), []).append(line)
    edges = {key: (_shared([s.x0 for s in c], min), _right_of(c)) for key, c in columns.items()}
    usual = max(edges, key=lambda key: len(columns[key]), default=None)
    if usual is None:
        return [list(page) for page in pages]
    size = statistics.mode(line.size for column in columns.values() for line in column)
    for key, (left, right) in edges.items():
        known = [e for k, e in edges.items() if len(columns[k]) >= 8 and abs(e[0] - left) < 6 * size]
        wide = min(known or [edges[usual]], key=lambda e: (abs(e[0] - left) > 3 * size, e[0]))
        few = len(columns[key]) < 8 or _ragged(columns[key], right) and abs(left - wide[0]) < 1.2 * size
        if few and abs(left - wide[0]) < 12 * size or 1.2 * size < left - wide[0] < 3 * size:
            edges[key] = wide[0], max(right, wide[1]) if few else right
    return [
        [
            line
            if line.is_row
            else replace(line, left=edges[n, line.left, line.right][0], right=edges[n, line.left, line.right][1])
            for line in page
        ]
        for n, page in enumerate(pages)
    ]


def _ragged(column: Sequence[Line], right: float) -> bool:
    """Whether the lines end where their words do and not at an edge, as those of a list."""
    return sum(abs(right - line.x1) < 1.6 * line.size for line in column) < 0.4 * len(column)


def _right_of(column: Sequence[Line]) -> float:
    """The right edge: where two lines end together; or further out, where two end nearly so: nothing goes beyond an edge,
    but the full lines of a text that is not justified end up to a character before it."""
    ends = sorted((line.x1, line.size) for line in column)
    together = _shared([end for end, _ in ends], max)
    nearly = [b for (a, size), (b, _) in itertools.pairwise(ends) if b - a < 1.6 * size and b - together > 2 * size]
    return max(nearly, default=together)


def _shared(places: Sequence[float], outermost: Callable[[list[float]], float]) -> float:
    """The outermost place at which two or more of the lines begin, or end; the outermost of all where none do."""
    if len(places) < 6:
        return outermost(list(places))
    shared = [a for a in places if sum(abs(a - b) < 4 for b in places) > 1]
    return outermost(shared or list(places))
