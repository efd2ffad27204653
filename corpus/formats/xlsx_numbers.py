"""Numbers and dates of Excel as they are printed (ECMA-376, 18.8.30), for the formats that Chinese sheets use."""

from __future__ import annotations

import re
from datetime import datetime

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

_CHINESE = {
    14: "yyyy/m/d", 22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"',
    54: 'm"月"d"日"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
"""Built-in formats whose look depends on the language: that of Chinese Excel and WPS."""
_PART = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]|(y+|m+|d+|h+|s+)|(上午/下午|AM/PM)|[_*].|([^"\\])', re.IGNORECASE)


def code_of(number_format: int, custom: dict[int, str]) -> str:
    """The format code of a format id."""
    return custom.get(number_format) or _CHINESE.get(number_format) or BUILTIN_FORMATS.get(number_format, "General")


def shown(value: str, code: str, mac: bool = False) -> str:
    """A number as it stands in the cell, printed in this format.

    >>> shown("45292", 'yyyy"年"m"月"'), shown("0.16", "0%"), shown("3.0", "General")
    ('2024年1月', '16%', '3')
    """
    try:
        number = float(value)
    except ValueError:
        return value
    part = (
        code.split(";")[1].lstrip("-") if number < 0 and code.count(";") and code.split(";")[1] else code.split(";")[0]
    )
    if is_date_format(part):
        return _date(number, part, mac)
    plain = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", part)
    if "%" in plain:
        return f"{_fixed(number * 100, plain)}%"
    if re.search("[0#]", plain) and "E" not in plain.upper():
        return _around(part, _fixed(number, plain))
    return _general(number)


def _fixed(number: float, plain: str) -> str:
    decimals = re.search(r"\.([0#?]+)", plain)
    places = len(decimals.group(1)) if decimals else 0
    text = f"{number:,.{places}f}" if re.search("[#0],[#0]", plain) else f"{number:.{places}f}"
    optional = decimals and "#" in decimals.group(1)
    return text.rstrip("0").rstrip(".") if optional else text


def _around(part: str, number: str) -> str:
    """With the words that the format prints around the number: 0"万吨"."""
    before, after = (re.findall(r'"([^"]*)"', piece) for piece in re.split(r"[0#?,.]+", part, maxsplit=1))
    return "".join(before) + number + "".join(after)


def _general(number: float) -> str:
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else f"{number:.10g}"


def _date(number: float, code: str, mac: bool) -> str:
    try:
        moment = from_excel(number, CALENDAR_MAC_1904 if mac else CALENDAR_WINDOWS_1900)
    except (ValueError, OverflowError, TypeError):
        return _general(number)
    if not isinstance(moment, datetime):
        return str(moment)
    out: list[str] = []
    hours = False
    for literal, escaped, unit, half, other in _PART.findall(code):
        if unit:
            name = unit.lower()
            minutes = name[0] == "m" and hours and len(name) <= 2
            hours = name[0] in "hs"
            out.append(_unit(moment, name, minutes))
        elif half:
            out.append("上午" if moment.hour < 12 else "下午")
        elif other not in ("@", ""):
            out.append(other)
        else:
            out.append(literal or escaped)
    return "".join(out)


def _unit(moment: datetime, name: str, minutes: bool) -> str:
    kind = "M" if minutes else name[0]
    number = {
        "y": moment.year,
        "m": moment.month,
        "d": moment.day,
        "h": moment.hour,
        "M": moment.minute,
        "s": moment.second,
    }[kind]
    if kind == "y":
        return f"{number % 100:02d}" if len(name) <= 2 else str(number)
    return f"{number:02d}" if len(name) >= 2 else str(number)
