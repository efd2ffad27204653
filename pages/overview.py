"""总览: the documents, tasks and targets by level, who has how much to do, what needs attention."""

from __future__ import annotations

from collections import Counter
from typing import Any

import streamlit as st

from index.organisations import register_of
from index.report import FINDING, LEVEL, SEVERITY
from pages import shared
from schemas import Finding


def render(kb: shared.Snapshot) -> None:
    """The whole page."""
    policies = kb.policies()
    found = list(shared.findings(kb))
    st.title("总览")
    linked = {edge.lower for edge in kb.edges() if edge.grade >= 2}
    numbers = {
        "文件": len(policies),
        "任务": sum(len(policy.tasks) for policy in policies),
        "目标": sum(len(policy.targets) for policy in policies),
        "已找到上级依据的任务": len(linked),
        "待核对事项": sum(one.severity != "info" for one in found),
    }
    for column, (name, number) in zip(st.columns(len(numbers)), numbers.items(), strict=True):
        column.metric(name, f"{number:,}", border=True)
    st.subheader("文件")
    _table(_documents(kb, found))
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("各部门的任务")
        _table(_by_department(kb))
    with right:
        st.subheader("需要注意")
        _table(_by_kind(found))
    with st.expander(f"逐条查看（{len(found)} 条）"):
        _table(_each(found))


def _table(rows: list[dict[str, Any]]) -> None:
    st.dataframe(rows, hide_index=True, width="stretch", height=min(35 * len(rows) + 38, 423))


def _documents(kb: shared.Snapshot, found: list[Finding]) -> list[dict[str, Any]]:
    bad = Counter(one.doc for one in found if one.severity == "error")
    return [
        {
            "层级": LEVEL[policy.level],
            "文件": policy.title,
            "文号": policy.shown_number or "—",
            "日期": policy.date or "—",
            "内容": "提纲" if policy.text == "outline" else "全文",
            "任务": len(policy.tasks),
            "目标": len(policy.targets),
            "未核": sum(task.verified is False for task in policy.tasks),
            "缺损": len(policy.defects),
            "须处理": bad[policy.slug],
        }
        for policy in kb.policies()
    ]


def _by_department(kb: shared.Snapshot) -> list[dict[str, Any]]:
    known = register_of(kb)
    counts: Counter[str] = Counter()
    for policy in kb.policies():
        for task in policy.tasks:
            bodies = task.departments
            counts.update({known.name(body.canonical) if body.canonical else body.name for body in bodies})
    return [
        {"部门": name, "任务": number} for name, number in sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    ]


def _each(found: list[Finding]) -> list[dict[str, Any]]:
    order = list(SEVERITY)
    return [
        {
            "程度": SEVERITY[one.severity],
            "事项": FINDING.get(one.kind, one.kind),
            "文件": one.doc,
            "任务": one.task or "—",
            "行": one.origin.line if one.origin else None,
            "说明": one.message,
        }
        for one in sorted(found, key=lambda one: order.index(one.severity))
    ]


def _by_kind(found: list[Finding]) -> list[dict[str, Any]]:
    counts = Counter((one.severity, one.kind) for one in found)
    order = list(SEVERITY)
    rows = sorted(counts.items(), key=lambda row: (order.index(row[0][0]), -row[1]))
    return [
        {"程度": SEVERITY[severity], "事项": FINDING.get(kind, kind), "条数": number}
        for (severity, kind), number in rows
    ]


shared.page(render)
