"""Fonts whose letters have no value or a wrong one: found by what they spell, put back where that can be known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from corpus import garble
from corpus.formats.pdf_glyphs import Glyph

_MARKS = frozenset("，。、；：？！“”‘’（）《》〈〉【】—…·")
_LEAST = 6
"""Characters of a font from which on it can be judged."""


@dataclass(frozen=True)
class Broken:
    """A font that spells no Chinese. ``shift`` added to its code points makes it Chinese; None where nothing does."""

    shift: int | None


def broken_fonts(pages: Sequence[Sequence[Glyph]]) -> dict[str, Broken]:
    """The fonts of a document that cannot be read as they are, by name."""
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for page in pages:
        for glyph in page:
            if glyph.text > "\u024f":
                texts[glyph.font].append(glyph.text)
    found: dict[str, Broken] = {}
    for font, letters in texts.items():
        text = "".join(letters)
        if len(text) >= _LEAST and not _spells(text):
            found[font] = Broken(_shift(text))
    return found


def _spells(text: str) -> bool:
    """Whether the letters are those of Chinese: mostly common ones, few that have no business in it."""
    han = [c for c in text if "\u3400" <= c <= "\u9fff"]
    odd = sum(garble.is_odd(c) or c == garble.LOST or "\ue000" <= c <= "\uf8ff" for c in text)
    if odd > 0.3 * len(text):
        return _is_traditional(text)
    return len(han) < 0.3 * len(text) or garble.commonness(han) > (0.45 if len(han) > 30 else 0.25)


def _is_traditional(text: str) -> bool:
    """Whether the letters that simplified text does not have are traditional ones, all of Big5."""
    han = [c for c in text if "\u4e00" <= c <= "\u9fff"]
    return len(han) > 0.8 * len(text) and sum(_in_big5(c) for c in han) > 0.95 * len(han)


def _in_big5(char: str) -> bool:
    try:
        return bool(char.encode("big5"))
    except UnicodeEncodeError:
        return False


def _shift(text: str) -> int | None:
    shift = garble.find_shift([text])
    return shift if shift and _spells("".join(_put_back(c, shift) for c in text)) else None


def _put_back(char: str, shift: int) -> str:
    """The character that was meant; marks that are not shifted stay."""
    if char in _MARKS:
        return char
    new = garble.shifted(char, shift)
    return new if "\u4e00" <= new <= "\u9fff" or new in _MARKS or garble.is_odd(char) else char


def mended(glyphs: Sequence[Glyph], fonts: dict[str, Broken]) -> tuple[list[Glyph], set[int], list[tuple[str, str]]]:
    """The glyphs with shifted code points put back, the indices of those that stay unknown, and what to tell."""
    out: list[Glyph] = []
    unknown: set[int] = set()
    put_back: defaultdict[str, list[str]] = defaultdict(list)
    for index, glyph in enumerate(glyphs):
        broken = fonts.get(glyph.font) if glyph.text > "\u024f" else None
        if glyph.text == garble.LOST or broken and broken.shift is None:
            unknown.add(index)
        elif broken and broken.shift:
            put_back[glyph.font].append(glyph.text)
            glyph = glyph._replace(text=_put_back(glyph.text, broken.shift))
        out.append(glyph)
    notes = [
        (f"字体 {font} 的编码偏移 {fonts[font].shift or 0:+#x}，已还原 {len(letters)} 字", "".join(letters))
        for font, letters in put_back.items()
    ]
    return out, unknown, notes
