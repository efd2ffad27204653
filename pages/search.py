"""任务检索: one search box, filters with counts, the tasks with the words that matched, the list to save."""

from __future__ import annotations

from typing import Any

import streamlit as st

from index.reports.answers import LEVEL, ROLE, STRENGTH, said
from index.searching.search import Hit, SearchResult, search
from pages import shared
from schemas import NotFound, PolicyError

STEP = 20
FILTERS = {
    "department": "责任部门",
    "role": "角色",
    "level": "层级",
    "strength": "约束力度",
    "doc": "文件",
    "section": "章节",
    "year": "年份",
}
WORDS: dict[str, dict[Any, str]] = {"role": ROLE, "level": LEVEL, "strength": STRENGTH}
"""Filters of few values, shown all at once."""
EXCERPT = 110
"""Characters of a task's text where no words were asked for."""
EVERY = 1_000_000
CHOICES = 500
"""So many values of a filter are offered; any other one can be typed or found by the search box."""


@st.cache_data(show_spinner=False, max_entries=300)
def _found(
    path: Any, generation: str, query: str, filters: tuple[tuple[str, str], ...], limit: int, counts: bool
) -> SearchResult:
    return search(path, query, limit=limit, facets=counts, **dict(filters))  # type: ignore[arg-type]


class Asked:
    """A question to the knowledge base as it is now: the words and the filters that are set."""

    def __init__(self, kb: shared.Snapshot, query: str, filters: dict[str, str]) -> None:
        self.kb, self.query, self.filters = kb, query, filters

    def found(self, limit: int, counts: bool = False) -> SearchResult:
        """The tasks. The index may be newer than what else is known of the knowledge base; then the page starts anew."""
        asked = tuple(sorted(self.filters.items()))
        result = _found(self.kb.path, self.kb.generation, self.query, asked, limit, counts)
        if result.generation != self.kb.built:
            _found.clear()
            st.rerun()
        return result

    def without(self, name: str) -> Asked:
        """The same question without one of its filters."""
        return Asked(self.kb, self.query, {key: value for key, value in self.filters.items() if key != name})

    def words(self, name: str, value: Any) -> str:
        """A filter's value in words."""
        if name == "doc":
            try:
                return self.kb.policy(value).title
            except NotFound:
                return str(value)
        return WORDS.get(name, {}).get(value, str(value))

    def said(self) -> str:
        """The question in words, for the title block of a sheet."""
        parts = [f"检索“{self.query}”"] if self.query else []
        return "；".join([*parts, *(f"{FILTERS[name]}：{self.words(name, one)}" for name, one in self.filters.items())])


def render(kb: shared.Snapshot) -> None:
    """The whole page."""
    st.title("任务检索")
    query = st.text_input(
        "检索",
        key=shared.recalled("q"),
        placeholder="输入要查的事项，例如：清洁生产　“源网荷储”　危固废综合利用；加引号查原话",
        label_visibility="collapsed",
        icon=":material/search:",
        type="search",
    )
    chosen = {name: st.session_state.get(shared.recalled(name)) for name in FILTERS}
    aside, results = st.columns([1, 3.4], gap="large")
    with aside, st.container(key="pt_filters", gap="small"):
        asked = Asked(kb, (query or "").strip(), {name: value for name, value in chosen.items() if value})
        chosen = {name: _filter(asked, name) for name in FILTERS}
    shared.remember(q=asked.query or None, **chosen)
    with results:
        try:
            _results(Asked(kb, asked.query, {name: value for name, value in chosen.items() if value}))
        except NotFound:
            raise
        except PolicyError as error:
            st.warning(f"{shared.plain(error.problem)}。{shared.plain(error.hint)}", icon=":material/warning:")


def _filter(asked: Asked, name: str) -> str | None:
    """A choice with, at each value, how many tasks it would leave."""
    try:
        counts = asked.without(name).found(0, counts=True).facets.get(name, {})
    except PolicyError:  # a year in the address that is none: told with the results
        counts = {}
    value = asked.filters.get(name)
    values = list(counts)[:CHOICES]
    values += [value] if value and value not in values else []

    def shown(one: str) -> str:
        return f"{asked.words(name, one)}　{counts[one]:,}" if one in counts else asked.words(name, one)

    if name in WORDS:
        if not values:
            return None
        order = list(WORDS[name])
        values.sort(key=lambda one: order.index(one) if one in order else len(order))
        return st.pills(
            FILTERS[name], values, key=shared.recalled(name), format_func=lambda one: shared.plain(shown(one))
        )
    return st.selectbox(
        FILTERS[name],
        sorted(values, reverse=True) if name == "year" else values,
        index=None,
        key=shared.recalled(name),
        format_func=shown,
        placeholder="全部；可输入任何名称" if name == "department" else "全部",
        accept_new_options=name == "department",
        filter_mode="contains",
    )


def _results(asked: Asked) -> None:
    state = (asked.query, tuple(sorted(asked.filters.items())))
    if st.session_state.get("pt_asked") != state:
        st.session_state["pt_asked"], st.session_state["pt_shown"] = state, STEP
    shown = st.session_state["pt_shown"]
    result = asked.found(shown)
    if result.note and result.total:
        st.info(shared.plain(result.note), icon=":material/info:")
    if not result.total:
        _nothing(asked, result.note)
        return
    left, right = st.columns([4, 1], vertical_alignment="center")
    left.html(f"<div class='pt-count'>共 <b>{result.total:,}</b> 项任务{_order(asked)}</div>")
    with right:
        shared.downloads(
            asked.kb,
            lambda: tuple(hit.ref for hit in asked.found(EVERY).hits),
            "list",
            asked.said(),
            f"任务清单{f'-{asked.query[:20]}' if asked.query else ''}",
        )
    st.html("".join(_hit(asked.kb, hit) for hit in result.hits))
    if shown < result.total:
        st.button(f"再显示 {min(STEP, result.total - shown)} 项（已显示 {shown} 项）", width="stretch", on_click=_more)


def _order(asked: Asked) -> str:
    return "，最相符的在前" if asked.query else "，按文件顺序"


def _more() -> None:
    st.session_state["pt_shown"] += STEP


def _nothing(asked: Asked, note: str) -> None:
    """An empty result says what to loosen."""
    known = shared.plain(note) if not asked.filters or "部门" in note else ""  # else: nothing below the filters
    st.warning(f"没有符合条件的任务。{known}", icon=":material/search_off:")
    ways = []
    for name in asked.filters:
        rest = asked.without(name)
        if number := rest.found(0).total:
            words = f"去掉“{FILTERS[name]}：{shared.escaped(asked.words(name, asked.filters[name]))}”"
            ways.append(_way(words, number, q=rest.query, **rest.filters))
    if asked.query and asked.filters and (number := Asked(asked.kb, "", asked.filters).found(0).total):
        ways.append(_way("不限检索词，只留筛选", number, **asked.filters))
    if asked.query and len(asked.filters) > 1 and (number := Asked(asked.kb, asked.query, {}).found(0).total):
        ways.append(_way("只留检索词，去掉全部筛选", number, q=asked.query))
    if ways:
        st.html(f"<div class='pt-near'>可以放宽：<ul>{''.join(ways)}</ul></div>")
    else:
        st.html("<div class='pt-near'>请换一个说法，或减少检索词；词语之间用空格分开。</div>")


def _way(words: str, number: int, **query: str) -> str:
    return f"<li>{shared.leads('search', words, **query)}<span class='pt-meta'>　有 {number:,} 项</span></li>"


def _hit(kb: shared.Snapshot, hit: Hit) -> str:
    """One task found: title, place, departments, targets, the words around what matched, its place in the source; HTML."""
    policy, task = kb.task(hit.ref)
    titles = next((part.marks for part in hit.highlights if part.field == "title" and not part.start), ())
    title = shared.marked(hit.title, titles) if hit.title else f"{shared.escaped(hit.starts_with)}…"
    path = " › ".join(hit.path[:-1] if hit.path[-1:] == (hit.title,) else hit.path)
    quotes = [
        f"<div class='pt-quote pt-body'>…{shared.marked(part.text.strip(), part.marks)}…</div>"
        for part in hit.highlights
        if part.field == "text"
    ]
    if not quotes:
        quotes = [
            f"<div class='pt-body'>{shared.escaped(task.text[:EXCERPT])}{'…' if len(task.text) > EXCERPT else ''}</div>"
        ]
    decided = said(hit.state, hit.again).strip("〔〕")
    return (
        f"<article class='pt-hit'><h3>{shared.leads('trace', title, task=hit.ref)}"
        f"{f'<span class=pt-sign>{shared.escaped(decided)}</span>' if decided else ''}</h3>"
        f"<div class='pt-meta'>{shared.place(hit.document, hit.level, hit.text, hit.verified)}　{shared.escaped(hit.task)}"
        f"{f'　{shared.escaped(path)}' if path else ''}</div>{shared.repealed(kb, hit.superseded_by)}{''.join(quotes)}"
        f"<div>{shared.chips(hit.departments, hit.text)}{shared.aims(policy, task)}</div>"
        f"<div class='pt-foot'>{shared.source(policy, task)}{shared.leads('trace', '依据与落实', task=hit.ref)}</div></article>"
    )


shared.page(render)
