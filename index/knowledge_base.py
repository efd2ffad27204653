"""A knowledge base, open for reading: its documents, tasks and links, as they were when it was opened."""

from __future__ import annotations

import difflib
import functools
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from pydantic import ValidationError

from index.entries import reading_order
from index.store import connect, live_generation, told_if_damaged
from schemas import BrokenKnowledgeBase, Link, NotFound, Policy, Record, Task

R = TypeVar("R", bound=Record)


class KnowledgeBase:
    """Use `open`. Holds one view of the records: a build that ends meanwhile does not change what it shows.

    >>> with KnowledgeBase.open(Path("kb")) as kb:  # doctest: +SKIP
    ...     policy, task = kb.task("scip-carbon-peak-2023#三.1")
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database = connect(path)
        try:
            with told_if_damaged(path):
                self._database.execute("BEGIN")  # one transaction for all reads
                self.generation = live_generation(self._database)[0]
            if not self.generation:
                raise BrokenKnowledgeBase(f"{path} 的知识库是空的", "先运行 policytrace build")
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(cls, path: Path) -> KnowledgeBase:
        """The knowledge base in a directory. Raises ``BrokenKnowledgeBase``: none there, damaged, newer, empty."""
        return cls(path)

    def __enter__(self) -> KnowledgeBase:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if "_database" in self.__dict__:
            self.close()

    def close(self) -> None:
        """Lets go of the files; what was read stays usable."""
        self._database.close()

    def policies(self) -> tuple[Policy, ...]:
        """All documents, from above by level, then by date."""
        return self._policies

    def policy(self, slug: str) -> Policy:
        """The document with this slug. Raises ``NotFound``, with the slugs that are near as a hint."""
        if "_policies" in self.__dict__:
            found = next((policy for policy in self._policies if policy.slug == slug), None)
        else:
            found = next(iter(self._read(Policy, "SELECT policy FROM extractions WHERE slug = ?", slug)), None)
        if found is None:
            slugs = [str(row[0]) for row in self._rows("SELECT slug FROM documents ORDER BY slug")]
            raise NotFound(f"没有文件 {slug}", _near(slug, slugs))
        return found

    def task(self, ref: str) -> tuple[Policy, Task]:
        """The task named ``slug#task-id``, with its document. Raises ``NotFound``, with near names as a hint."""
        slug, mark, task_id = ref.partition("#")
        if not mark:
            raise NotFound(f"“{ref}”没有写明任务", "写成 文件#任务编号，例如 scip-carbon-peak-2023#三.1")
        policy = self.policy(slug)
        task = policy.task(task_id)
        if task is None:
            raise NotFound(f"{slug} 没有任务 {task_id}", _near(ref, [f"{slug}#{t.id}" for t in policy.tasks]))
        return policy, task

    def links(self, lower: str | None = None, upper: str | None = None) -> tuple[Link, ...]:
        """The links, or those of a lower and of an upper document (slugs), in the order linking gave them."""
        sql = "SELECT link FROM links WHERE lower_doc = ifnull(?, lower_doc) AND upper_doc = ifnull(?, upper_doc)"
        return tuple(self._read(Link, sql + " ORDER BY rowid", lower, upper))

    @functools.cached_property
    def _policies(self) -> tuple[Policy, ...]:
        return reading_order(self._read(Policy, "SELECT policy FROM extractions"))

    def _read(self, kind: type[R], sql: str, *values: str | None) -> list[R]:
        try:
            return [kind.model_validate_json(row[0]) for row in self._rows(sql, *values)]
        except ValidationError as error:
            raise BrokenKnowledgeBase(
                f"{self.path} 由较早的版本写成", "运行 policytrace build，记录会重新读出"
            ) from error

    def _rows(self, sql: str, *values: str | None) -> list[tuple[str, ...]]:
        with told_if_damaged(self.path):
            return self._database.execute(sql, values).fetchall()


def _near(wanted: str, known: list[str]) -> str:
    near = difflib.get_close_matches(wanted, known, 5, 0.5) or known[:5]
    return f"相近的有：{'、'.join(near)}" if near else "知识库是空的"
