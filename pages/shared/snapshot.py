"""The knowledge base as it is now, read once and shared by all sessions."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path

import streamlit as st

from index import views
from index.knowledge_base import KnowledgeBase
from index.store import live_generation, reading, revision
from schemas import Link, NotFound, Policy, Task


class Snapshot:
    """The records of one generation and the decisions up to now, read once and shared by all sessions; nothing in it ever changes."""

    def __init__(self, path: Path) -> None:
        with KnowledgeBase.open(path) as kb:
            self.path, self.generation, self.standings = path, f"{kb.generation}+{kb.revision}", kb.standings
            self._policies = {policy.slug: policy for policy in kb.policies()}
            self._links = kb.links()
        self._tasks = {f"{p.slug}#{task.id}": (p, task) for p in self.policies() for task in p.tasks}

    def policies(self) -> tuple[Policy, ...]:
        """All documents, from above."""
        return tuple(self._policies.values())

    def policy(self, slug: str) -> Policy:
        """The document with this slug. Raises ``NotFound``."""
        if slug not in self._policies:
            raise NotFound(f"没有文件 {slug}", "请从列表中选择。")
        return self._policies[slug]

    def task(self, ref: str) -> tuple[Policy, Task]:
        """The task with this reference, and its document. Raises ``NotFound``."""
        if ref not in self._tasks:
            raise NotFound(f"没有任务 {ref}", "它可能已随文件更新而改号，或文件已不在知识库中。请从下面重新选择。")
        return self._tasks[ref]

    def links(self, lower: str | None = None, upper: str | None = None) -> tuple[Link, ...]:
        """The links, or those of a lower and of an upper document."""
        return tuple(one for one in self._links if lower in (None, one.lower.doc) and upper in (None, one.upper.doc))

    @cached_property
    def rows(self) -> dict[str, views.MatrixRow]:
        """The rows of the 任务分工表 by task."""
        return {f"{row.doc}#{row.task}": row for row in views.matrix(self)}


def knowledge() -> Snapshot:
    """The knowledge base as it is now. Raises ``BrokenKnowledgeBase`` where there is none."""
    path = Path(os.environ.get("POLICYTRACE_KB") or "kb").resolve()
    with reading(path) as database:
        generation = f"{live_generation(database)[0]}+{revision(database)}"
    return _snapshot(str(path), generation)


@st.cache_resource(show_spinner="正在打开知识库 ……", max_entries=2)
def _snapshot(path: str, generation: str) -> Snapshot:
    return Snapshot(Path(path))
