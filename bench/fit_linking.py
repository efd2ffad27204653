"""Fits the weights of `index/linking/weights.toml` on labelled document pairs and measures them on pairs left out.

    python bench/fit_linking.py [--write] GOLD_FILE...

A gold file has `pairs`: {lower: {doc, task}, upper: {doc, task}, grade}; what is not listed within a labelled pair of
documents is grade 0. The labels of `bench/labels` (one reader's) are fitted to as well and reported apart. So are
those of the invented pairs in `tests/cases/links`, which stand for other fields than the bundled documents': each is
read twice, with and without the thesaurus's rows for other fields (a new field has none), and counts less.
The pairs in `tests/cases/links/unseen` are never fitted to (`make score` measures the shipped weights on them).

Every figure is of pairs of documents that the weights of that figure have not seen: each pair is left out in turn, the
rest fitted, the pair scored. Only then are the shipped weights fitted on all of them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy import optimize

from index.linking import linker as linking
from index.linking import signals, texts
from index.linking.thesaurus import thesaurus
from schemas import Policy

Array = np.ndarray[Any, Any]
WEIGHED = {
    "link": "wording notions themes upper_share lower_share lead named_body best_upper best_lower order other_field"
    " restated best_title best_title_characters best_characters best_clause best_share"
    " best_notions offices sections",
    "plain": "title lower_title wording notions characters clause upper_share best_upper best_lower own_upper restated",
}
"""The signals that each model weighs. The others are shown as reasons; with them no figure gets better."""
INVENTED_COUNT = 0.25
"""How much each reading of an invented pair counts: there are many of them, short ones, with one reader's labels. From
0.1 to 0.5 the bundled pairs gain what the others lose, 0.02 of F1 either way."""
PENALTY = {"link": 2.0, "plain": 3.0}
"""Ridge penalty on standardised weights: 1 to 10 give the same figures within noise."""
RANKING = {"link": 1.0, "plain": 0.0}
"""How much it counts, beside the chance of each pair, that a right upper task comes first among those of its document:
of pairs left out 0.96 come right with it, 0.95 without; from 0.5 to 3 the figures are the same within noise."""
THRESHOLD = {"link": 0.36, "plain": 0.6}
"""Links: near half of the F1 that is reached, which is where F1 is greatest; from 0.33 to 0.42 it moves by 0.02. Plain
ones: above this a claim, of bundled pairs left out, is a 3 in seven of ten, and less than a 2 in one of twenty-five."""
THEME = 0.08
LEAST = {"link": 2, "plain": 3}
MANY = 1_000_000
"""More tasks than are labelled: tells the lower tasks of one pair of documents from those of the next."""
BUCKETS = (THEME, 0.2, 0.4, 0.6, 0.8, 1.01)
LABELS = Path(__file__).parent / "labels"
INVENTED = Path(__file__).parent.parent / "tests" / "cases" / "links"
WEIGHTS = Path(linking.__file__).parent / "weights.toml"


class Labelled(NamedTuple):
    """All task pairs of one pair of documents. The last column of ``signals``: 1 where the upper is an outline."""

    name: str
    kind: str
    lower: Array
    signals: Array
    grade: Array
    weight: float = 1.0


class Fit(NamedTuple):
    """A fitted logistic model in the signals' own units."""

    weights: Array
    constant: float

    def probability(self, rows: Array) -> Array:
        return np.asarray(1 / (1 + np.exp(-np.clip(rows @ self.weights + self.constant, -30, 30))))


class Rows(NamedTuple):
    """What is fitted to: the signals of pairs of tasks, whether each is right, how much it counts, and its ``group``: the
    lower task toward one document."""

    signals: Array
    right: Array
    counts: Array
    group: Array


def fit(rows: Rows, penalty: float, ranking: float) -> Fit:
    """Logistic regression on standardised signals, and beside it a softmax over each group that has a right pair.

    The constant is not penalised. Minimised by L-BFGS (scipy), whose result is the same on each run.
    """
    mean, spread = rows.signals.mean(axis=0), rows.signals.std(axis=0) + 1e-9
    table = np.column_stack([(rows.signals - mean) / spread, np.ones(len(rows.right))])
    ranked = rows.counts * ranking * (np.bincount(rows.group, rows.right) > 0)[rows.group]

    def loss(weights: Array) -> tuple[float, Array]:
        total = np.clip(table @ weights, -30, 30)
        chance = 1 / (1 + np.exp(-total))
        missed = -rows.counts @ np.log(np.where(rows.right, chance, 1 - chance))
        grown = np.exp(total)
        in_all, in_right = (np.bincount(rows.group, part)[rows.group] for part in (grown, grown * rows.right))
        share, own = grown / in_all, grown * rows.right / np.maximum(in_right, 1e-30)
        first = -(ranked * own) @ np.log(np.where(in_right > 0, in_right / in_all, 1.0))
        slope = table.T @ (rows.counts * (chance - rows.right) + ranked * (share - own))
        slope[:-1] += penalty * weights[:-1]
        return float(missed + first + penalty / 2 * (weights[:-1] @ weights[:-1])), slope

    start = np.zeros(table.shape[1])
    weights = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 2_000}).x
    scaled = weights[:-1] / spread
    return Fit(scaled, float(weights[-1] - scaled @ mean))


def labelled(policies: Sequence[Policy], gold_files: Sequence[Path]) -> list[Labelled]:
    """The labelled document pairs with the signals of all their task pairs."""
    read = texts.read(policies)
    board = signals.board(read)
    gold = _gold((*gold_files, *sorted(LABELS.glob("*.json"))))
    return [*(_pair(policies, read, board, *row) for row in sorted(gold.items())), *_invented(policies)]


def _invented(policies: Sequence[Policy]) -> Iterator[Labelled]:
    """The invented pairs, among all documents, with the rows of the thesaurus for other fields and without them."""
    gold = sorted(_gold(sorted(INVENTED.glob("*.json"))).items())
    policies = [*policies, *invented({slug for slugs, _ in gold for slug in slugs})]
    read = texts.read(policies)
    for kind, without in (("other fields", frozenset()), ("fields without rows", thesaurus().further)):
        board = signals.board(read, without)
        yield from (_pair(policies, read, board, *row)._replace(kind=kind, weight=INVENTED_COUNT) for row in gold)


def invented(slugs: Collection[str]) -> list[Policy]:
    """The invented documents of these names."""
    from corpus import read
    from extract import extract

    return [extract(read(INVENTED / "docs" / f"{slug}.txt"), slug=slug) for slug in sorted(slugs)]


Grades = dict[tuple[str, str], int]


def _gold(files: Iterable[Path]) -> dict[tuple[str, str], tuple[Grades, bool]]:
    """(lower document, upper document) → (grade of each pair of tasks, whether the labels are our own)."""
    found: dict[tuple[str, str], tuple[Grades, bool]] = {}
    for file in files:
        for pair in json.loads(file.read_text("utf-8"))["pairs"]:
            low, up = pair["lower"], pair["upper"]
            grades, _ = found.setdefault((low["doc"], up["doc"]), ({}, file.parent == LABELS))
            grades[low["task"], up["task"]] = pair["grade"]
    return found


def _pair(
    policies: Sequence[Policy],
    read: Sequence[texts.TaskText],
    board: signals.Board,
    docs: tuple[str, str],
    gold: tuple[Grades, bool],
) -> Labelled:
    below, above = ([at for at, text in enumerate(read) if text.ref.doc == doc] for doc in docs)
    lower, upper = np.repeat(below, len(above)), np.tile(above, len(below))
    table = signals.signals(board, lower, upper, linking.named(policies, read, lower, upper))
    grades, own = gold
    grade = [grades.get((read[a].ref.task, read[b].ref.task), 0) for a, b in zip(lower, upper, strict=True)]
    outline = read[upper[0]].outline
    kind = "own labels" if own else "outline" if outline else "full"
    table = np.column_stack([table, np.full(len(table), float(outline))])
    return Labelled(" → ".join(docs), kind, lower, table, np.array(grade))


def weighed(model: str) -> list[int]:
    """The columns of `Labelled.signals` that a model weighs, the last one that tells an outline."""
    return [list(signals.NAMES).index(name) for name in WEIGHED[model].split()] + [len(signals.NAMES)]


def fitted(data: Sequence[Labelled], model: str, without: str | None = None) -> Fit:
    """A model fitted on all pairs of documents, or on all but the one of that name."""
    used = [one for one in data if one.name != without]
    rows = Rows(
        np.vstack([one.signals[:, weighed(model)] for one in used]),
        np.concatenate([one.grade >= LEAST[model] for one in used]),
        np.concatenate([np.full(len(one.grade), one.weight) for one in used]),
        np.unique(np.concatenate([one.lower + number * MANY for number, one in enumerate(used)]), return_inverse=True)[
            1
        ],
    )
    return fit(rows, PENALTY[model], RANKING[model])


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


def reliability(right: Array, score: Array) -> list[dict[str, float]]:
    """By bucket of score, from what is stored as a link: how many, the mean score, the share that is right."""
    rows = []
    for low, high in pairwise(BUCKETS):
        held = (score >= low) & (score < high)
        if held.any():
            mean, share = float(score[held].mean()), float(right[held].mean())
            row = {"from": low, "pairs": int(held.sum()), "score": mean, "right": share, "gap": abs(mean - share)}
            rows.append({name: round(value, 3) for name, value in row.items()})
    return rows


def left_out(data: Sequence[Labelled], model: str) -> list[Array]:
    """Scores of every document pair by weights fitted on the others, one after the other."""
    return [fitted(data, model, one.name).probability(one.signals[:, weighed(model)]) for one in data]


def report(data: Sequence[Labelled], scores: Sequence[Array]) -> dict[str, dict[str, float]]:
    """Figures of each document pair and of each kind together, every pair left out in turn."""
    parts = list(zip(data, scores, strict=True))
    rows = {f"{one.name} ({one.kind})": figures(one.grade, score, one.lower) for one, score in parts}
    for kind in dict.fromkeys(one.kind for one in data):
        own = [(one, score) for one, score in parts if one.kind == kind]
        rows[f"all {kind}"] = figures(
            np.concatenate([one.grade for one, _ in own]),
            np.concatenate([score for _, score in own]),
            np.concatenate([one.lower + number * MANY for number, (one, _) in enumerate(own)]),
        )
    return rows


def measured(policies: Sequence[Policy], gold_files: Sequence[Path]) -> dict[str, Any]:
    """What `make score` prints: figures of pairs left out, and how far their scores can be believed."""
    data = labelled(policies, gold_files)
    scores = left_out(data, "link")
    right = np.concatenate([one.grade for one in data]) >= LEAST["link"]
    return {"left_out": report(data, scores), "reliability": reliability(right, np.concatenate(scores))}


def toml(data: Sequence[Labelled]) -> str:
    """`weights.toml`: the weights fitted on all pairs, the figures of each pair left out."""
    out = [f"theme = {THEME}", ""]
    for model in WEIGHED:
        own = fitted(data, model)
        out += [f"[{model}]", f"threshold = {THRESHOLD[model]}", f"constant = {own.constant:.4f}"]
        out += [f"outline = {own.weights[-1]:.4f}", "", f"[{model}.weights]"]
        names = WEIGHED[model].split()
        out += [f"{name} = {weight:.4f}" for name, weight in zip(names, own.weights, strict=False)] + [""]
    return "\n".join([*out, *_tables("left_out", report(data, left_out(data, "link")).items())])


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
    found = measured(policies, gold_files)
    for name, row in (*found["left_out"].items(), *enumerate(found["reliability"])):
        print(f"{name}: {row}")
    if write:
        WEIGHTS.write_text(HEAD + toml(labelled(policies, gold_files)), "utf-8")
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
