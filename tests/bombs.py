"""Files that are made to fill the memory or to keep a reader busy for ever, small as they are."""

from __future__ import annotations

import functools
import struct
import zlib
from collections.abc import Callable

from tests import renditions
from tests.mutating import packed, unpacked

LINES = ["某区绿色低碳发展实施方案", "一、重点任务", "1．推进节能。加快节能改造。（责任部门：区经委）"]
LAUGHS = b"<!DOCTYPE x [" + b'<!ENTITY a0 "ha">' + b"".join(
    b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12)
) + b"]>"  # fmt: skip


def _instead(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    parts = unpacked(data)
    return packed({part: change(content) if part == name else content for part, content in parts.items()})


def _laughing(xml: bytes) -> bytes:
    """The XML with a text that would be 20 GB."""
    head, sep, body = xml.partition(b"?>")
    at = body.find(b">") + 1
    return head + sep + LAUGHS + body[:at] + b"&a11;" + body[at:]


def _outside(xml: bytes) -> bytes:
    """The XML with a text from a file of this machine."""
    head, sep, body = xml.partition(b"?>")
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
    return bytes(300 * 1024 * 1024)


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
    rows = zlib.compress(bytes(min(100_000_000, height * (width // 8 + 1))), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def pdf(objects: dict[int, bytes], root: int = 1) -> bytes:
    """A PDF of these objects."""
    data, places = b"%PDF-1.7\n", {}
    for number, content in objects.items():
        places[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start, size = len(data), max(objects) + 1
    table = b"".join(b"%010d 00000 %s \n" % (places.get(n, 0), b"n" if n in places else b"f") for n in range(size))
    return data + b"xref\n0 %d\n%strailer\n<</Size %d /Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        size, table, size, root, start,
    )  # fmt: skip


def stream(data: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d %s>>\nstream\n%s\nendstream" % (len(data), more, data)


PAGE = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources <<>> /Contents 4 0 R>>"
CATALOG = b"<</Type /Catalog /Pages 2 0 R>>"


def cyclic_pages() -> bytes:
    """Pages that hold themselves."""
    pages = b"<</Type /Pages /Kids [2 0 R 3 0 R 2 0 R] /Count 3 /Parent 2 0 R>>"
    return pdf({1: CATALOG, 2: pages, 3: PAGE, 4: stream(b"")})


def cyclic_references() -> bytes:
    """An object that is a reference to itself, where a length, a font and a content should be."""
    page = PAGE.replace(b"<<>>", b"<</Font <</F 5 0 R>> /XObject <</X 6 0 R>>>>").replace(b"4 0 R", b"[4 0 R 7 0 R]")
    form = b"<</Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources <</XObject <</X 6 0 R>>>> /Length 5>>\nstream\n/X Do\nendstream"
    return pdf(
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
    return pdf({1: CATALOG, 2: pages, 3: PAGE, 4: stream(b"")})


def packed_content() -> bytes:
    """A page whose content is 300 MB of drawing, packed twice."""
    content = zlib.compress(zlib.compress(b"0 0 m 1 1 l S\n" * 20_000_000, 9), 9)
    page = stream(content, b"/Filter [/FlateDecode /FlateDecode]")
    return pdf({1: CATALOG, 2: b"<</Type /Pages /Kids [3 0 R] /Count 1>>", 3: PAGE, 4: page})


def large_image() -> bytes:
    """A page that is one picture of 100,000 by 100,000 points."""
    rows = zlib.compress(bytes(100_000_000), 9)
    image = stream(
        rows,
        b"/Type /XObject /Subtype /Image /Width 100000 /Height 100000 /BitsPerComponent 8 /ColorSpace /DeviceGray"
        b" /Filter /FlateDecode",
    )
    page = PAGE.replace(b"<<>>", b"<</XObject <</I 5 0 R>>>>")
    content = stream(b"q 595 0 0 842 0 0 cm /I Do Q")
    return pdf({1: CATALOG, 2: b"<</Type /Pages /Kids [3 0 R] /Count 1>>", 3: page, 4: content, 5: image})


def large_page() -> bytes:
    """A page of 100 million points."""
    page = PAGE.replace(b"595 842", b"100000000 100000000")
    return pdf({1: CATALOG, 2: b"<</Type /Pages /Kids [3 0 R] /Count 1>>", 3: page, 4: stream(b"")})


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
    "image.pdf": large_image,
    "page.pdf": large_page,
}
