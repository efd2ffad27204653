"""Which pairs of tasks are looked at: one sparse product over the words of all tasks, the nearest of each kept.

The words are the postings of the index when a reader is given (the index is the one place where words live), else
pairs of characters of the texts themselves. The notions of the thesaurus are columns too, so that a task that says
the same in other words is found. Cost: one product in blocks of rows; words that too many tasks have are dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from index.linking import grams, thesaurus
from index.linking.grams import Array
from index.linking.linker import FEW
from index.linking.texts import TaskText

COMMON = 0.05
"""Words that a larger share of the tasks has are dropped, once there are enough tasks for it to matter."""
MANY = 2_000
PAIRS = 120_000
"""Of 76 documents with 1,200 tasks the links of the labelled pairs are as good as those of the ten bundled alone."""
_CELLS = 4_000_000
_SPARE = 4
"""The nearest in all are searched among so many times more, so that one document does not take every place."""


class Reach(NamedTuple):
    """How many upper tasks are looked at: toward each upper document, and in all (a cap for large collections); beyond
    that cap so many toward each document that the lower one names (《…》): whatever else is alike, those it carries out."""

    per_document: int
    in_all: int
    named: int = 5


def nearest(
    texts: Sequence[TaskText], above: Array, reader: Any = None, reach: Reach | None = None, names: Array | None = None
) -> tuple[Array, Array]:
    """(lower, upper) numbers of the candidate pairs, sorted. ``above[d, e]`` says that document e stands above d,
    ``names[d, e]`` that d names e.

    Documents are numbered in the order in which they first occur in ``texts``.
    """
    reach = reach or reach_of(len(texts), len(above))
    matrix = _weighted(_columns(texts, reader))
    number = {slug: at for at, slug in enumerate(dict.fromkeys(text.ref.doc for text in texts))}
    doc = np.array([number[text.ref.doc] for text in texts], int)
    asked = None if names is None or len(above) <= FEW else names & above
    rows = np.flatnonzero(np.asarray(above.any(axis=1))[doc])
    across = matrix.T.tocsr()

    def best(part: Array) -> tuple[Array, Array]:
        near = np.asarray((matrix[part] @ across).todense())
        near[~above[doc[part]][:, doc]] = 0.0
        found = _best_of(part, near, doc, reach)
        return found if asked is None else _with_named(found, part, near, doc, asked, reach)

    with ThreadPoolExecutor(2) as workers:
        found = list(workers.map(best, _parts(rows, len(texts))))
    if not found:
        return np.zeros(0, int), np.zeros(0, int)
    lower, upper = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.lexsort((upper, lower))
    return lower[order], upper[order]


def reach_of(tasks: int, documents: int) -> Reach:
    """A few documents are linked in depth; the more tasks there are, the fewer of the nearest are looked at, so that
    the pairs stay within `PAIRS`, and never fewer than six of each task.
    """
    if documents <= FEW:
        return Reach(per_document=15, in_all=15 * FEW)
    in_all = min(15 * FEW, max(6, PAIRS // tasks))
    return Reach(per_document=min(15, max(3, in_all // 8)), in_all=in_all)


def _parts(rows: Array, width: int) -> Iterator[Array]:
    """The rows in blocks whose dense product stays within `_CELLS` numbers."""
    size = max(1, _CELLS // max(width, 1))
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _best_of(part: Array, near: Array, doc: Array, reach: Reach) -> tuple[Array, Array]:
    """The pairs of a block of rows that are kept: the nearest in all, and of these the nearest of each document."""
    at, upper = np.nonzero(near > _floor(near, reach.in_all * _SPARE)[:, None])
    lower, value = part[at], near[at, upper]
    lower, upper, value = _of_each_document(lower, upper, value, doc, reach.per_document)
    order = np.lexsort((upper, -value, lower))
    lower, upper = lower[order], upper[order]
    keep = place(lower) < reach.in_all
    return lower[keep], upper[keep]


def _with_named(
    found: tuple[Array, Array], part: Array, near: Array, doc: Array, asked: Array, reach: Reach
) -> tuple[Array, Array]:
    """The pairs, and the nearest of each document that the lower task's own one names."""
    rows = np.flatnonzero(np.asarray(asked.any(axis=1))[doc[part]])
    at, upper = np.nonzero(asked[doc[part[rows]]][:, doc] & (near[rows] > 0))
    at = rows[at]
    lower, upper, _ = _of_each_document(part[at], upper, near[at, upper], doc, reach.named)
    pairs = (one * len(doc) + other for one, other in (found, (lower, upper)))
    return np.divmod(np.unique(np.concatenate(list(pairs))), len(doc))


def _of_each_document(lower: Array, upper: Array, value: Array, doc: Array, most: int) -> tuple[Array, Array, Array]:
    """Of the pairs of each lower task toward each document the ``most`` of the greatest value."""
    order = np.lexsort((upper, -value, doc[upper], lower))
    lower, upper, value = lower[order], upper[order], value[order]
    keep = place(lower * (int(doc.max()) + 1) + doc[upper]) < most
    return lower[keep], upper[keep], value[keep]


def _floor(near: Array, most: int) -> Array:
    """For each row a value that about its ``most`` greatest exceed, counted in 256 steps (of many columns a part)."""
    part = max(1, near.shape[1] // MANY)
    most = -(-most // part)
    steps = np.minimum(near[:, ::part] * 256, 255).astype(np.int64)
    steps += np.arange(len(near))[:, None] * 256
    counts = np.bincount(steps.ravel(), minlength=len(near) * 256).reshape(len(near), 256)
    enough = np.cumsum(counts[:, ::-1], axis=1)[:, ::-1] >= most
    step = 255 - np.argmax(enough[:, ::-1], axis=1)
    return np.where(enough.any(axis=1), np.maximum(step / 256 - 1e-6, 0.0), 0.0).astype(near.dtype)


def place(group: Array) -> Array:
    """How many entries of the same group stand before each entry; groups stand together."""
    if not len(group):
        return np.zeros(0, int)
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    return np.arange(len(group)) - np.repeat(starts, np.diff(np.r_[starts, len(group)]))


def _columns(texts: Sequence[TaskText], reader: Any) -> Any:
    whole = [text.whole for text in texts]
    words = grams.count(whole, (2,)).matrix if reader is None else _postings(texts, reader)
    return sparse.hstack([words, thesaurus.notions_in(whole)], format="csr", dtype=np.float32)


def _postings(texts: Sequence[TaskText], reader: Any) -> Any:
    """Tasks × words from the index's postings of the fields ``text`` and ``title``."""
    number = {str(text.ref): row for row, text in enumerate(texts)}
    row_of = np.full(reader.doc_count_all(), -1)
    for ref in reader.lexicon("ref"):
        row_of[_documents(reader, "ref", ref)] = number.get(ref.decode() if isinstance(ref, bytes) else ref, -1)
    columns: dict[bytes, int] = {}
    rows, places = [], []
    for field in ("text", "title"):
        for word in reader.lexicon(field):
            held = row_of[_documents(reader, field, word)]
            rows.append(held[held >= 0])
            places.append(np.full(len(rows[-1]), columns.setdefault(word, len(columns))))
    if not rows:
        return grams.count([text.whole for text in texts], (2,)).matrix
    return grams.binary(np.concatenate(rows), np.concatenate(places), (len(texts), len(columns)))


def _documents(reader: Any, field: str, word: bytes) -> Array:
    return np.fromiter(reader.postings(field, word).all_ids(), int)


def _weighted(matrix: Any) -> Any:
    """Rows of length one, columns weighted by rarity, common ones dropped."""
    tasks = matrix.shape[0]
    held = np.asarray(matrix.sum(axis=0)).ravel()
    weight = np.log((tasks + 1) / (held + 0.5)).clip(0.0)
    if tasks > MANY:
        weight[held > COMMON * tasks] = 0.0
    weighted = matrix @ sparse.diags(weight.astype(np.float32))
    weighted.eliminate_zeros()
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return (sparse.diags(1 / np.maximum(length, 1e-9)).astype(np.float32) @ weighted).tocsr()
