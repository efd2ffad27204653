"""The targets of all documents by what they measure: who set which value, since when, and where they do not agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from index.linking.linker import rank
from index.targets.comparison import TargetPair, TargetRelation, amount
from index.targets.indicators import Commitment, commitments
from schemas import Policy

Standing = Literal["conflict", "numbers", "wording", "agreed", "alone"]
STANDINGS: dict[Standing, str] = {
    "conflict": "相互矛盾",
    "numbers": "数值不一致",
    "wording": "要求不一致",
    "agreed": "一致或不可比",
    "alone": "只此一处",
}
"""From the gravest; in the words that people read."""
APART: tuple[TargetRelation, ...] = ("conflict", "weaker", "stricter")
"""Relations of targets that do not agree."""
Key = tuple[str, str, bool, frozenset[str]]


class Indicator(NamedTuple):
    """A quantity under the name by which most documents print it, the places that set it from above, the compared pairs
    whose lower side it is, those apart first, and how the places stand to each other."""

    name: str
    places: tuple[Commitment, ...]
    pairs: tuple[TargetPair, ...]
    standing: Standing

    @property
    def apart(self) -> tuple[TargetPair, ...]:
        """The pairs that do not agree."""
        return tuple(pair for pair in self.pairs if pair.relation in APART)

    @property
    def numbers_apart(self) -> int:
        """How many of those are of two numbers."""
        return sum(map(_in_numbers, self.apart))

    def since(self, dates: Mapping[str, str | None]) -> str | None:
        """The first day from which two of the places did not agree, as far as the documents' dates are known."""
        numbers = [pair for pair in self.apart if _in_numbers(pair)] or self.apart
        return min(filter(None, (since(pair, dates) for pair in numbers)), default=None)


def indicators(policies: Sequence[Policy], pairs: Iterable[TargetPair]) -> tuple[Indicator, ...]:
    """All quantities that a document sets a target for: the gravest disagreement first, then most numbers that do not
    agree, then most places."""
    places: dict[Key, list[Commitment]] = {}
    for policy in sorted(policies, key=rank):
        for one in commitments(policy):
            places.setdefault(_key(one), []).append(one)
    of_key: dict[Key, list[TargetPair]] = {}
    for pair in pairs:
        of_key.setdefault(_key(pair.lower), []).append(pair)
    order = list(STANDINGS)
    names: Counter[str] = Counter()
    found = [_indicator(places[key], of_key.get(key, []), names) for key in places]
    return tuple(
        sorted(found, key=lambda one: (order.index(one.standing), -one.numbers_apart, -len(one.places), one.name))
    )


def _key(one: Commitment) -> Key:
    """What is measured; a target that does not name it stands alone."""
    return one.quantity or f"{one.doc}#{one.target.id}", one.per, one.total, one.sectors


def _indicator(places: Sequence[Commitment], pairs: Sequence[TargetPair], names: Counter[str]) -> Indicator:
    name = Counter(place.target.indicator for place in places).most_common(1)[0][0]
    names[name] += 1
    if names[name] > 1:
        name = f"{name}（{names[name]}）"
    order = [*APART, "localised", "same", "not_comparable"]
    pairs = sorted(pairs, key=lambda pair: (not _in_numbers(pair), order.index(pair.relation)))
    return Indicator(name, tuple(places), tuple(pairs), _standing(places, pairs))


def _standing(places: Sequence[Commitment], pairs: Sequence[TargetPair]) -> Standing:
    if any(pair.relation == "conflict" for pair in pairs):
        return "conflict"
    apart = [pair for pair in pairs if pair.relation in APART]
    if any(map(_in_numbers, apart)):
        return "numbers"
    if apart:
        return "wording"
    return "agreed" if len(places) > 1 or pairs else "alone"


def _in_numbers(pair: TargetPair) -> bool:
    return pair.lower.target.value is not None and pair.upper.target.value is not None


def value(one: Commitment) -> str:
    """The number with its bound and unit; where there is none, a dash."""
    return amount(one) if one.target.value is not None else "—"


def since(pair: TargetPair, dates: Mapping[str, str | None]) -> str | None:
    """The day from which both targets stand: the date of the later document; None where a date is not known.

    `dates` are those of the documents by slug.
    """
    both = dates.get(pair.lower.doc), dates.get(pair.upper.doc)
    return None if None in both else max(filter(None, both))
