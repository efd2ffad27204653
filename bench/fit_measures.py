"""Fits `index/linking/measures.toml` on measures that a reader judged one by one, and measures it on others.

    python bench/fit_measures.py [--write]

`tests/cases/measures/fitted.json` and `unseen.json`: links (asserted by careful readers) with a label for each measure of
the upper task: 2 the lower task orders it, 1 something near it, 0 nothing. Figures of the fitted ones are of document
pairs left out in turn; the unseen ones are never fitted to.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from index.linking import measures
from index.linking.texts import fold
from schemas import Policy

sys.path.insert(0, str(Path(__file__).parent))
from fit_linking import INVENTED, Fit, Rows, fit

Array = np.ndarray[Any, Any]
CASES = Path(__file__).parent.parent / "tests" / "cases" / "measures"
LEAST = {"ordered": 2, "near": 1}
THRESHOLD = {"ordered": 0.6, "near": 0.4}
"""Said to be ordered: rather too seldom, for then nobody looks again. Near: rather too often, for what is said to be
found nowhere is taken for a gap."""
PENALTY = 1.0


class Judged(NamedTuple):
    """A measure with the reader's label, in a pair of documents."""

    pair: str
    shares: tuple[float, ...]
    label: int


@cache
def document(slug: str) -> Policy:
    """A bundled document, or an invented one of `tests/cases/links`."""
    from corpus import catalogue, read
    from extract import extract

    for one in catalogue.load().documents:
        if one.slug == slug:
            return extract(read(one.file), slug=slug, level=one.level, title=one.title)
    return extract(read(INVENTED / "docs" / f"{slug}.txt"), slug=slug)


def judged(file: Path) -> Iterator[Judged]:
    """The labelled measures of a file that extraction still gives."""
    for row in json.loads(file.read_text("utf-8")):
        upper, lower = (document(row[side]["doc"]).task(row[side]["task"]) for side in ("upper", "lower"))
        if upper is None or lower is None:
            continue
        said, held = measures.said_of(lower), {one.text for one in upper.measures}
        for text, label in row["labels"].items():
            if text in held:
                yield Judged(f"{row['lower']['doc']} → {row['upper']['doc']}", measures.shares(fold(text), said), label)


def fitted(rows: Sequence[Judged], model: str) -> Fit:
    """A model fitted on these measures."""
    table = np.array([one.shares for one in rows])
    right = np.array([one.label >= LEAST[model] for one in rows])
    return fit(Rows(table, right, np.ones(len(rows)), np.zeros(len(rows), int)), PENALTY, 0.0)


def fates(rows: Sequence[Judged], models: dict[str, Fit]) -> list[measures.Fate]:
    """What models say of each measure."""
    made = {name: measures.Model(tuple(one.weights), one.constant, THRESHOLD[name]) for name, one in models.items()}
    return [measures.fate(one.shares, made) for one in rows]


def figures(labels: Sequence[int], said: Sequence[str]) -> dict[str, float]:
    """Of what is said to be ordered, and to be missing, the share that is so; of what is ordered the share that is said."""
    label, fate = np.array(labels), np.array(said)
    ordered, missing = fate == "ordered", fate == "missing"
    return {
        "measures": len(label),
        "ordered_is_ordered": round(float((label[ordered] == 2).mean()), 3),
        "ordered_is_at_least_near": round(float((label[ordered] >= 1).mean()), 3),
        "ordered_found": round(float(ordered[label == 2].mean()), 3),
        "missing_is_missing": round(float((label[missing] == 0).mean()), 3),
        "missing_is_ordered": round(float((label[missing] == 2).mean()), 3),
    }


def left_out(rows: Sequence[Judged]) -> dict[str, float]:
    """Figures with each pair of documents left out in turn."""
    labels, said = [], []
    for pair in dict.fromkeys(one.pair for one in rows):
        own, others = [one for one in rows if one.pair == pair], [one for one in rows if one.pair != pair]
        labels += [one.label for one in own]
        said += fates(own, {name: fitted(others, name) for name in LEAST})
    return figures(labels, said)


HEAD = """\
# Models of what becomes of a measure, written by bench/fit_measures.py: do not edit by hand.
# ordered: the lower task orders it; near: it orders it, a part of it or something near it.
"""


def toml(models: dict[str, Fit], told: dict[str, dict[str, float]]) -> str:
    """`measures.toml`: the figures as comments, then the models."""
    out = [f"# {name}: {', '.join(f'{key} {value}' for key, value in row.items())}" for name, row in told.items()]
    for name, one in models.items():
        out += [
            "",
            f"[{name}]",
            f"threshold = {THRESHOLD[name]}",
            f"constant = {one.constant:.4f}",
            "",
            f"[{name}.weights]",
        ]
        out += [f"{share} = {weight:.4f}" for share, weight in zip(measures.SHARES, one.weights, strict=True)]
    return "\n".join([*out, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows, unseen = (list(judged(CASES / f"{name}.json")) for name in ("fitted", "unseen"))
    models = {name: fitted(rows, name) for name in LEAST}
    told = {
        "document pairs left out": left_out(rows),
        "unseen": figures([one.label for one in unseen], fates(unseen, models)),
    }
    print(json.dumps(told, indent=1))
    if options.write:
        measures.FILE.write_text(HEAD + toml(models, told), "utf-8")
        print(f"written: {measures.FILE.name}")


if __name__ == "__main__":
    main()
