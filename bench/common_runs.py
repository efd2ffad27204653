"""Counts, over the bundled tasks, the runs of characters and the notions that linking weighs: `index/linking/common.toml`.

    python bench/common_runs.py

To be run again, before bench/fit_linking.py, when the bundled documents or the thesaurus change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from index.linking import grams, rarity, signals, texts, thesaurus
from schemas import Policy

HEAD = """\
# How many of the bundled tasks have a run of characters, or a notion: number = runs. Written by bench/common_runs.py.
# The ground on which rarity is measured in any knowledge base, however small (index/linking/rarity.py).
"""


def counted(policies: Sequence[Policy]) -> str:
    """The file: how many tasks, and the runs and notions by the number of tasks that have them."""
    whole = [text.whole for text in texts.read(policies)]
    found = grams.count(whole, signals.SIZES)
    runs = {_run(key): number for key, number in zip(found.keys.tolist(), _sums(found.matrix), strict=True)}
    names = thesaurus.thesaurus().notions
    notions = dict(zip(names, _sums(thesaurus.notions_in(whole)), strict=True))
    kept = {run: number for run, number in runs.items() if number >= rarity.LEAST and not set(run) & set(' "\\')}
    lines = [HEAD, f"tasks = {len(whole)}", "", "[runs]", *_rows(kept), "", "[notions]", *_rows(notions), ""]
    return "\n".join(lines)


def _sums(matrix: Any) -> list[int]:
    return [int(number) for number in np.asarray(matrix.sum(axis=0)).ravel()]


def _run(key: int) -> str:
    """The characters that are packed into a key."""
    codes = [key >> shift & 0xFFFF for shift in (48, 32, 16, 0)]
    return "".join(chr(code) for code in codes if code)


def _rows(counts: Mapping[str, int]) -> Iterator[str]:
    by_number: dict[int, list[str]] = {}
    for run, number in counts.items():
        by_number.setdefault(number, []).append(run)
    return (f'{number} = "{" ".join(sorted(by_number[number]))}"' for number in sorted(by_number, reverse=True))


def main() -> None:
    from corpus import catalogue, read
    from corpus.outlines import read_outline
    from extract import extract

    listed = catalogue.load()
    policies = [extract(read(one.file), slug=one.slug, level=one.level, title=one.title) for one in listed.documents]
    rarity.FILE.write_text(counted([*policies, *map(read_outline, listed.outlines)]), "utf-8")
    print(f"written: {rarity.FILE.name}")


if __name__ == "__main__":
    main()
