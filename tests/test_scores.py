"""Figures against the labels of careful readers, as floors: the bundled documents, and invented ones in other forms."""

import json
from pathlib import Path

import pytest

from corpus import read
from corpus.catalogue import load
from extract import extract
from tests import score

HERE = Path(__file__).parent
FLOORS = dict.fromkeys(("tasks", "titles", "departments", "roles", "departments_from"), 0.98)
FLOORS |= {"task_ids": 0.97, "limits": 0.75, "defects": 0.90}
FLOORS |= dict.fromkeys(("targets", "target_years", "target_direction", "target_bound", "target_unit"), 0.95)
FLOORS |= dict.fromkeys(("sections", "projects", "phases", "metadata", "issuers", "basis"), 0.98)
INVENTED = FLOORS | dict.fromkeys(("division", "kinds", "task_ids", "targets"), 0.98)
INVENTED |= dict.fromkeys(("limits", "target_years", "target_direction", "target_bound"), 0.96)


def _scores(gold: Path, predicted: Path) -> dict[str, float]:
    return {key: row["f1"] for key, row in score.documents(gold, predicted)["all"].items()}


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    folder = tmp_path_factory.mktemp("bundled")
    for entry in load().documents:
        (folder / f"{entry.slug}.json").write_text(
            extract(read(entry.file), slug=entry.slug).model_dump_json(), "utf-8"
        )
    return _scores(HERE / "gold", folder)


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    folder = tmp_path_factory.mktemp("invented")
    for file in sorted((HERE / "cases" / "docs").glob("*.txt")):
        (folder / f"{file.stem}.json").write_text(extract(read(file)).model_dump_json(), "utf-8")
    return _scores(HERE / "cases" / "gold", folder)


@pytest.mark.parametrize("figure", FLOORS)
def test_bundled_documents(bundled: dict[str, float], figure: str) -> None:
    assert bundled[figure] >= FLOORS[figure]


@pytest.mark.parametrize("figure", INVENTED)
def test_invented_documents(invented: dict[str, float], figure: str) -> None:
    assert invented[figure] >= INVENTED[figure]


@pytest.mark.parametrize("file", sorted((HERE / "cases" / "gold").glob("*.json")), ids=lambda file: file.stem)
def test_deadlines_and_addressees(file: Path) -> None:
    gold = json.loads(file.read_text("utf-8"))
    found = extract(read(HERE / "cases" / "docs" / gold["file"]))
    due = {task["id"]: task["deadline"] for task in gold["tasks"] if task.get("deadline")}
    assert {task.id: task.deadline for task in found.tasks if task.deadline or task.id in due} == due
    assert list(found.addressees) == gold.get("addressees", list(found.addressees))


def test_the_labels_are_whole() -> None:
    for file in (HERE / "gold").glob("s*.json"):
        assert json.loads(file.read_text("utf-8"))["tasks"]
