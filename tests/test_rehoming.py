"""A decision that has lost its record is put on another by hand, or given up; hard cases of what is the same record."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cli import main
from index.build import build
from index.deciding import history
from index.deciding.carrying import is_gone
from index.deciding.matching import mark
from index.deciding.review import queue
from index.deciding.verdicts import given_up, moved, subject
from index.knowledge_base import KnowledgeBase
from schemas import PolicyError, Wish
from tests.decision_making import decide, undo
from tests.kb_making import Item, made, policy, reading_hand_made, write
from tests.test_carrying import BEFORE, CITY, ENERGY, HYDROGEN, SOLAR, WATER, document

FIVE = HYDROGEN.replace("建设加氢站", "建设加氢站5座")
EIGHT = HYDROGEN.replace("建设加氢站", "建设加氢站8座")


class Case(NamedTuple):
    """Decisions on some tasks of a document, how it then reads, and where they are; None: without a record."""

    name: str
    before: list[tuple[str, str, str]]
    after: list[tuple[str, str, str]]
    now: dict[str, str | None]
    again: set[str]


HARD = [
    Case(
        "a section got another number",
        BEFORE,
        [(f"四.{number}", title, text) for number, (_, title, text) in enumerate(BEFORE, 1)],
        {"三.1": "四.1", "三.2": "四.2", "三.3": "四.3"},
        set(),
    ),
    Case(
        "a paragraph was split in two halves",
        [BEFORE[0], ("三.2", "氢能与光伏", HYDROGEN + SOLAR), BEFORE[2]],
        [BEFORE[0], ("三.2", "氢能", HYDROGEN), ("三.3", "光伏", SOLAR), ("三.4", "节水", WATER)],
        {"三.2": "三.2", "三.3": "三.4"},
        {"三.2"},
    ),
    Case(
        "two paragraphs became one",
        BEFORE,
        [("三.1", "节能节水", ENERGY + WATER), ("三.2", "氢能", HYDROGEN)],
        {"三.1": "三.1", "三.2": "三.2", "三.3": "三.1"},
        {"三.1", "三.3"},
    ),
    Case(
        "of two nearly equal ones the first was dropped",
        [("三.1", "氢能", FIVE), ("三.2", "氢能", EIGHT)],
        [("三.1", "氢能", EIGHT)],
        {"三.1": None, "三.2": "三.1"},
        {"三.1"},
    ),
    Case(
        "two nearly equal ones changed places",
        [("三.1", "氢能", FIVE), ("三.2", "氢能", EIGHT)],
        [("三.1", "氢能", EIGHT), ("三.2", "氢能", FIVE)],
        {"三.1": "三.2", "三.2": "三.1"},
        set(),
    ),
    Case(
        "all titles changed, the texts did not",
        BEFORE,
        [(number, f"{title}工程", text) for number, title, text in BEFORE],
        {"三.1": "三.1", "三.2": "三.2", "三.3": "三.3"},
        {"三.1", "三.2", "三.3"},
    ),
    Case(
        "a decimal point moved",
        [("三.1", "节水", "用水量年均下降1.5%，重复利用率达到95%。")],
        [("三.1", "节水", "用水量年均下降15%，重复利用率达到95%。")],
        {"三.1": "三.1"},
        {"三.1"},
    ),
    Case(
        "a title moved to another text",
        BEFORE,
        [("三.1", "氢能", ENERGY), ("三.2", "节能", HYDROGEN), BEFORE[2]],
        {"三.1": "三.1", "三.2": "三.2", "三.3": "三.3"},
        {"三.1", "三.2"},
    ),
]


@pytest.mark.parametrize("case", HARD, ids=lambda case: case.name)
def test_hard_cases(tmp_path: Path, case: Case) -> None:
    kb = tmp_path / "kb"
    made(kb, document(case.before))
    ids = {number: decide(kb, "confirm", f"park-2023#{number}").id for number in case.now}
    made(kb, document(case.after))
    with KnowledgeBase.open(kb) as opened:
        where = {number: opened.subject_of(one) for number, one in ids.items()}
        fresh = {placed.decision.id: placed.fresh for _, placed in history.placed_history(opened.sql)}
    assert {number: None if is_gone(one) else one.item for number, one in where.items()} == case.now
    assert {number for number, one in ids.items() if not fresh[one]} == case.again


def test_a_number_is_not_a_mark() -> None:
    assert mark("", "下降1.5%") != mark("", "下降15%") and mark("", "5%") != mark("", "5‰")
    assert mark("", "下降 1.5 ％。") == mark("", "下降1.5%") and mark("", "2021-2025年") != mark("", "20212025年")


# --- by hand ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def lost(tmp_path: Path) -> Path:
    """三.2 had two decisions of 张三, and is not there any more."""
    kb = tmp_path / "kb"
    made(kb, document(BEFORE), CITY)
    decide(kb, "correct", "park-2023#三.2", field="deadline", after="2026年底", why="会议")
    decide(kb, "correct", "park-2023#三.2", field="remark", after="已报市里")
    made(kb, document([BEFORE[0], ("三.2", "节水", WATER)]))
    return kb


def gone(kb: Path) -> list[Any]:
    with KnowledgeBase.open(kb) as opened:
        return [one for one in queue(opened).items if one.reason == "gone"]


def move(kb: Path, ref: str, who: str = "李四") -> Any:
    (item,) = gone(kb)
    with KnowledgeBase.open(kb) as opened:
        said = moved(opened, item.subject, subject(opened, ref), "并入")
    return history.decide(kb, who, said)[0].decision


def task(kb: Path, ref: str) -> Any:
    with KnowledgeBase.open(kb) as opened:
        return opened.task(ref)[1]


def test_the_question_shows_the_old_text_and_what_is_like_it(lost: Path) -> None:
    (item,) = gone(lost)
    assert item.sides[0].text == HYDROGEN and "三.2" in item.sides[0].ref
    assert {side.ref for side in item.near} <= {"park-2023#三.1", "park-2023#三.2"}


def test_decisions_are_put_on_another_record_and_stay_there(lost: Path) -> None:
    one = move(lost, "park-2023#三.1")
    found = task(lost, "park-2023#三.1")
    assert (found.deadline, found.remark, found.state, found.again) == ("2026年底", "已报市里", "corrected", False)
    assert gone(lost) == []
    with KnowledgeBase.open(lost) as opened:
        (standing,) = opened.standings.values()
        assert standing.who == "张三"  # who decided does not change by moving it
        assert len(opened.history()) == 3
    (told,) = history.notices(lost, "张三")
    assert (told.by, told.verdict) == ("李四", "move")
    made(lost, document([("四.1", "节能", ENERGY), ("四.2", "节水", WATER)]))  # and it goes with its new record
    assert task(lost, "park-2023#四.1").deadline == "2026年底"
    made(lost, document(BEFORE, doc_number="再版"))  # even when the old one is back: a person said where it belongs
    assert task(lost, "park-2023#三.1").deadline == "2026年底" and task(lost, "park-2023#三.2").deadline is None
    undo(lost, one)
    assert task(lost, "park-2023#三.1").deadline is None


def test_a_move_is_undone_and_done_again(lost: Path) -> None:
    one = move(lost, "park-2023#三.1")
    back = undo(lost, one)
    assert task(lost, "park-2023#三.1").deadline is None and len(gone(lost)) == 1
    undo(lost, back)
    assert task(lost, "park-2023#三.1").deadline == "2026年底" and gone(lost) == []


def test_a_link_finds_another_upper_task(tmp_path: Path) -> None:
    kb = tmp_path / "kb"
    city = policy("city-2022", "上海市方案", [Item("三.1", "氢能", HYDROGEN), Item("三.2", "能", ENERGY)], "municipal")
    made(kb, document(BEFORE), city)
    decide(kb, "reject", "park-2023#三.2", upper="city-2022#三.1", why="不是一回事")
    made(kb, policy("city-2022", "上海市方案", [Item("三.2", "能", ENERGY)], "municipal"))
    (item,) = gone(kb)
    with KnowledgeBase.open(kb) as opened:
        said = moved(opened, item.subject, subject(opened, "park-2023#三.1", "city-2022#三.2"))
    history.decide(kb, "李四", said)
    with KnowledgeBase.open(kb) as opened:
        links = {(link.lower.task, link.upper.task): link.state for link in opened.links()}
    assert links["三.1", "三.2"] == "rejected" and gone(kb) == []


def test_decisions_without_a_record_are_given_up(lost: Path) -> None:
    (item,) = gone(lost)
    with KnowledgeBase.open(lost) as opened:
        said = given_up(opened, item.subject, "任务已取消")
    assert len(said) == 2 and all(isinstance(one, Wish) for one in said)
    history.decide(lost, "李四", *said)
    assert gone(lost) == []
    made(lost, document(BEFORE, doc_number="再版"))
    assert task(lost, "park-2023#三.2").deadline is None


def test_records_of_two_kinds_do_not_mix(lost: Path) -> None:
    (item,) = gone(lost)
    with KnowledgeBase.open(lost) as opened:
        for other in (subject(opened, "park-2023"), subject(opened, "park-2023#三.1", "city-2022#三.1"), item.subject):
            with pytest.raises(PolicyError):
                moved(opened, item.subject, other)


def test_the_command(lost: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with KnowledgeBase.open(lost) as opened:
        one = opened.history()[0].id
    asked = ("move", one[:8], "park-2023#三.1", "--why", "并入", "--who", "李四", "--kb", str(lost))
    assert main(asked) == 0
    assert "改挂 2 个决定" in capsys.readouterr().out
    assert main(asked) == 2
    assert "已经在" in capsys.readouterr().err


def test_a_move_travels_with_the_decisions(lost: Path, tmp_path: Path) -> None:
    from index.deciding.exchange import export, import_file

    move(lost, "park-2023#三.1")
    export(lost, tmp_path / "all.jsonl")
    other = tmp_path / "other" / "kb"
    with reading_hand_made():
        build(other, write(tmp_path / "other" / "files", document([BEFORE[0], ("三.2", "节水", WATER)])), jobs=1)
    import_file(other, tmp_path / "all.jsonl")
    assert task(other, "park-2023#三.1").deadline == "2026年底"
