"""The layout *findings* (数据质量清单): what a person should look at, the gravest first, each with its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from index.exporting.sheet import Cell, Column, Line, Linked, Sheet, head_of
from index.reports.answers import FINDING, SEVERITY, name_of
from schemas import Finding, Policy

FOUND = (
    Column("序号", 6, True),
    Column("程度", 10, True),
    Column("事项", 18),
    Column("文件", 34),
    Column("任务", 30),
    Column("出处", 16),
    Column("说明", 80),
)


def findings_sheet(kb: Any, found: Sequence[Finding], exported: date, *, filtered: str = "") -> Sheet:
    """Findings as a table; `filtered` says which they are."""
    policies = {policy.slug: policy for policy in kb.policies()}
    slugs = [slug for slug in dict.fromkeys(one.doc for one in found) if slug in policies]
    title = head_of(kb, slugs, "数据质量清单", exported, filtered, everything="全部事项")
    counts = Counter(one.severity for one in found)
    legend = "　".join(f"{name} {counts[severity]} 条" for severity, name in SEVERITY.items())  # type: ignore[index]
    return Sheet(title, FOUND, tuple(_lines(policies, found)), 2, f"合计：{legend}", "数据质量", sectioned=False)


def _lines(policies: Mapping[str, Policy], found: Sequence[Finding]) -> Iterator[Line]:
    for number, one in enumerate(found, 1):
        policy = policies.get(one.doc)
        title = policy.title if policy else one.doc
        cells: tuple[Cell, ...] = (
            number,
            SEVERITY[one.severity],
            FINDING.get(one.kind, one.kind),
            title,
            _task(policy, one),
            where(one),
            one.message,
        )
        yield Line(cells, title)


def _task(policy: Policy | None, one: Finding) -> Cell:
    task = policy.task(one.task) if policy and one.task else None
    return Linked(f"{task.id} {name_of(task)}", f"{one.doc}#{task.id}") if task else one.task or ""


def where(one: Finding) -> str:
    """Page and line of a finding, as far as they are known."""
    if one.origin is None:
        return ""
    return f"{f'第{one.origin.page}页' if one.origin.page else ''}第{one.origin.line}行"
