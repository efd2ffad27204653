"""The chain up and down from a task: who asked for it, and who carries it out, step by step, each with its evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Literal, Protocol

from index.linking.evidence import Filling
from schemas import LEVELS, Evidence, Level, Link, Policy, Record, Task, TaskRef
from schemas.links import Relation

ASSERTED = 2
"""Links of this grade and above are asserted; grade 1 is shown as doubtful."""


class Records(Protocol):
    """What the views ask of a knowledge base."""

    def policies(self) -> tuple[Policy, ...]: ...

    def policy(self, slug: str) -> Policy: ...

    def task(self, ref: str) -> tuple[Policy, Task]: ...

    def links(self, lower: str | None = None, upper: str | None = None) -> tuple[Link, ...]: ...

    def altered(self, slug: str) -> frozenset[str]: ...

    def relinked(self, ref: TaskRef) -> tuple[Link, ...] | None: ...


class DocumentView(Record):
    """The document that a task stands in. ``text`` is ``outline`` where only facts are held; ``superseded_by`` the
    document that put it out of force."""

    slug: str
    title: str
    level: Level | None
    text: Literal["full", "outline"]
    superseded_by: str | None = None


class Chain(Record):
    """How strong the chain is up to here: as strong as its weakest link, which is named.

    ``suspects`` are the links on the way, as (lower, upper), whose texts changed since a person confirmed them: what is
    beyond rests on them.
    """

    grade: int
    score: float
    weakest_lower: TaskRef
    weakest_upper: TaskRef
    steps: int
    suspects: tuple[tuple[TaskRef, TaskRef], ...] = ()


class _Step(Record):
    """``outdated``: people changed one of the tasks since the link was found; it is looked at again by the next build."""

    lower: TaskRef
    upper: TaskRef
    grade: int
    relation: Relation
    score: float
    evidence: Evidence
    state: str
    note: str = ""
    outdated: bool = False
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
    """A task with all that stands above it and all that carries it out. ``note`` says why both are empty, ``relinked``
    that its own links were found now, because people changed the task since the last build."""

    ref: str
    document: DocumentView
    task: Task
    up: tuple[UpStep, ...] = ()
    down: tuple[DownStep, ...] = ()
    note: str = ""
    relinked: str = ""


RELINKED = (
    "这项任务在建库以后更正过，它的直接关联已按更正后的内容重新查找；"
    "其他任务的关联、缺口和任务分工表在下次建库（policytrace build）时更新。"
)
FARTHEST = 5
"""Steps of the longest chain: from a park over district, city and province to the nation."""
FOLLOWED = 3
"""Beyond the first step so many of the strongest links of a task are followed, one to each document."""


def trace(kb: Records, ref: str, doubtful: bool = False) -> Trace:
    """The chain up and down from a task; with ``doubtful`` also the links of grade 1 of the first step.

    The surest links come first, of these the documents that are named as basis or in passing, then the nearest level. Beyond the direct links a chain leaves its level with each
    step. Each task is followed once, where it stands nearest to the start; elsewhere nothing stands below it.

    Raises:
        NotFound: there is no such task.
    """
    policy, task = kb.task(ref)
    start = TaskRef(doc=policy.slug, task=task.id)
    least = 1 if doubtful else ASSERTED
    own = kb.relinked(start)
    up = tuple(UpStep(**fields) for fields in _Walk(kb, start, "upper", least, own).steps())
    down = tuple(DownStep(**fields) for fields in _Walk(kb, start, "lower", least, own).steps())
    note = "" if up or down else _why_alone(kb, policy, task)
    relinked = "" if own is None else RELINKED
    return Trace(ref=str(start), document=view(policy), task=task, up=up, down=down, note=note, relinked=relinked)


def view(policy: Policy) -> DocumentView:
    """What is shown of a task's document."""
    return DocumentView(
        slug=policy.slug, title=policy.title, level=policy.level, text=policy.text, superseded_by=policy.superseded_by
    )


def best_first(found: Iterable[Link]) -> list[Link]:
    """The links by grade, then score."""
    return sorted(found, key=lambda link: (-link.grade, -link.score, str(link.upper), str(link.lower)))


class _Walk:
    """One way through the links, up or down, breadth first, so that what stands nearest is followed there."""

    def __init__(
        self,
        kb: Records,
        start: TaskRef,
        side: Literal["lower", "upper"],
        least: int,
        own: tuple[Link, ...] | None,
    ) -> None:
        self._kb, self._start, self._side, self._least, self._own = kb, start, side, least, own
        self._inner = "up" if side == "upper" else "down"
        self._policy = cache(kb.policy)
        self._filled = Filling(self._task)
        self._by_task: dict[str, dict[str, list[Link]]] = {}

    def steps(self) -> list[dict[str, Any]]:
        """The direct links as fields of steps, each with the steps beyond it."""
        direct = [self._step(link, None) for link in self._from(self._start, self._least)]
        seen, edge = {self._start}, direct
        for _ in range(FARTHEST - 1):
            edge = [further for step in edge for further in self._beyond(step, seen)]
        return direct

    def _beyond(self, step: dict[str, Any], seen: set[TaskRef]) -> list[dict[str, Any]]:
        ref: TaskRef = step[self._side]
        if step["grade"] < ASSERTED or ref in seen:
            return []
        seen.add(ref)
        links = [link for link in self._from(ref, ASSERTED) if self._distance(ref, self._end(link))]
        step[self._inner] = [self._step(link, step["chain"]) for link in _one_each(links, self._end)[:FOLLOWED]]
        found: list[dict[str, Any]] = step[self._inner]
        return found

    def _end(self, link: Link) -> TaskRef:
        return link.upper if self._side == "upper" else link.lower

    def _from(self, ref: TaskRef, least: int) -> list[Link]:
        """The links of a task in this direction, the surest first, of these those to a document that the lower one names,
        then the nearest level."""
        found = [link for link in self._of(ref) if link.grade >= least and self._end(link) != ref]
        return sorted(
            found,
            key=lambda link: (-link.grade, not _is_cited(link), self._distance(ref, self._end(link)), -link.score),
        )

    def _of(self, ref: TaskRef) -> list[Link]:
        up = self._side == "upper"
        if self._own is not None and ref == self._start:
            own = (link for link in self._own if (link.lower if up else link.upper) == ref)
            return best_first(link for link in own if link.state != "rejected")
        if ref.doc not in self._by_task:
            links = self._kb.links(lower=ref.doc) if up else self._kb.links(upper=ref.doc)
            by_task = self._by_task.setdefault(ref.doc, {})
            for link in best_first(link for link in links if link.state != "rejected"):
                by_task.setdefault((link.lower if up else link.upper).task, []).append(link)
        return self._by_task[ref.doc].get(ref.task, [])

    def _task(self, ref: str) -> tuple[Policy, Task]:
        policy = self._policy(ref.partition("#")[0])
        task = policy.task(ref.partition("#")[2])
        return (policy, task) if task is not None else self._kb.task(ref)

    def _distance(self, one: TaskRef, other: TaskRef) -> int:
        places = [_place(self._policy(ref.doc).level) for ref in (one, other)]
        return abs(places[0] - places[1])

    def _step(self, link: Link, chain: Chain | None) -> dict[str, Any]:
        policy, task = self._task(str(self._end(link)))
        whole = self._filled(link)
        own = {name: getattr(whole, name) for name in Link.model_fields}
        outdated = self._outdated(link)
        return {**own, "outdated": outdated, "document": view(policy), "task": task, "chain": _longer(chain, link)}

    def _outdated(self, link: Link) -> bool:
        if link.state != "proposed" or (self._own is not None and self._start in (link.lower, link.upper)):
            return False
        return any(end.task in self._kb.altered(end.doc) for end in (link.lower, link.upper))


def _is_cited(link: Link) -> bool:
    """Whether the lower document names the upper one (《…》): what it was made under comes before what is merely alike."""
    return any(signal.name == "citation" for signal in link.evidence.signals)


def _place(level: Level | None) -> int:
    return LEVELS.index(level) if level else len(LEVELS)


def _one_each(found: Iterable[Link], end: Callable[[Link], TaskRef]) -> list[Link]:
    """The first link to each document."""
    kept: dict[str, Link] = {}
    for link in found:
        kept.setdefault(end(link).doc, link)
    return list(kept.values())


def _longer(chain: Chain | None, link: Link) -> Chain:
    steps = 1 if chain is None else chain.steps + 1
    suspects = (*(chain.suspects if chain else ()), *([(link.lower, link.upper)] if link.state == "suspect" else ()))
    if chain is not None and (chain.grade, chain.score) <= (link.grade, link.score):
        return chain.model_copy(update={"steps": steps, "suspects": suspects})
    return Chain(
        grade=link.grade,
        score=link.score,
        weakest_lower=link.lower,
        weakest_upper=link.upper,
        steps=steps,
        suspects=suspects,
    )


def _why_alone(kb: Records, policy: Policy, task: Task) -> str:
    if task.kind == "goals":
        return "目标类条目不参与任务关联，请看指标对照。"
    if len(kb.policies()) < 2:
        return "知识库中只有这一份文件，没有可以关联的上下级文件。"
    return "未找到可以认定的上级依据或下级落实；可能是本文件自有举措，也可能上下级文件尚未入库。"
