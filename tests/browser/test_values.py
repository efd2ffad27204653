"""Journey 4: that 14 % and 13.5 % differ, since when, and where each stands."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

from tests.browser.office import Office

ENERGY = "规模以上工业单位增加值能耗"


def test_14_and_13_5_differ(bundled: str, office: Callable[[str], Office]) -> None:
    window = office(bundled).go()
    window.turn_to("目标对照")
    row = window.page.locator(".pt-target", has_text=ENERGY).first
    assert (
        "≠ 数值不一致" in row.inner_text() and "13.5%、14%" in row.inner_text() and "2022-12-08 起" in row.inner_text()
    )
    assert row.bounding_box()["y"] < 768  # type: ignore[index]
    window.shot("list")
    window.page.get_by_role("link", name=ENERGY, exact=True).first.click()
    window.page.locator(".pt-big", has_text=ENERGY).wait_for()
    window.settled()
    window.shot("one")
    said = window.reads()
    assert (
        "严于上级　下级 14%，严于上级 13.5%。《上海市工业领域碳达峰实施方案》对《工业领域碳达峰实施方案》，2022-12-08 起。"
        in said
    )
    assert "第 111 行" in said and unquote(window.page.url).endswith(f"targets?indicator={ENERGY}")
    plot = window.page.get_by_test_id("stVegaLiteChart").first
    plot.scroll_into_view_if_needed()
    window.settled()
    window.shot("plot")
    line = window.page.locator("tr", has_text="下降 14%")
    line.get_by_role("link", name="看原文").click()
    here = window.page.locator(".pt-here").first
    here.wait_for()
    window.settled()
    window.shot("place")
    assert "较 2020 年下降 14%" in here.inner_text()


def test_the_time_line_has_a_table(bundled: str, office: Callable[[str], Office]) -> None:
    window = office(bundled).go("targets", about="能耗")
    window.page.get_by_test_id("stVegaLiteChart").first.scroll_into_view_if_needed()
    window.page.get_by_text("时间线的表格").click()
    window.page.get_by_test_id("stDataFrame").first.scroll_into_view_if_needed()
    window.settled()
    window.shot("time-line")
    assert window.page.get_by_test_id("stDataFrame").first.is_visible()
