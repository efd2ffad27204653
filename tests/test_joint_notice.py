"""A notice as offices set it gives the same records as text, Word, PDF, and in whatever LibreOffice makes of it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus import read_bytes, read_text
from corpus.formats import office
from extract import extract
from schemas import Policy
from tests import joint_notice, notice_pages
from tests.pdf_office import soffice
from tests.test_workbooks import HEAD, ROWS, sheet

ENDINGS = {"pdf": "pdf", "doc": "wps", "odt": "odt", "rtf": "doc", "html": "htm"}
"""What LibreOffice writes, and the ending under which the file is brought."""


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the document in all these formats."""
    folder = tmp_path_factory.mktemp("notice")
    (folder / "a.docx").write_bytes(joint_notice.docx())
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    for ending in ENDINGS:
        command = [
            soffice(),
            "--headless",
            profile,
            "--convert-to",
            ending,
            "--outdir",
            str(folder),
            str(folder / "a.docx"),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    yield folder
    shutil.rmtree(folder)


def check(policy: Policy) -> None:
    """The records that a careful reader finds in it."""
    assert policy.title == "某市工业领域绿色低碳高质量发展三年行动方案（2023—2025年）"
    assert policy.notice_title and policy.notice_title.endswith(f"关于印发《{policy.title}》的通知")
    assert (policy.doc_number, policy.date) == ("某工信〔2023〕56号", "2023-11-07")
    assert policy.issuers == ("某市工业和信息化局", "某市发展和改革委员会")
    assert policy.basis == ("工业领域碳达峰实施方案", "某省工业领域碳达峰实施方案")
    assert [(t.id, t.kind, t.deadline, [(d.name, d.effective_role) for d in t.departments]) for t in policy.tasks] == [
        (
            "二.一.1", "task", None,
            [("市发展改革委", "lead"), ("市工业和信息化局", "lead"), ("市生态环境局", "responsible"), ("市自然资源和规划局", "responsible")],
        ),
        ("二.一.2", "task", None, [("市工业和信息化局", "lead")]),
        ("二.二.3", "task", None, [("市工业和信息化局", "responsible"), ("市发展改革委", "responsible")]),
        (
            "二.二.4", "task", None,
            [(name, "responsible") for name in ("市发展改革委", "市能源局", "各县（市、区）人民政府", "市高新区管委会")],
        ),
        ("二.二.5", "task", "2024年12月底", [("市工业和信息化局", "responsible")]),
        ("三.一", "safeguard", None, []),
        ("三.二", "safeguard", None, [("市财政局", "responsible"), ("市工业和信息化局", "responsible")]),
    ]  # fmt: skip
    assert [(t.task, t.value, t.unit) for t in policy.targets] == [
        (None, 14.5, "%"), (None, 120, "家"), (None, 8, "家"), (None, 98, "%"), (None, None, None), ("二.一.1", 48, "%"),
        ("二.一.2", 30, "项"), ("二.二.3", 20, "万吨标准煤"), ("二.二.4", 50, "万千瓦"), ("二.二.4", 10, "亿千瓦时"), ("二.二.4", 350, "万吨"),
    ]  # fmt: skip
    assert [[r.no, r.item, "、".join(d.name for d in r.departments), r.deadline] for r in policy.division] == [
        [no, item, f"{lead}、{support}", due] for no, item, lead, support, due in joint_notice.DIVISION[1:]
    ]
    assert [(p.no, p.name) for p in policy.projects] == [(1, "甲公司余热利用项目"), (2, "乙园区光伏项目")]


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_libreoffice_makes_of_it(converted: Path, ending: str) -> None:
    source = read_bytes((converted / f"a.{ending}").read_bytes(), f"通知.{ENDINGS[ending]}")
    assert source.format == ending
    check(extract(source))


def test_the_word_file() -> None:
    check(extract(read_bytes(joint_notice.docx(), "通知.docx")))


@pytest.mark.parametrize("site", ["gov_cn", "sh_gov_cn", "ministry", "tables_in_gbk", "line_breaks"])
def test_pages_of_sites(site: str) -> None:
    source = read_bytes(getattr(notice_pages, site)(), "通知.html")
    check(extract(source))
    around = "首页|推进政务|打印|分享|(?<!文)字号|字体|浏览|扫一扫|责任编辑|上一篇|热点|相关|一图读懂|召开会议|答记者问|版权|标识码"
    assert not re.findall(around, source.text)


def test_the_text() -> None:
    check(extract(read_text(joint_notice.text())))


def test_the_list_of_attachments_is_no_clause() -> None:
    """Where the plan prints another title than the notice, its clauses begin behind the signature all the same."""
    policy = extract(read_text(joint_notice.text(["某市工业绿色发展行动方案"])))
    assert [t.id for t in policy.tasks][:3] == ["二.一.1", "二.一.2", "二.二.3"]
    assert policy.date == "2023-11-07" and len(policy.division) == 4


@pytest.mark.parametrize(
    "head",
    [
        "中共清江市委文件\n\n清发〔2022〕15号\n\n中共清江市委 清江市人民政府关于打好治污攻坚战的实施方案",
        "清发〔2022〕15号\n\n中共清江市委\n清江市人民政府\n关于打好治污攻坚战的实施方案",
    ],
)
def test_a_title_names_all_its_issuers_and_no_red_head(head: str) -> None:
    policy = extract(
        read_text(f"{head}\n\n（2022年8月19日）\n\n一、治水\n（一）截污。推进截污。\n（二）清淤。推进清淤。")
    )
    assert policy.title == "中共清江市委 清江市人民政府关于打好治污攻坚战的实施方案"
    assert policy.issuers == ("中共清江市委", "清江市人民政府") and policy.date == "2022-08-19"


@pytest.mark.skipif(office.program() is None, reason="LibreOffice is not installed here")
@pytest.mark.parametrize(("ending", "name"), [("xls", "分工.et"), ("ods", "分工.ods"), ("xls", "分工.xlsx")])
def test_old_workbooks_give_the_tasks_of_the_new(ending: str, name: str) -> None:
    data = sheet([["某市节水任务分工表", *[""] * 5], HEAD, *ROWS], merged=("A1:F1",))
    expected = extract(read_bytes(data, "分工.xlsx"))
    found = extract(read_bytes(office.convert(data, ".xlsx", ending, "a.xlsx"), name))
    assert found.tasks and [
        (t.id, t.title, t.text, t.deadline, [d.name for d in t.departments]) for t in found.tasks
    ] == [(t.id, t.title, t.text, t.deadline, [d.name for d in t.departments]) for t in expected.tasks]
