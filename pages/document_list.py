"""The list of documents: level, 文号, date, whether it is in force, what was read from it, what is damaged."""

from __future__ import annotations

import streamlit as st

from index.linking.texts import fold
from index.reports.answers import LEVEL
from pages import adding, shared
from schemas import Policy

STEP = 30
STATUS = {"in_force": "现行", "expired": "已废止", "draft": "征求意见稿", "unknown": "未载明"}
HEADS = ("层级", "文号", "日期", "效力", "任务", "目标", "缺损")


def draw(kb: shared.Snapshot) -> None:
    """The whole list, with its filters."""
    left, right = st.columns([5, 1.2], vertical_alignment="center")
    left.title("文件")
    right.button(
        "加入文件", type="primary", icon=":material/upload_file:", width="stretch", on_click=shared.remember,
        kwargs={"view": "add", "doc": None, "task": None, "part": None, "at": None},
    )  # fmt: skip
    adding.tell_of_others(kb)
    shown = _chosen(kb.policies())
    if not shown:
        st.info("没有符合条件的文件，请清空检索词或选“全部”层级。", icon=":material/search_off:")
        return
    asked = f"{st.session_state.get('pt_find')} {st.session_state.get('pt_level')}"
    if st.session_state.get("pt_docs_asked") != asked:
        st.session_state["pt_docs_asked"], st.session_state["pt_docs_shown"] = asked, STEP
    limit = st.session_state["pt_docs_shown"]
    heads = "".join(f"<span>{head}</span>" for head in ("标题", *HEADS))
    st.html(
        f"<div class='pt-list'><div class='pt-facts pt-heads'>{heads}</div>{''.join(map(row, shown[:limit]))}</div>"
    )
    if limit < len(shown):
        st.button(f"再显示 {min(STEP, len(shown) - limit)} 份（共 {len(shown)} 份）", width="stretch", on_click=_more)


def _more() -> None:
    st.session_state["pt_docs_shown"] += STEP


def _chosen(policies: tuple[Policy, ...]) -> list[Policy]:
    """The documents that the search box and the level leave; the lowest level first."""
    left, right = st.columns([2, 3], vertical_alignment="center")
    words = left.text_input(
        "查找文件", key=shared.recalled("find"), placeholder="标题、文号、发文机关", label_visibility="collapsed",
        icon=":material/search:",
    )  # fmt: skip
    levels = list(dict.fromkeys(policy.level or "unknown" for policy in reversed(policies)))
    key = shared.known("level", levels)
    names = {**LEVEL, "unknown": LEVEL[None]}
    counts = {level: sum((policy.level or "unknown") == level for policy in policies) for level in levels}
    level = right.pills(
        "层级", levels, key=key, format_func=lambda one: f"{names[one]} {counts[one]}", label_visibility="collapsed"
    )
    shared.remember(find=words or None, level=level)
    wanted = fold(words or "")
    return [
        policy
        for policy in reversed(policies)
        if level in (None, policy.level or "unknown")
        and (
            not wanted
            or wanted in fold(f"{policy.title} {policy.doc_number or ''} {' '.join(policy.issuers)} {policy.file}")
        )
    ]


def row(policy: Policy) -> str:
    """A document as a row that leads to it; HTML."""
    name = shared.leads("documents", shared.escaped(policy.title), doc=policy.slug)
    return (
        f"<div class='pt-facts'><span>{name}</span>{''.join(f'<span>{one}</span>' for one in facts_of(policy))}</div>"
    )


def facts_of(policy: Policy) -> tuple[str, ...]:
    """What the list says of a document, in the order of `HEADS`; HTML."""
    outline = "<span class='pt-sign'>提纲</span>" if policy.text == "outline" else ""
    status = "已废止" if policy.superseded_by else STATUS[policy.status]
    bad = f"<b class='pt-bad-count'>⚠ {len(policy.defects)}</b>" if policy.defects else "—"
    return (
        f"<span class='pt-level pt-{policy.level}'>{LEVEL[policy.level]}</span>{outline}",
        shared.escaped(policy.shown_number or "未载明"),
        shared.escaped(policy.date or "未载明"),
        status,
        str(len(policy.tasks)),
        str(len(policy.targets)),
        bad,
    )
