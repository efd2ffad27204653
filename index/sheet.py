"""What a 任务分工表 says, as plain cells: its title block, its columns, its rows. How it is written is in `index.export`.

A cell holds what the source says and nothing else; a department cell that the source leaves empty reads 文件未明确.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any, Literal

from index.report import said, unsaid
from index.views import MatrixRow

Layout = Literal["list", "grid"]
Cell = str | int
LEAD, SUPPORT = "●", "○"

_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


@dataclass(frozen=True)
class Head:
    """The title block: documents as (slug, title, 文号 or empty), the day of export, the filter that was applied.

    ``names`` gives the title of every document by its slug, for the 上级依据; ``outlines`` are the slugs of those of
    which only facts are held.
    """

    title: str
    documents: tuple[tuple[str, str, str], ...]
    exported: date
    filtered: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    outlines: frozenset[str] = frozenset()

    def unsaid(self, slug: str) -> str:
        """What stands in a department cell that the document leaves empty."""
        return unsaid("outline" if slug in self.outlines else "full")

    def lines(self) -> tuple[str, ...]:
        """What stands below the title."""
        named = [f"《{title}》{f'（{number}）' if number else ''}" for _, title, number in self.documents]
        shown = "、".join(named[:4]) + (f"等 {len(named)} 份" if len(named) > 4 else "")
        return (
            f"文件：{shown}",
            f"筛选：{self.filtered or '无，全部任务'}",
            f"导出日期：{self.exported.year}年{self.exported.month}月{self.exported.day}日",
        )


@dataclass(frozen=True)
class Column:
    """A column: its name, its width in characters of half width, whether it stands in the middle."""

    name: str
    width: int
    middle: bool = False


@dataclass(frozen=True)
class Line:
    """A row of cells, with the document and section it stands in; a heading is one text across all columns."""

    cells: tuple[Cell, ...]
    document: str = ""
    section: str = ""
    heading: bool = False
    total: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table ready to be written; ``frozen`` columns stay in sight."""

    head: Head
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    frozen: int
    legend: str = ""

    def widths(self) -> tuple[int, ...]:
        """The columns' widths; a column that says nothing takes no more than its name."""
        said = [
            any(line.cells[number] for line in self.lines if not line.heading) for number in range(len(self.columns))
        ]
        return tuple(
            column.width if is_said else min(column.width, 2 * len(column.name) + 4)
            for column, is_said in zip(self.columns, said, strict=True)
        )


def head(
    kb: Any,
    rows: Sequence[MatrixRow],
    exported: date,
    *,
    doc: str | None = None,
    department: str | None = None,
    filtered: str = "",
) -> Head:
    """The title block for some rows of the matrix. `filtered` tells of any other filter."""
    slugs = [doc] if doc else dict.fromkeys(row.doc for row in rows)
    policies = [kb.policy(slug) for slug in slugs]
    title = f"{policies[0].title}任务分工表" if len(policies) == 1 else "任务分工表"
    parts = [f"责任部门为“{department}”" if department else "", filtered]
    return Head(
        title,
        tuple((policy.slug, policy.title, policy.shown_number or "") for policy in policies),
        exported,
        "；".join(filter(None, parts)),
        {policy.slug: policy.title for policy in kb.policies()},
        frozenset(policy.slug for policy in kb.policies() if policy.text == "outline"),
    )


def sheet(rows: Sequence[MatrixRow], title: Head, layout: Layout) -> Sheet:
    """The rows in a layout."""
    return _grid(rows, title) if layout == "grid" else _list(rows, title)


def clean(text: str) -> str:
    """The text without control characters, marks of direction and lone surrogates; a tab becomes a blank."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\t", " "))


LIST = (
    Column("序号", 6, True),
    Column("重点任务", 22),
    Column("主要内容", 64),
    Column("牵头/责任部门", 18),
    Column("配合部门", 13),
    Column("完成时限", 12, True),
    Column("目标", 26),
    Column("上级依据", 50),
    Column("出处", 16),
)


def _list(rows: Sequence[MatrixRow], title: Head) -> Sheet:
    def cells(number: int, row: MatrixRow) -> tuple[Cell, ...]:
        return (
            number,
            row.title or "",
            row.text,
            "、".join(row.lead) or title.unsaid(row.doc),
            "、".join(row.support) or title.unsaid(row.doc),
            row.deadline or "",
            "\n".join(row.targets),
            "\n".join(
                (*_bases(row.upper, title.names), *(f"{one}（部分）" for one in _bases(row.partial, title.names)))
            ),
            _origin(row),
        )

    return Sheet(title, LIST, _sections(rows, title, cells), frozen=2)


def _bases(refs: Iterable[str], titles: Mapping[str, str]) -> Iterator[str]:
    """《document》 with its clauses, a line per document, the surest first."""
    by_doc: dict[str, list[str]] = {}
    for ref in refs:
        slug, _, task = ref.partition("#")
        by_doc.setdefault(slug, []).append(task)
    return (f"《{titles.get(slug, slug)}》{'、'.join(tasks)}" for slug, tasks in by_doc.items())


def _origin(row: MatrixRow) -> str:
    page = f"第{row.origin.page}页" if row.origin.page else ""
    return f"{row.task}\n{page}第{row.origin.line}行{said(row.state, row.again, chr(10))}"


def _grid(rows: Sequence[MatrixRow], title: Head) -> Sheet:
    """Tasks × departments; names of one body share a column, which has the name that comes first."""
    key = _body_of()
    names: dict[str, str] = {}
    for row in rows:
        for name in (*row.lead, *row.support):
            names.setdefault(key(name), name)
    bare = any(not (row.lead or row.support) for row in rows)

    def cells(number: int, row: MatrixRow) -> tuple[Cell, ...]:
        lead, support = set(map(key, row.lead)), set(map(key, row.support))
        signs = [LEAD if body in lead else SUPPORT if body in support else "" for body in names]
        missing = [] if not bare else ["" if any(signs) else title.unsaid(row.doc)]
        name = row.title or f"{row.text[:20]}…"
        return (number, f"{row.task} {name}", *signs, *missing, sum(map(bool, signs)))

    lines = _sections(rows, title, cells)
    return Sheet(
        title,
        (
            Column("序号", 6, True),
            Column("重点任务", 40),
            *(Column(name, 9, True) for name in names.values()),
            *([Column("未写明部门", 12, True)] if bare else []),
            Column("部门数", 8, True),
        ),
        (*lines, _totals(lines)) if rows else (),
        frozen=2,
        legend=f"{LEAD} 牵头或负责　{SUPPORT} 配合",
    )


def _totals(lines: Sequence[Line]) -> Line:
    """How many tasks each column counts."""
    columns = list(zip(*(line.cells for line in lines if not line.heading), strict=True))
    counts = [sum(map(bool, column)) for column in columns[2:-1]]
    return Line(("", "合计（任务数）", *counts, sum(map(int, columns[-1]))), total=True)


def _body_of() -> Any:
    """A function from a printed name to what tells its body from others: its id in the register, or the name."""
    from corpus.departments import register

    known = register()
    return lambda name: known.resolve(name) or name


def _sections(rows: Sequence[MatrixRow], title: Head, cells: Any) -> tuple[Line, ...]:
    """The rows, numbered, below headings: the document where there are several, and its sections."""
    several = len({row.doc for row in rows}) > 1
    lines: list[Line] = []
    number = 0
    for (slug, document), of_doc in groupby(rows, lambda row: (row.doc, row.document)):
        if several:
            lines.append(
                Line((f"《{document}》{'（提纲）' if slug in title.outlines else ''}",), document, heading=True)
            )
        for section, group in groupby(of_doc, lambda row: row.section):
            if section:
                lines.append(Line((section,), document, section, heading=True))
            for row in group:
                number += 1
                lines.append(Line(cells(number, row), document, section or ""))
    return tuple(lines)
