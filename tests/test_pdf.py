"""PDF files → the records of the text: layouts of offices, furniture, columns."""

import re
from pathlib import Path
from typing import Any

import pytest

from corpus import read, read_bytes
from corpus.catalogue import load
from corpus.source import Source
from extract import extract
from tests.pdf_boxes import agreeing
from tests.pdf_making import Style, draw, pdf, rotated, titles_of
from tests.pdf_office import TASKS, exported, notice
from tests.test_layouts import summary

ENTRIES = {entry.slug: entry for entry in load().documents}

LAYOUTS = {
    "GB/T 9704": Style(),
    "paragraphs apart": Style(indent=False, apart=True),
    "head, foot, slanted watermark": Style(
        head="上海市人民政府公报", foot="内部资料 注意保存", watermark="仅供内部使用"
    ),
    "two columns": Style(size=10.5, pitch=17, letters=22, lines=38, columns=2, left=50, title_size=12),
}


def text_of(slug: str) -> Source:
    return read(ENTRIES[slug].file)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("slug", ENTRIES)
def test_a_document_set_as_pdf_gives_the_records_of_its_text(slug: str, layout: str) -> None:
    source = text_of(slug)
    policy = extract(source)
    data = pdf(source.text.split("\n"), LAYOUTS[layout], titles_of(policy))
    again = extract(read_bytes(data, "a.pdf"))
    found, expected = summary(again), summary(policy)
    for key, value in expected.items():
        assert found[key] == value, key
    if not LAYOUTS[layout].watermark:  # whose letters stand in the boxes too
        right, every, wrong = agreeing(again, data)
        assert right >= 0.99 * every, wrong[:5]


def test_what_is_taken_off_is_told() -> None:
    source = text_of("scip-carbon-peak-2023")
    again = read_bytes(pdf(source.text.split("\n"), LAYOUTS["head, foot, slanted watermark"]), "a.pdf")
    told = "\n".join(d.note for d in again.defects)
    assert re.search(r"页码 \d+ 处", told) and re.search(r"页眉或页脚 \d+ 处", told) and "水印" in told
    assert not re.search(r"公报|内部资料|仅供内部|— \d", again.text)


def test_a_word_file_with_a_letterhead_and_a_table_over_landscape_pages(tmp_path: Path) -> None:
    """Merged cells are filled down over pages; the head that is repeated, page numbers and running heads go."""
    policy = extract(read_bytes(exported(notice(), tmp_path), "a.pdf"))
    assert (policy.title, policy.doc_number) == ("某市工业绿色发展实施方案", "某经信规〔2023〕12号")
    assert policy.notice_title == "关于印发《某市工业绿色发展实施方案》的通知" and policy.date == "2023-06-28"
    assert [(t.title, [d.name for d in t.departments]) for t in policy.tasks[:2]] == [
        ("推进产业结构调整", ["市经济信息化委", "市发展改革委"]),
        ("提升能源利用效率", ["市经济信息化委", "市发展改革委", "市市场监管局"]),
    ]
    found = [(r.no, r.group, r.item, "、".join(d.name for d in r.departments), r.deadline) for r in policy.division]
    assert found == [(str(n), *row) for n, row in enumerate(TASKS * 2, 1)]
    assert {r.origin.page for r in policy.division} == {4, 5, 6}


ROWS = [
    ["序号", "项目名称", "类别", "实施计划"],
    ["1", "光伏发电示范项目", "绿电", "2024"],
    ["2", "余热利用示范项目", "节能", "2025"],
    ["3", "绿色物流与循环包装一体化示范项目", "供应链减排", "2026"],
    ["4", "碳捕集示范项目", "负碳", "2027"],
]


@pytest.mark.parametrize("ruled", [False, True])
def test_a_table_without_rules_or_with_three_gives_its_projects(ruled: bool) -> None:
    def table(canvas: Any, _: int) -> None:
        for k, row in enumerate(ROWS):
            for x, cell in zip((80, 130, 330, 450), row, strict=True):
                draw(canvas, x, 500 - 24 * k, cell, 12)
        for y in (518, 494, 395) if ruled else ():
            canvas.line(70, y, 530, y)

    source = read_bytes(pdf(["某市低碳方案", "附件：重点项目表"], decorate=table), "a.pdf")
    assert source.text.split("\n")[-5:] == ["\t".join(row) for row in ROWS]
    policy = extract(source)
    assert [(p.no, p.name, p.group, p.year) for p in policy.projects] == [
        (int(no), name, group, int(year)) for no, name, group, year in ROWS[1:]
    ]


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_pages_that_are_shown_turned_are_read(degrees: int) -> None:
    text = ["某市节水行动方案", "一、重点任务", "（一）推进工业节水。加强高耗水行业节水改造。（责任单位：市水务局）"]
    data = pdf(text, Style(), frozenset(text[:1]))
    source = read_bytes(rotated(data, degrees), "a.pdf")
    assert source.text.split("\n") == text
    right, every, wrong = agreeing(extract(read_bytes(data, "a.pdf")), data)
    assert right == every, wrong


def test_short_lines_of_a_text_that_is_neither_indented_nor_justified_stay_apart() -> None:
    """Few lines are full, and those end up to a character before the edge: headings still end where they are printed to."""
    text = (
        "某市循环经济发展规划",
        "第一章 发展基础与形势",
        "过去五年，一般工业固体废物综合利用率达94%，主要再生资源回收量累计超过3000万吨，园区循环化改造稳步推进。",
        "第二章 主要任务",
        "第一节 构建循环型生产体系",
        "1、推行产品绿色设计",
        "实施绿色设计示范，培育绿色设计企业，发布绿色产品目录。",
        "2、推进园区循环化改造",
        "持续推进各类园区循环化改造，建设公共服务平台。",
        "第三章 保障措施",
        "一是加强统筹协调。发挥循环经济联席会议作用。",
        "二是完善政策支持。加大专项资金支持。",
        "三是强化宣传引导。",
    )
    again = read_bytes(pdf(text, Style(indent=False, number=None)), "a.pdf")
    assert again.text.split("\n") == list(text)
