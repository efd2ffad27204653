"""Decisions follow their records through new readings and versions: the table of cases, and what is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from index import fingerprint
from index.build import BuildReport
from index.deciding import history, versions
from index.deciding.carrying import is_gone
from index.deciding.matching import Item as Text
from index.deciding.matching import align
from index.deciding.review import queue
from index.deciding.verdicts import added_task, coverage, subject, wish
from index.findings import findings
from index.knowledge_base import KnowledgeBase
from schemas import NotFound, Subject
from tests.kb_making import Item, made, policy

HYDROGEN = "发展氢能产业，建设加氢站，推广氢燃料电池汽车，形成完整产业链。"
ENERGY = "推进节能降碳，开展重点企业能效诊断，实施节能技术改造，淘汰落后电机。"
WATER = "加强水资源循环利用，建设中水回用设施，提高工业用水重复利用率。"
SOLAR = "推广分布式光伏，利用厂房屋顶建设光伏发电设施，扩大绿电交易规模。"
BEFORE = [("三.1", "节能", ENERGY), ("三.2", "氢能", HYDROGEN), ("三.3", "节水", WATER)]


class Case(NamedTuple):
    """A decision on 三.2 (氢能) and how the document then reads."""

    name: str
    after: list[tuple[str, str, str]]
    now: str | None
    again: bool


CASES = [
    Case("nothing changed", BEFORE, "三.2", False),
    Case(
        "moved down",
        [BEFORE[0], ("三.2", "光伏", SOLAR), ("三.3", "氢能", HYDROGEN), ("三.4", "节水", WATER)],
        "三.3",
        False,
    ),
    Case(
        "moved up and before the others",
        [("三.1", "氢能", HYDROGEN), ("三.2", "节能", ENERGY), ("三.3", "节水", WATER)],
        "三.1",
        False,
    ),
    Case("moved to another section", [BEFORE[0], BEFORE[2], ("五.1", "氢能", HYDROGEN)], "五.1", False),
    Case("two changed places", [("三.1", "氢能", HYDROGEN), ("三.2", "节能", ENERGY)], "三.1", False),
    Case(
        "only blanks and marks changed",
        [BEFORE[0], ("三.2", "氢能", HYDROGEN.replace("，", ", ").replace("站", "站 "))],
        "三.2",
        False,
    ),
    Case(
        "reworded",
        [BEFORE[0], ("三.2", "氢能", HYDROGEN.replace("形成完整产业链", "打造百亿级产业集群"))],
        "三.2",
        True,
    ),
    Case(
        "reworded and moved",
        [("三.1", "氢能", HYDROGEN.replace("加氢站", "油氢合建站")), ("三.2", "节能", ENERGY)],
        "三.1",
        True,
    ),
    Case(
        "half of it reworded under its title",
        [BEFORE[0], ("三.9", "氢能", "发展氢能产业，建设加氢站，布局制氢基地和储运管网，打通应用场景。")],
        "三.9",
        True,
    ),
    Case("a new title over the same text", [BEFORE[0], ("三.2", "培育氢能产业", HYDROGEN)], "三.2", True),
    Case("a clause was added", [BEFORE[0], ("三.2", "氢能", HYDROGEN + "到 2027 年建成 5 座加氢站。")], "三.2", True),
    Case("taken up into a longer one", [("三.1", "能源", ENERGY + HYDROGEN + SOLAR), BEFORE[2]], "三.1", True),
    Case(
        "split: the greater part keeps it",
        [
            BEFORE[0],
            ("三.2", "氢能", "发展氢能产业，建设加氢站，推广氢燃料电池汽车。"),
            ("三.3", "链条", "形成完整产业链。"),
        ],
        "三.2",
        True,
    ),
    Case("removed, another has its number", [BEFORE[0], ("三.2", "节水", WATER)], None, True),
    Case("removed with all others", [("一.1", "总则", "本办法自印发之日起施行。")], None, True),
    Case("replaced by one on another matter", [BEFORE[0], ("三.2", "光伏", SOLAR), BEFORE[2]], None, True),
    Case(
        "removed while a similar one stays",
        [BEFORE[0], ("三.3", "节水", WATER), ("三.4", "氢能示范", HYDROGEN.replace("建设加氢站", "开展氢能示范"))],
        "三.4",
        True,
    ),
]


def document(tasks: list[tuple[str, str, str]], slug: str = "park-2023", **more: Any) -> Any:
    return policy(slug, "化工区方案", [Item(*task) for task in tasks], **more)


CITY = policy("city-2022", "上海市方案", [Item("三.1", "氢能", HYDROGEN)], level="municipal")


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    made(tmp_path / "kb", document(BEFORE), CITY)
    return tmp_path / "kb"


def say(kb: Path, verdict: Any, ref: str, upper: str | None = None, **more: Any) -> str:
    with KnowledgeBase.open(kb) as opened:
        said = wish(opened, verdict, subject(opened, ref, upper), **more)
        return history.decide(kb, "张三", said, generation=opened.generation)[0].decision.id


def standing(kb: Path) -> Any:
    with KnowledgeBase.open(kb) as opened:
        (found,) = opened.standings.values()
        return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("way", ["new version", "elsewhere"])
def test_a_decision_goes_where_a_person_would_put_it(kb: Path, tmp_path: Path, case: Case, way: str) -> None:
    say(kb, "correct", "park-2023#三.2", field="deadline", after="2026年底", why="会议")
    if way == "elsewhere":  # where only the wording that the decision kept can tell
        from index.deciding.exchange import export, import_file

        export(kb, tmp_path / "file")
        kb = tmp_path / "other"
        made(kb, document(case.after), CITY)
        import_file(kb, tmp_path / "file")
    else:
        made(kb, document(case.after), CITY)
    found = standing(kb)
    assert found.fields == {"deadline": "2026年底"}
    assert (None if is_gone(found.subject) else found.subject.item, found.again) == (case.now, case.again)
    with KnowledgeBase.open(kb) as opened:
        deadlines = {task.id: task.deadline for task in opened.policy("park-2023").tasks if task.deadline}
        assert deadlines == ({case.now: "2026年底"} if case.now else {})
        assert [one.reason for one in queue(opened).items if one.reason in ("again", "gone")] == (
            ["again" if case.now else "gone"] if case.again else []
        )


def test_the_report_tells_what_was_carried_and_what_needs_a_person(kb: Path) -> None:
    for number in (1, 2, 3):
        say(kb, "confirm", f"park-2023#三.{number}")
    report = made(
        kb, document([("三.1", "氢能", HYDROGEN), ("三.2", "节能", ENERGY.replace("淘汰落后电机", "更新变压器"))])
    )
    assert report.carried
    assert report.carried.counts == {"same": 0, "moved": 1, "reworded": 1, "gone": 1}
    assert {(row.carried, row.before.partition("#")[2]) for row in report.carried.rows} == {
        ("moved", "三.2"),
        ("reworded", "三.1"),
        ("gone", "三.3"),
    }


def test_what_is_gone_comes_back_with_its_text(kb: Path) -> None:
    say(kb, "confirm", "park-2023#三.2")
    made(kb, document([BEFORE[0]]))
    assert is_gone(standing(kb).subject)
    with KnowledgeBase.open(kb) as opened:
        assert "decision_without_record" in {one.kind for one in findings(opened)}
    made(kb, document([BEFORE[0], ("三.7", "氢能", HYDROGEN)]))
    assert (standing(kb).subject.item, standing(kb).again) == ("三.7", False)


def test_through_many_versions_step_by_step(kb: Path) -> None:
    say(kb, "confirm", "park-2023#三.2")
    pieces = HYDROGEN.rstrip("。").split("，")
    new = ["布局绿氢制取", "建设储运管网", "开展氢冶金试点", "制定安全标准"]
    for place in range(4):
        pieces[place] = new[place]
        made(kb, document([BEFORE[0], (f"三.{place + 2}", "氢能", "，".join(pieces) + "。")]))
    assert (standing(kb).subject.item, standing(kb).again) == ("三.5", True)


def test_one_who_looks_again_settles_it(kb: Path) -> None:
    say(kb, "correct", "park-2023#三.2", field="deadline", after="2026年底")
    made(kb, document([BEFORE[0], ("三.2", "氢能", HYDROGEN + "鼓励先行先试。")]))
    with KnowledgeBase.open(kb) as opened:
        assert opened.task("park-2023#三.2")[1].again
        assert "seen_again" in {one.kind for one in findings(opened)}
    say(kb, "confirm", "park-2023#三.2")
    assert (standing(kb).again, standing(kb).fields) == (False, {"deadline": "2026年底"})


def test_an_undo_goes_with_what_it_undoes(kb: Path) -> None:
    one = say(kb, "confirm", "park-2023#三.2")
    made(kb, document([("三.1", "氢能", HYDROGEN), ("三.2", "节能", ENERGY)]))
    from schemas import Wish

    history.decide(kb, "李四", Wish(verdict="undo", subject=Subject(kind="task"), undoes=one))
    made(kb, document([("三.5", "氢能", HYDROGEN)]))
    with KnowledgeBase.open(kb) as opened:
        assert opened.standings == {}
        assert len(opened.history()) == 2


def test_a_link_is_suspect_when_either_text_changes_and_not_when_it_moves(kb: Path) -> None:
    say(kb, "confirm", "park-2023#三.2", "city-2022#三.1")

    def state() -> tuple[str, str]:
        with KnowledgeBase.open(kb) as opened:
            (link,) = [link for link in opened.links() if link.state != "proposed"]
            return link.lower.task, link.state

    made(kb, document([("三.4", "氢能", HYDROGEN)]), CITY)
    assert state() == ("三.4", "confirmed")
    changed = policy(
        "city-2022", "上海市方案", [Item("三.1", "氢能", HYDROGEN.replace("加氢站", "制氢站"))], level="municipal"
    )
    made(kb, changed)
    assert state() == ("三.4", "suspect")
    with KnowledgeBase.open(kb) as opened:
        assert "suspect_link" in {one.kind for one in findings(opened)}


def test_not_applicable_is_carried_and_marked(kb: Path) -> None:
    with KnowledgeBase.open(kb) as opened:
        said = wish(opened, "not_applicable", coverage(opened, "city-2022#三.1", "park-2023"), why="没有氢")
    history.decide(kb, "张三", said)
    made(kb, policy("city-2022", "上海市方案", [Item("四.1", "氢能", HYDROGEN + "加快建设。")], level="municipal"))
    with KnowledgeBase.open(kb) as opened:
        assert opened.not_applicable("city-2022", "park-2023") == {"四.1": "没有氢（原文已改，待复核）"}


def test_what_a_person_added_and_the_extraction_now_finds_is_one_record(kb: Path) -> None:
    missed = [BEFORE[0], BEFORE[1]]
    whole = document(BEFORE).logical_text
    made(kb, document(missed, logical_text=whole))
    with KnowledgeBase.open(kb) as opened:
        said = added_task(opened, "park-2023", "节水", WATER, why="漏提")
    history.decide(kb, "张三", said)
    made(kb, document(BEFORE, doc_number="新版"))
    with KnowledgeBase.open(kb) as opened:
        tasks = opened.policy("park-2023").tasks
    assert [(task.id, task.state) for task in tasks] == [
        ("三.1", "extracted"),
        ("三.2", "extracted"),
        ("三.3", "added"),
    ]


def test_a_decision_said_of_an_older_reading_finds_its_record(kb: Path) -> None:
    with KnowledgeBase.open(kb) as opened:
        said, seen = wish(opened, "confirm", subject(opened, "park-2023#三.2")), opened.generation
        made(kb, document([("三.1", "氢能", HYDROGEN), ("三.2", "节能", ENERGY)]))
    history.decide(kb, "张三", said, generation=seen)
    assert (standing(kb).subject.item, standing(kb).again) == ("三.1", False)


def test_a_better_extractor_carries_as_a_new_version_does(kb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from index.build import build
    from index.reading import extraction
    from tests.kb_making import reading_hand_made

    say(kb, "confirm", "park-2023#三.2")
    monkeypatch.setattr(fingerprint, "extractor", lambda: "better")
    better = document([("三.1", "节能", ENERGY), ("三.1a", "加氢", "建设加氢站。"), ("三.4", "氢能", HYDROGEN)])
    with reading_hand_made():
        real = extraction._document

        def read(job: Any) -> Any:
            one, _ = real(job)
            if one.slug != "park-2023":
                return real(job)
            return better.model_copy(update={"sha256": one.sha256}), [len(better.logical_text)]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(extraction, "_document", read)
            report: BuildReport = build(kb, [], jobs=1)
    assert report.carried
    assert report.carried.counts["moved"] == 1
    assert (standing(kb).subject.item, standing(kb).again) == ("三.4", False)
    with KnowledgeBase.open(kb) as opened, pytest.raises(NotFound):
        versions.diff(opened.sql, opened.policy("park-2023"))


def test_aligning_takes_each_new_record_once() -> None:
    old = [Text("1", "", WATER), Text("2", "", WATER), Text("3", "", HYDROGEN)]
    assert align(old, [Text("1", "", WATER), Text("2", "", WATER)]) == {0: 0, 1: 1}
    assert align(old, [Text("2", "", WATER)]) == {1: 0, 0: 0}
    assert align([], old) == align(old, []) == {}
