"""The app in a real browser: Debian's Chromium, driven by Playwright, without any network beyond this machine.

What a test writes with ``shot`` lies under ``tests/output``. Without Chromium every test here is skipped and says why.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.browser.office import WINDOW, Office

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
OUTPUT = Path(__file__).parent.parent / "output"
PATIENCE = 60


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers come last: the quick tests have told by then what is wrong."""
    items.sort(key=lambda item: "tests/browser/" in item.path.as_posix())


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser, open."""
    found = browser_path()
    if not found:
        pytest.skip("no Chromium here: apt-get install chromium fonts-noto-cjk, or name one in $POLICYTRACE_CHROMIUM")
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=list(QUIET))
        yield browser
        browser.close()


def browser_path() -> str | None:
    """The Chromium of this machine."""
    return os.environ.get("POLICYTRACE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def served(kb: Path, *more: str) -> Iterator[str]:
    """The app as `policytrace app` serves it, on a free port, with more options; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "cli", "app", "--kb", str(kb), "--port", str(port), *more]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert server.poll() is None, "the app did not start"
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the app does not answer")


@pytest.fixture(scope="session")
def bundled(knowledge_base: Path, chromium: Any) -> Iterator[str]:
    """The address of the app over the bundled corpus. Read only: a test that changes something takes `serve`."""
    with served(knowledge_base) as address:
        yield address


@pytest.fixture
def serve(chromium: Any) -> Iterator[Callable[[Path], str]]:
    """Serves a knowledge base of the test's own until the test ends; gives the address."""
    with ExitStack() as running:
        yield lambda kb: running.enter_context(served(kb))


@pytest.fixture
def office(chromium: Any, request: pytest.FixtureRequest) -> Iterator[Callable[[str], Office]]:
    """Opens a browser of one member of staff at an address of the app; at the end nothing of the text may have run."""
    name = request.node.name.removeprefix("test_")
    with ExitStack() as opened:
        windows: list[Office] = []

        def open_one(address: str) -> Office:
            context = chromium.new_context(viewport=WINDOW, locale="zh-CN", accept_downloads=True)
            opened.callback(context.close)
            windows.append(Office(context.new_page(), address, OUTPUT / name))
            return windows[-1]

        yield open_one
        for window in windows:
            window.check()
