"""What is drawn on an OFD page (GB/T 33190—2016, 8–11): characters with their places, rules of tables, pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from corpus.formats.pdf_glyphs import SLANT, Glyph
from corpus.printed import CharBox

POINTS = 72 / 25.4
"""OFD measures in millimetres."""
_DEEPEST = 8
_ASCENT = 0.88
"""Share of the size that a Han character stands above the base line."""
_USUAL = 5.6
"""Size in millimetres where none is given: 三号, which GB/T 9704—2012, 5.2.2 sets documents in."""
_SMALLEST = 0.5
"""Height in points below which nothing can be read."""
_NARROW = re.compile("[\x20-\u024f]")
_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\ue000-\uf8ff\ufffd\ufffe\uffff]")


class Matrix(NamedTuple):
    """x' = ax + cy + e, y' = bx + dy + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point comes to stand."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def after(self, first: Matrix) -> Matrix:
        """``first``, then this."""
        (e, f), (a, b), (c, d) = self.at(first.e, first.f), self._turn(first.a, first.b), self._turn(first.c, first.d)
        return Matrix(a, b, c, d, e, f)

    def _turn(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y, self.b * x + self.d * y


class Picture(NamedTuple):
    """A picture: its resource and how much of the page it covers (0…1)."""

    resource: str
    share: float


@dataclass
class Drawn:
    """What was found on a page; places in points from its top left corner.

    ``rules`` are straight lines of paths; ``told`` is what a reader must know of the page, as in `paged.Page`.
    """

    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    rules: list[CharBox] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    slanted: str = ""
    unreadable: int = 0
    annotations: int = 0
    told: list[tuple[str, str, str]] = field(default_factory=list)


def numbers(text: str | None) -> list[float]:
    """Numbers parted by blanks; what is none ends the list."""
    found: list[float] = []
    for word in (text or "").split():
        try:
            found.append(float(word))
        except ValueError:
            break
    return found


def tag(element: etree._Element) -> str:
    """The name without its namespace: producers differ in it."""
    return str(etree.QName(element).localname)


def below(element: etree._Element | None, *path: str) -> Iterator[etree._Element]:
    """The elements at a path of local names."""
    if element is None:
        return
    for child in element:
        if tag(child) == path[0]:
            if len(path) == 1:
                yield child
            else:
                yield from below(child, *path[1:])


def first(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first element at a path, or None."""
    return next(below(element, *path), None)


class Painter:
    """Draws objects on a page; ``composite`` gives the content of a composite object's resource."""

    def __init__(self, page: Drawn, composite: Callable[[str], etree._Element | None]) -> None:
        self._page = page
        self._composite = composite

    def draw(self, element: etree._Element, place: Matrix, depth: int = 0) -> None:
        """A layer, block or object, and what is in it."""
        name = tag(element)
        if element.get("Visible", "true").lower() in ("false", "0") or element.get("Alpha") == "0" or depth > _DEEPEST:
            return
        if name == "TextObject":
            self._text(element, _placed(element, place))
        elif name == "PathObject":
            self._path(element, _placed(element, place))
        elif name == "ImageObject":
            _, _, width, height = _boundary(element)
            share = width * height * POINTS**2 / max(1.0, self._page.width * self._page.height)
            self._page.pictures.append(Picture(element.get("ResourceID", ""), share))
        elif name == "CompositeObject":
            content = self._composite(element.get("ResourceID", ""))
            for child in content if content is not None else ():
                self.draw(child, _placed(element, place), depth + 1)
        elif name in ("Layer", "PageBlock", "Content"):
            for child in element:
                self.draw(child, place, depth + (name == "PageBlock"))

    def _text(self, element: etree._Element, place: Matrix) -> None:
        size = abs((numbers(element.get("Size")) or [0.0])[0]) or _USUAL
        wide = (numbers(element.get("HScale")) or [1.0])[0]
        if sum(len(one.text or "") for one in below(element, "TextCode")) == 0:
            self._page.unreadable += sum(len((g.text or "").split()) for g in below(element, "CGTransform", "Glyphs"))
        x = y = 0.0
        for code in below(element, "TextCode"):
            x, y = (numbers(code.get("X")) or [x])[0], (numbers(code.get("Y")) or [y])[0]
            text = code.text or ""
            across, down = deltas(code.get("DeltaX"), len(text)), deltas(code.get("DeltaY"), len(text))
            at_x, at_y = x, y
            for k, char in enumerate(text):
                self._char(char, place, at_x, at_y, size, wide, element.get("Font", ""))
                at_x += across[k] if k < len(across) else (0.0 if down else _advance(char, size) * wide)
                at_y += down[k] if k < len(down) else 0.0

    def _char(self, char: str, place: Matrix, x: float, y: float, size: float, wide: float, font: str) -> None:
        if abs(place.b) > SLANT * max(abs(place.a), abs(place.b), 1e-9):
            self._page.slanted += char
            return
        if _UNREADABLE.match(char):
            self._page.unreadable += 1
        left, base = place.at(x, y)
        height, width = size * abs(place.d), _advance(char, size) * wide * abs(place.a)
        if height * POINTS < _SMALLEST:
            self._page.unreadable += 1
            return
        top, bottom = base - _ASCENT * height, base + (1 - _ASCENT) * height
        box = _box(left, top, left + width, bottom)
        middle = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
        if 0 <= middle[0] <= self._page.width and 0 <= middle[1] <= self._page.height:
            self._page.glyphs.append(
                Glyph(char, box.x0, box.top, box.x1, box.bottom, round(height * POINTS, 2), font, box)
            )

    def _path(self, element: etree._Element, place: Matrix) -> None:
        """Straight horizontal and vertical strokes, and bars that are filled, as rules."""
        data = first(element, "AbbreviatedData")
        for start, end in strokes(data.text or "" if data is not None else ""):
            (x0, y0), (x1, y1) = place.at(*start), place.at(*end)
            if min(abs(x1 - x0), abs(y1 - y0)) < 0.3 and max(abs(x1 - x0), abs(y1 - y0)) > 1:
                self._page.rules.append(_box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))


def _box(x0: float, top: float, x1: float, bottom: float) -> CharBox:
    """A place in points from one in millimetres."""
    return CharBox(round(x0 * POINTS, 2), round(top * POINTS, 2), round(x1 * POINTS, 2), round(bottom * POINTS, 2))


def deltas(text: str | None, count: int) -> list[float]:
    """Steps between characters; ``g n v`` stands for n times v (GB/T 33190—2016, 11.3).

    >>> deltas("g 2 3.5 5", 4)
    [3.5, 3.5, 5.0]
    """
    words = (text or "").split()
    found: list[float] = []
    k = 0
    while k < len(words) and len(found) < count:
        if words[k] == "g" and k + 2 < len(words):
            times, step = numbers(words[k + 1]), numbers(words[k + 2])
            found += [step[0] if step else 0.0] * min(count, int(times[0]) if times else 0)
            k += 3
        else:
            found += numbers(words[k]) or [0.0]
            k += 1
    return found[:count]


Point = tuple[float, float]


def strokes(data: str) -> Iterator[tuple[Point, Point]]:
    """The straight strokes of a path (GB/T 33190—2016, 9.1: S, M, L, Q, B, A, C)."""
    words = data.split()
    start = here = (0.0, 0.0)
    lengths = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
    k = 0
    while k < len(words):
        step, count = words[k], lengths.get(words[k])
        if count is None:
            k += 1
            continue
        values = numbers(" ".join(words[k + 1 : k + 1 + count]))
        k += 1 + count
        if len(values) < count:
            continue
        to = (values[-2], values[-1]) if count else start
        if step in ("L", "C") and to != here:
            yield here, to
        here = to
        start = to if step in ("S", "M") else start


def _placed(element: etree._Element, place: Matrix) -> Matrix:
    x, y, _, _ = _boundary(element)
    own = numbers(element.get("CTM"))
    shifted = place.after(Matrix(e=x, f=y))
    return shifted.after(Matrix(*own[:6])) if len(own) >= 6 else shifted


def _boundary(element: etree._Element) -> Sequence[float]:
    found = numbers(element.get("Boundary"))
    return found[:4] if len(found) >= 4 else (0.0, 0.0, 0.0, 0.0)


def _advance(char: str, size: float) -> float:
    return size / 2 if _NARROW.match(char) else size
