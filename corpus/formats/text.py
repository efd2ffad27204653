"""Plain text and Markdown, in any encoding that Chinese offices use."""

from __future__ import annotations

from corpus import charset
from corpus.printed import Printed


def read(data: bytes, file: str) -> Printed:
    """The text of the file. Raises ``UnreadableSource``."""
    return Printed(charset.decode(data, file), "text")
