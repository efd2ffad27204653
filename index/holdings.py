"""The documents of a knowledge base while it is being built: what is stored, and what will be."""

from __future__ import annotations

import functools
import hashlib
import itertools
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.catalogue import title_key
from index import fingerprint
from index.store import keep
from schemas import Level, Link, Policy

LONG_ENOUGH = 8
"""Characters from which a title says which document it is."""

_DRAFT = re.compile(r"征求意见|草案|送审|讨论稿|初稿")
_VERSION = re.compile(
    r"[（(〔\[]?(?:公开)?(?:征求意见稿?|草案|送审稿|报批稿|讨论稿|初稿|(?:\d{4}年)?修[订改]版?(?:稿)?|正式稿|试行)[）)〕\]]?"
)

_PUT_DOCUMENT = """
    INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (slug) DO UPDATE SET wanted_slug = excluded.wanted_slug, sha256 = excluded.sha256,
        file = excluded.file, level = excluded.level, title = excluded.title, form = excluded.form,
        added = excluded.added
"""


@dataclass(frozen=True)
class Held:
    """A stored document and what was read from it. ``level`` and ``title`` are as given, not as read.

    ``policy_json`` is empty while nothing could be read from it by the program as it is now.
    """

    slug: str
    wanted_slug: str
    sha256: str
    file: str
    level: Level | None
    title: str | None
    form: str
    added: str
    fingerprint: str
    policy_json: str
    cuts: bytes

    @functools.cached_property
    def policy(self) -> Policy:
        """The record; not there while ``policy_json`` is empty."""
        return Policy.model_validate_json(self.policy_json)

    @functools.cached_property
    def read_title(self) -> str:
        """The title as read, whatever version of the records it was read into."""
        return str(json.loads(self.policy_json or "{}").get("title", ""))

    @property
    def is_current(self) -> bool:
        """Whether it was read by the program as it is now."""
        return self.fingerprint == fingerprint.extractor()


class Holdings:
    """All documents by slug; changes are gathered here and written by `save`, in the caller's transaction."""

    def __init__(self, kb: Path, database: sqlite3.Connection) -> None:
        self.kb, self.database = kb, database
        self._stored = {held.slug: held for held in _stored(database)}
        self._now = dict(self._stored)
        self.decided: set[str] = set()
        self.taken: list[Held] = []

    def __len__(self) -> int:
        return len(self._now)

    def __iter__(self) -> Iterator[Held]:
        return iter(list(self._now.values()))

    def __contains__(self, slug: object) -> bool:
        return slug in self._now and bool(self._now[str(slug)].policy_json)

    def __getitem__(self, slug: str) -> Held:
        return self._now[slug]

    @property
    def changed(self) -> bool:
        """Whether `save` has anything to write about documents."""
        return self._now != self._stored

    def replaced(self) -> list[tuple[Held, Held]]:
        """The documents whose bytes others took the place of, and those."""
        pairs = ((old, self._now[slug]) for slug, old in self._stored.items() if slug in self._now)
        return [(old, new) for old, new in pairs if old.sha256 != new.sha256 and old.policy_json]

    def reread(self) -> dict[str, str]:
        """What was read until now from the documents that have been read anew: the JSON of the ``Policy`` by slug."""
        pairs = ((old, self._now[slug]) for slug, old in self._stored.items() if slug in self._now)
        return {new.slug: old.policy_json for old, new in pairs if old.policy_json != new.policy_json}

    def stamps(self) -> list[str]:
        """What a generation made of these documents depends on."""
        return [f"{h.slug} {h.sha256} {h.level} {h.title} {h.fingerprint}" for _, h in sorted(self._now.items())]

    def by_content(self, sha256: str) -> Held | None:
        """The document with these bytes."""
        return next((held for held in self if held.sha256 == sha256), None)

    def full_text_of(self, outline: Policy) -> Held | None:
        """The full text of the document that an outline is about, by slug or title."""
        return self._same_document(outline, "full")

    def outline_of(self, policy: Policy) -> Held | None:
        """The outline of the document whose full text is `policy`, by slug or title."""
        return self._same_document(policy, "outline") if policy.text == "full" else None

    def predecessor(self, wanted_slug: str, file: str | None, given: Set[str]) -> Held | None:
        """What a document of this slug held before, under the same file name (None: any).

        A document whose own bytes are among those `given` to this build is another document and keeps its place.
        """
        for held in self:
            if held.wanted_slug == wanted_slug and file in (None, held.file) and held.sha256 not in given:
                return held
        return None

    def draft_of(self, policy: Policy, given: Set[str]) -> Held | None:
        """The earlier version of `policy` under another name: the same title but for 征求意见稿 and the like, where one
        of the two is a draft, or both are of the same issuers and level. A document `given` to this build stays.
        """
        key = version_key(policy.title)
        for held in self if len(key) >= LONG_ENOUGH else ():
            if not held.is_current or held.sha256 in given or held.form != policy.text:
                continue
            if version_key(held.read_title) == key and _one_document(held.policy, policy):
                return held
        return None

    def free_slug(self, wanted: str, earlier: str | None = None) -> str:
        """`earlier` if it is free, or `wanted`, or with the first number from 2 that tells it from the others."""
        if earlier and earlier not in self._now:
            return earlier
        numbered = (f"{wanted}-{number}" for number in itertools.count(2))
        return next(slug for slug in itertools.chain([wanted], numbered) if slug not in self._now)

    def keep(self, file: Path, sha256: str) -> bool:
        """Stores the bytes of a document; see `index.store.keep`."""
        return keep(self.kb, file, sha256)

    def put(self, held: Held, *instead_of: Held | None) -> None:
        """Adds a document in the place of others."""
        for other in filter(None, instead_of):
            self._now.pop(other.slug, None)
        self._now[held.slug] = held

    def take_out(self, slug: str) -> None:
        """Takes a document out; its bytes stay. Raises ``KeyError`` if it is not held."""
        self.taken.append(self._now.pop(slug))

    def slugs(self) -> list[str]:
        """The slugs of all documents."""
        return list(self._now)

    def new(self) -> list[Held]:
        """The documents that were not stored until now."""
        return [held for slug, held in self._now.items() if slug not in self._stored]

    def forget_reading(self, slug: str) -> None:
        """Keeps the document but not the records, if an older version wrote them and they no longer fit."""
        held = self._now[slug]
        try:
            _ = held.policy
        except ValueError:
            self._now[slug] = replace(held, policy_json="", cuts=b"", fingerprint="")

    def read(self) -> list[Held]:
        """The documents that have records."""
        return [held for held in self if held.policy_json]

    def altered(self) -> list[Held]:
        """The documents that are new or not as they were stored."""
        return [held for slug, held in self._now.items() if self._stored.get(slug) != held]

    def relinked(self) -> set[str]:
        """The documents whose links are made anew after few changes: altered ones, and those that people decided on."""
        return {held.slug for held in self.altered()} | (self.decided & set(self._now))

    def save(self, links: Iterable[Link], of_altered: bool) -> None:
        """Writes what changed, and the links: all, or only those of altered documents while the others are kept."""
        gone = [(slug,) for slug in self._stored if slug not in self._now]
        new = self.altered()
        if of_altered:
            pairs = [(slug, slug) for slug in self.relinked()]
            self.database.executemany("DELETE FROM links WHERE lower_doc = ? OR upper_doc = ?", pairs)
        else:
            self.database.execute("DELETE FROM links")
        self.database.executemany("DELETE FROM documents WHERE slug = ?", gone)
        self.database.executemany(_PUT_DOCUMENT, map(_document, new))
        self.database.executemany("DELETE FROM extractions WHERE slug = ?", [(held.slug,) for held in new])
        self.database.executemany(
            "INSERT INTO extractions VALUES (?, ?, ?, ?)", (_extraction(held) for held in new if held.policy_json)
        )
        self.database.executemany(
            "INSERT INTO links VALUES (?, ?, ?)",
            ((link.lower.doc, link.upper.doc, link.model_dump_json()) for link in links),
        )

    def link_count(self) -> int:
        """Links that are stored."""
        return int(self.database.execute("SELECT count(*) FROM links").fetchone()[0])

    def of_title(self, title: str) -> Iterator[Held]:
        """The documents with this title, as read."""
        key = title_key(title)
        return (held for held in self if held.policy_json and title_key(held.read_title) == key)

    def _same_document(self, policy: Policy, form: str) -> Held | None:
        key = title_key(policy.title)
        for held in self:
            if held.form == form and (held.slug == policy.slug or (key and title_key(held.read_title) == key)):
                return held
        return None


def version_key(title: str) -> str:
    """A title without what tells its versions apart: 征求意见稿, 草案, 修订, 2023年修订版."""
    return title_key(_VERSION.sub("", title))


def _one_document(old: Policy, new: Policy) -> bool:
    if old.level != new.level or (old.doc_number and new.doc_number and not _drafted(old)):
        return False
    if _drafted(new) and not _drafted(old):
        return False  # a draft that comes to light later is no newer version of what was issued
    return _drafted(old) or _drafted(new) or (bool(old.issuers) and old.issuers == new.issuers and old.date != new.date)


def _drafted(policy: Policy) -> bool:
    return policy.status == "draft" or bool(_DRAFT.search(policy.title))


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal. Raises ``OSError``."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stored(database: sqlite3.Connection) -> Iterator[Held]:
    rows = database.execute(
        "SELECT slug, wanted_slug, sha256, file, level, title, form, added,"
        " coalesce(fingerprint, ''), coalesce(policy, ''), coalesce(cuts, x'')"
        " FROM documents LEFT JOIN extractions USING (slug) ORDER BY slug"
    )
    return (Held(*row) for row in rows)


def _document(held: Held) -> tuple[str | None, ...]:
    return (held.slug, held.wanted_slug, held.sha256, held.file, held.level, held.title, held.form, held.added)


def _extraction(held: Held) -> tuple[str | bytes, ...]:
    return (held.slug, held.fingerprint, held.policy_json, held.cuts)
