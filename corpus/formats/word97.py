"""Old Word (.doc), WPS (.wps), RTF, OpenDocument and Word XML, through LibreOffice."""

from __future__ import annotations

from dataclasses import replace

from corpus.formats import docx, ole
from corpus.formats.office import convert
from corpus.printed import Printed


def read(data: bytes, file: str) -> Printed:
    """The paragraphs and table rows of the file. Raises ``UnreadableSource``."""
    suffix = _suffix(data)
    return replace(docx.read(convert(data, suffix, "docx", file), file), format=suffix[1:])


def _suffix(data: bytes) -> str:
    """The ending that the content calls for; WPS writes its old files in the format of Word 97."""
    if data.startswith(ole.SIGNATURE):
        return ".doc"
    if data.startswith(b"{\\rtf"):
        return ".rtf"
    return ".odt" if data.startswith(b"PK") else ".xml"
