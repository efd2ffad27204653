"""The other way round: what a document does that nobody above asked for, and which office stands for which body."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from corpus.departments import Register
from index.deciding.organisations import register_of
from index.linking.coverage import missing
from index.linking.linker import rank
from index.linking.pairs import links_of
from index.linking.texts import is_restated
from schemas import Link, Policy, Record, Task, TaskRef

ASSERTED = 2
REASONS = {
    "own": "没有上级任务可以认定为它的依据，可能是自有举措，也可能依据尚未入库",
    "soft": "只有上级提纲中部分相关的任务，不足以认定依据",
    "suspect": "所依据的关联经人确认后文字已改，重新确认前不能算作依据",
    "partly": "有上级依据，但这些举措在所依据的上级任务中未见",
}
OUTLINED = "（上级依据中有提纲，未载全文，须对照原文）"


InitiativeState = Literal["own", "soft", "suspect", "partly"]


class Initiative(Record):
    """A task, or measures of it (verbatim), that no document of a higher level asks for, as far as is held.

    ``state``: ``own`` no link at all, ``soft`` only part of an outline's task, ``suspect`` only links whose texts changed
    since a person confirmed them, ``partly`` a basis, but not for these measures. ``nearest`` is the upper task that comes closest.
    """

    task: TaskRef
    state: InitiativeState
    measures: tuple[str, ...]
    nearest: TaskRef | None
    reason: str


class Counterpart(Record):
    """A lower department answers for what an upper one answers for, in these pairs of tasks (upper, lower).

    ``suspect`` are those of the pairs whose link has to be seen again, since a text changed after a person confirmed it.
    """

    upper: str
    lower: str
    count: int
    pairs: tuple[tuple[TaskRef, TaskRef], ...]
    suspect: tuple[tuple[TaskRef, TaskRef], ...] = ()


def initiatives(kb: Any, lower: str) -> tuple[Initiative, ...]:
    """What of a document is its own, task by task in its order.

    A grade 2 toward an outline is read from titles and terms and is no basis by itself; of an outline itself no measures
    are told, for it holds none. Phases and expected results
    say the work again and are left out, and so is what documents of the same level ask for.

    Raises:
        NotFound: the document is not in the knowledge base.
    """
    policy = kb.policy(lower)
    above = {other.slug: other for other in kb.policies() if _is_higher(other, policy)}
    links: dict[str, list[Link]] = {}
    for link in kb.links(lower=lower):
        if link.upper.doc in above and link.state != "rejected":
            links.setdefault(link.lower.task, []).append(link)
    tasks = (task for task in policy.tasks if task.kind != "goals" and not is_restated(task))
    found = (_initiative(policy, task, links.get(task.id, []), above) for task in tasks)
    return tuple(one for one in found if one is not None)


def nothing_above(kb: Any, lower: str) -> str:
    """That no document of a higher level is held, so that nothing can be said of a document's basis; else empty.

    Raises:
        NotFound: the document is not in the knowledge base.
    """
    policy = kb.policy(lower)
    if any(_is_higher(other, policy) for other in kb.policies()):
        return ""
    return f"知识库中没有层级高于 {lower} 的文件，它的任务有没有依据无从判断。"


def own_initiatives(kb: Any, lower: str) -> tuple[TaskRef, ...]:
    """The tasks of a document for which no basis in a document of a higher level can be asserted.

    Raises:
        NotFound: the document is not in the knowledge base.
    """
    return tuple(one.task for one in initiatives(kb, lower) if one.state != "partly")


def _is_higher(upper: Policy, lower: Policy) -> bool:
    return rank(upper)[0] < rank(lower)[0]


def _initiative(policy: Policy, task: Task, links: list[Link], above: dict[str, Policy]) -> Initiative | None:
    asserted = [link for link in links if link.grade >= ASSERTED]
    sound = [link for link in asserted if link.state != "suspect"]
    firm = [link for link in sound if link.grade == 3 or above[link.upper.doc].text == "full"]
    state: InitiativeState = "partly" if firm else "soft" if sound else "suspect" if asserted else "own"
    texts = [found for link in links if (found := above[link.upper.doc].task(link.upper.task)) is not None]
    measures = missing(task, texts)
    if firm and (not measures or policy.text == "outline"):
        return None
    best = max(links, key=lambda link: link.score, default=None)
    return Initiative(
        task=TaskRef(doc=policy.slug, task=task.id),
        state=state,
        measures=measures,
        nearest=best.upper if best else None,
        reason=REASONS[state]
        + (OUTLINED if firm and any(above[one.upper.doc].text == "outline" for one in links) else ""),
    )


def counterparts(kb: Any, upper: str | None = None, lower: str | None = None) -> tuple[Counterpart, ...]:
    """Which lower department answers for what which upper one answers for, the most frequent first, of these the surest.

    Counted over asserted links between two documents, whatever stands above what, or between all documents of
    different levels.

    Raises:
        NotFound: a document is not in the knowledge base.
    """
    for slug in filter(None, (upper, lower)):
        kb.policy(slug)
    cells: dict[tuple[str, str], list[Link]] = {}
    known = register_of(kb)
    found = links_of(kb, lower, upper) if lower and upper else kb.links(lower=lower, upper=upper)
    for link in found:
        (above, high), (below, low) = kb.task(str(link.upper)), kb.task(str(link.lower))
        if link.grade < ASSERTED or link.state == "rejected" or not (_is_higher(above, below) or (upper and lower)):
            continue
        for name in _names(known, high):
            for other in _names(known, low):
                cells.setdefault((name, other), []).append(link)
    rows = (_counterpart(*bodies, links) for bodies, links in cells.items())
    return tuple(sorted(rows, key=lambda row: (-row.count, len(row.suspect), row.upper, row.lower)))


def _counterpart(upper: str, lower: str, links: Sequence[Link]) -> Counterpart:
    again = [link for link in links if link.state == "suspect"]
    pairs, suspect = (tuple((link.upper, link.lower) for link in some) for some in (links, again))
    return Counterpart(upper=upper, lower=lower, count=len(pairs), pairs=pairs, suspect=suspect)


def _names(known: Register, task: Task) -> tuple[str, ...]:
    """The departments of a task by their registered names, each once."""
    return tuple(
        dict.fromkeys(known.name(body.canonical) if body.canonical else body.name for body in task.departments)
    )
