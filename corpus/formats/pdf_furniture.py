"""What is printed on the page but not in the text: running heads and feet, page numbers, large words behind the text."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.formats.pdf_glyphs import Glyph
from corpus.formats.pdf_lines import rows
from corpus.furniture import is_page_number
from corpus.joining import is_label_line
from corpus.numbering import read_marker

MARGIN = 0.13
"""Share of the page's height, at the top and at the bottom, in which heads, feet and page numbers stand."""
_NUMBER = re.compile(r"\s*[·•|一—–-]?\s*(?P<n>\d{1,4})\s*[·•|一—–-]?\s*")
_SENTENCE = re.compile(r"[。；：！？，、]\s*$")


@dataclass
class PageBody:
    """The glyphs of a page that are text, and what was taken off: (what, as printed)."""

    glyphs: list[Glyph]
    removed: list[tuple[str, str]]


def without_furniture(pages: Sequence[tuple[Sequence[Glyph], float]]) -> list[PageBody]:
    """The pages, each with its height, without what is no text."""
    stamped = _stamps([glyphs for glyphs, _ in pages])
    bodies = []
    for glyphs, _ in pages:
        gone = [g for g in glyphs if _stamp(g) in stamped] if stamped else []
        kept = [g for g in glyphs if _stamp(g) not in stamped] if stamped else list(glyphs)
        bodies.append(PageBody(kept, [("水印", "".join(g.text for g in gone))] if gone else []))
    edges = [_edges(body.glyphs, height) for body, (_, height) in zip(bodies, pages, strict=True)]
    repeated, counted = _repeated(edges), _counted(edges)
    for number, (body, page) in enumerate(zip(bodies, edges, strict=True)):
        taken: set[int] = set()
        for key, row in page:
            text = _text(row)
            is_number = is_page_number(text) or _bare(text) - number in counted
            what = "页码" if is_number else "页眉或页脚" if key in repeated else None
            if what:
                taken.update(map(id, row))
                body.removed.append((what, text.strip()))
        if taken:
            body.glyphs = [g for g in body.glyphs if id(g) not in taken]
    return bodies


Key = tuple[str, int]


def _edges(glyphs: Sequence[Glyph], height: float) -> list[tuple[Key, list[Glyph]]]:
    """The outermost three rows in each margin, with what they look like."""
    found = [row for row in rows(glyphs) if not all(g.text.isspace() for g in row)]
    upper = [row for row in found[:3] if row[0].bottom < MARGIN * height]
    lower = [row for row in found[-3:] if row[0].top > (1 - MARGIN) * height]
    return [(_key(row), row) for row in [*upper, *(r for r in lower if r not in upper)]]


def _key(row: Sequence[Glyph]) -> Key:
    return re.sub(r"\d+|\s+", lambda m: "#" if m.group().strip() else "", _text(row)), round(row[0].top / 4)


def _text(row: Sequence[Glyph]) -> str:
    return "".join(glyph.text for glyph in row)


def _bare(text: str) -> float:
    """The value of a line that holds nothing but a number, else not a number."""
    match = _NUMBER.fullmatch(text)
    return int(match["n"]) if match and match["n"] else float("nan")


def _counted(edges: Sequence[Sequence[tuple[Key, list[Glyph]]]]) -> set[float]:
    """What the numbers in the margins are ahead of the pages by, where two pages or more agree."""
    ahead = Counter(_bare(_text(row)) - number for number, page in enumerate(edges) for _, row in page)
    return {one for one, count in ahead.items() if count >= 2 and one == one}


def _repeated(edges: Sequence[Sequence[tuple[Key, list[Glyph]]]]) -> set[Key]:
    """Rows that come back at the same height on two pages or more, and end no sentence."""
    places: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for page in edges:
        for text, height in {key for key, _ in page}:
            places[text][height] += 1
    found: set[Key] = set()
    for text, heights in places.items():
        if len(text) < 2 or _SENTENCE.search(text) or read_marker(text) or is_label_line(text):
            continue
        for height in heights:
            near = range(height - 1, height + 2)
            if sum(heights[h] for h in near) >= 2:
                found.add((text, height))
    return found


def _stamp(glyph: Glyph) -> tuple[str, int, int]:
    return glyph.text, round(glyph.x0 / 2), round(glyph.top / 2)


def _stamps(pages: Sequence[Sequence[Glyph]]) -> set[tuple[str, int, int]]:
    """Letters far larger than the text, in the same place on half of the pages or more."""
    sizes = Counter(round(g.size) for page in pages for g in page)
    if len(pages) < 2 or not sizes:
        return set()
    usual = sizes.most_common(1)[0][0]
    counts = Counter(key for page in pages for key in {_stamp(g) for g in page if g.size > 1.5 * usual})
    return {key for key, count in counts.items() if count >= max(2, len(pages) / 2)}
