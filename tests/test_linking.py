"""Links between tasks: what is linked, what not, and how well on the labelled pairs."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.linking import texts
from index.linking.evidence import Region, fragments
from index.linking.grading import grader
from index.linking.linker import link, link_pair, stands_above
from index.linking.measures import is_ordered, nearness
from index.linking.signals import NAMES
from index.linking.thesaurus import LONGEST, thesaurus
from schemas import Citation, Link, Origin, Policy
from tests.policies import policy, target

GOLD = Path(__file__).parent / "gold"
CASES = Path(__file__).parent / "cases" / "links"

CITY = policy(
    "city",
    "municipal",
    [
        ("推进港区岸电建设", "推进港区岸电设施改造，到港船舶靠泊优先使用岸电。建立岸电运行台账。"),
        ("加强湿地保护修复", "实施滨海湿地保护修复工程，恢复滩涂植被。"),
        ("推进高炉改造", "推进高炉富氢冶炼改造，压减粗钢产能。"),
    ],
    title="某市绿色发展实施方案",
)
PARK = policy(
    "park",
    "park",
    [
        ("推进港区岸电建设", "推进港区岸电设施改造，到港船舶靠泊优先使用岸电。"),
        ("开展职工运动会", "每年举办一次职工运动会，丰富业余生活。"),
        ("恢复滩涂植被", "实施滨海湿地修复，恢复滩涂植被。"),
    ],
    title="某港区绿色发展实施方案",
    date="2023-01-01",
)


def found(links: tuple[Link, ...]) -> dict[tuple[str, str], Link]:
    return {(one.lower.task, one.upper.task): one for one in links}


def test_the_same_task_is_linked_and_comes_first() -> None:
    links = found(link([PARK, CITY]))
    assert links["一.1", "一.1"].grade == 3
    assert links["一.3", "一.2"].grade >= 2
    first = max((one for one in links.values() if one.lower.task == "一.1"), key=lambda one: one.score)
    assert first.upper.task == "一.1"


@pytest.mark.parametrize(
    ("lower", "relation"),
    [
        (["推进港区岸电设施改造，到港船舶靠泊优先使用岸电。建立岸电运行台账。"], "equal"),
        (["推进港区岸电设施改造。", "建立岸电运行台账，港区岸电优先供到港船舶靠泊使用。"], "superset"),
    ],
)
def test_one_task_equals_the_upper_one_and_two_that_share_it_are_less(lower: list[str], relation: str) -> None:
    tasks = [("推进港区岸电建设", body) for body in lower]
    links = link([CITY, policy("below", "park", tasks, title="某港区绿色发展实施方案", date="2023-01-01")])
    asserted = [one for one in links if one.upper.task == "一.1" and one.grade >= 2]
    assert [one.relation for one in asserted] == [relation] * len(lower)


def test_what_has_nothing_above_it_is_not_asserted() -> None:
    assert not [one for one in link([PARK, CITY]) if one.lower.task == "一.2" and one.grade >= 2]
    assert not [one for one in link([PARK, CITY]) if one.upper.task == "一.3" and one.grade >= 2]


def test_links_run_from_the_lower_to_the_upper_level_only() -> None:
    assert {(one.lower.doc, one.upper.doc) for one in link([CITY, PARK])} == {("park", "city")}


def test_within_a_level_a_plan_stands_above_a_scheme_and_the_older_above_the_newer() -> None:
    plan = policy("plan", "municipal", [("甲", "乙")], title="某市产业规划", date="2024-01-01")
    older = policy("older", "municipal", [("甲", "乙")], title="某市旧方案", date="2020-01-01")
    assert stands_above(plan, CITY) and not stands_above(CITY, plan)
    assert stands_above(older, CITY) and not stands_above(CITY, older)
    assert not stands_above(CITY, CITY)


def test_two_named_documents_are_linked_whatever_their_levels() -> None:
    assert found(link_pair(CITY, PARK))["一.1", "一.1"].grade >= 2


def test_fragments_stand_in_both_documents_and_signals_are_explained() -> None:
    documents = {"park": PARK, "city": CITY}
    links = link([PARK, CITY])
    assert any(one.evidence.fragments for one in links)
    for one in links:
        for piece in one.evidence.fragments:
            lower = documents[one.lower.doc].logical_text[piece.lower_start : piece.lower_end]
            upper = documents[one.upper.doc].logical_text[piece.upper_start : piece.upper_end]
            assert lower == upper == piece.text != ""
        assert one.evidence.signals and all(signal.note and 0 <= signal.value <= 1 for signal in one.evidence.signals)


def test_a_common_target_and_a_citation_are_named_as_reasons() -> None:
    place = Origin(line=1, start=PARK.tasks[0].origin.start, end=PARK.tasks[0].origin.start + 1)
    above = CITY.model_copy(update={"targets": (target("岸电使用率", 80, task="一.1"),)})
    below = PARK.model_copy(
        update={
            "targets": (target("岸电使用率", 60, task="一.1"),),
            "citations": (Citation(title=CITY.title, role="mention", origin=place),),
        }
    )
    signals = {signal.name: signal for signal in found(link([below, above]))["一.1", "一.1"].evidence.signals}
    assert "低于上级" in signals["target"].note
    assert signals["citation"].value == 1.0
    assert not {"target", "citation"} & {one.name for one in found(link([PARK, CITY]))["一.1", "一.1"].evidence.signals}


def test_stock_phrases_alone_make_no_link() -> None:
    lower = policy(
        "b", "park", [("加强组织", "大力推进相关工作，积极推动各项任务落实，进一步加强能力建设。")], date="2023-01-01"
    )
    upper = policy(
        "a",
        "municipal",
        [("发展海水养殖", "大力推进海水养殖，积极推动渔船更新，进一步加强渔港建设。"), ("修路", "修建公路。")],
    )
    assert not [one for one in link([lower, upper]) if one.grade >= 2]


def test_the_same_in_is_the_same_out() -> None:
    assert link([PARK, CITY]) == link([CITY, PARK, PARK])


@pytest.mark.parametrize(
    "policies",
    [
        [],
        [CITY],
        [CITY, CITY],
        [CITY, policy("empty", "park", [])],
        [policy("e1", "park", []), policy("e2", "municipal", [])],
        [policy("blank", "park", [("", "")]), CITY],
        [policy("blank", "park", [("", "　\n")]), policy("blank2", "municipal", [("", "。")])],
        [policy("odd", "park", [("\ud800", "𠀀𠀀𠀀\ud800\n")]), CITY],
    ],
)
def test_little_or_odd_input_gives_no_links_and_no_exception(policies: list[Policy]) -> None:
    assert [one for one in link(policies) if one.grade >= 2] == []


def outlined(slug: str, tasks: list[tuple[str, str]], date: str) -> Policy:
    return policy(slug, "national", tasks, title=f"{slug}行动方案", date=date).model_copy(update={"text": "outline"})


def test_between_outlines_only_titles_and_rare_terms_assert_a_link() -> None:
    upper = outlined(
        "甲",
        [("推进岸电设施改造", "推进岸电。"), ("加强湿地保护修复", "湿地。"), ("发展绿色金融", "信贷。")],
        "2020-01-01",
    )
    lower = outlined(
        "乙",
        [("推进岸电设施改造", "推进岸电。"), ("完善考核制度", "推进岸电，保护湿地。"), ("强化金融支持", "信贷。")],
        "2021-01-01",
    )
    links = found(link([upper, lower]))
    assert links["一.1", "一.1"].grade == 3
    assert links["一.3", "一.3"].grade == 2
    assert not [one for one in links.values() if one.lower.task == "一.2" and one.grade >= 2]


@pytest.mark.parametrize(
    ("title", "terms", "grade"),
    [
        ("推进港区岸电建设", ("岸电设施",), 3),
        ("促进航运绿色转型", ("岸电设施", "靠泊优先", "靠泊船舶"), 3),
        ("促进航运绿色转型", ("岸电设施", "清洁燃料", "甲醇加注", "绿色走廊"), 2),
    ],
)
def test_an_outline_is_carried_out_as_a_whole_by_a_like_title_or_most_of_its_terms(
    title: str, terms: tuple[str, ...], grade: int
) -> None:
    upper = outlined(
        "甲", [(title, "港口岸电设施改造，船舶靠泊优先使用岸电。"), ("发展海水养殖", "养殖。")], "2020-01-01"
    )
    first = upper.tasks[0].model_copy(update={"key_terms": terms})
    upper = upper.model_copy(update={"tasks": (first, *upper.tasks[1:])})
    body = "推进港区岸电设施改造，到港船舶靠泊优先使用岸电，靠泊船舶登记造册。"
    lower = policy("乙", "park", [("推进港区岸电建设", body), ("开展职工运动会", "每年举办。")], date="2023-01-01")
    assert found(link([upper, lower]))["一.1", "一.1"].grade == grade


def test_documents_of_one_level_on_different_subjects_are_told() -> None:
    from index.linking.limits import different

    body = {"issuers": ("某港区管理委员会",)}
    audit = policy("audit", "park", [], title="某港区清洁生产审核方案", date="2022-01-01").model_copy(update=body)
    peak = policy("peak", "park", [], title="某港区碳达峰实施方案", date="2023-01-01").model_copy(update=body)
    plan = policy("plan", "park", [], title="某港区产业发展规划")
    assert different(peak, audit)
    assert not different(peak, plan)
    assert not different(peak, peak.model_copy(update={"slug": "older", "title": "某港区碳达峰行动方案"}))
    assert not different(peak.model_copy(update={"basis": (audit.title,)}), audit)
    assert not different(peak, audit.model_copy(update={"level": "municipal"}))


def test_a_document_against_itself_has_no_links() -> None:
    assert link_pair(CITY, CITY) == ()


def test_the_model_is_small_and_every_signal_is_named() -> None:
    model = grader()
    assert all(NAMES.values())
    assert max(np.count_nonzero(one.weights) for one in (model.link, model.plain)) <= 20


def test_words_of_the_thesaurus_are_short_and_its_stock_is_no_notion() -> None:
    words = [word for row in thesaurus().notions.values() for word in row]
    assert not [word for word in words if not 2 <= len(word) <= LONGEST]
    assert not set(words) & set(thesaurus().stock)


def test_notions_are_found_in_any_of_their_words() -> None:
    assert {"碳捕集"} <= set(thesaurus().named("开展CCUS示范")) & set(thesaurus().named("二氧化碳捕集"))
    assert thesaurus().named("召开会议") == {}


@pytest.mark.parametrize(
    ("lower", "upper", "shown"),
    [
        (  # the first place of 清洁生产 is not where 审核 follows
            "深入开展清洁生产审核。",
            "提高清洁生产水平，推进清洁生产审核。",
            ["清洁生产审核"],
        ),
        (  # a number is shown whole or not at all
            "对年综合能耗5000吨标准煤以上的企业开展诊断。",
            "推动年综合能耗5000吨标准煤以上单位接入，管好10000吨标准煤以上的。",
            ["年综合能耗5000吨标准煤以上"],
        ),
        ("给予最高500万元支持，到2025年建成。", "每年安排1000万元，2025年完成。", []),
        ("推广电锅炉。（责任单位：市应急局、市工信局）", "建设管廊。（责任单位：市应急局、市工信局）", []),
        ("实施自动化改造。对老旧装置建档。", "完成设备更新改造。对标先进。", []),
        ("推进绿色微电网建设。积极发展风电。", "推进绿色微电网建设。积极引导。", ["推进绿色微电网建设"]),
        ("整治硝化、重氮化、过氧化工艺。", "淘汰氟化、重氮化、过氧化装置。", ["重氮化、过氧化"]),
    ],
)
def test_a_fragment_is_a_whole_piece_of_wording(lower: str, upper: str, shown: list[str]) -> None:
    found = fragments(Region(lower, 7), Region(upper, 90))
    assert [piece.text for piece in found] == shown
    for piece in found:
        assert lower[piece.lower_start - 7 : piece.lower_end - 7] == piece.text
        assert upper[piece.upper_start - 90 : piece.upper_end - 90] == piece.text


def test_fragments_overlap_in_neither_text() -> None:
    lower, upper = "推广分布式光伏和储能。建设光伏和储能示范。", "推广分布式光伏和储能示范。"
    found = sorted(fragments(Region(lower, 0), Region(upper, 0)), key=lambda piece: piece.upper_start)
    assert found and all(one.upper_end <= two.upper_start for one, two in pairwise(found))


def test_a_measure_is_taken_up_by_its_words_or_not() -> None:
    assert is_ordered("推进港区岸电设施改造", "本港区推进岸电设施改造工程")
    assert not nearness("建立岸电运行台账", "恢复滩涂植被")


def test_the_bracket_of_departments_is_not_compared() -> None:
    task = policy("p", "park", [("甲", "推进岸电。（责任部门：经发处、环保办）")]).tasks[0]
    assert texts.body_of(task) == "推进岸电。"


def test_what_is_all_about_a_branch_that_the_lower_document_never_names_is_no_link() -> None:
    """富氢 is shared with the furnaces' task and rare; the park has no furnaces."""
    lower = policy(
        "park", "park", [("推进富氢原料替代", "推进富氢冶炼原料替代，鼓励采用富氢原料。")], date="2023-01-01"
    )
    pair = found(link([lower, CITY])).get(("一.1", "一.3"))
    assert pair is None or pair.grade <= 1


def test_importing_linking_loads_nothing_heavy() -> None:
    heavy = ("numpy", "scipy", "whoosh", "jieba", "spacy")
    code = f"import sys, index.linking.linker; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@cache
def bundled() -> tuple[Policy, ...]:
    from corpus import catalogue, read
    from corpus.outlines import read_outline
    from extract import extract

    listed = catalogue.load()
    full = [extract(read(one.file), slug=one.slug, level=one.level, title=one.title) for one in listed.documents]
    return (*full, *map(read_outline, listed.outlines))


@cache
def bundled_links() -> tuple[Link, ...]:
    return link(bundled())


def scored(name: str, folder: Path) -> dict[str, Any]:
    gold, scorer = GOLD / name, Path(__file__).parent / "score.py"
    if not gold.exists() or not scorer.exists():
        pytest.skip("the labels are not here")
    links = folder / "links.json"
    links.write_text(json.dumps([one.model_dump(mode="json") for one in bundled_links()]), "utf-8")
    command = [sys.executable, str(scorer), "alignment", str(gold), str(links)]
    result: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return result


def test_links_of_the_bundled_documents(tmp_path: Path) -> None:
    result = scored("alignment.json", tmp_path)
    assert result["links"]["f1"] >= 0.82, result["missed"] + result["spurious"]
    assert result["first_is_right"] >= 0.95
    assert result["plain_links_found"] >= 0.95


def test_links_to_the_national_outlines(tmp_path: Path) -> None:
    result = scored("alignment-national.json", tmp_path)
    assert result["first_is_right"] >= 0.85
    assert result["plain_links_found"] >= 0.85


def test_bundled_evidence_stands_in_both_documents() -> None:
    documents = {one.slug: one.logical_text for one in bundled()}
    for one in bundled_links():
        for piece in one.evidence.fragments:
            assert documents[one.lower.doc][piece.lower_start : piece.lower_end] == piece.text
            assert documents[one.upper.doc][piece.upper_start : piece.upper_end] == piece.text


def test_shipped_weights_say_what_they_were_measured_on() -> None:
    import tomllib

    from index.linking import grading

    raw = tomllib.loads((Path(grading.__file__).parent / "weights.toml").read_text("utf-8"))
    assert raw["left_out"]["all full"]["f1"] >= 0.78
    assert raw["left_out"]["all full"]["first_is_right"] >= 0.95
    assert raw["left_out"]["all own labels"]["f1"] >= 0.90
    assert raw["left_out"]["all fields without rows"]["f1"] >= 0.80
    labels = [GOLD / "alignment.json", GOLD / "alignment-national.json"]
    labels += [*(GOLD.parent.parent / "bench" / "labels").glob("*.json"), *CASES.glob("*.json")]
    pairs = [pair for file in labels for pair in json.loads(file.read_text("utf-8"))["pairs"]]
    fitted = {f"{pair['lower']['doc']} → {pair['upper']['doc']}" for pair in pairs}
    assert {name.rpartition(" (")[0] for name in raw["left_out"] if " → " in name} == fitted
    assert set(raw["link"]["weights"]) | set(raw["plain"]["weights"]) < set(NAMES)
