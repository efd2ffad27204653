"""承接缺口: what a person reads of a pair of documents, and what happens when they say that a task does not apply."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from index.knowledge_base import KnowledgeBase
from tests.kb_making import Item, made, policy
from tests.page_visiting import EVIL, Visits, addresses, links, markup, press, said, shows_text_as_text

UPPER, LOWER = "shanghai-industry-carbon-peak-2022", "scip-carbon-peak-2023"
PAIR = {"upper": UPPER, "lower": LOWER}


@pytest.fixture
def visit(knowledge_base: Path, monkeypatch: pytest.MonkeyPatch) -> Visits:
    return Visits(knowledge_base, monkeypatch)


@pytest.fixture
def kb(knowledge_base: Path, tmp_path: Path) -> Path:
    """One that may be changed."""
    shutil.copytree(knowledge_base, tmp_path / "kb")
    return tmp_path / "kb"


def states(kb: Path) -> dict[str, str]:
    from index.linking.coverage import gaps

    with KnowledgeBase.open(kb) as opened:
        return {row.upper.task: row.state for row in gaps(opened, UPPER, LOWER, opened.not_applicable(UPPER, LOWER))}


def shown(page: object) -> list[tuple[str, str]]:
    """State and id of each upper task that is shown."""
    found = re.findall(r"pt-state pt-(\w+).*?<b>(\S+?)　", markup(page))  # type: ignore[arg-type]
    assert found
    return found


def test_each_upper_task_has_its_state_in_words_and_shape(visit: Visits) -> None:
    page = visit("gaps", **PAIR)
    expected = states(visit.kb)
    assert [(state, task) for task, state in expected.items()][:12] == shown(page)
    drawn = markup(page)
    for state, word in (("covered", "已落实"), ("partial", "部分落实"), ("gap", "缺口"), ("not_applicable", "不适用")):
        number = sum(one == state for one in expected.values())
        assert f"{word} {number} 项" in drawn and f"pt-shape-{state}" in drawn
    assert any(target == f"trace?task={LOWER}#三.1" for _, target in links(page))


def test_without_an_address_the_usual_pair_is_shown_and_named_in_it(visit: Visits) -> None:
    page = visit("gaps")
    assert addresses(page) == PAIR


def test_the_holes_only(visit: Visits) -> None:
    expected = states(visit.kb)
    page = visit("gaps", **PAIR, state="gap")
    assert shown(page) == [("gap", task) for task, state in expected.items() if state == "gap"]
    page = visit("gaps", **PAIR, state="holes")
    holes = [(state, task) for task, state in expected.items() if state in ("gap", "partial")]
    assert shown(page) == holes[:12]
    assert shown(press(page, "再显示")) == holes


def test_clauses_say_which_lower_task_takes_them_up(visit: Visits) -> None:
    page = visit("gaps", **PAIR, state="partial")
    assert page.expander[0].label == "举措 9 条，5 条未见对应内容，2 条只有相近内容，须核对"
    drawn = markup(page)
    assert "<li class='pt-missing'><b>✗</b><span>围绕各区重大项目建设及重点产业布局</span></li>" in drawn
    assert re.search(r"<li class='pt-near'><b>≈</b><span>[^<]+<span class='pt-meta'>　相近：三.2", drawn)
    assert re.search(r"<li class='pt-taken'><b>✓</b><span>[^<]+<span class='pt-meta'>　由 三.2 承接", drawn)


def test_a_task_is_said_not_to_apply_and_that_is_taken_back(visit: Visits, kb: Path) -> None:
    page = visit("gaps", kb, **PAIR, state="gap")
    (_, task) = shown(page)[0]
    page = press(page, "标为不适用")
    assert task in said(page)
    page = press(page, "保存")
    assert "请写明理由" in page.error[0].value
    page.text_area[0].input("园区没有这类企业 <script>")
    page = press(page, "保存")
    assert task not in [one for _, one in shown(page)]
    assert states(kb)[task] == "not_applicable"
    page = visit("gaps", kb, **PAIR, state="not_applicable")
    assert "人工认定不适用：园区没有这类企业 &lt;script&gt;" in markup(page)
    with KnowledgeBase.open(kb) as opened:
        (decision,) = opened.history()
    assert (decision.who, decision.verdict, decision.subject.item) == ("张三", "not_applicable", task)
    page = press(press(page, "撤销认定"), "撤销", -1)
    assert states(kb)[task] == "gap"
    assert task not in [one for _, one in shown(page)]


def test_an_inferred_not_applicable_can_be_said_to_apply(visit: Visits, kb: Path) -> None:
    before = states(kb)
    page = visit("gaps", kb, **PAIR, state="not_applicable")
    (_, task) = shown(page)[0]
    press(press(page, "改为适用"), "保存")
    assert before[task] == "not_applicable" and states(kb)[task] == "gap"


def test_a_decision_that_cannot_be_stored_is_told(visit: Visits, kb: Path) -> None:
    page = press(visit("gaps", kb, **PAIR, state="gap"), "标为不适用")
    page.text_area[0].input("理由")
    page.text_input[0].input("  ")
    page = press(page, "保存")
    assert "没有写明是谁" in page.error[0].value
    with KnowledgeBase.open(kb) as opened:
        assert opened.history() == ()


def test_the_same_document_twice(visit: Visits) -> None:
    assert "同一份" in said(visit("gaps", upper=UPPER, lower=UPPER))


def test_a_pair_the_wrong_way_round_says_so(visit: Visits) -> None:
    page = visit("gaps", upper=LOWER, lower=UPPER)
    assert "不表示落实关系" in said(page) and shown(page)


def test_a_pair_of_different_places_says_so(visit: Visits, tmp_path: Path) -> None:
    items = [Item("三.1", "推进岸电建设", "推进港口岸电设施改造，靠泊船舶使用岸电。")]
    above = policy("province", "江苏省岸电实施方案", items, level="provincial", date="2020-01-01")
    made(tmp_path / "kb", policy("park", "上海化学工业区岸电实施方案", items), above)
    page = visit("gaps", tmp_path / "kb", upper="province", lower="park")
    assert "两份文件不属同一地方（江苏省、上海市）" in said(page)
    assert shown(page) == [("covered", "三.1")]


@pytest.mark.parametrize("address", [{"upper": "no-such"}, {"lower": EVIL}, {"state": "<b>"}])
def test_an_address_with_nonsense_is_answered(visit: Visits, address: dict[str, str]) -> None:
    page = visit("gaps", **address)
    assert not page.error and page.title[0].value == "承接缺口"
    shows_text_as_text(page)


def test_text_of_a_document_is_shown_as_text(visit: Visits, tmp_path: Path) -> None:
    items = [
        Item("三.1", EVIL, f"推进节能。{EVIL}", ((EVIL[:40], "牵头"),), ("promote",)),
        Item("三.2", "节能", "长" * 10_000),
    ]
    above = policy("city", EVIL, items, level="municipal", date="2020-01-01")
    made(tmp_path / "kb", policy("park", f"{EVIL}2", items), above)
    page = visit("gaps", tmp_path / "kb", upper="city", lower="park")
    shows_text_as_text(page)
    assert "&lt;script&gt;" in markup(page)


def test_one_document_is_no_pair(visit: Visits, tmp_path: Path) -> None:
    made(tmp_path / "kb", policy("park", "园区方案", [Item("三.1", "节能", "推进节能。")]))
    page = visit("gaps", tmp_path / "kb")
    assert "请选择上级文件和下级文件" in said(page)
