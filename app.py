"""The web app: names the pages and runs the one that was asked for. Start it with `policytrace app`."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from pages import shared  # noqa: E402
from pages.shared.bar import ICON, PAGES, PRODUCT  # noqa: E402

st.set_page_config(page_title=PRODUCT, page_icon=ICON, layout="wide")
page = st.navigation(
    [
        st.Page(
            f"pages/{one.file}.py",
            title=one.title,
            icon=f":material/{one.icon}:",
            url_path=one.path or None,
            default=not one.path,
        )
        for one in PAGES
    ],
    position="top",
)
st.logo(str(shared.LOGO), size="medium", link=None)
st.html(shared.STYLE)
shared.told(shared.follow)
page.run()
shared.settled()
