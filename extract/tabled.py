"""What the tables of a document hold: projects, the division of work, indicators."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from extract import tables, targets, tasks
from extract.commitments import Found
from extract.departments import Named
from extract.division import DivisionRow, division
from extract.paragraphs import Paragraph
from extract.rules.departments import role_of
from schemas import Division, Project, Responsibility

if TYPE_CHECKING:
    from extract.records import Draft


class Tables:
    """Projects, division of work and indicators, read once."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._tabbed = list(tables.tabbed(draft.paras))
        self.projects: list[Project] = []
        self.division: list[Division] = []
        self.rows: list[DivisionRow] = []
        for table in self._tabbed:
            self._add(tables.projects(table), division(table, fill=draft.source.format == "text"))
        for _, lines in draft.front.attachments:
            if not any(p.is_row for p in lines) and not self.projects:
                listed = tables.ragged(lines)
                if listed:
                    self._add(tables.projects(listed, is_ragged=True), [])

    @property
    def repeated(self) -> list[Paragraph]:
        """Head rows printed again."""
        return [p for table in self._tabbed for p in table.repeated]

    def indicators(self, default: int | None) -> Iterator[tuple[Found, str | None]]:
        """Targets in a table of indicators, with the section that it stands in."""
        for table in self._tabbed:
            columns = targets.in_rows(table.rows)
            if columns:
                for cells, lines in zip(table.rows[1:], table.lines[1:], strict=True):
                    one = _indicator(cells, columns, lines[0], table.head, default)
                    if one:
                        yield one, self._section(lines[0])

    def _section(self, p: Paragraph) -> str | None:
        before = [c for c in self._draft.root.children if c.paragraph and c.paragraph.index <= p.index]
        return tasks.path_id(before[-1]) if before else None

    def _add(self, rows: Sequence[tables.ProjectRow], rows_of_work: Sequence[DivisionRow]) -> None:
        source = self._draft.source
        if rows_of_work:
            self.rows += rows_of_work
            self.division += [self._division(row) for row in rows_of_work]
        else:
            self.projects += [
                Project(
                    no=r.no,
                    name=r.name,
                    group=r.group,
                    year=r.year,
                    departments=self.bodies(r.cells),
                    origin=source.origin(r.start, r.end),
                )
                for r in rows
            ]

    def _division(self, row: DivisionRow) -> Division:
        return Division(
            no=row.no,
            group=row.group,
            item=row.item.text,
            departments=self.bodies(row.cells),
            deadline=row.deadline,
            origin=self._draft.source.origin(row.start, row.end),
        )

    def bodies(self, cells: Sequence[tuple[str, str, int]]) -> tuple[Responsibility, ...]:
        """The departments in the cells of a row."""
        named = [one for head, cell, at in cells for one in self._cell(head, cell, at)]
        return tuple(self._draft.responsibility(one) for one in named)

    def _cell(self, head: str, cell: str, at: int) -> Iterator[Named]:
        if not cell or cell in ("无", "/", "—", "-"):
            return
        for named in self._draft.reader.cell(cell, role_of(head)):
            yield Named(named.name, named.role, at + named.start, at + named.end)


def _indicator(
    cells: Sequence[str], columns: tuple[int, int, int, int], p: Paragraph, head: Sequence[str], default: int | None
) -> Found | None:
    name, unit, _baseline, target = columns
    if len(cells) <= target or not cells[name]:
        return None
    match = re.search(
        r"([<>≤≥]?)\s*(\d+(?:\.\d+)?)\s*([^\s\d以左（(]{0,12}?)\s*(以上|以下|左右|以内)?(?:$|[（(，；])", cells[target]
    )
    if not match:
        return None
    bound = {"以上": ">=", "≥": ">=", ">": ">", "以下": "<=", "以内": "<=", "≤": "<=", "<": "<", "左右": "~"}
    year = re.search(r"20\d\d", head[target])
    bracketed = re.search(r"[（(]([^（）()]{1,16})[）)]$", cells[name])
    shown = (
        cells[unit]
        if 0 <= unit < len(cells) and cells[unit]
        else match.group(3) or (bracketed.group(1) if bracketed else None)
    )
    limit = match.group(4) in ("以下", "以内") or match.group(1) in ("≤", "<")
    start = p.start + p.text.find(cells[name])
    said = "降" in cells[name]
    return Found(
        start, p.start + p.text.rfind(cells[target]) + len(cells[target]), cells[name], "reduce" if said else "limit" if limit else "reach",
        float(match.group(2)), shown, bound.get(match.group(4) or match.group(1), "="),  # type: ignore[arg-type]
        target_year=int(year.group()) if year else default,
    )  # fmt: skip
