"""Links between tasks of two documents, and what `check` finds."""

from __future__ import annotations

from typing import Literal

from schemas.base import Origin, Record

Relation = Literal["equal", "subset", "superset", "intersect"]
Severity = Literal["error", "warning", "info"]


class TaskRef(Record):
    """A task of a document."""

    doc: str
    task: str

    def __str__(self) -> str:
        return f"{self.doc}#{self.task}"


class Fragment(Record):
    """Words that both texts share: offsets in each document's logical text (null where the side is an outline)."""

    text: str
    lower_start: int
    lower_end: int
    upper_start: int
    upper_end: int


class Signal(Record):
    """One reason for a link: its name (``title``, ``wording`` …), its strength in 0..1, and a word of explanation."""

    name: str
    value: float
    note: str = ""


class Evidence(Record):
    """Why a link is asserted."""

    fragments: tuple[Fragment, ...] = ()
    signals: tuple[Signal, ...] = ()


class Link(Record):
    """Lower task → upper task. ``relation`` is seen from the upper task; ``score`` is in 0..1.

    ``suspect``: a person confirmed it, and one of its texts changed since. ``note`` is what they said.
    """

    lower: TaskRef
    upper: TaskRef
    grade: Literal[0, 1, 2, 3]
    relation: Relation
    score: float
    evidence: Evidence
    state: Literal["proposed", "confirmed", "corrected", "rejected", "added", "suspect"] = "proposed"
    note: str = ""


class Finding(Record):
    """Something in the knowledge base that a person should look at."""

    kind: str
    severity: Severity
    doc: str
    task: str | None = None
    message: str
    origin: Origin | None = None
