"""The layouts *list* (清单), with section headings across, and *ledger* (台账), a flat table to sort and filter."""

from __future__ import annotations

from collections.abc import Sequence

from index.exporting.rows import bases, deadline, origin, outline, reference, said_of, sections, stamp
from index.exporting.sheet import Cell, Column, Head, Line, Sheet
from index.views import MatrixRow

REFERENCE, STAMP = Column("编号", 24, hidden=True), Column("导出时", 12, hidden=True)
"""Hidden: which task a row is, and what it said when it was exported. See `index.returned`."""

LIST = (
    Column("序号", 6, True),
    Column("重点任务", 22),
    Column("主要内容", 60),
    Column("牵头/责任部门", 18, plain=True),
    Column("配合部门", 13, plain=True),
    Column("完成时限", 14, True, plain=True),
    Column("目标", 26),
    Column("上级依据", 46),
    Column("出处", 18),
    Column("备注", 14, plain=True),
    REFERENCE,
    STAMP,
)
LEDGER = (LIST[0], Column("文件", 20), Column("章节", 14), *LIST[1:])


def as_list(rows: Sequence[MatrixRow], title: Head) -> Sheet:
    """A row per task below the headings of its document and section."""
    return Sheet(title, LIST, sections(rows, title, lambda number, row: cells(number, row, title)), frozen=2)


def as_ledger(rows: Sequence[MatrixRow], title: Head, name: str = "任务分工表") -> Sheet:
    """A row per task and nothing else: document and section are columns, so that it can be sorted.

    Of one document, which the title block names, there is no column.
    """
    several = len({row.doc for row in rows}) > 1
    lines = []
    for number, row in enumerate(rows, 1):
        first, *rest = cells(number, row, title)
        document = (f"{row.document}{outline(row.doc, title)}",) if several else ()
        lines.append(Line((first, *document, row.section, *rest), row.document, row.section))
    columns = LEDGER if several else (LEDGER[0], *LEDGER[2:])
    return Sheet(title, columns, tuple(lines), frozen=1, name=name, sectioned=False)


def cells(number: int, row: MatrixRow, title: Head) -> tuple[Cell, ...]:
    """The cells of `LIST` for a row."""
    said, targets, above = said_of(row, title), "\n".join(row.targets), bases(row, title.names)
    return (
        number,
        row.title or "",
        row.text,
        said.lead,
        said.support,
        deadline(said.deadline),
        targets,
        above,
        origin(row),
        said.remark,
        reference(row),
        stamp(row, said, targets, above),
    )
