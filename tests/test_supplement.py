"""A task that a person adds: it knows its line in the file, or that it has none; no place is made up."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cli import main
from index.deciding import history
from index.deciding.verdicts import added_task
from index.knowledge_base import KnowledgeBase
from schemas import Policy, Task

WHOLE = "scip-carbon-peak-2023"


@pytest.fixture
def kb(knowledge_base: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(knowledge_base, tmp_path / "kb"))


def add(kb: Path, text: str) -> tuple[Policy, Task]:
    with KnowledgeBase.open(kb) as opened:
        said = added_task(opened, WHOLE, "补录", text, "牵头：经发处")
    history.decide(kb, "张三", said)
    with KnowledgeBase.open(kb) as opened:
        policy = opened.policy(WHOLE)
    return policy, next(task for task in policy.tasks if task.state == "added")


def test_it_stands_on_its_line_of_the_file(kb: Path) -> None:
    with KnowledgeBase.open(kb) as opened:
        known = opened.task(f"{WHOLE}#七.2")[1]
    policy, task = add(kb, " ".join(known.text[:40]))  # copied with blanks from somewhere else
    assert (task.origin.line, task.origin.start) == (known.origin.line, known.origin.start)
    assert policy.logical_text[task.origin.start : task.origin.end] == task.text


def test_what_does_not_stand_there_has_no_place(kb: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    _, task = add(kb, "会上口头布置的工作。")
    assert not task.origin.is_place
    assert main(["show", f"{WHOLE}#{task.id}", "--kb", str(kb)]) == 0
    assert "原文中没有这段文字" in capsys.readouterr().out
    assert main(["matrix", "-o", str(tmp_path / "a.csv"), "--doc", WHOLE, "--kb", str(kb)]) == 0
    (line,) = [one for one in (tmp_path / "a.csv").read_text("utf-8-sig").splitlines() if "口头布置" in one]
    assert "原文中没有这段文字" in line and "第1行" not in line
