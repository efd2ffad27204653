"""Generations of the Whoosh index: each a directory of its own, written once, then only read.

A generation is a cache of the records: whenever anything is wrong with one, it is written anew from them, never mended.
Which one is live is said by ``records.sqlite`` alone.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from whoosh.index import create_in, open_dir
from whoosh.reading import IndexReader
from whoosh.searching import Searcher

from index.searching.analysis import Lexicon
from index.searching.overlay import Decided, decided
from index.searching.schema import READ_FIELDS, schema
from index.store import INDEX, broken, live_generation, reading, sync

WORDS = "words.txt"
MEMORY = 256
"""Megabytes of postings that the writer gathers before it writes a run."""


class Live(NamedTuple):
    """The live generation, open, and what people decided since it was written."""

    generation: str
    searcher: Searcher
    lexicon: Lexicon
    decided: Decided


@contextmanager
def reading_live(kb: Path) -> Iterator[Live]:
    """The live generation. One that is removed by a build while it is being opened is left for its successor."""
    live = _open_live(kb) or _open_live(kb)
    if live is None:
        broken(f"{kb} 的索引缺失或已损坏", "运行 policytrace build，索引会从记录重建")
    with live.searcher:
        yield live


def write(kb: Path, generation: str, documents: Iterable[Mapping[str, Any]]) -> None:
    """Writes a generation: one index document for each of `documents`, in order. If it fails nothing is left of it."""
    directory = kb / INDEX / generation
    remove(directory)
    directory.mkdir(parents=True)
    try:
        _write_index(directory, documents)
        _write_words(directory)
        for file in directory.iterdir():
            with file.open("rb+") as written:
                os.fsync(written.fileno())
        sync(directory)
        sync(directory.parent)
    except BaseException:
        remove(directory)
        raise


@contextmanager
def reader_of(kb: Path, generation: str) -> Iterator[IndexReader]:
    """Whoosh's reader of a generation."""
    with open_dir(str(kb / INDEX / generation), readonly=True).reader() as reader:
        yield reader


def opens(kb: Path, generation: str) -> bool:
    """Whether a generation is there and whole enough to be opened."""
    found = _open(kb / INDEX / generation, Decided({}, {})) if generation else None
    if found:
        found.searcher.close()
    return found is not None


def remove_all_but(kb: Path, *generations: str) -> None:
    """Removes stale generations; one that a reader still has open on Windows is left for the next time."""
    for directory in (kb / INDEX).iterdir():
        if directory.name not in generations:
            remove(directory)


def remove(directory: Path) -> None:
    """Removes a directory as far as the system lets us."""
    shutil.rmtree(directory, ignore_errors=True)


def _open_live(kb: Path) -> Live | None:
    with reading(kb) as connection:
        connection.execute("BEGIN")  # both of one moment
        generation, _ = live_generation(connection)
        said = decided(connection)
    return _open(kb / INDEX / generation, said) if generation else None


def _open(directory: Path, said: Decided) -> Live | None:
    try:
        searcher = open_dir(str(directory), readonly=True).searcher()
        return Live(directory.name, searcher, _lexicon(directory), said)
    except Exception:  # Whoosh reads pickles and raw structs: a damaged file can raise anything
        return None


@lru_cache(maxsize=2)
def _lexicon(directory: Path) -> Lexicon:
    return Lexicon.load(directory / WORDS)


def _write_index(directory: Path, documents: Iterable[Mapping[str, Any]]) -> None:
    """Adds each document once, to an empty index: no updates, no buffered or parallel writer."""
    writer = create_in(str(directory), schema()).writer(limitmb=MEMORY)
    try:
        for document in documents:
            writer.add_document(**document)
        writer.commit()
    except BaseException:
        with suppress(Exception):  # after a failed commit it may be half closed; the directory goes anyway
            writer.cancel()
        raise


def _write_words(directory: Path) -> None:
    counts: Counter[str] = Counter()
    with reader_of(directory.parent.parent, directory.name) as reader:
        for field in READ_FIELDS:
            for word in reader.field_terms(field):
                counts[word] += int(reader.frequency(field, word))
    Lexicon(counts).save(directory / WORDS)
