"""By what name a quantity is known: words that mean one, what it is divided by, and what is no part of the name.

The words are data (`indicators.toml`).
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from extract.rules.targets import DONE_TO

_WHOLE = "(?:全部|一次)?(?:能源消费|能源|用能|用电|电力消费|全社会用电|发电|总|利用处置|产生)(?:总)?(?:量|数)?"
_SHARE = re.compile(f"(?:消费|使用|利用)?(?:占(?:{_WHOLE})的?(?:比重|比例|比率|占比)|的?(?:占比|比重|比例|比率))$")
_RECOGNISED = re.compile("(?:国家|省|市|区|县)级(?:及其?)?以上")
_NEW = re.compile("新增|净增")
_BOX = re.compile("^[^：]{2,14}(?:工程|行动|计划)：")
"""The name of a project in a box before what it is to reach."""
_LEAD = re.compile("^(?:其中)?(?:[一两三四五]年内?)?(?:在[^，。；]{1,14}?(?=组建|建设|打造|培育|建成|开展))?")
_RATIO = re.compile("(?:率|占比|比[例重]|强度|浓度|能耗)$")
_SAID = re.compile(
    r"20\d\d年(?:底|末)?(?:之?前)?|“?十[四五六]五”?(?:期间|末|时期)?|[到至]|力争|确保|达|提高|提升|(?<!新)增加?(?!加?值)|下降|降低?|增长|进一步|年均|"
    r"每?年|累计|不[少低高]于|超过|不超过|突破|[\d.]+(?:[%‰]|个百分点|[百千万亿]*(?:标准煤|平方米|立方米|公里|千瓦|[家个项座条吨元亩米户人名套辆台件种处场次]))|[一两三四五](?=年)|以上|以下|左右|以内"
)
"""What a clause says of the number and the year, not of what is measured."""
_COMPLETE = re.compile(
    "(?:率|(?<!需氧)量|数|值|比[重例率]|占比|能耗|[电水煤]耗|能源消耗|强度|浓度|增速|规模|装机|排放)$"
)
"""How the name of an indicator ends; a member of a list that does not end so shares the tail of the last."""


@cache
def table() -> dict[str, Any]:
    """The words for what is measured (`indicators.toml`)."""
    return tomllib.loads((Path(__file__).parent / "indicators.toml").read_text("utf-8"))


@lru_cache(4096)
def quantity(words: str) -> str:
    """The name by which a quantity is known, whatever words print it.

    A share is a 占比, of its whole if that is all there is of it (占能源消费总量比重); who recognised what is counted
    (市级以上绿色工厂), that it is new (新增) and what is done with it (组建, 开展) is no part of the name. The noun that
    the name ends with is one (绿色园区 and 绿色企业 are two things), so it is kept.
    """
    words = _lead_off(_SHARE.sub("占比", _RECOGNISED.sub("", _BOX.sub("", _NEW.sub("", words)))))
    for row in table()["same"]:
        for name in sorted(row, key=len, reverse=True):
            if name in words:
                words = words.replace(name, row[0])
                break
    head = next((name for name in table()["heads"] if words.endswith(name)), "")
    words = words.removesuffix(head)
    filler = (*table()["places"], *table()["sectors"], *table()["filler"], "总量", "量")
    for name in sorted(filler, key=len, reverse=True):
        words = words.replace(name, "")
    return _lead_off(words + head)


def _lead_off(words: str) -> str:
    """Without what is done with the thing; 新建 before a ratio (新建厂房屋顶光伏覆盖率) says of what it is."""
    plain = _LEAD.sub("", re.sub("(?<=改造)项目$", "", words))
    if not _RATIO.search(plain):
        plain = DONE_TO.sub("", plain)
    return plain if len(plain) > 2 else words


@lru_cache(4096)
def is_unnamed(words: str) -> bool:
    """Whether the words say only that something is done, by when, or how much of it (2024年底前完成, 到2030年达到40%),
    or leave out of what (覆盖率, 装机): what is measured stands elsewhere."""
    plain = quantity(_SAID.sub("", words))
    return len(plain) < 2 or plain in table()["unnamed"]


def denominator(words: str) -> str:
    """What an intensity is divided by; the thing that is measured follows it (工业增加值 by itself is no intensity)."""
    for name in sorted(table()["per"], key=len, reverse=True):
        _before, found, after = words.partition(name)
        if found and (len(after) > 1 or name.startswith(("单位", "万元"))):
            return str(name)
    return ""


def same_denominator(per: str) -> str:
    """One word for each denominator."""
    if "GDP" in per:
        return "生产总值"
    for name in ("增加值", "产值", "生产总值", "产品", "吨钢"):
        if name in per and not (name == "产值" and "生产总值" in per):
            return name
    return per


def unsaid_denominator(words: str) -> tuple[str, str]:
    """Name and denominator of a rate that is divided by what its name need not say (研发投入强度), else two blanks."""
    for name, row in table()["unsaid"].items():
        if re.search(row["words"], words):
            return name, next((of for sign, of in row["where"].items() if sign in words), row["of"])
    return "", ""


def is_rate_of_several(words: str) -> bool:
    """Whether one rate is said of each of a list (危险废物、医疗废物处置率)."""
    return "、" in words and "等" not in words and words.endswith(tuple(table()["tails"]))


def members(words: str) -> tuple[str, ...]:
    """The names that a list of indicators stands for, each with the head or the tail that the list prints once; none
    where it is no list, or one whose members cannot be told.

    >>> members("单位生产总值能耗、用水量"), members("氮氧化物和挥发性有机物排放总量"), members("二级、三级计量器具配备率")
    (('单位生产总值能耗', '单位生产总值用水量'), ('氮氧化物排放总量', '挥发性有机物排放总量'), ('二级计量器具配备率', '三级计量器具配备率'))
    """
    parts = re.split("、|和|与|以及|及(?!以上)", re.sub("[均双]$", "", words))
    if len(parts) < 2 or not all(len(part) > 1 for part in parts):
        return ()
    happens = re.match(f"(?:{'|'.join(table()['happenings'])})", parts[0])
    head, last = denominator(parts[0]) or (happens[0] if happens else ""), parts[-1]
    tail = next((name for name in table()["tails"] if last.endswith(name)), "")
    whole = tuple(_member(part, head, last, tail) for part in parts)
    return whole if all(map(_COMPLETE.search, whole)) else ()


def _member(part: str, head: str, last: str, tail: str) -> str:
    if head and head not in part and not denominator(part):
        part = head + part
    if part == last or _COMPLETE.search(part):
        return part
    beside = last[: len(part)]
    if (part[-1] == beside[-1] or part[:-1] == beside[:-1]) and len(beside) < len(last):
        return part + last[len(part) :]
    return part + tail
