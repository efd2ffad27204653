"""What decisions amount to: pure functions from a history to the present state, and from a `Policy` to the corrected one.

The order of a history is that of ``at``, then ``id``; so two stores that exchange their decisions agree.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from pydantic import JsonValue, ValidationError

from index.deciding.organisations import identified
from schemas import Decision, Origin, Policy, PolicyError, Record, RecordState, Standing, Subject, Target, Task

EDITABLE: dict[str, tuple[str, ...]] = {
    "task": ("title", "text", "departments", "deadline", "kind", "section", "key_terms", "remark"),
    "target": ("indicator", "direction", "value", "unit", "bound", "baseline_year", "target_year", "quote", "per_year"),
    "document": ("title", "level", "date", "doc_number", "issuers", "status", "superseded_by"),
    "link": ("grade", "relation"),
    "department": ("canonical",),
    "organisation": ("name", "aliases", "level", "parent"),
    "coverage": (),
}
"""The fields of each kind of record that a person may correct."""

SILENT = ("remove", "move")
"""What is part of the history and says nothing of how a record is."""

FIELD = {
    "title": "标题",
    "text": "正文",
    "departments": "部门",
    "deadline": "时限",
    "kind": "类别",
    "section": "章节",
    "key_terms": "关键词",
    "remark": "备注",
    "indicator": "指标",
    "direction": "方向",
    "value": "数值",
    "unit": "单位",
    "bound": "界限",
    "baseline_year": "基准年份",
    "target_year": "目标年份",
    "quote": "目标原文",
    "per_year": "每年",
    "level": "层级",
    "date": "日期",
    "doc_number": "文号",
    "issuers": "发文机关",
    "status": "效力",
    "superseded_by": "被何文件取代",
    "grade": "等级",
    "relation": "关系",
    "canonical": "登记编号",
    "name": "全称",
    "aliases": "别名",
    "parent": "上级部门",
}
"""The fields as people call them."""
ALSO = {"完成时限": "deadline", "责任部门": "departments", "主要内容": "text", "名称": "title"}
"""Other names for some."""

R = TypeVar("R", bound=Record)


class Placed(NamedTuple):
    """A decision, and whether the text that it was said of reads as it did."""

    decision: Decision
    fresh: bool = True


def ordered(history: Iterable[Decision]) -> list[Decision]:
    """The history in its order."""
    return sorted(history, key=lambda one: (one.at, one.id))


def standing(history: Sequence[Placed]) -> list[Placed]:
    """The entries that are not undone, the undoing ones left out. An undo that is itself undone does nothing."""
    gone: set[str] = set()
    kept: list[Placed] = []
    for one in reversed(history):
        if one.decision.id in gone:
            continue
        if one.decision.verdict == "undo":
            gone.add(one.decision.undoes or "")
        else:
            kept.append(one)
    return kept[::-1]


def undone(history: Sequence[Decision]) -> frozenset[str]:
    """The ids of the entries that do not stand because they were undone."""
    kept = {one.decision.id for one in standing([Placed(one) for one in history])}
    return frozenset(one.id for one in history if one.verdict != "undo" and one.id not in kept)


def resolve(subject: Subject, history: Sequence[Placed]) -> Standing | None:
    """What the decisions on one record amount to, or None where nothing stands. `history` is in order."""
    kept = [one for one in standing(history) if one.decision.verdict not in SILENT]
    if not kept:
        return None
    last = kept[-1].decision
    return Standing(
        subject=subject,
        state=_state(kept),
        again=bool(_stale(kept)),
        fields=_fields(kept),
        verdict=last.verdict,
        who=last.who,
        at=last.at,
        why=last.why,
        decision=last.id,
    )


def _state(kept: Sequence[Placed]) -> RecordState:
    """A rejection holds until somebody says otherwise; what is added or corrected stays so when it is confirmed."""
    verdicts = [one.decision.verdict for one in kept]
    if verdicts[-1] == "reject":
        return "rejected"
    if "add" in verdicts:
        return "added"
    return "corrected" if {"correct", "not_applicable"} & set(verdicts) else "confirmed"


def _fields(kept: Sequence[Placed]) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {}
    for one, _ in kept:
        if one.verdict == "correct":
            found[one.field] = one.after
        elif isinstance(one.after, dict):
            found.update(one.after)
    return found


def _stale(kept: Sequence[Placed]) -> set[str]:
    """The fields whose last decision was said of a text that has changed, nobody having looked at the record since."""
    found: set[str] = set()
    for one, fresh in kept:
        field = one.field if one.verdict == "correct" else ""
        if not fresh:
            found.add(field)
        elif field:
            found.discard(field)
        else:
            found.clear()
    return found


def resolve_all(history: Iterable[tuple[Subject, Placed]]) -> dict[Subject, Standing]:
    """`resolve` for every record of a history that is in order."""
    by_subject: dict[Subject, list[Placed]] = {}
    for subject, placed in history:
        by_subject.setdefault(subject, []).append(placed)
    found = ((subject, resolve(subject, said)) for subject, said in by_subject.items())
    return {subject: one for subject, one in found if one}


def as_of(history: Iterable[Decision], moment: str) -> list[Decision]:
    """The history up to a moment: a day (``2025-03-01``, the whole of it) or any ISO 8601 prefix or time, UTC."""
    return [one for one in history if one.at[: len(moment)] <= moment]


class Overlay:
    """Decisions by the document that they are about, to be laid over many documents."""

    def __init__(self, standings: Mapping[Subject, Standing]) -> None:
        self.by_doc: dict[str, dict[Subject, Standing]] = {}
        for subject, one in standings.items():
            self.by_doc.setdefault(subject.doc, {})[subject] = one
        self.named = identified(self.by_doc.get("", {}))

    def over(self, policy: Policy) -> Policy:
        """The document as people left it; the document itself where they left it alone. What does not fit the record
        any more is left out, the record marked `again`."""
        mine = self.by_doc.get(policy.slug, {})
        if not mine and not self.named:
            return policy
        tasks = [_over_task(t, mine.get(Subject(kind="task", doc=policy.slug, item=t.id))) for t in policy.tasks]
        targets = [_over(t, mine.get(Subject(kind="target", doc=policy.slug, item=t.id))) for t in policy.targets]
        changes = {
            "tasks": tuple(_renamed(task, self.named) for task in [*tasks, *_added(policy, mine, "task", Task)]),
            "targets": (*targets, *_added(policy, mine, "target", Target)),
        }
        if not mine and all(one is other for one, other in zip(policy.tasks, changes["tasks"], strict=True)):
            return policy
        own = mine.get(Subject(kind="document", doc=policy.slug))
        return _patched(policy.model_copy(update=changes), own.fields if own else {})


def lay_over(policy: Policy, standings: Mapping[Subject, Standing]) -> Policy:
    """One document as people left it; see `Overlay`."""
    return Overlay(standings).over(policy)


def _over(record: R, one: Standing | None) -> R:
    if one is None:
        return record
    marks: dict[str, Any] = {"state": one.state, "again": one.again}
    try:
        return _patched(record.model_copy(update=marks), one.fields)
    except PolicyError:
        return record.model_copy(update={**marks, "again": True})


def _over_task(task: Task, one: Standing | None) -> Task:
    if one is None:
        return task
    fields = {name: value for name, value in one.fields.items() if name in EDITABLE["task"]}
    return _over(task, one.model_copy(update={"fields": {**fields, **dict(_following(task, fields))}}))


def _following(task: Task, fields: Mapping[str, JsonValue]) -> Iterator[tuple[str, JsonValue]]:
    """What changes in a task with the fields that people corrected, so that nothing of it still says the old."""
    bodies, title, text = fields.get("departments"), fields.get("title"), fields.get("text")
    if isinstance(bodies, list):
        yield "departments", placed_at(bodies, task.origin)
        yield "departments_from", "own" if bodies else "none"
        unassigned = (one.model_copy(update={"departments": ()}) for one in task.measures)
        yield "measures", [one.model_dump(mode="json") for one in unassigned]
    if isinstance(title, str) and task.title and task.path[-1:] == (task.title,):
        yield "path", [*task.path[:-1], title]
    if isinstance(text, str):
        yield "starts_with", text[:15]


def placed_at(bodies: Sequence[JsonValue], origin: Origin) -> list[JsonValue]:
    """Departments as a person gives them (name, role, effective_role), made to stand where the task stands."""
    place = origin.model_dump(mode="json")
    return [{"origin": place, **body} for body in bodies if isinstance(body, dict)]


def _patched(record: R, fields: Mapping[str, JsonValue]) -> R:
    """The record with other values. Raises ``PolicyError`` where they are none that the record may have."""
    if not fields:
        return record
    try:
        checked = type(record).model_validate_json(json.dumps({**record.model_dump(mode="json"), **fields}))
    except ValidationError as error:
        problem = error.errors(include_url=False, include_context=False)[0]
        place = ".".join(map(str, problem["loc"]))
        raise PolicyError(f"{place} 不能是这个值：{problem.get('input')!r}", problem["msg"]) from error
    return checked


def field_named(name: str) -> str:
    """The field that a person means by its Chinese name, or by its own."""
    return {**{spoken: code for code, spoken in FIELD.items()}, **ALSO}.get(name.strip(), name.strip())


def check_value(record: Record, kind: str, field: str, value: JsonValue) -> None:
    """Raises ``PolicyError`` if a field of this kind of record cannot be corrected, or not to this value."""
    if field not in EDITABLE[kind]:
        names = "、".join(f"{FIELD[name]}（{name}）" for name in EDITABLE[kind]) or "无"
        raise PolicyError(f"不能更正“{field}”", f"可以更正的有：{names}。")
    if isinstance(record, Task) and field == "departments" and isinstance(value, list):
        value = placed_at(value, record.origin)
    _patched(record, {field: value})


def _added(
    policy: Policy, mine: Mapping[Subject, Standing], kind: str, make: Callable[..., R] | type[R]
) -> Iterable[R]:
    """The records that people added, as far as the extraction does not have them itself."""
    held = {one.id for one in (policy.tasks if kind == "task" else policy.targets)}
    for subject, one in sorted(mine.items(), key=lambda row: row[0].item):
        if subject.kind != kind or one.state not in ("added", "rejected") or subject.item in held:
            continue
        if "origin" not in one.fields:
            continue
        fields = {**one.fields, "id": subject.item, "state": one.state, "again": one.again}
        try:
            yield make(**fields)
        except ValidationError:
            continue


def _renamed(task: Task, named: Mapping[str, str]) -> Task:
    """The task with the departments that people identified."""
    if not named or not any(body.canonical is None and body.name in named for body in task.departments):
        return task
    bodies = (
        body if body.canonical else body.model_copy(update={"canonical": named.get(body.name)})
        for body in task.departments
    )
    return task.model_copy(update={"departments": tuple(bodies)})


def stamps(standings: Mapping[Subject, Standing]) -> list[str]:
    """What an index that is made of documents with these decisions laid over them depends on."""
    shown = (one for subject, one in standings.items() if subject.kind not in ("link", "coverage"))
    return sorted(f"{one.subject} {one.state} {json.dumps(one.fields, ensure_ascii=False)}" for one in shown)
