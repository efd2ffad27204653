"""The pages of a PDF, a scan or an OFD file as pictures, with boxes around what was read from them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import streamlit as st

from index.reading import pictures
from index.store import kept
from pages import shared
from schemas import Origin, Policy

LOOKS = {
    "task": ("#1f5a8a", 3, "任务"),
    "who": ("#5b7f95", 2, "部门"),
    "aim": ("#c08a00", 2, "目标"),
    "bad": ("#b35000", 3, "缺损"),
}


def can_be_shown(policy: Policy) -> bool:
    """Whether the document has pages that can be drawn."""
    return policy.format in pictures.FORMATS and bool(policy.pages)


def draw(kb: shared.Snapshot, policy: Policy) -> None:
    """One page as a picture, and the way to the others."""
    stored = kept(kb.path, policy.sha256)
    if stored is None:
        st.warning("存放的原件不见了，不能画出页面。", icon=":material/warning:")
        return
    number = _number(policy)
    before, middle, after = st.columns([1, 2, 1], vertical_alignment="center")
    pages = policy.pages or 1
    before.button("← 上一页", width="stretch", disabled=number <= 1, on_click=_go, args=(number - 1,))
    middle.html(f"<div class='pt-meta' style='text-align:center'>第 {number} 页，共 {pages} 页　{legend()}</div>")
    after.button("下一页 →", width="stretch", disabled=number >= pages, on_click=_go, args=(number + 1,))
    task = policy.task(st.query_params.get("task") or "")
    picture = _picture(str(stored), kb.generation, policy.slug, number, task.id if task else None, policy)
    if picture is None and policy.format == "ofd" and not pictures.can_set_type():
        st.warning("这台机器没有中文字体，OFD 页面画不出来；正文不受影响。", icon=":material/warning:")
    elif picture is None:
        st.warning("这一页画不出来；正文不受影响。", icon=":material/warning:")
    else:
        with st.container(horizontal=True, horizontal_alignment="center"):
            st.image(picture, width=860, alt=f"{policy.title} 第 {number} 页")
        if policy.format == "ofd":
            st.caption("按文件中每个字的位置重新排出，不含图片和印章；以 OFD 阅读器打开的原件为准。")


def _go(number: int) -> None:
    shared.remember(page=str(number), task=None)


def _number(policy: Policy) -> int:
    """The page that the address names, or that of the chosen task."""
    asked = st.query_params.get("page") or ""
    if asked.isdecimal() and 1 <= int(asked) <= (policy.pages or 1):
        return int(asked)
    task = policy.task(st.query_params.get("task") or "")
    return (task.origin.page if task else None) or 1


def legend() -> str:
    """What the boxes mean; HTML."""
    return "".join(
        f"<span style='border:{width}px solid {colour};padding:0 .3rem;margin-left:.5rem'>{name}</span>"
        for colour, width, name in LOOKS.values()
    )


@st.cache_data(show_spinner="正在画页面 ……", max_entries=60)
def _picture(path: str, generation: str, slug: str, number: int, chosen: str | None, _policy: Policy) -> bytes | None:
    """The page as PNG; None where it cannot be drawn."""
    boxes = []
    for kind, box, is_chosen in _boxes(_policy, number, chosen):
        colour, width, _ = LOOKS[kind]
        edges = (box.x0 - 1, box.top - 1, box.x1 + 1, box.bottom + 1)
        boxes.append(pictures.Frameline(edges, colour, width, "#ffd86040" if is_chosen else ""))
    return pictures.picture(Path(path), _policy.format, number, boxes)


def _boxes(policy: Policy, number: int, chosen: str | None) -> Iterator[tuple[str, Any, bool]]:
    """What stands on the page: its kind, a box, and whether it is of the chosen task."""
    named: list[tuple[str, Origin, str]] = []
    for task in policy.tasks:
        named.append(("task", task.heading or task.origin, task.id))
        if task.id == chosen:
            named.append(("task", task.origin, task.id))
        named += [("who", body.origin, "") for body in task.departments]
    named += [("aim", target.origin, "") for target in policy.targets]
    named += [("bad", defect.origin, "") for defect in policy.defects if defect.origin]
    for kind, origin, of_task in named:
        for box in origin.boxes:
            if box.page == number:
                yield kind, box, bool(chosen) and of_task == chosen
