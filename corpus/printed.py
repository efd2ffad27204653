"""`Printed`: what the reader of a format gives, before it is read as paragraphs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class CharBox(NamedTuple):
    """Where a character stands on its page, in points from the page's top left corner.

    ``page`` (from 1) only where it is not the page of the text around it: the rest of a cell that a page break cut.
    """

    x0: float
    top: float
    x1: float
    bottom: float
    page: int | None = None


@dataclass(frozen=True)
class Note:
    """A repair or loss found while reading: what a `Defect` is made of.

    ``kind`` is a ``DefectKind``; ``at`` is an offset in the printed text.
    """

    kind: str
    note: str
    printed: str
    at: int


@dataclass(frozen=True)
class Printed:
    """The text of a file as it is printed, in reading order.

    Lines are parted by ``\\n``, pages by ``\\f``, the cells of a table row by tabs. ``boxes[i]`` is the place of
    ``text[i]``, None where it was not printed (line ends, automatic numbers); empty where the format has no places.
    ``paragraphs``: the file itself says where paragraphs end, each line is one, and ``\\v`` is a line break inside one.
    ``joins`` tells, for a line (counted from 0) whose place on the page says it, what stands between it and the line
    before it in one paragraph, None where it begins one; lines that are not named are joined by their text.
    """

    text: str
    format: str
    boxes: Sequence[CharBox | None] = ()
    notes: tuple[Note, ...] = ()
    paragraphs: bool = False
    joins: Mapping[int, str | None] = field(default_factory=dict)


Reader = Callable[[bytes, str], Printed]
"""The bytes of a file, and its name for messages → what is printed in it. Raises ``UnreadableSource``."""
