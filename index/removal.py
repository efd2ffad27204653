"""A document is taken out of the knowledge base: what is lost from view, who did it, and how it comes back.

Its records, its links and its place in the index go; its bytes in ``documents/``, its earlier versions and all decisions
on it stay. Added again, the same file has its slug, its level, its title and its decisions as before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import JsonValue
from sqlalchemy import Connection, delete, insert, select

from corpus.catalogue import load, title_key
from index.deciding.history import append, tell
from index.deciding.tables import REMOVALS
from index.holdings import Held
from index.knowledge_base import KnowledgeBase
from index.store import kept
from schemas import Level, Subject, Wish


class Loss(NamedTuple):
    """What goes out of view with a document. ``path`` is where its bytes stay; ``outline`` is the bundled file of facts
    whose place this full text took, if any."""

    slug: str
    title: str
    path: Path | None
    tasks: int
    targets: int
    links: int
    linked: tuple[str, ...]
    decisions: int
    outline: Path | None


class Removed(NamedTuple):
    """How a document was known before it was taken out, and by whom that was done."""

    slug: str
    wanted_slug: str
    level: Level | None
    title: str | None
    who: str


def losses(kb: KnowledgeBase, slugs: Iterable[str]) -> tuple[Loss, ...]:
    """What would go out of view with these documents. Raises ``NotFound``, with near slugs, if one is not held."""
    return tuple(_loss(kb, slug) for slug in dict.fromkeys(slugs))


def _loss(kb: KnowledgeBase, slug: str) -> Loss:
    sha256, file, given, form = kb.document(slug)
    read = next((policy for policy in kb.policies() if policy.slug == slug), None)
    links = [one for one in kb.links() if slug in (one.lower.doc, one.upper.doc)]
    others = sorted({doc for one in links for doc in (one.lower.doc, one.upper.doc)} - {slug})
    title = read.title if read else given or file
    return Loss(
        slug=slug,
        title=title,
        path=kept(kb.path, sha256),
        tasks=len(read.tasks) if read else 0,
        targets=len(read.targets) if read else 0,
        links=len(links),
        linked=tuple(others),
        decisions=sum(slug in (subject.doc, subject.other_doc) for subject in kb.standings),
        outline=_outline(slug, title) if form == "full" else None,
    )


def _outline(slug: str, title: str) -> Path | None:
    """The bundled outline of a document, by slug or title."""
    from corpus.outlines import read_outline

    outlines = ((path, read_outline(path)) for path in load().outlines)
    same = (path for path, one in outlines if one.slug == slug or title_key(one.title) == title_key(title))
    return next(same, None)


def record(sql: Connection, taken: Sequence[Held], who: str, why: str) -> None:
    """Puts removals into the history, tells everybody whose decisions go out of view; call it in a transaction."""
    for held in taken:
        after: dict[str, JsonValue] = {"title": held.title or held.read_title, "file": held.file, "sha256": held.sha256}
        about = Subject(kind="document", doc=held.slug)
        one = append(sql, who, Wish(verdict="remove", subject=about, after=after, why=why))
        tell(sql, one, of_document=held.slug)
        row = {name: getattr(held, name) for name in ("sha256", "slug", "wanted_slug", "file", "level", "title")}
        sql.execute(delete(REMOVALS).where(REMOVALS.c.sha256 == held.sha256))
        sql.execute(insert(REMOVALS), {**row, "who": who, "decision": one.id})


def removed(sql: Connection) -> dict[str, Removed]:
    """The documents that were taken out and are not back, by the digest of their bytes."""
    names = ("slug", "wanted_slug", "level", "title", "who")
    rows = sql.execute(select(REMOVALS.c.sha256, *(REMOVALS.c[name] for name in names)))
    return {row[0]: Removed(*row[1:]) for row in rows}


def forget(sql: Connection, contents: Iterable[str]) -> None:
    """These bytes are back."""
    for sha256 in contents:
        sql.execute(delete(REMOVALS).where(REMOVALS.c.sha256 == sha256))
