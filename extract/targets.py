"""Commitments that can be checked: numbers with their unit, bound and year, and limits in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extract.commitments import Found, commitment
from extract.limits import in_words
from extract.quantities import Quantity, quantities
from extract.rules import targets as rules

_SENTENCE = re.compile(r"[^。\n]+[。]?")
_CLAUSE = re.compile(r"(?:[^，；。\n（）,;()]|(?<=\d),(?=\d{3})|（[^（）\n]*）|\([^()\n]*\)|[（）()])+")
_YEAR_ONLY = re.compile(
    r"(?:力争|确保)?[到至在]?\s*(?:20\d\d\s*年\s*[、和及与]\s*)*(?:20\d\d\s*年\s*(?:(?:1[0-2]|[1-9])\s*月)?\s*(?:底|末|\d+\s*日)?(?:之?前)?|“?十[四五六]五”?(?:期间|末|时期)?|(?:[相与]?[比较]|相比于?)\s*20\d\d\s*年(?:相比)?)\s*"
)
_PART_OF = re.compile(r"占(?!比|地|用)")
"""An indicator that goes on with the one before: 产值达到820亿元，占园区总产值比重提高到42%."""
_LONGEST_CLAUSE = 2000
"""What is longer without a comma is no sentence: only its beginning is read."""
_MEMBER = re.compile(r"\s*[一二三四五六七八九十]是")
_TRIGGER = re.compile(
    r"[0-9百千万]|十[四五六]五|至少|不少于|[两三四五六七八九十][家座所条]|减不增|增不减|降不升|不增|不再|覆盖|[负零](?:增|新|填|排|进|直|事|死|伤|发)|严禁|禁止|不得|不准|不升|不反|不下|不减|不降|不突|"
    r"年底|年内|半年|季度|全部|所有|应.尽|清零|归零|下降|不发生|杜绝|不[应得]?[低少劣弱慢高超多]|[优好快高]于|[须应]达到|分之|[三四五六七八九]成|[一两二三四五]倍|半|番|峰值|全面|[国省市]家?级|[ⅠⅡⅢⅣⅤ]|[ABCD]级|级[AB]"
)
"""What every sentence with a commitment holds; the others need no closer look."""


@dataclass
class Clock:
    """The year that the text has named last, and the one that holds where none is named."""

    default: int | None
    current: int | None = None
    goals: bool = False

    def year(self) -> int | None:
        """The year that holds now."""
        return self.current if self.current is not None else self.default


def default_year(title: str) -> int | None:
    """The last year of the period that the title names (“十四五”规划 → 2025), or None.

    >>> default_year("某区绿色化改造三年行动计划（2023—2025年）")
    2025
    """
    match = rules.PERIOD.search(title)
    if not match:
        return None
    if match.group(2):
        return int(match.group(2))
    return rules.PLAN_END[match.group(3)] if match.group(3) else int(match.group(4))


def find(text: str, start: int, end: int, clock: Clock, *, goals: bool, lost_digits: bool) -> Iterator[Found]:
    """The commitments in ``text[start:end]``.

    A year that a sentence opens with (到2025年，…) holds to its end, in a goals section to the end of the paragraph; one
    inside a clause holds to the next ；.
    """
    clock.goals = goals
    for sentence in _SENTENCE.finditer(text, start, end):
        if not goals:
            clock.current = None
        if not lost_digits and not _TRIGGER.search(sentence.group()):
            continue
        yield from _sentence(text, sentence.start(), sentence.end(), clock, lost_digits)


def _sentence(text: str, start: int, end: int, clock: Clock, lost_digits: bool) -> Iterator[Found]:
    """The commitments of one sentence. What was already achieved (“十三五”末…) is none, until a year is named again."""
    lead: tuple[int, str] | None = None
    verb = ""
    topic = ""
    whole: str | None = None
    reported = opened = False
    awards = bool(rules.AWARD.search(text, start, end))
    for match in _CLAUSE.finditer(text, start, end):
        a, b = match.span()
        clause = match.group()[:_LONGEST_CLAUSE]
        if clock.goals is False and _MEMBER.match(clause):
            clock.current = None  # 一是…；二是…: each is a sentence of its own
        if _YEAR_ONLY.fullmatch(clause.strip()):
            lead, reported, opened = (a, clause), False, True
            _tick(clock, clause, len(clause))
            continue
        reported = bool(rules.REPORTED.search(clause)) or reported and not rules.YEAR.pattern.search(clause)
        if reported or rules.SELECTED.search(clause):
            _tick(clock, clause, len(clause))
        else:
            part_of, whole = whole, None
            for one in _clause(clause, a, lead, clock, lost_digits, verb, part_of):
                if awards and one.bound == "<=" and "元" in (one.unit or ""):
                    continue
                named = f"{topic}{one.indicator}" if topic and _PART_OF.match(one.indicator) else one.indicator
                topic = named if len(named) > 1 else topic or named or _counted(clause)
                whole = one.unit
                yield replace(one, indicator=topic[:60])
        doing = rules.DOING.match(clause.strip())
        verb = doing.group() if doing else verb
        lead = None
        if text[b : b + 1] == "；":
            verb = ""
            if not (clock.goals or opened):  # 2024年底前完成65家；建设中心1个: the second has no date
                clock.current = None


def _counted(clause: str) -> str:
    """What a clause says before its number, where neither it nor the sentence names anything: 三年不少于5家."""
    plain = re.sub(r"\s+", "", clause)
    said = re.split(r"不[少低]于|不超过|达到|超过|至少|\d", plain.removeprefix("每年"))[0]
    return said if len(said) > 1 else plain


def _clause(
    clause: str,
    offset: int,
    lead: tuple[int, str] | None,
    clock: Clock,
    lost_digits: bool,
    verb: str,
    whole: str | None = None,
) -> Iterator[Found]:
    if not lead and not lost_digits and not _TRIGGER.search(clause):
        return
    start = lead[0] if lead and not rules.BASELINE.pattern.search(lead[1]) else offset
    baseline = _baseline((lead[1] if lead else "") + clause)
    found: list[Found] = []
    last: Quantity | None = None
    for quantity in quantities(clause, lost_digits):
        year = _tick(clock, clause, quantity.start)
        dated = clock.goals or clock.current is not None
        made = commitment(clause, quantity, last, found[-1] if found and last else None, verb, whole, dated)
        if made:
            direction_based = made.direction in ("reduce", "increase")
            found.append(replace(made, target_year=year, baseline_year=baseline if direction_based else None))
        last = quantity
    end = _tick(clock, clause, len(clause))
    if not found:
        said = f"{lead[1].strip()}，{clause}" if lead else clause
        found = [replace(w, target_year=w.target_year or end) for w in in_words(said, clock.goals)]
    found = _by_year((lead[1] if lead else "") + clause, _due(clause, found, last))
    a, b = _stripped(clause)
    for one in found:
        yield replace(one, start=min(start, offset + a) if lead else offset + a, end=offset + b)


# --- years ---------------------------------------------------------------------------------------------------------


def _tick(clock: Clock, clause: str, upto: int) -> int | None:
    """Move the clock over the years that the clause names before ``upto``; baselines do not count."""
    if "20" not in clause and "十" not in clause:
        return clock.year()
    based = [m.span() for m in rules.BASELINE.find(clause)]
    for match in rules.YEAR.find(clause[:upto]):
        if any(a <= match.start() < b for a, b in based):
            continue
        clock.current = int(match["year"]) if match["year"] else rules.PLAN_END[match["plan"]]
    return clock.year()


def _due(clause: str, found: list[Found], last: Quantity | None) -> list[Found]:
    """The year behind the last number of a clause that names none before (5家企业2024年6月底前完成更新) is its own."""
    due = rules.DUE.pattern.search(clause, last.end) if found and last else None
    if not due or rules.YEAR.pattern.search(rules.BASELINE.pattern.sub("", clause[: last.end])):  # type: ignore[union-attr]
        return found
    return [*found[:-1], replace(found[-1], target_year=int(due["year"]))]


def _by_year(clause: str, found: list[Found]) -> list[Found]:
    """Where years are listed and as many numbers follow 分别, each number has its own year."""
    listed = next(rules.YEAR_LIST.find(clause), None)
    years = [int(year) for year in re.findall(r"20\d\d", listed["years"])] if listed else []
    if not years or len(found) != len(years):
        return found
    return [replace(one, target_year=year) for one, year in zip(found, years, strict=True)]


def _baseline(clause: str) -> int | None:
    match = rules.BASELINE.pattern.search(clause) if "20" in clause else None
    return int(match["year"]) if match else None


def _stripped(clause: str) -> tuple[int, int]:
    body = clause.strip(" 、，；。")
    start = clause.find(body) if body else 0
    return start, start + len(body)


def in_rows(rows: Sequence[Sequence[str]]) -> tuple[int, int, int, int] | None:
    """Columns (name, unit, baseline, target) of a table of indicators, or None; -1 where a column is absent."""
    head = [re.sub(r"\s+", "", cell) for cell in rows[0]] if rows else []
    years = [i for i, c in enumerate(head) if re.search(r"20\d\d年|目标值?", c)]
    named = [i for i, c in enumerate(head[: years[0]] if years else ()) if re.search("指标(?:名称|内容)?$|^指标", c)]
    name = named[-1] if named else -1  # 一级指标, 二级指标: the last is what is measured
    if name < 0 or not years:
        return None
    unit = next((i for i, c in enumerate(head) if c.startswith("单位")), -1)
    return name, unit, years[0] if len(years) > 1 else -1, years[-1]
