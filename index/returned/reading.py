"""A filled-in 任务分工表, .xlsx or .csv → its rows, whatever people did to the order of rows and columns."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from corpus.charset import decode
from index.exporting.listing import LEDGER
from index.exporting.sheet import clean, would_run
from index.returned.archive import MAX_BYTES, check
from schemas import UnreadableSource

NAMES = frozenset(column.name for column in LEDGER)
FILLED = ("牵头/责任部门", "配合部门", "完成时限", "备注")
"""The columns that people fill in."""

MAX_ROWS, MAX_COLUMNS = 100_000, 300
"""Rows that say something, and columns that are looked at."""

FORMULA = "\ufdd0"
"""In place of what a cell with a formula says: a sign of no text."""

_ESCAPED = re.compile("_x005F_(?=x[0-9A-Fa-f]{4}_)")


class FileRow(NamedTuple):
    """A row of the file: its sheet (empty in a .csv), its number as the spreadsheet counts, its cells by column."""

    sheet: str
    number: int
    cells: Mapping[str, str]

    def __str__(self) -> str:
        return f"{f'“{self.sheet}”' if self.sheet else ''}第 {self.number} 行"


Raw = tuple[str, int, Sequence[str]]
"""Sheet, number of the row, its cells."""


def read(path: Path) -> tuple[FileRow, ...]:
    """The rows below a head that names columns of a 任务分工表, in order; headings and blank rows are left out.

    Raises:
        UnreadableSource: no such file, too large, damaged, not a table of this kind.
    """
    file = path.name
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UnreadableSource(file, f"文件有 {size >> 20} MB，超过上限 {MAX_BYTES >> 20} MB", "请确认选对了文件。")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableSource(file, f"不能读取：{error.strerror or error}", "请检查文件名和读取权限。") from error
    ending = path.suffix.lower()
    if ending not in (".xlsx", ".xlsm", ".csv"):
        raise UnreadableSource(
            file, f"不能读回 {ending or '没有结尾的'} 文件", "请用 .xlsx 或 .csv；其他格式请先另存。"
        )
    found = tuple(_rows(_delimited(data, file) if ending == ".csv" else _workbook(data, file), file))
    if not found:
        raise UnreadableSource(
            file,
            "没有找到任务分工表：没有一行同时写着“重点任务”和“牵头/责任部门”等列名",
            "请用 policytrace matrix 导出的清单、台账或部门表，保留表头那一行；任务×部门的矩阵不能读回。",
        )
    return found


def _rows(raw: Iterable[Raw], file: str) -> Iterator[FileRow]:
    columns: dict[str, int] = {}
    now, count = None, 0
    for sheet, number, cells in raw:
        if sheet != now:
            now, columns = sheet, {}
        head = _head(cells)
        if head:
            columns = head
            continue
        if not columns or not any(cells):
            continue
        row = FileRow(sheet, number, {name: cells[at] for name, at in columns.items() if at < len(cells)})
        if not any(row.cells.get(name) for name in ("重点任务", "主要内容", *FILLED, "出处", "编号")):
            continue  # a heading
        count += 1
        if count > MAX_ROWS:
            raise UnreadableSource(file, f"超过 {MAX_ROWS:,} 行", "请按文件分开导出、分开导入。")
        yield row


def _head(cells: Sequence[str]) -> dict[str, int]:
    """Where each column stands, if this row names columns; of two of one name the first counts."""
    if "重点任务" not in cells or not set(FILLED) & set(cells):
        return {}
    found: dict[str, int] = {}
    for at, name in enumerate(cells):
        if name in NAMES:
            found.setdefault(name, at)
    return found


def _delimited(data: bytes, file: str) -> Iterator[Raw]:
    text = decode(data, file)
    first = text.split("\n", 1)[0]
    separator = max(",\t;", key=first.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        for number, cells in enumerate(reader, 1):
            yield "", number, [_unquoted(clean(cell).strip()) for cell in cells[:MAX_COLUMNS]]
    except csv.Error as error:
        raise UnreadableSource(file, f"不是完好的 .csv：{error}", "请用 Excel 或 WPS 另存为 .xlsx 再导入。") from error


def _unquoted(text: str) -> str:
    """The text without the apostrophe that keeps a spreadsheet from running it."""
    return text[1:] if text.startswith("'") and would_run(text[1:]) else text


def _workbook(data: bytes, file: str) -> Iterator[Raw]:
    import openpyxl

    check(data, file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of openpyxl, on parts of other programs that it does not keep
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # what the file claims to hold is not believed
                for number, cells in enumerate(sheet.iter_rows(), 1):
                    if any(cell.value is not None for cell in cells):
                        yield sheet.title, number, [_text(cell) for cell in cells[:MAX_COLUMNS]]
    except UnreadableSource:
        raise
    except Exception as error:  # openpyxl lets whatever a damaged file makes it stumble over through
        raise UnreadableSource(
            file, f"不能读懂这个工作簿（{type(error).__name__}）", "请用 Excel 或 WPS 打开并另存为 .xlsx。"
        ) from error


def _text(cell: Any) -> str:
    """What the cell shows."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in ("f", "e"):
        return FORMULA
    if isinstance(value, (datetime, date)):
        return day_text(value, cell.number_format)
    if isinstance(value, float):
        return f"{value:.10g}"
    return clean(_ESCAPED.sub("_", str(value))).strip()


def day_text(day: date, pattern: str) -> str:
    """A day as a number format shows it; what the format leaves out (the day in 2025年6月) is left out.

    >>> day_text(date(2025, 6, 30), 'yyyy"年"m"月"d"日前"')
    '2025年6月30日前'
    """
    plain = re.sub(r"\\(.)|\[[^\]]*\]|;.*$", lambda found: found[1] or "", pattern).replace('"', "").lower()
    if "年" in plain and "y" in plain:
        shown = re.sub("y+", str(day.year), plain)
        shown = re.sub(
            "m+", lambda found: f"{day.month:0{len(found[0])}}" if len(found[0]) < 3 else str(day.month), shown
        )
        return re.sub("d+", lambda found: f"{day.day:0{min(len(found[0]), 2)}}", shown).strip()
    if "y" in plain and "m" in plain and "d" not in plain:
        return f"{day.year}年{day.month}月"
    if "-" in plain and plain.startswith("yyyy-mm-dd"):
        return f"{day:%Y-%m-%d}"
    return f"{day.year}年{day.month}月{day.day}日"
