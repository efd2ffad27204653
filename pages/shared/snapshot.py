"""The knowledge base as it is now, and what is worked out from it once for all sessions."""

from __future__ import annotations

import gc
import os
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import streamlit as st

from index import views
from index.findings import findings as found
from index.snapshot import Keeper, Snapshot
from index.targets.comparison import TargetPair
from schemas import Finding

R = TypeVar("R")


def knowledge() -> Snapshot:
    """The knowledge base as it is now. Raises ``BrokenKnowledgeBase`` where there is none."""
    kb = _keeper(str(Path(os.environ.get("POLICYTRACE_KB") or "kb").resolve())).now()
    _settled(str(kb.path), kb.built)
    return kb


@st.cache_resource(show_spinner=False, max_entries=4)
def _keeper(path: str) -> Keeper:
    return Keeper(Path(path))


@st.cache_resource(show_spinner=False, max_entries=4)
def _settled(path: str, built: str) -> None:
    """What an earlier index left is given up, what is held now is set apart; once for each index."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def lasting(made: R) -> R:
    """`made`, which will be held for long, set apart from what Python looks through for garbage.

    Streamlit has it looked through after every run of a page, which takes 0.6 s with the records of 20,000 tasks.
    """
    gc.freeze()
    return made


def compared(kb: Snapshot) -> tuple[TargetPair, ...]:
    """The targets held against those above them; made anew only when a target may have changed."""
    with st.spinner("正在对照目标 ……", show_time=True):
        return _comparing(str(kb.path), kb.measured, kb).result()


def findings(kb: Snapshot) -> tuple[Finding, ...]:
    """All that `policytrace check` finds."""
    with st.spinner("正在检查 ……", show_time=True):
        return _checking(str(kb.path), kb.generation, kb).result()


def findings_soon(kb: Snapshot, patience: float) -> tuple[Finding, ...] | None:
    """As `findings`, if it is known within so many seconds; it is being worked out meanwhile."""
    try:
        return _checking(str(kb.path), kb.generation, kb).result(patience)
    except TimeoutError:
        return None


@st.cache_resource(show_spinner=False)
def _worker() -> ThreadPoolExecutor:
    """Works out what takes long, one thing after the other, so that pages need not wait."""
    return ThreadPoolExecutor(1, "policytrace-checks")


@st.cache_resource(show_spinner=False, max_entries=2)
def _comparing(path: str, measured: str, _kb: Snapshot) -> Future[tuple[TargetPair, ...]]:
    return _worker().submit(lambda: lasting(tuple(views.targets(_kb, compare=True))))


@st.cache_resource(show_spinner=False, max_entries=2)
def _checking(path: str, generation: str, _kb: Snapshot) -> Future[tuple[Finding, ...]]:
    pairs = _comparing(path, _kb.measured, _kb)  # submitted first, so it is there when this is worked out
    return _worker().submit(lambda: lasting(tuple(found(_kb, pairs.result()))))
