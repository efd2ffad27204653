"""One finding on the page 数据质量: how grave, where, what it says, and the way to its place; HTML."""

from __future__ import annotations

import re

from index.exporting.findings_table import where
from index.reports.answers import FINDING, SEVERITY
from pages import shared
from schemas import Finding, NotFound, Policy

ICON = {"error": ":material/error:", "warning": ":material/warning:", "info": ":material/info:"}
SIGN = {"error": "■", "warning": "▲", "info": "●"}
REVIEWED = ("unknown_department", "suspect_link", "seen_again", "decision_without_record")
"""Kinds that are settled on the page 人工复核."""
MEASURED = ("target_conflict", "target_weaker")
"""Kinds that the page 目标对照 shows side by side."""


def card(kb: shared.Snapshot, one: Finding) -> str:
    """The whole card; HTML."""
    policy = _held(kb, one.doc)
    place = "　".join(filter(None, (policy.title if policy else one.doc, one.task or "", where(one))))
    ways = [shared.leads("documents", "看原文", **_address(one))] if policy else []
    ways += [shared.leads("targets", "看对照", about=_quoted(one))] if one.kind in MEASURED and _quoted(one) else []
    ways += [shared.leads("review", "去复核")] if one.kind in REVIEWED else []
    return (
        f"<div class='pt-found'><div class='pt-row pt-small'><span class='pt-gravity pt-{one.severity}'>{SIGN[one.severity]} {SEVERITY[one.severity]}</span>"
        f"<b>{shared.escaped(FINDING.get(one.kind, one.kind))}</b>　<span class='pt-meta'>{shared.escaped(place)}</span></div>"
        f"<div class='pt-body'>{shared.escaped(one.message)}　<span class='pt-ways'>{'　'.join(ways)}</span></div></div>"
    )


def _held(kb: shared.Snapshot, slug: str) -> Policy | None:
    try:
        return kb.policy(slug)
    except NotFound:
        return None


def _quoted(one: Finding) -> str:
    """The target that the finding quotes first."""
    found = re.match("“([^”]+)”", one.message)
    return found.group(1) if found else ""


def _address(one: Finding) -> dict[str, str]:
    """The place in the document: the task, or the stretch of text."""
    if one.task:
        return {"doc": one.doc, "task": one.task}
    if one.origin is not None:
        return {"doc": one.doc, "at": f"{one.origin.start}-{one.origin.end}"}
    return {"doc": one.doc}
