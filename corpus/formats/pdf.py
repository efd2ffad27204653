"""PDF: every page read by pdfplumber and by pdfium, the better reading taken, its lines in reading order."""

from __future__ import annotations

import io
import itertools
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any

import pdfplumber
import pypdfium2
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from corpus.formats.pdf_furniture import without_furniture
from corpus.formats.pdf_glyphs import Glyph, PageGlyphs, of_pdfium, of_pdfplumber, without_doubles
from corpus.formats.pdf_lines import Line, lines, with_edges
from corpus.formats.pdf_paragraphs import joins
from corpus.formats.pdf_tables import Grid, block, carry_on, filled, grids, set_lines
from corpus.printed import CharBox, Note, Printed
from schemas import UnreadableSource

PAGE_LIMIT = 2000
BYTE_LIMIT = 200_000_000
CHARACTER_LIMIT = 100_000
"""Characters on one page; a page of the densest gazette has 5,000."""

logging.getLogger("pdfminer").setLevel(logging.ERROR)


def read(data: bytes, file: str) -> Printed:
    """The pages of the file. Raises ``UnreadableSource``."""
    if len(data) > BYTE_LIMIT:
        raise UnreadableSource(file, f"文件有 {len(data) // 1_000_000} MB，超过上限 200 MB", "请拆分后再读。")
    with closing(_opened(data, file)) as second, _opened_by_plumber(data, file) as first:
        pages = [_page(first.pages[n], second[n], n + 1, file) for n in range(len(second))]
    return _printed(pages, file)


@dataclass
class _Page:
    """A page while it is read: its glyphs, what is to be told of it, its height in reading direction."""

    number: int
    glyphs: Sequence[Glyph]
    height: float
    tables: list[Grid] = field(default_factory=list)
    told: list[tuple[str, str, str]] = field(default_factory=list)
    """(kind of defect, note, as printed)"""
    lines: list[Line] = field(default_factory=list)


def _opened(data: bytes, file: str) -> Any:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _refusal(file, str(error)) from None
    if not 0 < len(document) <= PAGE_LIMIT:
        pages = len(document)
        document.close()
        raise UnreadableSource(file, f"共 {pages:,} 页，上限为 {PAGE_LIMIT:,} 页", "请拆分后再读。")
    return document


def _refusal(file: str, error: str) -> UnreadableSource:
    if "assword" in error:
        hint = "请用密码打开后另存（打印）为不加密的 PDF，再读取；不知道密码的，请向来文单位索取。"
        return UnreadableSource(file, "文件有打开密码", hint)
    if "ecurity" in error:
        return UnreadableSource(file, "文件用证书或特殊方式加密", "请用原来的阅读器打开后打印为不加密的 PDF，再读取。")
    return UnreadableSource(file, "不是完整的 PDF，打不开", "文件可能没有下载完或已损坏，请重新取得。")


def _opened_by_plumber(data: bytes, file: str) -> Any:
    try:
        pdf = pdfplumber.open(io.BytesIO(data))
        len(pdf.pages)
    except (PdfminerException, PDFPasswordIncorrect, RecursionError, ValueError, TypeError, KeyError, AttributeError):
        raise _refusal(file, "") from None
    return pdf


def _page(plumber: Any, second: Any, number: int, file: str) -> _Page:
    left, top, right, bottom = plumber.bbox
    width, height = float(right - left), float(bottom - top)
    text_page = second.get_textpage()
    found = pypdfium2.raw.FPDFText_CountChars(text_page.raw)
    if found > CHARACTER_LIMIT:
        raise UnreadableSource(file, f"第 {number} 页有 {found:,} 字，上限为 {CHARACTER_LIMIT:,} 字", "请检查这一页。")
    by_plumber = of_pdfplumber(plumber)
    by_pdfium = of_pdfium(second, text_page, height, width)
    text_page.close()
    second.close()
    chosen, told = _better(by_plumber, by_pdfium)
    tables = grids(plumber, chosen.turned, width, height)
    plumber.close()
    page = _Page(number, chosen.glyphs, width if chosen.turned in (1, 3, 4) else height, tables, told)
    if chosen.slanted.strip():
        page.told.append(("watermark", "斜排的水印不属于正文，已去除", chosen.slanted.strip()))
    return page


def _better(plumber: PageGlyphs, pdfium: PageGlyphs) -> tuple[PageGlyphs, list[tuple[str, str, str]]]:
    """pdfplumber's reading, unless it lost characters that pdfium has."""
    a, b = plumber.printed - plumber.unreadable, pdfium.printed - pdfium.unreadable
    if a > b + 3:
        plumber = replace(plumber, glyphs=without_doubles(plumber.glyphs))
        a = plumber.printed - plumber.unreadable
    if b > a + max(2, 0.01 * a):
        note = f"两种读法不一致：pdfplumber 读出 {a} 字，pdfium 读出 {b} 字，已采用后者"
        return pdfium, [("other", note, "")]
    return plumber, []


def _printed(pages: Sequence[_Page], file: str) -> Printed:
    if not any(page.glyphs for page in pages):
        raise UnreadableSource(
            file, "没有文字层，可能是扫描件", "请安装文字识别：pip install 'policytrace[ocr]'，再读。"
        )
    for page, body in zip(pages, without_furniture([(page.glyphs, page.height) for page in pages]), strict=True):
        page.glyphs = filled(page.tables, body.glyphs)
        for grid in page.tables:
            set_lines(grid)
        page.told += [("watermark" if what == "水印" else what, what, text) for what, text in body.removed]
    for page, following in itertools.pairwise(pages):
        if page.tables and following.tables:
            carry_on(page.tables[-1], following.tables[0])
    for page in pages:
        page.lines = lines(page.glyphs, [block(grid) for grid in page.tables])
    text: list[str] = []
    boxes: list[CharBox | None] = []
    notes: list[Note] = []
    told = joins([line for page in with_edges([page.lines for page in pages]) for line in page])
    for page in pages:
        if page.number > 1:
            text.append("\f")
            boxes.append(None)
        notes += [
            Note(kind, note, printed, len(boxes)) for kind, note, printed in page.told if kind in ("other", "watermark")
        ]
        for index, line in enumerate(page.lines):
            if index:
                text.append("\n")
                boxes.append(None)
            for glyph in line.glyphs:
                text.append(glyph.text)
                boxes += [glyph.box] * len(glyph.text)
    notes += list(_furniture_notes(pages))
    return Printed("".join(text), "pdf", boxes, tuple(notes), joins=_by_line(pages, told))


def _by_line(pages: Sequence[_Page], told: dict[int, str | None]) -> dict[int, str | None]:
    """Joins by 0-based line of the printed text; an empty page is an empty line."""
    found: dict[int, str | None] = {}
    index = line = 0
    for page in pages:
        for k in range(len(page.lines)):
            if index + k in told:
                found[line + k] = told[index + k]
        index += len(page.lines)
        line += max(1, len(page.lines))
    return found


def _furniture_notes(pages: Sequence[_Page]) -> Iterator[Note]:
    counts = Counter(kind for page in pages for kind, _, _ in page.told if kind in ("页码", "页眉或页脚"))
    for what, count in counts.items():
        first = next(printed for page in pages for kind, _, printed in page.told if kind == what)
        yield Note("other", f"已去除{what} {count} 处，不属于正文", first, 0)
