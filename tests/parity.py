"""Parity: the same document in other formats gives the same records, save origins. The table that `make score` prints."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from corpus import read, read_bytes
from corpus.catalogue import load
from extract import extract
from schemas import Policy
from tests import renditions

Writer = Callable[[Sequence[str], Policy], bytes]
FORMATS: dict[str, Writer] = {
    "txt": lambda lines, policy: "\n".join(lines).encode("gb18030"),
    "docx": lambda lines, policy: renditions.docx(lines),
    "docx, counted by Word": lambda lines, policy: renditions.docx(lines, automatic=True),
    "html": lambda lines, policy: renditions.gov_cn(lines, policy.title),
    "mhtml": lambda lines, policy: renditions.mhtml(lines, policy.title),
    "ofd": lambda lines, policy: renditions.ofd(lines),
}
ENDINGS = {"docx, counted by Word": "docx"}
KINDS = ("tasks", "departments", "targets")


def originals() -> dict[str, Policy]:
    """The bundled documents as their text gives them."""
    return {entry.slug: extract(read(entry.file), slug=entry.slug) for entry in load().documents}


def shares(policy: Policy, form: str) -> dict[str, float]:
    """For each kind of record the share that the document in this format gives too."""
    data = FORMATS[form](renditions.paragraphs_of(policy), policy)
    again = extract(read_bytes(data, f"a.{ENDINGS.get(form, form)}"), slug=policy.slug)
    before, after = _records(policy), _records(again)
    return {kind: _share(before[kind], after[kind]) for kind in KINDS}


def _records(policy: Policy) -> dict[str, list[tuple[object, ...]]]:
    return {
        "tasks": [(t.id, t.title, t.kind, t.deadline, renditions.words(t.text)) for t in policy.tasks],
        "departments": [(t.id, d.name, d.role, d.canonical) for t in policy.tasks for d in t.departments],
        "targets": [
            (t.task, t.indicator, t.value, t.unit, t.bound, t.direction, t.target_year) for t in policy.targets
        ],
    }


def _share(before: list[tuple[object, ...]], after: list[tuple[object, ...]]) -> float:
    """Equal records over all that either has."""
    common = sum(min(before.count(one), after.count(one)) for one in set(before))
    every = len(before) + len(after) - common
    return common / every if every else 1.0
