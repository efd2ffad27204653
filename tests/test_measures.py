"""What becomes of each measure of an upper task: ordered below, something near it, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.fit_measures import CASES, figures, judged
from index.linking.coverage import clauses
from index.linking.measures import SHARES, fate, is_ordered, models, nearness, shares
from index.linking.texts import fold
from schemas import Task
from tests.policies import policy


def said(title: str, body: str) -> str:
    return fold(f"{title}\n{body}")


HERE = said("推进港区岸电建设", "推进港区岸电设施改造，到港船舶靠泊优先使用岸电。")


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("推进港区岸电设施改造", "ordered"),
        ("引导靠泊船舶优先使用岸电", "ordered"),
        ("建立岸电运行台账", "near"),
        ("每季度编发工作简报", "missing"),
        ("加强组织领导", "missing"),
        ("", "missing"),
    ],
)
def test_a_measure_is_ordered_near_or_missing(measure: str, expected: str) -> None:
    assert fate(shares(fold(measure), HERE), models()) == expected
    assert is_ordered(measure, HERE) == (expected == "ordered")
    assert bool(nearness(measure, HERE)) == (expected != "missing")


def test_a_reader_agrees_on_measures_that_nothing_was_fitted_to() -> None:
    rows = list(judged(CASES / "unseen.json"))
    assert len(rows) >= 590
    fates = [fate(one.shares, models()) for one in rows]
    told = figures([one.label for one in rows], fates)
    assert told["ordered_is_ordered"] >= 0.82 and told["ordered_is_at_least_near"] >= 0.94
    assert told["ordered_found"] >= 0.5
    assert told["missing_is_missing"] >= 0.8 and told["missing_is_ordered"] <= 0.08


def test_each_measure_keeps_its_words_and_has_one_fate() -> None:
    upper = policy("a", "municipal", [("岸电", "推进港区岸电设施改造。建立岸电运行台账。每季度编发工作简报。")]).tasks[
        0
    ]
    lower: tuple[Task, ...] = policy("b", "park", [("岸电", "推进港区岸电设施改造。"), ("其他", "修建公路。")]).tasks
    found = clauses(upper, lower)
    assert [one.text for one in found] == [one.text for one in upper.measures]
    assert [(one.taken_by, one.near) for one in found] == [(("一.1",), ()), ((), ("一.1",)), ((), ())]


@given(st.text(max_size=60), st.text(max_size=60))
def test_shares_of_any_texts_are_numbers_and_what_is_the_same_is_said(measure: str, other: str) -> None:
    found = shares(fold(measure), fold(other))
    assert len(found) == len(SHARES) and all(0 <= value < 100 for value in found)
    assert shares(fold(measure), fold(other)) == found
    assert all(value <= 1 for value in found[:3])
