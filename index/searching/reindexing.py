"""What a decision changes for those who search: written in its transaction, so that the next search shows it.

The tasks that it changes are put into ``overlay`` as the index would hold them; a build, which writes them into the
index, empties it. The names that people said the body of are put into ``names``. What stood when the index and its links
were made is kept in ``linked_with``.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Set

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from index.deciding.decisions import Overlay
from index.deciding.organisations import NAMING, identified, register_with
from index.deciding.tables import NAMES, OVERLAY, STANDINGS
from index.searching.entries import entry
from index.searching.schema import name_term
from schemas import Policy, Standing, Subject

INDEXED = ("task", "target", "document", *NAMING)
"""The kinds of record of which the index says something."""
LINKED = ("task", "target", "document")
"""The kinds of record by which a document, once they change, is linked anew."""


def changed(before: Mapping[Subject, Standing], after: Mapping[Subject, Standing]) -> set[Subject]:
    """The records whose values differ, as far as the index says something of them."""
    subjects = (one for one in before.keys() | after.keys() if one.kind in INDEXED)
    return {one for one in subjects if _values(before.get(one)) != _values(after.get(one))}


def _values(one: Standing | None) -> object:
    """What the index says of a record; a task that was rejected stays in it, with a sign."""
    if one is None:
        return {}
    return {} if one.subject.kind in NAMING and one.state == "rejected" else one.fields


def renew(raw: sqlite3.Connection, sql: Connection, subjects: Set[Subject]) -> None:
    """Puts what decisions on these records change where searches look; call it in the transaction that stores them."""
    if any(one.kind in NAMING for one in subjects):
        renew_names(sql)
    by_doc: dict[str, list[Subject]] = {}
    for one in subjects:
        if one.kind not in NAMING:
            by_doc.setdefault(one.doc, []).append(one)
    for slug, mine in by_doc.items():
        row = raw.execute("SELECT policy FROM extractions WHERE slug = ?", (slug,)).fetchone()
        if row:
            _put(sql, Policy.model_validate_json(row[0]), mine)


def _put(sql: Connection, read: Policy, subjects: Iterable[Subject]) -> None:
    wanted = _tasks(read, subjects)
    said = STANDINGS.c.doc == read.slug
    if wanted is not None:
        said &= (STANDINGS.c.kind != "task") | STANDINGS.c.item.in_(sorted(wanted))
    policy = Overlay(_standings(sql, said)).over(read)
    tasks = {task.id: task for task in policy.tasks}
    for item in tasks if wanted is None else wanted:
        held = json.dumps(entry(policy, tasks[item]), ensure_ascii=False) if item in tasks else None
        row = {"ref": f"{read.slug}#{item}", "doc": read.slug, "entry": held}
        sql.execute(insert(OVERLAY).values(row).on_conflict_do_update(index_elements=["ref"], set_={"entry": held}))


def _tasks(read: Policy, subjects: Iterable[Subject]) -> set[str] | None:
    """The tasks that decisions on some records of a document change; None for all of them."""
    found: set[str] = set()
    of_target = {target.id: target.task for target in read.targets}
    for one in subjects:
        if one.kind == "document":
            return None
        found.add(one.item if one.kind == "task" else of_target.get(one.item) or "")
    return found - {""}


def renew_names(sql: Connection) -> None:
    """Makes ``names`` anew from the standings."""
    standings = _standings(sql, STANDINGS.c.kind.in_(NAMING))
    known = register_with(standings)
    sql.execute(delete(NAMES))
    for printed, canonical in sorted(identified(standings).items()):
        found_by = sorted({name_term(name) for name in (canonical, *known.names(canonical), printed)})
        row = {"printed": name_term(printed), "canonical": canonical, "owner": known.name(canonical)}
        values = {**row, "found_by": json.dumps(found_by, ensure_ascii=False)}
        sql.execute(insert(NAMES).values(values).on_conflict_do_nothing())


def _standings(sql: Connection, which: object) -> dict[Subject, Standing]:
    texts: Iterator[str] = iter(sql.scalars(select(STANDINGS.c.standing).where(which)))  # type: ignore[arg-type]
    return {one.subject: one for one in map(Standing.model_validate_json, texts)}


def after_build(
    raw: sqlite3.Connection, sql: Connection, indexed: Mapping[Subject, Standing], now: Mapping[Subject, Standing]
) -> None:
    """The live generation was made with `indexed` laid over it, `now` stands: the index holds all that did not change."""
    sql.execute(delete(OVERLAY))
    raw.execute("DELETE FROM linked_with")
    said = ((one.model_dump_json(),) for one in indexed.values() if one.subject.kind in LINKED)
    raw.executemany("INSERT INTO linked_with VALUES (?)", said)
    renew_names(sql)
    renew(raw, sql, {one for one in changed(indexed, now) if one.kind not in NAMING})
