"""Documents brought by upload: what they are, how far reading them is, what was found, what could not be read."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

import streamlit as st

from index.reading import chosen
from index.reports.answers import LEVEL
from pages import adding, shared
from schemas import LEVELS

MOST_MB, MOST_FILES = 50, 100
READ = "Word、PDF、OFD、WPS、纯文本、网页、Excel 等表格，扫描件和图片（需装文字识别）"
"""What can be read, in words; the list of endings would fill the page."""
STAGES = {"等待": 0.02, "准备": 0.05, "读取": 0.1, "索引": 0.7, "链接": 0.85}
"""Where on the bar each stage begins."""
NAMES = {
    "等待": "等待前面的工作完成",
    "准备": "正在准备",
    "读取": "读取文件",
    "索引": "建立索引",
    "链接": "计算与其他文件的关联",
}


def draw(kb: shared.Snapshot) -> None:
    """The upload, or the job that the address names."""
    left, right = st.columns([5, 1.2], vertical_alignment="center")
    one = adding.work(st.query_params.get("job"))
    left.title(f"{one.what}文件" if one else "加入文件")
    right.button("返回文件列表", icon=":material/arrow_back:", width="stretch", on_click=leave)
    if one is None:
        if st.query_params.get("job"):
            st.info("这次加入的记录已经不在了；加入的文件见文件列表。", icon=":material/info:")
        _upload(kb)
    elif one.over:
        _report(kb, one)
    else:
        _watch(one.id)


def leave() -> None:
    """Back to the list."""
    shared.remember(view=None, job=None, doc=None, task=None, part=None, at=None)


def _upload(kb: shared.Snapshot) -> None:
    st.caption(f"{READ}。可以一次选多个，每个不超过 {MOST_MB} MB。是什么文件按内容判断，与文件名无关。")
    files = st.file_uploader(
        "选择文件", accept_multiple_files=True, max_upload_size=MOST_MB, label_visibility="collapsed", key="pt_files"
    )
    given = [(one.name, one.getvalue()) for one in files or []]
    told = _told_kinds([one.file_id for one in files or []], given)
    good = [one for one, about in zip(given, told, strict=True) if not about.problem]
    if given:
        st.html("".join(_line(name, data, about) for (name, data), about in zip(given, told, strict=True)))
    if len(good) > MOST_FILES:
        st.error(f"一次最多加入 {MOST_FILES} 个文件，请分几次加入。")
        return
    level, title, replaces = _more_about(kb, len(good) == 1)
    if st.button(f"开始加入 {len(good)} 个文件" if good else "开始加入", type="primary", disabled=not good):
        one = adding.add(kb.path, good, level, title, replaces)
        shared.remember(job=one.id)
        st.rerun()


def _told_kinds(ids: list[str], given: list[tuple[str, bytes]]) -> list[chosen.Told]:
    """What each chosen file is, and why it cannot be added if so; asked once for each."""
    known: dict[str, chosen.Told] = st.session_state.setdefault("pt_kinds", {})
    new = {one: file for one, file in zip(ids, given, strict=True) if one not in known}
    known |= {one: chosen.Told("", problem) for one, file in new.items() if (problem := _refused(file[1]))}
    asked = {one: file for one, file in new.items() if one not in known}
    if asked:
        with st.spinner("正在查看文件 ……"):
            known |= dict(zip(asked, chosen.kinds(list(asked.values())), strict=True))
    return [known[one] for one in ids]


def _refused(data: bytes) -> str:
    """Why a file need not even be looked at; else empty."""
    if not data:
        return "文件是空的。"
    if len(data) > MOST_MB * 1024 * 1024:
        return f"超过 {MOST_MB} MB。请分成几个文件，或压缩其中的图片再加入。"
    return ""


def _line(name: str, data: bytes, about: chosen.Told) -> str:
    """What a chosen file is; HTML."""
    size = f"{max(1, len(data) // 1024):,} KB" if len(data) < 1024 * 1024 else f"{len(data) / 1024 / 1024:,.1f} MB"
    sign = (
        "<span class='pt-state pt-gap'>不能加入</span>"
        if about.problem
        else "<span class='pt-state pt-covered'>可以加入</span>"
    )
    words = shared.escaped(about.problem or f"{about.kind}，{size}")
    return f"<div class='pt-row'>{sign}{shared.escaped(name)}　<span class='pt-meta'>{words}</span></div>"


def _more_about(kb: shared.Snapshot, single: bool) -> tuple[Any, str | None, str | None]:
    """Level, title and the document that is replaced, where the person knows better than the text says."""
    with st.expander("补充说明（可以不填）"):
        left, right = st.columns(2)
        level = left.selectbox(
            "层级", LEVELS, index=None, format_func=lambda one: LEVEL[one], placeholder="从正文判断", key="pt_add_level"
        )
        title = right.text_input(
            "标题",
            placeholder="从正文读出" if single else "只加入一个文件时可以写明",
            disabled=not single,
            key="pt_add_title",
        )
        documents = {policy.slug: policy for policy in kb.policies()}
        replaces = st.selectbox(
            "是知识库里哪份文件的新版本", list(documents), index=None, disabled=not single, key="pt_add_replaces",
            format_func=lambda one: shared.label(documents[one]), placeholder="不是，是新的文件",
        )  # fmt: skip
    return level, (title or "").strip() or None if single else None, replaces if single else None


@st.fragment(run_every=0.6)
def _watch(job: str) -> None:
    """How far the job is; when it is over the whole page is drawn anew."""
    one = adding.work(job)
    if one is None or one.over:
        st.rerun()
        return
    share = STAGES.get(one.stage, 0.05)
    after = min((begin for begin in STAGES.values() if begin > share), default=0.98)
    share += (after - share) * (one.done / one.total if one.total else 0)
    counted = f"　{one.done} / {one.total}" if one.stage == "读取" and one.total else ""
    st.progress(share, f"{NAMES.get(one.stage, one.stage)}{counted}")
    st.html("".join(_waiting(one, number, name) for number, name in enumerate(one.names)))
    st.caption("可以离开这一页做别的事，加入会继续；别人的检索也不受影响。")


def _waiting(one: adding.Work, number: int, name: str) -> str:
    """How far reading one of the files is; HTML."""
    read = one.stage in ("索引", "链接")
    word = f"{one.what}中" if one.what == "移除" else adding.READ if read else one.steps[number]
    look = {adding.READ: "pt-covered", adding.WAITS: "pt-not_applicable"}.get(word, "pt-partial")
    return (
        f"<div class='pt-row'><span class='pt-state {look}'>{shared.escaped(word)}</span>{shared.escaped(name)}</div>"
    )


def _report(kb: shared.Snapshot, one: adding.Work) -> None:
    if one.problem:
        st.error(f"{shared.plain(one.problem)}\n\n{shared.plain(one.hint)}", icon=":material/error:")
        st.caption("原来的知识库没有改动。")
        return
    rows = one.report["rows"]
    told = {
        name: sum(row["state"] == name for row in rows) for name in ("新增", "更新", "未变", "重复", "移除", "失败")
    }
    words = "，".join(f"{name} {number} 份" for name, number in told.items() if number)
    (st.warning if told["失败"] else st.success)(
        f"完成：{words}，用时 {one.report['seconds']:.1f} 秒。知识库共 {one.report['documents']} 份文件、"
        f"{one.report['tasks']:,} 项任务、{one.report['links']:,} 条关联。",
        icon=":material/check_circle:",
    )
    held = {policy.slug for policy in kb.policies()}
    st.html("".join(_row(row, held) for row in rows) or "<span></span>")
    if one.what == "加入":
        st.button("再加入文件", icon=":material/upload_file:", on_click=shared.remember, kwargs={"job": None})


def _row(row: dict[str, Any], held: Set[str]) -> str:
    """What became of one file, and where to go on from it; HTML."""
    ways = ""
    if row["slug"] in held:
        links = (
            shared.leads("documents", "打开文件", doc=row["slug"]),
            shared.leads("search", f"看它的 {row['tasks']} 项任务", doc=row["slug"]),
            shared.leads("documents", "看它的依据与关联", doc=row["slug"], view="links"),
        )
        ways = f"<div class='pt-foot'>{''.join(links)}</div>"
    return f"<div class='pt-found'>{_told(row)}{ways}</div>"


def _told(row: dict[str, Any]) -> str:
    """What became of one file; HTML."""
    name = shared.escaped(_name(row["file"]))
    if row["state"] == "失败":
        problem = shared.escaped(row["problem"].replace(row["file"], _name(row["file"])))
        return (
            f"<div class='pt-row'><span class='pt-state pt-gap'>没有加入</span><b>{name}</b></div>"
            f"<div class='pt-body'>{problem}</div><div class='pt-meta'>{shared.escaped(row['hint'])}</div>"
        )
    found = f"{row['tasks']} 项任务、{row['departments']} 个部门、{row['targets']} 个目标"
    bad = f"；<b class='pt-bad-count'>⚠ {row['defects']} 处缺损</b>" if row["defects"] else "；没有发现缺损"
    note = f"<div class='pt-meta'>{shared.escaped(row['note'])}</div>" if row["note"] else ""
    note += "".join(f"<div class='pt-meta'>⚠ {shared.escaped(part)}</div>" for part in row["partly"])
    return (
        f"<div class='pt-row'><span class='pt-state pt-covered'>{shared.escaped(row['state'])}</span>"
        f"<span class='pt-level pt-{shared.escaped(row['level'])}'>{LEVEL[row['level']]}</span><b>{shared.escaped(row['title'])}</b></div>"
        f"<div class='pt-body'>{f'不再显示 {found}' if row['state'] == '移除' else f'读出 {found}{bad}'}。</div><div class='pt-meta'>{name}</div>{note}"
    )


def _name(file: str) -> str:
    return file.replace("\\", "/").rpartition("/")[2]
