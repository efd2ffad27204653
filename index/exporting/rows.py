"""What a row of the 任务分工表 says in each of its cells, whatever the layout."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from index import fingerprint
from index.deciding.organisations import Bodies
from index.exporting.sheet import Cell, Dated, Head, Line, Linked, clean
from index.reports.answers import said
from index.views import MatrixRow

ROLES = {"lead": "牵头", "responsible": "责任", "support": "配合", "guide": "指导"}
LEADING = ("lead", "responsible")
"""Roles of the column 牵头/责任部门; all others stand in 配合部门."""

_DAY = re.compile(
    r"(?P<year>\d{4})(?:年(?P<m>\d{1,2})月(?P<d>\d{1,2})日|(?P<sep>[-./])(?P<m2>\d{1,2})(?P=sep)(?P<d2>\d{1,2}))(?P<tail>(?:之|以)?前|止)?"
)


class Said(NamedTuple):
    """The cells that people fill in: as they were exported, as they are in the knowledge base, as they are in a file."""

    lead: str
    support: str
    deadline: str
    remark: str


def said_of(row: MatrixRow, title: Head) -> Said:
    """What the four cells of a row say."""
    lead, support = _bodies(row, True), _bodies(row, False)
    if row.open and bool(lead) != bool(support):
        lead, support = (f"{text}等" if text else "" for text in (lead, support))
    empty = title.unsaid(row.doc)
    return Said(*map(clean, (lead or empty, support or empty, row.deadline or "", row.remark)))


def _bodies(row: MatrixRow, leading: bool) -> str:
    """The names of the departments; where several roles meet in the cell, or one that the column does not name, a line
    for each role."""
    by_role: dict[str, list[str]] = {}
    for body in row.bodies:
        if (body.effective_role in LEADING) is leading:
            by_role.setdefault(body.effective_role, []).append(body.name)
    if not row.bodies:
        return "、".join(row.lead if leading else row.support)
    if len(by_role) == 1 and "guide" not in by_role:
        return "、".join(dict.fromkeys(*by_role.values()))
    return "\n".join(f"{ROLES[role]}：{'、'.join(dict.fromkeys(by_role[role]))}" for role in ROLES if role in by_role)


def deadline(text: str) -> Cell:
    """The deadline: a day where exactly one is printed, the text as it is printed everywhere else.

    >>> deadline("2025年6月30日前").pattern, deadline("2025年底")
    ('yyyy"年"m"月"d"日前"', '2025年底')
    """
    found = _DAY.fullmatch(text)
    if not found:
        return text
    month, day, tail = found["m"] or found["m2"], found["d"] or found["d2"], found["tail"] or ""
    try:
        when = date(int(found["year"]), int(month), int(day))
    except ValueError:  # 2025年2月30日
        return text
    if when.year < 1901 or (found["sep"] and not len(month) == len(day) == 2):
        return text  # before the calendar of spreadsheets; 2025-6-30 they show in other ways
    month, day = "mm" if month.startswith("0") else "m", "dd" if day.startswith("0") else "d"
    pattern = f'yyyy"年"{month}"月"{day}"日{tail}"'
    if found["sep"]:
        pattern = f'yyyy"{found["sep"]}"mm"{found["sep"]}"dd' + (f'"{tail}"' if tail else "")
    return Dated(when, text, pattern)


def bases(row: MatrixRow, titles: Mapping[str, str]) -> str:
    """The 上级依据: 《document》 with its clauses, a line per document, the surest first; what has to be seen again, as a
    text changed since a person confirmed it, says so."""
    partial = (f"{one}（部分）" for one in _by_document(row.partial, titles, row.suspect))
    return "\n".join((*_by_document(row.upper, titles, row.suspect), *partial))


def _by_document(refs: Iterable[str], titles: Mapping[str, str], suspect: Collection[str]) -> Iterator[str]:
    by_doc: dict[str, list[str]] = {}
    for ref in refs:
        slug, _, task = ref.partition("#")
        by_doc.setdefault(slug, []).append(f"{task}（待重新确认）" if ref in suspect else task)
    return (f"《{titles.get(slug, slug)}》{'、'.join(tasks)}" for slug, tasks in by_doc.items())


def origin(row: MatrixRow) -> Linked:
    """The 出处: the printed number of the task, page and line, what people decided; leads to the task in the app."""
    page = f"第{row.origin.page}页" if row.origin.page else ""
    where = f"{page}第{row.origin.line}行" if row.origin.is_place else row.origin.where
    return Linked(f"{row.task}　{where}{said(row.state, row.again)}", reference(row))


class Share(NamedTuple):
    """What a department has in a task: what tells its body from others (its id in the register, or the name), its name
    as printed, whether it leads or answers."""

    body: str
    name: str
    leads: bool


def shares(row: MatrixRow, naming: Bodies) -> list[Share]:
    """The departments of a row, those that lead or answer first, each body once."""
    known = {body.name: body.canonical for body in row.bodies if body.canonical}
    found: dict[str, Share] = {}
    for leads, names in ((True, row.lead), (False, row.support)):
        for name in names:
            body = known.get(name) or naming.key(name)
            found.setdefault(body, Share(body, name, leads))
    return list(found.values())


def reference(row: MatrixRow) -> str:
    """The reference of the row's task."""
    return f"{row.doc}#{row.task}"


def wording(title: str | None, text: str) -> str:
    """A short digest of a task's title and text, to tell whether a row still is of the same task."""
    return fingerprint.of(clean(title or ""), clean(text))[:8]


def source_mark(targets: str, above: str) -> str:
    """A short digest of the cells 目标 and 上级依据, to tell whether people changed what cannot be changed in a table."""
    return fingerprint.of(*("".join(clean(text).split()) for text in (targets, above)))[:8]


def stamp(row: MatrixRow, cells: Said, targets: str, above: str) -> str:
    """What the row said when it was exported, for the hidden column that is compared when the file comes back."""
    marks = [wording(row.title, row.text), source_mark(targets, above)]
    return json.dumps([*marks, *cells], ensure_ascii=False, separators=(",", ":"))


Filled = Callable[[int, MatrixRow], tuple[Cell, ...]]


def sections(rows: Sequence[MatrixRow], title: Head, cells: Filled) -> tuple[Line, ...]:
    """The rows, numbered, below headings: the document where there are several, and its sections."""
    several = len({row.doc for row in rows}) > 1
    lines: list[Line] = []
    number = 0
    for (slug, document), of_doc in groupby(rows, lambda row: (row.doc, row.document)):
        if several:
            lines.append(Line((f"《{document}》{outline(slug, title)}",), document, heading=True))
        for section, group in groupby(of_doc, lambda row: row.section):
            if section:
                lines.append(Line((section,), document, section, heading=True))
            for row in group:
                number += 1
                lines.append(Line(cells(number, row), document, section or ""))
    return tuple(lines)


def outline(slug: str, title: Head) -> str:
    """The sign of a document of which only facts are held."""
    return "（提纲）" if slug in title.outlines else ""
