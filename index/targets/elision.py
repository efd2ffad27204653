"""What a sentence leaves out because it has said it: the head or the tail of a list, the name before a second year, and
the thing that is counted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from index.linking.texts import fold
from index.targets.names import is_rate_of_several, is_unnamed, members, table
from schemas import Target

_ASIDE = re.compile(r"（[^（）]*）|\([^()]*\)")
_FALLS = re.compile(r"(?:(?:下降|降低|降|减少|压减|控制在?|增)[至到]?|(?:下降|降低|增长|提高)(?:幅度|率)|[低高]于)$")
COUNTERS = "家个项座条所处台套名种"
_AMOUNT = re.compile(r"[\d.]+(?:%|家|个|条|项|万?吨|GW|种)?(?:以上|以下|左右)?")
_EACH = re.compile("分别|均(?:[达保实不控降下提高超为]|$)|双(?:下降|降)")
"""Before numbers that are for each member of a list, one by one or one for all."""
_AMOUNT_OF = re.compile("(?:产生|排放|填埋)(?:总)?量$")
"""What is named before its rate: 固体废物产生量下降10%，综合利用率达到95%."""
_PART = re.compile("^其中")
_MADE = re.compile("(?:组建|建设|培育|创建|打造|举办|开展|新建|建成|设立|推广)([^，。；、和等]{2,14})，[^，。；]*$")
"""What is made, before a clause that only counts it: 组建创新联合体，三年不少于5家."""


def own_words(target: Target) -> str:
    """The indicator; where it does not stand in the quote, or is too short to name anything, the quote itself."""
    words, quote = fold(target.indicator), fold(target.quote)
    listed = re.search(rf"\d[万千百]*[{COUNTERS}]{re.escape(words)}((?:、[^，。；、\d]+)+)$", quote)
    if listed and target.direction == "count":
        return words + listed[1]  # 8家节能诊断、碳核查机构 are no 节能诊断
    if len(words) > 1 and (target.verified is not None or _stands_in(words, quote)):
        return _FALLS.sub("", _ASIDE.sub("", words))
    return _AMOUNT.sub("", quote)


def _stands_in(words: str, quote: str) -> bool:
    """Whether the quote has the words in their order, others between them (年均) or not."""
    rest = iter(quote)
    return all(character in rest for character in words)


def told(targets: Iterable[Target], text: str) -> Iterator[tuple[Target, str]]:
    """Each target with the words for what it measures, made whole from the text around it.

    One number that is said of several (氮氧化物、挥发性有机物排放总量分别下降10%以上) comes once for each.
    """
    before: tuple[Target, str] | None = None
    for _, group in groupby(targets, key=lambda one: (one.origin.start, one.indicator)):
        same = list(group)
        words = own_words(same[0])
        each = bool(_EACH.search(same[0].quote))
        names = members(words) if each or (same[0].unit == "%" and is_rate_of_several(words)) else ()
        if names and len(same) in (1, len(names)):
            yield from zip(same * len(names) if len(same) == 1 else same, names, strict=True)
            before = same[-1], names[-1]
            continue
        if each and len({one.target_year for one in same}) < len(same):
            yield from ((target, "") for target in same)  # which number is whose cannot be told
            continue
        for target in same:
            words = own_words(target)
            if is_unnamed(words):
                words = _from_before(target, before, text) or words
            else:
                before = target, words
            yield target, words


def _from_before(target: Target, before: tuple[Target, str] | None, text: str) -> str:
    """What the target measures by the sentence before it, or nothing."""
    start = target.origin.start
    sentence = text[max(text.rfind("。", 0, start), text.rfind("\n", 0, start)) + 1 : start]
    words = fold(target.indicator)
    if any(name in words for name in table()["powered"]):
        found = max(((sentence.rfind(name), name) for name in table()["powers"]), default=(-1, ""))
        return f"{found[1]}{words}" if found[0] >= 0 else ""
    if _PART.search(target.quote):
        return ""
    if before and before[0].origin.start >= start - len(sentence):
        whose = _AMOUNT_OF.sub("", before[1])
        if words.endswith("率") and whose != before[1]:
            return whose + words
        if before[0].unit == target.unit or (target.direction in ("increase", "reduce") and target.unit == "%"):
            return before[1]
    made = _MADE.search(sentence) if target.direction == "count" else None
    return fold(made[1]) if made else ""
