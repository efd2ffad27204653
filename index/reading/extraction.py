"""Files → records. A file that somebody brings is read in a process of its own, whatever its name says it is.

Only what ships with the program is read in this process. A file that cannot be read, that ends the process that reads
it, or that asks for more than it may have, never stops the others: it is told by name, with what to do.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from corpus import pace
from index.reading.guard import LIMITS, MB, READER, Died, Limits, Question, ask_all, most_workers
from index.reading.inputs import is_outline, printable
from index.reading.worker import Frame, allow
from index.searching.entries import pack
from schemas import Level, Policy, PolicyError

OURS = Path(__file__).resolve().parents[2] / "corpus"
MOST_BYTES = 500 * MB
"""A file that is larger is not even opened: no document is, and a 1,000-page scan is below it."""


class Job(NamedTuple):
    """A file to read, and what is known of it already."""

    path: Path
    slug: str | None = None
    level: Level | None = None
    title: str | None = None


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


class Reached(NamedTuple):
    """How many files are read, and the name of the one that is being read, with its page where that is known."""

    done: int
    doing: str


def read_all(
    jobs: Sequence[Job],
    workers: int | None = None,
    progress: Callable[[Reached], None] = lambda _: None,
    *,
    limits: Limits = LIMITS,
    reader: str = READER,
) -> Generator[tuple[int, Extracted | Refused], None, None]:
    """Reads all files and gives, as each is done, its number in `jobs` and what came of it.

    `workers` None: as many as the cores and the memory allow. Closing the generator ends what is being read.
    """
    brought = []
    done = 0
    for number, job in enumerate(jobs):
        result = read_one(job) if _ships(job) else _too_large(job)
        if result:
            done += 1
            yield number, result
            progress(Reached(done, printable(job.path.name)))
        else:
            brought.append(number)
    asked = ask_all([_question(jobs[number]) for number in brought], workers or most_workers(limits), limits, reader)
    try:
        for event in asked:
            number = brought[event.number]
            name = printable(jobs[number].path.name)
            if event.kind == "step" and isinstance(event.frame, Frame):
                name += " 第 {done}/{total} 页".format(**event.frame.head)
            elif event.kind == "done" and event.frame is not None:
                done += 1
                yield number, _result(jobs[number], event.frame, limits)
            progress(Reached(done, name))
    finally:
        asked.close()


def read_guarded(path: Path, level: Level | None = None, *, limits: Limits = LIMITS, reader: str = READER) -> Policy:
    """One file → its records. Raises ``PolicyError`` where it cannot be read."""
    ((_, result),) = read_all([Job(path, None, level)], limits=limits, reader=reader)
    if isinstance(result, Refused):
        raise PolicyError(result.problem, result.hint)
    return Policy.model_validate_json(result.policy)


def read_one(job: Job) -> Extracted | Refused:
    """Reads one file in this process. Raises nothing but what stops the program."""
    started = time.perf_counter()

    def refused(problem: str, hint: str) -> Refused:
        return Refused(printable(problem), hint, time.perf_counter() - started)

    try:
        policy, cuts = _outline(job.path) if is_outline(job.path) else _document(job)
        policy = policy.model_copy(update={"file": printable(policy.file)})
        return Extracted(policy.model_dump_json(), pack(cuts), time.perf_counter() - started)
    except PolicyError as error:
        return refused(error.problem, error.hint)
    except MemoryError:
        return refused(f"{job.path}：内存不够读它", TOO_LARGE)
    except Exception as error:  # a fault of ours in one document must not cost the others
        problem = f"{job.path}：程序出错（{type(error).__name__}: {error}）"
        return refused(problem, "这是程序的缺陷，请把文件交给维护者；其余文件不受影响。")


TOO_LARGE = "文件过大或内容异常。请用原来的软件打开，检查无误后另存，或分成几个文件再添加。"
UNREADABLE = "文件可能已损坏。请用原来的软件打开，检查无误后另存为 .docx 或 .pdf 再添加；其余文件不受影响。"


def answer(frame: Frame, tell: Callable[[dict[str, Any]], None]) -> Frame:
    """What a worker answers: the question's file, read, or refused; the steps on the way are told."""
    head = frame.head
    job = Job(Path(head["path"]), head["slug"], head["level"], head["title"])

    def step(done: int, total: int) -> None:
        allow(head["quiet"])
        tell({"what": "step", "done": done, "total": total})

    _warm()
    tell({"what": "begun"})
    allow(head["quiet"])
    with pace.listening(step):
        result = read_one(job)
    if isinstance(result, Refused):
        return Frame({"what": "refused", **result._asdict()})
    return Frame({"what": "extracted", "seconds": result.seconds}, (result.policy.encode(), result.cuts))


@functools.cache
def _warm() -> None:
    """Loads what takes a second or two, so that this is no part of the time for a file."""
    from corpus import read_text
    from extract import process

    process(read_text("某市节水方案\n一、主要任务\n1.推进节水。"))


def _question(job: Job) -> Question:
    head = {"path": str(job.path), "slug": job.slug, "level": job.level, "title": job.title}
    return Question(Frame(head), _size(job.path))


def _result(job: Job, got: Frame | Died, limits: Limits) -> Extracted | Refused:
    if isinstance(got, Died):
        return _died(job, got, limits)
    head, parts = got
    if head["what"] == "extracted":
        return Extracted(parts[0].decode(), parts[1], head["seconds"])
    return Refused(head["problem"], head["hint"], head["seconds"])


def _died(job: Job, how: Died, limits: Limits) -> Refused:
    name = printable(job.path)
    if how.why == "time":
        problem = f"{name}：读了 {how.seconds:.0f} 秒没有结果，已经停止"
        return Refused(problem, TOO_LARGE, how.seconds)
    if how.why == "answer":
        problem = f"{name}：读出的内容超过上限 {limits.answer // MB} MB"
        return Refused(problem, TOO_LARGE, how.seconds)
    code = f"（信号 {-how.code}）" if how.code and how.code < 0 else f"（{how.code}）" if how.code else ""
    return Refused(f"{name}：读取它的进程中断了{code}", UNREADABLE, how.seconds)


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


def _ships(job: Job) -> bool:
    """Whether the file is one of those that ship with the program."""
    return job.path.resolve().is_relative_to(OURS)


def _too_large(job: Job) -> Refused | None:
    size = _size(job.path)
    if size <= MOST_BYTES:
        return None
    problem = f"{printable(job.path)}：文件有 {size // MB} MB，超过上限 {MOST_BYTES // MB} MB"
    return Refused(problem, TOO_LARGE, 0.0)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
