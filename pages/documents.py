"""文件: the documents of the knowledge base; one opened, with its text marked; new ones added; one taken out."""

from __future__ import annotations

import streamlit as st

from pages import deciding, document_adding, document_list, document_reader, shared
from schemas import NotFound


def render(kb: shared.Snapshot) -> None:
    """The page that the address asks for: a document, the upload, or the list."""
    deciding.tell()
    slug = st.query_params.get("doc")
    if slug:
        try:
            policy = kb.policy(slug)
        except NotFound as error:
            st.warning(
                f"{shared.plain(error.problem)}。它可能已被移除或改名，请从列表中选择。", icon=":material/warning:"
            )
        else:
            document_reader.draw(kb, policy)
            return
    if st.query_params.get("view") == "add":
        document_adding.draw(kb)
        return
    document_list.draw(kb)


shared.page(render)
