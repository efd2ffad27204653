"""Tables whose columns are parted by blanks: text saved from a word processor or a PDF has no other mark for a cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from corpus.mapped import Mapped

_GAP = re.compile(r"[ \u3000\xa0]{2,}|\u3000")
_LEAST_ROWS, _LEAST_CELLS, _LONGEST_HEAD = 3, 3, 16
_SENTENCE = re.compile("[。；，：]")


def with_tabs(lines: Sequence[Mapped]) -> list[Mapped]:
    """The lines with tabs for the blanks between cells, where three or more in a row have equally many cells.

    The first of them is a head: short cells without the marks of a sentence. Blank lines between rows do not part them.

    >>> [line.text for line in with_tabs([Mapped.whole(t) for t in ("序号  项目  年份", "1  管网  2025", "2  光伏  2026")])]
    ['序号\\t项目\\t年份', '1\\t管网\\t2025', '2\\t光伏\\t2026']
    """
    out = list(lines)
    printed = [i for i, line in enumerate(lines) if line.text.strip()]
    for width, run in groupby(printed, key=lambda i: _cells(lines[i].text)):
        rows = list(run)
        while rows and not _is_head(lines[rows[0]].text):
            rows.pop(0)
        if width >= _LEAST_CELLS and len(rows) >= _LEAST_ROWS:
            for i in rows:
                out[i] = lines[i].strip().sub(_GAP, "\t")
    return out


def _cells(text: str) -> int:
    """How many cells the blanks make of a line; 0 where it has cells already."""
    return 0 if "\t" in text else len(_GAP.split(text.strip()))


def _is_head(text: str) -> bool:
    cells = _GAP.split(text.strip())
    return all(len(cell) <= _LONGEST_HEAD and not _SENTENCE.search(cell) for cell in cells)
