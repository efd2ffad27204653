"""Word files as they come: merged cells, tracked changes, text boxes, fields, strict files."""

import io
import zipfile

import pytest

from corpus import read_bytes
from corpus.formats.docx_symbols import symbol
from schemas import UnreadableSource
from tests.docx_making import (
    DOWN,
    GOES_ON,
    OFFICIAL,
    RAISED,
    STYLE_H,
    STYLES,
    TEXT,
    WIDE,
    lines,
    numbered,
    numbering,
    p,
    package,
    r,
    source,
    styled,
    tbl,
    tc,
    told,
)

# --- tables --------------------------------------------------------------------------------------------------------


def test_merged_cells() -> None:
    body = tbl(
        [tc("类别"), tc("任务"), tc("责任单位")],
        [tc("一、工业节水", WIDE)],
        [tc("节水", DOWN), tc("改造"), tc("经发处|环保办")],
        [tc("", GOES_ON), tc("监测"), tc("")],
    )
    assert lines(body) == ["类别\t任务\t责任单位", "一、工业节水\t\t", "节水\t改造\t经发处 环保办", "节水\t监测\t"]


def test_a_table_that_only_frames_text_is_text_and_one_inside_is_a_table() -> None:
    inner = tbl([tc("序号"), tc("任务")], [tc("1"), tc("节水")])
    frame = f"<w:tbl><w:tr><w:tc>{p('某市方案')}{p(TEXT)}{inner}</w:tc></w:tr></w:tbl>"
    assert lines(frame) == ["某市方案", TEXT, "序号\t任务", "1\t节水"]


def test_rows_in_content_controls_and_deleted_rows() -> None:
    body = "<w:tbl>" + (
        f"<w:sdt><w:sdtContent><w:tr>{tc('1')}{tc('节水')}</w:tr></w:sdtContent></w:sdt>"
        f"<w:tr><w:trPr><w:del/></w:trPr>{tc('2')}{tc('停业')}</w:tr>"
    ) + "</w:tbl>"  # fmt: skip
    found = source(body)
    assert found.text == "1\t节水" and any("删除 1 处" in note for note in told(found))


# --- changes, hidden text, comments --------------------------------------------------------------------------------


def test_tracked_changes_are_read_as_accepted_and_told() -> None:
    body = (
        "<w:p>" + r("到2025年下降") + f"<w:del>{r('10').replace('w:t>', 'w:delText>')}</w:del><w:ins>{r('16')}</w:ins>" + r("%。") + "</w:p>"
        + f"<w:p><w:pPr><w:rPr><w:moveFrom/></w:rPr></w:pPr><w:moveFrom>{r('后移的一段。')}</w:moveFrom></w:p>"
        + p("推进节水。") + f"<w:p><w:pPr><w:rPr><w:moveTo/></w:rPr></w:pPr><w:moveTo>{r('后移的一段。')}</w:moveTo></w:p>"
    )  # fmt: skip
    found = source(body)
    assert found.text.split("\n") == ["到2025年下降16%。", "推进节水。", "后移的一段。"]
    assert [(d.note.split("，")[0], d.printed) for d in found.defects] == [
        ("有修订标记：插入 2 处", "16"),
        ("有修订标记：删除 2 处", "10"),
    ]


def test_a_deleted_paragraph_end_joins_two_paragraphs() -> None:
    body = p("推进高耗水行业", "<w:rPr><w:del/></w:rPr>") + p("节水改造。")
    assert lines(body) == ["推进高耗水行业节水改造。"]


def test_a_deleted_numbered_paragraph_is_not_counted() -> None:
    gone = numbered("", 1).replace("</w:pPr>", "<w:rPr><w:del/></w:rPr></w:pPr>")
    gone = gone.replace(r(""), f"<w:del>{r('旧').replace('w:t>', 'w:delText>')}</w:del>")
    assert lines(numbered("甲", 1) + gone + numbered("乙", 1), numbering=numbering(OFFICIAL)) == ["一、甲", "二、乙"]


def test_hidden_text_and_comments_are_left_out_and_told() -> None:
    body = f"<w:p>{r(TEXT)}{r('内部口径', '<w:vanish/>')}{r('也是', STYLE_H)}<w:r><w:commentReference w:id='1'/></w:r></w:p>"
    found = source(body, styles=STYLES, comments=f"<w:comments><w:comment>{p('请核')}</w:comment></w:comments>")
    assert found.text == TEXT
    assert sorted(told(found)) == ["有批注 1 条，没有读取", "有隐藏文字 2 处，没有读取"]


def test_footnotes_are_told_and_not_inside_the_sentence() -> None:
    body = f"<w:p>{r('推进节水')}<w:r><w:footnoteReference w:id='2'/></w:r>{r('工作。')}</w:p>"
    found = source(body, footnotes=f'<w:footnotes><w:footnote w:id="2">{p("指工业节水。")}</w:footnote></w:footnotes>')
    assert found.text == "推进节水工作。" and told(found) == ["此处有脚注 1，不在正文中：指工业节水。"]


# --- text boxes, fields, symbols -----------------------------------------------------------------------------------


def test_a_letterhead_in_a_text_box_is_read_once() -> None:
    inside = f"<w:txbxContent>{p('某市水务局文件')}{p('某水务〔2024〕3号')}</w:txbxContent>"
    box = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:wsp><wps:txbx>" + inside
        + "</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>" + inside
        + "</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )  # fmt: skip
    assert lines(f"<w:p>{box}{r('关于推进节水的通知')}</w:p>") == [
        "某市水务局文件",
        "某水务〔2024〕3号",
        "关于推进节水的通知",
    ]
    old = f"<w:p><w:r><w:pict><v:shape><v:textbox>{inside}</v:textbox></v:shape></w:pict></w:r></w:p>"
    assert lines(old + p(TEXT)) == ["某市水务局文件", "某水务〔2024〕3号", TEXT]


def test_a_red_head_in_the_header_of_the_first_page_is_read_and_running_heads_are_not() -> None:
    section = '<w:sectPr><w:headerReference w:type="first" r:id="header1"/><w:headerReference w:type="default" r:id="header2"/><w:titlePg/></w:sectPr>'
    heads = {"header1": f"<w:hdr>{p('某水务〔2024〕3号')}</w:hdr>", "header2": f"<w:hdr>{p('内部资料')}</w:hdr>"}
    assert lines(p(TEXT) + section, **heads) == ["某水务〔2024〕3号", TEXT]
    assert lines(p(TEXT) + section.replace("<w:titlePg/>", ""), **heads) == [TEXT]


def field(instruction: str, result: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText> {instruction} </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def test_results_of_fields_are_read_their_instructions_are_not() -> None:
    body = f"<w:p>{r('日期：')}{field('DATE', r('2024年5月6日'))}{r('，见')}{field('REF _x', field('PAGEREF _y', r('12')) + r('页'))}</w:p>"
    assert lines(body) == ["日期：2024年5月6日，见12页"]
    assert lines(f"<w:p><w:fldSimple w:instr=' REF x '>{r('节水')}</w:fldSimple>{r('方案')}</w:p>") == ["节水方案"]


def test_contents_are_left_out_whether_field_control_or_style() -> None:
    entries = (
        "<w:p>"
        + '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC \\o</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    entries += (
        r("一、总体要求\t1") + "</w:p>" + p("二、任务\t2") + '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    control = f'<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent>{p("目录")}{entries}</w:sdtContent></w:sdt>'
    styles = '<w:styles><w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style></w:styles>'
    assert (
        lines(entries + p(TEXT))
        == lines(control + p(TEXT))
        == lines(styled("一、总体 1", "TOC1") + p(TEXT), styles=styles)
        == [TEXT]
    )


def test_a_field_that_never_ends_does_not_swallow_the_document() -> None:
    begun = '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF</w:instrText></w:r></w:p>'
    assert lines(begun + p(TEXT)) == [TEXT]


def test_symbols_breaks_and_raised_figures() -> None:
    sym = '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>'
    body = f"<w:p>{r('回用率')}{sym}{r('90%，建成')}{r('10km')}{r('2', RAISED)}<w:r><w:noBreakHyphen/><w:softHyphen/></w:r>{r('湿地。')}</w:p>"
    assert lines(body) == ["回用率≥90%，建成10km²-湿地。"]
    unknown = source(f"<w:p>{r(TEXT)}<w:r><w:sym w:font='Webdings' w:char='F0FF'/></w:r></w:p>")
    assert [(d.kind, d.printed) for d in unknown.defects] == [("missing_character", "Webdings U+F0FF")]
    assert symbol("\uf0b7", "Symbol") == "•" and symbol("\ue123", "宋体") is None


def test_smart_tags_controls_and_line_breaks() -> None:
    body = f"<w:p><w:smartTag>{r('上海市')}</w:smartTag><w:hyperlink>{r('节水')}</w:hyperlink><w:sdt><w:sdtContent>{r('方案')}</w:sdtContent></w:sdt></w:p>"
    body += f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{p('单击此处输入文字')}</w:sdtContent></w:sdt>"
    body += f"<w:p>{r('一、总体要求')}<w:r><w:br/></w:r>{r('　　推进节水。')}<w:r><w:br w:type='page'/></w:r>{r('　　二、任务')}</w:p>"
    assert lines(body) == ["上海市节水方案", "一、总体要求", "推进节水。", "二、任务"]


# --- packages ------------------------------------------------------------------------------------------------------


def test_another_document_inside_is_read_where_it_stands() -> None:
    html = "<html><body><p>二、任务</p></body></html>"
    found = lines(p("一、总体要求") + '<w:altChunk r:id="part0"/>' + p("三、保障"), {"chunk.txt": "二、任务"})
    assert found == ["一、总体要求", "二、任务", "三、保障"] and html
    missing = source(p(TEXT) + '<w:altChunk r:id="nothing"/>')
    assert told(missing) == ["插入的子文档读不出来，内容缺失"]


def test_documents_inside_each_other_end() -> None:
    inner = package(p(TEXT)).decode("latin-1")
    for _ in range(5):
        raw = package('<w:altChunk r:id="part0"/>' + p(TEXT), {"inner.docx": "@"})
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(buffer, "w") as new:
            for name in old.namelist():
                new.writestr(name, inner.encode("latin-1") if name.endswith("inner.docx") else old.read(name))
        inner = buffer.getvalue().decode("latin-1")
    found = read_bytes(inner.encode("latin-1"), "a.docx")
    assert found.text.count(TEXT) == 3 and told(found) == ["插入的子文档读不出来，内容缺失"]


def test_a_strict_file_reads_the_same() -> None:
    data = package(numbered("节水", 1), numbering=numbering(OFFICIAL))
    strict = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(strict, "w") as new:
        for name in old.namelist():
            text = old.read(name).replace(
                b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                b"http://purl.oclc.org/ooxml/wordprocessingml/main",
            )
            new.writestr(
                name,
                text.replace(
                    b"http://schemas.openxmlformats.org/officeDocument/2006/",
                    b"http://purl.oclc.org/ooxml/officeDocument/",
                ),
            )
    assert read_bytes(strict.getvalue(), "a.docx").text == "一、节水"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "汉字"),
        (p("only english"), "汉字"),
        ("<w:p><w:r><w:drawing><a:blip/></w:drawing></w:r></w:p>", "只有图片"),
        ("<w:p>" * 300 + "</w:p>" * 300, "损坏"),
    ],
)
def test_what_holds_no_text_is_refused_in_words(body: str, says: str) -> None:
    with pytest.raises(UnreadableSource, match=says) as caught:
        source(body)
    assert caught.value.hint


def test_deep_nesting_within_the_limit_is_read() -> None:
    deep = p(TEXT)
    for _ in range(75):
        deep = f"<w:tbl><w:tr><w:tc>{deep}</w:tc></w:tr></w:tbl>"
    assert lines(deep) == [TEXT]


def test_a_missing_part_is_named() -> None:
    data = package(p(TEXT), styles=STYLES)
    cut = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(cut, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<w:styles" if name == "word/styles.xml" else old.read(name))
    with pytest.raises(UnreadableSource, match=r"word/styles\.xml"):
        read_bytes(cut.getvalue(), "a.docx")


def test_pictures_in_the_text_are_told() -> None:
    found = source(p(TEXT) + "<w:p><w:r><w:drawing><a:blip/></w:drawing></w:r></w:p>")
    assert told(found) == ["正文插有图片 1 张，图中的文字没有读取"]
