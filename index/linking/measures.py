"""Whether a lower task orders a measure of the upper task that it carries out: yes, something near it, or nothing.

Asked only of tasks that are linked, so little has to be shared for it. Two small logistic models (`measures.toml`) read
the same few shares; they are fitted by `bench/fit_measures.py` on measures that a reader judged one by one.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from index.linking.texts import body_of, fold
from index.linking.thesaurus import thesaurus
from schemas import Task

FILE = Path(__file__).parent / "measures.toml"
SHARES = ("wording", "rest", "areas", "common_notions", "common_wording")
"""What is read, see `shares`."""
SIZES = (2, 4)
_STOCK = 0.15
_SIGN = re.compile(r"\W")
Fate = Literal["ordered", "near", "missing"]


class Model(NamedTuple):
    """A logistic model over `SHARES`, and the chance from which it says yes."""

    weights: tuple[float, ...]
    constant: float
    threshold: float

    def chance(self, found: tuple[float, ...]) -> float:
        """0..1; 0 where it stays below the threshold."""
        total = self.constant + sum(weight * value for weight, value in zip(self.weights, found, strict=True))
        chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
        return chance if chance >= self.threshold else 0.0


def said_of(task: Task) -> str:
    """What a lower task orders, for `shares`: its title, its text without departments, the lead of its section."""
    return fold(f"{task.title or ''}\n{body_of(task)}\n{task.lead}")


def fate(found: tuple[float, ...], models: Mapping[str, Model]) -> Fate:
    """What becomes of a measure, by its `shares`: ordered below with most of its substance, or its concretisation; near,
    where a part of it, one member of a list or a related act is; or missing.

    What is ordered says more of it than the names of things: 建立岸电运行台账 is not ordered by 优先使用岸电.
    """
    if found[SHARES.index("rest")] > 0 and models["ordered"].chance(found):
        return "ordered"
    return "near" if models["near"].chance(found) else "missing"


def is_ordered(measure: str, said: str) -> bool:
    """Whether the lower task orders the measure (`fate`)."""
    return fate(shares(fold(measure), said), models()) == "ordered"


def nearness(measure: str, said: str) -> float:
    """The chance, 0..1, that the lower task orders something near the measure; 0 where it is too small to be told."""
    return models()["near"].chance(shares(fold(measure), said))


@cache
def models() -> dict[str, Model]:
    """The models that are shipped: ``ordered`` and ``near``."""
    raw = tomllib.loads(FILE.read_text("utf-8"))
    return {
        name: Model(tuple(row["weights"][share] for share in SHARES), row["constant"], row["threshold"])
        for name, row in raw.items()
    }


@lru_cache(50_000)
def shares(measure: str, said: str) -> tuple[float, ...]:
    """`SHARES` of a measure, both texts folded.

    ``wording`` the share of its runs of two and four characters that the other text has, weighed by rarity, stock
    phrases next to nothing; ``rest`` the same of what it says beside the notions' words that both have; ``areas`` the share of the wide rows of the thesaurus that it names, weighed likewise; the
    last two how much is common in all, of all rows and of the wording.
    """
    own, other = _runs(measure), _runs(said)
    common = sum(_weight(run) for run in own & other)
    named, held = thesaurus().named(measure), _named(said)
    wide = thesaurus().areas
    return (
        _said(own, other),
        _said(_runs(_without_names(measure, said)), other),
        _share([name for name in named if name in wide], held),
        math.log1p(sum(_notion(name) for name in named if name in held)),
        math.log1p(common),
    )


def _said(own: frozenset[str], other: frozenset[str]) -> float:
    """The share of the one's runs, by weight, that the other has."""
    return sum(_weight(run) for run in own & other) / (sum(map(_weight, own)) + 3.0)


def _without_names(measure: str, said: str) -> str:
    """The measure with a gap in the place of each word of a notion that the other text has."""
    known = thesaurus()
    for notion in known.named(measure):
        for word in known.notions[notion]:
            if word in said:
                measure = measure.replace(word, "\n")
    return measure


def _share(names: list[str], held: frozenset[str]) -> float:
    return sum(_notion(name) for name in names if name in held) / (sum(map(_notion, names)) + 1.0)


@lru_cache(2_000)
def _named(said: str) -> frozenset[str]:
    return frozenset(thesaurus().named(said))


@lru_cache(2_000)
def _runs(text: str) -> frozenset[str]:
    pieces = (text[at : at + size] for size in SIZES for at in range(len(text) - size + 1))
    return frozenset(piece for piece in pieces if not _SIGN.search(piece))


@lru_cache(200_000)
def _weight(run: str) -> float:
    """Rarity; half for the longer runs, which repeat the shorter ones, and next to nothing for stock phrases."""
    from index.linking.rarity import of_run

    return of_run(run) * (1.0 if len(run) == 2 else 0.5) * (_STOCK if run in _stock() else 1.0)


@cache
def _stock() -> frozenset[str]:
    words = thesaurus().stock
    return frozenset(word[at : at + size] for word in words for size in SIZES for at in range(len(word) - size + 1))


@cache
def _notion(name: str) -> float:
    from index.linking.rarity import of_notion

    return of_notion(name)
