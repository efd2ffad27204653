"""Web pages that a browser saved as one file (.mhtml, .mht, RFC 2557): the page itself, charset from its header."""

from __future__ import annotations

import email.policy
from email.message import EmailMessage
from email.parser import BytesParser

from corpus.formats.webpage import read_page
from corpus.printed import Printed
from schemas import UnreadableSource

MAX_PARTS = 5000


def read(data: bytes, file: str) -> Printed:
    """The paragraphs and table rows of the page's document. Raises ``UnreadableSource``."""
    hint = "请在浏览器里打开，另存为“网页，全部”或打印为 PDF，再添加。"
    try:
        message = BytesParser(policy=email.policy.default).parsebytes(data)
        parts = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")][
            :MAX_PARTS
        ]
        pages = [(page, part) for part in parts if isinstance(page := part.get_payload(decode=True), bytes)]
    except (ValueError, LookupError, AttributeError, RecursionError) as error:
        raise UnreadableSource(file, "网页存档已损坏", hint) from error
    if not pages:
        raise UnreadableSource(file, "网页存档里没有网页", hint)
    page, part = _first(message, pages)
    said = part.get_content_charset()
    return read_page(page, file, str(said) if said else None)


def _first(message: EmailMessage, pages: list[tuple[bytes, EmailMessage]]) -> tuple[bytes, EmailMessage]:
    """The page that the archive names as its start, else the first that is no empty frame."""
    start = message.get("Snapshot-Content-Location")
    named = [one for one in pages if start and one[1].get("Content-Location") == start]
    return (named or [one for one in pages if len(one[0]) > 500] or pages)[0]
