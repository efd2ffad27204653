"""Printed lists of names as text: brackets, sentences, the parts between separators."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from extract.rules.departments import OPEN_END, SHARED_ENDING

_OPEN, _CLOSE = "（(【[〔", "）)】]〕"
_SEPARATOR = re.compile(r"[、，,；;/\t]|\s{1,}|(?<=[\u4e00-\u9fff）)])(?:以及|会同)(?=[\u4e00-\u9fff])")
LEADING = re.compile(r"^(?:由|请|其中|分别由|以及|会同|并由|主要由|统一由|联合|及|和|与)+")
_INSIDE_VERBS = frozenset(("组成", "组织", "组建", "部署", "办理", "处理", "处置", "会商", "会同", "局部", "区分"))
"""Where a name cannot end: its last character begins a verb (综合执法大队|组成检查组)."""
_MAX_BRACKET = 400


def longest_name(text: str, is_name: Callable[[str], bool]) -> str:
    """The longest beginning of ``text`` that is a name (原材料工业科研究制定 → 原材料工业科)."""
    lengths = range(min(len(text), 30), 2, -1)
    return next((text[:n] for n in lengths if text[n - 1 : n + 1] not in _INSIDE_VERBS and is_name(text[:n])), "")


def parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Split at separators outside of brackets."""
    depth, a = 0, start
    i = start
    while i < end:
        char = text[i]
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        elif depth == 0 and char == "各" and (shared := SHARED_ENDING.pattern.match(text, i, end)):
            i = shared.end()
            continue
        elif depth == 0 and (match := _SEPARATOR.match(text, i, end)):
            yield a, i
            i = a = match.end()
            continue
        i += 1
    yield a, end


def trimmed(text: str, start: int, end: int) -> tuple[int, int, bool]:
    """Without blanks, leading 由 and trailing 等有关部门; and whether the list was left open."""
    while start < end and text[start] in " 　、，。；;,":
        start += 1
    while end > start and text[end - 1] in " 　、，。；;,":
        end -= 1
    lead = LEADING.match(text[start:end])
    if lead and lead.end() < end - start:
        start += lead.end()
    opened = OPEN_END.pattern.search(text[start:end])
    if opened:
        return start, start + opened.start(), True
    return start, end, False


def bracket_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Outermost brackets in the span, as offsets that include the marks; those that are too long hold no names."""
    stack = 0
    opened = start
    for i in range(start, end):
        char = text[i]
        if char in _OPEN:
            if stack == 0:
                opened = i
            stack += 1
        elif char in _CLOSE and stack:
            stack -= 1
            if stack == 0 and 4 <= i + 1 - opened <= _MAX_BRACKET:
                yield opened, i + 1


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"[^。；\n]+", text[start:end]):
        a = start + match.start()
        yield a + len(match.group()) - len(match.group().lstrip()), start + match.end()


def sentence_end(text: str, start: int, end: int) -> int:
    stop = re.compile("[。\n]").search(text, start, end)
    return stop.start() if stop else end


def inside_bracket(text: str, start: int, at: int) -> bool:
    before = text[start:at]
    return sum(before.count(c) for c in _OPEN) > sum(before.count(c) for c in _CLOSE)


def without_brackets(text: str) -> str:
    return re.sub(r"[（(][^（）()]*[）)]", "", text)
