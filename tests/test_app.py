"""Every page in every state, headless: what a person would read, and that nobody ever sees a traceback."""

from __future__ import annotations

import html
import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from streamlit.testing.v1 import AppTest

import pages.shared.shell
from index.build import build
from index.deciding import history
from index.deciding.verdicts import wish
from index.knowledge_base import KnowledgeBase
from index.linking.coverage import STATE_NAMES, gaps
from index.linking.tracing import trace
from index.reading.inputs import BuildInput
from pages import chain, overview_facts
from schemas import LEVELS, Subject
from tests.kb_making import Item, made, policy

APP = Path(__file__).parent.parent / "app.py"
PARK = "scip-carbon-peak-2023"
CITY = "shanghai-industry-carbon-peak-2022"
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


def hrefs(page: AppTest) -> list[str]:
    """Where the links in the HTML lead, unescaped."""
    return [unquote(html.unescape(one)) for one in re.findall(r"href='([^']*)'", markup(page))]


def test_overview_counts(visit: Callable[..., AppTest], held_tasks: int) -> None:
    page = visit()
    assert page.title[0].value == "总览"
    drawn = markup(page)
    assert "<span>文件</span><b>10</b>" in drawn and f"<span>任务</span><b>{held_tasks}</b>" in drawn
    for heading in ("上级文件的落实情况", "需要注意", "按层级", "各部门的任务", "最近变动"):
        assert f"<h2>{heading}</h2>" in drawn
    assert "上海化学工业区管理委员会经济发展处" in drawn and "数字缺失" in drawn and "加入文件" in drawn


def test_overview_covers_as_the_gaps_do(visit: Callable[..., AppTest], knowledge_base: Path) -> None:
    rows = re.findall(r"<div class='pt-cover'>.*?</div></div></div>", markup(visit()))
    shown = {re.search(r"upper=([\w-]+)&amp;lower=([\w-]+)", row).groups(): row for row in rows}  # type: ignore[union-attr]
    with KnowledgeBase.open(knowledge_base) as kb:
        linked = {(link.upper.doc, link.lower.doc) for link in kb.links() if link.grade >= 2}
        assert set(shown) == linked and len(linked) == 45  # each upper document by each that rests on it
        for upper, lower in ((CITY, PARK), *sorted(linked)[::9]):
            states = Counter(row.state for row in gaps(kb, upper, lower))
            told = "".join(f"<span>{STATE_NAMES[one]} {states[one]}</span>" for one in STATE_NAMES if states[one])
            assert told in shown[upper, lower]


def test_overview_among_many_documents_works_out_the_first_of_each(
    visit: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview_facts, "FEW", 3)
    drawn = markup(visit())
    sections = re.findall(r"<section>.*?</section>", drawn, re.S)
    assert sections and all(section.count("pt-meter") == 1 for section in sections)
    assert re.search(r"lower=scip-[\w-]+.*?<span>\d+ 条关联</span>", drawn)


def test_overview_shows_the_lowest_document_first(visit: Callable[..., AppTest]) -> None:
    sections = markup(visit()).split("<section>")[1:]
    city = next(one for one in sections if f"doc={CITY}" in one)
    first, _, folded = city.partition("<details>")
    assert f"lower={PARK}" in first and "还有 2 份下级文件承接" in folded and "lower=" in folded


def test_overview_leads_to_every_page(visit: Callable[..., AppTest]) -> None:
    goals = {one.partition("?")[0] for one in hrefs(visit())}
    assert goals >= {"documents", "search", "targets", "gaps", "quality", "matrix"}


def test_overview_tells_what_changed(visit: Callable[..., AppTest], knowledge_base: Path, tmp_path: Path) -> None:
    kb = Path(shutil.copytree(knowledge_base, tmp_path / "kb"))
    with KnowledgeBase.open(kb) as now:
        made = wish(now, "confirm", Subject(kind="task", doc=PARK, item="七.2"), why="看过原文")
    history.decide(kb, "张三", made)
    drawn = markup(visit(kb=kb))
    assert "张三：" in drawn and "看过原文" in drawn


def test_search_marks_the_words(visit: Callable[..., AppTest]) -> None:
    page = visit("search", q="清洁生产", department="环境保护办公室")
    assert "共 <b>1</b> 项任务" in markup(page)
    assert "<mark>清洁生产</mark>" in markup(page) and "环保办" in markup(page)
    assert f"trace?task={PARK}#七.2" in hrefs(page) and f"documents?doc={PARK}&task=七.2" in hrefs(page)
    assert "全面提升<mark>清洁生产</mark>水平" in markup(page) and "第 245 行" in markup(page)


def test_search_says_outline_and_unchecked(visit: Callable[..., AppTest]) -> None:
    drawn = markup(visit("search", q="核电", level="national"))
    assert ">提纲<" in drawn and ">未核<" in drawn and "提纲未载" in drawn


def test_filters_count_what_they_would_leave(visit: Callable[..., AppTest]) -> None:
    page = visit("search", q="清洁生产", level="park")
    choices = next(one for one in page.button_group if one.label == "层级")
    assert choices.value == "park"
    assert any("市级" in option for option in choices.options)
    choices.set_value("municipal").run()
    assert not page.exception and page.query_params["level"] in ("municipal", ["municipal"])
    assert ">市级<" in markup(page) and ">园区<" not in markup(page)
    numbers = {one.label: one.options for one in page.selectbox}
    assert set(numbers) == {"责任部门", "文件", "章节", "年份"}
    assert any(option.startswith("推行绿色制造体系　") for option in numbers["章节"])


def test_a_section_is_a_filter(visit: Callable[..., AppTest]) -> None:
    drawn = markup(visit("search", doc=PARK, section="推行绿色制造体系"))
    assert "共 <b>2</b> 项任务" in drawn and "推行绿色制造体系" in drawn


def test_search_without_words_lists_all_and_grows(visit: Callable[..., AppTest], held_tasks: int) -> None:
    page = visit("search")
    assert f"共 <b>{held_tasks}</b> 项任务" in markup(page)
    before = markup(page).count("pt-hit")
    next(one for one in page.button if "再显示" in one.label).click().run()
    assert not page.exception and markup(page).count("pt-hit") == before + 20


def test_targets_are_chips(visit: Callable[..., AppTest]) -> None:
    assert "<b>目标</b>推进集成电路、医药、化工等行业清洁生产全覆盖" in markup(visit("search", q="清洁生产 全覆盖"))


def test_an_empty_result_says_what_to_loosen(visit: Callable[..., AppTest]) -> None:
    page = visit("search", q="清洁生产", level="district")
    assert "没有符合条件的任务" in said(page)
    assert "去掉“层级：区县”" in markup(page) and "search?q=清洁生产" in hrefs(page)


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
    assert "上级依据" in text and "判断理由" in drawn and "可靠度" in drawn
    assert drawn.count("<mark>全面提升清洁生产水平</mark>") == 2
    assert "环保办" in drawn and "第 245 行" in drawn


def test_the_chain_stands_in_columns_of_levels(visit: Callable[..., AppTest], knowledge_base: Path) -> None:
    with KnowledgeBase.open(knowledge_base) as kb:
        nodes, edges = chain.gathered(trace(kb, f"{PARK}#七.2"))
    columns = chain.placed(nodes, edges)
    levels = [level for level, _ in columns]
    assert levels == sorted(levels, key=LEVELS.index) and {"national", "municipal", "park"} <= set(levels)
    assert [node.ref for node in columns[-1][1]] == [f"{PARK}#七.2"]
    place = {node.ref: number for number, (_, column) in enumerate(columns) for node in column}
    assert all(place[edge.upper] < place[edge.lower] for edge in edges)


def test_trace_goes_on_from_another_task(visit: Callable[..., AppTest]) -> None:
    page = visit("trace", task=f"{PARK}#七.2")
    goal = next(one for one in hrefs(page) if one.startswith("trace?"))
    ref = goal.removeprefix("trace?task=").partition("&")[0]
    page.query_params["task"] = ref
    page.run()
    assert not page.exception
    document, task, *_ = page.selectbox
    assert f"{document.value}#{task.value}" == ref != f"{PARK}#七.2"
    assert page.query_params["task"] in (ref, [ref])


def test_the_link_that_is_compared_has_its_address(visit: Callable[..., AppTest]) -> None:
    page = visit("trace", task=f"{PARK}#七.2", **{"with": "cn-industry-carbon-peak-2022#二.六.5"})
    assert page.selectbox[2].value == "cn-industry-carbon-peak-2022#二.六.5"
    assert "工业领域碳达峰实施方案" in markup(page)


def test_trace_of_a_corrected_task_shows_its_new_links_and_says_so(
    visit: Callable[..., AppTest], knowledge_base: Path, tmp_path: Path
) -> None:
    kb = Path(shutil.copytree(knowledge_base, tmp_path / "kb"))
    ref = f"{PARK}#五.2"
    assert "更正过" not in said(visit("trace", kb, task=ref))
    with KnowledgeBase.open(kb) as now:
        about = Subject(kind="task", doc=PARK, item="五.2")
        history.decide(kb, "张三", wish(now, "correct", about, "title", "推进园区氢能利用"))
    page = visit("trace", kb, task=ref)
    assert "它的直接关联已按更正后的内容重新查找" in page.info[0].value and "推进园区氢能利用" in markup(page)
    page = visit("trace", kb, task=f"{CITY}#六.十", **{"with": ref})
    assert not page.info and "任务已更正，关联待更新" in markup(page)
    page = visit("gaps", kb, upper=CITY, lower=PARK)
    assert "有 1 项任务在建库以后更正过" in said(page)


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
    assert ("您要找的可能是" in markup(page)) == ref.startswith(PARK)
    assert not page.error and page.selectbox
    assert "<script" not in page.warning[0].value.replace("\\<", "")


def test_trace_without_a_task_asks_for_one(visit: Callable[..., AppTest]) -> None:
    page = visit("trace")
    assert "请选择" in page.info[0].value
    page.selectbox[0].select(PARK).run()
    page.selectbox[1].select("七.2").run()
    assert not page.exception and "全面实施开展园区清洁生产水平整体评价" in markup(page)


@pytest.mark.parametrize("layout", ["list", "ledger", "grid", "department", "nonsense"])
def test_matrix_previews_and_saves(visit: Callable[..., AppTest], layout: str) -> None:
    page = visit("matrix", doc=PARK, layout=layout)
    assert "共 <b>26</b> 项任务" in markup(page)
    assert "上海化学工业区碳达峰实施方案任务分工表" in markup(page)
    assert ("●" in markup(page)) is (layout == "grid")
    labels = [one.proto.label for one in page.get("download_button")]
    assert labels == ["下载 Excel 工作簿", "下载 Word 文件", "下载 CSV", "下载网页", "下载 Markdown"]


def test_matrix_of_a_department_shows_its_sheet(visit: Callable[..., AppTest]) -> None:
    page = visit("matrix", doc=PARK, layout="department")
    choose = next(one for one in page.selectbox if one.label == "预览哪一张")
    assert {"经发处", "环保办"} <= set(choose.options)
    choose.select("环保办").run()
    assert not page.exception and "七.2" in markup(page)


def test_matrix_is_filtered_by_role_and_level(visit: Callable[..., AppTest]) -> None:
    assert "共 <b>1</b> 项任务" in markup(visit("matrix", role="support"))
    assert "角色为配合" in markup(visit("matrix", role="support"))
    assert "共 <b>39</b> 项任务" in markup(visit("matrix", level="park"))


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
            assert "href='javascript:" not in drawn


def test_pages_show_a_new_generation(
    visit: Callable[..., AppTest], knowledge_base: Path, held_tasks: int, tmp_path: Path
) -> None:
    kb = tmp_path / "kb"
    shutil.copytree(knowledge_base, kb)
    page = visit("search", kb=kb)
    assert f"<b>{held_tasks}</b>" in markup(page)
    new = tmp_path / "某区绿色发展实施方案.txt"
    new.write_text("某区绿色发展实施方案\n\n一、重点任务\n1．推进节能。加快节能改造。（责任部门：区经委）\n", "utf-8")
    build(kb, [BuildInput(new)], jobs=1)
    page.run()
    assert not page.exception and f"<b>{held_tasks}</b>" not in markup(page)


def test_what_is_out_of_force_says_so(visit: Callable[..., AppTest], knowledge_base: Path, tmp_path: Path) -> None:
    kb = Path(shutil.copytree(knowledge_base, tmp_path / "kb"))
    with KnowledgeBase.open(kb) as now:
        made = wish(now, "correct", Subject(kind="document", doc=CITY), "superseded_by", PARK)
    history.decide(kb, "张三", made)
    found = visit("search", kb=kb, doc=CITY)
    traced = visit("trace", kb=kb, task=f"{CITY}#八.十八")
    for page in (found, traced):
        assert "《上海化学工业区碳达峰实施方案》</a> 废止或取代" in markup(page) and f"documents?doc={PARK}" in hrefs(
            page
        )
    assert "废止或取代" not in markup(visit("trace", kb=kb, task=f"{PARK}#七.2"))
