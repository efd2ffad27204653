"""任务分工矩阵: the 任务分工表 as it will be printed, filtered, to be saved."""

from __future__ import annotations

from datetime import date

import streamlit as st

from index import views
from index.export import html_table, sheets
from index.sheet import Layout, head
from pages import shared

LAYOUTS: dict[Layout, str] = {"list": "清单", "grid": "任务 × 部门"}
SHOWN = 150


@st.cache_data(show_spinner=False, max_entries=50)
def _refs(_kb: shared.Snapshot, generation: str, doc: str | None, department: str | None) -> tuple[str, ...]:
    return tuple(f"{row.doc}#{row.task}" for row in views.matrix(_kb, doc, department))


@st.cache_data(show_spinner=False, max_entries=2)
def _departments(_kb: shared.Snapshot, generation: str) -> dict[str, int]:
    """Names as printed, with how many tasks carry them, most first."""
    counts: dict[str, int] = {}
    for policy in _kb.policies():
        for task in policy.tasks:
            for name in dict.fromkeys(body.name for body in task.departments):
                counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def render(kb: shared.Snapshot) -> None:
    """The whole page."""
    st.title("任务分工矩阵")
    documents = {policy.slug: policy for policy in reversed(kb.policies())}
    names = _departments(kb, kb.generation)
    with st.sidebar:
        st.subheader("筛选")
        doc = st.selectbox(
            "文件",
            list(documents),
            index=None,
            key=_known("doc", documents),
            format_func=lambda slug: shared.label(documents[slug]),
            placeholder="全部文件",
        )
        department = st.selectbox(
            "责任部门",
            list(names),
            index=None,
            key=shared.recalled("department"),
            format_func=lambda name: f"{names[name]} 项 · {name}" if name in names else name,
            placeholder="全部；可输入任何名称",
            accept_new_options=True,
        )
        layout: Layout = (
            st.radio("版式", list(LAYOUTS), key=_known("layout", LAYOUTS, "list"), format_func=LAYOUTS.__getitem__)
            or "list"
        )
    shared.remember(doc=doc, department=department, layout=layout if layout != "list" else None)
    refs = _refs(kb, kb.generation, doc, department)
    if not refs:
        st.warning("没有符合条件的任务：请换一个部门名称，或去掉一项筛选。", icon=":material/search_off:")
        return
    _draw(kb, refs, layout, doc, department)


def _known(name: str, known: object, otherwise: str | None = None) -> str:
    """As `shared.recalled`, for a choice among known values: another one in the address is left out."""
    key = shared.recalled(name)
    if st.session_state[key] not in known:  # type: ignore[operator]
        st.session_state[key] = otherwise
    return key


def _draw(kb: shared.Snapshot, refs: tuple[str, ...], layout: Layout, doc: str | None, department: str | None) -> None:
    rows = [kb.row(ref) for ref in refs]
    said = f"责任部门为“{department}”" if department else ""
    bare = sum(not (row.lead or row.support) for row in rows)
    left, right = st.columns([3, 2], vertical_alignment="center")
    left.markdown(f"共 **{len(rows)}** 项任务，其中 **{bare}** 项没有写明责任部门")
    with right:
        title = kb.policy(doc).title if doc else "全部文件"
        shared.downloads(kb, refs, layout, said, f"{title}任务分工表{f'-{department}' if department else ''}")
    if len(rows) > SHOWN:
        st.caption(f"下面预览前 {SHOWN} 项；下载的文件含全部 {len(rows)} 项。")
    title_block = head(kb, rows, date.today(), filtered=said)
    st.html(f"<div class='pt-sheet'>{html_table(sheets(rows[:SHOWN], title_block, layout)[0])}</div>")


shared.page(render)
