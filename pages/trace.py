"""责任追溯: a task, what it rests on, what carries it out, and the two texts side by side with the shared wording."""

from __future__ import annotations

import streamlit as st

from index import views
from index.reports.answers import name_of
from pages import chain, comparing, shared, task_card
from schemas import NotFound, Policy, Task


@st.cache_resource(show_spinner="正在追溯 ……", max_entries=60)
def _trace(path: str, generation: str, ref: str, _kb: shared.Snapshot) -> views.Trace:
    return views.trace(_kb, ref, doubtful=True)


def render(kb: shared.Snapshot) -> None:
    """The whole page."""
    st.title("责任追溯")
    asked = st.query_params.get("task")
    try:
        current = kb.task(asked) if asked else None
    except NotFound as error:
        current = None
        _gone(kb, asked or "", error)
    ref = _choose(kb, current, asked)
    if ref is None:
        if not asked:
            st.info("请选择一份文件和其中的一项任务，或从“任务检索”进入。", icon=":material/info:")
        return
    shared.remember(task=ref)
    st.html(task_card.card(kb, ref))
    trace = _trace(str(kb.path), kb.generation, ref, kb)
    if trace.relinked:
        st.info(trace.relinked, icon=":material/autorenew:")
    if trace.note:
        st.info(shared.plain(trace.note), icon=":material/info:")
    if trace.up or trace.down:
        _chain(trace)
        st.subheader("逐条对照")
        comparing.compare(kb, trace)


def _gone(kb: shared.Snapshot, asked: str, error: NotFound) -> None:
    """The address names a task that is not there: said in words, with what is near."""
    why = "它可能已随文件更新而改号，或文件已不在知识库中。"
    st.warning(f"{shared.plain(error.problem)}。{why}", icon=":material/warning:")
    rows = [
        f"<li>{shared.leads('trace', f'{shared.escaped(task.id)} {shared.escaped(name_of(task))}', task=f'{policy.slug}#{task.id}')}"
        f"<span class='pt-meta'>　{shared.place(policy.title, policy.level, policy.text)}</span></li>"
        for policy, task in map(kb.task, kb.near_tasks(asked))
    ]
    if rows:
        st.html(f"<div class='pt-near'>您要找的可能是：<ul>{''.join(rows)}</ul></div>")


def _choose(kb: shared.Snapshot, current: tuple[Policy, Task] | None, asked: str | None) -> str | None:
    """Document and task; a new address goes before what was chosen here."""
    documents = {policy.slug: policy for policy in reversed(kb.policies())}
    if st.session_state.get("pt_traced") != asked:
        st.session_state["pt_traced"] = asked
        st.session_state["pt_doc"] = current[0].slug if current else None
        st.session_state["pt_task"] = current[1].id if current else None
    left, right = st.columns([2, 3])
    slug = left.selectbox(
        "文件",
        list(documents),
        index=None,
        key=_among("pt_doc", documents),
        format_func=lambda one: shared.label(documents[one]),
        placeholder="选择文件",
    )
    tasks = {task.id: task for task in documents[slug].tasks} if slug else {}
    task_id = right.selectbox(
        "任务",
        list(tasks),
        index=None,
        key=_among("pt_task", tasks),
        format_func=lambda one: f"{one} {name_of(tasks[one])}",
        placeholder="选择任务" if slug else "先选择文件",
        disabled=not slug,
    )
    ref = f"{slug}#{task_id}" if slug and task_id else None
    if ref:
        st.session_state["pt_traced"] = ref
    return ref


def _among(key: str, known: object) -> str:
    if st.session_state.get(key) not in known:  # type: ignore[operator]
        st.session_state[key] = None
    return key


def _chain(trace: views.Trace) -> None:
    up, down = chain.asserted(trace.up), chain.asserted(trace.down)
    st.subheader(f"责任链：上级依据 {len(up)} 项，下级落实 {len(down)} 项")
    if not (up or down):
        st.caption("只有主题相近的任务，不足以认定依据或落实；见下面的对照。")
        return
    chain.draw(trace)
    hidden = max(0, len(up) - chain.BRANCHES) + max(0, len(down) - chain.BRANCHES)
    more = f"图中只画最可靠的几项，另有 {hidden} 项见下面的对照。" if hidden else ""
    st.caption(
        f"从左到右由上级到下级。实线为落实（●●●），虚线为部分落实（●●○）。点任何一项，就从那项任务继续追溯。{more}"
    )


shared.page(render)
