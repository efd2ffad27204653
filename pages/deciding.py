"""Decisions made on a page: who decides, what was stored or refused, told once and then gone."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import streamlit as st

from index.deciding import history
from index.deciding.verdicts import wish
from index.knowledge_base import KnowledgeBase
from index.reports import decisions as decided
from pages import shared
from schemas import Decision, NotFound, PolicyError, Subject, Wish
from schemas.decisions import Verdict

Wishes = Callable[[KnowledgeBase], Sequence[Wish]]
"""Makes decisions of the knowledge base as it is when they are stored."""
_SAID, _WHO = "pt_said", "pt_person"


def ask_who(key: str, is_small: bool = False) -> str:
    """Who decides: asked once, then remembered while the browser's tab is open; nobody is named by a guess."""
    if key not in st.session_state:
        known = st.session_state.get(_WHO) or st.query_params.get("who") or os.environ.get("POLICYTRACE_WHO")
        st.session_state[key] = known or ""
    name: str = st.text_input(
        "你的姓名",
        key=key,
        placeholder="你的姓名（请先填写，会记在决定里）" if is_small else "请先填写",
        help=None if is_small else "记在决定里，别人看得到",
        label_visibility="collapsed" if is_small else "visible",
        max_chars=40,
    ).strip()
    st.session_state[_WHO] = name
    return name


def store(kb: shared.Snapshot, who: str, said: Wishes, seen: str | None = None) -> list[str]:
    """Stores decisions, to be told when the page is drawn next; their ids. Nothing was locked while the person thought.

    `seen` is the decision that the person saw standing. Raises ``PolicyError`` where they cannot be stored.
    """
    with KnowledgeBase.open(kb.path) as now:
        wishes, generation = said(now), now.generation
    stored = history.decide(kb.path, who, *wishes, seen=seen, generation=generation)
    for one, after, unseen in stored:
        _say(f"已记录：{decided.VERDICT[one.verdict]}{f'，理由：{one.why}' if one.why else ''}", is_good=True)
        if after:
            when = "在你查看之后" if unseen else "此前"
            _say(f"{after.who} {when}已有决定（{in_words(kb, after)}）。现以你的为准，会告知对方。", is_good=False)
    return [one.decision.id for one in stored]


def decide(kb: shared.Snapshot, who: str, verdict: Verdict, about: Subject, why: str = "") -> str:
    """Stores one verdict; empty, or in words why it could not be stored."""
    standing = kb.standings.get(about)
    return _tried(
        lambda: store(kb, who, lambda now: [wish(now, verdict, about, why=why)], standing.decision if standing else "")
    )


def undo(kb: shared.Snapshot, who: str, about: Subject) -> str:
    """Takes back the last decision on a record; empty, or in words why it could not."""
    standing = kb.standings.get(about)
    if standing is None:
        return "这项认定已经被撤销。"
    last = standing.decision
    return _tried(lambda: store(kb, who, lambda _: [Wish(verdict="undo", subject=about, undoes=last)], last))


def _tried(work: Callable[[], object]) -> str:
    try:
        work()
    except PolicyError as error:
        return f"{error.problem}。{error.hint}"
    return ""


def _say(text: str, is_good: bool) -> None:
    st.session_state.setdefault(_SAID, []).append((is_good, text))


def in_words(kb: shared.Snapshot, one: Decision) -> str:
    """A decision in one line, documents by their titles."""
    words = decided.decision(one)
    for slug in sorted({one.subject.doc, one.subject.other_doc} - {""}, key=len, reverse=True):
        try:
            title = f"《{kb.policy(slug).title}》"
        except NotFound:  # taken out since
            continue
        words = words.replace(f"{slug}#", title).replace(f"{slug}@", f"{title}目标 ").replace(slug, title)
    return words


def refuse(error: PolicyError) -> None:
    """To be told when the page is drawn next: why nothing was stored."""
    _say(f"{error.problem} {error.hint}", is_good=False)


def tell() -> None:
    """What was stored or refused just before, wherever on the page the person is; a warning stays until it is closed."""
    for is_good, text in st.session_state.pop(_SAID, []):
        icon, duration = (":material/check_circle:", "short") if is_good else (":material/warning:", "infinite")
        st.toast(shared.plain(text), icon=icon, duration=duration)
