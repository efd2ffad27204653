"""What linking reads of a task: its title, clauses and section, folded so that two prints compare equal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from schemas import Policy, Task, TaskRef

_FOLD: dict[int, int | str | None] = {
    code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "（），：；"
}
_FOLD |= {ord(mark): None for mark in "“”‘’\"' \t\r\u3000"} | {ord("⼀"): "一"}
_BRACKET = re.compile(r"[（(][^（）()]*(?:责任部门|责任单位|牵头|负责|配合|参与|指导)[^（）()]*[）)]\s*$")
_CLAUSE = re.compile(r"[。；，：,;\n]")
_TERMS = re.compile(r"\n关键词：[^\n]*$")
_COMMON_SECTIONS = re.compile(
    r"(?:重点|主要|工作)任务|保障措施|政策保障|组织实施|组织保障|重大行动|重点领域和主要任务|试点内容|试点工作内容|总体要求"
)
_RESTATED = re.compile(r"实施计划|进度安排|实施步骤|阶段|预期|成果|效益|技术路线|申报|创新点|试点特色")
_SHORT = 4


class TaskText(NamedTuple):
    """A task as linking reads it. ``clauses`` are the instructing clauses, of an outline its title and key terms.

    ``place`` tells where in its document it stands, 0..1; ``part`` is the number of the section that it is in, ``offices``
    the printed names of those who answer for it. ``restated`` marks phases, expected results and application rules: they say the work again or are about procedure.
    """

    ref: TaskRef
    title: str
    body: str
    lead: str
    section: str
    clauses: tuple[str, ...]
    restated: bool
    outline: bool
    place: float
    part: str
    offices: tuple[str, ...]

    @property
    def whole(self) -> str:
        """Title, body and key terms, with a break between them."""
        return "\n".join((self.title, self.body, *(self.clauses if self.outline else ())))


def fold(text: str) -> str:
    """The text in half width, without quotation marks and blanks."""
    return text.translate(_FOLD)


def body_of(task: Task) -> str:
    """The task's text without the bracket that names its departments and without an outline's list of terms."""
    return _BRACKET.sub("", _TERMS.sub("", task.text) if task.key_terms else task.text)


def read(policies: Iterable[Policy]) -> tuple[TaskText, ...]:
    """The tasks of the documents, goals sections left out, in the documents' order."""
    return tuple(
        _task_text(policy, task, names, (number + 0.5) / len(kept))
        for policy in policies
        for names in [own_names(policy)[1]]
        for kept in [[task for task in policy.tasks if task.kind != "goals"]]
        for number, task in enumerate(kept)
    )


def own_names(policy: Policy) -> tuple[frozenset[str], tuple[str, ...]]:
    """Ids, and names and places, of the issuers of a district's or park's document; nothing for those above."""
    if policy.level not in ("district", "park"):
        return frozenset(), ()
    from corpus.departments import register

    known = register()
    ids = [body for issuer in policy.issuers for body in known.find(issuer)]
    bodies = [body for body in map(known.get, ids) if body is not None]
    names = {fold(name) for body in bodies for name in (*body.names, body.place) if len(name) > 3}
    return frozenset(ids), tuple(sorted(names, key=lambda name: (-len(name), name)))


def without(text: str, names: Iterable[str]) -> str:
    """The text without the names of its own body: 上海化工区 in a park's document is no word about 化工."""
    for name in names:
        text = text.replace(name, "")
    return text


def _task_text(policy: Policy, task: Task, names: Sequence[str], place: float) -> TaskText:
    title, body = (without(fold(text), names) for text in (task.title or "", body_of(task)))
    outline = policy.text == "outline"
    path = task.path[:-1] if task.title and task.path[-1:] == (task.title,) else task.path
    return TaskText(
        ref=TaskRef(doc=policy.slug, task=task.id),
        title=title,
        body=body,
        lead=without(fold(task.lead), names),
        section=fold("\n".join(title for title in path if not _COMMON_SECTIONS.fullmatch(title.strip()))),
        clauses=clauses(title, map(fold, task.key_terms) if outline else _CLAUSE.split(body)),
        restated=is_restated(task),
        outline=outline,
        place=place,
        part=task.id.rpartition(".")[0],
        offices=tuple(one.name for one in task.departments),
    )


def is_restated(task: Task) -> bool:
    """Whether it is a phase, an expected result or a rule of application: no work of its own."""
    return bool(_RESTATED.search("\n".join((*task.path, task.title or ""))))


def clauses(title: str, pieces: Iterable[str]) -> tuple[str, ...]:
    """The title and the pieces that are long enough to say something; of an empty task one empty clause."""
    found: Sequence[str] = [title, *pieces]
    return tuple(piece for piece in found if len(piece) >= _SHORT) or ("".join(found)[:40],)
