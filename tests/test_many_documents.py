"""Links among many documents, of which only the nearest of each task are computed ahead."""

from __future__ import annotations

import pytest

from index.linking import candidates
from index.linking.citing import named_by, namings
from index.linking.coverage import gaps
from index.linking.linker import FEW, link
from index.linking.pairs import links_of
from schemas import Citation, Link, Origin, Policy, TaskRef
from tests.policies import Held, policy

SAME = "推进港区岸电设施改造，到港船舶靠泊优先使用岸电。"
CITY = policy("city", "municipal", [("推进岸电建设", f"{SAME}建立岸电使用台账。")], title="某市绿色港口实施方案")
PARK = policy("park", "park", [("推进岸电建设", SAME)], title="某港区绿色发展实施方案", date="2023-01-01")
NEARER = tuple(
    policy(f"other-{number:02d}", "municipal", [("推进岸电建设", SAME)], title=f"第{number}号绿色港口实施方案")
    for number in range(FEW + 5)
)
PAIR = TaskRef(doc="park", task="一.1"), TaskRef(doc="city", task="一.1")


@pytest.fixture(autouse=True)
def a_large_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    """As few candidates as among very many tasks."""
    monkeypatch.setattr(candidates, "PAIRS", 1)


def naming(title: str) -> Policy:
    cited = Citation(title=title, role="basis", origin=Origin(line=1, start=0, end=1))
    return PARK.model_copy(update={"citations": (cited,)})


def pairs(links: tuple[Link, ...]) -> set[tuple[TaskRef, TaskRef]]:
    return {(one.lower, one.upper) for one in links if one.grade >= 2}


def test_what_is_nearest_crowds_out_what_is_a_little_farther() -> None:
    assert PAIR not in pairs(link([PARK, CITY, *NEARER]))


@pytest.mark.parametrize("title", [CITY.title, "某市“绿色港口”实施方案"])
def test_a_document_that_is_named_is_never_crowded_out(title: str) -> None:
    assert PAIR in pairs(link([naming(title), CITY, *NEARER]))


def test_naming_a_document_that_stands_below_links_nothing_upward() -> None:
    cited = Citation(title=PARK.title, role="mention", origin=Origin(line=1, start=0, end=1))
    above = CITY.model_copy(update={"citations": (cited,)})
    assert not {pair for pair in pairs(link([PARK, above, *NEARER])) if pair[0].doc == "city" and pair[1].doc == "park"}


def test_two_named_documents_are_answered_in_full_among_many() -> None:
    everything = [PARK, CITY, *NEARER]
    kb = Held(everything, link(everything))
    assert not kb.links(lower="park", upper="city")
    assert pairs(tuple(links_of(kb, "park", "city"))) == {PAIR}
    assert [row.state for row in gaps(kb, "city", "park")] == ["covered"]


def test_a_link_that_is_held_is_not_told_twice() -> None:
    everything = [naming(CITY.title), CITY, *NEARER]
    kb = Held(everything, link(everything))
    found = list(links_of(kb, "park", "city"))
    assert found == list(kb.links(lower="park", upper="city")) and len(found) == 1


def test_namings_are_resolved_by_titles_at_hand_whatever_their_marks() -> None:
    documents = [naming("某市“绿色港口”实施方案"), CITY]
    assert named_by(documents) == {("park", "city")}
    unknown = list(namings([naming("某省港口条例"), CITY]))
    assert [(one.title, one.upper) for one in unknown] == [("某省港口条例", None)]
