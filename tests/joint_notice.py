"""A notice of two bodies with its plan and two attachments, set in Word as GB/T 9704—2012 has it.

Red head, titles on two lines, a list of two attachments, the signature of two bodies, page numbers on the outer side
(－1－ right, －2－ left), tables, 版记.
"""

from __future__ import annotations

import io

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm

from tests.pdf_office import _line

NOTICE = [
    "某市工业和信息化局　某市发展和改革委员会",
    "关于印发《某市工业领域绿色低碳高质量发展",
    "三年行动方案（2023—2025年）》的通知",
]
TITLE = ["某市工业领域绿色低碳高质量发展", "三年行动方案（2023—2025年）"]
LETTER = [
    "各县（市、区）工业和信息化主管部门、发展改革委，市高新区管委会，各有关单位：",
    "现将《某市工业领域绿色低碳高质量发展三年行动方案（2023—2025年）》印发给你们，请结合实际认真贯彻落实。",
    "附件：1.重点任务分工表",
    "2.重点项目清单",
]
SIGNED = ["某市工业和信息化局　　某市发展和改革委员会", "2023年11月7日", "（此件公开发布）"]
PLAN = [
    "为贯彻落实《工业领域碳达峰实施方案》（工信部联节〔2022〕88号）和《某省工业领域碳达峰实施方案》，加快推进我市工业绿色低碳转型，结合实际，制定本方案。",
    "一、总体要求",
    "（一）指导思想。完整、准确、全面贯彻新发展理念，坚持系统观念，统筹发展与减排、整体与局部、短期与中长期的关系，推动工业绿色低碳高质量发展。",
    "（二）主要目标。到2025年，全市规模以上工业单位增加值能耗较2020年下降14.5%；培育绿色工厂120家、绿色工业园区8家以上，工业固体废物综合利用率达到98%。到2030年，工业领域二氧化碳排放达到峰值。",
    "二、重点任务",
    "（一）推动产业结构绿色转型",
    "1．构建绿色低碳产业体系。严格落实国家和省产业政策，坚决遏制高耗能、高排放、低水平项目盲目发展，对“两高”项目实行清单管理、分类处置、动态监控。到2025年，高新技术产业产值占规模以上工业总产值比重达到48%。（市发展改革委、市工业和信息化局牵头，市生态环境局、市自然资源和规划局按职责分工负责）",
    "2．加快落后产能退出。依法依规淘汰落后产能，每年组织实施淘汰项目不少于30项。（市工业和信息化局牵头负责）",
    "（二）提升能源利用效率",
    "3．实施工业节能改造。聚焦钢铁、石化、建材等重点行业，推广余热余压利用、能量系统优化等技术，年节能量20万吨标准煤以上。（责任单位：市工业和信息化局、市发展改革委）",
    "4．优化用能结构。推动工业园区屋顶光伏“应装尽装”，到2025年新增装机容量50万千瓦，绿色电力交易规模达到10亿千瓦时；有序推进煤炭减量替代，规模以上工业煤炭消费量控制在350万吨以内。（责任单位：市发展改革委、市能源局，各县（市、区）人民政府，市高新区管委会）",
    "5．培育绿色制造标杆。开展绿色工厂、绿色供应链管理企业梯度培育，建立动态管理机制。（责任单位：市工业和信息化局；完成时限：2024年12月底）",
    "三、保障措施",
    "（一）加强组织领导。建立市工业领域碳达峰工作协调机制，统筹推进各项工作，重大事项及时报告市委、市政府。",
    "（二）强化政策支持。统筹用好各级专项资金，对符合条件的项目给予支持。（责任单位：市财政局、市工业和信息化局）",
]
DIVISION = [
    ["序号", "工作任务", "牵头单位", "配合单位", "完成时限"],
    ["1", "推进淘汰落后产能，组织实施淘汰项目30项以上", "市工业和信息化局", "市发展改革委、市生态环境局", "2025年12月"],
    ["2", "实施节能改造重点项目", "市工业和信息化局", "市发展改革委", "2024年12月"],
    ["3", "新增光伏装机容量50万千瓦", "市发展改革委", "各县（市、区）人民政府", "2025年12月"],
    ["4", "建立健全碳排放统计核算体系，开展重点企业碳排放核查", "市生态环境局", "市统计局", "长期坚持"],
]
PROJECTS = [
    ["序号", "项目名称", "建设内容", "建设年限"],
    ["1", "甲公司余热利用项目", "建设余热锅炉2台", "2023—2024"],
    ["2", "乙园区光伏项目", "屋顶光伏30兆瓦", "2024—2025"],
]
COLOPHON = [
    "抄送：市委办公室，市人大常委会办公室，市政协办公室。",
    "某市工业和信息化局办公室　　　　　2023年11月8日印发",
]


def text(title: list[str] | None = None) -> str:
    """The document as lines of text; ``title`` as the plan prints it."""
    tables = (
        ["附件1", "重点任务分工表", *map("\t".join, DIVISION)],
        ["附件2", "重点项目清单", *map("\t".join, PROJECTS)],
    )
    parts = (
        ["某市工业和信息化局文件", "某工信〔2023〕56号"],
        NOTICE,
        LETTER,
        SIGNED,
        title or TITLE,
        PLAN,
        *tables,
        COLOPHON,
    )
    return "\n".join(line for part in parts for line in part)


def docx() -> bytes:
    """The document as a Word file."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        Cm(v) for v in (3.7, 3.5, 2.8, 2.6)
    )
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)
    _line(document, "某市工业和信息化局文件", 44, WD_ALIGN_PARAGRAPH.CENTER, red=True)
    _line(document, "某工信〔2023〕56号", 16, WD_ALIGN_PARAGRAPH.CENTER, rule=True)
    _titled(document, NOTICE)
    _line(document, LETTER[0], 16)
    for line in (*LETTER[1:], ""):
        _line(document, line, 16, indent=True)
    _line(document, SIGNED[0], 16, WD_ALIGN_PARAGRAPH.CENTER)
    _line(document, f"{SIGNED[1]}　　　　", 16, WD_ALIGN_PARAGRAPH.RIGHT)
    _line(document, SIGNED[2], 16, indent=True)
    document.add_page_break()
    _titled(document, TITLE)
    for line in PLAN:
        _line(document, line, 16, indent=True)
    for number, title, rows in (("附件1", "重点任务分工表", DIVISION), ("附件2", "重点项目清单", PROJECTS)):
        document.add_page_break()
        _line(document, number, 16)
        _line(document, title, 22, WD_ALIGN_PARAGRAPH.CENTER)
        table = document.add_table(rows=0, cols=len(rows[0]))
        table.style = "Table Grid"
        for row in rows:
            for cell, said in zip(table.add_row().cells, row, strict=True):
                cell.text = said
    for line in COLOPHON:
        _line(document, line, 14, rule=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _titled(document, lines: list[str]) -> None:  # type: ignore[no-untyped-def]
    for line in ("", *lines, ""):
        _line(document, line, 22 if line else 16, WD_ALIGN_PARAGRAPH.CENTER)


def _page_number(paragraph, side) -> None:  # type: ignore[no-untyped-def]
    paragraph.alignment = side
    paragraph.add_run("－")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    paragraph.add_run("－")
