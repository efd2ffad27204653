"""What `check` finds, and that it says what to do."""

from __future__ import annotations

from typing import get_args

import pytest

from index.findings import DEFECTS, findings
from index.linking.linker import link
from index.reports.answers import FINDING
from index.reports.policy import policy as lines_of
from schemas import Defect, Finding, Origin, Policy
from schemas.policy import DefectKind
from tests.policies import Held, policy, target

TASKS = [("推进岸电建设", "推进港口岸电设施建设。"), ("保护湿地", "保护滨海湿地。")]


def kinds(*policies: Policy) -> dict[str, Finding]:
    return {finding.kind: finding for finding in findings(Held(policies))}


def test_a_sound_document_has_no_findings() -> None:
    sound = policy("a", "municipal", TASKS, departments=["上海市生态环境局"])
    known = [task.departments[0].model_copy(update={"canonical": "sh-environment"}) for task in sound.tasks]
    tasks = [task.model_copy(update={"departments": (body,)}) for task, body in zip(sound.tasks, known, strict=True)]
    assert list(findings(Held([sound.model_copy(update={"tasks": tuple(tasks)})]))) == []


def test_a_lost_number_is_an_error_with_its_place_and_task() -> None:
    clean = policy("a", "municipal", TASKS)
    at = clean.tasks[1].origin.start
    defect = Defect(kind="missing_number", where="一.2", note="年份缺失", origin=Origin(line=2, start=at, end=at + 1))
    found = kinds(clean.model_copy(update={"defects": (defect,)}))["missing_number"]
    assert (found.severity, found.task) == ("error", "一.2")
    assert "年份缺失" in found.message and "补录" in found.message
    assert found.origin == defect.origin


@pytest.mark.parametrize("kind", get_args(DefectKind))
def test_every_kind_of_defect_has_its_name_and_its_advice(kind: DefectKind) -> None:
    defect = Defect(kind=kind, where="一.2", note="甲", origin=None)
    held = policy("a", "municipal", TASKS).model_copy(update={"defects": (defect,)})
    assert DEFECTS[kind][1] in kinds(held)[kind].message
    assert any(FINDING[kind] in line for line in lines_of(held, 80))


def test_an_unknown_department_is_named_once_with_advice() -> None:
    found = list(findings(Held([policy("a", "municipal", TASKS, departments=["星际航行处"])])))
    assert [one.kind for one in found] == ["unknown_department"]
    assert "星际航行处" in found[0].message and "登记表" in found[0].message


@pytest.mark.parametrize("name", ["各有关部门", "相关区政府", "地方各级党委和政府", "区内各企业"])
def test_a_name_for_bodies_of_a_kind_is_no_unknown_department_to_register(name: str) -> None:
    (found,) = findings(Held([policy("a", "municipal", TASKS, departments=[name])]))
    assert (found.kind, found.severity) == ("unnamed_bodies", "info")
    assert "没有点名" in found.message and "register" not in found.message


def test_a_document_without_any_department_is_one_finding() -> None:
    found = list(findings(Held([policy("a", "municipal", TASKS)])))
    assert [(one.kind, one.task) for one in found] == [("no_department", None)]
    assert "2 项任务" in found[0].message


def test_a_task_without_department_beside_others_is_named() -> None:
    whole = policy("a", "municipal", TASKS, departments=["市交通委"])
    bare = whole.tasks[1].model_copy(update={"departments": (), "departments_from": "none"})
    found = [
        one
        for one in findings(Held([whole.model_copy(update={"tasks": (whole.tasks[0], bare)})]))
        if one.kind == "no_department"
    ]
    assert [one.task for one in found] == ["一.2"]
    assert "保护湿地" in found[0].message


def test_an_outline_is_not_asked_for_departments() -> None:
    assert kinds(policy("a", "national", TASKS).model_copy(update={"text": "outline"})) == {}


def test_contradicting_and_weaker_targets_are_found() -> None:
    above = policy("a", "municipal", [], targets=[target("岸电使用率", 80)])
    cap = policy("b", "park", [], date="2023-01-01", targets=[target("岸电使用率", 60, bound="<=")])
    low = policy("b", "park", [], date="2023-01-01", targets=[target("岸电使用率", 60)])
    assert kinds(above, cap)["target_conflict"].severity == "error"
    assert kinds(above, low)["target_weaker"].severity == "warning"
    assert kinds(above, above.model_copy(update={"slug": "c", "date": "2024-01-01"})) == {}


def test_an_unchecked_target_makes_no_finding() -> None:
    above = policy("a", "municipal", [], targets=[target("岸电使用率", 80, verified=False)])
    low = policy("b", "park", [], date="2023-01-01", targets=[target("岸电使用率", 60)])
    assert kinds(above, low) == {}


def test_a_suspect_link_asks_to_be_confirmed_again() -> None:
    upper = policy("a", "municipal", TASKS, departments=["市交通委"])
    lower = policy("b", "park", TASKS, date="2023-01-01", departments=["市交通委"])
    links = [one.model_copy(update={"state": "suspect"}) for one in link((lower, upper)) if one.grade == 3]
    found = [one for one in findings(Held((upper, lower), links)) if one.kind == "suspect_link"]
    assert links and len(found) == len(links)
    assert "重新确认" in found[0].message


def test_an_empty_knowledge_base_has_no_findings() -> None:
    assert list(findings(Held([]))) == []
