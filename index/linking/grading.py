"""From signals to a grade and a score: two small logistic models, their weights in `weights.toml`.

One model tells whether a pair is a link at all (grade 2 or 3), one whether it is a plain one (grade 3). The score is
the first model's probability. An upper document that is only an outline (titles and key terms) shifts the constant.
The weights are fitted by `bench/fit_linking.py`, which also writes how well they do on document pairs not seen.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from index.linking.grams import Array
from index.linking.signals import NAMES


class Model(NamedTuple):
    """A logistic model: the weight of each signal (in the signals' own units), constants, and the threshold."""

    weights: Array
    constant: float
    outline: float
    threshold: float

    def probability(self, signals: Array, outline: Array) -> Array:
        """The chance, 0..1, for each row of signals; ``outline`` marks the pairs whose upper text is an outline."""
        total = signals @ self.weights + self.constant + self.outline * outline
        return np.asarray(1 / (1 + np.exp(-np.clip(total, -30, 30))))


class Grader(NamedTuple):
    """Both models, and the score from which a pair is at least of the same theme (grade 1)."""

    link: Model
    plain: Model
    theme: float

    def grade(self, signals: Array, outline: Array, same: Array, most: Array) -> tuple[Array, Array]:
        """(grade 0..3, score) of each pair. ``same`` tells where the titles are the same, ``most`` the greatest grade
        that each may have (`index.linking.limits`).

        The score of a pair that is held below grade 2 is brought below the threshold, in the order it had.
        """
        score, plain = self.link.probability(signals, outline), self.plain.probability(signals, outline)
        linked = score >= self.link.threshold
        grade = np.where(
            linked, np.where((plain >= self.plain.threshold) | same, 3, 2), (score >= self.theme).astype(int)
        )
        score = np.where((most < 2) & linked, score * self.link.threshold, score)
        return np.minimum(grade, most), score


@cache
def grader() -> Grader:
    """The grader that is shipped."""
    raw = tomllib.loads((Path(__file__).parent / "weights.toml").read_text("utf-8"))
    return Grader(_model(raw["link"]), _model(raw["plain"]), raw["theme"])


def _model(raw: dict[str, Any]) -> Model:
    weights = np.array([raw["weights"].get(name, 0.0) for name in NAMES])
    return Model(weights, raw["constant"], raw["outline"], raw["threshold"])
