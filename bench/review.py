"""What one decision costs in a large knowledge base: the decision, the knowledge base as it is then, the next question.

    python bench/review.py [--tasks 20000] [--kb DIR]

Makes a knowledge base of synthetic documents if the directory has none (minutes for 20,000 tasks), and prints seconds.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
LIMIT = 1.5


def main() -> None:
    """Builds, decides, measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=20_000)
    parser.add_argument("--kb", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kb = given.kb or Path(folder) / "kb"
        if not (kb / "records.sqlite").exists():
            make(kb, given.tasks)
        measure(kb, given.rounds)


def make(kb: Path, tasks: int) -> None:
    """A knowledge base of the documents of `bench/linking.py`: sentences of the bundled ones, recombined."""
    from linking import clauses, synthetic

    from corpus import catalogue, read
    from extract import extract
    from tests.kb_making import made

    started = time.perf_counter()
    listed = catalogue.load().documents
    pieces = clauses([extract(read(one.file), slug=one.slug, level=one.level, title=one.title) for one in listed])
    documents = synthetic(pieces, tasks)
    report = made(kb, *(one.model_copy(update={"file": f"{one.slug}.txt"}) for one in documents))
    print(
        f"{report.documents} documents, {report.tasks} tasks, {report.links} links: {time.perf_counter() - started:.0f} s"
    )


def measure(kb: Path, rounds: int) -> None:
    """Seconds of each step of a decision on the page."""
    from index.deciding import history
    from index.deciding.review import near_links, queue
    from index.deciding.verdicts import wish
    from index.knowledge_base import KnowledgeBase
    from index.snapshot import Keeper

    keeper = Keeper(kb)
    started = time.perf_counter()
    held = keeper.now()
    first = time.perf_counter()
    with KnowledgeBase.open(kb) as now:
        near = near_links(now)
    print(
        f"opened once in {first - started:.1f} s; {len(near)} links near the line in {time.perf_counter() - first:.1f} s"
    )
    item, open_ones = None, queue(held, near=near).items
    for number in range(rounds):
        item = open_ones[number * len(open_ones) // rounds]
        before = time.perf_counter()
        with KnowledgeBase.open(kb) as now:
            said, generation = wish(now, "confirm", item.subject), now.generation
        wished = time.perf_counter()
        history.decide(kb, "甲", said, generation=generation)
        decided = time.perf_counter()
        held = keeper.now()
        opened = time.perf_counter()
        found = queue(held, near=near)
        next_one = found.items[0]
        done = time.perf_counter()
        steps = f"wish {wished - before:.2f}, store {decided - wished:.2f}, read {opened - decided:.2f}, queue {done - opened:.2f}"
        verdict = "ok" if done - before <= LIMIT else "TOO SLOW"
        print(
            f"{item.reason}: {done - before:.2f} s ({steps}); {len(found.items)} open, next {next_one.reason} {verdict}"
        )


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT)]
    main()
