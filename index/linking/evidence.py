"""The words that a link stands on: runs that both texts share, with their places in both documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache

from index.linking.thesaurus import stock_pattern, thesaurus
from schemas import Fragment, Link, Policy, Task, TaskRef

SHORTEST = 4
"""Characters of the shortest run that is shown."""
MOST = 6
"""Fragments shown of one link."""
_MARK = frozenset('。；，：、,;:\n（）()《》“”" ')
_PIECE = f"([^{re.escape(''.join(_MARK))}]+)"
_OPENING = re.compile(f"{_PIECE}(?=[{re.escape(''.join(_MARK))}])")
_CLOSING = re.compile(f"(?<=[{re.escape(''.join(_MARK))}]){_PIECE}$")
_DIGITS = "0123456789."
_ANSWERS = re.compile(
    r"[（(][^（）()]*(?:责任|牵头|主办|负责|配合|参与|指导)[^（）()]*[）)]"
    r"|(?:责任|牵头|主办|配合|协办|参与|指导)(?:部门|单位)[：:][^\n]*"
)
"""Who answers for a task: not its wording. That offices are alike is a reason of its own (`signals`)."""
_AMOUNT = re.compile(r"\d[\d.,]*[万亿]?(?:千瓦时?|兆瓦|[吨元家个项年月日人次户辆%％])*(?:/年)?[底末]?前?")
"""A date or an amount: the same in two texts by chance."""


class Region:
    """A stretch of a document's logical text: ``text == logical_text[start : start + len(text)]``, but that who answers
    for it is blanked.

    What is needed to compare it is computed once and kept, for a task stands in many pairs.
    """

    def __init__(self, text: str, start: int) -> None:
        self.text = _ANSWERS.sub(lambda found: "\n" * len(found.group()), text)
        self.start = start

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each run of `SHORTEST` characters first stands."""
        text = self.text
        return {text[at : at + SHORTEST]: at for at in range(len(text) - SHORTEST, -1, -1)}

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the thesaurus that it has."""
        return frozenset(word for words in thesaurus().notions.values() for word in words if word in self.text)


def region(policy: Policy, task: Task) -> Region:
    """The task with its printed title: from the heading to the end of the body."""
    start, end = task.origin.start, task.origin.end
    if task.heading is not None and task.heading.end <= start and start - task.heading.start <= 200:
        start = task.heading.start
    return Region(policy.logical_text[start:end], start)


class Filling:
    """Adds to links, when they are looked at, the fragments that linking a large collection left out."""

    def __init__(self, task: Callable[[str], tuple[Policy, Task]]) -> None:
        self._task = task
        self._regions: dict[TaskRef, Region] = {}

    def __call__(self, link: Link) -> Link:
        """The link with its fragments."""
        if link.evidence.fragments:
            return link
        found = shared(self._region(link.lower), self._region(link.upper), link.grade)
        return link.model_copy(update={"evidence": link.evidence.model_copy(update={"fragments": found})})

    def _region(self, ref: TaskRef) -> Region:
        if ref not in self._regions:
            self._regions[ref] = region(*self._task(str(ref)))
        return self._regions[ref]


def shared(lower: Region, upper: Region, grade: int) -> tuple[Fragment, ...]:
    """Shared runs for an asserted link; for one of the same theme the shared words of the field are enough."""
    ways = (fragments, shared_terms) if grade > 1 else (shared_terms, fragments)
    return ways[0](lower, upper) or ways[1](lower, upper)


def fragments(lower: Region, upper: Region) -> tuple[Fragment, ...]:
    """The longest runs that stand in both, stock phrases left out, longest first.

    >>> [found.text for found in fragments(Region("推动分布式光伏应装尽装。", 0), Region("园区分布式光伏应装尽装", 40))]
    ['分布式光伏应装尽装']
    """
    runs = sorted(set(_runs(lower, upper)), key=lambda run: (-run[2], run[0], run[1]))
    return tuple(_fragment(lower, upper, *run) for run in _apart(runs))


def shared_terms(lower: Region, upper: Region) -> tuple[Fragment, ...]:
    """Single words of the field that both texts have, for links whose wording differs."""
    words = sorted(lower.words & upper.words, key=lambda word: (-len(word), lower.text.index(word)))
    runs = [(lower.text.index(word), upper.text.index(word), len(word)) for word in words]
    return tuple(_fragment(lower, upper, *run) for run in _apart(runs))


def _fragment(lower: Region, upper: Region, at: int, there: int, length: int) -> Fragment:
    return Fragment(
        text=lower.text[at : at + length],
        lower_start=lower.start + at,
        lower_end=lower.start + at + length,
        upper_start=upper.start + there,
        upper_end=upper.start + there + length,
    )


def _apart(runs: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The first runs that overlap in neither text."""
    kept: list[tuple[int, int, int]] = []
    for at, there, length in runs:
        if all(
            (at + length <= other or other + size <= at) and (there + length <= over or over + size <= there)
            for other, over, size in kept
        ):
            kept.append((at, there, length))
        if len(kept) == MOST:
            break
    return kept


def _runs(lower: Region, upper: Region) -> Iterator[tuple[int, int, int]]:
    """(start in lower, start in upper, length) of the maximal shared runs, without marks at their ends."""
    shared = lower.places.keys() & upper.places.keys()
    after = 0
    for at in sorted(map(lower.places.__getitem__, shared)):
        if at < after:
            continue
        there = upper.places[lower.text[at : at + SHORTEST]]
        length = _length(lower.text, at, upper.text, there)
        after = at + length - SHORTEST + 1
        back = _before(lower.text, at, upper.text, there)
        yield from _trimmed(lower.text, upper.text, at - back, there - back, length + back)


def _before(left: str, at: int, right: str, there: int) -> int:
    """How many characters before these places both texts agree in."""
    back = 0
    while back < at and back < there and left[at - back - 1] == right[there - back - 1]:
        back += 1
    return back


def _length(left: str, at: int, right: str, there: int) -> int:
    """How far both texts agree, in steps that double while they do and halve when they do not."""
    size, step = SHORTEST, 16
    while step:
        piece = left[at + size : at + size + step]
        if len(piece) == step and right.startswith(piece, there + size):
            size += step
        else:
            step //= 2
    return size


def _trimmed(left: str, right: str, at: int, there: int, length: int) -> Iterator[tuple[int, int, int]]:
    """The run without marks, broken numbers and broken pieces that say nothing (一字, 积极) at its ends, if enough of it is
    left that is neither a stock phrase nor an amount."""
    run, first, last = left[at : at + length], 0, length
    if _cuts(left, at) or _cuts(right, there):
        first = length - len(run.lstrip(_DIGITS))
    if _cuts(left, at + length) or _cuts(right, there + length):
        last = len(run.rstrip(_DIGITS))
    opening, closing = _OPENING.match(run, first, last), _CLOSING.search(run, first, last)
    if opening and not (_opens(left, at + first) and _opens(right, there + first)) and not _says(opening[1]):
        first = opening.end()
    if closing and not (_ends(left, at + last) and _ends(right, there + last)) and not _says(closing[1]):
        last = max(first, closing.start())
    while first < last and run[first] in _MARK:
        first += 1
    while first < last and run[last - 1] in _MARK:
        last -= 1
    if last - first >= SHORTEST and _says(run[first:last]):
        yield at + first, there + first, last - first


def _opens(text: str, at: int) -> bool:
    """Whether a piece begins here: at the beginning or after a mark."""
    return at == 0 or text[at - 1] in _MARK


def _ends(text: str, at: int) -> bool:
    """Whether a piece ends here: at the end or before a mark."""
    return at == len(text) or text[at] in _MARK


def _cuts(text: str, at: int) -> bool:
    """Whether a number goes on over this place."""
    return text[max(at - 1, 0) : at].isdigit() and text[at : at + 1].isdigit()


@lru_cache(100_000)
def _says(run: str) -> bool:
    """Whether enough of a run is left without stock phrases and amounts."""
    return len(stock_pattern().sub("", _AMOUNT.sub("", run))) >= 2
