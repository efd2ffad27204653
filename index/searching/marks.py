"""What has to be known of the tasks that a search found: what people decided, and whether the document stands. Light to import: `policytrace search` comes this way."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from sqlite3 import Connection
from typing import NamedTuple

from index.store import reading


class Mark(NamedTuple):
    """The state of a task, whether a person should see it again, and the document (slug) that superseded its own."""

    state: str = "extracted"
    again: bool = False
    superseded_by: str | None = None


def marks(kb: Path, refs: Iterable[str]) -> dict[str, Mark]:
    """The marks of some tasks by ref; those of which there is nothing to know are left out."""
    found = {}
    asked = "SELECT state, again FROM standings WHERE kind = 'task' AND doc = ? AND item = ?"
    with reading(kb) as connection:
        out_of_force = _superseded(connection)
        for ref in refs:
            doc, _, item = ref.partition("#")
            row = connection.execute(asked, (doc, item)).fetchone()
            if row or doc in out_of_force:
                state, again = row or ("extracted", 0)
                found[ref] = Mark(state, bool(again), out_of_force.get(doc))
    return found


def _superseded(connection: Connection) -> dict[str, str]:
    """Slug → slug of what superseded it: as documents say, and as people say, who are heard last."""
    said = "SELECT doc, json_extract(fields, '$.superseded_by') FROM standings WHERE kind = 'document' AND state != 'rejected'"
    rows = [*connection.execute("SELECT slug, by_slug FROM repealed"), *connection.execute(said)]
    return {slug: by for slug, by in rows if by}
