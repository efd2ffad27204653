"""责任追溯: a task, what it rests on, what carries it out, and the two texts side by side with the shared wording."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import streamlit as st

from index import views
from index.report import GRADE, LEVEL, LINK_STATE, RELATION, name_of
from index.sheet import clean
from index.terminal import width
from pages import shared
from schemas import NotFound, Policy, Task

BRANCHES, TWIGS = 5, 2  # how many links the drawing shows at the task, and at each of those


@st.cache_resource(show_spinner="正在追溯 ……", max_entries=60)
def _trace(path: str, generation: str, ref: str, _kb: shared.Snapshot) -> views.Trace:
    return views.trace(_kb, ref, doubtful=True)


def render(kb: shared.Snapshot) -> None:
    """The whole page."""
    st.title("责任追溯")
    asked = st.query_params.get("task")
    try:
        current = kb.task(asked) if asked else None
    except NotFound as error:
        current = None
        st.warning(f"{shared.plain(error.problem)}\n\n{shared.plain(error.hint)}", icon=":material/warning:")
    ref = _choose(kb, current)
    if ref is None:
        st.info("请选择一份文件和其中的一项任务，或从“任务检索”进入。", icon=":material/info:")
        return
    shared.remember(task=ref)
    policy, task = kb.task(ref)
    _task(policy, task)
    trace = _trace(str(kb.path), kb.generation, ref, kb)
    if trace.note:
        st.info(shared.plain(trace.note), icon=":material/info:")
    if trace.up or trace.down:
        _chain(trace)
        _compare(kb, trace)


def _choose(kb: shared.Snapshot, current: tuple[Policy, Task] | None) -> str | None:
    """Document and task; what the address says comes first."""
    documents = {policy.slug: policy for policy in reversed(kb.policies())}
    left, right = st.columns([2, 3])
    slugs = list(documents)
    slug = left.selectbox(
        "文件",
        slugs,
        index=slugs.index(current[0].slug) if current else None,
        format_func=lambda one: shared.label(documents[one]),
        placeholder="选择文件",
    )
    tasks = {task.id: task for task in documents[slug].tasks} if slug else {}
    ids = list(tasks)
    same = current is not None and current[0].slug == slug
    task_id = right.selectbox(
        "任务",
        ids,
        index=ids.index(current[1].id) if current and same else None,
        format_func=lambda one: f"{one} {name_of(tasks[one])}",
        placeholder="选择任务" if slug else "先选择文件",
        disabled=not slug,
    )
    return f"{slug}#{task_id}" if slug and task_id else None


def _task(policy: Policy, task: Task) -> None:
    targets = [target for target in policy.targets if target.task == task.id]
    with st.container(border=True, gap="small"):
        where = shared.place(policy.title, policy.level, policy.text, task.verified)
        line = f"{shared.escaped(policy.file)}，第 {task.origin.line} 行"
        aims = "".join(
            f"<span class='pt-chip'><b>目标</b>{shared.escaped(one.quote)}{'（未核）' if one.verified is False else ''}</span>"
            for one in targets
        )
        st.html(
            f"<div class='pt-meta'>{where}　{shared.escaped(' › '.join(task.path))}</div>"
            f"<div class='pt-body'>{shared.escaped(task.text)}</div>"
            f"<div>{shared.chips(task.departments, policy.text)}{aims}</div><div class='pt-meta'>出处：{line}</div>"
        )


def _chain(trace: views.Trace) -> None:
    up, down = _asserted(trace.up), _asserted(trace.down)
    st.subheader(f"责任链：上级依据 {len(up)} 项，下级落实 {len(down)} 项")
    if not (up or down):
        st.caption("只有主题相近的任务，不足以认定依据或落实；见下面的对照。")
        return
    st.graphviz_chart(_drawing(trace), width="stretch", height="content")
    hidden = max(0, len(up) - BRANCHES) + max(0, len(down) - BRANCHES)
    more = f"图中只画最可靠的几项，另有 {hidden} 项见下面的对照。" if hidden else ""
    st.caption(f"左为上级，右为下级；实线为落实（3 级），虚线为部分落实（2 级）。{more}")


def _asserted(steps: Sequence[Any]) -> list[Any]:
    return [step for step in steps if step.grade >= 2]


def _drawing(trace: views.Trace) -> str:
    """The chain as a Graphviz drawing; texts are quoted strings, never markup."""
    lines = [
        'digraph { rankdir=LR; nodesep=0.15; ranksep=0.45; bgcolor="transparent";',
        'node [shape=box style="rounded,filled" fillcolor="#ffffff" color="#8c96a3" fontname="sans-serif" fontsize=11];',
        'edge [color="#5b6773" fontname="sans-serif" fontsize=9];',
        _node(trace.ref, trace.task, trace.document, 'penwidth=2 color="#1f5a8a" fillcolor="#eaf2f8"'),
    ]
    drawn = {trace.ref}
    edges: set[str] = set()
    for steps, inner in ((trace.up, "up"), (trace.down, "down")):
        for step in _asserted(steps)[:BRANCHES]:
            for one in (step, *_asserted(getattr(step, inner))[:TWIGS]):
                ref = str(one.upper if inner == "up" else one.lower)
                if ref not in drawn:
                    drawn.add(ref)
                    lines.append(_node(ref, one.task, one.document))
                edges.add(_edge(one))
    return "\n".join([*lines, *sorted(edges), "}"])


def _node(ref: str, task: Task, document: views.DocumentView, look: str = "") -> str:
    signs = "（提纲）" if document.text == "outline" else ""
    name = name_of(task)
    label = f"{LEVEL[document.level]} {task.id}{signs}\n{name[:16]}{'…' if len(name) > 16 else ''}"
    tip = f"{document.title} {task.id} {name}"
    inches = max(map(width, label.split("\n"))) * 0.082 + 0.25  # the drawing's own measure knows no Chinese
    return f"{_quoted(ref)} [label={_quoted(label)} tooltip={_quoted(tip)} width={inches:.2f} {look}];"


def _edge(step: Any) -> str:
    style = "solid" if step.grade == 3 else "dashed"
    return f'{_quoted(str(step.upper))} -> {_quoted(str(step.lower))} [style={style} label="{step.score:.2f}"];'


def _quoted(text: str) -> str:
    plain = clean(text).replace("\\", "＼").replace('"', "”").replace("\n", "\\n")
    return f'"{plain}"'


def _compare(kb: shared.Snapshot, trace: views.Trace) -> None:
    """One link, its two texts and its reasons."""
    st.subheader("逐条对照")
    steps = {("up", str(step.upper)): step for step in trace.up} | {
        ("down", str(step.lower)): step for step in trace.down
    }
    key = st.selectbox("选择一条关联", list(steps), format_func=lambda one: _named(one[0], steps[one]))
    step = steps[key]
    state = LINK_STATE[step.state]
    st.markdown(
        f"**{GRADE[step.grade]}**　可靠度 **{step.score:.2f}**　{RELATION[step.relation]}{f'　{state}' if state else ''}"
    )
    for column, heading, side in zip(st.columns(2), ("上级任务", "下级任务"), ("upper", "lower"), strict=True):
        ref = str(getattr(step, side))
        column.html(_card(kb, ref, heading, list(_marks(step, side))))
        if ref != trace.ref:
            # a link to this same page would leave the address as it was
            column.button(
                "从这项任务继续追溯", icon=":material/arrow_forward:", on_click=shared.remember, kwargs={"task": ref}
            )
    reasons = [f"{signal.note or signal.name}（强度 {signal.value:.2f}）" for signal in step.evidence.signals]
    if reasons:
        st.markdown("**判断理由**\n\n" + "\n".join(f"- {shared.plain(reason)}" for reason in reasons))


def _named(way: str, step: Any) -> str:
    task = f"{step.task.id} {name_of(step.task)}"
    arrow = "↑ 依据" if way == "up" else "↓ 落实"
    return f"{arrow}　{GRADE[step.grade]} {step.score:.2f}　{LEVEL[step.document.level]} · {step.document.title} {task}"


def _marks(step: Any, side: str) -> Iterator[tuple[int, int]]:
    """The shared wording on one side, as offsets in the document's logical text, in order."""
    spans = ((getattr(one, f"{side}_start"), getattr(one, f"{side}_end")) for one in step.evidence.fragments)
    return iter(sorted(spans))


def _card(kb: shared.Snapshot, ref: str, heading: str, marks: list[tuple[int, int]]) -> str:
    """One side: place, title, text with the shared wording marked, departments; HTML."""
    policy, task = kb.task(ref)

    def inside(start: int, text: str) -> str:
        end = start + len(text)
        return shared.marked(text, [(a - start, b - start) for a, b in marks if start <= a and b <= end])

    title = shared.escaped(name_of(task))
    if task.title and task.heading:
        at = policy.logical_text.find(task.title, task.heading.start, task.heading.end)
        title = inside(at, task.title) if at >= 0 else title
    where = shared.place(policy.title, policy.level, policy.text, task.verified)
    return (
        f"<div class='pt-card'><div class='pt-meta'>{heading}　{where}</div>"
        f"<h4>{shared.escaped(task.id)} {title}</h4><div class='pt-body'>{inside(task.origin.start, task.text)}</div>"
        f"<div>{shared.chips(task.departments, policy.text)}</div>"
        f"<div class='pt-meta'>{shared.escaped(policy.file)}，第 {task.origin.line} 行</div></div>"
    )


shared.page(render)
