"""Reading and extracting the bundled documents, against jieba alone cutting the same characters.

    python bench/extraction.py [--rounds N]

The two take turns in one process; our own caches are emptied before each turn, so that no text is known. Process start
is left out. The first turn, in which spaCy meets every word for the first time, is printed apart.
"""

from __future__ import annotations

import argparse
import statistics
import time

import extract
from corpus import read, read_text
from corpus.catalogue import load
from corpus.segmentation import han_words, tokenizer
from extract.rules.departments import looks_like_organisation
from extract.rules.headings import classify
from extract.rules.verbs import strength_of

LIMIT = 2.5
WARM = "某市节水方案\n一、主要任务\n1.推进节水。到2025年用水量下降16%。（责任单位：市水务局）\n" * 20

CACHES = (strength_of, classify, looks_like_organisation, han_words)


def main() -> None:
    """Print the ratios, and whether the median is within the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    extract.process(read_text(WARM))
    turns = [turn() for _ in range(given.rounds)]
    ratios = [ours / alone for ours, alone, _ in turns]
    ours, alone, characters = (statistics.median(column) for column in zip(*turns, strict=True))
    ratio = statistics.median(ratios)
    verdict = "ok" if ratio <= LIMIT else "TOO SLOW"
    print(
        f"extraction of {characters:.0f} characters: {ratio:.2f} x jieba alone ({ours * 1000:.0f} / {alone * 1000:.0f} ms) {verdict}"
    )
    print(f"first turn: {ratios[0]:.2f} x")


def turn() -> tuple[float, float, int]:
    """Seconds for reading and extracting all documents and for jieba alone, and the number of characters."""
    for cached in CACHES:
        cached.cache_clear()
    start = time.process_time()
    texts = [
        extract.process(read(entry.file), slug=entry.slug, level=entry.level).policy.logical_text
        for entry in load().documents
    ]
    ours = time.process_time() - start
    start = time.process_time()
    for text in texts:
        tokenizer().lcut(text)
    return ours, time.process_time() - start, sum(map(len, texts))


if __name__ == "__main__":
    main()
