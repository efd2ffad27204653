"""What all pages share: the knowledge base as it is now, caches, addresses, and text that is shown as text."""

from __future__ import annotations

import html
import logging
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from index import views
from index.export import head, render
from index.knowledge_base import KnowledgeBase
from index.report import LEVEL, ROLE, unsaid
from index.sheet import Layout, clean
from index.store import live_generation, reading, revision
from schemas import BrokenKnowledgeBase, Link, NotFound, Policy, PolicyError, Task

_MARKDOWN = re.compile(r"[\\`*_\[\]<>~$:!|@&]|^[#+\-=]|(?<=www)\.|(?<=^\d)[.)]", re.IGNORECASE)


class Snapshot:
    """The records of one generation and the decisions up to now, read once and shared by all sessions; nothing in it ever changes."""

    def __init__(self, path: Path) -> None:
        with KnowledgeBase.open(path) as kb:
            self.path, self.generation, self.standings = path, f"{kb.generation}+{kb.revision}", kb.standings
            self._policies = {policy.slug: policy for policy in kb.policies()}
            self._links = kb.links()
        self._tasks = {f"{p.slug}#{task.id}": (p, task) for p in self.policies() for task in p.tasks}

    def policies(self) -> tuple[Policy, ...]:
        """All documents, from above."""
        return tuple(self._policies.values())

    def policy(self, slug: str) -> Policy:
        """The document with this slug. Raises ``NotFound``."""
        if slug not in self._policies:
            raise NotFound(f"没有文件 {slug}", "请从列表中选择。")
        return self._policies[slug]

    def task(self, ref: str) -> tuple[Policy, Task]:
        """The task with this reference, and its document. Raises ``NotFound``."""
        if ref not in self._tasks:
            raise NotFound(f"没有任务 {ref}", "它可能已随文件更新而改号，或文件已不在知识库中。请从下面重新选择。")
        return self._tasks[ref]

    def links(self, lower: str | None = None, upper: str | None = None) -> tuple[Link, ...]:
        """The links, or those of a lower and of an upper document."""
        return tuple(one for one in self._links if lower in (None, one.lower.doc) and upper in (None, one.upper.doc))

    @cached_property
    def rows(self) -> dict[str, views.MatrixRow]:
        """The rows of the 任务分工表 by task."""
        return {f"{row.doc}#{row.task}": row for row in views.matrix(self)}


def knowledge() -> Snapshot:
    """The knowledge base as it is now. Raises ``BrokenKnowledgeBase`` where there is none."""
    path = Path(os.environ.get("POLICYTRACE_KB") or "kb").resolve()
    with reading(path) as database:
        generation = f"{live_generation(database)[0]}+{revision(database)}"
    return _snapshot(str(path), generation)


@st.cache_resource(show_spinner="正在打开知识库 ……", max_entries=2)
def _snapshot(path: str, generation: str) -> Snapshot:
    return Snapshot(Path(path))


def page(render: Callable[[Snapshot], None]) -> None:
    """Draws a page; what cannot be drawn is told in words, never as a traceback."""
    if PagesManager.uses_pages_directory:  # the server's first run: Streamlit took this folder for its older way
        PagesManager.uses_pages_directory = False
        st.rerun()  # and now by way of app.py
    try:
        render(knowledge())
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


def escaped(text: str | None) -> str:
    """Text from a document as HTML that shows it and does nothing else."""
    return html.escape(clean(text or ""))


def plain(text: str | None) -> str:
    """Text from a document as a label: Markdown that shows it as it is, on one line."""
    return _MARKDOWN.sub(r"\\\g<0>", " ".join(clean(text or "").split()))


def marked(text: str, marks: Iterable[Sequence[int]]) -> str:
    """Escaped HTML with the ranges marked; they are in order and do not overlap."""
    parts, after = [], 0
    for start, end in marks:
        if start >= after and end > start:
            parts += [escaped(text[after:start]), f"<mark>{escaped(text[start:end])}</mark>"]
            after = end
    return "".join([*parts, escaped(text[after:])])


def chips(bodies: Iterable[Any], form: str) -> str:
    """Departments, each with its role in words; HTML."""
    seen: dict[tuple[str, str], None] = {}
    for body in bodies:
        one = body if isinstance(body, Mapping) else body.model_dump()
        seen[one["name"], one["effective_role"]] = None
    if not seen:
        return f"<span class='pt-chip pt-none'>{unsaid(form)}</span>"
    return "".join(f"<span class='pt-chip pt-{role}'><b>{ROLE[role]}</b>{escaped(name)}</span>" for name, role in seen)


def place(title: str, level: str | None, form: str, verified: bool | None = None) -> str:
    """Level and title of a document; 提纲 and 未核 are said; HTML."""
    signs = [sign for sign, is_so in (("提纲", form == "outline"), ("未核", verified is False)) if is_so]
    tags = "".join(f"<span class='pt-sign'>{sign}</span>" for sign in signs)
    return f"<span class='pt-level pt-{level}'>{LEVEL[level]}</span><span class='pt-doc'>{escaped(title)}</span>{tags}"


def label(policy: Policy) -> str:
    """A document in a list of choices."""
    return f"{LEVEL[policy.level]} · {policy.title}{'（提纲）' if policy.text == 'outline' else ''}"


def remember(**values: str | None) -> None:
    """Puts the page's state into its address, so that it can be sent to a colleague."""
    for name, value in values.items():
        if value:
            if st.query_params.get(name) != value:
                st.query_params[name] = value
        elif name in st.query_params:
            del st.query_params[name]


def recalled(name: str) -> str:
    """The key of a widget whose first value comes from the address."""
    key = f"pt_{name}"
    if key not in st.session_state:
        st.session_state[key] = st.query_params.get(name)
    return key


@st.cache_data(show_spinner=False, max_entries=40)
def table(
    _kb: Snapshot, generation: str, refs: tuple[str, ...], form: str, layout: Layout, filtered: str, today: date
) -> tuple[bytes, tuple[str, ...]]:
    """The 任务分工表 of some tasks as a file, and what must be told of it."""
    rows = [_kb.rows[ref] for ref in refs]
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


STYLE = """
<style>
.block-container{padding-top:4.6rem;padding-bottom:3rem;max-width:1280px}
[data-testid="InputInstructions"]{display:none}
h1{font-size:1.55rem!important;padding:.2rem 0 .4rem!important} h2{font-size:1.2rem!important} h3{font-size:1.02rem!important}
[data-testid="stPageLink-NavLink"]{padding-left:0}[data-testid="stPageLink-NavLink"] p{color:#1f5a8a}
.pt-body{font-size:.95rem;line-height:1.75;overflow-wrap:anywhere;white-space:pre-line;unicode-bidi:isolate;color:#26323d}
.pt-meta{color:#5b6773;font-size:.86rem;line-height:1.9;overflow-wrap:anywhere}
.pt-chip{display:inline-block;border:1px solid #b9c4cf;border-radius:4px;padding:0 .45rem;margin:.1rem .35rem .1rem 0;
font-size:.84rem;line-height:1.65;background:#fff;color:#26323d;unicode-bidi:isolate}
.pt-chip b{font-weight:600;color:#1f5a8a;margin-right:.35rem}
.pt-lead,.pt-responsible{border-color:#1f5a8a}.pt-support,.pt-guide{border-style:dashed}
.pt-none{color:#6b7580;border-style:dotted}
.pt-level{display:inline-block;border-radius:4px;padding:0 .4rem;margin-right:.45rem;font-size:.8rem;line-height:1.6;
background:#e6ecf2;color:#26323d}
.pt-level.pt-national{background:#2f4858;color:#fff}.pt-level.pt-municipal,.pt-level.pt-provincial{background:#5b7f95;color:#fff}
.pt-sign{border:1px solid #a26a00;color:#7a5000;border-radius:4px;padding:0 .3rem;margin-left:.4rem;font-size:.76rem}
.pt-quote{border-left:3px solid #d5dce3;padding-left:.7rem;margin:.35rem 0}
mark{background:#ffe9a8;color:inherit;padding:0 1px;border-bottom:2px solid #c08a00}
.pt-card{border:1px solid #d9e0e7;border-radius:6px;padding:.7rem .9rem;background:#fff;height:100%}
.pt-card h4{margin:.3rem 0 .4rem;font-size:1rem;padding:0}
.pt-sheet{overflow-x:auto;font-size:.8rem}.pt-sheet h1{text-align:center}.pt-sheet p{margin:.1rem 0;font-size:.9rem}
.pt-sheet table{border-collapse:collapse;width:100%}
.pt-sheet th,.pt-sheet td{border:1px solid #b9c4cf;padding:.3rem .45rem;vertical-align:top;white-space:pre-line;
overflow-wrap:anywhere;unicode-bidi:isolate}.pt-sheet th{background:#e8edf3}.pt-sheet th.s{text-align:left;background:#f4f6f9}
.pt-sheet td.m{text-align:center}.pt-sheet tr.t td{background:#e8edf3;font-weight:600}
</style>
"""
