"""Journey 2: what of the municipal plan the park has not taken up; one task does not apply; the rest is saved."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

from openpyxl import load_workbook

from index.knowledge_base import KnowledgeBase
from index.linking.coverage import STATE_NAMES, gaps
from tests.browser.office import Office

PAIR = {"upper": "shanghai-industry-carbon-peak-2022", "lower": "scip-carbon-peak-2023"}


def test_what_the_park_has_not_taken_up(
    knowledge_base: Path, tmp_path: Path, serve: Callable[[Path], str], office: Callable[[str], Office]
) -> None:
    shutil.copytree(knowledge_base, tmp_path / "kb")
    holes, outside, a_carried_one, clause = _expected(tmp_path / "kb")
    window = office(serve(tmp_path / "kb")).go()
    window.turn_to("承接缺口")
    window.shot("all")
    assert "upper=shanghai-industry-carbon-peak-2022" in window.page.url
    window.press(f"缺口 {len(holes)}")
    window.shot("holes")
    said = window.reads()
    assert all(title in said for title in holes) and a_carried_one not in said and "state=gap" in window.page.url
    window.page.get_by_text("条未见承接").first.click()
    window.page.get_by_text(clause, exact=True).wait_for()
    window.shot("clauses")
    _exempt(window, holes, outside)
    window.press("导出")
    saved = window.save("下载 Excel 工作簿", tmp_path)
    cells = [str(cell.value) for row in load_workbook(saved).active.iter_rows() for cell in row if cell.value]  # type: ignore[union-attr]
    assert "筛选：承接情况：缺口" in cells and sum(cell.startswith("○") for cell in cells) == len(holes) - 1
    assert not any(holes[0] in cell for cell in cells) and any(holes[1] in cell for cell in cells)


def _expected(kb: Path) -> tuple[list[str], int, str, str]:
    """Titles of the holes, how many tasks do not apply, the title of one that is carried out, a clause of the first hole."""
    with KnowledgeBase.open(kb) as opened:
        rows = gaps(opened, **PAIR)
        upper = {task.id: task for task in opened.policy(PAIR["upper"]).tasks}
    titles = {state: [upper[row.upper.task].title or "" for row in rows if row.state == state] for state in STATE_NAMES}
    first = next(row for row in rows if row.state == "gap")
    return titles["gap"], len(titles["not_applicable"]), titles["covered"][0], first.missing_measures[0]


def _exempt(window: Office, holes: list[str], outside: int) -> None:
    """The first does not apply, for a reason and by somebody; it is gone from the holes and can be found with its reason."""
    window.page.get_by_role("button", name="标为不适用").first.click()
    window.page.get_by_label("理由").fill("园区没有这类企业")
    window.page.get_by_role("textbox", name="你的姓名").fill("王芳")
    window.page.get_by_role("textbox", name="你的姓名").press("Tab")
    window.settled()
    window.shot("reason")
    window.press("保存")
    window.page.get_by_role("dialog").wait_for(state="hidden")
    window.settled()
    window.shot("one-less")
    assert f"缺口 {len(holes) - 1}" in window.reads() and holes[0] not in window.reads()
    window.press(f"不适用 {outside + 1}")
    assert "人工认定不适用：园区没有这类企业" in window.reads() and "王芳" in window.reads()
    window.shot("not-applicable")
    window.press(f"缺口 {len(holes) - 1}")


def test_a_carrier_leads_to_its_trace_and_the_task_to_its_text(bundled: str, office: Callable[[str], Office]) -> None:
    window = office(bundled).go("gaps", **PAIR)
    window.page.get_by_role("link", name="三.1 打造先进高端产业").first.click()
    window.page.get_by_role("heading", name="责任追溯", level=1).wait_for()
    window.settled()
    assert unquote(window.page.url).endswith("trace?task=scip-carbon-peak-2023#三.1")
    window.go("gaps", **PAIR)
    window.page.get_by_role("link", name="看原文").first.click()
    here = window.page.locator(".pt-here").first
    here.wait_for()
    window.settled()
    window.shot("text")
    assert "打造先进高端产业集群" in here.inner_text() and here.evaluate("e => e.getBoundingClientRect().top") < 768
