"""Targets of the same indicator in two documents: do they agree, is one stricter, can they be compared at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from index.linking.linker import rank, stands_above
from index.targets.indicators import Commitment, commitments
from index.targets.units import is_amount, scaled
from schemas import LEVELS, Policy

TargetRelation = Literal["same", "stricter", "weaker", "conflict", "localised", "not_comparable"]
NAMES: dict[TargetRelation, str] = {
    "same": "一致",
    "stricter": "严于上级",
    "weaker": "低于上级",
    "conflict": "相互矛盾",
    "localised": "结合本地",
    "not_comparable": "不可比",
}
UNCHECKED = "（未核）"
_DOWN_TO = re.compile(r"(?:下降|降低|降|减少|压减|压缩)[至到]")
KINDS = ("一般", "大宗", "再生")
"""Words that tell one quantity from another of nearly the same name."""


class TargetPair(NamedTuple):
    """A lower target held against an upper one."""

    lower: Commitment
    upper: Commitment
    relation: TargetRelation
    reason: str


def compare(policies: Sequence[Policy]) -> tuple[TargetPair, ...]:
    """All targets of the same indicator, each lower document against every document above it."""
    read = {policy.slug: commitments(policy) for policy in policies}
    ranked = [policy for policy in sorted(policies, key=rank) if read[policy.slug]]
    return tuple(
        pair
        for lower in ranked
        for upper in ranked
        if stands_above(upper, lower)
        for pair in _pairs(lower, upper, read)
    )


def _pairs(lower: Policy, upper: Policy, read: dict[str, tuple[Commitment, ...]]) -> Iterator[TargetPair]:
    lower_text = lower.logical_text
    local = bool(lower.level and upper.level and LEVELS.index(lower.level) > LEVELS.index(upper.level))
    for low in read[lower.slug]:
        for up in _nearest_years(low, [one for one in read[upper.slug] if same_indicator(low, one, lower_text)]):
            relation, reason = relate(low, up, local)
            yield TargetPair(low, up, relation, reason)


def _nearest_years(low: Commitment, found: Sequence[Commitment]) -> Iterable[Commitment]:
    """Where the upper document sets the indicator for several years, those of the lower target's year."""
    year = low.target.target_year
    own = [up for up in found if year is not None and up.target.target_year == year]
    return own or found


def same_indicator(low: Commitment, up: Commitment, lower_text: str) -> bool:
    """Whether both measure the same quantity, in whatever words, of a branch that concerns the lower document."""
    if not low.quantity or not up.quantity or _alike(low.quantity, up.quantity) < 0.75:
        return False
    if low.state and up.state and low.state != up.state:
        return False
    if (low.state in ("持续下降", "先进水平")) != (up.state in ("持续下降", "先进水平")):
        return False
    if any((word in low.quantity) != (word in up.quantity) for word in KINDS):
        return False
    if not _same_measure(low, up):
        return False
    if low.sectors and up.sectors:
        return bool(low.sectors & up.sectors)
    return not up.sectors or any(lower_text.count(name) >= 5 for name in up.sectors)


def _same_measure(low: Commitment, up: Commitment) -> bool:
    """A number is held against words only where both measure alike, or where a total stands over an intensity."""
    if (low.target.value is None) == (up.target.value is None) or low.programme or up.programme:
        return True
    if up.total and low.per:
        return not _differ(low.target.target_year, up.target.target_year)
    return low.per == up.per and low.total == up.total


@lru_cache(1 << 16)
def _alike(left: str, right: str) -> float:
    """Share of character pairs that both have, 0..1."""
    if left == right:
        return 1.0
    one, other = ({text[at : at + 2] for at in range(len(text) - 1)} for text in (left, right))
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def relate(low: Commitment, up: Commitment, local: bool) -> tuple[TargetRelation, str]:
    """How the lower target stands to the upper one, and why. ``local``: the lower body is of a lower level."""
    unchecked = [side for side, one in (("下级", low), ("上级", up)) if one.target.verified is False]
    if unchecked:
        return "not_comparable", f"{'、'.join(unchecked)}指标未经核对原文，不作比较"
    if low.target.value is None and up.target.value is None:
        return _in_words(low, up)
    if low.programme and low.programme == up.programme:
        return "same", f"同为“{low.programme}”行动：一方只写名称，一方写明数值"
    if low.target.value is None or up.target.value is None:
        return _half_in_words(low, up)
    basis = _basis(low, up, local)
    return basis if basis is not None else _numbers(low, up)


def _in_words(low: Commitment, up: Commitment) -> tuple[TargetRelation, str]:
    if up.target.target_year and not low.target.target_year:
        return "weaker", f"上级定明 {up.target.target_year} 年，下级未定年份"
    if _differ(low.target.target_year, up.target.target_year):
        return _years(low, up)
    if low.sectors != up.sectors or _scope(low) != _scope(up):
        return "localised", f"同一要求，范围不同：下级为“{low.target.quote}”，上级为“{up.target.quote}”"
    return "same", "表述一致"


def _half_in_words(low: Commitment, up: Commitment) -> tuple[TargetRelation, str]:
    if up.total and not low.total and low.per:
        return "weaker", "上级限定总量，下级只限定强度，未设总量上限"
    if low.programme or up.programme:
        return "same", f"同为“{low.programme or up.programme}”行动：一方只写名称，一方写明数值"
    if low.target.value is None:
        return "weaker", f"上级定有数值（{amount(up)}），下级未定数值"
    return "stricter", f"下级定有数值（{amount(low)}），上级未定数值"


def _basis(low: Commitment, up: Commitment, local: bool) -> tuple[TargetRelation, str] | None:
    """The reason why two numbers cannot be held against each other, or None."""
    (mine, unit), (theirs, other) = _plain(low), _plain(up)
    if unit != other:
        return "not_comparable", f"单位不同：{low.target.unit or '无'} 与 {up.target.unit or '无'}"
    if low.target.per_year != up.target.per_year:
        return "not_comparable", "一为年均，一为累计"
    if low.total != up.total and "/" not in unit:
        return "not_comparable", "一为总量，一为强度"
    if local and low.place and not up.place and (low.per or up.per):
        per = f"，口径分别为{low.per}与{up.per}" if low.per != up.per else ""
        return "localised", f"下级只对{low.place}而言{per}，数值 {amount(low)} 与 {amount(up)} 不能直接比较"
    if low.per != up.per:
        return "not_comparable", f"口径不同：按{low.per or '总数'}与按{up.per or '总数'}计"
    if _differ(low.target.baseline_year, up.target.baseline_year):
        return "not_comparable", f"基准年不同：{low.target.baseline_year} 年与 {up.target.baseline_year} 年"
    if local and _is_amount(low) and _is_amount(up) and not _contradict(low, up, mine, theirs):
        return "localised", f"总数因地而异：下级定 {amount(low)}，上级全域 {amount(up)}，不能直接比较"
    if _differ(low.target.target_year, up.target.target_year):
        return _other_year(low, up, mine, theirs)
    return None


def _plain(one: Commitment) -> tuple[float, str]:
    return scaled(one.target.value or 0.0, one.target.unit)


def _is_amount(one: Commitment) -> bool:
    return one.target.direction != "reduce" and is_amount(one.target.indicator, one.target.unit)


def _other_year(low: Commitment, up: Commitment, mine: float, theirs: float) -> tuple[TargetRelation, str]:
    """As much or more, earlier: stricter; as much or less, later: weaker. Else the years cannot be held together."""
    own, other = low.target.target_year or 0, up.target.target_year or 0
    better = mine == theirs or _is_stricter(low, up, mine, theirs)
    if own < other and better:
        return "stricter", f"下级 {own} 年即达到 {amount(low)}，早于上级 {other} 年的 {amount(up)}"
    if own > other and (mine == theirs or not better):
        return "weaker", f"下级 {own} 年才达到 {amount(low)}，晚于上级 {other} 年的 {amount(up)}"
    return "not_comparable", f"目标年份不同：{own} 年与 {other} 年"


def _is_stricter(low: Commitment, up: Commitment, mine: float, theirs: float) -> bool:
    down = any(one.target.direction == "limit" or _DOWN_TO.search(one.target.quote) for one in (low, up))
    return mine < theirs if down else mine > theirs


def _contradict(low: Commitment, up: Commitment, mine: float, theirs: float) -> bool:
    """Whether no number satisfies both: one a ceiling, the other a floor above it."""
    if {low.target.direction, up.target.direction} == {"increase", "reduce"}:
        return True
    floor = low.target.bound in (">", ">=") and up.target.bound in ("<", "<=") and mine > theirs
    ceiling = low.target.bound in ("<", "<=") and up.target.bound in (">", ">=") and mine < theirs
    return floor or (ceiling and not _is_amount(low))


def _numbers(low: Commitment, up: Commitment) -> tuple[TargetRelation, str]:
    mine, theirs = _plain(low)[0], _plain(up)[0]
    if {low.target.direction, up.target.direction} == {"increase", "reduce"}:
        return "conflict", f"方向相反：下级 {amount(low)}，上级 {amount(up)}"
    if mine == theirs:
        return "same", f"数值一致：{amount(low)}"
    if _contradict(low, up, mine, theirs):
        return "conflict", f"不能同时做到：下级 {amount(low)}，上级 {amount(up)}"
    if _is_stricter(low, up, mine, theirs):
        return "stricter", f"下级 {amount(low)}，严于上级 {amount(up)}"
    return "weaker", f"下级 {amount(low)}，低于上级 {amount(up)}"


def _years(low: Commitment, up: Commitment) -> tuple[TargetRelation, str]:
    mine, theirs = low.target.target_year or 0, up.target.target_year or 0
    if mine < theirs:
        return "stricter", f"下级 {mine} 年，早于上级 {theirs} 年"
    return "weaker", f"下级 {mine} 年，晚于上级 {theirs} 年"


def _differ(left: int | None, right: int | None) -> bool:
    return left is not None and right is not None and left != right


def _scope(one: Commitment) -> str:
    return "重点行业" if "重点行业" in one.target.quote else one.place


def amount(one: Commitment) -> str:
    """The number as it is shown, with its bound and unit; marked where it has not been checked."""
    target = one.target
    if target.value is None:
        return target.quote
    signs = {">=": "不低于 ", ">": "高于 ", "<=": "不高于 ", "<": "低于 ", "~": "约 "}
    sign = signs.get(target.bound or "=", "")
    return f"{sign}{target.value:g}{target.unit or ''}{UNCHECKED if target.verified is False else ''}"
