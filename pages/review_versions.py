"""版本对照: two versions of a document, clause by clause."""

from __future__ import annotations

import streamlit as st

from index.deciding import versions
from index.knowledge_base import KnowledgeBase
from pages import shared


def render(kb: shared.Snapshot, _who: str) -> None:
    """A document that has versions, two of them, and what changed between them."""
    with KnowledgeBase.open(kb.path) as now:
        several = versions.several(now.sql)
        listed = [policy for policy in kb.policies() if policy.slug in several]
        if not listed:
            st.info("每份文件都只有一个版本。再次加入一份文件的新稿，就能在这里对照。", icon=":material/info:")
            return
        documents = {policy.slug: policy for policy in listed}
        slug = st.selectbox(
            "文件",
            list(documents),
            index=None,
            format_func=lambda one: shared.label(documents[one]),
            placeholder="选择有几个版本的文件",
            key=shared.recalled("versions"),
        )
        shared.remember(versions=slug)
        if slug:
            policy = now.extracted(slug)
            known = {one.number: one for one in versions.versions(now.sql, policy)}
            left, right = st.columns(2)
            label = {number: _label(one) for number, one in known.items()}
            old = left.selectbox("旧版", list(known)[-2::-1], format_func=label.__getitem__)
            new = right.selectbox("新版", [n for n in list(known)[::-1] if n > old], format_func=label.__getitem__)
            _changes(versions.diff(now.sql, policy, old, new))


def _label(one: versions.Version) -> str:
    held = f"（{one.replaced[:10]} 被取代）" if one.replaced else "（现行）"
    return f"第 {one.number} 版　{one.file}{held}"


def _changes(found: versions.Difference) -> None:
    """Clause by clause: what was added, what was dropped."""
    counts = "，".join(f"{name} {n}" for key, name in versions.CHANGES.items() if (n := found.count(key)))
    st.markdown(
        f"第 {found.old} 版 → 第 {found.new} 版：**{len(found.changes)}** 处变化{f'（{counts}）' if counts else ''}"
    )
    for one in found.changes:
        where = f"{one.old} → {one.new}" if one.old and one.new and one.old != one.new else one.new or one.old
        kind = "任务" if one.kind == "task" else "目标"
        lines = [
            f"<div class='pt-quote'>{'＋' if clause.change == 'added' else '－'} {shared.escaped(clause.text)}</div>"
            for clause in one.clauses
        ]
        lines += [
            f"<div class='pt-meta'>部门 {'＋' if name[0] == '+' else '－'} {shared.escaped(name[1:])}</div>"
            for name in one.departments
        ]
        head = f"{versions.CHANGES[one.change]}　{kind} {where}　{one.title}"
        st.html(f"<div class='pt-card'><h4>{shared.escaped(head)}</h4>{''.join(lines)}</div>")
