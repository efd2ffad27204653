"""A reader for workers that does, by the name of the file, what bad files make readers do."""

from __future__ import annotations

import ctypes
import functools
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from corpus import pace
from corpus.outlines import read_outline
from index.reading import extraction
from index.reading.worker import Frame


def answer(frame: Frame, tell: Callable[[dict[str, Any]], None]) -> Frame:
    """As `index.reading.extraction.answer`; every file that has none of these names is a good one."""
    extraction._document = HABITS.get(Path(frame.head["path"]).stem, good)
    extraction._warm = warm  # type: ignore[assignment]
    return extraction.answer(frame, tell)


@functools.cache
def warm() -> None:
    good(None)


def good(job: Any) -> Any:
    return read_outline(extraction.OURS / "national" / "cn-carbon-peak-2030.yaml"), []


def crash(job: extraction.Job) -> Any:
    ctypes.string_at(1)


def leave(job: extraction.Job) -> Any:
    os._exit(3)


def killed(job: extraction.Job) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def grow(job: extraction.Job) -> Any:
    held = []
    while True:
        held.append(bytearray(50_000_000))


def loop(job: extraction.Job) -> Any:
    re.match(r"(a+)+$", "a" * 60 + "b")  # holds the interpreter: no Python code runs until it ends, in centuries


def sleep(job: extraction.Job) -> Any:
    (job.path.parent / "sleeper.pid").write_text(str(subprocess.Popen(["sleep", "600"]).pid))
    time.sleep(600)


def pages(job: extraction.Job) -> Any:
    for page in range(1, 6):
        time.sleep(0.5)
        pace.step(page, 5)
    raise extraction.PolicyError(f"{job.path}：五页都读过了", "")


def endless_pages(job: extraction.Job) -> Any:
    while True:
        time.sleep(0.2)
        pace.step(1, 100_000)


def chatter(job: extraction.Job) -> Any:
    os.system("echo noise")
    print("noise")
    raise extraction.PolicyError(f"{job.path}：说了闲话", "")


def online(job: extraction.Job) -> Any:
    socket.create_connection(("127.0.0.1", 9), timeout=1)


def long_answer(job: extraction.Job) -> Any:
    policy, _ = good(job)
    return policy.model_copy(update={"logical_text": "长" * 1_000_000}), []


HABITS: dict[str, Callable[[extraction.Job], Any]] = {
    habit.__name__: habit
    for habit in (crash, leave, killed, grow, loop, sleep, pages, endless_pages, chatter, online, long_answer)
}
