"""Journey 6: an address that a colleague sent, of a task that is there and of one that is not any more."""

from __future__ import annotations

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
