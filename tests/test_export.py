"""The 任务分工表 as files, read back with other programs: every cell says what the record says, and nothing runs."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from index.exporting.export import FORMATS, Head, export, head, render
from index.exporting.listing import LIST
from index.exporting.sheet import clean
from index.exporting.xlsx import LONGEST
from index.knowledge_base import KnowledgeBase
from index.views import MatrixRow, matrix
from schemas import Origin, PolicyError

TODAY = date(2026, 11, 20)
PARK, CITY = "scip-carbon-peak-2023", "shanghai-industry-carbon-peak-2022"
EVIL = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r\n=1",
    " =1",
    "＝1＋1",
    '=HYPERLINK("http://x","y")',
    "{=1}",
    "http://example.invalid/",
)


def row(number: int, text: str, **more: Any) -> MatrixRow:
    values: dict[str, Any] = {
        "doc": "d",
        "document": "某方案",
        "section": "任务",
        "task": f"一.{number}",
        "title": f"任务{number}",
        "text": text,
        "origin": Origin(line=number, start=0, end=1),
    }
    return MatrixRow(**{**values, **more})


HEAD = Head("某方案任务分工表", (("d", "某方案", "某〔2026〕1号"),), TODAY, "", {"d": "某方案"})


@pytest.fixture(scope="module")
def held(knowledge_base: Path) -> Any:
    with KnowledgeBase.open(knowledge_base) as kb:
        yield kb


def worksheet(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data)).active


def table(sheet: Any) -> list[list[Any]]:
    """The rows below the header, section headings left out."""
    rows = [[cell.value for cell in line] for line in sheet.iter_rows()]
    top = next(number for number, line in enumerate(rows) if line[0] == "序号")
    return [line for line in rows[top + 1 :] if isinstance(line[0], int)]


@pytest.mark.parametrize("doc", [PARK, CITY, None])
def test_every_cell_of_the_list_is_the_record(held: Any, doc: str | None) -> None:
    rows = matrix(held, doc)
    title = head(held, rows, TODAY, doc=doc)
    data, notes = render("xlsx", rows, title)
    assert notes == ()
    written = table(worksheet(data))
    assert len(written) == len(rows)
    for number, (cells, record) in enumerate(zip(written, rows, strict=True), 1):
        empty = "提纲未载" if held.policy(record.doc).text == "outline" else "文件未明确"
        assert cells[0] == number
        assert (cells[1] or "") == (record.title or "")
        assert cells[2] == clean(record.text)
        assert cells[3] == ("、".join(record.lead) or empty)
        assert cells[4] == ("、".join(record.support) or empty)
        assert cells[5] == record.deadline
        assert (cells[6] or "") == "\n".join(record.targets)
        for ref in record.upper:
            slug, _, task = ref.partition("#")
            assert held.policy(slug).title in cells[7] and task in cells[7]
        assert record.task in cells[8] and f"第{record.origin.line}行" in cells[8]


def test_the_page_is_ready_to_print(held: Any) -> None:
    rows = matrix(held, PARK)
    sheet = worksheet(render("xlsx", rows, head(held, rows, TODAY, doc=PARK))[0])
    assert sheet["A1"].value == "上海化学工业区碳达峰实施方案任务分工表"
    assert "沪化管〔2023〕73号" in sheet["A2"].value
    assert sheet["A4"].value == "导出日期：2026年11月20日"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 8)
    assert sheet.print_title_rows == "$5:$5" and sheet.freeze_panes == "C6"
    assert sheet.auto_filter.ref.startswith("A5:L")
    assert sheet.page_setup.fitToHeight == 0 and sheet.sheet_properties.pageSetUpPr.fitToPage
    for line in sheet.iter_rows(min_row=6):
        if isinstance(line[0].value, int):
            needed = len(line[2].value) * 2 / sheet.column_dimensions["C"].width
            assert sheet.row_dimensions[line[0].row].height >= needed * 13
            assert all(cell.alignment.wrap_text for cell in line)


def test_the_grid_counts_what_it_shows(held: Any) -> None:
    rows = matrix(held, CITY)
    sheet = worksheet(render("xlsx", rows, head(held, rows, TODAY, doc=CITY), "grid")[0])
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    names = next(line for line in lines if line[0] == "序号")
    written = [line for line in lines if isinstance(line[0], int)]
    total = lines[-1]
    for cells, record in zip(written, rows, strict=True):
        signs = dict(zip(names[2:], cells[2:], strict=True))
        assert {name for name, sign in signs.items() if sign == "●"} == set(record.lead)
        assert {name for name, sign in signs.items() if sign == "○"} == set(record.support) - set(record.lead)
        assert signs["部门数"] == len({*record.lead, *record.support})
        assert (signs.get("未写明部门") == "文件未明确") is not (record.lead or record.support)
    for number, name in enumerate(names[2:], 2):
        expected = sum(line[number] if name == "部门数" else bool(line[number]) for line in written)
        assert total[number] == expected


def test_names_of_one_body_share_a_column() -> None:
    rows = [row(1, "甲", lead=("市经济信息化委",)), row(2, "乙", lead=("上海市经济和信息化委员会",))]
    text = render("csv", rows, HEAD, "grid")[0].decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(text)))[4:] == ["市经济信息化委", "部门数"]


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("layout", ["list", "grid"])
def test_nothing_runs_in_a_spreadsheet(evil: str, layout: Any) -> None:
    record = row(1, evil, title=evil, section=evil, document=evil, lead=(evil,), deadline=evil, targets=(evil,))
    title = Head(evil, (("d", evil, evil),), TODAY, evil)
    data, _ = render("xlsx", [record], title, layout)
    for line in worksheet(data).iter_rows():
        for cell in line:
            assert cell.data_type != "f"
            assert cell.hyperlink is None or cell.hyperlink.target.startswith("http://127.0.0.1:8501/trace?task=d%23")
    if layout == "list":
        assert table(worksheet(data))[0][2] == clean(evil)
    for line in csv.reader(io.StringIO(render("csv", [record], title, layout)[0].decode("utf-8-sig"))):
        for value in line:
            assert not value.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


def test_a_formula_stays_text_when_it_is_edited() -> None:
    sheet = worksheet(render("xlsx", [row(1, "=1+1")], HEAD)[0])
    cells = {cell.value: cell for line in sheet.iter_rows() for cell in line}
    assert cells["=1+1"].quotePrefix and not cells["任务1"].quotePrefix


def test_html_and_markdown_show_text_as_text() -> None:
    evil = "<script>alert(1)</script> | [x](javascript:alert(1)) **b** \u202eabc"
    page = render("html", [row(1, evil, title=evil)], HEAD)[0].decode()
    assert "<script" not in page and "&lt;script&gt;" in page and "\u202e" not in page
    assert set(re.findall(r"https?://[^\s\"'<]+", page)) == {"http://127.0.0.1:8501/trace?task=d%23%E4%B8%80.1"}
    text = render("md", [row(1, evil)], HEAD)[0].decode()
    assert "<script" not in text and "\\| \\[x\\](javascript" in text
    assert {line.replace("\\|", "").count("|") for line in text.splitlines() if line.startswith("|")} == {len(LIST) - 1}


@pytest.mark.parametrize("form", FORMATS)
def test_damaged_text_can_be_written(form: str) -> None:
    data, _ = render(form, [row(1, "a\x00b\x0bc\udc80d\ufffee\r\nf")], HEAD)
    if form == "xlsx":
        assert table(worksheet(data))[0][2] == "abcde\nf"
    elif form == "json":
        assert json.loads(data)["rows"][0]["task"] == "一.1"
    elif form == "docx":
        texts = [cell.text for line in docx.Document(io.BytesIO(data)).tables[0].rows for cell in line.cells]
        assert "abcde\nf" in texts
    else:
        assert "abcde" in data.decode("utf-8-sig")


@pytest.mark.parametrize("character", ["长", "𠮷"])
def test_the_limit_of_excel_is_told_not_hit(character: str) -> None:
    data, notes = render("xlsx", [row(1, character * 40_000)], HEAD)
    text = table(worksheet(data))[0][2]
    assert len(text.encode("utf-16-le")) // 2 <= LONGEST and "余下" in text
    assert len(notes) == 2 and "上限" in notes[0] and "行高" in notes[1]
    assert (character * 40_000).encode() in render("csv", [row(1, character * 40_000)], HEAD)[0]


def test_csv_opens_in_excel(held: Any) -> None:
    rows = matrix(held, PARK)
    data, _ = render("csv", rows, head(held, rows, TODAY, doc=PARK))
    assert data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [line["主要内容"] for line in lines] == [clean(record.text) for record in rows]
    assert {line["文件"] for line in lines} == {"上海化学工业区碳达峰实施方案"}


def test_json_holds_the_rows(held: Any) -> None:
    rows = matrix(held, PARK)
    value = json.loads(render("json", rows, head(held, rows, TODAY, doc=PARK))[0])
    assert value["rows"] == [record.model_dump(mode="json") for record in rows]
    assert value["exported"] == "2026-11-20"


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("layout", ["list", "ledger", "grid", "department"])
def test_the_same_rows_give_the_same_bytes_and_none_do_not_fail(form: str, layout: Any) -> None:
    rows = [row(1, "甲", lead=("经发处",)), row(2, "乙")]
    assert render(form, rows, HEAD, layout) == render(form, rows, HEAD, layout)
    assert render(form, [], HEAD, layout)[0]


def test_the_filter_is_said(held: Any) -> None:
    rows = matrix(held, PARK, "环境保护办公室")
    sheet = worksheet(render("xlsx", rows, head(held, rows, TODAY, doc=PARK, department="环境保护办公室"))[0])
    assert sheet["A3"].value == "筛选：责任部门为“环境保护办公室”"
    assert rows and all("环保办" in line[3] + line[4] for line in table(sheet))


def test_an_interrupted_export_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "表.csv"
    export(path, [row(1, "甲")], HEAD)
    before = path.read_bytes()

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(PolicyError, match="不能写入"):
        export(path, [row(2, "乙")], HEAD)
    assert path.read_bytes() == before and [file.name for file in tmp_path.iterdir()] == ["表.csv"]


@pytest.mark.parametrize("name", ["x.doc", "x", "x.xls"])
def test_an_unknown_ending_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(PolicyError, match="不能写成"):
        export(tmp_path / name, [row(1, "甲")], HEAD)
    assert list(tmp_path.iterdir()) == []
