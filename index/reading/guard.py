"""Workers that read untrusted files: one process each, watched, ended when a limit is passed, and replaced.

A process of our own and not a pool of the standard library, because no pool there can end one worker that is stuck: it
breaks as a whole. A worker that has done its work is kept for the next file, as starting one takes a second or two.
"""

from __future__ import annotations

import atexit
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from index.reading.worker import Frame, TooLong, command, receive, send

STARTING = 120.0
"""Seconds in which a worker must have started, on a machine that is busy."""
READER = "index.reading.extraction:answer"
MINUTE, MB = 60.0, 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What one file may cost.

    ``quiet``: seconds without a sign of progress, and ``quiet_per_mb`` more for each megabyte of the file; ``total``:
    seconds altogether; ``memory``: bytes of data of the worker; ``answer``: bytes of what is read from the file.
    """

    quiet: float = 2 * MINUTE
    quiet_per_mb: float = 10.0
    total: float = 60 * MINUTE
    memory: int = 2048 * MB
    answer: int = 128 * MB


LIMITS = Limits()


class Died(NamedTuple):
    """Why there is no answer: ``time``, ``answer`` (too long), or the worker ended by itself (``end``); with its exit
    code, which is minus the signal, or None.
    """

    why: Literal["time", "answer", "end"]
    code: int | None
    seconds: float


class Event(NamedTuple):
    """What happens to question ``number``: it is ``begun``, it makes a ``step``, it is ``done`` with an answer."""

    kind: Literal["begun", "step", "done"]
    number: int
    frame: Frame | Died | None = None


@dataclass
class Worker:
    """One process and what it is doing. ``deadline`` and ``last`` are moments of the monotonic clock."""

    reader: str
    limits: Limits
    answered: int = 0
    deadline: float = float("inf")
    last: float = float("inf")
    late: bool = False
    folder: str = field(default_factory=lambda: tempfile.mkdtemp(prefix="policytrace-"))
    process: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        groups: dict[str, Any] = {"process_group": 0} if os.name == "posix" else {}
        quiet = None if "POLICYTRACE_DEBUG" in os.environ else subprocess.DEVNULL
        places = {"TMPDIR": self.folder, "TEMP": self.folder, "TMP": self.folder}
        self.process = subprocess.Popen(
            command(self.reader, self.limits.memory),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=quiet,
            env={**os.environ, **places},
            **groups,
        )

    def ask(self, number: int, frame: Frame, quiet: float, events: queue.SimpleQueue[Event]) -> Frame | Died:
        """Its answer, or why there is none; then it is of no more use. Steps are put into `events`."""
        assert self.process.stdin and self.process.stdout
        started = time.monotonic()
        self.deadline = started + STARTING
        try:
            send(self.process.stdin, frame)
            while answer := receive(self.process.stdout, self.limits.answer):
                if answer.head["what"] == "begun":
                    started = time.monotonic()
                    self.last = started + self.limits.total
                elif answer.head["what"] == "step":
                    events.put(Event("step", number, answer))
                else:
                    self.answered += 1
                    return answer
                self.deadline = time.monotonic() + quiet
            why: Literal["time", "answer", "end"] = "end"
        except TooLong:
            why = "answer"
        except (OSError, ValueError, KeyError):  # it ended while it was written to, or what it says makes no sense
            why = "end"
        finally:
            self.deadline = self.last = float("inf")
        code = self.stop()
        return Died("time" if self.late else why, code, time.monotonic() - started)

    def watch(self) -> None:
        """Ends the process if it is late."""
        if time.monotonic() > min(self.deadline, self.last):
            self.late = True
            self._kill()

    def stop(self) -> int | None:
        """Ends the process with all that it started, and gives its exit code."""
        self._kill()  # one that is ending keeps the code that it ends with
        for stream in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                stream.close()  # type: ignore[union-attr]
        code = self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
        return code

    def _kill(self) -> None:
        if os.name == "posix":
            with suppress(OSError):
                os.killpg(self.process.pid, signal.SIGKILL)
        with suppress(OSError):
            self.process.kill()

    @property
    def usable(self) -> bool:
        """Whether it may be asked once more: it lives and has not grown."""
        return self.process.poll() is None and self.answered > 0 and not self.late


class Question(NamedTuple):
    """What is asked of a worker, and the size of the file that it is about, in bytes."""

    frame: Frame
    size: int


def ask_all(
    questions: Sequence[Question], workers: int, limits: Limits = LIMITS, reader: str = READER
) -> Generator[Event, None, None]:
    """Asks all questions, `workers` at a time, and gives what happens as it happens.

    Each question ends in one ``done`` event. Closing the generator ends what is being read.
    """
    todo: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(len(questions)):
        todo.put(number)
    events: queue.SimpleQueue[Event | BaseException] = queue.SimpleQueue()
    hands = [_Hand(questions, todo, events, limits, reader) for _ in range(min(workers, len(questions)))]
    try:
        for hand in hands:
            hand.start()
        left = len(questions)
        while left:
            for hand in hands:
                hand.watch()
            try:
                event = events.get(timeout=0.1)
            except queue.Empty:
                continue
            if isinstance(event, BaseException):
                raise event
            left -= event.kind == "done"
            yield event
    except BaseException:
        for hand in hands:
            hand.leave()
        raise
    finally:
        for hand in hands:
            hand.join()


class _Hand(threading.Thread):
    """Takes question after question to a worker; a worker that died is replaced."""

    def __init__(self, questions: Sequence[Question], todo: Any, events: Any, limits: Limits, reader: str) -> None:
        super().__init__(daemon=True)
        self.questions, self.todo, self.events, self.limits, self.reader = questions, todo, events, limits, reader
        self.worker: Worker | None = None
        self.left = False

    def run(self) -> None:
        try:
            while not self.left:
                number = self.todo.get_nowait()
                self.events.put(Event("begun", number))
                self.events.put(Event("done", number, self._answer(number)))
        except queue.Empty:
            pass
        except BaseException as error:  # told to the one who waits
            self.events.put(error)
        finally:
            self._put_back()

    def watch(self) -> None:
        """Ends its worker if that one is late."""
        if worker := self.worker:
            worker.watch()

    def leave(self) -> None:
        """Ends what is being read."""
        self.left = True
        if self.is_alive() and (worker := self.worker):
            worker._kill()

    def _answer(self, number: int) -> Frame | Died:
        question = self.questions[number]
        quiet = self.limits.quiet + self.limits.quiet_per_mb * question.size / MB
        frame = question.frame._replace(head={**question.frame.head, "quiet": quiet})
        while True:
            worker = self.worker = self.worker or _take(self.reader, self.limits)
            if self.left:
                return Died("end", None, 0.0)
            fresh = not worker.answered
            answer = worker.ask(number, frame, quiet, self.events)
            if isinstance(answer, Died):
                self.worker = None
                if fresh or answer.why != "end" or self.left:
                    return answer
                continue  # it had read other files before, which may have weakened it: once more in a new one
            if answer.head.get("memory", 0) > self.limits.memory / 2:
                worker.stop()
                self.worker = None
            return answer

    def _put_back(self) -> None:
        worker, self.worker = self.worker, None
        if worker and worker.usable and not self.left:
            with _lock:
                _idle.append(worker)
        elif worker:
            worker.stop()


_idle: list[Worker] = []
_lock = threading.Lock()


def _take(reader: str, limits: Limits) -> Worker:
    """A worker that waits, or a new one."""
    with _lock:
        for worker in list(_idle):
            if worker.process.poll() is not None:
                _idle.remove(worker)
                worker.stop()
            elif (worker.reader, worker.limits) == (reader, limits):
                _idle.remove(worker)
                return worker
    return Worker(reader, limits)


@atexit.register
def dismiss() -> None:
    """Ends the workers that wait."""
    with _lock:
        while _idle:
            _idle.pop().stop()


def most_workers(limits: Limits = LIMITS) -> int:
    """As many workers as there are processors for this process, and as would fit into its memory side by side."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return max(1, min(cores, _memory() // limits.memory))


def _memory() -> int:
    """Bytes of memory of this machine; where it does not say, more than enough."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return sys.maxsize
