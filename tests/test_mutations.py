"""Damaged files of every format: each is read or refused in words; none crashes, hangs or exceeds its limits.

``MUTATIONS`` in the environment sets how many there are of each format (1,000 for the measure that the project promises).
``MUTATION`` names one, as ``docx-17``, to look at.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from corpus import read
from corpus.formats import office
from extract import extract
from index.reading.extraction import Job, Refused, read_all
from index.reading.guard import LIMITS, MB, most_workers
from tests import mutating, pdf_making, renditions
from tests.mutating import Mutator, mutated

COUNT = int(os.environ.get("MUTATIONS", "12"))
ONE = os.environ.get("MUTATION", "")
CASES = Path(__file__).parent / "cases" / "docs"
DOCUMENT = CASES / "donghu-green-2023.txt"
LIMIT = replace(LIMITS, quiet=60.0, total=120.0, memory=1536 * MB)
FAULTS = ("程序出错", "进程中断", "没有结果", "内存不够", "超过上限 128 MB")
"""What a message says when a reader crashed, hung or grew: that is what must not be."""


class Row(NamedTuple):
    """A format: how a sound file of it is made from paragraphs, how it is damaged."""

    ending: str
    make: Callable[[Sequence[str]], bytes]
    mutators: tuple[Mutator, ...]


def converted(data: bytes, ending: str, target: str) -> bytes:
    """What LibreOffice makes of a file; the test is passed over where there is none."""
    if office.program() is None:
        pytest.skip("LibreOffice is not installed")
    return office.convert(data, f".{ending}", target, f"a.{ending}")


ROWS = (
    Row("txt", lambda lines: "\n".join(lines).encode("gb18030"), mutating.BYTES),
    Row("docx", lambda lines: renditions.docx(lines, automatic=True), mutating.ZIP),
    Row("html", lambda lines: renditions.gov_cn(lines, lines[0]), mutating.MARKUP),
    Row("mhtml", lambda lines: renditions.mhtml(lines, lines[0]), mutating.MARKUP),
    Row("ofd", renditions.ofd, mutating.ZIP),
    Row("xlsx", lambda _: renditions.workbook(extract(read(DOCUMENT))), mutating.ZIP),
    Row("doc", lambda lines: converted(renditions.docx(lines), "docx", "doc"), mutating.BYTES),
    Row("pdf", lambda lines: pdf_making.pdf(lines), mutating.PDF),
)


@pytest.mark.timeout(6 * 3600)
@pytest.mark.parametrize("row", ROWS, ids=[row.ending for row in ROWS])
def test_damaged_files_are_read_or_refused_in_words(row: Row, tmp_path: Path) -> None:
    sound = row.make(read(DOCUMENT).text.split("\n"))
    numbers = range(-1, COUNT)
    if ONE:
        numbers = range(*(int(part) + n for n, part in enumerate([ONE.rpartition("-")[2]] * 2)))
        if ONE.rpartition("-")[0] != row.ending:
            pytest.skip("another format was named")
    jobs = []
    for number in numbers:
        path = tmp_path / f"{row.ending}-{number}.{row.ending}"
        path.write_bytes(sound if number < 0 else mutated(sound, row.mutators, row.ending, number))
        jobs.append(Job(path))
    found = dict(read_all(jobs, most_workers(LIMIT), limits=LIMIT, reader="tests.without_recognition:answer"))
    assert ONE or not isinstance(found[0], Refused), found[0]
    assert len(found) == len(jobs)
    bad = []
    for number, result in sorted(found.items()):
        if isinstance(result, Refused) and (any(fault in result.problem for fault in FAULTS) or not result.hint):
            bad.append(f"{jobs[number].path.name}: {result.problem.partition('：')[2]}")
    if bad and (kept := os.environ.get("MUTANTS")):
        for line in bad:
            shutil.copy(tmp_path / line.partition(":")[0], kept)
    assert not bad, f"{len(bad)} of {len(jobs)}\n" + "\n".join(bad)
