"""Every page in every state, headless: what a person would read, and that nobody ever sees a traceback."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import pages.shared.shell
from index.build import build
from index.inputs import BuildInput
from tests.kb_making import Item, made, policy

APP = Path(__file__).parent.parent / "app.py"
PARK = "scip-carbon-peak-2023"
EVIL = "<script>alert(1)</script>[x](javascript:alert(1)) :red[r] \u202e$a$ **粗** `c` <img src=x onerror=alert(1)>"


@pytest.fixture
def visit(knowledge_base: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Opens a page with an address."""

    def visit(name: str = "", kb: Path = knowledge_base, **address: str) -> AppTest:
        monkeypatch.setenv("POLICYTRACE_KB", str(kb))
        page = AppTest.from_file(str(APP), default_timeout=60).run()
        if name:
            page.switch_page(f"pages/{name}.py")
            for key, value in address.items():
                page.query_params[key] = value
            page.run()
        assert not page.exception
        return page

    return visit


def markup(page: AppTest) -> str:
    """All HTML that the page draws, its style left out."""
    return "\n".join(one.proto.body for one in page.get("html") if "<style>" not in one.proto.body)


def said(page: AppTest) -> str:
    """Every word that the page says in elements of its own."""
    kinds = (page.title, page.subheader, page.markdown, page.caption, page.info, page.warning, page.error)
    return "\n".join(str(one.value) for kind in kinds for one in kind)


def test_overview_counts(visit: Callable[..., AppTest]) -> None:
    page = visit()
    assert page.title[0].value == "总览"
    numbers = {one.label: one.value for one in page.metric}
    assert (numbers["文件"], numbers["任务"]) == ("10", "361")
    documents = page.dataframe[0].value
    assert set(documents["内容"]) == {"全文", "提纲"} and documents["未核"].sum() > 0
    assert "经济发展处" in "".join(page.dataframe[1].value["部门"])
    assert "数字缺失" in set(page.dataframe[2].value["事项"])


def test_search_marks_the_words(visit: Callable[..., AppTest]) -> None:
    page = visit("search", q="清洁生产", department="环境保护办公室")
    assert "共 **1** 项任务" in said(page)
    assert "<mark>清洁生产</mark>" in markup(page) and "环保办" in markup(page)
    link = page.get("page_link")[0].proto
    assert "全面提升清洁生产水平" in link.label


def test_search_says_outline_and_unchecked(visit: Callable[..., AppTest]) -> None:
    drawn = markup(visit("search", q="核电", level="national"))
    assert ">提纲<" in drawn and ">未核<" in drawn and "提纲未载" in drawn


def test_filters_count_what_they_would_leave(visit: Callable[..., AppTest]) -> None:
    page = visit("search", q="清洁生产", level="park")
    choices = next(one for one in page.selectbox if one.label == "层级")
    assert choices.value == "park"
    assert any("市级" in option for option in choices.options)
    choices.select("municipal").run()
    assert not page.exception and page.query_params["level"] in ("municipal", ["municipal"])
    assert "市级" in markup(page) and ">园区<" not in markup(page)


def test_search_without_words_lists_all_and_grows(visit: Callable[..., AppTest]) -> None:
    page = visit("search")
    assert "共 **361** 项任务" in said(page)
    before = len(page.get("page_link"))
    next(one for one in page.button if "再显示" in one.label).click().run()
    assert not page.exception and len(page.get("page_link")) == before + 20


def test_an_empty_result_says_what_to_loosen(visit: Callable[..., AppTest]) -> None:
    text = said(visit("search", q="清洁生产", level="district"))
    assert "没有符合条件的任务" in text and "去掉“层级”" in text


@pytest.mark.parametrize("query", ["", "“", '"', "*:*", "((((", "\u202e", "，。", "a" * 10_000, "<script>"])
def test_no_query_is_wrong(visit: Callable[..., AppTest], query: str) -> None:
    page = visit("search", q=query)
    assert not page.error


@pytest.mark.parametrize(
    "address",
    [{"year": "明年"}, {"level": "火星"}, {"doc": "no-such"}, {"department": EVIL}, {"role": "x"}, {"strength": "y"}],
)
def test_an_address_with_nonsense_is_answered(visit: Callable[..., AppTest], address: dict[str, str]) -> None:
    for name in ("search", "matrix"):
        page = visit(name, **address)
        assert not page.error and page.title


def test_trace_shows_chain_and_shared_words(visit: Callable[..., AppTest]) -> None:
    page = visit("trace", task=f"{PARK}#七.2")
    text, drawn = said(page), markup(page)
    assert "上级依据" in text and "判断理由" in text and "可靠度" in text
    assert drawn.count("<mark>全面提升清洁生产水平</mark>") == 2
    assert "环保办" in drawn and "第 245 行" in drawn
    chart = page.get("graphviz_chart")[0].proto.spec
    assert chart.startswith("digraph") and f'"{PARK}#七.2"' in chart


def test_trace_goes_on_from_another_task(visit: Callable[..., AppTest]) -> None:
    page = visit("trace", task=f"{PARK}#七.2")
    next(one for one in page.button if "继续追溯" in one.label).click().run()
    assert not page.exception
    document, task, *_ = page.selectbox
    assert (document.value, task.value) != (PARK, "七.2")
    assert page.query_params["task"] in (f"{document.value}#{task.value}", [f"{document.value}#{task.value}"])


def test_trace_down_from_the_nation(visit: Callable[..., AppTest]) -> None:
    page = visit("trace", task="cn-industry-carbon-peak-2022#二.六.5")
    assert "下级落实" in said(page) and ">提纲<" in markup(page)


def test_every_link_can_be_chosen(visit: Callable[..., AppTest]) -> None:
    page = visit("trace", task=f"{PARK}#三.1")
    choices = page.selectbox[2]
    for number in range(0, len(choices.options), 5):
        page.selectbox[2].select_index(number).run()
        assert not page.exception and not page.error


@pytest.mark.parametrize("ref", [f"{PARK}#九.9", "no-such#一.1", "九.9", EVIL, "#"])
def test_an_unknown_task_is_answered_in_words(visit: Callable[..., AppTest], ref: str) -> None:
    page = visit("trace", task=ref)
    assert "没有任务" in page.warning[0].value
    assert not page.error and page.selectbox
    assert "<script" not in page.warning[0].value.replace("\\<", "")


def test_trace_without_a_task_asks_for_one(visit: Callable[..., AppTest]) -> None:
    page = visit("trace")
    assert "请选择" in page.info[0].value
    page.selectbox[0].select(PARK).run()
    page.selectbox[1].select("七.2").run()
    assert not page.exception and "全面实施开展园区清洁生产水平整体评价" in markup(page)


@pytest.mark.parametrize("layout", ["list", "grid", "nonsense"])
def test_matrix_previews_and_saves(visit: Callable[..., AppTest], layout: str) -> None:
    page = visit("matrix", doc=PARK, layout=layout)
    assert "共 **26** 项任务" in said(page)
    assert "上海化学工业区碳达峰实施方案任务分工表" in markup(page)
    assert ("●" in markup(page)) is (layout == "grid")
    assert [one.proto.label for one in page.get("download_button")] == ["下载 xlsx", "下载 csv"]


def test_matrix_of_all_and_of_one_department(visit: Callable[..., AppTest]) -> None:
    assert "下面预览前" in said(visit("matrix"))
    page = visit("matrix", department="经济发展处")
    assert "责任部门为“经济发展处”" in markup(page)
    assert "没有符合条件的任务" in said(visit("matrix", department="天文台"))


@pytest.mark.parametrize("name", ["", "search", "trace", "matrix"])
def test_without_a_knowledge_base_every_page_says_what_to_do(
    visit: Callable[..., AppTest], tmp_path: Path, name: str
) -> None:
    page = visit(name, kb=tmp_path / "none")
    assert page.title[0].value == "还不能查询" and "policytrace build" in page.info[0].value


@pytest.mark.parametrize("name", ["", "search", "trace", "matrix"])
def test_a_damaged_knowledge_base_is_told(
    visit: Callable[..., AppTest], knowledge_base: Path, tmp_path: Path, name: str
) -> None:
    kb = tmp_path / "kb"
    shutil.copytree(knowledge_base, kb)
    for file in kb.glob("records.sqlite*"):
        file.write_bytes(b"not a database" * 1000)
    assert visit(name, kb=kb).info


def test_a_fault_of_ours_is_told_without_a_traceback(
    visit: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> Any:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(pages.shared.shell, "knowledge", fails)
    page = visit("search")
    assert "没有画出来" in page.error[0].value and "secret" not in said(page)


def test_text_of_a_document_is_shown_as_text(visit: Callable[..., AppTest], tmp_path: Path) -> None:
    word = "长" * 10_000
    items = [Item("三.1", EVIL, f"推进节能。{EVIL}", ((EVIL[:40], "牵头"),)), Item("三.2", "节能", word)]
    above = policy("city", EVIL, items, level="municipal", date="2020-01-01")
    made(tmp_path / "kb", policy("park", f"{EVIL}2", items), above)
    for name, address in (
        ("", {}),
        ("search", {"q": "节能"}),
        ("trace", {"task": "park#三.1"}),
        ("matrix", {"doc": "park"}),
        ("matrix", {"layout": "grid"}),
    ):
        page = visit(name, kb=tmp_path / "kb", **address)
        assert not page.error
        for drawn in (markup(page), said(page)):
            assert "<script" not in drawn.replace("\\<", "") and "<img" not in drawn.replace("\\<", "")
            assert "\u202e" not in drawn
        for label in [one.proto.label for one in page.get("page_link")]:
            assert ":red[" not in label and "](" not in label.replace("\\](", "")


def test_pages_show_a_new_generation(visit: Callable[..., AppTest], knowledge_base: Path, tmp_path: Path) -> None:
    kb = tmp_path / "kb"
    shutil.copytree(knowledge_base, kb)
    page = visit("search", kb=kb)
    assert "**361**" in said(page)
    new = tmp_path / "某区绿色发展实施方案.txt"
    new.write_text("某区绿色发展实施方案\n\n一、重点任务\n1．推进节能。加快节能改造。（责任部门：区经委）\n", "utf-8")
    build(kb, [BuildInput(new)], jobs=1)
    page.run()
    assert not page.exception and "**361**" not in said(page)
