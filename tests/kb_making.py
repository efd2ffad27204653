"""Hand-made policies, and knowledge bases of them, for tests of the index."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import pytest

from corpus.departments import register
from corpus.segmentation import cut
from index.build import BuildInput, BuildReport, build
from index.reading import extraction
from index.reading.extraction import Job
from schemas import Level, Measure, Origin, Policy, Responsibility, Section, Target, Task

ROLES = {"牵头": "lead", "配合": "support", "责任部门": "responsible", "责任单位": "responsible", "指导": "guide"}


class Item(NamedTuple):
    """A task to be made: ``departments`` are (name, printed role)."""

    id: str
    title: str
    text: str
    departments: tuple[tuple[str, str], ...] = ()
    strengths: tuple[str, ...] = ()
    target_year: int | None = None


def policy(
    slug: str, title: str, items: Sequence[Item], level: Level = "park", date: str | None = "2023-05-01", **more: object
) -> Policy:
    """A document whose logical text is its title and, line by line, the titles and texts of its items."""
    parts, tasks, targets = [f"{title}\n重点任务\n"], [], []
    for item in items:
        heading, body = _place(parts, f"{item.id}．{item.title}。"), _place(parts, item.text + "\n")
        body = body.model_copy(update={"end": body.end - 1})
        tasks.append(_task(item, heading, body))
        if item.target_year:
            targets.append(_target(f"t{len(targets) + 1}", item, body))
    text = "".join(parts)
    return Policy.model_validate(
        {
            "slug": slug,
            "file": f"{slug}.txt",
            "level": level,
            "title": title,
            "date": date,
            "sections": (
                Section(id="三", title="重点任务", origin=Origin(line=1, start=len(title) + 1, end=len(title) + 5)),
            ),
            "tasks": tuple(tasks),
            "targets": tuple(targets),
            "sha256": "0",
            "format": "text",
            "logical_text": text,
            **more,
        }
    )


def _place(parts: list[str], text: str) -> Origin:
    start = sum(map(len, parts))
    parts.append(text)
    return Origin(line=len(parts), start=start, end=start + len(text))


def _task(item: Item, heading: Origin, body: Origin) -> Task:
    bodies = tuple(
        Responsibility(
            name=name, canonical=register().resolve(name), role=role, effective_role=ROLES[role], origin=body
        )
        for name, role in item.departments
    )
    measures = tuple(Measure(text=item.text, verb="推进", strength=s, origin=body) for s in item.strengths)
    return Task(
        id=item.id,
        section="三",
        title=item.title,
        starts_with=item.text[:15],
        kind="task",
        text=item.text,
        path=("重点任务",),
        measures=measures,
        departments=bodies,
        departments_from="own" if bodies else "none",
        heading=heading,
        origin=body,
    )


def _target(target_id: str, item: Item, body: Origin) -> Target:
    return Target(
        id=target_id,
        task=item.id,
        section="三",
        quote=item.text,
        indicator="能耗",
        direction="reduce",
        value=None,
        target_year=item.target_year,
        origin=body,
    )


def write(folder: Path, *policies: Policy) -> list[BuildInput]:
    """The policies as files that `reading_hand_made` understands."""
    folder.mkdir(parents=True, exist_ok=True)
    inputs = []
    for made in policies:
        path = folder / made.file
        path.write_text(made.model_dump_json(), "utf-8")
        inputs.append(BuildInput(path))
    return inputs


@contextmanager
def reading_hand_made() -> Iterator[list[Path]]:
    """Builds in this process read the files of `write`; gives the list of those that were read."""
    reads: list[Path] = []

    def document(job: Job) -> tuple[Policy, list[int]]:
        reads.append(job.path)
        made = Policy.model_validate_json(job.path.read_bytes())
        given = {"slug": job.slug, "level": job.level, "title": job.title}
        known = {name: value for name, value in given.items() if value}
        sha256 = hashlib.sha256(job.path.read_bytes()).hexdigest()
        made = made.model_copy(update={**known, "sha256": sha256})
        return made, list(accumulate(map(len, cut(made.logical_text))))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extraction, "_document", document)
        patch.setattr(extraction, "_ships", lambda job: True)  # in this process
        yield reads


def made(kb: Path, *policies: Policy) -> BuildReport:
    """Builds a knowledge base of hand-made policies."""
    with reading_hand_made():
        return build(kb, write(kb.parent / "files", *policies), jobs=1)
