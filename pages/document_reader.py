"""One document opened: its outline, its text with everything that was read from it marked, what it cites and who cites it."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from index.reports.answers import LEVEL, name_of
from index.store import kept
from pages import document_facts, document_pages, document_removal, document_text, shared
from pages.document_list import STATUS
from schemas import Policy, Task

VIEWS = {"text": "正文", "pages": "原件页面", "findings": "目标与缺损", "links": "依据与关联", "versions": "版本"}
ENOUGH = 2_500
"""Characters up to which short parts are shown together."""
SCROLL = "<script>document.querySelector('.pt-here')?.scrollIntoView({block:'nearest'})</script>"
"""Ours, constant: brings the marked place into sight."""


@st.cache_resource(show_spinner=False, max_entries=40)
def _parts(path: str, generation: str, slug: str, _policy: Policy) -> tuple[document_text.Part, ...]:
    return document_text.parts(_policy)


@st.cache_resource(show_spinner=False, max_entries=40)
def _marks(path: str, generation: str, slug: str, _policy: Policy) -> tuple[document_text.Mark, ...]:
    return document_text.marks(_policy)


@st.cache_data(show_spinner=False, max_entries=200)
def _html(path: str, generation: str, slug: str, number: int, here: tuple[int, int] | None, _policy: Policy) -> str:
    part = _parts(path, generation, slug, _policy)[number]
    found = _marks(path, generation, slug, _policy)
    near = [one for one in found if one.start < part.end and one.end >= part.start]
    return document_text.paragraphs(_policy, part, near, here)


def draw(kb: shared.Snapshot, policy: Policy) -> None:
    """The whole document page."""
    _head(kb, policy)
    wanted = [name for name in VIEWS if _has(policy, name)]
    if st.query_params.get("view") not in wanted and "view" in st.query_params:
        shared.remember(view=None)
    key = f"pt_docview_{policy.slug}"
    st.session_state[key] = st.query_params.get("view") or "text"
    view = st.segmented_control(
        "看什么", wanted, key=key, format_func=lambda name: VIEWS[name], label_visibility="collapsed",
        on_change=_turn, args=(key,),
    ) or "text"  # fmt: skip
    {
        "text": _text,
        "pages": document_pages.draw,
        "findings": document_facts.targets_and_defects,
        "links": document_facts.links,
        "versions": document_facts.versions,
    }[view](kb, policy)
    document_removal.dialog(kb)


def _turn(key: str) -> None:
    view = st.session_state[key]
    shared.remember(view=None if view == "text" else view)


def _has(policy: Policy, view: str) -> bool:
    return view != "pages" or document_pages.can_be_shown(policy)


def _head(kb: shared.Snapshot, policy: Policy) -> None:
    left, right = st.columns([5, 1.6], vertical_alignment="top")
    signs = "<span class='pt-sign'>提纲，只载要点</span>" if policy.text == "outline" else ""
    status = f"已被《{policy.superseded_by}》取代" if policy.superseded_by else STATUS[policy.status]
    facts = {
        "文号": policy.shown_number or "未载明",
        "日期": policy.date or "未载明",
        "发文": "、".join(policy.issuers) or "未载明",
        "效力": status,
        "原件": f"{policy.file}{f'，{policy.pages} 页' if policy.pages else ''}",
    }
    told = "　".join(f"<b>{name}</b> {shared.escaped(value)}" for name, value in facts.items())
    counts = f"{len(policy.tasks)} 项任务、{len(policy.targets)} 个目标、{len(policy.defects)} 处缺损"
    left.html(
        f"<h1 class='pt-title'><span class='pt-level pt-{policy.level}'>{LEVEL[policy.level]}</span>"
        f"{shared.escaped(policy.title)}{signs}</h1><div class='pt-meta'>{told}　<b>读出</b> {counts}</div>"
    )
    with right:
        st.button("返回文件列表", icon=":material/arrow_back:", width="stretch", on_click=close)
        with st.popover("更多", icon=":material/more_horiz:", width="stretch"):
            _more(kb, policy)


def close() -> None:
    """Back to the list."""
    shared.remember(doc=None, task=None, part=None, at=None, view=None, page=None)


def _more(kb: shared.Snapshot, policy: Policy) -> None:
    stored = kept(kb.path, policy.sha256)
    if stored is not None:
        st.download_button(
            "下载原件", stored.read_bytes, policy.file, icon=":material/download:", on_click="ignore", width="stretch"
        )
    if policy.source_url and urlsplit(policy.source_url).scheme in ("http", "https"):
        st.link_button("官方网址", policy.source_url, icon=":material/open_in_new:", width="stretch")
    st.page_link(
        "pages/matrix.py", label="任务分工表", icon=":material/table_chart:", query_params={"doc": policy.slug}
    )
    document_removal.ask(policy)


def _text(kb: shared.Snapshot, policy: Policy) -> None:
    found = _parts(str(kb.path), kb.generation, policy.slug, policy)
    if not found:
        st.info("这份文件没有正文。", icon=":material/info:")
        return
    task, here = _place(policy)
    number = _number(found, here)
    left, right = st.columns([1, 2.9], gap="medium")
    with left, st.container(key="pt_outline"):
        last = _last(found, number)
        st.html(_outline(policy.slug, found, range(number, last + 1), task))
    with right:
        if task is not None:
            _about(policy, task)
        st.html(document_text.LEGEND)
        for at in range(number, last + 1):
            st.html(_html(str(kb.path), kb.generation, policy.slug, at, here, policy))
        if here is not None:
            st.html(SCROLL, unsafe_allow_javascript=True)
        _turn_over(found, number, last)


def _last(found: tuple[document_text.Part, ...], first: int) -> int:
    """The last of the parts that are shown together: short ones go on until there is something to read."""
    start = found[first].start
    return max([first, *(at for at in range(first, len(found)) if found[at].end - start <= ENOUGH)])


def _place(policy: Policy) -> tuple[Task | None, tuple[int, int] | None]:
    """The task that the address names and the stretch to be marked; what is not there is told."""
    wanted = st.query_params.get("task")
    if wanted:
        task = policy.task(wanted)
        if task is not None:
            return task, (document_text.begins(task), max(task.origin.end, document_text.begins(task) + 1))
        st.warning(f"这份文件没有任务 {shared.plain(wanted)}，它可能已随文件更新而改号。", icon=":material/warning:")
    start, _, end = (st.query_params.get("at") or "").partition("-")
    if start.isdecimal() and int(start) < len(policy.logical_text):
        return None, (int(start), max(int(end), int(start) + 1) if end.isdecimal() else int(start) + 1)
    return None, None


def _number(found: tuple[document_text.Part, ...], here: tuple[int, int] | None) -> int:
    """The part to be shown: that of the marked place, else the one the address names, else the first with tasks."""
    asked = st.query_params.get("part") or ""
    if here is not None:
        return document_text.part_at(found, here[0])
    if asked.isdecimal() and int(asked) < len(found):
        return int(asked)
    return 0


def _outline(slug: str, found: tuple[document_text.Part, ...], shown: range, chosen: Task | None) -> str:
    """The sections, and of those that are shown their tasks; each leads there; HTML."""
    lines = []
    for at, part in enumerate(found):
        count = f"<small>{len(part.tasks)}</small>" if part.tasks else ""
        look = "pt-now" if at == shown.start else ""
        lines.append(
            shared.leads("documents", f"<span>{shared.escaped(part.title)}</span>{count}", look, doc=slug, part=str(at))
        )
        for task in part.tasks if at in shown else ():
            words = shared.escaped(f"{task.id} {name_of(task)}")
            look = "pt-inner pt-chosen" if chosen is not None and chosen.id == task.id else "pt-inner"
            lines.append(shared.leads("documents", words, look, doc=slug, task=task.id))
    return f"<nav class='pt-outline' aria-label='目录'>{''.join(lines)}</nav>"


def _go(part: str | None = None, task: str | None = None) -> None:
    shared.remember(part=part, task=task, at=None)


def _about(policy: Policy, task: Task) -> None:
    """The chosen task, and where to go on from it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(f"**{shared.plain(f'{task.id} {name_of(task)}')}**")
        st.page_link(
            "pages/trace.py", label="追溯依据与落实", icon=":material/account_tree:",
            query_params={"task": f"{policy.slug}#{task.id}"},
        )  # fmt: skip
        if task.origin.boxes and document_pages.can_be_shown(policy):
            st.button(
                "看原件页面",
                icon=":material/picture_as_pdf:",
                type="tertiary",
                on_click=shared.remember,
                kwargs={"view": "pages"},
            )


def _turn_over(found: tuple[document_text.Part, ...], number: int, last: int) -> None:
    left, right = st.columns(2)
    if number:
        left.button(
            f"← {shared.plain(found[number - 1].title)}", key="part_before", width="stretch", on_click=_go,
            kwargs={"part": str(number - 1)},
        )  # fmt: skip
    if last + 1 < len(found):
        right.button(
            f"{shared.plain(found[last + 1].title)} →", key="part_after", width="stretch", on_click=_go,
            kwargs={"part": str(last + 1)},
        )  # fmt: skip
