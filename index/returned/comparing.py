"""A returned file against the knowledge base: what people changed, what others changed meanwhile, what is refused.

Three texts are compared for each cell: as it was exported (the file keeps that in a hidden column), as it is in the
file, as it is in the knowledge base now. A cell that nobody touched is nothing; one that was touched in the file alone is
a change; one that was touched on both sides is a conflict, and nothing is stored for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal

from pydantic import JsonValue

from index.exporting.rows import Said, bases, reference, said_of, source_mark
from index.exporting.sheet import Head, head
from index.returned.filled import NOTHING, bodies, names, same_day, same_names, same_remark, squeezed
from index.returned.placing import Place, Places, agrees
from index.returned.reading import FILLED, FORMULA, FileRow
from index.views import MatrixRow, matrix
from schemas import Decision, Record, Subject, Wish

LONGEST = 2_000
"""Characters of a cell that people fill in; a longer one is a slip of the hand."""

Field = Literal["departments", "deadline", "remark"]


class Change(Record):
    """A cell that the file has otherwise than the knowledge base. ``before`` is what the knowledge base says now,
    ``exported`` what it said at the export (null if the file does not tell), ``after`` what the file says.

    ``conflict`` says in words why it is not stored; empty where it can be.
    """

    sheet: str
    row: int
    ref: str
    title: str
    column: str
    before: str
    after: str
    exported: str | None = None
    note: str = ""
    conflict: str = ""


class Refusal(Record):
    """A row, or a cell of it, that cannot be taken, and why."""

    sheet: str
    row: int
    ref: str = ""
    column: str = ""
    reason: str


class Correction(Record):
    """The new value of a field of a task, made of one or two cells."""

    ref: str
    field: Field
    value: JsonValue


class Returned(Record):
    """What a file brings. ``unchanged`` counts the rows that say what the knowledge base says."""

    rows: int
    unchanged: int
    changes: tuple[Change, ...] = ()
    conflicts: tuple[Change, ...] = ()
    refused: tuple[Refusal, ...] = ()
    corrections: tuple[Correction, ...] = ()


def compare(kb: Any, rows: Sequence[FileRow]) -> Returned:
    """The file's rows against the knowledge base as it is open."""
    held = matrix(kb)
    rejected = (f"{p.slug}#{t.id}" for p in kb.policies() for t in p.tasks if t.state == "rejected")
    places = Places(held, (policy.slug for policy in kb.policies()), rejected)
    return _Comparison(places, head(kb, held, date.min), kb.history()).run(rows)


def wishes(kb: Any, found: Returned, why: str) -> list[Wish]:
    """The corrections as the store takes them. Raises ``PolicyError`` where a value cannot be stored."""
    from index.deciding.verdicts import wish

    made = []
    for one in found.corrections:
        doc, _, item = one.ref.partition("#")
        made.append(wish(kb, "correct", Subject(kind="task", doc=doc, item=item), one.field, one.value, why))
    return made


Same = Callable[[str, str], bool]


class _Comparison:
    def __init__(self, places: Places, title: Head, history: Sequence[Decision]) -> None:
        self.places, self.title = places, title
        self.changes: list[Change] = []
        self.refused: list[Refusal] = []
        self.latest = {(str(one.subject), one.field): one for one in history if one.verdict == "correct"}

    def run(self, rows: Sequence[FileRow]) -> Returned:
        changed: dict[str, list[tuple[FileRow, Place]]] = {}
        unchanged = 0
        for row in rows:
            found = self.places.place(row)
            if isinstance(found, str):
                self._refuse(row, found, row.cells.get("编号", ""))
                continue
            told = len(self.refused)
            differs = self._differing(row, found)
            self._told_of_source(row, found)
            unchanged += not differs and told == len(self.refused)
            if differs:
                changed.setdefault(reference(found.row), []).append((row, found))
        corrections = [one for group in changed.values() for one in self._of_task(group)]
        return Returned(
            rows=len(rows),
            unchanged=unchanged,
            changes=tuple(one for one in self.changes if not one.conflict),
            conflicts=tuple(one for one in self.changes if one.conflict),
            refused=tuple(self.refused),
            corrections=tuple(corrections),
        )

    def _refuse(self, row: FileRow, reason: str, ref: str = "", column: str = "") -> None:
        self.refused.append(Refusal(sheet=row.sheet, row=row.number, ref=ref, column=column, reason=reason))

    def _differing(self, row: FileRow, found: Place) -> list[str]:
        """The columns that people changed in this row; cells that cannot be taken are refused."""
        now = said_of(found.row, self.title)
        columns = []
        for at, column in enumerate(FILLED):
            cell = row.cells.get(column)
            if cell is None:
                continue
            same = _sameness(found.row)[column]
            if same(cell, now[at]) or (found.base is not None and same(cell, found.base[at])):
                continue
            problem = _unfit(cell, column, found.row)
            if problem:
                self._refuse(row, problem, reference(found.row), column)
            else:
                columns.append(column)
        return columns

    def _told_of_source(self, row: FileRow, found: Place) -> None:
        """What the source says cannot be changed in a table."""
        task, cells = found.row, row.cells
        source = {"重点任务": task.title or "", "主要内容": task.text}
        if found.mark != source_mark(cells.get("目标", ""), cells.get("上级依据", "")):  # else as they were exported
            source |= {"目标": "\n".join(task.targets), "上级依据": bases(task, self.title.names)}
        for column, held in source.items():
            if column in cells and not agrees(cells[column], held):
                reason = "与知识库不同；这一列来自原文和关联，不从表中读回，要更正请用 policytrace correct、confirm 或 reject"
                self._refuse(row, reason, reference(task), column)

    def _of_task(self, group: Sequence[tuple[FileRow, Place]]) -> Iterator[Correction]:
        """The corrections of one task, which may stand in several rows (one for each department)."""
        task = group[0][1].row
        now = said_of(task, self.title)
        taken = dict(zip(FILLED, now, strict=True))
        for at, column in enumerate(FILLED):
            cells = [
                (row, place, row.cells[column]) for row, place in group if column in self._differing_of(row, place)
            ]
            if not cells:
                continue
            row, place, cell = cells[0]
            same = _sameness(task)[column]
            if any(not same(cell, other) for _, _, other in cells[1:]):
                others = "、".join(str(other) for other, _, _ in cells[1:])
                self._refuse(row, f"同一项任务在{others}写得不同", reference(task), column)
                continue
            change = self._change(row, place, column, now[at], cell)
            self.changes.append(change)
            if not change.conflict:
                taken[column] = cell
        yield from self._corrections(task, now, taken)

    def _differing_of(self, row: FileRow, place: Place) -> list[str]:
        before = len(self.refused)
        found = self._differing(row, place)
        del self.refused[before:]  # told already
        return found

    def _change(self, row: FileRow, place: Place, column: str, now: str, cell: str) -> Change:
        exported = place.base[FILLED.index(column)] if place.base else None
        same = _sameness(place.row)[column]
        conflict = ""
        decided = self.latest.get((reference(place.row), _FIELD[column]))
        if exported is not None and not same(exported, now):
            conflict = f"导出后知识库已改{_by(decided)}"
        elif exported is None and decided is not None:
            conflict = f"文件没有记下导出时的内容，而知识库中已有更正{_by(decided)}"
        return Change(
            sheet=row.sheet,
            row=row.number,
            ref=reference(place.row),
            title=place.row.title or f"{place.row.text[:20]}…",
            column=column,
            before=now,
            after="" if squeezed(cell) in NOTHING else cell,
            exported=exported,
            note="；".join(filter(None, (place.note, self._unknown(place.row, column, cell)))),
            conflict=conflict,
        )

    def _unknown(self, task: MatrixRow, column: str, cell: str) -> str:
        """Which of the new departments the register does not know."""
        if column not in FILLED[:2]:
            return ""
        naming, held = self.title.naming, {body.name for body in task.bodies}
        new = [one.name for one in names(cell, task.open) if one.name not in held]
        unknown = [name for name in new if not naming.register.find(name) and name not in naming.named]
        return f"登记表中没有{'、'.join(f'“{name}”' for name in unknown)}，请核对" if unknown else ""

    def _corrections(self, task: MatrixRow, now: Said, taken: Mapping[str, str]) -> Iterator[Correction]:
        ref = reference(task)
        lead, support, deadline, remark = (taken[column] for column in FILLED)
        if (lead, support) != (now.lead, now.support):
            value = bodies(task, lead, support, self.title.naming.register.resolve)
            yield Correction(ref=ref, field="departments", value=value)
        if deadline != now.deadline:
            yield Correction(
                ref=ref, field="deadline", value=None if squeezed(deadline) in NOTHING else deadline.strip()
            )
        if remark != now.remark:
            yield Correction(ref=ref, field="remark", value="" if squeezed(remark) in NOTHING else remark.strip())


_FIELD: Mapping[str, Field] = {
    "牵头/责任部门": "departments",
    "配合部门": "departments",
    "完成时限": "deadline",
    "备注": "remark",
}


def _sameness(task: MatrixRow) -> Mapping[str, Same]:
    def departments(left: str, right: str) -> bool:
        return same_names(left, right, task.open)

    return dict(zip(FILLED, (departments, departments, same_day, same_remark), strict=True))


def _unfit(cell: str, column: str, task: MatrixRow) -> str:
    if FORMULA in cell:
        return "单元格是公式或错误值，请改成文字"
    if len(cell) > LONGEST:
        return f"有 {len(cell):,} 字，超过 {LONGEST:,} 字"
    if column in FILLED[:2] and any(len(one.name) > 40 for one in names(cell, task.open)):
        return "像一段话，不像部门名称；几个部门之间请用顿号隔开"
    return ""


def _by(decided: Decision | None) -> str:
    if decided is None:
        return ""
    why = f"，理由：{decided.why}" if decided.why else ""
    return f"（{decided.who} 于 {decided.at[:16].replace('T', ' ')} UTC 更正{why}）"
