"""Letters that the text layer does not name, filled in from what was recognised in the picture of the page."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from corpus.formats.pdf_glyphs import Glyph
from corpus.formats.pdf_lines import rows
from corpus.garble import LOST


def filled_in(glyphs: Sequence[Glyph], unknown: set[int], seen: Sequence[Glyph]) -> tuple[list[Glyph], int]:
    """The glyphs, with those of the indices ``unknown`` read from ``seen``, and how many were.

    In a row that is mostly known, the unknown letters are what was seen between the known ones; of another row, all is
    what was seen. What was not seen stays lost.
    """
    at = {id(glyph): index for index, glyph in enumerate(glyphs)}
    out: list[Glyph] = []
    count = 0
    for row in rows(glyphs):
        lost = [glyph for glyph in row if at[id(glyph)] in unknown]
        if not lost:
            out += row
            continue
        top, bottom = min(g.top for g in lost) - 3, max(g.bottom for g in lost) + 3
        left, right = row[0].x0 - 8, row[-1].x1 + 8
        there = sorted((g for g in seen if top <= g.middle <= bottom and left <= g.x0 <= right), key=lambda g: g.x0)
        mended = _aligned(row, {id(g) for g in lost}, there) if len(lost) < 0.6 * len(row) else there
        count += sum(1 for glyph in mended if glyph.font.startswith("ocr:"))
        out += mended or [g._replace(text=LOST) for g in row]
    return out, count


def _aligned(row: Sequence[Glyph], lost: set[int], there: Sequence[Glyph]) -> list[Glyph]:
    """The row with its unknown letters as they were seen between the known ones; those not seen are blank."""
    known = [LOST if id(glyph) in lost else glyph.text for glyph in row]
    matcher = SequenceMatcher(None, known, [glyph.text for glyph in there], autojunk=False)
    out: list[Glyph] = []
    for what, a, b, c, d in matcher.get_opcodes():
        here = row[a:b]
        if what == "equal" or not any(id(glyph) in lost for glyph in here):
            out += here
            continue
        place, size, ends = here[0], here[0].size, here[-1]
        run = [g for g in here if id(g) in lost]
        if len(run) == len(here) and c < d:
            width = (ends.x1 - place.x0) / (d - c)
            out += [
                seen._replace(
                    x0=place.x0 + k * width,
                    x1=place.x0 + (k + 1) * width,
                    top=place.top,
                    bottom=place.bottom,
                    size=size,
                )
                for k, seen in enumerate(there[c:d])
            ]
        else:
            out += [g._replace(text=" ") if id(g) in lost else g for g in here]
    return out
