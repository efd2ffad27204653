"""PDF files put together by hand, for what no well-behaved program writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Objects = Mapping[int, bytes]


def raw(objects: Objects, root: int = 1) -> bytes:
    """The objects as a file, with its table of offsets; 1 is the catalogue."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (max(objects) + 1)
    for number in range(1, max(objects) + 1):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 00000 f \n"
    out += b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (max(objects) + 1, root, start)
    return bytes(out)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def pages(contents: Sequence[bytes], font: Objects, extra: bytes = b"") -> dict[int, bytes]:
    """A document of these content streams, which use the font /F; object 10 is the font."""
    kids = b" ".join(b"%d 0 R" % (100 + 2 * n) for n in range(len(contents)))
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(contents)),
        **font,
    }
    for n, content in enumerate(contents):
        objects[100 + 2 * n] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] %s /Contents %d 0 R "
            b"/Resources << /Font << /F 10 0 R >> >> >>" % (extra, 101 + 2 * n)
        )
        objects[101 + 2 * n] = stream(content)
    return objects


def to_unicode(pairs: Mapping[int, str]) -> bytes:
    """A map from two-byte codes to characters."""
    rows = "\n".join(f"<{code:04x}> <{char.encode('utf-16-be').hex()}>" for code, char in pairs.items())
    return stream(
        (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /T def /CMapType 2 def\n"
            f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{len(pairs)} beginbfchar\n{rows}\nendbfchar\n"
            "endcmap CMapName currentdict /CMap defineresource pop end end"
        ).encode()
    )


IDENTITY = stream(
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def /CMapType 1 def\n"
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> def\n"
    b"1 begincodespacerange <0000> <ffff> endcodespacerange\n"
    b"1 begincidrange <0000> <ffff> 0 endcidrange\n"
    b"endcmap CMapName currentdict /CMap defineresource pop end end",
    b"/Type /CMap /CMapName /Own /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>",
)


def composite(pairs: Mapping[int, str] | None, encoding: bytes = b"/Identity-H") -> dict[int, bytes]:
    """Object 10: a composite font that is not embedded, with its map to Unicode where one is given."""
    mapped = b"/ToUnicode 13 0 R" if pairs is not None else b""
    font = {
        10: b"<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding %s /DescendantFonts [11 0 R] %s >>"
        % (encoding, mapped),
        11: b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /SimSun /FontDescriptor 12 0 R /DW 1000 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        12: b"<< /Type /FontDescriptor /FontName /SimSun /Flags 4 /FontBBox [0 -140 1000 860] /ItalicAngle 0 "
        b"/Ascent 860 /Descent -140 /CapHeight 700 /StemV 80 >>",
    }
    if pairs is not None:
        font[13] = to_unicode(pairs)
    if encoding == b"14 0 R":
        font[14] = IDENTITY
    return font


def shown(lines: Sequence[str], codes: Mapping[str, int], size: float = 16, left: float = 80) -> bytes:
    """A content stream that prints the lines from the top of the page, in the codes of the font."""
    rows = []
    for number, line in enumerate(lines):
        text = "".join(f"{codes[c]:04x}" for c in line)
        rows.append(f"BT /F {size} Tf 1 0 0 1 {left} {730 - 28 * number} Tm <{text}> Tj ET")
    return "\n".join(rows).encode()


def numbered(text: str) -> dict[str, int]:
    """A code for each character, counted in the order of Unicode as programs number the glyphs of a subset."""
    return {char: 0x100 + number for number, char in enumerate(sorted(set(text)))}
