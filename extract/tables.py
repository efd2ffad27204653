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
DIVISION_HEAD = re.compile(r"(?:责任|牵头|配合|负责|主办|协办|实施|承担|主要)(?:单位|部门|处室|科室|主体)|牵头|配合")
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


def tabbed(paras: Sequence[Paragraph]) -> Iterator[Table]:
    """Runs of table rows, cut at captions and text; a head that is printed again after a page break is set aside.

    A numbered heading between rows of one table (一、工业领域) is a row of it, which has one cell.
    """
    table = Table()
    for n, p in enumerate(paras):
        if not p.is_row and not _is_band(p, table, paras[n + 1 : n + 2]):
            if len(table.rows) > 1:
                yield _with_head(table)
            table = Table()
            continue
        cells = [cell.strip() for cell in p.text.split("\t")]
        if table.rows and cells == table.rows[0] and len([c for c in cells if c]) > 1:
            table.repeated.append(p)
            continue
        table.rows.append(cells)
        table.lines.append((p,))
    if len(table.rows) > 1:
        yield _with_head(table)


def _is_band(p: Paragraph, table: Table, following: Sequence[Paragraph]) -> bool:
    """Whether a paragraph heads a part of the table: numbered, no sentence, with rows of the same width on both sides."""
    if (
        len(table.rows) < 1
        or not p.marker
        or p.ends_sentence
        or len(p.text) > 40
        or not following
        or not following[0].is_row
    ):
        return False
    cells = [cell.strip() for cell in following[0].text.split("\t")]
    return len(cells) == len(table.rows[0]) and not DIVISION_HEAD.search("".join(cells))


def _with_head(table: Table) -> Table:
    """The table with one row as its head: where two rows are (责任单位 above 牵头单位 and 配合单位), the lower one.

    Cells that reach over both rows are printed in both; below one that reaches over several columns stand others.
    """
    if len(table.rows) < 3 or not len(table.rows[0]) == len(table.rows[1]) > 2:
        return table
    upper, lower = table.rows[0], table.rows[1]
    both = any(a and a == b for a, b in zip(upper, lower, strict=True))
    under = any(not a and b for a, b in zip(upper, lower, strict=True))
    if not (both and under and all(b and len(b) <= 12 for b in lower)):
        return table
    return Table(table.rows[1:], table.lines[1:], table.repeated)


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
        or DIVISION_HEAD.search(said)
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
    bodies = [i for i, c in enumerate(head) if DIVISION_HEAD.search(c)]
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
