"""Outlines of documents whose text is not at hand: facts in YAML → `Policy` records marked ``text: outline``.

The logical text of an outline is rendered from its facts, so that its records too have a place to lead back to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from corpus.departments import register
from schemas import BadCatalogue, Citation, Origin, Policy, Responsibility, Section, Target, Task


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A safe loader that notes the line of every mapping."""


def _mapping(loader: Any, node: Any) -> dict[str, Any]:
    made: dict[str, Any] = loader.construct_mapping(node, deep=True)
    made["__line__"] = node.start_mark.line + 1
    return made


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


class _Text:
    """The logical text while it grows."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0

    def add(self, text: str, line: int) -> Origin:
        start = self.length
        self.parts += (text, "\n")
        self.length += len(text) + 1
        return Origin(line=line, start=start, end=start + len(text))


def read_outline(path: Path) -> Policy:
    """Read one outline.

    Raises:
        BadCatalogue: the file is no YAML, or a fact that every outline must have is missing.
    """
    data = path.read_bytes()
    try:
        facts = yaml.load(data, Loader=_Loader)
        return _policy(facts, path.name, hashlib.sha256(data).hexdigest())
    except yaml.YAMLError as error:
        raise BadCatalogue(f"{path}：{error}", "请检查缩进和引号。") from error
    except (KeyError, TypeError, ValueError) as error:
        raise BadCatalogue(f"{path}：提纲缺少或写错字段：{error}", "请对照其他提纲改正。") from error


def _policy(facts: dict[str, Any], file: str, digest: str) -> Policy:
    text = _Text()
    text.add(facts["title"], 1)
    titles = {s["id"]: s["title"] for s in facts.get("sections", ())}
    sections = tuple(_sections(facts, text))
    tasks: list[Task] = []
    targets: list[Target] = []
    for row in facts.get("tasks", ()):
        task, own = _task(row, titles, text, len(targets))
        targets += own
        if task.kind != "goals":
            tasks.append(task)
    checked = facts.get("field_verified", {})
    return Policy(
        slug=facts["slug"],
        file=file,
        level=facts["level"],
        title=facts["title"],
        doc_number=facts.get("doc_number"),
        issuers=tuple(facts.get("issuers") or ()),
        addressees=tuple(facts.get("addressees") or ()),
        date=str(facts["date"]) if facts.get("date") and checked.get("date", True) else None,
        basis=tuple(facts.get("based_on") or ()),
        citations=tuple(
            Citation(title=title, role="basis", origin=text.add(f"《{title}》", facts["__line__"]))
            for title in facts.get("based_on") or ()
        ),
        sections=sections,
        tasks=tuple(tasks),
        targets=tuple(targets),
        sha256=digest,
        format="yaml",
        text="outline",
        source_url=facts.get("source_url"),
        unchecked=tuple(
            name for name, fine in checked.items() if not fine and facts.get(name) and name in Policy.model_fields
        ),
        logical_text="".join(text.parts),
    )


def _sections(facts: dict[str, Any], text: _Text) -> Iterator[Section]:
    for row in facts.get("sections", ()):
        if "." not in str(row["id"]):
            yield Section(id=str(row["id"]), title=row["title"], origin=text.add(row["title"], row["__line__"]))


def _task(row: dict[str, Any], titles: dict[str, str], text: _Text, count: int) -> tuple[Task, list[Target]]:
    line = row["__line__"]
    task_id = str(row["id"])
    heading = text.add(row["title"], line)
    terms = tuple(map(str, row.get("key_terms") or ()))
    body = row.get("summary") or row["title"]
    if terms:
        body += f"\n关键词：{'、'.join(terms)}。"
    origin = text.add(body, line)
    departments = tuple(
        Responsibility(
            name=body["name"],
            canonical=register().resolve(body["name"], ("",)),
            role=body["role"],
            effective_role="support" if "配合" in body["role"] else "responsible",
            origin=text.add(body["name"], body["__line__"]),
        )
        for body in row.get("departments") or ()
    )
    goals = row.get("kind") == "goals"
    path = tuple(titles[p] for p in _prefixes(task_id) if p in titles)
    task = Task(
        id=task_id,
        section=task_id.split(".")[0],
        title=row["title"],
        starts_with=body[:15],
        kind="goals" if goals else "task",
        text=body,
        path=path,
        departments=departments,
        departments_from="own" if departments else "none",
        key_terms=terms,
        verified=bool(row.get("verified")),
        heading=heading,
        origin=origin,
    )
    targets = [_target(t, task, goals, text, count + n) for n, t in enumerate(row.get("targets") or (), 1)]
    return task, targets


def _prefixes(task_id: str) -> Iterator[str]:
    parts = task_id.split(".")
    for n in range(1, len(parts)):
        yield ".".join(parts[:n])


def _when(row: dict[str, Any]) -> str:
    if not row.get("target_year"):
        return ""
    return f"{row['target_year']} 年前，" if _is_peak(row) else f"到 {row['target_year']} 年，"


def _is_peak(row: dict[str, Any]) -> bool:
    """Something that has to be reached before a year, without a number."""
    return row.get("value") is None and row["direction"] == "reach" and row.get("bound") == "<"


def _aim(row: dict[str, Any]) -> str:
    """What the indicator is to do: 较 2020 年下降 13.5%, 达峰, 12亿千瓦以上."""
    value, bound = row.get("value"), row.get("bound")
    if value is None:
        return "达峰" if _is_peak(row) else ""
    amount = f"{value:g}{row.get('unit') or ''}"
    about = {">=": "以上", "<=": "以内", "~": "左右"}.get(bound or "", "")
    if row["direction"] != "reduce":
        return f" {amount}{about}"
    since = f"较 {row['baseline_year']} 年" if row.get("baseline_year") else ""
    return f"{since}降至 {amount}以下" if bound == "<=" else f"{since}下降 {amount}{about}"


def _target(row: dict[str, Any], task: Task, goals: bool, text: _Text, number: int) -> Target:
    value = row.get("value")
    note = row.get("note") or ("" if row.get("value") is not None or _aim(row) else "提纲未载具体要求")
    note = f"（{note}）" if note else ""
    quote = f"{_when(row)}{row['indicator']}{_aim(row)}{note}"
    return Target(
        id=f"t{number}",
        task=None if goals else task.id,
        section=task.section,
        quote=quote,
        indicator=row["indicator"],
        direction=row["direction"],
        value=value,
        unit=row.get("unit"),
        per_year=bool(row.get("per_year")),
        bound=row.get("bound"),
        baseline_year=row.get("baseline_year"),
        target_year=row.get("target_year"),
        verified=bool(row.get("verified")),
        origin=text.add(quote, row["__line__"]),
    )
