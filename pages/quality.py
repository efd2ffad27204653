"""数据质量: everything that a person should look at, by gravity and kind, each leading to its place."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Sequence
from datetime import date

import streamlit as st

from index.exporting.export import render_findings
from index.reports.answers import FINDING, SEVERITY
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


def _counts(found: Sequence[Finding], others: dict[str, str | None], name: str) -> Counter[str]:
    """How many findings each value of a filter would leave beside the `others`."""
    return Counter(getattr(one, name) for one in found if _fits(one, **others))


def _filters(
    kb: shared.Snapshot, found: Sequence[Finding]
) -> tuple[str | None, str | None, str | None, st.delta_generator.DeltaGenerator]:
    """Gravity, kind and document, each choice with how many it would leave; and the place for what saves."""
    kinds, docs = (list(dict.fromkeys(names)) for names in ([one.kind for one in found], [one.doc for one in found]))
    there = {one.severity for one in found}
    severities = [one for one in SEVERITY if one in there]
    keys = {
        "severity": shared.known("severity", severities),
        "kind": shared.known("kind", kinds),
        "doc": shared.known("doc", docs),
    }
    now = {name: st.session_state[key] for name, key in keys.items()}

    counts = {name: _counts(found, {**now, name: None}, name) for name in keys}

    severity = st.pills(
        "程度", severities, key=keys["severity"], label_visibility="collapsed",
        format_func=lambda one: f"{finding_card.ICON[one]} {SEVERITY[one]} {counts['severity'][one]}",
    )  # fmt: skip
    titles = {policy.slug: policy.title for policy in kb.policies()}
    left, middle, right = st.columns([3, 4, 1.4], vertical_alignment="bottom")
    kind = left.selectbox(
        "事项", kinds, key=keys["kind"], index=None, placeholder="全部事项",
        format_func=lambda one: f"{FINDING.get(one, one)}　{counts['kind'][one]} 条",
    )  # fmt: skip
    doc = middle.selectbox(
        "文件", docs, key=keys["doc"], index=None, placeholder="全部文件",
        format_func=lambda one: f"{titles.get(one, one)}　{counts['doc'][one]} 条",
    )  # fmt: skip
    shared.remember(severity=severity, kind=kind, doc=doc)
    return severity, kind, doc, right


def _by_kind(kb: shared.Snapshot, shown: Sequence[Finding]) -> None:
    """The first few of each kind, and the way to the others."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for one in shown:
        groups.setdefault((one.severity, one.kind), []).append(one)
    parts = []
    for (_, kind), rows in groups.items():
        way = {"kind": kind, "severity": st.query_params.get("severity"), "doc": st.query_params.get("doc")}
        more = shared.leads("quality", f"看全部 {len(rows)} 条", **way) if len(rows) > FEW else ""
        parts.append(f"<h2>{shared.escaped(FINDING.get(kind, kind))}　{len(rows)} 条　<small>{more}</small></h2>")
        parts += [finding_card.card(kb, one) for one in rows[:FEW]]
    st.html("".join(parts))


def _all(kb: shared.Snapshot, shown: Sequence[Finding], asked: str) -> None:
    if st.session_state.get("pt_found_asked") != asked:
        st.session_state["pt_found_asked"], st.session_state["pt_found_shown"] = asked, STEP
    limit = st.session_state["pt_found_shown"]
    st.html("".join(finding_card.card(kb, one) for one in shown[:limit]))
    if limit < len(shown):
        st.button(f"再显示 {min(STEP, len(shown) - limit)} 条（共 {len(shown)} 条）", width="stretch", on_click=_more)


def _more() -> None:
    st.session_state["pt_found_shown"] += STEP


def _save(kb: shared.Snapshot, shown: Sequence[Finding], *chosen: str | None) -> None:
    """Saves what is shown."""
    severity, kind, doc = chosen
    title = f"文件：{kb.policy(doc).title}" if doc in {policy.slug for policy in kb.policies()} and doc else doc or ""
    parts = (
        f"程度：{SEVERITY[severity]}" if severity else "",
        f"事项：{FINDING.get(kind, kind)}" if kind else "",
        title,
    )
    filtered = "；".join(filter(None, parts))
    make = functools.partial(_file, kb, shown, filtered, date.today())
    shared.export_menu(make, "数据质量清单", bool(shown))


def _file(kb: shared.Snapshot, shown: Sequence[Finding], filtered: str, today: date, form: str, app: str) -> bytes:
    return render_findings(form, kb, shown, today, filtered=filtered, app=app)[0]


shared.page(render)
