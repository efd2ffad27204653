"""任务分工矩阵: the 任务分工表 as it will be printed, filtered, to be saved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import streamlit as st

from index import views
from index.exporting.export import head, html_table, sheets
from index.exporting.sheet import Layout, Paper
from index.reports.answers import LEVEL, ROLE
from pages import shared

LAYOUTS: dict[Layout, str] = {"list": "清单", "ledger": "台账", "grid": "任务 × 部门", "department": "每部门一张"}
ABOUT: dict[Layout, str] = {
    "list": "按章节列出，适合打印上报",
    "ledger": "每行一项、不分节，适合在表格里排序和筛选",
    "grid": "每个部门一列",
    "department": "每个部门一张表，适合分发",
}
PAPERS: tuple[Paper, ...] = ("A3", "A4")
SHOWN = 100
Filter = tuple[str | None, str | None, str | None, str | None]


@st.cache_data(show_spinner=False, max_entries=50)
def _refs(_kb: shared.Snapshot, generation: str, asked: Filter) -> tuple[tuple[str, ...], int]:
    """The tasks by reference, and how many of them name no department."""
    doc, department, role, level = asked
    found = [
        (f"{policy.slug}#{task.id}", not task.departments)
        for policy, task in views.asked_for(_kb, doc, department, role)
        if level in (None, policy.level)
    ]
    return tuple(ref for ref, _ in found), sum(bare for _, bare in found)


@st.cache_data(show_spinner=False, max_entries=2)
def _departments(_kb: shared.Snapshot, generation: str) -> dict[str, int]:
    """Names as printed, with how many tasks carry them, most first."""
    counts: dict[str, int] = {}
    for _, task in views.asked_for(_kb):
        for name in dict.fromkeys(body.name for body in task.departments):
            counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


@st.cache_data(show_spinner="正在排版 ……", max_entries=50)
def _preview(
    _kb: shared.Snapshot, generation: str, refs: tuple[str, ...], layout: Layout, filtered: str, today: date
) -> dict[str, str]:
    """The sheets as HTML, by their names."""
    rows = [_kb.row(ref) for ref in refs]
    made = sheets(rows, head(_kb, rows, today, filtered=filtered), layout)
    return {one.name: html_table(one, "") for one in made}


def render(kb: shared.Snapshot) -> None:
    """The whole page."""
    st.title("任务分工矩阵")
    asked, layout, paper = _choices(kb)
    refs, bare = _refs(kb, kb.generation, asked)
    if not refs:
        st.warning("没有符合条件的任务：请换一个部门名称，或去掉一项筛选。", icon=":material/search_off:")
        return
    told = f"，其中 <b>{bare:,}</b> 项没有写明责任部门" if bare else "，都写明了责任部门"
    told += f"。<span class='pt-meta'>{ABOUT[layout]}</span>"
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.html(f"<div class='pt-count'>共 <b>{len(refs):,}</b> 项任务{told}</div>")
    with right:
        title = kb.policy(asked[0]).title if asked[0] else "全部文件"
        name = f"{title}任务分工表{f'-{asked[1]}' if asked[1] else ''}"
        shared.downloads(kb, lambda: refs, layout, _said(asked), name, paper)
    pages = _preview(kb, kb.generation, refs[:SHOWN], layout, _said(asked), date.today())
    if len(refs) > SHOWN:
        st.caption(f"下面预览前 {SHOWN} 项；下载的文件含全部 {len(refs):,} 项。")
    _sheet(pages)


def _choices(kb: shared.Snapshot) -> tuple[Filter, Layout, Paper]:
    documents = {policy.slug: policy for policy in reversed(kb.policies())}
    names = _departments(kb, kb.generation)
    held = {policy.level for policy in documents.values()}
    levels = [level for level in LEVEL if level in held and level]
    columns = st.columns([2.6, 2, 1.1, 1.1])
    doc = columns[0].selectbox(
        "文件",
        list(documents),
        index=None,
        key=shared.known("doc", documents),
        format_func=lambda slug: shared.label(documents[slug]),
        placeholder="全部文件",
        filter_mode="contains",
    )
    department = columns[1].selectbox(
        "责任部门",
        list(names),
        index=None,
        key=shared.recalled("department"),
        format_func=lambda name: f"{name}　{names[name]}" if name in names else name,
        placeholder="全部；可输入任何名称",
        accept_new_options=True,
        filter_mode="contains",
    )
    role = _one_of(columns[2], "角色", "role", ROLE)
    level = _one_of(columns[3], "层级", "level", {name: LEVEL[name] for name in levels})
    left, right = st.columns([3, 1])
    layout: Layout = left.segmented_control(
        "版式",
        list(LAYOUTS),
        key=shared.known("layout", LAYOUTS, "list"),
        format_func=LAYOUTS.__getitem__,
        required=True,
    )
    paper: Paper = right.segmented_control("纸张", PAPERS, key=shared.known("paper", PAPERS, "A3"), required=True)
    shared.remember(
        doc=doc,
        department=department,
        role=role,
        level=level,
        layout=layout if layout != "list" else None,
        paper=paper if paper != "A3" else None,
    )
    return (doc, department, role, level), layout, paper


def _one_of(column: st.delta_generator.DeltaGenerator, label: str, name: str, words: dict[str, str]) -> str | None:
    return column.selectbox(
        label, list(words), index=None, key=shared.known(name, words), format_func=words.__getitem__, placeholder="全部"
    )


def _said(asked: Filter) -> str:
    """The filter in words, for the title block."""
    _, department, role, level = asked
    parts = (
        f"责任部门为“{department}”" if department else "",
        f"角色为{ROLE[role]}" if role else "",
        f"{LEVEL[level]}文件" if level else "",
    )
    return "；".join(filter(None, parts))


def _sheet(pages: Mapping[str, str]) -> None:
    """The preview; of several sheets one at a time."""
    name = next(iter(pages))
    if len(pages) > 1:
        name = st.selectbox("预览哪一张", list(pages), key=shared.known("sheet", pages, name), filter_mode="contains")
        shared.remember(sheet=name)
    st.html(f"<div class='pt-sheet'>{pages[name]}</div>")


shared.page(render)
