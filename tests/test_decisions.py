"""What decisions amount to: the pure functions, against a simple model; and the store that keeps the history."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import MetaData

from index import store
from index.deciding import history
from index.deciding.decisions import Placed, as_of, lay_over, resolve
from index.deciding.exchange import export, import_file
from index.deciding.tables import METADATA, over
from index.deciding.verdicts import added_task, coverage, value_of, wish
from index.knowledge_base import KnowledgeBase
from index.searching.search import search
from schemas import Decision, NotFound, PolicyError, Standing, Wish
from tests.decision_making import CITY, ONE, PARK, decide, task, undo
from tests.kb_making import made


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    made(tmp_path / "kb", PARK, CITY)
    return tmp_path / "kb"


# --- the pure functions, against a model -----------------------------------------------------------------------------

FIELDS = ("title", "deadline", "remark")
STEP = st.one_of(
    st.tuples(st.just("correct"), st.sampled_from(FIELDS), st.text("甲乙", max_size=2)),
    st.tuples(st.sampled_from(["confirm", "reject", "not_applicable", "move", "remove"]), st.just(""), st.just("")),
    st.tuples(st.just("add"), st.just(""), st.fixed_dictionaries({"title": st.text("甲乙", max_size=2)})),
    st.tuples(st.just("undo"), st.just(""), st.integers(0, 30)),
)


def decisions(steps: list[tuple[str, str, Any]]) -> list[Decision]:
    """Steps as a history; an undo takes back any earlier entry, undos included."""
    found: list[Decision] = []
    for number, (verdict, field, value) in enumerate(steps):
        if verdict == "undo" and not found:
            continue
        undoes = found[value % len(found)].id if verdict == "undo" else None
        found.append(
            Decision(
                id=f"d{number}",
                at=f"2025-01-{number + 1:02}T00:00:00",
                who="甲",
                verdict=verdict,  # type: ignore[arg-type]
                subject=ONE,
                field=field,
                after=None if undoes else value,
                undoes=undoes,
            )
        )
    return found


def model(found: list[Decision]) -> tuple[str, dict[str, Any]]:
    """The state and fields by the plainest way: what counts is what no counting entry takes back."""

    def counts(one: Decision) -> bool:
        return not any(other.undoes == one.id and counts(other) for other in found)

    fields: dict[str, Any] = {}
    said = [one for one in found if one.verdict not in ("undo", "move", "remove") and counts(one)]
    for one in said:
        if one.verdict == "correct":
            fields[one.field] = one.after
        elif one.verdict == "add":
            fields |= dict(one.after)  # type: ignore[arg-type]
    verdicts = [one.verdict for one in said]
    if not verdicts:
        return "extracted", {}
    if verdicts[-1] == "reject":
        return "rejected", fields
    changed = "correct" in verdicts or "not_applicable" in verdicts
    return "added" if "add" in verdicts else "corrected" if changed else "confirmed", fields


def plain(one: Standing | None) -> tuple[str, dict[str, Any]]:
    return (one.state, one.fields) if one else ("extracted", {})


@given(st.lists(STEP, max_size=20))
@settings(deadline=None)
def test_any_sequence_gives_the_state_of_the_model(steps: list[tuple[str, str, Any]]) -> None:
    found = decisions(steps)
    assert plain(resolve(ONE, [Placed(one) for one in found])) == model(found)
    for day in range(1, len(found), 3):
        moment = f"2025-01-{day:02}"
        past = as_of(found, moment)
        assert past == [one for one in found if one.at[:10] <= moment]
        assert plain(resolve(ONE, [Placed(one) for one in past])) == model(past)


@given(st.lists(STEP, max_size=12))
@settings(deadline=None, max_examples=15)
def test_the_store_gives_the_state_of_the_model(tmp_path_factory: pytest.TempPathFactory, steps: list[Any]) -> None:
    kb = _pattern(tmp_path_factory)
    kept: list[Decision] = []
    # Documents are removed and brought back by `index.removal`, which has its own tests: here an undo of one is refused.
    found = decisions([step for step in steps if step[0] != "remove"])
    places = {one.id: place for place, one in enumerate(found)}
    for one in found:
        undoes = kept[places[one.undoes]].id if one.undoes else None
        said = Wish(verdict=one.verdict, subject=ONE, field=one.field, after=one.after, undoes=undoes)
        kept.append(history.decide(kb, "甲", said)[0].decision)
    with KnowledgeBase.open(kb) as opened:
        assert plain(opened.standings.get(ONE)) == model(kept)
        assert list(opened.history()) == kept
        assert opened.standings == history.resolve_all(history.placed_history(opened.sql))


def _pattern(factory: pytest.TempPathFactory) -> Path:
    kb = factory.mktemp("model") / "kb"
    with store.writing(kb) as database:
        database.execute("INSERT INTO live VALUES (1, 'none', '')")
    return kb


def test_to_see_again_is_what_nobody_has_seen_since_the_text_changed() -> None:
    def of(*said: tuple[str, str, bool]) -> bool:
        made_of = decisions([(verdict, field, "甲") for verdict, field, _ in said])
        one = resolve(ONE, [Placed(d, fresh) for d, (_, _, fresh) in zip(made_of, said, strict=True)])
        return bool(one and one.again)

    assert not of(("confirm", "", True))
    assert of(("confirm", "", False))
    assert not of(("confirm", "", False), ("confirm", "", True))
    assert of(("correct", "title", False), ("correct", "deadline", True))
    assert not of(("correct", "title", False), ("correct", "title", True))
    assert not of(("correct", "title", False), ("confirm", "", True))


def test_a_value_that_no_longer_fits_leaves_the_record_and_is_seen_again() -> None:
    one = Standing(
        subject=ONE, state="corrected", fields={"kind": "no kind"}, verdict="correct", who="甲", at="2025", decision="d"
    )
    laid = lay_over(PARK, {ONE: one}).tasks[0]
    assert (laid.kind, laid.state, laid.again) == ("task", "corrected", True)


# --- the store -------------------------------------------------------------------------------------------------------


class TestHistory:
    def test_tables_are_those_of_the_migrations(self, kb: Path) -> None:
        with store.deciding(kb) as raw:
            found = MetaData()
            found.reflect(over(raw), only=list(METADATA.tables))
        for name, table in METADATA.tables.items():
            assert [c.name for c in found.tables[name].c] == [c.name for c in table.c]

    def test_only_grows(self, kb: Path) -> None:
        decide(kb, "confirm", "park-2023#三.1")
        with store.deciding(kb) as raw:
            for statement in ("DELETE FROM decisions", "UPDATE decisions SET who = 'x'"):
                with pytest.raises(sqlite3.IntegrityError, match="never"):
                    raw.execute(statement)

    def test_a_correction_shows_everywhere_and_is_undone(self, kb: Path) -> None:
        bodies = value_of("departments", "牵头：环保办；配合：经发处")
        one = decide(kb, "correct", "park-2023#三.1", field="departments", after=bodies, why="领导批示")
        assert [(b.name, b.effective_role) for b in task(kb).departments] == [("环保办", "lead"), ("经发处", "support")]
        assert task(kb).state == "corrected"
        assert one.before != one.after
        assert one.anchors[0].text == "推进节能降碳，开展能效诊断。"
        hit = next(hit for hit in search(kb, "能效诊断").hits if hit.doc == "park-2023")
        assert (hit.state, [body["name"] for body in hit.departments]) == ("corrected", ["环保办", "经发处"])
        undo(kb, one)
        assert (task(kb).state, [b.name for b in task(kb).departments]) == ("extracted", ["经发处"])

    def test_a_search_knows_of_decisions_at_once_and_after_the_next_build(self, kb: Path) -> None:
        decide(kb, "correct", "park-2023#三.1", field="title", after="水母计划")
        assert [hit.ref for hit in search(kb, "水母").hits] == ["park-2023#三.1"]
        made(kb)
        assert [hit.ref for hit in search(kb, "水母").hits] == ["park-2023#三.1"]

    def test_any_past_day_is_shown(self, kb: Path) -> None:
        one = decide(kb, "correct", "park-2023#三.1", field="title", after="新标题")
        assert task(kb, day="2000-01-01").title == "推进节能"
        assert task(kb, day=one.at[:10]).title == "新标题"

    def test_what_cannot_be_is_refused(self, kb: Path) -> None:
        for field, value in (("id", "x"), ("kind", "nothing"), ("departments", "x"), ("nothing", 1)):
            with pytest.raises(PolicyError):
                decide(kb, "correct", "park-2023#三.1", field=field, after=value)
        for ref in ("park-2023#九.9", "nobody", "park-2023@t9"):
            with pytest.raises(NotFound):
                decide(kb, "confirm", ref)
        with pytest.raises(PolicyError, match="是谁"):
            decide(kb, "confirm", "park-2023#三.1", who=" ")
        with pytest.raises(NotFound):
            history.decide(kb, "甲", Wish(verdict="undo", subject=ONE, undoes="nothing"))
        with KnowledgeBase.open(kb) as opened:
            assert opened.history() == ()

    def test_targets_documents_and_departments_are_corrected(self, kb: Path) -> None:
        decide(kb, "correct", "park-2023@t1", field="value", after=13.5)
        decide(kb, "correct", "park-2023", field="status", after="expired")
        with KnowledgeBase.open(kb) as opened:
            read = opened.policy("park-2023")
        assert (read.targets[0].value, read.targets[0].state, read.status) == (13.5, "corrected", "expired")

    def test_a_rejected_task_is_not_in_the_matrix_and_links_to_it_are_not_asserted(self, kb: Path) -> None:
        from index.views import matrix

        decide(kb, "reject", "park-2023#三.1")
        with KnowledgeBase.open(kb) as opened:
            assert [row.task for row in matrix(opened, "park-2023")] == ["三.2"]
            assert {link.state for link in opened.links() if link.lower.task == "三.1"} == {"rejected"}

    def test_an_added_task_is_found_after_the_next_build(self, kb: Path) -> None:
        with KnowledgeBase.open(kb) as opened:
            said = added_task(opened, "park-2023", "绿电", "扩大绿电交易。", "牵头：环保办")
        history.decide(kb, "张三", said)
        made(kb)
        (hit,) = search(kb, "绿电交易").hits
        assert (hit.state, hit.task, hit.departments[0]["name"]) == ("added", said.subject.item, "环保办")
        assert task(kb, hit.ref).state == "added"

    def test_links_are_made_for_an_added_task_and_go_with_it(self, kb: Path) -> None:
        with KnowledgeBase.open(kb) as opened:
            said = added_task(opened, "park-2023", "钢铁", "压减粗钢。")
        one = history.decide(kb, "张三", said)[0].decision

        def linked() -> bool:
            made(kb)
            with KnowledgeBase.open(kb) as opened:
                return said.subject.item in {link.lower.task for link in opened.links()}

        assert linked()
        undo(kb, one)
        assert not linked()

    def test_links_keep_their_verdicts(self, kb: Path) -> None:
        low, up = "park-2023#三.1", "city-2022#三.1"
        decide(kb, "confirm", low, upper=up)
        decide(
            kb,
            "add",
            "park-2023#三.2",
            upper="city-2022#三.2",
            after={"grade": 3, "relation": "subset"},
            why="同事所知",
        )
        with KnowledgeBase.open(kb) as opened:
            states = {(str(link.lower), str(link.upper)): (link.state, link.grade) for link in opened.links()}
        assert states[low, up][0] == "confirmed"
        assert states["park-2023#三.2", "city-2022#三.2"] == ("added", 3)

    def test_not_applicable_is_remembered_with_its_reason(self, kb: Path) -> None:
        from index.linking.coverage import gaps

        with KnowledgeBase.open(kb) as opened:
            about = coverage(opened, "city-2022#三.2", "park-2023")
            with pytest.raises(PolicyError, match="理由"):
                wish(opened, "not_applicable", about)
            said = wish(opened, "not_applicable", about, why="园区没有钢铁企业")
        history.decide(kb, "张三", said)
        with KnowledgeBase.open(kb) as opened:
            found = gaps(opened, "city-2022", "park-2023", opened.not_applicable("city-2022", "park-2023"))
        assert (found[1].state, "园区没有钢铁企业" in found[1].reason) == ("not_applicable", True)


class TestTwoPeople:
    def test_both_are_kept_the_later_stands_and_the_earlier_is_told_once(self, kb: Path) -> None:
        first = decide(kb, "correct", "park-2023#三.1", field="title", after="甲的")
        with KnowledgeBase.open(kb) as opened:
            said = wish(opened, "correct", ONE, "title", "乙的", "会议定的")
        ((_, after, unseen),) = history.decide(kb, "李四", said, seen="")
        assert (after, unseen, task(kb).title) == (first, True, "乙的")
        (told,) = history.notices(kb, "张三")
        assert (told.by, told.why) == ("李四", "会议定的")
        assert history.notices(kb, "张三") == history.notices(kb, "李四") == []

    def test_nobody_is_told_of_their_own(self, kb: Path) -> None:
        decide(kb, "confirm", "park-2023#三.1")
        decide(kb, "reject", "park-2023#三.1")
        assert history.notices(kb, "张三") == []


class TestExchange:
    def test_all_decisions_go_to_another_machine_and_back(self, kb: Path, tmp_path: Path) -> None:
        one = decide(kb, "correct", "park-2023#三.1", field="title", after="新标题")
        decide(kb, "confirm", "park-2023#三.1", upper="city-2022#三.1")
        undo(kb, decide(kb, "reject", "park-2023#三.2"))
        made(tmp_path / "other", PARK, CITY)
        assert export(kb, tmp_path / "all.jsonl").written == 4
        assert import_file(tmp_path / "other", tmp_path / "all.jsonl") == (4, 4)
        assert import_file(tmp_path / "other", tmp_path / "all.jsonl") == (4, 0)
        with KnowledgeBase.open(kb) as here, KnowledgeBase.open(tmp_path / "other") as there:
            assert here.history() == there.history()
            assert here.standings == there.standings
            assert there.task("park-2023#三.1")[1].title == one.after
        export(tmp_path / "other", tmp_path / "again.jsonl")
        assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "all.jsonl").read_bytes()

    def test_two_stores_that_exchange_agree(self, kb: Path, tmp_path: Path) -> None:
        made(tmp_path / "other", PARK, CITY)
        decide(kb, "correct", "park-2023#三.1", field="title", after="早")
        decide(tmp_path / "other", "correct", "park-2023#三.1", field="title", after="晚", who="李四")
        for source, target in ((kb, tmp_path / "other"), (tmp_path / "other", kb)):
            export(source, tmp_path / "file")
            import_file(target, tmp_path / "file")
        assert task(kb).title == task(tmp_path / "other").title == "晚"

    @pytest.mark.parametrize("line", ["{", "{}", '{"id": 1}', "text"])
    def test_a_bad_file_changes_nothing(self, kb: Path, tmp_path: Path, line: str) -> None:
        one = decide(kb, "confirm", "park-2023#三.1")
        other = one.model_copy(update={"id": "new"}).model_dump_json()
        (tmp_path / "bad").write_text(f"{other}\n{line}\n", "utf-8")
        with pytest.raises(PolicyError, match=":2"):
            import_file(kb, tmp_path / "bad")
        lost = json.loads(other) | {"verdict": "undo", "undoes": "unknown"}
        (tmp_path / "bad").write_text(json.dumps(lost), "utf-8")
        with pytest.raises(PolicyError, match="unknown"):
            import_file(kb, tmp_path / "bad")
        with KnowledgeBase.open(kb) as opened:
            assert opened.history() == (one,)
