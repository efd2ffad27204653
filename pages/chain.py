"""The chain of a task as columns of levels, from above to below: which tasks stand where, and what joins them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st

from index.exporting.sheet import clean
from index.reports.answers import LEVEL, name_of
from index.views import DocumentView, Trace
from schemas import LEVELS, Task

BRANCHES, TWIGS, MOST = 6, 2, 18
"""How many links are drawn at the task, at each task beyond, and how many tasks altogether."""
ASSERTED = 2
_DRAW = st.components.v2.component(
    "policytrace_chain",
    css=Path(__file__).with_name("chain.css").read_text("utf-8"),
    js=Path(__file__).with_name("chain.js").read_text("utf-8"),
)


class Node(NamedTuple):
    """A task in the drawing; ``grade`` and ``score`` are those of its direct link to the task traced, or 0."""

    ref: str
    document: DocumentView
    task: Task
    grade: int = 0
    score: float = 0.0


class Edge(NamedTuple):
    """An upper and a lower task that a link of this grade joins."""

    upper: str
    lower: str
    grade: int


def draw(trace: Trace) -> None:
    """Draws the chain; a click on a task leads to its own chain."""
    nodes, edges = gathered(trace)
    columns = [
        {"name": LEVEL[level], "nodes": [_shown(node, trace.ref) for node in column]}
        for level, column in placed(nodes, edges)
    ]
    _DRAW(key="pt_chain", data={"columns": columns, "edges": [edge._asdict() for edge in edges]})


def asserted(steps: Sequence[Any]) -> list[Any]:
    """The steps that are more than a common theme."""
    return [step for step in steps if step.grade >= ASSERTED]


def gathered(trace: Trace) -> tuple[dict[str, Node], list[Edge]]:
    """The tasks to draw by their reference, the one traced first, and the links between them."""
    nodes = {trace.ref: Node(trace.ref, trace.document, trace.task)}
    edges: dict[tuple[str, str], Edge] = {}
    for way, inner in ((trace.up, "up"), (trace.down, "down")):
        edge = [(step, True) for step in asserted(way)[:BRANCHES]]
        while edge:
            following = []
            for step, is_direct in edge:
                upper, lower = str(step.upper), str(step.lower)
                ref = upper if inner == "up" else lower
                if ref not in nodes:
                    if len(nodes) >= MOST:
                        continue
                    nodes[ref] = Node(ref, step.document, step.task, step.grade * is_direct, step.score * is_direct)
                edges[upper, lower] = Edge(upper, lower, step.grade)
                following += [(one, False) for one in asserted(getattr(step, inner))[:TWIGS]]
            edge = following
    return nodes, list(edges.values())


def placed(nodes: dict[str, Node], edges: Sequence[Edge]) -> list[tuple[Any, list[Node]]]:
    """The columns from above to below, each with its level; a level has several where its own tasks rest on each other."""
    order = {level: number for number, level in enumerate(LEVELS)}
    place = {ref: (order.get(node.document.level, len(order)), 0) for ref, node in nodes.items()}  # type: ignore[arg-type]
    for _ in nodes:  # the longest way through a level takes as many rounds as it has steps
        for edge in edges:
            high, low = place[edge.upper], place[edge.lower]
            if high >= low and high[0] == low[0] and high[1] < len(nodes):
                place[edge.lower] = (low[0], high[1] + 1)
    columns: dict[tuple[int, int], list[Node]] = {}
    for ref, node in nodes.items():
        columns.setdefault(place[ref], []).append(node)
    return [(_level(where[0]), _untangled(columns[where])) for where in sorted(columns)]


def _level(number: int) -> Any:
    return LEVELS[number] if number < len(LEVELS) else None


def _untangled(column: list[Node]) -> list[Node]:
    """The surest in the middle of what is seen first: direct links by grade and score, the rest after them."""
    return sorted(column, key=lambda node: (-node.grade, -node.score))


def _shown(node: Node, here: str) -> dict[str, Any]:
    """A task as the drawing needs it: plain texts, which it shows as text."""
    signs = [
        sign
        for sign, is_so in (("提纲", node.document.text == "outline"), ("未核", node.task.verified is False))
        if is_so
    ]
    return {
        "ref": node.ref,
        "title": clean(name_of(node.task)),
        "place": clean(f"{node.task.id}　{node.document.title}"),
        "signs": signs,
        "grade": node.grade,
        "score": f"{node.score:.2f}",
        "here": node.ref == here,
    }
