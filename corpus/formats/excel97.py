"""Old Excel (.xls), WPS tables (.et), OpenDocument and XML sheets, through LibreOffice."""

from __future__ import annotations

from dataclasses import replace

from corpus.formats import ole, xlsx
from corpus.formats.office import convert
from corpus.printed import Printed


def read(data: bytes, file: str) -> Printed:
    """The rows of all visible sheets. Raises ``UnreadableSource``."""
    suffix = ".xls" if data.startswith(ole.SIGNATURE) else _suffix(data)
    return replace(xlsx.read(convert(data, suffix, "xlsx", file), file), format=suffix[1:])


def _suffix(data: bytes) -> str:
    """The ending that the content calls for."""
    if data.startswith(b"PK"):
        return ".ods" if b"opendocument.spreadsheet" in data[:200] else ".xlsb"
    return ".xml"
