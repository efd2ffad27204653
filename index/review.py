"""What a person should look at next: the doubtful first, without what somebody has decided on already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

from index.carrying import is_gone
from index.findings import DEFECTS, defect_task
from index.judged import subject_of
from index.knowledge_base import KnowledgeBase
from index.organisations import register_of
from index.report import FINDING, GRADE, RELATION, name_of
from schemas import Link, Policy, Record, Standing, Subject, Task

Reason = Literal["again", "gone", "link", "defect", "department"]
REASONS: dict[str, str] = {
    "again": "原文已改，待复核",
    "gone": "原处已无此条",
    "link": "关联存疑",
    "defect": "原件有缺损",
    "department": "部门不明",
}
MARGIN = 0.1
"""How far from the line between a link and none a score may be to be looked at."""


class Side(Record):
    """A text that the person needs to see."""

    ref: str
    title: str
    text: str


class ReviewItem(Record):
    """One question. ``doubt`` in 0..1 orders questions of one reason; ``seen`` is the last decision on the record."""

    reason: Reason
    subject: Subject
    doc: str
    question: str
    sides: tuple[Side, ...] = ()
    departments: tuple[str, ...] = ()
    doubt: float = 0.0
    seen: str = ""


class Queue(NamedTuple):
    """What is open, the most doubtful first; how many questions there were, and how many of them are decided."""

    items: tuple[ReviewItem, ...]
    done: int
    total: int


def queue(kb: KnowledgeBase, doc: str | None = None, department: str | None = None) -> Queue:
    """The questions, of all documents or one, of all departments or one (any of its names).

    Raises:
        NotFound: the document is not in the knowledge base.
    """
    if doc is not None:
        kb.policy(doc)
    made = _Questions(kb)
    wanted = made.names(department)
    found = [one for one in made.all() if doc in (None, one.doc, one.subject.other_doc) and made.concerns(one, wanted)]
    items = tuple(sorted((one for one in found if made.is_open(one)), key=_order))
    return Queue(items, len(found) - len(items), len(found))


def _order(one: ReviewItem) -> tuple[int, float, str]:
    return list(REASONS).index(one.reason), -one.doubt, str(one.subject)


class _Questions:
    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb, self.standings = kb, kb.standings
        self.register = register_of(kb)
        self.documents = {policy.slug for policy in kb.policies()}
        self.tasks = {f"{policy.slug}#{task.id}": task for policy in kb.policies() for task in policy.tasks}

    @cached_property
    def line(self) -> float:
        """The score from which a pair is a link."""
        from index.grading import grader

        return grader().link.threshold

    def all(self) -> Iterator[ReviewItem]:
        asked: set[Subject] = set()
        for one in (*self._again(), *self._links(), *self._defects(), *self._departments()):
            if one.subject not in asked:
                asked.add(one.subject)
                yield one

    def is_open(self, one: ReviewItem) -> bool:
        return one.reason in ("again", "gone") or one.subject not in self.standings

    def names(self, department: str | None) -> frozenset[str] | None:
        if department is None:
            return None
        ids = self.register.find(department)
        return frozenset((department, *(name for body in ids for name in self.register.names(body))))

    def concerns(self, one: ReviewItem, names: frozenset[str] | None) -> bool:
        return names is None or bool(names & set(one.departments))

    def _again(self) -> Iterator[ReviewItem]:
        for subject, one in self.standings.items():
            if one.again and self._held(subject):
                reason: Reason = "gone" if is_gone(subject) else "again"
                what = f"{one.who} 于 {one.at[:10]} 的决定，{'原处已无此条' if reason == 'gone' else '原文已改'}：{one.why}"
                yield self._item(reason, subject, what.rstrip("："), 1.0)

    def _held(self, subject: Subject) -> bool:
        """Nobody is asked about a document that somebody took out on purpose."""
        return {subject.doc, subject.other_doc} - {""} <= self.documents

    def _links(self) -> Iterator[ReviewItem]:
        for link in self.kb.links():
            doubt = 1 - abs(link.score - self.line) / MARGIN
            if link.state in ("proposed", "confirmed", "corrected", "rejected") and doubt > 0:
                yield self._item("link", subject_of(link), self._asked(link), doubt)

    def _asked(self, link: Link) -> str:
        return (
            f"下级任务是否落实上级任务？现判为 {GRADE[link.grade]}（{RELATION[link.relation]}，分数 {link.score:.2f}）"
        )

    def _defects(self) -> Iterator[ReviewItem]:
        for policy in self.kb.policies():
            for defect in policy.defects:
                severity, advice = DEFECTS.get(defect.kind, DEFECTS["other"])
                task = defect_task(policy, defect)
                if task and severity != "info":
                    subject = Subject(kind="task", doc=policy.slug, item=task)
                    doubt = 1.0 if severity == "error" else 0.5
                    yield self._item("defect", subject, f"{FINDING[defect.kind]}：{defect.note}。{advice}。", doubt)

    def _departments(self) -> Iterator[ReviewItem]:
        seen: set[str] = set()
        for policy, task, name in self._unknown():
            if name in seen:
                continue
            seen.add(name)
            near = "、".join(f"{self.register.name(one)}（{one}）" for one in self.register.candidates(name))
            what = f"部门“{name}”不在登记表中或指代不明{f'；可能是：{near}' if near else ''}"
            yield ReviewItem(
                reason="department",
                subject=Subject(kind="department", item=name),
                doc=policy.slug,
                question=what,
                sides=(self._side(policy.slug, task.id),),
                departments=(name,),
                doubt=0.5,
            )

    def _unknown(self) -> Iterator[tuple[Policy, Task, str]]:
        known = {subject.item for subject in self.standings if subject.kind == "department"}
        for policy in self.kb.policies():
            for task in policy.tasks:
                for body in task.departments:
                    if body.canonical is None or body.name in known:
                        yield policy, task, body.name

    def _item(self, reason: Reason, subject: Subject, question: str, doubt: float) -> ReviewItem:
        ends = [(subject.doc, subject.item)]
        if subject.kind == "link":
            ends.append((subject.other_doc, subject.other_item))
        standing: Standing | None = self.standings.get(subject)
        return ReviewItem(
            reason=reason,
            subject=subject,
            doc=subject.doc,
            question=question,
            sides=tuple(self._side(*end) for end in ends if f"{end[0]}#{end[1]}" in self.tasks),
            departments=tuple(dict.fromkeys(name for end in ends for name in self._bodies(*end))),
            doubt=round(doubt, 4),
            seen=standing.decision if standing else "",
        )

    def _side(self, doc: str, item: str) -> Side:
        task = self.tasks[f"{doc}#{item}"]
        return Side(ref=f"{doc}#{item}", title=name_of(task), text=task.text)

    def _bodies(self, doc: str, item: str) -> Sequence[str]:
        task = self.tasks.get(f"{doc}#{item}")
        return [body.name for body in task.departments] if task else []
