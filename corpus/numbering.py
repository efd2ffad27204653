"""The numberings of official documents (GB/T 9704—2012, 7.3.3: 一、 （一） 1. （1）, and what is in use beside them)."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from corpus.numerals import CIRCLED, integer

_HAN = "[零〇一二三四五六七八九十百]{1,5}"


@dataclass(frozen=True)
class Numbering:
    """One style: what it is called, how it looks at the start of a paragraph, and examples that the tests run."""

    style: str
    pattern: re.Pattern[str]
    reads: dict[str, str]
    skips: tuple[str, ...] = ()


@dataclass(frozen=True)
class Marker:
    """A number at the start of a paragraph.

    ``label`` is the number as printed without punctuation (``（四）`` → ``四``); ``number`` its value, None where the
    style has none or the source lost it; ``end`` the offset after the marker; ``parts`` the numbers of a decimal.
    """

    style: str
    label: str
    number: int | None
    end: int
    parts: tuple[int, ...] = ()


def _row(style: str, pattern: str, reads: dict[str, str], skips: tuple[str, ...] = ()) -> Numbering:
    return Numbering(style, re.compile(pattern), reads, skips)


NUMBERINGS = (
    _row(
        "part",
        rf"第\s*(?P<n>{_HAN}|\d{{1,2}})\s*(?:编|篇|部分)[\s、：:]*",
        {"第一编 总则": "一", "第二部分 重点任务": "二"},
    ),
    _row("chapter", rf"第\s*(?P<n>{_HAN}|\d{{1,2}})\s*章[\s、：:]*", {"第一章 总则": "一", "第十二章　附则": "十二"}),
    _row("section", rf"第\s*(?P<n>{_HAN}|\d{{1,2}})\s*节[\s、：:]*", {"第二节 加强规划衔接": "二"}, ("第二季度完成",)),
    _row(
        "article",
        rf"第\s*(?P<n>{_HAN}|\d{{1,3}})\s*条(?![第款规所])[\s、：:]*",
        {"第八条 园区应当": "八", "第十条　企业": "十"},
        ("第八条规定的情形", "第三条第二款"),
    ),
    _row("box", r"专栏\s*(?P<n>\d{1,2}|[一二三四五六七八九十]{1,3})[\s、：:]*", {"专栏1 重点工程": "1"}),
    _row(
        "han",
        rf"(?P<n>{_HAN})\s*[、．.](?!\d(?!\d{{3}}\s*年))\s*",
        {"一、总体要求": "一", "十二、保障措施": "十二", "一、2025年主要目标": "一"},
        ("一是加强领导", "一批项目", "三、四季度"),
    ),
    _row("han_paren", rf"[（(]\s*(?P<n>{_HAN})\s*[）)][、.．\s]*", {"（一）指导思想": "一", "(十二)强化保障": "十二"}),
    _row(
        "decimal",
        r"(?P<n>\d{1,2}(?:[.．]\d{1,2}){1,3})[.．、]?(?:\s+|(?=[一-鿿（“]))(?![%万亿倍米吨元千公亩平个年月日家兆度项])",
        {"1.1 园区范围": "1.1", "2.1.1.1 环境空气质量": "2.1.1.1", "3.2.加强监管": "3.2"},
        ("1.5万吨", "13.5%以上", "2.4 亿元"),
    ),
    _row(
        "arabic",
        r"(?P<n>\d{1,3})\s*[.．﹒、](?!\d(?!\d{3}\s*年))\s*",
        {
            "1.打造先进高端产业": "1",
            "3. 上海肩负": "3",
            "26、加强社会宣传": "26",
            "1．绿色": "1",
            "1、2025年底前建成": "1",
        },
        ("1.5万吨", "2025年", "2、3季度"),
    ),
    _row(
        "arabic_paren",
        r"[（(]\s*(?P<n>\d{1,2})\s*[）)][、.．\s]*",
        {"（1）创建对象": "1", "(2) 评价指标": "2"},
        ("（2023年）",),
    ),
    _row("arabic_half_paren", r"(?P<n>\d{1,2})\s*[）)]\s*", {"1）建立台账": "1"}),
    _row("lost_paren", r"[（(]\s*[）)]\s*(?=[\u4e00-\u9fff])", {"（ ）有明确的领导机构": "", "()有明确的领导机构": ""}),
    _row("circled", rf"(?P<n>[{CIRCLED}])\s*", {"①建设": "①"}),
    _row("dash", r"(?:——|--|―{1,2}|—)\s*(?=[^\s—\d-])", {"——能源效率稳步提升。": ""}, ("— 3 —", "--12--")),
    _row(
        "bullet",
        r"[➤➢●•◆■▲★□○·]\s*(?=\S)|[-*]\s+(?=[一-鿿“])",
        {"➤ 产品项目一体化": "", "- 新增绿色工厂": ""},
        ("- 10 -",),
    ),
    _row(
        "arabic_space",
        r"(?P<n>\d{1,2})\s+(?=[一-鿿])(?![年月日个家项万亿%条吨公种户])",
        {"1 园区基本概况": "1"},
        ("2 年", "10 家企业"),
    ),
)

_OPENINGS = frozenset("第专零〇一二三四五六七八九十百0123456789（(—-―*➤➢●•◆■▲★□○·" + CIRCLED)
"""Every character that a number can begin with."""
_SEQUENCE_WORD = re.compile(
    r"[一二三四五六七八九十]{1,3}、(?=[一二三四五六七八九十]{1,3}(?:季度|级|类|线|产|等|期|、))|\d{1,2}、(?=\d{1,2}(?:\D|$))"
)


@functools.lru_cache(maxsize=8192)
def read_marker(text: str) -> Marker | None:
    """The number that ``text`` begins with, or None.

    >>> read_marker("（四）推进钢铁行业碳达峰。").label
    '四'
    """
    if not text or text[0] not in _OPENINGS or _SEQUENCE_WORD.match(text):
        return None
    for row in NUMBERINGS:
        match = row.pattern.match(text)
        if match:
            return _marker(row.style, match)
    return None


def _marker(style: str, match: re.Match[str]) -> Marker:
    label = match.groupdict().get("n") or ""
    label = label.replace("．", ".")
    if style == "decimal":
        parts = tuple(int(n) for n in label.split("."))
        return Marker(style, label, parts[-1], match.end(), parts)
    if style == "circled":
        return Marker(style, str(CIRCLED.index(label) + 1), CIRCLED.index(label) + 1, match.end())
    return Marker(style, label, integer(label) if label else None, match.end())
