"""Character runs of many short texts as sparse matrices, without a Python loop over characters.

A text is a row, an n-gram of characters a column. N-grams of up to four characters are packed into one 64-bit
number (16 bits a character), so a whole knowledge base is counted by sorting one array.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

Array = np.ndarray[Any, Any]
_GAP = "\n"
_MIX = np.uint64(0x9E3779B97F4A7C15)


class Grams(NamedTuple):
    """``matrix`` is texts × n-grams, 1 where the text has the n-gram; ``keys`` are the packed n-grams, sorted."""

    matrix: Any
    keys: Array


class Strip(NamedTuple):
    """Texts laid end to end: ``codes`` the characters (16 bits each), ``rows`` the text of each character."""

    codes: Array
    rows: Array

    def keys(self, size: int) -> tuple[Array, Array]:
        """(row, key) of every run of ``size`` characters (1 to 8) that lies within one text and has no break in it."""
        narrow = min(size, 4)
        key, bad = self.codes.copy(), self.codes == ord(_GAP)
        gap = bad.copy()
        for step in range(1, size):
            if step < narrow:
                key[:-step] = (key[:-step] << np.uint64(16)) | self.codes[step:]
            bad[:-step] |= gap[step:]
            bad[-step:] = True
        if size > narrow:  # a longer run is told by its first four and its last four characters
            shift = size - narrow
            key[:-shift] = (key[:-shift] * _MIX) ^ key[shift:]
        return self.rows[~bad], key[~bad]


def strip(texts: Sequence[str]) -> Strip:
    """The texts as one strip; a line break within a text is a gap that no run crosses.

    >>> len(strip(["节能降碳", "降碳"]).keys(2)[1])
    4
    """
    whole = "".join(f"{text}{_GAP}" for text in texts)
    codes = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), dtype=np.uint32) & 0xFFFF
    return Strip(codes.astype(np.uint64), np.repeat(np.arange(len(texts)), [len(text) + 1 for text in texts]))


def count(texts: Sequence[str], sizes: Sequence[int]) -> Grams:
    """The n-grams of the texts; columns in the order of the packed keys."""
    rows, keys = _runs(strip(texts), sizes)
    vocabulary, columns = np.unique(keys, return_inverse=True)
    return Grams(binary(rows, columns, (len(texts), len(vocabulary))), vocabulary)


def count_in(texts: Sequence[str], sizes: Sequence[int], vocabulary: Array) -> Any:
    """The n-grams of the texts that the vocabulary has, as a matrix with its columns."""
    rows, keys = _runs(strip(texts), sizes)
    columns, known = lookup(keys, vocabulary)
    return binary(rows[known], columns[known], (len(texts), len(vocabulary)))


def lookup(keys: Array, vocabulary: Array) -> tuple[Array, Array]:
    """(column, known) of each key in a sorted vocabulary."""
    if not len(vocabulary):
        return np.zeros(len(keys), np.int64), np.zeros(len(keys), bool)
    columns = np.minimum(np.searchsorted(vocabulary, keys), len(vocabulary) - 1)
    return columns, vocabulary[columns] == keys


def binary(rows: Array, columns: Array, shape: tuple[int, int]) -> Any:
    """The matrix that has 1 at each (row, column), however often it is named."""
    matrix = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=shape)
    matrix.data[:] = 1.0
    return matrix


def sizes_of(keys: Array) -> Array:
    """How many characters each packed key has (2 to 4)."""
    return np.where(keys >> np.uint64(48) > 0, 4, np.where(keys >> np.uint64(32) > 0, 3, 2))


def _runs(laid: Strip, sizes: Sequence[int]) -> tuple[Array, Array]:
    found = [laid.keys(size) for size in sizes]
    return np.concatenate([rows for rows, _ in found]), np.concatenate([keys for _, keys in found])
