"""Every layout as every format, opened with other programs: python-docx, openpyxl, lxml, csv and LibreOffice."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from lxml import etree, html

from index.exporting.docx import MOST_COLUMNS
from index.exporting.export import FORMATS, WRITERS, head, render, render_coverage, render_targets, sheets
from index.exporting.rows import deadline
from index.exporting.sheet import Dated, Head, Sheet, clean, shown
from index.knowledge_base import KnowledgeBase
from index.linking.coverage import gaps
from index.reports.answers import COVERAGE
from index.views import MatrixRow, matrix, targets
from tests.test_export import CITY, EVIL, HEAD, PARK, TODAY, row

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
APP = "http://127.0.0.1:8501/trace?task="


@pytest.fixture(scope="module")
def held(knowledge_base: Path) -> Iterator[KnowledgeBase]:
    with KnowledgeBase.open(knowledge_base) as kb:
        yield kb


def tables(kb: KnowledgeBase, layout: str) -> tuple[Sheet, ...]:
    """The sheets of a layout for the bundled documents."""
    from index.exporting.coverage_table import coverage_sheet
    from index.exporting.targets_table import targets_sheets

    if layout == "coverage":
        return (coverage_sheet(kb, CITY, PARK, TODAY),)
    if layout == "targets":
        return targets_sheets(kb, TODAY)
    rows = matrix(kb, CITY)
    return sheets(rows, head(kb, rows, TODAY, doc=CITY), layout)  # type: ignore[arg-type]


def texts(sheet: Sheet) -> list[list[str]]:
    """What a reader sees below the head of the table."""
    return [[clean(shown(cell)) for cell in line.cells[: sheet.seen]] for line in sheet.lines]


LAYOUTS = ("list", "ledger", "grid", "department", "coverage", "targets")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_cell_of_a_docx_is_that_of_the_table(held: KnowledgeBase, layout: str) -> None:
    made = tables(held, layout)
    document = docx.Document(io.BytesIO(WRITERS["docx"](made, "A4", "http://127.0.0.1:8501")[0]))
    section = document.sections[0]
    assert section.page_width > section.page_height and len(document.tables) == len(made)
    assert [one.text for one in document.paragraphs if one.style.name == "Heading 1"] == [s.head.title for s in made]
    for sheet, table in zip(made, document.tables, strict=True):
        first, *others = table._tbl.tr_lst
        assert first.trPr.find(f"{W}tblHeader") is not None
        assert cells_of(first) == [column.name for column in sheet.columns[: sheet.seen]]
        assert [cells_of(one) for one in others] == texts(sheet)
        assert sum(one.trPr is not None and one.trPr.find(f"{W}cantSplit") is not None for one in others) > 0
    goals = {rel.target_ref for rel in document.part.rels.values() if rel.is_external}
    assert goals and all(goal.startswith(APP) for goal in goals)
    parts = zipfile.ZipFile(io.BytesIO(WRITERS["docx"](made, "A4", "http://127.0.0.1:8501")[0]))
    fonts = parts.read("word/fontTable.xml").decode()
    assert 'w:name="仿宋_GB2312"><w:altName w:val="仿宋"/>' in fonts and "方正小标宋简体" in fonts
    assert 'w:eastAsia="zh-CN"' in parts.read("word/styles.xml").decode()


def cells_of(line: Any) -> list[str]:
    found = []
    for cell in line.tc_lst:
        pieces = (piece.text or "" if piece.tag == f"{W}t" else "\n" for piece in cell.iter(f"{W}t", f"{W}br"))
        found.append("".join(pieces))
    return found


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_cell_of_a_workbook_is_that_of_the_table(held: KnowledgeBase, layout: str) -> None:
    made = tables(held, layout)
    book = openpyxl.load_workbook(io.BytesIO(WRITERS["xlsx"](made, "A4", "http://127.0.0.1:8501")[0]))
    assert book.sheetnames == [sheet.name for sheet in made]
    for sheet, page in zip(made, book.worksheets, strict=True):
        lines = [line for line in page.iter_rows() if line[0].row > 1]
        top = next(number for number, line in enumerate(lines) if line[0].value == "序号")
        rows = lines[top + 1 :]
        for line, expected, cells in zip(sheet.lines, texts(sheet), rows, strict=True):
            values = [cell.value for cell in cells[: sheet.seen]]
            if line.heading:
                assert values == [expected[0], *[None] * (sheet.seen - 1)]
                assert any(
                    str(area) == f"A{cells[0].row}:{cells[sheet.seen - 1].coordinate}"
                    for area in page.merged_cells.ranges
                )
                continue
            assert ["" if value is None else shown(value) for value in values] == expected
            for value, cell in zip(values, line.cells, strict=False):
                assert not isinstance(cell, (int, float)) or (value == cell and not isinstance(value, str))
        assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
        assert page.print_title_rows == f"${lines[top][0].row}:${lines[top][0].row}"
        hidden = [page.column_dimensions[cell.column_letter].hidden for cell in lines[top]]
        assert hidden == [column.hidden for column in sheet.columns]
        links = [cell.hyperlink for line in rows for cell in line if cell.hyperlink]
        assert all((one.target or "").startswith(APP) or one.location for one in links)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_cell_of_a_page_a_csv_and_a_text_is_that_of_the_table(held: KnowledgeBase, layout: str) -> None:
    made = tables(held, layout)
    page = html.fromstring(WRITERS["html"](made, "A3", "http://127.0.0.1:8501")[0].decode())
    for sheet, table in zip(made, page.iter("table"), strict=True):
        found = [[cell.text_content() for cell in line] for line in table.find("tbody")]
        assert found == [line[:1] if one.heading else line for one, line in zip(sheet.lines, texts(sheet), strict=True)]
    assert all(link.get("href").startswith((APP, "#s")) for link in page.iter("a"))
    assert not list(page.iter("script", "link", "img", "iframe"))
    data, _ = WRITERS["csv"](made, "A3", "")
    lines = [line for line in csv.reader(io.StringIO(data.decode("utf-8-sig"))) if line]
    expected = [
        line
        for sheet in made
        for one, line in zip(sheet.lines, texts(sheet), strict=True)
        if not (one.heading or one.total)
    ]
    values = [{cell.removeprefix("'") for cell in line} for line in lines if "序号" not in line]
    assert len(values) == len(expected)
    assert all(
        {cell.strip() for cell in line} <= {cell.strip() for cell in found}
        for line, found in zip(expected, values, strict=True)
    )
    text = WRITERS["md"](made, "A3", "http://127.0.0.1:8501")[0].decode()
    assert text.count("\n| --- |") == len(made)
    assert sum(line.startswith("| ") for line in text.splitlines()) == sum(len(sheet.lines) + 2 for sheet in made)


def test_the_departments_have_a_sheet_each_with_all_their_tasks(held: KnowledgeBase) -> None:
    rows = matrix(held, CITY)
    cover, *others = tables(held, "department")
    counts = {shown(line.cells[1]): line.cells[2:5] for line in cover.lines}
    for sheet in others:
        name = re.search("（(.*)）$", sheet.head.title)[1]  # type: ignore[index]
        refs = [shown(line.cells[-2]) for line in sheet.lines]
        if name == "未写明部门":
            assert refs == [f"{one.doc}#{one.task}" for one in rows if not (one.lead or one.support)]
            continue
        assert refs == [f"{one.doc}#{one.task}" for one in rows if name in (*one.lead, *one.support)]
        lead = sum(name in one.lead for one in rows)
        assert counts[name] == (lead, len(refs) - lead, len(refs))
    assert {name for one in rows for name in (*one.lead, *one.support)} <= set(counts)
    one = matrix(held, PARK, "环境保护办公室")
    mine = sheets(one, head(held, one, TODAY, doc=PARK, department="环境保护办公室"), "department")
    assert [sheet.name for sheet in mine] == ["封面", "环保办"] and len(mine[1].lines) == len(one)


def test_names_of_sheets_are_such_as_a_spreadsheet_takes() -> None:
    names = ("甲/乙:丙[1]*?\\'", "甲/乙:丙[2]*?\\'", "长" * 60, "长" * 61, "History", "封面", "=1+1", "\x00")
    rows = [row(number, "内容", lead=(name,)) for number, name in enumerate(names)]
    data, _ = render("xlsx", rows, HEAD, "department")
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert len({name.lower() for name in book.sheetnames}) == len(names) + 1
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in book.sheetnames)
    places = {cell.hyperlink.location for line in book["封面"].iter_rows() for cell in line if cell.hyperlink}
    assert places == {f"'{name}'!A1" for name in book.sheetnames[1:]}


def test_the_coverage_is_that_of_the_gaps(held: KnowledgeBase) -> None:
    (sheet,) = tables(held, "coverage")
    lines = [line for line in texts(sheet) if line[1:] != [""] * 8 and len(line) > 1]
    found = gaps(held, CITY, PARK, held.not_applicable(CITY, PARK))
    assert [line[3] for line in lines] == [COVERAGE[one.state] for one in found]
    for line, one in zip(lines, found, strict=True):
        assert line[1].startswith(f"{one.upper.task} ") and line[8] == one.reason
        assert [part.split()[0] for part in line[4].split("\n") if part] == [lower.task for lower in one.lower]
        assert bool(line[6]) == bool(one.lower)
    assert all(
        f"{name} {sum(one.state == state for one in found)} 项" in sheet.legend for state, name in COVERAGE.items()
    )
    value = json.loads(render_coverage("json", held, CITY, PARK, TODAY)[0])
    assert [one["state"] for one in value["rows"]] == [one.state for one in found]
    some = render_coverage(
        "csv", held, CITY, PARK, TODAY, rows=[one for one in found if one.state == "gap"], filtered="缺口"
    )
    assert some[0].decode("utf-8-sig").count("○ 缺口") == sum(one.state == "gap" for one in found)


def test_the_targets_have_numbers_where_the_source_has_them(held: KnowledgeBase) -> None:
    data, _ = render_targets("xlsx", held, TODAY, doc=PARK)
    book = openpyxl.load_workbook(io.BytesIO(data))
    lines = [[cell.value for cell in line] for line in book["目标"].iter_rows() if isinstance(line[0].value, int)]
    mine = [one.target for one in targets(held) if one.doc == PARK]
    assert [line[1] for line in lines] == [one.indicator for one in mine]
    for line, one in zip(lines, mine, strict=True):
        assert line[4] == one.value if one.value is not None else line[4] in (None, "（原件缺数字）")
        assert line[7] == one.target_year
    value = json.loads(render_targets("json", held, TODAY, doc=PARK)[0])
    assert len(value["rows"]) == len(mine) and len(value["compared"]) == book["上下级对照"].max_row - 5


@pytest.mark.parametrize(
    ("printed", "shows"),
    [
        ("2025年6月30日", 'yyyy"年"m"月"d"日"'),
        ("2025年06月05日前", 'yyyy"年"mm"月"dd"日前"'),
        ("2025-06-30", 'yyyy"-"mm"-"dd'),
        ("2025年底", None),
        ("2025年6月", None),
        ("2025年2月30日", None),
        ("1899年1月1日", None),
        ("长期坚持", None),
        ("2025年6月30日起", None),
    ],
)
def test_a_deadline_is_a_day_only_where_one_is_printed(printed: str, shows: str | None) -> None:
    cell = deadline(printed)
    page = openpyxl.load_workbook(io.BytesIO(render("xlsx", [row(1, "甲", deadline=printed)], HEAD)[0])).active
    written = next(cell for line in page.iter_rows(min_row=6) for cell in line[5:6] if cell.value)
    if shows is None:
        assert cell == printed and (written.value, written.data_type) == (printed, "s")
    else:
        assert isinstance(cell, Dated) and cell.pattern == shows == written.number_format
        year, month, day = map(int, re.findall(r"\d+", printed))
        assert written.value == datetime(year, month, day)
    for form in ("docx", "csv", "html", "md"):
        assert printed.encode() in _flat(form, [row(1, "甲", deadline=printed)])


def _flat(form: str, rows: Sequence[MatrixRow]) -> bytes:
    """The bytes of a file in which its text can be looked for."""
    data = render(form, rows, HEAD)[0]
    if form == "md":
        return data.replace(b"\\", b"")
    return zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml") if form == "docx" else data


@pytest.mark.parametrize("evil", [*EVIL, "<r><t>x</t></r>", "_x0041_", "]]>", "&lt;", "</w:t>", "\ud800", "\ufffe"])
def test_nothing_breaks_out_of_a_document(evil: str) -> None:
    record = row(
        1, evil, title=evil, section=evil, document=evil, lead=(evil,), support=(evil,), remark=evil, deadline=evil
    )
    title = Head(evil, (("d", evil, evil),), TODAY, evil)
    for layout in ("list", "ledger", "grid", "department"):
        document = docx.Document(io.BytesIO(render("docx", [record], title, layout)[0]))  # type: ignore[arg-type]
        assert all(rel.target_ref.startswith(APP) for rel in document.part.rels.values() if rel.is_external)
        kinds = {element.tag for element in document.element.body.iter()}
        assert not kinds & {f"{W}instrText", f"{W}object", f"{W}altChunk"}
        book = openpyxl.load_workbook(io.BytesIO(render("xlsx", [record], title, layout)[0]))  # type: ignore[arg-type]
        values = {cell.value for page in book for line in page.iter_rows() for cell in line}
        if layout == "list" and evil != "_x0041_" and clean(evil):
            assert clean(evil) in values
        etree.fromstring(
            zipfile.ZipFile(io.BytesIO(render("xlsx", [record], title, layout)[0])).read("xl/worksheets/sheet1.xml")
        )  # type: ignore[arg-type]
    table = docx.Document(io.BytesIO(render("docx", [record], title)[0])).tables[0]
    assert cells_of(table._tbl.tr_lst[-1])[2] == clean(evil)


def test_a_grid_of_more_departments_than_word_takes_goes_on_below() -> None:
    rows = [row(number, "内容", lead=(f"第{number}处",)) for number in range(100)]
    document = docx.Document(io.BytesIO(render("docx", rows, HEAD, "grid")[0]))
    names = [cells_of(table._tbl.tr_lst[0]) for table in document.tables]
    assert all(len(one) <= MOST_COLUMNS and one[:2] == ["序号", "重点任务"] for one in names)
    assert [name for one in names for name in one[2:]] == [*(f"第{number}处" for number in range(100)), "部门数"]
    page = openpyxl.load_workbook(io.BytesIO(render("xlsx", rows, HEAD, "grid")[0])).active
    assert page.page_setup.fitToWidth == 1 or page.print_title_cols == "$A:$B"


def test_several_roles_in_a_cell_are_told_apart() -> None:
    roles = (
        ("甲处", "牵头", "lead"),
        ("乙处", "责任单位", "responsible"),
        ("丙局", "指导", "guide"),
        ("丁办", "配合", "support"),
    )
    bodies = [{"name": name, "role": role, "effective_role": effective} for name, role, effective in roles]
    record = row(1, "甲", lead=("甲处", "乙处"), support=("丙局", "丁办"), bodies=bodies)
    cells = texts(sheets([record], HEAD)[0])[1]
    assert cells[3:5] == ["牵头：甲处\n责任：乙处", "配合：丁办\n指导：丙局"]
    some = row(1, "甲", lead=("甲处",), bodies=bodies[:1], open=True)
    assert texts(sheets([some], HEAD)[0])[1][3:5] == ["甲处等", "文件未明确"]


OFFICE = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")


def office(folder: Path, kind: str, *files: Path) -> None:
    """Lets LibreOffice open files and save them as another kind in the folder ``out``."""
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/lo", "--convert-to", kind]
    command += ["--outdir", str(folder / "out"), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)


@OFFICE
def test_libreoffice_sees_the_same_cells_and_runs_none(held: KnowledgeBase, tmp_path: Path) -> None:
    evil = [row(number, text, title=text, lead=(text,), remark=text) for number, text in enumerate(EVIL, 1)]
    for form in ("xlsx", "csv"):
        (tmp_path / f"evil_{form}.{form}").write_bytes(render(form, evil, HEAD)[0])
    for layout in LAYOUTS:
        (tmp_path / f"{layout}.xlsx").write_bytes(
            WRITERS["xlsx"](tables(held, layout), "A3", "http://127.0.0.1:8501")[0]
        )
    office(tmp_path, "ods:calc8", *tmp_path.glob("*.xlsx"), *tmp_path.glob("*.csv"))
    for path in (tmp_path / "out").glob("*.ods"):
        content = zipfile.ZipFile(path).read("content.xml").decode()
        assert "table:formula" not in content and "#REF" not in content and "###" not in content
        links = set(re.findall(r'xlink:href="([^"]*)"', content))
        assert all(link.startswith((APP, "#", "http://127.0.0.1:8501/trace?task=")) for link in links)
        layout = path.stem
        if layout in LAYOUTS:
            plain = re.sub(r"<[^>]+>|\s", "", content)
            for sheet in tables(held, layout):
                for line in texts(sheet):
                    for cell in line:
                        assert (
                            re.sub(
                                r"\s",
                                "",
                                cell.replace("&", "&amp;")
                                .replace("<", "&lt;")
                                .replace('"', "&quot;")
                                .replace("'", "&apos;"),
                            )
                            in plain
                        )


@OFFICE
def test_libreoffice_prints_the_head_on_every_page(held: KnowledgeBase, tmp_path: Path) -> None:
    import pypdfium2

    for layout, forms in (("list", ("xlsx", "docx")), ("coverage", ("xlsx",))):
        for form in forms:
            (tmp_path / f"{layout}_{form}.{form}").write_bytes(
                WRITERS[form](tables(held, layout), "A4", "http://127.0.0.1:8501")[0]
            )
    office(tmp_path, "pdf", *tmp_path.glob("*.xlsx"), *tmp_path.glob("*.docx"))
    for path in (tmp_path / "out").glob("*.pdf"):
        layout = path.stem.partition("_")[0]
        (sheet,) = tables(held, layout)
        with contextlib.closing(pypdfium2.PdfDocument(path)) as pdf:
            assert len(pdf) > 2 and all(page.get_width() > page.get_height() for page in pdf)
            pages = [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in pdf]
        names = [column.name for column in sheet.columns[: sheet.seen]]
        assert all("".join(names[:2]) in page for page in pages)
        printed = "".join(character for page in pages for character in page)
        missing = [
            character
            for line in texts(sheet)
            for cell in line
            for character in set(cell) - set(" \n　")
            if character not in printed
        ]
        assert missing == [] and "###" not in printed


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_of_no_rows_is_a_file(form: str, held: KnowledgeBase) -> None:
    assert render_coverage(form, held, CITY, PARK, date(2026, 1, 1), rows=())[0]
    assert render_targets(form, held, date(2026, 1, 1), indicator="没有这样的指标")[0]
