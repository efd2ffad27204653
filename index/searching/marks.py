"""What people decided on the tasks that a search found. Light to import: `policytrace search` comes this way."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from index.store import reading


class Mark(NamedTuple):
    """The state of a task, and whether a person should see it again."""

    state: str = "extracted"
    again: bool = False


def marks(kb: Path, refs: Iterable[str]) -> dict[str, Mark]:
    """The marks of some tasks by ref; those that nobody decided on are left out."""
    found = {}
    asked = "SELECT state, again FROM standings WHERE kind = 'task' AND doc = ? AND item = ?"
    with reading(kb) as connection:
        for ref in refs:
            doc, _, item = ref.partition("#")
            row = connection.execute(asked, (doc, item)).fetchone()
            if row:
                found[ref] = Mark(row[0], bool(row[1]))
    return found
