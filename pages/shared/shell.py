"""What is around every page: what cannot be drawn is told in words."""

from __future__ import annotations

import logging
from collections.abc import Callable

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from pages.shared.snapshot import Snapshot, knowledge
from pages.shared.text import plain
from schemas import BrokenKnowledgeBase, PolicyError


def page(render: Callable[[Snapshot], None]) -> None:
    """Draws a page; what cannot be drawn is told in words, never as a traceback."""
    if PagesManager.uses_pages_directory:  # the server's first run: Streamlit took this folder for its older way
        PagesManager.uses_pages_directory = False
        st.rerun()  # and now by way of app.py
    told(lambda: render(knowledge()))


def told(work: Callable[[], None]) -> None:
    """Does something of a page; what goes wrong is told in words."""
    try:
        work()
    except BrokenKnowledgeBase as error:
        st.title("还不能查询")
        st.info(f"{plain(error.problem)}\n\n{plain(error.hint)}", icon=":material/info:")
        st.caption("建好以后刷新这一页。")
    except PolicyError as error:
        st.warning(f"{plain(error.problem)}\n\n{plain(error.hint)}", icon=":material/warning:")
    except Exception:
        logging.getLogger("policytrace").exception("a page failed")
        st.error(
            "这一页没有画出来，是程序的缺陷；数据没有受损。请刷新，仍不行就把页面地址交给维护者。",
            icon=":material/error:",
        )
