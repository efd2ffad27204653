"""A knowledge base of any size for measurements: synthetic documents (bench/linking.py) with departments and measures.

python bench/large_kb.py DIRECTORY [TASKS]          default: 20000 tasks
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.linking import SEED, clauses, synthetic
from corpus import catalogue, read
from extract import extract
from index.build import build
from schemas import Measure, Policy, Responsibility, Section, Task
from tests.kb_making import reading_hand_made, write


def bundled() -> list[Policy]:
    """The documents that are shipped."""
    return [
        extract(read(one.file), slug=one.slug, level=one.level, title=one.title) for one in catalogue.load().documents
    ]


def documents(tasks: int) -> Iterator[Policy]:
    """Documents with that many tasks together; departments as they occur in the bundled documents."""
    policies, chance = bundled(), random.Random(SEED)
    bodies = [body for policy in policies for task in policy.tasks for body in task.departments]
    sections = [section.title for policy in policies for section in policy.sections]
    for policy in synthetic(clauses(policies), tasks):
        section = Section(id="一", title=chance.choice(sections), origin=policy.tasks[0].origin)
        made = tuple(_with(task, section, bodies, chance) for task in policy.tasks)
        yield policy.model_copy(update={"file": f"{policy.slug}.txt", "tasks": made, "sections": (section,)})


def _with(task: Task, section: Section, bodies: Sequence[Responsibility], chance: random.Random) -> Task:
    named = tuple(
        body.model_copy(update={"origin": task.origin}) for body in chance.sample(bodies, chance.randint(0, 3))
    )
    measures = tuple(
        Measure(text=text, verb="推进", strength=chance.choice(("require", "promote", "encourage")), origin=task.origin)
        for text in task.text.split("。")[:2]
    )
    return task.model_copy(
        update={
            "departments": named,
            "departments_from": "own" if named else "none",
            "measures": measures,
            "path": (section.title, task.title),
        }
    )


def make(kb: Path, tasks: int) -> None:
    """Builds it; says what it took."""
    start = time.perf_counter()
    with reading_hand_made():
        report = build(kb, write(kb.parent / f"{kb.name}-files", *documents(tasks)), jobs=1)
    took = time.perf_counter() - start
    print(f"{report.documents} documents, {report.tasks} tasks, {report.links} links in {took:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20_000)
