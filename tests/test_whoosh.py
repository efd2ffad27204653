"""Whoosh's known faults: each is still there (or this test says that it is gone), and none is on our way."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from whoosh.analysis import RegexTokenizer
from whoosh.fields import NUMERIC, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.query import NumericRange, Term
from whoosh.query.wrappers import ConstantScoreQuery

from index.searching import generations
from index.searching.schema import schema
from index.searching.search import search
from tests.kb_making import Item, made, policy

INDEX = sorted((Path(__file__).parent.parent / "index").glob("*.py"))


def found(field: NUMERIC, years: range, wanted: NumericRange) -> list[int]:
    index = RamStorage().create_index(Schema(year=field))
    writer = index.writer()
    for year in years:
        writer.add_document(year=year)
    writer.commit()
    with index.searcher() as searcher:
        return [years[number] for number in searcher.docs_for_query(wanted)]


def test_open_ranges_need_a_signed_field() -> None:
    years, wanted = range(2020, 2031), NumericRange("year", None, 2022)
    assert len(found(NUMERIC(int, signed=False), years, wanted)) == len(years)  # the fault
    assert found(NUMERIC(int, signed=True), years, wanted) == [2020, 2021, 2022]
    ours = schema()["year"]
    assert ours.signed
    assert found(ours, years, wanted) == [2020, 2021, 2022]
    assert found(ours, years, NumericRange("year", 2029, None)) == [2029, 2030]


def names_used(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return {getattr(node, "id", getattr(node, "attr", getattr(node, "name", ""))) or "" for node in nodes}


@pytest.mark.parametrize(
    "fault",
    [
        "TimeLimitCollector",  # forgets filters
        "BufferedWriter",  # scrambles columns
        "AsyncWriter",
        "MpWriter",  # loses documents
        "procs",
        "update_document",  # leaves a copy per update in one batch
        "Phrase",  # a wildcard in it raises
        "SequencePlugin",
        "QueryParser",
        "ChineseAnalyzer",  # counts characters as positions, stems English
        "StemFilter",
        "ConstantScoreQuery",  # a score of 0 counts as 1
    ],
)
def test_what_is_faulty_is_not_used(fault: str) -> None:
    for path in INDEX:
        keywords = {k.arg for k in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(k, ast.keyword)}
        assert fault not in names_used(path) | keywords, path.name


def test_a_constant_score_of_nothing_is_one() -> None:
    index = RamStorage().create_index(Schema(year=NUMERIC(int, signed=True)))
    writer = index.writer()
    writer.add_document(year=2022)
    writer.commit()
    with index.searcher() as searcher:
        query = ConstantScoreQuery(Term("year", index.schema["year"].to_bytes(2022)), 0.0)
        assert searcher.search(query).score(0) == 1.0


def test_one_document_per_task_however_often_it_is_built(tmp_path: Path) -> None:
    for text in ("推进节能。", "推进降碳。", "推进减污。"):
        made(tmp_path / "kb", policy("a", "甲方案", [Item("三.1", "推进", text)]))
    with generations.reading_live(tmp_path / "kb") as live:
        assert live.searcher.doc_count_all() == 1
    assert search(tmp_path / "kb", "减污").total == 1
    assert search(tmp_path / "kb", "节能").total == 0


def test_a_failed_commit_does_not_stop_the_next_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from whoosh.writing import SegmentWriter

    def fails(*_: Any) -> None:
        raise ValueError("disk gone")

    with monkeypatch.context() as patch:
        patch.setattr(SegmentWriter, "_commit_toc", fails)
        with pytest.raises(ValueError, match="disk gone"):
            made(tmp_path / "kb", policy("a", "甲方案", [Item("三.1", "推进", "推进节能。")]))
    made(tmp_path / "kb", policy("a", "甲方案", [Item("三.1", "推进", "推进节能。")]))
    assert search(tmp_path / "kb", "节能").total == 1


def test_a_wildcard_in_a_phrase_is_a_mark_like_any_other(tmp_path: Path) -> None:
    made(tmp_path / "kb", policy("a", "甲方案", [Item("三.1", "推进", "推进绿色制造。")]))
    assert search(tmp_path / "kb", '"绿色* 制?造"').total == 1


def test_names_with_blanks_and_commas_are_one_term() -> None:
    tokenizer = schema()["department"].analyzer
    assert isinstance(tokenizer, RegexTokenizer)
    assert [token.text for token in tokenizer("甲 局,乙处\x1f丙办")] == ["甲 局,乙处", "丙办"]
