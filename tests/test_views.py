"""What the views show of a knowledge base, and in which JSON shape."""

from __future__ import annotations

import json

import pytest

from index import views
from index.exporting.rows import bases
from index.linking.coverage import coverage
from index.linking.linker import link, link_pair
from index.reports.answers import reasons
from index.reports.links import counterparts, linked, traced
from index.reports.terminal import BOLD, PLAIN, shown, width
from index.targets.comparison import compare
from schemas import Citation, Evidence, Fragment, Link, NotFound, Origin, Policy, Signal, TaskRef
from tests.policies import Held, policy, target

NATION = policy(
    "nation",
    "national",
    [("推进岸电建设", "推进港口岸电设施建设，靠泊船舶使用岸电。"), ("保护红树林", "严格保护红树林和海草床。")],
    date="2021-01-01",
)
CITY = policy(
    "city",
    "municipal",
    [
        ("推进港区岸电建设", "推进港口岸电设施改造，靠泊船舶优先使用岸电。建立氢能加注站点。"),
        ("推进高炉改造", "推进高炉富氢冶炼，压减粗钢产能。"),
        ("培养航运人才", "培养航运金融人才，开展船员培训。"),
    ],
    departments=["市交通委"],
)
PARK = policy(
    "park",
    "park",
    [
        ("推进港区岸电建设", "推进港口岸电设施改造，靠泊船舶优先使用岸电。"),
        ("举办职工运动会", "每年举办一次职工运动会。"),
    ],
    date="2023-01-01",
    departments=["综合办"],
)
ALL = (NATION, CITY, PARK)


@pytest.fixture
def kb() -> Held:
    return Held(ALL, link(ALL))


def test_a_trace_runs_up_two_steps_and_names_its_weakest_link(kb: Held) -> None:
    trace = views.trace(kb, "park#一.1")
    step = next(step for step in trace.up if step.upper.doc == "city")
    above = next(step for step in step.up if step.upper.doc == "nation")
    assert (step.chain.steps, above.chain.steps) == (1, 2)
    assert above.chain.score == min(step.score, above.score)
    assert {above.chain.weakest_upper} <= {step.upper, above.upper}
    assert trace.down == ()


def test_a_trace_runs_down_as_well(kb: Held) -> None:
    trace = views.trace(kb, "nation#一.1")
    assert {"city", "park"} == {step.lower.doc for step in trace.down}
    assert trace.up == ()


def test_a_trace_is_json_in_the_agreed_shape(kb: Held) -> None:
    shown = json.loads(views.trace(kb, "park#一.1").model_dump_json())
    assert {"ref", "task", "up", "down"} <= set(shown)
    assert {"lower", "upper", "grade", "relation", "score", "evidence", "state", "task", "up"} <= set(shown["up"][0])
    assert shown["up"][0]["upper"] == {"doc": "city", "task": "一.1"}


def test_a_task_without_links_says_so(kb: Held) -> None:
    trace = views.trace(kb, "park#一.2")
    assert (trace.up, trace.down) == ((), ())
    assert "自有举措" in trace.note
    assert "只有这一份文件" in views.trace(Held([PARK]), "park#一.1").note


def test_an_unknown_task_is_not_found(kb: Held) -> None:
    with pytest.raises(NotFound):
        views.trace(kb, "park#九.9")


def test_links_that_form_a_ring_end() -> None:
    there = link((PARK, CITY))
    back = tuple(one.model_copy(update={"lower": one.upper, "upper": one.lower}) for one in there)
    own = tuple(one.model_copy(update={"upper": one.lower}) for one in there)
    trace = views.trace(Held(ALL, (*there, *back, *own)), "park#一.1")
    assert all(step.upper != TaskRef(doc="park", task="一.1") for step in trace.up)


def test_gaps_tell_covered_partial_gap_and_outside_apart(kb: Held) -> None:
    rows = {row.upper.task: row for row in views.gaps(kb, "city", "park")}
    assert [rows[task].state for task in ("一.1", "一.2", "一.3")] == ["covered", "not_applicable", "gap"]
    assert "钢铁" in rows["一.2"].reason
    assert rows["一.1"].missing_measures == ("建立氢能加注站点",)
    assert rows["一.3"].missing_measures == ("培养航运金融人才，开展船员培训",)
    assert {"upper", "state", "reason", "lower", "missing_measures"} <= set(rows["一.1"].model_dump())


def test_what_a_person_said_to_be_not_applicable_is_kept(kb: Held) -> None:
    rows = {row.upper.task: row for row in views.gaps(kb, "city", "park", {"一.3": "由市级统一培训"})}
    assert rows["一.3"].state == "not_applicable" and "由市级统一培训" in rows["一.3"].reason


def test_a_rejected_link_covers_nothing() -> None:
    links = [one.model_copy(update={"state": "rejected"}) for one in link((PARK, CITY))]
    assert coverage(CITY, PARK, links, {})[0].state == "gap"


def test_gaps_of_odd_pairs_are_explained_or_empty() -> None:
    empty = policy("empty", "park", [], date="2023-01-01")
    kb = Held((CITY, empty))
    assert views.gaps(kb, "city", "city") == ()
    assert views.gaps(kb, "empty", "city") == ()
    assert "没有任务条目" in views.gaps(kb, "city", "empty")[0].reason


def test_own_initiatives_are_the_tasks_without_a_basis(kb: Held) -> None:
    assert views.own_initiatives(kb, "park") == (TaskRef(doc="park", task="一.2"),)


def test_counterparts_are_counted_over_covered_pairs(kb: Held) -> None:
    (row,) = views.counterparts(kb, "city", "park")
    assert (row.upper, row.lower) == ("市交通委", "综合办")
    assert len(row.pairs) == 1


def test_links_of_two_documents_are_answered_in_either_direction(kb: Held) -> None:
    assert {one.lower.doc for one in views.links(kb, lower="park", upper="city")} == {"park"}
    assert {one.lower.doc for one in views.links(kb, lower="city", upper="park")} == {"city"}
    assert views.links(kb, lower="city", upper="city") == ()
    with pytest.raises(NotFound):
        views.links(kb, lower="city", upper="nowhere")


def test_links_of_a_large_collection_get_their_fragments_when_they_are_looked_at() -> None:
    tasks = [(task.title or "", task.text) for task in CITY.tasks]
    many = [*(policy(f"city{at}", "municipal", tasks, date=f"20{at:02}-01-01") for at in range(21)), PARK]
    bare = link(many)
    assert any(not one.evidence.fragments for one in bare if one.grade == 3)
    shown = views.links(Held(many, bare), lower="park")
    assert shown and all(one.evidence.fragments for one in shown if one.grade >= 2)
    by_hand = {one.lower: one for one in link_pair(PARK, many[0])}
    (same,) = (one for one in shown if str(one.lower) == "park#一.1" and str(one.upper) == "city0#一.1")
    assert same.evidence.fragments == by_hand[same.lower].evidence.fragments
    assert all(step.evidence.fragments for step in views.trace(Held(many, bare), "park#一.1").up)


def test_the_matrix_has_a_row_per_task_with_its_basis(kb: Held) -> None:
    rows = views.matrix(kb, doc="park")
    assert [row.task for row in rows] == ["一.1", "一.2"]
    assert rows[0].lead == ("综合办",) and rows[0].support == ()
    assert "city#一.1" in rows[0].upper and rows[1].upper == ()
    assert len(views.matrix(kb)) == 7
    assert {row.doc for row in views.matrix(kb, department="市交通委")} == {"city"}


def test_targets_are_found_by_indicator_and_unchecked_ones_marked() -> None:
    held = policy("a", "municipal", [], targets=[target("岸电使用率", 80, verified=False), target("森林覆盖率", 20)])
    (row,) = views.targets(Held([held]), "岸电")
    assert row.unchecked and row.target.value == 80


def test_compared_targets_come_with_relation_and_reason() -> None:
    above = policy("a", "municipal", [], targets=[target("岸电使用率", 80)])
    below = policy("b", "park", [], date="2023-01-01", targets=[target("岸电使用率", 85)])
    (pair,) = views.targets(Held([above, below]), compare=True)
    assert (pair.lower.doc, pair.upper.doc, pair.relation) == ("b", "a", "stricter")
    assert views.comparison_json(pair) == {
        "lower": {"doc": "b", "task": None, "quote": "岸电使用率85%"},
        "upper": {"doc": "a", "task": None, "quote": "岸电使用率80%"},
        "relation": "stricter",
        "reason": pair.reason,
        "unchecked": False,
    }
    assert views.targets(Held([above, below]), "森林", compare=True) == ()


def test_the_document_graph_shows_what_is_cited_but_not_held() -> None:
    place = Origin(line=1, start=0, end=1)
    citing = CITY.model_copy(
        update={
            "basis": ("nation",),
            "citations": (
                Citation(title="nation", role="basis", origin=place),
                Citation(title="某县养鸡规程", role="mention", origin=place),
                Citation(title="city", role="mention", origin=place),
            ),
        }
    )
    edges = {edge.title: edge for edge in views.document_graph(Held([NATION, citing]))}
    assert (edges["nation"].upper, edges["nation"].role, edges["nation"].held) == ("nation", "basis", True)
    assert (edges["某县养鸡规程"].upper, edges["某县养鸡规程"].held) == (None, False)
    assert "city" not in edges


def test_comparison_is_empty_without_two_documents() -> None:
    empty: tuple[Policy, ...] = ()
    assert compare(empty) == () and compare([CITY, CITY]) == ()


def joined(lower: str, upper: str, *signals: Signal) -> Link:
    """A link of grade 3 with these signals."""
    low, high = (TaskRef(doc=ref.partition("#")[0], task=ref.partition("#")[2]) for ref in (lower, upper))
    return Link(
        lower=low,
        upper=high,
        grade=3,
        relation="equal",
        score=0.9,
        evidence=Evidence(signals=signals),
        state="proposed",
    )


def test_what_a_document_names_comes_before_what_is_merely_alike() -> None:
    """Of two links that are as sure, that to a document that is named (《…》), though the other is of a nearer level."""
    cited = Signal(name="citation", value=0.5, note="下级文件引用该上级文件")
    links = [joined("park#一.1", "city#一.1"), joined("park#一.1", "nation#一.1", cited)]
    assert [step.upper.doc for step in views.trace(Held(ALL, links), "park#一.1").up] == ["nation", "city"]


def test_a_trace_in_a_narrow_terminal_keeps_its_tree_its_references_and_its_reasons() -> None:
    slug = "某某经济技术开发区与某某化工园区节能降碳协同增效实施方案-2023"
    middle = CITY.model_copy(update={"slug": slug})
    near = Signal(name="best_upper", value=1.0, note="最相近")
    common = Signal(name="notions", value=0.4, note="说的是同一事项")
    links = [joined("park#一.2", f"{slug}#一.2", near, common), joined(f"{slug}#一.2", "nation#一.2", near, common)]
    lines = list(traced(views.trace(Held((NATION, middle, PARK), links), "park#一.2"), 72, None))
    start = lines.index("上级依据（直接的 1 项）") + 1
    tree = lines[start : lines.index("", start)]
    assert [line for line in tree if f"{slug}#一.2" in line]  # on one line, to be copied
    assert tree[0].startswith("└ ") and all(line.startswith("    ") for line in tree[1:])
    assert [line for line in tree if line.startswith("    └ ●●●")]
    assert [line.strip() for line in tree if "理由" in line] == ["理由：说的是同一事项；最相近"] * 2
    assert max(map(width, lines)) <= 72


def test_listed_links_keep_their_tasks_numbers_in_a_narrow_terminal() -> None:
    """Beside long names of documents there is no room: these stand above the links of the two."""
    slug = "某某经济技术开发区与某某化工园区节能降碳协同增效实施方案-2023"
    links = [joined("park#一.1", "city#一.1"), joined("park#一.2", "city#一.3"), joined("park#一.1", f"{slug}#一.2")]
    lines = list(linked(links, {}, 80, 40))
    heads = [line for line in lines if line.startswith("下级 ")]
    assert heads == ["下级 park，上级 city", f"下级 park，上级 {slug}"]
    rows = [line.split()[-3:-1] for line in lines if "用语不同" in line]
    assert rows == [["一.1", "一.1"], ["一.2", "一.3"], ["一.1", "一.2"]]


def test_reasons_are_what_their_words_say_and_can_be_checked() -> None:
    told = {"best_upper": 1.0, "upper_share": 0.9, "clause": 0.3, "notions": 0.4, "characters": 0.1}
    signals = tuple(Signal(name=name, value=value, note=name) for name, value in told.items())
    assert reasons(Evidence(signals=signals)) == ["notions", "best_upper", "characters"]
    assert reasons(Evidence(signals=(Signal(name="clause", value=0.7, note="几乎同文"),))) == ["几乎同文"]


def test_shared_wording_side_by_side_is_shown_once() -> None:
    one, other = "推进港口岸电设施改造", "靠泊船舶优先使用岸电"
    body = CITY.tasks[0].text
    start = CITY.tasks[0].origin.start
    pieces = [
        Fragment(
            text=text,
            lower_start=0,
            lower_end=len(text),
            upper_start=start + body.index(text),
            upper_end=start + body.index(text) + len(text),
        )
        for text in (one, other)
    ]
    step = joined("park#一.1", "city#一.1").model_copy(update={"evidence": Evidence(fragments=tuple(pieces))})
    printed = shown(traced(views.trace(Held(ALL, [step]), "park#一.1"), 200, None), True)
    assert printed.count(other) == 1 and f"{BOLD}{one}{PLAIN}，{BOLD}{other}{PLAIN}" in printed


def test_suspicion_of_a_link_is_carried_along_the_chain_and_into_coverage_and_matrix() -> None:
    links = [
        one.model_copy(update={"state": "suspect"}) if (one.lower.doc, one.upper.doc) == ("park", "city") else one
        for one in link(ALL)
        if (one.lower.doc, one.upper.doc) != ("park", "nation")
    ]
    kb = Held(ALL, links)
    step = next(step for step in views.trace(kb, "park#一.1").up if step.upper.doc == "city")
    above = next(step for step in step.up if step.upper.doc == "nation")
    own = (TaskRef(doc="park", task="一.1"), TaskRef(doc="city", task="一.1"))
    assert above.state == "proposed"
    assert step.chain.suspects == above.chain.suspects == (own,)
    printed = "\n".join(traced(views.trace(kb, "park#一.1"), 200, None))
    assert "全链经过待重新确认的关联 park#一.1 → city#一.1" in printed
    row = views.gaps(kb, "city", "park")[0]
    assert row.lower[0].suspect and "一.1 的关联文字已改，待重新确认" in row.reason
    own_row = views.matrix(kb, "park")[0]
    assert own_row.suspect == ("city#一.1",)
    assert bases(own_row, {"city": "某市方案"}).startswith("《某市方案》一.1（待重新确认）")


def test_counterparts_count_links_that_have_to_be_seen_again_apart() -> None:
    tasks = [(task.title or "", task.text) for task in CITY.tasks]
    below = policy("park", "park", tasks, date="2023-01-01", departments=["综合办"])
    sound = [one for one in link((CITY, below)) if one.grade == 3]
    assert len(sound) == 3
    links = [one.model_copy(update={"state": "suspect"}) if one.upper.task == "一.2" else one for one in sound]
    (row,) = views.counterparts(Held((CITY, below), links), "city", "park")
    assert (row.count, row.suspect) == (3, ((TaskRef(doc="city", task="一.2"), TaskRef(doc="park", task="一.2")),))
    printed = "\n".join(counterparts([row], 200, 9))
    assert "3（其中 1 待重新确认）" in printed and "市交通委 × 综合办（3，其中 1 待重新确认）" in printed
    assert "一.2 ← 一.2（待重新确认）" in printed and "一.1 ← 一.1；" in printed
    (row,) = views.counterparts(Held((CITY, below), sound), "city", "park")
    assert "待重新确认" not in "\n".join(counterparts([row], 200, 9)) and row.suspect == ()


def test_counterparts_of_two_named_documents_are_told_whatever_stands_above_what(kb: Held) -> None:
    (row,) = views.counterparts(kb, upper="park", lower="city")
    assert (row.upper, row.lower) == ("综合办", "市交通委")


def test_without_a_suspect_link_nothing_is_said_of_any(kb: Held) -> None:
    assert "待重新确认" not in "\n".join(traced(views.trace(kb, "park#一.1"), 200, None))
    assert not any(one.suspect for row in views.gaps(kb, "city", "park") for one in row.lower)
    assert views.matrix(kb, "park")[0].suspect == ()
