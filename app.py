"""The web app: names the pages and runs the one that was asked for. Start it with `policytrace app`."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from pages import shared  # noqa: E402

PAGES = (
    ("overview", "总览", ":material/dashboard:"),
    ("search", "任务检索", ":material/search:"),
    ("trace", "责任追溯", ":material/account_tree:"),
    ("gaps", "承接缺口", ":material/rule:"),
    ("matrix", "任务分工矩阵", ":material/table_chart:"),
    ("targets", "目标对照", ":material/flag:"),
    ("documents", "文件", ":material/folder_open:"),
    ("quality", "数据质量", ":material/health_and_safety:"),
    ("review", "人工复核", ":material/fact_check:"),
)

ICON = (  # drawn here: a named icon would be fetched from the Internet
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='#1f5a8a' stroke-width='2'>"
    "<rect x='2' y='9' width='6' height='6'/><rect x='16' y='2' width='6' height='6'/><rect x='16' y='16' width='6' height='6'/>"
    "<path d='M8 12h4M16 5h-4v14h4'/></svg>"
)

st.set_page_config(page_title="政策任务追溯", page_icon=ICON, layout="wide")
page = st.navigation(
    [
        st.Page(f"pages/{name}.py", title=title, icon=icon, url_path=name if number else None, default=not number)
        for number, (name, title, icon) in enumerate(PAGES)
    ],
    position="top",
)
st.logo(str(shared.LOGO), size="medium", link=None)
st.html(shared.STYLE)
shared.follow(name for name, *_ in PAGES)
page.run()
shared.settled()
