"""How long 20,000 tasks take to become an .xlsx, against the writer library given the same cells without any styling.

Prints the ratio for each layout that has a row per task, and the peak of memory above what the records themselves take.
Run: python bench/matrix.py [tasks]
"""

from __future__ import annotations

import io
import sys
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter

from index.build import build
from index.exporting.export import render, sheets
from index.exporting.sheet import Head, Layout, Sheet, clean, head, shown
from index.knowledge_base import KnowledgeBase
from index.views import MatrixRow, matrix

TASKS, ALLOWED = 20_000, 3.0
LAYOUTS: tuple[Layout, ...] = ("list", "ledger", "grid")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else TASKS
    rows, title = _tasks(count)
    print(f"{count:,} 项任务，取自随附文件，逐份重复")
    before = _resident()
    grown = _peak(lambda: render("xlsx", rows, title, "list")) - before
    print(f"清单：写文件时内存最多比写之前多 {grown / 1e6:.0f} MB")
    worst = 0.0
    for layout in LAYOUTS:
        made = sheets(rows, title, layout)[0]
        bare, _ = _timed(lambda made=made: _bare(made))
        ours, data = _timed(lambda layout=layout: render("xlsx", rows, title, layout)[0])
        worst = max(worst, ours / bare)
        print(
            f"{layout:8} {ours:6.2f} s，不带格式 {bare:6.2f} s，比值 {ours / bare:.2f}，文件 {len(data) / 1e6:.1f} MB"
        )
        del made, data
    print(f"最大比值 {worst:.2f}，要求不超过 {ALLOWED}")


def _tasks(count: int) -> tuple[list[MatrixRow], Head]:
    """Rows of the bundled documents, again and again under new numbers; the title block is theirs."""
    with TemporaryDirectory() as folder:
        build(Path(folder))
        with KnowledgeBase.open(Path(folder)) as kb:
            found = matrix(kb)
            title = head(kb, found, date(2026, 11, 25))
    rows = []
    for number in range(count):
        one = found[number % len(found)]
        again = number // len(found)
        rows.append(one.model_copy(update={"task": f"{one.task}.{again}", "text": f"{one.text}{again}"}))
    return rows, title


def _bare(made: Sheet) -> bytes:
    """The same cells by the library alone, as it works fastest: in constant memory, no format, no width, no height."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    page = book.add_worksheet()
    for row, line in enumerate(made.lines):
        for column, cell in enumerate(line.cells):
            if isinstance(cell, (int, float)):
                page.write_number(row, column, cell)
            else:
                page.write_string(row, column, clean(shown(cell)))
    book.close()
    return target.getvalue()


def _timed(run: Callable[[], bytes]) -> tuple[float, bytes]:
    """The better of three runs, in seconds of the processor: what else the machine does counts little."""
    times = []
    for _ in range(3):
        start = time.process_time()
        data = run()
        times.append(time.process_time() - start)
    return min(times), data


def _resident() -> int:
    """Bytes of memory in use now (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def _peak(run: Callable[[], object]) -> int:
    """The most memory in use while something runs, looked at every 5 ms."""
    most, done = _resident(), threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.wait(0.005):
            most = max(most, _resident())

    watcher = threading.Thread(target=watch)
    watcher.start()
    run()
    done.set()
    watcher.join()
    return most


if __name__ == "__main__":
    main()
