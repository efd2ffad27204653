"""承接缺口: what a lower document does for each task of an upper one, clause by clause; what does not apply; the rest to save."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Sequence
from datetime import date

import streamlit as st

from index.exporting.export import render_coverage
from index.linking.coverage import STATE_NAMES, Coverage, gaps
from index.linking.linker import stands_above
from index.linking.pairs import apart_note
from index.linking.tracing import ASSERTED
from index.views import waiting
from pages import deciding, gap_card, shared
from schemas import Policy

STEP = 12
HOLES = ("gap", "partial")
SHOWN = {
    "all": "全部",
    "holes": "没有完全落实",
    "gap": STATE_NAMES["gap"],
    "partial": STATE_NAMES["partial"],
    "covered": STATE_NAMES["covered"],
    "not_applicable": STATE_NAMES["not_applicable"],
}


@st.cache_resource(show_spinner="正在对照两份文件 ……", max_entries=60)
def _coverage(path: str, generation: str, upper: str, lower: str, _kb: shared.Snapshot) -> tuple[Coverage, ...]:
    return gaps(_kb, upper, lower, _kb.not_applicable(upper, lower))


@st.cache_data(show_spinner=False, max_entries=4)
def _usual(path: str, generation: str, _kb: shared.Snapshot) -> tuple[str, str] | None:
    """Upper and lower document that are shown where the address names none: the newest full text of the lowest level
    that carries something out, and the full text of which it carries out most; a part counts half."""
    counts: Counter[tuple[str, str]] = Counter()
    for edge in _kb.edges():
        if edge.grade >= ASSERTED:
            counts[edge.upper.partition("#")[0], edge.lower.partition("#")[0]] += edge.grade - 1
    for lower in reversed(_kb.policies()):
        pairs = {upper: number for (upper, low), number in counts.items() if low == lower.slug}
        if pairs and lower.text == "full":
            return max(pairs, key=lambda upper: (_kb.policy(upper).text == "full", pairs[upper], upper)), lower.slug
    return None


def render(kb: shared.Snapshot) -> None:
    """The whole page."""
    st.title("承接缺口")
    deciding.tell()
    upper, lower = _choose(kb)
    if upper is None or lower is None:
        st.info("请选择上级文件和下级文件：这里逐项说明上级的每项任务由下级的哪些任务承接。", icon=":material/info:")
        return
    if upper.slug == lower.slug:
        st.warning("上级文件和下级文件是同一份，请换一份。", icon=":material/warning:")
        return
    rows = _coverage(str(kb.path), kb.generation, upper.slug, lower.slug, kb)
    if not stands_above(upper, lower):
        words = "所选的“上级文件”并不在下级文件之上：这里只比较内容是否对应，不表示落实关系。"
        st.info(shared.plain(apart_note(lower, upper) or words), icon=":material/info:")
    if note := waiting(kb, lower.slug, upper.slug):
        st.caption(note)
    if not rows:
        st.info("这份上级文件没有读出任务，因此没有可以承接的内容。", icon=":material/info:")
        return
    _list(kb, upper, lower, rows)


def _choose(kb: shared.Snapshot) -> tuple[Policy | None, Policy | None]:
    """The two documents; what the address names is put first, else the usual pair."""
    documents = {policy.slug: policy for policy in kb.policies()}
    usual = _usual(str(kb.path), kb.generation, kb)
    chosen: list[Policy | None] = []
    for column, name, words, at in zip(
        st.columns(2), ("upper", "lower"), ("上级文件（要求）", "下级文件（承接）"), (0, 1), strict=True
    ):
        key = shared.recalled(name)
        if st.session_state[key] not in documents:
            if st.session_state[key]:
                st.warning(
                    f"没有文件 {shared.plain(st.session_state[key])}，请从列表中选择。", icon=":material/warning:"
                )
                st.session_state[key] = None
            else:
                st.session_state[key] = usual[at] if usual else None
        slugs = list(documents) if name == "upper" else list(reversed(documents))
        slug = column.selectbox(
            words,
            slugs,
            key=key,
            format_func=lambda one: shared.label(documents[one]),
            placeholder="选择文件",
        )
        chosen.append(documents.get(slug or ""))
    shared.remember(upper=chosen[0].slug if chosen[0] else None, lower=chosen[1].slug if chosen[1] else None)
    return chosen[0], chosen[1]


def _list(kb: shared.Snapshot, upper: Policy, lower: Policy, rows: Sequence[Coverage]) -> None:
    counts = Counter(row.state for row in rows)
    st.html(gap_card.bar(counts))
    numbers = {"all": len(rows), "holes": sum(counts[state] for state in HOLES), **counts}
    key = shared.recalled("state")
    if st.session_state[key] not in SHOWN:
        st.session_state[key] = "all"
    left, right = st.columns([5, 1], vertical_alignment="center")
    state = left.pills(
        "只看",
        [name for name in SHOWN if numbers.get(name) or name in ("all", st.session_state[key])],
        key=key,
        format_func=lambda name: f"{gap_card.ICON.get(name, '')} {SHOWN[name]} {numbers.get(name, 0)}".strip(),
        label_visibility="collapsed",
        required=True,
    )
    shared.remember(state=None if state == "all" else state)
    shown = [row for row in rows if state in ("all", row.state) or (state == "holes" and row.state in HOLES)]
    with right:
        _save(kb, upper, lower, shown, state)
    if not shown:
        st.success(f"没有“{SHOWN[state]}”的任务。", icon=":material/check_circle:")
    _cards(kb, upper, lower, shown, f"{upper.slug} {lower.slug} {state}")
    gap_card.dialog(kb)


def _cards(kb: shared.Snapshot, upper: Policy, lower: Policy, shown: Sequence[Coverage], asked: str) -> None:
    if st.session_state.get("pt_gaps_asked") != asked:
        st.session_state["pt_gaps_asked"], st.session_state["pt_gaps_shown"] = asked, STEP
    limit = st.session_state["pt_gaps_shown"]
    for row in shown[:limit]:
        gap_card.card(kb, upper, lower, row)
    if limit < len(shown):
        st.button(f"再显示 {min(STEP, len(shown) - limit)} 项（共 {len(shown)} 项）", width="stretch", on_click=_more)


def _more() -> None:
    st.session_state["pt_gaps_shown"] += STEP


def _save(kb: shared.Snapshot, upper: Policy, lower: Policy, shown: Sequence[Coverage], state: str) -> None:
    """Saves what is shown."""
    filtered = "" if state == "all" else f"承接情况：{SHOWN[state]}"
    make = functools.partial(_file, kb, upper.slug, lower.slug, shown, filtered, date.today())
    shared.export_menu(make, f"{lower.title}承接情况-{SHOWN[state]}", bool(shown))


def _file(
    kb: shared.Snapshot,
    upper: str,
    lower: str,
    rows: Sequence[Coverage],
    filtered: str,
    today: date,
    form: str,
    app: str,
) -> bytes:
    """The 承接情况表 of what is shown."""
    return render_coverage(form, kb, upper, lower, today, rows=rows, filtered=filtered, app=app)[0]


shared.page(render)
