"""`policytrace links`, `trace` and `gaps` for any two documents, odd ones too: an answer and a reason, no exception."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import cli
from index.linking.basis import initiatives
from index.linking.coverage import coverage
from index.linking.linker import link
from schemas import Citation, Link, Origin, Policy
from tests.kb_making import made
from tests.policies import policy

AT = Origin(line=1, start=0, end=1)
NATION = policy(
    "nation",
    "national",
    [("推进岸电建设", "推进港口岸电设施建设，靠泊船舶使用岸电。")],
    title="港口岸电行动方案",
    date="2021-01-01",
    departments=["国家发展改革委"],
)
CITY = policy(
    "city",
    "municipal",
    [
        ("推进港区岸电建设", "推进港口岸电设施改造，靠泊船舶优先使用岸电。建立氢能加注站点。"),
        ("培养航运人才", "培养航运金融人才，开展船员培训。"),
    ],
    title="某市岸电实施方案",
    departments=["市交通委"],
)
PARK = policy(
    "park",
    "park",
    [
        ("推进港区岸电建设", "推进港口岸电设施改造，靠泊船舶优先使用岸电。每季度编发工作简报。"),
        ("举办职工运动会", "每年举办一次职工运动会。"),
    ],
    title="某港区岸电实施方案",
    date="2023-01-01",
    departments=["综合办"],
)
OLDER = policy("older", "park", [("推进港区岸电建设", "推进港口岸电设施改造。")], title="某港区旧方案", date=None)
EMPTY = policy("empty", "municipal", [], title="某市通知", date="2020-01-01")


def citing(one: Policy, *others: Policy) -> Policy:
    citations = tuple(
        Citation(title=other.title, role="mention", origin=one.tasks[0].origin.model_copy(update={"line": 1}))
        for other in others
    )
    return one.model_copy(update={"basis": tuple(other.title for other in others), "citations": citations})


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """City and park name each other, and each itself."""
    folder = tmp_path_factory.mktemp("links") / "kb"
    made(folder, NATION, citing(CITY, PARK, CITY), citing(PARK, CITY, PARK), OLDER, EMPTY)
    return folder


def run(kb: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = cli.main([*words, "--kb", str(kb)])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def as_json(kb: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[Any, str]:
    code, out, err = run(kb, capsys, *words, "--json")
    assert code == 0
    return json.loads(out), err


@pytest.mark.parametrize(
    ("lower", "upper", "says"),
    [
        ("park", "city", ""),
        ("city", "park", "不在 city 之上"),
        ("park", "nation", ""),
        ("nation", "park", "不在 nation 之上"),
        ("park", "older", "不在 park 之上"),
    ],
)
def test_any_two_documents_are_answered(
    kb: Path, capsys: pytest.CaptureFixture[str], lower: str, upper: str, says: str
) -> None:
    found, err = as_json(kb, capsys, "links", "--lower", lower, "--upper", upper)
    assert {(one["lower"]["doc"], one["upper"]["doc"]) for one in found} == {(lower, upper)}
    assert max(one["grade"] for one in found) >= 2
    assert says in err and bool(err) == bool(says)


@pytest.mark.parametrize(
    ("lower", "upper", "says"),
    [("park", "park", "同一份"), ("park", "empty", "没有任务条目"), ("empty", "park", "没有任务条目")],
)
def test_what_has_no_links_says_why(
    kb: Path, capsys: pytest.CaptureFixture[str], lower: str, upper: str, says: str
) -> None:
    found, err = as_json(kb, capsys, "links", "--lower", lower, "--upper", upper)
    assert found == [] and says in err
    assert run(kb, capsys, "links", "--lower", lower, "--upper", upper)[0] == 0


def test_gaps_of_odd_pairs(kb: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(kb, capsys, "gaps", "--lower", "park", "--upper", "park")
    assert (code, out) == (2, "") and "同一份" in err
    assert as_json(kb, capsys, "gaps", "--lower", "park", "--upper", "empty")[0] == []
    rows, _ = as_json(kb, capsys, "gaps", "--lower", "empty", "--upper", "city")
    assert {row["state"] for row in rows} == {"gap"} and "没有任务条目" in rows[0]["reason"]


def test_an_unknown_document_is_told(kb: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(kb, capsys, "links", "--lower", "parc", "--upper", "city")
    assert (code, out) == (2, "") and "没有文件 parc" in err and "park" in err


def test_documents_that_name_each_other_and_themselves_are_traced(kb: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found, _ = as_json(kb, capsys, "trace", "park#一.1")
    city = next(step for step in found["up"] if step["upper"]["doc"] == "city")
    assert [step["upper"]["doc"] for step in city["up"]] == ["nation"]
    assert "citation" in {signal["name"] for signal in city["evidence"]["signals"]}
    assert "park" not in {step["upper"]["doc"] for step in found["up"]}


def test_a_trace_in_words_names_evidence_and_the_weakest_link(kb: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(kb, capsys, "trace", "park#一.1")
    assert "相同文字见于：" in out and "靠泊船舶" in out
    assert "全链 2 步，强度取最弱一环" in out


def test_offices_are_set_beside_each_other(kb: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("links", "--lower", "park", "--upper", "city", "--counterparts")
    (cell,), _ = as_json(kb, capsys, *words)
    assert (cell["upper"], cell["lower"], cell["count"]) == ("市交通委", "综合办", 1)
    assert cell["pairs"] == [[{"doc": "city", "task": "一.1"}, {"doc": "park", "task": "一.1"}]]
    assert "市交通委 × 综合办（1）" in run(kb, capsys, *words)[1]
    everywhere, _ = as_json(kb, capsys, "links", "--counterparts")
    assert len(everywhere) > 1


def test_what_a_document_does_of_its_own_accord(kb: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows, _ = as_json(kb, capsys, "links", "--lower", "park", "--own")
    assert [(row["task"]["task"], row["state"]) for row in rows] == [("一.1", "partly"), ("一.2", "own")]
    assert rows[0]["measures"] == ["每季度编发工作简报"]
    assert "没有依据" in run(kb, capsys, "links", "--lower", "park", "--own")[1]
    assert run(kb, capsys, "links", "--own")[0] == 2


def test_nothing_is_said_of_a_basis_where_nothing_can_be_known(kb: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(kb, capsys, "links", "--own", "--lower", "empty")
    assert code == 0 and "没有任务条目" in err and "都有上级依据" not in out
    assert "没有层级高于 nation 的文件" in run(kb, capsys, "links", "--own", "--lower", "nation")[2]
    assert "没有层级高于" not in run(kb, capsys, "links", "--own", "--lower", "park")[2]


def test_an_outline_does_not_hold_all_that_a_document_asks() -> None:
    class Held:
        def __init__(self, *held: Policy) -> None:
            self._held = held

        def policy(self, slug: str) -> Policy:
            return next(one for one in self._held if one.slug == slug)

        def policies(self) -> tuple[Policy, ...]:
            return self._held

        def links(self, lower: str) -> tuple[Link, ...]:
            return tuple(one.model_copy(update={"grade": 3}) for one in link(self._held) if one.lower.task == "一.1")

    outline = CITY.model_copy(update={"text": "outline"})
    reason = {one.task.task: one.reason for one in initiatives(Held(outline, PARK), "park")}["一.1"]
    assert "上级依据中有提纲，未载全文" in reason
    assert "提纲" not in {one.task.task: one.reason for one in initiatives(Held(CITY, PARK), "park")}["一.1"]
    below = PARK.model_copy(update={"text": "outline"})
    assert [one.task.task for one in initiatives(Held(CITY, below), "park")] == ["一.2"]
    assert all("下级为提纲，未载全文" in row.reason for row in coverage(CITY, below, link([CITY, below]), {}))


def test_one_document_alone_has_no_links_and_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made(tmp_path / "kb", PARK)
    assert "只有一份文件" in as_json(tmp_path / "kb", capsys, "links")[1]


@pytest.mark.parametrize(("state", "told"), [("suspect", "suspect"), ("confirmed", "partly"), ("rejected", "own")])
def test_a_basis_whose_text_changed_since_it_was_confirmed_is_none(state: str, told: str) -> None:
    class Held:
        def policy(self, slug: str) -> Policy:
            return PARK

        def policies(self) -> tuple[Policy, ...]:
            return (CITY, PARK)

        def links(self, lower: str) -> tuple[Link, ...]:
            (first, *_) = link([CITY, PARK])
            return (first.model_copy(update={"state": state}),)

    found = {row.task.task: row for row in initiatives(Held(), "park")}
    assert (found["一.1"].state, found["一.2"].state) == (told, "own")
    assert ("重新确认" in found["一.1"].reason) == (told == "suspect")


def test_documents_that_name_each_other_are_shown_and_what_is_not_held_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unheld = Citation(title="某省港口条例", role="mention", origin=AT)
    one = citing(PARK, CITY)
    made(tmp_path / "kb", CITY, one.model_copy(update={"citations": (*one.citations, unheld)}))
    found, _ = as_json(tmp_path / "kb", capsys, "links", "--documents")
    assert [(row["lower"], row["upper"], row["role"], row["held"]) for row in found] == [
        ("park", "city", "basis", True),
        ("park", None, "mention", False),
    ]
    out = run(tmp_path / "kb", capsys, "links", "--documents", "--lower", "park")[1]
    assert "依据　《某市岸电实施方案》　city" in out and "《某省港口条例》〔未入库〕" in out
    assert as_json(tmp_path / "kb", capsys, "links", "--documents", "--lower", "city")[0] == []
    assert run(tmp_path / "kb", capsys, "links", "--documents", "--upper", "parc")[0] == 2
