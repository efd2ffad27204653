"""Whether a printed line goes on the paragraph before it: told from indents, edges, sizes and white, where they tell it."""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.formats.pdf_lines import Line, first_word
from corpus.numbering import read_marker

SHORT = 8
"""A line that leaves room for so many characters was ended by its writer: nothing that may not be parted is as long."""
OTHER = 0.2
"""Of the larger of two sizes, the difference from which on lines are of two paragraphs: 二号 (22) and 三号 (16)."""
_ENDS = re.compile(r"[。；：！？…][”’）)】]?$")
_TITLE_ENDS = re.compile(r"(?:方案|规划|计划|意见|办法|要点|措施|细则|规定|报告|纲要|通知|公告|通告|决定|批复|函)$")
_BODY = re.compile(
    r"(?:[\u4e00-\u9fff]{2,}(?:委员会|政府|办公厅|办公室|委|局|厅|部|公司|集团|中心|协会)\s*(?:文件)?\s*)+"
)
_NUMBER = re.compile(r"[〔\[（(【﹝［]\s*(?:19|20)\d{2}\s*[〕\]）)】﹞］]\s*第?\s*\d+\s*号\s*$")
_DATE = re.compile(r"\S{4}\s*年\s*\S{1,3}\s*月\s*\S{1,3}\s*日")


def joins(lines: Sequence[Line]) -> dict[int, str | None]:
    """For each line whose place is sure: what stands between it and the line before in one paragraph, None at a start.

    ``lines`` in reading order, over all pages.
    """
    prose = [line for line in lines if not line.is_row]
    if not prose:
        return {}
    habits = Habits.of(prose)
    told = ((k, _join(lines[k - 1], lines[k], habits)) for k in range(1, len(lines)))
    return {k: glue for k, glue in told if glue != "?"}


@dataclass(frozen=True)
class Habits:
    """How the document is set.

    ``set_in``: first lines are indented by two characters and the others begin at the edge (GB/T 9704—2012, 7.3.3).
    ``numbered_in``: so are those that open with a number; one at the edge is the middle of a sentence (…；（3）…).
    ``apart``: the white from line to line that parts paragraphs, None where it does not; ``size`` of the text's letters.
    """

    set_in: bool
    numbered_in: bool
    apart: float | None
    size: float

    @classmethod
    def of(cls, prose: Sequence[Line]) -> Habits:
        """Read from the lines."""
        counts = Counter("in" if 1.3 < _indent(line) < 2.8 else "edge" if _indent(line) < 0.6 else "" for line in prose)
        size = statistics.mode(line.size for line in prose)
        set_in = counts["in"] >= max(3, 0.08 * len(prose)) and counts["edge"] >= 0.1 * len(prose)
        numbered = [_indent(line) < 0.6 for line in prose if read_marker(line.text.strip())]
        numbered_in = set_in and len(numbered) >= 5 and sum(numbered) <= 0.12 * len(numbered)
        return cls(set_in, numbered_in, None if set_in else _apart(prose, size), size)


def _apart(prose: Sequence[Line], size: float) -> float | None:
    steps = [
        b.top - a.top for a, b in itertools.pairwise(prose) if a.size == b.size == size and 0 < b.top - a.top < 5 * size
    ]
    if len(steps) < 8:
        return None
    usual = statistics.mode(round(step * 2) / 2 for step in steps)
    wide = sum(step > 1.2 * usual for step in steps) / len(steps)
    return 1.2 * usual if 0.04 < wide < 0.7 and usual == min(round(s * 2) / 2 for s in steps) else None


def _join(before: Line, line: Line, habits: Habits) -> str | None:
    """What stands between two lines; ``?`` where the places do not tell."""
    if before.is_row or line.is_row:
        return None
    centred = _is_centred(before, habits), _is_centred(line, habits)
    slack = 0.3 if line.glyphs[0].font.startswith("ocr:") else 0.12
    same_size = abs(before.size - line.size) <= slack * max(before.size, line.size)
    if all(centred):
        return "" if same_size and _title_goes_on(before.text.strip(), line.text.strip()) else None
    other_size = abs(before.size - line.size) > max(slack, OTHER) * max(before.size, line.size)
    if other_size or not same_size and not _fills(before, line):
        return None
    if not habits.set_in:
        return _without_indents(before, line, habits)
    if any(centred):
        return None
    if _indent(line) > 1.3:
        return None if _indent(line) < 2.8 or not _fills(before, line) else "?"
    if _indent(line) < 0.8 and _fills(before, line):
        if not habits.numbered_in and _ENDS.search(before.text.strip()) and read_marker(line.text.strip()):
            return None
        return _between(before, line)
    return None if _indent(line) < 0.8 and _ENDS.search(before.text.strip()) else "?"


def _title_goes_on(before: str, line: str) -> bool:
    """Whether two centred lines are one title: not the names of two bodies, nor what stands below a title."""
    if before.count("《") > before.count("》"):
        return True
    if _BODY.fullmatch(before):
        return line.startswith("关于")
    if (
        _DATE.search(before) or _NUMBER.search(line) or "此件" in before
    ):  # 成文日期, 发文字号 and 附注 end what they stand in
        return False
    ended = _TITLE_ENDS.search(before) or read_marker(line) or _DATE.fullmatch(line) or line[0] in "（(—"
    return not ended and not _BODY.fullmatch(line) and len(before) > 3


def _without_indents(before: Line, line: Line, habits: Habits) -> str | None:
    """Paragraphs stand apart; or a line that reaches the edge in the middle of a sentence goes on in the next."""
    text, following = before.text.strip(), line.text.strip()
    step = line.top - before.top
    below = 0 < step < 5 * line.size and line.left == before.left
    if habits.apart and below and before.size == line.size == habits.size and step > habits.apart:
        return None
    if before.right - before.x1 > SHORT * before.size and before.left == line.left:
        return None
    if not _fills(before, line) or read_marker(following):
        return "?"
    if abs(line.x0 - before.x0) > 0.8 * line.size and _indent(line) > 0.8:
        return "?"
    if _ENDS.search(text) and not (habits.apart and below):
        return "?"
    return _between(before, line)


def _between(before: Line, line: Line) -> str:
    """A blank that was printed where the line was broken, and one between Latin words; numbers are never run together."""
    end, start = before.text.rstrip()[-1:], line.text.strip()[:1]
    led = line.led and (end < "\u0250" or start < "\u0250")
    if (before.text[-1:].isspace() or led) and end not in "，。、；：！？）》”":
        return " "
    return " " if _is_word(before.text.strip()[-1:]) and _is_word(line.text.strip()[:1]) else ""


def _is_word(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _indent(line: Line) -> float:
    return (line.x0 - line.left) / line.size


def _fills(line: Line, following: Line) -> bool:
    """Whether the line is full: what the next one begins with, and may not be parted, had no room in it."""
    return line.right - line.x1 < max(1.6 * line.size, first_word(following) + 0.4 * line.size)


def _is_centred(line: Line, habits: Habits) -> bool:
    left, right = _indent(line), (line.right - line.x1) / line.size
    least = -1.0 if line.size > 1.12 * habits.size else 2.6
    return left > least and right > least and abs(left - right) < 1.2
