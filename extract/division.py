"""任务分工表: tables in which each row is a piece of work with those who answer for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extract.paragraphs import Paragraph
from extract.tables import DIVISION_HEAD, Table

_ITEM = re.compile("任务|内容|措施|举措|事项|工作")
_KIND = re.compile("类别|类型|领域|分类")
_DETAIL = re.compile("内容|措施|举措|具体|事项")
_GROUP = re.compile("类别|类型|领域|分类|板块|方面|任务|项目")
_DUE = re.compile("时限|时间|期限|进度|节点")
_NUMBER = re.compile("序号|编号")
_GOAL = re.compile("目标|指标|成效|成果")


@dataclass(frozen=True)
class Cell:
    """A cell and its place in the document: ``text[start:end]``."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class DivisionRow:
    """A row of a 任务分工表, merged cells filled in.

    ``band`` is the row of one cell above it that heads its part of the table; ``name`` says that ``group`` is a column
    of tasks, of which ``item`` is a measure. ``cells`` are (printed role, cell, offset) of the columns of departments,
    ``goals`` the cells of columns of targets.
    """

    no: str | None
    group: str | None
    item: Cell
    cells: tuple[tuple[str, str, int], ...]
    deadline: str | None
    start: int
    end: int
    band: Cell | None = None
    named: bool = False
    goals: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class _Columns:
    """Which column holds what."""

    bodies: tuple[int, ...]
    item: int
    group: int | None
    named: bool
    due: int | None
    number: int | None
    goals: tuple[int, ...]


def division(table: Table, fill: bool = True) -> list[DivisionRow]:
    """The rows of a 任务分工表; empty where the table has no column of departments.

    A column 项目名称 makes it a list of projects. ``fill``: an empty cell stands for the one above it, as in text, where
    merged cells look like that; formats that tell merged cells have filled them in, and an empty cell is empty. Where a row
    names who answers first, its other empty cells say that there is nobody and no date.
    """
    columns = _columns(table.head)
    if columns is None:
        return []
    width = len(table.head)
    rows: list[DivisionRow] = []
    band: Cell | None = None
    above = [Cell("", 0, 0)] * width
    counted = any(cells and cells[columns.number or 0].strip().isdecimal() for cells in table.rows[1:])
    for lines in table.lines[1:]:
        own = cells_of(lines[0])[:width]
        own += [Cell("", lines[0].end, lines[0].end)] * (width - len(own))
        filled = [cell for cell in own if cell.text]
        if counted and _heads_part(own, columns):
            start, end = filled[0].start, filled[-1].end
            filled = [Cell("".join(cell.text for cell in filled), start, end)]
        if len(filled) == 1:
            band = filled[0]
            above = [band if i == columns.group else Cell("", 0, 0) for i in range(width)]
            continue
        merged = fill and not own[min(columns.bodies)].text
        carried = [i == columns.group or i != columns.number and merged for i in range(width)]
        above = [c if c.text or not carried[i] else above[i] for i, c in enumerate(own)]
        if above[columns.item].text:
            rows.append(_row(table.head, above, columns, lines[0], band))
    return rows


def _heads_part(own: Sequence[Cell], columns: _Columns) -> bool:
    """Whether a row only has a number in Han characters and a name, where the rows of work are counted in digits."""
    if columns.number is None or not re.fullmatch(
        r"[（(]?[一二三四五六七八九十]{1,3}[）)、]?", own[columns.number].text
    ):
        return False
    others = [cell for i, cell in enumerate(own) if cell.text and i != columns.number]
    return len(others) == 1 and len(others[0].text) <= 20 and not re.search("[，。；]", others[0].text)


def cells_of(line: Paragraph) -> list[Cell]:
    """The cells of a row with their places."""
    cells: list[Cell] = []
    at = line.start
    for raw in line.text.split("\t"):
        text = raw.strip()
        start = at + (raw.find(text) if text else 0)
        cells.append(Cell(text, start, start + len(text)))
        at += len(raw) + 1
    return cells


def _columns(head: Sequence[str]) -> _Columns | None:
    if "项目名称" in head and not any(re.search("任务|举措", c) for c in head):
        return None
    bodies = tuple(i for i, c in enumerate(head) if DIVISION_HEAD.search(c))
    item = next((i for i, c in enumerate(head) if _ITEM.search(c) and not _KIND.search(c) and i not in bodies), None)
    if not bodies or item is None:
        return None
    later = next((i for i, c in enumerate(head) if i > item and i not in bodies and _DETAIL.search(c)), None)
    group = next((i for i, c in enumerate(head) if i not in (item, *bodies) and _GROUP.search(c)), None)
    named = later is not None and group is None
    if later is not None and group is None:
        group, item = item, later
    due = next((i for i, c in enumerate(head) if _DUE.search(c)), None)
    number = next((i for i, c in enumerate(head) if _NUMBER.search(c)), None)
    goals = tuple(i for i, c in enumerate(head) if _GOAL.search(c) and i not in (item, group, due, *bodies))
    return _Columns(bodies, item, group, named, due, number, goals)


def _row(
    head: Sequence[str], cells: Sequence[Cell], columns: _Columns, line: Paragraph, band: Cell | None
) -> DivisionRow:
    def said(column: int | None) -> str | None:
        return cells[column].text or None if column is not None else None

    return DivisionRow(
        no=said(columns.number),
        group=said(columns.group),
        item=cells[columns.item],
        cells=tuple((head[i], cells[i].text, cells[i].start) for i in columns.bodies),
        deadline=said(columns.due),
        start=line.start,
        end=line.end,
        band=band,
        named=columns.named,
        goals=tuple(cells[i] for i in columns.goals if cells[i].text),
    )
