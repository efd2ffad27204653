"""What people decided since the live generation of the index was written, laid over it while a search runs.

Tasks that they corrected or added are held as the index would hold them (``overlay``) and are looked through one by
one; the index's own entry for such a task is passed over. Printed names that they said the body of (``names``) are
looked up with every search. Light to import: `policytrace search` comes this way.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from math import log
from typing import Any, NamedTuple

from whoosh.query import And, NumericRange, Or, Query, Term
from whoosh.scoring import bm25

from index.searching.analysis import SEPARATOR, runs
from index.searching.phrases import Reads
from index.searching.schema import OPEN, name_term

LETTERS_OF_A_WORD = 2
"""Characters of a Chinese word, about: for the length of a text that was not cut."""


class Named(NamedTuple):
    """The body that people said a printed name means."""

    canonical: str
    owner: str
    found_by: frozenset[str]


class Decided(NamedTuple):
    """As stored: tasks by ref, None where one is gone; names as they are compared."""

    tasks: Mapping[str, dict[str, Any] | None]
    names: Mapping[str, Named]

    def terms(self, department: str) -> tuple[str, ...]:
        """The terms under which tasks of a department stand in the index."""
        asked = name_term(department)
        bodies = [(printed, one) for printed, one in self.names.items() if asked in one.found_by]
        found = (term for printed, one in bodies for term in (OPEN + printed, name_term(one.canonical)))
        return tuple(dict.fromkeys((asked, *found)))

    def owner(self, name: str) -> str:
        """The full name of the body that a name in ``owner`` means."""
        known = self.names.get(name_term(name))
        return known.owner if known else name

    def bodies(self, printed: Iterable[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
        """The departments of a hit, identified."""
        return tuple(self._body(body) for body in printed)

    def _body(self, body: dict[str, Any]) -> dict[str, Any]:
        known = None if body.get("canonical") else self.names.get(name_term(body["name"]))
        return {**body, "canonical": known.canonical} if known else body


def decided(connection: sqlite3.Connection) -> Decided:
    """What is stored; almost always little."""
    tasks = connection.execute("SELECT ref, entry FROM overlay ORDER BY rowid")
    names = connection.execute("SELECT printed, canonical, owner, found_by FROM names")
    return Decided(
        {ref: json.loads(entry) if entry else None for ref, entry in tasks},
        {row[0]: Named(row[1], row[2], frozenset(json.loads(row[3]))) for row in names},
    )


class Overlay:
    """The tasks of an index with people's decisions: numbers of the index, and beyond them those of changed tasks."""

    def __init__(self, searcher: Any, tasks: Mapping[str, dict[str, Any] | None]) -> None:
        self.searcher, self.reader = searcher, searcher.reader()
        first = self.reader.doc_count_all()
        self.entries = {first + at: entry for at, entry in enumerate(filter(None, tasks.values()))}
        numbers = {ref: searcher.document_number(ref=ref) for ref in tasks}
        self.hidden = frozenset(number for number in numbers.values() if number is not None)
        self._places = {number: self._place(numbers[one["ref"]], one, number) for number, one in self.entries.items()}

    def place(self, number: int) -> tuple[float, int]:
        """Where a task stands in reading order."""
        return self._places.get(number, (number, 0))

    def _place(self, held: int | None, entry: dict[str, Any], number: int) -> tuple[float, int]:
        """Its own; one that was added stands after all of its document."""
        if held is not None:
            return held, 0
        if ("doc", entry["doc"]) not in self.reader:
            return number, 0
        return max(self.reader.postings("doc", entry["doc"]).all_ids()), number

    def documents(self, wanted: Sequence[Query]) -> list[int]:
        """The tasks that all queries hold of, in reading order."""
        found = self.searcher.docs_for_query(And(list(wanted))) if wanted else self.reader.all_doc_ids()
        if not self.hidden and not self.entries:
            return sorted(found)
        changed = (number for number, one in self.entries.items() if all(fits(query, one) for query in wanted))
        return sorted((*(number for number in found if number not in self.hidden), *changed), key=self.place)

    def ranked(self, asked: Query, found: Iterable[int], limit: int) -> list[tuple[int, float]]:
        """The best of `found`; those that are equally good in reading order."""
        mine = set(found)
        held = mine - self.entries.keys()
        best = (
            [(n, score) for score, n in self.searcher.search(asked, limit=max(1, limit), filter=held).top_n]
            if held
            else []
        )
        best += [(number, self._score(asked, self.entries[number])) for number in mine & self.entries.keys()]
        return sorted(best, key=lambda row: (-row[1], self.place(row[0])))[:limit]

    def entry(self, number: int) -> dict[str, Any]:
        """What a hit shows."""
        if number not in self.entries:
            stored: dict[str, Any] = self.searcher.stored_fields(number)["entry"]
            return stored
        shown = self.entries[number]["entry"]
        return {**shown, "departments": tuple(shown["departments"]), "path": tuple(shown["path"])}

    def terms(self, number: int, field: str) -> list[str]:
        """The terms of a changed task."""
        return _terms(self.entries[number], field)

    def _score(self, query: Query, entry: dict[str, Any]) -> float:
        """As the index would score it; see `index.searching.phrases.Reads`."""
        if isinstance(query, And | Or):
            return sum(self._score(one, entry) for one in query if fits(one, entry))
        if not isinstance(query, Reads) or not (count := _count(entry[query.fieldname], query.string)):
            return 0.0
        idf = log(self.reader.doc_count_all() / (len(query.counts(self.reader)) + 1) or 1) + 1
        average = self.searcher.avg_field_length(query.fieldname) or 1
        length = max(1, len(entry[query.fieldname]) // LETTERS_OF_A_WORD)
        score: float = query.boost * bm25(max(idf, 0.1), count, length, average, 0.75, 1.2)
        return score


def fits(query: Query, entry: dict[str, Any]) -> bool:
    """Whether a query holds of an entry, as it would in the index."""
    if isinstance(query, And):
        return all(fits(one, entry) for one in query)
    if isinstance(query, Or):
        return any(fits(one, entry) for one in query)
    if isinstance(query, Reads):
        return _count(entry[query.fieldname], query.string) > 0
    if isinstance(query, NumericRange):
        first, last = query.start, query.end
        return any((first is None or first <= year) and (last is None or year <= last) for year in entry["year"])
    assert isinstance(query, Term), query
    return query.text in _terms(entry, query.fieldname)


def _terms(entry: dict[str, Any], field: str) -> list[str]:
    value = entry[field]
    if isinstance(value, list):
        return [str(one) for one in value]
    return value.split(SEPARATOR) if value else []


def _count(carrier: str, string: str) -> int:
    """How often neighbouring words read the string; a Latin word or a number counts whole only."""
    text, bounds = _read(carrier)
    count, at = 0, text.find(string)
    while at >= 0:
        to = at + len(string)
        whole = (at in bounds or not text[at].isascii()) and (to in bounds or not text[to - 1].isascii())
        count += whole
        at = text.find(string, to if whole else at + 1)
    return count


@lru_cache(maxsize=4096)
def _read(carrier: str) -> tuple[str, frozenset[int]]:
    """The words of a text as one string, and where words begin and end."""
    words = [run for piece in carrier.split(SEPARATOR) for run, _ in runs(piece)]
    return "".join(words), frozenset(accumulate(map(len, words), initial=0))
