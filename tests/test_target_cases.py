"""Targets compared, case by case (`cases/targets.toml`): from two sentences to how the one stands to the other."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from corpus import read_text
from extract import extract
from index.targets.comparison import NAMES, compare
from schemas import Level, Policy

ROWS = tomllib.loads((Path(__file__).parent / "cases" / "targets.toml").read_text("utf-8"))["rows"]


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
