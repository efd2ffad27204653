"""The logical text as paragraphs, each with its number and what it looks like."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.numbering import Marker, read_marker

_CAPTION = re.compile(r"(?:图|表|附图|附表|续表)\s*\d+(?:[\-—.]\d+)?\s*\S*")
_ENDS = re.compile(r"[。；！？：;!?:]\s*[”’）)】\]]?$")


@dataclass(frozen=True)
class Paragraph:
    """``text[start:end]`` of the document; ``marker`` is the number it opens with, if any."""

    index: int
    start: int
    end: int
    text: str
    marker: Marker | None

    @property
    def is_row(self) -> bool:
        """A table row: its cells are parted by tabs."""
        return "\t" in self.text

    @property
    def is_caption(self) -> bool:
        """The caption of a figure or table."""
        return bool(_CAPTION.fullmatch(self.text)) and len(self.text) < 60

    @property
    def ends_sentence(self) -> bool:
        """Whether it closes with the mark of a sentence."""
        return bool(_ENDS.search(self.text))

    @property
    def body_start(self) -> int:
        """Offset in the document of what follows the number."""
        return self.start + (self.marker.end if self.marker else 0)


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """Split the logical text."""
    found: list[Paragraph] = []
    start = 0
    for line in text.split("\n"):
        if line:
            found.append(Paragraph(len(found), start, start + len(line), line, _marker(line)))
        start += len(line) + 1
    return tuple(found)


def _marker(line: str) -> Marker | None:
    return None if "\t" in line[:12] else read_marker(line)
