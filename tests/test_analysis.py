"""How texts and queries become words."""

from __future__ import annotations

import pickle
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from corpus.segmentation import cut
from index.searching.analysis import LONGEST, Lexicon, WordTokenizer, carrier, fold, runs, words
from index.searching.schema import schema

SENTENCE = "推进“源网荷储”一体化，开展CCUS、碳捕集与PM2.5治理，到2025年下降14%；建设A区5G网络。"


def tokens(value: str, mode: str = "index") -> list[tuple[str, int, int, int]]:
    made = WordTokenizer()(value, positions=True, chars=True, mode=mode)
    return [(token.text, token.pos, token.startchar, token.endchar) for token in made]


def test_positions_count_words_and_offsets_count_characters() -> None:
    assert tokens(carrier(["推进", "，", "CCUS", "应用"])) == [
        ("推进", 0, 0, 2),
        ("ccus", 1, 3, 7),
        ("应用", 2, 7, 9),
    ]


def test_english_is_not_stemmed_and_single_letters_and_digits_are_kept() -> None:
    found = words(SENTENCE)
    assert {"ccus", "2025", "14", "a", "5g", "pm2.5"} <= set(found)
    assert "%" not in found
    assert "“" not in found


def test_a_carrier_is_never_cut_again() -> None:
    assert [token[0] for token in tokens(carrier(["碳达", "峰碳", "中和"]))] == ["碳达", "峰碳", "中和"]


def test_a_query_is_cut_as_extraction_cuts() -> None:
    assert [token[0] for token in tokens(SENTENCE, "query")] == words(SENTENCE)
    assert tokens(SENTENCE, "query") == tokens(carrier(cut(SENTENCE)))


def test_offsets_point_at_the_words_in_the_text() -> None:
    for text, _, start, end in tokens(carrier(cut(SENTENCE))):
        assert fold(SENTENCE[start:end]) == text


def test_the_pickled_schema_holds_no_dictionary() -> None:
    pickled = pickle.dumps(schema())
    assert len(pickled) < 4_000
    assert b"jieba" not in pickled


@given(st.text())
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text) or any(ord(c) > 0x2E7F for c in text)


@given(st.lists(st.text("碳达峰ＡaB1２.，% \x1f的\n"), max_size=8))
def test_any_carrier_gives_words_in_order(pieces: list[str]) -> None:
    found = tokens(carrier(pieces))
    text = "".join(pieces).replace("\x1f", " ")
    assert [position for _, position, _, _ in found] == list(range(len(found)))
    assert all(before[3] <= after[2] for before, after in pairwise(found))
    assert all(fold(text[start:end]) == word for word, _, start, end in found)


def test_a_text_without_an_end_is_split() -> None:
    assert {len(run) for run, _ in runs("a" * 1000)} == {LONGEST, 1000 % LONGEST}


class TestLexicon:
    def test_takes_the_most_probable_words(self) -> None:
        lexicon = Lexicon({"绿色": 90, "制造": 50, "绿": 1, "色制": 1, "造": 1})
        assert lexicon.cut("绿色制造") == ["绿色", "制造"]

    def test_unknown_characters_stand_alone(self) -> None:
        assert Lexicon({"绿色": 9}).cut("绿色氢") == ["绿色", "氢"]
        assert Lexicon({}).cut("氢能") == ["氢", "能"]

    def test_latin_is_never_cut(self) -> None:
        assert Lexicon({"cc": 9, "us": 9}).cut("ccus") == ["ccus"]

    def test_is_read_as_it_was_written(self, tmp_path: Path) -> None:
        lexicon = Lexicon({"绿色": 9, "ccus": 2})
        lexicon.save(tmp_path / "words.txt")
        assert Lexicon.load(tmp_path / "words.txt").counts == lexicon.counts

    @given(st.text("碳达峰中和绿色制造", max_size=30))
    def test_words_together_are_the_text(self, text: str) -> None:
        assert "".join(Lexicon({"碳达峰": 5, "达峰": 3, "绿色": 4, "中": 1}).cut(text)) == text
