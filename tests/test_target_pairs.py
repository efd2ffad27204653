"""Targets of one indicator held against each other: by hand-made targets, and those of the bundled documents."""

from __future__ import annotations

import json
from typing import Any

import pytest

from index.linking.linker import rank, stands_above
from index.targets.comparison import compare
from index.targets.indicators import Commitment, commitments
from index.targets.matching import Matches, nearest, same_indicator
from tests import score
from tests.policies import policy, target
from tests.test_linking import GOLD, bundled


def in_words(indicator: str, words: str, year: int = 2025) -> Any:
    """A target without a number."""
    return target(indicator, None, year, quote=f"{indicator}{words}")


@pytest.mark.parametrize(
    ("lower", "upper", "relation"),
    [
        (target("大宗工业固废综合利用率", 99), target("大宗工业固体废物综合利用率", 98), "stricter"),
        (target("大宗工业固废综合利用率", 98), target("大宗工业固体废物综合利用率", 99), "weaker"),
        (target("一般工业固废综合利用率", 95), target("一般工业固体废弃物综合利用率", 95), "same"),
        (target("岸电使用率", 60, 2024), target("岸电使用率", 80, 2030), "not_comparable"),
        (target("岸电使用率", 60, bound="<="), target("岸电使用率", 80), "conflict"),
        (target("岸电使用率", 60), target("岸电使用率", 80, verified=False), "not_comparable"),
        (target("岸电使用率", 60, unit="座"), target("岸电使用率", 80), "not_comparable"),
        (in_words("单位生产总值能耗", "确保完成国家下达指标"), target("单位生产总值能耗", 14), "not_comparable"),
        (in_words("单位工业增加值能耗", "降幅大于全社会降幅"), target("单位工业增加值能耗", 14), "not_comparable"),
        (in_words("碳排放总量", "不增加", 2030), in_words("单位产值碳排放", "降幅大于全市"), "not_comparable"),
        (in_words("单位产值碳排放", "降幅大于全市"), in_words("碳排放总量", "不增加", 2030), "weaker"),
        (in_words("碳排放总量", "不增加"), in_words("碳排放总量", "不增加"), "same"),
    ],
)
def test_targets_are_compared(lower: Any, upper: Any, relation: str) -> None:
    below = policy("b", "park", [], date="2023-01-01", targets=[lower])
    above = policy("a", "municipal", [], targets=[upper])
    assert [pair.relation for pair in compare([below, above])] == [relation]
    assert all(pair.reason for pair in compare([below, above]))


def test_targets_of_different_indicators_are_not_compared() -> None:
    below = policy("b", "park", [], date="2023-01-01", targets=[target("大宗工业固废综合利用率", 99)])
    above = policy("a", "municipal", [], targets=[target("一般工业固废综合利用率", 95), target("森林覆盖率", 20)])
    assert compare([below, above]) == ()


def test_an_unchecked_number_is_named_as_the_reason() -> None:
    below = policy("b", "park", [], date="2023-01-01", targets=[target("岸电使用率", 60)])
    above = policy("a", "municipal", [], targets=[target("岸电使用率", 80, verified=False)])
    assert "未经核对" in compare([below, above])[0].reason


def test_targets_of_the_bundled_documents_are_compared_as_readers_do() -> None:
    wanted = json.loads((GOLD / "alignment.json").read_text("utf-8"))["targets"]
    pairs = compare(bundled())

    def is_same(held: Commitment, row: dict[str, str]) -> bool:
        mine, theirs = score.norm(held.target.quote), score.norm(row["quote"])
        return held.doc == row["doc"] and (mine in theirs or theirs in mine)

    right = [
        any(
            pair.relation == row["relation"] and is_same(pair.lower, row["lower"]) and is_same(pair.upper, row["upper"])
            for pair in pairs
        )
        for row in wanted
    ]
    assert all(right), [row for row, found in zip(wanted, right, strict=True) if not found]


def test_targets_matched_by_what_they_measure_are_those_of_each_pair_of_documents() -> None:
    ranked = sorted(bundled(), key=rank)
    number = 0
    for lower in ranked:
        one_by_one = {
            (low.target.id, up.doc, up.target.id)
            for upper in ranked
            if stands_above(upper, lower)
            for low in commitments(lower)
            for up in nearest(low, [up for up in commitments(upper) if same_indicator(low, up, lower.logical_text)])
        }
        found = [(low.target.id, up.doc, up.target.id) for _, low, up in Matches(ranked).of(lower)]
        assert set(found) == one_by_one and len(found) == len(one_by_one)
        number += len(found)
    assert number == len(compare(ranked)) > 100
