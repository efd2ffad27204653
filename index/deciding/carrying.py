"""Decisions are carried to the same record of a new extraction or a new version, by its wording and its place.

A decision whose text changed goes with its record and comes up to be seen again; one whose record is not there any
more stays in the history, in the review queue, and returns when its text does.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from index.deciding.decisions import Placed, resolve_all, undone
from index.deciding.history import FRESH, placed_history, refresh_all
from index.deciding.matching import Item, align, items, mark
from index.deciding.tables import DECISIONS, PLACEMENTS, SUBJECT, columns
from schemas import Anchor, Decision, Standing, Subject
from schemas.decisions import Carried

GONE, ADDED = "〔已不在〕", "增."
"""Before the number of a record that is not there any more; before the number of one that a person added."""

_WORST: tuple[Carried, ...] = ("same", "moved", "reworded", "gone")


@dataclass(frozen=True)
class CarriedRow:
    """A decision that a person should look at, or that found its record at another place. `before` and `now` are refs."""

    decision: str
    who: str
    verdict: str
    before: str
    now: str
    carried: str
    text: str


@dataclass(frozen=True)
class CarryReport:
    """What became of all decisions: how many stay, moved, were reworded, have no record; rows for all but the first."""

    counts: Mapping[str, int]
    rows: tuple[CarriedRow, ...]


class Reading(NamedTuple):
    """A document as it was read: enough to find records again."""

    tasks: list[Item]
    targets: list[Item]
    text: str

    @classmethod
    def of_json(cls, policy: str) -> Reading:
        """From a stored extraction, whatever version wrote it."""
        read = json.loads(policy or "{}")
        return cls(items(read, "task"), items(read, "target"), read.get("logical_text", ""))

    def items(self, kind: str) -> list[Item]:
        """Its targets, or its tasks."""
        return self.targets if kind == "target" else self.tasks


class _Document:
    """A document now, and as it was: the same reading if nothing changed, None where only anchors can tell."""

    def __init__(self, now: Reading | None, old: Reading | None) -> None:
        self.now, self.old = now, old

    @cached_property
    def _tasks(self) -> dict[str, Item]:
        return self._aligned("task")

    @cached_property
    def _targets(self) -> dict[str, Item]:
        return self._aligned("target")

    def _aligned(self, kind: str) -> dict[str, Item]:
        if self.old is None or self.now is None:
            return {}
        if self.old is self.now:
            return {item.id: item for item in self.now.items(kind)}
        before, after = self.old.items(kind), self.now.items(kind)
        return {before[at].id: after[to] for at, to in align(before, after).items()}

    def find(self, kind: str, anchor: Anchor, place: str) -> tuple[str, Carried]:
        """The number of the record now, and how it was carried. `place` is the number it had until now."""
        if self.now is None:
            return _lost(anchor), "gone"
        found = self._by_wording(kind, anchor, place)
        if found is None and anchor.item.startswith(ADDED):
            return anchor.item, "same" if anchor.text in self.now.text else "reworded"
        if found is None:
            return _lost(anchor), "gone"
        if found.mark != mark(anchor.title, anchor.text):  # the stored one may be by an older rule
            return found.id, "reworded"
        return found.id, "same" if found.id == anchor.item else "moved"

    def _by_wording(self, kind: str, anchor: Anchor, place: str) -> Item | None:
        assert self.now is not None
        known = self._targets if kind == "target" else self._tasks
        if self.old is not None and not place.startswith((GONE, ADDED)):
            return known.get(place)
        after = self.now.items(kind)
        claimed = set() if self.old is None or place.startswith(ADDED) else {one.id for one in known.values()}
        unclaimed = [item for item in after if item.id not in claimed]
        asked = [Item(anchor.item, anchor.title, anchor.text)]
        at = align(asked, unclaimed).get(0)
        return unclaimed[at] if at is not None else None


def _lost(anchor: Anchor) -> str:
    return f"{GONE}{anchor.item}@{anchor.fingerprint[:8]}"


class Place(NamedTuple):
    """Where a decision belongs now, and how it came there."""

    decision: Decision
    subject: Subject
    carried: Carried


Now = Callable[[str], Reading | None]
"""Gives a document as it is read now, None where it is not held."""


def stored(raw: sqlite3.Connection) -> Now:
    """The documents as they are stored."""

    def now(slug: str) -> Reading | None:
        row = raw.execute("SELECT policy FROM extractions WHERE slug = ?", (slug,)).fetchone()
        return Reading.of_json(row[0]) if row else None

    return now


def places(
    sql: Connection, now: Now, old: Mapping[str, Reading] | None = None, only: Sequence[str] | None = None
) -> list[Place]:
    """Where all decisions belong, in order; changes nothing. `only` some are placed by their anchors alone.

    `old` are the documents that changed, as they were read before.
    """
    history = placed_history(sql)
    carrier = _Carrier(now, old or {}, moves(one.decision for _, one in history), by_anchor=only is not None)
    wanted = None if only is None else set(only)
    found: dict[str, Place] = {}
    for subject, (decision, fresh) in history:
        if wanted is not None and decision.id not in wanted:
            found[decision.id] = Place(decision, subject, "same" if fresh else "reworded")
        else:
            found[decision.id] = carrier.place(decision, subject, found)
    return [one for one in found.values() if wanted is None or one.decision.id in wanted]


def carry(
    raw: sqlite3.Connection,
    sql: Connection,
    old: Mapping[str, Reading] | None = None,
    only: Sequence[str] | None = None,
) -> CarryReport:
    """Stores `places` in the extraction that is stored now; call it in a transaction. The standings are not made."""
    found = places(sql, stored(raw), old, only)
    _store(sql, found)
    return _report(found)


def standings_at(found: Sequence[Place]) -> dict[Subject, Standing]:
    """What decisions amount to at their places."""
    return resolve_all((one.subject, Placed(one.decision, one.carried in FRESH)) for one in found)


class _Carrier:
    def __init__(self, now: Now, old: Mapping[str, Reading], moved: Mapping[str, Decision], by_anchor: bool) -> None:
        self.now, self.old, self.moved, self.by_anchor = now, old, moved, by_anchor
        self.documents: dict[str, _Document] = {}

    def document(self, slug: str) -> _Document:
        if slug not in self.documents:
            now = self.now(slug)
            self.documents[slug] = _Document(now, self.old.get(slug, None if self.by_anchor else now))
        return self.documents[slug]

    def place(self, one: Decision, subject: Subject, found: Mapping[str, Place]) -> Place:
        """An undo goes with what it undoes; what was said of no text stays where it is."""
        if one.undoes:
            return Place(one, found[one.undoes].subject if one.undoes in found else subject, "same")
        said = self.moved.get(one.id, one)
        return Place(one, *self._place(said, subject))

    def _place(self, one: Decision, subject: Subject) -> tuple[Subject, Carried]:
        if not one.anchors:
            return one.subject, "same"
        ends = [("doc", "item"), ("other_doc", "other_item")]
        moved: dict[str, str] = {}
        worst: Carried = "same"
        for anchor, (_, name) in zip(one.anchors, ends, strict=False):
            number, carried = self.document(anchor.doc).find(subject.kind, anchor, getattr(subject, name))
            moved[name] = number
            worst = max(worst, carried, key=_WORST.index)
        return one.subject.model_copy(update=moved), worst


def moves(history: Iterable[Decision]) -> dict[str, Decision]:
    """Id of a decision that a person put on another record → the move; the last that stands."""
    every = list(history)
    gone = undone(every)
    found: dict[str, Decision] = {}
    for one in every:
        if one.verdict == "move" and one.id not in gone and isinstance(one.after, list):
            found.update((str(moved), one) for moved in one.after)
    return found


def rehome(raw: sqlite3.Connection, sql: Connection, one: Decision) -> set[Subject]:
    """After a move, or the undoing of one, was stored: puts the decisions that it names where they belong now.

    Gives the records that are concerned; their standings are not made anew here.
    """
    move = _root(sql, one)
    if move.verdict != "move" or not isinstance(move.after, list):
        return set()
    ids = [str(moved) for moved in move.after]
    history = placed_history(sql)
    until_now = {subject for subject, placed in history if placed.decision.id in ids}
    lost = Subject.model_validate(move.before)
    if is_gone(lost) and not moves(placed.decision for _, placed in history).keys() & set(ids):
        by_id = {placed.decision.id: placed.decision for _, placed in history}
        found = [Place(by_id[moved], lost, "gone") for moved in ids if moved in by_id]
    else:
        found = places(sql, stored(raw), only=ids)
    _store(sql, found)
    return until_now | {place.subject for place in found}


def _root(sql: Connection, one: Decision) -> Decision:
    """What a chain of undoings is about in the end."""
    while one.undoes:
        text = sql.scalar(select(DECISIONS.c.decision).where(DECISIONS.c.id == one.undoes))
        if text is None:
            break
        one = Decision.model_validate_json(text)
    return one


def _store(sql: Connection, found: Sequence[Place]) -> None:
    if not found:
        return
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in (*SUBJECT, "carried")}
    statement = update(PLACEMENTS).where(PLACEMENTS.c.decision == bindparam("of")).values(values)
    sql.execute(
        statement,
        [
            {"of": one.decision.id, "new_carried": carried} | {f"new_{n}": value for n, value in columns(now).items()}
            for one, now, carried in ((place, place.subject, place.carried) for place in found)
        ],
    )


def _report(found: Sequence[Place]) -> CarryReport:
    counts = Counter(one.carried for one in found)
    told = [_told(one) for one in found if one.carried != "same" and one.decision.verdict != "undo"]
    return CarryReport({name: counts[name] for name in _WORST}, tuple(told))


def _told(one: Place) -> CarriedRow:
    said = one.decision
    text = said.anchors[0].text if said.anchors else ""
    return CarriedRow(said.id, said.who, said.verdict, str(said.subject), str(one.subject), one.carried, text)


def carry_all(raw: sqlite3.Connection, sql: Connection, old: Mapping[str, Reading]) -> CarryReport | None:
    """After a build, in its transaction: all decisions, and what they amount to. None where there are none."""
    if sql.scalar(select(DECISIONS.c.seq).limit(1)) is None:
        return None
    report = carry(raw, sql, old)
    refresh_all(sql)
    return report


def anchor_of(doc: str, item: Item) -> Anchor:
    """What a decision keeps of the text that it is said of."""
    return Anchor(doc=doc, item=item.id, title=item.title, text=item.text, fingerprint=mark(item.title, item.text))


def is_gone(subject: Subject) -> bool:
    """Whether the record is not in the present extraction any more."""
    return subject.item.startswith(GONE) or subject.other_item.startswith(GONE)


def as_json(report: CarryReport | None) -> dict[str, Any] | None:
    """The report as ``build --json`` prints it."""
    return None if report is None else {"counts": dict(report.counts), "rows": [vars(row) for row in report.rows]}
