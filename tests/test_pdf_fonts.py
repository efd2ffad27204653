"""PDF files whose fonts do not say which letters they print: what can be known is put back, the rest is told."""

import pytest

from corpus import read_bytes
from corpus.formats import ocr
from corpus.source import Source
from extract import extract
from schemas import UnreadableSource
from tests.pdf_raw import composite, numbered, pages, raw, shown

LINES = [
    "某市节水行动方案",
    "一、重点任务",
    "为贯彻落实国家节水行动，推进本市节水工作，制定",
    "本方案。到2025年，全市用水总量控制在60亿立方米以内。",
    "（一）推进工业节水。加强高耗水行业节水改造。（责任",
    "单位：市水务局、市经济信息化委）",
]
CODES = numbered("".join(LINES))
MEANT = {code: char for char, code in CODES.items()}


def document(meant: dict[int, str] | None, encoding: bytes = b"/Identity-H") -> Source:
    return read_bytes(raw(pages([shown(LINES, CODES)], composite(meant, encoding))), "a.pdf")


def moved(shift: int) -> dict[int, str]:
    return {code: chr(ord(char) + shift) if char >= "一" else char for code, char in MEANT.items()}


def text_of(source: Source) -> str:
    return source.text.replace("\n", "")


def test_a_sound_font_is_read_by_pdfplumber() -> None:
    source = document(MEANT)
    assert text_of(source) == "".join(LINES) and not source.defects


def test_a_font_that_pdfplumber_loses_is_read_by_pdfium_with_its_places() -> None:
    """An /Encoding that is a map of its own in the file: pdfminer gives no characters and no error (its issue 1072)."""
    source, sound = document(MEANT, b"14 0 R"), document(MEANT)
    assert source.text == sound.text
    assert [d.note for d in source.defects] == [
        f"pdfplumber 只读出 0 字，pdfium 读出 {len(''.join(LINES))} 字，已采用后者"
    ]
    task, other = (extract(one).tasks[0].origin for one in (source, sound))
    assert len(task.boxes) == len(other.boxes)
    for a, b in zip(task.boxes, other.boxes, strict=True):
        assert abs(a.x0 - b.x0) < 2 and abs(a.x1 - b.x1) < 2 and min(a.bottom, b.bottom) - max(a.top, b.top) > 8


@pytest.mark.parametrize("shift", [0x1E00 - 0x4E00, -29])
def test_a_shifted_font_is_put_back_and_told(shift: int) -> None:
    source = document(moved(shift))
    assert text_of(source) == "".join(LINES)
    assert any("还原" in d.note and d.printed for d in source.defects)


@pytest.mark.parametrize("meant", [None, {code: chr(0x5000 + code * 7919 % 0x4000) for code in MEANT}])
def test_letters_that_nobody_can_name_are_never_passed_on(
    meant: dict[int, str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No map at all, or one that names letters at random, and nothing to recognise them with."""
    monkeypatch.setattr(ocr, "available", lambda: False)
    with pytest.raises(UnreadableSource, match="没有可读的文字"):
        document(meant)


def test_lost_digits_are_told_and_leave_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    source = document({code: char for code, char in MEANT.items() if not char.isdigit()})
    assert "2025" not in source.text and "控制在" in source.text and "亿立方米" in source.text
    assert [d.kind for d in source.defects] == ["unread_part"] and "6 字" in source.defects[0].note
    assert all(target.value is None for target in extract(source).targets)


def test_one_broken_font_among_sound_ones_is_put_back_alone() -> None:
    """The headings of a document in another font than its text, shifted by a constant."""
    from tests.pdf_raw import stream, to_unicode

    font = composite(MEANT)
    font |= {number + 10: body for number, body in composite(MEANT).items()}
    font[20] = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /SimHei /Encoding /Identity-H /DescendantFonts [21 0 R] /ToUnicode 23 0 R >>"
    )
    font[21] = font[21].replace(b"12 0 R", b"22 0 R")
    font[23] = to_unicode(moved(-29))
    objects = pages([shown(LINES[2:], CODES)], font)
    heads = (
        shown(LINES[:2], CODES, left=200)
        .replace(b"/F ", b"/G ")
        .replace(b" 730 ", b" 800 ")
        .replace(b" 702 ", b" 772 ")
    )
    objects[101] = stream(heads + b"\n" + shown(LINES[2:], CODES))
    objects[100] = objects[100].replace(b"/F 10 0 R", b"/F 10 0 R /G 20 0 R")
    source = read_bytes(raw(objects), "a.pdf")
    assert text_of(source) == "".join(LINES)
    assert "".join(d.printed or "" for d in source.defects) == "".join(moved(-29)[CODES[c]] for c in "".join(LINES[:2]))
