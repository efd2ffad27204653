"""Journey 5: a new document is brought, its progress watched, its tasks and links found, and it is taken out again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.browser.office import Office

TITLE = "某区工业领域碳达峰实施方案"
TEXT = f"""{TITLE}

为落实《上海市工业领域碳达峰实施方案》，制定本方案。

一、总体目标
到2025年，规模以上工业单位增加值能耗较2020年下降13%。

二、重点任务
1．推进清洁生产。开展清洁生产审核，推广清洁生产技术。（责任部门：区经委）
2．分布式光伏应装尽装。推动工业企业、园区分布式光伏应装尽装。（责任部门：区发改委）
3．<script>alert(1)</script>。支持<img src=x onerror=alert(2)>技术改造。（责任部门：区科委）
"""


def test_a_document_comes_and_goes(
    knowledge_base: Path, tmp_path: Path, serve: Callable[[Path], str], office: Callable[[str], Office]
) -> None:
    kb, new = tmp_path / "kb", tmp_path / "新方案.txt"
    shutil.copytree(knowledge_base, kb)
    new.write_text(TEXT, "utf-8")
    (tmp_path / "压缩包.txt").write_bytes(b"Rar!\x1a\x07\x01\x00" + b"0" * 300)
    address = serve(kb)
    window, colleague = office(address).go("documents"), office(address).go("search", q="清洁生产")
    _bring(window, new, tmp_path / "压缩包.txt")
    assert "清洁生产" in colleague.settled().reads()  # meanwhile somebody searches
    colleague.write("检索", "光伏")
    window.page.get_by_text("完成：").wait_for(timeout=120_000)
    window.settled().shot("report")
    said = window.reads()
    assert "新增 1 份" in said and TITLE in said and "读出 3 项任务" in said
    _look(window)
    assert TITLE in colleague.write("检索", "分布式光伏应装尽装").reads()
    _take_out(window)
    assert TITLE not in colleague.write("检索", "分布式光伏").reads()


def _bring(window: Office, *files: Path) -> None:
    window.press("加入文件")
    window.page.get_by_test_id("stFileUploader").wait_for()
    window.page.set_input_files("input[type=file]", [str(file) for file in files])
    window.page.get_by_text("不能加入").wait_for()
    window.settled().shot("chosen")
    assert "不支持的格式：这是压缩包" in window.reads()
    window.page.get_by_role("button", name="开始加入 1 个文件").click()
    window.page.get_by_text("可以离开这一页").or_(window.page.get_by_text("完成：")).wait_for(timeout=60_000)
    window.shot("progress")


def _look(window: Office) -> None:
    """Its tasks, its links."""
    window.page.get_by_role("link", name="看它的 3 项任务").click()
    window.page.get_by_role("heading", name="任务检索", level=1).wait_for()
    window.settled().shot("tasks")
    assert "推进清洁生产" in window.reads() and "<script>alert(1)</script>" in window.reads()
    window.turn_to("文件")
    window.page.get_by_role("link", name=TITLE).click()
    window.page.locator(".pt-title", has_text=TITLE).wait_for()
    window.settled().shot("text")
    window.press("依据与关联")
    window.page.get_by_text("任务的上级依据").wait_for()
    window.settled().shot("links")
    assert "制定依据" in window.reads() and "上海市工业领域碳达峰实施方案" in window.reads()


def _take_out(window: Office) -> None:
    window.press("更多")
    window.press("移除这份文件")
    window.page.get_by_role("textbox", name="你的姓名").fill("王芳")
    window.page.get_by_role("textbox", name="你的姓名").press("Tab")
    window.settled()
    window.page.get_by_text("我已看过以上内容").click()
    window.settled().shot("question")
    window.page.get_by_role("button", name="移除", exact=True).click()
    window.page.get_by_text("完成：移除 1 份").wait_for(timeout=120_000)
    window.settled().shot("gone")
    window.press("返回文件列表")
    assert TITLE not in window.reads()
