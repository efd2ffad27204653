"""Find a string in the words of the index, wherever the words begin and end.

A segmenter cuts 源网荷储 as one word here and as 源网 | 荷储 there, and 固废 may stand inside 危固废. `Reads` finds a
string in all of these: it follows every chain of neighbouring words that spells the string, where the first word may
begin before it and the last may end after it. Positions count words, so neighbours are one position apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from math import log
from typing import Any, NamedTuple

from whoosh.matching import ListMatcher, NullMatcher
from whoosh.query import Query
from whoosh.reading import IndexReader, TermNotFound
from whoosh.scoring import bm25

from index.searching.analysis import Lexicon


class Edge(NamedTuple):
    """A word that spells ``string[start:end]`` (or, at the ends of the string, has it at its own end or start)."""

    start: int
    end: int
    word: str


class Reads(Query):  # type: ignore[misc]
    """The documents in which neighbouring words of `field` read `string` (folded, without marks). Scored by BM25.

    `chain` are the `edges` of the string.
    """

    def __init__(self, field: str, string: str, chain: tuple[Edge, ...], boost: float = 1.0) -> None:
        self.fieldname, self.string, self.chain, self.boost = field, string, chain, boost
        self._counts: dict[int, Counter[int]] = {}
        self._scored: dict[int, tuple[list[int], list[float]]] = {}

    def __repr__(self) -> str:
        return f"Reads({self.fieldname}:{self.string!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reads) and (self.fieldname, self.string) == (other.fieldname, other.string)

    def __hash__(self) -> int:
        return hash((self.fieldname, self.string))

    def field(self) -> str:
        return self.fieldname

    def is_leaf(self) -> bool:
        return True

    def estimate_size(self, reader: IndexReader) -> int:
        return len(self.counts(reader))

    def counts(self, reader: IndexReader) -> Counter[int]:
        """How often each document of `reader` (numbers of that reader) reads the string."""
        found = self._counts.get(id(reader))
        if found is None:
            found = self._counts[id(reader)] = _count(reader, self.fieldname, self.chain, len(self.string))
        return found

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        reader = searcher.reader()
        if not self.counts(reader):
            return NullMatcher()
        if id(reader) not in self._scored:
            self._scored[id(reader)] = self._scores(searcher, reader)
        return _Scored(*self._scored[id(reader)])

    def _scores(self, searcher: Any, reader: IndexReader) -> tuple[list[int], list[float]]:
        counts, everywhere = self.counts(reader), searcher.get_parent()
        idf = log(everywhere.doc_count_all() / (len(counts) + 1)) + 1
        average = everywhere.avg_field_length(self.fieldname)
        documents = sorted(counts)
        lengths = [reader.doc_field_length(number, self.fieldname) for number in documents]
        scores = [
            self.boost * bm25(idf, counts[number], length, average, 0.75, 1.2)
            for number, length in zip(documents, lengths, strict=True)
        ]
        return documents, scores


class _Scored(ListMatcher):  # type: ignore[misc]
    """Documents with their scores. Whoosh asks for the highest at every step; `ListMatcher` then looks at them all."""

    def __init__(self, documents: list[int], scores: list[float], highest: float | None = None, at: int = 0) -> None:
        super().__init__(documents, weights=scores, position=at)
        self.highest = max(scores) if highest is None else highest

    def copy(self) -> _Scored:
        return _Scored(self._ids, self._weights, self.highest, self._i)

    def block_max_weight(self) -> float:
        return self.highest


def edges(string: str, lexicon: Lexicon) -> tuple[Edge, ...]:
    """Every word of `lexicon` that can take part in spelling `string`, ordered by where it starts."""
    opening = [word for word in lexicon if string[0] in word]
    closing = [word for word in lexicon if string[-1] in word]
    whole = [Edge(0, len(string), word) for word in opening if _holds(word, string)]
    chain = [*_first(string, opening), *_inner(string, lexicon), *_last(string, closing)]
    return (*whole, *_on_a_way_through(chain, len(string)))


def _holds(word: str, string: str) -> bool:
    """A Latin word or a number is found whole only: 20 is not in 2025."""
    return word == string or (string in word and not word.isascii())


def _first(string: str, words: Iterable[str]) -> Iterator[Edge]:
    for word in words:
        for end in range(1, min(len(string), len(word) + 1)):
            if word == string[:end] or (not word.isascii() and word.endswith(string[:end])):
                yield Edge(0, end, word)


def _last(string: str, words: Iterable[str]) -> Iterator[Edge]:
    for word in words:
        for start in range(max(1, len(string) - len(word)), len(string)):
            if word == string[start:] or (not word.isascii() and word.startswith(string[start:])):
                yield Edge(start, len(string), word)


def _inner(string: str, lexicon: Lexicon) -> Iterator[Edge]:
    for start in range(1, len(string)):
        for end in range(start + 1, min(len(string), start + lexicon.longest + 1)):
            if string[start:end] in lexicon:
                yield Edge(start, end, string[start:end])


def _on_a_way_through(chain: Iterable[Edge], length: int) -> list[Edge]:
    """The edges that lie on some way from 0 to `length`: only their postings need be read."""
    chain = sorted(chain)
    reached = {0}
    for edge in chain:
        if edge.start in reached:
            reached.add(edge.end)
    leads_on = {length}
    for edge in reversed(chain):
        if edge.end in leads_on:
            leads_on.add(edge.start)
    return [edge for edge in chain if edge.start in reached and edge.end in leads_on]


def _count(reader: IndexReader, field: str, chain: Iterable[Edge], length: int) -> Counter[int]:
    """Follow the chains. ``reached[i]`` holds the (document, position) at which a word ends after i characters."""
    found: Counter[int] = Counter()
    reached: dict[int, set[tuple[int, int]]] = {}
    for start, end, word in chain:
        if start and not reached.get(start):
            continue
        if (start, end) == (0, length):
            found.update(_frequencies(reader, field, word))
            continue
        places = _places(reader, field, word)
        if start:
            before = reached[start]
            places = [(number, position) for number, position in places if (number, position - 1) in before]
        if end == length:
            found.update(number for number, _ in places)
        else:
            reached.setdefault(end, set()).update(places)
    return found


def _frequencies(reader: IndexReader, field: str, word: str) -> dict[int, int]:
    """Document → how often it has the word: as `_places`, without unpacking the positions."""
    try:
        matcher = reader.postings(field, word)
    except TermNotFound:
        return {}
    counts = {}
    while matcher.is_active():
        counts[matcher.id()] = int(matcher.weight())
        matcher.next()
    return counts


def _places(reader: IndexReader, field: str, word: str) -> list[tuple[int, int]]:
    try:
        matcher = reader.postings(field, word)
    except TermNotFound:
        return []
    return [(number, position) for number, at in matcher.items_as("positions") for position in at]
