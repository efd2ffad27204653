"""One finding on the page 数据质量: how grave, where, what it says, and the way to its place."""

from __future__ import annotations

import streamlit as st

from index.exporting.findings_table import where
from index.report import FINDING, SEVERITY
from pages import shared
from schemas import Finding

ICON = {"error": ":material/error:", "warning": ":material/warning:", "info": ":material/info:"}
SIGN = {"error": "■", "warning": "▲", "info": "●"}
REVIEWED = ("unknown_department", "suspect_link", "seen_again", "decision_without_record")
"""Kinds that are settled on the page 人工复核."""
MEASURED = ("target_conflict", "target_weaker")
"""Kinds that the page 目标对照 shows side by side."""


def card(kb: shared.Snapshot, one: Finding, key: str) -> None:
    """The whole card."""
    titles = {policy.slug: policy.title for policy in kb.policies()}
    held = one.doc in titles
    with st.container(border=True, gap="small"):
        left, right = st.columns([5, 1], vertical_alignment="center")
        place = "　".join(filter(None, (titles.get(one.doc, one.doc), one.task or "", where(one))))
        left.html(
            f"<div class='pt-row pt-small'><span class='pt-grave pt-{one.severity}'>{SIGN[one.severity]} {SEVERITY[one.severity]}</span>"
            f"<b>{shared.escaped(FINDING.get(one.kind, one.kind))}</b>　<span class='pt-meta'>{shared.escaped(place)}</span></div>"
            f"<div class='pt-body'>{shared.escaped(one.message)}</div>"
        )
        with right:
            if held:
                st.page_link(
                    "pages/documents.py", label="看原文", icon=":material/article:", query_params=_address(one)
                )
            if one.kind in REVIEWED:
                st.page_link("pages/review.py", label="去复核", icon=":material/fact_check:")


def _address(one: Finding) -> dict[str, str]:
    """The place in the document: the task, or the stretch of text."""
    if one.task:
        return {"doc": one.doc, "task": one.task}
    if one.origin is not None:
        return {"doc": one.doc, "at": f"{one.origin.start}-{one.origin.end}"}
    return {"doc": one.doc}
