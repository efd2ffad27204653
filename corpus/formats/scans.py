"""A page that is a picture: recognised, and told so."""

from __future__ import annotations

import numpy as np

from corpus.formats import ocr
from corpus.formats.paged import Page
from corpus.formats.pdf_tables import scanned_grids


def recognised(page: Page, image: np.ndarray, width: float, height: float) -> None:
    """Fill the page with what is recognised in its picture (rows × columns × RGB); sizes in points."""
    scan = ocr.recognise(image, width, height)
    page.glyphs, page.height = scan.glyphs, height
    page.tables = scanned_grids(scan.rules)
    told = "这一页是图像，文字由识别得出"
    told += f"，歪斜 {abs(scan.skew):.1f} 度已校正" if scan.skew else ""
    told += f"，{scan.seals} 处红色印章已略去" if scan.seals else ""
    page.told.append(("other", told, ""))
    if scan.lost:
        page.told.append(("unread_part", f"第 {page.number} 页有 {scan.lost} 处文字识别不出", ""))
