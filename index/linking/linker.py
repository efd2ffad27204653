"""Which task carries out which: links from lower tasks to upper tasks, graded, scored, with their evidence.

`link` is the whole way: candidates in one sparse product (`index.linking.candidates`), signals of all pairs at once
(`index.linking.signals`), a small model for grade and score (`index.linking.grading`), fragments and reasons (`index.linking.evidence`).
The heavy libraries are loaded when it is called, so importing this module costs next to nothing.
"""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from index.linking.places import all_apart, apart, place_of
from schemas import LEVELS, Evidence, Link, Policy, Signal, TaskRef
from schemas.links import Relation

if TYPE_CHECKING:
    from index.linking.candidates import Reach
    from index.linking.evidence import Region
    from index.linking.grams import Array
    from index.linking.reasons import Reasons
    from index.linking.texts import TaskText

FEW = 20
"""So many documents are linked in depth; among more only the nearest of each task are looked at."""
EAGER = 1
"""In a large collection so many links of each lower task get their fragments at once, the others when they are looked
at (`index.linking.evidence.Filling`): most are never looked at."""
SHOWN = 0.15
"""Signals weaker than this share of the strongest are left out of the evidence."""


def rank(policy: Policy) -> tuple[int, int, str, str]:
    """Where a document stands: level, 规划 before 方案 within a level, then by date and name. Smaller stands above."""
    level = LEVELS.index(policy.level) if policy.level else len(LEVELS)
    return level, 0 if "规划" in policy.title else 1, policy.date or "9999", policy.slug


def stands_above(upper: Policy, lower: Policy) -> bool:
    """Whether the upper document binds the lower one: a higher level, or within one level a 规划, else the older; and
    nothing says that they are of different places.
    """
    outranks = upper.slug != lower.slug and rank(upper) < rank(lower)
    return outranks and apart(place_of(upper), place_of(lower)) is None


def link(policies: Sequence[Policy], reader: Any = None, changed: Collection[str] | None = None) -> tuple[Link, ...]:
    """The links between the tasks of the documents, from each lower document to all that stand above it.

    With ``changed`` (slugs) only of pairs of documents of which one is among them: what linking all gives for these.
    The pairs of a document hang together (what is nearest, what is distinctive), so they are the least that is linked.

    ``reader`` is the Whoosh reader of the index that holds these documents; its postings give the candidates.
    Without one the policies' own words do. Links come in the order of documents and tasks, the best first.
    """
    ordered = _distinct(policies)
    new = [changed is None or policy.slug in changed for policy in ordered]
    with _no_collection():
        return _link(ordered, _above(ordered), reader, new)


def link_task(
    policies: Sequence[Policy], ref: TaskRef, reader: Any = None, reach: Reach | None = None
) -> tuple[Link, ...]:
    """The links of one task, to what stands above it and from what stands below: of those of `link` the ones it is in.

    The pairs of its document are graded as a whole, for they hang together; only its own become records. ``reader`` as
    in `link`; ``reach`` is that of the collection that ``policies`` are a part of, if they are not all.
    """
    ordered = _distinct(policies)
    return _link(ordered, _above(ordered), reader, [policy.slug == ref.doc for policy in ordered], ref, reach)


def link_pair(lower: Policy, upper: Policy) -> tuple[Link, ...]:
    """The links of one document to another, whatever their levels, dates and places; none from a document to itself."""
    if lower.slug == upper.slug:
        return ()
    return _link((lower, upper), [[False, True], [False, False]], None, [True, True])


def _distinct(policies: Sequence[Policy]) -> tuple[Policy, ...]:
    """Each slug once, from above to below."""
    return tuple(sorted({policy.slug: policy for policy in policies}.values(), key=rank))


def _above(policies: Sequence[Policy]) -> list[list[bool]]:
    """For each lower document and each other one, whether that stands above it; as `stands_above`."""
    ranks = [rank(policy) for policy in policies]
    return [
        [upper < lower and not elsewhere for upper, elsewhere in zip(ranks, row, strict=True)]
        for lower, row in zip(ranks, all_apart(policies), strict=True)
    ]


def _link(
    policies: Sequence[Policy],
    above: list[list[bool]],
    reader: Any,
    new: Sequence[bool],
    only: TaskRef | None = None,
    reach: Reach | None = None,
) -> tuple[Link, ...]:
    """Candidates are found among all documents, as linking all would find them; then those of new ones are graded.

    With ``only`` the links of this task are made of them.
    """
    from index.linking.texts import read

    texts = read(policies)
    if len({text.ref.doc for text in texts}) < 2:
        return ()
    import numpy as np

    from index.linking import candidates, limits, signals
    from index.linking.citing import named_by
    from index.linking.grading import grader

    held = {text.ref.doc for text in texts}
    keep = [number for number, policy in enumerate(policies) if policy.slug in held]
    number = {policies[at].slug: at for at in keep}
    names = np.zeros((len(policies), len(policies)), bool)
    for one, other in named_by([policies[at] for at in keep]):
        names[number[one], number[other]] = True
    own = np.ix_(keep, keep)
    lower, upper = candidates.nearest(texts, np.array(above, bool)[own], reader, reach, names[own])
    is_new = np.array([new[number[text.ref.doc]] for text in texts], bool)
    asked = is_new[lower] | is_new[upper]
    lower, upper = lower[asked], upper[asked]
    if not len(lower):
        return ()
    board = signals.board(texts)
    table = signals.signals(board, lower, upper, named(policies, texts, lower, upper))
    outline = np.array([text.outline for text in texts], bool)[upper]
    same = limits.same_title(board, lower, upper)
    grade, score = grader().grade(table, outline, same, limits.most(policies, texts, board, lower, upper))
    return tuple(_records(policies, texts, lower, upper, table, grade, score, only))


def named(policies: Sequence[Policy], texts: Sequence[TaskText], lower: Array, upper: Array) -> Array:
    """How far the upper task asks the lower body by name, 0..1.

    Where a clause names the body or its place: a quarter, and the rest by the share of the clause's notions that the
    lower task has (a clause that asks the park for carbon-dioxide use says nothing about its wetlands). Where only the
    departments name it: a quarter.
    """
    import numpy as np

    from index.linking.texts import own_names, without

    bodies = {policy.slug: own_names(policy) for policy in policies}
    departments = {
        (policy.slug, task.id): {body.canonical for body in task.departments if body.canonical}
        for policy in policies
        for task in policy.tasks
    }
    found = np.zeros(len(lower))
    for place, (low, up) in enumerate(zip(lower.tolist(), upper.tolist(), strict=True)):
        ids, names = bodies[texts[low].ref.doc]
        asked = [clause for clause in texts[up].clauses if any(name in clause for name in names)] if names else []
        if asked:
            said = (without(clause, names) for clause in asked)
            found[place] = 0.25 + 0.75 * max(_share(clause, texts[low].whole) for clause in said)
        elif ids and ids & departments[texts[up].ref.doc, texts[up].ref.task]:
            found[place] = 0.25
    return found


def _share(clause: str, text: str) -> float:
    """The share of the clause's notions that the text has."""
    from index.linking.thesaurus import thesaurus

    notions = thesaurus().notions
    wanted = thesaurus().named(clause)
    return sum(any(word in text for word in notions[name]) for name in wanted) / len(wanted) if wanted else 0.0


def _records(
    policies: Sequence[Policy],
    texts: Sequence[TaskText],
    lower: Array,
    upper: Array,
    table: Array,
    grade: Array,
    score: Array,
    only: TaskRef | None,
) -> list[Link]:
    """The links that are kept, of all tasks or of one, best first for each lower task."""
    import numpy as np

    from index.linking import candidates
    from index.linking.evidence import region
    from index.linking.reasons import Reasons
    from index.linking.signals import NAMES

    reasons = Reasons(policies)
    regions: dict[TaskRef, Region] = {}
    for policy in policies:
        for task in policy.tasks:
            regions.setdefault(TaskRef(doc=policy.slug, task=task.id), region(policy, task))
    sides = [regions[text.ref] for text in texts]
    spoken = _signals(table)
    upper_share, lower_share = (table[:, list(NAMES).index(name)].tolist() for name in ("upper_share", "lower_share"))
    sharers = _sharers(texts, lower, upper, grade)
    order = np.lexsort((-score, lower))
    kept = grade >= 1
    if only is not None:
        own = np.array([text.ref == only for text in texts], bool)
        kept &= own[lower] | own[upper]
    order = order[kept[order]]
    late = candidates.place(lower[order]) >= EAGER if len(policies) > FEW else np.zeros(len(order), bool)
    return [
        Link(
            lower=texts[lower[row]].ref,
            upper=texts[upper[row]].ref,
            grade=int(grade[row]),  # type: ignore[arg-type]
            relation=_relation(int(grade[row]), upper_share[row], lower_share[row], sharers[row]),
            score=round(float(score[row]), 4),
            evidence=_evidence(
                sides[lower[row]],
                sides[upper[row]],
                _reasons(reasons, spoken[row], texts[lower[row]].ref, texts[upper[row]].ref),
                0 if is_late else int(grade[row]),
            ),
        )
        for row, is_late in zip(order.tolist(), late.tolist(), strict=True)
    ]


@contextmanager
def _no_collection() -> Iterator[None]:
    """Many small records at once and no cycles among them: the collector would walk them again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _reasons(reasons: Reasons, spoken: Sequence[Signal], lower: TaskRef, upper: TaskRef) -> tuple[Signal, ...]:
    return (*reasons.told(spoken, lower, upper), *reasons.of(lower, upper))


def _evidence(lower: Region, upper: Region, signals: tuple[Signal, ...], grade: int) -> Evidence:
    """``grade`` 0: the signals alone."""
    from index.linking.evidence import shared

    return Evidence(fragments=shared(lower, upper, grade) if grade else (), signals=signals)


def _signals(table: Array) -> list[tuple[Signal, ...]]:
    """For each pair the signals that speak for it."""
    import numpy as np

    from index.linking.signals import NAMES, SILENT

    kinds = [{step: Signal(name=name, value=step / 100, note=NAMES[name]) for step in range(101)} for name in NAMES]
    steps = np.round(np.minimum(table, 1.0) * 100).astype(int)
    row, column = np.nonzero((table > SHOWN) & ~np.isin(list(NAMES), SILENT))
    spoken = [kinds[at][step] for at, step in zip(column.tolist(), steps[row, column].tolist(), strict=True)]
    ends = np.cumsum(np.bincount(row, minlength=len(table))).tolist()
    return [tuple(spoken[start:end]) for start, end in zip([0, *ends], ends, strict=False)]


def _sharers(texts: Sequence[TaskText], lower: Array, upper: Array, grade: Array) -> list[int]:
    """For each pair how many tasks of the lower document are asserted to carry out the upper task."""
    import numpy as np

    names = {slug: number for number, slug in enumerate(dict.fromkeys(text.ref.doc for text in texts))}
    doc = np.array([names[text.ref.doc] for text in texts], int)
    _, group = np.unique(upper * len(names) + doc[lower], return_inverse=True)
    return list(np.bincount(group, grade >= 2)[group].astype(int).tolist())


WHOLE, PART, LITTLE = 0.6, 0.25, 0.05
"""Shares of a task's notions that the other one has: nearly all of them, a good part, next to none."""


def _relation(grade: int, upper_share: float, lower_share: float, sharers: int) -> Relation:
    """What the upper task asks against what the lower one does, as seen from the upper task.

    ``equal``: one lower task carries out all of it. ``superset``: the upper task asks for more, as where several tasks
    share it (``sharers``) or a substantial part is carried out. ``subset``: the lower task does much more besides.
    ``intersect``: both ask for much that the other does not, or only the theme is the same.
    """
    if grade < 2:
        return "intersect"
    if upper_share >= WHOLE and lower_share < PART:
        return "subset"
    if grade == 3 and sharers == 1 and upper_share >= PART:
        return "equal"
    return "superset" if lower_share >= LITTLE else "intersect"
