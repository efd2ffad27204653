"""Tasks of a document whose work stands in a 任务分工表: each row is one.

Such a table comes as a workbook, or behind a notice that only says how the work is to be organised. Where a text says the
same work itself, the table is its `division`: the work said again, and no task of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from corpus.numbering import read_marker
from extract import measures, targets
from extract.commitments import Found
from extract.division import DivisionRow
from extract.rules.headings import ORGANISES, SECURES, classify
from extract.titles import opens_with_title
from schemas import Measure, Section, Task

if TYPE_CHECKING:
    from extract.records import Draft
    from extract.tabled import Tables
    from extract.tasks import Item

_LONGEST_TITLE, _LONGEST_NAME = 40, 80


class TableRecords(NamedTuple):
    """What the rows say; ``targets`` are (commitment, task, section). ``beside``: the text holds tasks of its own too."""

    tasks: tuple[Task, ...] = ()
    sections: tuple[Section, ...] = ()
    targets: tuple[tuple[Found, str | None, str | None], ...] = ()
    beside: bool = False


def read(draft: Draft, tabled: Tables, title: str) -> TableRecords:
    """The tasks of the rows, where the document's own text does not say them; else only targets that it does not have."""
    said = [item for item in draft.items if _says_itself(draft, item.span)]
    if not tabled.rows:
        return TableRecords()
    if not all(_only_organises(draft, item) for item in said):
        return TableRecords(targets=tuple(_goals(draft, tabled.rows, title)))
    sections = _sections(tabled.rows)
    default = targets.default_year(title)
    tasks: list[Task] = []
    found: list[tuple[Found, str | None, str | None]] = []
    taken = {item.id for item in said}
    for row, printed in zip(tabled.rows, _ids(tabled.rows, sections), strict=True):
        key = f"{printed}~2" if printed in taken else printed
        section = sections.get(row.band.start) if row.band else None
        tasks.append(_task(draft, tabled, row, key, section))
        year = re.findall(r"20\d\d", row.deadline or "")
        for cell in (row.item, *row.goals):
            clock = targets.Clock(int(year[-1]) if year else default)
            spans = targets.find(draft.text, cell.start, cell.end, clock, goals=False, lost_digits=draft.lost_digits)
            name = _title(row)[0] if cell in row.goals else None
            found += [(_named(one, draft.text, name), key, section) for one in spans]
    bands = {row.band.start: row.band for row in tabled.rows if row.band}
    named = tuple(
        Section(id=sections[at], title=_without_number(band.text), origin=draft.source.origin(band.start, band.end))
        for at, band in bands.items()
    )
    return TableRecords(tuple(tasks), named, tuple(found), bool(said))


def _named(one: Found, text: str, title: str | None) -> Found:
    """A goal that names nothing itself (较2023年翻一番) is one of its row."""
    bare = re.sub(r"\s+", "", text[one.start : one.end]) == one.indicator
    return replace(one, indicator=title) if bare and title and one.value is not None else one


def _only_organises(draft: Draft, item: Item) -> bool:
    """Whether a task of the text is about how the work of the table is done (提高思想认识, 强化督查考核)."""
    said = item.node.title or draft.text[item.span[0] : item.span[0] + _LONGEST_TITLE]
    return item.kind == "safeguard" or bool(SECURES.search(said) or ORGANISES.search(said))


def _goals(draft: Draft, rows: Sequence[DivisionRow], title: str) -> Iterator[tuple[Found, str | None, str | None]]:
    """The targets of columns of goals in a table whose work the text says."""
    for row in rows:
        year = re.findall(r"20\d\d", row.deadline or "")
        for cell in row.goals:
            clock = targets.Clock(int(year[-1]) if year else targets.default_year(title))
            for one in targets.find(
                draft.text, cell.start, cell.end, clock, goals=False, lost_digits=draft.lost_digits
            ):
                yield one, None, None


def _says_itself(draft: Draft, span: tuple[int, int]) -> bool:
    """Whether a task of the text has words beside its title and the rows of the table that it heads."""
    lines = draft.text[span[0] : span[1]].split("\n")
    return any("\t" not in line and (len(line) > _LONGEST_TITLE or re.search("[。；]", line)) for line in lines)


def _sections(rows: Sequence[DivisionRow]) -> dict[int, str]:
    """The id of each part of the table, by its offset: its printed number, else its place."""
    found: dict[int, str] = {}
    for row in rows:
        if row.band and row.band.start not in found:
            marker = read_marker(row.band.text)
            label = marker.label if marker and marker.label else str(len(found) + 1)
            found[row.band.start] = label if label not in found.values() else f"{label}~{len(found) + 1}"
    return found


def _ids(rows: Sequence[DivisionRow], sections: dict[int, str]) -> Iterator[str]:
    """The printed number (below that of the part); its rows are counted where one number holds for several."""
    seen: Counter[str] = Counter()
    numbered = list(enumerate(rows, 1))
    for _, group in groupby(numbered, key=lambda one: _key(*one)):
        together = list(group)
        for k, (place, row) in enumerate(together, 1):
            printed = re.sub(r"[\s、．.（）()]+$|^[（(]", "", row.no or "") or str(place)
            key = f"{printed}.{k}" if len(together) > 1 else printed
            key = f"{sections[row.band.start]}.{key}" if row.band else key
            seen[key] += 1
            yield key if seen[key] == 1 else f"{key}~{seen[key]}"


def _key(place: int, row: DivisionRow) -> tuple[str | int, int]:
    return row.no or place, row.band.start if row.band else -1


def _task(draft: Draft, tabled: Tables, row: DivisionRow, key: str, section: str | None) -> Task:
    title, begins, end = _title(row)
    departments = tabled.bodies(row.cells)
    above = [_without_number(row.band.text)] if row.band else []
    above += [row.group] if row.group and row.group != title and row.group not in above else []
    secures = bool(
        above and (classify(above[0]) == "safeguard" or _is_last(row, tabled.rows) and SECURES.search(above[0]))
    )
    return Task(
        id=key,
        section=section,
        title=title,
        starts_with=re.sub(r"\s+", "", draft.text[begins:end])[:15],
        kind="safeguard" if secures else "task",
        text=draft.text[begins:end],
        path=(*above, *([title] if title else [])),
        measures=tuple(
            Measure(
                text=draft.text[clause.start : clause.end],
                verb=clause.verb,
                strength=clause.strength,
                origin=draft.source.origin(clause.start, clause.end),
            )
            for clause in measures.find(draft.text, begins, end)
        ),
        departments=departments,
        departments_from="own" if departments else "none",
        deadline=row.deadline,
        heading=draft.source.origin(row.start, begins) if row.start < begins else None,
        origin=draft.source.origin(begins, end),
    )


def _is_last(row: DivisionRow, rows: Sequence[DivisionRow]) -> bool:
    """Whether the row stands in the last of three parts or more, which often tells how the work is secured."""
    bands = {one.band.start for one in rows if one.band}
    return row.band is not None and len(bands) > 2 and row.band.start == max(bands)


def _title(row: DivisionRow) -> tuple[str | None, int, int]:
    """The task's title, and where its text begins and ends.

    The title is a column of tasks beside one of measures, a short cell, or the first sentence of a long one where that is
    a title; the goal in the next cell is the text of a short one.
    """
    title, begins = _title_in_cell(row)
    goal = row.goals[0] if row.goals else None
    if goal and begins == row.item.start and title and not row.named and goal.start == row.item.end + 1:
        return title, goal.start, goal.end
    return title, begins, row.item.end


def _title_in_cell(row: DivisionRow) -> tuple[str | None, int]:
    text, start = row.item.text, row.item.start
    if row.named and row.group and len(row.group) <= _LONGEST_NAME:
        return _without_number(row.group), start
    marker = read_marker(text)
    begins = marker.end if marker else 0
    length = opens_with_title(text[begins:])
    if length and "，" not in text[begins : begins + length]:
        rest = text[begins + length :]
        title = text[begins : begins + length].strip(" 。：:")
        return title, start + begins + length + len(rest) - len(rest.lstrip())
    short = len(text) - begins <= _LONGEST_TITLE and not re.search("[。；，]", text[begins:].rstrip("。"))
    return (text[begins:].rstrip("。") if short else None), start


def _without_number(text: str) -> str:
    marker = read_marker(text)
    return text[marker.end :] if marker else text
