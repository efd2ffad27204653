"""What pages, sheets and the command line show, as plain records: traces, links, targets, the matrix.

Nothing here decides anything; all is read from the knowledge base. Coverage of an upper document by a lower one is in
`index.coverage` and can be reached from here as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, Protocol

from index.comparison import TargetPair
from index.comparison import compare as compare_targets
from index.coverage import Counterpart, Coverage, counterparts, gaps, own_initiatives
from index.linking import link_pair, rank, stands_above
from schemas import Evidence, Level, Link, Origin, Policy, Record, RecordState, Target, Task, TaskRef
from schemas.links import Relation

__all__ = [
    "Chain",
    "Counterpart",
    "Coverage",
    "DocumentEdge",
    "DownStep",
    "MatrixRow",
    "TargetView",
    "Trace",
    "UpStep",
    "comparison_json",
    "counterparts",
    "document_graph",
    "gaps",
    "links",
    "matrix",
    "own_initiatives",
    "targets",
    "trace",
]

ASSERTED = 2
"""Links of this grade and above are asserted; grade 1 is shown as doubtful."""


class Records(Protocol):
    """What the views ask of a knowledge base."""

    def policies(self) -> tuple[Policy, ...]: ...

    def policy(self, slug: str) -> Policy: ...

    def task(self, ref: str) -> tuple[Policy, Task]: ...

    def links(self, lower: str | None = None, upper: str | None = None) -> tuple[Link, ...]: ...


class DocumentView(Record):
    """The document that a task stands in. ``text`` is ``outline`` where only facts are held."""

    slug: str
    title: str
    level: Level | None
    text: Literal["full", "outline"]


class Chain(Record):
    """How strong the chain is up to here: as strong as its weakest link, which is named."""

    grade: int
    score: float
    weakest_lower: TaskRef
    weakest_upper: TaskRef
    steps: int


class _Step(Record):
    lower: TaskRef
    upper: TaskRef
    grade: int
    relation: Relation
    score: float
    evidence: Evidence
    state: str
    note: str = ""
    document: DocumentView
    task: Task
    chain: Chain


class UpStep(_Step):
    """A link upward: the upper task, and what stands above that."""

    up: tuple[UpStep, ...] = ()


class DownStep(_Step):
    """A link downward: the lower task, and what carries that out."""

    down: tuple[DownStep, ...] = ()


class Trace(Record):
    """A task with all that stands above it and all that carries it out. ``note`` says why both are empty."""

    ref: str
    document: DocumentView
    task: Task
    up: tuple[UpStep, ...] = ()
    down: tuple[DownStep, ...] = ()
    note: str = ""


class TargetView(Record):
    """A target with its document; ``unchecked`` is shown as 未核."""

    doc: str
    task: str | None
    target: Target
    level: Level | None
    unchecked: bool


class MatrixRow(Record):
    """A row of the 任务分工表. ``upper`` are the tasks that it carries out, the surest first."""

    doc: str
    document: str
    section: str
    task: str
    title: str | None
    text: str
    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    deadline: str | None = None
    targets: tuple[str, ...] = ()
    upper: tuple[str, ...] = ()
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


def trace(kb: Records, ref: str, doubtful: bool = False) -> Trace:
    """The chain up and down from a task; with ``doubtful`` also the links of grade 1 of the first step.

    Raises:
        NotFound: there is no such task.
    """
    policy, task = kb.task(ref)
    start = TaskRef(doc=policy.slug, task=task.id)
    above, below = _by_side(kb.links())
    least = 1 if doubtful else ASSERTED
    up = tuple(_up(kb, above, start, least, (), None))
    down = tuple(_down(kb, below, start, least, (), None))
    note = "" if up or down else _why_alone(kb, policy, task)
    return Trace(ref=str(start), document=_document(policy), task=task, up=up, down=down, note=note)


Side = dict[tuple[str, str], list[Link]]


def _by_side(links: Sequence[Link]) -> tuple[Side, Side]:
    """The links that are not rejected, by their lower task and by their upper one, the best first."""
    above: Side = {}
    below: Side = {}
    for link in _best(link for link in links if link.state != "rejected"):
        above.setdefault((link.lower.doc, link.lower.task), []).append(link)
        below.setdefault((link.upper.doc, link.upper.task), []).append(link)
    return above, below


def _why_alone(kb: Records, policy: Policy, task: Task) -> str:
    if task.kind == "goals":
        return "目标类条目不参与任务关联，请看指标对照。"
    if len(kb.policies()) < 2:
        return "知识库中只有这一份文件，没有可以关联的上下级文件。"
    return "未找到可以认定的上级依据或下级落实；可能是本文件自有举措，也可能上下级文件尚未入库。"


def _up(
    kb: Records, side: Side, ref: TaskRef, least: int, seen: tuple[TaskRef, ...], chain: Chain | None
) -> Iterator[UpStep]:
    found = [link for link in side.get((ref.doc, ref.task), ()) if link.grade >= least]
    for link in found if chain is None else _one_each(found, "upper"):
        if link.upper in (*seen, ref):
            continue
        policy, task = kb.task(str(link.upper))
        now = _longer(chain, link)
        above = tuple(_up(kb, side, link.upper, ASSERTED, (*seen, ref), now)) if link.grade >= ASSERTED else ()
        yield UpStep(**_fields(link), document=_document(policy), task=task, chain=now, up=above)


def _down(
    kb: Records, side: Side, ref: TaskRef, least: int, seen: tuple[TaskRef, ...], chain: Chain | None
) -> Iterator[DownStep]:
    found = [link for link in side.get((ref.doc, ref.task), ()) if link.grade >= least]
    for link in found if chain is None else _one_each(found, "lower"):
        if link.lower in (*seen, ref):
            continue
        policy, task = kb.task(str(link.lower))
        now = _longer(chain, link)
        below = tuple(_down(kb, side, link.lower, ASSERTED, (*seen, ref), now)) if link.grade >= ASSERTED else ()
        yield DownStep(**_fields(link), document=_document(policy), task=task, chain=now, down=below)


def _best(found: Iterator[Link]) -> list[Link]:
    return sorted(found, key=lambda link: (-link.grade, -link.score, str(link.upper), str(link.lower)))


def _one_each(found: Sequence[Link], side: Literal["lower", "upper"]) -> list[Link]:
    """The best link to each document: beyond the first step a chain follows one way through each."""
    kept: dict[str, Link] = {}
    for link in found:
        kept.setdefault(getattr(link, side).doc, link)
    return list(kept.values())


def _fields(link: Link) -> dict[str, Any]:
    return {name: getattr(link, name) for name in Link.model_fields}


def _longer(chain: Chain | None, link: Link) -> Chain:
    if chain is not None and (chain.grade, chain.score) <= (link.grade, link.score):
        return chain.model_copy(update={"steps": chain.steps + 1})
    return Chain(
        grade=link.grade,
        score=link.score,
        weakest_lower=link.lower,
        weakest_upper=link.upper,
        steps=1 if chain is None else chain.steps + 1,
    )


def _document(policy: Policy) -> DocumentView:
    return DocumentView(slug=policy.slug, title=policy.title, level=policy.level, text=policy.text)


def links(kb: Records, lower: str | None = None, upper: str | None = None) -> tuple[Link, ...]:
    """The links, of all documents or of some. Two named documents are answered whatever their levels and dates:
    what the knowledge base does not hold, because the upper one does not stand above the lower, is linked now.

    Raises:
        NotFound: a document is not in the knowledge base.
    """
    if lower is None or upper is None:
        for slug in filter(None, (lower, upper)):
            kb.policy(slug)
        return kb.links(lower=lower, upper=upper)
    below, above = kb.policy(lower), kb.policy(upper)
    if stands_above(above, below):
        return kb.links(lower=lower, upper=upper)
    return link_pair(below, above)


def targets(kb: Records, indicator: str | None = None, compare: bool = False) -> Any:
    """The targets as `TargetView` records, or, compared, as `index.comparison.TargetPair`; of one indicator or all."""
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
    from index.texts import fold

    word = fold(indicator or "")
    return not word or any(word in fold(target.indicator) or word in fold(target.quote) for target in found)


def matrix(kb: Records, doc: str | None = None, department: str | None = None) -> tuple[MatrixRow, ...]:
    """The rows of the 任务分工表, of one document or all, of one department (any of its names) or all.

    Raises:
        NotFound: the document is not in the knowledge base.
    """
    policies = (kb.policy(doc),) if doc else tuple(sorted(kb.policies(), key=rank))
    wanted = _department(department)
    rows = []
    for policy in policies:
        above: dict[str, list[Link]] = {}
        for link in kb.links(lower=policy.slug):
            if link.grade >= ASSERTED and link.state != "rejected":
                above.setdefault(link.lower.task, []).append(link)
        rows += [
            _row(policy, task, above.get(task.id, []))
            for task in policy.tasks
            if task.state != "rejected" and (wanted is None or _has(task, wanted))
        ]
    return tuple(rows)


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
        deadline=task.deadline,
        targets=tuple(
            f"{target.quote}{'（未核）' if target.verified is False else ''}"
            for target in policy.targets
            if target.task == task.id
        ),
        upper=tuple(str(link.upper) for link in _best(iter(above))),
        state=task.state,
        again=task.again,
        remark=task.remark,
        origin=task.origin,
    )


def _department(name: str | None) -> frozenset[str] | None:
    """All names of the department that carries this name, the name itself included."""
    if name is None:
        return None
    from corpus.departments import register

    known = register()
    ids = known.find(name)
    return frozenset((name, *ids, *(other for body in ids for other in known.names(body))))


def _has(task: Task, names: frozenset[str]) -> bool:
    return any((body.canonical in names) if body.canonical else (body.name in names) for body in task.departments)


def document_graph(kb: Records) -> tuple[DocumentEdge, ...]:
    """Which document names which: basis and mentions, resolved through the catalogue; each pair once, basis first."""
    from corpus.catalogue import load

    catalogue = load()
    held = {policy.slug for policy in kb.policies()}
    by_title = {policy.title: policy.slug for policy in kb.policies()}
    edges: dict[tuple[str, str], DocumentEdge] = {}
    for policy in kb.policies():
        named: list[tuple[str, Literal["basis", "mention"], str | None]] = [
            (title, "basis", None) for title in policy.basis
        ]
        named += [(citation.title, citation.role, citation.doc) for citation in policy.citations]
        for title, role, slug in sorted(named, key=lambda row: row[1]):
            slug = slug or by_title.get(title) or catalogue.resolve(title)
            if slug != policy.slug:
                edge = DocumentEdge(lower=policy.slug, upper=slug, title=title, role=role, held=slug in held)
                edges.setdefault((policy.slug, slug or title), edge)
    return tuple(edges.values())
