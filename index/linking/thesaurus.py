"""The notions of the field: which words name the same thing, and which say nothing (`thesaurus.toml`)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from index.linking.grams import Array

LONGEST = 8


class Thesaurus(NamedTuple):
    """``notions`` name → words, ``stock`` words and phrases without weight, ``fields`` field → words that place a task
    in it; ``further`` names the notions that are not of the bundled documents' field, ``areas`` those that are wide.
    ``town`` are fields too, which concern no park (`index.linking.fields`)."""

    notions: Mapping[str, tuple[str, ...]]
    stock: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]
    further: frozenset[str]
    areas: frozenset[str]
    town: Mapping[str, tuple[str, ...]]

    def named(self, text: str) -> dict[str, str]:
        """Notion → the first of its words that stands in the text, in the thesaurus's order."""
        words = _words_by_beginning()
        found = {
            word: rows
            for at in range(len(text) - 1)
            for word, rows in words.get(text[at : at + 2], ())
            if text.startswith(word, at)
        }
        names = {name for rows in found.values() for name in rows}
        return {
            name: next(word for word in self.notions[name] if word in found)
            for name in sorted(names, key=_places().__getitem__)
        }

    def fields_of(self, text: str) -> tuple[str, ...]:
        """The fields whose words the text has."""
        return tuple(field for field, words in self.fields.items() if any(word in text for word in words))

    def about(self, title: str, text: str, among: Iterable[str] | None = None) -> tuple[str, ...]:
        """The fields that a task is about: its title names them, or its text three times and more."""
        return tuple(
            field
            for field in (self.fields if among is None else among)
            for words in [self.fields[field]]
            if any(word in title for word in words) or sum(text.count(word) for word in words) >= 3
        )


@cache
def thesaurus() -> Thesaurus:
    """The thesaurus that is shipped."""
    raw = tomllib.loads((Path(__file__).parent / "thesaurus.toml").read_text("utf-8"))
    rows = {name: tuple(words) for name, words in (raw["notions"] | raw["further"] | raw["areas"]).items()}
    fields = {name: tuple(words) for name, words in raw["fields"].items()}
    words = raw["words"]
    phrases = (f"{manner}{doing}" for manner in words["manner"] for doing in words["doing"])
    return Thesaurus(
        rows,
        (*words["stock"], *words["manner"], *words["doing"], *phrases),
        fields,
        frozenset(raw["further"] | raw["areas"]),
        frozenset(raw["areas"]),
        {name: tuple(words) for name, words in raw["town"].items()},
    )


@cache
def _words_by_beginning() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """The first two characters of the shipped words → words with them, each with the notions that it names."""
    named: dict[str, list[str]] = {}
    for notion, words in thesaurus().notions.items():
        for word in words:
            named.setdefault(word, []).append(notion)
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for word, notions in named.items():
        found.setdefault(word[:2], []).append((word, tuple(notions)))
    return found


@cache
def _places() -> dict[str, int]:
    return {notion: at for at, notion in enumerate(thesaurus().notions)}


@cache
def stock_pattern() -> re.Pattern[str]:
    """Stock phrases, the longest first, and marks."""
    words = sorted(thesaurus().stock, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)) + r"|\W")


def notions_in(texts: Sequence[str]) -> Any:
    """Texts × notions, 1 where the text has a word of the notion."""
    return _named_in(texts, "notions")


def fields_in(texts: Sequence[str]) -> Any:
    """Texts × fields, 1 where the text has a word of the field."""
    return _named_in(texts, "fields")


def _named_in(texts: Sequence[str], table: str) -> Any:
    """Texts × rows of a table of the thesaurus, 1 where the text has a word of the row."""
    import numpy as np

    from index.linking import grams

    laid = grams.strip(texts)
    rows: list[Array] = []
    columns: list[Array] = []
    for size, (keys, named) in _words(table).items():
        where, key = laid.keys(size)
        at, known = grams.lookup(key, keys)
        for place in range(named.shape[1]):
            own = named[at[known], place]
            rows.append(where[known][own >= 0])
            columns.append(own[own >= 0])
    shape = (len(texts), len(getattr(thesaurus(), table)))
    return grams.binary(np.concatenate(rows), np.concatenate(columns), shape)


@cache
def _words(name: str) -> dict[int, tuple[Array, Array]]:
    """Word length → (sorted keys of the words, the rows that have each, as numbers in a row filled up with -1)."""
    import numpy as np

    from index.linking import grams

    owners: dict[str, list[int]] = {}
    for number, words in enumerate(getattr(thesaurus(), name).values()):
        for word in words:
            owners.setdefault(word, []).append(number)
    table = {}
    for size in range(2, LONGEST + 1):
        own = sorted(word for word in owners if len(word) == size)
        if own:
            keys = np.array([grams.strip([word]).keys(size)[1][0] for word in own], np.uint64)
            order = np.argsort(keys)
            most = max(len(owners[word]) for word in own)
            rows = [owners[own[place]] + [-1] * (most - len(owners[own[place]])) for place in order]
            table[size] = (keys[order], np.array(rows, int))
    return table
