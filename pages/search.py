"""任务检索: one search box, filters with counts, the tasks with the words that matched, the list to save."""

from __future__ import annotations

from typing import Any

import streamlit as st

from index.report import LEVEL, ROLE, STRENGTH
from index.search import Hit, SearchResult, search
from pages import shared

STEP = 20
FILTERS = {
    "department": "责任部门",
    "role": "角色",
    "level": "层级",
    "doc": "文件",
    "year": "年份",
    "strength": "约束力度",
}
WORDS: dict[str, dict[Any, str]] = {"role": ROLE, "level": LEVEL, "strength": STRENGTH}
EVERY = 1_000_000


@st.cache_data(show_spinner=False, max_entries=300)
def _found(path: Any, generation: str, query: str, filters: tuple[tuple[str, str], ...], limit: int) -> SearchResult:
    return search(path, query, limit=limit, **dict(filters))  # type: ignore[arg-type]


def render(kb: shared.Snapshot) -> None:
    """The whole page."""
    st.title("任务检索")
    query = st.text_input(
        "检索",
        key=shared.recalled("q"),
        placeholder="例如：清洁生产　“源网荷储”　危固废综合利用",
        label_visibility="collapsed",
        icon=":material/search:",
        type="search",
    )
    query = (query or "").strip()
    chosen = {name: st.session_state.get(shared.recalled(name)) for name in FILTERS}
    with st.sidebar:
        st.subheader("筛选")
        chosen = {name: _filter(kb, query, chosen, name) for name in FILTERS}
    shared.remember(q=query or None, **chosen)
    _results(kb, query, {name: value for name, value in chosen.items() if value})


def _filter(kb: shared.Snapshot, query: str, chosen: dict[str, str | None], name: str) -> str | None:
    """A choice with, at each value, how many tasks it would leave."""
    others = tuple(sorted((key, value) for key, value in chosen.items() if value and key != name))
    counts = _found(kb.path, kb.generation, query, others, 0).facets.get(name, {})
    value = chosen[name]
    titles = {policy.slug: policy.title for policy in kb.policies()} if name == "doc" else WORDS.get(name, {})
    values = list(counts) + ([value] if value and value not in counts else [])
    return st.selectbox(
        FILTERS[name],
        sorted(values, reverse=True) if name == "year" else values,
        index=None,
        key=shared.recalled(name),
        format_func=lambda one: f"{counts[one]} 项 · {titles.get(one, one)}" if one in counts else titles.get(one, one),
        placeholder="全部；可输入任何名称" if name == "department" else "全部",
        accept_new_options=name == "department",
    )


def _results(kb: shared.Snapshot, query: str, filters: dict[str, str]) -> None:
    asked = tuple(sorted(filters.items()))
    if st.session_state.get("pt_asked") != (query, asked):
        st.session_state["pt_asked"], st.session_state["pt_shown"] = (query, asked), STEP
    shown = st.session_state["pt_shown"]
    result = _found(kb.path, kb.generation, query, asked, shown)
    if result.note and result.total:
        st.info(shared.plain(result.note), icon=":material/info:")
    if not result.total:
        _nothing(kb, query, filters)
        return
    left, right = st.columns([3, 2], vertical_alignment="center")
    left.markdown(f"共 **{result.total}** 项任务")
    with right:
        refs = tuple(hit.ref for hit in _found(kb.path, kb.generation, query, asked, EVERY).hits)
        shared.downloads(kb, refs, "list", _said(kb, query, filters), "任务清单")
    for hit in result.hits:
        _hit(hit)
    if shown < result.total:
        st.button(f"再显示 {min(STEP, result.total - shown)} 项", width="stretch", on_click=_more)


def _more() -> None:
    st.session_state["pt_shown"] += STEP


def _said(kb: shared.Snapshot, query: str, filters: dict[str, str]) -> str:
    """The filters in words, for the sheet's title block."""
    titles = {policy.slug: policy.title for policy in kb.policies()}
    parts = [f"检索“{query}”"] if query else []
    for name, value in filters.items():
        words = titles if name == "doc" else WORDS.get(name, {})
        parts.append(f"{FILTERS[name]}：{words.get(value, value)}")
    return "；".join(parts)


def _nothing(kb: shared.Snapshot, query: str, filters: dict[str, str]) -> None:
    """An empty result says what to loosen."""
    st.warning("没有符合条件的任务。", icon=":material/search_off:")
    for name in filters:
        rest = tuple(sorted((key, value) for key, value in filters.items() if key != name))
        number = _found(kb.path, kb.generation, query, rest, 0).total
        if number:
            st.write(f"· 去掉“{FILTERS[name]}”这一项，有 **{number}** 项。")
    number = _found(kb.path, kb.generation, "", tuple(sorted(filters.items())), 0).total
    if query and number:
        st.write(f"· 不限检索词，有 **{number}** 项。")


def _hit(hit: Hit) -> None:
    with st.container(border=True, gap="small"):
        title = hit.title or f"{hit.starts_with}…"
        st.page_link(
            "pages/trace.py", label=f"**{shared.plain(title)}**", query_params={"task": hit.ref}, help="查看依据和落实"
        )
        path = " › ".join(hit.path[:-1] if hit.path[-1:] == (hit.title,) else hit.path)
        quotes = [
            f"<div class='pt-quote pt-body'>…{shared.marked(part.text, part.marks)}…</div>"
            for part in hit.highlights
            if part.field == "text"
        ]
        where = shared.place(hit.document, hit.level, hit.text, hit.verified)
        st.html(
            f"<div class='pt-meta'>{where}　{shared.escaped(path)}　<span>{shared.escaped(hit.task)}</span></div>"
            f"<div>{shared.chips(hit.departments, hit.text)}</div>{''.join(quotes)}"
        )


shared.page(render)
