"""One document that comes in two files: as .docx and as .pdf, or saved once more. It is kept once, and this is told.

Two files are the same document only if every record is the same, word for word: a text that differs from
another in one number is another version, never a copy.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Sequence

from index import fingerprint
from index.holdings import Held, Holdings
from schemas import Policy, Responsibility, Task

_NO_WORDS = re.compile(r"[\s，。、；：！？,;:!?“”‘’\"'（）()《》〈〉【】〔〕\[\]·…]+")
"""Marks that readers of formats may set differently. A point, a per cent sign and a dash belong to numbers."""


class Copies:
    """The files that are copies of a document that is held, by their bytes."""

    def __init__(self, database: sqlite3.Connection, holdings: Holdings) -> None:
        self.database, self.holdings = database, holdings
        self.new: list[tuple[str, str, str, str]] = []

    def original(self, sha256: str) -> Held | None:
        """The document that the file with these bytes is known to be a copy of."""
        row = self.database.execute(
            "SELECT slug FROM copies WHERE sha256 = ? AND fingerprint = ?", (sha256, fingerprint.extractor())
        ).fetchone()
        return self.holdings[row[0]] if row and row[0] in self.holdings else None

    def same(self, policy: Policy) -> Held | None:
        """The document that is held and says the same as `policy`, read from other bytes."""
        words = None
        for held in self.holdings.of_title(policy.title):
            if held.sha256 != policy.sha256 and held.is_current and held.form == policy.text:
                words = words or wording(policy)
                if wording(held.policy) == words:
                    return held
        return None

    def put(self, held: Held, sha256: str, file: str) -> None:
        """Remembers a copy of `held`, once `save` is called."""
        self.new.append((sha256, held.slug, file, fingerprint.extractor()))

    def save(self) -> None:
        """Writes what is new; call it in a transaction."""
        self.database.executemany("INSERT OR REPLACE INTO copies VALUES (?, ?, ?, ?)", self.new)


def wording(policy: Policy) -> str:
    """The fingerprint of all records of a document: blanks, punctuation and width do not count, nor does the layout.

    A document without tasks is compared by its whole text.
    """
    head = (policy.title, policy.level or "", policy.doc_number or "", policy.date or "", *policy.issuers)
    titles = (f"{section.id}{section.title}" for section in policy.sections)
    others = [f"{one.no}{one.name}{one.group}{one.year}{_bodies(one.departments)}" for one in policy.projects]
    others += [f"{one.name}{one.start}{one.end}" for one in policy.phases]
    targets = (target.quote for target in policy.targets)
    rest = () if policy.tasks else (policy.logical_text,)
    return fingerprint.of(*map(_plain, (*head, *titles, *map(_said, policy.tasks), *targets, *others, *rest)))


def _said(task: Task) -> str:
    return f"{task.id}{task.title or ''}{task.text}{_bodies(task.departments)}{task.deadline or ''}"


def _bodies(bodies: Sequence[Responsibility]) -> str:
    return "".join(f"{body.role}{body.name}" for body in bodies)


def _plain(text: str) -> str:
    return _NO_WORDS.sub("", unicodedata.normalize("NFKC", text))
