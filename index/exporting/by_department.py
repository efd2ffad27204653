"""The layout *by department*: a cover with counts, then a table for each department with its own tasks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from index.exporting.listing import as_ledger
from index.exporting.rows import shares
from index.exporting.sheet import Column, Head, Line, Linked, Sheet, clean
from index.views import MatrixRow

COVER = (
    Column("序号", 8, True),
    Column("部门", 40),
    Column("牵头或负责", 16, True),
    Column("配合", 16, True),
    Column("任务合计", 16, True),
    Column("写明时限的", 16, True),
)
BARE = "未写明部门"
_NO_TAB = re.compile(r"[\[\]:*?/\\']")
LONGEST_TAB = 31
"""Characters of the longest name that a spreadsheet gives a sheet."""


class _Share(NamedTuple):
    """A department and its tasks."""

    name: str
    leads: list[MatrixRow]
    supports: list[MatrixRow]


def by_department(rows: Sequence[MatrixRow], title: Head) -> tuple[Sheet, ...]:
    """The cover, the departments in the order in which they come first, and the tasks for which nobody is named."""
    departments = _shares(rows, title)
    bare = [] if title.bodies else [row for row in rows if not (row.lead or row.support)]
    taken: set[str] = {"封面"}
    tabs = [_tab(share.name, taken) for share in departments]
    tables = [_table(rows, title, share, tab) for share, tab in zip(departments, tabs, strict=True)]
    lines = [
        Line((number, Linked(share.name, sheet=tab), len(share.leads), len(share.supports), *_counts(share)))
        for number, (share, tab) in enumerate(zip(departments, tabs, strict=True), 1)
    ]
    if bare:
        tab = _tab(BARE, taken)
        tables.append(as_ledger(bare, replace(title, title=f"{title.title}（{BARE}）"), tab))
        counts = len(bare), sum(bool(row.deadline) for row in bare)
        lines.append(Line((len(lines) + 1, Linked(f"{BARE}的任务", sheet=tab), "", "", *counts)))
    cover = Sheet(title, COVER, tuple(lines), 0, _told(rows), "封面", sectioned=False)
    return cover, *tables


def _shares(rows: Sequence[MatrixRow], title: Head) -> list[_Share]:
    found: dict[str, _Share] = {}
    for row in rows:
        for one in shares(row, title.naming):
            share = found.setdefault(one.body, _Share(one.name, [], []))
            (share.leads if one.leads else share.supports).append(row)
    return [share for body, share in found.items() if not title.bodies or {body, share.name} & title.bodies]


def _counts(share: _Share) -> tuple[int, int]:
    mine = [*share.leads, *share.supports]
    return len(mine), sum(bool(row.deadline) for row in mine)


def _table(rows: Sequence[MatrixRow], title: Head, share: _Share, tab: str) -> Sheet:
    own = {id(row) for row in (*share.leads, *share.supports)}
    mine = [row for row in rows if id(row) in own]
    told = f"{share.name}：牵头或负责 {len(share.leads)} 项，配合 {len(share.supports)} 项"
    return replace(as_ledger(mine, replace(title, title=f"{title.title}（{share.name}）"), tab), legend=told)


def _told(rows: Sequence[MatrixRow]) -> str:
    return f"共 {len(rows)} 项任务；一项任务由几个部门承担的，在各部门的表中都列出，各部门的数目之和因此可大于任务数"


def _tab(name: str, taken: set[str]) -> str:
    """A name that a spreadsheet allows for a sheet, and that no other sheet has."""
    plain = _NO_TAB.sub(" ", clean(name)).replace("\n", " ").strip()[:LONGEST_TAB] or "部门"
    plain = f"{plain}处" if plain.lower() == "history" else plain
    tab, number = plain, 1
    while tab.lower() in taken:
        number += 1
        tab = f"{plain[: LONGEST_TAB - len(str(number)) - 2]}（{number}）"
    taken.add(tab.lower())
    return tab
