"""Footnotes: small lines at the foot of a page that a mark in the text calls for. They are no part of the text."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from typing import NamedTuple

from corpus.formats.pdf_glyphs import Glyph
from corpus.formats.pdf_lines import line_of, pieces, rows
from corpus.formats.pdf_tables import Grid

SMALLER = 0.88
"""Of the size of the text, that of its notes at most (三号 with 小四 or 五号 below it)."""
RAISED = 0.8
"""Of the size of the text, that of a raised mark at most."""
LARGEST = 0.4
"""Share of a page's height that its notes take at most."""
_MARK = re.compile(r"\s*(?:(?P<round>[①-⑳])|[\[〔【(（]?(?P<number>\d{1,2})[\]〕】)）]?(?!\d))\s*")


class Footnote(NamedTuple):
    """A note: its mark, and its text."""

    mark: str
    text: str


def usual_size(pages: Sequence[Sequence[Glyph]]) -> float:
    """The size of most letters of a document; 0 where there are none, or where they were recognised in pictures."""
    sizes = [round(g.size) for page in pages for g in page if not g.text.isspace() and not g.font.startswith("ocr:")]
    return float(statistics.mode(sizes)) if sizes else 0.0


def without_footnotes(
    glyphs: Sequence[Glyph], height: float, usual: float, tables: Sequence[Grid]
) -> tuple[Sequence[Glyph], list[Footnote]]:
    """The page without its notes and the raised marks that call for them, and the notes.

    A note opens with a mark that stands in the text above, and is set smaller. What stands in a table is none.
    """
    start = (1 - LARGEST) * height
    foot = [row for row in rows(glyphs) if not all(g.text.isspace() for g in row)]
    first = next((n for n, row in reversed(list(enumerate(foot))) if not _is_small(row, usual, start, tables)), -1) + 1
    body = [g for row in foot[:first] for g in row]
    opened = [n for n in range(first, len(foot)) if _called(_mark(foot[n]), body, usual)]
    if not body or not opened:
        return glyphs, []
    notes = []
    for begin, end in zip(opened, [*opened[1:], len(foot)], strict=True):
        text = "".join(line_of(row).text.strip() for row in foot[begin:end])
        notes.append(Footnote(_mark(foot[begin]), _MARK.sub("", text, count=1)))
    gone = {id(g) for row in foot[opened[0] :] for g in row}
    gone |= {id(g) for g in body if g.text in "".join(note.mark for note in notes) and _is_raised(g, usual)}
    return [g for g in glyphs if id(g) not in gone], notes


def _is_small(row: Sequence[Glyph], usual: float, start: float, tables: Sequence[Grid]) -> bool:
    """Whether the row may be one of a note: small, low on the page, of one piece, in no table."""
    solid = [g for g in row if not g.text.isspace()]
    inside = any(t.ys[0] <= solid[0].middle <= t.ys[-1] and t.xs[0] <= solid[0].x0 <= t.xs[-1] for t in tables)
    size = statistics.median(g.size for g in solid)
    return size <= SMALLER * usual and solid[0].top >= start and not inside and len(list(pieces(row))) <= 2


def _mark(row: Sequence[Glyph]) -> str:
    found = _MARK.match("".join(g.text for g in row))
    return (found["round"] or found["number"]) if found else ""


def _called(mark: str, body: Sequence[Glyph], usual: float) -> bool:
    """Whether the text above calls for the note: by its ①, or by its number, raised."""
    if not mark.isdigit() or not mark.isascii():
        return bool(mark) and any(g.text == mark for g in body)
    raised = "".join(g.text if _is_raised(g, usual) else " " for g in body)
    return re.search(rf"(?<!\d){mark}(?!\d)", raised) is not None


def _is_raised(glyph: Glyph, usual: float) -> bool:
    return glyph.size <= RAISED * usual
