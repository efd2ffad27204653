"""What became of each file in a build."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from index.deciding.carrying import CarryReport
from schemas import Level, Policy

State = Literal["新增", "更新", "未变", "重复", "失败", "移除"]
Progress = Callable[[str, int, int, str], None]
"""Called with a stage (读取, 索引, 链接), what is done of it, how much there is, and what is being read, or ""."""

UNREAD = "unread_part"


@dataclass(frozen=True)
class BuildRow:
    """What became of one document. ``problem`` and ``hint`` where it failed; ``note`` where there is more to say;
    ``partly`` tells each page or part that could not be read, where the rest could.
    """

    file: str
    state: State
    slug: str | None = None
    title: str | None = None
    level: Level | None = None
    tasks: int = 0
    departments: int = 0
    targets: int = 0
    defects: int = 0
    seconds: float = 0.0
    problem: str = ""
    hint: str = ""
    note: str = ""
    partly: tuple[str, ...] = ()


@dataclass(frozen=True)
class BuildReport:
    """One row per document that was given or read again; ``passed_over``: files in the folders that are of no kind that
    can be read. ``generation`` is empty while nothing could be stored.
    """

    rows: tuple[BuildRow, ...]
    generation: str
    documents: int
    tasks: int
    links: int
    seconds: float
    carried: CarryReport | None = None
    passed_over: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[BuildRow, ...]:
        """The rows of documents that could not be read."""
        return tuple(row for row in self.rows if row.state == "失败")


def row_of(file: str, state: State, policy: Policy, seconds: float = 0.0) -> BuildRow:
    """The row of a document that was read."""
    names = {body.canonical or body.name for task in policy.tasks for body in task.departments}
    return BuildRow(
        file,
        state,
        slug=policy.slug,
        title=policy.title,
        level=policy.level,
        tasks=len(policy.tasks),
        departments=len(names),
        targets=len(policy.targets),
        defects=len(policy.defects),
        seconds=seconds,
        partly=tuple(f"{one.where}：{one.note}" for one in policy.defects if one.kind == UNREAD),
    )
