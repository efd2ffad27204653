"""Whether a number commits someone to something, and to what: direction, bound, indicator."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from extract.indicators import indicator, named_by
from extract.quantities import Quantity
from extract.rules import targets as rules
from schemas.policy import Bound, Direction


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


def commitment(
    clause: str,
    q: Quantity,
    last: Quantity | None,
    made: Found | None,
    verb: str,
    whole: str | None = None,
    dated: bool = True,
) -> Found | None:
    """The commitment that a quantity makes, or None where it only selects, names or reports something.

    ``verb`` is what an earlier clause of the sentence does, ``whole`` the unit of the commitment before, of which a
    clause with 其中 names a part, ``dated`` whether a year holds.
    """
    before = clause[: q.start]
    local = before[last.end :] if last else before
    post = rules.AFTER.match(clause, q.end)
    behind = clause[post.end() if post else q.end :]
    chained = made is not None and last is not None and re.fullmatch(r"\s*(?:以上|左右|以下)?\s*[、和及]\s*", local)
    if chained and made and q.kind == last.kind:  # type: ignore[union-attr]
        said = "" if post else clause[: last.start][-8:]  # type: ignore[union-attr]  # 分别超过90%、75%
        return replace(made, value=q.value, unit=q.unit or None, bound=_bound(said, post["post"] if post else "", q))
    parallel = made is not None and last is not None and last.unit == q.unit and local.lstrip().startswith("、")
    parallel = parallel or (last is None and q.unit == whole and bool(re.match(r"\s*其中[\u4e00-\u9fff]{2}", clause)))
    if not _commits(clause, q, last, before, local, post["post"] if post else "", behind, verb, parallel, dated):
        return None
    shown = local if local.strip() else before
    direction = _direction(shown, post["post"] if post else "", q, clause)
    built = q.kind == "physical" and rules.BUILDS.search(before) and _is_thing(behind)
    if made and made.direction == "count" and direction == "reach" and (parallel or built):
        direction = "count"  # 新建骑行道300公里、步行道150公里
    bound = _bound(shown, post["post"] if post else "", q)
    if q.unit == "" and direction == "limit" and not rules.AT_MOST.search(shown):
        bound = "<"
    return Found(
        0, 0, indicator(q, named_by(q, last, before, local, parallel), behind), direction, q.value, q.unit or None, bound,
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
    dated: bool,
) -> bool:
    closed = not behind.strip() or behind.lstrip()[0] in "，。；、）（和及且并（"
    near = local[-10:]
    bounded = bool(rules.AT_LEAST.search(local) or rules.AT_MOST.search(local))
    if (
        re.match("(?:范围|半径)", behind)
        or re.search("[每第由从]$|(?:加强|强化)对$", before)
        or before.endswith(("+", "“"))
    ):
        return False
    if rules.CONDITION.pattern.match(clause, q.end) or rules.STATED_SHARE.pattern.match(clause) and not dated:
        return False
    if clause.rstrip(" ，").endswith("的") or re.search("可(?:在|达|以|申请)", before):
        return False
    if rules.AWARD.search(clause) and not rules.LENT.search(before) and ("元" in q.unit or q.unit == "%"):
        return False
    if "贴息" in clause and q.kind == "ratio":
        return False
    if q.kind == "physical" and rules.CAPACITY.search(before) and rules.BUILDS.search(before) and _is_thing(behind):
        return True
    if rules.SELECTS.match(behind) and not (q.unit == "%" and post and rules.DOING.search(behind)):
        return False
    if q.lost and not q.unit:
        return bool(rules.MORE.search(near) or rules.AT_MOST.search(near) or re.search("达到$|不低于$", near.rstrip()))
    if q.han and q.kind != "ratio":
        return _han_commits(q, before, behind, bounded, verb)
    if q.unit == "":
        return bool(bounded or rules.STOCK.search(behind) or re.search("降至|降到|达到|控制在|提[高升][到至]", near))
    if q.kind == "duration":
        counted = "日" in q.unit or q.unit in ("天", "小时") or bool(re.search("[后起]$", before))
        allowed = post in ("以内", "之内", "内") and (counted or q.unit == "分钟")
        less = bool(rules.BASELINE.pattern.search(local) and rules.REDUCE.search(near))  # 天数较2023年减少8天
        return (
            bounded
            or allowed
            or less
            or bool(rules.SHORTENED.search(local))
            or q.lost
            and bool(re.search("推荐|一般", before))
        )
    if last and last.end == q.start:
        return False
    if q.unit == "番":
        return True
    if q.kind == "count":
        if rules.SCHEME_NOUN.match(behind) and not bounded:
            return False
        if post and re.match(r"的?(?:企业|单位|项目|家庭|人员)", behind) and not rules.DOING.search(before):
            return False
        if q.unit == "人" and rules.STAFFED.pattern.match(clause, q.end):
            return False
        if before.endswith("现有") and rules.STOCK.search(clause):
            return True
        if not post and rules.DUE.pattern.search(behind):  # 5家企业2024年6月底前完成更新
            return True
        if (post and before.endswith("在") or rules.HANDLED.search(before)) and rules.DOING.search(behind):
            return True
        carried = verb and (closed or local.strip() in ("", "和", "、", "及", "与"))
        return bool(rules.DOING.search(before) or carried or closed and before.strip() and not before.endswith("的"))
    if post in ("以上", "以下", "及以上", "及以下") and re.match(r"\s*的?[\u4e00-\u9fff]", behind) and not bounded:
        share = q.unit == "%" and bool(rules.DOING.search(behind))
        return (
            share
            or q.unit == "%"
            and bool(re.search("覆盖(?:全[国省市区县]|[各所]有?)?$", local.rstrip()))
            or bool(rules.STOCK.search(behind))
            or bool(re.search("(?:具备|拥有)$", local.rstrip()))
            or bool(rules.REACH.search(near) and not re.match("的", behind.strip()) and closed)
        )
    if parallel or q.unit == "%" and q.value == 100 and rules.WHOLE.match(behind):
        return True
    if rules.CLASSED.pattern.search(local) and re.match("(?:的)?(?:排放)?限值", behind):
        return True
    if q.kind == "physical" and "元" not in q.unit and rules.BUILDS.search(before) and _is_thing(behind):
        return True
    if q.kind == "physical" and rules.HANDLED.search(before) and _is_thing(behind) and rules.DOING.search(behind):
        return True
    change = rules.REDUCE.search(local) or rules.INCREASE.search(local) or rules.REACH.search(local)
    if not change:
        return False
    adjacent = rules.REDUCE.search(near) or rules.INCREASE.search(near) or rules.REACH.search(near)
    return bool(adjacent) or closed


def _is_thing(behind: str) -> bool:
    """Whether an amount stands before what has it, with nothing but the work on it behind: 6000立方米公共应急池."""
    thing = rules.SIZED.pattern.match(behind)
    if not thing or re.search("前期|研究|论证|范围|半径", thing["noun"]):
        return False
    return not re.search(r"\d", re.split("[、和及与]", thing["noun"])[0])  # 年处理30万吨的项目1个: one project


def _han_commits(q: Quantity, before: str, behind: str, bounded: bool, verb: str) -> bool:
    if bounded:
        return True
    if rules.SCHEME_NOUN.match(behind) or rules.ORDINAL_NOUN.match(behind):
        return False
    if q.value in (100, 1000, 10000):
        return bool(re.search(rf"(?:{rules.DOING.pattern})$", before))
    return q.unit in ("家", "座", "所", "条") and bool(rules.DOING.search(before))


def _direction(local: str, post: str, q: Quantity, clause: str) -> Direction:
    if q.unit == "番":
        return "increase"
    if q.kind == "count":
        return (
            "limit"
            if rules.AT_MOST.search(local)
            else "reach"
            if q.lost and re.search("达到?$", local.rstrip()) or _reaches(q, local) or rules.LEVEL_OF.search(local)
            else "count"
        )
    if post.endswith("以下") and re.search(f"(?:{rules.REDUCE.pattern}|降)[到至]", local):
        return "limit"
    limited = rules.AT_MOST.search(local) or post in ("以下", "及以下", "以内", "之内")
    if q.unit and q.kind == "physical" and "元" not in q.unit and not limited and _is_built(local, q):
        return "reach" if _is_capacity(local, clause, q) else "count"
    if (
        rules.AT_MOST.search(local)
        or rules.CLASSED.pattern.search(local)
        or q.kind == "duration"
        and (post in ("内", "以内", "之内") or q.lost or rules.SHORTENED.search(local))
        or post in ("以内", "之内")
    ):
        return "limit"
    if q.unit == "":
        return "limit" if rules.STOCK.search(clause[q.end :]) or post == "以下" else "reach"
    last = ""
    for match in re.finditer(f"({rules.REDUCE.pattern})|({rules.INCREASE.pattern})", local):
        tail = local[match.end() :]
        to = re.match(r"[^，]{0,2}?(?:到|至|达)", tail) or re.search(r"[\u4e00-\u9fff]{2,}(?:到|至)\s*$", tail)
        last = "" if to else "reduce" if match.group(1) else "increase"
        if last and re.search("(?:达到|达|保持在|稳定在|不低于|为|占)", tail) and len(tail) > 3:
            last = ""
        if last and re.match("[\u4e00-\u9fff]{6,}", tail) and match.group(1):
            said = re.search("(?:较|比|约|分别)[^，]*$", tail) or rules.DIMINISHED.search(tail)
            last = "reduce" if said else ""
    if last == "increase" and q.unit == "%" and re.match("(?:率|比例)", ""):
        return "reach"
    return last or "reach"  # type: ignore[return-value]


def _is_capacity(local: str, clause: str, q: Quantity) -> bool:
    """What something that is built can do is reached, not done: 建成1.5万吨/日中水回用装置."""
    return (
        "吨" in q.unit
        and bool(re.search("建|布局|增设", local))
        and ("/" in q.unit or _is_thing(clause[q.end :]) or clause[q.end :].startswith("、"))
    )


def _is_built(local: str, q: Quantity) -> bool:
    """So much of something built or rebuilt is done, not reached (新建公共管廊15公里)."""
    done = rules.BUILDS.search(local) or rules.HANDLED.search(local) or q.unit == "公里" and "完成" in local
    return bool(done) and not re.search("达到|[达至到]$|占|比|率|能力|规模", local)


def _reaches(q: Quantity, local: str) -> bool:
    """人 and 户 that a number of people 达到 are a level reached; 一种 of at least one is used, not counted."""
    if re.sub("^[万亿千百]+", "", q.unit) in ("人", "户", "人次"):
        if re.search("培训|服务|接待|组织|引进|招聘|选派|惠及|新增", local):
            return False
        return bool(re.search(r"(?:达到|达|人数|户数|总数|不少于)[^，]{0,4}$", local))
    return q.unit == "种" and bool(re.search("至少|使用|采用", local))


def _bound(local: str, post: str, q: Quantity) -> Bound:
    if post in ("左右", "上下"):
        return "~"
    if re.search("[<＜>＞]\\s*$", local):
        return "<" if local.rstrip()[-1] in "<＜" else ">"
    if q.is_range or post.endswith("以上") or rules.AT_LEAST.search(local):
        return ">="
    if (
        post in ("以下", "及以下", "以内", "之内", "内")
        or rules.AT_MOST.search(local)
        or rules.CLASSED.pattern.search(local)
        or q.lost
        and q.kind == "duration"
        or q.kind == "duration"
        and rules.SHORTENED.search(local)
    ):
        return "<="
    if rules.MORE.search(local.rstrip()):
        return ">"
    if rules.LESS.search(local.rstrip()):
        return "<"
    return "~" if post in ("左右", "上下") or rules.ABOUT.search(local) else "="
