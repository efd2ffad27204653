"""What people decided: one entry of the history for each time somebody confirmed, corrected, rejected, added, undid."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from schemas.base import Record, RecordState

Verdict = Literal["confirm", "correct", "reject", "add", "not_applicable", "move", "remove", "undo"]
SubjectKind = Literal["task", "target", "link", "coverage", "department", "organisation", "document"]
Carried = Literal["same", "moved", "reworded", "gone"]


class Subject(Record):
    """The record that a decision is about.

    A task or target: `doc` and `item` (its id). A link: lower task, then upper task in `other_doc` and `other_item`.
    ``coverage``: the upper task, and the lower document in `other_doc`. A department: its printed name in `item`.
    An organisation: an entry that a person added to the register, by its id, the full name it was added under.
    A document: `doc` alone.
    """

    kind: SubjectKind
    doc: str = ""
    item: str = ""
    other_doc: str = ""
    other_item: str = ""

    def __str__(self) -> str:
        if self.kind == "link":
            return f"{self.doc}#{self.item} → {self.other_doc}#{self.other_item}"
        if self.kind == "coverage":
            return f"{self.doc}#{self.item} ⇢ {self.other_doc}"
        if self.kind in ("department", "organisation"):
            return f"{'部门' if self.kind == 'department' else '登记'}:{self.item}"
        if self.kind == "document":
            return self.doc
        return f"{self.doc}{'#' if self.kind == 'task' else '@'}{self.item}"


class Anchor(Record):
    """The source text that a decision was said of: where it stood and how it read. ``fingerprint`` is of both texts."""

    doc: str
    item: str
    title: str
    text: str
    fingerprint: str


class Decision(Record):
    """An entry of the history; never changed and never removed.

    ``move`` puts decisions whose record is gone, or was mistaken, on another one, `subject`; ``after`` lists their ids and
    ``before`` says what they were on.
    ``remove`` says that a document was taken out of the knowledge base; ``after`` says which file it was.
    ``at`` is UTC, ISO 8601 with microseconds, and later than that of every entry before it. ``before`` and ``after``
    are the values of ``field``; of an ``add`` the whole new record. ``undoes`` is the id of the entry taken back.
    """

    id: str
    at: str
    who: str
    verdict: Verdict
    subject: Subject
    field: str = ""
    before: JsonValue = None
    after: JsonValue = None
    why: str = ""
    undoes: str | None = None
    anchors: tuple[Anchor, ...] = ()


class Wish(Record):
    """A decision that is to be made: what a person wants, before the store gives it an id and a time."""

    verdict: Verdict
    subject: Subject
    field: str = ""
    before: JsonValue = None
    after: JsonValue = None
    why: str = ""
    undoes: str | None = None
    anchors: tuple[Anchor, ...] = ()


class Standing(Record):
    """What the decisions on one record amount to.

    ``again``: its text changed since, a person should see it again. ``fields``: corrected values by field.
    ``verdict``, ``who``, ``at``, ``why`` and ``decision`` are of the last entry that stands.
    """

    subject: Subject
    state: RecordState
    again: bool = False
    fields: dict[str, JsonValue] = Field(default_factory=dict)
    verdict: Verdict
    who: str
    at: str
    why: str = ""
    decision: str


class Notice(Record):
    """Tells ``whom`` that ``by`` decided otherwise after them on the same record."""

    whom: str
    by: str
    at: str
    subject: Subject
    verdict: Verdict
    field: str = ""
    why: str = ""
