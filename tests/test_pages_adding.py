"""Documents are added by upload and taken out again; what cannot be read is told; others go on working meanwhile."""

from __future__ import annotations

import functools
import sys
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from index.adding import Request, carried_out
from index.build import build
from index.knowledge_base import KnowledgeBase
from index.reading.inputs import BuildInput
from pages import adding
from tests.page_visiting import EVIL, Visits, addresses, goes, links, markup, press, ran, said, shows_text_as_text

NEW = "某区工业领域碳达峰实施方案\n\n一、重点任务\n1．推进节能降碳。加快节能改造。（责任部门：区经委）\n2．发展氢能。推动氢的利用。\n"


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    """A small one of real text, which may be changed."""
    file = tmp_path / "某市方案.txt"
    file.write_text(
        "某市工业领域碳达峰实施方案\n\n一、重点任务\n1．推进节能降碳。加快节能改造。（市经信委）\n", "utf-8"
    )
    assert not build(tmp_path / "kb", [BuildInput(file, level="municipal")], jobs=1).failed
    return tmp_path / "kb"


@pytest.fixture
def visit(kb: Path, monkeypatch: pytest.MonkeyPatch) -> Visits:
    return Visits(kb, monkeypatch)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs run in this process, which has loaded all it needs; that they run in another is tested where it matters."""

    def watched(one: adding.Work, request: Request) -> None:
        adding._take(one, carried_out(request, functools.partial(adding._take, one)))

    monkeypatch.setattr(adding, "_watched", watched)


def finished(page: AppTest) -> adding.Work:
    """The job that the page's address names, once it is over."""
    one = adding.work(addresses(page)["job"])
    assert one is not None
    until = time.monotonic() + 90
    while not one.over and time.monotonic() < until:
        time.sleep(0.1)
    assert one.over
    return one


def uploaded(visit: Visits, **files: bytes | str) -> AppTest:
    page = visit("documents", view="add")
    chosen = [(name, data.encode() if isinstance(data, str) else data, "") for name, data in files.items()]
    page.file_uploader[0].set_value(chosen)
    return ran(page)


def test_a_new_document_is_added_found_and_taken_out(visit: Visits, kb: Path) -> None:
    page = uploaded(visit, **{"新方案.txt": NEW, "压缩包.txt": b"MZ\x90\x00\x03\x00", "空.txt": b""})
    drawn = markup(page)
    assert "新方案.txt" in drawn and "不支持的格式：这是程序文件" in drawn and "文件是空的" in drawn
    page = press(page, "开始加入 1 个文件")
    finished(page)
    page = ran(page)
    assert "完成：新增 1 份" in said(page) and "知识库共 2 份文件、3 项任务" in said(page)
    assert "读出 2 项任务、1 个部门、0 个目标；没有发现缺损" in markup(page)
    (slug,) = [target.partition("doc=")[2] for label, target in links(page) if "2 项任务" in label]
    page = goes(page, visit, "看它的依据与关联")
    assert any(target.startswith("gaps?") for _, target in links(page)) and "落实 1 条" in markup(page)
    page = press(page, "移除这份文件")
    assert "**2** 项任务" in said(page)
    assert next(one for one in page.button if one.label == "移除").disabled
    page.checkbox[0].check()
    page = press(ran(page), "移除", -1)
    finished(page)
    assert "完成：移除 1 份" in said(ran(page))
    with KnowledgeBase.open(kb) as opened:
        assert [one.title for one in opened.policies()] == ["某市工业领域碳达峰实施方案"]
        assert [(one.who, one.verdict) for one in opened.history()] == [("张三", "remove")]
    assert slug


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(visit: Visits, here: None) -> None:
    page = press(
        uploaded(visit, **{"新方案.txt": NEW, "英文.txt": b"only english text, nothing else"}), "开始加入 2 个"
    )
    finished(page)
    page = ran(page)
    assert "新增 1 份，失败 1 份" in page.warning[0].value
    assert "英文.txt" in markup(page) and "汉字" in markup(page) and "policytrace-" not in markup(page)


def test_progress_is_shown_file_by_file(visit: Visits, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("一.txt", "二.pdf", "三.txt")
    one = adding.Work("job1", visit.kb, "加入", names, steps=[adding.WAITS] * 3)
    monkeypatch.setitem(adding._works, "job1", one)
    for done, doing in ((1, "三.txt"), (1, "二.pdf 第 7/40 页")):
        adding._take(one, {"stage": "读取", "done": done, "total": 3, "doing": doing})
    page = visit("documents", view="add", job="job1")
    drawn = markup(page)
    for word, name in (("等待", names[0]), ("读取中 第 7/40 页", names[1]), ("已读完", names[2])):
        assert f"{word}</span>{name}" in drawn
    assert "可以离开这一页" in said(page)
    assert "正在加入：一.txt、二.pdf、三.txt" in said(visit("documents"))


def test_another_build_at_the_same_time_is_told(visit: Visits, kb: Path, here: None) -> None:
    from index.store import locked

    with locked(kb):
        page = press(uploaded(visit, **{"新方案.txt": NEW}), "开始加入")
        finished(page)
    page = ran(page)
    assert "正由另一个进程构建" in page.error[0].value and "没有改动" in said(page)


def test_two_jobs_wait_for_each_other(kb: Path, here: None) -> None:
    jobs = [
        adding.add(kb, [(f"{name}.txt", NEW.replace("某区", name).encode())], None, None, None)
        for name in ("甲区", "乙区")
    ]
    until = time.monotonic() + 120
    while not all(job.over for job in jobs) and time.monotonic() < until:
        time.sleep(0.1)
    assert [job.problem for job in jobs] == ["", ""]
    with KnowledgeBase.open(kb) as opened:
        assert len(opened.policies()) == 3


def test_level_title_and_the_document_that_is_replaced_are_taken(visit: Visits, kb: Path, here: None) -> None:
    with KnowledgeBase.open(kb) as opened:
        (slug,) = (one.slug for one in opened.policies())
    page = uploaded(visit, **{"新稿.txt": NEW})
    next(one for one in page.selectbox if one.label == "层级").select("district")
    next(one for one in page.text_input if one.label == "标题").input("改了名的方案")
    next(one for one in page.selectbox if "新版本" in one.label).select(slug)
    page = press(ran(page), "开始加入")
    finished(page)
    assert "更新 1 份" in said(ran(page))
    with KnowledgeBase.open(kb) as opened:
        (one,) = opened.policies()
    assert (one.slug, one.title, one.level) == (slug, "改了名的方案", "district")


def test_a_job_that_is_not_known_any_more(visit: Visits) -> None:
    page = visit("documents", view="add", job=EVIL)
    assert "记录已经不在了" in said(page) and page.file_uploader
    shows_text_as_text(page)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../a.txt", "_.._a.txt"),
        ("a/b\\c.txt", "a_b_c.txt"),
        ("长" * 300 + ".pdf", "长" * 80 + ".pdf"),
        ("\u202etxt.exe", "txt.exe"),
        ("...", "文件"),
        ("", "文件"),
        ("=cmd|' /C calc'!A0.txt", "=cmd_' _C calc'!A0.txt"),
    ],
)
def test_a_name_is_never_a_path(name: str, safe: str) -> None:
    assert adding.safe_name(name) == safe and Path(adding.safe_name(name)).name == adding.safe_name(name)


def test_a_process_that_dies_is_told(kb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    one = adding.add(kb, [("新.txt", NEW.encode())], None, None, None)
    until = time.monotonic() + 30
    while not one.over and time.monotonic() < until:
        time.sleep(0.05)
    assert one.problem and "没有改动" in one.problem


def test_what_is_chosen_is_looked_at_by_a_worker(visit: Visits, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server itself parses nothing of an upload; what cannot be told apart does no harm to the page."""

    def forbidden(data: bytes, file: str) -> str:
        raise AssertionError("parsed in the server")

    monkeypatch.setattr("corpus.formats.kinds.kind_of", forbidden)
    torn = b"PK\x03\x04" + b"\x00" * 40
    page = uploaded(
        visit, **{"新方案.txt": NEW, "坏.docx": torn, "图纸.dwg": b"AC1032" + b"\x00" * 90, "表.csv": "甲,乙\n1,2\n"}
    )
    drawn = markup(page)
    assert drawn.count("可以加入") == 2 and drawn.count("不能加入") == 2
    assert "纯文本" in drawn and "文本表格" in drawn and "图纸.dwg" in drawn
    assert any(button.label == "开始加入 2 个文件" for button in page.button)
