"""Versions of a document: what it was before, and what changed, clause by clause."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from sqlalchemy import Connection, func, insert, select

from index.deciding.matching import Item, align, items, mark
from index.deciding.tables import VERSIONS
from index.holdings import Held
from schemas import NotFound, Policy, Record, Target, Task

Change = Literal["added", "dropped", "changed", "moved"]
CHANGES: dict[str, str] = {"added": "新增", "dropped": "删去", "changed": "改动", "moved": "改号"}

_CLAUSE = re.compile(r"[^。；;\n]+[。；;\n]?")


class Version(Record):
    """One version of a document; the one that is held has the highest number and no ``replaced``."""

    number: int
    sha256: str
    file: str
    added: str
    replaced: str | None = None
    tasks: int
    targets: int


class Clause(Record):
    """A clause that was added or dropped."""

    change: Literal["added", "dropped"]
    text: str


class RecordChange(Record):
    """What became of a task or target. ``old`` and ``new`` are its numbers; ``departments`` those added (+) and dropped (-)."""

    kind: Literal["task", "target"]
    change: Change
    old: str | None = None
    new: str | None = None
    title: str = ""
    clauses: tuple[Clause, ...] = ()
    departments: tuple[str, ...] = ()


class Difference(Record):
    """How two versions of a document differ."""

    doc: str
    title: str
    old: int
    new: int
    changes: tuple[RecordChange, ...]

    def count(self, change: str) -> int:
        """How many records changed in this way."""
        return sum(one.change == change for one in self.changes)


def keep(sql: Connection, replaced: Iterable[tuple[Held, Held]], now: str) -> None:
    """Keeps what documents were before others took their place; call it in the transaction of the build."""
    for old, new in replaced:
        number = int(sql.scalar(select(func.max(VERSIONS.c.number)).where(VERSIONS.c.slug == new.slug)) or 0) + 1
        row = {"slug": new.slug, "number": number, "sha256": old.sha256, "file": old.file, "added": old.added}
        sql.execute(insert(VERSIONS), {**row, "replaced": now, "policy": old.policy_json})


def of_content(sql: Connection, sha256: str) -> str | None:
    """The slug of the document that had this content once."""
    return sql.scalar(select(VERSIONS.c.slug).where(VERSIONS.c.sha256 == sha256).limit(1))


def several(sql: Connection) -> frozenset[str]:
    """The slugs of which there is more than one version."""
    return frozenset(sql.scalars(select(VERSIONS.c.slug).distinct()))


def versions(sql: Connection, policy: Policy, file: str = "", added: str = "") -> tuple[Version, ...]:
    """All versions of a document, the oldest first; `policy` is the one that is held."""
    rows = sql.execute(select(VERSIONS).where(VERSIONS.c.slug == policy.slug).order_by(VERSIONS.c.number)).mappings()
    found = [
        _of(old, **{name: row[name] for name in ("number", "sha256", "file", "added", "replaced")})
        for row in rows
        if (old := _read(row["policy"])) is not None
    ]
    number = max((one.number for one in found), default=0) + 1
    now = _of(policy, number=number, sha256=policy.sha256, file=file or policy.file, added=added)
    return (*found, now)


def _of(policy: Policy, **fields: Any) -> Version:
    return Version(tasks=len(policy.tasks), targets=len(policy.targets), **fields)


def _read(text: str) -> Policy | None:
    """A stored reading, or None where an older program wrote what this one does not understand."""
    try:
        return Policy.model_validate_json(text)
    except ValueError:
        return None


def diff(sql: Connection, policy: Policy, old: int | None = None, new: int | None = None) -> Difference:
    """How two versions differ; without numbers the last one before and the one that is held.

    Raises:
        NotFound: the document has only one version, or none of that number.
    """
    numbers = [one.number for one in versions(sql, policy)]
    new = new or numbers[-1]
    old = old or next((n for n in reversed(numbers) if n < new), 0)
    for number in (old, new):
        if number not in numbers:
            hint = f"现有版本：{'、'.join(map(str, numbers))}。再次 policytrace add 同一文件的新稿，就会成为新版本。"
            raise NotFound(f"{policy.slug} 没有{'更早的版本' if not number else f'第 {number} 版'}", hint)
    before, after = (_version(sql, policy, number, numbers[-1]) for number in (old, new))
    return Difference(doc=policy.slug, title=policy.title, old=old, new=new, changes=compared(before, after))


def _version(sql: Connection, policy: Policy, number: int, held: int) -> Policy:
    if number == held:
        return policy
    wanted = select(VERSIONS.c.policy).where(VERSIONS.c.slug == policy.slug, VERSIONS.c.number == number)
    return Policy.model_validate_json(sql.scalar(wanted) or "")


def compared(old: Policy, new: Policy) -> tuple[RecordChange, ...]:
    """Tasks, then targets, in the order of the new version; what was dropped comes last."""
    return (*_tasks(old, new), *_targets(old, new))


def _tasks(old: Policy, new: Policy) -> Iterable[RecordChange]:
    pairs = _pairs(items(old, "task"), items(new, "task"))
    for at, to in pairs:
        before = None if at is None else old.tasks[at]
        after = None if to is None else new.tasks[to]
        if change := _task(before, after):
            yield change


def _pairs(old: Sequence[Item], new: Sequence[Item]) -> list[tuple[int | None, int | None]]:
    known = align(old, new)
    first: dict[int, int] = {}
    for at, to in known.items():
        first.setdefault(to, at)
    pairs: list[tuple[int | None, int | None]] = [(first.get(to), to) for to in range(len(new))]
    return [*pairs, *((at, None) for at in range(len(old)) if at not in first.values())]


def _task(old: Task | None, new: Task | None) -> RecordChange | None:
    one = new or old
    assert one is not None
    change = _change(old, new, _said(old) == _said(new))
    if change is None:
        return None
    return RecordChange(
        kind="task",
        change=change,
        old=old.id if old else None,
        new=new.id if new else None,
        title=one.title or one.text[:20],
        clauses=clauses(_whole(old), _whole(new)),
        departments=_departments(old, new),
    )


def _said(task: Task | None) -> tuple[str, frozenset[str]]:
    return (mark(task.title or "", task.text), _names(task)) if task else ("", frozenset())


def _whole(task: Task | None) -> str:
    return f"{task.title}。{task.text}" if task and task.title else task.text if task else ""


def _change(old: Task | Target | None, new: Task | Target | None, equal: bool) -> Change | None:
    if old is None:
        return "added"
    if new is None:
        return "dropped"
    if not equal:
        return "changed"
    return "moved" if old.id != new.id and isinstance(old, Task) else None


def _names(task: Task) -> frozenset[str]:
    return frozenset(f"{body.role}：{body.name}" for body in task.departments)


def _departments(old: Task | None, new: Task | None) -> tuple[str, ...]:
    before, after = (_names(task) if task else frozenset() for task in (old, new))
    return (*(f"+{name}" for name in sorted(after - before)), *(f"-{name}" for name in sorted(before - after)))


def clauses(old: str, new: str) -> tuple[Clause, ...]:
    """The clauses that two texts do not share, in order; blanks and marks do not count."""
    before, after = ([piece.strip() for piece in _CLAUSE.findall(text) if piece.strip()] for text in (old, new))
    matcher = difflib.SequenceMatcher(None, [mark("", p) for p in before], [mark("", p) for p in after], autojunk=False)
    found: list[Clause] = []
    for step, a, b, c, d in matcher.get_opcodes():
        if step != "equal":
            found += [Clause(change="dropped", text=text) for text in before[a:b]]
            found += [Clause(change="added", text=text) for text in after[c:d]]
    return tuple(found)


def _targets(old: Policy, new: Policy) -> Iterable[RecordChange]:
    for at, to in _pairs(items(old, "target"), items(new, "target")):
        before = None if at is None else old.targets[at]
        after = None if to is None else new.targets[to]
        one = after or before
        assert one is not None
        same = bool(before and after and mark("", before.quote) == mark("", after.quote))
        if change := _change(before, after, same):
            yield RecordChange(
                kind="target",
                change=change,
                old=before.id if before else None,
                new=after.id if after else None,
                title=one.indicator,
                clauses=clauses(before.quote if before else "", after.quote if after else ""),
            )
