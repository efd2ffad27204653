"""Links of tasks that people changed since the live generation was made: found when somebody asks for one of them.

A build relinks the documents that people decided on. Until then `links_of` finds the links of a single such task, out of
the pairs of its document: among all documents where there are few, which gives what the next build will store; among
those that are nearest to it where there are many, which may give it more lower tasks, for each of these has fewer upper
ones to choose from. Nothing is stored.

What linking reads of a task is its title, text, key terms, path and kind, the bodies it names, its targets, and title,
level, date and issuers of its document. That a task or a link is confirmed or rejected is laid over the links
(`index.deciding.judged`). That a printed name means a body moves links little and waits for all to be linked anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from index.deciding.decisions import Overlay
from index.deciding.judged import judged
from index.linking.linker import FEW
from index.linking.texts import read
from index.linking.tracing import ASSERTED, Records, best_first
from index.searching.reindexing import LINKED
from schemas import Link, Policy, Standing, Subject, Target, TaskRef

TOGETHER, NEAREST = 40, 20
"""In a large collection so many other documents take part, the nearest of them before those that the task was linked to."""


class Source(Records, Protocol):
    """A knowledge base of one moment."""

    @property
    def path(self) -> Path: ...

    @property
    def built(self) -> str: ...

    @property
    def standings(self) -> Mapping[Subject, Standing]: ...

    @property
    def linked_with(self) -> Mapping[Subject, Standing]: ...

    def slugs(self) -> Collection[str]: ...

    def extracted(self, slug: str) -> Policy: ...

    def cuts(self, slug: str) -> Sequence[int]: ...


class Changes:
    """What people changed since the live generation of a knowledge base was made; ``docs`` are the documents concerned."""

    def __init__(self, kb: Source) -> None:
        self._kb = kb
        then, now = _fields(kb.linked_with), _fields(kb.standings)
        self.docs = {one.doc for one in then.keys() | now.keys() if then.get(one) != now.get(one)}
        self._then, self._now = (
            Overlay({subject: one for subject, one in standings.items() if subject.kind in LINKED})
            for standings in (kb.linked_with, kb.standings)
        )
        self._altered: dict[str, frozenset[str]] = {}

    def altered(self, slug: str) -> frozenset[str]:
        """The tasks of a document that read otherwise now than when they were linked, by their ids."""
        if slug not in self.docs or slug not in self._kb.slugs():
            return frozenset()
        if slug not in self._altered:
            then, now = map(_said, self._readings(slug))
            self._altered[slug] = frozenset(
                item for item in then.keys() | now.keys() if then.get(item) != now.get(item)
            )
        return self._altered[slug]

    def links_of(self, ref: TaskRef) -> tuple[Link, ...] | None:
        """The links of a task with what people said of them; None where those that are stored hold.

        Raises ``BrokenKnowledgeBase`` where there are many documents and the index cannot be read.
        """
        if ref.task not in self.altered(ref.doc):
            return None
        found = self._among_all(ref) if len(self._kb.slugs()) <= FEW else self._among_nearest(ref)
        return tuple(link for link in judged(found, self._kb.standings) if ref in (link.lower, link.upper))

    def _readings(self, slug: str) -> tuple[Policy, Policy]:
        read = self._kb.extracted(slug)
        return self._then.over(read), self._now.over(read)

    def _among_all(self, ref: TaskRef) -> tuple[Link, ...]:
        from index.linking.linker import link_task
        from index.searching import generations
        from index.searching.patched import Patched

        if not generations.opens(self._kb.path, self._kb.built):
            return link_task(self._kb.policies(), ref)
        with generations.reader_of(self._kb.path, self._kb.built) as reader:
            return link_task(self._kb.policies(), ref, Patched(reader, self._entries()))

    def _entries(self) -> Iterator[dict[str, Any]]:
        """What the index would hold of the tasks whose words it does not hold."""
        from index.searching.entries import entry

        for slug in sorted(self.docs & set(self._kb.slugs())):
            then, now = self._readings(slug)
            held = {task.id: (task.title, task.text) for task in then.tasks}
            cuts = self._kb.cuts(slug)
            yield from (entry(now, one, cuts) for one in now.tasks if held.get(one.id) != (one.title, one.text))

    def _among_nearest(self, ref: TaskRef) -> tuple[Link, ...]:
        from index.linking.candidates import reach_of
        from index.linking.linker import link_task, stands_above
        from index.searching.nearest import nearest

        own, task = self._kb.task(str(ref))
        near, tasks = nearest(self._kb.path, f"{task.title or ''}\n{task.text}")
        known = self._kb.slugs()
        people = (other for subject in self._kb.standings for other in _ends(subject, ref))
        former = (other.doc for other in self._former(ref))
        wanted = dict.fromkeys((*people, *near[:NEAREST], *former, *near[NEAREST:]))
        others = (self._kb.policy(slug) for slug in wanted if slug in known)
        joined = (other for other in others if stands_above(other, own) or stands_above(own, other))
        return link_task((own, *islice(joined, TOGETHER)), ref, reach=reach_of(tasks, len(known)))

    def _former(self, ref: TaskRef) -> Iterator[TaskRef]:
        """The tasks that it was linked to, the surest first."""
        stored = (*self._kb.links(lower=ref.doc), *self._kb.links(upper=ref.doc))
        for link in best_first(one for one in stored if ref in (one.lower, one.upper) and one.grade >= ASSERTED):
            yield link.upper if link.lower == ref else link.lower


def _fields(standings: Mapping[Subject, Standing]) -> dict[Subject, object]:
    return {subject: one.fields for subject, one in standings.items() if subject.kind in LINKED and one.fields}


def _ends(subject: Subject, ref: TaskRef) -> Iterable[str]:
    """The other document of a link of the task that people decided on."""
    if subject.kind == "link" and (subject.doc, subject.item) == (ref.doc, ref.task):
        yield subject.other_doc
    if subject.kind == "link" and (subject.other_doc, subject.other_item) == (ref.doc, ref.task):
        yield subject.doc


def _said(policy: Policy) -> dict[str, object]:
    """What linking reads of each task, but for its place among the others."""
    document = policy.title, policy.level, policy.date, policy.issuers
    targets: dict[str | None, list[Target]] = {}
    for target in policy.targets:
        targets.setdefault(target.task, []).append(target.model_copy(update={"state": "extracted", "again": False}))
    bodies = {task.id: frozenset(body.canonical for body in task.departments) for task in policy.tasks}
    return {
        (item := text.ref.task): (text._replace(place=0.0), bodies[item], targets.get(item), document)
        for text in read([policy])
    }
