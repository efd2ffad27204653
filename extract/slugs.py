"""Readable, stable short names for documents that the catalogue does not know."""

from __future__ import annotations

import re
import unicodedata


def slug_of(title: str, date: str | None) -> str:
    """The title without marks, and the year where the title has none (``某市节水行动方案-2023``).

    >>> slug_of("某市节水行动方案（试行）", "2023-06-28")
    '某市节水行动方案试行-2023'
    """
    plain = re.sub(r"[（(]\s*20\d\d\s*年?\s*[—–\-－~～至]+\s*20\d\d\s*年?\s*[）)]", "", title)
    plain = unicodedata.normalize("NFKC", plain)
    plain = re.sub(r"[^\w]+", "", plain)[:40] or "document"
    year = (date or "")[:4]
    return plain if not year or year in plain else f"{plain}-{year}"
