"""The layout *coverage* (承接情况表): each upper task, its state, the lower tasks that carry it out, the evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

from index.exporting.sheet import Cell, Column, Line, Linked, Sheet, head_of
from index.linking.coverage import Coverage, gaps
from index.reports.answers import COVERAGE, GRADE, measures_near, measures_unseen, name_of, reasons, unsaid
from index.views import links
from schemas import Link, Policy, Task

COVERED = (
    Column("序号", 6, True),
    Column("上级任务", 24),
    Column("上级任务内容", 50),
    Column("承接情况", 14, True),
    Column("下级任务", 30),
    Column("下级责任部门", 20),
    Column("依据（“”内为两文相同的文字）", 36),
    Column("下级未见的内容", 46),
    Column("说明", 26),
)
_GRADE = {grade: words.partition(" ")[2] for grade, words in GRADE.items()}
FRAGMENTS = 3
"""How many shared pieces of wording are quoted for each lower task."""


def coverage_rows(kb: Any, upper: str, lower: str) -> tuple[Coverage, ...]:
    """The records of the table. Raises ``NotFound``."""
    return gaps(kb, upper, lower, _not_applicable(kb, upper, lower))


def _not_applicable(kb: Any, upper: str, lower: str) -> dict[str, str]:
    said: dict[str, str] = kb.not_applicable(upper, lower)
    return said


def coverage_sheet(
    kb: Any, upper: str, lower: str, exported: date, *, rows: Sequence[Coverage] | None = None, filtered: str = ""
) -> Sheet:
    """What the lower document does for each task of the upper one; `rows` are some of them, all if not given.

    Raises:
        NotFound: a document is not in the knowledge base.
    """
    above, below = kb.policy(upper), kb.policy(lower)
    rows = coverage_rows(kb, upper, lower) if rows is None else rows
    found = {(link.upper.task, link.lower.task): link for link in links(kb, lower, upper)}
    title = head_of(kb, [upper, lower], "", exported, filtered)
    title = replace(
        title,
        title=f"{below.title}承接{_named(above)}情况表",
        labels=("上级文件", "下级文件"),
        everything="上级全部任务",
    )
    counts: Counter[str] = Counter(row.state for row in rows)
    legend = "　".join(f"{name} {counts[state]} 项" for state, name in COVERAGE.items())
    return Sheet(title, COVERED, tuple(_lines(above, below, rows, found)), 2, f"合计：{legend}", "承接情况表")


def _named(policy: Policy) -> str:
    return f"《{policy.title}》{'（提纲）' if policy.text == 'outline' else ''}"


def _lines(
    above: Policy, below: Policy, rows: Sequence[Coverage], found: dict[tuple[str, str], Link]
) -> Iterator[Line]:
    titles = {section.id: section.title for section in above.sections}
    tasks = {task.id: task for task in above.tasks}
    numbered = [(number, row, tasks[row.upper.task]) for number, row in enumerate(rows, 1) if row.upper.task in tasks]
    for section, group in groupby(numbered, lambda one: one[2].section):
        name = titles.get(section or "", section or "")
        if name:
            yield Line((name,), above.title, name, heading=True)
        for number, row, task in group:
            yield Line(_cells(number, row, task, below, found), above.title, name)


def _cells(
    number: int, row: Coverage, task: Task, below: Policy, found: dict[tuple[str, str], Link]
) -> tuple[Cell, ...]:
    lower = [(one, mine) for one in row.lower if (mine := below.task(one.task)) is not None]
    bodies = dict.fromkeys(body.name for _, mine in lower for body in mine.departments)
    shared = (_shared(found.get((task.id, one.task)), one.task) for one, _ in lower)
    return (
        number,
        Linked(f"{task.id} {name_of(task)}", str(row.upper)),
        task.text,
        COVERAGE[row.state],
        "\n".join(f"{mine.id} {name_of(mine)}（{_GRADE[one.grade]}）" for one, mine in lower),
        "、".join(bodies) or (unsaid(below.text) if lower else ""),
        "\n".join(filter(None, shared)),
        _unseen(row),
        row.reason,
    )


def _unseen(row: Coverage) -> str:
    if row.state == "not_applicable":
        return ""
    near = measures_near(row)
    return "\n".join([*measures_unseen(row), *(["（以下只有相近内容，须核对）", *near] if near else [])])


def _shared(link: Link | None, task: str) -> str:
    """The wording that both texts have, the longest pieces first; or, where there is none, why the link is asserted."""
    if link is None:
        return ""
    if link.evidence.fragments:
        pieces = "；".join(f"“{piece.text}”" for piece in link.evidence.fragments[:FRAGMENTS])
        return f"{task}：{pieces}"
    return f"{task}：{next(iter(reasons(link.evidence)), '用语不同')}"
