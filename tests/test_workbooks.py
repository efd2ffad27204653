"""Workbooks and other files that are nothing but a 任务分工表: sheets as printed, and each row a task."""

import io
from datetime import date

import pytest
import xlsxwriter

from corpus import Source, read_bytes, read_text
from corpus.formats.xlsx_numbers import shown
from extract import extract
from schemas import Policy, UnreadableSource
from tests import renditions
from tests.docx_making import DOWN, GOES_ON, package, tbl, tc
from tests.test_kinds import zipped

HEAD = ["序号", "重点任务", "工作内容", "牵头单位", "配合单位", "完成时限"]
ROWS = [
    ["1", "推进工业节水", "推进高耗水行业节水改造，万元工业增加值用水量下降16%。", "市水务局", "市发展改革委、市经济信息化委", "2025年12月底"],
    ["2", "推进农业节水", "新增高效节水灌溉面积10万亩。", "市农业农村委", "市水务局", "2024年底"],
]  # fmt: skip


def book(write) -> bytes:  # type: ignore[no-untyped-def]
    """A workbook that ``write(book)`` fills."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as out:
        write(out)
    return buffer.getvalue()


def sheet(rows: list[list[str]], name: str = "Sheet1", merged: tuple[str, ...] = ()) -> bytes:
    """A workbook of one sheet; ``merged`` are areas to merge, with the text of their first cell."""

    def write(out) -> None:  # type: ignore[no-untyped-def]
        page = out.add_worksheet(name)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        for area in merged:
            first = area.split(":")[0]
            column, number = ord(first[0]) - 65, int(first[1:]) - 1
            page.merge_range(area, rows[number][column])

    return book(write)


def source(data: bytes, name: str = "分工.xlsx") -> Source:
    return read_bytes(data, name)


def policy(rows: list[list[str]], merged: tuple[str, ...] = ()) -> Policy:
    return extract(source(sheet(rows, merged=merged)))


# --- sheets --------------------------------------------------------------------------------------------------------


def test_title_rows_and_notes_are_paragraphs_and_merged_cells_are_filled() -> None:
    rows = [
        ["某市节水任务分工表", "", ""],
        ["", "", "单位：万元"],
        ["类别", "任务", "责任单位"],
        ["节水", "改造", "经发处"],
        ["", "监测", ""],
        ["注：单位排序不分先后。", "", ""],
    ]
    found = source(sheet(rows, merged=("A1:C1", "A4:A5", "A6:C6")))
    assert found.text.split("\n") == [
        "某市节水任务分工表",
        "单位：万元",
        "类别\t任务\t责任单位",
        "节水\t改造\t经发处",
        "节水\t监测\t",
        "注：单位排序不分先后。",
    ]


@pytest.mark.parametrize(
    ("value", "code", "printed"),
    [
        ("45292", 'yyyy"年"m"月"', "2024年1月"),
        ("45657", 'yyyy"年"m"月"d"日";@', "2024年12月31日"),
        ("45657", "[$-804]yyyy/m/d", "2024/12/31"),
        ("45657", "yyyy-mm-dd", "2024-12-31"),
        ("45657.5", "yyyy-mm-dd hh:mm", "2024-12-31 12:00"),
        ("45657", 'yy"年"mm"月"', "24年12月"),
        ("0.16", "0%", "16%"),
        ("0.1357", "0.0%", "13.6%"),
        ("1234567.5", "#,##0.00", "1,234,567.50"),
        ("12.5", '0.0"万吨"', "12.5万吨"),
        ("3.0", "General", "3"),
        ("0.30000000000000004", "General", "0.3"),
        ("-5", "0_);(0)", "-5"),
        ("2025", "0", "2025"),
        ("5", "0.##", "5"),
        ("1e300", "yyyy-mm-dd", "1e+300"),
        ("abc", "0", "abc"),
    ],
)
def test_numbers_and_dates_as_printed(value: str, code: str, printed: str) -> None:
    assert shown(value, code) == printed


def test_dates_in_cells() -> None:
    def write(out) -> None:  # type: ignore[no-untyped-def]
        page = out.add_worksheet()
        page.write_row(0, 0, ["任务", "完成时限", "责任单位"])
        page.write(1, 0, "推进节水")
        page.write_datetime(1, 1, date(2025, 12, 31), out.add_format({"num_format": 'yyyy"年"m"月"d"日"'}))
        page.write(1, 2, "市水务局")
        page.write_row(2, 0, ["推进节能"])
        page.write_datetime(2, 1, date(2025, 6, 30), out.add_format({"num_format": 14}))
        page.write_number(2, 2, 0.5, out.add_format({"num_format": 9}))

    assert source(book(write)).text.split("\n")[1:] == [
        "推进节水\t2025年12月31日\t市水务局",
        "推进节能\t2025/6/30\t50%",
    ]


def test_several_sheets_hidden_ones_and_hidden_rows() -> None:
    def write(out) -> None:  # type: ignore[no-untyped-def]
        for name in ("节水任务", "节能任务", "底稿"):
            page = out.add_worksheet(name)
            page.write_row(0, 0, HEAD)
            page.write_row(1, 0, [cell.replace("节水", name[:2]) for cell in ROWS[0]])
            if name == "底稿":
                page.hide()
            if name == "节能任务":
                page.set_row(1, None, None, {"hidden": True})

    found = source(book(write))
    assert [line for line in found.text.split("\n") if "\t" not in line] == ["节水任务", "节能任务"]
    assert sorted(d.note for d in found.defects) == [
        "工作表“底稿”是隐藏的，没有读取",
        "工作表“节能任务”有隐藏的行或列 1 处，已一并读取，请核对",
    ]
    assert [t.title for t in extract(found).tasks] == ["推进工业节水", "推进工业节能"]


def test_formulas_show_their_result_and_one_without_is_told() -> None:
    def write(out) -> None:  # type: ignore[no-untyped-def]
        page = out.add_worksheet()
        page.write_row(0, 0, HEAD)
        page.write_row(1, 0, ROWS[0])
        page.write_formula(2, 0, "=A2+1", None, 2)

    assert source(book(write)).text.split("\n")[2].startswith("2\t")
    data = zipped({**_members(sheet([HEAD, ROWS[0]])), "xl/worksheets/sheet1.xml": SHEET.encode()})
    assert [d.kind for d in source(data).defects] == ["unread_part"]


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c t="inlineStr"><is><r><t>任</t></r>'
    "<r><t>务</t></r><rPh sb='0' eb='1'><t>renwu</t></rPh></is></c><c><f>A1</f></c><c t='b'><v>1</v></c></row></sheetData>"
    '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
)


def _members(data: bytes) -> dict[str, bytes]:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as old:
        return {name: old.read(name) for name in old.namelist()}


def test_a_merged_area_of_all_cells_costs_nothing() -> None:
    data = zipped({**_members(sheet([HEAD, ROWS[0]])), "xl/worksheets/sheet1.xml": SHEET.encode()})
    assert source(data).text == "任务\tTRUE"


@pytest.mark.parametrize(
    ("part", "text", "says"),
    [
        ("xl/worksheets/sheet1.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "实体"),
        ("xl/worksheets/sheet1.xml", "<worksheet", "损坏"),
        ("xl/worksheets/sheet1.xml", "<worksheet/>", "汉字"),
        ("xl/sharedStrings.xml", "<sst/>", "汉字"),
    ],
)
def test_hostile_and_empty_workbooks_are_refused_in_words(part: str, text: str, says: str) -> None:
    data = zipped({**_members(sheet([HEAD, ROWS[0]])), part: text.encode()})
    with pytest.raises(UnreadableSource, match=says) as caught:
        source(data, "坏.xlsx")
    assert "坏.xlsx" in str(caught.value) and caught.value.hint


def test_tables_as_text_with_commas() -> None:
    text = '序号,任务,责任单位\n1,"推进节水，\n提高效率",市水务局\n'
    assert source(text.encode("gb18030"), "a.csv").text.split("\n") == [
        "序号\t任务\t责任单位",
        "1\t推进节水， 提高效率\t市水务局",
    ]


# --- tasks ---------------------------------------------------------------------------------------------------------


def test_each_row_is_a_task_with_departments_by_column_and_a_deadline() -> None:
    found = policy([["某市2025年节水重点任务分工表", *[""] * 5], HEAD, *ROWS], ("A1:F1",))
    assert found.title == "某市2025年节水重点任务分工表" and not found.division
    first = found.tasks[0]
    assert (first.id, first.title, first.deadline, first.departments_from) == (
        "1",
        "推进工业节水",
        "2025年12月底",
        "own",
    )
    assert [(d.name, d.effective_role) for d in first.departments] == [
        ("市水务局", "lead"), ("市发展改革委", "support"), ("市经济信息化委", "support"),
    ]  # fmt: skip
    assert found.logical_text[first.origin.start : first.origin.end] == first.text == ROWS[0][2]
    assert [(d.name, found.logical_text[d.origin.start : d.origin.end]) for d in first.departments][1] == (
        "市发展改革委",
        "市发展改革委",
    )
    assert [(g.task, g.value, g.unit, g.target_year) for g in found.targets] == [
        ("1", 16.0, "%", 2025),
        ("2", 10.0, "万亩", 2024),
    ]
    assert [m.verb for m in first.measures]


def test_parts_of_the_table_are_sections_and_numbers_may_begin_again() -> None:
    rows = [
        HEAD,
        ["一、重点领域节水", *[""] * 5],
        ROWS[0],
        ROWS[1],
        ["二、保障措施", *[""] * 5],
        ["1", "加强组织领导", "建立联席会议制度。", "市水务局", "", ""],
    ]
    found = policy(rows, ("A2:F2", "A5:F5"))
    assert [(t.id, t.section, t.kind) for t in found.tasks] == [
        ("一.1", "一", "task"),
        ("一.2", "一", "task"),
        ("二.1", "二", "safeguard"),
    ]
    assert [(s.id, s.title) for s in found.sections] == [("一", "重点领域节水"), ("二", "保障措施")]
    assert found.tasks[0].path == ("重点领域节水", "推进工业节水")


def test_one_number_over_several_measures_counts_them() -> None:
    rows = [HEAD, ROWS[0], ["", "", "推进再生水利用。", "市住房城乡建设管理委", "", "2024年底"], ROWS[1]]
    found = policy(rows, ("A2:A3", "B2:B3"))
    assert [(t.id, t.title, [d.name for d in t.departments]) for t in found.tasks] == [
        ("1.1", "推进工业节水", ["市水务局", "市发展改革委", "市经济信息化委"]),
        ("1.2", "推进工业节水", ["市住房城乡建设管理委"]),
        ("2", "推进农业节水", ["市农业农村委", "市水务局"]),
    ]


def test_an_empty_cell_is_empty_and_a_merged_one_holds_for_its_rows() -> None:
    rows = [
        ["序号", "工作任务", "责任单位"],
        ["1", "推进工业节水", "市水务局"],
        ["2", "推进农业节水", ""],
        ["3", "推进生活节水", ""],
    ]
    assert [[d.name for d in t.departments] for t in policy(rows, ("C2:C3",)).tasks] == [["市水务局"], ["市水务局"], []]


def test_a_head_of_two_rows() -> None:
    rows = [
        ["序号", "工作任务", "责任单位", "", "完成时限"],
        ["", "", "牵头", "配合", ""],
        ["1", "推进工业节水", "市水务局", "市发展改革委", "2025年"],
    ]
    found = policy(rows, ("A1:A2", "B1:B2", "C1:D1", "E1:E2"))
    assert [(d.name, d.effective_role) for d in found.tasks[0].departments] == [
        ("市水务局", "lead"),
        ("市发展改革委", "support"),
    ]


def test_rows_without_numbers_are_counted_and_long_items_keep_their_first_sentence_as_title() -> None:
    rows = [
        ["工作任务", "责任单位"],
        ["推进工业节水。到2025年万元工业增加值用水量下降16%，推广节水工艺。", "市水务局"],
        ["建立健全水资源刚性约束制度，强化用水总量和强度双控，严格取水许可，实施计划用水管理。", "市水务局"],
    ]
    found = policy(rows)
    assert [(t.id, t.title, t.starts_with) for t in found.tasks] == [
        ("1", "推进工业节水", "到2025年万元工业增加值用水"),
        ("2", None, "建立健全水资源刚性约束制度，强"),
    ]


def test_a_table_behind_a_text_that_says_the_work_itself_is_its_division() -> None:
    text = [
        "某市节水行动方案", "一、重点任务", "（一）推进工业节水。推进高耗水行业节水改造，提高用水效率。", "（二）推进农业节水。建设高效节水灌溉工程。",
        "附件", "任务分工表", "\t".join(HEAD), *("\t".join(row) for row in ROWS),
    ]  # fmt: skip
    found = extract(read_bytes(renditions.docx(text), "a.docx"))
    assert [t.id for t in found.tasks] == ["一.一", "一.二"] and len(found.division) == 2


@pytest.mark.parametrize("form", ["docx", "html", "ofd", "txt"])
def test_the_same_table_in_other_formats_gives_the_same_tasks(form: str) -> None:
    lines = ["某市节水任务分工表", "\t".join(HEAD), *("\t".join(row) for row in ROWS)]
    expected = policy([["某市节水任务分工表", *[""] * 5], HEAD, *ROWS], ("A1:F1",))
    writers = {
        "docx": renditions.docx,
        "html": renditions.gov_cn,
        "ofd": renditions.ofd,
        "txt": lambda p: "\n".join(p).encode(),
    }
    found = extract(read_bytes(writers[form](lines), f"a.{form}"))
    assert [(t.id, t.title, t.text, [d.name for d in t.departments], t.deadline) for t in found.tasks] == [
        (t.id, t.title, t.text, [d.name for d in t.departments], t.deadline) for t in expected.tasks
    ]


def test_a_word_table_with_merged_cells_and_a_heading_row() -> None:
    body = tbl(
        [tc("序号"), tc("任务"), tc("责任单位")],
        [tc("一、工业", '<w:gridSpan w:val="3"/>')],
        [tc("1"), tc("推进工业节水"), tc("经发处", DOWN)],
        [tc("2"), tc("推进工业节能"), tc("", GOES_ON)],
    )
    found = extract(read_bytes(package(body), "a.docx"))
    assert [(t.id, t.title, [d.name for d in t.departments]) for t in found.tasks] == [
        ("一.1", "推进工业节水", ["经发处"]), ("一.2", "推进工业节能", ["经发处"]),
    ]  # fmt: skip


def test_headings_between_the_rows_of_a_text_are_parts_of_the_table() -> None:
    text = "某市节水任务分工表\n序号\t任务\t责任单位\n一、工业节水\n1\t推进工业节水改造\t市水务局\n二、农业节水\n2\t推进农业节水灌溉\t市农业农村委\n"
    assert [(t.id, t.section) for t in extract(read_text(text)).tasks] == [("一.1", "一"), ("二.2", "二")]
