"""Scanned pages → glyphs with places: text recognised offline by rapidocr, whose models come with its package.

The extra ``policytrace[ocr]`` brings it. Nothing is fetched and nothing written. Slightly skewed pages are set straight
before they are read, red seals are taken off, the rules of tables are found.
"""

from __future__ import annotations

import importlib.util
import logging
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from corpus.formats.pdf_glyphs import Glyph
from corpus.printed import CharBox

INSTALL = "请安装文字识别：pip install 'policytrace[ocr]'，再读一次；或者先用其他软件识别，另存为带文字的 PDF。"
DOUBTFUL = 0.85
"""Confidence below which a recognised line is told as doubtful. Clean print has 0.93 and more."""
HOPELESS = 0.5
"""Confidence below which it is no text: a picture, a signature."""
LONG_SIDE = 1800
"""Pixels of the longer side of a page when it is read: 150 dpi of A4."""
STRAIGHT = 0.15
"""Degrees of skew that are left as they are."""
_HAN = "\u3400-\u9fff"
_MARKS = (
    (re.compile(rf"(?<=[{_HAN}”》）]),|,(?=[{_HAN}“《])"), "，"),
    (re.compile(rf"(?<=[{_HAN}”》）]);|;(?=[{_HAN}])"), "；"),
    (re.compile(rf"(?<=[{_HAN}”》）]):|:(?=[{_HAN}“《])"), "："),
    (re.compile(rf"\((?=[^()]*[{_HAN}])"), "（"),
    (
        re.compile(rf"(?<=[{_HAN}。])\)|(?<=[（][一二三四五六七八九十\d])\)|(?<=[（][一二三四五六七八九十\d]{{2}})\)"),
        "）",
    ),
)


@dataclass(frozen=True)
class Scan:
    """What was recognised on a page.

    The ``font`` of each glyph is ``ocr:`` and the confidence of its line. ``rules`` are those of tables as pdfplumber's
    edges; places are those of the page set straight, the glyphs' boxes those of the page as it is. ``lost`` are lines
    that could not be read, ``seals`` the number of red seals.
    """

    glyphs: tuple[Glyph, ...]
    rules: tuple[dict[str, Any], ...]
    lost: int
    seals: int
    skew: float


def available() -> bool:
    """Whether the extra is installed, with its models."""
    spec = importlib.util.find_spec("rapidocr")
    return bool(spec and spec.origin and len(list((Path(spec.origin).parent / "models").glob("*.onnx"))) >= 3)


@cache
def _engine() -> Any:
    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "critical", "Global.text_score": 0.0})


def recognise(image: np.ndarray, width: float, height: float) -> Scan:
    """Read the picture of a page (rows × columns × RGB); ``width`` and ``height`` are those of the page in points."""
    import cv2

    whole = LONG_SIDE / max(image.shape[:2])
    if abs(whole - 1) > 0.05:
        image = cv2.resize(
            image, None, fx=whole, fy=whole, interpolation=cv2.INTER_AREA if whole < 1 else cv2.INTER_CUBIC
        )
    scale = width / image.shape[1]
    image, seals = without_seals(image, scale)
    skew = skew_of(image)
    turned = _rotated(image, skew) if abs(skew) > STRAIGHT else image
    found = _engine()(np.ascontiguousarray(turned[:, :, ::-1]))
    back = _Back(math.radians(skew) if abs(skew) > STRAIGHT else 0.0, width, height)
    glyphs: list[Glyph] = []
    lost = 0
    for quad, text, score in zip(
        found.boxes if found.boxes is not None else (), found.txts or (), found.scores or (), strict=True
    ):
        if score < HOPELESS:
            lost += 1
            continue
        glyphs += _glyphs(_folded(text), np.asarray(quad) * scale, score, back)
    return Scan(tuple(glyphs), tuple(_rules(turned, scale)), lost, seals, skew if abs(skew) > STRAIGHT else 0.0)


def _folded(text: str) -> str:
    """Marks between Chinese characters as Chinese ones; the recogniser confuses their widths."""
    if not re.search(f"[{_HAN}]", text):
        return text
    for pattern, mark in _MARKS:
        text = pattern.sub(mark, text)
    return text


def _glyphs(text: str, quad: np.ndarray, score: float, back: _Back) -> Iterator[Glyph]:
    """The letters of a line, each given its share of the line's width."""
    x0, x1 = float(quad[:, 0].min()), float(quad[:, 0].max())
    top, bottom = float(quad[:, 1].min()), float(quad[:, 1].max())
    shares = [0.5 if char < "\u0250" else 1.0 for char in text]
    unit = (x1 - x0) / (sum(shares) or 1.0)
    size = 1.03 * unit if len(text) > 3 else 0.8 * (bottom - top)
    place = x0
    for char, share in zip(text, shares, strict=True):
        right = place + share * unit
        yield Glyph(char, place, top, right, bottom, size, f"ocr:{score:.2f}", back.box(place, top, right, bottom))
        place = right


class _Back:
    """From the page set straight to the page as it is, both turned about their middle."""

    def __init__(self, angle: float, width: float, height: float) -> None:
        self._cos, self._sin = math.cos(angle), math.sin(angle)
        self._x, self._y = width / 2, height / 2

    def box(self, x0: float, top: float, x1: float, bottom: float) -> CharBox:
        """The rectangle that holds the turned one."""
        corners = [self._point(x, y) for x in (x0, x1) for y in (top, bottom)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return CharBox(min(xs), min(ys), max(xs), max(ys))

    def _point(self, x: float, y: float) -> tuple[float, float]:
        dx, dy = x - self._x, y - self._y
        return self._x + dx * self._cos - dy * self._sin, self._y + dx * self._sin + dy * self._cos


def _rotated(image: np.ndarray, degrees: float) -> np.ndarray:
    import cv2

    high, wide = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(image, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)))


def skew_of(image: np.ndarray) -> float:
    """Degrees, clockwise, by which the lines of a page lean: the turn at which its rows of ink are sharpest."""
    import cv2

    small = cv2.resize(image, None, fx=700 / max(image.shape[:2]), fy=700 / max(image.shape[:2]))
    ink = (255 - cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)).astype(np.float32)
    ink[ink < 100] = 0

    def sharpness(degrees: float) -> float:
        high, wide = ink.shape
        matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
        return float(np.var(cv2.warpAffine(ink, matrix, (wide, high)).sum(axis=1)))

    if not ink.any():
        return 0.0
    coarse = max(np.arange(-5, 5.1, 0.5), key=sharpness)
    best = max(np.arange(coarse - 0.5, coarse + 0.51, 0.1), key=sharpness)
    return float(best) if sharpness(float(best)) > 1.02 * sharpness(0.0) else 0.0


def without_seals(image: np.ndarray, scale: float) -> tuple[np.ndarray, int]:
    """The picture without the red of seals (印章, 4.2 cm across or so), and their number; red letters stay.

    Black letters under a seal are dark in the red channel and stay.
    """
    import cv2

    red, rest = image[:, :, 0].astype(np.int16), image[:, :, 1:].max(axis=2).astype(np.int16)
    mask = ((red > 110) & (red - rest > 45)).astype(np.uint8)
    if not mask.any():
        return image, 0
    line = int(22 / scale) | 1  # what a line of letters parts of a seal belongs together
    joined = cv2.morphologyEx(np.pad(mask, line), cv2.MORPH_CLOSE, np.ones((line, line), np.uint8))
    joined = joined[line:-line, line:-line]
    count, _, boxes, _ = cv2.connectedComponentsWithStats(joined)
    seals = 0
    for x, y, wide, high, _area in boxes[1:count]:
        if 70 < wide * scale < 200 and 70 < high * scale < 200 and 0.6 < wide / high < 1.6:
            if not seals:
                image = image.copy()
            part, where = image[y : y + high, x : x + wide], mask[y : y + high, x : x + wide] > 0
            part[(cv2.dilate(where.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0) & (part[:, :, 0] > 100)] = 255
            seals += 1
    return image, seals


def _rules(image: np.ndarray, scale: float) -> Iterator[dict[str, Any]]:
    """Straight rules of at least 20 points across and 12 down, as edges that pdfplumber's tables are made of."""
    import cv2

    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    ink = cv2.adaptiveThreshold(gray, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12)
    for orientation, length in (("h", 40), ("v", 24)):
        kernel = np.ones((1, int(length / scale)) if orientation == "h" else (int(length / scale), 1), np.uint8)
        found = cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel)
        found = cv2.dilate(found, np.ones((3, 9) if orientation == "h" else (9, 3), np.uint8))
        count, _, boxes, _ = cv2.connectedComponentsWithStats(found)
        for x, y, wide, high, _area in boxes[1:count]:
            yield _edge(orientation, x * scale, y * scale, (x + wide) * scale, (y + high) * scale)


def _edge(orientation: str, x0: float, top: float, x1: float, bottom: float) -> dict[str, Any]:
    if orientation == "h":
        top = bottom = (top + bottom) / 2
    else:
        x0 = x1 = (x0 + x1) / 2
    place = {"x0": x0, "x1": x1, "top": top, "bottom": bottom}
    return {**place, "orientation": orientation, "width": x1 - x0, "height": bottom - top, "object_type": "line"}


def confidence(glyph: Glyph) -> float:
    """How sure the recogniser is of the glyph's line; 1 where the glyph was not recognised but read."""
    return float(glyph.font[4:]) if glyph.font.startswith("ocr:") else 1.0


def doubtful(glyphs: Sequence[Glyph]) -> float | None:
    """The least confidence of these glyphs, where it is below what is sure."""
    least = min((confidence(glyph) for glyph in glyphs), default=1.0)
    return least if least < DOUBTFUL else None
