"""What in the knowledge base a person should look at, one finding at a time, each saying what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Any

from corpus.departments import Register, means_several
from index.deciding.organisations import register_of
from index.deciding.repeal import findings as repeals
from index.targets.comparison import TargetPair, compare
from schemas import Defect, Finding, Link, Policy, Target, Task
from schemas.links import Severity

DEFECTS: dict[str, tuple[Severity, str]] = {
    "garbled_heading": ("warning", "标题文字损坏，请对照原件核对恢复出的标题"),
    "missing_number": ("error", "原件丢失数字，请对照原件补录，补录前不要引用"),
    "missing_character": ("warning", "原件丢失字符，请对照原件核对"),
    "missing_separator": ("warning", "部门名称之间缺少分隔，请核对拆分结果"),
    "watermark": ("info", "正文混入水印，已剔除，请抽查"),
    "count_mismatch": ("warning", "文中所说数目与实际条目数不符，请核对是否缺页或原文有误"),
    "unread_part": ("error", "这一部分没有读出，其中的任务和目标不在知识库里，请对照原件"),
    "doubtful_text": ("warning", "文字由识别得来，把握不大，请对照原件"),
    "left_out": ("warning", "这一项有编号而没有列入任务，请对照原文；如是任务，请补录"),
    "repeated_text": ("info", "有重复文字，请核对是否排版重复"),
    "other": ("info", "原件有损坏，请核对"),
}


def findings(kb: Any, pairs: Iterable[TargetPair] | None = None) -> Iterator[Finding]:
    """Defects, unknown departments, tasks without one, targets in conflict, suspect links; documents from above.

    ``pairs`` are the compared targets, where they are known already.
    """
    policies = kb.policies()
    known = register_of(kb)
    settled = {subject.item for subject in getattr(kb, "standings", {}) if subject.kind == "department"}
    for policy in policies:
        yield from _defects(policy)
        yield from _departments(policy, settled, known)
        yield from _without_department(policy)
    yield from _targets(compare(policies) if pairs is None else pairs)
    yield from _links(kb)
    yield from repeals(policies)
    yield from _again(kb, policies)


def _defects(policy: Policy) -> Iterator[Finding]:
    for defect in policy.defects:
        severity, advice = DEFECTS.get(defect.kind, DEFECTS["other"])
        yield Finding(
            kind=defect.kind,
            severity=severity,
            doc=policy.slug,
            task=defect_task(policy, defect),
            message=f"{defect.where}：{defect.note}。{advice}。",
            origin=defect.origin,
        )


def defect_task(policy: Policy, defect: Defect) -> str | None:
    """The task whose text has the defect, if any."""
    if defect.origin is None:
        return None
    at = defect.origin.start
    return next((task.id for task in policy.tasks if task.origin.start <= at < task.origin.end), None)


def _departments(policy: Policy, settled: Set[str], known: Register) -> Iterator[Finding]:
    """Printed names that the register does not know, each once per document, with the candidates; those that people
    have settled are left out."""
    seen: set[str] = set(settled)
    for task in policy.tasks:
        for body in task.departments:
            if body.canonical is not None or body.name in seen:
                continue
            seen.add(body.name)
            several = means_several(body.name)
            yield Finding(
                kind="unnamed_bodies" if several else "unknown_department",
                severity="info" if several else "warning",
                doc=policy.slug,
                task=task.id,
                message=f"“{body.name}”指一类单位，文中没有点名；要落到具体部门，请用 policytrace correct 更正。"
                if several
                else f"部门“{body.name}”不在登记表中或指代不明。{_advice(body.name, known)}。",
                origin=body.origin,
            )


def _advice(name: str, known: Register) -> str:
    names = "、".join(known.name(candidate) for candidate in known.candidates(name))
    return f"可能是：{names}；请用 policytrace review 认定" if names else "请用 policytrace register 登记"


def _without_department(policy: Policy) -> Iterator[Finding]:
    """Tasks that name nobody; of a document that names nobody at all one finding for the document."""
    tasks = [task for task in policy.tasks if task.kind != "goals"]
    bare = [task for task in tasks if not task.departments]
    if policy.text == "outline" or not bare:
        return
    if len(bare) == len(tasks):
        yield Finding(
            kind="no_department",
            severity="warning",
            doc=policy.slug,
            message=f"全文 {len(tasks)} 项任务都没有写明责任部门，请向制发机关索取任务分工或人工指定。",
        )
        return
    for task in bare:
        yield Finding(
            kind="no_department",
            severity="warning",
            doc=policy.slug,
            task=task.id,
            message=f"任务“{_name(task)}”没有写明责任部门，请核对原件或人工指定。",
            origin=task.origin,
        )


def _name(task: Task) -> str:
    return task.title or task.text[:20]


def _targets(pairs: Iterable[TargetPair]) -> Iterator[Finding]:
    """Targets that contradict an upper one, or fall short of it."""
    for pair in pairs:
        if pair.relation not in ("conflict", "weaker"):
            continue
        low, up = pair.lower, pair.upper
        conflict = pair.relation == "conflict"
        yield Finding(
            kind="target_conflict" if conflict else "target_weaker",
            severity="error" if conflict else "warning",
            doc=low.doc,
            task=low.task,
            message=(
                f"“{low.target.quote}”{'与' if conflict else '低于'}上级 {up.doc}“{up.target.quote}”"
                f"{'矛盾' if conflict else ''}：{pair.reason}。请核对两份原件，确属不一致的按上级调整或说明理由。"
            ),
            origin=low.target.origin,
        )


def _again(kb: Any, policies: tuple[Policy, ...]) -> Iterator[Finding]:
    """Records that people decided on and whose text changed since, and decisions whose record is not there any more."""
    for policy in policies:
        records: list[Task | Target] = [*policy.tasks, *policy.targets]
        for record in records:
            if record.again:
                where = record.id if isinstance(record, Task) else record.task
                message = f"{record.id} 曾经人工认定，但原文已改，请用 policytrace review 复核。"
                yield Finding(
                    kind="seen_again",
                    severity="warning",
                    doc=policy.slug,
                    task=where,
                    message=message,
                    origin=record.origin,
                )
    from index.deciding.carrying import is_gone

    held = {policy.slug for policy in policies}

    for subject, one in getattr(kb, "standings", {}).items():
        if is_gone(subject) and {subject.doc, subject.other_doc or subject.doc} <= held:
            message = f"{one.who} 对 {subject} 的决定已无对应条目，请用 policytrace review 处理。"
            yield Finding(kind="decision_without_record", severity="warning", doc=subject.doc, message=message)


def _links(kb: Any) -> Iterator[Finding]:
    """Links that people decided on before a text changed; only the documents of such links are read."""
    said = getattr(kb, "standings", None)
    docs = [None] if said is None else sorted({s.doc for s, one in said.items() if s.kind == "link" and one.again})
    links: Iterator[Link] = (link for doc in docs for link in kb.links(lower=doc))
    for link in links:
        if link.state == "suspect":
            yield Finding(
                kind="suspect_link",
                severity="warning",
                doc=link.lower.doc,
                task=link.lower.task,
                message=f"与 {link.upper} 的关联曾经人工确认，但其中一方文字已改，请重新确认。",
            )
