"""A page of a kept file as a picture, with boxes around what was read from it: drawn by a worker, as the file is untrusted."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from index.reading.guard import MB, Died, Limits, Question, ask_all
from index.reading.worker import Frame

if TYPE_CHECKING:
    from PIL import Image

SCALE = 1.8
"""Pixels a point: a page of A4 is 1,070 pixels wide."""
MOST_PIXELS = 100_000_000
LIMITS = Limits(quiet=30.0, quiet_per_mb=2.0, total=120.0, memory=1536 * MB, answer=64 * MB)
FORMATS = ("pdf", "image", "ofd")
"""Formats that have pages."""
TYPE = (
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "C:/Windows/Fonts/simsun.ttc",
    "C:/Windows/Fonts/msyh.ttc",
    "/System/Library/Fonts/Supplemental/Songti.ttc",
    "/System/Library/Fonts/PingFang.ttc",
)
"""Chinese type, where systems have it: OFD pages are set anew with it."""


class Frameline(NamedTuple):
    """A box on the page, in points, and how it is drawn; ``fill`` is a colour or empty."""

    edges: tuple[float, float, float, float]
    colour: str
    width: int
    fill: str = ""


def picture(path: Path, form: str, number: int, boxes: Sequence[Frameline]) -> bytes | None:
    """The page (from 1) as PNG; None where it cannot be drawn."""
    head = {"path": str(path), "form": form, "number": number, "boxes": [one._asdict() for one in boxes]}
    size = path.stat().st_size if path.exists() else 0
    for event in ask_all([Question(Frame(head), size)], 1, LIMITS, "index.reading.pictures:answer"):
        if event.kind == "done" and event.frame is not None and not isinstance(event.frame, Died):
            return event.frame.parts[0] if event.frame.parts else None
    return None


def can_set_type() -> bool:
    """Whether there is Chinese type for pages that have to be set anew."""
    return any(Path(name).exists() for name in TYPE)


def answer(frame: Frame, tell: Callable[[dict[str, Any]], None]) -> Frame:
    """What the worker answers."""
    from PIL import ImageDraw

    tell({"what": "begun"})
    head = frame.head
    try:
        image = _DRAWN[head["form"]](Path(head["path"]), head["number"])
        pen = ImageDraw.Draw(image, "RGBA")
        for box in head["boxes"]:
            edges = tuple(SCALE * edge for edge in box["edges"])
            pen.rectangle(edges, outline=box["colour"], width=box["width"], fill=box["fill"] or None)
        target = io.BytesIO()
        image.save(target, "PNG")
    except Exception:  # of a page made to do harm, or torn; its text is there all the same
        return Frame({"what": "none"})
    return Frame({"what": "drawn"}, (target.getvalue(),))


def _of_pdf(path: Path, number: int) -> Image.Image:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        image: Image.Image = document[number - 1].render(scale=SCALE).to_pil().convert("RGB")
        return image


def _of_image(path: Path, number: int) -> Image.Image:
    """A scan, as wide as `corpus.formats.image` takes it to be."""
    from PIL import Image, ImageOps

    from corpus.formats.image import A4_WIDTH

    with Image.open(path) as scan:
        scan.seek(number - 1)
        if scan.width * scan.height > MOST_PIXELS:
            raise ValueError("too large")
        image = ImageOps.exif_transpose(scan).convert("RGB")
    width = round(A4_WIDTH * SCALE)
    return image.resize((width, round(width * image.height / image.width)))


def _of_ofd(path: Path, number: int) -> Image.Image:
    """The page set anew: each character and rule at its place, pictures and seals left out; or the scan that fills it."""
    from PIL import Image, ImageDraw, ImageFont

    from corpus.formats import ofd

    page, scan = ofd.drawn(path.read_bytes(), path.name, number)
    size = (round(page.width * SCALE), round(page.height * SCALE))
    if size[0] * size[1] > MOST_PIXELS:
        raise ValueError("too large")
    if scan:
        with Image.open(io.BytesIO(scan)) as found:
            return found.convert("RGB").resize(size)
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    for rule in page.rules:
        pen.rectangle([SCALE * edge for edge in rule[:4]], fill="#444444")
    name = next(name for name in TYPE if Path(name).exists())
    type_of: dict[int, Any] = {}
    for glyph in page.glyphs:
        if glyph.box and glyph.text.strip():
            high = max(4, min(400, round(glyph.size * SCALE)))
            type_of[high] = type_of.get(high) or ImageFont.truetype(name, high)
            pen.text((SCALE * glyph.box.x0, SCALE * glyph.box.bottom), glyph.text, "black", type_of[high], anchor="ld")
    return image


_DRAWN: dict[str, Callable[[Path, int], Image.Image]] = {"pdf": _of_pdf, "image": _of_image, "ofd": _of_ofd}
