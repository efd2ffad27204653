"""The place that a document speaks for, and whether two documents are of different places.

A plan of 江苏省 binds nobody in 上海化工区, however alike their words. Only what is known cuts off: a place that the
divisions do not have, or that a document does not say, is compared with nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from corpus.departments import register
from corpus.places import divisions
from schemas import Policy

_OPENING = re.compile(
    r"^(?:关于)?(?:印发|发布|转发|批转)?[《“”〈（(]*(?:十[四五六七]五[》“”]*(?:期间|时期)?)?(?:中共|中国)?[（(]?"
)
_DISTRICT = re.compile(r"[\u4e00-\u9fff]{1,5}?(?:新区|[区县旗])(?![域块别级内间])")


class Place(NamedTuple):
    """From above to below, each part empty where it is not known: 江苏省, 苏州市, 吴江区, 经开区.

    A city is known with its province; district and park with their city or, in 上海 and the like, their province.
    """

    province: str = ""
    city: str = ""
    district: str = ""
    park: str = ""


def place_of(policy: Policy) -> Place:
    """What issuers, the register's entries for them and the titles say; where they say two things, neither.

    A national document has no place, and a document has no part below its own level.
    """
    if policy.level == "national":
        return Place()
    known = register()
    bodies = [known.get(found) for issuer in policy.issuers if (found := known.resolve(issuer, ()))]
    registered = [body.place for body in bodies if body is not None and body.place]
    read = [_read(name) for name in (*policy.issuers, *registered, policy.title, policy.notice_title or "")]
    return _agreed(read, {"provincial": 1, "district": 3, "park": 4}.get(policy.level or "", 2))


def apart(one: Place, other: Place) -> tuple[str, str] | None:
    """What contradicts: the names of two different places, the widest that differ; None where nothing does.

    >>> apart(Place("江苏省", "苏州市"), Place("江苏省", "无锡市", park="高新区")), apart(Place("江苏省"), Place())
    (('苏州市', '无锡市'), None)
    """
    for left, right, same in zip(one, other, _SAME, strict=True):
        if left and right and not same(left, right):
            return left, right
    return None


def all_apart(policies: Sequence[Policy]) -> list[list[bool]]:
    """For each two of the documents, by number, whether they are of different places; each document is read once, and
    documents of one place share a row.
    """
    read = [place_of(policy) for policy in policies]
    rows = {place: [apart(place, other) is not None for other in read] for place in set(read)}
    return [rows[place] for place in read]


def _read(name: str) -> Place:
    province, city, rest = divisions().read(_OPENING.sub("", "".join(name.split())))
    found = _DISTRICT.match(rest)
    district = found.group() if found and not found.group().endswith(divisions().park_kinds) else ""
    return Place(province, city, district, _park(rest.removeprefix(district), bool(province)))


def _park(rest: str, is_said: bool) -> str:
    """The park that stands first, its kind in short; a bare kind (园区, 开发区) means one only after its city."""
    data = divisions()
    plain = re.sub("[（）()“”]", "", rest)
    for full, short in data.park_forms.items():
        plain = plain.replace(full, short)
    found = re.match(rf"([\u4e00-\u9fff]{{0,12}}?)(?:{'|'.join(data.park_kinds)})", plain)
    if found is None or not (found.group(1) or is_said) or any(word in found.group() for word in data.park_wide):
        return ""
    return found.group()


def _agreed(read: Sequence[Place], depth: int) -> Place:
    """The parts that all agree on, from above down to where they do not or where one is missing above."""
    parts: list[str] = []
    for number, same in enumerate(_SAME[:depth]):
        said = list(dict.fromkeys(place[number] for place in read if place[number]))
        if any(not same(said[0], other) for other in said[1:]):
            break
        parts.append(said[0] if said else "")
        if not said and (number == 0 or number == 1 and divisions().cities[parts[0]]):
            break
    return Place(*parts)


def _same_district(left: str, right: str) -> bool:
    """崇明县 became 崇明区."""
    return left[:-1] == right[:-1]


def _same_park(left: str, right: str) -> bool:
    """Parks are printed in many ways (张江高科技园区, 张江科学城): the beginning of one name in the other will do."""
    return left[:2] in right or right[:2] in left


_SAME: tuple[Callable[[str, str], bool], ...] = (str.__eq__, str.__eq__, _same_district, _same_park)
