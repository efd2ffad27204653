"""Chinese text in a terminal: how wide it is, where it may be broken, what must not reach the screen.

Light to import: `policytrace search` comes this way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

NARROWEST, WIDEST = 60, 120
BOLD, PLAIN = "\x1b[1;4m", "\x1b[0m"
ON, OFF = "\ufdd0", "\ufdd1"
"""Signs around a mark: no characters of any text, and of no width."""

_PIECE = re.compile(r"[A-Za-z0-9_.%#/@:-]+|[●○]+|.", re.DOTALL)
_NOT_FIRST = frozenset("，。、；：！？）》」』”’…,.;:!?)]}%％" + OFF)
_NOT_LAST = frozenset("（《「『“‘([{" + ON)
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def safe(text: str) -> str:
    """The text without control characters (an escape sequence, a change of direction) and lone surrogates."""
    return _printable(text.replace(ON, "").replace(OFF, ""))


def _printable(text: str) -> str:
    return _UNSAFE.sub("", text.replace("\t", " "))


def width(text: str) -> int:
    """Columns that the text takes.

    >>> width("碳达峰 2030")
    11
    """
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(character: str) -> int:
    if character in (ON, OFF) or unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def padded(text: str, columns: int) -> str:
    """The text, filled with blanks to a number of columns."""
    return text + " " * (columns - width(text))


def shortened(text: str, columns: int) -> str:
    """The text on one line of at most so many columns, with … where it was cut."""
    text = " ".join(safe(text).split())
    if width(text) <= columns:
        return text
    kept, room = "", columns - 1
    for character in text:
        room -= _width(character)
        if room < 0:
            break
        kept += character
    return kept + "…"


def wrapped(text: str, columns: int, first: str = "", rest: str | None = None) -> list[str]:
    """The text in lines of at most so many columns, `first` before the first line and `rest` before the others.

    Words of Latin letters stay whole; no line begins with a closing mark or ends with an opening one.
    """
    rest = " " * width(first) if rest is None else rest
    lines: list[str] = []
    rooms = [max(columns - width(indent), 8) for indent in (first, rest)]
    for paragraph in _printable(text).split("\n"):
        for line in _broken(paragraph, rooms[bool(lines)], rooms[1]):
            lines.append(((rest if lines else first) + line).rstrip())
    return lines


def _broken(paragraph: str, room: int, later: int) -> Iterable[str]:
    """Lines of at most ``room`` columns the first, ``later`` the others."""
    line, used = "", 0
    for piece in _unbreakable(paragraph, min(room, later)):
        size = width(piece)
        if line and used + size > room:
            yield line
            line, used, room = "", 0, later
            piece = piece.lstrip()
            size = width(piece)
        line, used = line + piece, used + size
    yield line


def _unbreakable(paragraph: str, columns: int) -> Iterable[str]:
    """Pieces between which a line may break."""
    held = ""
    for piece in _PIECE.findall(paragraph):
        if held and piece[0] not in _NOT_FIRST and held[-1] not in _NOT_LAST:
            yield held
            held = ""
        held += piece
        while width(held) > columns:
            yield held[: columns // 2]
            held = held[columns // 2 :]
    if held:
        yield held


def table(header: Sequence[str], rows: Iterable[Sequence[object]], columns: int) -> list[str]:
    """Lines of a table: numbers to the right, and the widest column of text shortened until all fits."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(header, *cells, strict=True)]
    while sum(widths) + 2 * (len(widths) - 1) > columns and max(widths) > 8:
        widths[widths.index(max(widths))] -= 1
    numeric = [bool(cells) and all(_is_number(row[number]) for row in cells) for number in range(len(header))]
    lines = [list(header), ["-" * size for size in widths], *cells]
    return ["  ".join(map(_fitted, line, widths, numeric)).rstrip() for line in lines]


def _cell(value: object) -> str:
    return "" if value is None else " ".join(safe(str(value)).split())


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit() or not text


def _fitted(text: str, columns: int, right: bool) -> str:
    text = shortened(text, columns)
    return " " * (columns - width(text)) + text if right else padded(text, columns)


def marked(text: str, marks: Iterable[Sequence[int]]) -> str:
    """The text, made safe, with signs around the given ranges that `shown` turns into bold."""
    parts, after = [], 0
    for start, end in marks:
        parts += [safe(text[after:start]), ON, safe(text[start:end]), OFF]
        after = end
    return "".join([*parts, safe(text[after:])])


def shown(lines: Iterable[str], colour: bool) -> str:
    """The lines as they are printed: what was marked in bold, or without a sign where the output is no screen."""
    if not colour:
        return "\n".join(line.replace(ON, "").replace(OFF, "") for line in lines)
    printed, is_open = [], False
    for line in lines:
        indent = line[: len(line) - len(line.lstrip(" "))]
        line = indent + (ON if is_open else "") + line[len(indent) :]
        is_open = line.rfind(ON) > line.rfind(OFF)
        printed.append(f"{line}{OFF if is_open else ''}".replace(ON, BOLD).replace(OFF, PLAIN))
    return "\n".join(printed)
