"""A notice with a 任务分工表 as an office writes it in Word, exported to PDF by LibreOffice."""

from __future__ import annotations

import io
import itertools
import shutil
import subprocess
from pathlib import Path

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from schemas import Policy
from tests import renditions

TASKS = [
    ("一、产业绿色转型", f"{verb}{what}。{more}", bodies, year)
    for verb, what, more, bodies, year in (
        ("推进", "工业节水改造", "支持高耗水企业实施节水技术改造，建设再生水利用设施，到2025年万元工业增加值用水量下降16%。", "市水务局、市经济信息化委", "2025年底"),
        ("推进", "清洁生产审核", "实施重点行业强制性清洁生产审核。", "市生态环境局", "2024年底"),
        ("建设", "绿色工厂", "每年新增绿色工厂20家以上。", "市经济信息化委", "持续推进"),
    )
] + [
    ("二、能源结构优化", f"{verb}{what}。{more}", bodies, year)
    for verb, what, more, bodies, year in (
        ("发展", "分布式光伏", "推动工业园区屋顶光伏应装尽装，新建厂房屋顶光伏面积比例不低于50%。", "市发展改革委、市住房城乡建设管理委", "2025年底"),
        ("推广", "绿色电力交易", "扩大绿色电力交易规模。", "市发展改革委", "2024年6月底"),
        ("严控", "煤炭消费总量", "继续实施煤炭消费总量控制。", "市发展改革委", "长期坚持"),
    )
]  # fmt: skip
BODY = [
    "各区人民政府，市政府各委、办、局，各有关单位：",
    "现将《某市工业绿色发展实施方案》印发给你们，请认真贯彻执行。",
]
PLAN = [
    "为贯彻落实国家和本市绿色发展工作部署，推进工业领域节能降碳和绿色转型，结合本市实际，制定本实施方案。",
    "一、总体目标",
    "到2025年，规模以上工业单位增加值能耗较2020年下降14%，培育绿色工厂200家以上，大宗工业固体废物综合利用率保持在98%以上，形成一批具有示范意义的绿色低碳园区和企业。",
    "二、重点任务",
    "（一）推进产业结构调整。每年实施约500家企业结构调整，加快淘汰落后产能，推动传统产业高端化、智能化、绿色化改造升级。（责任单位：市经济信息化委、市发展改革委）",
    "（二）提升能源利用效率。实施重点用能单位节能降碳改造，推广先进节能技术和装备，完善能源管理体系。（牵头单位：市经济信息化委；配合单位：市发展改革委、市市场监管局）",
    "三、保障措施",
    "（一）加强组织领导。各有关单位要按照职责分工，细化工作举措，确保各项任务落到实处。",
]


def soffice() -> str:
    """LibreOffice's command; skips the test where there is none."""
    command = shutil.which("soffice") or shutil.which("libreoffice")
    if command is None:
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-writer")
    return command


def exported(docx: bytes, folder: Path) -> bytes:
    """The Word file as LibreOffice exports it to PDF."""
    (folder / "a.docx").write_bytes(docx)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [soffice(), "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder), str(folder / "a.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "a.pdf").read_bytes()


def notice() -> bytes:
    """A notice with letterhead, plan, signature, colophon and a 任务分工表 on landscape pages."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        Cm(v) for v in (3.7, 3.5, 2.8, 2.6)
    )
    _page_number(section)
    section.header.paragraphs[0].text = "某市经济和信息化委员会规范性文件"
    _line(document, "某市经济和信息化委员会文件", 36, WD_ALIGN_PARAGRAPH.CENTER, red=True)
    _line(document, "某经信规〔2023〕12号", 16, WD_ALIGN_PARAGRAPH.CENTER, rule=True)
    _line(document, "关于印发《某市工业绿色发展实施方案》的通知", 22, WD_ALIGN_PARAGRAPH.CENTER)
    for number, text in enumerate(BODY):
        _line(document, text, 16, indent=number > 0)
    _line(document, "附件：1.某市工业绿色发展实施方案重点任务分工表", 16, indent=True)
    for text in ("某市经济和信息化委员会", "2023年6月28日"):
        _line(document, text, 16, WD_ALIGN_PARAGRAPH.RIGHT)
    _line(document, "（此件公开发布）", 16, indent=True)
    document.add_page_break()
    _line(document, "某市工业绿色发展实施方案", 22, WD_ALIGN_PARAGRAPH.CENTER)
    for text in PLAN:
        _line(document, text, 16, indent=True)
    _line(document, "抄送：市委办公厅，市人大常委会办公厅，市政协办公厅。", 14, rule=True)
    _line(document, "某市经济和信息化委员会办公室　　　　　　　　2023年6月29日印发", 14, rule=True)
    wide = document.add_section()
    wide.orientation, wide.page_width, wide.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21)
    _line(document, "附件1", 16)
    _line(document, "某市工业绿色发展实施方案重点任务分工表", 18, WD_ALIGN_PARAGRAPH.CENTER)
    _table(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def typeset(policy: Policy) -> bytes:
    """A document in Word as GB/T 9704—2012 sets it: titles centred, paragraphs indented and justified, ruled tables."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        Cm(v) for v in (3.7, 3.5, 2.8, 2.6)
    )
    _page_number(section)
    for is_row, lines in itertools.groupby(
        renditions.rows_of(renditions.paragraphs_of(policy)), lambda one: isinstance(one, list)
    ):
        if is_row:
            renditions._table(document, list(lines))
            document.tables[-1].style = "Table Grid"
            continue
        for line in lines:
            if line in (policy.title, policy.notice_title):
                _line(document, line, 22, WD_ALIGN_PARAGRAPH.CENTER)
            else:
                _line(document, line, 16, indent=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _line(document, text, size, align=None, indent=False, red=False, rule=False):  # type: ignore[no-untyped-def]
    paragraph = document.add_paragraph()
    paragraph.alignment = align if align is not None else WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.line_spacing = Pt(max(28.9, 1.3 * size))
    paragraph.paragraph_format.space_after = Pt(0)
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(2 * size)
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.name = "仿宋_GB2312"
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "仿宋_GB2312")
    if red:
        run.font.color.rgb = RGBColor(0xE0, 0, 0)
    if rule:
        borders = OxmlElement("w:pBdr")
        bottom = OxmlElement("w:bottom")
        for key, value in (
            ("val", "single"),
            ("sz", "12"),
            ("space", "1"),
            ("color", "C00000" if size == 16 else "000000"),
        ):
            bottom.set(qn(f"w:{key}"), value)
        borders.append(bottom)
        paragraph._p.get_or_add_pPr().append(borders)


def _page_number(section):  # type: ignore[no-untyped-def]
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("— ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    paragraph.add_run(" —")


def _table(document):  # type: ignore[no-untyped-def]
    """Twice the tasks, so that it runs over pages; the groups' cells merged, the head repeated."""
    rows = [(group, f"{text}", bodies, due) for _ in range(2) for group, text, bodies, due in TASKS]
    table = document.add_table(rows=1, cols=5)
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, ("序号", "类别", "重点任务", "责任单位", "完成时限"), strict=True):
        cell.text = text
    head = table.rows[0]._tr.get_or_add_trPr()
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    head.append(repeat)
    for number, (group, text, bodies, due) in enumerate(rows, 1):
        cells = table.add_row().cells
        cells[0].text, cells[1].text, cells[2].text, cells[3].text, cells[4].text = (
            str(number),
            group,
            text,
            bodies,
            due,
        )
    for start in range(1, len(rows) + 1, 3):
        for row in (start + 1, start + 2):
            table.cell(row, 1).text = ""
        table.cell(start, 1).merge(table.cell(start + 2, 1))
    for row in table.rows:
        row.height = Cm(2.1)
