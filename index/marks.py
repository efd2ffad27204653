"""What people decided on the tasks that a search found. Light to import: `policytrace search` comes this way."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from index.store import reading


class Mark(NamedTuple):
    """The state of a task, whether a person should see it again, and the fields that were corrected."""

    state: str = "extracted"
    again: bool = False
    fields: dict[str, Any] = {}  # noqa: RUF012 - never changed


def marks(kb: Path, refs: Iterable[str]) -> dict[str, Mark]:
    """The marks of some tasks by ref; those that nobody decided on are left out."""
    found = {}
    asked = "SELECT state, again, fields FROM standings WHERE kind = 'task' AND doc = ? AND item = ?"
    with reading(kb) as connection:
        for ref in refs:
            doc, _, item = ref.partition("#")
            row = connection.execute(asked, (doc, item)).fetchone()
            if row:
                found[ref] = Mark(row[0], bool(row[1]), json.loads(row[2]))
    return found
