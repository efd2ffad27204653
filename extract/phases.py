"""Dated phases of work: 准备阶段（2022年7月至9月）."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extract.clauses import Node
from extract.paragraphs import Paragraph

_MONTH = (
    r"(?:(?P<{y}>20\d\d)\s*年)?\s*(?:(?P<{m}>1[0-2]|0?[1-9])\s*月)?(?:\s*\d{{1,2}}\s*日)?(?:底|末|初|中旬|上旬|下旬)?"
)
_RANGE = re.compile(
    r"[（(]?\s*(?:自|从)?\s*"
    + _MONTH.format(y="y1", m="m1")
    + r"\s*(?:至|到|—+|–|-|－|~|～)\s*"
    + _MONTH.format(y="y2", m="m2")
    + r"(?:前)?\s*[）)]?"
)
_UNTIL = re.compile(
    r"[（(]\s*(?:(?P<y2>20\d\d)\s*年)\s*(?P<m2>1[0-2]|0?[1-9])\s*月\s*(?:底|末|\d+日)?\s*(?:之?前)\s*[）)]"
)
_MONTH_ONLY = re.compile(r"[（(]\s*(?P<y1>20\d\d)\s*年\s*(?P<m1>1[0-2]|0?[1-9])\s*月\s*[）)]")
_PHASE = re.compile(r"阶段|第[一二三四五]步|时期")


@dataclass(frozen=True)
class PhaseFound:
    """A phase with its offsets; ``begin`` and ``finish`` are ``YYYY-MM`` or None."""

    name: str
    begin: str | None
    finish: str | None
    start: int
    end: int


def find(root: Node, text: str) -> Iterator[PhaseFound]:
    """Clauses whose heading names a phase and its months."""
    for node in root.walk():
        if node.paragraph is None:
            continue
        found = _phase(node.paragraph, node)
        if found:
            yield found


def _phase(p: Paragraph, node: Node) -> PhaseFound | None:
    heading = p.text[p.body_start - p.start :][:80].split("。")[0]
    if not _PHASE.search(heading):
        return None
    match = (
        next((m for m in _RANGE.finditer(heading) if m["y1"] and (m["m1"] or m["y2"]) and (m["m2"] or m["y2"])), None)
        or _UNTIL.search(heading)
        or _MONTH_ONLY.search(heading)
    )
    if not match:
        return None
    name = re.sub(r"^[\s：:、]+|[\s：:（(]+$", "", heading[: match.start()])
    name = re.sub(r"^第[一二三四五六]阶段[：:、\s]*(?=\S{3,})", "", name)
    if len(name) < 2 or re.fullmatch(r"第[一二三四五六]阶段", name):
        behind = re.match(r"[：:\s]*([^，。；：:（(]{2,20})", heading[match.end() :])
        name = behind.group(1) if behind else name
    fields = match.groupdict()
    first, last = fields.get("y1"), fields.get("y2") or fields.get("y1")
    begin = f"{first}-{int(fields['m1'] or 1):02d}" if first else None
    alone = "m2" not in fields
    finish = f"{last}-{int(fields['m1'] if alone else fields.get('m2') or 12):02d}" if last else None
    return PhaseFound(name.strip(), begin, finish, p.start, p.end)
