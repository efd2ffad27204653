"""What 总览 counts, worked out once for each state of the knowledge base, and its headline numbers."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import streamlit as st

from index.deciding.organisations import register_of
from index.linking.coverage import STATE_NAMES, counted
from index.linking.linker import FEW
from index.reports.answers import LEVEL
from pages import shared
from schemas import LEVELS, Finding

UPPERS, LOWERS = 12, 12
"""Upper documents, and lower ones of each, that are shown."""


def counted_lowers(kb: shared.Snapshot) -> int:
    """Of how many lower documents of an upper one the coverage is worked out: among many documents only of the first,
    for each takes a linking of the two (`index.linking.pairs`)."""
    return LOWERS if len(kb.slugs()) <= FEW else 1


class Carried(NamedTuple):
    """A lower document, by its slug, and how many links say that it carries out something of the upper one."""

    lower: str
    links: int


class Facts(NamedTuple):
    """``levels``: name, level, then documents, tasks, targets and tasks with a basis; ``departments``: name and tasks, the
    busiest first; ``bare``: tasks of full texts that name none; ``carried``: upper document → what carries it out."""

    levels: tuple[tuple[str, str | None, int, int, int, int], ...]
    departments: tuple[tuple[str, int], ...]
    bare: int
    carried: dict[str, tuple[Carried, ...]]


def facts(kb: shared.Snapshot) -> Facts:
    """The facts of the knowledge base as it is now."""
    return _facts(str(kb.path), kb.generation, kb)


@st.cache_resource(show_spinner=False, max_entries=2)
def _facts(path: str, generation: str, _kb: shared.Snapshot) -> Facts:
    based = {edge.lower for edge in _kb.edges() if edge.grade >= 2}
    rows: dict[str | None, list[int]] = {}
    counts: Counter[str] = Counter()
    known, bare = register_of(_kb), 0
    for policy in _kb.policies():
        row = rows.setdefault(policy.level, [0, 0, 0, 0])
        tasks = [task for task in policy.tasks if task.state != "rejected"]
        numbers = (1, len(tasks), len(policy.targets), sum(f"{policy.slug}#{task.id}" in based for task in tasks))
        rows[policy.level] = [one + more for one, more in zip(row, numbers, strict=True)]
        for task in tasks:
            bare += not task.departments and policy.text == "full" and task.kind != "goals"
            counts.update({known.name(one.canonical) if one.canonical else one.name for one in task.departments})
    levels = tuple((LEVEL[level], level, *rows[level]) for level in (*LEVELS, None) if level in rows)
    return Facts(levels, tuple(counts.most_common()), bare, _carried(_kb))


def _carried(kb: shared.Snapshot) -> dict[str, tuple[Carried, ...]]:
    """For each upper document, the most linked first, the lower ones that carry something of it out: those of the lowest
    level first, among them those with most links."""
    counts: Counter[tuple[str, str]] = Counter()
    for edge in kb.edges():
        if edge.grade >= 2:
            counts[edge.upper.partition("#")[0], edge.lower.partition("#")[0]] += 1
    found: dict[str, list[Carried]] = {}
    for (upper, lower), number in counts.items():
        found.setdefault(upper, []).append(Carried(lower, number))
    order = {policy.slug: LEVELS.index(policy.level) if policy.level else -1 for policy in kb.policies()}
    sorted_ones = {
        upper: tuple(sorted(lower, key=lambda one: (-order[one.lower], -one.links, one.lower)))
        for upper, lower in found.items()
    }
    return dict(sorted(sorted_ones.items(), key=lambda row: (-row[1][0].links, row[0])))


def coverage(kb: shared.Snapshot, upper: str, lower: str) -> dict[str, int]:
    """Tasks of the upper document by their state; made anew when a decision concerns one of the two documents."""
    both = {upper, lower}
    said = hash(tuple(one.decision for about, one in kb.standings.items() if {about.doc, about.other_doc} & both))
    return _counted(str(kb.path), kb.built, said, upper, lower, kb)


@st.cache_data(show_spinner=False, max_entries=1_000)
def _counted(path: str, built: str, said: int, upper: str, lower: str, _kb: shared.Snapshot) -> dict[str, int]:
    counts = counted(_kb, upper, lower, _kb.not_applicable(upper, lower))
    return {state: counts[state] for state in STATE_NAMES}


def made_ready(kb: shared.Snapshot) -> None:
    """Works out what the page shows, so that the first person who opens it need not wait."""
    for upper, carried in list(facts(kb).carried.items())[:UPPERS]:
        for one in carried[: counted_lowers(kb)]:
            coverage(kb, upper, one.lower)


def numbers(known: Facts, found: tuple[Finding, ...] | None) -> str:
    """The headline, each number leading to its page; HTML. `found` is None where that is still being worked out."""
    documents, tasks, targets, based = (sum(row[number] for row in known.levels) for number in (2, 3, 4, 5))
    share = f"{based / tasks:.0%}" if tasks else "—"
    cards = (
        ("documents", "文件", f"{documents:,}", "份"),
        ("search", "任务", f"{tasks:,}", "项"),
        ("targets", "目标", f"{targets:,}", "个"),
        ("gaps", "有上级依据的任务", f"{based:,}", f"项，占 {share}"),
        ("quality", "待核对", "…" if found is None else f"{sum(one.severity != 'info' for one in found):,}", "条"),
    )
    inner = (
        shared.leads(page, f"<span>{name}</span><b>{number}</b><small>{unit}</small>", "pt-number")
        for page, name, number, unit in cards
    )
    return f"<div class='pt-numbers'>{''.join(inner)}</div>"
