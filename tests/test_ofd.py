"""OFD files: every character at its place, templates and composite objects, and words where there is no text to read."""

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from corpus import Source, read_bytes
from corpus.catalogue import load
from corpus.formats import ocr, ofd
from corpus.formats.archive import MAX_PART
from corpus.formats.ofd_page import Matrix, deltas, strokes
from extract import extract
from schemas import UnreadableSource
from tests import renditions
from tests.renditions import OFD_NS, SIZE, ofd_package, ofd_text

TITLE = ofd_text("某市节水行动方案", 80, 40)
TEXT = ofd_text("推进工业节水改造。", 39, 60)
FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
PICTURE = '<ofd:ImageObject ID="3" Boundary="0 0 210 297" ResourceID="5"/>'


def source(*pages: str, document: str = "", **parts: str) -> Source:
    return read_bytes(ofd_package(pages, document, **parts), "方案.ofd")


def printed(data: bytes) -> list[str]:
    """The printed lines, before they are joined to paragraphs."""
    return ofd.read(data, "a.ofd").text.replace("\f", "\n").split("\n")


def content(inner: str, before: str = "") -> str:
    return f"<ofd:Page {OFD_NS}>{before}<ofd:Content><ofd:Layer>{inner}</ofd:Layer></ofd:Content></ofd:Page>"


def test_characters_know_their_page_and_place_in_points() -> None:
    pages = [TITLE + TEXT, ofd_text("二、保障措施", 28, 37)]
    assert printed(ofd_package(pages)) == ["某市节水行动方案", "推进工业节水改造。", "二、保障措施"]
    found = source(*pages)
    assert found.pages == 2
    start = found.text.index("工业")
    box = found.origin(start, start + 2).boxes[0]
    assert (box.page, round(box.x0 * 25.4 / 72, 1), round((box.x1 - box.x0) * 25.4 / 72, 1)) == (
        1,
        39 + 2 * SIZE,
        2 * SIZE,
    )
    assert 60 <= box.top * 25.4 / 72 < box.bottom * 25.4 / 72 <= 60 + 1.2 * SIZE
    assert found.origin(found.text.index("二、"), len(found.text)).page == 2


def test_a_matrix_moves_and_scales() -> None:
    scaled = f'<ofd:TextObject ID="1" Boundary="20 50 100 9" Size="1" CTM="{SIZE} 0 0 {SIZE} 8 1"><ofd:TextCode X="0" Y="1" DeltaX="g 3 1">推进节水</ofd:TextCode></ofd:TextObject>'
    box = source(scaled).origin(0, 4).boxes[0]
    assert [round(v * 25.4 / 72, 1) for v in (box.x0, box.x1)] == [28.0, 28.0 + 4 * SIZE]
    assert Matrix(2, 0, 0, 2, 1, 1).after(Matrix(e=3, f=4)).at(1, 1) == (9.0, 11.0)


@pytest.mark.parametrize(
    ("text", "count", "steps"),
    [("3.5 3.5 5", 3, [3.5, 3.5, 5.0]), ("g 2 3.5 5", 4, [3.5, 3.5, 5.0]), ("g 999999999 1", 3, [1.0] * 3), ("", 2, []), (None, 2, []), ("x 1", 2, [0.0, 1.0]), ("g 2", 2, [0.0, 2.0])],
)  # fmt: skip
def test_steps_between_characters(text: str | None, count: int, steps: list[float]) -> None:
    assert deltas(text, count) == steps


def test_strokes_of_paths() -> None:
    assert list(strokes("M 0 0 L 5 0 L 5 3 C")) == [((0, 0), (5, 0)), ((5, 0), (5, 3)), ((5, 3), (0, 0))]
    assert list(strokes("M 1 1 B 0 0 1 1 2 2 L 2 5 x M 3")) == [((2, 2), (2, 5))]


def test_several_codes_in_one_object_and_lines_that_run_down() -> None:
    one = f'<ofd:TextObject ID="1" Boundary="28 50 100 30" Size="{SIZE}"><ofd:TextCode X="0" Y="5">推进工业节水</ofd:TextCode><ofd:TextCode Y="15">加强领导</ofd:TextCode></ofd:TextObject>'
    assert printed(ofd_package([one])) == ["推进工业节水", "加强领导"]


def test_templates_are_read_and_heads_on_every_page_go() -> None:
    document = '<ofd:TemplatePage ID="7" BaseLoc="Tpls/Tpl_0/Content.xml"/>'
    head = content(ofd_text("某市水务局文件汇编", 80, 15, 4))
    pages = [
        content(ofd_text(line, 39, 60), '<ofd:Template TemplateID="7" ZOrder="Background"/>')
        for line in ("推进工业节水改造。", "推进农业节水灌溉。", "加强节水领导。")
    ]
    found = source(*pages, document=document, Doc_0__Tpls__Tpl_0__Content=head)
    assert found.text.split("\n") == ["推进工业节水改造。", "推进农业节水灌溉。", "加强节水领导。"]
    assert any("页眉" in d.note for d in found.defects)
    alone = source(pages[0], document=document, Doc_0__Tpls__Tpl_0__Content=head)
    assert alone.text.startswith("某市水务局文件汇编")


def test_composite_objects_and_blocks() -> None:
    unit = f'<ofd:Res {OFD_NS}><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="4" Width="100" Height="10"><ofd:Content>{ofd_text("某水务〔2024〕3号", 0, 0)}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>'
    body = (
        '<ofd:CompositeObject ID="2" Boundary="80 30 100 10" ResourceID="4"/>'
        + f"<ofd:PageBlock ID='3'>{TEXT}</ofd:PageBlock>"
    )
    data = ofd_package([body], "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>", Doc_0__PublicRes=unit)
    assert printed(data) == ["某水务〔2024〕3号", "推进工业节水改造。"]
    endless = unit.replace(
        ofd_text("某水务〔2024〕3号", 0, 0), '<ofd:CompositeObject ID="2" Boundary="0 0 9 9" ResourceID="4"/>'
    )
    assert (
        source(body, document="<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>", Doc_0__PublicRes=endless).text
        == "推进工业节水改造。"
    )


def test_a_page_box_that_begins_elsewhere_and_what_is_not_shown() -> None:
    area = "<ofd:Area><ofd:PhysicalBox>100 100 210 297</ofd:PhysicalBox></ofd:Area>"
    hidden = ofd_text("内部口径", 140, 300, more=' Visible="false"') + ofd_text("页外", 20, 20)
    found = source(content(ofd_text("推进工业节水改造。", 139, 160) + hidden, area))
    assert found.text == "推进工业节水改造。" and round(found.origin(0, 1).boxes[0].x0 * 25.4 / 72, 1) == 39.0


def test_slanted_watermarks_go_and_are_told() -> None:
    mark = '<ofd:TextObject ID="1" Boundary="50 100 100 100" Size="20" CTM="0.7 -0.7 0.7 0.7 0 0"><ofd:TextCode X="0" Y="20">内部资料</ofd:TextCode></ofd:TextObject>'
    found = source(TITLE + TEXT + mark)
    assert "内部" not in found.text and [(d.kind, d.printed) for d in found.defects] == [("watermark", "内部资料")]


def test_annotations_are_told() -> None:
    listed = f'<ofd:Annotations {OFD_NS}><ofd:Page PageID="0"><ofd:FileLoc>Annots/Annot_0.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>'
    annots = (
        f'<ofd:PageAnnot {OFD_NS}><ofd:Annot Type="Stamp" ID="1"/><ofd:Annot Type="Highlight" ID="2"/></ofd:PageAnnot>'
    )
    found = source(
        TITLE + TEXT,
        document="|<ofd:Annotations>Annotations.xml</ofd:Annotations>",
        Doc_0__Annotations=listed,
        Doc_0__Annots__Annot_0=annots,
    )
    assert [d.note for d in found.defects] == ["第 1 页有注释或印章 2 处，没有读取"]


def test_ruled_tables_become_rows() -> None:
    policy = extract(
        read_bytes(
            renditions.ofd(
                [
                    "某市节水任务分工表",
                    "序号\t任务\t责任单位",
                    "1\t推进工业节水\t市水务局、市发展改革委",
                    "2\t推进农业节水\t市农业农村委",
                ]
            ),
            "a.ofd",
        )
    )
    assert policy.logical_text.split("\n")[1:] == [
        "序号\t任务\t责任单位",
        "1\t推进工业节水\t市水务局、市发展改革委",
        "2\t推进农业节水\t市农业农村委",
    ]


def test_several_documents_in_one_file() -> None:
    first = ofd_package([TITLE + TEXT])
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(first)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name == "OFD.xml":
                text = text.replace(
                    "</ofd:OFD>", "<ofd:DocBody><ofd:DocRoot>/Doc_1/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
                )
            else:
                new.writestr(name.replace("Doc_0", "Doc_1"), text.replace("工业", "农业"))
            new.writestr(name, text)
    assert printed(buffer.getvalue()) == [
        "某市节水行动方案",
        "推进工业节水改造。",
        "某市节水行动方案",
        "推进农业节水改造。",
    ]


def test_pages_that_are_pictures_are_told_and_a_file_of_them_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    found = source(TITLE + TEXT, PICTURE)
    assert [(d.kind, d.note[:19]) for d in found.defects] == [("unread_part", "第 2 页是图片，图中的文字没有读取。")]
    with pytest.raises(UnreadableSource, match="每一页都是图片") as caught:
        source(PICTURE)
    assert "文字识别" in caught.value.hint


@pytest.mark.skipif(not ocr.available() or not FONT.exists(), reason="needs the extra ocr and a Chinese font")
def test_pages_that_are_pictures_are_recognised_where_that_is_installed() -> None:
    image = Image.new("L", (1240, 1754), 255)
    pen = ImageDraw.Draw(image)
    for n, line in enumerate(("某市节水行动方案", "一、总体要求", "推进工业节水改造，提高用水效率。")):
        pen.text((200, 200 + 80 * n), line, 0, ImageFont.truetype(str(FONT), 34))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    res = f'<ofd:Res {OFD_NS} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="5" Type="Image"><ofd:MediaFile>a.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>'
    data = ofd_package([PICTURE], "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>", Doc_0__DocumentRes=res)
    with zipfile.ZipFile(whole := io.BytesIO(data), "a") as out:
        out.writestr("Doc_0/Res/a.png", buffer.getvalue())
    found = read_bytes(whole.getvalue(), "a.ofd")
    assert "推进工业节水改造，提高用水效率。" in found.text and any("识别得出" in d.note for d in found.defects)
    box = found.origin(found.text.index("推进"), found.text.index("推进") + 4).boxes[0]
    assert abs(box.x0 - 200 / 1240 * 210 * 72 / 25.4) < 6


def test_glyphs_without_characters_are_told_and_a_file_of_them_is_refused() -> None:
    glyphs = '<ofd:TextObject ID="1" Boundary="28 90 100 9" Size="5"><ofd:CGTransform CodePosition="0" CodeCount="0" GlyphCount="3"><ofd:Glyphs>17 18 19</ofd:Glyphs></ofd:CGTransform><ofd:TextCode X="0" Y="5"></ofd:TextCode></ofd:TextObject>'
    assert [d.kind for d in source(TITLE + TEXT + glyphs).defects] == ["unread_part"]
    for unreadable in (glyphs, ofd_text("\ue001\ue002\ue003", 28, 90)):
        with pytest.raises(UnreadableSource, match="没有文字编码"):
            source(unreadable)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (ofd_package([TITLE], Encryptions=f"<a {OFD_NS}/>"), "加密"),
        (ofd_package([]), "没有一页"),
        (ofd_package([ofd_text("only english", 28, 50)]), "汉字"),
        (ofd_package([TITLE], OFD="<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "实体"),
        (ofd_package([content(TITLE) + "<"]), "损坏"),
        (ofd_package([content(" " * (MAX_PART + 10))]), "压缩比|超过"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words(data: bytes, says: str) -> None:
    with pytest.raises(UnreadableSource, match=says) as caught:
        read_bytes(data, "坏.ofd")
    assert "坏.ofd" in str(caught.value) and caught.value.hint


def test_a_missing_page_is_named() -> None:
    with pytest.raises(UnreadableSource, match=r"Page_9"):
        source(TITLE, document='|<ofd:Pages><ofd:Page ID="9" BaseLoc="Pages/Page_9/Content.xml"/></ofd:Pages>')


def test_the_boxes_of_records_hold_their_words() -> None:
    """Cropped and read again: the characters whose middle lies in a record's boxes are the record's text."""
    entry = next(e for e in load().documents if e.slug == "scip-cleaner-production-2022")
    source_ = read_bytes(entry.file.read_bytes(), entry.file.name)
    found = read_bytes(renditions.ofd(source_.text.split("\n")), "a.ofd")
    policy = extract(found)
    glyphs = [(found.page(i), found.boxes[at], found.text[i]) for i, at in enumerate(found.at) if found.boxes[at]]
    for task in policy.tasks:
        again = "".join(
            char for page, box, char in glyphs
            if box and any(b.page == page and b.x0 <= (box.x0 + box.x1) / 2 <= b.x1 and b.top <= (box.top + box.bottom) / 2 <= b.bottom for b in task.origin.boxes)
        )  # fmt: skip
        assert renditions.words(again) == renditions.words(task.text)
