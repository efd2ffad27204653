"""Which task a row of a returned file is: by its hidden number, checked against its wording; or by its wording alone."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from index.exporting.rows import Said, reference, wording
from index.exporting.sheet import clean
from index.returned.filled import squeezed
from index.returned.reading import FileRow
from index.views import MatrixRow

CUT = "……（余下"
"""Where the export cut a text that Excel cannot hold."""


class Place(NamedTuple):
    """The task of a row, what the row said when it was exported (None if the file does not tell), what to tell people.

    ``mark`` is the digest of 目标 and 上级依据 at that time.
    """

    row: MatrixRow
    base: Said | None
    mark: str = ""
    note: str = ""


class Places:
    """All tasks of a knowledge base, by reference and by wording."""

    def __init__(self, rows: Iterable[MatrixRow], documents: Iterable[str], rejected: Iterable[str]) -> None:
        self.by_ref = {reference(row): row for row in rows}
        self.documents, self.rejected = frozenset(documents), frozenset(rejected)
        self._by_text: Mapping[str, list[MatrixRow]] = _grouped(self.by_ref.values(), _text_key)
        self._by_wording: Mapping[str, list[MatrixRow]] = _grouped(
            self.by_ref.values(), lambda row: f"{row.doc}#{wording(row.title, row.text)}"
        )

    def place(self, row: FileRow) -> Place | str:
        """The task of a row; or, in words, why it cannot be told."""
        ref = row.cells.get("编号", "")
        digest, mark, base = _stamp(row.cells.get("导出时", ""))
        found = self._by_ref(row, ref, digest) if ref else self._by_words(row)
        if isinstance(found, str):
            return found
        task, note = found
        if _rewritten(row, task):
            return f"编号是 {ref or reference(task)}，但重点任务和主要内容都成了别的：像是由别的行复制后改写的，不能确定是哪一项"
        return Place(task, base, mark, note)

    def _by_ref(self, row: FileRow, ref: str, digest: str) -> tuple[MatrixRow, str] | str:
        doc = ref.partition("#")[0]
        if doc not in self.documents:
            return f"知识库中没有文件 {doc}"
        task = self.by_ref.get(ref)
        if task is not None and (digest == wording(task.title, task.text) or (not digest and _agrees(row, task))):
            return task, ""
        moved = self._by_wording.get(f"{doc}#{digest}", []) if digest else []
        if len(moved) == 1:
            return moved[0], f"编号已由 {ref} 变为 {reference(moved[0])}"
        if ref in self.rejected:
            return f"任务 {ref} 已被人工否定"
        if task is None:
            return f"知识库中已没有任务 {ref}"
        return f"任务 {ref} 的标题或原文在导出后改过，不能确定是同一项；请重新导出再填"

    def _by_words(self, row: FileRow) -> tuple[MatrixRow, str] | str:
        key = f"{squeezed(row.cells.get('重点任务', ''))}#{squeezed(row.cells.get('主要内容', ''))}"
        found = self._by_text.get(key, [])
        if len(found) == 1:
            return found[0], "没有编号，按文字认出"
        if found:
            return f"没有编号，有 {len(found)} 项任务文字相同：{'、'.join(map(reference, found[:4]))}"
        return "没有编号，知识库中也没有文字相同的任务，是手工加的行；补录任务请用 policytrace supplement"


def _grouped(rows: Iterable[MatrixRow], key: Any) -> Mapping[str, list[MatrixRow]]:
    found: defaultdict[str, list[MatrixRow]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _text_key(row: MatrixRow) -> str:
    return f"{squeezed(clean(row.title or ''))}#{squeezed(clean(row.text))}"


def _stamp(text: str) -> tuple[str, str, Said | None]:
    """The digests and the four cells at the time of the export; nothing where the column was damaged."""
    try:
        values = json.loads(text or "[]")
    except (ValueError, RecursionError):
        return "", "", None
    if not isinstance(values, list) or len(values) != 6 or not all(isinstance(one, str) for one in values):
        return "", "", None
    return values[0], values[1], Said(*values[2:])


def agrees(shown: str, held: str) -> bool:
    """Whether a cell shows a text of the knowledge base, blanks apart; a text that was cut, as far as it goes."""
    plain, cut, _ = shown.partition(CUT)
    if cut:
        return squeezed(clean(held)).startswith(squeezed(plain))
    return squeezed(shown) == squeezed(clean(held))


def _agrees(row: FileRow, task: MatrixRow) -> bool:
    pairs = (("重点任务", task.title or ""), ("主要内容", task.text))
    there = [(row.cells[name], held) for name, held in pairs if name in row.cells]
    return bool(there) and all(agrees(cell, held) for cell, held in there)


def _rewritten(row: FileRow, task: MatrixRow) -> bool:
    """Whether a row with the number of a task says nothing of it any more."""
    title, text = row.cells.get("重点任务", ""), row.cells.get("主要内容", "")
    other_title = bool(title) and not agrees(title, task.title or "")
    other_text = bool(text) and not agrees(text, task.text)
    return other_title and other_text and squeezed(text)[:12] != squeezed(clean(task.text))[:12]
