"""A `Sheet` as an .xlsx workbook that can be printed as it is: A3 across, heads repeated, every row as high as its text."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

from index.sheet import Column, Line, Sheet, clean
from index.terminal import width

LONGEST = 32_767
"""Characters of Excel's longest cell."""

HIGHEST = 409.0
"""Points of Excel's highest row."""

LINE = 15.4
"""Points that a line of text takes at `SIZE`, in the font that replaces 宋体 where there is none, too."""

SIZE, FONT = 10.5, "宋体"
_CUT = "……（余下 {} 字未列出：超过 Excel 单元格 32,767 字的上限，请看原文）"
_FORMULA = tuple("=+-@＝＋－＠")


def workbook(sheet: Sheet) -> tuple[bytes, tuple[str, ...]]:
    """The bytes of the workbook, and what the reader must be told (a cell that Excel cannot hold whole)."""
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties(
        {
            "title": clean(sheet.head.title),
            "created": datetime.combine(sheet.head.exported, time(), UTC).replace(tzinfo=None),
        }
    )
    page = book.add_worksheet("任务分工表")
    notes = _Writer(book, page, sheet).write()
    book.close()
    return target.getvalue(), notes


class _Writer:
    def __init__(self, book: Any, page: Any, sheet: Sheet) -> None:
        self.page, self.sheet = page, sheet
        self.notes: list[str] = []
        self.widths = _widths(sheet)
        base = {"font_name": FONT, "font_size": SIZE, "valign": "vcenter", "text_wrap": True}
        box = {**base, "border": 1, "border_color": "#8C96A3"}
        strong = {"bold": True, "bg_color": "#E8EDF3"}
        looks = {
            "title": {**base, "font_name": "黑体", "font_size": 18, "align": "center"},
            "fact": base,
            "head": {**box, **strong, "align": "center"},
            "heading": {**box, **strong, "bg_color": "#F4F6F9"},
            "text": box,
            "middle": {**box, "align": "center"},
            "total": {**box, **strong, "align": "center"},
        }
        self.formats = {name: book.add_format(look) for name, look in looks.items()}
        self.quoted = {name: book.add_format({**look, "quote_prefix": True}) for name, look in looks.items()}

    def write(self) -> tuple[str, ...]:
        head = self.sheet.head
        last = len(self.sheet.columns) - 1
        facts = [*head.lines(), *([f"图例：{self.sheet.legend}"] if self.sheet.legend else [])]
        self._across(0, head.title, "title", 30.0)
        for row, fact in enumerate(facts, 1):
            self._across(row, fact, "fact")
        top = len(facts) + 1
        self._row(top, Line(tuple(column.name for column in self.sheet.columns)), "head")
        for row, line in enumerate(self.sheet.lines, top + 1):
            if line.heading:
                self._across(row, str(line.cells[0]), "heading")
            else:
                self._row(row, line, "total" if line.total else "")
        self._set_up(top, top + len(self.sheet.lines), last)
        return tuple(self.notes)

    def _set_up(self, top: int, bottom: int, last: int) -> None:
        page = self.page
        for number, size in enumerate(self.widths):
            page.set_column(number, number, size)
        end = bottom - 1 if self.sheet.lines and self.sheet.lines[-1].total else bottom
        page.autofilter(top, 0, end, last)
        page.freeze_panes(top + 1, self.sheet.frozen)
        page.repeat_rows(top)
        page.set_landscape()
        page.set_paper(8)  # A3
        page.fit_to_pages(1, 0)
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.set_footer("&C第 &P 页，共 &N 页")
        page.print_area(0, 0, bottom, last)

    def _across(self, row: int, text: str, look: str, height: float | None = None) -> None:
        """One text across all columns."""
        text = self._text(row, text)
        self.page.merge_range(row, 0, row, len(self.widths) - 1, "", self.formats[look])
        self.page.write_string(row, 0, text, self._look(look, text))
        self.page.set_row(row, height or _height([(text, sum(self.widths))]))

    def _row(self, row: int, line: Line, look: str) -> None:
        texts = []
        for number, (cell, column) in enumerate(zip(line.cells, self.sheet.columns, strict=True)):
            style = look or ("middle" if column.middle else "text")
            if isinstance(cell, int):
                self.page.write_number(row, number, cell, self.formats[style])
                continue
            text = self._text(row, cell, column)
            if text:
                self.page.write_string(row, number, text, self._look(style, text))
            else:
                self.page.write_blank(row, number, None, self.formats[style])
            texts.append((text, self.widths[number]))
        self.page.set_row(row, max(_height(texts), 20.0))

    def _look(self, style: str, text: str) -> Any:
        """Marked as text where a spreadsheet would take it for a formula on editing."""
        return (self.quoted if text.lstrip().startswith(_FORMULA) else self.formats)[style]

    def _text(self, row: int, text: str, column: Column | None = None) -> str:
        text = clean(text)
        size = _units(text)
        if size <= LONGEST:
            return text
        kept = LONGEST - 60
        while _units(text[:kept]) > LONGEST - 60:
            kept -= (_units(text[:kept]) - (LONGEST - 60) + 1) // 2 or 1
        where = f"“{column.name}”" if column else ""
        self.notes.append(
            f"第 {row + 1} 行{where}有 {size:,} 字，超过 Excel 单元格 {LONGEST:,} 字的上限，只写入前 {kept:,} 字。"
        )
        return text[:kept] + _CUT.format(len(text) - kept)


def _units(text: str) -> int:
    """Characters as Excel counts them: those outside the basic plane count twice."""
    return len(text) + sum(character > "\uffff" for character in text)


def _widths(sheet: Sheet) -> list[float]:
    """The columns' widths; one whose longest text would need a row higher than Excel allows is made wider."""
    widths = []
    most = int(HIGHEST / LINE) - 1
    for number, size in enumerate(map(float, sheet.widths())):
        texts = [clean(str(line.cells[number])) for line in sheet.lines if not line.heading]
        while size < 200 and any(_lines(text, size) > most for text in texts if width(text) > size * most / 2):
            size += 10
        widths.append(size)
    return widths


def _height(texts: Sequence[tuple[str, float]]) -> float:
    """Points of a row that shows all of its texts, each in its column's width."""
    lines = max((_lines(text, size) for text, size in texts), default=1)
    return min(HIGHEST, lines * LINE + 5)


def _lines(text: str, size: float) -> int:
    """Lines that a text takes in a column of `size` half-width characters, a little more rather than less."""
    room = max(4.0, (size - 1.5) * 10 / SIZE)
    return sum(max(1, math.ceil(_span(paragraph) / room)) for paragraph in text.split("\n"))


def _span(text: str) -> float:
    """Width in half-width characters, marks of doubtful width (“ ” — …) counted as full."""
    return width(text) + sum(character in "“”‘’—…·●○" for character in text)
