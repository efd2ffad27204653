"""Files → records, on all cores when there is enough to read. A file that cannot be read never stops the others."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import NamedTuple

from index.entries import pack
from index.inputs import is_outline, printable
from schemas import Level, Policy, PolicyError

ENOUGH = 3_000_000
"""Bytes of text from which starting other processes, which takes them seconds, is worth it."""


class Job(NamedTuple):
    """A file to read, and what is known of it already."""

    path: Path
    slug: str | None
    level: Level | None
    title: str | None


class Extracted(NamedTuple):
    """What was read: the ``Policy`` as JSON, its packed cuts, and how long it took."""

    policy: str
    cuts: bytes
    seconds: float


class Refused(NamedTuple):
    """A file that could not be read, why, and what to do, in Chinese."""

    problem: str
    hint: str
    seconds: float


def read_all(
    jobs: Sequence[Job], workers: int | None, progress: Callable[[int], None]
) -> Generator[tuple[Job, Extracted | Refused], None, None]:
    """Reads all files, in order. `workers` None: as many as there are cores, if there is enough to read."""
    if workers is None:
        workers = (os.cpu_count() or 1) if sum(map(_size, jobs)) >= ENOUGH else 1
    results = _side_by_side(jobs, min(workers, len(jobs))) if min(workers, len(jobs)) > 1 else map(read_one, jobs)
    for done, (job, result) in enumerate(zip(jobs, results, strict=True), 1):
        progress(done)
        yield job, result


def read_one(job: Job) -> Extracted | Refused:
    """Reads one file. Raises nothing but what stops the program."""
    started = time.perf_counter()
    try:
        policy, cuts = _outline(job.path) if is_outline(job.path) else _document(job)
        policy = policy.model_copy(update={"file": printable(policy.file)})
        return Extracted(policy.model_dump_json(), pack(cuts), time.perf_counter() - started)
    except PolicyError as error:
        return Refused(printable(error.problem), error.hint, time.perf_counter() - started)
    except Exception as error:  # a fault of ours in one document must not cost the others
        problem = f"{printable(job.path)}：程序出错（{type(error).__name__}: {error}）"
        return Refused(problem, "这是程序的缺陷，请把文件交给维护者；其余文件不受影响。", time.perf_counter() - started)


def _document(job: Job) -> tuple[Policy, Sequence[int]]:
    from corpus import read

    source = read(job.path)
    from extract import process  # spaCy: a second, which a file that cannot be read need not cost

    policy, cuts = process(source, slug=job.slug, level=job.level, title=job.title)
    return policy, cuts


def _outline(path: Path) -> tuple[Policy, Sequence[int]]:
    from itertools import accumulate

    from corpus.outlines import read_outline
    from corpus.segmentation import cut

    policy = read_outline(path)
    return policy, list(accumulate(map(len, cut(policy.logical_text))))


def _side_by_side(jobs: Sequence[Job], workers: int) -> Iterator[Extracted | Refused]:
    before = set(multiprocessing.active_children())
    pool = _pool(workers)
    try:
        futures = [pool.submit(read_one, job) for job in jobs]
        for job, future in zip(jobs, futures, strict=True):
            yield _result(job, future)
        pool.shutdown()
    except BaseException:
        for child in set(multiprocessing.active_children()) - before:
            child.terminate()
        pool.shutdown(wait=False, cancel_futures=True)
        raise


def _result(job: Job, future: Future[Extracted | Refused]) -> Extracted | Refused:
    """If a worker died, each file that is left is tried in a process of its own, so that only the guilty one fails."""
    try:
        return future.result()
    except BrokenProcessPool:
        pass
    try:
        with _pool(1) as pool:
            return pool.submit(read_one, job).result()
    except BrokenProcessPool:
        return Refused(
            f"{printable(job.path)}：读取它的进程中断了", "多半是内存不足：请把文件分成几个，或换内存更大的机器。", 0.0
        )


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _start_worker)


def _start_worker() -> None:
    """Ctrl-C is the parent's business; and when the parent is killed, a worker ends too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _size(job: Job) -> int:
    try:
        return job.path.stat().st_size
    except OSError:
        return 0
