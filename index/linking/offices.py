"""What an office answers for (职能), told from its printed name (`offices.toml`): the same at every level and place."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from index.linking import grams


@cache
def offices() -> dict[str, tuple[str, ...]]:
    """Competence → the words that tell it in an office's name."""
    return {name: tuple(words) for name, words in _raw()["offices"].items()}


@lru_cache(10_000)
def competences(name: str) -> tuple[int, ...]:
    """The numbers of the competences that an office of this name has, none for a name that tells none.

    >>> [list(offices())[number] for number in competences("规划建设局")]
    ['规划和自然资源', '住房和城乡建设']
    """
    return tuple(number for number, words in enumerate(offices().values()) if any(word in name for word in words))


def counterparts(lower: Sequence[str], upper: Sequence[str]) -> tuple[str, str] | None:
    """The first office of the lower task, and the one of the upper task, that answer for the same; None without any.

    >>> counterparts(["综合办", "环保办"], ["市发展改革委", "市生态环境局"])
    ('环保办', '市生态环境局')
    """
    return next(
        ((low, up) for low in lower for up in upper if not set(competences(low)).isdisjoint(competences(up))), None
    )


def of_town(names: Sequence[str]) -> str | None:
    """The competence of who leads a task (the first named) where no industrial park's authority has it, else None.

    >>> of_town(["市农业农村局", "市生态环境局"]), of_town(["市生态环境局", "市农业农村局"]), of_town([])
    ('农业农村', None, None)
    """
    known = list(offices())
    own = {known[number] for number in competences(names[0])} if names else set()
    return next(iter(sorted(own)), None) if own and own <= _town() else None


@cache
def _town() -> frozenset[str]:
    return frozenset(_raw()["town"])


@cache
def _raw() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "offices.toml").read_text("utf-8"))


def competences_in(names: Sequence[Sequence[str]]) -> Any:
    """Tasks × competences, 1 where one of the task's offices has it. ``names`` are the printed names of each task."""
    found = [(row, number) for row, own in enumerate(names) for name in own for number in competences(name)]
    pairs = np.array(found, int).reshape(-1, 2)
    return grams.binary(pairs[:, 0], pairs[:, 1], (len(names), len(offices())))
