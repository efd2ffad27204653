"""Which record of a new reading is which record of the old one: by wording first, by place where wordings are alike."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from index import fingerprint
from index.linking.texts import fold
from schemas import Policy, Target, Task

ALIKE, ALIKE_UNDER_ONE_TITLE, INSIDE = 0.5, 0.25, 0.8
"""Shares of common runs of three characters from which two texts are one record, reworded; of a text taken up whole."""

_BLANK = re.compile(r"\s+")
_NO_WORDS = re.compile(r"(?!(?<=\d)[.\-](?=\d)|(?<=\d)[%‰])[\W_]")
"""All but letters and digits; what makes another number of it (1.5%, 15%, 2021-2025) counts."""


class Item(NamedTuple):
    """A task or target as it is told from the others."""

    id: str
    title: str
    text: str

    @property
    def mark(self) -> str:
        """Of the wording alone: blanks, marks and width do not count, nor does the number before it."""
        return mark(self.title, self.text)


def mark(title: str, text: str) -> str:
    """The fingerprint of a title and a text."""
    return fingerprint.of(_plain(title), _plain(text))


def _plain(text: str) -> str:
    return _NO_WORDS.sub("", _BLANK.sub("", fold(text)))


def task_item(task: Task) -> Item:
    """A task as an item."""
    return Item(task.id, task.title or "", task.text)


def target_item(target: Target) -> Item:
    """A target as an item."""
    return Item(target.id, target.indicator, target.quote)


def items(policy: Policy | Mapping[str, Any], kind: str) -> list[Item]:
    """The tasks or targets of a document, or of its JSON, which an older version may have written."""
    if isinstance(policy, Policy):
        return [task_item(t) for t in policy.tasks] if kind == "task" else [target_item(t) for t in policy.targets]
    title, text = ("title", "text") if kind == "task" else ("indicator", "quote")
    rows = policy.get("tasks" if kind == "task" else "targets", ())
    return [Item(row["id"], row.get(title) or "", row.get(text) or "") for row in rows]


def align(old: Sequence[Item], new: Sequence[Item]) -> dict[int, int]:
    """Places in `old` → places in `new`: equal wordings, then wordings that are alike, each new one taken once; last
    the old ones that went into a longer text as they were."""
    found = dict(_equal(old, new))
    whole = {to: old[at].text for at, to in found.items()}
    rest = [at for at in range(len(old)) if at not in found]
    free = sorted(set(range(len(new))) - set(found.values()))
    for _, at, to in sorted(_alike(old, new, rest, free), key=lambda row: (-row[0], row[1], row[2])):
        if at not in found and to not in found.values():
            found[at] = to
    for at in rest:
        into = None if at in found else _taken_up(old[at], new)
        if into in whole and mark("", whole[into]) != mark("", old[at].text):
            continue  # it is another record that did not change, however like: nothing was taken up into it
        if into is not None:
            found[at] = into
    return found


def _equal(old: Sequence[Item], new: Sequence[Item]) -> Iterator[tuple[int, int]]:
    """Equal title and text; then equal text where the title changed. Of several that are equal the one of the same
    number, else in order."""
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    for key in (lambda one: one.mark, lambda one: mark("", one.text) if len(_plain(one.text)) > 3 else ""):
        for at, to in _paired(old, new, key, taken_old, taken_new):
            taken_old.add(at)
            taken_new.add(to)
            yield at, to


def _paired(
    old: Sequence[Item], new: Sequence[Item], key: Callable[[Item], str], taken_old: set[int], taken_new: set[int]
) -> list[tuple[int, int]]:
    places: defaultdict[str, list[int]] = defaultdict(list)
    for to, one in enumerate(new):
        if to not in taken_new and (name := key(one)):
            places[name].append(to)
    asked = [at for at, one in enumerate(old) if at not in taken_old and key(one) in places]
    pairs: list[tuple[int, int]] = []
    for same_number in (True, False):
        for at in asked:
            free = places[key(old[at])]
            fit = [to for to in free if not same_number or new[to].id == old[at].id]
            if fit and at not in dict(pairs):
                free.remove(fit[0])
                pairs.append((at, fit[0]))
    return pairs


def _alike(
    old: Sequence[Item], new: Sequence[Item], rest: Iterable[int], free: Sequence[int]
) -> Iterator[tuple[float, int, int]]:
    grams = {to: _grams(new[to].text) for to in free}
    for at in rest:
        mine, title = _grams(old[at].text), _plain(old[at].title)
        for to in free:
            share = _dice(mine, grams[to])
            one_title = bool(title) and title == _plain(new[to].title)
            if share >= (ALIKE_UNDER_ONE_TITLE if one_title else ALIKE):
                yield share + 0.2 * one_title + 0.05 * (old[at].id == new[to].id), at, to


def nearest(one: Item, others: Sequence[Item], most: int) -> list[int]:
    """The places of the items that read most like one; those that have nothing in common with it are left out."""
    mine = _grams(one.title + one.text)
    shares = [(_dice(mine, _grams(other.title + other.text)), -at) for at, other in enumerate(others)]
    return [-at for share, at in sorted(shares, reverse=True)[:most] if share > 0]


def _taken_up(one: Item, new: Sequence[Item]) -> int | None:
    mine = _grams(one.text)
    if len(mine) < 8:
        return None
    shares = [(len(mine & _grams(other.text)) / len(mine), -to) for to, other in enumerate(new)]
    best = max(shares, default=(0.0, 0))
    return -best[1] if best[0] >= INSIDE else None


def _grams(text: str) -> frozenset[str]:
    plain = _plain(text)
    return frozenset(plain[at : at + 3] for at in range(max(1, len(plain) - 2)))


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0
