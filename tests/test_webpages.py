"""Web pages: the document in them is found on any site, what stands around it is left out, and every charset is read."""

import pytest

from corpus import Source, read_bytes
from corpus.catalogue import load
from corpus.formats.webpage_rules import AFTERWARDS, FURNITURE
from extract import extract
from schemas import UnreadableSource
from tests import renditions

TITLE = "某市节水行动方案"
TEXT = [
    TITLE,
    "一、总体要求",
    "为贯彻落实国家节水行动，推进本市节水工作，制定本方案。",
    "二、重点任务",
    "（一）推进工业节水。到2025年，万元工业增加值用水量下降16%。（责任单位：市水务局、市发展改革委）",
    "（二）推进农业节水。建成节水灌溉示范区10个。（责任单位：市农业农村委）",
]


def page(body: str, head: str = "", encoding: str = "utf-8") -> bytes:
    return f"<!DOCTYPE html><html><head><meta charset='{encoding}'>{head}</head><body>{body}</body></html>".encode(
        "gb18030" if encoding == "gb2312" else encoding
    )


def source(body: str, head: str = "", encoding: str = "utf-8") -> Source:
    return read_bytes(page(body, head, encoding), "方案.html")


def lines(body: str, head: str = "") -> list[str]:
    return source(body, head).text.split("\n")


def paragraphs(around: str = "<p>　　{}</p>") -> str:
    return "".join(around.format(line) for line in TEXT)


NAV = "<div class='topbar'><a href=/>首页</a> 无障碍</div><ul id='nav'><li>政务公开</li><li>推进政务服务工作</li></ul>"
FOOT = "<div class='footer'>主办单位：某市人民政府　推进网站建设，落实责任。</div>"


@pytest.mark.parametrize(
    "body",
    [
        f"<div class='pages_content mhide' id='UCAP-CONTENT'><div class='trs_editor_view TRS_UEDITOR'>{paragraphs()}</div></div>",
        f"<div class='Article'><div id='ivs_content' class='Article_content'>{paragraphs()}</div><div class='shareBox'>分享到：</div></div>",
        f"<div class='ccontent center' id='con_con'>{paragraphs('<p style=color:red><span>　　{}</span></p>')}</div>",
        f"<div><div class='TRS_Editor'><style>.TRS_Editor P{{margin:0}}</style>{paragraphs()}</div></div>",
        f"<div id='js_content'><section>{paragraphs('<section><span>{}</span></section>')}</section></div>",
        f"<div class='wrap top'><div class='mainbox'>{paragraphs()}</div></div>",
        f"<main><article>{paragraphs()}</article><aside>推荐：推进节水十大案例，要落实。</aside></main>",
        f"<table><tr><td width=180><a href=1>通知</a></td><td><font>{paragraphs('　　{}<br/>')}</font></td></tr></table>",
        f"<center><h1>{TITLE}</h1></center><div class='zw'>{'<br><br>'.join('&nbsp;&nbsp;&nbsp; ' + one for one in TEXT[1:])}</div>",
        paragraphs(),
        f"<pre>{chr(10).join('　　' + one for one in TEXT)}</pre>",
    ],
)  # fmt: skip
def test_the_document_is_found_on_any_site(body: str) -> None:
    assert lines(NAV + body + FOOT) == TEXT


def test_labels_above_the_text_and_what_stands_around_it() -> None:
    labels = (
        "<ul class='xxgk'><li><b>索 引 号：</b>AB-2024-1</li><li><b>发文机关：</b>某市水务局</li>"
        "<li><b>发文字号：</b>某水务〔2024〕3号</li><li><b>成文日期：</b>2024年5月6日</li></ul>"
    )
    body = f"{NAV}{labels}<h1>{TITLE}</h1><div class='tools'>【打印】【关闭】</div><div class='zw'>{paragraphs().replace(f'<p>　　{TITLE}</p>', '')}</div>"
    policy = extract(source(body + FOOT))
    assert (policy.title, policy.doc_number, policy.issuers, policy.date) == (
        TITLE,
        "某水务〔2024〕3号",
        ("某市水务局",),
        "2024-05-06",
    )
    assert [t.id for t in policy.tasks] == ["二.一", "二.二"] and "打印" not in policy.logical_text


def test_a_title_that_only_the_head_tag_has_is_put_above() -> None:
    body = f"<div id='zoom'>{''.join(f'<p>{one}</p>' for one in TEXT[1:])}</div>"
    assert lines(body, f"<meta name='ArticleTitle' content='{TITLE}'>")[0] == TITLE
    assert lines(body, f"<title>{TITLE}_某市人民政府</title>")[0] == TITLE
    assert lines(f"<div id='zoom'>{paragraphs()}</div>", f"<title>{TITLE}</title>") == TEXT


def test_tables_with_spans_and_tables_that_only_frame_text() -> None:
    rows = (
        "<tr><th>类别<th>任务<th colspan=2>责任单位</tr><tr><td rowspan=2>节水<td>改造<td>经发处<td>环保办</tr>"
        "<tr><td>监测<td><p>经发处</p><p>应急局</p><td></tr><tr><td colspan=4>二、节能</tr>"
    )
    found = lines(f"<div id=zoom>{paragraphs()}<table border=1>{rows}</table></div>")
    assert found[len(TEXT) :] == [
        "类别\t任务\t责任单位\t",
        "节水\t改造\t经发处\t环保办",
        "节水\t监测\t经发处 应急局\t",
        "二、节能\t\t\t",
    ]
    assert lines(f"<table><tr><td>{paragraphs()}</td></tr></table>") == TEXT


def test_what_a_browser_does_not_show_is_not_read() -> None:
    hidden = (
        "<p style='display:none'>内部口径</p><script>推进()</script><p hidden>隐藏</p><span style='visibility: hidden'>看不见</span>"
        "<!-- 注释 --><noscript>请启用脚本</noscript><select><option>选项</option></select><textarea>输入</textarea>"
    )
    assert lines(f"<div id=zoom>{hidden}{paragraphs()}</div>") == TEXT


def test_numbers_that_the_browser_counts_and_raised_figures() -> None:
    body = "<ol><li>推进节水</li><li>推进节能，达到10m<sup>2</sup></li></ol><ol start=4 type=A><li>推进减排</li></ol><ol style='list-style: none'><li>推进监测</li></ol>"
    body += "<ol style='list-style-type: cjk-ideographic'><li>加强领导</li></ol>"
    assert lines(f"<div id=zoom>{body}</div>") == [
        "1.推进节水",
        "2.推进节能，达到10m²",
        "D.推进减排",
        "推进监测",
        "一、加强领导",
    ]


def test_word_saved_as_a_web_page_with_the_name_of_a_doc() -> None:
    body = "".join(
        f"<p class=MsoNormal style='mso-list:l0'><![if !supportLists]><span style='mso-list:Ignore'>{one[:2]}</span><![endif]>{one[2:]}<o:p></o:p></p>"
        for one in TEXT
    )
    data = f"<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><meta http-equiv=Content-Type content='text/html; charset=gb2312'></head><body>{body}</body></html>"
    assert read_bytes(data.encode("gb18030"), "方案.doc").text.split("\n") == TEXT


@pytest.mark.parametrize(
    ("says", "encoding"),
    [("utf-8", "utf-8"), ("gb2312", "gb18030"), ("GBK", "gb18030"), ("utf-8", "gb18030"), ("gb2312", "utf-8"), ("", "gb18030"), ("utf-8", "utf-16"), ("nonsense", "utf-8")],
)  # fmt: skip
def test_charsets_named_rightly_wrongly_or_not_at_all(says: str, encoding: str) -> None:
    text = f"<html><head><meta http-equiv='Content-Type' content='text/html; charset={says}'></head><body>{paragraphs()}<p>囧镕</p></body></html>"
    assert read_bytes(text.encode(encoding), "a.htm").text.split("\n") == [*TEXT, "囧镕"]


def test_bytes_that_no_charset_has_are_told() -> None:
    found = read_bytes(
        page(f"<div id=zoom>{paragraphs()}</div>").replace("农业".encode(), b"\xff\xfe\xfd", 1), "a.html"
    )
    assert "推进工业节水" in found.text and any("读不出来" in d.note for d in found.defects)


def test_a_page_that_a_browser_saved_in_one_file() -> None:
    found = read_bytes(renditions.mhtml(TEXT, TITLE), "方案.mht")
    assert found.format == "html" and found.text.split("\n")[-6:] == TEXT


def test_attachments_and_pictures_are_told() -> None:
    found = source(
        f"<div id=zoom>{paragraphs()}<p><img src=a.png></p><p><a href='/P0202.docx'>附件：任务分工表.docx</a></p></div>"
    )
    assert [(d.kind, d.note[:12]) for d in found.defects] == [
        ("other", "网页正文里有图片 1 张"),
        ("unread_part", "网页链接了附件 1 个，"),
    ]
    assert found.defects[1].printed == "附件：任务分工表.docx"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<html></html>", "没有正文"),
        (page("<div id=app></div><script>load()</script>"), "没有正文"),
        (page("<div>" * 400 + "节水" + "</div>" * 400), "嵌套"),
        (b"<html>\x00\x00\xff", "没有正文"),
        (b"From: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=a\r\n\r\n--a\r\nContent-Type: image/png\r\n\r\n1\r\n--a--", "没有网页"),
    ],
)  # fmt: skip
def test_pages_without_a_document_are_refused_in_words(data: bytes, says: str) -> None:
    with pytest.raises(UnreadableSource, match=says) as caught:
        read_bytes(data, "a.html")
    assert caught.value.hint


@pytest.mark.parametrize("rule", FURNITURE, ids=lambda rule: rule.name)
def test_furniture_rules_read_their_examples(rule) -> None:  # type: ignore[no-untyped-def]
    assert all(rule.pattern.fullmatch(line) for line in rule.reads)
    assert not any(rule.pattern.fullmatch(line) for line in rule.skips)


@pytest.mark.parametrize(
    ("line", "is_after"),
    [("相关链接", True), ("政策解读：", True), ("版权所有：某市", True), ("相关部门要落实", False), ("附件", False)],
)
def test_where_the_document_ends(line: str, is_after: bool) -> None:
    assert bool(AFTERWARDS.fullmatch(line)) is is_after


def test_an_unknown_site_in_gbk_gives_the_same_records() -> None:
    entry = next(e for e in load().documents if e.slug == "scip-carbon-peak-2023")
    policy = extract(source_of(entry.file))
    again = extract(read_bytes(renditions.plain_site(policy.logical_text.split("\n"), policy.title), "a.html"))
    assert again.logical_text == policy.logical_text and len(again.tasks) == len(policy.tasks)


def source_of(path) -> Source:  # type: ignore[no-untyped-def]
    return read_bytes(path.read_bytes(), path.name)


def test_an_element_of_no_name_that_xml_has_holds_a_document_too() -> None:
    """Damaged pages have such tags; what stands above the text is looked through all the same."""
    found = source(f"<div>某市节水行动方案</div><tr\x01x><p>{'</p><p>'.join(TEXT[1:])}</p></tr\x01x>")
    assert found.text.split("\n")[-5:] == TEXT[1:]
