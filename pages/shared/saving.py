"""Lists of tasks, saved as files; a file is made when somebody asks for it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date

import streamlit as st

from index.exporting.export import MIME, head, render
from index.exporting.sheet import Layout, Paper
from pages.shared.snapshot import Snapshot


@st.cache_data(show_spinner=False, max_entries=20)
def table(
    _kb: Snapshot,
    generation: str,
    refs: tuple[str, ...],
    form: str,
    layout: Layout,
    filtered: str,
    today: date,
    paper: Paper = "A3",
    app: str = "",
) -> bytes:
    """The 任务分工表 of some tasks as a file."""
    rows = [_kb.row(ref) for ref in refs]
    return render(form, rows, head(_kb, rows, today, filtered=filtered), layout, paper=paper, app=app)[0]


def downloads(
    kb: Snapshot,
    refs: Callable[[], tuple[str, ...]],
    layout: Layout,
    filtered: str,
    name: str,
    paper: Paper = "A3",
) -> None:
    """A menu that saves tasks as a 任务分工表; `refs` gives them when a format is chosen."""

    def made(form: str, app: str) -> bytes:
        return table(kb, kb.generation, refs(), form, layout, filtered, date.today(), paper, app)

    export_menu(made, name, forms=tuple(WORDS))


def export_menu(
    make: Callable[[str, str], bytes], name: str, enabled: bool = True, forms: tuple[str, ...] = ("xlsx", "docx", "csv")
) -> None:
    """A menu of formats; `make` gives the file for a format and the address of the app, when somebody asks for it."""
    app = st.context.url.rsplit("/", 1)[0] if st.context.url else ""
    with st.popover("导出", icon=":material/download:", width="stretch", disabled=not enabled):
        for form in forms:
            st.download_button(
                f"下载{'' if WORDS[form] > '~' else ' '}{WORDS[form]}",
                functools.partial(make, form, app),
                f"{''.join(one for one in name if one not in FORBIDDEN)}.{form}",
                MIME[form],
                on_click="ignore",
                width="stretch",
                key=f"save_{form}",
            )
        st.caption("按下后按钮转圈，表示正在生成；项数上万时约需一分钟，可以先做别的事。")


WORDS = {"xlsx": "Excel 工作簿", "docx": "Word 文件", "csv": "CSV", "html": "网页", "md": "Markdown"}
"""The formats, as staff call them."""
FORBIDDEN = '\\/:*?"<>|\r\n\t'
"""What Windows does not take in the name of a file."""
