"""What was read from a document beside its tasks: targets, defects, what it cites, who cites it, its versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import streamlit as st

from index import views
from index.deciding import versions as kept_versions
from index.knowledge_base import KnowledgeBase
from index.reports.answers import FINDING
from pages import shared
from schemas import Origin, Policy

MOST = 30


def targets_and_defects(kb: shared.Snapshot, policy: Policy) -> None:
    """The targets, then the defects, each leading to its place in the text."""
    st.subheader(f"目标 {len(policy.targets)} 个")
    entries = []
    for one in policy.targets:
        year = f"{one.target_year} 年" if one.target_year else "年份未写"
        signs = "　未核" if one.verified is False else ""
        where = f"{one.task or '总体目标'}　{year}　{one.origin.where}{signs}"
        entries.append(_entry(policy.slug, one.quote, where, one.origin))
    st.html("".join(entries))
    st.subheader(f"缺损 {len(policy.defects)} 处")
    if not policy.defects:
        st.caption("没有发现缺损。")
    st.html(
        "".join(_entry(policy.slug, f"{FINDING[d.kind]}：{d.note}", d.where, d.origin) for d in policy.defects)
        or "<span></span>"
    )


def _entry(slug: str, text: str, where: str, origin: Origin | None) -> str:
    way = shared.leads("documents", "看原文", doc=slug, at=f"{origin.start}-{origin.end}") if origin else ""
    return (
        f"<div class='pt-found'><div class='pt-body'>{shared.escaped(text)}</div>"
        f"<div class='pt-meta'>{shared.escaped(where)}　{way}</div></div>"
    )


@st.cache_resource(show_spinner=False, max_entries=4)
def _graph(path: str, generation: str, _kb: shared.Snapshot) -> tuple[views.DocumentEdge, ...]:
    return views.document_graph(_kb)


def links(kb: shared.Snapshot, policy: Policy) -> None:
    """What the document cites, who cites it, and which documents its tasks are linked with."""
    edges = _graph(str(kb.path), kb.generation, kb)
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("它引用的文件")
        _cited([one for one in edges if one.lower == policy.slug], kb, lower=False)
    with right:
        st.subheader("引用它的文件")
        _cited([one for one in edges if one.upper == policy.slug], kb, lower=True)
    _linked(kb, policy)


def _cited(edges: list[views.DocumentEdge], kb: shared.Snapshot, lower: bool) -> None:
    if not edges:
        st.caption("没有。")
        return
    lines = []
    for edge in sorted(edges, key=lambda one: one.role):
        slug = edge.lower if lower else edge.upper
        role = f"<span class='pt-sign'>{'制定依据' if edge.role == 'basis' else '文中提到'}</span>　"
        if slug and (lower or edge.held):
            other = kb.policy(slug)
            words = shared.place(other.title, other.level, other.text)
            lines.append(f"<div class='pt-row pt-small'>{role}{shared.leads('documents', words, doc=slug)}</div>")
        else:
            lines.append(
                f"<div class='pt-row pt-small'>{role}《{shared.escaped(edge.title)}》<span class='pt-meta'>　不在知识库中</span></div>"
            )
    st.html("".join(lines))


def _linked(kb: shared.Snapshot, policy: Policy) -> None:
    """Other documents by the number of links that assert something, each leading to 承接缺口."""
    left, right = st.columns(2, gap="large")
    above = Counter(
        (link.upper.doc, link.grade)
        for link in kb.links(lower=policy.slug)
        if link.grade >= 2 and link.state != "rejected"
    )
    below = Counter(
        (link.lower.doc, link.grade)
        for link in kb.links(upper=policy.slug)
        if link.grade >= 2 and link.state != "rejected"
    )
    with left:
        st.subheader("任务的上级依据")
        _counted(kb, above, lambda other: {"upper": other, "lower": policy.slug})
    with right:
        st.subheader("任务的下级落实")
        _counted(kb, below, lambda other: {"upper": policy.slug, "lower": other})


def _counted(kb: shared.Snapshot, counts: Counter[tuple[str, int]], address: Callable[[str], dict[str, str]]) -> None:
    others = sorted({doc for doc, _ in counts}, key=lambda doc: (-counts[doc, 3], -counts[doc, 2], doc))
    if not others:
        st.caption("还没有可以认定的关联。")
    lines = []
    for doc in others[:MOST]:
        other = kb.policy(doc)
        numbers = "，".join(
            f"{word} {counts[doc, grade]} 条" for grade, word in ((3, "落实"), (2, "部分落实")) if counts[doc, grade]
        )
        words = shared.place(other.title, other.level, other.text)
        lines.append(
            f"<div class='pt-row pt-small'>{shared.leads('gaps', words, **address(doc))}<span class='pt-meta'>　{numbers}</span></div>"
        )
    if lines:
        st.html("".join(lines))
    if len(others) > MOST:
        st.caption(f"另有 {len(others) - MOST} 份文件，可在“承接缺口”中选择。")


def versions(kb: shared.Snapshot, policy: Policy) -> None:
    """The versions that the knowledge base has kept, the newest first."""
    with KnowledgeBase.open(kb.path) as now:
        found = kept_versions.versions(now.sql, now.extracted(policy.slug))
    if len(found) < 2:
        st.info("这份文件只有一个版本。再次加入它的新稿，旧稿会留在这里，可以逐条对照。", icon=":material/info:")
        return
    rows = [
        {"版本": f"第 {one.number} 版{'' if one.replaced else '（现用）'}", "文件": one.file, "加入": one.added[:10] or "—",
         "被取代": (one.replaced or "")[:10] or "—", "任务": one.tasks, "目标": one.targets}
        for one in reversed(found)
    ]  # fmt: skip
    st.dataframe(rows, hide_index=True, width="stretch")
    st.page_link(
        "pages/review.py", label="逐条对照两个版本", icon=":material/difference:", query_params={"view": "版本对照"}
    )
