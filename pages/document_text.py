"""A document's text cut into parts that a page can show, with tasks, departments, targets and defects marked; HTML."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.exporting.sheet import clean
from index.reports.answers import FINDING, ROLE, name_of
from pages import shared
from schemas import Origin, Policy, Task

MOST = 6_000
"""Characters of a part, from which a section is cut into several at the start of a paragraph."""
LEGEND = (
    "<div class='pt-legend' aria-label='图例'><span class='pt-tag'>三.1</span>任务"
    "<span class='pt-who'>部门</span>责任部门<mark>目标</mark>目标<span class='pt-bad'>缺损</span>缺损（悬停看说明）"
    "<span class='pt-here-sign'>▌</span>所选之处</div>"
)


class Part(NamedTuple):
    """A stretch of the text: its title, ``text[start:end]``, and the tasks that begin in it."""

    title: str
    start: int
    end: int
    tasks: tuple[Task, ...]


class Mark(NamedTuple):
    """``text[start:end]`` is of a `kind`: ``who``, ``aim``, ``bad``, ``here``; `note` says more when pointed at."""

    start: int
    end: int
    kind: str
    note: str = ""


def begins(task: Task) -> int:
    """Where a task begins, its heading included."""
    return task.heading.start if task.heading and task.heading.start <= task.origin.start else task.origin.start


def parts(policy: Policy) -> tuple[Part, ...]:
    """The whole text in order: what stands before the first section, then the sections, long ones in several parts."""
    text = policy.logical_text
    firsts: list[tuple[int, str]] = []
    for section in policy.sections:
        start = text.rfind("\n", 0, section.origin.start) + 1
        if policy.text == "outline":  # the names of its sections stand together before their tasks
            start = min((begins(task) for task in policy.tasks if task.section == section.id), default=start)
        firsts.append((start, f"{section.id} {section.title}"))
    firsts.sort()
    if not firsts or text[: firsts[0][0]].strip():
        firsts.insert(0, (0, "文首" if firsts else "全文"))
    tasks = sorted(policy.tasks, key=begins)
    starts = [begins(task) for task in tasks]
    found: list[Part] = []
    for number, (start, title) in enumerate(firsts):
        end = firsts[number + 1][0] if number + 1 < len(firsts) else len(text)
        pieces = list(_pieces(text, start, end, starts))
        for count, (a, b) in enumerate(pieces, 1):
            inside = tuple(tasks[bisect_right(starts, a - 1) : bisect_right(starts, b - 1)])
            found.append(Part(title if len(pieces) == 1 else f"{title}（{count}/{len(pieces)}）", a, b, inside))
    return tuple(part for part in found if part.end > part.start)


def _pieces(text: str, start: int, end: int, starts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """A section in pieces of at most `MOST` characters where paragraphs allow; rather before a task than within it."""
    while end - start > MOST:
        at = bisect_right(starts, start + MOST)
        cut = next((one for one in reversed(starts[:at]) if one > start + MOST // 3), 0)
        cut = cut or text.rfind("\n", start + 1, start + MOST) + 1 or text.find("\n", start + MOST, end) + 1 or end
        yield start, cut
        start = cut
    if end > start:
        yield start, end


def part_at(found: Sequence[Part], at: int) -> int:
    """The number of the part that holds an offset."""
    return max(0, bisect_right([part.start for part in found], at) - 1)


def marks(policy: Policy) -> tuple[Mark, ...]:
    """Departments, targets and defects where they stand."""
    found = [
        Mark(body.origin.start, body.origin.end, "who", f"{ROLE[body.effective_role]}：{body.name}")
        for task in policy.tasks
        for body in task.departments
    ]
    found += [
        Mark(one.origin.start, one.origin.end, "aim", f"目标 {one.id}：{one.indicator}") for one in policy.targets
    ]
    found += [
        Mark(one.origin.start, one.origin.end, "bad", f"{FINDING[one.kind]}（{one.where}）：{one.note}")
        for one in policy.defects
        if one.origin
    ]
    return tuple(sorted(set(found)))


def paragraphs(policy: Policy, part: Part, found: Sequence[Mark], here: tuple[int, int] | None) -> str:
    """The part as HTML, a paragraph each; the paragraphs that touch `here` are set off."""
    text = policy.logical_text
    heads = {text.rfind("\n", 0, begins(task)) + 1: task for task in part.tasks}
    lines = []
    start = part.start
    while start < part.end:
        end = text.find("\n", start, part.end)
        end = part.end if end < 0 else end
        if text[start:end].strip() or any(start <= one.start <= end and one.kind == "bad" for one in found):
            lines.append(_paragraph(policy, start, end, heads.get(start), found, here))
        start = end + 1
    return f"<div class='pt-text'>{''.join(lines)}</div>"


def _paragraph(
    policy: Policy, start: int, end: int, task: Task | None, found: Sequence[Mark], here: tuple[int, int] | None
) -> str:
    is_here = here is not None and here[0] < max(end, start + 1) and start < max(here[1], here[0] + 1)
    inside = [one for one in found if one.start < end and start < one.end or start <= one.start == one.end <= end]
    body = _marked(policy.logical_text, start, end, inside)
    tag = f"<span class='pt-tag'>{shared.escaped(task.id)}</span>" if task else ""
    return (
        f"<p class='{'pt-here' if is_here else ''}'><span class='pt-line'>{place(task) if task else ''}</span>"
        f"<span>{tag}{body}</span></p>"
    )


def place(task: Task) -> str:
    """Page and line at which a task begins, for the margin."""
    origin: Origin = task.heading or task.origin
    page = f"{origin.page}页 " if origin.page else ""
    return f"{page}{origin.line}行" if origin.is_place else ""


def _marked(text: str, start: int, end: int, inside: Sequence[Mark]) -> str:
    """Text with marks that may overlap: cut at each border, each piece in the look of all that hold it."""
    borders = sorted({start, end, *(min(max(edge, start), end) for one in inside for edge in (one.start, one.end))})
    points = {one.start: one for one in inside if one.start == one.end}
    pieces = []
    for a, b in zip(borders, [*borders[1:], None], strict=True):
        if a in points:
            pieces.append(f"<span class='pt-bad' title='{shared.escaped(points[a].note)}'>缺损</span>")
        if b is None:
            break
        kinds = [one for one in inside if one.start <= a and b <= one.end and one.start < one.end]
        piece = shared.escaped(text[a:b])
        for kind in dict.fromkeys(one.kind for one in kinds):
            note = shared.escaped("；".join(one.note for one in kinds if one.kind == kind))
            piece = f"<span class='pt-{kind}' title='{note}'>{piece}</span>"
        pieces.append(piece)
    return "".join(pieces)


def names(part: Part) -> list[tuple[str, str]]:
    """The tasks of a part for the outline: id, and number with title."""
    return [(task.id, clean(f"{task.id} {name_of(task)}")) for task in part.tasks]
