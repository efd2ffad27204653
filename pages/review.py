"""人工复核: the doubtful first, decided with a click; what was decided, by whom; versions of a document side by side."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import Any

import streamlit as st

from index import decided, history, versions
from index.decisions import EDITABLE, undone
from index.knowledge_base import KnowledgeBase
from index.report import GRADE
from index.review import REASONS, Queue, ReviewItem, queue
from index.verdicts import value_of, wish
from pages import shared
from schemas import PolicyError, Subject, Wish

VIEWS = ("逐项复核", "决定历史", "版本对照")
LATEST = 200


@st.cache_data(show_spinner="正在整理待复核的事项 ……", max_entries=20)
def _queue(path: str, generation: str, doc: str | None, department: str | None) -> Queue:
    with KnowledgeBase.open(Path(path)) as kb:
        return queue(kb, doc, department)


def render(kb: shared.Snapshot) -> None:
    """The whole page."""
    st.title("人工复核")
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    view = (
        left.segmented_control("查看", VIEWS, default=VIEWS[0], key="pt_view", label_visibility="collapsed") or VIEWS[0]
    )
    who = right.text_input("你的姓名", key="pt_who", value=_user(), help="记在每个决定里").strip()
    _tell(kb, who)
    {VIEWS[0]: _review, VIEWS[1]: _history, VIEWS[2]: _versions}[view](kb, who)


def _user() -> str:
    try:
        return os.environ.get("POLICYTRACE_WHO") or getpass.getuser()
    except (KeyError, OSError):
        return ""


def _tell(kb: shared.Snapshot, who: str) -> None:
    """What was just stored or refused, and whom others overruled meanwhile."""
    for kind, text in st.session_state.pop("pt_said", []):
        {"warning": st.warning, "success": st.success}[kind](shared.plain(text))
    if who and os.access(kb.path, os.W_OK):
        for notice in history.notices(kb.path, who):
            (line,) = decided.noticed([notice], 10_000)
            st.warning(shared.plain(line), icon=":material/notifications:")


def _review(kb: shared.Snapshot, who: str) -> None:
    documents = {policy.slug: policy for policy in kb.policies()}
    left, right = st.columns(2)
    doc = left.selectbox(
        "文件",
        list(documents),
        index=None,
        format_func=lambda one: shared.label(documents[one]),
        placeholder="全部文件",
    )
    names = sorted({body.name for policy in documents.values() for task in policy.tasks for body in task.departments})
    department = right.selectbox("部门", names, index=None, placeholder="全部部门")
    found = _queue(str(kb.path), kb.generation, doc, department)
    skipped: set[str] = st.session_state.setdefault("pt_skipped", set())
    left_over = [one for one in found.items if str(one.subject) not in skipped]
    st.progress(found.done / found.total if found.total else 1.0, f"已处理 {found.done} / {found.total}")
    if not left_over:
        _nothing_left(skipped)
        return
    _item(kb, who, left_over[0])


def _nothing_left(skipped: set[str]) -> None:
    st.success("没有待复核的事项。" if not skipped else f"其余 {len(skipped)} 项你已跳过。")
    if skipped and st.button("重新看跳过的"):
        skipped.clear()
        st.rerun()


def _item(kb: shared.Snapshot, who: str, one: ReviewItem) -> None:
    with st.container(border=True):
        st.markdown(f"**{REASONS[one.reason]}**　{shared.plain(one.question)}")
        sides = zip(st.columns(max(1, len(one.sides))), one.sides, strict=False)
        for number, (column, side) in enumerate(sides):
            name = ("下级　" if number == 0 else "上级　") if len(one.sides) > 1 else ""
            column.html(
                f"<div class='pt-card'><div class='pt-meta'>{name}{shared.escaped(side.ref)}</div>"
                f"<h4>{shared.escaped(side.title)}</h4><div class='pt-body'>{shared.escaped(side.text)}</div></div>"
            )
        why = st.text_input("理由（可不填）", key=f"pt_why_{one.subject}")
        _buttons(kb, who, one, why)
        if EDITABLE[one.subject.kind] and one.reason != "gone":
            _correction(kb, who, one, why)


def _buttons(kb: shared.Snapshot, who: str, one: ReviewItem, why: str) -> None:
    grades = (3, 2, 1) if one.subject.kind == "link" else ()
    columns = iter(st.columns(3 + len(grades)))
    gone = one.reason == "gone"
    if next(columns).button("确认", type="primary", disabled=gone, width="stretch", shortcut="Y"):
        _decide(kb, who, one, {"verdict": "confirm", "why": why})
    if next(columns).button("否定", disabled=gone, width="stretch", shortcut="N"):
        _decide(kb, who, one, {"verdict": "reject", "why": why})
    for grade in grades:
        if next(columns).button(f"定为{GRADE[grade][4:]}", width="stretch", shortcut=str(grade)):
            _decide(kb, who, one, {"verdict": "correct", "field": "grade", "after": grade, "why": why})
    if next(columns).button("跳过", width="stretch", shortcut="S"):
        st.session_state["pt_skipped"].add(str(one.subject))
        st.rerun()


def _correction(kb: shared.Snapshot, who: str, one: ReviewItem, why: str) -> None:
    with st.expander("更正"):
        fields = EDITABLE[one.subject.kind]
        field = st.selectbox("字段", fields, format_func=lambda name: decided.FIELD.get(name, name))
        text = st.text_input("改为", help="部门写成：牵头：经发处；配合：环保办、建管处", key=f"pt_to_{one.subject}")
        if st.button("保存更正", disabled=not text.strip()):
            _decide(kb, who, one, {"verdict": "correct", "field": field, "after": value_of(field, text), "why": why})


def _decide(kb: shared.Snapshot, who: str, one: ReviewItem, said: dict[str, Any]) -> None:
    """Stores one decision; nothing was locked while the person thought."""
    try:
        with KnowledgeBase.open(kb.path) as now:
            made, generation = wish(now, said.pop("verdict"), one.subject, **said), now.generation
        _store(kb, who, made, one.seen, generation)
    except PolicyError as error:
        st.session_state["pt_said"] = [("warning", f"{error.problem} {error.hint}")]
    st.rerun()


def _store(kb: shared.Snapshot, who: str, made: Wish, seen: str | None, generation: str | None) -> None:
    ((one, after, unseen),) = history.decide(kb.path, who, made, seen=seen, generation=generation)
    told = [("success", f"已记录：{decided.decision(one)}")]
    if after:
        when = "在你查看之后" if unseen else "此前"
        told.append(("warning", f"{after.who} {when}已有决定（{decided.decision(after)}）。现以你的为准，会告知对方。"))
    st.session_state["pt_said"] = told


def _history(kb: shared.Snapshot, who: str) -> None:
    with KnowledgeBase.open(kb.path) as now:
        found = now.history()
    gone = undone(found)
    if not found:
        st.info("还没有人工决定。", icon=":material/info:")
        return
    rows = [
        {
            "时间（UTC）": one.at[:19].replace("T", " "),
            "谁": one.who,
            "决定": decided.decision(one),
            "已撤销": one.id in gone,
            "编号": one.id[:8],
        }
        for one in found[::-1][:LATEST]
    ]
    st.dataframe(rows, hide_index=True, width="stretch")
    open_ones = {one.id: one for one in found[::-1][:LATEST] if one.id not in gone}
    chosen = st.selectbox(
        "撤销",
        list(open_ones),
        index=None,
        format_func=lambda one: f"{open_ones[one].who}　{decided.decision(open_ones[one])}",
    )
    why = st.text_input("撤销的理由", key="pt_undo_why")
    if st.button("撤销这个决定", disabled=not chosen):
        try:
            _store(kb, who, Wish(verdict="undo", subject=Subject(kind="task"), undoes=chosen, why=why), None, None)
        except PolicyError as error:
            st.session_state["pt_said"] = [("warning", f"{error.problem} {error.hint}")]
        st.rerun()


def _versions(kb: shared.Snapshot, _who: str) -> None:
    documents = {policy.slug: policy for policy in kb.policies()}
    slug = st.selectbox(
        "文件",
        list(documents),
        index=None,
        format_func=lambda one: shared.label(documents[one]),
        placeholder="选择文件",
    )
    if not slug:
        return
    with KnowledgeBase.open(kb.path) as now:
        policy = now.extracted(slug)
        listed = versions.versions(now.sql, policy)
        if len(listed) < 2:
            st.info("这份文件只有一个版本。再次加入它的新稿，就能在这里对照。", icon=":material/info:")
            return
        old = st.selectbox("旧版", [one.number for one in listed[:-1]][::-1], format_func=lambda n: f"第 {n} 版")
        found = versions.diff(now.sql, policy, old)
    _changes(found)


def _changes(found: versions.Difference) -> None:
    """Clause by clause: what was added, what was dropped."""
    st.markdown(f"第 {found.old} 版 → 第 {found.new} 版：**{len(found.changes)}** 处变化")
    for one in found.changes:
        where = f"{one.old} → {one.new}" if one.old and one.new and one.old != one.new else one.new or one.old
        kind = "任务" if one.kind == "task" else "目标"
        lines = [
            f"<div class='pt-quote'>{'＋' if clause.change == 'added' else '－'} {shared.escaped(clause.text)}</div>"
            for clause in one.clauses
        ]
        lines += [f"<div class='pt-meta'>部门 {shared.escaped(name)}</div>" for name in one.departments]
        head = f"{versions.CHANGES[one.change]}　{kind} {where}　{one.title}"
        st.html(f"<div class='pt-card'><h4>{shared.escaped(head)}</h4>{''.join(lines)}</div>")


shared.page(render)
