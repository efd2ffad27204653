"""PDF files from strangers: what no document needs and a bomb has is found before a page is read.

The two readers unpack a stream into memory whole, whatever it comes to, and pdfminer follows a reference to itself for
ever. Neither can be told not to.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import NamedTuple

import pdfplumber.pdf
from pdfminer.ascii85 import ascii85decode, asciihexdecode
from pdfminer.lzw import LZWDecoder
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdftypes import PDFObjRef
from pdfminer.runlength import rldecode

from schemas import UnreadableSource

MB = 1024 * 1024
STREAM_LIMIT = 32 * MB
"""Bytes of one stream unpacked: the drawing of a page, a font (a whole Chinese one has 20 MB), a table of objects."""
PICTURE_LIMIT = 512 * MB
"""Bytes of one picture unpacked; A3 in colours at 600 dpi has 210 million."""
TOTAL_LIMIT = 512 * MB
"""Bytes of all streams but pictures unpacked, as far as they are large enough to be looked into."""
REFERENCES = 20
"""References to references that are followed; a sound file has none."""

_BEGINS = re.compile(rb"(?<!end)stream\r?\n")
_FILTERS = re.compile(rb"/F(?:ilter)?\s*(\[[^\]]*\]|/[^\s/<>\[\]()]+|\d+\s+\d+\s+R)")
_NAME = re.compile(rb"/([^\s/<>\[\]()]+)")
_HEAD = 4000
"""Bytes before a stream in which its dictionary is looked for."""


class Document(PDFDocument):
    """pdfminer's document, in which no object is a reference: it is followed, and a circle is nothing."""

    def getobj(self, objid: int) -> object:
        """The object of this number."""
        found = super().getobj(objid)
        for _ in range(REFERENCES):
            if not isinstance(found, PDFObjRef):
                return found
            found = super().getobj(found.objid)
        return None


pdfplumber.pdf.PDFDocument = Document  # pdfplumber takes no document of another's making


def check(data: bytes, file: str) -> None:
    """Raises ``UnreadableSource`` where a stream of the file, or all together, come to more than any document's do."""
    total = 0
    for stream in _streams(data):
        limit = PICTURE_LIMIT if stream.is_picture else STREAM_LIMIT
        if stream.most <= limit // 8:
            continue
        size = stream.unpacked(limit)
        total += 0 if stream.is_picture else size
        if size > limit or total > TOTAL_LIMIT:
            which = f"一段数据解开后超过 {limit // MB} MB" if size > limit else f"解开后超过 {TOTAL_LIMIT // MB} MB"
            hint = "为安全起见没有读取；请向发送者核实来源，或用阅读器打开后打印为新的 PDF，再添加。"
            raise UnreadableSource(file, f"{which}，不是正常的公文文件", hint)


def _flate(data: bytes, limit: int) -> bytes:
    return zlib.decompressobj().decompress(data, limit + 1)


def _lzw(data: bytes, limit: int) -> bytes:
    found = bytearray()
    for piece in LZWDecoder(BytesIO(data)).run():
        found += piece
        if len(found) > limit:
            break
    return bytes(found)


class _Packing(NamedTuple):
    """How many bytes one packed byte can become at most, and what unpacks it up to a limit."""

    most: int
    unpack: Callable[[bytes, int], bytes]


_PACKINGS = {
    b"FlateDecode": _Packing(1032, _flate),
    b"LZWDecode": _Packing(2560, _lzw),
    b"RunLengthDecode": _Packing(64, lambda data, _: rldecode(data)),
    b"ASCII85Decode": _Packing(4, lambda data, _: ascii85decode(data)),
    b"ASCIIHexDecode": _Packing(1, lambda data, _: asciihexdecode(data)),
}
_PACKINGS |= {short: _PACKINGS[long] for short, long in ((b"Fl", b"FlateDecode"), (b"LZW", b"LZWDecode"),
              (b"RL", b"RunLengthDecode"), (b"A85", b"ASCII85Decode"), (b"AHx", b"ASCIIHexDecode"))}  # fmt: skip


class _Stream(NamedTuple):
    """A packed stream, and how it is to be unpacked; pictures' own packings (JPEG) end the list."""

    data: memoryview
    packings: tuple[_Packing, ...]
    is_picture: bool

    @property
    def most(self) -> int:
        """Bytes that it may come to."""
        size = len(self.data)
        for packing in self.packings:
            size *= packing.most
        return size

    def unpacked(self, limit: int) -> int:
        """Bytes that it comes to, or more than ``limit`` where any step of the unpacking does."""
        data, size = bytes(self.data), 0
        for packing in self.packings:
            try:
                data = packing.unpack(data, limit)
            except Exception:  # damaged; what these decoders raise on that is not told anywhere
                return size
            size = max(size, len(data))
            if size > limit:
                return size
        return size


def _streams(data: bytes) -> Iterator[_Stream]:
    """The streams that have packings; those of attached files, which nobody opens, left out."""
    view = memoryview(data)
    for begin in _BEGINS.finditer(data):
        head = data[max(0, begin.start() - _HEAD) : begin.start()].rpartition(b"obj")[2]
        head = re.sub(rb"#([0-9A-Fa-f]{2})", lambda code: bytes([int(code[1], 16)]), head)
        found = _FILTERS.search(head)
        if not found or b"/EmbeddedFile" in head:
            continue
        end = data.find(b"endstream", begin.end())
        packings = tuple(_packings(found[1], data))
        if packings:
            is_picture = re.search(rb"/Subtype\s*/Image\b", head) is not None
            yield _Stream(view[begin.end() : end if end >= 0 else None], packings, is_picture)


def _packings(printed: bytes, data: bytes) -> Iterator[_Packing]:
    """The packings as printed, or as the object says that is referred to; what cannot be found counts as packed twice."""
    if number := re.match(rb"(\d+)\s+\d+\s+R", printed):
        there = re.search(rb"(?<!\d)%d\s+\d+\s+obj\s*(\[[^\]]*\]|/\S+)" % int(number[1]), data)
        printed = there[1] if there else b"[/FlateDecode /FlateDecode]"
    for name in _NAME.findall(printed):
        if name not in _PACKINGS:
            return
        yield _PACKINGS[name]
