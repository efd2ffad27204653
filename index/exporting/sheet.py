"""What a table that is handed in says, as plain cells: its title block, its columns, its rows.

A cell holds what the source says and nothing else. Which rows and columns there are is the affair of the layouts in
`index.exporting`; how a table is written is that of the formats beside them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple
from urllib.parse import quote

from index.deciding.organisations import Bodies
from index.reports.answers import unsaid
from index.views import MatrixRow

Layout = Literal["list", "ledger", "grid", "department"]
"""The ways to lay out tasks; coverage and targets are laid out in one way each."""

Paper = Literal["A3", "A4"]
APP = "http://127.0.0.1:8501"
"""Where the app is served unless somebody says otherwise."""

_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_FORMULA = tuple("=+-@＝＋－＠")


class Dated(NamedTuple):
    """A day, written as the source prints it; ``pattern`` is the number format by which a spreadsheet shows it so."""

    day: date
    text: str
    pattern: str


class Linked(NamedTuple):
    """A text that leads to a task in the app (``ref``), or to another sheet of the same file (``sheet``)."""

    text: str
    ref: str = ""
    sheet: str = ""


Cell = str | int | float | Dated | Linked


def shown(cell: Cell) -> str:
    """What a reader sees of a cell.

    >>> shown(4), shown(18.0), shown(Linked("三.1"))
    ('4', '18', '三.1')
    """
    if isinstance(cell, (Dated, Linked)):
        return cell.text
    return f"{cell:.10g}" if isinstance(cell, float) else str(cell)


@dataclass(frozen=True)
class Head:
    """The title block: documents as (slug, title, 文号 or empty), the day of export, the filter that was applied.

    ``names`` gives the title of every document by its slug, for the 上级依据; ``outlines`` are the slugs of those of
    which only facts are held; ``bodies`` are the names of the department that the table is for, where it is for one;
    ``labels`` say what each of the documents is to the table; ``everything`` is what is shown where nothing is filtered.
    """

    title: str
    documents: tuple[tuple[str, str, str], ...]
    exported: date
    filtered: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    outlines: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()
    labels: tuple[str, ...] = ()
    everything: str = "全部任务"
    naming: Bodies = field(default_factory=Bodies)

    def unsaid(self, slug: str) -> str:
        """What stands in a department cell that the document leaves empty."""
        return unsaid("outline" if slug in self.outlines else "full")

    def lines(self) -> tuple[str, ...]:
        """What stands below the title."""
        named = [f"《{title}》{f'（{number}）' if number else ''}" for _, title, number in self.documents]
        listed = "、".join(named[:4]) + (f"等 {len(named)} 份" if len(named) > 4 else "")
        told = [f"{label}：{name}" for label, name in zip(self.labels, named, strict=True)] if self.labels else []
        return (
            *(told or [f"文件：{listed}"]),
            f"筛选：{self.filtered or f'无，{self.everything}'}",
            f"导出日期：{self.exported.year}年{self.exported.month}月{self.exported.day}日",
        )


@dataclass(frozen=True)
class Column:
    """A column: its name, its width in characters of half width, whether it stands in the middle.

    A ``hidden`` column is there for the program that reads the file back; in a ``plain`` one a spreadsheet leaves what
    people type as they typed it; an ``upright`` one has its name from top to bottom.
    """

    name: str
    width: int
    middle: bool = False
    hidden: bool = False
    plain: bool = False
    upright: bool = False


class Line(NamedTuple):
    """A row of cells, with the document and section it stands in; a heading is one text across all columns."""

    cells: tuple[Cell, ...]
    document: str = ""
    section: str = ""
    heading: bool = False
    total: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table ready to be written; ``frozen`` columns stay in sight. ``name`` is that of its tab, ``sectioned`` whether
    documents and sections are headings, no columns."""

    head: Head
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    frozen: int
    legend: str = ""
    name: str = "任务分工表"
    sectioned: bool = True

    @property
    def seen(self) -> int:
        """How many columns a reader sees; the hidden ones come after them."""
        return sum(not column.hidden for column in self.columns)

    def widths(self) -> tuple[int, ...]:
        """The widths of the columns that are seen; one that says nothing takes no more than its name."""
        said = [False] * self.seen
        for line in self.lines:
            if not line.heading:
                said = [before or cell != "" for before, cell in zip(said, line.cells, strict=False)]
            if all(said):
                break
        return tuple(
            column.width if is_said else min(column.width, 2 * len(column.name) + 4)
            for column, is_said in zip(self.columns, said, strict=False)
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
    from index.views import names_of

    slugs = [doc] if doc else list(dict.fromkeys(row.doc for row in rows))
    parts = [f"责任部门为“{department}”" if department else "", filtered]
    bodies = (names_of(kb, department) or frozenset()) if department else frozenset()
    return head_of(kb, slugs, "任务分工表", exported, "；".join(filter(None, parts)), bodies)


def head_of(
    kb: Any,
    slugs: Sequence[str],
    what: str,
    exported: date,
    filtered: str = "",
    bodies: frozenset[str] = frozenset(),
    everything: str = "全部任务",
) -> Head:
    """The title block of a table of some documents; of one document the table has its name."""
    policies = [kb.policy(slug) for slug in slugs]
    return Head(
        f"{policies[0].title}{what}" if len(policies) == 1 else what,
        tuple((policy.slug, policy.title, policy.shown_number or "") for policy in policies),
        exported,
        filtered,
        {policy.slug: policy.title for policy in kb.policies()},
        frozenset(policy.slug for policy in kb.policies() if policy.text == "outline"),
        bodies,
        everything=everything,
        naming=Bodies.of(kb),
    )


def clean(text: str) -> str:
    """The text without control characters, marks of direction and lone surrogates; a tab becomes a blank."""
    if text.isprintable():
        return text
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\t", " "))


def would_run(text: str) -> bool:
    """Whether a spreadsheet might take the text for a formula: it begins, after blanks, with one of = + - @."""
    return text.lstrip().startswith(_FORMULA)


def address(app: str, ref: str) -> str:
    """Where the app shows a task.

    >>> address("http://127.0.0.1:8501/", "park#三.1")
    'http://127.0.0.1:8501/trace?task=park%23%E4%B8%89.1'
    """
    return f"{app.rstrip('/')}/trace?task={quote(clean(ref), safe='')}"
