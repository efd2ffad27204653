"""How far a lower document carries out an upper one: covered, partial, gap, not applicable, clause by clause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

from index.linking.echoes import Echo, echoes
from index.linking.fields import Field
from index.linking.measures import is_ordered, nearness, said_of
from index.linking.pairs import links_of
from index.linking.texts import body_of, fold
from index.linking.thesaurus import thesaurus
from schemas import Link, Policy, Record, Task, TaskRef

State = Literal["covered", "partial", "gap", "not_applicable"]
STATE_NAMES: dict[State, str] = {"covered": "已落实", "partial": "部分落实", "gap": "缺口", "not_applicable": "不适用"}
ENOUGH = 0.45
"""Share of a key term's characters, in shared runs of three and more, from which it counts as named."""


NEAREST = 3
"""So many lower tasks are named that order something near a measure."""


class LowerTask(Record):
    """A lower task that carries out the upper one, with the grade of the link; ``suspect``: a text changed since a person
    confirmed it."""

    doc: str
    task: str
    grade: int
    suspect: bool = False


class Near(Record):
    """Something near an upper ``measure``, a part of it or a related act, is ordered in the lower ``tasks``."""

    measure: str
    tasks: tuple[str, ...]


class Coverage(Record):
    """What a lower document does for one upper task. ``reason`` is for people.

    ``state`` is of the task as a whole: ``covered`` where a lower task carries it out (a link of grade 3).
    ``missing_measures`` are, verbatim, those of its ``measures`` (so many) of which nothing is found in ``lower``: with
    ``covered`` to be checked one by one, not gaps by themselves. Of ``near_measures`` a part or something related is;
    a person has to see. ``echoes`` tell which of both have a rare piece in the tasks of ``lower``.
    """

    upper: TaskRef
    state: State
    reason: str
    lower: tuple[LowerTask, ...] = ()
    measures: int = 0
    missing_measures: tuple[str, ...] = ()
    near_measures: tuple[Near, ...] = ()
    echoes: tuple[Echo, ...] = ()


def gaps(kb: Any, upper: str, lower: str, not_applicable: Mapping[str, str] | None = None) -> tuple[Coverage, ...]:
    """The upper document's tasks in order, each with what the lower document does for it.

    ``not_applicable`` holds what people said: upper task id → why it does not concern the lower body; an empty
    string where they said that it does, whatever its field.

    Raises:
        NotFound: a document is not in the knowledge base.
    """
    above, below = kb.policy(upper), kb.policy(lower)
    if upper == lower:
        return ()
    return coverage(above, below, links_of(kb, lower, upper), not_applicable or {})


def counted(kb: Any, upper: str, lower: str, not_applicable: Mapping[str, str]) -> Counter[State]:
    """How many of the upper document's tasks `gaps` finds in each state, without looking at their measures.

    Raises:
        NotFound: a document is not in the knowledge base.
    """
    above, below = kb.policy(upper), kb.policy(lower)
    rows = _tasks(above, below, links_of(kb, lower, upper)) if upper != lower else ()
    field = Field(below)
    return Counter(_state(task, links, not_applicable, field)[0] for task, links in rows)


def coverage(upper: Policy, lower: Policy, links: Iterable[Link], said: Mapping[str, str]) -> tuple[Coverage, ...]:
    """`gaps` from the records themselves."""
    field = Field(lower)
    return tuple(_covered(upper, lower, task, own, said, field) for task, own in _tasks(upper, lower, links))


def _tasks(upper: Policy, lower: Policy, links: Iterable[Link]) -> Iterator[tuple[Task, list[Link]]]:
    """The upper tasks that ask for something, each with its links, the surest first."""
    by_task: dict[str, list[Link]] = {}
    for link in links:
        if link.upper.doc == upper.slug and link.lower.doc == lower.slug and link.state != "rejected":
            by_task.setdefault(link.upper.task, []).append(link)
    for task in upper.tasks:
        if task.kind != "goals" and task.state != "rejected":
            yield task, sorted(by_task.get(task.id, []), key=lambda link: -link.score)


def _state(task: Task, links: Sequence[Link], said: Mapping[str, str], field: Field) -> tuple[State, str]:
    """The state of an upper task as a whole, and why it does not apply where it does not."""
    strong = [link for link in links if link.grade >= 2]
    if said.get(task.id):
        return "not_applicable", f"人工认定不适用：{said[task.id]}"
    outside = None if strong or task.id in said else field.why_outside(task)
    if outside:
        return "not_applicable", f"不在下级文件领域内：{outside}（推断，可人工改正）"
    plain = any(link.grade == 3 for link in strong)
    return "covered" if plain else "partial" if strong else "gap", ""


def _covered(
    upper: Policy,
    lower: Policy,
    task: Task,
    links: Sequence[Link],
    said: Mapping[str, str],
    field: Field,
) -> Coverage:
    ref = TaskRef(doc=upper.slug, task=task.id)
    state, why = _state(task, links, said, field)
    if state == "not_applicable":
        return Coverage(upper=ref, state=state, reason=why)
    strong = [link for link in links if link.grade >= 2]
    texts = [found for link in strong if (found := lower.task(link.lower.task)) is not None]
    measures = clauses(task, texts)
    open_ones = tuple(one.text for one in measures if not one.taken_by and not one.near)
    near = tuple(Near(measure=one.text, tasks=one.near) for one in measures if one.near)
    return Coverage(
        upper=ref,
        state=state,
        reason=_reason(lower, task, state, links) + _unseen(state, task, len(open_ones), len(near), len(measures)),
        lower=tuple(
            LowerTask(doc=link.lower.doc, task=link.lower.task, grade=link.grade, suspect=link.state == "suspect")
            for link in strong
        ),
        measures=len(measures),
        missing_measures=open_ones,
        near_measures=near,
        echoes=echoes((one.text for one in measures if not one.taken_by), texts),
    )


def _reason(lower: Policy, task: Task, state: State, links: Sequence[Link]) -> str:
    names = [
        f"{link.lower.task}《{_title(lower, link.lower.task)}》"
        for link in links
        if link.grade == (1 if state == "gap" else links[0].grade)
    ][:3]
    unchecked = "（上级为提纲，该任务未核）" if task.verified is False else ""
    unchecked += "（下级为提纲，未载全文，须对照原文）" if lower.text == "outline" else ""
    if state == "covered":
        return f"由 {'、'.join(names)} 落实{unchecked}{_suspicion(links, 3)}"
    if state == "partial":
        return f"只有部分内容由 {'、'.join(names)} 承接{unchecked}{_suspicion(links, 2)}"
    if not lower.tasks:
        return f"下级文件没有任务条目{unchecked}"
    near = f"；主题相近但不足以认定的有 {'、'.join(names)}" if names else ""
    return f"下级文件没有承接该任务的条目{near}{unchecked}"


def _unseen(state: State, task: Task, missing: int, near: int, measures: int) -> str:
    """For a task that is carried out as a whole: of how many of its measures nothing, or only something near, is found
    in what carries it out.

    A reader must not take 已落实 for each measure, nor the list of what is not found for work that is not done.
    """
    if state != "covered" or not missing + near:
        return ""
    what = "项关键词" if not task.measures and task.key_terms else "条举措"
    if missing == measures > 1:
        return f"；但所列 {measures} {what}均未见对应内容，能否算作落实须人工核对"
    parts = [f"{missing} {what[0]}未见对应内容"] if missing else []
    parts += [f"{near} {what[0]}只有相近内容"] if near else []
    return f"；这是就任务整体而言，所列 {measures} {what}中有 {'、'.join(parts)}，须逐一核对"


def _suspicion(links: Sequence[Link], grade: int) -> str:
    """What the state rests on that has to be seen again: all of it, or some links."""
    own = [link for link in links if link.grade >= grade]
    again = [link.lower.task for link in own if link.state == "suspect"]
    if not again:
        return ""
    rest = "这一结论只依据它" if len(again) == len(own) else "其余仍成立"
    return f"；{'、'.join(again)} 的关联文字已改，待重新确认，{rest}"


def _title(policy: Policy, task_id: str) -> str:
    task = policy.task(task_id)
    return (task.title or task.text[:12]) if task else ""


def missing(task: Task, lower: Sequence[Task]) -> tuple[str, ...]:
    """The measures of the upper task of which the lower tasks have nothing, verbatim; of an outline its key terms."""
    return tuple(clause.text for clause in clauses(task, lower) if not clause.taken_by and not clause.near)


class Clause(Record):
    """A measure of the upper task, verbatim, the ids of the lower tasks that order it, and of those that order something
    near it (a part, one member of a list) where none does, the nearest first."""

    text: str
    taken_by: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


def clauses(task: Task, lower: Sequence[Task]) -> tuple[Clause, ...]:
    """The upper task's measures in order, each with the lower tasks that take it up; of an outline its key terms."""
    said = [measure.text for measure in task.measures]
    texts = {one.id: said_of(one) for one in lower}
    if not said and task.key_terms:
        return tuple(
            Clause(text=term, taken_by=tuple(id for id, text in texts.items() if names_term(fold(term), text)))
            for term in task.key_terms
        )
    return tuple(_clause(piece, texts) for piece in said or [body_of(task)])


def _clause(piece: str, texts: Mapping[str, str]) -> Clause:
    taken = tuple(id for id, text in texts.items() if is_ordered(piece, text))
    chances = {} if taken else {id: nearness(piece, text) for id, text in texts.items()}
    nearest = sorted((id for id, chance in chances.items() if chance), key=lambda id: -chances[id])
    return Clause(text=piece, taken_by=taken, near=tuple(nearest[:NEAREST]))


@lru_cache(50_000)
def _named(measure: str) -> tuple[str, ...]:
    """The notions that a key term names, no wide ones; each is asked for once for every task that may name it."""
    known = thesaurus()
    return tuple(notion for notion in known.named(measure) if notion not in known.areas)


def names_term(term: str, text: str) -> bool:
    """Whether the text names a key term: word for word, or most of it with its end, for what a Chinese term stands for
    comes last: 可再生能源 is no 可再生能源法.

    >>> names_term("储能", "配置储能设施"), names_term("全国节能宣传周", "办好节能宣传周"), names_term("绿色金融标准", "发展绿色金融")
    (True, True, False)
    """
    found = _found(term, text)
    alike = bool(found) and found[-1] and sum(found) / len(found) >= ENOUGH
    return term in text or alike or _same_notions(term, text)


def _found(measure: str, text: str) -> list[bool]:
    """Of each character, whether it stands in a run of three that the text has too."""
    marks = [False] * len(measure)
    for at in range(len(measure) - 2):
        if measure[at : at + 3] in text:
            marks[at : at + 3] = [True] * 3
    return marks


def _same_notions(measure: str, text: str) -> bool:
    named = _named(measure)
    shared = [notion for notion in named if any(word in text for word in thesaurus().notions[notion])]
    return len(shared) >= 2 and len(shared) >= 0.75 * len(named)
