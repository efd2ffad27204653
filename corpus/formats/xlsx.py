"""Excel workbooks (.xlsx): the visible sheets as tables, merged cells filled in, numbers and dates as printed.

Read from the parts themselves and not through openpyxl, which writes out every cell of a merged area: a hostile file
merges all 17 billion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from openpyxl.utils.cell import column_index_from_string

from corpus.formats.lines import Lines, table
from corpus.formats.ooxml import Package, R, S
from corpus.formats.xlsx_numbers import code_of, shown
from corpus.printed import Printed
from schemas import UnreadableSource

MAX_CELLS = 1_000_000
MAX_COLUMNS = 256
"""Columns of a sheet that are read; no table of tasks is that wide."""
_HAN = re.compile("[\u3400-\u9fff]")
_PLAIN_NAME = re.compile(r"(?:sheet|工作表|表)\s*\d*", re.IGNORECASE)


def read(data: bytes, file: str) -> Printed:
    """The rows of all visible sheets. Raises ``UnreadableSource``."""
    book = _Book(Package(data, file))
    lines = Lines()
    sheets = [(name, sheet) for name, sheet in book.sheets(lines) if sheet.cells]
    for name, sheet in sheets:
        if len(sheets) > 1 and not _PLAIN_NAME.fullmatch(name.strip()):
            lines.add(name)
        if sheet.hidden:
            lines.note(f"工作表“{name}”有隐藏的行或列 {sheet.hidden} 处，已一并读取，请核对")
        if sheet.uncounted:
            lines.note(f"工作表“{name}”有 {sheet.uncounted} 个公式没有存下结果，读不出来", "", None, "unread_part")
        table(lines, sheet.rows())
    printed = lines.printed("xlsx")
    if not _HAN.search(printed.text):
        raise UnreadableSource(file, "工作簿里没有一个汉字，不像任务分工表", "请确认选对了文件，表格是否被隐藏。")
    return printed


@dataclass
class _Sheet:
    """The cells of a sheet by row and column (from 1), and its merged areas (first row, first column, last row, last column)."""

    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: int = 0
    uncounted: int = 0

    def rows(self) -> Iterator[list[str]]:
        """The rows that hold something, without empty columns; a cell merged downwards is repeated in each row."""
        filled = dict(self.cells)
        used = sorted({row for row, _ in self.cells})
        for top, left, bottom, _ in self.merged:
            text = self.cells.get((top, left), "")
            if text:
                filled.update(
                    {(row, left): text for row in used if top < row <= bottom and not filled.get((row, left))}
                )
        columns = sorted({column for (_, column), text in self.cells.items() if text.strip()})
        for row in used:
            yield [filled.get((row, column), "") for column in columns]


class _Book:
    """A workbook: its strings, formats and sheets."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._main = package.main_part("xl/workbook.xml")
        self._root = package.xml(self._main)
        self._strings = [_text(one) for one in self._items("sharedStrings", "si")]
        self._formats = self._number_formats()
        properties = self._root.find(f"{S}workbookPr")
        self._mac = properties is not None and properties.get("date1904") in ("1", "true")

    def sheets(self, lines: Lines) -> Iterator[tuple[str, _Sheet]]:
        """Name and cells of each visible sheet; hidden ones are told."""
        left = MAX_CELLS
        for one in self._root.iter(f"{S}sheet"):
            name, part = one.get("name", ""), self._package.target(self._main, one.get(f"{R}id"))
            if part is None or "chartsheet" in part or "dialogsheet" in part:
                continue
            if one.get("state", "visible") != "visible":
                lines.note(f"工作表“{name}”是隐藏的，没有读取", name, 0)
                continue
            sheet = self._sheet(part, left)
            left -= len(sheet.cells)
            yield name, sheet

    def _items(self, kind: str, name: str) -> Iterator[etree._Element]:
        part = next(self._package.related(self._main, kind), None)
        return self._package.xml(part).iter(S + name) if part else iter(())

    def _number_formats(self) -> list[str]:
        """The format code of each cell style."""
        part = next(self._package.related(self._main, "styles"), None)
        if part is None:
            return []
        root = self._package.xml(part)
        custom = {_whole(f.get("numFmtId")): f.get("formatCode", "") for f in root.iter(f"{S}numFmt")}
        styles = root.find(f"{S}cellXfs")
        return [code_of(_whole(one.get("numFmtId")), custom) for one in (styles if styles is not None else ())]

    def _sheet(self, part: str, most: int) -> _Sheet:
        root = self._package.xml(part)
        sheet = _Sheet()
        sheet.hidden = sum(one.get("hidden") in ("1", "true") for one in root.iter(f"{S}row", f"{S}col"))
        row_number = 0
        for row in root.iter(f"{S}row"):
            row_number = _whole(row.get("r")) or row_number + 1
            column = 0
            for cell in row.iterchildren(f"{S}c"):
                column = _column(cell.get("r")) or column + 1
                text = self._shown(cell, sheet) if column <= MAX_COLUMNS else ""
                if text:
                    sheet.cells[row_number, column] = text
                if len(sheet.cells) > most:
                    problem = f"工作簿有超过 {MAX_CELLS:,} 个单元格，不像任务分工表"
                    raise UnreadableSource(self._package.file, problem, "请只保留需要的工作表，另存后再添加。")
        for area in root.iter(f"{S}mergeCell"):
            if found := _area(area.get("ref", "")):
                sheet.merged.append(found)
        return sheet

    def _shown(self, cell: etree._Element, sheet: _Sheet) -> str:
        """What a cell shows."""
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _text(cell)
        value = cell.findtext(f"{S}v")
        if value is None:
            sheet.uncounted += cell.find(f"{S}f") is not None
            return ""
        if kind == "s":
            number = _whole(value)
            return self._strings[number] if number < len(self._strings) else ""
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind == "n":
            style = _whole(cell.get("s"))
            return shown(value, self._formats[style] if style < len(self._formats) else "General", self._mac)
        return str(value)


def _text(element: etree._Element) -> str:
    """The text of a string, its runs joined, without the reading aids of Japanese and Chinese (rPh)."""
    text = "".join(t.text or "" for t in element.iter(f"{S}t") if t.getparent().tag != f"{S}rPh")
    return re.sub("_x000[dD]_", "", text).replace("\r\n", "\n").strip()


def _whole(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,9}", text) else 0


def _column(reference: str | None) -> int:
    """The number of a cell's column, 0 where it has none."""
    letters = re.match(r"[A-Z]{1,3}", reference or "")
    try:
        return int(column_index_from_string(letters.group())) if letters else 0
    except ValueError:
        return 0


def _area(reference: str) -> tuple[int, int, int, int] | None:
    match = re.fullmatch(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})", reference)
    if not match:
        return None
    left, right = (_column(match.group(k)) for k in (1, 3))
    return (int(match.group(2)), left, int(match.group(4)), right) if left and right else None
