"""PDF files under passwords, and those that say more of themselves than is true."""

import io

import pytest

from corpus import read_bytes
from corpus.formats import ocr
from extract import extract
from schemas import UnreadableSource
from tests import bombs
from tests.pdf_boxes import agreeing
from tests.pdf_making import pdf, scanned

TEXT = ["某市节水行动方案", "一、重点任务", "（一）推进工业节水。加强节水改造。（责任单位：市水务局）"]


@pytest.mark.parametrize("strength", [40, 128])
def test_a_file_that_needs_a_password_is_refused_with_what_to_do(strength: int) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    data = pdf(TEXT, encrypt=StandardEncryption("geheim", "chef", strength=strength))
    with pytest.raises(UnreadableSource) as refused:
        read_bytes(data, "方案.pdf")
    assert "方案.pdf：文件有打开密码" in str(refused.value)
    assert "另存（打印）为不加密的 PDF" in refused.value.hint


@pytest.mark.parametrize("strength", [40, 128])
def test_a_file_that_all_may_read_and_the_owner_alone_may_change_is_read(strength: int) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    data = pdf(TEXT, encrypt=StandardEncryption("", "chef", canCopy=0, canModify=0, strength=strength))
    policy = extract(read_bytes(data, "a.pdf"))
    assert policy.logical_text.split("\n") == TEXT
    assert [(d.name, t.title) for t in policy.tasks for d in t.departments] == [("市水务局", "推进工业节水")]
    right, every, wrong = agreeing(policy, data)
    assert right == every, wrong


def test_a_locked_bomb_is_found_too() -> None:
    """Its streams cannot be seen before pdfium unlocks them."""
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pageCompression=1, encrypt=StandardEncryption("", "chef", strength=128))
    canvas._code.append("0 0 m 1 1 l S " * 3_000_000)
    canvas.save()
    assert len(buffer.getvalue()) < 1_000_000
    with pytest.raises(UnreadableSource, match="一段数据解开后超过 32 MB，不是正常的公文文件"):
        read_bytes(buffer.getvalue(), "a.pdf")


def test_how_many_pages_it_says_is_not_believed() -> None:
    assert extract(read_bytes(bombs.lying_count(), "a.pdf")).pages == 1


def test_a_page_of_many_rules_is_read_without_tables_and_told() -> None:
    source = read_bytes(bombs.many_rectangles(), "a.pdf")
    assert source.text.split("\n") == bombs.LINES
    assert any("图形超过 10,000 个" in defect.note for defect in source.defects)


def test_a_picture_that_is_too_large_is_not_recognised_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: True)
    with pytest.raises(UnreadableSource, match="是扫描件，没有文字层；第 1 页的图像过大，没有识别"):
        read_bytes(bombs.large_image(), "a.pdf")


def test_a_scan_where_nothing_recognises_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    with pytest.raises(UnreadableSource) as refused:
        read_bytes(scanned(pdf(TEXT)), "a.pdf")
    assert "是扫描件，没有文字层" in str(refused.value) and refused.value.hint == ocr.INSTALL


def test_a_page_with_an_empty_ruled_table_is_read() -> None:
    def form(canvas, _) -> None:  # type: ignore[no-untyped-def]
        canvas.grid([100, 200, 300, 400], [300, 330, 360, 390])

    assert read_bytes(pdf(TEXT, decorate=form), "a.pdf").text.split("\n") == TEXT
