"""Seconds that a person waits for the app, in a real browser: opening it, changing the page, searching, filtering.

    python bench/app.py [--tasks N] [--kb DIRECTORY] [--rounds N]

Without --kb: the bundled corpus, then a knowledge base of N synthetic tasks (20,000; built first, which takes minutes).
Prints the median and the slowest of some rounds beside the limit. A warm knowledge base: one visit has been before.
"""

from __future__ import annotations

import argparse
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from commands.serving import SERVER  # noqa: E402
from tests.browser.conftest import QUIET, browser_path, served  # noqa: E402
from tests.browser.office import WINDOW, Office  # noqa: E402

OPENING, READY = 1.5, 2.5
"""Seconds until a page has content, and until it can be used."""
USABLE = '#root [data-testid="stApp"][data-test-script-state="notRunning"]'
BARE = "import streamlit as st\nst.title('x')\n"
"""What Streamlit takes for nothing at all, on the machine as busy as it is."""


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@contextmanager
def window(browser: Any, address: str) -> Iterator[Office]:
    context = browser.new_context(viewport=WINDOW, locale="zh-CN")
    yield Office(context.new_page(), address, Path(tempfile.gettempdir()))
    context.close()


def seen(office: Office, selector: str, text: str = "") -> None:
    """Until this stands on the page."""
    office.page.locator(selector).filter(has_text=text).first.wait_for()


PAGES = {
    "任务检索": ".pt-hit",
    "责任追溯": '[data-testid="stSelectbox"]',
    "承接缺口": ".pt-bar",
    "任务分工矩阵": ".pt-sheet table",
    "目标对照": ".pt-target",
    "文件": ".pt-facts",
    "数据质量": ".pt-found",
    "人工复核": "h1",
    "总览": ".pt-numbers",
}
"""A page's title → what shows that it has content."""


def opening(browser: Any, address: str, name: str, selector: str, **query: str) -> tuple[float, float]:
    """A new window with nothing kept from before, opened at an address: until the page has content, until it is usable."""
    with window(browser, address) as office:
        asked = "&".join(f"{key}={value}" for key, value in query.items())
        start = time.perf_counter()
        office.page.goto(f"{address}/{name}{'?' if asked else ''}{asked}", wait_until="commit")
        seen(office, selector)
        content = time.perf_counter() - start
        seen(office, f"#root {selector}")
        seen(office, USABLE)
        return content, time.perf_counter() - start


@contextmanager
def bare(folder: Path) -> Iterator[str]:
    """Streamlit with a page of nothing but a title."""
    script = folder / "bare.py"
    script.write_text(BARE, "utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {**SERVER, "server.address": "127.0.0.1", "server.port": port}
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(script),
        *(f"--{key}={one}" for key, one in settings.items()),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        time.sleep(5)
        yield f"http://127.0.0.1:{port}"
        server.terminate()


def switching(office: Office) -> dict[str, float]:
    """Each page in turn, from the bar at the top."""
    found = {}
    for title, selector in PAGES.items():
        link = office.page.get_by_test_id("stTopNavLink").filter(has_text=title).first

        def turn(link: Any = link, title: str = title, selector: str = selector) -> None:
            link.click()
            seen(office, "h1", title)
            seen(office, selector)

        found[f"换到 {title}"] = timed(turn)
        office.settled()
    return found


def asking(office: Office, words: str, department: str) -> dict[str, float]:
    """Words in the search box, and then a filter; until the list says what is left."""
    office.go("search")
    count = office.page.locator(".pt-count b")

    def changed(work: Callable[[], object]) -> Callable[[], None]:
        before = count.inner_text()

        def run() -> None:
            work()
            office.page.wait_for_function(
                "before => document.querySelector('.pt-count b')?.textContent !== before", arg=before
            )

        return run

    field = office.page.get_by_label("检索", exact=True).first
    field.fill(words)
    found = {"检索词": timed(changed(lambda: field.press("Enter")))}
    office.settled()
    box = office.page.get_by_role("combobox", name="责任部门").first
    box.click()
    box.fill(department)
    option = office.page.get_by_role("option").filter(has_text=department).first
    option.wait_for()
    found["筛选"] = timed(changed(option.click))
    office.settled()
    return found


def measure(browser: Any, kb: Path, rounds: int, limit: float, ref: str) -> None:
    """Prints what a person waits for over one knowledge base."""
    rows: dict[str, list[float]] = {}
    with served(kb) as address, tempfile.TemporaryDirectory() as folder, bare(Path(folder)) as nothing:
        first = opening(browser, address, "", "h1")
        print(f"  first visit after the start of the server: title {first[0]:.2f} s, usable {first[1]:.2f} s")
        with window(browser, address) as office:
            switching(office.go())
            asking(office, "节能", "经发处")
        for _ in range(rounds):
            rows.setdefault("打开 Streamlit 空页", []).append(opening(browser, nothing, "", "h1")[0])
            for name, found in (
                ("总览", opening(browser, address, "", ".pt-numbers")),
                ("一项任务", opening(browser, address, "trace", ".pt-task", task=ref)),
            ):
                rows.setdefault(f"打开 {name}", []).append(found[0])
                rows.setdefault(f"可用 {name}", []).append(found[1])
            with window(browser, address) as office:
                for name, took in switching(office.go()).items():
                    rows.setdefault(name, []).append(took)
                for name, took in asking(office, "清洁生产", "环保办").items():
                    rows.setdefault(name, []).append(took)
    for name, times in rows.items():
        bound = {"打开": OPENING, "可用": READY}.get(name[:2], limit)
        middle = statistics.median(times)
        print(
            f"  {name:<16} {middle:6.2f} s  slowest {max(times):5.2f}  limit {bound:.1f}  {'' if middle <= bound else 'OVER'}"
        )


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--tasks", type=int, default=20_000)
    given.add_argument("--kb", type=Path)
    given.add_argument("--rounds", type=int, default=5)
    options = given.parse_args()
    found = browser_path()
    if not found:
        sys.exit("no Chromium here (apt-get install chromium fonts-noto-cjk)")
    from playwright.sync_api import sync_playwright

    from bench.large_kb import make
    from index.build import build

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=list(QUIET))
        if not options.kb:
            bundled = Path(folder) / "bundled"
            build(bundled, jobs=1)
            print("bundled corpus")
            measure(browser, bundled, options.rounds, 0.5, "scip-carbon-peak-2023%23七.2")
        large = options.kb or Path(folder) / "large"
        if not options.kb:
            make(large, options.tasks)
        print(f"{large.name if options.kb else f'{options.tasks:,} tasks'}")
        measure(browser, large, options.rounds, 1.5, "synthetic-799%23一.1")
        browser.close()


if __name__ == "__main__":
    main()
