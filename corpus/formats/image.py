"""Pictures of pages (.png .jpg .tif), as scanners and telephones make them."""

from __future__ import annotations

import io
import warnings

import numpy as np
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from corpus import pace
from corpus.formats import ocr, scans
from corpus.formats.paged import Page, printed
from corpus.printed import Printed
from schemas import UnreadableSource

PIXEL_LIMIT = 150_000_000
"""Pixels of one picture; A3 at 600 dpi has 70 million."""
PAGE_LIMIT = 500
SMALLEST = 700
"""Pixels of the longer side of a page at 60 dpi; below it no recogniser reads Chinese."""
A4_WIDTH = 595.0
"""Width in points that a page is taken to have; pictures seldom tell."""


def read(data: bytes, file: str) -> Printed:
    """The pages of the file. Raises ``UnreadableSource``."""
    if not ocr.available():
        raise UnreadableSource(file, "这是图片，没有文字", ocr.INSTALL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data))
            pages = _pages(picture, file)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        raise UnreadableSource(file, "图片打不开，或者过大", "文件可能已损坏；请重新扫描为 PDF，再添加。") from None
    if not any(page.glyphs for page in pages):
        raise UnreadableSource(file, "图片中没有认出文字", "请检查原件是否清楚、是否放正，或重新扫描（300 dpi）。")
    return printed(pages, "image")


def _pages(picture: Image.Image, file: str) -> list[Page]:
    count = getattr(picture, "n_frames", 1)
    if count > PAGE_LIMIT:
        raise UnreadableSource(file, f"共 {count:,} 页，上限为 {PAGE_LIMIT} 页", "请拆分后再读。")
    pages = []
    for number, frame in enumerate(ImageSequence.Iterator(picture), 1):
        if frame.width * frame.height > PIXEL_LIMIT:
            size = f"{frame.width:,} × {frame.height:,}"
            raise UnreadableSource(file, f"图片有 {size} 点，过大", "请缩小到每页 300 dpi 再读。")
        if max(frame.size) < SMALLEST:
            raise UnreadableSource(file, "图片太小，不是一页文件", "请用 150 dpi 或以上重新扫描；图标、照片不用添加。")
        image = np.asarray(ImageOps.exif_transpose(frame).convert("RGB"))
        height = A4_WIDTH * image.shape[0] / image.shape[1]
        page = Page(number, (), height)
        scans.recognised(page, image, A4_WIDTH, height)
        pages.append(page)
        pace.step(number, count)
    return pages
