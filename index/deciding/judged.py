"""Links with what people said of them: confirmed, corrected, rejected, added by hand, or suspect since a text changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from index.deciding.carrying import ADDED, is_gone
from schemas import Evidence, Link, Standing, Subject, TaskRef


def subject_of(link: Link) -> Subject:
    """A link as the subject of a decision."""
    low, up = link.lower, link.upper
    return Subject(kind="link", doc=low.doc, item=low.task, other_doc=up.doc, other_item=up.task)


def judged(links: Iterable[Link], standings: Mapping[Subject, Standing]) -> Iterator[Link]:
    """The links with their verdicts, and after them those that people assert and that are not computed.

    Those of a task that people added and took back are left out.
    """
    refused = {TaskRef(doc=s.doc, task=s.item) for s, one in standings.items() if _refuses(s, one)}
    seen: set[Subject] = set()
    for link in links:
        if _taken_back(link.lower, standings) or _taken_back(link.upper, standings):
            continue
        subject = subject_of(link)
        seen.add(subject)
        one = standings.get(subject)
        if one is not None:
            yield _with(link, one)
        elif refused and {link.lower, link.upper} & refused:
            yield link.model_copy(update={"state": "rejected", "note": "所关联的任务已被人工否定"})
        else:
            yield link
    for subject, one in standings.items():
        if subject.kind == "link" and subject not in seen and not is_gone(subject) and one.state != "rejected":
            yield _with(_bare(subject), one)


def _taken_back(ref: TaskRef, standings: Mapping[Subject, Standing]) -> bool:
    return ref.task.startswith(ADDED) and Subject(kind="task", doc=ref.doc, item=ref.task) not in standings


def _refuses(subject: Subject, one: Standing) -> bool:
    return subject.kind == "task" and one.state == "rejected"


def _with(link: Link, one: Standing) -> Link:
    suspect = one.again and one.state != "rejected"
    changes: dict[str, Any] = {"state": "suspect" if suspect else one.state, "note": one.why}
    if isinstance(grade := one.fields.get("grade"), int) and 0 <= grade <= 3:
        changes["grade"] = grade
    if (relation := one.fields.get("relation")) in ("equal", "subset", "superset", "intersect"):
        changes["relation"] = relation
    return link.model_copy(update=changes)


def _bare(subject: Subject) -> Link:
    return Link(
        lower=TaskRef(doc=subject.doc, task=subject.item),
        upper=TaskRef(doc=subject.other_doc, task=subject.other_item),
        grade=2,
        relation="intersect",
        score=1.0,
        evidence=Evidence(),
    )
