"""A document is taken out, after a person has read what goes out of view with it."""

from __future__ import annotations

import streamlit as st

from index import removal
from index.knowledge_base import KnowledgeBase
from pages import adding, deciding, shared
from schemas import Policy, PolicyError

_OPEN = "pt_removal_dialog"


def ask(policy: Policy) -> None:
    """The button that opens the question."""
    st.button(
        "移除这份文件 ……",
        icon=":material/delete:",
        width="stretch",
        on_click=_open,
        args=(policy.slug,),
        key="pt_remove",
    )


def _open(slug: str) -> None:
    st.session_state[_OPEN] = slug


def _close() -> None:
    st.session_state.pop(_OPEN, None)


def dialog(kb: shared.Snapshot) -> None:
    """The question, until it is answered or closed."""
    slug = st.session_state.get(_OPEN)
    if slug is not None:
        _question(kb, slug)


@st.dialog("移除文件", on_dismiss=_close)
def _question(kb: shared.Snapshot, slug: str) -> None:
    try:
        with KnowledgeBase.open(kb.path) as now:
            (loss,) = removal.losses(now, [slug])
    except PolicyError as error:
        st.error(f"{shared.plain(error.problem)}\n\n{shared.plain(error.hint)}")
        return
    st.markdown(f"从知识库移除 **{shared.plain(loss.title)}**。")
    st.markdown(
        f"不再显示它的 **{loss.tasks}** 项任务、**{loss.targets}** 个目标、**{loss.links}** 条关联，"
        f"以及对其中 **{loss.decisions}** 处的人工决定。"
    )
    st.caption("原件和人工决定都保留；再次加入同一份文件，它们随之恢复。")
    why = st.text_input("理由（可以不填）", key="pt_remove_why", placeholder="例如：重复收录")
    who = deciding.ask_who("pt_remove_who")
    sure = st.checkbox("我已看过以上内容，确定移除", key="pt_remove_sure")
    if st.button("移除", type="primary", disabled=not (sure and who), key="pt_remove_go", width="stretch"):
        one = adding.remove(kb.path, slug, loss.title, who, why)
        _close()
        shared.remember(doc=None, task=None, part=None, at=None, page=None, view="add", job=one.id)
        st.rerun()
