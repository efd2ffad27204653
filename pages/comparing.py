"""Two tasks that a link joins, side by side: the shared wording marked in both, how sure the link is, and why."""

from __future__ import annotations

from typing import Any

import streamlit as st

from index.reports.answers import GRADE, LEVEL, LINK_STATE, RELATION, name_of, telling
from index.reports.links import OUTDATED
from index.views import Trace
from pages import shared


def compare(kb: shared.Snapshot, trace: Trace) -> None:
    """One link of the task; the address says which (``with``)."""
    steps = {str(step.upper): ("up", step) for step in trace.up} | {
        str(step.lower): ("down", step) for step in trace.down
    }
    key = shared.known("with", steps, next(iter(steps)))
    chosen = st.selectbox(
        "选择一条关联", list(steps), key=key, format_func=lambda ref: _named(*steps[ref]), filter_mode="contains"
    )
    shared.remember(**{"with": chosen if chosen != next(iter(steps)) else None})
    step = steps[chosen][1]
    state = f"<span class='pt-sign'>{LINK_STATE[step.state]}</span>" if LINK_STATE[step.state] else ""
    state += f"<span class='pt-sign'>{OUTDATED.strip('〔〕')}</span>" if step.outdated else ""
    st.html(
        f"<div class='pt-verdict'><b>{GRADE[step.grade]}</b><span>可靠度 <b>{step.score:.2f}</b></span>"
        f"<span>内容关系 <b>{RELATION[step.relation]}</b></span>{state}<span class='pt-meta'><mark>标亮</mark> 为两边相同的文字</span></div>"
    )
    sides = (("upper", "上级任务"), ("lower", "下级任务"))
    st.html(f"<div class='pt-pair'>{''.join(_side(kb, trace, step, *side) for side in sides)}</div>")
    reasons = [
        f"<li>{shared.escaped(signal.note or signal.name)}<span class='pt-meta'>　强度 {signal.value:.2f}</span></li>"
        for signal in telling(step.evidence)
    ]
    if step.note:
        reasons.insert(0, f"<li>人工说明：{shared.escaped(step.note)}</li>")
    if reasons:
        st.html(f"<div class='pt-reasons'><b>判断理由</b><ul>{''.join(reasons)}</ul></div>")


def _named(way: str, step: Any) -> str:
    arrow = "↑ 上级" if way == "up" else "↓ 下级"
    return f"{arrow}　{GRADE[step.grade]} {step.score:.2f}　{step.task.id} {name_of(step.task)}　（{LEVEL[step.document.level]} · {step.document.title}）"


def _side(kb: shared.Snapshot, trace: Trace, step: Any, side: str, heading: str) -> str:
    """One task: place, title, text with the shared wording marked, departments, its place in the source; HTML."""
    ref = str(getattr(step, side))
    policy, task = kb.task(ref)
    marks = sorted((getattr(one, f"{side}_start"), getattr(one, f"{side}_end")) for one in step.evidence.fragments)

    def inside(start: int, text: str) -> str:
        end = start + len(text)
        return shared.marked(text, [(a - start, b - start) for a, b in marks if start <= a and b <= end])

    title = shared.escaped(name_of(task))
    if task.title and task.heading:
        at = policy.logical_text.find(task.title, task.heading.start, task.heading.end)
        title = inside(at, task.title) if at >= 0 else title
    further = "" if ref == trace.ref else shared.leads("trace", "从这项任务继续追溯 →", task=ref, **{"with": trace.ref})
    where = shared.place(policy.title, policy.level, policy.text, task.verified)
    return (
        f"<section class='pt-card'><div class='pt-meta'>{heading}　{where}</div>"
        f"<h4>{shared.escaped(task.id)} {title}</h4><div class='pt-body'>{inside(task.origin.start, task.text)}</div>"
        f"<div>{shared.chips(task.departments, policy.text)}</div>"
        f"<div class='pt-foot'>{shared.source(policy, task)}{further}</div></section>"
    )
