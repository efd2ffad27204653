"""What people decide is found, and shown, by the very next search; and a build changes nothing of it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.deciding import history
from index.deciding.verdicts import added_task, subject, wish
from index.knowledge_base import KnowledgeBase
from index.searching.search import SearchResult, search
from index.store import reading
from schemas import Decision, Wish
from tests.decision_making import CITY, PARK, decide, undo
from tests.kb_making import Item, made, policy

OPEN = policy(
    "open-2023",
    "另一方案",
    [
        Item("三.1", "建设管廊", "建设公共管廊20公里，推广CCUS。", (("应急处", "牵头"), ("经发处", "配合"))),
        Item("三.2", "安全巡查", "开展安全巡查。", (("应急处", "责任部门"),)),
    ],
)


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    made(tmp_path / "kb", PARK, CITY, OPEN)
    return tmp_path / "kb"


def refs(found: SearchResult) -> list[str]:
    return [hit.ref for hit in found.hits]


def answers(kb: Path) -> dict[str, Any]:
    """Everything that a search says, but for scores, marks (new words are cut only by a build) and the generation."""
    queries: list[tuple[str, dict[str, Any]]] = [
        ("", {}),
        ("节能", {}),
        ("水母计划", {}),
        ("推进节能", {}),
        ("氢", {}),
        ("“水母计划”", {"level": "park"}),
        ("管廊 20", {}),
        ("", {"department": "环保办"}),
        ("", {"department": "环保办", "role": "牵头"}),
        ("", {"department": "经发处"}),
        ("", {"role": "牵头"}),
        ("", {"year": "2030"}),
        ("", {"level": "municipal"}),
        ("", {"doc": "park-2023"}),
        ("", {"section": "三"}),
        ("", {"kind": "safeguard"}),
    ]
    found = {}
    for query, filters in queries:
        result = search(kb, query, **filters)
        hits = sorted((hit._replace(score=0.0, highlights=()) for hit in result.hits), key=lambda hit: hit.ref)
        found[f"{query} {filters}"] = (result.total, result.facets, result.note if filters else "", hits)
    return found


def test_a_corrected_title_text_and_department(kb: Path) -> None:
    before = answers(kb)
    bodies = [{"name": "环保办", "role": "牵头", "effective_role": "lead", "canonical": "scip-environment"}]
    made_of = [
        decide(kb, "correct", "park-2023#三.1", field="title", after="水母计划"),
        decide(kb, "correct", "park-2023#三.1", field="text", after="养殖海月水母2000吨。"),
        decide(kb, "correct", "park-2023#三.1", field="departments", after=bodies),
    ]
    assert refs(search(kb, "水母")) == ["park-2023#三.1"]
    assert search(kb, "水母").hits[0].highlights[0].text.startswith("水母")
    assert refs(search(kb, "2000吨")) == ["park-2023#三.1"] and not search(kb, '"200"').total
    assert "park-2023#三.1" not in refs(search(kb, "能效诊断"))
    assert refs(search(kb, department="环境保护办公室", role="牵头", doc="park-2023")) == ["park-2023#三.1"]
    assert not search(kb, department="经发处", doc="park-2023").total
    assert search(kb, doc="park-2023").facets["department"] == {"上海化学工业区管理委员会环境保护办公室": 1}
    at_once = answers(kb)
    made(kb)
    assert answers(kb) == at_once
    with reading(kb) as raw:
        assert raw.execute("SELECT count(*) FROM overlay").fetchone() == (0,)
    for one in reversed(made_of):
        undo(kb, one)
    assert answers(kb) == before


def test_an_added_task_comes_and_goes(kb: Path) -> None:
    with KnowledgeBase.open(kb) as opened:
        said = added_task(opened, "park-2023", "水母计划", "养殖海月水母。", "牵头：环保办")
    one = history.decide(kb, "张三", said)[0].decision
    (hit,) = search(kb, "海月水母").hits
    assert (hit.state, hit.title, hit.document) == ("added", "水母计划", "化工区方案")
    assert refs(search(kb, doc="park-2023"))[-1] == hit.ref and search(kb, department="环保办").total == 1
    at_once = answers(kb)
    made(kb)
    assert answers(kb) == at_once
    undo(kb, one)
    assert not search(kb, "海月水母").total and search(kb, doc="park-2023").total == 2


def test_a_rejected_task_is_found_with_its_sign_and_one_rejected_in_another_order(kb: Path) -> None:
    decide(kb, "correct", "park-2023#三.2", field="title", after="水母计划")
    decide(kb, "reject", "park-2023#三.2")
    assert [(hit.ref, hit.state) for hit in search(kb, "水母").hits] == [("park-2023#三.2", "rejected")]


def test_a_corrected_target_and_document(kb: Path) -> None:
    decide(kb, "correct", "park-2023@t1", field="target_year", after=2030)
    assert refs(search(kb, year=2030)) == ["park-2023#三.1"] and not search(kb, year=2025).total
    decide(kb, "correct", "city-2022", field="level", after="district")
    assert refs(search(kb, level="区县")) == ["city-2022#三.1", "city-2022#三.2"]
    assert not search(kb, level="市级").total


def test_a_printed_name_that_a_person_identifies(kb: Path) -> None:
    before = answers(kb)
    one = decide(kb, "correct", "部门:应急处", field="canonical", after="scip-environment")
    assert refs(search(kb, department="环保办")) == ["open-2023#三.1", "open-2023#三.2"]
    assert refs(search(kb, department="上海化学工业区管理委员会环境保护办公室", role="牵头")) == ["open-2023#三.1"]
    assert search(kb, "管廊").facets["department"]["上海化学工业区管理委员会环境保护办公室"] == 1
    assert search(kb, "管廊").hits[0].departments[0]["canonical"] == "scip-environment"
    at_once = answers(kb)
    made(kb)
    assert answers(kb) == at_once
    undo(kb, one)  # after a build as before one
    assert answers(kb) == before


WORD = st.text("管廊公推广ccus20１Ｃ 、，", max_size=6)


@given(WORD)
@settings(deadline=None, max_examples=60)
def test_a_changed_task_is_read_as_the_index_reads_it(twins: Path, query: str) -> None:
    """The same text, once in the index and once as a decision, answers alike."""
    found = search(twins, query)
    indexed, said = ({hit.ref[-1:] for hit in found.hits if hit.doc == doc} for doc in ("open-2023", "twin"))
    assert indexed == said


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    kb = tmp_path_factory.mktemp("twins") / "kb"
    other = policy("twin", "另一方案", [Item("三.1", "甲", "乙"), Item("三.2", "丙", "丁")])
    made(kb, OPEN, other)
    for task in OPEN.tasks:
        for field in ("title", "text"):
            decide(kb, "correct", f"twin#{task.id}", field=field, after=getattr(task, field))
    return kb


def test_many_changed_tasks_cost_a_search_little(tmp_path: Path) -> None:
    items = [Item(f"三.{n}", f"任务{n}", f"推进节能降碳第{n}项，开展能效诊断。" * 5) for n in range(1, 301)]
    made(tmp_path / "kb", policy("park-2023", "化工区方案", items))
    with KnowledgeBase.open(tmp_path / "kb") as opened:
        wishes: list[Wish] = [
            wish(opened, "correct", subject(opened, f"park-2023#三.{n}"), "title", f"水母{n}") for n in range(1, 301)
        ]
    done: list[Decision] = [one.decision for one in history.decide(tmp_path / "kb", "甲", *wishes)]
    assert len(done) == 300
    search(tmp_path / "kb", "水母")
    started = time.perf_counter()
    assert search(tmp_path / "kb", "水母 节能").total == 300
    assert time.perf_counter() - started < 1
