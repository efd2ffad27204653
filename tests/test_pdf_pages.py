"""What a page's end and its foot do to a text in PDF: rows that are cut, footnotes, lists of short lines; Type 3 fonts."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from corpus import Source, read_bytes
from extract import extract
from tests import parity, renditions
from tests.docx_making import p, package, r
from tests.pdf_boxes import agreeing
from tests.pdf_making import Style, draw, pdf, titles_of
from tests.pdf_office import exported
from tests.pdf_raw import pages, raw, stream
from tests.test_pdf import LAYOUTS

TITLE = "某市节水行动方案"
LONG = (
    "推进重点行业节水改造，组织实施循环用水、串联用水等重点工程，推广先进适用节水技术装备，完善用水管理体系，开展水效对标"
    "诊断，推动企业实施节水化改造，培育节水型企业和园区，形成可复制可推广的典型经验。"
)
HEAD = ("序号", "重点任务", "责任单位", "完成时限")
BODIES = "市水务局、市经济信息化委、市发展改革委、市生态环境局、各区人民政府"


def read(data: bytes) -> Source:
    return read_bytes(data, "a.pdf")


def told(source: Source) -> str:
    return "\n".join(defect.note for defect in source.defects)


# --- tables over pages ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [3, 9, 14])
def test_a_row_that_the_page_cuts_is_one_row(before: int, tmp_path: Path) -> None:
    """Where it is cut depends on how many paragraphs stand above the table."""
    document = Document()
    for _ in range(before):
        document.add_paragraph("为贯彻落实国家节水工作部署，推进工业领域节水，制定本分工表。")
    table = document.add_table(rows=0, cols=4)
    table.style = "Table Grid"
    for row in (HEAD, *((str(n), f"第{n}项任务。{LONG * 2}", BODIES, "2025年12月底") for n in range(1, 7))):
        for cell, said in zip(table.add_row().cells, row, strict=True):
            cell.text = said
    out = io.BytesIO()
    document.save(out)
    data = exported(out.getvalue(), tmp_path)
    source, word = read(data), read_bytes(out.getvalue(), "a.docx")
    rows = [line for line in source.text.split("\n") if "\t" in line]
    assert source.page_starts[1:] and rows == [line for line in word.text.split("\n") if "\t" in line]
    policy = extract(source)
    assert len(policy.tasks) == 6 and all(len(t.departments) == 5 and t.deadline for t in policy.tasks)
    assert any(len({box.page for box in task.origin.boxes}) == 2 for task in policy.tasks)
    right, every, wrong = agreeing(policy, data)
    assert right >= 0.99 * every, wrong[:3]


def ruled(first: Sequence[Sequence[str]], second: Sequence[Sequence[str]]) -> bytes:
    """Two pages with a ruled table each; a row of one cell is merged over all columns."""
    edges = (80.0, 120.0, 320.0, 430.0, 520.0)

    def table(canvas: Any, number: int) -> None:
        for k, row in enumerate(first if number == 1 else second):
            top = 600 - 40 * k
            for n, said in enumerate(row):
                right = edges[-1] if len(row) == 1 else edges[n + 1]
                canvas.rect(edges[n], top - 40, right - edges[n], 40)
                draw(canvas, edges[n] + 3, top - 15, said, 9)

    return pdf([TITLE, *["为推进节水，制定本方案。"] * 6], Style(lines=4), decorate=table)


ONE = ("1", "推进工业节水改造，培育节水型", "市水务局、市经济", "2025年底")


@pytest.mark.parametrize(
    ("second", "rows"),
    [
        ([("", "企业和园区。", "信息化委", "")], ["1\t推进工业节水改造，培育节水型企业和园区。\t市水务局、市经济信息化委\t2025年底"]),
        ([HEAD, ("", "企业和园区。", "", "")], ["1\t推进工业节水改造，培育节水型企业和园区。\t市水务局、市经济\t2025年底", "\t".join(HEAD)]),
        ([("二、农业节水",)], ["\t".join(ONE), "二、农业节水"]),
        ([("2", "推进农业节水", "市农业农村委", "2024年底")], ["\t".join(ONE), "2\t推进农业节水\t市农业农村委\t2024年底"]),
    ],
)  # fmt: skip
def test_what_goes_on_and_what_begins_on_the_next_page(second: Sequence[Sequence[str]], rows: list[str]) -> None:
    text = read(ruled([HEAD, ONE], second)).text.split("\n")
    found = [line.rstrip("\t") for line in text if "\t" in line or line.startswith("二、")]
    assert found == ["\t".join(HEAD), *rows]


# --- footnotes -----------------------------------------------------------------------------------------------------

TASKS = [
    "（一）推进工业节水。加强高耗水行业①节水改造，到2025年万元工业增加值用水量下降16%。（责任单位：市水务局）",
    *(
        [
            "（二）推进农业节水。建成示范区10个，推广喷灌、滴灌、微灌等技术，健全农业用水计量设施。（责任单位：市农业农村委）"
        ]
        * 6
    ),
]


def test_a_footnote_is_told_and_not_inside_the_sentence_that_the_page_cuts() -> None:
    def note(canvas: Any, number: int) -> None:
        if number == 1:
            canvas.line(80, 140, 230, 140)
            draw(canvas, 80, 125, "① 高耗水行业指钢铁、石化、造纸、纺织等行业，", 9)
            draw(canvas, 80, 112, "具体目录由市水务局发布。", 9)

    source = read(pdf([TITLE, *TASKS], Style(lines=18), frozenset([TITLE]), decorate=note))
    assert source.text.split("\n") == [TITLE, *TASKS]
    assert "第 1 页有脚注 ①，不在正文中：高耗水行业指钢铁、石化、造纸、纺织等行业，具体目录由市水务局发布。" in told(
        source
    )


def test_a_footnote_of_a_word_file(tmp_path: Path) -> None:
    body = "".join(p(line) for line in [TITLE, *TASKS[1:]])
    body += f"<w:p>{r('推进节水')}<w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:footnoteReference w:id='2'/></w:r>{r('12项工作。')}</w:p>"
    mark = "<w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:footnoteRef/></w:r>"
    small = "<w:r><w:rPr><w:sz w:val='16'/></w:rPr><w:t xml:space='preserve"
    notes = f"<w:footnotes><w:footnote w:id='2'><w:p>{mark}{small}'> 指工业节水和农业节水。</w:t></w:r></w:p></w:footnote></w:footnotes>"
    source = read(exported(package(body, footnotes=notes), tmp_path))
    assert source.text.split("\n")[-1] == "推进节水12项工作。"
    assert "脚注 1，不在正文中：指工业节水和农业节水。" in told(source)


def test_small_lines_that_nothing_calls_for_stay() -> None:
    def note(canvas: Any, _: int) -> None:
        draw(canvas, 80, 125, "② 联系人：市水务局张三。", 9)
        draw(canvas, 80, 112, "3 份附件另送。", 9)

    text = read(pdf([TITLE, *TASKS[:2]], Style(lines=18), frozenset([TITLE]), decorate=note)).text
    assert "联系人：市水务局张三。" in text and "份附件另送。" in text


# --- lines and fonts -----------------------------------------------------------------------------------------------


def test_a_line_whose_next_word_had_no_room_goes_on() -> None:
    """灌 and the 、 behind it are not parted: the line before them is two characters short and full all the same."""
    text = [TITLE, *TASKS[1:]]
    assert read(pdf(text, Style(), frozenset([TITLE]))).text.split("\n") == text


def test_a_list_of_short_lines_stays_a_list_though_some_are_as_long_as_the_longest() -> None:
    prose = ["为贯彻落实国家节水行动，推进本市工业、农业、生活节水工作，结合实际制定本方案，请各单位认真执行。" * 3] * 6
    rows = [f"{n} {name}节水改造项目 工业 20{20 + n}" for n, name in enumerate("甲乙丙丁戊己庚辛", 5)]
    rows += ["*项目实施计划适时调整。"]
    data = pdf([TITLE, *prose, *rows], Style(indent=False, lines=20), frozenset([TITLE]))
    assert read(data).text.split("\n")[-len(rows) :] == rows


@pytest.mark.parametrize("slug", ["canghai-innovation-2023", "hailan-bonded-2025", "jinsha-synergy-2023"])
def test_a_second_column_of_few_or_indented_lines_is_read_after_the_first(slug: str) -> None:
    policy = parity.invented()[slug]
    data = pdf(renditions.paragraphs_of(policy), LAYOUTS["two columns"], titles_of(policy))
    again = extract(read(data), slug=slug)
    assert parity.compared(policy, again) == {"tasks": 1.0, "departments": 1.0, "targets": 1.0}
    assert (again.title, again.date, again.issuers) == (policy.title, policy.date, policy.issuers)


@pytest.mark.parametrize("slug", ["binjiang-green-2025", "hailan-bonded-2025"])
def test_a_full_line_of_larger_letters_ends_where_smaller_ones_begin(slug: str) -> None:
    policy = parity.invented()[slug]
    data = pdf(renditions.paragraphs_of(policy), LAYOUTS["paragraphs apart"], titles_of(policy))
    assert extract(read(data)).title == policy.title


def test_a_type_3_font_is_read_by_its_map() -> None:
    lines = [TITLE, "一、重点任务", "（一）推进工业节水。用水量下降16%。（责任单位：市水务局）"]
    codes = {char: number for number, char in enumerate(sorted(set("".join(lines))), 1)}
    shapes = " ".join(f"/g{code} 12 0 R" for code in codes.values())
    names = " ".join(f"/g{code}" for code in codes.values())
    pairs = "\n".join(f"<{code:02x}> <{char.encode('utf-16-be').hex()}>" for char, code in codes.items())
    mapped = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /T def /CMapType 2 def\n"
        f"1 begincodespacerange <00> <ff> endcodespacerange\n{len(codes)} beginbfchar\n{pairs}\nendbfchar\nendcmap end end"
    )
    font = {
        10: (
            "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [0.001 0 0 0.001 0 0] /Resources << >> "
            f"/CharProcs << {shapes} >> /Encoding << /Type /Encoding /Differences [1 {names}] >> /FirstChar 1 "
            f"/LastChar {len(codes)} /Widths [{'1000 ' * len(codes)}] /ToUnicode 11 0 R >>"
        ).encode(),
        11: stream(mapped.encode()),
        12: stream(b"1000 0 50 0 950 900 d1 50 0 900 900 re f"),
    }
    shown = "\n".join(
        f"BT /F 16 Tf 1 0 0 1 80 {730 - 28 * n} Tm <{''.join(f'{codes[c]:02x}' for c in line)}> Tj ET"
        for n, line in enumerate(lines)
    )
    source = read(raw(pages([shown.encode()], font)))
    assert source.text.split("\n") == lines and not source.defects
    (task,) = extract(source).tasks
    assert all(78 < box.x0 < box.x1 < 595 and 0 < box.bottom - box.top < 20 for box in task.origin.boxes)
