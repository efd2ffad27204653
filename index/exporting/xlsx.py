"""Sheets as an .xlsx workbook that can be printed as it is: A3 or A4 across, heads repeated, every row as high as its text.

Rows go to the disk as they are written (``constant_memory``), so that 20,000 tasks take little room.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from datetime import UTC, datetime, time
from tempfile import TemporaryDirectory
from typing import Any

from index.exporting.measure import HIGHEST, height, lines, units, widths
from index.exporting.sheet import Cell, Column, Dated, Line, Linked, Paper, Sheet, address, clean, shown, would_run

LONGEST = 32_767
"""Characters of Excel's longest cell."""

MOST_LINKS, LONGEST_LINK = 65_000, 2_000
"""Links of a sheet, and characters of a link, that Excel takes (65,530 and 2,079)."""

SIZE, FONT, BLUE = 10.5, "宋体", "#1F4E79"
PAPER = {"A3": (8, 1500), "A4": (9, 1040)}
"""Number of a paper in Excel, and pixels across it between the margins, at full size."""

SMALLEST = 0.55
"""The scale below which print cannot be read: a wider table goes over several pages side by side."""

_CUT = "……（余下 {} 字未列出：超过 Excel 单元格 32,767 字的上限，请看原文）"


def workbook(sheets: Sequence[Sheet], paper: Paper, app: str) -> tuple[bytes, tuple[str, ...]]:
    """The bytes of the workbook, and what the reader must be told (a cell that Excel cannot hold whole)."""
    import xlsxwriter

    target, title = io.BytesIO(), sheets[0].head
    created = datetime.combine(title.exported, time(), UTC).replace(tzinfo=None)
    notes: list[str] = []
    with TemporaryDirectory(prefix="policytrace-") as folder:
        book = xlsxwriter.Workbook(target, {"constant_memory": True, "tmpdir": folder})
        book.set_properties({"title": clean(title.title)[:250], "created": created})
        looks = _Looks(book)
        for sheet in sheets:
            notes += _Page(book.add_worksheet(sheet.name), sheet, looks, paper, app).write()
        book.close()
    return target.getvalue(), tuple(notes)


class _Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        base = {"font_name": FONT, "font_size": SIZE, "valign": "vcenter", "text_wrap": True}
        box = {**base, "border": 1, "border_color": "#8C96A3"}
        strong = {"bold": True, "bg_color": "#E8EDF3"}
        self.book, self.made = book, {}  # type: tuple[Any, dict[tuple[str, bool, str], Any]]
        self.looks: dict[str, dict[str, Any]] = {
            "title": {**base, "font_name": "黑体", "font_size": 18, "align": "center"},
            "fact": base,
            "head": {**box, **strong, "align": "center"},
            "upright": {**box, **strong, "align": "center", "rotation": 270},
            "heading": {**box, **strong, "bg_color": "#F4F6F9"},
            "text": box,
            "middle": {**box, "align": "center"},
            "link": {**box, "font_color": BLUE},
            "middle link": {**box, "font_color": BLUE, "align": "center"},
            "total": {**box, **strong, "align": "center"},
        }

    def __call__(self, name: str, quoted: bool = False, pattern: str = "") -> Any:
        """`quoted` marks a text that a spreadsheet would take for a formula when it is edited; `pattern` shows a number."""
        key = (name, quoted, pattern)
        if key not in self.made:
            more: dict[str, Any] = {"quote_prefix": True} if quoted else {}
            more |= {"num_format": pattern} if pattern else {}
            self.made[key] = self.book.add_format({**self.looks[name], **more})
        return self.made[key]


class _Page:
    """One sheet while it is written, from top to bottom."""

    def __init__(self, page: Any, sheet: Sheet, looks: _Looks, paper: Paper, app: str) -> None:
        self.page, self.sheet, self.looks, self.paper, self.app = page, sheet, looks, paper, app
        self.widths = widths(sheet, paper)
        self.columns = sheet.columns
        self.styles = ["middle" if column.middle else "text" for column in sheet.columns]
        self.plain = {number for number in range(len(self.widths)) if not self._on_one_line(number)}
        self.links, self.squeezed, self.notes = 0, 0, []  # type: tuple[int, int, list[str]]

    def _on_one_line(self, number: int) -> bool:
        """Whether all links of a column stand on one line: in LibreOffice a cell with a link has no second line, so
        that where one is longer, the number of the row leads to the task."""
        cells = (line.cells[number] for line in self.sheet.lines if not line.heading)
        return all(lines(clean(cell.text), self.widths[number]) == 1 for cell in cells if isinstance(cell, Linked))

    def write(self) -> list[str]:
        head, sheet = self.sheet.head, self.sheet
        facts = [*head.lines(), *([sheet.legend] if sheet.legend else [])]
        top = len(facts) + 1
        self._set_up(top, top + len(sheet.lines))
        self._across(0, head.title, "title", 30.0)
        for row, fact in enumerate(facts, 1):
            self._across(row, fact, "fact")
        self._names(top)
        for row, line in enumerate(sheet.lines, top + 1):
            if line.heading:
                self._across(row, shown(line.cells[0]), "heading")
            else:
                self._row(row, line)
        return self._told()

    def _told(self) -> list[str]:
        if self.squeezed:
            self.notes.append(
                f"“{self.sheet.name}”有 {self.squeezed} 行的文字超过 Excel 的最大行高，打印时看不全；请改用 .docx 或 .html。"
            )
        if self.links > MOST_LINKS:
            self.notes.append(f"“{self.sheet.name}”的链接超过 Excel 的上限，第 {MOST_LINKS:,} 个以后只写文字。")
        return self.notes

    def _set_up(self, top: int, bottom: int) -> None:
        page, sheet, last = self.page, self.sheet, self.sheet.seen - 1
        for number, size in enumerate(self.widths):
            page.set_column(number, number, size)
        for number, column in enumerate(sheet.columns[sheet.seen :], sheet.seen):
            page.set_column(number, number, column.width, None, {"hidden": True})
        end = bottom - 1 if sheet.lines and sheet.lines[-1].total else bottom
        page.autofilter(top, 0, end, len(sheet.columns) - 1)
        page.freeze_panes(top + 1, sheet.frozen)
        page.repeat_rows(top)
        page.set_landscape()
        number, across = PAPER[self.paper]
        page.set_paper(number)
        page.center_horizontally()
        pages = math.ceil(sum(size * 7 + 5 for size in self.widths) * SMALLEST / across)
        page.fit_to_pages(pages, 0)
        if pages > 1 and sheet.frozen:
            page.repeat_columns(0, sheet.frozen - 1)
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.set_footer("&C第 &P 页，共 &N 页")
        page.print_area(0, 0, bottom, last)

    def _names(self, row: int) -> None:
        """The head of the table."""
        texts = []
        for number, column in enumerate(self.columns):
            text = self._fitted(row, column.name, column)
            self._text(row, number, text, "upright" if column.upright else "head")
            if number < len(self.widths):
                texts.append(("\n".join(text) if column.upright else text, self.widths[number]))
        self.page.set_row(row, max(height(texts), 24.0))

    def _across(self, row: int, text: str, look: str, high: float | None = None) -> None:
        """One text across all columns that are seen."""
        text = self._fitted(row, text)
        last = self.sheet.seen - 1
        if last:
            self.page.merge_range(row, 0, row, last, "", self.looks(look))
        self._text(row, 0, text, look)
        self.page.set_row(row, high or height([(text, sum(self.widths))]))

    def _row(self, row: int, line: Line) -> None:
        texts = []
        seen = len(self.widths)
        goal = next((line.cells[number] for number in self.plain if isinstance(line.cells[number], Linked)), None)
        if isinstance(goal, Linked) and isinstance(line.cells[0], int):
            self._led(row, 0, goal, self.looks("middle link"), str(line.cells[0]))
        for number, cell in enumerate(line.cells):
            text = self._cell(row, number, cell, "total" if line.total else self.styles[number])
            if number < seen and text:
                texts.append((text, self.widths[number]))
        high = max(height(texts), 20.0)
        self.squeezed += high > HIGHEST
        self.page.set_row(row, min(high, HIGHEST))

    def _cell(self, row: int, number: int, cell: Cell, look: str) -> str:
        """Writes a cell; gives its text where it may need several lines."""
        column = self.columns[number]
        if isinstance(cell, str):
            text = self._fitted(row, cell, column)
            self._text(row, number, text, look, "@" if column.plain else "")
            return text
        if isinstance(cell, Linked):
            if number in self.plain:
                text = self._fitted(row, cell.text, column)
                self._text(row, number, text, look)
                return text
            return self._link(row, number, cell, look)
        if isinstance(cell, Dated):
            moment = datetime.combine(cell.day, time(), UTC).replace(tzinfo=None)
            self.page.write_datetime(row, number, moment, self.looks(look, pattern=cell.pattern))
            return cell.text
        linked = number == 0 and look != "total" and bool(self.plain)
        self.page.write_number(row, number, cell, self.looks("middle link" if linked else look))
        return ""

    def _link(self, row: int, number: int, cell: Linked, look: str) -> str:
        text = self._fitted(row, cell.text, self.columns[number])
        style = self.looks("middle link" if look == "middle" else "link", would_run(text))
        if not text or not self._led(row, number, cell, style, text):
            self._text(row, number, text, look)
        return text

    def _led(self, row: int, number: int, cell: Linked, style: Any, text: str) -> bool:
        """Writes a link, if Excel takes one more."""
        goal = f"internal:'{cell.sheet}'!A1" if cell.sheet else address(self.app, cell.ref)
        self.links += 1
        if self.links > MOST_LINKS or len(goal) > LONGEST_LINK:
            return False
        self.page.write_url(row, number, goal, style, text)
        return True

    def _text(self, row: int, number: int, text: str, look: str, pattern: str = "") -> None:
        style = self.looks(look, would_run(text), pattern)
        if not text:
            self.page.write_blank(row, number, None, style)
        elif text.startswith("<r>") and text.endswith("</r>"):  # xlsxwriter would write it as markup, unescaped
            self.page.write_rich_string(row, number, text[:1], text[1:3], text[3:], style)
        else:
            self.page.write_string(row, number, text, style)

    def _fitted(self, row: int, text: str, column: Column | None = None) -> str:
        """The text as Excel can hold it; one that it cannot is cut, and that is told."""
        text = clean(text)
        if len(text) * 2 <= LONGEST or units(text) <= LONGEST:
            return text
        kept = LONGEST - 60
        while units(text[:kept]) > LONGEST - 60:
            kept -= (units(text[:kept]) - (LONGEST - 60) + 1) // 2 or 1
        where = f"“{column.name}”" if column else ""
        self.notes.append(
            f"第 {row + 1} 行{where}有 {units(text):,} 字，超过 Excel 单元格 {LONGEST:,} 字的上限，只写入前 {kept:,} 字。"
        )
        return text[:kept] + _CUT.format(len(text) - kept)
