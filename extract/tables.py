"""Attached lists: projects, the 任务分工表, tables of indicators. Cells are parted by tabs, or lost into ragged lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from corpus.numerals import integer
from extract.paragraphs import Paragraph

_PROJECT_HEAD = re.compile("项目|工程|名称")
_YEAR_HEAD = re.compile(
    "实施计划|年份|年度|建设(?:年限|期|周期|时间)|完成(?:时间|时限|年份)|计划(?:完成)?|实施(?:时间|年份)|起止"
)
_GROUP_HEAD = re.compile("组别|类别|类型|领域|分类|板块|所属|工作组|专项")
_DIVISION_HEAD = re.compile(r"(?:责任|牵头|配合|负责|主办|协办|实施|承担|主要)(?:单位|部门|处室|科室|主体)|牵头|配合")
_YEAR = re.compile(r"(?:19|20)\d{2}")


@dataclass
class Table:
    """Rows of cells; ``lines`` are the paragraphs that the rows were printed in, one tuple per row."""

    rows: list[list[str]] = field(default_factory=list)
    lines: list[tuple[Paragraph, ...]] = field(default_factory=list)
    repeated: list[Paragraph] = field(default_factory=list)

    @property
    def head(self) -> list[str]:
        """The cells of the first row, without blanks and marks."""
        return [re.sub(r"[\s*＊]+", "", cell) for cell in self.rows[0]] if self.rows else []


@dataclass(frozen=True)
class ProjectRow:
    """A row of an attached project list; ``cells`` as in `DivisionRow`."""

    no: int
    name: str
    group: str | None
    year: int | None
    start: int
    end: int
    cells: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True)
class DivisionRow:
    """A row of a 任务分工表; ``cells`` are (printed role, cell, offset of the cell) of the department columns."""

    no: str | None
    group: str | None
    item: str
    cells: tuple[tuple[str, str, int], ...]
    deadline: str | None
    start: int
    end: int


def tabbed(paras: Sequence[Paragraph]) -> Iterator[Table]:
    """Runs of table rows, cut at captions and text; a head that is printed again after a page break is set aside."""
    table = Table()
    for p in paras:
        if not p.is_row:
            if len(table.rows) > 1:
                yield table
            table = Table()
            continue
        cells = [cell.strip() for cell in p.text.split("\t")]
        if table.rows and cells == table.rows[0] and len([c for c in cells if c]) > 1:
            table.repeated.append(p)
            continue
        table.rows.append(cells)
        table.lines.append((p,))
    if len(table.rows) > 1:
        yield table


def ragged(paras: Sequence[Paragraph]) -> Table | None:
    """A numbered list whose cells were printed on lines of their own: each row begins with the next number."""
    starts: list[int] = []
    want = 1
    for i, p in enumerate(paras):
        match = re.match(r"(\d{1,3})[\s.．、]+(?=\S)", p.text)
        if match and int(match.group(1)) == want:
            starts.append(i)
            want += 1
    if len(starts) < 2:
        return None
    head = " ".join(p.text for p in paras[: starts[0]])
    table = Table([re.split(r"\s+", re.sub(r"序\s*号", "序号", head).strip())], [tuple(paras[: starts[0]])])
    for n, at in enumerate(starts):
        stop = starts[n + 1] if n + 1 < len(starts) else _last_line(paras, at)
        lines = tuple(paras[at:stop])
        table.rows.append([line.text for line in lines])
        table.lines.append(lines)
    return table


def _last_line(paras: Sequence[Paragraph], at: int) -> int:
    stop = at + 1
    while stop < len(paras) and stop - at < 5 and not _YEAR.search(paras[stop - 1].text):
        if re.match(r"[*＊注备]|附", paras[stop].text):
            break
        stop += 1
    return stop


def projects(table: Table, is_ragged: bool = False) -> list[ProjectRow]:
    """The rows of a project list; empty where the table is none."""
    head = table.head if not is_ragged else [c for c in table.head if c]
    said = "".join(head)
    if (
        not _PROJECT_HEAD.search(said)
        or not re.search("序号|项目名称|名称", said)
        or _DIVISION_HEAD.search(said)
        and not _YEAR_HEAD.search(said)
    ):
        return []
    if is_ragged:
        return [
            row
            for cells, lines in zip(table.rows[1:], table.lines[1:], strict=True)
            if (row := _ragged_row(cells, lines))
        ]
    if not re.search("项目", said):
        return []
    name = next(i for i, c in enumerate(head) if _PROJECT_HEAD.search(c))
    year = next((i for i, c in enumerate(head) if _YEAR_HEAD.search(c)), None)
    group = next((i for i, c in enumerate(head) if _GROUP_HEAD.search(c) and i != name), None)
    bodies = [i for i, c in enumerate(head) if _DIVISION_HEAD.search(c)]
    rows = []
    for count, (cells, lines) in enumerate(zip(table.rows[1:], table.lines[1:], strict=True), 1):
        if len(cells) <= name or not cells[name]:
            continue
        number = integer(cells[0]) if cells[0] else None
        found = _YEAR.findall(cells[year]) if year is not None and year < len(cells) else []
        kind = cells[group] if group is not None and group < len(cells) and cells[group] else None
        line = lines[0]
        named = tuple(
            (head[i], cells[i], line.start + max(0, line.text.find(cells[i]))) for i in bodies if i < len(cells)
        )
        last = int(found[-1]) if found else None
        rows.append(ProjectRow(number or count, cells[name], kind, last, line.start, lines[-1].end, named))
    return rows


def _ragged_row(cells: Sequence[str], lines: Sequence[Paragraph]) -> ProjectRow | None:
    """``4 企业光伏项目`` / ``能源综合利`` / ``用`` / ``2024``: number and name first, the year last, the group between."""
    first = cells[0].split()
    number = integer(first[0].rstrip(".．、"))
    if number is None:
        return None
    rest = list(cells[1:])
    if rest:
        year = _YEAR.fullmatch(rest[-1].split()[-1]) if rest[-1].split() else None
        middle = rest[:-1] + rest[-1].split()[:-1] if year else rest
        name, group = " ".join(first[1:]), "".join(middle) or None
    else:
        year = _YEAR.fullmatch(first[-1])
        words = first[1:-1] if year else first[1:]
        name, group = (" ".join(words[:-1]), words[-1]) if len(words) > 1 else (" ".join(words), None)
    if not name:
        return None
    return ProjectRow(number, name, group, int(year.group()) if year else None, lines[0].start, lines[-1].end)


def division(table: Table, told: bool = False) -> list[DivisionRow]:
    """The rows of a 任务分工表; empty where the table has no column of departments.

    An empty cell stands for what is above it; but where the file itself tells its cells (``told``), merged ones are
    filled already, and an empty cell says nothing. A column 项目名称 makes it a list of projects.
    """
    head = table.head
    if "项目名称" in head and not any(re.search("任务|举措", c) for c in head):
        return []
    bodies = [i for i, c in enumerate(head) if _DIVISION_HEAD.search(c)]
    item = next(
        (
            i
            for i, c in enumerate(head)
            if re.search("任务|内容|措施|举措|事项|工作", c)
            and not re.search("类别|类型|领域|分类", c)
            and i not in bodies
        ),
        None,
    )
    if not bodies or item is None:
        return []
    later = next(
        (i for i, c in enumerate(head) if i > item and i not in bodies and re.search("内容|措施|举措|具体|事项", c)),
        None,
    )
    group = next(
        (
            i
            for i, c in enumerate(head)
            if i not in (item, *bodies) and re.search("类别|类型|领域|分类|板块|方面|任务|项目", c)
        ),
        None,
    )
    if later is not None and group is None:
        group, item = item, later
    due = next((i for i, c in enumerate(head) if re.search("时限|时间|期限|进度|节点", c)), None)
    number = next((i for i, c in enumerate(head) if re.search("序号|编号", c)), None)
    rows: list[DivisionRow] = []
    filled = [""] * len(head)
    for cells, lines in zip(table.rows[1:], table.lines[1:], strict=True):
        own = [*cells, *[""] * (len(head) - len(cells))]
        if sum(bool(c) for c in own) == 1:
            filled = [own[0] if i == group else "" for i in range(len(head))]
            continue
        carried = [i != number and (i == group or not told) for i in range(len(head))]
        filled = [own[i] or (filled[i] if carried[i] else "") for i in range(len(head))]
        if not filled[item]:
            continue
        rows.append(_division_row(head, filled, lines[0], bodies, item, group, due, number))
    return rows


def _division_row(
    head: Sequence[str], cells: Sequence[str], line: Paragraph, bodies: Sequence[int], item: int,
    group: int | None, due: int | None, number: int | None,
) -> DivisionRow:  # fmt: skip
    offsets = [_offset(line.text, i, cells[i]) for i in bodies]
    return DivisionRow(
        cells[number] if number is not None and cells[number] else None,
        cells[group] if group is not None and cells[group] else None,
        cells[item],
        tuple((head[i], cells[i], line.start + at) for i, at in zip(bodies, offsets, strict=True)),
        cells[due] if due is not None and cells[due] else None,
        line.start,
        line.end,
    )


def _offset(line: str, column: int, cell: str) -> int:
    """Where the cell of a column begins in the line; the line's start where it was filled in from above."""
    printed = line.split("\t")
    if column >= len(printed) or printed[column].strip() != cell or not cell:
        return 0
    return sum(len(one) + 1 for one in printed[:column]) + printed[column].find(cell)
