"""The layout *grid*: tasks × departments, with totals per row and column."""

from __future__ import annotations

from collections.abc import Sequence

from index.exporting.rows import reference, sections, shares
from index.exporting.sheet import Cell, Column, Head, Line, Linked, Sheet
from index.reports.answers import said
from index.views import MatrixRow

LEAD, SUPPORT = "●", "○"


def as_grid(rows: Sequence[MatrixRow], title: Head) -> Sheet:
    """Names of one body share a column, which has the name that comes first."""
    names: dict[str, str] = {}
    for row in rows:
        for share in shares(row, title.naming):
            names.setdefault(share.body, share.name)
    bare = any(not (row.lead or row.support) for row in rows)

    def cells(number: int, row: MatrixRow) -> tuple[Cell, ...]:
        mine = {share.body: LEAD if share.leads else SUPPORT for share in shares(row, title.naming)}
        signs = [mine.get(body, "") for body in names]
        missing = [] if not bare else ["" if any(signs) else title.unsaid(row.doc)]
        name = row.title or f"{row.text[:20]}…"
        return (
            number,
            Linked(f"{row.task} {name}{said(row.state, row.again)}", reference(row)),
            *signs,
            *missing,
            sum(map(bool, signs)),
        )

    lines = sections(rows, title, cells)
    upright = len(names) > 12
    return Sheet(
        title,
        (
            Column("序号", 6, True),
            Column("重点任务", 40),
            *(Column(name, 5 if upright else 10, True, upright=upright) for name in names.values()),
            *([Column("未写明部门", 12, True)] if bare else []),
            Column("部门数", 8, True),
        ),
        (*lines, _totals(lines)) if rows else (),
        frozen=2,
        legend=f"{LEAD} 牵头或负责　{SUPPORT} 配合",
    )


def _totals(lines: Sequence[Line]) -> Line:
    """How many tasks each column counts."""
    columns = list(zip(*(line.cells for line in lines if not line.heading), strict=True))
    counts = [sum(map(bool, column)) for column in columns[2:-1]]
    everything = sum(cell for cell in columns[-1] if isinstance(cell, int))
    return Line(("", "合计（任务数）", *counts, everything), total=True)
