"""A task that people changed shows its links at once, as the next build will store them; all others keep theirs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli import main
from index import views
from index.build import build
from index.deciding import history
from index.deciding.verdicts import added_task, subject, wish
from index.knowledge_base import KnowledgeBase
from index.linking import candidates
from index.snapshot import Snapshot
from index.store import reading
from schemas import Decision, Link, Policy, PolicyError, TaskRef
from tests.decision_making import decide, undo
from tests.kb_making import made
from tests.policies import policy, target

THINGS = ("岸电设施", "滨海湿地", "氢能重卡", "余热管网", "雨水花园", "光伏车棚")
WORDS = st.sampled_from([*(f"推进{thing}建设" for thing in THINGS), "养殖水母", "关停燃煤锅炉", "。", "的"])
PARK, CITY = "scip-carbon-peak-2023", "shanghai-industry-carbon-peak-2022"


def document(slug: str, level: Any, things: tuple[str, ...], **more: Any) -> Policy:
    tasks = [
        (f"推进{thing}建设", f"在片区新建{thing}，{slug}负责验收，当年节能百分之{len(thing)}。") for thing in things
    ]
    return policy(slug, level, tasks, title=f"{slug}方案", **more)


DOCUMENTS = (
    document("nation", "national", THINGS, date="2020-01-01"),
    document("city", "municipal", THINGS[1:], targets=[target("节能率", 5, task="一.1")]),
    document("park", "park", THINGS[:4], date="2023-01-01", targets=[target("节能率", 5, task="一.2")]),
)


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    made(tmp_path / "kb", *DOCUMENTS)
    return tmp_path / "kb"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read only."""
    kb = tmp_path_factory.mktemp("relinking") / "kb"
    made(kb, *DOCUMENTS)
    return kb


def anew(kb: Path) -> dict[str, list[Link] | None]:
    """The links of all tasks that are found now, by task; None where those that are stored hold."""
    with KnowledgeBase.open(kb) as held:
        refs = [TaskRef(doc=one.slug, task=task.id) for one in held.policies() for task in one.tasks]
        found = {str(ref): held.relinked(ref) for ref in refs}
        snapshot = Snapshot(kb)
        assert {str(ref): snapshot.relinked(ref) for ref in refs} == found
        assert {ref for ref, links in found.items() if links is not None} == {
            f"{one.slug}#{item}" for one in held.policies() for item in held.altered(one.slug) if one.task(item)
        }
    return {ref: None if links is None else ordered(links) for ref, links in found.items()}


def ordered(links: Any) -> list[Link]:
    return sorted(links, key=lambda link: (str(link.lower), str(link.upper)))


def stored(kb: Path, ref: str) -> list[Link]:
    """What a knowledge base shows where nothing waits for a build."""
    with KnowledgeBase.open(kb) as held:
        return ordered(link for link in held.links() if ref in (str(link.lower), str(link.upper)))


def traced(kb: Path, ref: str) -> views.Trace:
    with KnowledgeBase.open(kb) as held:
        return views.trace(held, ref, doubtful=True)


def renewed(kb: Path) -> set[str]:
    return {ref for ref, links in anew(kb).items() if links is not None}


def is_what_a_build_stores(kb: Path) -> int:
    """Checks it for every task that waits; gives their number."""
    now = {ref: links for ref, links in anew(kb).items() if links is not None}
    made(kb)
    assert now == {ref: stored(kb, ref) for ref in now}
    assert not renewed(kb)
    return len(now)


def test_a_corrected_title_is_linked_at_once_as_a_build_does(kb: Path) -> None:
    before = stored(kb, "park#一.1")
    decide(kb, "correct", "park#一.1", field="title", after="推进光伏车棚建设")
    decide(kb, "correct", "park#一.1", field="text", after="新建光伏车棚，负责验收。")
    trace = traced(kb, "park#一.1")
    assert {step.task.title for step in trace.up if step.grade == 3} == {"推进光伏车棚建设"}
    assert "更正" in trace.relinked and all(not step.outdated for step in trace.up)
    assert stored(kb, "park#一.1") == before  # nothing is written
    assert renewed(kb) == {"park#一.1"}
    assert is_what_a_build_stores(kb) == 1
    assert stored(kb, "park#一.1") != before and not traced(kb, "park#一.1").relinked


@st.composite
def wishes(draw: st.DrawFn) -> list[tuple[str, str, str, Any]]:
    """Decisions: what kind, on which record, of which field, to what."""
    refs = [f"{one.slug}#{task.id}" for one in DOCUMENTS for task in one.tasks]
    bodies = [{"name": "经发处", "role": "牵头", "effective_role": "lead", "canonical": None}]
    on_tasks = st.one_of(
        st.tuples(st.just("correct"), st.sampled_from(refs), st.sampled_from(["title", "text"]), WORDS),
        st.tuples(st.just("correct"), st.sampled_from(refs), st.just("kind"), st.sampled_from(["goals", "safeguard"])),
        st.tuples(st.just("correct"), st.sampled_from(refs), st.just("departments"), st.just(bodies)),
        st.tuples(st.just("reject"), st.sampled_from(refs), st.just(""), st.none()),
        st.tuples(st.just("add"), st.sampled_from(["nation", "city", "park"]), st.just(""), WORDS),
    )
    on_documents = st.one_of(
        st.tuples(st.just("correct"), st.sampled_from(["city@t1", "park@t1"]), st.just("value"), st.just(8)),
        st.tuples(st.just("correct"), st.just("city"), st.just("level"), st.sampled_from(["district", "park"])),
        st.tuples(st.just("correct"), st.just("park"), st.just("date"), st.just("2019-01-01")),
    )
    return draw(st.lists(st.one_of(on_tasks, on_tasks, on_documents), min_size=1, max_size=4))


def said(kb: Path, verdict: Any, ref: str, field: str, value: Any) -> Decision:
    with KnowledgeBase.open(kb) as held:
        wanted = (
            added_task(held, ref, "", value, "")
            if verdict == "add"
            else wish(held, verdict, subject(held, ref), field, value)
        )
        return history.decide(kb, "张三", wanted, generation=held.generation)[0].decision


@settings(max_examples=12, deadline=None)
@given(asked=wishes())
def test_whatever_was_decided_the_links_are_those_of_the_next_build(
    whole: Path, tmp_path_factory: pytest.TempPathFactory, asked: list[tuple[str, str, str, Any]]
) -> None:
    kb = Path(shutil.copytree(whole, tmp_path_factory.mktemp("decided") / "kb"))
    for one in asked:
        try:
            said(kb, *one)
        except PolicyError:  # an empty text
            continue
    with KnowledgeBase.open(kb) as held:
        for policy in held.policies():
            for task in policy.tasks:
                views.trace(held, f"{policy.slug}#{task.id}", doubtful=True)
    is_what_a_build_stores(kb)


def test_of_the_bundled_documents_too_with_evidence(knowledge_base: Path, tmp_path: Path) -> None:
    kb = Path(shutil.copytree(knowledge_base, tmp_path / "kb"))
    decide(kb, "correct", f"{PARK}#五.2", field="title", after="推进园区氢能利用")
    decide(kb, "correct", f"{CITY}#三.二", field="text", after="推广氢能利用，建设加氢站。")
    assert renewed(kb) == {f"{PARK}#五.2", f"{CITY}#三.二"}
    now = anew(kb)
    build(kb, jobs=1)
    for ref in (f"{PARK}#五.2", f"{CITY}#三.二"):
        assert now[ref] == stored(kb, ref) and any(link.evidence.fragments for link in now[ref] or ())


def test_what_linking_does_not_read_changes_nothing(kb: Path) -> None:
    decide(kb, "correct", "park#一.1", field="deadline", after="2030年")
    decide(kb, "correct", "park#一.2", field="remark", after="已办")
    decide(kb, "confirm", "park#一.3")
    one = decide(kb, "correct", "park#一.4", field="title", after="养殖水母")
    assert renewed(kb) == {"park#一.4"}
    undo(kb, one)
    assert not renewed(kb) and not traced(kb, "park#一.1").relinked


def test_other_tasks_keep_their_links_and_say_what_waits(kb: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = traced(kb, "city#一.1")
    decide(kb, "correct", "park#一.2", field="title", after="养殖水母")
    decide(kb, "correct", "park#一.2", field="text", after="养殖水母。")
    assert not [step for step in traced(kb, "park#一.2").up if step.grade > 1]
    trace = traced(kb, "city#一.1")
    assert [(step.lower, step.score) for step in trace.down] == [(step.lower, step.score) for step in before.down]
    assert {str(step.lower) for step in trace.down if step.outdated} == {"park#一.2"} and not trace.relinked
    for command in (["links", "--lower", "park"], ["gaps", "--upper", "city", "--lower", "park"]):
        assert main([*command, "--json", "--kb", str(kb)]) == 0
        told = capsys.readouterr()
        assert "有 1 项任务在建库以后更正过" in told.err and isinstance(json.loads(told.out), list)
    assert main(["links", "--lower", "city", "--kb", str(kb)]) == 0
    assert "更正过" not in capsys.readouterr().err
    assert main(["trace", "city#一.1", "--doubtful", "--all", "--kb", str(kb)]) == 0
    assert "关联待更新" in capsys.readouterr().out
    assert main(["trace", "park#一.2", "--kb", str(kb)]) == 0
    assert "这项任务在建库以后更正过" in capsys.readouterr().out


def test_what_people_said_of_links_holds_of_new_ones(kb: Path) -> None:
    decide(kb, "confirm", "park#一.1", upper="nation#一.1", why="看过")
    decide(kb, "correct", "park#一.1", field="title", after="推进氢能重卡建设")
    new = next(str(step.upper) for step in traced(kb, "park#一.1").up if step.task.title == "推进氢能重卡建设")
    decide(kb, "confirm", "park#一.1", upper=new)
    states = {str(step.upper): step.state for step in traced(kb, "park#一.1").up}
    assert states["nation#一.1"] == states[new] == "confirmed"
    decide(kb, "reject", "park#一.1", upper=new)
    assert new not in {str(step.upper) for step in traced(kb, "park#一.1").up}
    assert is_what_a_build_stores(kb) == 1


def test_a_rejected_task_has_none(kb: Path) -> None:
    decide(kb, "correct", "park#一.1", field="title", after="推进光伏车棚建设")
    decide(kb, "reject", "park#一.1")
    trace = traced(kb, "park#一.1")
    assert (trace.up, trace.down) == ((), ())
    assert is_what_a_build_stores(kb) == 1


def test_goals_no_words_and_a_document_alone(kb: Path, tmp_path: Path) -> None:
    decide(kb, "correct", "park#一.1", field="kind", after="goals")
    decide(kb, "correct", "park#一.2", field="title", after=None)
    decide(kb, "correct", "park#一.2", field="text", after="。")
    assert "目标类条目" in traced(kb, "park#一.1").note and traced(kb, "park#一.1").up == ()
    assert traced(kb, "park#一.2").up == ()
    made(tmp_path / "alone" / "kb", DOCUMENTS[2])
    decide(tmp_path / "alone" / "kb", "correct", "park#一.1", field="title", after="养殖水母")
    trace = traced(tmp_path / "alone" / "kb", "park#一.1")
    assert "只有这一份文件" in trace.note and trace.relinked


def test_an_added_task_is_linked_and_one_taken_back_is_nowhere(kb: Path) -> None:
    with KnowledgeBase.open(kb) as held:
        wanted = added_task(held, "park", "推进光伏车棚建设", "新建光伏车棚。", "")
    one = history.decide(kb, "张三", wanted)[0].decision
    assert {step.task.title for step in traced(kb, str(one.subject)).up if step.grade == 3} == {"推进光伏车棚建设"}
    assert is_what_a_build_stores(kb) == 1
    undo(kb, one)
    linked = [str(link.lower) for link in stored(kb, "nation#一.6")]
    assert str(one.subject) not in linked
    snapshot = Snapshot(kb)
    assert [str(link.lower) for link in snapshot.links(upper="nation") if str(link.upper) == "nation#一.6"] == linked
    assert str(one.subject) not in {edge.lower for edge in snapshot.edges()}
    assert str(one.subject) not in {str(step.lower) for step in traced(kb, "nation#一.6").down}


def test_a_past_day_shows_the_links_of_that_day(kb: Path) -> None:
    one = decide(kb, "correct", "park#一.1", field="title", after="推进光伏车棚建设")
    made(kb)
    with KnowledgeBase.open(kb, "2000-01-01") as then:
        found = then.relinked(TaskRef(doc="park", task="一.1"))
    undo(kb, one)
    assert ordered(found) == anew(kb)["park#一.1"]


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if a knowledge base of more than one document were large."""
    monkeypatch.setattr(candidates, "FEW", 1)
    yield


def test_among_many_documents_the_index_is_asked_for_the_nearest(kb: Path, many: None) -> None:
    made(kb, document("other", "municipal", ("燃煤锅炉", "水母养殖")))
    decide(kb, "correct", "park#一.1", field="title", after="推进水母养殖建设")
    decide(kb, "correct", "park#一.1", field="text", after="新建水母养殖，负责验收。")
    found = {str(link.upper): link.grade for link in anew(kb)["park#一.1"] or ()}
    assert found["other#一.2"] == 3
    decide(kb, "correct", "park#一.1", field="text", after="。")
    decide(kb, "correct", "park#一.1", field="title", after=None)
    assert not [link for link in anew(kb)["park#一.1"] or () if link.grade > 1]


def test_without_an_index_few_documents_are_linked_all_the_same(kb: Path) -> None:
    decide(kb, "correct", "park#一.1", field="title", after="推进光伏车棚建设")
    shutil.rmtree(kb / "index")
    assert {step.task.title for step in traced(kb, "park#一.1").up if step.grade == 3} >= {"推进光伏车棚建设"}


def test_nothing_is_written_by_reading(kb: Path) -> None:
    def whole() -> list[str]:
        with reading(kb) as database:
            return list(database.iterdump())

    decide(kb, "correct", "park#一.1", field="title", after="推进光伏车棚建设")
    before = whole()
    assert traced(kb, "park#一.1").relinked and whole() == before
