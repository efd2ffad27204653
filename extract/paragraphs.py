"""The logical text as paragraphs, each with its number and what it looks like."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from corpus.numbering import Marker, read_marker

_CAPTION = re.compile(r"(?:图|表|附图|附表|续表)\s*\d+(?:[\-—.]\d+)?\s*\S*")
_CHAPTER = re.compile(r"(?P<n>\d{1,2})[一-鿿][^。；，：]{2,28}")
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
    return _with_chapters(found)


def _with_chapters(paras: list[Paragraph]) -> tuple[Paragraph, ...]:
    """Chapters of a decimal numbering whose number has lost the blank behind it (3试点工作目标, then 3.1…), as scans and
    lists of word processors have them: a short line between n-1.x, or the start, and n.1; or the next of such lines.
    """
    found = list(paras)
    last = 0
    decimals = [(p.index, p.marker.parts[0]) for p in paras if p.marker and p.marker.style == "decimal"]
    if not decimals:
        return tuple(found)
    for p in paras:
        if p.marker and p.marker.style in ("decimal", "arabic_space"):
            last = p.marker.parts[0] if p.marker.parts else p.marker.number or last
        glued = _CHAPTER.fullmatch(p.text) if p.marker is None else None
        if not glued or int(glued["n"]) != last + 1:
            continue
        following = next((chapter for index, chapter in decimals if index > p.index), None)
        if following is None or following in (last + 1, last + 2):
            last += 1
            found[p.index] = replace(p, marker=Marker("arabic_space", glued["n"], last, len(glued["n"])))
    return tuple(found)


def _marker(line: str) -> Marker | None:
    return None if "\t" in line[:12] else read_marker(line)
