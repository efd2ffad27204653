"""OFD, the national layout format (GB/T 33190—2016): pages with every character at its place."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from corpus import pace
from corpus.formats import ocr, paged
from corpus.formats.archive import Archive
from corpus.formats.ofd_page import POINTS, Drawn, Matrix, Painter, below, first, numbers, tag
from corpus.formats.pdf_glyphs import without_doubles
from corpus.formats.pdf_tables import scanned_grids
from corpus.printed import CharBox, Printed
from schemas import UnreadableSource

PAGE_LIMIT = 2000
PIXEL_LIMIT = 100_000_000
"""Pixels of a picture that is recognised; A3 at 600 dpi has 70 million."""
CHARACTER_LIMIT = 100_000
"""Characters on one page; a page of the densest gazette has 5,000."""
_HAN = re.compile("[\u3400-\u9fff]")
_PRINT = "请用 OFD 阅读器打开，打印为 PDF（扫描件会用文字识别读取），再添加。"


def read(data: bytes, file: str) -> Printed:
    """The pages of the file. Raises ``UnreadableSource``."""
    archive = Archive(data, file)
    if any(re.fullmatch(r"(?:.*/)?Encryptions?\.xml", name, re.IGNORECASE) for name in archive.names):
        raise UnreadableSource(
            file, "OFD 文件是加密的", "请用 OFD 阅读器输入密码打开，另存或打印为不加密的 PDF，再添加。"
        )
    pages = [page for root in _roots(archive) for page in _Document(archive, root).pages()]
    if not pages:
        raise UnreadableSource(file, "OFD 文件里没有一页", "文件不完整，请重新下载或请对方重发。")
    return _printed(pages, file)


def drawn(data: bytes, file: str, number: int) -> tuple[Drawn, bytes]:
    """A page (from 1) as it is drawn, and the picture that fills it where it is one; nothing is recognised. Raises
    ``UnreadableSource``."""
    archive = Archive(data, file)
    for root in _roots(archive):
        document = _Document(archive, root)
        if number <= len(document.named):
            return document.drawn(number)
        number -= len(document.named)
    raise UnreadableSource(file, "OFD 文件里没有这一页", "请从第一页看起。")


def _printed(pages: list[Drawn], file: str) -> Printed:
    """The pages as text. Raises ``UnreadableSource`` where there is none."""
    if not any(_HAN.match(glyph.text) for page in pages for glyph in page.glyphs):
        if any(_is_picture(page) for page in pages):
            raise UnreadableSource(
                file, "OFD 文件的每一页都是图片，没有文字", _PRINT if ocr.available() else ocr.INSTALL
            )
        unreadable = any(page.unreadable for page in pages)
        problem = "OFD 文件只存有字形，没有文字编码，读不出来" if unreadable else "OFD 文件里没有一个汉字，不像公文"
        raise UnreadableSource(file, problem, _PRINT)
    return paged.printed([_set(number, page) for number, page in enumerate(pages, 1)], "ofd")


def _set(number: int, page: Drawn) -> paged.Page:
    """A page with its tables, and what is told of it."""
    told = list(page.told)
    if _is_picture(page) and not told:
        told.append(("unread_part", f"第 {number} 页是图片，图中的文字没有读取。{ocr.INSTALL}", ""))
    if page.slanted.strip():
        told.append(("watermark", "斜排的水印不属于正文，已去除", page.slanted.strip()[:200]))
    if page.annotations:
        told.append(("other", f"第 {number} 页有注释或印章 {page.annotations} 处，没有读取", ""))
    if page.unreadable:
        note = f"第 {number} 页有 {page.unreadable} 个字只存有字形，没有文字编码，读不出来"
        told.append(("unread_part", note, ""))
    edges = [edge for rule in page.rules if (edge := _edge(rule))]
    tables = scanned_grids(edges) if len(edges) <= 20_000 else []
    return paged.Page(number, without_doubles(page.glyphs), page.height, tables, told)


def _is_picture(page: Drawn) -> bool:
    return len(page.glyphs) < 20 and sum(picture.share for picture in page.pictures) > 0.5


def _recognise(page: Drawn, data: bytes) -> None:
    """Read the picture of a page. One that is too large or of a format that is not known stays unread, and is told."""
    import numpy
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(data)) as image:
            if image.width * image.height > PIXEL_LIMIT:
                page.told.append(("unread_part", "这一页的图像过大，没有识别", ""))
                return
            pixels = numpy.asarray(image.convert("RGB"))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        page.told.append(("unread_part", "这一页的图像格式不认得，没有识别", ""))
        return
    scan = ocr.recognise(pixels, page.width, page.height)
    page.glyphs = list(scan.glyphs)
    page.rules += [CharBox(rule["x0"], rule["top"], rule["x1"], rule["bottom"]) for rule in scan.rules]
    page.told.append(("other", "这一页是扫描图像，文字由识别得出", ""))
    if scan.lost:
        page.told.append(("unread_part", f"这一页有 {scan.lost} 处文字识别不出", ""))


def _edge(rule: CharBox) -> dict[str, float | str] | None:
    upright = rule.x1 - rule.x0 < rule.bottom - rule.top
    if max(rule.x1 - rule.x0, rule.bottom - rule.top) < 3:
        return None
    middle = (rule.x0 + rule.x1) / 2 if upright else (rule.top + rule.bottom) / 2
    x0, x1 = (middle, middle) if upright else (rule.x0, rule.x1)
    top, bottom = (rule.top, rule.bottom) if upright else (middle, middle)
    return {
        "x0": x0, "x1": x1, "top": top, "bottom": bottom, "width": x1 - x0, "height": bottom - top,
        "orientation": "v" if upright else "h", "object_type": "line",
    }  # fmt: skip


# --- the package ---------------------------------------------------------------------------------------------------


def _roots(archive: Archive) -> Iterator[str]:
    """The document parts that OFD.xml names; one file may hold several documents."""
    for root in below(archive.xml("OFD.xml"), "DocBody", "DocRoot"):
        yield _resolved(archive, "", (root.text or "").strip())


def _resolved(archive: Archive, part: str, location: str) -> str:
    """A location that ``part`` names: from the root, else from the part's own folder, else from the root again."""
    plain = location.replace("\\", "/")
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(part), plain.lstrip("/")))
    root = posixpath.normpath(plain.lstrip("/"))
    order = (root, beside) if plain.startswith("/") else (beside, root)
    return next((name for name in order if name in archive), order[0])


@dataclass(frozen=True)
class _Part:
    """A part's name and root."""

    name: str
    root: etree._Element


class _Document:
    """One document of the file: its pages, templates and resources."""

    def __init__(self, archive: Archive, root: str) -> None:
        self._archive = archive
        self._part = _Part(root, archive.xml(root))
        common = first(self._part.root, "CommonData")
        self._area = _box(first(common, "PageArea"))
        self._templates = {
            one.get("ID", ""): _resolved(archive, root, one.get("BaseLoc", "")) for one in below(common, "TemplatePage")
        }
        self._units: dict[str, etree._Element] = {}
        self._media: dict[str, str] = {}
        for kind in ("PublicRes", "DocumentRes"):
            for one in below(common, kind):
                self._resources(_resolved(archive, root, (one.text or "").strip()))

    @property
    def named(self) -> list[etree._Element]:
        """The pages in order, as they are listed."""
        return list(below(self._part.root, "Pages", "Page"))

    def drawn(self, number: int) -> tuple[Drawn, bytes]:
        """A page, and the picture that fills it, or nothing."""
        page = self._page(_resolved(self._archive, self._part.name, self.named[number - 1].get("BaseLoc", "")), number)
        return page, self._picture(page) if _is_picture(page) else b""

    def _picture(self, page: Drawn) -> bytes:
        part = self._media.get(max(page.pictures, key=lambda picture: picture.share).resource, "")
        return self._archive.read(part) if part in self._archive else b""

    def pages(self) -> Iterator[Drawn]:
        """The pages in order."""
        named = self.named
        if len(named) > PAGE_LIMIT:
            raise UnreadableSource(
                self._archive.file, f"共 {len(named):,} 页，上限为 {PAGE_LIMIT:,} 页", "请拆分后再读。"
            )
        annotated = self._annotations()
        for number, one in enumerate(named, 1):
            page = self._page(_resolved(self._archive, self._part.name, one.get("BaseLoc", "")), number)
            page.annotations = annotated[one.get("ID", "")]
            if _is_picture(page) and ocr.available():
                _recognise(page, self._picture(page))
            pace.step(number, len(named))
            yield page

    def _annotations(self) -> Counter[str]:
        """Notes, seals and stamps laid over the pages: how many by page id. They are no part of the text."""
        found: Counter[str] = Counter()
        for one in below(self._part.root, "Annotations"):
            name = _resolved(self._archive, self._part.name, (one.text or "").strip())
            for page in below(self._archive.xml(name), "Page") if name in self._archive else ():
                location = next((file.text or "" for file in below(page, "FileLoc")), "").strip()
                part = _resolved(self._archive, name, location)
                if part in self._archive:
                    found[page.get("PageID", "")] += len(list(below(self._archive.xml(part), "Annot")))
        return found

    def _page(self, name: str, number: int) -> Drawn:
        root = self._archive.xml(name)
        x, y, width, height = _box(first(root, "Area")) or self._area or (0.0, 0.0, 210.0, 297.0)
        page = Drawn(width * POINTS, height * POINTS)
        for kind in below(root, "PageRes"):
            self._resources(_resolved(self._archive, name, (kind.text or "").strip()))
        painter = Painter(page, self._units.get)
        for used in below(root, "Template"):
            template = self._templates.get(used.get("TemplateID", ""), "")
            if template in self._archive:
                self._draw(painter, self._archive.xml(template), x, y)
        self._draw(painter, root, x, y)
        if len(page.glyphs) > CHARACTER_LIMIT:
            problem = f"第 {number} 页有 {len(page.glyphs):,} 字，上限为 {CHARACTER_LIMIT:,} 字"
            raise UnreadableSource(self._archive.file, problem, "请检查这一页。")
        return page

    def _draw(self, painter: Painter, root: etree._Element, x: float, y: float) -> None:
        for content in below(root, "Content"):
            painter.draw(content, Matrix(e=-x, f=-y))

    def _resources(self, name: str) -> None:
        """Composite objects and pictures of a resource file, by id."""
        if name not in self._archive:
            return
        root = self._archive.xml(name)
        base = root.get("BaseLoc", "")
        for one in root.iter():
            if tag(one) == "CompositeGraphicUnit" and (content := first(one, "Content")) is not None:
                self._units[one.get("ID", "")] = content
            elif tag(one) == "MultiMedia" and (media := first(one, "MediaFile")) is not None:
                location = posixpath.join(base, (media.text or "").strip())
                self._media[one.get("ID", "")] = _resolved(self._archive, name, location)


def _box(area: etree._Element | None) -> tuple[float, float, float, float] | None:
    found = first(area, "PhysicalBox")
    values = numbers(found.text) if found is not None else []
    if len(values) < 4 or not (1 <= values[2] <= 10_000 and 1 <= values[3] <= 10_000):
        return None
    return values[0], values[1], values[2], values[3]
