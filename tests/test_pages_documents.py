"""文件: the list, a document opened at a place, and what is marked in its text."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from index.build import build
from index.knowledge_base import KnowledgeBase
from index.reading import pictures
from index.reading.inputs import BuildInput
from index.store import kept
from pages import document_pages, document_text
from schemas import Policy
from tests.kb_making import Item, made, policy
from tests.page_visiting import EVIL, Visits, addresses, goes, links, markup, ran, said, shows_text_as_text
from tests.pdf_making import Style, pdf
from tests.renditions import ofd

PARK, CITY = "scip-carbon-peak-2023", "shanghai-industry-carbon-peak-2022"


@pytest.fixture
def visit(knowledge_base: Path, monkeypatch: pytest.MonkeyPatch) -> Visits:
    return Visits(knowledge_base, monkeypatch)


def titles(page: Any) -> list[str]:
    return [label for label, target in links(page) if target.startswith("documents?doc=")]


def test_the_list_says_what_each_document_is(visit: Visits) -> None:
    page = visit("documents")
    assert titles(page)[0] == "上海化学工业区碳达峰实施方案" and len(titles(page)) == 10
    drawn = markup(page)
    assert "沪化管〔2023〕73号" in drawn and "2023-06-28" in drawn and "⚠ 15" in drawn and ">提纲<" in drawn


def test_the_list_is_filtered_and_its_address_says_so(visit: Visits) -> None:
    page = visit("documents", find="清洁生产")
    assert titles(page) == ["上海化学工业区清洁生产审核创新试点实施方案"]
    page = visit("documents", level="municipal")
    assert len(titles(page)) == 4
    page.text_input[0].input("工信部")
    assert "没有符合条件的文件" in said(ran(page)) and addresses(page) == {"level": "municipal", "find": "工信部"}


def test_a_document_is_opened_from_the_list(visit: Visits) -> None:
    page = goes(visit("documents"), visit, "清洁生产审核创新")
    assert addresses(page)["doc"] == "scip-cleaner-production-2022"
    assert "上海化学工业区清洁生产审核创新试点实施方案</h1>" in markup(page)


def test_the_address_of_a_task_marks_it_in_its_text(visit: Visits) -> None:
    page = visit("documents", doc=PARK, task="七.2")
    drawn = markup(page)
    (start,) = [found.start() for found in re.finditer("<p class='pt-here'><span class='pt-line'>245行", drawn)]
    assert "全面提升清洁生产水平" in drawn[start : start + 300]
    assert ">环保办</span>" in drawn and "title='责任：环保办'" in drawn
    assert ("追溯依据与落实", f"trace?task={PARK}#七.2") in links(page)
    assert "scrollIntoView" in drawn


def test_targets_and_defects_are_marked(visit: Visits) -> None:
    drawn = markup(visit("documents", doc=CITY, part="1")) + markup(visit("documents", doc=CITY, part="2"))
    assert "<span class='pt-aim' title='目标 t" in drawn
    assert "class='pt-bad' title='标题文字损坏（第 99 行）" in drawn


def test_the_outline_turns_to_a_section_and_to_a_task(visit: Visits) -> None:
    page = goes(visit("documents", doc=PARK), visit, "七 推行绿色制造体系")
    assert "七、推行绿色制造体系" in markup(page) and addresses(page)["part"] == "7"
    page = goes(page, visit, "七.1 夯实绿色低碳制造基础")
    assert addresses(page) == {"doc": PARK, "task": "七.1"}
    assert "<p class='pt-here'><span class='pt-line'>230行" in markup(page)


def test_a_place_without_a_task_is_marked_too(visit: Visits) -> None:
    with KnowledgeBase.open(visit.kb) as kb:
        defect = kb.policy(PARK).defects[1].origin
    assert defect is not None
    drawn = markup(visit("documents", doc=PARK, at=f"{defect.start}-{defect.end}"))
    assert re.search("pt-here'.*提升生态系统碳汇能力", drawn)


def test_every_task_of_the_corpus_is_found_in_the_part_that_is_shown(knowledge_base: Path) -> None:
    with KnowledgeBase.open(knowledge_base) as kb:
        for one in kb.policies():
            found = document_text.parts(one)
            assert found[0].start == 0 or one.text == "outline"
            assert [part.start for part in found[1:]] == [part.end for part in found[:-1]]
            assert found[-1].end == len(one.logical_text)
            assert sorted(task.id for part in found for task in part.tasks) == sorted(task.id for task in one.tasks)
            for task in one.tasks:
                part = found[document_text.part_at(found, document_text.begins(task))]
                assert task in part.tasks


def test_a_long_section_is_cut_before_tasks() -> None:
    items = [Item(f"三.{number}", f"任务{number}", "推进节能降碳。" * 60) for number in range(1, 60)]
    one = policy("long", "长文件", items)
    found = document_text.parts(one)
    assert len(found) > 3 and all(part.end - part.start <= document_text.MOST for part in found)
    begins = {document_text.begins(task) for task in one.tasks}
    assert all(part.start in begins for part in found[2:])


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ({"task": "九.9"}, "没有任务 九"),
        ({"at": "99999999"}, ""),
        ({"at": "x-y"}, ""),
        ({"part": "999"}, ""),
        ({"view": "<b>"}, ""),
        ({"page": "7", "view": "pages"}, ""),
        ({"task": EVIL}, "没有任务"),
    ],
)
def test_an_address_with_nonsense_is_answered(visit: Visits, address: dict[str, str], told: str) -> None:
    page = visit("documents", doc=PARK, **address)
    assert told in said(page) and "上海化学工业区碳达峰实施方案</h1>" in markup(page)
    shows_text_as_text(page)


def test_an_unknown_document_is_told_and_the_list_shown(visit: Visits) -> None:
    page = visit("documents", doc=EVIL)
    assert "没有文件" in said(page) and len(titles(page)) == 10
    shows_text_as_text(page)


def test_who_cites_it_and_what_it_cites(visit: Visits) -> None:
    page = visit("documents", doc="cn-industry-carbon-peak-2022", view="links")
    drawn = re.sub("<[^>]*>", "", markup(page))
    assert "制定依据　国家2030年前碳达峰行动方案" in drawn and "制定依据　市级上海市工业领域碳达峰实施方案" in drawn
    assert any(target == f"gaps?upper=cn-industry-carbon-peak-2022&lower={PARK}" for _, target in links(page))
    page = goes(page, visit, "2030年前碳达峰行动方案")
    assert addresses(page) == {"doc": "cn-carbon-peak-2030"}
    assert "不在知识库中" in markup(visit("documents", doc=CITY, view="links"))


def test_targets_and_defects_lead_to_their_place(visit: Visits) -> None:
    page = visit("documents", doc=PARK, view="findings")
    assert "完成 4.16 万吨/标煤节能考核目标" in markup(page) and "第 93 行" in markup(page)
    page = goes(page, visit, "看原文", 1)
    assert re.search("pt-here'.*完成 4.16 万吨/标煤节能考核目标", markup(page))


def test_versions_are_listed(visit: Visits, tmp_path: Path) -> None:
    assert "只有一个版本" in said(visit("documents", doc=PARK, view="versions"))
    for text in ("推进节能降碳。", "推进节能降碳，发展氢能。"):
        file = tmp_path / "某区方案.txt"
        file.write_text(f"某区绿色发展实施方案\n\n一、重点任务\n1．推进节能。{text}（责任部门：区经委）\n", "utf-8")
        build(tmp_path / "kb", [BuildInput(file)], jobs=1)
    with KnowledgeBase.open(tmp_path / "kb") as kb:
        slug = kb.policies()[0].slug
    page = visit("documents", tmp_path / "kb", doc=slug, view="versions")
    assert list(page.dataframe[0].value["版本"]) == ["第 2 版（现用）", "第 1 版"]


def test_text_of_a_document_is_shown_as_text(visit: Visits, tmp_path: Path) -> None:
    items = [
        Item("三.1", EVIL, f"推进节能。{EVIL}", ((EVIL[:40], "牵头"),), target_year=2025),
        Item("三.2", "节能", "长" * 10_000),
    ]
    made(tmp_path / "kb", policy("park", EVIL, items, issuers=(EVIL,), doc_number=EVIL))
    for address in (
        {},
        {"doc": "park"},
        {"doc": "park", "task": "三.1"},
        {"doc": "park", "task": "三.2"},
        {"doc": "park", "view": "findings"},
        {"doc": "park", "view": "links"},
    ):
        page = visit("documents", tmp_path / "kb", **address)
        shows_text_as_text(page)
    assert "&lt;script&gt;" in markup(visit("documents", tmp_path / "kb", doc="park"))


def test_a_pdf_shows_its_page_with_boxes(visit: Visits, tmp_path: Path) -> None:
    text = ["某区绿色发展实施方案", "一、重点任务", "1．推进节能。加快节能改造。（责任部门：区经委）"]
    file = tmp_path / "方案.pdf"
    file.write_bytes(pdf(text, Style(), titles=frozenset(text[:1])))
    build(tmp_path / "kb", [BuildInput(file)], jobs=1)
    visit.kb = tmp_path / "kb"
    with KnowledgeBase.open(visit.kb) as kb:
        (one,) = kb.policies()
    page = visit("documents", doc=one.slug, task=one.tasks[0].id, view="pages")
    assert "第 1 页，共 1 页" in markup(page)
    assert len(page.get("image")) == 1
    plain, chosen = (_page(visit.kb, one, task) for task in (None, one.tasks[0].id))
    box = one.tasks[0].origin.boxes[0]
    inside = (int(pictures.SCALE * box.x0) + 1, int(pictures.SCALE * box.bottom) - 2)
    assert plain.size == chosen.size and plain.getpixel(inside) != chosen.getpixel(inside)
    colours = {colour for _, colour in plain.getcolors(1 << 20) or []}
    assert {(0x1F, 0x5A, 0x8A), (0x5B, 0x7F, 0x95)} <= colours  # a box around the task, one around who answers for it


def test_an_ofd_shows_its_page_set_anew_with_boxes(visit: Visits, tmp_path: Path) -> None:
    if not pictures.can_set_type():
        pytest.skip("no Chinese type here: apt-get install fonts-noto-cjk")
    file = tmp_path / "方案.ofd"
    file.write_bytes(ofd(["某区绿色发展实施方案", "一、重点任务", "1．推进节能。加快节能改造。（责任部门：区经委）"]))
    build(tmp_path / "kb", [BuildInput(file)], jobs=1)
    visit.kb = tmp_path / "kb"
    with KnowledgeBase.open(visit.kb) as kb:
        (one,) = kb.policies()
    page = visit("documents", doc=one.slug, task=one.tasks[0].id, view="pages")
    assert "第 1 页，共 1 页" in markup(page) and len(page.get("image")) == 1 and "以 OFD 阅读器" in said(page)
    drawn = _page(visit.kb, one, one.tasks[0].id)
    colours = {colour for _, colour in drawn.getcolors(1 << 20) or []}
    assert {(0x1F, 0x5A, 0x8A), (0x5B, 0x7F, 0x95)} <= colours
    for body in one.tasks[0].origin.boxes:  # the characters stand inside the box of their task
        inside = drawn.crop(tuple(round(pictures.SCALE * edge) for edge in (body.x0, body.top, body.x1, body.bottom)))
        assert sum(inside.convert("L").histogram()[:80]) > 50


def test_a_scan_shows_its_picture(tmp_path: Path) -> None:
    scan = Image.new("RGB", (1240, 1754), "white")
    scan.paste((200, 0, 0), (0, 0, 620, 877))
    scan.save(tmp_path / "scan.tiff", save_all=True, append_images=[Image.new("RGB", (1240, 1754), (0, 0, 200))])
    box = pictures.Frameline((300.0, 421.0, 400.0, 500.0), "#00ff00", 3)
    first, second, none = (pictures.picture(tmp_path / "scan.tiff", "image", number, [box]) for number in (1, 2, 3))
    assert first and second and none is None
    shown = Image.open(io.BytesIO(first)).convert("RGB")
    assert shown.width == round(595 * pictures.SCALE) and shown.getpixel((20, 20)) == (200, 0, 0)
    assert shown.getpixel((round(300 * pictures.SCALE) + 1, round(450 * pictures.SCALE))) == (0, 255, 0)
    assert Image.open(io.BytesIO(second)).convert("RGB").getpixel((20, 20)) == (0, 0, 200)


@pytest.mark.parametrize("form", pictures.FORMATS)
def test_a_torn_file_is_not_drawn(tmp_path: Path, form: str) -> None:
    (tmp_path / "torn").write_bytes(b"%PDF-1.7\nPK\x03\x04" + bytes(range(256)))
    assert pictures.picture(tmp_path / "torn", form, 1, []) is None


def _page(kb: Path, one: Policy, task: str | None) -> Image.Image:
    stored = kept(kb, one.sha256)
    drawn = document_pages._picture.__wrapped__(str(stored), "", one.slug, 1, task, one)  # type: ignore[attr-defined]
    assert drawn is not None
    return Image.open(io.BytesIO(drawn)).convert("RGB")
