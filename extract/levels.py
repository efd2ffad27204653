"""The level of a document's issuer, and the places that the document speaks for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.frontmatter import FrontMatter
from extract.rules import frontmatter as rules
from extract.signature import closed_up
from schemas import Level


def level_of(front: FrontMatter) -> Level | None:
    """The level of the issuer, read from issuers, title and addressees in this order; None if none tells."""
    for name in (*front.issuers, front.notice_title or "", front.title, "、".join(front.addressees)):
        level = _level(name, front.addressees if name not in front.addressees else ())
        if level:
            return level
    return _by_addressees(front.addressees)


def level_by_names(names: Sequence[str]) -> Level | None:
    """The level that most of the responsible bodies' names speak of (省发展改革委, 市科委, 区商务局, 商务部)."""
    votes: dict[Level, int] = {"provincial": 0, "municipal": 0, "district": 0, "national": 0}
    openings: tuple[tuple[str, Level], ...] = (
        ("省", "provincial"),
        ("自治区", "provincial"),
        ("市", "municipal"),
        ("区", "district"),
        ("县", "district"),
    )
    for name in names:
        for start, level in openings:
            votes[level] += name.startswith(start)
        votes["national"] += name.endswith("部") and len(name) <= 9 or name.startswith("国家")
    best = max(votes, key=lambda level: votes[level])
    return best if votes[best] >= 2 and votes[best] > len(names) / 3 else None


def places_of(front: FrontMatter, level: Level | None) -> tuple[str, ...]:
    """The places that the document speaks for, in the words of the department register."""
    said = "".join((front.title, front.notice_title or "", *front.issuers, *(p.text for p in front.head[:6])))
    if level == "national":
        return ("",)
    places = []
    if "上海" in said or re.match("沪", front.doc_number or ""):
        places.append("上海")
    if re.search("上海化学工业区|上海化工区", said) and level == "park":
        places.append("上海化工区")
    return tuple(places)


def _level(name: str, addressees: Sequence[str]) -> Level | None:
    plain = re.sub(r"^“?十[四五六七]五”?(?:期间|时期)?", "", closed_up(name))
    if not plain:
        return None
    head = plain.split("关于")[0] if "关于" in plain and not plain.startswith("关于") else plain
    if (
        rules.PARK.search(head)
        and not re.match("关于|国务院|国家", head)
        and not re.search("推进|推动|支持", head[: max(0, _at(rules.PARK, head))])
    ):
        return "park"
    head = re.sub(r"^(?:北京|天津|上海|重庆)市(?=[\u4e00-\u9fff]{2,4}?[区县])", "", head)
    if re.match("(?:浦东|滨海)新区(?!管)", head):
        return "district"
    district = rules.DISTRICT.search(head)
    if (
        district
        and not rules.CAPITALS.fullmatch(district.group()[:2])
        and not re.search("自治区|地区|园区|新区|示范区|区域", district.group())
    ):
        return "district"
    if rules.CAPITALS.match(head):
        return "municipal"
    if re.match(r"[\u4e00-\u9fff]{2,4}(?:省|自治区)|省", head) or rules.PROVINCE.match(head) and "市" not in head[:8]:
        return "provincial"
    if re.search(r"^(?:中共)?[\u4e00-\u9fff]{2,5}?市|^市", head):
        return "municipal"
    return "national" if rules.NATION.match(head) else None


def _at(pattern: re.Pattern[str], text: str) -> int:
    match = pattern.search(text)
    return match.start() if match else 0


def _by_addressees(addressees: Sequence[str]) -> Level | None:
    said = "、".join(addressees)
    if re.search("各省|自治区、直辖市", said):
        return "national"
    if re.search("各(?:设区)?市|各地级|各市（州）|各市州", said):
        return "provincial"
    if re.search("各区|各县", said):
        return "municipal"
    return "park" if re.search("园区|管委会|发展公司", said) else None
