"""How wide the columns of a printed table are, and how high a row must be to show all of its text."""

from __future__ import annotations

import math
from collections.abc import Sequence

from index.exporting.sheet import Paper, Sheet, clean, shown

HIGHEST = 409.0
"""Points of Excel's highest row."""

LINE = 15.4
"""Points that a line of text takes at 10.5 points, in the font that replaces 宋体 where there is none, too."""

NARROW = {"A3": 1.0, "A4": 0.72}
"""How wide columns are on a paper: narrower on the smaller one, so that print is not reduced beyond reading."""

WIDEST = 200.0
_MOST_LINES = int(HIGHEST / LINE) - 1


def units(text: str) -> int:
    """Characters as Excel counts them: those outside the basic plane count twice."""
    return len(text) + sum(character > "\uffff" for character in text)


def widths(sheet: Sheet, paper: Paper) -> list[float]:
    """The widths of the columns that are seen, in characters of half width.

    A column whose longest text would need a row higher than Excel allows is made wider.
    """
    found = []
    for number, (size, column) in enumerate(zip(sheet.widths(), sheet.columns, strict=False)):
        size_now = size if column.upright else max(size * NARROW[paper], min(size, 2.0 * min(len(column.name), 6) + 2))
        texts = [
            text
            for line in sheet.lines
            if not line.heading
            and not isinstance(cell := line.cells[number], (int, float))
            and (len(text := shown(cell)) * 2 > size_now * _MOST_LINES / 2 or text.count("\n") > _MOST_LINES)
        ]
        while size_now < WIDEST and any(lines(clean(text), size_now) > _MOST_LINES for text in texts):
            size_now += 10
        found.append(float(size_now))
    return found


def height(texts: Sequence[tuple[str, float]]) -> float:
    """Points of a row that shows all of its texts, each in its column's width."""
    return max((lines(text, size) for text, size in texts), default=1) * LINE + 5


def lines(text: str, size: float) -> int:
    """Lines that a text takes in a column of `size` half-width characters, a little more rather than less."""
    room = max(4.0, (size - 1.5) / 1.05)
    if "\n" not in text:
        return max(1, math.ceil(span(text) / room))
    return sum(max(1, math.ceil(span(paragraph) / room)) for paragraph in text.split("\n"))


def span(text: str) -> int:
    """The width in half-width characters: GB 18030 has two bytes for each sign that takes a square, among them “ ” — …

    A sign outside it counts double: a row may be higher than it must be, never lower.
    """
    return len(text.encode("gb18030", "replace"))
