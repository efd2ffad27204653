"""总览: what is held, how far each upper document is carried out, who has how much to do, what needs attention."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import streamlit as st

from index.deciding.organisations import register_of
from index.linking.coverage import STATE_NAMES, Coverage, gaps
from index.reports import decisions as decided
from index.reports.answers import FINDING, LEVEL, SEVERITY
from pages import shared
from schemas import LEVELS, Finding, Policy

PATIENCE = 0.4
"""Seconds for which the page waits for what needs attention."""
PAIRS, MOST = 9, 12
"""Upper documents, and departments, that are shown."""
GRAVITY = {"error": "▲", "warning": "△", "info": "·"}


class Facts(NamedTuple):
    """What the page counts, worked out once for each state of the knowledge base."""

    levels: tuple[tuple[str, str | None, int, int, int, int], ...]
    departments: tuple[tuple[str, int], ...]
    bare: int
    pairs: tuple[tuple[str, str, int], ...]


@st.cache_resource(show_spinner=False, max_entries=2)
def _facts(path: str, generation: str, _kb: shared.Snapshot) -> Facts:
    based = {edge.lower for edge in _kb.edges() if edge.grade >= 2}
    rows: dict[str | None, list[int]] = {}
    counts: Counter[str] = Counter()
    known, bare = register_of(_kb), 0
    for policy in _kb.policies():
        row = rows.setdefault(policy.level, [0, 0, 0, 0])
        tasks = [task for task in policy.tasks if task.state != "rejected"]
        numbers = (1, len(tasks), len(policy.targets), sum(f"{policy.slug}#{task.id}" in based for task in tasks))
        rows[policy.level] = [one + more for one, more in zip(row, numbers, strict=True)]
        for task in tasks:
            bare += not task.departments and policy.text == "full" and task.kind != "goals"
            counts.update({known.name(one.canonical) if one.canonical else one.name for one in task.departments})
    order = (*LEVELS, None)
    levels = tuple((LEVEL[level], level, *rows[level]) for level in order if level in rows)
    return Facts(levels, tuple(counts.most_common()), bare, _pairs(_kb))


def _pairs(kb: shared.Snapshot) -> tuple[tuple[str, str, int], ...]:
    """For each upper document the lower one that it is held against, and how many others there are: of the lowest
    level that carries something of it out, the one with most links. Those with most links come first."""
    counts: Counter[tuple[str, str]] = Counter()
    for edge in kb.edges():
        if edge.grade >= 2:
            counts[edge.upper.partition("#")[0], edge.lower.partition("#")[0]] += 1
    found: dict[str, list[tuple[int, int, str]]] = {}
    for (upper, lower), number in counts.items():
        level = kb.policy(lower).level
        found.setdefault(upper, []).append((LEVELS.index(level) if level else -1, number, lower))
    rows = [(upper, max(lower)[2], len(lower) - 1) for upper, lower in found.items()]
    return tuple(sorted(rows, key=lambda row: (-counts[row[0], row[1]], row[0]))[:PAIRS])


@st.cache_data(show_spinner=False, max_entries=200)
def _coverage(path: str, generation: str, upper: str, lower: str, _kb: shared.Snapshot) -> dict[str, int]:
    rows: tuple[Coverage, ...] = gaps(_kb, upper, lower, _kb.not_applicable(upper, lower))
    counts = Counter(row.state for row in rows)
    return {state: counts[state] for state in STATE_NAMES}  # type: ignore[index]


def render(kb: shared.Snapshot) -> None:
    """The whole page; what takes long is filled in when it is known."""
    facts = _facts(str(kb.path), kb.generation, kb)
    found = shared.findings_soon(kb, PATIENCE)
    st.title("总览")
    st.html(_numbers(facts, found))
    left, right = st.columns([3, 2], gap="large")
    left.html(_covered(kb, facts))
    with right:
        st.fragment(_checked, run_every=None if found is not None else 2)(kb, found)
    right.html(_levels(facts))
    left, right = st.columns([3, 2], gap="large")
    left.html(_departments(facts))
    right.html(_recent(kb))


def _checked(kb: shared.Snapshot, found: tuple[Finding, ...] | None) -> None:
    """What needs attention; looks again now and then while that is not known."""
    if found is not None:
        st.html(_attention(found))
    elif shared.findings_soon(kb, 0) is not None:
        st.rerun()
    else:
        st.html("<h2>需要注意</h2><p class='pt-meta'>正在检查各份文件 ……</p>")


def _numbers(facts: Facts, found: tuple[Finding, ...] | None) -> str:
    documents, tasks, targets, based = (sum(row[number] for row in facts.levels) for number in (2, 3, 4, 5))
    share = f"{based / tasks:.0%}" if tasks else "—"
    cards = (
        ("documents", "文件", f"{documents:,}", "份"),
        ("search", "任务", f"{tasks:,}", "项"),
        ("targets", "目标", f"{targets:,}", "个"),
        ("gaps", "有上级依据的任务", f"{based:,}", f"项，占 {share}"),
        ("quality", "待核对", "…" if found is None else f"{sum(one.severity != 'info' for one in found):,}", "条"),
    )
    inner = (
        shared.leads(page, f"<span>{name}</span><b>{number}</b><small>{unit}</small>", "pt-number")
        for page, name, number, unit in cards
    )
    return f"<div class='pt-numbers'>{''.join(inner)}</div>"


def _covered(kb: shared.Snapshot, facts: Facts) -> str:
    rows = [_pair(kb, *pair) for pair in facts.pairs]
    if not rows:
        return "<h2>上级文件的落实情况</h2><p class='pt-meta'>还没有可以认定的上下级关联：加入上级和下级文件后，这里显示落实情况。</p>"
    legend = "".join(
        f"<span><i class='pt-share pt-share-{state}'></i>{name}</span>" for state, name in STATE_NAMES.items()
    )
    return (
        f"<h2>上级文件的落实情况</h2><div class='pt-key'>{legend}</div>"
        f"<table class='pt-table'><thead><tr><th>上级文件，由哪份下级文件承接</th><th>落实情况（任务数）</th></tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _pair(kb: shared.Snapshot, upper: str, lower: str, others: int) -> str:
    counts = _coverage(str(kb.path), kb.generation, upper, lower, kb)
    above, below = kb.policy(upper), kb.policy(lower)
    parts = "".join(
        f"<i class='pt-share pt-share-{state}' style='flex:{number}'></i>" for state, number in counts.items() if number
    )
    words = "　".join(f"{STATE_NAMES[state]} {number}" for state, number in counts.items() if number)
    more = f"　另有 {others} 份" if others else ""
    name = shared.leads("gaps", shared.escaped(above.title), upper=upper, lower=lower)
    return (
        f"<tr><td>{_level(above)}{name}<div class='pt-meta'>由 {shared.escaped(below.title)}{more}</div></td>"
        f"<td><div class='pt-meter' aria-hidden='true'>{parts}</div><div class='pt-meta'>{words}</div></td></tr>"
    )


def _level(policy: Policy) -> str:
    return f"<span class='pt-level pt-{policy.level}'>{LEVEL[policy.level]}</span>"


def _attention(found: tuple[Finding, ...]) -> str:
    counts = Counter((one.severity, one.kind) for one in found)
    order = list(SEVERITY)
    rows = [
        f"<tr><td><span class='pt-grave pt-grave-{severity}'>{GRAVITY[severity]} {SEVERITY[severity]}</span></td>"
        f"<td>{shared.leads('quality', shared.escaped(FINDING.get(kind, kind)), kind=kind)}</td><td class='n'>{number:,}</td></tr>"
        for (severity, kind), number in sorted(counts.items(), key=lambda row: (order.index(row[0][0]), -row[1]))
    ]
    if not rows:
        return "<h2>需要注意</h2><p class='pt-meta'>没有发现问题。</p>"
    head = "<thead><tr><th>程度</th><th>事项</th><th class='n'>条数</th></tr></thead>"
    return f"<h2>需要注意</h2><table class='pt-table'>{head}<tbody>{''.join(rows)}</tbody></table>"


def _levels(facts: Facts) -> str:
    names = ("文件", "任务", "目标", "有上级依据")
    heads = "".join(f"<th class='n'>{name}</th>" for name in names)
    rows = "".join(
        f"<tr><td>{shared.leads('search', name, level=level) if level else name}</td>"
        f"{''.join(f'<td class=n>{number:,}</td>' for number in numbers)}</tr>"
        for name, level, *numbers in facts.levels
    )
    return f"<h2>按层级</h2><table class='pt-table'><thead><tr><th>层级</th>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _departments(facts: Facts) -> str:
    if not facts.departments:
        return "<h2>各部门的任务</h2><p class='pt-meta'>所有文件都没有写明责任部门。</p>"
    most = facts.departments[0][1]
    rows = "".join(
        f"<tr><td>{shared.leads('search', shared.escaped(name), department=name)}</td>"
        f"<td><div class='pt-meter' aria-hidden='true'><i class='pt-share pt-share-covered' style='width:{100 * number / most:.0f}%'></i></div></td>"
        f"<td class='n'>{number:,}</td><td class='n'>{shared.leads('matrix', '分工表', department=name)}</td></tr>"
        for name, number in facts.departments[:MOST]
    )
    rest = len(facts.departments) - MOST
    note = f"另有 {rest} 个部门，可在任务检索中筛选。" if rest > 0 else ""
    note += f"全文中有 {facts.bare:,} 项任务没有写明责任部门。" if facts.bare else ""
    head = "<thead><tr><th>部门</th><th></th><th class='n'>任务</th><th></th></tr></thead>"
    return (
        f"<h2>各部门的任务</h2><table class='pt-table pt-counts'>{head}<tbody>{rows}</tbody></table>"
        f"<p class='pt-meta'>{note}</p>"
    )


def _recent(kb: shared.Snapshot) -> str:
    """What changed lately: decisions of people, and documents that were added; times are UTC as they are stored."""
    decisions, documents = kb.recent
    known = {policy.slug: policy for policy in kb.policies()}
    rows = [
        (one.at, shared.leads("review", f"{shared.escaped(one.who)}：{shared.escaped(decided.decision(one))}"))
        for one in decisions
    ]
    rows += [
        (when, f"加入文件 {shared.leads('documents', shared.escaped(known[slug].title), doc=slug)}")
        for slug, when in documents
        if slug in known
    ]
    latest = sorted(rows, key=lambda row: row[0], reverse=True)[:MOST]
    inner = "".join(f"<tr><td class='pt-when'>{when[:10]}</td><td>{what}</td></tr>" for when, what in latest)
    return f"<h2>最近变动</h2><table class='pt-table'><tbody>{inner}</tbody></table>"


shared.page(render)
