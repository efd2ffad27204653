"""Targets of the same indicator in two documents: do they agree, is one stricter, can they be compared at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from index.linking.linker import rank
from index.linking.places import all_apart
from index.targets.indicators import Commitment
from index.targets.matching import Matches, differ
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
_EACH = {"亩均": "/亩", "人均": "/人", "户均": "/户", "地均": "/平方公里"}
_LEFT_OPEN = re.compile(
    r"下达[^，。；]{0,4}(?:指标|目标|任务)|(?:大于|高于|快于|超过|优于|不低于|不高于)(?![^，。；（）]{0,6}\d)"
)
"""What leaves the number to somebody else: 完成国家下达指标, 降幅大于全社会降幅."""
_DOWN_TO = re.compile(r"(?:下降|降低|降|减少|压减|压缩)[至到]")
_GROWTH = re.compile(r"(?:增长|增加(?!值)|[增涨]幅|增速)[^，。；\d]{0,8}\d")
_RATE_OF_CHANGE = re.compile("(?:增长|下降|降低|削减|减排)(?:率|比例|幅度)|[增降]幅|增速")


class TargetPair(NamedTuple):
    """A lower target held against an upper one."""

    lower: Commitment
    upper: Commitment
    relation: TargetRelation
    reason: str


def compare(policies: Sequence[Policy]) -> tuple[TargetPair, ...]:
    """All targets of the same indicator, each lower document against every document that stands above it
    (`index.linking.linker.stands_above`).

    In the order of the lower documents, of these the upper ones, of these the lower targets. The cost grows with the
    targets and with the pairs that are found, not with the pairs of documents.
    """
    ranked = sorted({policy.slug: policy for policy in policies}.values(), key=rank)
    found = Matches(ranked)
    return tuple(
        TargetPair(low, up, *relate(low, up, _is_local(policy, ranked[above])))
        for policy, elsewhere in zip(ranked, all_apart(ranked), strict=True)
        for above, low, up in found.of(policy)
        if not elsewhere[above]
    )


def _is_local(lower: Policy, upper: Policy) -> bool:
    """Whether the lower body is of a lower level."""
    return bool(lower.level and upper.level and LEVELS.index(lower.level) > LEVELS.index(upper.level))


def relate(low: Commitment, up: Commitment, local: bool) -> tuple[TargetRelation, str]:
    """How the lower target stands to the upper one, and why. ``local``: the lower body is of a lower level."""
    if low.target.verified is False or up.target.verified is False:
        unchecked = [side for side, one in (("下级", low), ("上级", up)) if one.target.verified is False]
        return "not_comparable", f"{'、'.join(unchecked)}指标未经核对原文，不作比较"
    if low.target.value is None and up.target.value is None:
        return _in_words(low, up)
    if low.programme and low.programme == up.programme:
        return "same", f"同为“{low.programme}”行动：一方只写名称，一方写明数值"
    low, up = _counted(low, up), _counted(up, low)
    if low.target.value is None or up.target.value is None:
        return _half_in_words(low, up)
    basis = _basis(low, up, local)
    return basis if basis is not None else _numbers(low, up)


def _counted(one: Commitment, other: Commitment) -> Commitment:
    """全覆盖 is 100 % where the other target gives a share."""
    if one.state != "全覆盖" or one.target.value is not None or other.target.unit != "%":
        return one
    return one._replace(target=one.target.model_copy(update={"value": 100.0, "unit": "%"}))


def _in_words(low: Commitment, up: Commitment) -> tuple[TargetRelation, str]:
    if _is_intensity(low) != _is_intensity(up):
        return _total_and_intensity(low, up)
    if up.target.target_year and not low.target.target_year:
        return "weaker", f"上级定明 {up.target.target_year} 年，下级未定年份"
    if differ(low.target.target_year, up.target.target_year):
        return _years(low, up)
    if low.sectors != up.sectors or _scope(low) != _scope(up):
        return "localised", f"同一要求，范围不同：下级为“{low.target.quote}”，上级为“{up.target.quote}”"
    return "same", "表述一致"


def _total_and_intensity(low: Commitment, up: Commitment) -> tuple[TargetRelation, str]:
    if up.total and not low.total:
        return "weaker", "上级限定总量，下级只限定强度，未设总量上限"
    return "not_comparable", "一为总量，一为强度"


def _is_intensity(one: Commitment) -> bool:
    return bool(one.per) or "强度" in one.target.quote


def _half_in_words(low: Commitment, up: Commitment) -> tuple[TargetRelation, str]:
    if (low.total or up.total) and _is_intensity(low) != _is_intensity(up):
        return _total_and_intensity(low, up)
    if low.programme or up.programme:
        return "same", f"同为“{low.programme or up.programme}”行动：一方只写名称，一方写明数值"
    for side, one in (("下级", low), ("上级", up)):
        if one.target.value is None and (open_ := _LEFT_OPEN.search(one.target.quote)):
            return "not_comparable", f"{side}没有自己的数值，以另一指标为准（{open_[0]}…）"
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
    if low.total != up.total and "/" not in unit and not all(one.total or _is_whole(one) for one in (low, up)):
        return "not_comparable", "一为总量，一为强度"
    if _is_change(low) != _is_change(up):
        amounts = _is_amount(low) and _is_amount(up)
        return "not_comparable", "一为新增量，一为总量" if amounts else "一为增减的幅度，一为达到的水平"
    if local and low.place and low.place != up.place and low.per != up.per:
        per = f"口径分别为{low.per or '总数'}与{up.per or '总数'}"
        return "localised", f"下级只对{low.place}而言，{per}，数值 {amount(low)} 与 {amount(up)} 不能直接比较"
    if low.per != up.per:
        return "not_comparable", f"口径不同：按{low.per or '总数'}与按{up.per or '总数'}计"
    if differ(low.target.baseline_year, up.target.baseline_year):
        return "not_comparable", f"基准年不同：{low.target.baseline_year} 年与 {up.target.baseline_year} 年"
    if local and _is_amount(low) and _is_amount(up) and not _is_conflict(low, up, mine, theirs):
        return "localised", f"总数因地而异：下级定 {amount(low)}，上级全域 {amount(up)}，不能直接比较"
    if differ(low.target.target_year, up.target.target_year):
        return _other_year(low, up, mine, theirs)
    return None


def _plain(one: Commitment) -> tuple[float, str]:
    """The value in the plain unit; what the indicator says already (亩均…万元/亩, 万元工业增加值…立方米/万元) is no part of
    the unit, and 翻一番 is a growth of 100 %."""
    unit = one.target.unit or ""
    if unit == "番":
        return (2.0 ** (one.target.value or 0.0) - 1) * 100, "%"
    if one.per:
        unit = unit.removesuffix("/万元")
    for said, each in _EACH.items():
        if said in one.target.indicator:
            unit = unit.removesuffix(each)
    return scaled(one.target.value or 0.0, unit)


def _is_change(one: Commitment) -> bool:
    """Whether the number is by how much something changes, not what it reaches."""
    return (
        one.target.direction in ("increase", "reduce") or _caps_growth(one) or _says(_RATE_OF_CHANGE, one.target.quote)
    )


def _caps_growth(one: Commitment) -> bool:
    """增长不超过2%: a growth that may be less."""
    return one.target.direction == "limit" and _says(_GROWTH, one.target.quote)


@lru_cache(4096)
def _says(pattern: re.Pattern[str], quote: str) -> bool:
    return bool(pattern.search(quote))


def _is_whole(one: Commitment) -> bool:
    """Whether an amount is all of it though no 总 says so (煤炭消费量)."""
    return one.target.indicator.endswith("量") and not _is_intensity(one)


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


def _opposed(low: Commitment, up: Commitment, mine: float, theirs: float) -> bool:
    """Whether no number satisfies both: the one rises and the other falls, or a floor lies above a ceiling."""
    if {low.target.direction, up.target.direction} == {"increase", "reduce"}:
        return True
    floors = (">", ">=", "=") if _is_amount(low) and low.target.direction == "reach" else (">", ">=")
    floor = low.target.bound in floors and up.target.bound in ("<", "<=") and mine > theirs
    ceiling = low.target.bound in ("<", "<=") and up.target.bound in (">", ">=") and mine < theirs
    return floor or (ceiling and not _is_amount(low))


def _is_conflict(low: Commitment, up: Commitment, mine: float, theirs: float) -> bool:
    """A contradiction is told only of targets of one name: else it is rather two quantities of nearly the same."""
    return low.quantity == up.quantity and _opposed(low, up, mine, theirs)


def _numbers(low: Commitment, up: Commitment) -> tuple[TargetRelation, str]:
    mine, theirs = _plain(low)[0], _plain(up)[0]
    if _caps_growth(low) != _caps_growth(up) and "reduce" in (low.target.direction, up.target.direction):
        if low.target.direction == "reduce":
            return "stricter", f"下级下降 {amount(low)}，上级只限增长 {amount(up)}"
        return "weaker", f"下级只限增长 {amount(low)}，上级下降 {amount(up)}"
    if _opposed(low, up, mine, theirs):
        if low.quantity != up.quantity:
            return "not_comparable", f"要求相反而名称不尽相同，须核对：{low.target.indicator}与{up.target.indicator}"
        if low.target.direction != up.target.direction and "reduce" in (low.target.direction, up.target.direction):
            return "conflict", f"方向相反：下级 {amount(low)}，上级 {amount(up)}"
        return "conflict", f"不能同时做到：下级 {amount(low)}，上级 {amount(up)}"
    if _opposite_bounds(low, up):
        return "not_comparable", f"一为上限，一为下限：下级 {amount(low)}，上级 {amount(up)}"
    if mine == theirs:
        return "same", f"数值一致：{amount(low)}"
    if _is_stricter(low, up, mine, theirs):
        return "stricter", f"下级 {amount(low)}，严于上级 {amount(up)}"
    return "weaker", f"下级 {amount(low)}，低于上级 {amount(up)}"


def _opposite_bounds(low: Commitment, up: Commitment) -> bool:
    """One at least so much, the other at most so much: neither is more than the other."""
    return any(
        one.target.bound in ("<", "<=") and other.target.bound in (">", ">=") for one, other in ((low, up), (up, low))
    )


def _years(low: Commitment, up: Commitment) -> tuple[TargetRelation, str]:
    mine, theirs = low.target.target_year or 0, up.target.target_year or 0
    if mine < theirs:
        return "stricter", f"下级 {mine} 年，早于上级 {theirs} 年"
    return "weaker", f"下级 {mine} 年，晚于上级 {theirs} 年"


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
