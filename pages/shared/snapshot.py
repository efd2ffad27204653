"""The knowledge base as it is now, and what is worked out from it once for all sessions."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from index import views
from index.comparison import TargetPair
from index.findings import findings as found
from index.snapshot import Keeper, Snapshot
from schemas import Finding


def knowledge() -> Snapshot:
    """The knowledge base as it is now. Raises ``BrokenKnowledgeBase`` where there is none."""
    return _keeper(str(Path(os.environ.get("POLICYTRACE_KB") or "kb").resolve())).now()


@st.cache_resource(show_spinner=False, max_entries=4)
def _keeper(path: str) -> Keeper:
    return Keeper(Path(path))


def compared(kb: Snapshot) -> tuple[TargetPair, ...]:
    """The targets held against those above them; made anew only when a target may have changed."""
    return _compared(str(kb.path), kb.measured, kb)


@st.cache_resource(show_spinner="正在对照目标 ……", max_entries=2)
def _compared(path: str, measured: str, _kb: Snapshot) -> tuple[TargetPair, ...]:
    return tuple(views.targets(_kb, compare=True))


def findings(kb: Snapshot) -> tuple[Finding, ...]:
    """All that `policytrace check` finds."""
    return _findings(str(kb.path), kb.generation, kb)


@st.cache_resource(show_spinner="正在检查 ……", max_entries=2)
def _findings(path: str, generation: str, _kb: Snapshot) -> tuple[Finding, ...]:
    return tuple(found(_kb, compared(_kb)))
