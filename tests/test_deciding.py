"""The commands by which people decide, as they are typed."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import cli
from commands import reviewing
from index.deciding.review import queue
from index.knowledge_base import KnowledgeBase
from tests.kb_making import Item, made, policy

PARK = policy(
    "park-2023",
    "化工区方案",
    [
        Item("三.1", "推进节能", "推进节能降碳，开展能效诊断。", (("无名办", "牵头"),), target_year=2025),
        Item("三.2", "发展氢能", "发展氢能，建设加氢站。"),
    ],
)
CITY = policy(
    "city-2022",
    "上海市方案",
    [Item("三.1", "推进节能", "推进节能降碳，开展能效诊断。"), Item("三.2", "钢铁", "压减粗钢产量。")],
    level="municipal",
)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    made(tmp_path / "kb", PARK, CITY)
    return tmp_path / "kb"


@pytest.fixture
def run(kb: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("POLICYTRACE_KB", str(kb))
    monkeypatch.setenv("POLICYTRACE_WHO", "张三")

    def run(*words: str) -> tuple[int, str, str]:
        code = cli.main(words)
        return (code, *capsys.readouterr())

    return run


def test_every_decision_can_be_made_and_read(run: Run) -> None:
    low, up = "park-2023#三.1", "city-2022#三.1"
    for words in (
        ("confirm", low),
        ("confirm", low, up),
        ("confirm", low, up, "--grade", "2", "--why", "只有一部分"),
        ("confirm", "park-2023#三.2", "city-2022#三.2", "--grade", "1"),
        ("reject", low, up),
        ("correct", low, "--field", "部门", "--to", "牵头：环保办；配合：经发处", "--why", "领导批示"),
        ("correct", "park-2023@t1", "--field", "value", "--to", "13.5"),
        ("exempt", "city-2022#三.2", "--lower", "park-2023", "--why", "没有钢铁"),
        ("supplement", "park-2023", "--text", "扩大绿电交易。", "--departments", "环保办"),
        ("confirm", "部门:无名办"),
    ):
        code, out, _ = run(*words)
        assert (code, "已记录" in out) == (0, True), words
    listed = json.loads(run("history", "--json")[1])
    assert len(listed) == 10
    assert {"id", "at", "who", "verdict", "subject", "field", "before", "after", "why", "anchors", "undone"} <= set(
        listed[0]
    )
    code, out, _ = run("undo", listed[5]["id"][:8], "--why", "听错了")
    assert "撤销" in out
    assert "〔已撤销〕" in "".join(run("history", low)[1].split())
    shown = json.loads(run("show", low, "--json")[1])
    assert (shown["task"]["state"], [one["verdict"] for one in shown["decisions"]]) == (
        "confirmed",
        ["confirm", "correct", "undo"],
    )


def test_states_are_shown_in_words_and_json(run: Run) -> None:
    run("correct", "park-2023#三.1", "--field", "备注", "--to", "会后再议")
    run("confirm", "park-2023#三.1", "city-2022#三.1")
    assert "人工已更正" in run("show", "park-2023#三.1")[1] and "会后再议" in run("show", "park-2023#三.1")[1]
    assert "人工已更正" in run("search", "能效诊断")[1]
    assert {hit["doc"]: hit["state"] for hit in json.loads(run("search", "能效诊断", "--json")[1])} == {
        "park-2023": "corrected",
        "city-2022": "extracted",
    }
    assert "已人工确认" in run("trace", "park-2023#三.1")[1]
    traced = json.loads(run("trace", "park-2023#三.1", "--json")[1])
    assert (traced["task"]["state"], traced["up"][0]["state"]) == ("corrected", "confirmed")
    assert "已人工确认" in run("links")[1]


def test_the_matrix_tells_states(run: Run, tmp_path: Path) -> None:
    run("confirm", "park-2023#三.1")
    assert run("matrix", "-o", str(tmp_path / "m.md"))[0] == 0
    assert "人工已确认" in (tmp_path / "m.md").read_text("utf-8")


def test_gaps_remember_what_is_not_applicable_and_what_is(run: Run) -> None:
    asked = ("gaps", "--upper", "city-2022", "--lower", "park-2023", "--json")
    states = lambda: {row["upper"]["task"]: row["state"] for row in json.loads(run(*asked)[1])}  # noqa: E731
    run("exempt", "city-2022#三.2", "--lower", "park-2023", "--why", "没有钢铁")
    assert states()["三.2"] == "not_applicable"
    run("exempt", "city-2022#三.2", "--lower", "park-2023", "--applies")
    assert states()["三.2"] == "gap"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("confirm", "park-2023#九.9"), "没有任务"),
        (("correct", "park-2023#三.1", "--field", "id", "--to", "x"), "不能更正"),
        (("correct", "park-2023#三.1", "--field", "kind", "--to", "x"), "不能是这个值"),
        (("correct", "部门:无名办", "--field", "canonical", "--to", "x"), "登记表中没有"),
        (("exempt", "city-2022#三.2", "--lower", "park-2023"), "理由"),
        (("confirm", "park-2023#三.2", "city-2022#三.2"), "没有算出"),
        (("confirm", "park-2023#三.2", "--grade", "2"), "只用于关联"),
        (("undo", "abc"), "编号"),
        (("decisions",), "--export"),
        (("diff", "park-2023"), "更早的版本"),
        (("diff", "nothing"), "没有文件"),
        (("supplement", "park-2023", "--text", " "), "任务内容"),
        (("add", "x", "y", "--replaces", "park-2023"), "只能用于一个文件"),
    ],
)
def test_wrong_use_is_told_and_stores_nothing(run: Run, words: tuple[str, ...], said: str) -> None:
    code, out, err = run(*words)
    assert (code, out, said in err) == (2, "", True), err
    assert json.loads(run("history", "--json")[1]) == []


def test_the_queue_is_listed(run: Run) -> None:
    code, out, _ = run("review")
    assert (code, "部门不明" in out) == (1, True)
    listed = json.loads(run("review", "--json", "--department", "无名办")[1])
    assert {"open", "done", "total", "items"} == set(listed)
    assert run("review", "--doc", "nothing")[0] == 2


def test_one_key_decides(run: Run, kb: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def keys(text: str) -> int:
        given: Iterator[str] = iter(text)
        with KnowledgeBase.open(kb) as opened:
            found = queue(opened)
        return reviewing.ask(Namespace(kb=str(kb)), found, "张三", lambda: next(given, "q"))

    assert keys("s") == 0
    capsys.readouterr()
    assert json.loads(run("history", "--json")[1]) == []
    keys("y")
    with KnowledgeBase.open(kb) as opened:
        assert len(opened.history()) == 1
        assert (queue(opened).done, len(queue(opened).items)) == (1, queue(opened).total - 1)
    assert "已处理" in capsys.readouterr().err


def test_decisions_are_exported_and_imported(run: Run, tmp_path: Path) -> None:
    run("confirm", "park-2023#三.1")
    assert run("decisions", "--export", str(tmp_path / "all.jsonl"))[0] == 0
    assert "新导入 0 个" in run("decisions", "--import", str(tmp_path / "all.jsonl"))[2]
    assert run("decisions", "--export", str(tmp_path / "no" / "all.jsonl"))[0] == 2


def test_the_search_needs_no_data_layer() -> None:
    import subprocess
    import sys

    code = "import sys, cli, index.searching.search; sys.exit(any(m.partition('.')[0] in ('sqlalchemy', 'pydantic') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(cli.__file__).parent).returncode == 0


def test_what_the_lower_bodies_need_is_asked_first(tmp_path: Path) -> None:
    """Departments of the park before those of the nation; within a reason outlines last; reasons in their order."""
    made(
        tmp_path / "kb",
        policy(
            "nation", "国家纲要", [Item("一.1", "甲", "推进甲事。", (("某部", "牵头"),))], "national", text="outline"
        ),
        policy(
            "city", "某市方案", [Item("一.1", "乙", "推进乙事。", (("某市局", "牵头"), ("某部", "配合")))], "municipal"
        ),
        policy("park", "某园区方案", [Item("一.1", "丙", "推进丙事。", (("某处", "牵头"),))], "park"),
    )
    with KnowledgeBase.open(tmp_path / "kb") as opened:
        asked = [(one.reason, one.subject.item, one.doc) for one in queue(opened).items if one.reason == "department"]
    assert asked == [("department", "某处", "park"), ("department", "某市局", "city"), ("department", "某部", "city")]
