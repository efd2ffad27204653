"""`policytrace matrix --import`: a filled-in 任务分工表 comes back, is shown against the knowledge base, and is stored."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from commands.console import DONE, PARTLY, columns, kb_path, opened, patience, print_json, print_lines, say, wrong
from commands.deciding import who

if TYPE_CHECKING:
    from index.deciding.history import Made
    from index.returned import FileRow, Returned


def do_return(given: Namespace) -> int:
    """Shows the differences; stores them with ``--yes``, or when a person at a terminal says so. Nothing is stored that
    was not shown: if the knowledge base changed while the person read, the differences are shown anew."""
    from index.reports.returned import returned
    from index.returned import read

    if given.yes and not who(given):
        return wrong("没有写明是谁", "用 --who 姓名 或环境变量 POLICYTRACE_WHO 写明。")
    with patience("正在读文件 ……"):
        rows = read(Path(given.returned))
        found = _compared(given, rows)
    stored: list[Made] = []
    if not given.json:
        print_lines(returned(found, columns()))
    if found.corrections and (given.yes or _agreed(given, found)):
        again, stored = _store(given, rows, found)
        if again != found:
            found = again
            print_lines(["", "知识库刚刚有了变化，没有写入。现在是：", *returned(found, columns())])
    return _told(given, found, stored)


def _compared(given: Namespace, rows: tuple[FileRow, ...]) -> Returned:
    from index.returned import compare

    with opened(given) as kb:
        return compare(kb, rows)


def _agreed(given: Namespace, found: Returned) -> bool:
    """Whether the person at the terminal wants the changes stored; without a terminal nobody can say so."""
    if given.json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    say(f"\n把这 {len(found.changes)} 处改动写入知识库，记为 {who(given)} 的更正？（y 写入，其他键不写）")
    return input().strip().lower() in ("y", "yes", "是")


def _store(given: Namespace, rows: tuple[FileRow, ...], shown: Returned) -> tuple[Returned, list[Made]]:
    """Stores the corrections, all or none, if the knowledge base still is as it was shown."""
    from index.deciding.history import decide
    from index.returned import compare, wishes

    with opened(given) as kb:
        now = compare(kb, rows)
        if now != shown:
            return now, []
        made = wishes(kb, now, given.why or f"由 {Path(given.returned).name} 读回")
        return now, decide(kb_path(given), who(given), *made, seen=None, generation=kb.generation)


def _told(given: Namespace, found: Returned, stored: list[Made]) -> int:
    """Says what came of it. The exit code is 1 while the file and the knowledge base differ."""
    if given.json:
        value = found.model_dump(mode="json", exclude={"corrections"})
        print_json({"file": given.returned, **value, "stored": [one.decision.id for one in stored]})
    elif stored:
        say(f"已写入 {len(stored)} 个更正（policytrace history 可查，undo 可撤销）。")
    elif found.corrections:
        say("没有写入。加 --yes 写入这些改动。")
    left = (found.corrections and not stored) or found.conflicts or found.refused
    return PARTLY if left else DONE
