"""A document written in other formats: what an office would get if the same text came as Word, web page, OFD or Excel."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Sequence
from html import escape

import xlsxwriter
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from corpus.numbering import read_marker
from schemas import Policy

AUTOMATIC = {
    "han": ("chineseCountingThousand", "%1、"),
    "han_paren": ("chineseCountingThousand", "（%1）"),
    "arabic": ("decimal", "%1."),
    "arabic_paren": ("decimal", "（%1）"),
    "chapter": ("chineseCountingThousand", "第%1章"),
    "article": ("chineseCountingThousand", "第%1条"),
}
"""Styles of numbering that Word can count by itself: its format and the text around the number."""


def rows_of(paragraphs: Sequence[str]) -> list[list[str] | str]:
    """Paragraphs as they are, rows of a table as cells."""
    return [p.split("\t") if "\t" in p else p for p in paragraphs]


def paragraphs_of(policy: Policy) -> list[str]:
    """The paragraphs of a document; a project list whose cells stand on lines of their own is a table again."""
    lines = policy.logical_text.split("\n")
    if not policy.projects or any("\t" in line for line in lines):
        return lines
    begins, ends = policy.projects[0].origin.start, policy.projects[-1].origin.end
    before = policy.logical_text[:begins].rstrip("\n").split("\n")
    while not re.search("清单|附件|一览", before[-1]):  # the words of the head, lost into lines
        before.pop()
    rows = [f"{p.no}\t{p.name}\t{p.group or ''}\t{p.year or ''}" for p in policy.projects]
    return [*before, "序号\t项目名称\t工作组别\t实施计划", *rows, *policy.logical_text[ends:].lstrip("\n").split("\n")]


def docx(paragraphs: Sequence[str], automatic: bool = False) -> bytes:
    """A Word file; with ``automatic`` the numbers are counted by Word, not typed, wherever they are successive."""
    document = Document()
    lists = _Lists(document) if automatic else None
    table: list[list[str]] = []
    for line in [*rows_of(paragraphs), ""]:
        if isinstance(line, list):
            table.append(line)
            continue
        if table:
            _table(document, table)
            table = []
        if not (lists and lists.numbered(line)):
            document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _table(document, rows: list[list[str]]) -> None:  # type: ignore[no-untyped-def]
    width = max(map(len, rows))
    grid = document.add_table(rows=len(rows), cols=width)
    for cells, row in zip(rows, grid.rows, strict=True):
        for text, cell in zip(cells, row.cells, strict=False):
            cell.text = text


class _Lists:
    """Lists that Word counts: one for each run of successive numbers of a style."""

    def __init__(self, document) -> None:  # type: ignore[no-untyped-def]
        self._document = document
        self._root = document.part.numbering_part.element
        for element in list(self._root):
            self._root.remove(element)
        self._open: dict[str, tuple[int, int]] = {}
        self._abstract: dict[tuple[str, str], int] = {}
        self._count = 0

    def numbered(self, line: str) -> bool:
        """Write the paragraph with an automatic number, if it has one that Word can write the same way."""
        marker = read_marker(line)
        if marker is None or marker.style not in AUTOMATIC or marker.number is None:
            return False
        style, pattern = AUTOMATIC[marker.style]
        printed = pattern.replace("%1", marker.label)
        if not line.startswith(printed):
            return False
        last, num = self._open.get(marker.style, (0, 0))
        if not num or marker.number != last + 1:
            num = self._new(style, pattern, marker.number)
        self._open[marker.style] = (marker.number, num)
        paragraph = self._document.add_paragraph(line[len(printed) :])
        properties = OxmlElement("w:numPr")
        properties.append(_element("w:ilvl", "0"))
        properties.append(_element("w:numId", str(num)))
        paragraph._p.get_or_add_pPr().append(properties)
        return True

    def _new(self, style: str, pattern: str, start: int) -> int:
        key = (style, pattern)
        if key not in self._abstract:
            self._abstract[key] = len(self._abstract)
            self._root.insert(len(self._abstract) - 1, self._definition(self._abstract[key], style, pattern))
        self._count += 1
        num = OxmlElement("w:num")
        num.set(qn("w:numId"), str(self._count))
        num.append(_element("w:abstractNumId", str(self._abstract[key])))
        override = OxmlElement("w:lvlOverride")
        override.set(qn("w:ilvl"), "0")
        override.append(_element("w:startOverride", str(start)))
        num.append(override)
        self._root.append(num)
        return self._count

    def _definition(self, number: int, style: str, pattern: str):  # type: ignore[no-untyped-def]
        abstract = OxmlElement("w:abstractNum")
        abstract.set(qn("w:abstractNumId"), str(number))
        level = OxmlElement("w:lvl")
        level.set(qn("w:ilvl"), "0")
        for tag, val in (("w:start", "1"), ("w:numFmt", style), ("w:suff", "nothing"), ("w:lvlText", pattern)):
            level.append(_element(tag, val))
        abstract.append(level)
        return abstract


def _element(tag: str, value: str):  # type: ignore[no-untyped-def]
    element = OxmlElement(tag)
    element.set(qn("w:val"), value)
    return element


def words(text: str) -> str:
    """The text without blanks, for comparing."""
    return re.sub(r"\s+", "", text)


# --- web pages -----------------------------------------------------------------------------------------------------


def _blocks(paragraphs: Sequence[str], paragraph: str = "<p style='text-indent: 2em'>　　{}</p>") -> str:
    """Paragraphs and tables as elements."""
    out: list[str] = []
    for line in rows_of(paragraphs):
        if isinstance(line, list):
            row = "<tr>" + "".join(f"<td><p>{escape(cell)}</p></td>" for cell in line) + "</tr>"
            out.append(f"<table border=1>{row}</table>" if not out or not out[-1].endswith("</table>") else row)
            if len(out) > 1 and out[-2].endswith("</table>"):
                out[-2:] = [out[-2].removesuffix("</table>") + out[-1] + "</table>"]
        else:
            out.append(paragraph.format(escape(line).replace("  ", "&nbsp; ")))
    return "\n".join(out)


CHROME = """<div class="header"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/zc">政策</a></li><li>信息公开</li></ul></div>
<div class="crumbs">当前位置：首页 &gt; 政策 &gt; 政策文件</div>"""
FOOT = """<div class="share">分享到：微信 微博</div><div class="related"><h4>相关链接</h4><ul><li><a href="a.htm">某局负责人就方案答记者问，提出到2030年降低50%</a></li></ul></div>
<div class="footer">主办单位：某某人民政府办公厅　网站标识码bm00000001　京ICP备00000000号　推进政务公开，加强网站建设</div>"""


def gov_cn(paragraphs: Sequence[str], title: str = "") -> bytes:
    """A page as www.gov.cn prints it: labels in a table, the text in the element UCAP-CONTENT."""
    labels = "<table class='bd1'><tr><td><b>索 引 号：</b></td><td>000014349/2022-00001</td><td><b>主题分类：</b></td><td>工业、交通\\综合</td></tr></table>"
    return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{escape(title)}_部门政务_中国政府网</title><meta name="ArticleTitle" content="{escape(title)}">
<style>.x {{ color: red }}</style><script>var text = "推进一切工作。";</script></head><body>{CHROME}
<div class="content">{labels}<td class="b12c" id="UCAP-CONTENT"><div class="pages_content">{_blocks(paragraphs)}</div></td></div>
{FOOT}</body></html>""".encode()


def plain_site(paragraphs: Sequence[str], title: str = "") -> bytes:
    """A page of no known site, in GBK, with the text in nested tables and a line break after each paragraph."""
    text = _blocks(paragraphs, "　　{}<br>")
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>{escape(title)}--某某市</title></head>
<body bgcolor=#ffffff>{CHROME}<table width=100%><tr><td width=200 class=left><a href=x>通知公告</a><br><a href=y>政策法规</a></td>
<td><table><tr><td><font size=3>【字号：大 中 小】</font></td></tr><tr><td><font size=3>{text}</font></td></tr></table></td></tr></table>
{FOOT}</body></html>""".encode("gb18030")


def mhtml(paragraphs: Sequence[str], title: str = "") -> bytes:
    """The page of `gov_cn` as a browser saves it in one file."""
    page = base64.encodebytes(gov_cn(paragraphs, title)).decode()
    return f"""From: <Saved by Blink>\r
Snapshot-Content-Location: https://www.gov.cn/a.htm\r
MIME-Version: 1.0\r
Content-Type: multipart/related;\r
\ttype="text/html";\r
\tboundary="----Boundary"\r
\r
------Boundary\r
Content-Type: text/html\r
Content-Transfer-Encoding: base64\r
Content-Location: https://www.gov.cn/a.htm\r
\r
{page}\r
------Boundary\r
Content-Type: image/png\r
Content-Transfer-Encoding: base64\r
\r
iVBORw0KGgo=\r
------Boundary--\r
""".encode()


# --- OFD -----------------------------------------------------------------------------------------------------------

_DATED = re.compile(r"\S{2,4}\s*年\s*\S{1,3}\s*月\s*(?:\S{1,3}\s*日)?")
OFD_NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
SIZE, LEADING, LEFT, TOP, PER_LINE, PER_PAGE = 5.5, 9.8, 28.0, 37.0, 28, 22
"""三号仿宋 on A4 as GB/T 9704—2012, 5.2 sets it: 22 lines of 28 characters. Millimetres."""


def typeset(paragraph: str, width: int = PER_LINE, indent: int = 2) -> list[str]:
    """Lines as a typesetter breaks them: never inside a number or a Latin word, no closing mark at a line's start."""
    lines, current, room = [], "　" * indent, float(width)
    for piece in re.findall(r"[A-Za-z0-9.%+-]+[，。；：、）”》]*|.[，。；：、）”》]*", paragraph):
        if _wide(current) + _wide(piece) > room and current.strip():
            lines.append(current)
            current = ""
        current += piece
    return [*lines, current]


def _wide(text: str) -> float:
    return sum(0.5 if char < "\u0250" else 1.0 for char in text)


def ofd_text(text: str, x: float, y: float, size: float = SIZE, more: str = "") -> str:
    """One line as a TextObject; ``y`` is its top."""
    steps = " ".join(str(round(size * _wide(char), 3)) for char in text[:-1])
    delta = f' DeltaX="{steps}"' if steps else ""
    return (
        f'<ofd:TextObject ID="9" Boundary="{x} {y} 170 {size * 1.2}" Font="1" Size="{size}"{more}>'
        f'<ofd:TextCode X="0" Y="{size * 0.88:.3f}"{delta}>{escape(text)}</ofd:TextCode></ofd:TextObject>'
    )


def ofd_package(pages: Sequence[str], document: str = "", **parts: str) -> bytes:
    """An OFD file of these pages' objects; ``document`` goes into Document.xml, ``parts`` are further members."""
    members = {
        "OFD.xml": f'<ofd:OFD {OFD_NS} Version="1.0"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>'
    }
    named = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    common, _, rest = document.partition("|")
    members["Doc_0/Document.xml"] = (
        f"<ofd:Document {OFD_NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
        f"{common}</ofd:CommonData><ofd:Pages>{named}</ofd:Pages>{rest}</ofd:Document>"
    )
    for n, page in enumerate(pages):
        content = (
            page
            if page.startswith("<ofd:Page")
            else f"<ofd:Page {OFD_NS}><ofd:Content><ofd:Layer>{page}</ofd:Layer></ofd:Content></ofd:Page>"
        )
        members[f"Doc_0/Pages/Page_{n}/Content.xml"] = content
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in {**members, **{key.replace("__", "/") + ".xml": text for key, text in parts.items()}}.items():
            out.writestr(name, text)
    return buffer.getvalue()


def ofd(paragraphs: Sequence[str]) -> bytes:
    """An OFD file set like an official document: first lines indented, titles centred, ruled tables, page numbers."""
    page: list[str] = []
    pages: list[str] = []
    at = 0

    def room(lines: int) -> None:
        nonlocal page, at
        if at + lines > PER_PAGE and page:
            pages.append("".join(page) + ofd_text(f"— {len(pages) + 1} —", 98, 270, 5))
            page, at = [], 0

    grouped: list[list[list[str]] | str] = []
    for line in rows_of(paragraphs):
        if isinstance(line, list) and grouped and isinstance(grouped[-1], list):
            grouped[-1].append(line)
        else:
            grouped.append([line] if isinstance(line, list) else line)
    for k, part in enumerate(grouped):
        if isinstance(part, str):
            signed = _signed(grouped, k)
            plain = len(part) <= 26 and not re.search("[，。；：]|^[（(]|^附件", part) and not read_marker(part)
            centred = plain and not signed
            if centred and k and isinstance(grouped[k - 1], str) and re.search("日$|^[（(]此件", str(grouped[k - 1])):
                room(PER_PAGE)  # what a notice carries begins on a page of its own
            for line in [part] if centred or signed else typeset(part):
                room(1)
                white = (PER_LINE - _wide(line)) * SIZE
                x = LEFT + (white / 2 if centred else white - 4 * SIZE if signed else 0)
                page.append(ofd_text(line, x, TOP + at * LEADING))
                at += 1
            continue
        columns = max(map(len, part))
        wide = PER_LINE // columns
        for row in part:
            cells = [typeset(cell, wide - 1, 0) if cell else [] for cell in row]
            height = max(1, *map(len, cells))
            room(height)
            for column in range(columns):
                x, y = LEFT + column * wide * SIZE, TOP + at * LEADING
                page.append(ofd_frame(x, y - 2, wide * SIZE, height * LEADING))
                for n, line in enumerate(cells[column] if column < len(cells) else []):
                    page.append(ofd_text(line, x + 2, y + n * LEADING))
            at += height
    pages.append("".join(page) + ofd_text(f"— {len(pages) + 1} —", 98, 270, 5))
    return ofd_package(pages)


def _signed(parts: Sequence[list[list[str]] | str], k: int) -> bool:
    """Whether this is a date line, or one of the names above it."""
    part = parts[k]
    if not isinstance(part, str) or len(part) > 40:
        return False
    if _DATED.fullmatch(part):
        return True
    named = not re.search("[，。；：《》]", part) and not read_marker(part)
    return named and k + 1 < len(parts) and _signed(parts, k + 1)


def ofd_frame(x: float, y: float, width: float, height: float) -> str:
    """The frame of a cell."""
    path = f"M 0 0 L {width} 0 L {width} {height} L 0 {height} C"
    return f'<ofd:PathObject ID="8" Boundary="{x} {y} {width} {height}" LineWidth="0.3"><ofd:AbbreviatedData>{path}</ofd:AbbreviatedData></ofd:PathObject>'


# --- workbooks -----------------------------------------------------------------------------------------------------

ROLES = {"lead": "牵头单位", "responsible": "责任单位", "support": "配合单位", "guide": "指导单位"}


def workbook(policy: Policy) -> bytes:
    """The tasks of a document as a 任务分工表: a title, a row for each section, a column for each role.

    Titles have a column of their own where all tasks have one; else each opens its cell.
    """
    buffer = io.BytesIO()
    titled = all(task.title for task in policy.tasks)
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        head = ["序号", "重点任务", *(["工作内容"] if titled else []), *ROLES.values(), "完成时限"]
        sheet.merge_range(0, 0, 0, len(head) - 1, f"{policy.title}任务分工表")
        sheet.write_row(1, 0, head)
        at, section = 2, None
        titles = {one.id: one.title for one in policy.sections}
        for task in policy.tasks:
            if task.section != section and task.section in titles and task.id != task.section:
                section = task.section
                sheet.merge_range(at, 0, at, len(head) - 1, f"{section}、{titles[section]}")
                at += 1
            number = task.id.removeprefix(f"{section}.")
            named = {role: [d.name for d in task.departments if d.effective_role == role] for role in ROLES}
            said = (
                [task.title or "", task.text] if titled else [f"{task.title}。{task.text}" if task.title else task.text]
            )
            sheet.write_row(at, 0, [number, *said, *("、".join(named[role]) for role in ROLES), task.deadline or ""])
            at += 1
    return buffer.getvalue()
