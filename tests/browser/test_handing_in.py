"""Journey 3: the 任务分工表 of 经发处, saved from the page and opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from docx import Document
from openpyxl import load_workbook

from tests.browser.office import Office


def test_the_table_of_a_department(bundled: str, office: Callable[[str], Office], tmp_path: Path) -> None:
    window = office(bundled).go("matrix")
    window.choose("责任部门", "经发处")
    assert "共 17 项任务" in window.reads()
    window.shot("preview")
    saved = window.press("导出").save("下载 Excel 工作簿", tmp_path)
    assert saved.name == "全部文件任务分工表-经发处.xlsx"
    sheet = load_workbook(saved).worksheets[0]
    cells = [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]
    assert any("上海化学工业区碳达峰实施方案任务分工表" in cell for cell in cells[0])
    said = "\n".join("\t".join(row) for row in cells)
    assert "责任部门为“经发处”" in said and "打造先进高端产业" in said and "第111行" in said
    numbers = [row[0] for row in cells if row[0].isdigit()]
    assert numbers == [str(number) for number in range(1, 18)]
    assert all("经发处" in "".join(row) for row in cells if row[0].isdigit())


def test_other_layouts_and_formats(bundled: str, office: Callable[[str], Office], tmp_path: Path) -> None:
    window = office(bundled).go("matrix", doc="scip-carbon-peak-2023")
    window.press("任务 × 部门")
    assert "layout=grid" in window.page.url and "●" in window.reads()
    window.shot("grid")
    written = Document(str(window.press("导出").save("下载 Word 文件", tmp_path)))
    assert written.tables[0].cell(0, 0).text == "序号"
    assert window.save("下载 CSV", tmp_path).read_text("utf-8-sig").count("\n") > 20
