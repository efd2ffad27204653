"""The layout *targets*: all targets document by document, and how those of one indicator stand to each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from index import views
from index.exporting.sheet import Cell, Column, Line, Linked, Sheet, head_of
from index.reports.answers import COMPARED, LEVEL, lost, said
from index.targets.comparison import TargetPair
from index.targets.indicators import Commitment
from schemas import Policy, Target

TARGETS = (
    Column("序号", 6, True),
    Column("指标", 30),
    Column("原文", 60),
    Column("要求", 10, True),
    Column("数值", 12, True),
    Column("单位", 14, True),
    Column("基准年", 10, True),
    Column("目标年", 10, True),
    Column("任务", 28),
    Column("出处", 16),
)
PAIRS = (
    Column("序号", 6, True),
    Column("关系", 12, True),
    Column("下级文件", 26),
    Column("下级目标", 48),
    Column("上级文件", 26),
    Column("上级目标", 48),
    Column("说明", 44),
)
DIRECTION = {"reach": "达到", "reduce": "下降", "increase": "提高", "limit": "控制", "count": "数量"}
BOUND = {">=": "不低于", ">": "高于", "<=": "不高于", "<": "低于", "~": "约"}


def targets_sheets(
    kb: Any,
    exported: date,
    *,
    doc: str | None = None,
    indicator: str | None = None,
    rows: Sequence[views.TargetView] | None = None,
    pairs: Sequence[TargetPair] | None = None,
    filtered: str = "",
) -> tuple[Sheet, ...]:
    """The targets and their comparison, of one document or all, of one indicator or all; or the given `rows` and
    `pairs`, of which `filtered` says which they are.

    Raises:
        NotFound: the document is not in the knowledge base.
    """
    policies = {policy.slug: policy for policy in kb.policies()}
    chosen = {kb.policy(doc).slug} if doc else set(policies)
    if rows is None:
        rows = [row for row in views.targets(kb, indicator) if row.doc in chosen and row.target.state != "rejected"]
    if pairs is None:
        pairs = [pair for pair in views.targets(kb, indicator, True) if {pair.lower.doc, pair.upper.doc} & chosen]
    filtered = filtered or (f"指标含“{indicator}”" if indicator else "")
    slugs = [doc] if doc else list(dict.fromkeys(row.doc for row in rows))
    title = head_of(kb, slugs, "目标表", exported, filtered, everything="全部目标")
    held = head_of(kb, slugs, "目标上下级对照表", exported, filtered, everything="全部可对照的目标")
    return (
        Sheet(title, TARGETS, tuple(_target_lines(policies, rows)), 2, name="目标"),
        Sheet(held, PAIRS, tuple(_pair_lines(policies, pairs)), 2, name="上下级对照", sectioned=False),
    )


def _target_lines(policies: dict[str, Policy], rows: Sequence[views.TargetView]) -> Iterator[Line]:
    number = 0
    for slug, group in groupby(rows, lambda row: row.doc):
        policy = policies[slug]
        sign = "（提纲）" if policy.text == "outline" else ""
        yield Line((f"{LEVEL[policy.level]} · 《{policy.title}》{sign}",), policy.title, heading=True)
        for row in group:
            number += 1
            yield Line(_target_cells(number, policy, row.target), policy.title)


def _target_cells(number: int, policy: Policy, target: Target) -> tuple[Cell, ...]:
    task = policy.task(target.task) if target.task else None
    need = f"{DIRECTION[target.direction]}{BOUND.get(target.bound or '', '')}"
    page = f"第{target.origin.page}页" if target.origin.page else ""
    return (
        number,
        target.indicator,
        f"{target.quote}{'（未核）' if target.verified is False else ''}",
        f"{need}{'（年均）' if target.per_year else ''}",
        "（原件缺数字）" if target.value is None and lost(policy, target) else _number(target.value),
        target.unit or "",
        target.baseline_year or "",
        target.target_year or "",
        Linked(f"{task.id} {task.title or ''}".strip(), f"{policy.slug}#{task.id}") if task else "总体目标",
        f"{page}第{target.origin.line}行{said(target.state, target.again, chr(10))}",
    )


def _number(value: float | None) -> Cell:
    if value is None:
        return ""
    return int(value) if value.is_integer() else value


def _pair_lines(policies: dict[str, Policy], pairs: Sequence[TargetPair]) -> Iterator[Line]:
    for number, pair in enumerate(pairs, 1):
        low, up = (policies[side.doc] for side in (pair.lower, pair.upper))
        yield Line(
            (
                number,
                COMPARED[pair.relation],
                low.title,
                _side(pair.lower),
                f"{up.title}{'（提纲）' if up.text == 'outline' else ''}",
                _side(pair.upper),
                pair.reason,
            ),
            low.title,
        )


def _side(one: Commitment) -> Cell:
    quote = f"{one.target.quote}{'（未核）' if one.target.verified is False else ''}"
    return Linked(f"{one.task} {quote}", f"{one.doc}#{one.task}") if one.task else quote
