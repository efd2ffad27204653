"""Numbers with their units in a clause, in digits, in Han characters, or lost by the source."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.numerals import decimal
from extract.rules import targets as rules
from extract.rules.rule import Rule

_DIGIT = re.compile(r"\d")
_HAN = re.compile("[一二两三四五六七八九十百千万半番]")
"""What no number in Han characters is without."""
_NAMES = re.compile(r"《[^《》]*》|“[^“”]{0,14}”")


@dataclass(frozen=True)
class Quantity:
    """A number with its unit at ``start:end`` of its clause; ``lost`` where the source has no digits."""

    start: int
    end: int
    value: float | None
    unit: str
    kind: str
    is_range: bool = False
    lost: bool = False
    han: bool = False


def quantities(clause: str, lost_digits: bool) -> list[Quantity]:
    named = [m.span() for m in _NAMES.finditer(clause)] if "《" in clause or "“" in clause else []
    digits, han = bool(_DIGIT.search(clause)), bool(_HAN.search(clause))
    found: list[Quantity] = []
    for row, there in (
        (rules.PART, digits or han),
        (rules.DOUBLED, han),
        (rules.QUANTITY, digits),
        (rules.FRACTION, han),
        (rules.HAN_QUANTITY, han),
        (rules.UNITLESS, digits),
        (rules.LOST_QUANTITY, lost_digits),
    ):
        if not there:
            continue
        for match in row.find(clause):
            if any(a < match.start() < b for a, b in named):
                continue
            if row is rules.HAN_QUANTITY and match["unit"] == "期":  # 管网三期8.5公里
                continue
            if any(q.start < match.end() and match.start() < q.end for q in found):
                continue
            found.append(_read(row, match))
    return sorted((q for q in found if not _is_date(clause, q)), key=lambda q: q.start)


def _read(row: Rule, match: re.Match[str]) -> Quantity:
    if row is rules.FRACTION:
        return Quantity(*match.span(), decimal(match["number"]), {"百": "%", "千": "‰"}[match["of"]], "ratio")
    if row is rules.PART:
        return Quantity(*match.span(), _share(match), "%", "ratio")
    if row is rules.DOUBLED:
        return Quantity(*match.span(), decimal(match["number"] or "一"), "番", "ratio")
    return _quantity(match, row is rules.LOST_QUANTITY, row is rules.HAN_QUANTITY)


def _share(match: re.Match[str]) -> float:
    """A part of a whole in percent (三分之一 → 33.33…)."""
    if match["half"]:
        return 50.0
    if match["tenths"]:
        return 10 * (decimal(match["tenths"]) or 0.0)
    part, whole = decimal(match["number"] or match["digit"]), decimal(match["of"] or match["whole"])
    return 100 * (part or 0.0) / (whole or 1.0)


def _quantity(match: re.Match[str], lost: bool, han: bool) -> Quantity:
    unit = match["unit"].lstrip("/") if match["unit"].startswith("/") else match["unit"]
    value = (
        None
        if lost
        else decimal({"百": "一百", "千": "一千", "万": "一万"}.get(match["number"].strip(), match["number"]))
    )
    return Quantity(match.start(), match.end(), value, unit.strip(), _kind(unit), bool(match["to"]), lost, han)


def _kind(unit: str) -> str:
    """What a unit measures; a scale before it and a rate behind it do not matter, but make an amount of a bare 万."""
    if unit in rules.KIND_OF_UNIT:
        return rules.KIND_OF_UNIT[unit]
    base = re.sub(r"^(?:万亿|百万|千万|亿|万|千|百)/?", "", unit)
    if not base:
        return "physical"
    if base in rules.KIND_OF_UNIT:
        return rules.KIND_OF_UNIT[base]
    return rules.KIND_OF_UNIT.get(base.split("/")[0], "physical") if "/" in base else "physical"


def _is_date(clause: str, q: Quantity) -> bool:
    before, after = clause[: q.start].rstrip(), clause[q.end : q.end + 3]
    if q.unit == "年" and (q.value is None and not q.lost or (q.value or 0) >= 1900):
        return True
    if q.unit == "日" or q.unit == "点" and re.search("[试站重]$", before):
        return True
    if q.unit == "个月" or q.kind != "duration":
        return False
    return q.unit == "年" and after.startswith(("代", "级", "度")) or before.endswith(("近", "第", "前", "自"))
