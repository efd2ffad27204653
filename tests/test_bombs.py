"""Files made to fill the memory or to take for ever: each is refused, or read, within little time and memory."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from index.reading import guard
from index.reading.extraction import Job, Refused, _question, _result
from index.reading.guard import LIMITS, MB, Died, ask_all
from tests.bombs import BOMBS
from tests.test_mutations import FAULTS

TIGHT = replace(LIMITS, quiet=90.0, total=120.0, memory=1536 * MB)
READABLE = {
    "outside.docx",
    "wide.docx",
    "spanning.html",
    "nested.html",
    "picture.docx",
    "laughs.html",
    "cyclic.pdf",
    "count.pdf",
    "rectangles.pdf",
}
"""Those that may be read: what is wrong with them need not be believed."""


@pytest.mark.parametrize("name", BOMBS)
def test_is_refused_within_its_limits(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(BOMBS[name]())
    job = Job(path)
    events = ask_all([_question(job)], 1, TIGHT, "tests.without_recognition:answer")
    started = time.monotonic()
    (frame,) = [event.frame for event in events if event.kind == "done"]
    seconds = time.monotonic() - started
    assert frame and not isinstance(frame, Died), frame
    result = _result(job, frame, TIGHT)
    used = frame.head["memory"] // MB
    print(f"{name}: {seconds:.1f} s, {used} MB: {result.problem if isinstance(result, Refused) else 'read'}")
    if isinstance(result, Refused):
        assert name in result.problem and result.hint
        assert not any(fault in result.problem for fault in FAULTS), result.problem
    else:
        assert name in READABLE
        assert "root:" not in result.policy
    assert seconds < 60 and used < 1200


def teardown_module() -> None:
    guard.dismiss()
