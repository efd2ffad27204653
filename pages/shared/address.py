"""The state of a page in its address, so that it can be sent to a colleague."""

from __future__ import annotations

from collections.abc import Container

import streamlit as st

FRESH = "pt_fresh"
"""Key of the names that were taken from an address that a link led to; there only while that page is first drawn."""


def remember(**values: str | None) -> None:
    """Puts the page's state into its address, so that it can be sent to a colleague."""
    for name, value in values.items():
        if value:
            if st.query_params.get(name) != value:
                st.query_params[name] = value
        elif name in st.query_params:
            del st.query_params[name]


def recalled(name: str) -> str:
    """The key of a widget whose first value comes from the address; as does the one after a link was followed."""
    key = f"pt_{name}"
    taken = st.session_state.get(FRESH)
    if key not in st.session_state or (taken is not None and name not in taken):
        st.session_state[key] = st.query_params.get(name)
    if taken is not None:
        taken.add(name)
    return key


def settled() -> None:
    """The page is drawn: from now on its widgets say what its state is."""
    st.session_state.pop(FRESH, None)


def known(name: str, values: Container[str], otherwise: str | None = None) -> str:
    """As `recalled`, for a choice among known values: another one in the address is left out."""
    key = recalled(name)
    if st.session_state[key] not in values:
        st.session_state[key] = otherwise
    return key
