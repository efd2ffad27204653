"""目标对照: what does not agree comes first, each value with its document, place and date; plots with their tables."""

from __future__ import annotations

import html
import io
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df

from index.exporting.export import render_targets
from index.knowledge_base import KnowledgeBase
from index.targets.comparison import compare
from index.targets.groups import Indicator, indicators, since
from schemas import Policy, Target
from tests.kb_making import Item, made, policy
from tests.page_visiting import EVIL, Visits, addresses, goes, links, markup, press, said, shows_text_as_text

ENERGY = "规模以上工业单位增加值能耗"


@pytest.fixture
def visit(knowledge_base: Path, monkeypatch: pytest.MonkeyPatch) -> Visits:
    return Visits(knowledge_base, monkeypatch)


@pytest.fixture
def found(knowledge_base: Path) -> tuple[Indicator, ...]:
    with KnowledgeBase.open(knowledge_base) as kb:
        return indicators(kb.policies(), compare(kb.policies()))


def rows(page: Any, key: str = "") -> list[str]:
    drawn = [one.proto.body for one in page.get("html") if "pt-list" in one.proto.body]
    drawn = drawn[:1] if key == "apart" else drawn
    return [html.unescape(name) for body in drawn for name in re.findall("indicator=[^>]*>([^<]*)</a>", body)]


def plots(page: Any) -> list[tuple[str, Any]]:
    """The plots as they are sent: what is drawn and its data."""
    found = [one.proto for one in page.get("vega_lite_chart")]
    return [(one.spec, convert_arrow_bytes_to_pandas_df(one.data.data)) for one in found]


def test_every_target_is_in_the_indicator_of_each_quantity_that_it_names_once(
    knowledge_base: Path, found: tuple[Indicator, ...]
) -> None:
    with KnowledgeBase.open(knowledge_base) as kb:
        targets = sorted((one.slug, target.id) for one in kb.policies() for target in one.targets)
    places = [(p.doc, p.target.id, p.quantity) for one in found for p in one.places if p.target.id.startswith("t")]
    named = [place for place in places if place[2]]
    assert len(named) == len(set(named)) and {place[:2] for place in places} <= set(targets)
    assert len({one.name for one in found}) == len(found)
    standings = [one.standing for one in found]
    assert standings == sorted(standings, key=["conflict", "numbers", "wording", "agreed", "alone"].index)


def test_what_does_not_agree_comes_first(visit: Visits, found: tuple[Indicator, ...]) -> None:
    page = visit("targets")
    apart = [one for one in found if one.standing in ("conflict", "numbers", "wording")]
    assert rows(page, "apart") == [one.name for one in apart][:12] and ENERGY in rows(page, "apart")
    assert f"不一致的指标　{len(apart)} 个" in said(page)
    drawn = markup(page)
    assert "国家 <b>13.5%</b>，市级 <b>13.5%、14%</b>" in drawn and "2022-12-08 起" in drawn and "≠ 数值不一致" in drawn


def test_14_and_13_5_differ_where_and_since_when(visit: Visits) -> None:
    page = goes(visit("targets"), visit, ENERGY)
    assert addresses(page) == {"indicator": ENERGY}
    drawn = markup(page)
    sentence = "<b>严于上级</b>　下级 14%，严于上级 13.5%。《上海市工业领域碳达峰实施方案》对《工业领域碳达峰实施方案》，<b>2022-12-08</b> 起。"
    assert sentence in drawn
    assert "<mark>14%</mark>" in drawn and "<mark>13.5%</mark>" in drawn and "第 111 行" in drawn and ">提纲<" in drawn
    assert "起始日期不明（有文件未载日期）" in drawn
    targets = [target for label, target in links(page) if label == "看原文"]
    assert len(targets) == 4 and targets[3].startswith("documents?doc=shanghai-industry-carbon-peak-2022&at=")
    slug, _, at = targets[3].partition("?doc=")[2].partition("&at=")
    assert re.search("pt-here'.*下降 14%", markup(visit("documents", doc=slug, at=at)))


def test_plots_have_their_tables(visit: Visits) -> None:
    page = visit("targets", about="能耗")
    ((spec, drawn),) = plots(page)
    assert '"diamond"' in spec and "13.5%、14%" in set(drawn["标注"])
    table = page.dataframe[0].value
    assert list(table.columns) == ["指标", "年份", "层级", "数值", "文件"]
    line = table[(table["指标"] == ENERGY) & (table["层级"] == "市级")].iloc[0]
    assert (line["年份"], line["数值"]) == (2025, "13.5%、14%") and "上海市工业领域碳达峰实施方案" in line["文件"]
    ((_, values),) = plots(visit("targets", indicator=ENERGY))
    assert [one[:4] for one in values["文件"]] == ["2021", "2022", "2022", "日期未载"]
    assert list(values["数值"]) == [13.5, 13.5, 14.0, 13.5]


def test_filters_leave_what_they_say(visit: Visits, found: tuple[Indicator, ...]) -> None:
    page = visit("targets", level="park")
    with KnowledgeBase.open(visit.kb) as kb:
        park = {one.slug for one in kb.policies() if one.level == "park"}
    expected = [one.name for one in found if any(place.doc in park for place in one.places)]
    assert rows(page) == expected[:24] and expected
    page = visit("targets", standing="alone")
    assert len(rows(page)) == 12 and len(rows(press(page, "再显示"))) == 24
    assert "没有符合条件的指标" in said(visit("targets", about="核聚变"))


@pytest.mark.parametrize(("asked", "title"), [("新型储能装机容量", "新型储能装机容量"), ("不会有的", None)])
def test_an_address_with_other_words_is_answered(visit: Visits, asked: str, title: str | None) -> None:
    page = visit("targets", indicator=asked)
    if title:
        assert f"<b class='pt-big'>{title}" in markup(page)
    else:
        assert "没有符合条件的指标" in said(page) and addresses(page) == {"about": asked}


def test_nonsense_in_the_address_is_left_out(visit: Visits) -> None:
    page = visit("targets", level="x", standing=EVIL)
    assert rows(page, "apart") == rows(visit("targets"), "apart") != []
    shows_text_as_text(page)


def test_since_when_is_not_invented() -> None:
    low, up = _document("park", "2023-05-01", 12.0, "park"), _document("city", None, 13.0, "municipal")
    (one,) = indicators([low, up], compare([low, up]))
    assert one.standing == "numbers" and one.apart[0].relation == "weaker"
    assert since(one.apart[0], {"park": low.date, "city": up.date}) is None
    assert one.since({"park": "2023-05-01", "city": "2022-01-02"}) == "2023-05-01"


def _document(slug: str, day: str | None, number: float, level: Any, name: str = "用水量下降率") -> Policy:
    made_up = policy(slug, f"{slug}方案", [Item("三.1", "节水", f"{name}达到{number}%。")], level=level, date=day)
    target = Target(
        id="t1", task="三.1", section="三", quote=f"{name}达到{number}%", indicator=name, direction="increase",
        value=number, unit="%", target_year=2025, origin=made_up.tasks[0].origin,
    )  # fmt: skip
    return made_up.model_copy(update={"targets": (target,)})


def test_text_of_a_document_is_shown_as_text(visit: Visits, tmp_path: Path) -> None:
    documents = [
        _document("park", "2023-05-01", 12.0, "park", EVIL),
        _document("city", "2022-01-01", 13.0, "municipal", EVIL),
    ]
    made(tmp_path / "kb", *documents)
    visit.kb = tmp_path / "kb"
    page = visit("targets")
    shows_text_as_text(page)
    page = goes(page, visit, "script")
    shows_text_as_text(page)
    assert "&lt;script&gt;" in markup(page)


def test_a_collection_without_targets_says_so(visit: Visits, tmp_path: Path) -> None:
    made(tmp_path / "kb", policy("park", "园区方案", [Item("三.1", "节能", "推进节能。")]))
    assert "没有读出目标" in said(visit("targets", tmp_path / "kb"))


def test_what_is_shown_is_saved(knowledge_base: Path, found: tuple[Indicator, ...], visit: Visits) -> None:
    from pages import shared
    from pages.targets import _file

    visit.patch.setenv("POLICYTRACE_KB", str(knowledge_base))
    (one,) = (one for one in found if one.name == ENERGY)
    book = load_workbook(io.BytesIO(_file(shared.knowledge(), [one], f"指标：{ENERGY}", date(2025, 3, 1), "xlsx")))
    cells = [
        [str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None] for sheet in book.worksheets
    ]
    assert any("到 2025 年，规模以上工业增加值能耗较 2020 年下降 14%" in cell for cell in cells[0])
    assert not any("非化石能源" in cell for cell in cells[0])
    assert sum(cell == "严于上级" for cell in cells[1]) == 3 and f"筛选：指标：{ENERGY}" in cells[1]
    with KnowledgeBase.open(knowledge_base) as kb:
        told = json.loads(render_targets("json", kb, date(2025, 3, 1), rows=[], pairs=one.pairs)[0])
    assert len(told["compared"]) == len(one.pairs) and told["rows"] == []
