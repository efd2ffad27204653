"""One question of 人工复核 and the ways to answer it; each answer is stored at once and told."""

from __future__ import annotations

import streamlit as st

from index.deciding import history
from index.deciding.decisions import EDITABLE
from index.deciding.organisations import register_of
from index.deciding.review import ReviewItem
from index.deciding.verdicts import added_organisation, given_up, moved, subject, value_of, wish
from index.reports import decisions as decided
from index.reports.answers import LEVEL as LEVEL_NAMES
from pages import deciding, shared
from schemas import LEVELS, NotFound, PolicyError
from schemas.decisions import Verdict

GRADES = {3: "定为落实", 2: "定为部分落实", 1: "定为仅相近"}


def answers(kb: shared.Snapshot, who: str, one: ReviewItem, reason: str) -> None:
    """The question with its texts, and below them what can be answered."""
    with st.container(border=True):
        st.markdown(f"**{reason}**　{shared.plain(one.question)}")
        _sides(kb, one)
        why = st.text_input("理由（可不填）", key=f"pt_why_{one.subject}")
        if one.reason == "gone":
            _without_record(kb, who, one, why)
        elif one.subject.kind == "department":
            _of_department(kb, who, one, why)
        else:
            _verdicts(kb, who, one, why)


def _sides(kb: shared.Snapshot, one: ReviewItem) -> None:
    sides = zip(st.columns(max(1, len(one.sides))), one.sides, strict=False)
    for number, (column, side) in enumerate(sides):
        name = ("下级　" if number == 0 else "上级　") if len(one.sides) > 1 else ""
        column.html(
            f"<div class='pt-card'><div class='pt-meta'>{name}{_place(kb, side.ref)}</div>"
            f"<h4>{shared.escaped(side.title)}</h4><div class='pt-body'>{shared.escaped(side.text)}</div></div>"
        )


def _place(kb: shared.Snapshot, ref: str) -> str:
    """The document and the number in it, leading to the text; HTML. Where it is no task of a document: as it is."""
    slug, mark, item = ref.partition("#")
    try:
        policy = kb.policy(slug)
    except NotFound:
        return shared.escaped(ref)
    where = shared.place(policy.title, policy.level, policy.text)
    way = shared.leads("documents", "看原文", doc=slug, task=item if mark and policy.task(item) else None)
    return f"{where}　{shared.escaped(item)}　{way}"


def _verdicts(kb: shared.Snapshot, who: str, one: ReviewItem, why: str) -> None:
    grades = (3, 2, 1) if one.subject.kind == "link" else ()
    columns = iter(st.columns(3 + len(grades)))
    plain: tuple[tuple[str, Verdict, str], ...] = (("确认", "confirm", "Y"), ("否定", "reject", "N"))
    for label, verdict, key in plain:
        kind = "primary" if verdict == "confirm" else "secondary"
        if next(columns).button(label, type=kind, disabled=not who, width="stretch", shortcut=key):  # type: ignore[arg-type]
            store(kb, who, lambda now, v=verdict: [wish(now, v, one.subject, why=why)], one.seen)  # type: ignore[misc]
    for grade in grades:
        label = GRADES[grade]
        if next(columns).button(label, disabled=not who, width="stretch", shortcut=str(grade)):
            _correct(kb, who, one, "grade", str(grade), why)
    _skip(next(columns), one)
    if EDITABLE[one.subject.kind]:
        with st.expander("更正"):
            fields = EDITABLE[one.subject.kind]
            field = st.selectbox("字段", fields, format_func=lambda name: decided.FIELD.get(name, name))
            text = st.text_input(
                "改为", help="部门写成：牵头：经发处；配合：环保办、建管处", key=f"pt_to_{one.subject}"
            )
            if st.button("保存更正", disabled=not (who and text.strip())):
                _correct(kb, who, one, field, text, why)


def _correct(kb: shared.Snapshot, who: str, one: ReviewItem, field: str, text: str, why: str) -> None:
    store(kb, who, lambda now: [wish(now, "correct", one.subject, field, value_of(field, text), why)], one.seen)


def _skip(column: st.delta_generator.DeltaGenerator, one: ReviewItem) -> None:
    if column.button("跳过", width="stretch", shortcut="S"):
        st.session_state["pt_skipped"].add(str(one.subject))
        st.rerun()


def _of_department(kb: shared.Snapshot, who: str, one: ReviewItem, why: str) -> None:
    known, name = register_of(kb), one.subject.item
    near = known.candidates(name)
    bodies = [*near, *(body.id for body in known.organisations if body.id not in near)]
    body = st.selectbox(
        "它就是",
        bodies,
        index=None,
        format_func=lambda id: f"{known.name(id)}（{id}）" if known.name(id) != id else id,
        placeholder="从登记表中选",
        key=f"pt_body_{name}",
    )
    identify, settle, skip = st.columns(3)
    if identify.button("就是它", type="primary", disabled=not (who and body), width="stretch"):
        _correct(kb, who, one, "canonical", str(body), why)
    help_text = "照原样保留这个名称，不再询问"
    if settle.button("不必登记", disabled=not who, width="stretch", shortcut="Y", help=help_text):
        store(kb, who, lambda now: [wish(now, "confirm", one.subject, why=why)], one.seen)
    _skip(skip, one)
    with st.expander("登记为新部门"):
        full = st.text_input("全称", value=name, key=f"pt_full_{name}")
        aliases = st.text_input("其他名称", value=name, help="用顿号分开", key=f"pt_aliases_{name}")
        level = st.selectbox(
            "层级",
            LEVELS,
            index=None,
            placeholder="请选择",
            format_func=LEVEL_NAMES.__getitem__,
            key=f"pt_level_{name}",
        )
        ids = [body.id for body in known.organisations]
        parent = st.selectbox(
            "上级部门", ids, index=None, placeholder="可不填", format_func=known.name, key=f"pt_parent_{name}"
        )
        if st.button("登记", disabled=not (who and full.strip() and level)):
            others = aliases.replace("，", "、").split("、")
            store(kb, who, lambda now: [added_organisation(now, full, str(level), others, parent, why)])


def _without_record(kb: shared.Snapshot, who: str, one: ReviewItem, why: str) -> None:
    """The decisions are put on another task, or given up."""
    if one.subject.kind == "task":
        refs = [*(side.ref for side in one.near), *(f"{one.doc}#{task.id}" for task in kb.policy(one.doc).tasks)]
        titles = {ref: kb.task(ref)[1].title or kb.task(ref)[1].starts_with for ref in refs}
        choice = st.selectbox(
            "改挂到",
            list(dict.fromkeys(refs)),
            index=None,
            format_func=lambda ref: f"{ref}　{titles[ref]}",
            placeholder="最相近的在前",
            key=f"pt_near_{one.subject}",
        )
        if choice:
            st.html(f"<div class='pt-card'><div class='pt-body'>{shared.escaped(kb.task(choice)[1].text)}</div></div>")
    else:
        choice = None
        st.caption(f"要改挂到另一条，请用命令 policytrace move {one.seen[:8]} 编号。")
    move, drop, skip = st.columns(3)
    if move.button("改挂到这一条", type="primary", disabled=not (who and choice), width="stretch"):
        store(kb, who, lambda now: [moved(now, one.subject, subject(now, str(choice)), why)], one.seen)
    if drop.button("不再需要这些决定", disabled=not who, width="stretch", help="它们留在历史中，不再询问"):
        store(kb, who, lambda now: given_up(now, one.subject, why), one.seen)
    _skip(skip, one)


def undo_last(kb: shared.Snapshot, who: str) -> None:
    """A button that takes back what the person decided last on this page."""
    last: list[str] = st.session_state.get("pt_last", [])
    if last and st.button("撤销上一个决定", disabled=not who, icon=":material/undo:", shortcut="U"):
        st.session_state["pt_last"] = []
        store(kb, who, lambda _: [history.undoing(one) for one in reversed(last)], last=False)


def store(kb: shared.Snapshot, who: str, said: deciding.Wishes, seen: str | None = None, last: bool = True) -> None:
    """Stores decisions, and draws the page anew with what came of them."""
    try:
        made = deciding.store(kb, who, said, seen)
        if last:
            st.session_state["pt_last"] = made
    except PolicyError as error:
        deciding.refuse(error)
    st.rerun()
