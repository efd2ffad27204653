"""What kind of file it is, and the reader for it. A reader's module is loaded when the first file of its kind comes."""

from __future__ import annotations

from pathlib import Path

from corpus.printed import Reader
from schemas import UnreadableSource

SUFFIXES = (".txt", ".md")
"""Endings of the files that can be read."""


def reader_of(data: bytes, file: str) -> Reader:
    """The reader for a file. Raises ``UnreadableSource`` if there is none."""
    suffix = Path(file).suffix.lower()
    if suffix not in SUFFIXES:
        hint = f"目前支持 {'、'.join(SUFFIXES)}；其他格式请先另存为纯文本。"
        raise UnreadableSource(file, f"不支持的格式 {suffix or '（无扩展名）'}", hint)
    from corpus.formats.text import read

    return read
