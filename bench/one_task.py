"""What a trace of a task that was just corrected costs, against linking everything anew.

    python bench/one_task.py [KB...]

Without a knowledge base the bundled documents are built; bench/large_kb.py makes one of any size. Each is copied, the
title of a few tasks is corrected in the copy, and their links are found as `policytrace trace` finds them.
"""

from __future__ import annotations

import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from index.build import build
from index.deciding import history
from index.deciding.verdicts import subject, wish
from index.knowledge_base import KnowledgeBase
from index.linking.linker import link
from index.searching import generations
from schemas import TaskRef

ROUNDS, SEED = 8, 20


def measure(kb: Path) -> None:
    """Prints a row: corrects some titles in `kb` and finds the links of these tasks, then links all."""
    chance = random.Random(SEED)
    with KnowledgeBase.open(kb) as held:
        documents = held.policies()
        tasks = [TaskRef(doc=one.slug, task=task.id) for one in documents for task in one.tasks if task.kind != "goals"]
        chosen = chance.sample(tasks, ROUNDS)
        said = [wish(held, "correct", subject(held, str(ref)), "title", f"第{n}项") for n, ref in enumerate(chosen)]
        history.decide(kb, "bench", *said, generation=held.generation)
    took = []
    for ref in chosen:
        with KnowledgeBase.open(kb) as held:
            start = time.perf_counter()
            assert held.relinked(ref) is not None
            took.append(time.perf_counter() - start)
    start = time.perf_counter()
    with KnowledgeBase.open(kb) as held, generations.reader_of(kb, held.generation) as reader:
        link(documents, reader)
    whole = time.perf_counter() - start
    one = statistics.median(took)
    print(
        f"{len(documents):5} documents {len(tasks):6} tasks: one {one:.2f} s, all {whole:.2f} s, ratio {one / whole:.3f}"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        given = [Path(name) for name in sys.argv[1:]]
        if not given:
            build(Path(folder) / "bundled", jobs=1)
            given = [Path(folder) / "bundled"]
        for number, kb in enumerate(given):
            measure(Path(shutil.copytree(kb, Path(folder) / f"copy-{number}")))


if __name__ == "__main__":
    main()
