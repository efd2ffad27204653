"""Links in fields that no bundled document is about: invented pairs, some of which the weights have never seen."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from corpus import read
from extract import extract
from index.linking.coverage import coverage
from index.linking.linker import link
from schemas import Link, Policy
from tests import score
from tests.test_linking import GOLD, bundled

HERE = Path(__file__).parent / "cases" / "links"
FITTED, UNSEEN = (sorted(folder.glob("*.json")) for folder in (HERE, HERE / "unseen"))


class Linked(NamedTuple):
    """A labelled pair of documents, linked by itself."""

    lower: Policy
    upper: Policy
    links: tuple[Link, ...]
    gold: dict[str, Any]


@cache
def linked(file: Path) -> Linked:
    """Labels of tasks that extraction has lost are left out: they are no matter of linking."""
    gold = json.loads(file.read_text("utf-8"))
    first = gold["pairs"][0]
    lower, upper = (
        extract(read(HERE / "docs" / f"{first[side]['doc']}.txt"), slug=first[side]["doc"])
        for side in ("lower", "upper")
    )
    known = {side: {task.id for task in one.tasks} for side, one in (("lower", lower), ("upper", upper))}
    kept = [pair for pair in gold["pairs"] if all(pair[side]["task"] in known[side] for side in known)]
    assert len(kept) >= len(gold["pairs"]) - 3
    return Linked(lower, upper, link([lower, upper]), {**gold, "pairs": kept})


def together(files: list[Path], folder: Path) -> dict[str, Any]:
    """What the scorer says of all pairs of documents at once."""
    pairs = [linked(file) for file in files]
    gold, found = folder / "gold.json", folder / "found.json"
    gold.write_text(json.dumps({"pairs": [row for one in pairs for row in one.gold["pairs"]]}), "utf-8")
    found.write_text(json.dumps([row.model_dump(mode="json") for one in pairs for row in one.links]), "utf-8")
    return score.alignment(gold, found)


def test_pairs_that_no_weight_was_fitted_to(tmp_path: Path) -> None:
    result = together(UNSEEN, tmp_path)
    assert result["links"]["f1"] >= 0.81, result["missed"] + result["spurious"]
    assert result["first_is_right"] >= 0.96
    assert result["plain_links_found"] >= 0.92


def test_pairs_of_other_fields_that_were_fitted_to(tmp_path: Path) -> None:
    result = together(FITTED, tmp_path)
    assert result["links"]["f1"] >= 0.86, result["missed"] + result["spurious"]
    assert result["first_is_right"] >= 0.96


def test_links_do_not_get_lost_among_many_documents(tmp_path: Path) -> None:
    """The bundled documents among those of other fields: more than are linked in depth."""
    others = [one for file in (*FITTED, *UNSEEN) for one in linked(file)[:2]]
    found = tmp_path / "found.json"
    links = link([*bundled(), *others])
    found.write_text(json.dumps([one.model_dump(mode="json", exclude={"evidence"}) for one in links]), "utf-8")
    result = score.alignment(GOLD / "alignment.json", found)
    assert result["links"]["f1"] >= 0.81
    assert result["first_is_right"] >= 0.95


def states(file: Path, kind: str) -> list[str]:
    """What is said of the upper tasks that the labels list as ``kind``."""
    one = linked(file)
    found = {row.upper.task: row.state for row in coverage(one.upper, one.lower, one.links, {})}
    return [found[row["upper"]["task"]] for row in one.gold.get(kind, [])]


@pytest.mark.parametrize("file", [*FITTED, *UNSEEN], ids=lambda file: file.stem)
def test_what_nobody_carries_out_is_no_covered_task(file: Path) -> None:
    assert "covered" not in states(file, "uncovered")


@pytest.mark.parametrize("files", [FITTED, UNSEEN], ids=["fitted", "unseen"])
def test_what_nobody_carries_out_is_a_gap(files: list[Path]) -> None:
    found = [state for file in files for state in states(file, "uncovered")]
    assert sum(state in ("gap", "not_applicable") for state in found) >= 0.6 * len(found)


@pytest.mark.parametrize("files", [FITTED, UNSEEN], ids=["fitted", "unseen"])
def test_what_is_of_another_field_is_told_from_a_gap(files: list[Path]) -> None:
    found = [state for file in files for state in states(file, "outside_field")]
    assert found.count("not_applicable") >= 0.6 * len(found)
