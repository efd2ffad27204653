"""What every record has: it is frozen, refuses unknown fields, and says where it stands in its source."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

RecordState = Literal["extracted", "confirmed", "corrected", "rejected", "added"]
"""Where a record comes from and what people said of it: read from the source, or what was decided since."""


class Record(BaseModel):
    """Base of all records: immutable, equal by value, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Box(Record):
    """A rectangle on a page, in points from the page's top left corner."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float


class Origin(Record):
    """The place of a record in its source.

    ``start`` and ``end`` are offsets in the document's logical text (``Policy.logical_text``):
    ``logical_text[start:end]`` is the record's text. ``line`` counts the file's lines from 1,
    in PDF, OFD and scans those of the page; ``page`` counts from 1 and is null where the format has no pages.
    """

    page: int | None = None
    line: int
    start: int
    end: int
    boxes: tuple[Box, ...] = ()

    @property
    def is_place(self) -> bool:
        """False for what a person added that does not stand in the source: no place is made up for it."""
        return self.end > self.start

    @property
    def where(self) -> str:
        """The place in words, as a person finds it: 第 3 页第 12 行; the line alone where pages are not printed."""
        if not self.is_place:
            return "原文中没有这段文字"
        return f"第 {self.page} 页第 {self.line} 行" if self.page and self.boxes else f"第 {self.line} 行"
