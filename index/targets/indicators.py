"""What a commitment measures: the quantity, what it is divided by, and whose it is.

Besides the targets with numbers, documents commit themselves in words (持续下降, 应装尽装, 达到国际先进水平); these
are read here, for comparison only.
"""

from __future__ import annotations

import re
import sys
import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from index.linking.texts import fold
from schemas import Origin, Policy, Target

_CLAUSE = re.compile(r"[^。；，\n]+")
_WORDS = r"应装尽装|持续下降|(?:达到|处于)国(?:内|际).*先进水平|(?:确保|力争).*达峰|不增加|只减不增"
_YEAR = re.compile(r"(20[2-6]\d)\s*年")
_PERIOD = {"十四五": 2025, "十五五": 2030}
_TAIL = re.compile(r"(?:应装尽装|持续下降|(?:达到|处于)国.*|不增加|只减不增|如期实现|目标如期实现)$")
_AMOUNT = re.compile(r"[\d.]+(?:%|家|个|条|项|万?吨|GW|种)?(?:以上|以下|左右)?")
_ASIDE = re.compile(r"（[^（）]*）|\([^()]*\)")
_FALLS = re.compile(r"(?:下降|降低|降|减少|压减|控制在?)[至到]?$")
_PEAK = re.compile("达峰")
_COVERED = re.compile("(?:基本|全面)?(?:实现|达到)?(?:全覆盖)?$")
_WHOLE = "(?:全部|一次)?(?:能源消费|能源|用能|用电|电力消费|全社会用电|发电|总|利用处置|产生)(?:总)?(?:量|数)?"
_SHARE = re.compile(f"(?:消费|使用|利用)?(?:占(?:{_WHOLE})的?(?:比重|比例|比率|占比)|的?(?:占比|比重|比例|比率))$")
_RECOGNISED = re.compile("(?:国家|省|市|区|县)级(?:及其?)?以上")
_AIM = re.compile("确保|力争|实现|完成")


class Commitment(NamedTuple):
    """A target, or a commitment in words, as comparison reads it. ``state`` is the wording where there is no number."""

    doc: str
    task: str | None
    target: Target
    quantity: str
    per: str
    total: bool
    place: str
    sectors: frozenset[str]
    state: str = ""
    programme: str = ""


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "indicators.toml").read_text("utf-8"))


@cache
def _in_few_words() -> re.Pattern[str]:
    """What commits without a number: such words, or the name of a programme that stands for its number."""
    named = "|".join(map(re.escape, _table()["programmes"]))
    return re.compile(f"{_WORDS}|(?:{named})”?(?:行动|工程)")


def commitments(policy: Policy) -> tuple[Commitment, ...]:
    """The document's targets and its commitments in words, in reading order."""
    found = [_read(policy, target, target.quote) for target in policy.targets]
    taken = [(target.origin.start, target.origin.end) for target in policy.targets]
    if policy.text == "full":
        for target in _in_words(policy):
            at = target.origin
            if not any(start < at.end and at.start < end for start, end in taken):
                found.append(_read(policy, target, target.quote))
    return tuple(sorted(_once(found), key=lambda one: one.target.origin.start))


def _once(found: list[Commitment]) -> list[Commitment]:
    """Without the bare name of a programme whose number the document gives as well."""
    numbered = {one.programme or one.quantity for one in found if one.target.value is not None}
    named = {name: _quantity(row["indicator"]) for name, row in _table()["programmes"].items()}
    return [one for one in found if one.target.value is not None or named.get(one.programme) not in numbered]


def _in_words(policy: Policy) -> Iterator[Target]:
    """Commitments without a number in the document's goals and tasks."""
    aims = _aims(policy)
    places = _places(policy)
    clauses = (found for found in _CLAUSE.finditer(policy.logical_text) if _in_few_words().search(found.group()))
    for number, match in enumerate(clauses, 1):
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        inside = next((task for task in policy.tasks if task.origin.start <= start < task.origin.end), None)
        if inside is None and not aims[0] <= start < aims[1]:
            continue
        quote = match.group().strip()
        yield Target(
            id=f"w{number}",
            task=inside.id if inside else None,
            section=inside.section if inside else "",
            quote=quote,
            indicator=_TAIL.sub("", re.sub(r"^.*?年前?", "", quote)),
            direction="reach",
            value=None,
            target_year=_year(policy.logical_text, start, quote),
            origin=Origin(line=_line_at(places, start), start=start, end=start + len(quote)),
        )


def _places(policy: Policy) -> list[tuple[int, int]]:
    """Where the document's records stand: offset in the logical text and line of the file, in order."""
    origins = [task.origin for task in policy.tasks] + [section.origin for section in policy.sections]
    origins += [target.origin for target in policy.targets] + [cited.origin for cited in policy.citations]
    origins += [measure.origin for task in policy.tasks for measure in task.measures]
    return sorted({(origin.start, origin.line) for origin in origins})


def _line_at(places: list[tuple[int, int]], start: int) -> int:
    """The line of the nearest record at or before ``start``: the paragraph's line, or close above it."""
    index = bisect_right(places, (start, sys.maxsize)) - 1
    return places[index][1] if index >= 0 else 1


def _aims(policy: Policy) -> tuple[int, int]:
    """The stretch before the first task: 总体要求 and 目标."""
    starts = [task.origin.start for task in policy.tasks]
    return 0, min(starts, default=len(policy.logical_text))


def _year(text: str, start: int, quote: str) -> int | None:
    """The year in the quote, or the period that its paragraph opens with."""
    own = _YEAR.search(quote)
    if own:
        return int(own.group(1))
    paragraph = text[max(text.rfind("\n", 0, start), start - 220, 0) : start]
    period = re.findall(r"“(十四五|十五五)”期间", paragraph)
    return _PERIOD[period[-1]] if period else None


def _read(policy: Policy, target: Target, quote: str) -> Commitment:
    table = _table()
    words = _named(target)
    programme = next((name for name in table["programmes"] if name in fold(quote)), "")
    if programme:
        words = table["programmes"][programme]["indicator"]
    elif target.value is None and (
        (_PEAK.search(quote) and _AIM.search(quote)) or (target.bound == "<" and words.endswith("二氧化碳排放"))
    ):
        words = "碳达峰"
    elif target.value is None and "全覆盖" in quote and not words.endswith(("率", "面")):
        words = f"{_COVERED.sub('', words)}覆盖率"
    elif "应装尽装" in quote:
        words = "应装尽装"
    per = _per(words)
    return Commitment(
        doc=policy.slug,
        task=target.task,
        target=target,
        quantity=_quantity(words.replace(per, "") if per else words) or fold(quote),
        per=_same_per(per),
        total=words.endswith("总量"),
        place=next((name for name in table["places"] if name in fold(quote)), ""),
        sectors=frozenset(name for name in table["sectors"] if name in words),
        state=_state(quote) if target.value is None else "",
        programme=programme,
    )


def _per(words: str) -> str:
    """What an intensity is divided by; the thing that is measured follows it (工业增加值 by itself is no intensity)."""
    for name in sorted(_table()["per"], key=len, reverse=True):
        _before, found, after = words.partition(name)
        if found and (len(after) > 1 or name.startswith(("单位", "万元"))):
            return str(name)
    return ""


def _named(target: Target) -> str:
    """The indicator; where it does not stand in the quote, or is too short to name anything, the quote itself."""
    words, quote = fold(target.indicator), fold(target.quote)
    if len(words) > 1 and (target.verified is not None or _stands_in(words, quote)):
        return _FALLS.sub("", _ASIDE.sub("", words))
    return _AMOUNT.sub("", quote)


def _stands_in(words: str, quote: str) -> bool:
    """Whether the quote has the words in their order, others between them (年均) or not."""
    rest = iter(quote)
    return all(character in rest for character in words)


def _same_per(per: str) -> str:
    if "GDP" in per:
        return "生产总值"
    for name in ("增加值", "产值", "生产总值", "产品", "吨钢"):
        if name in per and not (name == "产值" and "生产总值" in per):
            return name
    return per


def _quantity(words: str) -> str:
    """The name by which a quantity is known, whatever words print it.

    A share is a 占比, of its whole if that is all there is of it (占能源消费总量比重); who recognised what is counted
    (市级以上绿色工厂) and that it is new (新增) is no part of the name.
    """
    table = _table()
    words = _SHARE.sub("占比", _RECOGNISED.sub("", words)).replace("新增", "")
    for row in table["same"]:
        for name in sorted(row, key=len, reverse=True):
            if name in words:
                words = words.replace(name, row[0])
                break
    for name in sorted((*table["places"], *table["sectors"], *table["filler"], "总量", "量"), key=len, reverse=True):
        words = words.replace(name, "")
    return words


def _state(quote: str) -> str:
    for name, sign in (("应装尽装", "应装尽装"), ("持续下降", "持续下降"), ("先进水平", "先进水平"), ("达峰", "达峰")):
        if sign in quote:
            return name
    return "不增加" if re.search("不增加|只减不增|严禁|不得", quote) else "全覆盖" if "全覆盖" in quote else ""
