"""How rare a run of characters or a notion is among tasks: what all have says nothing, what few have says much.

Counted over the tasks at hand and, as a ground, over those that the weights were fitted on (`common.toml`): so two
short documents alone, or one more document in a small knowledge base, are weighed like the bundled ones.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from index.linking import grams
from index.linking.grams import Array

FILE = Path(__file__).parent / "common.toml"
LEAST = 3
"""Runs that fewer tasks have are not in the file; they are taken to stand in one."""


class Ground(NamedTuple):
    """``tasks`` counted; ``keys``, sorted, and ``counts`` of the runs; ``notions`` name → count."""

    tasks: int
    keys: Array
    counts: Array
    notions: dict[str, int]


@cache
def ground() -> Ground:
    """The counts that are shipped."""
    raw = tomllib.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    runs = {int(number): words.split() for number, words in raw.get("runs", {}).items()}
    keys = np.array([key for words in runs.values() for key in _packed(words)], np.uint64)
    counts = np.array([number for number, words in runs.items() for _ in words], float)
    order = np.argsort(keys)
    notions = {name: int(number) for number, names in raw.get("notions", {}).items() for name in names.split()}
    return Ground(raw.get("tasks", 0), keys[order], counts[order], notions)


def _packed(words: Sequence[str]) -> list[int]:
    return [int(grams.strip([word]).keys(len(word))[1][0]) for word in words]


def tasks_with(run: str) -> float:
    """In how many of the tasks counted as a ground a run of two or four characters stands; 1 where it was not counted."""
    known = ground()
    at, is_known = grams.lookup(np.array(_packed([run]), np.uint64), known.keys)
    return float(known.counts[at[0]]) if is_known[0] else 1.0


@lru_cache(200_000)
def of_run(run: str) -> float:
    """The weight of one run of two or four characters among the tasks counted as a ground."""
    return _rarity(tasks_with(run))


def of_notion(name: str) -> float:
    """The weight of one notion among the tasks counted as a ground."""
    return _rarity(ground().notions.get(name, 0))


def _rarity(tasks: float) -> float:
    return max(0.0, math.log((ground().tasks + 1) / (tasks + 0.5)))


def of_runs(found: grams.Grams) -> Array:
    """The weight of each run."""
    known = ground()
    at, is_known = grams.lookup(found.keys, known.keys)
    before = np.where(is_known, known.counts[at], 1.0) if len(known.keys) else np.zeros(len(found.keys))
    return _weight(found.matrix, before)


def of_notions(matrix: Any, names: Sequence[str]) -> Array:
    """The weight of each notion."""
    return _weight(matrix, np.array([ground().notions.get(name, 0) for name in names], float))


def _weight(matrix: Any, before: Array) -> Array:
    """5 and more for one of a kind, near 0 for what every task has."""
    total = matrix.shape[0] + ground().tasks
    counted = np.asarray(matrix.sum(axis=0)).ravel() + before
    return np.asarray(np.log((total + 1) / (counted + 0.5)).clip(0.0))
