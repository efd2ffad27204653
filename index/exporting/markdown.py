"""Sheets as Markdown that shows every text as it is."""

from __future__ import annotations

import html
from collections.abc import Sequence

from index.exporting.sheet import Cell, Line, Linked, Paper, Sheet, address, clean, shown


def markdown(sheets: Sequence[Sheet], paper: Paper, app: str) -> tuple[bytes, tuple[str, ...]]:
    """The bytes of the file: a heading, the title block and a table for each sheet."""
    return "\n".join(line for sheet in sheets for line in _sheet(sheet, app)).encode(), ()


def _sheet(sheet: Sheet, app: str) -> list[str]:
    head = sheet.head
    facts = [*head.lines(), *([sheet.legend] if sheet.legend else [])]
    names = [plain(column.name) for column in sheet.columns[: sheet.seen]]
    return [
        f"# {plain(head.title)}",
        "",
        *(f"{plain(fact)}  " for fact in facts),
        "",
        _row(names),
        _row(["---"] * sheet.seen),
        *(_line(sheet, line, app) for line in sheet.lines),
        "",
    ]


def _line(sheet: Sheet, line: Line, app: str) -> str:
    if line.heading:
        return _row(["", f"**{plain(line.cells[0])}**", *[""] * (sheet.seen - 2)])
    return _row([_cell(cell, app) for cell in line.cells[: sheet.seen]])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell, app: str) -> str:
    text = plain(cell)
    return f"[{text}](<{address(app, cell.ref)}>)" if isinstance(cell, Linked) and cell.ref else text


def plain(cell: Cell) -> str:
    """A cell as Markdown that shows it as it is."""
    text = html.escape(clean(shown(cell)), quote=False)
    for mark in "\\`*_{}[]#|~$!":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", "<br>")
