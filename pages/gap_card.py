"""One upper task on the page 承接缺口: its state by shape and word, what carries it, clause by clause, and what people say."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from index.deciding.moments import day_of
from index.linking.coverage import STATE_NAMES, Clause, Coverage, clauses
from index.linking.echoes import Echo
from index.reports.answers import GRADE, name_of
from pages import deciding, shared
from schemas import Policy, Standing, Subject, Task
from schemas.decisions import Verdict

ORDER = ("covered", "partial", "gap", "not_applicable")
ICON = {
    "covered": ":material/check_circle:",
    "partial": ":material/contrast:",
    "gap": ":material/radio_button_unchecked:",
    "not_applicable": ":material/remove:",
}
LINKS = 6
_OPEN = "pt_gap_dialog"


def bar(counts: Mapping[str, int]) -> str:
    """How many upper tasks are in each state: parts of a bar that differ by pattern, shape and word; HTML."""
    parts = [
        f"<span class='pt-part pt-{state}' style='flex-grow:{counts[state]}' "
        f"title='{STATE_NAMES[state]} {counts[state]} 项'>{shape(state)}<b>{counts[state]}</b></span>"  # type: ignore[index]
        for state in ORDER
        if counts.get(state)
    ]
    return f"<div class='pt-bar' role='img' aria-label='各状态的任务数'>{''.join(parts)}</div>"


def shape(state: str) -> str:
    """The state's sign, drawn: a font may not have it; HTML."""
    return f"<i class='pt-shape pt-shape-{state}'></i>"


def badge(state: str) -> str:
    """A state as a sign; HTML."""
    return f"<span class='pt-state pt-{state}'>{shape(state)}{STATE_NAMES[state]}</span>"  # type: ignore[index]


def card(kb: shared.Snapshot, upper: Policy, lower: Policy, row: Coverage) -> None:
    """The whole card."""
    task = upper.task(row.upper.task)
    if task is None:
        return
    about = Subject(kind="coverage", doc=upper.slug, item=task.id, other_doc=lower.slug)
    with st.container(border=True, gap="small"):
        left, right = st.columns([6, 1], gap="small")
        left.html(_head(upper, lower, task, row, kb.standings.get(about)))
        with right:
            _actions(kb, about, row, task)
        _clauses(upper, lower, task, row)


def _head(upper: Policy, lower: Policy, task: Task, row: Coverage, said: Standing | None) -> str:
    signs = "<span class='pt-sign'>未核</span>" if task.verified is False else ""
    chips = shared.chips(task.departments, upper.text) if task.departments else ""
    who = f"　（{shared.escaped(said.who)}，{said.at[:10]}）" if said else ""
    carriers = _carriers(lower, row) or shared.escaped(row.reason)
    return (
        f"<div class='pt-row'>{badge(row.state)}<b>{shared.escaped(task.id)}　{shared.escaped(name_of(task))}</b>{signs}　"
        f"{shared.leads('documents', '看原文', doc=upper.slug, task=task.id)}</div>"
        f"<div>{chips}</div><div class='pt-meta'>{carriers}{who}</div>"
    )


def _carriers(lower: Policy, row: Coverage) -> str:
    """The lower tasks, each leading to its trace; HTML."""
    found = []
    for one in row.lower[:LINKS]:
        task = lower.task(one.task)
        if task is not None:
            words = f"{GRADE[one.grade][:3]} {shared.escaped(f'{one.task} {name_of(task)}')}"
            found.append(shared.leads("trace", words, "pt-carrier", task=f"{one.doc}#{one.task}"))
    more = f"<span>另有 {len(row.lower) - LINKS} 项</span>" if len(row.lower) > LINKS else ""
    return f"{''.join(found)}{more}" if found else ""


def _clauses(upper: Policy, lower: Policy, task: Task, row: Coverage) -> None:
    """The measures of the upper task, each with the lower tasks that take it up."""
    found = clauses(task, [one for held in row.lower if (one := lower.task(held.task)) is not None])
    counted = row.state != "not_applicable"
    what = "关键词" if upper.text == "outline" and not task.measures and task.key_terms else "举措"
    open_ones, near = (
        sum(not one.taken_by and bool(one.near) == is_near for one in found) for is_near in (False, True)
    )
    fates = [f"{open_ones} 条{'未见对应内容' if row.lower else '未见承接'}"] if open_ones else []
    fates += [f"{near} 条只有相近内容，须核对"] if near else []
    label = "，".join([f"{what} {len(found)} 条", *(fates if counted else [])])
    pieces = {one.measure: one for one in row.echoes}
    with st.expander(label):
        lines = [_clause(one, pieces.get(one.text), counted) for one in found]
        st.html(f"<ul class='pt-clauses'>{''.join(lines)}</ul>")


def _clause(one: Clause, piece: Echo | None, counted: bool) -> str:
    """A measure with what becomes of it; HTML."""
    told = f"由 {'、'.join(one.taken_by)} 承接" if one.taken_by else f"相近：{'、'.join(one.near)}" if one.near else ""
    if piece and not one.taken_by:
        told = f"{told}，“{piece.text}”" if told else f"仅见“{piece.text}”：{piece.task}"
    sign, kind = ("✓", "taken") if one.taken_by else ("≈", "near") if one.near else ("✗", "missing")
    by = f"<span class='pt-meta'>　{shared.escaped(told)}</span>" if told else ""
    mark, style = (f"<b>{sign}</b>", f" class='pt-{kind}'") if counted else ("", "")
    return f"<li{style}>{mark}<span>{shared.escaped(one.text)}{by}</span></li>"


def _actions(kb: shared.Snapshot, about: Subject, row: Coverage, task: Task) -> None:
    said = kb.standings.get(about)
    key = f"{about.doc}_{about.item}_{about.other_doc}"
    if said is not None:
        label, what, words = "撤销认定", "undo", f"{said.who} 于 {day_of(said.at)} 认定"
    elif row.state == "not_applicable":
        label, what, words = "改为适用", "reject", "推断不成立：这项任务与下级单位有关"
    else:
        label, what, words = "标为不适用", "not_applicable", "写明理由后，不再算作缺口；可以撤销"
    st.button(
        label, key=f"{what}_{key}", help=shared.plain(words), width="stretch", on_click=_open, args=(what, about)
    )  # fmt: skip


def _open(what: str, about: Subject) -> None:
    st.session_state[_OPEN] = (what, about)


def _close() -> None:
    st.session_state.pop(_OPEN, None)


def dialog(kb: shared.Snapshot) -> None:
    """What the person was asked to state or to take back, until it is stored or closed."""
    if _OPEN not in st.session_state:
        return
    what, about = st.session_state[_OPEN]
    task = kb.task(f"{about.doc}#{about.item}")[1]
    if what == "undo":
        _withdraw(kb, about, task)
    else:
        _state(kb, about, task, what)


@st.dialog("认定是否适用", on_dismiss=_close)
def _state(kb: shared.Snapshot, about: Subject, task: Task, what: Verdict) -> None:
    """Asks for the reason and the name, and stores the decision."""
    words = "适用于" if what == "reject" else "不适用于"
    st.markdown(f"认定上级任务 **{shared.plain(f'{task.id} {name_of(task)}')}** {words}下级文件的单位。")
    why = st.text_area("理由", placeholder="例如：园区没有钢铁企业", key="pt_exempt_why", max_chars=500)
    who = deciding.ask_who("pt_exempt_who")
    if st.button("保存", type="primary", key="pt_exempt_save", width="stretch"):
        if what == "not_applicable" and not why.strip():
            st.error("请写明理由：为什么这项任务不涉及下级文件的单位。")
        else:
            _done(deciding.decide(kb, who, what, about, why))


@st.dialog("撤销认定", on_dismiss=_close)
def _withdraw(kb: shared.Snapshot, about: Subject, task: Task) -> None:
    said = kb.standings.get(about)
    st.markdown(f"撤销对 **{shared.plain(f'{task.id} {name_of(task)}')}** 的认定，恢复为自动判断。")
    if said is not None and said.why:
        st.caption(f"原来的理由：{shared.plain(said.why)}")
    who = deciding.ask_who("pt_undo_who")
    if st.button("撤销", type="primary", key="pt_undo_save", width="stretch"):
        _done(deciding.undo(kb, who, about))


def _done(problem: str) -> None:
    if problem:
        st.error(shared.plain(problem))
    else:
        _close()
        st.rerun()
