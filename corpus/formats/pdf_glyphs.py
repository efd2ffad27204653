"""The characters of a PDF page with their places, as pdfplumber and as pdfium give them."""

from __future__ import annotations

import ctypes
import itertools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from corpus import garble
from corpus.formats.docx_symbols import symbol
from corpus.printed import CharBox

SLANT = 0.1
"""Sine from which on text counts as slanted: no line of a document is, a watermark is."""


class Glyph(NamedTuple):
    """One printed character.

    ``x0 … bottom`` are places in reading direction (of a page that is printed sideways, turned upright), in points;
    ``box`` is where it stands on the page as it is shown, None where nothing was printed (a blank that we put in).
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    font: str
    box: CharBox | None

    @property
    def middle(self) -> float:
        """Height of its centre."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True)
class PageGlyphs:
    """What a reader found on a page.

    ``slanted`` and ``outside`` are the letters that stand aslant or off the page; ``unreadable`` counts characters that
    have no Unicode value.
    """

    glyphs: Sequence[Glyph]
    slanted: str
    turned: int
    unreadable: int
    outside: str = ""

    @property
    def printed(self) -> int:
        """Number of characters that are not blank."""
        return sum(1 for glyph in self.glyphs if not glyph.text.isspace())


def readable(page: PageGlyphs) -> int:
    """Number of characters that are printed and make sense in Chinese text."""
    return sum(1 for g in page.glyphs if not g.text.isspace() and not garble.is_odd(g.text[0]))


def of_pdfplumber(page: Any) -> PageGlyphs:
    """The characters of a pdfplumber page."""
    left, top, right, bottom = page.bbox
    found: list[tuple[Glyph, float, float]] = []
    slanted: list[str] = []
    outside: list[str] = []
    bad = 0
    for char in page.chars:
        text = char["text"]
        a, b = char["matrix"][0], char["matrix"][1]
        long = math.hypot(a, b) or 1.0
        if SLANT < abs(b) / long < 1 - SLANT * SLANT:
            slanted.append(text)
            continue
        if char["x1"] <= left or char["x0"] >= right or char["bottom"] <= top or char["top"] >= bottom:
            outside.append(text)
            continue
        if "\ue000" <= text <= "\uf8ff":
            text = _symbol(text, char["fontname"])
        if _unreadable(text):
            bad += 1
            text = garble.LOST
        box = CharBox(char["x0"] - left, char["top"] - top, char["x1"] - left, char["bottom"] - top)
        found.append((Glyph(text, *box[:4], _size(char, b / long), char["fontname"], box), a / long, b / long))
    return replace(_upright(found, slanted, bad, right - left, bottom - top), outside="".join(outside))


def _size(char: dict[str, Any], slope: float) -> float:
    """Size of the letters; the height of a Type 3 character's box may be nothing."""
    across = char["width"] if abs(slope) > 0.5 else char["height"]
    return float(char["size"] if char["size"] > 0.5 else across) or 1.0


def of_pdfium(page: Any, text_page: Any, height: float, width: float) -> PageGlyphs:
    """The characters of a pypdfium2 page; ``height`` and ``width`` are those of the page as it is shown."""
    raw = text_page.raw
    place = _Place(page, width, height)
    rect = pdfium.FS_RECTF()
    matrix = pdfium.FS_MATRIX()
    found: list[tuple[Glyph, float, float]] = []
    slanted: list[str] = []
    outside: list[str] = []
    bad = 0
    for index in range(pdfium.FPDFText_CountChars(raw)):
        code = pdfium.FPDFText_GetUnicode(raw, index)
        if code < 0x20 or pdfium.FPDFText_IsGenerated(raw, index) == 1:
            bad += code not in (0, 9, 10, 13) and code < 0x20
            continue
        pdfium.FPDFText_GetMatrix(raw, index, matrix)
        a, b = place.turn(matrix.a, matrix.b)
        long = math.hypot(a, b) or 1.0
        char = chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        if SLANT < abs(b) / long < 1 - SLANT * SLANT:
            slanted.append(char)
            continue
        if not pdfium.FPDFText_GetLooseCharBox(raw, index, rect):
            continue
        box = place.box(rect.left, rect.bottom, rect.right, rect.top)
        if box.x1 <= 0 or box.bottom <= 0 or box.x0 >= width or box.top >= height:
            outside.append(char)
            continue
        if "\ue000" <= char <= "\uf8ff":
            char = _symbol(char, _font(raw, index))
        if _unreadable(char) or pdfium.FPDFText_HasUnicodeMapError(raw, index) == 1:
            bad, char = bad + 1, garble.LOST
        size = ((box.bottom - box.top) if abs(b) < 0.5 * long else (box.x1 - box.x0)) or 1.0
        found.append((Glyph(char, *box[:4], size, _font(raw, index), box), a / long, b / long))
    return replace(_upright(found, slanted, bad, width, height), outside="".join(outside))


def _font(raw: Any, index: int) -> str:
    length = pdfium.FPDFText_GetFontInfo(raw, index, None, 0, None)
    if not 0 < length < 256:
        return ""
    buffer = ctypes.create_string_buffer(length)
    pdfium.FPDFText_GetFontInfo(raw, index, buffer, length, None)
    return buffer.value.decode("utf-8", "replace")


class _Place:
    """From PDF user space to points from the top left corner of the page as it is shown."""

    def __init__(self, page: Any, width: float, height: float) -> None:
        self._left, self._bottom, self._right, self._top = page.get_mediabox()
        self._turn = page.get_rotation()
        self.width, self.height = width, height

    def turn(self, a: float, b: float) -> tuple[float, float]:
        """A direction, on the page as it is shown."""
        return {0: (a, b), 90: (b, -a), 180: (-a, -b), 270: (-b, a)}[self._turn]

    def box(self, left: float, bottom: float, right: float, top: float) -> CharBox:
        """A rectangle, on the page as it is shown."""
        x0, x1 = left - self._left, right - self._left
        y0, y1 = bottom - self._bottom, top - self._bottom
        wide, high = self._right - self._left, self._top - self._bottom
        if self._turn == 90:
            return CharBox(y0, x0, y1, x1)
        if self._turn == 180:
            return CharBox(wide - x1, y0, wide - x0, y1)
        if self._turn == 270:
            return CharBox(high - y1, wide - x1, high - y0, wide - x0)
        return CharBox(x0, high - y1, x1, high - y0)


def _symbol(text: str, font: str) -> str:
    """What a letter of a symbol font looks like (the bullets of word processors); itself where that is not known."""
    name = re.sub(r"^[A-Z]{6}\+|[-,].*$", "", font).lower()
    name = re.sub(r"(?<=wingdings)(?=\d)", " ", name.replace("mt", ""))
    return symbol(text, name) or text


def _unreadable(text: str) -> bool:
    return (
        text.startswith("(cid:")
        or not text
        or text[0] in "\ufffd\x00"
        or "\ue000" <= text[0] <= "\uf8ff"
        or (text[0] < " " and text[0] not in "\t\n\r")
    )


def _upright(
    found: Sequence[tuple[Glyph, float, float]], slanted: Sequence[str], bad: int, width: float, height: float
) -> PageGlyphs:
    """Turn a page that is printed sideways, so that its lines run from left to right; drop the few that stand across."""
    turns = [_quarter(a, b) for _, a, b in found]
    turned = max(set(turns), key=turns.count) if turns else 0
    glyphs: list[Glyph] = []
    across = list(slanted)
    for (glyph, _, _), turn in zip(found, turns, strict=True):
        if turn != turned:
            across.append(glyph.text)
        else:
            glyphs.append(_turned(glyph, turn, width, height))
    if not turned and _is_vertical(glyphs):
        turned = 4
        glyphs = [_turned(glyph, 4, width, height) for glyph in glyphs]
    return PageGlyphs(glyphs, "".join(across), turned, bad)


def _quarter(a: float, b: float) -> int:
    """Quarter turns, counterclockwise, of a text direction."""
    return (0 if a > 0 else 2) if abs(a) >= abs(b) else (1 if b > 0 else 3)


def turned_box(box: CharBox, turn: int, width: float, height: float) -> CharBox:
    """The place on the page turned so that text of this direction runs from left to right; 4: 竖排."""
    x0, top, x1, bottom = box[:4]
    if turn == 1:
        return CharBox(height - bottom, x0, height - top, x1)
    if turn == 2:
        return CharBox(width - x1, height - bottom, width - x0, height - top)
    if turn in (3, 4):
        return CharBox(top, width - x1, bottom, width - x0)
    return box


def _turned(glyph: Glyph, turn: int, width: float, height: float) -> Glyph:
    if not turn:
        return glyph
    box = turned_box(CharBox(glyph.x0, glyph.top, glyph.x1, glyph.bottom), turn, width, height)
    return glyph._replace(x0=box.x0, top=box.top, x1=box.x1, bottom=box.bottom)


def _is_vertical(glyphs: Sequence[Glyph]) -> bool:
    """Whether upright letters stand below each other: 竖排, whose columns run from right to left."""
    if len(glyphs) < 20:
        return False
    below = sum(
        1
        for a, b in itertools.pairwise(glyphs)
        if abs(b.x0 - a.x0) < 0.3 * a.size and 0.5 * a.size < b.top - a.top < 2 * a.size
    )
    return below > 0.7 * len(glyphs)


def without_doubles(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Without letters that are printed again in the same place, as some programs do to make them bold."""
    seen: set[tuple[str, int, int]] = set()
    kept = []
    for glyph in glyphs:
        x, y = int(glyph.x0 // 1.5), int(glyph.top // 1.5)
        near = {(glyph.text, x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)}
        if seen.isdisjoint(near):
            kept.append(glyph)
            seen.add((glyph.text, x, y))
    return kept
