"""The tree of clauses that a document is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from extract.paragraphs import Paragraph

UNNUMBERED = ("dash", "bullet")
"""Styles that mark an item without counting it."""


@dataclass
class Node:
    """A clause: its printed number, its title, its own paragraphs, and the clauses below it.

    ``number_start`` is where the printed number begins; ``title_span`` and ``body`` hold offsets in the text.
    """

    style: str
    label: str
    number: int | None
    paragraph: Paragraph | None
    title: str | None = None
    title_span: tuple[int, int] | None = None
    inline: tuple[int, int] | None = None
    paragraphs: list[Paragraph] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    parent: Node | None = None

    @property
    def path(self) -> tuple[Node, ...]:
        """From the top-level clause down to this one."""
        above = self.parent.path if self.parent and self.parent.parent else ()
        return (*above, self) if self.parent else ()

    def walk(self) -> Iterator[Node]:
        """This clause and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def body(self) -> list[tuple[int, int]]:
        """Spans of the clause's own text: what follows its title in its paragraph, then its further paragraphs."""
        spans = [self.inline] if self.inline and self.inline[1] > self.inline[0] else []
        return spans + [(p.start, p.end) for p in self.paragraphs]


def is_short_heading(p: Paragraph) -> bool:
    """A short line that ends no sentence: a heading by its looks."""
    return len(p.text) <= 36 and not p.ends_sentence and not re.search("[，；]", p.text)
