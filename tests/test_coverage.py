"""How far a lower document carries out an upper one: states, measures one by one, and what is of another field."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from index.linking.coverage import counted, coverage, gaps
from index.linking.fields import Field, about
from index.linking.linker import link
from index.reports.answers import measures_near
from index.reports.links import covered
from schemas import Level, Task
from tests.policies import Held, office, policy
from tests.test_linking import CITY, GOLD, PARK, bundled, bundled_links, outlined


def test_a_task_carried_out_as_a_whole_tells_the_measures_of_which_little_or_nothing_is_found() -> None:
    asked = f"{CITY.tasks[0].text}每季度编发工作简报。"
    upper = policy("city", "municipal", [("推进港区岸电建设", asked)], title=CITY.title)
    (row,) = coverage(upper, PARK, link([PARK, upper]), {})
    assert (row.state, row.measures) == ("covered", 3)
    assert row.missing_measures == ("每季度编发工作简报",)
    assert [(one.measure, one.tasks) for one in row.near_measures] == [("建立岸电运行台账", ("一.1",))]
    assert "所列 3 条举措中有 1 条未见对应内容、1 条只有相近内容，须逐一核对" in row.reason


def test_a_task_that_is_carried_out_by_its_title_alone_is_told_as_such() -> None:
    upper = policy("甲", "municipal", [("推进港区岸电建设", "编制布局图谱。遴选示范泊位。")], date="2020-01-01")
    lower = policy("乙", "park", [("推进港区岸电建设", "靠泊船舶优先使用岸电。")], date="2023-01-01")
    (row,) = coverage(upper, lower, link([upper, lower]), {})
    assert (row.state, row.measures, len(row.missing_measures)) == ("covered", 2, 2)
    assert "所列 2 条举措均未见对应内容，能否算作落实须人工核对" in row.reason
    assert "（1 项的举措均未见）" in next(covered([row], {}, 200))


def test_a_rare_piece_of_a_measure_that_is_not_taken_up_is_told_with_its_place() -> None:
    asked = "实施“领航计划”，每年培训船员三千人次，建成实训泊位两座。推进绿色低碳发展和管理。"
    upper = policy("甲", "municipal", [("加强航运人才队伍建设", asked)], date="2020-01-01")
    given = "用好“领航计划”政策，建设人才公寓，促进绿色低碳发展。"
    lower = policy("乙", "park", [("加强航运人才队伍建设", given)], date="2023-01-01")
    (row,) = coverage(upper, lower, link([upper, lower]), {})
    first = asked.partition("。")[0]
    assert [one.measure for one in row.near_measures] == [first]
    assert [(one.measure, one.text, one.task) for one in row.echoes] == [(first, "领航计划", "一.1")]
    assert measures_near(row) == [f"{first}〔一.1，“领航计划”〕"]


@pytest.mark.parametrize(
    ("term", "body", "named"),
    [
        ("储能", "鼓励企业配置储能设施。", True),
        ("全国节能宣传周", "办好节能宣传周活动。", True),
        ("可再生能源法", "提高可再生能源比重。", False),
        ("绿色金融标准", "发展绿色金融。", False),
    ],
)
def test_a_key_term_of_an_outline_is_named_by_its_end(term: str, body: str, named: bool) -> None:
    upper = outlined("甲", [("促进航运绿色转型", "促进航运绿色转型。")], "2020-01-01")
    upper = upper.model_copy(
        update={"tasks": (upper.tasks[0].model_copy(update={"key_terms": (term,), "measures": ()}),)}
    )
    lower = policy("乙", "park", [("促进航运绿色转型", body)], date="2023-01-01")
    (row,) = coverage(upper, lower, link([upper, lower]), {})
    assert row.lower and bool(row.missing_measures) != named


def unnamed(task: Task, said: str, level: Level = "municipal") -> tuple[str, ...]:
    """The fields that a task is about and that a document with this task does not mention."""
    return Field(policy("below", level, [("开展工作", said)])).unnamed(about(task))


def test_a_task_of_a_field_that_the_lower_document_never_names_is_outside_it() -> None:
    assert unnamed(CITY.tasks[2], "推进岸电") == ("钢铁",)
    assert unnamed(CITY.tasks[2], "推进高炉改造") == ()
    assert unnamed(CITY.tasks[0], "恢复滩涂") == ()


def test_fields_of_town_and_country_are_outside_for_a_park_alone() -> None:
    boats = policy("city", "municipal", [("农机和渔业船舶", "整治渔船脱检脱管。")]).tasks[0]
    assert unnamed(boats, "码头靠泊船舶逐项确认", "park") == ("农机渔业",)
    assert unnamed(boats, "码头靠泊船舶逐项确认", "district") == ()
    assert unnamed(boats, "港内渔船和货运船舶限期检验", "park") == ()


def test_what_an_office_of_town_or_country_leads_is_outside_for_a_park() -> None:
    text = "开展田头堆肥，发展种养结合。（责任单位：市农业农村局、市生态环境局）"
    upper = policy("city", "municipal", [("促进尾菜就地处理", text)])
    lower = policy("park", "park", [("推进岸电", "推进岸电设施改造。")])
    led = upper.tasks[0].model_copy(
        update={"departments": (office("市农业农村局"), office("市生态环境局")), "departments_from": "own"}
    )
    assert Field(lower).why_outside(led) == "任务由市农业农村局牵头，园区没有农业农村方面的职能"
    assert Field(lower).why_outside(led.model_copy(update={"departments": led.departments[::-1]})) is None
    assert Field(lower).why_outside(led.model_copy(update={"departments_from": "group"})) is None
    assert Field(lower.model_copy(update={"level": "district"})).why_outside(led) is None


def test_gaps_and_other_fields_of_the_bundled_plan_and_scheme() -> None:
    """Of what careful readers found uncovered three in four are told as gaps, and all that is of another field."""
    gold = json.loads((GOLD / "alignment.json").read_text("utf-8"))
    documents = {one.slug: one for one in bundled()}

    def state(row: dict[str, Any]) -> str:
        upper, lower = documents[row["upper"]["doc"]], documents[row["lower_doc"]]
        found = coverage(upper, lower, bundled_links(), {})
        return next(one.state for one in found if one.upper.task == row["upper"]["task"])

    assert sum(state(row) == "gap" for row in gold["uncovered"]) >= 3
    assert [state(row) for row in gold["outside_field"]] == ["not_applicable"] * 2


def test_states_are_counted_as_they_are_told() -> None:
    kb = Held(bundled(), bundled_links())
    for upper, lower in (
        ("shanghai-industry-carbon-peak-2022", "scip-carbon-peak-2023"),
        ("cn-carbon-peak-2030", "scip-carbon-peak-2023"),
    ):
        said = {"三.一": "园区没有这类企业"}
        assert counted(kb, upper, lower, said) == Counter(row.state for row in gaps(kb, upper, lower, said))
    assert not counted(kb, "scip-carbon-peak-2023", "scip-carbon-peak-2023", {})
