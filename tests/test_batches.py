"""A folder of many files: all cores, one bad file stops nothing, all is told, interrupted and repeated without loss.

``BATCH`` in the environment sets how many files there are (500 for the measure that the project promises).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from cli import main
from index import build as building
from index.build import BuildInput, BuildReport, build
from index.reading.copies import wording
from index.reading.inputs import gather
from index.reports.answers import built
from schemas import Defect
from tests.batch_making import mixed
from tests.kb_making import Item, policy, reading_hand_made, write

ROOT = Path(__file__).parent.parent
COUNT = int(os.environ.get("BATCH", "14"))


def report_of(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict[str, Any]]:
    code = main([*map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[str]]]:
    """A folder of mixed files, and what should become of each."""
    path = tmp_path_factory.mktemp("batch") / "来文"
    return path, mixed(path, COUNT)


def test_a_folder_is_read_told_and_not_read_again(
    folder: tuple[Path, dict[str, list[str]]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, names = folder
    code, first = report_of(capsys, "build", path, "--kb", tmp_path / "kb")
    by_state: dict[str, set[str]] = {}
    for row in first["rows"]:
        by_state.setdefault(row["state"], set()).add(Path(row["file"]).name)
    assert code == 1
    assert by_state["新增"] == set(names["read"])
    assert by_state["重复"] == set(names["copy"])
    assert by_state["失败"] == set(names["refused"]) | ({"网页.html"} & by_state["失败"])
    assert {"合影.mp4", "压缩包.rar"} <= {Path(name).name for name in first["passed_over"]}
    assert all(row["problem"] and row["hint"] for row in first["rows"] if row["state"] == "失败")
    assert first["documents"] == len(names["read"])

    code, second = report_of(capsys, "build", path, "--kb", tmp_path / "kb")
    assert (code, second["documents"], second["generation"]) == (1, first["documents"], first["generation"])
    again = {Path(row["file"]).name: row for row in second["rows"]}
    assert {again[name]["state"] for name in names["read"]} == {"未变"}
    assert {again[name]["state"] for name in names["copy"]} == {"重复"}
    assert sum(row["seconds"] for row in second["rows"] if row["state"] != "失败") == 0


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_an_interrupted_batch_goes_on_where_it_stopped(
    folder: tuple[Path, dict[str, list[str]]], tmp_path: Path
) -> None:
    kb = tmp_path / "kb"
    process = subprocess.Popen(
        [sys.executable, "cli.py", "build", str(folder[0]), "--kb", str(kb)], cwd=ROOT, stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 60
    while put_aside(kb) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.kill()
    process.communicate(timeout=30)
    done = put_aside(kb)
    assert 3 <= done < COUNT

    read: list[Path] = []
    with pytest.MonkeyPatch.context() as patch:
        own = building.read_all
        patch.setattr(
            building, "read_all", lambda jobs, *rest: read.extend(job.path for job in jobs) or own(jobs, *rest)
        )
        report = build(kb, [BuildInput(folder[0])])
    assert len(read) == len(report.rows) - done
    assert report.documents == len(folder[1]["read"])
    assert put_aside(kb) == 0


def put_aside(kb: Path) -> int:
    """Files that were read and are not stored yet."""
    import sqlite3
    from contextlib import closing

    if not (kb / "records.sqlite").exists():
        return 0
    with closing(sqlite3.connect(f"file:{kb / 'records.sqlite'}?mode=ro", uri=True)) as database:
        try:
            return int(database.execute("SELECT count(*) FROM readings").fetchone()[0])
        except sqlite3.OperationalError:  # not made yet
            return 0


def document(slug: str, text: str, title: str = "某区绿色低碳发展方案", **more: Any) -> Any:
    return policy(slug, title, [Item("三.1", "节能", text, (("区经委", "责任单位"),))], **more)


def rows(report: BuildReport) -> list[tuple[str, str | None]]:
    return [(row.state, row.slug) for row in report.rows]


def test_a_document_in_two_formats_is_kept_once(tmp_path: Path) -> None:
    kb, word = tmp_path / "kb", document("a", "到2025年，能耗下降1.5%。", file="方案.docx")
    page = document("b", "到２０２５年， 能耗下降１.５％。", file="方案.pdf", pages=3)
    with reading_hand_made() as read:
        inputs = write(tmp_path / "in", word, page)
        report = build(kb, inputs)
        assert rows(report) == [("新增", "a"), ("重复", "a")]
        assert "方案.pdf 与已有的 方案.docx 是同一份文件" in report.rows[1].note
        assert "没有重复加入" in "".join(line.strip() for line in built(report, 100))
        read.clear()
        assert rows(build(kb, inputs)) == [("未变", "a"), ("重复", "a")]
        assert read == []


@pytest.mark.parametrize(
    "other",
    [
        document("b", "到2025年，能耗下降15%。", file="新.pdf"),
        document("b", "到2025年，能耗下降1.5%。", file="新.pdf", level="district"),
        document("b", "到2025年，能耗下降1.5%。", file="新.pdf", doc_number="某发〔2024〕1号"),
        policy("b", "某区绿色低碳发展方案", [Item("三.1", "节能", "到2025年，能耗下降1.5%。")], file="新.pdf"),
    ],
    ids=["a number", "the level", "the 文号", "a department"],
)
def test_what_differs_in_anything_is_no_copy(tmp_path: Path, other: Any) -> None:
    word = document("a", "到2025年，能耗下降1.5%。", file="方案.docx")
    assert wording(word) != wording(other)
    with reading_hand_made():
        report = build(tmp_path / "kb", write(tmp_path / "in", word, other))
    assert report.rows[1].state != "重复" and report.documents == 2


def test_a_copy_takes_the_place_when_it_is_asked_for(tmp_path: Path) -> None:
    kb, word = tmp_path / "kb", document("a", "能耗下降。", file="方案.docx")
    with reading_hand_made():
        build(kb, write(tmp_path / "in", word))
        (copy,) = write(tmp_path / "more", document("b", "能耗下降！", file="方案.pdf"))
        assert rows(build(kb, [copy])) == [("重复", "a")]
        assert rows(build(kb, [BuildInput(copy.path, "a")])) == [("更新", "a")]


def test_what_was_read_only_in_part_is_told(tmp_path: Path) -> None:
    torn = document("a", "能耗下降。", defects=(Defect(kind="unread_part", where="第 3 页", note="这一页没有读出"),))
    with reading_hand_made():
        report = build(tmp_path / "kb", write(tmp_path / "in", torn, document("b", "水耗下降。", "某区节水方案")))
    assert [row.partly for row in report.rows] == [("第 3 页：这一页没有读出",), ()]
    lines = "".join(line.strip() for line in built(report, 100))
    assert "有 1 处没有读出" in lines and "第 3 页：这一页没有读出" in lines
    assert "新增 2（其中部分读出 1）。" in lines


def test_files_of_other_kinds_are_counted(tmp_path: Path) -> None:
    mixed(tmp_path / "in", 2)
    shutil.copy(tmp_path / "in" / "合影.mp4", tmp_path / "in" / "2.MP4")
    found = gather(tmp_path / "kb", [BuildInput(tmp_path / "in")])
    assert {Path(name).name for name in found.passed_over} - {"网页.html"} == {"合影.mp4", "2.MP4", "压缩包.rar"}
    report = BuildReport((), "", 0, 0, 0, 0.0, None, tuple(found.passed_over))
    lines = "".join(line.strip() for line in built(report, 100))
    assert ".mp4 2 个" in lines and ".rar 1 个" in lines
