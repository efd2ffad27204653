"""A number in the formats of automatic numbering (ST_NumberFormat of ECMA-376, 17.18.59) that Chinese documents use."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_LEGAL_TRADITIONAL = "零壹貳參肆伍陸柒捌玖"
_PLACES = ("", "十", "百", "千")
_LEGAL_PLACES = ("", "拾", "佰", "仟")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"),
          (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def formatted(number: int, style: str) -> str:
    """The number as it is printed; formats that no Chinese document uses come out in digits.

    >>> formatted(12, "chineseCounting"), formatted(3, "decimalEnclosedCircle"), formatted(2, "upperLetter")
    ('十二', '③', 'B')
    """
    if style in ("none", "bullet"):
        return ""
    write = _FORMATS.get(style)
    return write(number) if write and number >= 0 else str(number)


def han(number: int, zero: str = "零", digits: str = _DIGITS, places: tuple[str, ...] = _PLACES) -> str:
    """In Han numerals with places: 十二, 一百零五. Ten is 十, not 一十, where it stands first."""
    if number <= 0:
        return digits[0]
    if number >= 10_000:
        rest = number % 10_000
        gap = zero if 0 < rest < 1000 else ""
        return (
            han(number // 10_000, zero, digits, places) + "万" + gap + (han(rest, zero, digits, places) if rest else "")
        )
    out, pending = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if not digit:
            pending = pending or bool(out)
            continue
        out += (zero if pending else "") + digits[digit] + places[place]
        pending = False
    ten = digits[1] + places[1]
    return out[1:] if out.startswith(ten) and digits is _DIGITS else out


def _digit_by_digit(number: int) -> str:
    return "".join(_DIGITS[int(c)] for c in str(number))


def _one_of(characters: str) -> Callable[[int], str]:
    """The n-th of these characters; digits past the last."""
    return lambda number: characters[number - 1] if 1 <= number <= len(characters) else str(number)


def _from(first: str, count: int) -> Callable[[int], str]:
    return _one_of("".join(chr(ord(first) + k) for k in range(count)))


def _letter(first: str) -> Callable[[int], str]:
    """A…Z, then AA, BB: Word repeats the letter."""
    return lambda number: chr(ord(first) + (number - 1) % 26) * ((number - 1) // 26 + 1) if number else "0"


def _roman(number: int) -> str:
    out = ""
    for value, letters in _ROMAN:
        out += letters * (number // value)
        number %= value
    return out


_FORMATS: dict[str, Callable[[int], str]] = {
    "chineseCounting": han,
    "chineseCountingThousand": han,
    "japaneseCounting": han,
    "taiwaneseCounting": han,
    "taiwaneseCountingThousand": han,
    "koreanCounting": han,
    "ideographDigital": _digit_by_digit,
    "taiwaneseDigital": _digit_by_digit,
    "japaneseDigitalTenThousand": _digit_by_digit,
    "koreanDigital2": _digit_by_digit,
    "chineseLegalSimplified": lambda n: han(n, "零", _LEGAL, _LEGAL_PLACES),
    "ideographLegalTraditional": lambda n: han(n, "零", _LEGAL_TRADITIONAL, _LEGAL_PLACES),
    "japaneseLegal": lambda n: han(n, "零", _LEGAL_TRADITIONAL, _LEGAL_PLACES),
    "ideographTraditional": _one_of(_STEMS),
    "ideographZodiac": _one_of(_BRANCHES),
    "decimalEnclosedCircle": _from("①", 20),
    "decimalEnclosedCircleChinese": _from("①", 20),
    "decimalEnclosedParen": _from("⑴", 20),
    "decimalEnclosedFullstop": _from("⒈", 20),
    "ideographEnclosedCircle": _from("㊀", 10),
    "decimalFullWidth": lambda n: str(n).translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"}),
    "decimalFullWidth2": lambda n: str(n).translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"}),
    "decimalZero": lambda n: f"{n:02d}",
    "numberInDash": lambda n: f"- {n} -",
    "upperLetter": _letter("A"),
    "lowerLetter": _letter("a"),
    "upperRoman": lambda n: _roman(n).upper(),
    "lowerRoman": _roman,
}
