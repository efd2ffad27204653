"""Scanned pages and pictures: read by recognition, told as such, doubtful lines named."""

import importlib.util
import os

import numpy as np
import pytest

from corpus import read_bytes
from corpus.formats import ocr
from extract import extract
from schemas import Policy, UnreadableSource
from tests.pdf_making import Style, pdf, scanned
from tests.test_pdf import ENTRIES, text_of, titles_of

needs_ocr = pytest.mark.skipif(
    importlib.util.find_spec("rapidocr") is None, reason="the extra policytrace[ocr] is not installed"
)
NOTICE = [
    "某市节水行动实施方案",
    "为贯彻落实国家节水行动，制定本方案。",
    "一、重点任务",
    "（一）推进工业节水。加强高耗水行业节水改造，到2025年万元工业增加值用水量下降16%。（责任单位：市水务局、市经济信息化委）",
    "（二）推进农业节水。推广滴灌等高效节水技术。（责任单位：市农业农村委）",
    "2023年6月28日",
]


def records(policy: Policy) -> set[tuple[object, ...]]:
    """Tasks and who answers for them, without blanks, which no recogniser keeps."""
    tasks = {(t.id, "".join((t.title or "").split())) for t in policy.tasks}
    return tasks | {(t.id, d.name, d.role) for t in policy.tasks for d in t.departments}


def f1(expected: set[tuple[object, ...]], found: set[tuple[object, ...]]) -> float:
    return 2 * len(expected & found) / (len(expected) + len(found))


@needs_ocr
def test_a_skewed_scan_with_a_seal_gives_the_records() -> None:
    data = pdf(NOTICE, Style(), frozenset(NOTICE[:1]))
    source = read_bytes(scanned(data, dpi=150, skew=1.5, seal=(180, 420)), "扫描.pdf")
    policy, expected = extract(source), extract(read_bytes(data, "a.pdf"))
    assert records(policy) == records(expected) and len(records(policy)) == 5
    assert [(t.value, t.unit, t.target_year) for t in policy.targets] == [(16.0, "%", 2025)]
    told = next(d.note for d in source.defects)
    assert "图像" in told and "歪斜 1." in told and "印章" in told
    for here, there in zip(policy.tasks, expected.tasks, strict=True):
        a, b = here.origin.boxes[0], there.origin.boxes[0]
        assert abs(a.top - b.top) < 12 and abs(a.x0 - b.x0) < 16


@needs_ocr
@pytest.mark.skipif(
    "POLICYTRACE_SCANS" not in os.environ, reason="minutes: POLICYTRACE_SCANS=1 reads whole scanned documents"
)
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("slug", ENTRIES)
def test_a_scanned_bundled_document_gives_its_tasks_and_departments(slug: str) -> None:
    source = text_of(slug)
    policy = extract(source)
    data = scanned(pdf(source.text.split("\n"), Style(), titles_of(policy)), dpi=150, skew=1.2)
    figure = f1(records(policy), records(extract(read_bytes(data, "a.pdf"))))
    print(f"{slug}: {figure:.3f}")
    assert figure >= 0.95


def test_without_the_extra_the_message_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    with pytest.raises(UnreadableSource, match="扫描件") as caught:
        read_bytes(scanned(pdf(NOTICE)), "扫描.pdf")
    assert "policytrace[ocr]" in caught.value.hint


def test_red_seals_go_and_red_and_black_letters_stay() -> None:
    image = np.full((800, 600, 3), 255, np.uint8)
    yy, xx = np.mgrid[:800, :600]
    away = np.hypot(xx - 300, yy - 500)
    image[(away > 52) & (away < 60)] = (215, 40, 40)
    image[100:130, 250:280] = (215, 40, 40)  # a letter of the letterhead
    image[490:510, 200:400] = (20, 20, 20)  # a line of the text under the seal
    clean, seals = ocr.without_seals(image, 1.0)
    assert seals == 1
    assert (clean[100:130, 250:280] == (215, 40, 40)).all() and (clean[490:510, 200:400] == (20, 20, 20)).all()
    assert not ((clean[440:560, 240:360, 0] > 150) & (clean[440:560, 240:360, 1] < 100)).any()


@pytest.mark.parametrize("lean", [-2.0, 0.0, 0.8, 3.0])
def test_the_skew_of_a_page_is_found(lean: float) -> None:
    import io

    import pypdfium2

    page = pypdfium2.PdfDocument(io.BytesIO(scanned(pdf(NOTICE * 3), skew=lean)))[0]
    image = page.render(scale=1.5, rev_byteorder=True).to_numpy()[:, :, :3]
    assert abs(abs(ocr.skew_of(image)) - abs(lean)) < 0.25


@needs_ocr
def test_a_picture_of_a_page_is_read_and_a_small_or_broken_one_refused() -> None:
    import io

    import pypdfium2
    from PIL import Image

    page = pypdfium2.PdfDocument(pdf(NOTICE, Style(), frozenset(NOTICE[:1])))[0].render(scale=150 / 72).to_pil()
    out = {}
    for name, size in (("页.png", page.size), ("小.jpg", (300, 424))):
        buffer = io.BytesIO()
        page.resize(size).convert("RGB").save(buffer, "PNG" if name.endswith("png") else "JPEG")
        out[name] = buffer.getvalue()
    policy = extract(read_bytes(out["页.png"], "页.png"))
    assert [t.title for t in policy.tasks] == ["推进工业节水", "推进农业节水"] and policy.format == "image"
    assert all(t.origin.boxes for t in policy.tasks)
    for name, data, says in (
        ("小.jpg", out["小.jpg"], "太小"),
        ("坏.png", out["页.png"][:2000], "打不开"),
        ("大.png", _huge_png(), "过大"),
    ):
        with pytest.raises(UnreadableSource, match=says):
            read_bytes(data, name)
    with Image.open(io.BytesIO(out["页.png"])) as sound:
        assert sound.size == page.size


def _huge_png() -> bytes:
    """A picture of 100,000 × 100,000 points in a few hundred bytes."""
    import struct
    import zlib

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )
