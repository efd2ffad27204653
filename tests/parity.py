"""Parity: the same document in other formats gives the same records, save origins. The table that `make score` prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from corpus import read, read_bytes
from corpus.catalogue import load
from extract import extract
from schemas import Policy
from tests import pdf_making, renditions

Writer = Callable[[Sequence[str], Policy], bytes]
FORMATS: dict[str, Writer] = {
    "txt": lambda lines, policy: "\n".join(lines).encode("gb18030"),
    "pdf": lambda lines, policy: pdf_making.pdf(lines, titles=pdf_making.titles_of(policy)),
    "docx": lambda lines, policy: renditions.docx(lines),
    "docx, counted by Word": lambda lines, policy: renditions.docx(lines, automatic=True),
    "html": lambda lines, policy: renditions.gov_cn(lines, policy.title),
    "mhtml": lambda lines, policy: renditions.mhtml(lines, policy.title),
    "ofd": lambda lines, policy: renditions.ofd(lines),
    "xlsx": lambda lines, policy: renditions.workbook(policy),
}
ENDINGS = {"docx, counted by Word": "docx"}
KINDS = ("tasks", "departments", "targets")
INVENTED = sorted((Path(__file__).parent / "cases" / "docs").glob("*.txt"))

EXPLAINED = {
    (
        "shanghai-pilot-zones-2022",
        "xlsx",
        "targets",
    ): "源文的字体丢了数字，从全文数字之少看得出；分工表的序号是数字，看不出",
    ("dongling-water-letter-2024", "xlsx", "tasks"): "最后一章本身是任务；表里没有标明上一章到哪里为止",
    ("dongling-water-letter-2024", "xlsx", "targets"): "同上",
    ("dongyu-division-2024", "xlsx", "tasks"): "通知本身的三项在表里没有章名，看不出是保障",
    **{
        ("ningjiang-minutes-2024", "xlsx", kind): "最后一章本身是任务；表里没有标明上一章到哪里为止"
        for kind in ("tasks", "departments", "targets")
    },
    ("canghai-fund-2022", "xlsx", "tasks"): "条文没有章名，表里看不出“监督检查”是保障",
    ("ningjiang-gates-2024", "xlsx", "tasks"): "条文没有标题；单元格的第一句短，读作标题",
}
"""Why a cell is less than whole, by document, format and kind of record."""


class Cell(NamedTuple):
    """The share of the records of a kind that a document gives in a format as it gives them in text."""

    slug: str
    form: str
    kind: str
    share: float


def originals() -> dict[str, Policy]:
    """The bundled documents as their text gives them."""
    return {entry.slug: extract(read(entry.file), slug=entry.slug) for entry in load().documents}


def invented() -> dict[str, Policy]:
    """The invented documents, likewise."""
    return {file.stem: extract(read(file), slug=file.stem) for file in INVENTED}


def cells(policies: dict[str, Policy], forms: Sequence[str] = tuple(FORMATS)) -> Iterator[Cell]:
    """The table, row by row."""
    for slug, policy in policies.items():
        for form in forms:
            yield from (Cell(slug, form, kind, share) for kind, share in shares(policy, form).items())


def shares(policy: Policy, form: str) -> dict[str, float]:
    """For each kind of record the share that the document in this format gives too."""
    data = FORMATS[form](renditions.paragraphs_of(policy), policy)
    again = extract(read_bytes(data, f"a.{ENDINGS.get(form, form)}"), slug=policy.slug)
    return compared(policy, again, tabled=form == "xlsx")


def compared(policy: Policy, again: Policy, tabled: bool = False) -> dict[str, float]:
    """The shares of records that both have; ``tabled``: of what a 任务分工表 tells."""
    before, after = ((_tabled if tabled else _records)(one) for one in (policy, again))
    return {kind: _share(before[kind], after[kind]) for kind in KINDS}


def _records(policy: Policy) -> dict[str, list[tuple[object, ...]]]:
    return {
        "tasks": [(t.id, t.title, t.kind, t.deadline, renditions.words(t.text)) for t in policy.tasks],
        "departments": [(t.id, d.name, d.role, d.canonical) for t in policy.tasks for d in t.departments],
        "targets": [
            (t.task, t.indicator, t.value, t.unit, t.bound, t.direction, t.target_year) for t in policy.targets
        ],
    }


def _tabled(policy: Policy) -> dict[str, list[tuple[object, ...]]]:
    """What a 任务分工表 tells of a document: tasks, who answers in which column, targets of tasks; no goals.

    A target of a task with a 完成时限 is compared without its year, which the table takes from there.
    """
    found = _records(policy)
    found["departments"] = [(t.id, d.name, d.effective_role, d.canonical) for t in policy.tasks for d in t.departments]
    due = {task.id for task in policy.tasks if task.deadline}
    found["targets"] = [one[:-1] if one[0] in due else one for one in found["targets"] if one[0]]
    return found


def _share(before: list[tuple[object, ...]], after: list[tuple[object, ...]]) -> float:
    """Equal records over all that either has."""
    common = sum(min(before.count(one), after.count(one)) for one in set(before))
    every = len(before) + len(after) - common
    return common / every if every else 1.0
