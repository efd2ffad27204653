"""Chinese and Arabic numerals → numbers."""

from __future__ import annotations

import re

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2, "Ｏ": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}

HAN_NUMERAL = "[零〇一二三四五六七八九十百千两]+"
"""Pattern of a numeral in Han characters below ten thousand."""

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def integer(numeral: str) -> int | None:
    """The value of a whole number in Han characters or digits (``二十五`` → 25, ``二〇二三`` → 2023); None if it is none.

    >>> integer("一百二十")
    120
    """
    text = numeral.replace(",", "").replace("，", "").strip()
    if re.fullmatch("[0-9]+", text):
        return int(text) if len(text) < 16 else None
    if not text or any(c not in _DIGITS and c not in _UNITS and c not in _LARGE for c in text):
        return None
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text)) if len(text) < 16 else None
    return _grouped(text)


def _grouped(text: str) -> int:
    total = section = digit = 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _UNITS:
            section += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            total += (section + digit or 1) * _LARGE[char]
            section = digit = 0
    return total + section + digit


def decimal(numeral: str) -> float | None:
    """The value of a decimal number in digits or of a whole number in Han characters; None if it is none.

    >>> decimal("1,234.5")
    1234.5
    """
    text = numeral.replace(",", "").replace("，", "").replace("．", ".").replace(" ", "")
    if re.fullmatch(r"[0-9]{1,15}(?:\.[0-9]{1,15})?", text):
        return float(text)
    whole = integer(text)
    return None if whole is None else float(whole)
