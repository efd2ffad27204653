"""The history of decisions: entries are appended, each in a transaction of its own, and never changed or removed.

What an entry is about in the present extraction (``placements``) and what all entries on a record amount to
(``standings``) are kept beside it in the same transaction; both can be made anew from the history and the records.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from index.deciding.decisions import Placed, resolve, resolve_all
from index.deciding.tables import DECISIONS, NOTICES, PLACEMENTS, STANDINGS, SUBJECT, about, columns, over
from index.store import deciding, live_generation, told_if_damaged, transaction
from schemas import Decision, NotFound, Notice, PolicyError, Standing, Subject, Wish
from schemas.decisions import Carried

FRESH: tuple[Carried, ...] = ("same", "moved")
"""How a decision was carried where its text reads as it did."""


class Made(NamedTuple):
    """A decision that is stored for good. ``after`` is another person's decision on the same record that it overrules,
    ``unseen`` whether the person could not know of it."""

    decision: Decision
    after: Decision | None = None
    unseen: bool = False


def decide(kb: Path, who: str, *wishes: Wish, seen: str | None = None, generation: str | None = None) -> list[Made]:
    """Stores decisions, all or none; when this returns they are on the disk.

    `seen` is the id of the last decision on the record that the person saw (empty: none), None if nobody asked.
    `generation` is that of the records that the person saw: if it is no longer live, the decisions are said of an
    older text and placed by their anchors.

    Raises:
        BrokenKnowledgeBase: nothing can be written.
        NotFound: what is to be undone is not in the history.
        PolicyError: no name was given.
    """
    if not who.strip():
        raise PolicyError("没有写明是谁", "用 --who 姓名 或环境变量 POLICYTRACE_WHO 写明。")
    with deciding(kb) as raw:
        sql = over(raw)
        with told_if_damaged(kb), transaction(raw):
            made = [_append(sql, _decision(sql, who.strip(), wish), seen) for wish in wishes]
            if generation is not None and generation != live_generation(raw)[0]:
                from index.deciding.carrying import carry

                carry(raw, sql, only=[one.decision.id for one in made])
            _refresh(raw, sql, [one for said in made for one in _concerned(raw, sql, said.decision)])
    return made


def _concerned(raw: sqlite3.Connection, sql: Connection, one: Decision) -> set[Subject]:
    """The records whose standing a decision changes; one that moves others puts them in their places first."""
    concerned = {subject_of(sql, one.id)}
    if one.verdict in ("move", "undo"):
        from index.deciding.carrying import rehome

        concerned |= rehome(raw, sql, one)
    if one.verdict == "move" and isinstance(one.after, list):
        _tell_those_of(sql, one, [str(moved) for moved in one.after])
    return concerned


def _decision(sql: Connection, who: str, wish: Wish) -> Decision:
    fields = {name: getattr(wish, name) for name in Wish.model_fields}
    if wish.undoes is not None:
        fields["undoes"], fields["subject"] = wish.undoes, subject_of(sql, wish.undoes)
        if _verdict_of(sql, wish.undoes) == "remove":
            raise PolicyError(
                "移除文件不能这样撤销", "再次加入同一份文件即可，有关的决定随之恢复：policytrace add 文件。"
            )
    return Decision(id=uuid.uuid4().hex, at=_now(sql), who=who, **fields)


def _now(sql: Connection) -> str:
    """The time, or just after the last entry where the clock was set back."""
    last = sql.scalar(select(func.max(DECISIONS.c.at)))
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    if last and last >= now:
        now = (datetime.fromisoformat(last) + timedelta(microseconds=1)).isoformat(timespec="microseconds")
    return now


def _append(sql: Connection, one: Decision, seen: str | None) -> Made:
    before = next(iter(_about(sql, one.subject, 1)), None)
    _insert(sql, one, one.subject, "same")
    unseen = seen is not None and before is not None and before.id != seen and before.who != one.who
    if before is None or before.who == one.who:
        return Made(one)
    sql.execute(insert(NOTICES), {"decision": one.id, "whom": before.who})
    return Made(one, before, unseen)


def _insert(sql: Connection, one: Decision, subject: Subject, carried: Carried) -> None:
    row = {"id": one.id, "at": one.at, "who": one.who, "undoes": one.undoes, "decision": one.model_dump_json()}
    sql.execute(insert(DECISIONS), row)
    sql.execute(insert(PLACEMENTS), {"decision": one.id, **columns(subject), "carried": carried})


def undoing(decision: str, why: str = "") -> Wish:
    """The wish that an entry be taken back; what it is about is looked up when it is stored."""
    return Wish(verdict="undo", subject=Subject(kind="task"), undoes=decision, why=why.strip())


def append(sql: Connection, who: str, wish: Wish) -> Decision:
    """Stores a decision in the caller's transaction; the standings are not made anew."""
    return _append(sql, _decision(sql, who, wish), None).decision


def tell(sql: Connection, one: Decision, of_document: str) -> None:
    """All others who decided on anything of a document are to be told of `one`."""
    of_it = (PLACEMENTS.c.doc == of_document) | (PLACEMENTS.c.other_doc == of_document)
    _tell_those_of(sql, one, list(sql.scalars(select(PLACEMENTS.c.decision).where(of_it))))


def _tell_those_of(sql: Connection, one: Decision, decisions: Sequence[str]) -> None:
    people: set[str] = set()
    for at in range(0, len(decisions), 500):
        asked = select(DECISIONS.c.who).where(DECISIONS.c.id.in_(decisions[at : at + 500])).distinct()
        people |= set(sql.scalars(asked))
    told = set(sql.scalars(select(NOTICES.c.whom).where(NOTICES.c.decision == one.id)))
    for whom in sorted(people - told - {one.who}):
        sql.execute(insert(NOTICES), {"decision": one.id, "whom": whom})


def subject_of(sql: Connection, decision: str) -> Subject:
    """What a decision is about in the present extraction. Raises ``NotFound``."""
    row = sql.execute(
        select(*(PLACEMENTS.c[name] for name in SUBJECT)).where(PLACEMENTS.c.decision == decision)
    ).first()
    if row is None:
        raise NotFound(f"历史中没有决定 {decision}", "编号见 policytrace history。")
    return Subject(**row._mapping)


def _verdict_of(sql: Connection, decision: str) -> str:
    said = sql.scalar(select(DECISIONS.c.decision).where(DECISIONS.c.id == decision))
    return Decision.model_validate_json(said).verdict if said else ""


def _about(sql: Connection, subject: Subject, limit: int | None = None) -> list[Decision]:
    """The decisions on a record, the latest first."""
    joined = DECISIONS.join(PLACEMENTS, PLACEMENTS.c.decision == DECISIONS.c.id)
    asked = select(DECISIONS.c.decision).select_from(joined).where(*about(PLACEMENTS, subject))
    latest = asked.order_by(DECISIONS.c.at.desc(), DECISIONS.c.id.desc()).limit(limit)
    return [Decision.model_validate_json(text) for text in sql.scalars(latest)]


def _refresh(raw: sqlite3.Connection, sql: Connection, subjects: Iterable[Subject]) -> None:
    """Makes the standings of some records anew, and what searches read of them."""
    wanted = dict.fromkeys(subjects)
    before = {subject: one for subject in wanted if (one := standing_of(sql, subject))}
    now: dict[Subject, Standing] = {}
    for subject in wanted:
        sql.execute(delete(STANDINGS).where(*about(STANDINGS, subject)))
        one = resolve(subject, [placed for _, placed in _placed(sql, subject)])
        if one:
            now[subject] = one
            sql.execute(insert(STANDINGS), _row(one))
    _reindex(raw, sql, before, now)


def _reindex(
    raw: sqlite3.Connection, sql: Connection, before: Mapping[Subject, Standing], now: Mapping[Subject, Standing]
) -> None:
    from index.searching.reindexing import changed, renew

    if subjects := changed(before, now):
        renew(raw, sql, subjects)


def refresh_all(sql: Connection) -> None:
    """Makes all standings anew from the history."""
    sql.execute(delete(STANDINGS))
    rows = [_row(one) for one in resolve_all(_placed(sql)).values()]
    if rows:
        sql.execute(insert(STANDINGS), rows)


def _row(one: Standing) -> dict[str, str | int]:
    return {
        **columns(one.subject),
        "state": one.state,
        "again": int(one.again),
        "fields": json.dumps(one.fields, ensure_ascii=False),
        "standing": one.model_dump_json(),
    }


def _placed(sql: Connection, subject: Subject | None = None) -> Iterator[tuple[Subject, Placed]]:
    joined = DECISIONS.join(PLACEMENTS, PLACEMENTS.c.decision == DECISIONS.c.id)
    subjects = [PLACEMENTS.c[name] for name in SUBJECT]
    asked = select(DECISIONS.c.decision, PLACEMENTS.c.carried, *subjects).select_from(joined)
    if subject:
        asked = asked.where(*about(PLACEMENTS, subject))
    for text, carried, *names in sql.execute(asked.order_by(DECISIONS.c.at, DECISIONS.c.id)):
        placed = Placed(Decision.model_validate_json(text), carried in FRESH)
        yield Subject(**dict(zip(SUBJECT, names, strict=True))), placed


def placed_history(sql: Connection, subject: Subject | None = None) -> list[tuple[Subject, Placed]]:
    """All decisions, or those on one record, in order, each with the record that it is about in the present extraction."""
    return list(_placed(sql, subject))


def standings(sql: Connection) -> dict[Subject, Standing]:
    """The present standing of every record that somebody decided on."""
    found = (Standing.model_validate_json(text) for text in sql.scalars(select(STANDINGS.c.standing)))
    return {one.subject: one for one in found}


def standing_of(sql: Connection, subject: Subject) -> Standing | None:
    """The present standing of one record."""
    text = sql.scalar(select(STANDINGS.c.standing).where(*about(STANDINGS, subject)))
    return Standing.model_validate_json(text) if text else None


def revision(sql: Connection) -> int:
    """Grows with every decision."""
    return int(sql.scalar(select(func.max(DECISIONS.c.seq))) or 0)


@contextmanager
def _told(kb: Path, raw: sqlite3.Connection) -> Iterator[Connection]:
    sql = over(raw)
    with told_if_damaged(kb), transaction(raw):
        yield sql


def notices(kb: Path, who: str) -> list[Notice]:
    """What `who` has to be told: others decided otherwise after them. Each is told once."""
    with deciding(kb) as raw:
        waiting = over(raw).scalar(select(func.count()).where(NOTICES.c.whom == who, NOTICES.c.told.is_(None)))
        if not waiting:
            return []
        with _told(kb, raw) as sql:
            return _tell(sql, who)


def _tell(sql: Connection, who: str) -> list[Notice]:
    joined = NOTICES.join(DECISIONS, DECISIONS.c.id == NOTICES.c.decision)
    asked = select(DECISIONS.c.decision).select_from(joined).where(NOTICES.c.whom == who, NOTICES.c.told.is_(None))
    found = [Decision.model_validate_json(text) for text in sql.scalars(asked.order_by(DECISIONS.c.at))]
    now = datetime.now(UTC).isoformat(timespec="seconds")
    sql.execute(update(NOTICES).where(NOTICES.c.whom == who, NOTICES.c.told.is_(None)).values(told=now))
    return [
        Notice(whom=who, by=one.who, at=one.at, subject=one.subject, verdict=one.verdict, field=one.field, why=one.why)
        for one in found
    ]


def restore(kb: Path, history: Sequence[Decision]) -> int:
    """Stores decisions that were made elsewhere; those that are here already are passed over. Gives how many are new.

    Raises:
        PolicyError: one undoes what is neither here nor in `history`, or is of the future.
        BrokenKnowledgeBase: nothing can be written.
    """
    from index.deciding.carrying import carry

    latest = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    for one in history:
        if one.at > latest:
            raise PolicyError(f"决定 {one.id} 的时间 {one.at} 在将来", "请检查文件或做决定的那台机器的时钟。")
    with deciding(kb) as raw, _told(kb, raw) as sql:
        held = set(sql.scalars(select(DECISIONS.c.id)))
        new = [one for one in sorted(history, key=lambda one: (one.at, one.id)) if one.id not in held]
        for one in new:
            if one.undoes and one.undoes not in held:
                raise PolicyError(f"决定 {one.id} 撤销的 {one.undoes} 不在文件和知识库中", "请导入完整的文件。")
            held.add(one.id)
            _insert(sql, one, one.subject, "gone")
        before = standings(sql)
        carry(raw, sql, only=[one.id for one in new])
        refresh_all(sql)
        _reindex(raw, sql, before, standings(sql))
    return len(new)
