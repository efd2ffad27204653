"""Sheets as .csv: a line per row, its document and section in columns of their own; UTF-8 with BOM, which Excel needs."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from index.exporting.sheet import Cell, Dated, Linked, Paper, Sheet, clean, shown, would_run


def delimited(sheets: Sequence[Sheet], paper: Paper, app: str) -> tuple[bytes, tuple[str, ...]]:
    """The bytes of the file; several sheets come one below the other, each with its name in the first column."""
    target = io.StringIO()
    writer = csv.writer(target)
    several = len(sheets) > 1
    for number, sheet in enumerate(sheets):
        if number:
            writer.writerow([])
        for line in _lines(sheet):
            writer.writerow([*([kept(sheet.name)] if several else []), *line])
    return f"\ufeff{target.getvalue()}".encode(), ()


def _lines(sheet: Sheet) -> list[list[Cell]]:
    first, *rest = [column.name for column in sheet.columns]
    added = ["文件", "章节"] if sheet.sectioned else []
    found: list[list[Cell]] = [[kept(name) for name in (first, *added, *rest)]]
    for line in sheet.lines:
        if not (line.heading or line.total):
            cells = [kept(cell) for cell in line.cells]
            place = [kept(line.document), kept(line.section)] if sheet.sectioned else []
            found.append([cells[0], *place, *cells[1:]])
    return found


def kept(cell: Cell) -> Cell:
    """A text that a spreadsheet would run gets an apostrophe before it; numbers stay numbers."""
    if isinstance(cell, (int, float)):
        return cell
    raw = shown(cell) if isinstance(cell, (Dated, Linked)) else cell
    text = clean(raw)
    return f"'{text}" if would_run(text) or raw.startswith(("\t", "\r", "\n")) else text
