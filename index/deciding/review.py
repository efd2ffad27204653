"""What a person should look at next: the most useful first, without what somebody has decided on already.

First what somebody decided and should see again; then records that a defect of the source touches; then departments
that nobody knows; last the links whose score is near the line, those of the lower bodies, who act on them, first, and
those between outlines, of which nobody here is held to account, at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Literal, NamedTuple, overload

from corpus.departments import means_several
from index.deciding.carrying import is_gone
from index.deciding.matching import Item, nearest, task_item
from index.deciding.moments import day_of
from index.deciding.organisations import register_of
from index.findings import DEFECTS, defect_task
from index.knowledge_base import KnowledgeBase, NearLink
from index.reports.answers import FINDING, GRADE, RELATION, name_of
from schemas import LEVELS, Decision, Policy, Record, Subject, Task
from schemas.decisions import SubjectKind

Reason = Literal["again", "gone", "defect", "department", "link"]
REASONS: dict[str, str] = {
    "again": "原文已改，待复核",
    "gone": "原处已无此条",
    "defect": "原件有缺损",
    "department": "部门不明",
    "link": "关联存疑",
}
"""In the order in which they are asked."""

MARGIN = 0.1
"""How far from the line between a link and none a score may be to be looked at."""
NEAR = 3
"""How many records are offered to a decision that has lost its own."""


class Side(Record):
    """A text that the person needs to see."""

    ref: str
    title: str
    text: str


class ReviewItem(Record):
    """One question. ``doubt`` in 0..1 orders questions of one reason; ``seen`` is the last decision on the record.

    ``near`` are records that a decision without one may be put on.
    """

    reason: Reason
    subject: Subject
    doc: str
    question: str
    sides: tuple[Side, ...] = ()
    departments: tuple[str, ...] = ()
    doubt: float = 0.0
    seen: str = ""
    near: tuple[Side, ...] = ()


class _Open(NamedTuple):
    """A question before its texts are looked up; ``key`` are the fields of its subject."""

    reason: Reason
    key: tuple[str, str, str, str, str]
    doc: str
    doubt: float
    about: str | NearLink
    last: tuple[int, int] = (0, 0)

    @property
    def order(self) -> tuple[int, tuple[int, int], float, tuple[str, ...]]:
        return list(REASONS).index(self.reason), self.last, -self.doubt, self.key


class Items(Sequence[ReviewItem]):
    """Questions in order, each made when it is looked at: there may be tens of thousands."""

    def __init__(self, found: list[_Open], questions: _Questions) -> None:
        self._found, self._questions = found, questions

    def __len__(self) -> int:
        return len(self._found)

    @overload
    def __getitem__(self, at: int) -> ReviewItem: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[ReviewItem, ...]: ...
    def __getitem__(self, at: int | slice) -> ReviewItem | tuple[ReviewItem, ...]:
        if isinstance(at, slice):
            return tuple(self._questions.item(one) for one in self._found[at])
        return self._questions.item(self._found[at])


class Queue(NamedTuple):
    """What is open, the most useful first; how many questions there were, and how many of them are decided."""

    items: Items
    done: int
    total: int


def near_links(kb: KnowledgeBase) -> tuple[NearLink, ...]:
    """The computed links whose score is near the line."""
    line = _line()
    return kb.links_between(line - MARGIN, line + MARGIN)


def queue(
    kb: Any, doc: str | None = None, department: str | None = None, near: Sequence[NearLink] | None = None
) -> Queue:
    """The questions, of all documents or one, of all departments or one (any of its names). `kb` is a knowledge base
    or a snapshot of one; `near` are its `near_links`, where they are known already.

    Raises:
        NotFound: the document is not in the knowledge base.
    """
    if doc is not None:
        kb.policy(doc)
    made = _Questions(kb, near_links(kb) if near is None else near)
    wanted = made.names(department)
    found = [one for one in made.all() if doc in (None, one.doc, one.key[3]) and made.concerns(one, wanted)]
    items = sorted((one for one in found if made.is_open(one)), key=lambda one: one.order)
    return Queue(Items(items, made), len(found) - len(items), len(found))


def _line() -> float:
    from index.linking.grading import grader

    return grader().link.threshold


class _Questions:
    def __init__(self, kb: Any, near: Sequence[NearLink]) -> None:
        self.kb, self.standings, self.near = kb, kb.standings, near
        self.register = register_of(kb)
        self.policies: dict[str, Policy] = {policy.slug: policy for policy in kb.policies()}
        self.tasks = {(policy.slug, task.id): task for policy in self.policies.values() for task in policy.tasks}
        self.decided = {_key(subject) for subject in self.standings}

    def all(self) -> Iterator[_Open]:
        """Each record once, for the first reason."""
        asked: set[tuple[str, ...]] = set()
        for one in (*self._again(), *self._defects(), *self._departments(), *self._links()):
            if one.key not in asked:
                asked.add(one.key)
                yield one

    def is_open(self, one: _Open) -> bool:
        return one.reason in ("again", "gone") or one.key not in self.decided

    def names(self, department: str | None) -> frozenset[str] | None:
        if department is None:
            return None
        ids = self.register.find(department)
        return frozenset((department, *(name for body in ids for name in self.register.names(body))))

    def concerns(self, one: _Open, names: frozenset[str] | None) -> bool:
        return names is None or bool(names & set(self._bodies(one)))

    def _again(self) -> Iterator[_Open]:
        for subject, one in self.standings.items():
            if one.again and self._held(subject):
                reason: Reason = "gone" if is_gone(subject) else "again"
                what = f"{one.who} 于 {day_of(one.at)} 的决定，{'原处已无此条' if reason == 'gone' else '原文已改'}：{one.why}"
                yield _Open(reason, _key(subject), subject.doc, 1.0, what.rstrip("："))

    def _held(self, subject: Subject) -> bool:
        """Nobody is asked about a document that somebody took out on purpose."""
        return {subject.doc, subject.other_doc} - {""} <= self.policies.keys()

    def _defects(self) -> Iterator[_Open]:
        for policy in self.policies.values():
            for defect in policy.defects:
                severity, advice = DEFECTS.get(defect.kind, DEFECTS["other"])
                task = defect_task(policy, defect) if severity != "info" else None
                if task:
                    doubt = 1.0 if severity == "error" else 0.5
                    what = f"{FINDING[defect.kind]}：{defect.note}。{advice}。"
                    key = ("task", policy.slug, task, "", "")
                    yield _Open("defect", key, policy.slug, doubt, what, self._last(policy.slug, policy.slug))

    def _departments(self) -> Iterator[_Open]:
        settled = {subject.item for subject in self.standings if subject.kind == "department"}
        seen: set[str] = set()
        for (slug, item), task in reversed(self.tasks.items()):  # from below: shown where a lower body has to act
            for body in task.departments:
                unknown = body.canonical is None and not means_several(body.name) or body.name in settled
                if unknown and body.name not in seen:
                    seen.add(body.name)
                    key = ("department", "", body.name, "", "")
                    yield _Open("department", key, slug, 0.5, item, self._last(slug, slug))

    def _links(self) -> Iterator[_Open]:
        refused = {key[1:3] for key in self.decided if key[0] == "task" and self._refused(key)}
        line = _line()
        for link in self.near:
            ends = (link.lower_doc, link.lower), (link.upper_doc, link.upper)
            if not (ends[0] in self.tasks and ends[1] in self.tasks) or refused.intersection(ends):
                continue
            key = ("link", *ends[0], *ends[1])
            last = self._last(link.lower_doc, link.upper_doc)
            yield _Open("link", key, link.lower_doc, 1 - abs(link.score - line) / MARGIN, link, last)

    def _refused(self, key: tuple[str, ...]) -> bool:
        return bool(self.standings[_subject(key)].state == "rejected")

    def _last(self, lower: str, upper: str) -> tuple[int, int]:
        """Outlines after all; then the lower bodies first."""
        low, up = self.policies[lower], self.policies[upper]
        return int(low.text == up.text == "outline"), -LEVELS.index(low.level) if low.level else 0

    def item(self, one: _Open) -> ReviewItem:
        """The question with its texts."""
        subject = _subject(one.key)
        said = self.standings.get(subject)
        return ReviewItem(
            reason=one.reason,
            subject=subject,
            doc=one.doc,
            question=self._asked(one),
            sides=tuple(self._sides(one, subject)),
            departments=tuple(dict.fromkeys(self._bodies(one))),
            doubt=round(max(one.doubt, 0.0), 4),
            seen=said.decision if said else "",
            near=tuple(self._near(subject)) if one.reason == "gone" else (),
        )

    def _asked(self, one: _Open) -> str:
        if isinstance(one.about, NearLink):
            link = one.about
            judged = f"{GRADE[link.grade]}（{RELATION[link.relation]}，分数 {link.score:.2f}）"
            return f"下级任务是否落实上级任务？现判为 {judged}"
        if one.reason != "department":
            return one.about
        name, known = one.key[2], self.register
        near = "、".join(f"{known.name(body)}（{body}）" for body in known.candidates(name))
        return f"部门“{name}”不在登记表中或指代不明{f'；可能是：{near}' if near else ''}"

    def _ends(self, one: _Open) -> list[tuple[str, str]]:
        if one.reason == "department":
            return [(one.doc, str(one.about))]
        kind, doc, item, other_doc, other = one.key
        return [(doc, item), (other_doc, other)] if kind == "link" else [(doc, item)]

    def _bodies(self, one: _Open) -> list[str]:
        if one.reason == "department":
            return [one.key[2]]
        tasks = (self.tasks.get(end) for end in self._ends(one))
        return [body.name for task in tasks if task for body in task.departments]

    def _sides(self, one: _Open, subject: Subject) -> Iterator[Side]:
        """The texts as they are; of a record that is not there any more, as the decision kept it."""
        if one.reason == "gone":
            yield from (
                Side(ref=f"{anchor.doc}#{anchor.item}（原文）", title=anchor.title, text=anchor.text)
                for anchor in self._last_decision(subject).anchors
            )
            return
        for doc, item in self._ends(one):
            if (doc, item) in self.tasks:
                yield _side(doc, self.tasks[doc, item])

    @cached_property
    def _history(self) -> dict[str, Decision]:
        with KnowledgeBase.open(self.kb.path) as now:
            return {one.id: one for one in now.history()}

    def _last_decision(self, subject: Subject) -> Decision:
        return self._history[self.standings[subject].decision]

    def _near(self, subject: Subject) -> Iterator[Side]:
        """Tasks of the document that read most like the one that is gone."""
        for anchor in self._last_decision(subject).anchors:
            if subject.kind == "task" and anchor.doc in self.policies:
                tasks = self.policies[anchor.doc].tasks
                text = Item(anchor.item, anchor.title, anchor.text)
                yield from (_side(anchor.doc, tasks[at]) for at in nearest(text, [task_item(t) for t in tasks], NEAR))


def _side(doc: str, task: Task) -> Side:
    return Side(ref=f"{doc}#{task.id}", title=name_of(task), text=task.text)


def _key(subject: Subject) -> tuple[str, str, str, str, str]:
    return subject.kind, subject.doc, subject.item, subject.other_doc, subject.other_item


def _subject(key: Iterable[str]) -> Subject:
    kind, doc, item, other_doc, other_item = key
    known: SubjectKind = kind  # type: ignore[assignment]
    return Subject(kind=known, doc=doc, item=item, other_doc=other_doc, other_item=other_item)
