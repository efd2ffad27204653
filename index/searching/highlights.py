"""Where in a text the words of a query stand: fragments with marks, as offsets, without any markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from index.searching.analysis import fold, runs

AROUND = 24
"""Characters of context on each side of a mark."""

LONGEST = 160
"""Characters of the longest fragment, unless one match alone is longer."""

_BETWEEN = r"[\W_]*"
_LATIN_EDGES = (r"(?<![a-z0-9])", r"(?![a-z0-9])")


class Fragment(NamedTuple):
    """A piece of a field: ``text`` begins at offset ``start`` of it; ``marks`` are (start, end) inside ``text``."""

    field: str
    start: int
    text: str
    marks: tuple[tuple[int, int], ...]

    def to_json(self) -> dict[str, Any]:
        """The fragment as plain values."""
        return {**self._asdict(), "marks": [list(mark) for mark in self.marks]}


def pattern(strings: Iterable[str]) -> re.Pattern[str] | None:
    """Finds any of the folded strings in a folded text, whatever marks stand between their characters."""
    longest_first = sorted(set(strings), key=lambda string: (-len(string), string))
    return re.compile("|".join(map(_spelled, longest_first))) if longest_first else None


def fragments(field: str, text: str, matching: re.Pattern[str], limit: int = 3) -> tuple[Fragment, ...]:
    """The first `limit` fragments of `text` that hold a match; matches near each other share one."""
    windows: list[tuple[int, int, list[tuple[int, int]]]] = []
    for start, end in _marks(text, matching):
        left, right = max(0, start - AROUND), min(len(text), end + AROUND)
        if windows and left <= windows[-1][1] and right - windows[-1][0] <= LONGEST:
            left, _, marks = windows.pop()
        elif len(windows) == limit:
            break
        else:
            left, marks = max([left, *(right for _, right, _ in windows)]), []
        windows.append((left, right, [*marks, (start, end)]))
    return tuple(
        Fragment(field, left, text[left:right], tuple((start - left, end - left) for start, end in marks))
        for left, right, marks in windows
    )


def _marks(text: str, matching: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    return (match.span() for match in matching.finditer(fold(text)))


def _spelled(string: str) -> str:
    parts = []
    for run, _ in runs(string):
        if run.isascii():
            parts.append(_LATIN_EDGES[0] + re.escape(run) + _LATIN_EDGES[1])
        else:
            parts.extend(map(re.escape, run))
    return _BETWEEN.join(parts)
