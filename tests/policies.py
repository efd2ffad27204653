"""Hand-written policies for tests: a few sentences of our own become a `Policy` whose offsets are right."""

from __future__ import annotations

from collections.abc import Sequence

from schemas import LEVELS, Level, Link, Measure, NotFound, Origin, Policy, Responsibility, Target, Task, TaskRef


def policy(
    slug: str,
    level: Level,
    tasks: Sequence[tuple[str, str]],
    *,
    title: str = "",
    date: str | None = "2022-01-01",
    departments: Sequence[str] = (),
    targets: Sequence[Target] = (),
    lead: str = "",
) -> Policy:
    """A document with one section; ``tasks`` are (title, body)."""
    text, made = f"{title or slug}\n", []
    for number, (name, body) in enumerate(tasks, 1):
        start = len(text) + len(name) + 1
        heading = Origin(line=number, start=len(text), end=len(text) + len(name))
        origin = Origin(line=number, start=start, end=start + len(body))
        text += f"{name}。{body}\n"
        made.append(
            Task(
                id=f"一.{number}",
                section="一",
                title=name or None,
                starts_with=body[:15],
                kind="task",
                text=body,
                path=("重点任务", name),
                lead=lead,
                measures=_measures(body, start),
                departments=tuple(
                    Responsibility(name=body_name, role="责任部门", effective_role="responsible", origin=origin)
                    for body_name in departments
                ),
                departments_from="own" if departments else "none",
                heading=heading if name else None,
                origin=origin,
            )
        )
    return Policy(
        slug=slug,
        file=f"{slug}.txt",
        level=level,
        title=title or slug,
        date=date,
        tasks=tuple(made),
        targets=tuple(targets),
        sha256="0" * 64,
        format="txt",
        logical_text=text,
    )


def _measures(body: str, start: int) -> tuple[Measure, ...]:
    found, at = [], 0
    for piece in body.split("。"):
        if piece:
            place = Origin(line=1, start=start + at, end=start + at + len(piece))
            found.append(Measure(text=piece, verb=piece[:2], strength="promote", origin=place))
        at += len(piece) + 1
    return tuple(found)


def office(name: str, role: str = "责任部门") -> Responsibility:
    """A body that answers for a task."""
    return Responsibility(name=name, role=role, effective_role="responsible", origin=Origin(line=1, start=0, end=1))


def target(indicator: str, value: float | None, year: int | None = 2025, **more: object) -> Target:
    """A target stated in a goals section."""
    fields: dict[str, object] = {
        "id": "t1",
        "task": None,
        "section": "一",
        "quote": f"{indicator}{'' if value is None else f'{value:g}%'}",
        "indicator": indicator,
        "direction": "reach",
        "value": value,
        "unit": None if value is None else "%",
        "bound": ">=",
        "target_year": year,
        "origin": Origin(line=1, start=0, end=1),
    }
    return Target.model_validate(fields | more)


class Held:
    """A knowledge base in memory."""

    def __init__(self, policies: Sequence[Policy], links: Sequence[Link] = ()) -> None:
        self._policies = tuple(sorted(policies, key=lambda one: LEVELS.index(one.level or "park")))
        self._links = tuple(links)

    def policies(self) -> tuple[Policy, ...]:
        return self._policies

    def slugs(self) -> frozenset[str]:
        return frozenset(one.slug for one in self._policies)

    def policy(self, slug: str) -> Policy:
        for one in self._policies:
            if one.slug == slug:
                return one
        raise NotFound(f"没有文件 {slug}")

    def task(self, ref: str) -> tuple[Policy, Task]:
        slug, _, task_id = ref.partition("#")
        found = self.policy(slug).task(task_id)
        if found is None:
            raise NotFound(f"没有任务 {ref}")
        return self.policy(slug), found

    def links(self, lower: str | None = None, upper: str | None = None) -> tuple[Link, ...]:
        return tuple(
            link for link in self._links if lower in (None, link.lower.doc) and upper in (None, link.upper.doc)
        )

    def altered(self, slug: str) -> frozenset[str]:
        return frozenset()

    def relinked(self, ref: TaskRef) -> tuple[Link, ...] | None:
        return None
