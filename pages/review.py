"""人工复核: the most useful question first, decided with a click; what was decided, by whom; versions side by side."""

from __future__ import annotations

import os
from collections.abc import Sequence

import streamlit as st

from index.deciding import history
from index.deciding.decisions import undone
from index.deciding.moments import shown
from index.deciding.review import REASONS, Queue, near_links, queue
from index.knowledge_base import KnowledgeBase, NearLink
from index.reports import decisions as decided
from pages import deciding, review_versions, shared
from pages.review_answers import answers, store, undo_last

VIEWS = {"queue": "逐项复核", "history": "决定历史", "versions": "版本对照"}
LATEST = 200


@st.cache_resource(show_spinner="正在整理待复核的事项 ……", max_entries=2)
def _near(path: str, built: str, _kb: shared.Snapshot) -> Sequence[NearLink]:
    with KnowledgeBase.open(_kb.path) as now:
        return near_links(now)


@st.cache_resource(show_spinner=False, max_entries=4)
def _queue(path: str, generation: str, doc: str | None, department: str | None, _kb: shared.Snapshot) -> Queue:
    return queue(_kb, doc, department, _near(path, _kb.built, _kb))


def render(kb: shared.Snapshot) -> None:
    """The whole page."""
    head, left, right = st.columns([1.1, 2, 1.6], vertical_alignment="center")
    head.title("人工复核")
    key = shared.recalled("view")
    if st.session_state[key] not in VIEWS:
        st.session_state[key] = "queue"
    view = left.segmented_control(
        "查看", list(VIEWS), format_func=VIEWS.__getitem__, key=key, label_visibility="collapsed", required=True
    )
    with right:
        who = deciding.ask_who("pt_who", is_small=True)
    shared.remember(view=None if view == "queue" else view, who=who)
    _tell(kb, who)
    {"queue": _review, "history": _history, "versions": review_versions.render}[view or "queue"](kb, who)


def _tell(kb: shared.Snapshot, who: str) -> None:
    """What was just stored or refused, and who overruled this person meanwhile."""
    deciding.tell()
    if who and os.access(kb.path, os.W_OK):
        for notice in history.notices(kb.path, who):
            (line,) = decided.noticed([notice], 10_000)
            st.warning(shared.plain(line), icon=":material/notifications:")


def _review(kb: shared.Snapshot, who: str) -> None:
    documents = {policy.slug: policy for policy in kb.policies()}
    left, right = st.columns(2)
    doc = left.selectbox(
        "文件",
        list(documents),
        index=None,
        format_func=lambda one: shared.label(documents[one]),
        placeholder="全部文件",
        key=shared.recalled("doc"),
    )
    department = right.selectbox(
        "部门",
        _departments(str(kb.path), kb.built, kb),
        index=None,
        placeholder="全部部门",
        key=shared.recalled("department"),
    )
    shared.remember(doc=doc, department=department)
    found = _queue(str(kb.path), kb.generation, doc, department, kb)
    skipped: set[str] = st.session_state.setdefault("pt_skipped", set())
    one = next((item for item in found.items if str(item.subject) not in skipped), None)
    st.progress(found.done / found.total if found.total else 1.0, f"已处理 {found.done} / {found.total}")
    if one is None:
        _nothing_left(skipped)
    else:
        if not who:
            st.info("请先在右上方填写你的姓名，再作决定。", icon=":material/person:")
        answers(kb, who, one, REASONS[one.reason])
    undo_last(kb, who)


@st.cache_data(show_spinner=False, max_entries=2)
def _departments(path: str, built: str, _kb: shared.Snapshot) -> list[str]:
    return sorted({body.name for policy in _kb.policies() for task in policy.tasks for body in task.departments})


def _nothing_left(skipped: set[str]) -> None:
    st.success("没有待复核的事项。" if not skipped else f"其余 {len(skipped)} 项你已跳过。")
    if skipped and st.button("重新看跳过的"):
        skipped.clear()
        st.rerun()


def _history(kb: shared.Snapshot, who: str) -> None:
    with KnowledgeBase.open(kb.path) as now:
        found = now.history()
    gone = undone(found)
    if not found:
        st.info("还没有人工决定。", icon=":material/info:")
        return
    rows = [
        {
            "时间": shown(one.at),
            "谁": one.who,
            "决定": deciding.in_words(kb, one),
            "已撤销": one.id in gone,
            "编号": one.id[:8],
        }
        for one in found[::-1][:LATEST]
    ]
    st.dataframe(rows, hide_index=True, width="stretch")
    if len(found) > LATEST:
        st.caption(
            f"共 {len(found)} 个决定，这里是最近的 {LATEST} 个；全部可用 policytrace history 或 decisions --export 取出。"
        )
    open_ones = {one.id: one for one in found[::-1][:LATEST] if one.id not in gone}
    chosen = st.selectbox(
        "撤销",
        list(open_ones),
        index=None,
        placeholder="选择要撤销的决定",
        format_func=lambda one: f"{open_ones[one].who}　{deciding.in_words(kb, open_ones[one])}",
    )
    why = st.text_input("撤销的理由", key="pt_undo_why")
    if st.button("撤销这个决定", disabled=not (chosen and who)):
        store(kb, who, lambda _: [history.undoing(str(chosen), why)])


shared.page(render)
