"""Commitments that can be checked: numbers with their unit, bound and year, and limits in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.numerals import decimal
from extract.rules import targets as rules
from schemas.policy import Bound, Direction

_SENTENCE = re.compile(r"[^。\n]+[。]?")
_CLAUSE = re.compile(r"(?:[^，；。\n（）]|（[^（）\n]*）|[（）])+")
_YEAR_ONLY = re.compile(
    r"[到至在]?\s*(?:20\d\d\s*年(?:底|末)?前?|“?十[四五六]五”?(?:期间|末|时期)?|(?:[相与]?[比较]|相比于?)\s*20\d\d\s*年(?:相比)?)\s*"
)
_TRIGGER = re.compile(
    r"[0-9百千万]|十[四五六]五|至少|不少于|[两三四五六七八九十][家座所条]|减不增|增不减|不增|不再|覆盖|[负零](?:增|新|填|排|进)|严禁|禁止|不得|不准|不升|不反|不下|年底|年内"
)
"""What every sentence with a commitment holds; the others need no closer look."""
_NAMES = re.compile(r"《[^《》]*》|“[^“”]{0,14}”")


@dataclass(frozen=True)
class Found:
    """One commitment; ``text[start:end]`` is its quote."""

    start: int
    end: int
    indicator: str
    direction: Direction
    value: float | None
    unit: str | None
    bound: Bound | None
    per_year: bool = False
    baseline_year: int | None = None
    target_year: int | None = None


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


@dataclass
class Clock:
    """The year that the text has named last, and the one that holds where none is named."""

    default: int | None
    current: int | None = None

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

    A year holds to the end of its sentence; in a goals section to the end of its paragraph.
    """
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
    reported = False
    for match in _CLAUSE.finditer(text, start, end):
        a, b = match.span()
        clause = match.group()
        if _YEAR_ONLY.fullmatch(clause.strip()):
            lead, reported = (a, clause), False
            _tick(clock, clause, len(clause))
            continue
        reported = bool(rules.REPORTED.search(clause)) or reported and not rules.YEAR.pattern.search(clause)
        if reported:
            _tick(clock, clause, len(clause))
        else:
            for one in _clause(clause, a, lead, clock, lost_digits, verb):
                topic = one.indicator if len(one.indicator) > 1 else topic or one.indicator
                yield replace(one, indicator=topic)
        doing = rules.DOING.match(clause.strip())
        verb = doing.group() if doing else verb
        lead = None
        if text[b : b + 1] == "；":
            verb = ""


def _clause(
    clause: str, offset: int, lead: tuple[int, str] | None, clock: Clock, lost_digits: bool, verb: str
) -> Iterator[Found]:
    start = lead[0] if lead and not rules.BASELINE.pattern.search(lead[1]) else offset
    baseline = _baseline((lead[1] if lead else "") + clause)
    found: list[Found] = []
    last: Quantity | None = None
    for quantity in _quantities(clause, lost_digits):
        year = _tick(clock, clause, quantity.start)
        made = _target(clause, quantity, last, found[-1] if found and last else None, verb)
        if made:
            direction_based = made.direction in ("reduce", "increase")
            found.append(replace(made, target_year=year, baseline_year=baseline if direction_based else None))
        last = quantity
    end = _tick(clock, clause, len(clause))
    if not found:
        found = [replace(w, target_year=w.target_year or end) for w in _in_words(clause)]
    a, b = _stripped(clause)
    for one in found:
        yield replace(one, start=min(start, offset + a) if lead else offset + a, end=offset + b)


# --- years ---------------------------------------------------------------------------------------------------------


def _tick(clock: Clock, clause: str, upto: int) -> int | None:
    """Move the clock over the years that the clause names before ``upto``; baselines do not count."""
    based = [m.span() for m in rules.BASELINE.find(clause)]
    for match in rules.YEAR.find(clause[:upto]):
        if any(a <= match.start() < b for a, b in based):
            continue
        clock.current = int(match["year"]) if match["year"] else rules.PLAN_END[match["plan"]]
    return clock.year()


def _baseline(clause: str) -> int | None:
    match = rules.BASELINE.pattern.search(clause)
    return int(match["year"]) if match else None


# --- numbers -------------------------------------------------------------------------------------------------------


def _quantities(clause: str, lost_digits: bool) -> list[Quantity]:
    named = [m.span() for m in _NAMES.finditer(clause)] if "《" in clause or "“" in clause else []
    rows = [rules.QUANTITY, rules.HAN_QUANTITY, rules.UNITLESS] + ([rules.LOST_QUANTITY] if lost_digits else [])
    found: list[Quantity] = []
    for row in rows:
        for match in row.find(clause):
            if any(a < match.start() < b for a, b in named):
                continue
            if any(q.start < match.end() and match.start() < q.end for q in found):
                continue
            found.append(_quantity(match, row is rules.LOST_QUANTITY, row is rules.HAN_QUANTITY))
    return sorted((q for q in found if not _is_date(clause, q)), key=lambda q: q.start)


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


def _target(clause: str, q: Quantity, last: Quantity | None, made: Found | None, verb: str) -> Found | None:
    """The commitment that a quantity makes, or None where it only selects, names or reports something."""
    before = clause[: q.start]
    local = before[last.end :] if last else before
    post = rules.AFTER.match(clause, q.end)
    behind = clause[post.end() if post else q.end :]
    chained = made is not None and last is not None and re.fullmatch(r"\s*(?:以上|左右|以下)?\s*[、和及]\s*", local)
    if chained and made and q.kind == last.kind:  # type: ignore[union-attr]
        return replace(made, value=q.value, unit=q.unit or None, bound=_bound("", post["post"] if post else "", q))
    parallel = made is not None and last is not None and last.unit == q.unit and local.lstrip().startswith("、")
    if not _commits(clause, q, last, before, local, post["post"] if post else "", behind, verb, parallel):
        return None
    shown = local if local.strip() else before
    direction = _direction(shown, post["post"] if post else "", q, clause)
    bound = _bound(shown, post["post"] if post else "", q)
    if q.unit == "" and direction == "limit":
        bound = "<"
    return Found(
        0, 0, _indicator(clause, q, before, behind), direction, q.value, q.unit or None, bound,
        bool(rules.PER_YEAR.search(before)),
    )  # fmt: skip


def _commits(
    clause: str,
    q: Quantity,
    last: Quantity | None,
    before: str,
    local: str,
    post: str,
    behind: str,
    verb: str,
    parallel: bool,
) -> bool:
    closed = not behind.strip() or behind.lstrip()[0] in "，。；、）（和及且并（"
    near = local[-10:]
    bounded = bool(rules.AT_LEAST.search(local) or rules.AT_MOST.search(local))
    if re.search("[每第由从]$", before) or before.endswith(("+", "“")):
        return False
    if rules.AWARD.search(clause) and ("元" in q.unit or q.unit == "%"):
        return False
    if rules.SELECTS.match(behind) and not (q.unit == "%" and post and rules.DOING.search(behind)):
        return False
    if q.lost and not q.unit:
        return bool(rules.MORE.search(near) or rules.AT_MOST.search(near) or re.search("达到$|不低于$", near.rstrip()))
    if q.han:
        return _han_commits(q, before, behind, bounded, verb)
    if q.unit == "":
        return bool(bounded or rules.STOCK.search(behind) or re.search("降至|降到|达到|控制在", near))
    if q.kind == "duration":
        counted = "日" in q.unit or q.unit in ("天", "小时") or bool(re.search("[后起]$", before))
        allowed = post in ("以内", "之内", "内") and counted
        return bounded or allowed or q.lost and bool(re.search("推荐|一般", before))
    if last and last.end == q.start:
        return False
    if q.kind == "count":
        if rules.SCHEME_NOUN.match(behind) and not bounded:
            return False
        if post and re.match(r"的?(?:企业|单位|项目|家庭|人员)", behind) and not rules.DOING.search(before):
            return False
        carried = verb and (closed or local.strip() in ("", "和", "、", "及", "与"))
        return bool(rules.DOING.search(before) or carried or closed and before.strip() and not before.endswith("的"))
    if post in ("以上", "以下", "及以上", "及以下") and re.match(r"\s*的?[\u4e00-\u9fff]", behind) and not bounded:
        share = q.unit == "%" and bool(rules.DOING.search(behind))
        return (
            share
            or bool(rules.STOCK.search(behind))
            or bool(rules.REACH.search(near) and not re.match("的", behind.strip()) and closed)
        )
    if parallel:
        return True
    change = rules.REDUCE.search(local) or rules.INCREASE.search(local) or rules.REACH.search(local)
    if not change:
        return False
    adjacent = rules.REDUCE.search(near) or rules.INCREASE.search(near) or rules.REACH.search(near)
    return bool(adjacent) or closed


def _han_commits(q: Quantity, before: str, behind: str, bounded: bool, verb: str) -> bool:
    if bounded:
        return True
    if rules.SCHEME_NOUN.match(behind) or rules.ORDINAL_NOUN.match(behind):
        return False
    if q.value in (100, 1000, 10000):
        return bool(re.search(rf"(?:{rules.DOING.pattern})$", before))
    return q.unit in ("家", "座", "所", "条") and bool(rules.DOING.search(before))


def _direction(local: str, post: str, q: Quantity, clause: str) -> Direction:
    if q.kind == "count":
        return (
            "limit"
            if rules.AT_MOST.search(local)
            else "reach"
            if q.lost and re.search("达到?$", local.rstrip()) or _reaches(q, local)
            else "count"
        )
    if post.endswith("以下") and re.search(f"(?:{rules.REDUCE.pattern}|降)[到至]", local):
        return "limit"
    if q.kind == "physical" and "元" not in q.unit and _is_built(local):
        return "count"
    if (
        rules.AT_MOST.search(local)
        or q.kind == "duration"
        and (post in ("内", "以内", "之内") or q.lost)
        or post in ("以内", "之内")
    ):
        return "limit"
    if q.unit == "":
        return "limit" if rules.STOCK.search(clause[q.end :]) or post == "以下" else "reach"
    last = ""
    for match in re.finditer(f"({rules.REDUCE.pattern})|({rules.INCREASE.pattern})", local):
        tail = local[match.end() :]
        to = re.match(r"[^，]{0,2}?(?:到|至|达)", tail)
        last = "" if to else "reduce" if match.group(1) else "increase"
        if last and re.search("(?:达到|达|保持在|稳定在|不低于|为|占)", tail) and len(tail) > 3:
            last = ""
        if last and re.match("[\u4e00-\u9fff]{6,}", tail) and match.group(1):
            last = "reduce" if re.search("(?:较|比|约|分别)[^，]*$", tail) else ""
    if last == "increase" and q.unit == "%" and re.match("(?:率|比例)", ""):
        return "reach"
    return last or "reach"  # type: ignore[return-value]


def _is_built(local: str) -> bool:
    """So much of something built or rebuilt is done, not reached (新建公共管廊15公里)."""
    return bool(rules.BUILDS.search(local)) and not re.search("达到?|至|到|占|比|率|能力|规模", local)


def _reaches(q: Quantity, local: str) -> bool:
    """人 and 户 that a number of people 达到 are a level reached; 一种 of at least one is used, not counted."""
    if re.sub("^[万亿千百]+", "", q.unit) in ("人", "户", "人次"):
        return bool(re.search(r"(?:达到|达|人数|户数|总数|不少于)[^，]{0,4}$", local))
    return q.unit == "种"


def _bound(local: str, post: str, q: Quantity) -> Bound:
    if q.is_range or post.endswith("以上") or rules.AT_LEAST.search(local):
        return ">="
    if (
        post in ("以下", "及以下", "以内", "之内", "内")
        or rules.AT_MOST.search(local)
        or q.lost
        and q.kind == "duration"
    ):
        return "<="
    if rules.MORE.search(local.rstrip()):
        return ">"
    if rules.LESS.search(local.rstrip()):
        return "<"
    return "~" if post in ("左右", "上下") or rules.ABOUT.search(local) else "="


# --- words ---------------------------------------------------------------------------------------------------------


def _in_words(clause: str) -> Iterator[Found]:
    for row in rules.LIMITS_IN_WORDS:
        match = row.pattern.search(clause)
        if not match:
            continue
        limit = row.name in ("no more", "prohibition")
        year = match.groupdict().get("year")
        yield Found(
            0, 0, _topic(clause, match), "limit" if limit else "reach", None, None, "<=" if limit else None,
            target_year=int(year) if year else None,
        )  # fmt: skip
        return


def _topic(clause: str, match: re.Match[str]) -> str:
    """What a limit in words is about: the clause without its years and its leading verb."""
    plain = re.sub(
        rules.YEAR.pattern.pattern.replace("?P<from>", "").replace("?P<year>", "").replace("?P<plan>", ""), "", clause
    )
    plain = re.sub(
        r"^[到至，\s]*(?:底|末)?前?(?:推动|推进|实现|确保|力争|严禁|禁止|原则上不得|不得|期间)*", "", plain.strip()
    )
    plain = re.sub(r"(?:只减不增|不增加|全覆盖|零增长)$", "", plain)
    return re.sub(r"\s+", "", plain)[:60] or re.sub(r"\s+", "", clause)[:60]


def _indicator(clause: str, q: Quantity, before: str, behind: str) -> str:
    if q.kind == "count":
        noun = re.sub(r"^的?\s*", "", re.split(r"[，；。、（]", behind)[0])
        if len(noun) >= 2:
            return re.sub(r"\s+", "", noun)[:60]
    plain = rules.BASELINE.pattern.sub("", before)
    plain = rules.YEAR.pattern.sub("", plain)
    plain = re.sub(r"(?:累计|分别|将|再|进一步|力争|确保|争取|平均每年|平均年|每年|年均|实现|约|力争实现)", "", plain)
    plain = re.sub(
        rf"(?:{rules.REDUCE.pattern}|{rules.INCREASE.pattern}|达到|达|保持在|稳定在|控制在|不低于|不少于|不超过|不高于|超过|突破|提高到|提升至|占比?|为|到|至|约)+\s*$",
        "", plain.strip(),
    )  # fmt: skip
    plain = re.sub(r"^[到至在，、\s（）底末前]*(?:推动|推进|确保|完成|创建|培育|打造)?", "", plain)
    plain = plain or re.split("[，；。、]", behind)[0]
    return re.sub(r"\s+", "", plain)[-60:] or re.sub(r"\s+", "", clause)[:60]


def _stripped(clause: str) -> tuple[int, int]:
    body = clause.strip(" 、，；。")
    start = clause.find(body) if body else 0
    return start, start + len(body)


def in_rows(rows: Sequence[Sequence[str]]) -> tuple[int, int, int, int] | None:
    """Columns (name, unit, baseline, target) of a table of indicators, or None; -1 where a column is absent."""
    head = [re.sub(r"\s+", "", cell) for cell in rows[0]] if rows else []
    name = next((i for i, c in enumerate(head) if re.search("指标(?:名称)?$|^指标", c)), -1)
    years = [i for i, c in enumerate(head) if re.search(r"20\d\d年|目标值?", c)]
    if name < 0 or not years:
        return None
    unit = next((i for i, c in enumerate(head) if c.startswith("单位")), -1)
    return name, unit, years[0] if len(years) > 1 else -1, years[-1]
