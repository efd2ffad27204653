"""A 任务分工表 that people filled in comes back: shuffled, with columns moved, edited, damaged, or meant to do harm."""

from __future__ import annotations

import io
import json
import random
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cli import main
from index.exporting.export import head, render
from index.exporting.sheet import Layout
from index.knowledge_base import KnowledgeBase
from index.returned import Returned, archive, compare, read
from index.returned.filled import names, same_day, same_names
from index.returned.reading import day_text
from index.views import matrix
from schemas import UnreadableSource
from tests import decision_making
from tests.decision_making import CITY, PARK
from tests.kb_making import made

TODAY = date(2026, 11, 25)
LEAD, SUPPORT, UNTIL, REMARK = "牵头/责任部门", "配合部门", "完成时限", "备注"
BUNDLED = "scip-carbon-peak-2023"


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    path = tmp_path / "kb"
    made(path, PARK, CITY)
    return path


@pytest.fixture
def own(knowledge_base: Path, tmp_path: Path) -> Path:
    """The bundled knowledge base, to be written to."""
    return Path(shutil.copytree(knowledge_base, tmp_path / "own"))


def exported(kb: Path, path: Path, layout: Layout = "list", doc: str | None = "park-2023") -> Path:
    with KnowledgeBase.open(kb) as held:
        rows = matrix(held, doc)
        path.write_bytes(render(path.suffix[1:], rows, head(held, rows, TODAY, doc=doc), layout)[0])
    return path


def compared(kb: Path, path: Path) -> Returned:
    with KnowledgeBase.open(kb) as held:
        return compare(held, read(path))


def edited(path: Path, edit: Callable[[Any, dict[str, int]], None]) -> Path:
    """Opens the workbook as people do, changes its first sheet, saves it; `edit` gets the sheet and its columns."""
    book = openpyxl.load_workbook(path)
    sheet = book.active
    top = next(line for line in sheet.iter_rows() if line[0].value == "序号")
    edit(sheet, {cell.value: cell.column for cell in top})
    book.save(path)
    return path


def row_of(sheet: Any, columns: dict[str, int], ref: str) -> int:
    return next(line[0].row for line in sheet.iter_rows() if line[columns["编号"] - 1].value == ref)


def put(ref: str, column: str, value: object) -> Callable[[Any, dict[str, int]], None]:
    def edit(sheet: Any, columns: dict[str, int]) -> None:
        sheet.cell(row_of(sheet, columns, ref), columns[column]).value = value

    return edit


def run(kb: Path, *arguments: object) -> int:
    return main(["matrix", "--kb", str(kb), *map(str, arguments)])


@pytest.mark.parametrize("layout", ["list", "ledger", "department"])
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_what_nobody_touched_is_no_difference(
    knowledge_base: Path, tmp_path: Path, layout: Layout, ending: str
) -> None:
    found = compared(knowledge_base, exported(knowledge_base, tmp_path / f"x.{ending}", layout, None))
    assert (found.changes, found.conflicts, found.refused) == ((), (), ())
    assert found.unchanged == found.rows >= 361


def test_a_shuffled_file_with_moved_and_hidden_columns_and_lost_rows_comes_home(own: Path, tmp_path: Path) -> None:
    path = exported(own, tmp_path / "x.xlsx", doc=BUNDLED)
    sheet = openpyxl.load_workbook(path).active
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    top = next(number for number, line in enumerate(lines) if line[0] == "序号")
    heads, rows = lines[top], [line for line in lines[top + 1 :] if isinstance(line[0], int)]
    at = {name: number for number, name in enumerate(heads)}
    by_ref = {line[at["编号"]]: line for line in rows}
    by_ref[f"{BUNDLED}#三.1"][at[LEAD]] = "牵头：经发处\n责任：环保办"
    by_ref[f"{BUNDLED}#三.2"][at[SUPPORT]] = "安监处"
    by_ref[f"{BUNDLED}#四.1"][at[UNTIL]] = datetime(2027, 6, 30)
    by_ref[f"{BUNDLED}#四.2"][at[REMARK]] = "主任批示：先办"
    by_ref[f"{BUNDLED}#五.1"][at[LEAD]] = ""
    chance = random.Random(5)
    kept = [line for line in rows if line[at["编号"]] != f"{BUNDLED}#六.1"]
    chance.shuffle(kept)
    kept.insert(3, ["", "手工加的任务", "内容", "经发处", *[None] * (len(heads) - 4)])
    order = list(range(len(heads)))
    chance.shuffle(order)
    book = openpyxl.Workbook()
    for line in [["会签稿"], [], heads, *kept]:
        book.active.append([line[number] if len(line) > number else None for number in order])
    book.active.column_dimensions["C"].hidden = True
    for number in range(5, 12):
        book.active.row_dimensions[number].hidden = True
    book.save(path)

    found = compared(own, path)
    said = {(one.ref.partition("#")[2], one.column): (one.before, one.after) for one in found.changes}
    assert said == {
        ("三.1", LEAD): ("经发处、发展公司", "牵头：经发处\n责任：环保办"),
        ("三.2", SUPPORT): ("文件未明确", "安监处"),
        ("四.1", UNTIL): ("", "2027-06-30"),
        ("四.2", REMARK): ("", "主任批示：先办"),
        ("五.1", LEAD): ("经发处", ""),
    }
    assert [(one.row, "手工加的行" in one.reason) for one in found.refused] == [(7, True)]
    assert found.conflicts == () and found.rows == 26

    assert run(own, "--import", path, "--who", "张三", "--why", "会签", "--yes") == 1  # a row was refused
    with KnowledgeBase.open(own) as held:
        tasks = {task.id: task for task in held.policy(BUNDLED).tasks}
        history = held.history()
    bodies = [(body.name, body.effective_role, body.canonical) for body in tasks["三.1"].departments]
    assert [one[:2] for one in bodies] == [("经发处", "lead"), ("环保办", "responsible")] and all(
        one[2] for one in bodies
    )
    assert [(body.name, body.effective_role) for body in tasks["三.2"].departments][-1] == ("安监处", "support")
    assert (tasks["四.1"].deadline, tasks["四.2"].remark) == ("2027-06-30", "主任批示：先办")
    assert (tasks["五.1"].departments, tasks["五.1"].departments_from) == ((), "none")
    assert len(history) == 5 and {(one.who, one.why, one.verdict) for one in history} == {("张三", "会签", "correct")}
    again = compared(own, path)
    assert (again.changes, again.conflicts) == ((), ())
    assert compared(own, exported(own, path, doc=BUNDLED)).unchanged == 26


def test_who_changed_the_same_cell_meanwhile_is_not_overruled(kb: Path, tmp_path: Path) -> None:
    path = edited(exported(kb, tmp_path / "x.xlsx"), put("park-2023#三.1", UNTIL, "2026年底"))
    assert [one.after for one in compared(kb, path).changes] == ["2026年底"]
    decision_making.decide(kb, "correct", "park-2023#三.1", who="李四", field="deadline", after="2027年底", why="会议")
    found = compared(kb, path)
    assert found.changes == () and found.corrections == ()
    one = found.conflicts[0]
    assert (one.exported, one.before, one.after) == ("", "2027年底", "2026年底")
    assert "李四" in one.conflict and "会议" in one.conflict
    assert run(kb, "--import", path, "--yes", "--who", "张三") == 1
    with KnowledgeBase.open(kb) as held:
        assert held.task("park-2023#三.1")[1].deadline == "2027年底" and len(held.history()) == 1


def test_others_changes_of_other_cells_stay(kb: Path, tmp_path: Path) -> None:
    path = edited(exported(kb, tmp_path / "x.xlsx"), put("park-2023#三.1", SUPPORT, "环保办"))
    bodies = [{"name": "规划处", "role": "牵头", "effective_role": "lead", "canonical": None}]
    decision_making.decide(kb, "correct", "park-2023#三.1", who="李四", field="departments", after=bodies)
    decision_making.decide(kb, "correct", "park-2023#三.2", who="李四", field="remark", after="另议")
    assert run(kb, "--import", path, "--yes", "--who", "张三") == 0
    with KnowledgeBase.open(kb) as held:
        first, second = held.policy("park-2023").tasks
    assert [(one.name, one.effective_role) for one in first.departments] == [("规划处", "lead"), ("环保办", "support")]
    assert second.remark == "另议"


def test_a_task_that_was_renumbered_is_found_and_one_that_was_reworded_is_refused(kb: Path, tmp_path: Path) -> None:
    path = edited(exported(kb, tmp_path / "x.xlsx"), put("park-2023#三.2", REMARK, "急"))
    first, second = PARK.tasks
    moved = PARK.model_copy(update={"tasks": (first, second.model_copy(update={"id": "四.1"}))})
    made(kb, moved, CITY)
    found = compared(kb, path)
    assert [(one.ref, one.after) for one in found.changes] == [("park-2023#四.1", "急")]
    assert "编号已由 park-2023#三.2 变为" in found.changes[0].note
    other = second.model_copy(update={"title": "发展储能", "text": "发展储能和智能电网。"})
    made(kb, PARK.model_copy(update={"tasks": (first, other)}), CITY)
    found = compared(kb, path)
    assert found.changes == () and "导出后改过" in found.refused[0].reason


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (put("park-2023#三.1", REMARK, "=1+1"), "公式"),
        (put("park-2023#三.1", LEAD, "=B7"), "公式"),
        (put("park-2023#三.1", REMARK, "长" * 3000), "超过 2,000 字"),
        (
            put(
                "park-2023#三.1",
                LEAD,
                "请经济发展处会同环境保护办公室和规划建设处尽快研究提出具体的工作方案并报管委会主任办公会议审定",
            ),
            "部门名称",
        ),
        (put("park-2023#三.1", "主要内容", "改了的原文"), "不从表中读回"),
        (put("park-2023#三.1", "上级依据", "《别的》一"), "不从表中读回"),
        (put("park-2023#三.1", "编号", "no-such#三.1"), "没有文件 no-such"),
        (put("park-2023#三.1", "编号", "park-2023#九.9"), ""),
        (put("park-2023#三.1", "导出时", "[{}]"), ""),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_row_and_the_reason(
    kb: Path, tmp_path: Path, edit: Any, said: str
) -> None:
    found = compared(kb, edited(exported(kb, tmp_path / "x.xlsx"), edit))
    assert found.changes == ()
    assert [said in one.reason and one.row > 5 for one in found.refused] == ([True] if said else [])


def test_two_rows_of_one_task_must_agree(kb: Path, tmp_path: Path) -> None:
    path = exported(kb, tmp_path / "x.xlsx")

    def copy(sheet: Any, columns: dict[str, int]) -> None:
        number = row_of(sheet, columns, "park-2023#三.1")
        sheet.append([sheet.cell(number, column).value for column in range(1, sheet.max_column + 1)])
        sheet.cell(sheet.max_row, columns[REMARK]).value = "急"

    assert [one.after for one in compared(kb, edited(path, copy)).changes] == ["急"]  # the other row is untouched
    found = compared(kb, edited(path, put("park-2023#三.1", REMARK, "缓")))
    assert found.changes == () and "写得不同" in found.refused[0].reason

    def other_task(sheet: Any, columns: dict[str, int]) -> None:
        for column, text in (("重点任务", "全新的任务"), ("主要内容", "全新的内容"), (REMARK, "急")):
            sheet.cell(sheet.max_row, columns[column]).value = text

    found = compared(kb, edited(path, other_task))
    assert any("复制后改写" in one.reason for one in found.refused)
    assert [one.after for one in found.changes] == ["缓"]


def test_a_file_without_its_hidden_columns_is_known_by_its_wording(kb: Path, tmp_path: Path) -> None:
    def strip(sheet: Any, columns: dict[str, int]) -> None:
        for line in sheet.iter_rows(min_row=6):
            for name in ("编号", "导出时"):
                cell = line[columns[name] - 1]
                if not isinstance(cell, openpyxl.cell.MergedCell):
                    cell.value = None

    path = edited(exported(kb, tmp_path / "x.xlsx"), put("park-2023#三.2", UNTIL, "2026年底"))
    found = compared(kb, edited(path, strip))
    assert [(one.ref, one.note) for one in found.changes] == [("park-2023#三.2", "没有编号，按文字认出")]
    assert ["有 2 项任务文字相同" in one.reason for one in found.refused] == [True]
    decision_making.decide(kb, "correct", "park-2023#三.2", who="李四", field="deadline", after="2027年底")
    assert "没有记下导出时的内容" in compared(kb, path).conflicts[0].conflict


def test_a_csv_that_excel_saved_in_gbk_comes_back(kb: Path, tmp_path: Path) -> None:
    path = exported(kb, tmp_path / "x.csv")
    text = path.read_text("utf-8-sig").replace("经发处,", "经发处、环保办,", 1)
    path.write_bytes(text.encode("gb18030"))
    assert [(one.row, one.before, one.after) for one in compared(kb, path).changes] == [(2, "经发处", "经发处、环保办")]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
@pytest.mark.parametrize("layout", ["list", "department"])
def test_a_file_that_libreoffice_saved_comes_back(own: Path, tmp_path: Path, layout: Layout) -> None:
    decision_making.decide(own, "correct", f"{BUNDLED}#三.1", field="deadline", after="2025年6月30日前")
    path = exported(own, tmp_path / "x.xlsx", layout, BUNDLED)
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/lo", "--convert-to", "xlsx"]
    subprocess.run(
        [*command, "--outdir", str(tmp_path / "out"), str(path)], check=True, capture_output=True, timeout=120
    )
    found = compared(own, tmp_path / "out" / "x.xlsx")
    assert (found.changes, found.conflicts, found.refused) == ((), (), ()) and found.rows >= 26


def test_the_command_shows_first_and_stores_when_told(
    kb: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = edited(exported(kb, tmp_path / "x.xlsx"), put("park-2023#三.1", UNTIL, "2026年底"))
    assert run(kb, "--import", path) == 1
    out, err = capsys.readouterr()
    assert "改动 1 处" in out and "完成时限：无 → 2026年底" in out and "没有写入" in err
    assert run(kb, "--import", path, "--json") == 1
    value = json.loads(capsys.readouterr().out)
    assert (value["changes"][0]["after"], value["stored"]) == ("2026年底", [])
    for stream in ("stdin", "stdout"):
        monkeypatch.setattr(f"sys.{stream}.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda: "n")
    assert run(kb, "--import", path) == 1
    monkeypatch.setattr("builtins.input", lambda: "y")
    assert run(kb, "--import", path, "--who", "张三") == 0
    assert "已写入 1 个更正" in capsys.readouterr().err
    assert run(kb, "--import", path) == 0
    with KnowledgeBase.open(kb) as held:
        assert [(one.who, one.before, one.after, one.why) for one in held.history()] == [
            ("张三", None, "2026年底", "由 x.xlsx 读回")
        ]


def test_what_changed_while_the_person_read_is_shown_again_and_not_stored(
    kb: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = edited(exported(kb, tmp_path / "x.xlsx"), put("park-2023#三.1", UNTIL, "2026年底"))
    for stream in ("stdin", "stdout"):
        monkeypatch.setattr(f"sys.{stream}.isatty", lambda: True)

    def answer() -> str:
        decision_making.decide(kb, "correct", "park-2023#三.1", who="李四", field="deadline", after="2027年底")
        return "y"

    monkeypatch.setattr("builtins.input", answer)
    assert run(kb, "--import", path, "--who", "张三") == 1
    assert "刚刚有了变化，没有写入" in capsys.readouterr().out
    with KnowledgeBase.open(kb) as held:
        assert [one.who for one in held.history()] == ["李四"]


def workbook_with(part: str, data: bytes) -> bytes:
    target = io.BytesIO()
    openpyxl.Workbook().save(target)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(part, data)
    return target.getvalue()


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbb">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("x.xlsx", b"", "完好"),
        ("x.xlsx", b"PK\x03\x04 damaged", "完好"),
        ("x.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "密码"),
        ("x.xlsx", workbook_with("xl/extra.xml", ENTITIES), "声明"),
        ("x.xlsx", workbook_with("xl/extra.xml", b" " * ((1 << 20) - 5) + ENTITIES), "声明"),
        ("x.xlsx", workbook_with("xl/extra.xml", ENTITIES.decode().encode("utf-16")), "声明"),
        ("x.xlsx", workbook_with("xl/extra.txt", b""), "没有找到任务分工表"),
        ("x.csv", "章,节\n一,二\n".encode(), "没有找到任务分工表"),
        ("x.csv", b"\x00\x01\x02" * 99, "不是文本"),
        ("x.csv", ("重点任务,备注\n甲," + "长" * 140_000).encode(), "不是完好的 .csv"),
        ("x.pdf", b"%PDF", "不能读回"),
    ],
)
def test_a_file_that_is_none_is_told_in_words(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(UnreadableSource, match=said):
        read(path)


def test_a_file_that_would_grow_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(workbook_with("xl/worksheets/sheet9.xml", bytes(4_000_000)))
    monkeypatch.setattr(archive, "MAX_UNPACKED", 1_000_000)
    with pytest.raises(UnreadableSource, match="解压后过大"):
        read(path)
    with pytest.raises(UnreadableSource, match="不能读取"):
        read(tmp_path / "no-such.xlsx")


def test_a_damaged_workbook_is_read_or_refused_and_nothing_else(kb: Path, tmp_path: Path) -> None:
    whole = exported(kb, tmp_path / "x.xlsx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(whole)) as parts:
        entries = {name: parts.read(name) for name in parts.namelist()}
    chance = random.Random(7)
    for _ in range(60):
        name = chance.choice([name for name in entries if name.startswith("xl/")])
        data = bytearray(entries[name])
        for _ in range(chance.choice((1, 5, 60))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path = tmp_path / "y.xlsx"
        with zipfile.ZipFile(path, "w") as parts:
            for other, content in entries.items():
                parts.writestr(other, bytes(data) if other == name else content)
        try:
            compared(kb, path)
        except UnreadableSource:
            continue


def test_cells_are_compared_by_what_they_say() -> None:
    assert names("牵头：甲处；责任：乙处、丙办") == (("牵头", "甲处"), ("责任", "乙处"), ("责任", "丙办"))
    assert names("文件未明确") == names(" 无 ") == ()
    assert names("甲处、乙处等", is_open=True) == (("", "甲处"), ("", "乙处"))
    assert same_names("甲处，乙处", "甲处、乙处") and not same_names("甲处、乙处", "乙处、甲处")
    assert same_day("2025年6月30日", "2025/6/30") and same_day("", "无")
    assert not same_day("2025年6月30日", "2025年6月30日前")
    assert day_text(date(2025, 6, 1), 'YYYY"年"M"月"') == "2025年6月"
    assert day_text(date(2025, 6, 30), "[$-804]yyyy\\年mm\\月dd\\日;@") == "2025年06月30日"
    assert day_text(date(2025, 6, 30), "mm-dd-yy") == "2025年6月30日"
