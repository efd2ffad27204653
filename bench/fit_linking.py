"""Fits the weights of `index/weights.toml` on labelled document pairs and measures them on pairs left out.

    python bench/fit_linking.py [--write] GOLD_FILE...

A gold file has `pairs`: {lower: {doc, task}, upper: {doc, task}, grade}; what is not listed within a labelled pair of
documents is grade 0. The labels of `bench/labels` (one reader's) are fitted to as well and reported apart.

Every figure is of pairs of documents that the weights of that figure have not seen: each pair is left out in turn, the
rest fitted, the pair scored. Only then are the shipped weights fitted on all of them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from index import linking, signals, texts
from schemas import Policy

Array = np.ndarray[Any, Any]
PENALTY = {"link": 3.0, "plain": 3.0}
"""Ridge penalty on standardised weights: 1 to 10 give the same figures within noise."""
THRESHOLD = {"link": 0.38, "plain": 0.5}
"""Links: half of the F1 that is reached, which is where F1 is greatest; plain ones: as likely as not."""
THEME = 0.08
LABELS = Path(__file__).parent / "labels"
WEIGHTS = Path(linking.__file__).parent / "weights.toml"


class Labelled(NamedTuple):
    """All task pairs of one pair of documents. The last column of ``signals``: 1 where the upper is an outline."""

    name: str
    kind: str
    lower: Array
    signals: Array
    grade: Array


class Fit(NamedTuple):
    """A fitted logistic model in the signals' own units."""

    weights: Array
    constant: float

    def probability(self, rows: Array) -> Array:
        return np.asarray(1 / (1 + np.exp(-np.clip(rows @ self.weights + self.constant, -30, 30))))


def fit(rows: Array, right: Array, penalty: float) -> Fit:
    """Logistic regression by Newton's method on standardised signals; the constant is not penalised."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    table = np.column_stack([(rows - mean) / spread, np.ones(len(rows))])
    ridge = np.eye(table.shape[1]) * penalty
    ridge[-1, -1] = 0.0
    weights = np.zeros(table.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(table @ weights, -30, 30)))
        bend = (table * (chance * (1 - chance))[:, None]).T @ table + ridge
        step = np.linalg.solve(bend, table.T @ (chance - right) + ridge @ weights)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    scaled = weights[:-1] / spread
    return Fit(scaled, float(weights[-1] - scaled @ mean))


def labelled(policies: Sequence[Policy], gold_files: Sequence[Path]) -> list[Labelled]:
    """The labelled document pairs with the signals of all their task pairs."""
    read = texts.read(policies)
    tasks = signals.board(read)
    gold: dict[tuple[str, str], dict[tuple[str, str], int]] = {}
    own: set[tuple[str, str]] = set()
    for file in (*gold_files, *sorted(LABELS.glob("*.json"))):
        for pair in json.loads(file.read_text("utf-8"))["pairs"]:
            low, up = pair["lower"], pair["upper"]
            gold.setdefault((low["doc"], up["doc"]), {})[low["task"], up["task"]] = pair["grade"]
            if file.parent == LABELS:
                own.add((low["doc"], up["doc"]))
    of: dict[str, list[int]] = {}
    for number, text in enumerate(read):
        of.setdefault(text.ref.doc, []).append(number)
    found = []
    for (low_doc, up_doc), grades in sorted(gold.items()):
        lower = np.repeat(of[low_doc], len(of[up_doc]))
        upper = np.tile(of[up_doc], len(of[low_doc]))
        table = signals.signals(tasks, lower, upper, linking.named(policies, read, lower, upper))
        grade = np.array(
            [grades.get((read[a].ref.task, read[b].ref.task), 0) for a, b in zip(lower, upper, strict=True)]
        )
        outline = read[upper[0]].outline
        kind = "own labels" if (low_doc, up_doc) in own else "outline" if outline else "full"
        table = np.column_stack([table, np.full(len(table), float(outline))])
        found.append(Labelled(f"{low_doc} → {up_doc}", kind, lower, table, grade))
    return found


def figures(grade: Array, score: Array, lower: Array) -> dict[str, float]:
    """F1 of links, share of lower tasks whose best is right, share of grade 3 that is claimed."""
    claimed, right = score >= THRESHOLD["link"], grade >= 2
    hit = int((claimed & right).sum())
    first = [bool(right[lower == task][score[lower == task].argmax()]) for task in np.unique(lower[right])]
    return {
        "f1": round(2 * hit / max(1, int(claimed.sum()) + int(right.sum())), 3),
        "precision": round(hit / max(1, int(claimed.sum())), 3),
        "recall": round(hit / max(1, int(right.sum())), 3),
        "first_is_right": round(float(np.mean(first)), 3),
        "plain_found": round(float(claimed[grade == 3].mean()), 3) if (grade == 3).any() else 1.0,
        "links": int(right.sum()),
    }


def reliability(right: Array, score: Array) -> list[tuple[str, int, float, float]]:
    """Bucket of score, how many, mean score, share right."""
    rows = []
    for low in (0.05, 0.2, 0.4, 0.6, 0.8):
        held = (score >= low) & (score < low + (0.15 if low < 0.1 else 0.2) + (low >= 0.8))
        if held.any():
            rows.append(
                (
                    f"{low:.2f}",
                    int(held.sum()),
                    round(float(score[held].mean()), 3),
                    round(float(right[held].mean()), 3),
                )
            )
    return rows


def left_out(data: Sequence[Labelled], model: str, least: int) -> Array:
    """Scores of every document pair by weights fitted on the others, one after the other."""
    scores = []
    for one in data:
        rest = [other for other in data if other is not one]
        fitted = fit(
            np.vstack([other.signals for other in rest]),
            np.concatenate([other.grade >= least for other in rest]).astype(float),
            PENALTY[model],
        )
        scores.append(fitted.probability(one.signals))
    return np.concatenate(scores)


def report(data: Sequence[Labelled]) -> dict[str, dict[str, float]]:
    """Figures of each document pair and of each kind together, every pair left out in turn."""
    scores = left_out(data, "link", 2)
    ends = np.cumsum([len(one.grade) for one in data])
    parts = [(one, scores[end - len(one.grade) : end]) for one, end in zip(data, ends, strict=True)]
    rows = {one.name: figures(one.grade, score, one.lower) for one, score in parts}
    for kind in dict.fromkeys(one.kind for one in data):
        own = [(one, score) for one, score in parts if one.kind == kind]
        rows[f"all {kind}"] = figures(
            np.concatenate([one.grade for one, _ in own]),
            np.concatenate([score for _, score in own]),
            np.concatenate([one.lower + 1_000_000 * number for number, (one, _) in enumerate(own)]),
        )
    return rows


def toml(data: Sequence[Labelled]) -> str:
    """`weights.toml`: the weights fitted on all pairs, the figures of each pair left out."""
    rows, grade = np.vstack([one.signals for one in data]), np.concatenate([one.grade for one in data])
    out = [f"theme = {THEME}", ""]
    for model, least in (("link", 2), ("plain", 3)):
        fitted = fit(rows, (grade >= least).astype(float), PENALTY[model])
        out += [f"[{model}]", f"threshold = {THRESHOLD[model]}", f"constant = {fitted.constant:.4f}"]
        out += [f"outline = {fitted.weights[-1]:.4f}", "", f"[{model}.weights]"]
        out += [f"{name} = {weight:.4f}" for name, weight in zip(signals.NAMES, fitted.weights, strict=False)] + [""]
    return "\n".join([*out, *_tables("left_out", report(data).items())])


def _tables(name: str, rows: Iterable[tuple[str, dict[str, float]]]) -> Iterable[str]:
    for title, row in rows:
        yield f'[{name}."{title}"]'
        yield from (f"{key} = {value}" for key, value in row.items())
        yield ""


HEAD = """\
# Weights of the link grader, written by bench/fit_linking.py: do not edit by hand.
# Split: whole document pairs. `left_out` has the figures of each pair, scored by weights fitted on all other pairs;
# the weights themselves are fitted on all pairs. `link`: grade 2 or 3; `plain`: grade 3; `outline`: added to the
# constant where the upper document is an outline.
"""


def run(policies: Sequence[Policy], gold_files: Sequence[Path], write: bool) -> None:
    """Prints the figures and, if told to, writes the weights."""
    data = labelled(policies, gold_files)
    for name, row in report(data).items():
        print(f"{name}: {row}")
    scores, right = left_out(data, "link", 2), np.concatenate([one.grade for one in data]) >= 2
    print("score from, pairs, mean score, share right:", *reliability(right, scores), sep="\n  ")
    if write:
        WEIGHTS.write_text(HEAD + toml(data), "utf-8")
        print(f"written: {WEIGHTS.name}")


def main() -> None:
    from corpus import catalogue, read
    from corpus.outlines import read_outline
    from extract import extract

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    listed = catalogue.load()
    policies = [extract(read(one.file), slug=one.slug, level=one.level, title=one.title) for one in listed.documents]
    run([*policies, *map(read_outline, listed.outlines)], options.gold, options.write)


if __name__ == "__main__":
    main()
