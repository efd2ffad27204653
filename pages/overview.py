"""总览: what is held, how far each upper document is carried out, who has how much to do, what needs attention."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from index.linking.coverage import STATE_NAMES
from index.reports.answers import FINDING, LEVEL, SEVERITY
from pages import deciding, overview_facts, shared
from pages.overview_facts import LOWERS, UPPERS, Carried, Facts
from schemas import Finding, Policy

PATIENCE = 0.4
"""Seconds for which the page waits for what needs attention."""
MOST = 12
"""Departments, and changes, that are shown."""
COVERED = "<h2>上级文件的落实情况</h2>"
GRAVITY = {"error": "▲", "warning": "△", "info": "·"}


def render(kb: shared.Snapshot) -> None:
    """The whole page; what takes long is filled in when it is known."""
    st.title("总览")
    facts, headline = overview_facts.facts(kb), st.empty()
    found = shared.findings_soon(kb, 0)
    headline.html(overview_facts.numbers(facts, found))
    left, right = st.columns([3, 2], gap="large")
    covered = left.empty()
    covered.html(f"{COVERED}<p class='pt-meta'>正在统计 ……</p>")
    if found is None and (found := shared.findings_soon(kb, PATIENCE)) is not None:
        headline.html(overview_facts.numbers(facts, found))
    with right:
        st.fragment(_checked, run_every=None if found is not None else 2)(kb, found)
    right.html(_levels(facts))
    left, right = st.columns([3, 2], gap="large")
    left.html(_departments(facts))
    right.html(_recent(kb))
    covered.html(_covered(kb, facts))


def _checked(kb: shared.Snapshot, found: tuple[Finding, ...] | None) -> None:
    """What needs attention; looks again now and then while that is not known."""
    if found is not None:
        st.html(_attention(found))
    elif shared.findings_soon(kb, 0) is not None:
        st.rerun()
    else:
        st.html("<h2>需要注意</h2><p class='pt-meta'>正在检查各份文件 ……</p>")


def _covered(kb: shared.Snapshot, known: Facts) -> str:
    uppers = list(known.carried)
    if not uppers:
        return f"{COVERED}<p class='pt-meta'>还没有可以认定的上下级关联：加入上级和下级文件后，这里显示落实情况。</p>"
    legend = "".join(
        f"<span><i class='pt-share pt-share-{state}'></i>{name}</span>" for state, name in STATE_NAMES.items()
    )
    rows = "".join(_upper(kb, upper, known.carried[upper]) for upper in uppers[:UPPERS])
    rest = len(uppers) - UPPERS
    more = f"另有 {rest} 份上级文件，可在{shared.leads('gaps', '承接缺口')}中选择。" if rest > 0 else ""
    return (
        f"{COVERED}<div class='pt-key'>{legend}</div><div class='pt-covers'>{rows}</div><p class='pt-meta'>{more}</p>"
    )


def _upper(kb: shared.Snapshot, upper: str, carried: tuple[Carried, ...]) -> str:
    """An upper document with what the lowest document that rests on it does; the other ones are one click away."""
    above = kb.policy(upper)
    counted = overview_facts.counted_lowers(kb)
    first, *others = (
        _lower(kb, upper, one.lower) if number < counted else _linked(kb, upper, one)
        for number, one in enumerate(carried[:LOWERS])
    )
    rest = len(carried) - LOWERS
    more = f"<p class='pt-meta'>另有 {rest} 份，可在承接缺口中选择。</p>" if rest > 0 else ""
    opened = (
        f"<details><summary>还有 {len(carried) - 1} 份下级文件承接</summary>{''.join(others)}{more}</details>"
        if others
        else ""
    )
    name = shared.leads("documents", shared.escaped(above.title), doc=upper, view="links")
    return f"<section><h3>{_level(above)}{name}</h3>{first}{opened}</section>"


def _lower(kb: shared.Snapshot, upper: str, lower: str) -> str:
    """How far one lower document carries it out, by the number of tasks, in a bar and in words."""
    counts = overview_facts.coverage(kb, upper, lower)
    parts = "".join(
        f"<i class='pt-share pt-share-{state}' style='flex:{number}'></i>" for state, number in counts.items() if number
    )
    words = "".join(f"<span>{STATE_NAMES[state]} {number}</span>" for state, number in counts.items() if number)
    name = shared.leads("gaps", shared.escaped(kb.policy(lower).title), upper=upper, lower=lower)
    return (
        f"<div class='pt-cover'><div>{name}</div>"
        f"<div><div class='pt-meter' aria-hidden='true'>{parts}</div><div class='pt-words'>{words}</div></div></div>"
    )


def _linked(kb: shared.Snapshot, upper: str, one: Carried) -> str:
    """A lower document with the number of links; how far it carries the upper one out is worked out where the name leads."""
    name = shared.leads("gaps", shared.escaped(kb.policy(one.lower).title), upper=upper, lower=one.lower)
    return f"<div class='pt-cover'><div>{name}</div><div class='pt-words'><span>{one.links} 条关联</span></div></div>"


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
        (one.at, shared.leads("review", f"{shared.escaped(one.who)}：{shared.escaped(deciding.in_words(kb, one))}"))
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
