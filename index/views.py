"""What pages, sheets and the command line show, as plain records: traces, links, targets, the matrix.

Nothing here decides anything; all is read from the knowledge base. Coverage of an upper document by a lower one is in
`index.linking.coverage` and can be reached from here as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any, Literal

from index.linking.basis import Counterpart, Initiative, counterparts, initiatives, nothing_above, own_initiatives
from index.linking.citing import namings
from index.linking.coverage import Coverage, gaps
from index.linking.evidence import Filling
from index.linking.linker import rank, stands_above
from index.linking.pairs import apart_note, links_of
from index.linking.tracing import ASSERTED, Chain, DocumentView, DownStep, Records, Trace, UpStep, best_first, trace
from index.targets.comparison import TargetPair
from index.targets.comparison import compare as compare_targets
from schemas import Level, Link, Origin, Policy, Record, RecordState, Responsibility, Target, Task
from schemas.policy import EffectiveRole

__all__ = [
    "Body",
    "Chain",
    "Counterpart",
    "Coverage",
    "DocumentEdge",
    "DocumentView",
    "DownStep",
    "Initiative",
    "MatrixRow",
    "TargetView",
    "Trace",
    "UpStep",
    "asked_for",
    "comparison_json",
    "counterparts",
    "document_graph",
    "gaps",
    "initiatives",
    "links",
    "matrix",
    "names_of",
    "note_on",
    "nothing_above",
    "own_initiatives",
    "targets",
    "trace",
    "waiting",
]


class TargetView(Record):
    """A target with its document; ``unchecked`` is shown as 未核."""

    doc: str
    task: str | None
    target: Target
    level: Level | None
    unchecked: bool


CARRIES_OUT = 3
"""Grade of a link whose lower task carries out the upper one, equally or as its plain concretisation."""
PARTIAL_SHOWN = 3
"""How many upper tasks of which a task carries out a part a 任务分工表 names: a cell that is read, not a list."""


class Body(Record):
    """A department of a row: its name and role as printed, its id in the register, what the role amounts to."""

    name: str
    role: str
    effective_role: EffectiveRole
    canonical: str | None = None


class MatrixRow(Record):
    """A row of the 任务分工表. ``lead`` are those that lead or answer, ``support`` all others; ``bodies`` are both with
    their roles; ``open``: the source leaves the list open (等). ``upper`` are the tasks that it carries out, ``partial`` the surest of which it carries
    out a part; the surest first in both. ``suspect`` are those of both whose link has to be seen again: a text changed."""

    doc: str
    document: str
    section: str
    task: str
    title: str | None
    text: str
    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    bodies: tuple[Body, ...] = ()
    open: bool = False
    deadline: str | None = None
    targets: tuple[str, ...] = ()
    upper: tuple[str, ...] = ()
    partial: tuple[str, ...] = ()
    suspect: tuple[str, ...] = ()
    state: RecordState = "extracted"
    again: bool = False
    remark: str = ""
    origin: Origin


class DocumentEdge(Record):
    """One document names another. ``upper`` is its slug, null where the catalogue does not know it."""

    lower: str
    upper: str | None
    title: str
    role: Literal["basis", "mention"]
    held: bool


def links(kb: Records, lower: str | None = None, upper: str | None = None) -> tuple[Link, ...]:
    """The links, of all documents or of some. Two named documents are answered whatever their levels, dates and places:
    what the knowledge base does not hold, because the upper one does not stand above the lower, is linked now.

    Raises:
        NotFound: a document is not in the knowledge base.
    """
    for slug in filter(None, (lower, upper)):
        kb.policy(slug)
    found = links_of(kb, lower, upper) if lower and upper else kb.links(lower=lower, upper=upper)
    return tuple(map(Filling(kb.task), found))


def note_on(kb: Records, lower: str | None, upper: str | None) -> str:
    """What has to be known of the links between two documents: why there are none, or that none binds."""
    for slug in filter(None, (lower, upper)):
        if not any(task.kind != "goals" for task in kb.policy(slug).tasks):
            return f"{slug} 没有任务条目，因此没有关联。"
    if len(kb.policies()) < 2:
        return "知识库中只有一份文件，没有可以关联的上下级文件。"
    if lower is None or upper is None:
        return ""
    if lower == upper:
        return "下级文件和上级文件是同一份；文件不与自身关联。"
    below, above = kb.policy(lower), kb.policy(upper)
    if stands_above(above, below):
        return ""
    return apart_note(below, above) or f"{upper} 不在 {lower} 之上，这里只比较内容是否对应，不表示落实关系。"


def waiting(kb: Records, lower: str | None = None, upper: str | None = None) -> str:
    """What has to be known of the stored links between two documents, or of one, or of all: people changed tasks since.

    Raises:
        NotFound: a document is not in the knowledge base.
    """
    named = [kb.policy(slug) for slug in (lower, upper) if slug is not None]
    if len(named) == 2 and not stands_above(named[1], named[0]):
        return ""  # such links are not stored
    changed = sum(len(kb.altered(policy.slug)) for policy in named or kb.policies())
    if not changed:
        return ""
    return (
        f"有 {changed} 项任务在建库以后更正过，这里用的仍是更正前的关联，下次建库（policytrace build）时更新；"
        "单独一项任务的新关联见 policytrace trace（责任追溯）。"
    )


def targets(kb: Records, indicator: str | None = None, compare: bool = False) -> Any:
    """The targets as `TargetView` records, or, compared, as `index.targets.comparison.TargetPair`; of one indicator or all."""
    if compare:
        return tuple(
            pair for pair in compare_targets(kb.policies()) if _about(indicator, pair.lower.target, pair.upper.target)
        )
    return tuple(
        TargetView(
            doc=policy.slug,
            task=target.task,
            target=target,
            level=policy.level,
            unchecked=target.verified is False,
        )
        for policy in sorted(kb.policies(), key=rank)
        for target in policy.targets
        if _about(indicator, target)
    )


def comparison_json(pair: TargetPair) -> dict[str, Any]:
    """A compared pair in the shape that the command line prints."""
    sides = {
        name: {"doc": one.doc, "task": one.task, "quote": one.target.quote}
        for name, one in (("lower", pair.lower), ("upper", pair.upper))
    }
    unchecked = pair.lower.target.verified is False or pair.upper.target.verified is False
    return {**sides, "relation": pair.relation, "reason": pair.reason, "unchecked": unchecked}


def _about(indicator: str | None, *found: Target) -> bool:
    from index.linking.texts import fold

    word = fold(indicator or "")
    return not word or any(word in fold(target.indicator) or word in fold(target.quote) for target in found)


def matrix(kb: Records, doc: str | None = None, department: str | None = None) -> tuple[MatrixRow, ...]:
    """The rows of the 任务分工表, of one document or all, of one department (any of its names) or all.

    Raises:
        NotFound: the document is not in the knowledge base.
    """
    rows = []
    for policy, tasks in groupby(asked_for(kb, doc, department), lambda one: one[0]):
        above: dict[str, list[Link]] = {}
        for link in kb.links(lower=policy.slug):
            if link.grade >= ASSERTED and link.state != "rejected":
                above.setdefault(link.lower.task, []).append(link)
        rows += [_row(policy, task, above.get(task.id, [])) for _, task in tasks]
    return tuple(rows)


def asked_for(
    kb: Records, doc: str | None = None, department: str | None = None, role: str | None = None
) -> Iterator[tuple[Policy, Task]]:
    """The tasks that a 任务分工表 has, in its order; with a role, those in which the department (or anybody) has it.

    Raises:
        NotFound: the document is not in the knowledge base.
    """
    wanted = names_of(kb, department)
    for policy in (kb.policy(doc),) if doc else tuple(sorted(kb.policies(), key=rank)):
        for task in policy.tasks:
            if task.state != "rejected" and _has(task, wanted, role):
                yield policy, task


def _row(policy: Policy, task: Task, above: list[Link]) -> MatrixRow:
    section = next((section.title for section in policy.sections if section.id == task.section), task.section or "")
    by_role = {
        role: tuple(
            dict.fromkeys(
                body.name for body in task.departments if (body.effective_role in ("lead", "responsible")) is role
            )
        )
        for role in (True, False)
    }
    return MatrixRow(
        doc=policy.slug,
        document=policy.title,
        section=section,
        task=task.id,
        title=task.title,
        text=task.text,
        lead=by_role[True],
        support=by_role[False],
        bodies=tuple(dict.fromkeys(_body(body) for body in task.departments)),
        open=task.departments_open,
        deadline=task.deadline,
        targets=tuple(
            f"{target.quote}{'（未核）' if target.verified is False else ''}"
            for target in policy.targets
            if target.task == task.id
        ),
        upper=tuple(str(link.upper) for link in best_first(above) if link.grade == CARRIES_OUT),
        partial=tuple(str(link.upper) for link in best_first(above) if link.grade < CARRIES_OUT)[:PARTIAL_SHOWN],
        suspect=tuple(str(link.upper) for link in best_first(above) if link.state == "suspect"),
        state=task.state,
        again=task.again,
        remark=task.remark,
        origin=task.origin,
    )


def _body(body: Responsibility) -> Body:
    return Body(name=body.name, role=body.role, effective_role=body.effective_role, canonical=body.canonical)


def names_of(kb: Any, name: str | None) -> frozenset[str] | None:
    """All names of the department that carries this name, the name itself included."""
    if name is None:
        return None
    from index.deciding.organisations import register_of

    known = register_of(kb)
    ids = known.find(name)
    return frozenset((name, *ids, *(other for body in ids for other in known.names(body))))


def _has(task: Task, names: frozenset[str] | None, role: str | None) -> bool:
    if names is None and role is None:
        return True
    return any(
        (names is None or (body.canonical or body.name) in names) and role in (None, body.effective_role)
        for body in task.departments
    )


def document_graph(kb: Records) -> tuple[DocumentEdge, ...]:
    """Which document names which: basis and mentions, resolved through the catalogue; each pair once, basis first."""
    policies = kb.policies()
    held = {policy.slug for policy in policies}
    edges: dict[tuple[str, str], DocumentEdge] = {}
    for lower, title, role, upper in namings(policies):
        edge = DocumentEdge(lower=lower, upper=upper, title=title, role=role, held=upper in held)
        edges.setdefault((lower, upper or title), edge)
    return tuple(edges.values())
