"""数据质量: everything that a person should look at, by gravity and kind, each leading to its place."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Sequence
from datetime import date

import streamlit as st

from index.export import MIME, render_findings
from index.report import FINDING, SEVERITY
from pages import finding_card, shared
from schemas import Finding

FEW, STEP = 3, 20
"""Findings of each kind that are shown while no kind is chosen; those of one kind that are shown at once."""


@st.cache_resource(show_spinner=False, max_entries=4)
def _sorted(path: str, generation: str, _kb: shared.Snapshot) -> tuple[Finding, ...]:
    """The gravest first; those of one kind together, the kind with most of them first."""
    found = shared.findings(_kb)
    order = list(SEVERITY)
    counts = Counter((one.severity, one.kind) for one in found)
    return tuple(sorted(found, key=lambda one: (order.index(one.severity), -counts[one.severity, one.kind], one.kind)))


def render(kb: shared.Snapshot) -> None:
    """The whole page."""
    st.title("数据质量")
    found = _sorted(str(kb.path), kb.generation, kb)
    if not found:
        st.success("没有发现问题。", icon=":material/check_circle:")
        return
    severity, kind, doc, right = _filters(kb, found)
    shown = [one for one in found if _fits(one, severity, kind, doc)]
    with right:
        _save(kb, shown, severity, kind, doc)
    if not shown:
        st.info("没有符合条件的事项，请去掉一项筛选。", icon=":material/search_off:")
    elif kind:
        _all(kb, shown, f"{severity} {kind} {doc}")
    else:
        _by_kind(kb, shown)


def _fits(one: Finding, severity: str | None, kind: str | None, doc: str | None) -> bool:
    return severity in (None, one.severity) and kind in (None, one.kind) and doc in (None, one.doc)


def _known(name: str, known: Sequence[str]) -> str:
    """As `shared.recalled`, for a choice among known values: another one in the address is left out."""
    key = shared.recalled(name)
    if st.session_state[key] not in known:
        st.session_state[key] = None
    return key


def _filters(
    kb: shared.Snapshot, found: Sequence[Finding]
) -> tuple[str | None, str | None, str | None, st.delta_generator.DeltaGenerator]:
    """Gravity, kind and document, each choice with how many it would leave; and the place for what saves."""
    kinds, docs = (list(dict.fromkeys(names)) for names in ([one.kind for one in found], [one.doc for one in found]))
    severities = [one for one in SEVERITY if any(row.severity == one for row in found)]
    keys = {"severity": _known("severity", severities), "kind": _known("kind", kinds), "doc": _known("doc", docs)}
    now = {name: st.session_state[key] for name, key in keys.items()}

    def count(name: str, value: str) -> int:
        return sum(_fits(one, **{**now, name: value}) for one in found)

    severity = st.pills(
        "程度", severities, key=keys["severity"], label_visibility="collapsed",
        format_func=lambda one: f"{finding_card.ICON[one]} {SEVERITY[one]} {count('severity', one)}",
    )  # fmt: skip
    titles = {policy.slug: policy.title for policy in kb.policies()}
    left, middle, right = st.columns([3, 4, 1.4], vertical_alignment="bottom")
    kind = left.selectbox(
        "事项", kinds, key=keys["kind"], index=None, placeholder="全部事项",
        format_func=lambda one: f"{FINDING.get(one, one)}　{count('kind', one)} 条",
    )  # fmt: skip
    doc = middle.selectbox(
        "文件", docs, key=keys["doc"], index=None, placeholder="全部文件",
        format_func=lambda one: f"{titles.get(one, one)}　{count('doc', one)} 条",
    )  # fmt: skip
    shared.remember(severity=severity, kind=kind, doc=doc)
    return severity, kind, doc, right


def _by_kind(kb: shared.Snapshot, shown: Sequence[Finding]) -> None:
    """The first few of each kind, and the way to the others."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for one in shown:
        groups.setdefault((one.severity, one.kind), []).append(one)
    for number, ((_, kind), rows) in enumerate(groups.items()):
        left, right = st.columns([5, 1.2], vertical_alignment="bottom")
        left.subheader(f"{FINDING.get(kind, kind)}　{len(rows)} 条")
        if len(rows) > FEW:
            right.button(
                f"看全部 {len(rows)} 条", key=f"all_{number}", type="tertiary", on_click=_choose, args=(kind,)
            )  # fmt: skip
        for at, one in enumerate(rows[:FEW]):
            finding_card.card(kb, one, f"{number}_{at}")


def _choose(kind: str) -> None:
    st.session_state["pt_kind"] = kind


def _all(kb: shared.Snapshot, shown: Sequence[Finding], asked: str) -> None:
    if st.session_state.get("pt_found_asked") != asked:
        st.session_state["pt_found_asked"], st.session_state["pt_found_shown"] = asked, STEP
    limit = st.session_state["pt_found_shown"]
    for number, one in enumerate(shown[:limit]):
        finding_card.card(kb, one, str(number))
    if limit < len(shown):
        st.button(f"再显示 {min(STEP, len(shown) - limit)} 条（共 {len(shown)} 条）", width="stretch", on_click=_more)


def _more() -> None:
    st.session_state["pt_found_shown"] += STEP


@st.cache_data(show_spinner=False, max_entries=12)
def _file(
    path: str, generation: str, filtered: str, form: str, today: date, _kb: shared.Snapshot, _rows: Sequence[Finding]
) -> bytes:
    return render_findings(form, _kb, _rows, today, filtered=filtered)[0]


def _save(kb: shared.Snapshot, shown: Sequence[Finding], *chosen: str | None) -> None:
    """Saves what is shown; a file is made when somebody asks for it."""
    severity, kind, doc = chosen
    parts = [f"程度：{SEVERITY[severity]}" if severity else "", f"事项：{FINDING.get(kind, kind)}" if kind else ""]
    filtered = "；".join(filter(None, (*parts, f"文件：{doc}" if doc else "")))
    with st.popover("导出", icon=":material/download:", width="stretch", disabled=not shown):
        for form, name in (("xlsx", "Excel 工作簿"), ("docx", "Word 文件"), ("csv", "CSV")):
            st.download_button(
                f"下载 {name}",
                functools.partial(_file, str(kb.path), kb.generation, filtered, form, date.today(), kb, shown),
                f"数据质量清单.{form}", MIME[form], on_click="ignore", width="stretch", key=f"save_{form}",
            )  # fmt: skip


shared.page(render)
