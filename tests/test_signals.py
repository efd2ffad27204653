"""Signals of links that tell something where the words of two tasks do not: offices, and what stands beside a task."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from index.linking import signals, texts
from index.linking.linker import link
from index.linking.offices import competences, of_town, offices
from schemas import Policy
from tests.policies import office, policy


def led_by(one: Policy, names: Sequence[str]) -> Policy:
    """The document with one office named for each task."""
    tasks = tuple(
        task.model_copy(update={"departments": (office(name),), "departments_from": "own"})
        for task, name in zip(one.tasks, names, strict=True)
    )
    return one.model_copy(update={"tasks": tasks})


def in_sections(one: Policy, ids: Sequence[str]) -> Policy:
    return one.model_copy(
        update={"tasks": tuple(task.model_copy(update={"id": id}) for task, id in zip(one.tasks, ids, strict=True))}
    )


def table(name: str, upper: Policy, lower: Policy) -> np.ndarray:
    """The signal of each pair, lower tasks × upper tasks."""
    read = texts.read([upper, lower])
    above, below = len(upper.tasks), len(lower.tasks)
    low, up = np.repeat(np.arange(above, above + below), above), np.tile(np.arange(above), below)
    found = signals.signals(signals.board(read), low, up, np.zeros(len(low)))
    return found[:, list(signals.NAMES).index(name)].reshape(below, above)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("市经济信息化委", "经发处"),
        ("省工业和信息化厅", "区经信局"),
        ("市生态环境局", "环保办"),
        ("市应急管理局", "安监处"),
        ("市规划资源局", "规划建设局"),
        ("市地方金融监管局", "财政金融局"),
        ("市机关事务管理局", "机关后勤中心"),
    ],
)
def test_offices_of_two_levels_that_answer_for_the_same_share_a_competence(one: str, other: str) -> None:
    assert set(competences(one)) & set(competences(other))


@pytest.mark.parametrize(("one", "other"), [("市财政局", "市水务局"), ("环保办", "经发处"), ("市统计局", "市司法局")])
def test_offices_that_answer_for_other_things_share_none(one: str, other: str) -> None:
    assert competences(one) and competences(other) and not set(competences(one)) & set(competences(other))


def test_competences_of_town_are_rows_of_the_table() -> None:
    assert {of_town([words[0]]) for words in offices().values()} >= {"农业农村", "文化旅游", "邮政"}


def test_the_office_tells_a_task_whose_words_are_all_others() -> None:
    bodies = [("甲", "安排专项资金。"), ("乙", "修复湿地。"), ("丙", "开展演练。")]
    upper = led_by(policy("city", "municipal", bodies), ["市财政局", "市生态环境局", "市应急局"])
    lower = led_by(
        policy("park", "park", [("丁", "推出能效贷。"), ("戊", "种植芦苇。"), ("己", "检查库房。")]),
        ["财政金融局", "环保办", "安监处"],
    )
    found = table("offices", upper, lower)
    assert found.argmax(axis=1).tolist() == [0, 1, 2]
    assert found[0, 1] == found[1, 2] == 0


def test_an_office_that_answers_for_everything_tells_nothing() -> None:
    bodies = [("甲", "修路。"), ("乙", "种树。"), ("丙", "清淤。")]
    upper = led_by(policy("city", "municipal", bodies), ["市发展改革委"] * 3)
    lower = led_by(policy("park", "park", bodies), ["发改处"] * 3)
    mixed = led_by(policy("park", "park", bodies), ["发改处", "环保办", "发改处"])
    assert table("offices", upper, lower).max() <= 0.05
    assert table("offices", upper, mixed).max() <= 0.1


def test_what_stands_beside_a_task_tells_the_section_that_it_belongs_to() -> None:
    """The vague third task stands among those of the first section above."""
    upper = in_sections(
        policy(
            "city",
            "municipal",
            [
                ("建设岸电设施", "改造港区岸电。"),
                ("更新港作机械", "更新港作机械。"),
                ("修复滩涂", "恢复滩涂植被。"),
                ("增殖放流", "开展增殖放流。"),
            ],
        ),
        ["二.1", "二.2", "三.1", "三.2"],
    )
    lower = in_sections(
        policy(
            "park",
            "park",
            [
                ("岸电", "改造港区岸电。"),
                ("机械", "更新港作机械。"),
                ("其他", "做好配套。"),
                ("植被", "恢复滩涂植被。"),
            ],
        ),
        ["一.1", "一.2", "一.3", "二.1"],
    )
    found = table("sections", upper, lower)
    assert found[2].tolist() == [1.0, 1.0, 0.0, 0.0]
    assert found[3].tolist() == [0.0] * 4  # nothing stands beside it
    assert found[0].tolist() == [1.0, 1.0, 0.0, 0.0]


def test_tasks_without_sections_have_none() -> None:
    bodies = [("岸电", "改造港区岸电。"), ("植被", "恢复滩涂植被。")]
    flat = in_sections(policy("city", "municipal", bodies), ["1", "2"])
    assert not table("sections", flat, in_sections(policy("park", "park", bodies), ["1", "2"])).any()
    assert not table("sections", flat, policy("park", "park", bodies)).any()


def test_offices_that_answer_for_the_same_are_named_in_the_evidence() -> None:
    bodies = [("修复滩涂", "修复滩涂湿地。"), ("岸电", "改造港区岸电。"), ("机械", "更新港作机械。")]
    upper = led_by(policy("city", "municipal", bodies), ["市生态环境局", "市交通委", "市财政局"])
    lower = led_by(policy("park", "park", bodies, date="2023-01-01"), ["环保办", "规建处", "计财处"])
    notes = [signal.note for one in link([lower, upper]) for signal in one.evidence.signals if signal.name == "offices"]
    assert "责任部门职能对应：环保办／市生态环境局" in notes and "责任部门职能对应：计财处／市财政局" in notes
