"""Opening the app: content is there before Streamlit's scripts run, and gives way to theirs without a jump."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.browser.office import WINDOW, Office

ADDRESSES = {"": ".pt-numbers", "trace?task=scip-carbon-peak-2023%23七.2": ".pt-task"}


def fetched(address: str) -> str:
    with urllib.request.urlopen(address) as answer:
        page, _, _ = answer.read().decode().partition("<script>")
    return str(page.rpartition("</style>")[2])


@pytest.mark.parametrize(("address", "content"), ADDRESSES.items())
def test_content_before_the_scripts(bundled: str, chromium: Any, address: str, content: str, tmp_path: Path) -> None:
    context = chromium.new_context(viewport=WINDOW, locale="zh-CN")
    page = context.new_page()
    until = time.monotonic() + 30
    while time.monotonic() < until and content[1:] not in fetched(f"{bundled}/{quote(address, '/?=%')}"):
        time.sleep(0.2)  # the server has just been started
    page.route("**/static/js/index.*.js", lambda route: route.abort())
    page.goto(f"{bundled}/{address}")
    before = page.locator(f"#pt-first {content}").bounding_box()
    said = page.locator(f"#pt-first {content}").inner_text()
    page.unroute_all()
    page.goto(f"{bundled}/{address}")
    page.locator(f"#root {content}").wait_for()
    page.locator("#pt-first").wait_for(state="detached")
    Office(page, bundled, tmp_path).settled()
    assert page.locator(f"#root {content}").inner_text() == said
    after = page.locator(f"#root {content}").bounding_box()
    assert all(abs(before[edge] - after[edge]) <= 2 for edge in before), (before, after)
    context.close()


def test_the_first_view_is_gone_from_every_page(bundled: str, office: Callable[[str], Office]) -> None:
    window = office(bundled)
    for name in ("", "search", "trace", "gaps", "documents"):
        window.go(name)
        window.page.locator("#pt-first").wait_for(state="detached")
        assert window.page.locator("h1").count() == 1
