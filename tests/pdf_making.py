"""PDF files for tests: documents set as offices set them (GB/T 9704—2012), with what else is met on such pages."""

from __future__ import annotations

import io
import itertools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from schemas import Policy

FONTS = (
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
)
"""TrueType fonts of Debian; reportlab cannot embed others."""
SPARE = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
A4 = (595.28, 841.89)
MM = 72 / 25.4
NO_START = "，。；：、！？）》”’】〕%％"


@cache
def font() -> str:
    """The name of a Chinese font that reportlab knows now; skips the test where there is none."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    path = next((path for path in FONTS if Path(path).exists()), None)
    if path is None:
        pytest.skip("no Chinese TrueType font: apt-get install fonts-wqy-microhei")
    pdfmetrics.registerFont(TTFont("han", path))
    return "han"


@cache
def spare() -> tuple[str, frozenset[int]]:
    """A font for the signs that the Chinese one lacks (₀ ➤), and the code points that the Chinese one has."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    known = frozenset(pdfmetrics.getFont(font()).face.charToGlyph)
    if not Path(SPARE).exists():
        pytest.skip("no DejaVu Sans: apt-get install fonts-dejavu-core")
    pdfmetrics.registerFont(TTFont("signs", SPARE))
    return "signs", known


def runs(text: str) -> Iterator[tuple[str, str]]:
    """The text cut into what the Chinese font has, and what the other must print: (font, characters)."""
    name, known = spare()
    for lacks, chars in itertools.groupby(text, lambda c: ord(c) not in known):
        yield (name if lacks else font()), "".join(chars)


def draw(canvas: Any, x: float, y: float, text: str, size: float) -> None:
    """Print a line."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    for name, chars in runs(text):
        canvas.setFont(name, size)
        canvas.drawString(x, y, chars)
        x += stringWidth(chars, name, size)


@dataclass(frozen=True)
class Style:
    """How a document is set; sizes and places in points."""

    page: tuple[float, float] = A4
    left: float = 28 * MM
    top: float = 37 * MM
    size: float = 16.0
    pitch: float = 28.9
    letters: int = 28
    lines: int = 22
    indent: bool = True
    columns: int = 1
    gap: float = 30.0
    number: str | None = "— {} —"
    head: str | None = None
    foot: str | None = None
    watermark: str | None = None
    title_size: float = 22.0
    apart: bool = False

    @property
    def width(self) -> float:
        """Width of a column."""
        return self.letters * self.size


@dataclass(frozen=True)
class Set:
    """A line as it is set: its text, where it begins in its column, the size of its letters."""

    text: str
    x: float
    size: float


def broken(text: str, room: float, first: float, size: float) -> Iterator[str]:
    """Lines as a typesetter breaks them: never inside a number or a Latin word, no closing mark at a line's start."""
    current, left = "", first
    for piece in re.findall(r"(?:[A-Za-z0-9.%+/—-]+|.)[，。；：、）”》]* *", text):
        if current and wide((current + piece).rstrip(), size) > left + 0.1:
            yield current
            current, left = "", room
        current += piece
    yield current


def wide(text: str, size: float) -> float:
    """Printed width."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return sum(float(stringWidth(chars, name, size)) for name, chars in runs(text))


def titles_of(policy: Policy) -> frozenset[str]:
    """The lines of a document that are set as titles."""
    return frozenset(title for title in (policy.title, policy.notice_title) if title)


def set_lines(
    paragraphs: Sequence[str], style: Style, titles: frozenset[str] = frozenset()
) -> Iterator[Set | list[str] | None]:
    """The lines of the paragraphs; a row of a table is its cells."""
    for paragraph in paragraphs:
        if "\t" in paragraph:
            yield paragraph.split("\t")
        elif paragraph in titles:
            for line in broken(paragraph, style.width - 60, style.width - 60, style.title_size):
                yield Set(line, (style.width - wide(line, style.title_size)) / 2, style.title_size)
        else:
            indent = 2 * style.size if style.indent else 0.0
            for number, line in enumerate(broken(paragraph, style.width, style.width - indent, style.size)):
                yield Set(line, 0.0 if number else indent, style.size)
            if style.apart:
                yield None


def pdf(
    paragraphs: Sequence[str],
    style: Style | None = None,
    titles: frozenset[str] = frozenset(),
    decorate: Callable[[Any, int], None] | None = None,
    encrypt: Any = None,
) -> bytes:
    """The paragraphs as a PDF; ``decorate(canvas, page number)`` draws more on each page; ``encrypt`` is reportlab's."""
    from reportlab.pdfgen.canvas import Canvas

    style = style or Style()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=style.page, encrypt=encrypt)
    per_page = style.lines * style.columns
    pages = list(_paged(list(set_lines(paragraphs, style, titles)), per_page, style))
    for number, content in enumerate(pages, 1):
        _furniture(canvas, style, number)
        for place, line in content:
            column, row = divmod(place, style.lines)
            x = style.left + column * (style.width + style.gap)
            y = style.page[1] - style.top - row * style.pitch
            if isinstance(line, Set):
                draw(canvas, x + line.x, y - line.size, line.text, line.size)
            else:
                _row(canvas, line, x, y, style)
        if decorate:
            decorate(canvas, number)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _paged(
    lines: Sequence[Set | list[str] | None], room: int, style: Style
) -> Iterator[list[tuple[float, Set | list[str]]]]:
    page: list[tuple[float, Set | list[str]]] = []
    place = 0.0
    for line in lines:
        height = _row_lines(line, style) if isinstance(line, list) else 1.0 if line else 0.5
        if place + height > room:
            yield page
            page, place = [], 0.0
        if line is not None:
            page.append((place, line))
        place += height
    yield page


_CELL_SIZE, _CELL_PITCH = 9.0, 11


def _cell_lines(cell: str, cells: Sequence[str], style: Style) -> list[str]:
    room = style.width / len(cells) - 6
    return list(broken(cell, room, room, _CELL_SIZE))


def _row_lines(cells: Sequence[str], style: Style) -> float:
    """Height of a row in lines of text: two, or as many as its fullest cell takes."""
    fullest = max(len(_cell_lines(cell, cells, style)) for cell in cells)
    return max(2.0, math.ceil((fullest * _CELL_PITCH + 1) / style.pitch))


def _row(canvas: Any, cells: Sequence[str], x: float, y: float, style: Style) -> None:
    """A ruled row of cells of equal width."""
    width, height = style.width / len(cells), _row_lines(cells, style) * style.pitch
    for number, cell in enumerate(cells):
        canvas.rect(x + number * width, y - height, width, height)
        for k, line in enumerate(_cell_lines(cell, cells, style)):
            draw(canvas, x + number * width + 3, y - 12 - k * _CELL_PITCH, line, _CELL_SIZE)


def _furniture(canvas: Any, style: Style, number: int) -> None:
    width, height = style.page
    if style.watermark:
        canvas.saveState()
        canvas.setFillGray(0.85)
        canvas.setFont(font(), 54)
        canvas.translate(width / 2, height / 2)
        canvas.rotate(40)
        canvas.drawCentredString(0, 0, style.watermark)
        canvas.restoreState()
    canvas.setFont(font(), 10.5)
    if style.head:
        canvas.drawCentredString(width / 2, height - 50, style.head)
    if style.foot:
        canvas.drawString(style.left, 45, style.foot)
    if style.number:
        canvas.drawCentredString(width / 2, 60, style.number.format(number))


def rotated(data: bytes, degrees: int) -> bytes:
    """The same pages, shown turned clockwise."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    for page in document:
        page.set_rotation(degrees)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def scanned(data: bytes, dpi: int = 150, skew: float = 0.0, seal: tuple[float, float] | None = None) -> bytes:
    """The pages of a PDF as pictures, leaning by ``skew`` degrees; a red seal on the last page at this place."""
    import pypdfium2
    from PIL import Image, ImageDraw
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    document = pypdfium2.PdfDocument(data)
    for number, page in enumerate(document, 1):
        width, height = page.get_size()
        picture = page.render(scale=dpi / 72).to_pil().convert("RGB")
        if seal and number == len(document):
            x, y, r = (v * dpi / 72 for v in (*seal, 60))
            draw = ImageDraw.Draw(picture)
            draw.ellipse((x - r, y - r, x + r, y + r), outline=(215, 45, 45), width=max(2, dpi // 40))
            draw.regular_polygon((x, y, r / 3), 5, fill=(215, 45, 45))
        picture = picture.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
        noise = Image.effect_noise(picture.size, 12).convert("RGB")
        picture = Image.blend(picture, noise, 0.06)
        canvas.setPageSize((width, height))
        jpeg = io.BytesIO()
        picture.save(jpeg, "JPEG", quality=80)
        canvas.drawImage(ImageReader(jpeg), 0, 0, width, height)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()
