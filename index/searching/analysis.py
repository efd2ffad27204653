"""How a text becomes the words of the index, and how a query becomes the same words.

Extraction has cut every text once; the index stores that cut and never cuts again. A text travels to Whoosh as a
*carrier*: its words joined by ``SEPARATOR``. A query is cut with the index's own `Lexicon` (the words that were
stored, with their counts), so that no dictionary has to be loaded: a word that the index does not have cannot match.

Words of the index are folded (full width to half width, upper case to lower case, one character for one, so offsets
stay) and reduced to runs of letters and digits: ``％``, ``、`` or ``《`` take no position. Two words with nothing but
such marks between them are therefore neighbours, in a text as in a quoted phrase. English is not stemmed.

>>> words("推进CCUS、ＣＯ２治理", cut=lambda text: ["推进", "CCUS", "、", "ＣＯ２", "治理"])
['推进', 'ccus', 'co2', '治理']
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from whoosh.analysis import Token, Tokenizer

SEPARATOR = "\x1f"
LONGEST = 64
"""Characters of the longest word; longer runs (a text without a single space) are split."""

_RUN = re.compile(r"[a-z0-9]+(?:\.[0-9]+)*|[^\W_a-z0-9]+")


def fold(text: str) -> str:
    """`text` as it is compared: same length, half width, lower case."""
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_character, text))


def runs(text: str) -> Iterator[tuple[str, int]]:
    """The folded runs of letters and digits of one kind (Latin and digits, or other letters), with their offsets."""
    for run in _RUN.finditer(fold(text)):
        for start in range(run.start(), run.end(), LONGEST):
            yield run.string[start : min(start + LONGEST, run.end())], start


def carrier(pieces: Iterable[str]) -> str:
    """Words that are already cut, as one value for the index. A separator in a text becomes a space."""
    return SEPARATOR.join(piece.replace(SEPARATOR, " ") for piece in pieces)


def words(text: str, cut: Callable[[str], list[str]] | None = None) -> list[str]:
    """The index words of a plain text. `cut` defaults to the segmenter that extraction uses."""
    return [run for piece in (cut or _segment)(text) for run, _ in runs(piece)]


class WordTokenizer(Tokenizer):  # type: ignore[misc]
    """Whoosh's way in. When indexing the value is a carrier; when querying it is plain text and is cut by `words`.

    Positions count words, ``startchar`` and ``endchar`` are offsets in the text without separators. The object has
    no state, so the schema that Whoosh pickles holds no dictionary.
    """

    def __call__(
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        removestops: bool = True,
        start_pos: int = 0,
        start_char: int = 0,
        mode: str = "",
        **kwargs: Any,
    ) -> Iterator[Token]:
        token = Token(positions, chars, removestops=removestops, mode=mode, **kwargs)
        pieces = _segment(value) if mode == "query" else value.split(SEPARATOR)
        position, offset = start_pos, start_char
        for piece in pieces:
            for run, start in runs(piece):
                token.text, token.boost, token.stopped = run, 1.0, False
                token.pos, position = position, position + 1
                token.startchar, token.endchar = offset + start, offset + start + len(run)
                yield token
            offset += len(piece)


class Lexicon:
    """The words of an index and how often each occurs: what a query is cut with."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self.counts = dict(counts)
        self._total = math.log(sum(self.counts.values()) or 1)
        self.longest = max(map(len, self.counts), default=1)

    @classmethod
    def load(cls, path: Path) -> Lexicon:
        """Reads what `save` wrote: a line per word, its count after a tab."""
        lines = path.read_text("utf-8").splitlines()
        return cls({word: int(count) for word, _, count in (line.partition("\t") for line in lines)})

    def save(self, path: Path) -> None:
        """Writes the words in code point order."""
        path.write_text("".join(f"{word}\t{count}\n" for word, count in sorted(self.counts.items())), "utf-8")

    def __contains__(self, word: str) -> bool:
        return word in self.counts

    def __iter__(self) -> Iterator[str]:
        return iter(self.counts)

    def cut(self, run: str) -> list[str]:
        """The most probable words that read `run` (folded, of one kind). Unknown characters stand alone.

        >>> Lexicon({"绿色": 9, "制造": 5, "色": 1, "造": 1}).cut("绿色制造业")
        ['绿色', '制造', '业']
        """
        if run.isascii():
            return [run]
        best: list[tuple[float, int]] = [(0.0, len(run))] * (len(run) + 1)
        for start in range(len(run) - 1, -1, -1):
            ends = range(start + 1, min(start + self.longest, len(run)) + 1)
            best[start] = max(
                (self._weight(run[start:end]) + best[end][0], end)
                for end in ends
                if end == start + 1 or run[start:end] in self.counts
            )
        return list(_walk(run, [end for _, end in best]))

    def _weight(self, word: str) -> float:
        return math.log(self.counts.get(word) or 0.5) - self._total


def _walk(run: str, ends: list[int]) -> Iterator[str]:
    start = 0
    while start < len(run):
        yield run[start : ends[start]]
        start = ends[start]


def _segment(text: str) -> list[str]:
    from corpus.segmentation import cut  # loads jieba: half a second

    return cut(text)


def _fold_character(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).lower()
    return folded if len(folded) == 1 else character
