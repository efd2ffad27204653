"""What is distinctive of a task within its own document, and how far two tasks share that.

A thing that every task of a document names (氢 in a plan for hydrogen) is that document's subject and tells none of its
tasks from the others, however rare it is elsewhere. So each run or notion counts by how few tasks of the same document
have it, on either side of a pair.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from scipy import sparse

from index.linking.grams import Array


def distinct(matrix: Any, doc: Array, weight: Array | None = None, least: float = 1e-6) -> Any:
    """Rows of length one: tasks × columns, each column by its ``weight`` and by how rare it is in the task's document.

    ``doc`` numbers the document of each row. Without ``weight`` all columns weigh the same. Rows shorter than ``least``
    are divided by it and stay short: what has next to nothing of its own is near to nothing.
    """
    rows = matrix.astype(np.float32).tocsr()
    tasks = np.bincount(doc)
    which = sparse.csr_matrix((np.ones(len(doc), np.float32), (doc, np.arange(len(doc)))), shape=(len(tasks), len(doc)))
    held = (which @ rows).tocsr()
    most = np.log((tasks + 1) / 1.5)
    scratch = np.zeros(rows.shape[1], np.float32)
    for start, end in _runs_of(doc):
        number = doc[start]
        own = slice(held.indptr[number], held.indptr[number + 1])
        columns, top = held.indices[own], most[number]
        worth = np.ones(len(columns)) if weight is None else weight[columns]
        highest = top if weight is None else np.minimum(worth, top)
        rare = np.log((tasks[number] + 1) / (held.data[own] + 0.5)) / np.maximum(highest, 1e-6)
        scratch[columns] = np.clip(rare, 0.0, 1.0) * worth
        block = slice(rows.indptr[start], rows.indptr[end])
        rows.data[block] = scratch[rows.indices[block]]
    length = np.sqrt(np.add.reduceat(np.append(rows.data**2, 0.0), rows.indptr[:-1])) * (np.diff(rows.indptr) > 0)
    rows.data /= np.repeat(np.maximum(length, least), np.diff(rows.indptr)).astype(np.float32)
    return rows


def _runs_of(doc: Array) -> list[tuple[int, int]]:
    """The stretches of rows that belong to one document."""
    starts = [0, *(np.flatnonzero(np.diff(doc)) + 1).tolist(), len(doc)]
    return list(pairwise(starts)) if len(doc) else []


def alike(rows: Any, lower: Array, upper: Array) -> Array:
    """The cosine of each pair of rows, 0..1."""
    return np.asarray(rows[lower].multiply(rows[upper]).sum(axis=1)).ravel()
