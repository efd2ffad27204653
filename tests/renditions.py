"""A document written in other formats: what an office would get if the same text came as Word, web page, OFD or Excel."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from corpus.numbering import read_marker

AUTOMATIC = {
    "han": ("chineseCountingThousand", "%1、"),
    "han_paren": ("chineseCountingThousand", "（%1）"),
    "arabic": ("decimal", "%1."),
    "arabic_paren": ("decimal", "（%1）"),
    "chapter": ("chineseCountingThousand", "第%1章"),
    "article": ("chineseCountingThousand", "第%1条"),
}
"""Styles of numbering that Word can count by itself: its format and the text around the number."""


def rows_of(paragraphs: Sequence[str]) -> list[list[str] | str]:
    """Paragraphs as they are, rows of a table as cells."""
    return [p.split("\t") if "\t" in p else p for p in paragraphs]


def docx(paragraphs: Sequence[str], automatic: bool = False) -> bytes:
    """A Word file; with ``automatic`` the numbers are counted by Word, not typed, wherever they are successive."""
    document = Document()
    lists = _Lists(document) if automatic else None
    table: list[list[str]] = []
    for line in [*rows_of(paragraphs), ""]:
        if isinstance(line, list):
            table.append(line)
            continue
        if table:
            _table(document, table)
            table = []
        if not (lists and lists.numbered(line)):
            document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _table(document, rows: list[list[str]]) -> None:  # type: ignore[no-untyped-def]
    width = max(map(len, rows))
    grid = document.add_table(rows=len(rows), cols=width)
    for cells, row in zip(rows, grid.rows, strict=True):
        for text, cell in zip(cells, row.cells, strict=False):
            cell.text = text


class _Lists:
    """Lists that Word counts: one for each run of successive numbers of a style."""

    def __init__(self, document) -> None:  # type: ignore[no-untyped-def]
        self._document = document
        self._root = document.part.numbering_part.element
        for element in list(self._root):
            self._root.remove(element)
        self._open: dict[str, tuple[int, int]] = {}
        self._abstract: dict[tuple[str, str], int] = {}
        self._count = 0

    def numbered(self, line: str) -> bool:
        """Write the paragraph with an automatic number, if it has one that Word can write the same way."""
        marker = read_marker(line)
        if marker is None or marker.style not in AUTOMATIC or marker.number is None:
            return False
        style, pattern = AUTOMATIC[marker.style]
        printed = pattern.replace("%1", marker.label)
        if not line.startswith(printed):
            return False
        last, num = self._open.get(marker.style, (0, 0))
        if not num or marker.number != last + 1:
            num = self._new(style, pattern, marker.number)
        self._open[marker.style] = (marker.number, num)
        paragraph = self._document.add_paragraph(line[len(printed) :])
        properties = OxmlElement("w:numPr")
        properties.append(_element("w:ilvl", "0"))
        properties.append(_element("w:numId", str(num)))
        paragraph._p.get_or_add_pPr().append(properties)
        return True

    def _new(self, style: str, pattern: str, start: int) -> int:
        key = (style, pattern)
        if key not in self._abstract:
            self._abstract[key] = len(self._abstract)
            self._root.insert(len(self._abstract) - 1, self._definition(self._abstract[key], style, pattern))
        self._count += 1
        num = OxmlElement("w:num")
        num.set(qn("w:numId"), str(self._count))
        num.append(_element("w:abstractNumId", str(self._abstract[key])))
        override = OxmlElement("w:lvlOverride")
        override.set(qn("w:ilvl"), "0")
        override.append(_element("w:startOverride", str(start)))
        num.append(override)
        self._root.append(num)
        return self._count

    def _definition(self, number: int, style: str, pattern: str):  # type: ignore[no-untyped-def]
        abstract = OxmlElement("w:abstractNum")
        abstract.set(qn("w:abstractNumId"), str(number))
        level = OxmlElement("w:lvl")
        level.set(qn("w:ilvl"), "0")
        for tag, val in (("w:start", "1"), ("w:numFmt", style), ("w:suff", "nothing"), ("w:lvlText", pattern)):
            level.append(_element(tag, val))
        abstract.append(level)
        return abstract


def _element(tag: str, value: str):  # type: ignore[no-untyped-def]
    element = OxmlElement(tag)
    element.set(qn("w:val"), value)
    return element


def words(text: str) -> str:
    """The text without blanks, for comparing."""
    return re.sub(r"\s+", "", text)
