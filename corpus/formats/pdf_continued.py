"""Tables that go on on the next page: rows that the page's end cuts, and what merged cells say there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.formats.pdf_glyphs import Glyph
from corpus.formats.pdf_tables import Cell, Grid

_NUMBER = re.compile(r"序\s*号|编\s*号|项\s*号|№|No\.?", re.IGNORECASE)
_COUNTS = re.compile(r"[\s(（]*[\d一二三四五六七八九十百]+[\s)）.．、]*")
_ENDS = re.compile(r"[。；！？]\s*[”’）)】]?\s*$")


def join_cut_row(before: Grid, after: Grid, page: int) -> None:
    """Put the rest of a row that the end of ``page`` cuts into the row that it is part of.

    The rest goes on what the row says, counts no row of its own, and leaves empty what was all said before: it goes on in
    the middle of a sentence, or says nothing beside its text.
    """
    if not _same_columns(before, after):
        return
    row = _first_row(before, after)
    if row is None:
        return
    last = before.row_numbers()[-1]
    pairs = [(before.at(last, c), after.at(row, c)) for c in range(after.columns)]
    rest = [(old, new) for c, (old, new) in enumerate(pairs) if old and new and new.text and new.first_column == c]
    said = sum(1 for c, (_, new) in enumerate(pairs) if new and new.text and new.first_column == c)
    if not rest or len(rest) < said or not all(old.text and _same_width(old, new) for old, new in rest):
        return
    if _is_cut(before, pairs, rest):
        for old, new in rest:
            old.glyphs = [*old.glyphs, *_of_page(new.glyphs, page + 1)]
            new.glyphs = []


def _same_width(old: Cell, new: Cell) -> bool:
    """Whether both cells are of the same columns; a heading over all columns is no rest of a cell."""
    return (old.first_column, old.last_column) == (new.first_column, new.last_column)


def _is_cut(before: Grid, pairs: Sequence[tuple[Cell | None, Cell | None]], rest: Sequence[tuple[Cell, Cell]]) -> bool:
    if any(old and new and _follows(old.text, new.text) for old, new in pairs):
        return False  # a row with a number of its own, whatever its first cell
    said = [(old.text, new.text if new else "") for old, new in pairs if old and old.text]
    goes_on = any(not _ENDS.search(old.text) and len(old.text) > 3 for old, _ in rest)
    if _NUMBER.search(_said(before, before.row_numbers()[0], 0)) or _COUNTS.fullmatch(said[0][0]):
        return not said[0][1] and (goes_on or len(rest) == 1)
    return goes_on and any(not new for _, new in said)


def _follows(old: str, new: str) -> bool:
    """Whether both are numbers and the second comes next."""
    return old.strip().isdecimal() and new.strip().isdecimal() and int(new) == int(old) + 1


def carry_on(before: Grid, after: Grid, page: int) -> None:
    """A table that goes on on the next page: what its merged cells say there is what they said before.

    The text of a cell that the page break cuts is printed on one of the pages only.
    """
    row = _first_row(before, after) if _same_columns(before, after) else None
    last = before.row_numbers()[-1]
    if row is not None:
        for column in range(after.columns):
            old, new = before.at(last, column), after.at(row, column)
            if not old or not new or old.first_column != new.first_column or new.first_column != column:
                continue
            cut = old.last_row > old.first_row or new.last_row > new.first_row
            if cut and not new.text and old.text:
                new.glyphs = _of_page(old.glyphs, page)
            elif cut and new.text and not old.text and old.last_row > old.first_row:
                old.glyphs = _of_page(new.glyphs, page + 1)


def _same_columns(before: Grid, after: Grid) -> bool:
    return len(before.xs) == len(after.xs) and all(abs(a - b) <= 6 for a, b in zip(before.xs, after.xs, strict=True))


def _first_row(before: Grid, after: Grid) -> int | None:
    """The first row that is not the head printed again."""
    head = [_said(before, before.row_numbers()[0], column) for column in range(before.columns)]
    for row in after.row_numbers():
        said = [_said(after, row, column) for column in range(after.columns)]
        if said != head and any(said):
            return row
    return None


def _of_page(glyphs: Sequence[Glyph], page: int) -> list[Glyph]:
    return [g._replace(box=g.box._replace(page=g.box.page or page)) if g.box else g for g in glyphs]


def _said(grid: Grid, row: int, column: int) -> str:
    cell = grid.at(row, column)
    return cell.text if cell else ""
