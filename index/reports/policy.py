"""What was read from a document, in lines for a screen: its head, tasks, targets, lists and damage."""

from __future__ import annotations

from collections.abc import Iterator

from index.reports.answers import FINDING, LEVEL, departments, name_of
from index.reports.terminal import wrapped
from schemas import Policy, Responsibility, Target, Task


def policy(one: Policy, columns: int) -> Iterator[str]:
    """A document: its head, its tasks section by section, its targets and attached lists, its damage."""
    yield from wrapped(f"{one.title}　{one.slug}", columns)
    head = (
        ("层级", LEVEL[one.level]),
        ("文号", one.shown_number),
        ("发文", "、".join(one.issuers)),
        ("日期", one.date),
        ("依据", "".join(f"《{title}》" for title in one.basis)),
    )
    for label, value in head:
        yield from wrapped(value or "未写明", columns, f"{label}　")
    yield f"共 {len(one.tasks)} 项任务、{len(one.targets)} 个目标、{len(one.projects)} 个项目、{len(one.defects)} 处缺损。"
    yield from _tasks(one, columns)
    yield from _listed("目标", (_target(target) for target in one.targets), columns)
    projects = (f"{p.no} {p.name}{f'（{p.year} 年）' if p.year else ''}{_bodies(p.departments)}" for p in one.projects)
    yield from _listed("项目", projects, columns)
    division = (
        f"{row.no or '·'} {row.item}{_bodies(row.departments)}{f' {row.deadline}' if row.deadline else ''}"
        for row in one.division
    )
    yield from _listed("所附任务分工表（与上面的任务相同，不另计）", division, columns)
    damage = (f"{defect.where} {FINDING[defect.kind]}：{defect.note}" for defect in one.defects)
    yield from _listed("缺损（请对照原件）", damage, columns)


def _tasks(one: Policy, columns: int) -> Iterator[str]:
    """The tasks below their sections; those of no section (第一条 …) first."""
    titles = {section.id: section.title for section in one.sections}
    loose = [task for task in one.tasks if task.section not in titles]
    if loose:
        yield ""
    for task in loose:
        yield from _task(task, one.text, columns)
    for section, title in titles.items():
        yield ""
        yield from wrapped(f"{section} {title}", columns)
        for task in one.tasks:
            if task.section == section:
                yield from _task(task, one.text, columns)


def _task(task: Task, form: str, columns: int) -> Iterator[str]:
    bodies = departments((body.model_dump() for body in task.departments), form)
    deadline = f"　时限：{task.deadline}" if task.deadline else ""
    yield from wrapped(f"{task.id} {name_of(task)}（{bodies}）{deadline}", columns, "  ", "      ")


def _target(target: Target) -> str:
    year = f"（{target.target_year} 年）" if target.target_year else ""
    return f"{target.id} {target.task or '总体'}　{target.quote}{year}"


def _bodies(bodies: tuple[Responsibility, ...]) -> str:
    return f"　{'、'.join(body.name for body in bodies)}" if bodies else ""


def _listed(title: str, lines: Iterator[str], columns: int) -> Iterator[str]:
    for number, line in enumerate(lines):
        if not number:
            yield ""
            yield title
        yield from wrapped(line, columns, "  ", "      ")
