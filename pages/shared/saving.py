"""Lists of tasks, saved as files."""

from __future__ import annotations

from datetime import date

import streamlit as st

from index.export import head, render
from index.sheet import Layout
from pages.shared.snapshot import Snapshot


@st.cache_data(show_spinner=False, max_entries=40)
def table(
    _kb: Snapshot, generation: str, refs: tuple[str, ...], form: str, layout: Layout, filtered: str, today: date
) -> tuple[bytes, tuple[str, ...]]:
    """The 任务分工表 of some tasks as a file, and what must be told of it."""
    rows = [_kb.row(ref) for ref in refs]
    return render(form, rows, head(_kb, rows, today, filtered=filtered), layout)


def downloads(kb: Snapshot, refs: tuple[str, ...], layout: Layout, filtered: str, name: str) -> None:
    """Buttons that save the tasks as .xlsx and .csv."""
    kinds = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}
    for column, (form, mime) in zip(st.columns(2), kinds.items(), strict=True):
        data = table(kb, kb.generation, refs, form, layout, filtered, date.today())[0] if refs else b""
        column.download_button(
            f"下载 {form}",
            data,
            f"{name}.{form}",
            mime,
            icon=":material/download:",
            on_click="ignore",
            disabled=not refs,
            width="stretch",
            key=f"save_{form}",
        )
