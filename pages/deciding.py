"""Decisions made on a page: who decides, what was stored or refused, told once and then gone."""

from __future__ import annotations

import os

import streamlit as st

from index.deciding import history
from index.deciding.verdicts import wish
from index.knowledge_base import KnowledgeBase
from index.reports import decisions as decided
from pages import shared
from schemas import PolicyError, Subject, Wish
from schemas.decisions import Verdict

_SAID, _WHO = "pt_page_said", "pt_person"


def ask_who(key: str) -> str:
    """Who decides: asked once, then remembered while the browser's tab is open; nobody is named by a guess."""
    if key not in st.session_state:
        known = st.session_state.get(_WHO) or st.query_params.get("who") or os.environ.get("POLICYTRACE_WHO")
        st.session_state[key] = known or ""
    name: str = st.text_input(
        "你的姓名", key=key, placeholder="请先填写", help="记在决定里，别人看得到", max_chars=40
    ).strip()
    st.session_state[_WHO] = name
    return name


def decide(kb: shared.Snapshot, who: str, verdict: Verdict, about: Subject, why: str = "") -> str:
    """Stores a decision; empty, or in words why it could not be stored."""
    try:
        with KnowledgeBase.open(kb.path) as now:
            made, generation = wish(now, verdict, about, why=why), now.generation
        return _store(kb, who, made, generation)
    except PolicyError as error:
        return f"{error.problem}。{error.hint}"


def undo(kb: shared.Snapshot, who: str, about: Subject) -> str:
    """Takes back the last decision on a record; empty, or in words why it could not."""
    standing = kb.standings.get(about)
    if standing is None:
        return "这项认定已经被撤销。"
    try:
        return _store(kb, who, Wish(verdict="undo", subject=about, undoes=standing.decision), None)
    except PolicyError as error:
        return f"{error.problem}。{error.hint}"


def _store(kb: shared.Snapshot, who: str, made: Wish, generation: str | None) -> str:
    standing = kb.standings.get(made.subject)
    seen = standing.decision if standing else ""
    ((one, after, unseen),) = history.decide(kb.path, who, made, seen=seen, generation=generation)
    say(f"已记录：{decided.VERDICT[one.verdict]}{f'，理由：{one.why}' if one.why else ''}", "check_circle")
    if after:
        when = "在你查看之后" if unseen else "此前"
        say(f"{after.who} {when}已有决定（{decided.decision(after)}）。现以你的为准，会告知对方。", "notifications")
    return ""


def say(text: str, icon: str) -> None:
    """To be told when the page is drawn next."""
    st.session_state.setdefault(_SAID, []).append((text, icon))


def tell() -> None:
    """What was stored just before."""
    for text, icon in st.session_state.pop(_SAID, []):
        st.toast(shared.plain(text), icon=f":material/{icon}:")
