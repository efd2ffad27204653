"""PDF: every page read by pdfplumber and by pdfium; what only one of them can read, and what neither can."""

from __future__ import annotations

import io
import logging
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

import pdfplumber
import pypdfium2
import pypdfium2.raw as pdfium_c
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from corpus import pace
from corpus.formats import ocr, paged, pdf_safety, scans
from corpus.formats.pdf_fonts import broken_fonts, mended
from corpus.formats.pdf_glyphs import PageGlyphs, of_pdfium, of_pdfplumber, readable, without_doubles
from corpus.formats.pdf_mending import filled_in
from corpus.formats.pdf_tables import grids
from corpus.garble import LOST
from corpus.printed import Printed
from schemas import UnreadableSource

PAGE_LIMIT = 2000
BYTE_LIMIT = 200_000_000
CHARACTER_LIMIT = 100_000
"""Characters on one page; a page of the densest gazette has 5,000."""
PIXEL_LIMIT = 150_000_000
"""Pixels of one picture; A3 at 600 dpi has 70 million."""
DRAWING_LIMIT = 10_000
"""Things drawn on a page from which on it is a map, or made to be slow; the rules of a large table come to 2,000."""
FEW = 30
"""Letters that a scanned page may have beside its picture: a stamp, a page number, the name of a scanning program."""

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)


def read(data: bytes, file: str) -> Printed:
    """The pages of the file. Raises ``UnreadableSource``."""
    if len(data) > BYTE_LIMIT:
        raise UnreadableSource(file, f"文件有 {len(data) // 1_000_000} MB，超过上限 200 MB", "请拆分后再读。")
    pdf_safety.check(data, file)
    with closing(_opened(data, file)) as second, _opened_by_plumber(_plain(data, second, file)) as first:
        count = len(second)
        pages: list[paged.Page] = []
        scanned: list[int] = []
        for number in range(count):
            page, is_scanned = _page(first, second, number, file)
            pages.append(page)
            scanned += [number] if is_scanned else []
            pace.step(number + 1, count)
        fonts = broken_fonts([page.glyphs for page in pages])
        for number, page in enumerate(pages):
            page.glyphs, unknown, notes = mended(page.glyphs, fonts)
            page.told += [("other", note, printed) for note, printed in notes]
            if number in scanned or unknown:
                _recognised(page, second[number], unknown if number not in scanned else None)
                pace.step(number + 1, count)
    if all(glyph.text.isspace() or glyph.text == LOST for page in pages for glyph in page.glyphs):
        raise _unreadable(pages, bool(scanned), file)
    return paged.printed(pages, "pdf")


def _unreadable(pages: Sequence[paged.Page], is_scanned: bool, file: str) -> UnreadableSource:
    problem = "是扫描件，没有文字层" if is_scanned else "没有可读的文字"
    if not ocr.available():
        return UnreadableSource(file, problem, ocr.INSTALL)
    why = next((note for page in pages for kind, note, _ in page.told if kind == "unread_part"), "没有认出文字")
    return UnreadableSource(file, f"{problem}；{why}", "请检查原件是否清楚，或重新扫描（300 dpi）再添加。")


# --- opening -------------------------------------------------------------------------------------------------------


def _opened(data: bytes, file: str) -> Any:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _refusal(file, str(error)) from None
    pages = len(document)
    if not 0 < pages <= PAGE_LIMIT:
        document.close()
        if not pages:
            raise _refusal(file, "")
        raise UnreadableSource(file, f"共 {pages:,} 页，上限为 {PAGE_LIMIT:,} 页", "请拆分后再读。")
    return document


def _refusal(file: str, error: str) -> UnreadableSource:
    if "assword" in error:
        hint = "请用密码打开后另存（打印）为不加密的 PDF，再读取；不知道密码的，请向来文单位索取。"
        return UnreadableSource(file, "文件有打开密码", hint)
    if "ecurity" in error:
        return UnreadableSource(file, "文件用证书或特殊方式加密", "请用原来的阅读器打开，打印为不加密的 PDF，再读取。")
    return UnreadableSource(file, "不是完整的 PDF，打不开", "文件可能没有下载完或已损坏，请重新取得。")


class _NoPlumber:
    """Stands in for a file that pdfplumber cannot open and pdfium can."""

    pages: tuple[Any, ...] = ()

    def __enter__(self) -> _NoPlumber:
        return self

    def __exit__(self, *_: object) -> None:
        return None


BAD_FILE = (
    PdfminerException, MalformedPDFException, PDFPasswordIncorrect, RecursionError, ValueError, TypeError, KeyError, AttributeError,
    IndexError, AssertionError, ArithmeticError, OSError, EOFError, NotImplementedError, StopIteration,
)  # fmt: skip
"""What pdfminer raises on damaged files, beside its own errors."""


def _plain(data: bytes, document: Any, file: str) -> bytes:
    """The file without encryption: one that all may read and some may change has streams that only pdfium unlocks."""
    if pdfium_c.FPDF_GetSecurityHandlerRevision(document.raw) < 0:
        return data
    out = io.BytesIO()
    document.save(out, flags=pdfium_c.FPDF_REMOVE_SECURITY)
    pdf_safety.check(out.getvalue(), file)
    return out.getvalue()


def _opened_by_plumber(data: bytes) -> Any:
    try:
        pdf = pdfplumber.open(io.BytesIO(data))
        len(pdf.pages)
    except BAD_FILE:
        return _NoPlumber()
    return pdf


# --- one page ------------------------------------------------------------------------------------------------------


def _page(first: Any, second: Any, number: int, file: str) -> tuple[paged.Page, bool]:
    """A page, and whether it is a scan."""
    try:
        page = second[number]
        text_page = page.get_textpage()
    except pypdfium2.PdfiumError:
        lost = ("unread_part", f"第 {number + 1} 页已损坏，读不出", "")
        return paged.Page(number + 1, (), 842.0, told=[lost]), False
    with closing(page), closing(text_page):
        count = pdfium_c.FPDFText_CountChars(text_page.raw)
        if count > CHARACTER_LIMIT:
            raise UnreadableSource(
                file, f"第 {number + 1} 页有 {count:,} 字，上限为 {CHARACTER_LIMIT:,} 字", "请检查这一页。"
            )
        width, height = page.get_size()
        is_map = _drawings(page) > DRAWING_LIMIT
        plumber = first.pages[number] if len(first.pages) == len(second) and not is_map else None
        chosen, told, tables = _read_by_both(plumber, page, text_page, width, height)
        if is_map:
            told = [("other", f"这一页的图形超过 {DRAWING_LIMIT:,} 个，只读文字，没有找表格", "")]
        if chosen.slanted.strip():
            told.append(("watermark", "斜排的文字是水印，不属于正文，已去除", chosen.slanted.strip()))
        if chosen.outside.strip():
            told.append(("other", "印在页面之外、看不见的文字没有读取", chosen.outside.strip()))
        tall = width if chosen.turned in (1, 3, 4) else height
        found = paged.Page(number + 1, chosen.glyphs, tall, tables, told)
        return found, chosen.printed <= FEW and _is_picture(page, width, height)


def _read_by_both(
    plumber: Any, page: Any, text_page: Any, width: float, height: float
) -> tuple[PageGlyphs, list[Any], list[Any]]:
    """The better reading, what is to be told of it, and the ruled tables."""
    told: list[tuple[str, str, str]] = []
    try:
        if plumber is None:
            raise ValueError
        by_plumber = of_pdfplumber(plumber)
        chosen = _better(by_plumber, page, text_page, width, height, told)
        tables = grids(plumber, chosen.turned, width, height)
        plumber.close()
        return chosen, told, tables
    except BAD_FILE:
        told = [("other", "pdfplumber 读不了这一页，已改用 pdfium；表格线不可用", "")]
        return of_pdfium(page, text_page, height, width), told, []


def _better(
    plumber: PageGlyphs, page: Any, text_page: Any, width: float, height: float, told: list[tuple[str, str, str]]
) -> PageGlyphs:
    """pdfplumber's reading, unless pdfium reads characters that it lost or could not name."""
    ours = Counter("".join(glyph.text for glyph in plumber.glyphs) + plumber.slanted + plumber.outside)
    theirs = Counter(text_page.get_text_range())
    solid = {c: n for c, n in theirs.items() if not c.isspace() and c >= " " and c != "\ufffe"}
    missing = sum(max(0, n - ours[c]) for c, n in solid.items())
    extra = sum(max(0, n - solid.get(c, 0)) for c, n in ours.items() if not c.isspace())
    slack = max(2, 0.01 * sum(solid.values()))
    if missing <= slack and not plumber.unreadable:
        return replace(plumber, glyphs=without_doubles(plumber.glyphs)) if extra > slack else plumber
    other = of_pdfium(page, text_page, height, width)
    a, b = readable(plumber), readable(other)
    if b <= a + max(1, 0.005 * a):
        return plumber
    told.append(("other", f"pdfplumber 只读出 {a} 字，pdfium 读出 {b} 字，已采用后者", ""))
    return other


def _drawings(page: Any) -> int:
    """Number of things on the page, those in forms too, as far as a few more than the limit."""
    most = min(pdfium_c.FPDFPage_CountObjects(page.raw), DRAWING_LIMIT + 1)
    found = [pdfium_c.FPDFPage_GetObject(page.raw, number) for number in range(most)]
    for one in found:
        if len(found) > DRAWING_LIMIT:
            break
        if pdfium_c.FPDFPageObj_GetType(one) == pdfium_c.FPDF_PAGEOBJ_FORM:
            most = min(pdfium_c.FPDFFormObj_CountObjects(one), DRAWING_LIMIT + 1)
            found += [pdfium_c.FPDFFormObj_GetObject(one, number) for number in range(most)]
    return len(found)


def _is_picture(page: Any, width: float, height: float) -> bool:
    """Whether the page shows a picture over a third of it, or drawings that may be outlined letters."""
    paths = 0
    for shape in page.get_objects(max_depth=3):
        if shape.type == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = shape.get_bounds()
            if (right - left) * (top - bottom) > 0.3 * width * height:
                return True
        elif shape.type == pdfium_c.FPDF_PAGEOBJ_PATH:
            paths += 1
    return paths > 100


# --- what the text layer does not tell -----------------------------------------------------------------------------


def _recognised(page: paged.Page, shown: Any, unknown: set[int] | None) -> None:
    """Read the picture of the page: all of it, or only what the glyphs ``unknown`` print."""
    with closing(shown):
        if not ocr.available():
            what = (
                "这一页是扫描图像，没有文字层"
                if unknown is None
                else f"这一页有 {len(unknown)} 字的字体没有编码，读不出"
            )
            page.told.append(("unread_part", f"第 {page.number} 页：{what}。{ocr.INSTALL}", ""))
            if unknown:
                page.glyphs, _ = filled_in(page.glyphs, unknown, ())
            return
        if any(w * h > PIXEL_LIMIT for w, h in _pictures(shown)):
            page.told.append(("unread_part", f"第 {page.number} 页的图像过大，没有识别", ""))
            return
        width, height = shown.get_size()
        scale = ocr.LONG_SIDE / max(width, height)
        image = shown.render(scale=scale, rev_byteorder=True).to_numpy()[:, :, :3]
    if unknown is None:
        scans.recognised(page, image, width, height)
        return
    page.glyphs, count = filled_in(page.glyphs, unknown, ocr.recognise(image, width, height).glyphs)
    kind = "other" if count >= len(unknown) else "unread_part"
    page.told.append((kind, f"有 {len(unknown)} 字的字体没有编码，按图像识别出 {count} 字", ""))


def _pictures(shown: Any) -> list[tuple[int, int]]:
    pictures = (o for o in shown.get_objects(max_depth=3) if o.type == pdfium_c.FPDF_PAGEOBJ_IMAGE)
    return [picture.get_px_size() for picture in pictures]
