"""数据质量: every finding of `check` is there, counted, filtered, and leads to its place."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from index.exporting.export import render_findings
from index.findings import findings
from index.knowledge_base import KnowledgeBase
from index.reports.answers import FINDING
from schemas import Finding
from tests.kb_making import Item, made, policy
from tests.page_visiting import EVIL, Visits, addresses, goes, links, markup, press, said, shows_text_as_text

PARK = "scip-carbon-peak-2023"


@pytest.fixture
def visit(knowledge_base: Path, monkeypatch: pytest.MonkeyPatch) -> Visits:
    return Visits(knowledge_base, monkeypatch)


@pytest.fixture
def found(knowledge_base: Path) -> list[Finding]:
    with KnowledgeBase.open(knowledge_base) as kb:
        return list(findings(kb))


def test_all_findings_are_counted_by_gravity_and_kind(visit: Visits, found: list[Finding]) -> None:
    page = visit("quality")
    options = page.get("button_group")[0].options
    assert [int(one.rpartition(" ")[2]) for one in options] == [
        sum(one.severity == severity for one in found) for severity in ("error", "warning", "info")
    ]
    heads = re.findall("<h2>([^<]*条)", markup(page))
    for kind in {one.kind for one in found}:
        assert f"{FINDING[kind]}　{sum(one.kind == kind for one in found)} 条" in heads


def test_one_kind_is_shown_in_full(visit: Visits, found: list[Finding]) -> None:
    rows = [one for one in found if one.kind == "no_department"]
    page = visit("quality", kind="no_department")
    assert markup(page).count("pt-gravity") == 20
    while any("再显示" in one.label for one in page.button):
        page = press(page, "再显示")
    assert markup(page).count("pt-gravity") == len(rows)
    assert addresses(page) == {"kind": "no_department"}


def test_the_way_from_a_few_to_all_of_a_kind(visit: Visits) -> None:
    page = goes(visit("quality"), visit, "看全部")
    assert addresses(page) == {"kind": "missing_number"}


def test_filters_leave_what_they_say(visit: Visits, found: list[Finding]) -> None:
    rows = [one for one in found if one.doc == PARK and one.severity == "warning"]
    page = visit("quality", doc=PARK, severity="warning")
    heads = re.findall("<h2>([^<]*条)", markup(page))
    assert sum(int(one.rpartition("　")[2].removesuffix(" 条")) for one in heads) == len(rows) > 0
    assert "没有符合条件的事项" in said(visit("quality", doc="cn-carbon-opinions-2021", severity="error"))


def test_each_finding_leads_to_its_place(visit: Visits, found: list[Finding]) -> None:
    page = visit("quality", kind="garbled_heading")
    first = next(one for one in found if one.kind == "garbled_heading")
    assert first.origin
    (target, *_) = [target for label, target in links(page) if label == "看原文"]
    assert target == f"documents?doc={first.doc}&at={first.origin.start}-{first.origin.end}"
    assert ("去复核", "review") in links(visit("quality", kind="unknown_department"))


@pytest.mark.parametrize("address", [{"kind": "x"}, {"severity": EVIL}, {"doc": EVIL}])
def test_an_address_with_nonsense_is_answered(visit: Visits, address: dict[str, str]) -> None:
    page = visit("quality", **address)
    assert page.title[0].value == "数据质量" and "pt-gravity" in markup(page)
    shows_text_as_text(page)


def test_nothing_to_find_is_said(visit: Visits, tmp_path: Path) -> None:
    made(tmp_path / "kb", policy("park", "园区方案", [Item("三.1", "节能", "推进节能。", (("经发处", "责任部门"),))]))
    assert "没有发现问题" in said(visit("quality", tmp_path / "kb"))


def test_text_of_a_document_is_shown_as_text(visit: Visits, tmp_path: Path) -> None:
    made(tmp_path / "kb", policy("park", EVIL, [Item("三.1", EVIL, f"推进节能。{EVIL}", ((EVIL[:40], "牵头"),))]))
    page = visit("quality", tmp_path / "kb")
    assert "&lt;script&gt;" in markup(page)
    shows_text_as_text(page)


def test_the_list_is_saved(knowledge_base: Path, found: list[Finding]) -> None:
    with KnowledgeBase.open(knowledge_base) as kb:
        data, _ = render_findings("xlsx", kb, found, date(2025, 3, 1), filtered="程度：须处理")
        assert render_findings("csv", kb, found, date(2025, 3, 1))[0].count(b"\n") >= len(found)
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "数据质量清单" in cells[0] and "筛选：程度：须处理" in cells
    assert {one.message for one in found} <= set(cells)
