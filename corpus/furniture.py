"""What stands on the page but is not part of the text: page numbers, running heads, contents, re-publishers' lines."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.joining import is_label_line


@dataclass(frozen=True)
class LineRule:
    """A pattern for a whole line, the convention behind it, and lines that it reads and leaves."""

    name: str
    pattern: re.Pattern[str]
    convention: str
    reads: tuple[str, ...]
    skips: tuple[str, ...]


PAGE_NUMBERS = (
    LineRule(
        "dashed page number",
        re.compile(r"\s*[-—–－―─·]+\s*\d{1,4}\s*[-—–－―─·]+\s*"),
        "GB/T 9704—2012, 7.5: the page number stands between two dashes below the type area",
        ("- 10 -", "— 3 —", "－12－"),
        ("2024", "——能源效率", "3-5"),
    ),
    LineRule(
        "page of pages",
        re.compile(
            r"\s*第?\s*\d{1,3}\s*页?\s*[/／,，共]+\s*\d{1,3}\s*页?\s*|\s*第\s*\d{1,4}\s*页\s*(?:[/，,]?\s*共\s*\d{1,4}\s*页)?\s*|"
            r"\s*共\s*\d{1,4}\s*页\s*[/，,]?\s*第\s*\d{1,4}\s*页\s*|\s*Page\s*\d{1,4}\s*of\s*\d{1,4}\s*"
        ),
        "footers of word processors",
        ("第 3 页 共 12 页", "3/12", "第3页", "共 12 页 第 3 页", "Page 3 of 12"),
        ("2023/6", "第三条"),
    ),
)

WATERMARKS = (
    LineRule(
        "re-publisher's notice",
        re.compile(
            r".*(?:本文(?:内容)?(?:来自|来源于|转自|转载)|(?:搜集|收集)整理|如有(?:任何)?(?:异议|侵权)|侵权(?:请|必)?(?:联系|删)|"
            r"扫(?:一扫|码).{0,12}(?:关注|下载)|(?:微信)?公众号[:：]|关注.{0,8}公众号|仅供(?:个人)?学习|版权归.{0,12}所有|"
            r"更多.{0,10}(?:资料|文件|精彩).{0,10}(?:下载|关注|访问)|转载请注明).*"
        ),
        "an official text never speaks of itself as copied from the net, collected or free of rights",
        (
            "本文内容来自网络，由某平台搜集整理，如有任何异议请联系我们，我们将酌情处理！",
            "关注公众号：政策通，获取更多文件",
            "转载请注明出处",
        ),
        ("加强信息搜集，做好台账。", "各单位要关注网络安全。", "建设废旧物资回收网络，推动资源收集和利用。"),
    ),
)

_CONTENTS = re.compile(r"\s*目\s*[录次]\s*")
_CONTENTS_ENTRY = re.compile(r"(?P<title>\S.*?)[\s.．…·—_]+\d{1,4}\s*$")
_ENDS_SENTENCE = re.compile(r"[。；：！？，、;:!?,）)》”]\s*$")


def is_page_number(line: str) -> bool:
    """Whether the line is a page number in one of the printed forms."""
    return any(rule.pattern.fullmatch(line) for rule in PAGE_NUMBERS)


_OF_COPIES = frozenset("网载码集侵号权习资")
"""Every line of a re-publisher holds one of these."""


def is_watermark(line: str) -> bool:
    """Whether the line is a re-publisher's."""
    if len(line) > 120 or _OF_COPIES.isdisjoint(line):
        return False
    return any(rule.pattern.fullmatch(line.strip()) for rule in WATERMARKS)


def bare_page_numbers(lines: Sequence[str]) -> set[int]:
    """Indices of lines that hold nothing but a number, where these count the pages one by one (at least three).

    Two page numbers stand at least eight printed lines apart; so the numbers of a table column are left alone.
    """
    printed = [i for i, line in enumerate(lines) if line.strip()]
    rank = {i: k for k, i in enumerate(printed)}
    bare = [(i, int(lines[i])) for i in printed if lines[i].strip().isdecimal() and len(lines[i].strip()) <= 3]
    best: list[int] = []
    for start, (first, number) in enumerate(bare):
        run, last, want = [first], first, number + 1
        for i, value in bare[start + 1 :]:
            if value == want and rank[i] - rank[last] >= 8:
                run.append(i)
                last, want = i, want + 1
        if len(run) > len(best):
            best = run
        if len(best) >= len(bare) - start:
            break
    return set(best) if len(best) >= 3 else set()


def running_heads(lines: Sequence[str]) -> set[int]:
    """Indices of short lines that come back on page after page (three times or more, at least ten lines apart).

    Lines that end a sentence or open with a bracket or a label are never heads: a repeated （责任部门：…） is content.
    """
    places: defaultdict[str, list[int]] = defaultdict(list)
    rank = 0
    for i, line in enumerate(lines):
        text = line.strip()
        if not text:
            continue
        rank += 1
        if 4 <= len(text) <= 40 and "\t" not in text and not _is_text(text) and text[0] not in "（(【[":
            places[re.sub(r"\d+", "#", text)].append((rank << 32) | i)
    heads: set[int] = set()
    for found in places.values():
        if len(found) >= 3 and all((b >> 32) - (a >> 32) >= 10 for a, b in itertools.pairwise(found)):
            heads.update(code & 0xFFFFFFFF for code in found)
    return heads


def heads_at_page_numbers(lines: Sequence[str], pages: set[int]) -> set[int]:
    """Indices of lines that stand next to page numbers on two pages or more: heads and feet of short documents."""
    printed = [i for i, line in enumerate(lines) if line.strip()]
    beside: defaultdict[str, set[int]] = defaultdict(set)
    for k, i in enumerate(printed):
        if i in pages:
            for near in printed[max(0, k - 1) : k] + printed[k + 1 : k + 2]:
                text = lines[near].strip()
                if 4 <= len(text) <= 40 and not _is_text(text):
                    beside[text].add(near)
    return {i for found in beside.values() if len(found) >= 2 for i in found}


def _is_text(line: str) -> bool:
    """Whether a line that comes back is content all the same: the end of a sentence, or who answers for a task."""
    return bool(_ENDS_SENTENCE.search(line)) or is_label_line(line)


def contents(lines: Sequence[str]) -> set[int]:
    """Indices of the table of contents: 目录 and the entries behind it, each with a page number or printed again below."""
    start = next((i for i, line in enumerate(lines[:400]) if _CONTENTS.fullmatch(line)), None)
    if start is None:
        return set()
    entries = [i for i in range(start + 1, min(len(lines), start + 600)) if lines[i].strip()]
    if not entries:
        return set()
    first = _entry_title(lines[entries[0]])
    again = next((i for i in entries[1:] if _squeeze(lines[i]) == first), len(lines))
    titles = Counter(_squeeze(line) for line in lines)
    last = start
    for i in entries:
        title = _entry_title(lines[i])
        paged = bool(_CONTENTS_ENTRY.fullmatch(lines[i].strip()))
        if i >= again or not paged and titles[title] < 2 and not _is_again(lines[i], titles):
            break
        last = i
    return set(range(start, last + 1))


def _entry_title(line: str) -> str:
    match = _CONTENTS_ENTRY.fullmatch(line.strip())
    return _squeeze(match["title"] if match else line)


def _is_again(line: str, titles: Counter[str]) -> bool:
    """Whether the entry, without a page number that stands close to it, is printed again as a line."""
    bare = re.sub(r"(?<=[\u4e00-\u9fff”）])\d{1,3}$", "", _squeeze(line))
    return bare != _squeeze(line) and titles[bare] > 0


def _squeeze(line: str) -> str:
    return re.sub(r"\s+", "", line)
