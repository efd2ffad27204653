"""The page for review, driven as a person would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from index.deciding import history
from index.deciding.verdicts import subject, wish
from index.knowledge_base import KnowledgeBase
from tests.kb_making import Item, made, policy

PAGE = Path(__file__).parent.parent / "pages" / "review.py"
TEXT = "推进节能降碳，开展能效诊断。<script>alert(1)</script>"
PARK = [Item("三.1", "推进节能", TEXT, (("无名办", "牵头"),)), Item("三.2", "发展氢能", "发展氢能。")]


def document(items: list[Item]) -> Any:
    return policy("park-2023", "化工区方案", items)


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    made(tmp_path / "kb", document(PARK))
    return tmp_path / "kb"


@pytest.fixture
def visit(kb: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], AppTest]:
    def visit() -> AppTest:
        monkeypatch.setenv("POLICYTRACE_KB", str(kb))
        monkeypatch.setenv("POLICYTRACE_WHO", "张三")
        page = AppTest.from_file(str(PAGE), default_timeout=60).run()
        assert not page.exception
        return page

    return visit


def confirm(kb: Path, ref: str, who: str = "张三", verdict: Any = "confirm") -> None:
    with KnowledgeBase.open(kb) as opened:
        said = wish(opened, verdict, subject(opened, ref))
        history.decide(kb, who, said, generation=opened.generation)


def press(page: AppTest, label: str) -> AppTest:
    page = next(one for one in page.button if one.label == label).click().run()
    assert not page.exception
    return page


def standings(kb: Path) -> dict[str, tuple[str, str, bool]]:
    with KnowledgeBase.open(kb) as opened:
        return {str(one.subject): (one.state, one.who, one.again) for one in opened.standings.values()}


def markup(page: AppTest) -> str:
    return "\n".join(one.proto.body for one in page.get("html") if "<style>" not in one.proto.body)


def test_a_question_is_answered_with_a_click(kb: Path, visit: Callable[[], AppTest]) -> None:
    page = visit()
    assert page.title[0].value == "人工复核"
    assert "无名办" in page.markdown[0].value
    assert "&lt;script&gt;" in markup(page) and "<script>" not in markup(page)
    page = press(page, "不必登记")
    assert standings(kb) == {"部门:无名办": ("confirmed", "张三", False)}
    assert "已记录" in page.toast[0].value
    assert "没有待复核的事项" in page.success[0].value


def test_who_decides_is_asked_and_remembered(kb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICYTRACE_KB", str(kb))
    monkeypatch.delenv("POLICYTRACE_WHO", raising=False)
    page = AppTest.from_file(str(PAGE), default_timeout=60).run()
    assert page.text_input[0].value == "" and "姓名" in page.info[0].value
    assert all(one.disabled for one in page.button if one.label == "不必登记")
    page.text_input[0].input("王五").run()
    assert "王五" in page.query_params["who"]
    press(page, "不必登记")
    assert standings(kb) == {"部门:无名办": ("confirmed", "王五", False)}


def test_a_new_department_is_registered_on_the_page(kb: Path, visit: Callable[[], AppTest]) -> None:
    page = visit()
    next(one for one in page.text_input if one.label == "全称").input("化工区无名办公室").run()
    next(one for one in page.selectbox if one.label == "层级").set_value("park").run()
    page = press(page, "登记")
    assert standings(kb) == {"登记:化工区无名办公室": ("added", "张三", False)}
    assert "没有待复核的事项" in page.success[0].value
    page = press(page, "撤销上一个决定")
    assert standings(kb) == {} and "无名办" in page.markdown[0].value


def test_a_name_is_identified_on_the_page(kb: Path, visit: Callable[[], AppTest]) -> None:
    page = visit()
    next(one for one in page.selectbox if one.label == "它就是").set_value("scip-environment").run()
    press(page, "就是它")
    assert standings(kb) == {"部门:无名办": ("corrected", "张三", False)}


def test_a_decision_without_record_is_put_on_another_or_given_up(kb: Path, visit: Callable[[], AppTest]) -> None:
    confirm(kb, "park-2023#三.2")
    made(kb, document([PARK[0]]))
    page = visit()
    assert "原处已无此条" in page.markdown[0].value and "发展氢能。" in markup(page)
    next(one for one in page.selectbox if one.label == "改挂到").set_value("park-2023#三.1").run()
    page = press(page, "改挂到这一条")
    assert standings(kb) == {"park-2023#三.1": ("confirmed", "张三", False)}
    page = press(page, "撤销上一个决定")
    assert "原处已无此条" in page.markdown[0].value
    press(page, "不再需要这些决定")
    assert standings(kb) == {}


def test_what_is_skipped_stays_open(kb: Path, visit: Callable[[], AppTest]) -> None:
    page = press(visit(), "跳过")
    assert standings(kb) == {}
    assert "1 项你已跳过" in page.success[0].value
    assert "无名办" in press(page, "重新看跳过的").markdown[0].value


def test_a_changed_text_comes_first_and_is_settled(kb: Path, visit: Callable[[], AppTest]) -> None:
    confirm(kb, "park-2023#三.2")
    made(kb, document([PARK[0], Item("三.2", "发展氢能", "发展氢能，建设加氢站。")]))
    page = visit()
    assert "待复核" in page.markdown[0].value
    press(page, "确认")
    assert standings(kb)["park-2023#三.2"] == ("confirmed", "张三", False)


def test_the_earlier_person_is_told(kb: Path, visit: Callable[[], AppTest]) -> None:
    confirm(kb, "park-2023#三.2")
    confirm(kb, "park-2023#三.2", "李四", "reject")
    page = visit()
    assert "李四" in page.warning[0].value and "取代了你的决定" in page.warning[0].value
    assert not page.run().warning


def test_history_is_shown_and_undone(kb: Path, visit: Callable[[], AppTest]) -> None:
    confirm(kb, "park-2023#三.2")
    page = visit()
    page.session_state["pt_view"] = "history"
    page.run()
    assert list(page.dataframe[0].value["谁"]) == ["张三"]
    box = next(one for one in page.selectbox if one.label == "撤销")
    box.select_index(0).run()
    press(page, "撤销这个决定")
    assert standings(kb) == {}


def test_versions_are_shown_clause_by_clause(kb: Path, visit: Callable[[], AppTest]) -> None:
    made(kb, document([Item("三.2", "发展氢能", "发展氢能。建设加氢站。")]))
    page = visit()
    page.session_state["pt_view"] = "versions"
    page.run()
    next(one for one in page.selectbox if one.label == "文件").select_index(0).run()
    assert not page.exception
    assert "＋ 建设加氢站。" in markup(page) and "删去" in markup(page)
