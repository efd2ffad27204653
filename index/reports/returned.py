"""What the command line prints of a returned 任务分工表: records → lines of Chinese text."""

from __future__ import annotations

from collections.abc import Iterator

from index.reports.terminal import wrapped
from index.returned import Change, Refusal, Returned


def returned(found: Returned, columns: int) -> Iterator[str]:
    """What the file changes, what is in conflict, what is refused, row by row."""
    yield (
        f"文件中有 {found.rows} 行任务：没有改动 {found.unchanged} 行，改动 {len(found.changes)} 处，"
        f"冲突 {len(found.conflicts)} 处，不能接受 {len(found.refused)} 处。"
    )
    for name, changes in (("改动", found.changes), ("冲突（不写入）", found.conflicts)):
        if changes:
            yield ""
            yield name
        for change in changes:
            yield from _change(change, columns)
    if found.refused:
        yield ""
        yield "不能接受"
    for refusal in found.refused:
        yield from _refusal(refusal, columns)


def place(sheet: str, row: int) -> str:
    """Where in the file: ``“经发处”第 12 行``."""
    return f"{f'“{sheet}”' if sheet else ''}第 {row} 行"


def _change(one: Change, columns: int) -> Iterator[str]:
    yield from wrapped(f"{place(one.sheet, one.row)}　{one.ref} {one.title}", columns, "  ")
    yield from wrapped(f"{_flat(one.before)} → {_flat(one.after)}", columns, f"    {one.column}：")
    if one.conflict:
        was = f"，导出时是“{_flat(one.exported)}”" if one.exported is not None else ""
        yield from wrapped(f"{one.conflict}{was}；请核对后重新导出再填，或用 policytrace correct", columns, "    ✗ ")
    if one.note:
        yield from wrapped(one.note, columns, "    注意：")


def _refusal(one: Refusal, columns: int) -> Iterator[str]:
    where = "　".join(filter(None, (place(one.sheet, one.row), one.ref, f"“{one.column}”" if one.column else "")))
    yield from wrapped(f"{where}：{one.reason}", columns, "  ✗ ", "    ")


def _flat(text: str | None) -> str:
    return "；".join((text or "").split("\n")) or "无"
