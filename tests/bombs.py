"""Files that are made to fill the memory or to keep a reader busy for ever, small as they are."""

from __future__ import annotations

import functools
import re
import struct
import zlib
from collections.abc import Callable
from typing import Any

from tests import pdf_making, renditions
from tests.mutating import packed, unpacked
from tests.pdf_raw import raw, stream

LINES = ["某区绿色低碳发展实施方案", "一、重点任务", "1．推进节能。加快节能改造。（责任部门：区经委）"]
LAUGHS = b"<!DOCTYPE x [" + b'<!ENTITY a0 "ha">' + b"".join(
    b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12)
) + b"]>"  # fmt: skip


def _instead(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    parts = unpacked(data)
    return packed({part: change(content) if part == name else content for part, content in parts.items()})


def _laughing(xml: bytes) -> bytes:
    """The XML with a text that would be 20 GB."""
    head, sep, body = xml.rpartition(b"?>")
    at = body.find(b">") + 1
    return head + sep + LAUGHS + body[:at] + b"&a11;" + body[at:]


def _outside(xml: bytes) -> bytes:
    """The XML with a text from a file of this machine."""
    head, sep, body = xml.rpartition(b"?>")
    at = body.find(b">") + 1
    return head + sep + b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + body[:at] + b"&f;" + body[at:]


def _deep(xml: bytes) -> bytes:
    at = xml.find(b"<w:body>") + len(b"<w:body>")
    return xml[:at] + b"<w:p><w:r>" * 200_000 + xml[at:]


def _wide(xml: bytes) -> bytes:
    cell = b'<w:tc><w:tcPr><w:gridSpan w:val="99999999"/></w:tcPr><w:p/></w:tc>'
    at = xml.find(b"<w:body>") + len(b"<w:body>")
    return xml[:at] + b"<w:tbl>" + b"<w:tr>" + cell * 50 + b"</w:tr></w:tbl>" + xml[at:]


@functools.cache
def _zeros() -> bytes:
    return bytes(120 * 1024 * 1024)


def docx(change: Callable[[bytes], bytes]) -> bytes:
    return _instead(renditions.docx(LINES), "word/document.xml", change)


def ofd(change: Callable[[bytes], bytes]) -> bytes:
    return _instead(renditions.ofd(LINES), "Doc_0/Document.xml", change)


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    return packed({**unpacked(data), name: content})


def png(width: int, height: int) -> bytes:
    """A picture that says it is so large; its rows are zeros, packed."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(min(10_000_000, height * (width // 8 + 1))), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


PAGE = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources <<>> /Contents 4 0 R>>"
CATALOG = b"<</Type /Catalog /Pages 2 0 R>>"


def cyclic_pages() -> bytes:
    """Pages that hold themselves."""
    pages = b"<</Type /Pages /Kids [2 0 R 3 0 R 2 0 R] /Count 3 /Parent 2 0 R>>"
    return raw({1: CATALOG, 2: pages, 3: PAGE, 4: stream(b"")})


def cyclic_references() -> bytes:
    """An object that is a reference to itself, where a length, a font and a content should be."""
    page = PAGE.replace(b"<<>>", b"<</Font <</F 5 0 R>> /XObject <</X 6 0 R>>>>").replace(b"4 0 R", b"[4 0 R 7 0 R]")
    form = b"<</Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources <</XObject <</X 6 0 R>>>> /Length 5>>\nstream\n/X Do\nendstream"
    return raw(
        {
            1: CATALOG,
            2: b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
            3: page,
            4: stream(b"BT /F 12 Tf 100 700 Td (abc) Tj ET /X Do"),
            5: b"5 0 R",
            6: form,
            7: b"<</Length 7 0 R>>\nstream\n/X Do\nendstream",
        }
    )


def many_pages(count: int = 100_000) -> bytes:
    """One page that is listed so often."""
    kids = b"3 0 R " * count
    pages = b"<</Type /Pages /Kids [%s] /Count %d>>" % (kids, count)
    return raw({1: CATALOG, 2: pages, 3: PAGE, 4: stream(b"")})


ONE_PAGE = {1: CATALOG, 2: b"<</Type /Pages /Kids [3 0 R] /Count 1>>", 3: PAGE}


@functools.cache
def _drawing() -> bytes:
    return zlib.compress(b"0 0 m 1 1 l S\n" * 20_000_000, 9)


def packed_content(filters: bytes = b"/Filter [/FlateDecode /FlateDecode]", more: bytes = b"<<>>") -> bytes:
    """A page whose content is 280 MB of drawing, packed twice; object 8 may say how."""
    return raw({**ONE_PAGE, 4: stream(zlib.compress(_drawing(), 9), filters), 8: more})


def packed_font() -> bytes:
    """A font of 120 MB."""
    page = PAGE.replace(b"<<>>", b"<</Font <</F 5 0 R>>>>")
    font = b"<</Type /Font /Subtype /TrueType /BaseFont /A /FontDescriptor 6 0 R /FirstChar 97 /LastChar 97 /Widths [500]>>"
    about = b"<</Type /FontDescriptor /FontName /A /Flags 4 /FontFile2 7 0 R>>"
    file = stream(zlib.compress(_zeros(), 9), b"/Filter /FlateDecode /Length1 120000000")
    content = stream(b"BT /F 12 Tf 100 700 Td (aaa) Tj ET")
    return raw({**ONE_PAGE, 3: page, 4: content, 5: font, 6: about, 7: file})


def packed_objects() -> bytes:
    """A stream of objects that is 120 MB."""
    entries = b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"
    return raw({**ONE_PAGE, 4: stream(b""), 5: stream(zlib.compress(b"9 0 " + _zeros(), 9), entries)})


def lying_count() -> bytes:
    """Two billion pages, it says, and has one."""
    data = pdf_making.pdf(LINES)
    return re.sub(rb"/Count 1\b", b"/Count 2000000000", data)


def nested_arrays() -> bytes:
    """Arrays in arrays, 100,000 deep, where a content and a drawing should be."""
    deep = b"[" * 100_000 + b"]" * 100_000
    page = PAGE.replace(b"<<>>", deep)
    return raw({**ONE_PAGE, 3: page, 4: stream(deep + b" TJ"), 5: deep})


def many_rectangles() -> bytes:
    """A page that is ruled into 30,000 squares."""

    def draw(canvas: Any, _: int) -> None:
        for number in range(30_000):
            canvas.rect(50 + number % 150 * 3.2, 50 + number // 150 * 3.2, 3.2, 3.2)

    return pdf_making.pdf(LINES, decorate=draw)


def large_image() -> bytes:
    """A page that is one picture of 100,000 by 100,000 points."""
    rows = zlib.compress(bytes(10_000_000), 9)
    image = stream(
        rows,
        b"/Type /XObject /Subtype /Image /Width 100000 /Height 100000 /BitsPerComponent 8 /ColorSpace /DeviceGray"
        b" /Filter /FlateDecode",
    )
    page = PAGE.replace(b"<<>>", b"<</XObject <</I 5 0 R>>>>")
    content = stream(b"q 595 0 0 842 0 0 cm /I Do Q")
    return raw({**ONE_PAGE, 3: page, 4: content, 5: image})


def large_page() -> bytes:
    """A page of 100 million points."""
    page = PAGE.replace(b"595 842", b"100000000 100000000")
    return raw({**ONE_PAGE, 3: page, 4: stream(b"")})


def spanning_table() -> bytes:
    cells = "<td colspan=99999999 rowspan=99999999>一</td>" * 500
    return f"<html><body><p>{'</p><p>'.join(LINES)}</p><table><tr>{cells}</tr></table></body></html>".encode()


def nested_elements() -> bytes:
    return ("<html><body>" + "<div><table><tr><td>" * 100_000 + "推进节能" + "</body></html>").encode()


BOMBS: dict[str, Callable[[], bytes]] = {
    "zeros.docx": lambda: with_part(renditions.docx(LINES), "word/document.xml", _zeros()),
    "zeros-aside.docx": lambda: with_part(renditions.docx(LINES), "word/media/image1.png", _zeros()),
    "zeros.ofd": lambda: with_part(renditions.ofd(LINES), "Doc_0/Document.xml", _zeros()),
    "zeros.xlsx": lambda: packed({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": _zeros()}),
    "laughs.docx": lambda: docx(_laughing),
    "laughs.ofd": lambda: ofd(_laughing),
    "laughs.html": lambda: _laughing(
        b"<?xml version='1.0'?><html><body><p>" + "推进节能".encode() + b"</p></body></html>"
    ),
    "outside.docx": lambda: docx(_outside),
    "leaving.docx": lambda: with_part(renditions.docx(LINES), "../../../tmp/evil.xml", b"<x/>"),
    "leaving.ofd": lambda: with_part(renditions.ofd(LINES), "..\\..\\evil.xml", b"<x/>"),
    "absolute.docx": lambda: with_part(renditions.docx(LINES), "/etc/evil.xml", b"<x/>"),
    "deep.docx": lambda: docx(_deep),
    "wide.docx": lambda: docx(_wide),
    "spanning.html": spanning_table,
    "nested.html": nested_elements,
    "picture.docx": lambda: with_part(renditions.docx(LINES), "word/media/image1.png", png(100_000, 100_000)),
    "picture.png": lambda: png(100_000, 100_000),
    "pages.pdf": many_pages,
    "cyclic-pages.pdf": cyclic_pages,
    "cyclic.pdf": cyclic_references,
    "content.pdf": packed_content,
    "content-said-elsewhere.pdf": lambda: packed_content(b"/F#69lter 8 0 R", b"[ /Fl /Fl ]"),
    "font.pdf": packed_font,
    "objects.pdf": packed_objects,
    "count.pdf": lying_count,
    "nested.pdf": nested_arrays,
    "rectangles.pdf": many_rectangles,
    "image.pdf": large_image,
    "page.pdf": large_page,
}
