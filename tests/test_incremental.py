"""A knowledge base that grows links what is new, not everything again; and what it keeps is what linking all gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.knowledge_base import KnowledgeBase
from index.linking import linker as linking
from schemas import LEVELS, Level, Link, Policy
from tests.kb_making import made
from tests.policies import policy

THINGS = ("岸电设施", "滨海湿地", "氢能重卡", "余热管网", "雨水花园", "光伏车棚", "危废仓库", "数字航道")
Pairs = list[tuple[str, str]]


def document(number: int, level: Level = "municipal", more: str = "") -> Policy:
    tasks = [(f"推进{thing}建设", f"在第{number}片区新建{thing}，当年完成验收{more}。") for thing in THINGS]
    return policy(f"d{number}", level, tasks, title=f"第{number}片区方案", date=f"20{number + 10}-01-01")


@pytest.fixture
def graded() -> Iterator[Pairs]:
    """The pairs of tasks that were graded, by their documents (lower, upper)."""
    seen: Pairs = []
    own = linking.named

    def counted(policies, texts, lower, upper):  # type: ignore[no-untyped-def]
        seen.extend((texts[a].ref.doc, texts[b].ref.doc) for a, b in zip(lower, upper, strict=True))
        return own(policies, texts, lower, upper)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linking, "named", counted)
        yield seen


def links_of(kb: Path) -> dict[tuple[str, str], Link]:
    with KnowledgeBase.open(kb) as held:
        return {(str(link.lower), str(link.upper)): link for link in held.links()}


def test_only_pairs_with_a_new_document_are_linked(tmp_path: Path, graded: Pairs) -> None:
    documents = [document(number) for number in range(6)]
    made(tmp_path / "kb", *documents[:5])
    assert len(set(graded)) == 10
    graded.clear()
    made(tmp_path / "kb", *documents)
    assert set(graded) == {("d5", f"d{number}") for number in range(5)}


def test_only_pairs_with_a_changed_document_are_linked(tmp_path: Path, graded: Pairs) -> None:
    documents = [document(number) for number in range(5)]
    made(tmp_path / "kb", *documents)
    graded.clear()
    made(tmp_path / "kb", *documents[:4], document(4, more="并备案"))
    assert {"d4"} == set.intersection(*map(set, graded)) and len(set(graded)) == 4
    graded.clear()
    made(tmp_path / "kb", *documents[:4], document(4, more="并备案"))
    assert graded == []


def test_what_grows_by_documents_is_what_is_linked_at_once(tmp_path: Path) -> None:
    documents = [document(number, "park" if number > 4 else "municipal") for number in range(7)]
    made(tmp_path / "one" / "kb", *documents[:6])
    made(tmp_path / "one" / "kb", *documents)
    made(tmp_path / "all" / "kb", *documents)
    grown, whole = links_of(tmp_path / "one" / "kb"), links_of(tmp_path / "all" / "kb")
    assert len(grown.keys() ^ whole.keys()) <= 0.02 * len(whole)
    shared = grown.keys() & whole.keys()
    assert all(grown[pair] == whole[pair] for pair in shared if "d6#" in pair[0])
    assert sum(abs(grown[pair].score - whole[pair].score) < 0.05 for pair in shared) >= 0.95 * len(shared)


def test_after_much_growth_all_is_linked_anew(tmp_path: Path, graded: Pairs) -> None:
    made(tmp_path / "kb", *(document(number) for number in range(3)))
    graded.clear()
    made(tmp_path / "kb", *(document(number) for number in range(5)))
    assert ("d1", "d0") in graded


def test_what_a_changed_document_no_longer_says_is_not_kept(tmp_path: Path) -> None:
    documents = [document(number) for number in range(5)]
    made(tmp_path / "kb", *documents)
    assert any("d4#" in low for low, _ in links_of(tmp_path / "kb"))
    other = policy("d4", "municipal", [("召开年会", "召开年会。")], title="第4片区方案", date="2014-01-01")
    made(tmp_path / "kb", *documents[:4], other)
    assert not [low for low, _ in links_of(tmp_path / "kb") if low.startswith("d4#一.8")]


def test_of_many_documents_a_changed_one_gets_the_links_that_linking_all_gives_it() -> None:
    documents = [document(number, LEVELS[number % 5]) for number in range(30)]
    own = [one for one in linking.link(documents) if "d7" in (one.lower.doc, one.upper.doc)]
    alone = linking.link(documents, changed={"d7"})
    assert own and list(map(said, alone)) == list(map(said, own))
    assert linking.link(documents, changed=()) == ()


def said(link: Link) -> tuple[object, ...]:
    """All of a link but its fragments, which wait, in a large collection, until the link is looked at."""
    return link.lower, link.upper, link.grade, link.score, link.relation, link.evidence.signals
