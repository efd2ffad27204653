"""Journey 6: an address that a colleague sent, of a task that is there and of one that is not any more."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

from tests.browser.office import Office

TASK = "scip-carbon-peak-2023#七.2"


def test_a_task_that_a_colleague_sent(bundled: str, office: Callable[[str], Office]) -> None:
    window = office(bundled).go("trace", task=TASK)
    window.shot("task")
    said = window.reads()
    assert "全面实施开展园区清洁生产水平整体评价" in said and "环保办" in said
    assert f"task={TASK}" in unquote(window.page.url)


def test_a_task_that_is_gone(bundled: str, office: Callable[[str], Office]) -> None:
    window = office(bundled).go("trace", task="scip-carbon-peak-2023#七.99")
    window.shot("gone")
    assert "没有任务 scip-carbon-peak-2023#七.99" in window.reads()


def test_back_and_forward_lead_to_every_state(bundled: str, office: Callable[[str], Office]) -> None:
    window = office(bundled).go()
    window.turn_to("任务检索")
    window.write("检索", "清洁生产")
    window.write("检索", "节能")
    window.press(re.compile("^园区"))
    window.page.locator(".pt-hit h3 a").first.click()
    window.page.locator("h1", has_text="责任追溯").wait_for()
    window.settled()
    states = ["trace?task=", "search?q=节能&level=park", "search?q=节能", "search?q=清洁生产", "search", ""]
    assert _address(window).startswith(states[0])
    states[0] = _address(window)
    seen = {states[0]: _shown(window)}
    for state in states[1:]:
        seen[state] = _stepped(window, window.page.go_back, state)
    assert "清洁生产" in seen["search?q=清洁生产"] and len(set(seen.values())) == len(states)
    for state in states[-2::-1]:
        assert _stepped(window, window.page.go_forward, state) == seen[state]


def _stepped(window: Office, step: Callable[[], object], state: str) -> str:
    """What the page shows after a step back or forward, which leads to this address and stays there."""
    before = _shown(window)
    step()
    window.page.wait_for_function(
        "before => document.querySelector('#root .stMain')?.innerText !== before", arg=before.partition("\n")[2]
    )
    window.settled()
    window.page.wait_for_timeout(300)
    assert _address(window.settled()) == state
    return _shown(window)


def _address(window: Office) -> str:
    return unquote(window.page.url).removeprefix(f"{window.address}/")


def _shown(window: Office) -> str:
    """What stands in the page: its words, and those in the search box."""
    field = window.page.locator("input[type=search]")
    words = field.first.input_value() if field.count() else ""
    return f"{words}\n{window.page.locator('#root .stMain').inner_text()}"


def test_quick_steps_back_and_forward_end_where_they_lead(bundled: str, office: Callable[[str], Office]) -> None:
    window = office(bundled).go()
    for title in ("任务检索", "文件", "数据质量"):
        window.turn_to(title)
    for step, title in (("back", "任务检索"), ("forward", "数据质量")):
        for _ in range(2):
            window.page.evaluate(f"history.{step}()")
            window.page.wait_for_timeout(30)
        window.page.locator("#root .stMain h1", has_text=title).wait_for()
        window.settled()
