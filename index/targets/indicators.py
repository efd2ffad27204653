"""What a commitment measures: the quantity, what it is divided by, and whose it is.

Besides the targets with numbers, documents commit themselves in words (持续下降, 应装尽装, 达到国际先进水平); these
are read here, for comparison only.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from index.linking.texts import fold
from index.targets.elision import own_words, told
from index.targets.names import denominator, is_unnamed, quantity, same_denominator, table, unsaid_denominator
from schemas import Origin, Policy, Target

_CLAUSE = re.compile(r"[^。；，\n]+")
_WORDS = r"应装尽装|持续下降|(?:达到|处于)国(?:内|际).*先进水平|(?:确保|力争).*达峰|不增加|只减不增"
_YEAR = re.compile(r"(20[2-6]\d)\s*年")
_PERIOD = {"十四五": 2025, "十五五": 2030}
_TAIL = re.compile(r"(?:应装尽装|持续下降|(?:达到|处于)国.*|不增加|只减不增|如期实现|目标如期实现)$")
_PEAK = re.compile("碳[^，。；]{0,12}(?:达峰|达到?峰值)|^[^，。；煤油气电能]*达峰")
"""The peak of carbon, said or not; that of coal, oil, energy or load is another."""
_COVERED = re.compile("(?:基本|全面)?(?:实现|达到)?(?:全覆盖)?$")
_AIM = re.compile("确保|力争|实现|完成|达到|（达峰")


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
def _in_few_words() -> re.Pattern[str]:
    """What commits without a number: such words, or the name of a programme that stands for its number."""
    named = "|".join(map(re.escape, table()["programmes"]))
    return re.compile(f"{_WORDS}|(?:{named})”?(?:行动|工程)")


def commitments(policy: Policy) -> tuple[Commitment, ...]:
    """The document's targets and its commitments in words, in reading order."""
    found = [_read(policy, target, words) for target, words in told(policy.targets, policy.logical_text)]
    taken = [(target.origin.start, target.origin.end) for target in policy.targets]
    if policy.text == "full":
        for target in _in_words(policy):
            at = target.origin
            if not any(start < at.end and at.start < end for start, end in taken):
                found.append(_read(policy, target, own_words(target)))
    return tuple(sorted(_once(found), key=lambda one: one.target.origin.start))


def _once(found: list[Commitment]) -> list[Commitment]:
    """Without the bare name of a programme whose number the document gives as well."""
    numbered = {one.programme or one.quantity for one in found if one.target.value is not None}
    named = {name: quantity(row["indicator"]) for name, row in table()["programmes"].items()}
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


def _read(policy: Policy, target: Target, words: str) -> Commitment:
    quote = target.quote
    programme = next((name for name in table()["programmes"] if name in fold(quote)), "")
    if programme:
        words = table()["programmes"][programme]["indicator"]
    elif target.value is None and (
        (_PEAK.search(quote) and _AIM.search(quote)) or (target.bound == "<" and words.endswith("二氧化碳排放"))
    ):
        words = "碳达峰"
    elif target.value is None and "全覆盖" in quote and not words.endswith(("率", "面")):
        words = f"{_COVERED.sub('', words)}覆盖率"
    elif "应装尽装" in quote:
        words = "应装尽装"
    elif (target.unit or "").endswith(("瓦", "W")) and words.endswith(tuple(table()["powers"])):
        words += "装机"
    name, per = unsaid_denominator(words) if target.unit == "%" else ("", "")
    per = per or denominator(words)
    state = _state(quote) if target.value is None else ""
    unnamed = state in ("", "全覆盖") and is_unnamed(words)
    return Commitment(
        doc=policy.slug,
        task=target.task,
        target=target,
        quantity="" if unnamed else name or quantity(words.replace(per, "")) or fold(quote),
        per=same_denominator(per),
        total=words.endswith("总量"),
        place=next((name for name in table()["places"] if name in fold(quote)), ""),
        sectors=frozenset(name for name in table()["sectors"] if name in words),
        state=state,
        programme=programme,
    )


def _state(quote: str) -> str:
    for name, sign in (
        ("应装尽装", "应装尽装"),
        ("持续下降", "持续下降"),
        ("先进水平", "先进水平"),
        ("达峰", "达峰"),
        ("达峰", "峰值"),
    ):
        if sign in quote:
            return name
    return "不增加" if re.search("不增加|只减不增|严禁|不得", quote) else "全覆盖" if "全覆盖" in quote else ""
