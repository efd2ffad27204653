"""What the command line prints of decisions, the review queue, versions: records → lines of Chinese text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from index.deciding.carrying import CarryReport
from index.deciding.decisions import FIELD
from index.deciding.history import Made
from index.deciding.moments import day_of, shown
from index.deciding.review import REASONS, Queue, ReviewItem
from index.deciding.versions import CHANGES, Difference
from index.removal import Loss
from index.reports.answers import STATE
from index.reports.terminal import wrapped
from schemas import Decision, Notice, Policy, Subject, Task

VERDICT = {
    "confirm": "确认",
    "correct": "更正",
    "reject": "否定",
    "add": "补录",
    "not_applicable": "认定不适用",
    "move": "改挂",
    "remove": "移除文件",
    "undo": "撤销",
}
CARRIED = {"same": "原处不变", "moved": "随条目移动", "reworded": "原文已改，待复核", "gone": "原处已无此条"}
ANSWERS = {
    "gone": "m 改挂到另一条　d 不再需要这些决定",
    "link": "y 确认　n 否定　1/2/3 定为该级",
    "department": "y 不必登记　c 指明是谁　r 登记为新部门",
}


def keys(reason: str) -> str:
    """The keys that answer a question."""
    return f"{ANSWERS.get(reason, 'y 确认　n 否定　c 更正')}　s 跳过　u 撤销上一个　q 结束"


def value(given: object) -> str:
    """A value of a field in words."""
    if given is None or given == "":
        return "无"
    if isinstance(given, list):
        return "、".join(str(one.get("name")) if isinstance(one, dict) else str(one) for one in given) or "无"
    return given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)


def decision(one: Decision) -> str:
    """A decision in one line, without its id."""
    change = f"{FIELD.get(one.field, one.field)}：{value(one.before)} → {value(one.after)}" if one.field else ""
    if one.verdict == "move":
        what = f"{len(one.after) if isinstance(one.after, list) else 0} 个决定：{Subject.model_validate(one.before)}"
        return f"改挂 {what} → {one.subject}{f'　理由：{one.why}' if one.why else ''}"
    if one.verdict == "add" and isinstance(one.after, dict) and one.subject.kind == "task":
        named = one.after.get("title") or one.after.get("starts_with") or ""
        return f"补录 {one.subject} {named}{f'　理由：{one.why}' if one.why else ''}"
    undone = f"（{one.undoes[:8]}）" if one.undoes else ""
    said = "，".join(filter(None, (change, f"理由：{one.why}" if one.why else "")))
    return f"{VERDICT[one.verdict]}{undone} {one.subject}{f'　{said}' if said else ''}"


def history(decisions: Sequence[Decision], undone: frozenset[str], columns: int) -> Iterator[str]:
    """The decisions, the latest last; an undone one says so."""
    yield f"共 {len(decisions)} 个决定。"
    for one in decisions:
        sign = "〔已撤销〕" if one.id in undone else ""
        head = f"{shown(one.at)} {one.id[:8]} {one.who}　"
        yield from wrapped(f"{decision(one)}{sign}", columns, head, "    ")


def made(results: Sequence[Made], columns: int) -> Iterator[str]:
    """What was stored, and whom it overrules."""
    for one, after, unseen in results:
        yield from wrapped(f"已记录 {one.id[:8]}：{decision(one)}", columns, "", "  ")
        if after:
            early = "在你查看之后" if unseen else "此前"
            line = (
                f"{after.who} {early}已有决定（{decision(after)}）。两个都在历史中，现以你的为准；会告知 {after.who}。"
            )
            yield from wrapped(line, columns, "  注意：", "    ")


def noticed(notices: Sequence[Notice], columns: int) -> Iterator[str]:
    """What a person is told that others decided after them."""
    for one in notices:
        why = f"，理由：{one.why}" if one.why else ""
        when = shown(one.at)
        line = f"{one.by} 于 {when} 对 {one.subject} 作了“{VERDICT[one.verdict]}”，取代了你的决定{why}"
        if one.verdict == "remove":
            line = f"{one.by} 于 {when} 移除了文件 {one.subject}，你对它的决定不再显示，但留在历史中{why}"
        yield from wrapped(line, columns, "告知：", "  ")


def lost(losses: Sequence[Loss], columns: int) -> Iterator[str]:
    """What goes out of view with documents that are to be taken out, and what stays."""
    for one in losses:
        yield from wrapped(f"{one.title}　{one.slug}", columns, "移除　")
        yield f"  不再显示：{one.tasks} 项任务、{one.targets} 个目标、{one.links} 条关联、对 {one.decisions} 处的人工决定。"
        if one.linked:
            yield from wrapped("、".join(one.linked), columns, "  关联到：", "    ")
        if one.path:
            yield f"  原件保存在：{one.path}"  # in one line, to be copied
        if one.outline:
            yield from wrapped(
                f"它曾取代随附的提纲；移除以后，运行 policytrace build 会加入提纲 {one.outline.name}。", columns, "  "
            )
    yield "人工决定都留在历史中；再次加入同一份文件（policytrace add），它们随之恢复。"


def queued(found: Queue, columns: int, most: int) -> Iterator[str]:
    """The open questions, the most doubtful first."""
    yield f"待复核 {len(found.items)} 项；已处理 {found.done}/{found.total}。"
    for one in found.items[:most]:
        yield ""
        yield from item(one, columns)
    if len(found.items) > most:
        yield f"另有 {len(found.items) - most} 项，用 --limit 调整。"


def item(one: ReviewItem, columns: int) -> Iterator[str]:
    """One question with the texts that it is about."""
    yield from wrapped(f"{REASONS[one.reason]}　{one.subject}", columns)
    yield from wrapped(one.question, columns, "  ")
    for name, side in zip(("下级　", "上级　") if len(one.sides) > 1 else ("",), one.sides, strict=False):
        yield from wrapped(f"{side.ref} {side.title}", columns, f"  {name}")
        yield from wrapped(side.text, columns, "    ")
    for side in one.near:
        yield from wrapped(f"{side.ref} {side.title}", columns, "  相近　")


def carried(report: CarryReport | None, columns: int) -> Iterator[str]:
    """What became of the decisions in a build; nothing while there are none."""
    if report is None:
        return
    counts = "，".join(f"{CARRIED[name]} {number}" for name, number in report.counts.items() if number)
    yield f"人工决定：{counts or '无'}。"
    for row in report.rows:
        where = f"{row.before} → {row.now}" if row.before != row.now else row.now
        line = f"{CARRIED[row.carried]}　{row.who} {VERDICT[row.verdict]}　{where}"
        yield from wrapped(line, columns, "  ", "    ")


def differing(found: Difference, columns: int) -> Iterator[str]:
    """Two versions against each other, clause by clause."""
    yield from wrapped(f"{found.title}　{found.doc}　第 {found.old} 版 → 第 {found.new} 版", columns)
    names = {"task": "任务", "target": "目标"}
    for kind, label in names.items():
        rows = [one for one in found.changes if one.kind == kind]
        counts = "，".join(f"{name} {n}" for key, name in CHANGES.items() if (n := sum(r.change == key for r in rows)))
        yield f"{label}：{counts or '没有变化'}"
    for one in found.changes:
        yield ""
        where = f"{one.old} → {one.new}" if one.old and one.new and one.old != one.new else one.new or one.old
        yield from wrapped(f"{CHANGES[one.change]}　{names[one.kind]} {where}　{one.title}", columns)
        for clause in one.clauses:
            yield from wrapped(clause.text, columns, "  + " if clause.change == "added" else "  - ", "    ")
        for name in one.departments:
            yield from wrapped(f"部门 {name[1:]}", columns, f"  {name[0]} ")


def standing_lines(decisions: Sequence[Decision], state: str, columns: int) -> Iterator[str]:
    """The decisions on the record that `show` shows."""
    if decisions:
        yield from wrapped(f"{STATE[state]}（{len(decisions)} 个决定）", columns, "状态　")
        for one in decisions:
            yield from wrapped(f"{day_of(one.at)} {one.who} {decision(one)}", columns, "　　　")


def task_json(policy: Policy, task: Task, said: Sequence[Decision]) -> dict[str, Any]:
    """What ``show --json`` prints: the task, its targets and document, and the decisions on it."""
    return {
        "ref": f"{policy.slug}#{task.id}",
        "doc": policy.slug,
        "task": task.model_dump(mode="json"),
        "targets": [target.model_dump(mode="json") for target in policy.targets if target.task == task.id],
        "document": {"title": policy.title, "level": policy.level, "file": policy.file, "text": policy.text},
        "decisions": [one.model_dump(mode="json") for one in said],
    }
