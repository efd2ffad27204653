"""Time of linking and grading, against character n-grams with sparse_dot_topn, all pairs, top 10, in the same run.

    python bench/linking.py [TASKS...]          default: 1000 10000 20000 50000

The tasks are synthetic: clauses of the bundled documents, recombined at random (seeded), 25 tasks a document, the
documents spread over the levels. Both sides start from the same texts; the other side only proposes pairs, it grades
nothing and shows no evidence.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np
from scipy import sparse

from index.linking import grams
from index.linking.linker import link
from schemas import LEVELS, Origin, Policy, Task

PER_DOCUMENT = 25
SEED = 20


def clauses(policies: Sequence[Policy]) -> tuple[str, ...]:
    """The sentences of all tasks of full texts, each once."""
    found = (
        piece
        for policy in policies
        if policy.text == "full"
        for task in policy.tasks
        for piece in task.text.split("。")
    )
    return tuple(dict.fromkeys(piece.strip() for piece in found if 8 <= len(piece.strip()) <= 80))


def synthetic(pieces: Sequence[str], tasks: int, seed: int = SEED) -> tuple[Policy, ...]:
    """Documents with that many tasks together, each of two to five clauses (mean 134 characters)."""
    chance = random.Random(seed)
    return tuple(
        _document(number, [_body(chance, pieces) for _ in range(min(PER_DOCUMENT, tasks - start))])
        for number, start in enumerate(range(0, tasks, PER_DOCUMENT))
    )


def _body(chance: random.Random, pieces: Sequence[str]) -> str:
    return "。".join(chance.choice(pieces) for _ in range(chance.randint(2, 5))) + "。"


def _document(number: int, bodies: Sequence[str]) -> Policy:
    text, tasks = "", []
    for place, body in enumerate(bodies, 1):
        origin = Origin(line=place, start=len(text), end=len(text) + len(body))
        title = body[:12]
        tasks.append(
            Task(
                id=f"一.{place}",
                section="一",
                title=title,
                starts_with=body[:15],
                kind="task",
                text=body,
                path=("重点任务", title),
                origin=origin,
            )
        )
        text += f"{body}\n"
    return Policy(
        slug=f"synthetic-{number}",
        file="synthetic.txt",
        level=LEVELS[number % len(LEVELS)],
        title=f"第{number}号方案",
        date=f"20{10 + number % 16}-01-01",
        tasks=tuple(tasks),
        sha256="0" * 64,
        format="txt",
        logical_text=text,
    )


def characters(policies: Sequence[Policy]) -> int:
    """The other side: TF-IDF of runs of 2 to 4 characters, all pairs, the ten nearest of each; pairs found."""
    from sparse_dot_topn import sp_matmul_topn

    found = grams.count([task.text for policy in policies for task in policy.tasks], (2, 3, 4)).matrix
    weight = np.log(found.shape[0] / np.asarray(found.sum(axis=0)).ravel()) + 1
    rows = (found @ sparse.diags(weight)).tocsr().astype(np.float32)
    length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    rows = (sparse.diags(1 / length) @ rows).tocsr().astype(np.float32)
    return int(sp_matmul_topn(rows, rows.T.tocsr(), top_n=10, n_threads=2).nnz)


def timed(work: Callable[[], int]) -> tuple[float, int]:
    """Seconds, and what the work counted."""
    start = time.perf_counter()
    count = work()
    return time.perf_counter() - start, count


def run(policies: Sequence[Policy], sizes: Sequence[int]) -> None:
    """Prints a row per size."""
    pieces = clauses(policies)
    try:
        import sparse_dot_topn  # noqa: F401

        rival = True
    except ImportError:
        rival = False
        print("sparse_dot_topn is not installed: no comparison (pip install sparse_dot_topn)", file=sys.stderr)
    print(f"{'tasks':>7} {'linking s':>10} {'links':>9} {'n-grams s':>10} {'ratio':>6} {'peak MB':>8}")
    for size in sizes:
        made = synthetic(pieces, size)
        own, links = timed(lambda made=made: len(link(made)))  # type: ignore[misc]
        other = timed(lambda made=made: characters(made))[0] if rival else float("nan")  # type: ignore[misc]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{size:7} {own:10.2f} {links:9} {other:10.2f} {own / other:6.2f} {peak:8}", flush=True)


def main() -> None:
    from corpus import catalogue, read
    from extract import extract

    listed = catalogue.load()
    policies = [extract(read(one.file), slug=one.slug, level=one.level, title=one.title) for one in listed.documents]
    run(policies, [int(size) for size in sys.argv[1:]] or [1_000, 10_000, 20_000, 50_000])


if __name__ == "__main__":
    main()
