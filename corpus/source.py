"""`Source`: the clean logical text of a document, in which every character knows its place in the file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from schemas import Defect, Origin


@dataclass(frozen=True)
class Source:
    """What a reader gives.

    ``text`` is the logical text: one paragraph, heading or table row per line (cells parted by tabs), hard line breaks
    joined, page furniture removed, damage repaired where it can be known. ``at[i]`` is the offset of ``text[i]`` in
    the file's decoded text; ``line_starts`` and ``page_starts`` are offsets there too. ``defects`` tells every repair.
    """

    file: str
    format: str
    sha256: str
    text: str
    at: Sequence[int]
    line_starts: tuple[int, ...]
    page_starts: tuple[int, ...] = ()
    defects: tuple[Defect, ...] = ()

    def line(self, index: int) -> int:
        """1-based line of the file in which ``text[index]`` stood."""
        if not len(self.at):
            return 1
        return bisect_right(self.line_starts, self.at[min(index, len(self.at) - 1)])

    def line_of(self, offset: int) -> int:
        """1-based line of the file that holds this offset of its decoded text."""
        return bisect_right(self.line_starts, offset)

    def page(self, index: int) -> int | None:
        """1-based page, or None where the format has no pages."""
        if not self.page_starts or not len(self.at):
            return None
        return bisect_right(self.page_starts, self.at[min(index, len(self.at) - 1)])

    def origin(self, start: int, end: int) -> Origin:
        """The place of ``text[start:end]``."""
        return Origin(page=self.page(start), line=self.line(start), start=start, end=end)

    @property
    def pages(self) -> int | None:
        """Number of pages, or None where the format has none."""
        return len(self.page_starts) or None
