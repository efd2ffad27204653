"""What kind of file each of some chosen files is, told before anybody begins to add them: by a worker, as they are untrusted."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from index.reading.guard import MB, Died, Limits, Question, ask_all
from index.reading.worker import Frame

LIMITS = Limits(quiet=20.0, quiet_per_mb=0.2, total=30.0, memory=512 * MB, answer=MB)
"""Telling a kind takes a look at the beginning of a file and at the list of what it holds."""


class Told(NamedTuple):
    """The name of the kind; ``problem`` says why it cannot be read, and what to do instead, or is empty."""

    kind: str
    problem: str


def kinds(files: Sequence[tuple[str, bytes]]) -> list[Told]:
    """What each file, given by name and content, is."""
    found = [Told("", DIED)] * len(files)
    with tempfile.TemporaryDirectory(prefix="policytrace-") as folder:
        questions = []
        for number, (name, data) in enumerate(files):
            path = Path(folder) / str(number)
            path.write_bytes(data)
            questions.append(Question(Frame({"path": str(path), "name": name}), len(data)))
        for event in ask_all(questions, 1, LIMITS, "index.reading.chosen:answer"):
            if event.kind == "done" and event.frame is not None and not isinstance(event.frame, Died):
                found[event.number] = Told(event.frame.head["kind"], event.frame.head["problem"])
    return found


DIED = "文件可能已损坏，认不出是什么。请用原来的软件打开，检查无误后另存再加入。"


def answer(frame: Frame, tell: Callable[[dict[str, Any]], None]) -> Frame:
    """What the worker answers."""
    from corpus.formats.kinds import KINDS, kind_of
    from schemas import UnreadableSource

    tell({"what": "begun"})
    try:
        kind = KINDS[kind_of(Path(frame.head["path"]).read_bytes(), frame.head["name"])]
    except UnreadableSource as error:
        told = Told("", f"{error.problem.removeprefix(frame.head['name']).lstrip('：')}。{error.hint}")
    except Exception:  # of a file made to do harm; nothing is lost
        told = Told("", DIED)
    else:
        told = Told(kind.name, "" if kind.module else f"不支持的格式：这是{kind.name}。{kind.hint}")
    return Frame({"what": "told", **told._asdict()})
