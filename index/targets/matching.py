"""Which targets of two documents measure the same quantity: found by what they measure, not document by document."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from index.targets.indicators import Commitment, commitments
from schemas import Policy

ALIKE = 0.75
"""Share of character pairs from which two names of quantities are one."""
KINDS = ("一般", "大宗", "再生", "生活", "医疗")
"""Words that tell one quantity from another of nearly the same name."""
_SHARES = ("%", "‰", "个百分点", "百分点")
BRANCH = 5
"""A branch concerns a document that names it so often."""


class Match(NamedTuple):
    """A lower target and an upper one of the same indicator; ``above`` is the place of the upper document."""

    above: int
    low: Commitment
    up: Commitment


class Measured(NamedTuple):
    """All that `same_indicator` looks at: targets that are alike in it match the same others."""

    quantity: str
    per: str
    total: bool
    state: str
    programme: str
    sectors: frozenset[str]
    numbered: bool
    kind: str
    year: int | None


class Matches:
    """The targets of documents that stand in order, from above to below (`index.linking.linker.rank`)."""

    def __init__(self, ranked: Sequence[Policy]) -> None:
        self._place = {policy.slug: place for place, policy in enumerate(ranked)}
        self._read = {policy.slug: commitments(policy) for policy in ranked}
        self._held: dict[Measured, list[tuple[int, int, Commitment]]] = {}
        for place, policy in enumerate(ranked):
            for number, one in enumerate(self._read[policy.slug]):
                self._held.setdefault(measured(one), []).append((place, number, one))
        self._same: dict[Measured, list[Measured]] = {}

    def of(self, lower: Policy) -> Iterator[Match]:
        """Each target of the document with those of the documents above it, by upper document, then in reading order."""
        place, found = self._place[lower.slug], []
        named: Counter[str] = Counter()
        for number, low in enumerate(self._read[lower.slug]):
            for key in self._matching(measured(low)):
                if key.sectors and not low.sectors and not _concerns(key.sectors, lower.logical_text, named):
                    continue
                held = self._held[key]
                found += [(at, number, order, low, up) for at, order, up in held[: bisect_left(held, (place,))]]
        found.sort(key=lambda row: row[:3])
        for (at, _), rows in groupby(found, key=lambda row: row[:2]):
            own = list(rows)
            yield from (Match(at, own[0][3], up) for up in nearest(own[0][3], [row[4] for row in own]))

    def _matching(self, low: Measured) -> list[Measured]:
        """What measures the same as the lower target, branches that the lower text may have left aside."""
        if low not in self._same:
            near = self._names.near(low.quantity)
            self._same[low] = [up for name in near for up in self._by_name[name] if _same_but_for_branch(low, up)]
        return self._same[low]

    @cached_property
    def _by_name(self) -> dict[str, list[Measured]]:
        found: dict[str, list[Measured]] = {}
        for key in self._held:
            found.setdefault(key.quantity, []).append(key)
        return found

    @cached_property
    def _names(self) -> Names:
        return Names(self._by_name)


class Names:
    """Names of quantities, found by their pairs of characters."""

    def __init__(self, names: Iterable[str]) -> None:
        self._pairs = {name: _pairs(name) for name in names if name}
        self._with: dict[str, list[str]] = {}
        for name, pairs in self._pairs.items():
            for pair in pairs:
                self._with.setdefault(pair, []).append(name)

    def near(self, name: str) -> list[str]:
        """The names that are one with this one, itself among them."""
        if name not in self._pairs:
            return []
        own = self._pairs[name]
        shared = Counter(other for pair in own for other in self._with[pair])
        shared[name] = max(1, len(own))
        return [
            other
            for other, number in shared.items()
            if other == name or (2 * number >= ALIKE * (len(own) + len(self._pairs[other])) and not _other(name, other))
        ]


def measured(one: Commitment) -> Measured:
    """What a target measures."""
    numbered = one.target.value is not None
    kind = "share" if (one.target.unit or "") in _SHARES else "count" if one.target.direction == "count" else ""
    return Measured(
        *(one.quantity, one.per, one.total, one.state, one.programme, one.sectors),
        *(numbered, kind, one.target.target_year),
    )


def same_indicator(low: Commitment, up: Commitment, lower_text: str) -> bool:
    """Whether both measure the same quantity, in whatever words, of a branch that concerns the lower document."""
    one, other = measured(low), measured(up)
    if not one.quantity or other.quantity not in Names((one.quantity, other.quantity)).near(one.quantity):
        return False
    if not _same_but_for_branch(one, other):
        return False
    return not up.sectors or bool(low.sectors) or _concerns(up.sectors, lower_text, Counter())


def _other(name: str, other: str) -> bool:
    """Whether each name has what the other has not (资源产出率, 能源产出率), or they do not end alike (高层次人才,
    高层次人才团队; the noun stands last): two things. A name that only says more before (企业数字化转型比例) is of the same."""
    own, theirs = Counter(name), Counter(other)
    return name[-1] != other[-1] or (bool(own - theirs) and bool(theirs - own))


def _pairs(name: str) -> frozenset[str]:
    return frozenset(name[at : at + 2] for at in range(len(name) - 1))


def _same_but_for_branch(low: Measured, up: Measured) -> bool:
    """Whether two of nearly the same name measure the same; ``up`` may be of a branch where ``low`` names none."""
    if low.state and up.state and low.state != up.state:
        return False
    if (low.state in ("持续下降", "先进水平")) != (up.state in ("持续下降", "先进水平")):
        return False
    if any((word in low.quantity) != (word in up.quantity) for word in KINDS):
        return False
    if {low.kind, up.kind} == {"share", "count"} and low.quantity != up.quantity:
        return False
    if low.sectors and up.sectors and not low.sectors & up.sectors:
        return False
    return _comparable(low, up)


def _comparable(low: Measured, up: Measured) -> bool:
    """A number is held against words only where both measure alike, or where a total stands over an intensity; a number
    of things done (污水处理厂6座) against none (第二污水处理厂建成)."""
    if low.numbered == up.numbered or low.programme or up.programme:
        return True
    if up.total and low.per:
        return not differ(low.year, up.year)
    if "count" in (low.kind, up.kind):
        return False
    return low.per == up.per and low.total == up.total


def _concerns(sectors: Iterable[str], text: str, named: Counter[str]) -> bool:
    """Whether the text names one of the branches often; ``named`` keeps what was counted."""
    for name in sectors:
        if name not in named:
            named[name] = text.count(name)
    return any(named[name] >= BRANCH for name in sectors)


def nearest(low: Commitment, found: Sequence[Commitment]) -> Sequence[Commitment]:
    """Where the upper document sets the indicator by several denominators or for several years, the numbers by that of
    the lower target and those of its year; what it sets in words stays."""
    per = [up for up in found if up.per == low.per]
    if low.target.value is not None and any(up.target.value is not None for up in per):
        found = [up for up in found if up.per == low.per or up.target.value is None]
    year = low.target.target_year
    own = [up for up in found if year is not None and up.target.target_year == year]
    return own or found


def differ(left: int | None, right: int | None) -> bool:
    """Whether both years are known and not the same."""
    return left is not None and right is not None and left != right
