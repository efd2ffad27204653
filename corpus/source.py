"""`Source`: the clean logical text of a document, in which every character knows its place in the file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.printed import CharBox
from schemas import Box, Defect, Origin


@dataclass(frozen=True)
class Source:
    """What a reader gives.

    ``text`` is the logical text: one paragraph, heading or table row per line (cells parted by tabs), hard line breaks
    joined, page furniture removed, damage repaired where it can be known. ``at[i]`` is the offset of ``text[i]`` in
    the file's printed text; ``line_starts``, ``page_starts`` and the indices of ``boxes`` are offsets there too.
    ``defects`` tells every repair.
    """

    file: str
    format: str
    sha256: str
    text: str
    at: Sequence[int]
    line_starts: tuple[int, ...]
    page_starts: tuple[int, ...] = ()
    defects: tuple[Defect, ...] = ()
    boxes: Sequence[CharBox | None] = ()

    def line(self, index: int) -> int:
        """1-based line in which ``text[index]`` stood: of the file, or of the page where characters have places on it."""
        return self.line_of(self._at(index))

    def line_of(self, offset: int) -> int:
        """1-based line that holds this offset of the printed text, counted as in ``line``."""
        line = max(1, bisect_right(self.line_starts, offset))
        if not self.boxes or not self.page_starts:
            return line
        first = self.page_starts[bisect_right(self.page_starts, offset) - 1]
        return line - bisect_right(self.line_starts, first) + 1

    def page(self, index: int) -> int | None:
        """1-based page, or None where the format has no pages."""
        return self.page_of(self._at(index)) if len(self.at) else None

    def page_of(self, offset: int) -> int | None:
        """1-based page that holds this offset of the printed text, or None where the format has no pages."""
        return bisect_right(self.page_starts, offset) if self.page_starts else None

    def where(self, offset: int) -> str:
        """The place of an offset of the printed text in words: 第 3 页第 12 行."""
        page = self.page_of(offset) if self.boxes else None
        return f"第 {page} 页第 {self.line_of(offset)} 行" if page else f"第 {self.line_of(offset)} 行"

    def _at(self, index: int) -> int:
        return self.at[min(index, len(self.at) - 1)] if len(self.at) else 0

    def origin(self, start: int, end: int) -> Origin:
        """The place of ``text[start:end]``."""
        printed = self._at(start)
        page = self.page_of(printed) if len(self.at) else None
        boxes = tuple(self._boxes(start, end)) if self.boxes else ()
        return Origin(page=page, line=self.line_of(printed), start=start, end=end, boxes=boxes)

    def _boxes(self, start: int, end: int) -> Iterator[Box]:
        """The rectangles that ``text[start:end]`` fills, one for each printed line."""
        filled: Box | None = None
        for index in range(start, min(end, len(self.at))):
            char = self.boxes[self.at[index]]
            if char is None:
                continue
            page = char.page or self.page(index) or 1
            one = Box(page=page, x0=char.x0, top=char.top, x1=char.x1, bottom=char.bottom)
            if filled and _same_line(filled, one):
                filled = Box(
                    page=one.page,
                    x0=min(filled.x0, one.x0),
                    top=min(filled.top, one.top),
                    x1=max(filled.x1, one.x1),
                    bottom=max(filled.bottom, one.bottom),
                )
            else:
                if filled:
                    yield filled
                filled = one
        if filled:
            yield filled

    @property
    def pages(self) -> int | None:
        """Number of pages, or None where the format has none."""
        return len(self.page_starts) or None


def _same_line(line: Box, char: Box) -> bool:
    """Whether a character goes on in the line: half its height lies beside it, and it does not begin further left."""
    shared = min(line.bottom, char.bottom) - max(line.top, char.top)
    return line.page == char.page and shared > (char.bottom - char.top) / 2 and char.x0 >= line.x0
