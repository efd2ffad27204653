"""Targets compared, case by case: two sentences (`cases/targets.toml`), two documents (`cases/target_documents.toml`)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from corpus import read_text
from extract import extract
from index.targets.comparison import NAMES, TargetPair, compare
from schemas import Level, Policy

CASES = Path(__file__).parent / "cases"
ROWS = tomllib.loads((CASES / "targets.toml").read_text("utf-8"))["rows"]
DOCUMENTS = tomllib.loads((CASES / "target_documents.toml").read_text("utf-8"))["documents"]


def document(slug: str, level: Level, title: str, sentence: str) -> Policy:
    text = f"{title}\n\n一、主要目标\n\n{sentence}\n\n二、重点任务\n\n1.加强统筹协调。建立工作台账，定期会商。\n"
    return extract(read_text(text), slug=slug, level=level)


@pytest.mark.parametrize(("lower", "upper", "relation"), ROWS)
def test_how_a_target_stands_to_the_one_above(lower: str, upper: str, relation: str) -> None:
    assert relation in NAMES or relation == "none"
    below = document("below", "park", "东港园区绿色发展实施方案", lower)
    above = document("above", "municipal", "东港市绿色发展行动计划", upper)
    assert below.targets and above.targets
    found = compare([below, above])
    assert {pair.relation for pair in found} == ({relation} - {"none"}), [pair.reason for pair in found]
    assert all(pair.reason for pair in found)


@pytest.mark.parametrize("case", DOCUMENTS, ids=lambda case: case["lower"])
def test_the_targets_of_two_documents_are_paired_as_a_reader_does_and_no_others(case: dict[str, Any]) -> None:
    def read(side: str) -> Policy:
        text = (CASES / "links" / "docs" / f"{case[side]}.txt").read_text("utf-8")
        return extract(read_text(text), slug=case[side], level=case[f"{side}_level"])

    def is_of(pair: TargetPair, row: list[str]) -> bool:
        return all(
            words in one.target.quote or one.target.quote in words
            for words, one in zip(row, (pair.lower, pair.upper), strict=False)
        )

    found = compare([read("lower"), read("upper")])
    wanted = [(row, {pair.relation for pair in found if is_of(pair, row)}) for row in case["rows"]]
    assert [row for row, relations in wanted if row[2] not in relations] == []
    known = [*case["rows"], *case["open"]]
    assert [pair.lower.target.quote for pair in found if not any(is_of(pair, row) for row in known)] == []


@pytest.mark.parametrize(
    ("lower", "upper", "relation"),
    [
        ("到2027年，原油炼油加工能力达到1500万吨以上。", "到2027年，炼油加工能力控制在1200万吨以内。", "localised"),
        ("到2025年，港口岸电使用率控制在60%以内。", "到2025年，岸电使用率达到80%以上。", "not_comparable"),
        ("到2025年，港口机械用电量增长5%。", "到2025年，机械用电量下降10%。", "not_comparable"),
        ("到2025年，煤炭消费总量较2020年增长不超过5%。", "到2025年，煤炭消费总量较2020年下降10%。", "weaker"),
        ("到2025年，煤电装机达到80万千瓦。", "到2027年，煤电装机控制在60万千瓦以内。", "not_comparable"),
        ("到2025年，总投资控制在4600万元以内。", "到2025年，总投资不低于150亿元。", "none"),
    ],
)
def test_what_is_not_surely_one_quantity_in_one_year_is_no_conflict(lower: str, upper: str, relation: str) -> None:
    test_how_a_target_stands_to_the_one_above(lower, upper, relation)


def test_numbers_of_a_list_whose_members_cannot_be_told_are_held_against_nothing() -> None:
    below = document("below", "park", "东港园区绿色发展实施方案", "到2025年，重点用能单位和公共机构分别下降8%、5%。")
    above = document("above", "municipal", "东港市绿色发展行动计划", "到2025年，重点用能单位和公共机构分别下降6%、4%。")
    assert len(below.targets) == len(above.targets) == 2
    assert compare([below, above]) == ()
