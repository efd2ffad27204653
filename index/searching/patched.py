"""An index as it would be written now: the words of tasks that people changed since in the place of those it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from index.searching.analysis import WordTokenizer

FIELDS = ("title", "text")
"""The fields of which it speaks, beside ``ref``."""


class Postings(NamedTuple):
    """The numbers of the tasks that have a word."""

    numbers: tuple[int, ...]

    def all_ids(self) -> Iterator[int]:
        """The numbers, in no order."""
        return iter(self.numbers)


class Patched:
    """Reads like Whoosh's reader, as far as `index.linking.candidates` reads one.

    ``entries`` are what the index would hold of the changed tasks (`index.searching.entries.entry`).
    """

    def __init__(self, reader: Any, entries: Iterable[Mapping[str, Any]]) -> None:
        self._reader, first = reader, reader.doc_count_all()
        self._hidden: set[int] = set()
        self._own: dict[str, dict[bytes, list[int]]] = {field: {} for field in ("ref", *FIELDS)}
        self._count = first
        for number, one in enumerate(entries, first):
            self._count = number + 1
            self._hidden |= set(self._held("ref", one["ref"].encode()))
            self._own["ref"][one["ref"].encode()] = [number]
            for field in FIELDS:
                for word in {token.text.encode() for token in WordTokenizer()(one[field])}:
                    self._own[field].setdefault(word, []).append(number)

    def doc_count_all(self) -> int:
        """Greater than all numbers of tasks."""
        return int(self._count)

    def lexicon(self, field: str) -> list[bytes]:
        """The words of a field, in their order."""
        return sorted({*self._reader.lexicon(field), *self._own[field]})

    def postings(self, field: str, word: bytes) -> Postings:
        """The tasks that have a word."""
        held = (number for number in self._held(field, word) if number not in self._hidden)
        return Postings((*held, *self._own[field].get(word, ())))

    def _held(self, field: str, word: bytes) -> Iterable[int]:
        found: Iterable[int] = self._reader.postings(field, word).all_ids() if (field, word) in self._reader else ()
        return found
