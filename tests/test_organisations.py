"""A person adds an organisation to the register: it then resolves everywhere, travels with the decisions, and can go."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from cli import main
from index.deciding.exchange import export, import_file
from index.deciding.review import queue
from index.deciding.verdicts import added_organisation
from index.exporting.export import render
from index.exporting.sheet import head
from index.findings import findings
from index.knowledge_base import KnowledgeBase
from index.searching.search import search
from index.views import matrix
from schemas import PolicyError
from tests.decision_making import CITY, PARK
from tests.kb_making import Item, made, policy

OPEN = policy(
    "open-2023",
    "另一方案",
    [
        Item("三.1", "建设管廊", "建设公共管廊。", (("应急处", "牵头"), ("经发处", "配合"))),
        Item("三.2", "安全巡查", "开展安全巡查。", (("应急管理处", "责任部门"),)),
    ],
)
FULL = "上海化学工业区管理委员会应急管理处"


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    made(tmp_path / "kb", PARK, CITY, OPEN)
    return tmp_path / "kb"


def run(kb: Path, *words: str) -> int:
    return main([*words, "--kb", str(kb), *(["--who", "李四"] if words[0] not in ("search", "check") else [])])


def register(kb: Path) -> None:
    asked = ("register", FULL, "--aliases", "应急处、应急管理处", "--level", "园区", "--parent", "管委会")
    assert run(kb, *asked, "--why", "新设") == 0


def unknown(kb: Path) -> list[str]:
    with KnowledgeBase.open(kb) as opened:
        asked = [one.subject.item for one in queue(opened).items if one.reason == "department"]
        told = [one.message for one in findings(opened) if one.kind == "unknown_department"]
    assert len(asked) == len(told)
    return asked


def test_it_resolves_everywhere_at_once(kb: Path) -> None:
    assert unknown(kb) == ["应急处", "应急管理处"]
    register(kb)
    assert unknown(kb) == []
    for name in ("应急处", "应急管理处", FULL):
        assert [hit.ref for hit in search(kb, department=name).hits] == ["open-2023#三.1", "open-2023#三.2"]
    assert search(kb, department=FULL, role="牵头").total == 1
    assert search(kb, doc="open-2023").facets["department"][FULL] == 2
    with KnowledgeBase.open(kb) as opened:
        bodies = [body.canonical for task in opened.policy("open-2023").tasks for body in task.departments]
        assert bodies == [FULL, "scip-economy", FULL]
        rows = matrix(opened, department="应急管理处")
        assert [row.task for row in rows] == ["三.1", "三.2"]
        page, _ = render("csv", matrix(opened, doc="open-2023"), head(opened, rows, date(2025, 1, 1)), "grid")
    columns = page.decode("utf-8-sig")
    assert "应急处" in columns and ",应急管理处" not in columns  # one body, one column


def test_it_can_be_corrected_rejected_and_added_again(kb: Path) -> None:
    register(kb)
    assert run(kb, "correct", "登记:应急处", "--field", "别名", "--to", "应急处") == 0
    assert unknown(kb) == ["应急管理处"]
    assert search(kb, department=FULL).total == 1
    assert run(kb, "correct", "登记:应急处", "--field", "level", "--to", "火星") == 2
    assert run(kb, "reject", f"登记:{FULL}", "--why", "已撤销") == 0
    assert unknown(kb) == ["应急处", "应急管理处"] and search(kb, department=FULL).total == 0
    register(kb)
    assert unknown(kb) == []


def test_the_list_names_it(kb: Path, capsys: pytest.CaptureFixture[str]) -> None:
    register(kb)
    capsys.readouterr()
    assert run(kb, "register", "--json") == 0
    assert json.loads(capsys.readouterr().out) == [
        {
            "id": FULL,
            "name": FULL,
            "aliases": ["应急处", "应急管理处"],
            "level": "park",
            "parent": "scip-admin",
        }
    ]
    assert run(kb, "register") == 0
    assert "应急处、应急管理处" in capsys.readouterr().out


def test_it_travels_with_the_decisions(kb: Path, tmp_path: Path) -> None:
    register(kb)
    export(kb, tmp_path / "all.jsonl")
    made(tmp_path / "other" / "kb", OPEN)
    assert import_file(tmp_path / "other" / "kb", tmp_path / "all.jsonl") == (1, 1)
    assert search(tmp_path / "other" / "kb", department=FULL).total == 2
    made(tmp_path / "other" / "kb")
    assert search(tmp_path / "other" / "kb", department=FULL).total == 2


def test_a_name_that_another_body_has_is_refused(kb: Path) -> None:
    with KnowledgeBase.open(kb) as opened:
        for name, alias in (("上海化学工业区管理委员会", ()), (FULL, ("经发处",))):
            with pytest.raises(PolicyError, match="已是"):
                added_organisation(opened, name, "park", alias)
        with pytest.raises(PolicyError, match="没有部门叫"):
            added_organisation(opened, FULL, "park", (), "火星办")
        with pytest.raises(PolicyError, match="不能这样登记"):
            added_organisation(opened, " ", "park")


def test_a_body_does_not_stand_above_itself(kb: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(kb, "register", "甲委", "--level", "市级") == 0
    assert run(kb, "register", "乙委", "--level", "市级", "--parent", "甲委") == 0
    capsys.readouterr()
    assert run(kb, "correct", "登记:甲委", "--field", "parent", "--to", "乙委") == 2
    assert "绕成了圈：甲委 → 乙委 → 甲委" in capsys.readouterr().err
    assert run(kb, "correct", "登记:乙委", "--field", "parent", "--to", "管委会") == 0
