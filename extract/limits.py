"""Commitments without a number: what is limited, forbidden, done everywhere or by a date."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract.commitments import Found
from extract.rules import limits as rules
from extract.rules.targets import BY

_LEAD = re.compile(
    r"^[到至，\s]*(?:(?:1[0-2]|[1-9])\s*月)?(?:底|末|\d+\s*日)?前?[，\s]*(?:推动|推进|实现|确保|力争|严禁|禁止|原则上不得|不得|期间)*"
)
_SAID = re.compile(r"(?:基本)?(?:做到|实现)?(?:只减不增|只降不升|不增加|全覆盖|零增长|动态清零)$")


def in_words(clause: str, goals: bool = False) -> Iterator[Found]:
    """The commitment that a clause makes without a number, if any; ``goals``: it stands among goals."""
    for row in rules.LIMITS:
        match = row.pattern.search(clause)
        if not match or goals and row is rules.IN_TIME:
            continue
        fields = match.groupdict()
        direction, bound = rules.direction_and_bound(row, fields)
        year = fields.get("year")
        yield Found(0, 0, _topic(clause), direction, None, None, bound, target_year=int(year) if year else None)
        return


def _topic(clause: str) -> str:
    """What a limit in words is about: the clause without its years and its leading verb."""
    plain = _SAID.sub("", _LEAD.sub("", BY.pattern.sub("", clause).strip()))
    return re.sub(r"\s+", "", plain)[:60] or re.sub(r"\s+", "", clause)[:60]
