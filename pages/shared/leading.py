"""What runs in the browser on every page: links that stay within the session, and Streamlit's own words in Chinese."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.shared.address import FRESH
from pages.shared.bar import PAGES

_SCRIPTS = (Path(__file__).with_name(name).read_text("utf-8") for name in ("chinese.js", "leading.js"))
_LINKS = st.components.v2.component("policytrace_links", js="\n".join(_SCRIPTS))
KEPT = ("pt_person",)
"""What stays known when the address changes."""


def follow() -> None:
    """Goes where a link in the HTML of a page, or the way back or forward, leads to."""
    asked = _LINKS(key="pt_links", on_go_change=lambda: None).go
    names = {page.path: page.file for page in PAGES}
    if not asked or asked.get("page") not in {*names, *names.values()}:
        return
    for key in [key for key in st.session_state if str(key).startswith("pt_") and key not in KEPT]:
        del st.session_state[key]
    st.session_state[FRESH] = set()
    st.switch_page(f"pages/{names.get(asked['page'], asked['page'])}.py", query_params=dict(asked.get("query") or ()))
