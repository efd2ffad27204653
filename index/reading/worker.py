"""The process that reads untrusted files, one after the other, within limits that the system enforces.

`index.reading.guard` starts it and speaks to it in frames over its standard input and output; what comes back is data, never
code. It ends when the one who started it ends, however that ends and whatever the worker is stuck in.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, Any, NamedTuple

SIZE = struct.Struct(">I")
IDLE = 300
"""Seconds after which a worker that has nothing to do ends."""
MOST_WRITTEN = 512 * 1024 * 1024
"""Bytes of the largest file that a worker may write, in its own temporary folder."""


class Frame(NamedTuple):
    """What is sent either way: a JSON object, and byte strings that go with it."""

    head: dict[str, Any]
    parts: tuple[bytes, ...] = ()


class TooLong(Exception):
    """A frame that is larger than what is accepted."""


def send(stream: IO[bytes], frame: Frame) -> None:
    """Writes a frame."""
    head = json.dumps({**frame.head, "sizes": [len(part) for part in frame.parts]}).encode()
    stream.write(SIZE.pack(len(head)) + head)
    for part in frame.parts:
        stream.write(part)
    stream.flush()


def receive(stream: IO[bytes], most: int) -> Frame | None:
    """The next frame, or None where there is none left. Raises ``TooLong`` before it reads more than `most` bytes."""
    prefix = stream.read(SIZE.size)
    if len(prefix) < SIZE.size:
        return None
    (size,) = SIZE.unpack(prefix)
    if size > most:
        raise TooLong
    data = stream.read(size)
    if len(data) < size:
        return None
    head = json.loads(data)
    sizes = head.pop("sizes")
    if sum(sizes) > most:
        raise TooLong
    parts = tuple(stream.read(size) for size in sizes)
    return Frame(head, parts) if [len(part) for part in parts] == sizes else None


def serve(reader: str, memory: int) -> None:
    """Answers frames with what the function `reader` (``module:name``) makes of them, until there are none left."""
    answers = _private_output()
    sys.addaudithook(_stay_offline)
    read = _named(reader)
    limit(memory)
    asked: queue.Queue[Frame | None] = queue.Queue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, asked), daemon=True).start()
    while True:
        try:
            frame = asked.get(timeout=IDLE)
        except queue.Empty:
            return
        if frame is None:
            return
        with _ending_with_parent():
            answer = read(frame, lambda head: send(answers, Frame(head)))
        send(answers, answer._replace(head={**answer.head, "memory": peak()}))


def limit(memory: int) -> None:
    """Sets the limits that this system has: memory in bytes, the size of files written, no core files."""
    try:
        import resource
    except ImportError:  # Windows
        return
    limits = {"RLIMIT_DATA": memory, "RLIMIT_FSIZE": MOST_WRITTEN, "RLIMIT_CORE": 0}
    if sys.platform != "linux":
        limits["RLIMIT_AS"] = 4 * memory  # there it counts what is only reserved, too
    for name, most in limits.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        _, hard = resource.getrlimit(kind)
        lowest = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(kind, (lowest, lowest))
        except (ValueError, OSError):  # a system that has the name only
            continue


def allow(seconds: float) -> None:
    """Lets the system end this process when it has computed for `seconds` from now, even if nobody watches any more."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime + seconds * (os.cpu_count() or 1)) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def peak() -> int:
    """Bytes of memory that this process has had at most; 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _private_output() -> IO[bytes]:
    """Standard output for frames alone: what a library prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _named(reader: str) -> Callable[[Frame, Callable[[dict[str, Any]], None]], Frame]:
    module, _, name = reader.partition(":")
    found: Callable[[Frame, Callable[[dict[str, Any]], None]], Frame] = getattr(import_module(module), name)
    return found


def _listen(stream: IO[bytes], asked: queue.Queue[Frame | None]) -> None:
    """Hands on what comes; when nothing more can come, the one who asked is gone."""
    while frame := receive(stream, 1 << 20):
        asked.put(frame)
    asked.put(None)
    _alone.set()
    if _busy.is_set():
        _end()


_busy, _alone = threading.Event(), threading.Event()


def _end() -> None:
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)  # with what it started itself, such as LibreOffice
    os._exit(1)


@contextmanager
def _ending_with_parent() -> Iterator[None]:
    """While a file is read, the only thing that can come on standard input is its end.

    On Linux the system then ends the whole process group, even if it is stuck in a library and no Python runs.
    """
    _busy.set()
    if _alone.is_set():
        _end()
    try:
        _signal_of_input(True)
        yield
    finally:
        _signal_of_input(False)
        _busy.clear()


def _signal_of_input(wanted: bool) -> None:
    if sys.platform != "linux":
        return
    import fcntl

    group = os.getpgrp()
    fcntl.fcntl(0, fcntl.F_SETOWN, -group if group == os.getpid() else os.getpid())
    flags = fcntl.fcntl(0, fcntl.F_GETFL)
    fcntl.fcntl(0, fcntl.F_SETFL, flags | os.O_ASYNC if wanted else flags & ~os.O_ASYNC)


def _stay_offline(event: str, _: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        raise PermissionError("reading a file needs no network")


def command(reader: str, memory: int) -> list[str]:
    """What starts a worker. The working folder, which may hold anything, is not searched for modules."""
    root = str(Path(__file__).resolve().parents[2])
    code = (
        f"import sys; sys.path.insert(0, {root!r}); from index.reading.worker import serve; serve({reader!r}, {memory})"
    )
    return [sys.executable, "-P", "-c", code]
