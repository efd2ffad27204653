"""Files that make their reader crash, hang, grow or chatter: each is told by name, the others are read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from index.reading import guard
from index.reading.extraction import Extracted, Job, Reached, Refused, read_all, read_guarded
from index.reading.guard import LIMITS, MB
from schemas import PolicyError

ROOT = Path(__file__).parent.parent
TEXT = "某区绿色发展实施方案\n\n一、重点任务\n1．推进节能。加快节能改造。（责任部门：区经委）\n"
READER = "tests.misbehaving:answer"
TIGHT = replace(LIMITS, quiet=3.0, total=6.0, memory=600 * MB, answer=MB)
posix = pytest.mark.skipif(os.name == "nt", reason="signals")


@pytest.fixture
def read(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Reads files of these names with good ones between them; gives what came of each bad one."""

    def read(*names: str, workers: int = 2, limits: guard.Limits = TIGHT, told: list[Reached] | None = None):  # type: ignore[no-untyped-def]
        jobs = []
        for number, name in enumerate(names):
            for stem in (f"good{number}", name):
                path = tmp_path / f"{stem}.txt"
                path.write_text(TEXT, "utf-8")
                jobs.append(Job(path))
        tell = (told if told is not None else []).append
        found = dict(read_all(jobs, workers, tell, limits=limits, reader=READER))
        assert sorted(found) == list(range(len(jobs)))
        assert all(isinstance(found[number], Extracted) for number in range(0, len(jobs), 2))
        return [found[number] for number in range(1, len(jobs), 2)]

    yield read
    guard.dismiss()


@posix
def test_each_is_told_by_name_and_the_others_are_read(read) -> None:  # type: ignore[no-untyped-def]
    names = ["crash", "leave", "killed", "grow", "loop", "long_answer", "chatter", "online"]
    said = ["信号 11", "（3）", "信号 9", "内存不够", "没有结果", "超过上限 1 MB", "说了闲话", "needs no network"]
    for name, words, result in zip(names, said, read(*names), strict=True):
        assert isinstance(result, Refused)
        assert f"{name}.txt" in result.problem and words in result.problem
        assert result.hint or name == "chatter"
        assert result.seconds < 10


def test_a_long_file_that_goes_on_is_not_cut_short(read) -> None:  # type: ignore[no-untyped-def]
    told: list[Reached] = []
    quick = replace(TIGHT, quiet=2.0, total=60.0)
    read("warm")
    (result,) = read("pages", limits=quick, told=told, workers=1)
    assert "五页都读过了" in result.problem
    assert [one.doing for one in told if "页" in one.doing] == [f"pages.txt 第 {n}/5 页" for n in range(1, 6)]


def test_a_file_that_always_goes_on_ends_too(read) -> None:  # type: ignore[no-untyped-def]
    (result,) = read("endless_pages", workers=1)
    assert "没有结果" in result.problem and result.seconds < 9


@posix
def test_what_a_late_reader_started_ends_with_it(read, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (result,) = read("sleep", workers=1)
    assert "没有结果" in result.problem
    assert gone(int((tmp_path / "sleeper.pid").read_text()))


def test_one_worker_reads_file_after_file(tmp_path: Path) -> None:
    guard.dismiss()
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    first = read_guarded(tmp_path / "a.txt", "district")
    (worker,) = guard._idle
    assert read_guarded(tmp_path / "a.txt", "district") == first
    assert guard._idle == [worker] and worker.answered == 2
    worker.process.kill()
    worker.process.wait()
    assert read_guarded(tmp_path / "a.txt", "district") == first
    assert first.level == "district" and first.tasks[0].departments[0].name == "区经委"


def test_a_file_that_is_too_large_is_not_opened(tmp_path: Path) -> None:
    with (tmp_path / "huge.pdf").open("wb") as file:
        file.truncate(10 * 1024 * MB)
    with pytest.raises(PolicyError, match=r"huge.pdf：文件有 10240 MB，超过上限 500 MB"):
        read_guarded(tmp_path / "huge.pdf")


PARENT = """
import sys
from pathlib import Path
from index.reading.extraction import Job, read_all
print("ready", flush=True)
jobs = [Job(Path(path)) for path in sys.argv[1:]]
for _ in read_all(jobs, len(jobs), reader="tests.misbehaving:answer"): pass
"""


@posix
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_stays_when_the_program_is_ended(tmp_path: Path, how: signal.Signals) -> None:
    names = ["loop", "sleep"]
    for name in names:
        (tmp_path / f"{name}.txt").write_text(TEXT, "utf-8")
    command = [sys.executable, "-c", PARENT, *(str(tmp_path / f"{name}.txt") for name in names)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline() == "ready\n"
    assert until(lambda: (tmp_path / "sleeper.pid").exists() and (tmp_path / "sleeper.pid").read_text() != "")
    children = workers_of(process.pid)
    assert len(children) == 2
    time.sleep(0.5)
    process.send_signal(how)
    process.communicate(timeout=10)
    for pid in (*children, int((tmp_path / "sleeper.pid").read_text())):
        assert until(lambda pid=pid: gone(pid)), pid  # type: ignore[misc]


def workers_of(parent: int) -> list[int]:
    rows = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout.split()
    return [int(pid) for pid, of in zip(rows[::2], rows[1::2], strict=True) if int(of) == parent]


def gone(pid: int) -> bool:
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return done.stdout.strip()[:1] in ("", "Z")


def until(true, seconds: float = 20) -> bool:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
