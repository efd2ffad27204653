"""What the command line prints of links, traces, gaps and compared targets. Evidence is marked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from index.reports.answers import (
    COMPARED,
    COVERAGE,
    GRADE,
    LINK_STATE,
    RELATION,
    measures_near,
    measures_unseen,
    name_of,
    place,
    reasons,
    said,
)
from index.reports.terminal import marked, shortened, table, width, wrapped

if TYPE_CHECKING:
    from index.linking.basis import Counterpart, Initiative
    from index.linking.tracing import Trace
    from index.views import DocumentEdge
    from schemas import Link, Policy

INNER = 2
"""Links shown of each further step."""
AROUND = 12
"""Characters shown around shared wording."""
OUTDATED = "〔任务已更正，关联待更新〕"
"""Beside a link that was found before people changed one of its tasks."""
INITIATIVE = {"own": "○ 没有依据", "soft": "◌ 依据不足", "suspect": "◌ 依据待重新确认", "partly": "◐ 部分举措没有依据"}
_NUMBER = re.compile(r"\d[\d.,]*\s*(?:%|％|[万亿]?[吨千瓦家个项条]+)?")


def names_of(policies: Sequence[Policy]) -> dict[str, str]:
    """Ref → the task's title, with what has to be known of it: an outline, a fact that is not checked."""
    return {
        f"{policy.slug}#{task.id}": f"{name_of(task)}{signs(policy.text, task.verified)}"
        for policy in policies
        for task in policy.tasks
    }


def signs(form: str, verified: bool | None) -> str:
    """〔提纲〕 and 〔未核〕 where they apply."""
    return f"{'〔提纲〕' if form == 'outline' else ''}{'〔未核〕' if verified is False else ''}"


def traced(trace: Trace, columns: int, most: int | None) -> Iterator[str]:
    """The chain as a tree, up and then down; at most so many links at a step (None: all), each task once."""
    yield from wrapped(f"{name_of(trace.task)}　{trace.ref}{said(trace.task.state, trace.task.again)}", columns)
    document = trace.document
    yield from wrapped(_place(document, trace.task.verified), columns)
    if trace.relinked:
        yield from wrapped(f"注意：{trace.relinked}", columns)
    for heading, steps, inner in (("上级依据", trace.up, "up"), ("下级落实", trace.down, "down")):
        yield ""
        yield f"{heading}（直接的 {len(steps)} 项）" if steps else f"{heading}：未找到"
        yield from _steps(steps, inner, "", columns, most, {trace.ref})
    if trace.note:
        yield ""
        yield from wrapped(trace.note, columns)


def _steps(
    steps: Sequence[Any],
    inner: str,
    indent: str,
    columns: int,
    most: int | None,
    seen: set[str],
    before: Any = None,
) -> Iterator[str]:
    kept = steps if most is None else steps[: INNER if indent else most]
    for number, step in enumerate(kept):
        is_last = number == len(kept) - 1 == len(steps) - 1
        branch, below = indent + ("└ " if is_last else "├ "), indent + ("    " if is_last else "│   ")
        ref = str(step.upper if inner == "up" else step.lower)
        verdict = f"〔{LINK_STATE[step.state]}〕" if LINK_STATE[step.state] else ""
        verdict += OUTDATED if step.outdated else ""
        again = "（见上）" if ref in seen else ""
        head = f"{GRADE[step.grade]} {step.score:.2f}{verdict}　{name_of(step.task)}"
        whole = f"{head}　{ref}{again}"
        if width(f"{branch}{whole}") <= columns:
            yield from wrapped(whole, columns, branch, below)
        else:  # a reference stands on one line, to be copied
            yield from wrapped(head, columns, branch, f"{below}  ")
            yield from wrapped(f"{ref}{again}", columns, below)
        if again:
            continue
        seen.add(ref)
        for line in _about(step, inner, before):
            yield from wrapped(line, columns, below, f"{below}  ")
        yield from _steps(getattr(step, inner), inner, below, columns, most, seen, step)
    if len(kept) < len(steps):
        yield f"{indent}└ 另有 {len(steps) - len(kept)} 项（--all 全部列出）"


def _place(document: Any, verified: bool | None) -> str:
    return place(document.title, document.level, document.text, verified, document.superseded_by)


def _about(step: Any, inner: str, before: Any) -> Iterator[str]:
    """Document, evidence, and of a longer chain the weakest link."""
    document, chain = step.document, step.chain
    yield _place(document, step.task.verified)
    shared = _shared(step, "upper" if inner == "up" else "lower")
    if shared:
        # of an outline the words are a summary of ours, not the document's own
        yield f"{'与提纲相同的文字见于' if document.text == 'outline' else '相同文字见于'}：{shared}"
    else:
        yield f"理由：{'；'.join(reasons(step.evidence)[:2]) or '用语不同'}"
    if chain.steps > 1:
        if chain.weakest_upper == step.upper and chain.weakest_lower == step.lower:
            yield f"全链 {chain.steps} 步，最弱的是这一环"
        else:
            is_before = (chain.weakest_lower, chain.weakest_upper) == (before.lower, before.upper)
            weakest = "上一环" if is_before else f"{chain.weakest_lower} → {chain.weakest_upper}"
            yield f"全链 {chain.steps} 步，强度取最弱一环：{weakest}（{GRADE[chain.grade]} {chain.score:.2f}）"
    suspects = [pair for pair in chain.suspects if pair != (step.lower, step.upper)]
    if suspects:
        named = "、".join(f"{low} → {high}" for low, high in suspects)
        yield f"注意：全链经过待重新确认的关联 {named}（文字已改，先看这一环）"


def _shared(step: Any, side: str) -> str:
    """The shared wording where it stands in the task's text, marked; the longest three, those side by side together."""
    start, text = step.task.origin.start, step.task.text
    parts, inside = [], []
    for piece in step.evidence.fragments[:3]:
        at = getattr(piece, f"{side}_start") - start
        if text[max(at, 0) : at + len(piece.text)] == piece.text:
            inside.append((at, at + len(piece.text)))
        else:  # in the title, or the text was restored
            parts.append(marked(piece.text, [(0, len(piece.text))]))
    for left, right, marks in _windows(sorted(inside), len(text)):
        around = text[left:right].replace("\n", " ")
        dots = "…" if left else "", "…" if right < len(text) else ""
        parts.append(dots[0] + marked(around, [(at - left, end - left) for at, end in marks]) + dots[1])
    return "；".join(parts)


def _windows(marks: Sequence[tuple[int, int]], length: int) -> list[tuple[int, int, list[tuple[int, int]]]]:
    """The marks, in order, with what stands around them: (from, to, marks inside)."""
    found: list[tuple[int, int, list[tuple[int, int]]]] = []
    for at, end in marks:
        left, right = max(0, at - AROUND), min(length, end + AROUND)
        if found and left <= found[-1][1]:
            first, last, held = found[-1]
            if at >= held[-1][1]:
                held.append((at, end))
            found[-1] = (first, max(right, last), held)
        else:
            found.append((left, right, [(at, end)]))
    return found


def linked(links: Sequence[Link], names: Mapping[str, str], columns: int, most: int) -> Iterator[str]:
    """The links as a table, two documents by two, the surest first; `names` gives a task's title by its ref."""
    counts = Counter(link.grade for link in links)
    yield f"共 {len(links)} 条" + "".join(f"，{GRADE[grade]} {counts[grade]}" for grade in sorted(counts, reverse=True))
    best = sorted(links, key=lambda link: (-link.grade, -link.score))[:most]
    pairs = {pair: number for number, pair in enumerate(dict.fromkeys(map(_documents, best)))}
    best.sort(key=lambda link: pairs[_documents(link)])
    rows = [
        (
            link.grade,
            f"{link.score:.2f}",
            LINK_STATE[link.state] or RELATION[link.relation],
            f"{link.lower.task} {names.get(str(link.lower), '')}",
            f"{link.upper.task} {names.get(str(link.upper), '')}",
            shortened(next((piece.text for piece in link.evidence.fragments), "（用语不同）"), 24),
        )
        for link in best
    ]
    lines = table(("等级", "分数", "关系或认定", "下级任务", "上级任务", "相同文字"), rows, columns) if rows else []
    yield from lines[:2]
    told = None
    for link, line in zip(best, lines[2:], strict=True):
        if told != _documents(link):
            told = _documents(link)
            yield ""
            yield from wrapped(f"下级 {told[0]}，上级 {told[1]}", columns)
        yield line
    if len(best) < len(links):
        yield f"另有 {len(links) - len(best)} 条，用 --limit 调整，或用 --json 取全部。"


def _documents(link: Link) -> tuple[str, str]:
    return link.lower.doc, link.upper.doc


def counterparts(rows: Sequence[Counterpart], columns: int, most: int) -> Iterator[str]:
    """Which lower office stands for which upper body: counts, those to be seen again apart, then the tasks behind them."""
    if not rows:
        yield "没有可以对应的部门：没有可以认定的关联，或一方没有写明责任部门。"
        return
    yield f"共 {len(rows)} 组对应；数字是相关联的任务对数。"
    yield from table(
        ("任务对", "上级部门", "下级部门"),
        ((f"{row.count}{_again(row, '（{}）')}", row.upper, row.lower) for row in rows[:most]),
        columns,
    )
    for row in rows[:most]:
        yield ""
        yield from wrapped(f"{row.upper} × {row.lower}（{row.count}{_again(row, '，{}')}）", columns)
        for docs, tasks in _behind(row).items():
            yield from wrapped(f"{docs}：{'；'.join(tasks)}", columns, "    ")
    if len(rows) > most:
        yield f"另有 {len(rows) - most} 组，用 --limit 调整，或用 --json 取全部。"


def _again(row: Counterpart, form: str) -> str:
    """How many of the pairs have to be seen again, in a form with {} for it; empty where none has."""
    return form.format(f"其中 {len(row.suspect)} 待重新确认") if row.suspect else ""


def _behind(row: Counterpart) -> dict[str, list[str]]:
    """Upper and lower document → upper tasks with the lower tasks that carry each out."""
    found: dict[str, dict[str, list[str]]] = {}
    for high, low in row.pairs:
        sign = "（待重新确认）" if (high, low) in row.suspect else ""
        found.setdefault(f"{high.doc} ← {low.doc}", {}).setdefault(high.task, []).append(f"{low.task}{sign}")
    return {docs: [f"{high} ← {'、'.join(low)}" for high, low in tasks.items()] for docs, tasks in found.items()}


def initiatives(rows: Sequence[Initiative], names: Mapping[str, str], columns: int) -> Iterator[str]:
    """What a document does of its own accord, task by task."""
    if not rows:
        yield "每项任务的每条举措都有上级依据。"
        return
    counts: Counter[str] = Counter(row.state for row in rows)
    yield "，".join(f"{label} {counts[state]}" for state, label in INITIATIVE.items() if counts[state]) + "。"
    for row in rows:
        yield ""
        yield from wrapped(f"{INITIATIVE[row.state]}　{row.task.task} {names.get(str(row.task), '')}", columns)
        near = f"；最相近的是 {row.nearest} {names.get(str(row.nearest), '')}" if row.nearest else ""
        yield from wrapped(f"{row.reason}{near}", columns, "    ")
        if row.state == "partly":
            yield from wrapped("；".join(row.measures), columns, "    自有：", "      ")


def document_graph(edges: Sequence[DocumentEdge], facts: Mapping[str, str], columns: int) -> Iterator[str]:
    """Under each document those that it names, its basis first; one that is not held is marked. ``facts``: slug → 文号
    and date."""
    if not edges:
        yield "没有文件点名引用别的文件。"
        return
    missing = len({one.upper or one.title for one in edges if not one.held})
    yield f"共 {len(edges)} 处引用；所引文件中 {missing} 份不在知识库。"
    for slug in dict.fromkeys(one.lower for one in edges):
        own = [one for one in edges if one.lower == slug]
        yield ""
        yield from wrapped(f"{slug}　{facts.get(slug, '')}".rstrip(), columns)
        for number, one in enumerate(own):
            role = "依据" if one.role == "basis" else "引用"
            where = f"　{one.upper}" if one.held else "〔未入库〕"
            known = facts.get(one.upper or "", "")
            last = number == len(own) - 1
            line = f"{role}　《{one.title}》{where}{'　' if known else ''}{known}"
            yield from wrapped(line, columns, "└ " if last else "├ ", "   " if last else "│  ")


UNSEEN = {"covered": "未见对应内容", "partial": "其中未见对应内容", "gap": "上级所列"}
"""What is said of the measures without words: in the tasks that carry it out, in those that take up a part; of a gap all
are listed."""


def covered(rows: Sequence[Any], names: Mapping[str, str], columns: int) -> Iterator[str]:
    """Each upper task with its state, why, and what of it nobody takes up."""
    counts = Counter(row.state for row in rows)
    open_ones = sum(row.state == "covered" and bool(row.missing_measures) for row in rows)
    none = sum(row.state == "covered" and len(row.missing_measures) == row.measures > 1 for row in rows)
    note = f"已落实的任务中 {open_ones} 项有举措未见对应内容" if open_ones else ""
    note += f"（{none} 项的举措均未见）" if none else ""
    note += "，须逐一核对。" if note else ""
    total = "，".join(f"{label} {counts[state]}" for state, label in COVERAGE.items())
    yield from wrapped(f"{total}。{note}", columns)
    for row in rows:
        yield ""
        yield from wrapped(f"{COVERAGE[row.state]}　{row.upper.task} {names.get(str(row.upper), '')}", columns)
        yield from wrapped(row.reason, columns, "    ")
        if row.state in UNSEEN and row.missing_measures:
            listed = "；".join(measures_unseen(row))
            yield from wrapped(listed, columns, f"    {UNSEEN[row.state]}：", "      ")
        if row.near_measures:
            yield from wrapped("；".join(measures_near(row)), columns, "    只有相近内容，须核对：", "      ")


def compared(pairs: Sequence[Any], columns: int) -> Iterator[str]:
    """Targets of one indicator against each other, what contradicts first; numbers are marked."""
    counts = Counter(pair.relation for pair in pairs)
    shares = "，".join(f"{name} {counts[key]}" for key, name in COMPARED.items() if counts[key])
    yield f"共 {len(pairs)} 组：{shares}" if pairs else "没有可以对照的指标。"
    for pair in sorted(pairs, key=lambda pair: list(COMPARED).index(pair.relation)):
        yield ""
        yield from wrapped(f"{COMPARED[pair.relation]}：{pair.reason}", columns)
        for side, one in (("下级", pair.lower), ("上级", pair.upper)):
            quote = marked(one.target.quote, (found.span() for found in _NUMBER.finditer(one.target.quote)))
            sign = "〔未核〕" if one.target.verified is False else ""
            yield from wrapped(f"{quote}{sign}（{one.doc} {one.task or '总体目标'}）", columns, f"  {side}　")


def target_json(row: Any) -> dict[str, Any]:
    """A target as ``targets --json`` prints it."""
    return {"doc": row.doc, "level": row.level, **row.target.model_dump(mode="json")}


def pair_json(pair: Any) -> dict[str, Any]:
    """A compared pair as ``targets --compare --json`` prints it."""
    sides = {
        name: {
            "doc": one.doc,
            "task": one.task,
            "quote": one.target.quote,
            "target": one.target.model_dump(mode="json"),
        }
        for name, one in (("lower", pair.lower), ("upper", pair.upper))
    }
    return {**sides, "relation": pair.relation, "reason": pair.reason}
