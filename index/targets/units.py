"""Units of targets: which measure the same, by what factor, and which are amounts of a place."""

from __future__ import annotations

import re
from functools import lru_cache

_SIGNS = {"百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8, "兆": 1e6, "吉": 1e9}
_LATIN = {"k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
_SAME = (
    (re.compile(r"千克"), "公斤", 1.0),
    (re.compile(r"公斤"), "吨", 1e-3),
    (re.compile(r"标煤|tce"), "标准煤", 1.0),
    (re.compile(r"度|kWh|千瓦时"), "瓦时", 1e3),
    (re.compile(r"(?<![a-zA-Z])([kMGT])W(?!h)"), "瓦", 0.0),
    (re.compile(r"立方米|m3|m³"), "方", 1.0),
    (re.compile(r"家次|户"), "家", 1.0),
    (re.compile(r"^(?:个|所|座|处|项|批次?|场次?|次|台|套|条)$"), "家", 1.0),
)
_PER_TIME = re.compile("/(?:年|月|日|天|小时|[adh])$")
"""What makes a capacity of an amount (吨/日): an amount still."""
_RATIO = re.compile(r"率|比例|比重|占比|强度|浓度|人均|亩均|地均|户均|每万|每亿|万元|单位|平均|指数|系数|权重|PUE")


@lru_cache(4096)
def scaled(value: float, unit: str | None) -> tuple[float, str]:
    """The value in the plain unit, and that unit.

    What is counted is named by the indicator; its counters (3 个, 3 家) are one unit.

    >>> scaled(1.2, "亿吨标准煤"), scaled(5, "万家")
    ((120000000.0, '吨标准煤'), (50000.0, '家'))
    """
    name = unit or ""
    for pattern, plain, factor in _SAME:
        match = pattern.match(name) or pattern.search(name.lstrip("".join(_SIGNS)))
        if match:
            value *= factor or _LATIN[match.group(1)]
            name = name.replace(match.group(), plain, 1)
    while name and name[0] in _SIGNS and len(name) > 1:
        value, name = value * _SIGNS[name[0]], name[1:]
    return round(value, 9), name


def is_amount(indicator: str, unit: str | None) -> bool:
    """Whether it is an amount or a count, of which a lower body sets its own share: no ratio, no value per something."""
    name = _PER_TIME.sub("", unit or "")
    if not name or name in ("%", "‰", "个百分点", "百分点", "天", "年", "小时", "分钟", "个工作日", "工作日"):
        return False
    return "/" not in name and not _RATIO.search(indicator)
