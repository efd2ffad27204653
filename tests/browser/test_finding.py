"""Journey 1: what must 环保办 do about 清洁生产, who in the city and the nation asks for it, and where is it written."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

from tests.browser.office import Office


def test_from_a_question_to_the_nation_and_to_the_source(bundled: str, office: Callable[[str], Office]) -> None:
    window = office(bundled).go()
    window.shot("overview")
    window.turn_to("任务检索")
    window.write("检索", "清洁生产")
    assert "共 24 项任务" in window.reads()
    window.shot("all")
    window.choose("责任部门", "环保办")
    assert "共 1 项任务" in window.reads()
    assert window.page.locator("mark").first.inner_text() == "清洁生产"
    window.shot("found")
    window.follow("全面提升清洁生产水平")
    assert "全面实施开展园区清洁生产水平整体评价" in window.reads()
    window.shot("task")
    window.card("全面提升清洁生产水平", "上海市工业领域碳达峰实施方案").click()
    window.until("深入开展清洁生产审核")
    assert "task=shanghai-industry-carbon-peak-2022#八.十八" in unquote(window.page.url)
    window.shot("city")
    window.card("全面提升清洁生产水平", "工业领域碳达峰实施方案", "国家").click()
    window.until("二.六.5　全面提升清洁生产水平")
    assert "提纲" in window.reads() and "cn-industry-carbon-peak-2022#二.六.5" in unquote(window.page.url)
    window.shot("nation")
    window.card("全面提升清洁生产水平", "上海化学工业区碳达峰实施方案").click()
    window.until("七.2　全面提升清洁生产水平")
    window.follow("查看原文")
    here = window.page.locator(".pt-here").first
    here.wait_for()
    assert re.search("documents", window.page.url) and "七.2" in unquote(window.page.url)
    assert "全面提升清洁生产水平" in here.inner_text()
    assert here.evaluate(
        "one => { const at = one.getBoundingClientRect(); return at.top > 0 && at.bottom < innerHeight; }"
    )
    window.shot("source")


def test_words_of_both_texts_are_marked_side_by_side(bundled: str, office: Callable[[str], Office]) -> None:
    window = office(bundled).go("trace", task="scip-carbon-peak-2023#七.2")
    cards = window.page.locator(".pt-pair .pt-card")
    marked = [set(cards.nth(number).locator("mark").all_inner_texts()) for number in (0, 1)]
    assert "全面提升清洁生产水平" in marked[0] & marked[1]
    assert "判断理由" in window.reads() and "●●● 落实" in window.reads()
    cards.first.scroll_into_view_if_needed()
    window.shot("side-by-side")


def test_all_is_reached_with_the_keyboard(bundled: str, office: Callable[[str], Office]) -> None:
    window = office(bundled).go("trace", task="scip-carbon-peak-2023#七.2")
    card = window.card("全面提升清洁生产水平", "上海市工业领域碳达峰实施方案")
    card.focus()
    assert card.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    window.page.keyboard.press("Enter")
    window.until("深入开展清洁生产审核")


def test_an_empty_answer_can_be_loosened_with_one_click(bundled: str, office: Callable[[str], Office]) -> None:
    window = office(bundled).go("search", q="清洁生产", level="district")
    window.shot("empty")
    window.follow("去掉“层级：区县”")
    assert "共 24 项任务" in window.reads()
    assert "level" not in window.page.url
