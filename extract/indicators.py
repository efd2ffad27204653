"""What a number measures or counts, in the source's words: the indicator of a commitment."""

from __future__ import annotations

import re

from extract.quantities import Quantity
from extract.rules import targets as rules

_LONGEST = 60
_MARKED = re.compile(r"^.*(?:[（(]\d{1,2}[）)]|[①-⑳])")
"""A clause after its number in a sentence that counts them: （3）力争…."""
_INSIDE = re.compile(r"[（(]([^（）()]*)$")
"""What stands in a bracket that is still open."""
_MEMBERS = re.compile(r"（其中[^（）]*）")
"""Part of a count, told in brackets: 绿色工厂36家（其中国家级6家）."""
_JOINED = re.compile(r"\s*的?\s*(?=[、和及与并])")
_NEXT_COUNT = re.compile(
    r"(?:、|和|及|与)(?=[^、和及与]{0,16}\d)|、(?=(?:增设|改造|建设|实施|开展|完成|推进|加强|建立))"
)
"""Where the next member of a list begins, or the next act."""
_HEDGES = re.compile(
    r"由\s*\d[\d.]*\s*[\u4e00-\u9fff%％/]{0,8}$|由\s*\d[\d.]*\s*[\u4e00-\u9fff%％/]{1,8}(?=增加|提高|提升|下降|降)|"
    r"(?:[一二三四五两]年)?累计|分别|将|(?<!可)再(?!生|制)|进一步|力争|确保|争取|平均每年|平均年|每年|年均(?!浓度|值|气温|质量)|实现|"
    r"(?<!节)约(?:为|占|达|合)?\s*$"
)
_SAID = re.compile(
    rf"(?:{rules.REDUCE.pattern}|{rules.INCREASE.pattern}|达到|达|保持在|保持|稳定在|控制在|不低于|不少于|不超过|不高于|超过|突破|"
    r"提高到|提升至|压缩|缩短|[降减增升](?=[至到])|逐步|执行|(?<!年)均|占(?!比)|为|到|至|约|[≤≥<>＜＞])+\s*$"
)
"""How a clause says what the number is to be: …达到, …降至."""
_OPENING = re.compile(
    r"^(?:(?!到位)[到至在，、\s（）底末前•·●■—\-]|其中|[一二三四五两]年(?:内|滚动)?|同步)*(?:推动|推进|确保|完成(?!率)|创建|培育|打造)?"
)
_PLACED = re.compile(
    r"^(?:[一二三四五两]年内?)?在[^，]*?(?:组建|建设|建成|新建|培育|打造|创建|布局|布设|设立|投放|实施|开展)(?=[\u4e00-\u9fff“]{2})"
)
"""Where something is done, before what is counted: 在重点产业链组建创新联合体."""
_ACT_ALONE = re.compile(r"(?:推进|推动|组织|滚动|实施|开展|建设|建成|新建|完成|给予|发布|选取|选择)*")
"""What names nothing: a verb without its object."""
_SPENT = re.compile("(?:安排|投入|设立|筹集|统筹|落实|争取|拿出|列支|总规模)[^\u4e00-\u9fff]*$")


def named_by(q: Quantity, last: Quantity | None, before: str, local: str, parallel: bool) -> str:
    """What stands before a quantity and names it: in a list, only its own member."""
    listed = rules.LISTED.match(local) if last else None
    own = local[listed.end() :] if listed else local
    counted = last is not None and last.kind == q.kind == "count"
    if listed and not counted and not parallel and len(own.strip()) < 4:
        return before
    return own if own.strip() and (listed or parallel) else before


def indicator(q: Quantity, before: str, behind: str) -> str:
    """What the quantity is said of, or "" where its own clause names nothing (2025年底前完成86家)."""
    return _thing(q, before, behind) or _measured(q, before, behind)


def _thing(q: Quantity, before: str, behind: str) -> str:
    """What stands behind its number or size: 37台燃煤锅炉, 5万吨/年碳酸酯示范装置."""
    if q.kind == "count":
        noun = "" if _JOINED.match(behind) else re.split(r"[，；。（(,]", behind)[0]
    elif (
        q.kind == "physical"
        and q.unit
        and "元" not in q.unit
        or behind.lstrip().startswith("的")
        and not _is_share(before)
    ):
        sized = rules.SIZED.pattern.match(behind)
        noun = sized["noun"] if sized else ""
    else:
        return ""
    noun = _closed_up(re.sub(r"^\s*的?\s*", "", _NEXT_COUNT.split(rules.BY.pattern.sub("", noun))[0]))
    return noun[:_LONGEST] if len(noun) >= 2 else ""


def _is_share(before: str) -> bool:
    return bool(re.search("率|比例|占比|比重|[减降]|占", before[-16:]))


def _measured(q: Quantity, before: str, behind: str) -> str:
    """What stands before its number: 再生水利用率达到30%."""
    inside = _INSIDE.search(before)
    plain = before if not inside else inside.group(1) if inside.group(1).strip() else before[: inside.start()]
    plain = rules.BASELINE.pattern.sub("", _MEMBERS.sub("", _MARKED.sub("", plain)))
    plain = re.sub(r"(?:较|比)(?:上年|去年)(?:同期)?", "", rules.BY.pattern.sub("", plain))
    plain = _SAID.sub("", _HEDGES.sub("", plain).strip())
    plain = _OPENING.sub("", _PLACED.sub("", plain) if q.kind == "count" else plain)
    if q.kind == "count":
        plain = rules.DONE_TO.sub("", plain) or plain
    spent = "元" in q.unit and _SPENT.search(plain)
    plain = (not spent and plain) or re.split("[，；。、]", behind.lstrip(" 的"))[0] or plain
    plain = _closed_up(plain)[-_LONGEST:]
    return "" if _ACT_ALONE.fullmatch(plain) else plain


def _closed_up(text: str) -> str:
    return re.sub(r"\s+", "", text)
