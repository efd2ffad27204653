"""A document that is taken out: what goes, what stays, who did it, and how all of it comes back."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from cli import main
from index.build import BuildInput, build, remove
from index.deciding import history
from index.deciding.review import queue
from index.deciding.verdicts import coverage, wish
from index.knowledge_base import KnowledgeBase
from index.removal import losses
from index.searching.search import search
from index.store import kept
from schemas import NotFound, PolicyError
from tests.decision_making import CITY, PARK, decide, task, undo
from tests.kb_making import made, reading_hand_made, write


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    made(tmp_path / "kb", PARK, CITY)
    return tmp_path / "kb"


def again(kb: Path, *policies: object) -> None:
    with reading_hand_made():
        build(kb, write(kb.parent / "files", *policies), jobs=1)  # type: ignore[arg-type]


def test_records_links_and_hits_go_and_the_bytes_and_the_history_stay(kb: Path) -> None:
    decide(kb, "reject", "park-2023#三.2", why="误读")
    with KnowledgeBase.open(kb) as opened:
        (loss,) = losses(opened, ["park-2023"])
        sha256 = opened.document("park-2023")[0]
    assert (loss.tasks, loss.targets, loss.decisions) == (2, 1, 1)
    assert loss.links and loss.linked == ("city-2022",)
    report = remove(kb, ["park-2023"], who="李四", why="重复")
    assert (report.documents, report.tasks, report.links) == (1, 2, 0)
    assert search(kb, "节能").total == 1 and search(kb, doc="park-2023").total == 0
    assert kept(kb, sha256) is not None
    with KnowledgeBase.open(kb) as opened:
        assert [one.slug for one in opened.policies()] == ["city-2022"] and not opened.links()
        assert [(one.who, one.verdict, one.why) for one in opened.history()] == [
            ("张三", "reject", "误读"),
            ("李四", "remove", "重复"),
        ]
        assert not queue(opened).items  # nobody is asked about what somebody took out on purpose


def test_the_earlier_person_is_told(kb: Path) -> None:
    decide(kb, "confirm", "park-2023#三.2", who="张三")
    remove(kb, ["park-2023"], who="李四")
    (told,) = history.notices(kb, "张三")
    assert (told.by, told.verdict) == ("李四", "remove")
    assert not history.notices(kb, "李四")


def test_added_again_it_is_what_it_was(kb: Path) -> None:
    decide(kb, "correct", "park-2023#三.1", field="title", after="抓节能", why="领导批示")
    decide(kb, "confirm", "park-2023#三.1", upper="city-2022#三.1")
    with KnowledgeBase.open(kb) as opened:
        history.decide(
            kb, "张三", wish(opened, "not_applicable", coverage(opened, "city-2022#三.2", "park-2023"), why="无钢厂")
        )
    remove(kb, ["park-2023"], who="李四")
    again(kb, PARK)
    assert (task(kb).title, task(kb).state, task(kb).again) == ("抓节能", "corrected", False)
    with KnowledgeBase.open(kb) as opened:
        (link,) = [one for one in opened.links() if one.lower.task == "三.1" and one.upper.task == "三.1"]
        assert link.state == "confirmed"
        assert opened.not_applicable("city-2022", "park-2023") == {"三.2": "无钢厂"}
        assert len(opened.history()) == 4
    assert search(kb, "抓节能").hits[0].ref == "park-2023#三.1"


def test_a_changed_file_in_its_place_gets_the_decisions_by_wording(kb: Path) -> None:
    decide(kb, "correct", "park-2023#三.2", field="title", after="绿氢")
    remove(kb, ["park-2023"], who="李四")
    moved = PARK.model_copy(update={"tasks": tuple(t.model_copy(update={"id": f"四{t.id[1:]}"}) for t in PARK.tasks)})
    again(kb, moved)
    assert (task(kb, "park-2023#四.2").title, task(kb, "park-2023#四.2").state) == ("绿氢", "corrected")


def test_slug_level_and_title_that_were_given_come_back(kb: Path) -> None:
    twin = PARK.model_copy(update={"file": "twin.txt", "tasks": PARK.tasks[:1], "targets": ()})
    with reading_hand_made():
        (given,) = write(kb.parent / "twin", twin)
        build(kb, [BuildInput(given.path, None, "district", "另一份方案")], jobs=1)
    slug = "park-2023-2"
    decide(kb, "confirm", f"{slug}#三.1")
    remove(kb, [slug, "park-2023"], who="李四")
    with reading_hand_made():
        build(kb, [given], jobs=1)
    with KnowledgeBase.open(kb) as opened:
        policy, found = opened.task(f"{slug}#三.1")
    assert (policy.title, policy.level, found.state) == ("另一份方案", "district", "confirmed")


def test_nothing_changes_where_one_is_not_held_or_nobody_is_named(kb: Path) -> None:
    with pytest.raises(NotFound, match="park-2024"):
        remove(kb, ["park-2023", "park-2024"], who="李四")
    with pytest.raises(PolicyError, match="没有写明是谁"):
        remove(kb, ["park-2023"], who=" ")
    assert search(kb, doc="park-2023").total == 2


def test_the_last_document_can_go(kb: Path) -> None:
    remove(kb, ["park-2023", "city-2022"], who="李四")
    with KnowledgeBase.open(kb) as opened:
        assert opened.policies() == () and not queue(opened).items
    assert search(kb, "节能").total == 0
    again(kb, PARK)
    assert search(kb, "节能").total == 1


def test_undoing_a_removal_says_how_to_bring_it_back(kb: Path) -> None:
    remove(kb, ["park-2023"], who="李四")
    with KnowledgeBase.open(kb) as opened:
        (said,) = opened.history()
    with pytest.raises(PolicyError) as error:
        undo(kb, said)
    assert "policytrace add" in error.value.hint


def test_a_bundled_document_that_was_taken_out_stays_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kb = tmp_path / "kb"
    with reading_hand_made():
        files = write(tmp_path / "files", PARK, CITY)
        monkeypatch.setattr("index.reading.inputs._bundled", lambda: files)
        build(kb, None, jobs=1)
        remove(kb, ["park-2023"], who="李四")
        report = build(kb, None, jobs=1)
        assert report.documents == 1
        assert any("李四 移除" in row.note for row in report.rows)
        assert build(kb, files[:1], jobs=1).documents == 2
        assert build(kb, None, jobs=1).documents == 2


def test_the_command_asks_first(kb: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ["remove", "park-2023", "--kb", str(kb), "--who", "李四"]
    assert main(asked) == 2
    told = capsys.readouterr().err
    assert "2 项任务、1 个目标" in told and "city-2022" in told and "documents" in told and "--yes" in told
    screen = io.StringIO("n\n")
    monkeypatch.setattr(screen, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", screen)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert main(asked) == 2 and search(kb, doc="park-2023").total == 2
    assert main([*asked, "--yes", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["removed"][0]["slug"] == "park-2023" and said["documents"] == 1
    assert main(["history", "--kb", str(kb)]) == 0
    assert "李四　移除文件 park-2023" in capsys.readouterr().out


def test_the_outline_that_it_replaced_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    full = PARK.model_copy(
        update={"slug": "x", "title": "2030年前碳达峰行动方案", "level": "national", "file": "全文.txt"}
    )
    made(tmp_path / "kb", full)
    assert main(["remove", "x", "--kb", str(tmp_path / "kb"), "--yes", "--who", "李四"]) == 0
    assert "提纲 cn-carbon-peak-2030.yaml" in capsys.readouterr().err
