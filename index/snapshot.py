"""A knowledge base held in memory for as long as it stays what it is: for a server that answers many.

What one generation holds is read once (`Held`); people's decisions are laid over it (`Snapshot`), and after a further
decision only the documents it concerns are made anew. Links stay as they are stored until somebody asks for them.
"""

from __future__ import annotations

import difflib
import json
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from index.deciding.carrying import ADDED
from index.deciding.decisions import lay_over
from index.deciding.judged import judged
from index.deciding.repeal import marked
from index.knowledge_base import KnowledgeBase, near, not_applicable
from index.relinking import Changes
from index.searching.entries import reading_order, unpack
from index.store import live_generation, reading, revision
from index.views import MatrixRow, matrix
from schemas import Link, NotFound, Policy, Standing, Subject, Task, TaskRef

PARSED = 400
"""Documents whose links are kept parsed."""

RECENT = 8
"""Decisions, and documents, that are called recent."""


class Edge(NamedTuple):
    """What of a link can be told without its evidence; tasks are ``slug#id``."""

    lower: str
    upper: str
    grade: int


class Held:
    """What one generation holds, before people's decisions."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.generation = kb.generation
        self.policies = {policy.slug: policy for policy in kb.extractions()}
        self.repealed = kb.repealed
        self.linked_with = kb.linked_with
        self.edges: list[Edge] = []
        self._texts: list[str] = []
        self._of: dict[tuple[str, str], list[int]] = {}
        for number, (lower, upper, facts, text) in enumerate(kb.stored_links()):
            low, up, grade = json.loads(facts)
            self.edges.append(Edge(f"{lower}#{low}", f"{upper}#{up}", grade))
            self._texts.append(text)
            self._of.setdefault(("lower", lower), []).append(number)
            self._of.setdefault(("upper", upper), []).append(number)
        self.links = lru_cache(PARSED)(self._links)

    def _links(self, side: str, slug: str) -> tuple[Link, ...]:
        """The links whose lower or upper document this is, in the order linking gave them."""
        return tuple(Link.model_validate_json(self._texts[number]) for number in self._of.get((side, slug), ()))

    def all_links(self) -> Iterable[Link]:
        """Every link; long."""
        return (Link.model_validate_json(text) for text in self._texts)


class Snapshot:
    """A knowledge base as people left it at one moment; nothing in it ever changes. It serves as `tracing.Records`.

    ``generation`` tells one state from another, ``built`` one index from another, ``measured`` one state of all that
    targets depend on.
    """

    def __init__(self, path: Path, before: Snapshot | None = None) -> None:
        with KnowledgeBase.open(path) as kb:
            self.path, self.built, self.standings = path, kb.generation, kb.standings
            self.generation = stamp(kb.generation, kb.revision)
            self.recent = kb.recent(RECENT)
            same = before is not None and before.built == kb.generation
            self._held: Held = before._held if before is not None and same else Held(kb)
        self._said = _by_document(self.standings)
        self._laid = {
            slug: self._over(policy, before if same else None) for slug, policy in self._held.policies.items()
        }
        laid = (marked(policy, self._held.repealed) for policy in self._laid.values())
        self._policies = {policy.slug: policy for policy in reading_order(laid)}
        self._verdicts = {
            s: one
            for s, one in self.standings.items()
            if s.kind == "link" or one.state == "rejected" or s.item.startswith(ADDED)
        }
        measured = tuple(one.decision for s, one in self.standings.items() if s.kind in ("task", "target", "document"))
        self.measured = f"{self.built}+{hash(measured)}"
        self._judged = lru_cache(PARSED)(self._judge)
        self._rows = lru_cache(PARSED)(self._rows_of)
        self._changes = Changes(self)

    def _over(self, policy: Policy, before: Snapshot | None) -> Policy:
        """The document with what was said of it; the one of before where nothing more was said."""
        said = {**self._said.get("", {}), **self._said.get(policy.slug, {})}
        if before is not None:
            then = {**before._said.get("", {}), **before._said.get(policy.slug, {})}
            if then == said:
                return before._laid[policy.slug]
        return lay_over(policy, said)

    def policies(self) -> tuple[Policy, ...]:
        """All documents, from above."""
        return tuple(self._policies.values())

    def policy(self, slug: str) -> Policy:
        """The document with this slug. Raises ``NotFound``."""
        if slug not in self._policies:
            raise NotFound(f"没有文件 {slug}", near(slug, list(self._policies)))
        return self._policies[slug]

    def slugs(self) -> Collection[str]:
        """The documents."""
        return self._policies.keys()

    def extracted(self, slug: str) -> Policy:
        """A document as it was read, without what people decided. Raises ``KeyError``."""
        return self._held.policies[slug]

    def cuts(self, slug: str) -> Sequence[int]:
        """As `KnowledgeBase.cuts`."""
        with reading(self.path) as database:
            row = database.execute("SELECT cuts FROM extractions WHERE slug = ?", (slug,)).fetchone()
        return unpack(row[0]) if row else ()

    @property
    def linked_with(self) -> Mapping[Subject, Standing]:
        """As `KnowledgeBase.linked_with`."""
        return self._held.linked_with

    def altered(self, slug: str) -> frozenset[str]:
        """As `KnowledgeBase.altered`."""
        return self._changes.altered(slug)

    def relinked(self, ref: TaskRef) -> tuple[Link, ...] | None:
        """As `KnowledgeBase.relinked`."""
        return self._changes.links_of(ref)

    def task(self, ref: str) -> tuple[Policy, Task]:
        """The task with this reference, and its document. Raises ``NotFound``, with near ones as a hint."""
        slug, mark, task_id = ref.partition("#")
        policy = self._policies.get(slug)
        task = policy.task(task_id) if policy and mark else None
        if policy is None or task is None:
            known = [f"{slug}#{one.id}" for one in policy.tasks] if policy else list(self._policies)
            raise NotFound(f"没有任务 {ref}", near(ref if policy else slug, known))
        return policy, task

    def near_tasks(self, ref: str, most: int = 5) -> tuple[str, ...]:
        """References of tasks near to one that is not there: of the same document, or of documents of like name."""
        slug, _, task_id = ref.partition("#")
        slugs = [slug] if slug in self._policies else difflib.get_close_matches(slug, self._policies, 3, 0.4)
        ids = {f"{one}#{task.id}": task.id for one in slugs for task in self._policies[one].tasks}
        same = [known for known, one in ids.items() if one == task_id]
        near = difflib.get_close_matches(task_id, list(dict.fromkeys(ids.values())), most, 0.3)
        wanted = [*same, *(known for one in near for known, its in ids.items() if its == one)]
        return tuple(dict.fromkeys(wanted or ids))[:most]

    def links(self, lower: str | None = None, upper: str | None = None) -> tuple[Link, ...]:
        """The links, or those of a lower and of an upper document."""
        if lower is not None:
            found = self._judged("lower", lower)
        elif upper is not None:
            found = self._judged("upper", upper)
        else:
            found = tuple(judged(self._held.all_links(), self._verdicts))
        return tuple(one for one in found if lower in (None, one.lower.doc) and upper in (None, one.upper.doc))

    def _judge(self, side: str, slug: str) -> tuple[Link, ...]:
        found = self._held.links(side, slug)
        if not (self._verdicts or self._changes.docs):
            return found
        return tuple(one for one in judged(found, self._verdicts) if slug == getattr(one, side).doc)

    def edges(self) -> Iterable[Edge]:
        """All links that are not rejected, as edges."""
        return self._edges_now() if self._verdicts or self._changes.docs else self._held.edges

    def _edges_now(self) -> Iterable[Edge]:
        touched = {doc for subject in self._verdicts for doc in (subject.doc, subject.other_doc) if doc}
        touched |= self._changes.docs & self._policies.keys()
        for edge in self._held.edges:
            if not {edge.lower.partition("#")[0], edge.upper.partition("#")[0]} & touched:
                yield edge
        for slug in touched:
            for side in ("lower", "upper"):
                for link in self._judged(side, slug):
                    other = link.upper.doc if side == "lower" else link.lower.doc
                    if link.state != "rejected" and (side == "lower" or other not in touched):
                        yield Edge(str(link.lower), str(link.upper), link.grade)

    def row(self, ref: str) -> MatrixRow:
        """The row of the 任务分工表 for a task. Raises ``NotFound``."""
        slug = self.task(ref)[0].slug
        return self._rows(slug)[ref]

    def _rows_of(self, slug: str) -> dict[str, MatrixRow]:
        return {f"{row.doc}#{row.task}": row for row in matrix(self, slug)}

    def not_applicable(self, upper: str, lower: str) -> dict[str, str]:
        """As `KnowledgeBase.not_applicable`."""
        return not_applicable(self.standings, upper, lower)


def stamp(generation: str, decisions: int) -> str:
    """What tells one state of a knowledge base from another."""
    return f"{generation}+{decisions}"


class Keeper:
    """The newest snapshot of one knowledge base; safe to be asked by many threads."""

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, threading.Lock()
        self._now: Snapshot | None = None

    def now(self) -> Snapshot:
        """The knowledge base as it is now. Raises ``BrokenKnowledgeBase``."""
        with reading(self._path) as database:
            wanted = stamp(live_generation(database)[0], revision(database))
        with self._lock:
            if self._now is None or self._now.generation != wanted:
                self._now = Snapshot(self._path, self._now)
            return self._now


def _by_document(standings: Mapping[Subject, Standing]) -> dict[str, dict[Subject, Standing]]:
    """Standings by the document they concern; those that concern every document are below an empty name."""
    found: dict[str, dict[Subject, Standing]] = {}
    for subject, one in standings.items():
        found.setdefault(subject.doc, {})[subject] = one
    return found
