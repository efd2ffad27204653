"""A knowledge base held in memory says what the one on disk says, and makes anew only what a decision concerns."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from index import views
from index.deciding import history
from index.deciding.verdicts import wish
from index.findings import findings
from index.knowledge_base import KnowledgeBase
from index.snapshot import Keeper, Snapshot
from schemas import NotFound, Subject

PARK, CITY = "scip-carbon-peak-2023", "shanghai-industry-carbon-peak-2022"


@pytest.fixture
def kb(knowledge_base: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(knowledge_base, tmp_path / "kb"))


def decide(kb: Path, verdict: str, subject: Subject, **said: object) -> None:
    with KnowledgeBase.open(kb) as now:
        made = wish(now, verdict, subject, **said)  # type: ignore[arg-type]
    history.decide(kb, "张三", made)


def alike(snapshot: Snapshot, kb: Path) -> None:
    """Every answer of the snapshot is the one that the disk gives."""
    with KnowledgeBase.open(kb) as disk:
        assert snapshot.policies() == disk.policies()
        assert sorted(map(str, snapshot.links())) == sorted(map(str, disk.links()))
        for side in ({"lower": PARK}, {"upper": CITY}, {"lower": PARK, "upper": CITY}):
            assert snapshot.links(**side) == disk.links(**side)
        kept = [(str(one.lower), str(one.upper), one.grade) for one in disk.links() if one.state != "rejected"]
        assert sorted(snapshot.edges()) == sorted(kept)
        assert list(findings(snapshot)) == list(findings(disk))
        assert [snapshot.row(f"{row.doc}#{row.task}") for row in views.matrix(disk)] == list(views.matrix(disk))
        assert snapshot.not_applicable(CITY, PARK) == disk.not_applicable(CITY, PARK)


def test_it_says_what_the_disk_says(kb: Path) -> None:
    alike(Keeper(kb).now(), kb)


def test_decisions_are_seen_and_only_their_documents_are_made_anew(kb: Path) -> None:
    keeper = Keeper(kb)
    first = keeper.now()
    assert keeper.now() is first
    task = Subject(kind="task", doc=PARK, item="七.2")
    decide(kb, "correct", task, field="title", after="提升清洁生产")
    second = keeper.now()
    assert second.task(f"{PARK}#七.2")[1].title == "提升清洁生产"
    assert first.task(f"{PARK}#七.2")[1].title != "提升清洁生产"
    assert all(second.policy(one.slug) is one for one in first.policies() if one.slug != PARK)
    assert second.measured != first.measured
    alike(second, kb)
    link = first.links(lower=PARK, upper=CITY)[0]
    about = Subject(kind="link", doc=PARK, item=link.lower.task, other_doc=CITY, other_item=link.upper.task)
    decide(kb, "reject", about)
    decide(kb, "reject", Subject(kind="task", doc=CITY, item="三.一"))
    decide(kb, "not_applicable", Subject(kind="coverage", doc=CITY, item="三.二", other_doc=PARK), why="园区没有")
    third = keeper.now()
    assert third.not_applicable(CITY, PARK) == {"三.二": "园区没有"}
    assert third.measured != second.measured
    alike(third, kb)


def test_what_is_not_there_is_told_with_near_names(kb: Path) -> None:
    snapshot = Keeper(kb).now()
    with pytest.raises(NotFound) as told:
        snapshot.task(f"{PARK}#七.99")
    assert f"{PARK}#七" in told.value.hint
    with pytest.raises(NotFound) as told:
        snapshot.task("scip-carbon-peak-2022#七.2")
    assert PARK in told.value.hint
