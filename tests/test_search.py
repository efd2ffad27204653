"""Who does what: queries, filters, facets, highlights."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.build import build
from index.knowledge_base import KnowledgeBase
from index.searching.analysis import fold, runs
from index.searching.generations import reading_live
from index.searching.highlights import pattern
from index.searching.phrases import Reads, edges
from index.searching.schema import READ_FIELDS
from index.searching.search import SearchResult, search
from schemas import BrokenKnowledgeBase, PolicyError
from tests.kb_making import Item, made, policy

PARK = policy(
    "park-2023",
    "化工区碳达峰实施方案",
    [
        Item(
            "三.1",
            "推进源网荷储一体化",
            "加快“源网荷储”建设，按照一企一策推动CCUS示范。",
            (("经发处", "牵头"), ("环保办", "配合")),
        ),
        Item(
            "三.2",
            "提升固废利用水平",
            "加强一般工业固体废物和危固废综合利用，推进绿色低碳循环发展。",
            (("环保办", "牵头"),),
            ("promote",),
            2025,
        ),
        Item(
            "三.3",
            "发展绿色制造",
            "严禁新增产能，鼓励建设绿色工厂，碳达峰碳中和走在前列。",
            (("经发处", "配合"),),
            ("prohibit", "encourage"),
            2030,
        ),
    ],
)
CITY = policy(
    "city-2022",
    "上海市工业领域碳达峰实施方案",
    [
        Item(
            "三.1",
            "推动绿色低碳转型",
            "推动石化行业碳达峰，到2025年能耗下降14%，PM2.5浓度下降。",
            (("市经济信息化委", "牵头"), ("市生态环境局", "配合")),
            ("promote",),
            2025,
        ),
        Item(
            "三.2",
            "探索碳捕集",
            "探索二氧化碳捕集利用与封存（CCUS）路径。",
            (("市发展改革委", "责任部门"),),
            ("explore",),
        ),
    ],
    level="municipal",
    date="2022-12-06",
)


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("search") / "kb"
    made(path, PARK, CITY)
    return path


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bundled") / "kb"
    assert not build(path).failed
    return path


def refs(result: SearchResult) -> set[str]:
    return {hit.ref for hit in result.hits}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("源网荷储", {"park-2023#三.1"}),
        ("“源网荷储”", {"park-2023#三.1"}),
        ('"源网荷储建设"', {"park-2023#三.1"}),  # a mark between words does not part them
        ("CCUS", {"park-2023#三.1", "city-2022#三.2"}),
        ("ccus", {"park-2023#三.1", "city-2022#三.2"}),
        ("ＣＣＵＳ", {"park-2023#三.1", "city-2022#三.2"}),
        ("一企一策", {"park-2023#三.1"}),
        ("固废", {"park-2023#三.2"}),
        ("网荷", {"park-2023#三.1"}),  # inside a word
        ("碳达峰", {"park-2023#三.3", "city-2022#三.1"}),
        ('"绿色低碳"', {"park-2023#三.2", "city-2022#三.1"}),
        ('"低碳绿色"', set()),
        ("PM2.5", {"city-2022#三.1"}),
        ("14%", {"city-2022#三.1"}),
        ("绿色 工厂", {"park-2023#三.3"}),
        ("20", set()),  # not inside 2025
    ],
)
def test_finds(kb: Path, query: str, expected: set[str]) -> None:
    result = search(kb, query)
    assert refs(result) == expected
    assert result.total == len(expected)
    assert bool(result.note) == (not expected)


def test_any_of_the_words_where_no_task_has_all(kb: Path) -> None:
    result = search(kb, "源网荷储 封存")
    assert refs(result) == {"park-2023#三.1", "city-2022#三.2"}
    assert result.note == "没有任务同时含有“源网荷储”、“封存”，以下各条含有其中一部分"


def test_every_character_where_no_task_has_the_word(kb: Path) -> None:
    result = search(kb, "化封")
    assert refs(result) == {"city-2022#三.2"}
    assert "每一个字" in result.note


def test_a_title_counts_more_than_a_text(kb: Path) -> None:
    assert [hit.ref for hit in search(kb, "绿色").hits][-1] == "park-2023#三.2"


def test_words_of_grammar_are_not_asked_for(kb: Path) -> None:
    assert refs(search(kb, "工厂的建设")) == {"park-2023#三.3"}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"department": "经发处"}, {"park-2023#三.1", "park-2023#三.3"}),
        ({"department": "经发处", "role": "lead"}, {"park-2023#三.1"}),
        ({"department": "环保办", "role": "牵头"}, {"park-2023#三.2"}),  # supports 三.1, where another body leads
        ({"department": "上海市经济和信息化委员会"}, {"city-2022#三.1"}),
        ({"department": "市经济信息化委"}, {"city-2022#三.1"}),
        ({"role": "support"}, {"park-2023#三.1", "park-2023#三.3", "city-2022#三.1"}),
        ({"role": "责任部门"}, {"city-2022#三.2"}),
        ({"level": "municipal"}, {"city-2022#三.1", "city-2022#三.2"}),
        ({"level": "市级"}, {"city-2022#三.1", "city-2022#三.2"}),
        ({"doc": "park-2023", "strength": "encourage"}, {"park-2023#三.3"}),
        ({"year": 2025}, {"park-2023#三.2", "city-2022#三.1"}),
        ({"year": "2022"}, {"city-2022#三.1", "city-2022#三.2"}),
        ({"year": "2026-"}, {"park-2023#三.3"}),
        ({"year": "-2022"}, {"city-2022#三.1", "city-2022#三.2"}),
        ({"year": "2024-2026"}, {"park-2023#三.2", "city-2022#三.1"}),
        ({"section": "重点任务", "level": "park"}, {"park-2023#三.1", "park-2023#三.2", "park-2023#三.3"}),
        ({"section": "四"}, set()),
        ({"kind": "safeguard"}, set()),
    ],
)
def test_filters(kb: Path, filters: dict[str, Any], expected: set[str]) -> None:
    result = search(kb, **filters)
    assert refs(result) == expected
    assert refs(search(kb, "绿色", **filters)) <= expected


def test_without_a_query_in_reading_order(kb: Path) -> None:
    listed = [hit.ref for hit in search(kb).hits]
    assert listed == ["city-2022#三.1", "city-2022#三.2", "park-2023#三.1", "park-2023#三.2", "park-2023#三.3"]
    assert [hit.ref for hit in search(kb, limit=2, offset=1).hits] == listed[1:3]
    assert search(kb, limit=2).total == 5
    assert search(kb, limit=0).hits == ()


def test_facets_count_all_hits(kb: Path) -> None:
    facets = search(kb, "绿色", limit=1).facets
    assert facets["doc"] == {"park-2023": 2, "city-2022": 1}
    assert facets["year"] == {"2023": 2, "2025": 2, "2022": 1, "2030": 1}
    assert facets["role"] == {"lead": 2, "support": 2}
    assert facets["strength"] == {"promote": 2, "encourage": 1, "prohibit": 1}
    assert sum(facets["department"].values()) == 4
    assert search(kb, "绿色", facets=False).facets == {}


def test_a_facet_value_is_a_filter_value(kb: Path) -> None:
    for name, counts in search(kb).facets.items():
        for value, number in counts.items():
            assert search(kb, **{name: value}).total == number  # type: ignore[arg-type]


def test_highlights_are_offsets_of_the_words(kb: Path) -> None:
    (hit,) = search(kb, "“源网荷储” 一企一策").hits
    task = PARK.task("三.1")
    assert task
    fields = {"title": task.title or "", "text": task.text}
    marked = set()
    for fragment in hit.highlights:
        assert fields[fragment.field][fragment.start :].startswith(fragment.text)
        marked |= {fragment.text[start:end] for start, end in fragment.marks}
    assert marked == {"源网荷储", "一企一策"}


def test_json_has_the_fields_of_the_contract(kb: Path) -> None:
    (hit,) = search(kb, "一企一策").hits
    value = hit.to_json()
    assert {"ref", "doc", "task", "title", "level", "departments", "score", "highlights"} <= set(value)
    assert value["ref"] == "park-2023#三.1"
    assert value["departments"][0]["name"] == "经发处"
    assert value["departments"][0]["effective_role"] == "lead"
    assert value["highlights"][0]["marks"]
    assert value["score"] > 0


ODD = [
    '"',
    "“",
    "AND OR",
    "title:",
    "[2020 TO",
    "*",
    "碳*",
    '"碳*峰"',
    "(((",
    "a^b~2",
    "\x1f",
    "{}",
    "-",
    "\\",
    "'\"“「",
]


@pytest.mark.parametrize("query", ODD)
def test_no_query_is_wrong(kb: Path, query: str) -> None:
    search(kb, query)


@settings(max_examples=60, deadline=None)
@given(query=st.text('碳达峰绿色"“”「*?:^~()[]{}TO ANDOR\\/-+.,%的\x1f\n20２'))
def test_any_query_gives_an_answer(kb: Path, query: str) -> None:
    result = search(kb, query)
    assert result.total >= len(result.hits)


def test_a_very_long_query_is_answered(kb: Path) -> None:
    text = " ".join(task.text for task in PARK.tasks)
    assert search(kb, f'"{text}"').total == 0
    assert search(kb, text * 20).total


def test_a_year_that_is_none_is_told(kb: Path) -> None:
    for year in ("明年", "20212025", "-", "25"):
        with pytest.raises(PolicyError, match="不是年份"):
            search(kb, year=year)


def test_an_unknown_department_is_told_with_those_that_are_near(kb: Path) -> None:
    assert "没有部门叫“经发”" in search(kb, department="经发").note
    assert "相近的有" in search(kb, department="经济和信息化").note


def test_no_knowledge_base_is_told(tmp_path: Path) -> None:
    with pytest.raises(BrokenKnowledgeBase, match="policytrace build"):
        search(tmp_path)


def test_starting_a_search_loads_nothing_heavy() -> None:
    heavy = {"pydantic", "spacy", "numpy", "scipy", "pandas", "streamlit", "jieba", "schemas", "corpus"}
    code = "import sys, index.searching.search; print(*{name.partition('.')[0] for name in sys.modules})"
    root = Path(__file__).parent.parent
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert not heavy & set(loaded.stdout.split())


def texts() -> dict[str, tuple[str, ...]]:
    """Everything of each task that a query reads."""
    tasks = [(document.slug, task) for document in (PARK, CITY) for task in document.tasks]
    return {f"{slug}#{task.id}": (task.title or "", task.text, *task.path) for slug, task in tasks}


def fold_words(string: str) -> str:
    """What is compared of a string."""
    return "".join(run for run, _ in runs(string))


def reading(string: str) -> set[str]:
    """The tasks that a plain look at the texts finds."""
    spelled = pattern([fold_words(string)])
    assert spelled
    return {ref for ref, fields in texts().items() if any(spelled.search(fold(text)) for text in fields)}


class TestPhrases:
    """A string is found wherever words begin and end: against a plain look at the texts."""

    def test_every_title_is_found_quoted_and_not(self, kb: Path) -> None:
        for document in (PARK, CITY):
            for task in document.tasks:
                assert f"{document.slug}#{task.id}" in refs(search(kb, f'"{task.title}"'))
                assert f"{document.slug}#{task.id}" in refs(search(kb, task.title or ""))

    def test_random_substrings_as_quoted_phrases(self, kb: Path) -> None:
        chance = random.Random(2)
        for _ in range(300):
            text = chance.choice(chance.choice(list(texts().values())))
            start = chance.randrange(len(text))
            string = text[start : start + chance.randint(1, 12)]
            if fold_words(string) and not re.search(r"[A-Za-z0-9]", string):
                assert refs(search(kb, f'"{string}"', limit=99)) == reading(string), string

    def test_every_bundled_task_is_found_by_its_words(self, bundled: Path) -> None:
        chance = random.Random(3)
        with KnowledgeBase.open(bundled) as opened:
            tasks = [(policy.slug, task) for policy in opened.policies() for task in policy.tasks]
        for slug, task in tasks:
            asked = [f'"{task.title}"'] if task.title else []
            if chance.random() < 0.3:
                string = task.text[(start := chance.randrange(len(task.text))) : start + chance.randint(2, 9)]
                latin = re.search(r"[A-Za-z0-9]", string)
                asked += [task.title or ""] + ([f'"{string}"'] if fold_words(string) and not latin else [])
            for query in asked:
                assert f"{slug}#{task.id}" in refs(search(bundled, query, limit=999, facets=False)), query

    def test_counts_are_those_of_the_text(self, kb: Path) -> None:
        with reading_live(kb) as live:
            reader = live.searcher.reader()
            chain = edges("绿色", live.lexicon)
            counts = {field: sum(Reads(field, "绿色", chain).counts(reader).values()) for field in READ_FIELDS}
        everything = [task for document in (PARK, CITY) for task in document.tasks]
        assert counts["title"] == sum((task.title or "").count("绿色") for task in everything)
        assert counts["text"] == sum(task.text.count("绿色") for task in everything)
