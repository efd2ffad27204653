"""Files that people bring and documents that they take out: done by a process of its own, watched by every session."""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from index.adding import File, Request
from index.exporting.sheet import clean
from pages import shared
from schemas import Level

ROOT = Path(__file__).resolve().parent.parent
KEPT = 20
"""Finished jobs that can still be looked at by their address."""
NAME = 80
"""Characters of a file's name that are kept, its ending aside."""
WAITS, READ = "等待", "已读完"
_PAGE = re.compile(r" 第 \d+/\d+ 页$")
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


@dataclass
class Work:
    """A job: what it is about, how far it is, and, once ``over``, its report or the problem. Written by one thread.

    ``steps`` says of each of the ``names`` how far reading it is.
    """

    id: str
    kb: Path
    what: str
    names: tuple[str, ...]
    stage: str = "等待"
    done: int = 0
    total: int = 0
    steps: list[str] = field(default_factory=list)
    report: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    hint: str = ""
    over: bool = False
    started: float = field(default_factory=time.monotonic)


_works: dict[str, Work] = {}
_turn = threading.Lock()
"""One job after the other: what a second person brings waits until the first is done."""


def work(job: str | None) -> Work | None:
    """The job with this id, if it is still known."""
    return _works.get(job or "")


def add(
    kb: Path, files: Sequence[tuple[str, bytes]], level: Level | None, title: str | None, replaces: str | None
) -> Work:
    """Begins to add files, given by name and content."""
    folder = Path(tempfile.mkdtemp(prefix="policytrace-"))
    paths = []
    for number, (name, data) in enumerate(files):
        path = folder / str(number) / safe_name(name)
        path.parent.mkdir()
        path.write_bytes(data)
        paths.append(File(path=path, level=level, title=title, replaces=replaces))
    names = tuple(path.path.name for path in paths)
    return _begin(Request(kb=kb, files=tuple(paths)), "加入", names, folder)


def remove(kb: Path, slug: str, title: str, who: str, why: str) -> Work:
    """Begins to take a document out."""
    return _begin(Request(kb=kb, remove=(slug,), who=who, why=why), "移除", (title,), None)


def safe_name(name: str) -> str:
    """A file's name as it may be used on this machine: no path, no control characters, not too long."""
    path = Path(_UNSAFE.sub("_", clean(name)).strip().lstrip(".") or "文件")
    return f"{path.stem[:NAME]}{path.suffix[:10]}"


def _begin(request: Request, what: str, names: tuple[str, ...], folder: Path | None) -> Work:
    one = Work(uuid.uuid4().hex[:12], request.kb, what, names, steps=[WAITS] * len(names))
    for old in [job for job, other in _works.items() if other.over][:-KEPT]:
        _works.pop(old, None)
    _works[one.id] = one
    threading.Thread(target=_run, args=(one, request, folder), daemon=True).start()
    return one


def _run(one: Work, request: Request, folder: Path | None) -> None:
    try:
        with _turn:
            one.stage = "准备"
            _watched(one, request)
    except Exception:
        logging.getLogger("policytrace").exception("a job failed")
        one.problem = one.problem or f"{one.what}没有完成，是程序的缺陷；知识库没有改动。"
    finally:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
        one.over = True


def _watched(one: Work, request: Request) -> None:
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    with subprocess.Popen(
        [sys.executable, "-m", "index.adding"], cwd=ROOT, env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        assert process.stdin and process.stdout
        process.stdin.write(request.model_dump_json().encode())
        process.stdin.close()
        for line in process.stdout:
            _take(one, json.loads(line))
    if not one.report and not one.problem:
        one.problem = f"{one.what}的进程中断了（{process.returncode}）；知识库没有改动。"
        one.hint = "多半是内存或磁盘不足，请稍后再试，或请维护者查看。"


def _take(one: Work, told: dict[str, Any]) -> None:
    if "problem" in told:
        one.problem, one.hint = told["problem"], told["hint"]
    elif "rows" in told:
        one.report = told
    else:
        if told["stage"] == "读取":
            _step(one, told["doing"], is_read=told["done"] > one.done)
        one.stage, one.done, one.total = told["stage"], told["done"], told["total"]


def _step(one: Work, doing: str, is_read: bool) -> None:
    """One of the files is being read, at a page perhaps, or has just been read."""
    page = _PAGE.search(doing)
    name = doing[: page.start()] if page else doing
    for number, known in enumerate(one.names):
        if known == name and one.steps[number] != READ:
            one.steps[number] = READ if is_read else f"读取中{page.group() if page else ''}"
            return


def tell_of_others(kb: shared.Snapshot) -> None:
    """Says, where somebody is adding or taking out documents, that this goes on; nobody has to wait."""
    going = [one for one in list(_works.values()) if not one.over and one.kb == kb.path]
    if going:
        names = "、".join(name for one in going for name in one.names)
        st.info(f"正在{going[0].what}：{shared.plain(names[:120])}。完成以后刷新可见。", icon=":material/sync:")
