"""A knowledge base, open for reading: its documents, tasks and links, as they were when it was opened."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from pydantic import ValidationError
from sqlalchemy import Connection

from index.deciding import history
from index.deciding.carrying import is_gone
from index.deciding.decisions import Overlay, as_of, resolve_all
from index.deciding.judged import judged
from index.deciding.moments import end_of
from index.deciding.repeal import marked
from index.deciding.tables import over
from index.searching.entries import reading_order, unpack
from index.store import connect, live_generation, told_if_damaged
from schemas import BrokenKnowledgeBase, Decision, Link, NotFound, Policy, Record, Standing, Subject, Task, TaskRef

if TYPE_CHECKING:
    from index.relinking import Changes

R = TypeVar("R", bound=Record)


class NearLink(NamedTuple):
    """A computed link without its evidence."""

    lower_doc: str
    upper_doc: str
    lower: str
    upper: str
    grade: int
    relation: str
    score: float


class KnowledgeBase:
    """Use `open`. Holds one view of the records, with people's decisions laid over what was extracted: a build that ends
    meanwhile, or a decision that is made, does not change what it shows.

    >>> with KnowledgeBase.open(Path("kb")) as kb:  # doctest: +SKIP
    ...     policy, task = kb.task("scip-carbon-peak-2023#三.1")
    """

    def __init__(self, path: Path, day: str | None = None) -> None:
        self.path, self._day = path, end_of(day) if day else None
        self._database = connect(path)
        try:
            with told_if_damaged(path):
                self.sql: Connection = over(self._database)
                self._database.execute("BEGIN")  # one transaction for all reads
                self.generation = self.built = live_generation(self._database)[0]
            if not self.generation:
                raise BrokenKnowledgeBase(f"{path} 的知识库是空的", "先运行 policytrace build")
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(cls, path: Path, day: str | None = None) -> KnowledgeBase:
        """The knowledge base in a directory, with all decisions or those made until the end of a local `day`.

        Raises ``BrokenKnowledgeBase``: none there, damaged, newer, empty; ``PolicyError``: `day` is none.
        """
        return cls(path, day)

    def __enter__(self) -> KnowledgeBase:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if "_database" in self.__dict__:
            self.close()

    def close(self) -> None:
        """Lets go of the files; what was read stays usable."""
        self._database.close()

    def policies(self) -> tuple[Policy, ...]:
        """All documents, from above by level, then by date."""
        return self._policies

    def policy(self, slug: str) -> Policy:
        """The document with this slug. Raises ``NotFound``, with the slugs that are near as a hint."""
        if "_policies" in self.__dict__:
            found = next((policy for policy in self._policies if policy.slug == slug), None)
        else:
            read = self._read(Policy, "SELECT policy FROM extractions WHERE slug = ?", slug)
            found = next(map(self._laid, read), None)
        if found is None:
            raise self._no_document(slug)
        return found

    def document(self, slug: str) -> tuple[str, str, str, str]:
        """Digest, file, given title and form of a document that is held, even if nothing could be read from it.

        Raises ``NotFound``, with the slugs that are near as a hint.
        """
        rows = self._rows("SELECT sha256, file, ifnull(title, ''), form FROM documents WHERE slug = ?", slug)
        if not rows:
            raise self._no_document(slug)
        sha256, file, title, form = rows[0]
        return sha256, file, title, form

    def _no_document(self, slug: str) -> NotFound:
        slugs = [str(row[0]) for row in self._rows("SELECT slug FROM documents ORDER BY slug")]
        return NotFound(f"没有文件 {slug}", near(slug, slugs))

    def slugs(self) -> frozenset[str]:
        """The documents that have records."""
        return self._slugs

    @functools.cached_property
    def _slugs(self) -> frozenset[str]:
        return frozenset(slug for (slug,) in self._rows("SELECT slug FROM extractions"))

    def cuts(self, slug: str) -> Sequence[int]:
        """Where each word of a document's logical text ends; see `index.searching.entries`."""
        rows = self._rows("SELECT cuts FROM extractions WHERE slug = ?", slug)
        return unpack(rows[0][0]) if rows else ()  # type: ignore[arg-type]

    def extracted(self, slug: str) -> Policy:
        """The document as it was read, without what people decided. Raises ``NotFound``."""
        found = self._read(Policy, "SELECT policy FROM extractions WHERE slug = ?", slug)
        return found[0] if found else self.policy(slug)

    def task(self, ref: str) -> tuple[Policy, Task]:
        """The task named ``slug#task-id``, with its document. Raises ``NotFound``, with near names as a hint."""
        slug, mark, task_id = ref.partition("#")
        if not mark:
            raise NotFound(f"“{ref}”没有写明任务", "写成 文件#任务编号，例如 scip-carbon-peak-2023#三.1")
        policy = self.policy(slug)
        task = policy.task(task_id)
        if task is None:
            raise NotFound(f"{slug} 没有任务 {task_id}", near(ref, [f"{slug}#{t.id}" for t in policy.tasks]))
        return policy, task

    def links(self, lower: str | None = None, upper: str | None = None) -> tuple[Link, ...]:
        """The links, or those of a lower and of an upper document (slugs), in the order linking gave them; those that
        people added come last."""
        given = {"lower_doc": lower, "upper_doc": upper}
        asked = [name for name, slug in given.items() if slug is not None]  # each has an index
        where = f" WHERE {' AND '.join(f'{name} = ?' for name in asked)}" if asked else ""
        sql = f"SELECT link FROM links{where} ORDER BY rowid"
        found = judged(self._read(Link, sql, *(given[name] for name in asked)), self.standings)
        return tuple(one for one in found if lower in (None, one.lower.doc) and upper in (None, one.upper.doc))

    @functools.cached_property
    def standings(self) -> dict[Subject, Standing]:
        """What people decided, by record."""
        with told_if_damaged(self.path):
            if self._day is None:
                return history.standings(self.sql)
            placed = history.placed_history(self.sql)
        until = {one.id for one in as_of((placed.decision for _, placed in placed), self._day)}
        return resolve_all((subject, one) for subject, one in placed if one.decision.id in until)

    @functools.cached_property
    def linked_with(self) -> dict[Subject, Standing]:
        """What people had decided of tasks, targets and documents when the links were made."""
        return {one.subject: one for one in self._read(Standing, "SELECT standing FROM linked_with")}

    @functools.cached_property
    def _changes(self) -> Changes:
        from index.relinking import Changes

        return Changes(self)

    def altered(self, slug: str) -> frozenset[str]:
        """The tasks of a document that people changed since they were linked; see `index.relinking`."""
        return self._changes.altered(slug)

    def relinked(self, ref: TaskRef) -> tuple[Link, ...] | None:
        """The links of such a task, found now; None where those that are stored hold."""
        return self._changes.links_of(ref)

    @functools.cached_property
    def _overlay(self) -> Overlay:
        return Overlay(self.standings)

    @functools.cached_property
    def repealed(self) -> dict[str, str]:
        """Slug of a document that is out of force → slug of the document that says so."""
        return dict(self._rows("SELECT slug, by_slug FROM repealed"))  # type: ignore[arg-type]

    def history(self) -> tuple[Decision, ...]:
        """All decisions, in order."""
        with told_if_damaged(self.path):
            found = tuple(placed.decision for _, placed in history.placed_history(self.sql))
        return found if self._day is None else tuple(as_of(found, self._day))

    def subject_of(self, decision: str) -> Subject:
        """The record that a decision is about now. Raises ``NotFound``."""
        with told_if_damaged(self.path):
            return history.subject_of(self.sql, decision)

    def decisions_at(self, subject: Subject) -> tuple[Decision, ...]:
        """All decisions that are about a record now, undone ones and undoings too, in order."""
        with told_if_damaged(self.path):
            return tuple(placed.decision for _, placed in history.placed_history(self.sql, subject))

    def recent(self, most: int) -> tuple[tuple[Decision, ...], tuple[tuple[str, str], ...]]:
        """The latest decisions, and the documents added last with their times (UTC, ISO 8601); the latest first."""
        said = self._read(Decision, "SELECT decision FROM decisions ORDER BY seq DESC LIMIT ?", str(most))
        added = self._rows("SELECT slug, added FROM documents ORDER BY added DESC, slug LIMIT ?", str(most))
        return tuple(said), tuple((slug, when) for slug, when in added)

    def decisions_on(self, doc: str, item: str) -> tuple[Decision, ...]:
        """The decisions on a task and on its links that stand or were undone, in order."""
        with told_if_damaged(self.path):
            placed = history.placed_history(self.sql)
        mine = [
            one.decision
            for subject, one in placed
            if subject.kind == "task" and (subject.doc, subject.item) == (doc, item)
        ]
        return tuple(mine if self._day is None else as_of(mine, self._day))

    @functools.cached_property
    def revision(self) -> int:
        """Grows with every decision."""
        with told_if_damaged(self.path):
            return history.revision(self.sql)

    def not_applicable(self, upper: str, lower: str) -> dict[str, str]:
        """What people said of tasks of the upper document that do not concern the lower body: task id → why; an
        empty string where they said that it does concern it."""
        return not_applicable(self.standings, upper, lower)

    def extractions(self) -> list[Policy]:
        """All documents as they were read, without what people decided."""
        return self._read(Policy, "SELECT policy FROM extractions")

    def stored_links(self) -> list[tuple[str, ...]]:
        """The computed links as stored: lower and upper document; lower task, upper task and grade as JSON; the Link."""
        facts = "json_extract(link, '$.lower.task', '$.upper.task', '$.grade')"
        return self._rows(f"SELECT lower_doc, upper_doc, {facts}, link FROM links ORDER BY rowid")

    def links_between(self, low: float, high: float) -> tuple[NearLink, ...]:
        """The computed links whose score lies between two figures, as stored."""
        facts = ", ".join(
            f"json_extract(link, '$.{name}')" for name in ("lower.task", "upper.task", "grade", "relation")
        )
        sql = f"SELECT lower_doc, upper_doc, {facts}, json_extract(link, '$.score') AS score FROM links"
        rows = self._rows(f"{sql} WHERE score > {low:f} AND score < {high:f} ORDER BY rowid")
        return tuple(NearLink(*row) for row in rows)  # type: ignore[arg-type]

    @functools.cached_property
    def _policies(self) -> tuple[Policy, ...]:
        return reading_order(map(self._laid, self.extractions()))

    def _laid(self, policy: Policy) -> Policy:
        return marked(self._overlay.over(policy), self.repealed)

    def _read(self, kind: type[R], sql: str, *values: str | None) -> list[R]:
        try:
            return [kind.model_validate_json(row[0]) for row in self._rows(sql, *values)]
        except ValidationError as error:
            raise BrokenKnowledgeBase(
                f"{self.path} 由较早的版本写成", "运行 policytrace build，记录会重新读出"
            ) from error

    def _rows(self, sql: str, *values: str | None) -> list[tuple[str, ...]]:
        with told_if_damaged(self.path):
            return self._database.execute(sql, values).fetchall()


def not_applicable(standings: Mapping[Subject, Standing], upper: str, lower: str) -> dict[str, str]:
    """As `KnowledgeBase.not_applicable`, from the standings."""
    return {
        subject.item: f"{one.why}{'（原文已改，待复核）' if one.again else ''}" if one.state != "rejected" else ""
        for subject, one in standings.items()
        if subject.kind == "coverage" and (subject.doc, subject.other_doc) == (upper, lower)
        if not is_gone(subject)
    }


def near(wanted: str, known: list[str]) -> str:
    """A hint: the known names that are near to the wanted one."""
    """A hint for a name that is not known."""
    near = difflib.get_close_matches(wanted, known, 5, 0.5) or known[:5]
    return f"相近的有：{'、'.join(near)}" if near else "知识库是空的"
