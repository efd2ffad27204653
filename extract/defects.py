"""What is damaged in the text itself: lost digits, characters and separators, counts that do not add up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.numerals import integer
from extract.clauses import Node
from extract.paragraphs import Paragraph

_HAN = "\u4e00-\u9fff"
_UNIT = r"(?:万|亿|千|百)?(?:个|家|项|条|户|吨|亩|平方公里|平方米|公里|千瓦|兆瓦|元|分钟|小时|天|年(?!轻|龄|代|会|终|末|来|均)|月|日|倍|%|人|台|辆|座|处)"
_LOST_NUMBER = re.compile(
    rf"(?P<date>(?<![\d{_HAN}])年\s+月\s+日|(?<=[{_HAN}])\s+年\s+月\s+日)|"
    rf"(?P<unit>(?<=[{_HAN}“])\s+(?={_UNIT}(?![{_HAN}]{{0,1}}（)))|"
    rf"(?P<glued>(?<=首批)(?={_UNIT}))|"
    r"(?P<bare>(?<=超过|达到|低于|高于|少于|至少|大约)\s+(?=[，。；]))"
)
_LOST_MARKER = re.compile(r"[（(]\s*[）)]")
_LOST_WORD = re.compile(r"(?<=[\u4e00-\u9fff])[（(]\s+[）)]")
_BLANK = re.compile(rf"(?:(?<=[，。；：“”、（])|(?<=[{_HAN}])|^)\s+(?=[{_HAN}”])|(?<=[{_HAN}])\s+(?=”)")
_SPACED_OUT = re.compile(rf"(?:(?![年月日])[{_HAN}]\s){{3}}")
_ENDS_IN_A_YEAR = re.compile(r"\S \S+ (?:19|20)\d\d$")
_SUPERLATIVE = re.compile("[大高低小优佳终新多少好强严近]")
_STATED = re.compile(
    r"(?P<n>[一二三四五六七八九十]{1,3}|\d{1,3})\s*(?:项|个|条|大|类|方面)?(?P<noun>(?:重点|主要|重大|具体|专项|核心)?(?:任务|举措|措施|行动|工程|阶段|环节))(?!的|中|之|类)"
)
_TOTAL = re.compile(
    r"共有?\s*(?P<n>\d{1,6})\s*(?P<u>家|个|项|条|户|台|座|吨|人)[^。；]{0,40}?其中分别(?:是|为|有)?(?P<parts>[^。；]{8,400})"
)


@dataclass(frozen=True)
class Damage:
    """A defect at ``text[start:end]`` of the document."""

    kind: str
    note: str
    start: int
    end: int


def lost_digits(paras: Sequence[Paragraph]) -> bool:
    """Whether the source has lost its digits throughout: three places or more where a number must stand."""
    count = 0
    for p in paras:
        if not p.is_row and (" " in p.text or "首批" in p.text or _LOST_MARKER.match(p.text)):
            count += sum(1 for _ in _LOST_NUMBER.finditer(p.text)) + len(_LOST_MARKER.findall(p.text))
        if count >= 3:
            return True
    return False


def find(paras: Sequence[Paragraph], root: Node, text: str, systematic: bool) -> Iterator[Damage]:
    """The damage that the text shows, in reading order. ``systematic``: the document has lost its digits throughout."""
    found: list[Damage] = []
    for p in paras:
        if not p.is_row and (systematic or " " in p.text) and not _ENDS_IN_A_YEAR.search(p.text, len(p.text) - 40):
            found += _in_paragraph(p, systematic)
    if systematic:
        found += [
            Damage("missing_number", f"标题“{n.title}”前的序号已丢失", n.paragraph.start, n.paragraph.end)
            for n in root.walk()
            if n.style == "lost" and n.paragraph
        ]
    found += list(_counts(root, text))
    found += list(_gaps(root))
    yield from sorted(found, key=lambda d: (d.start, d.kind))


def _in_paragraph(p: Paragraph, systematic: bool) -> Iterator[Damage]:
    taken: list[tuple[int, int]] = []
    if _SPACED_OUT.search(p.text):
        return
    if " " not in p.text and "首批" not in p.text:
        return
    for match in _LOST_NUMBER.finditer(p.text):
        if (
            match.lastgroup in ("unit", "glued")
            and not systematic
            and not re.search("[达到超过于首少约第近每]$", p.text[: match.start()])
        ):
            continue
        taken.append(match.span())
        what = "日期中的数字已丢失" if match.lastgroup == "date" else "此处的数字已丢失"
        yield Damage(
            "missing_number",
            f"{what}：“{_around(p.text, *match.span())}”",
            p.start + match.start(),
            p.start + match.end(),
        )
    for match in _LOST_MARKER.finditer(p.text):
        taken.append(match.span())
        word = _LOST_WORD.search(p.text, max(0, match.start() - 1), match.end())
        kind, what = ("missing_character", "括号内的文字已丢失") if word else ("missing_number", "序号中的数字已丢失")
        yield Damage(
            kind, f"{what}：“{_around(p.text, *match.span())}”", p.start + match.start(), p.start + match.end()
        )
    if not systematic:
        return
    for match in _BLANK.finditer(p.text):
        if any(a <= match.start() < b for a, b in taken) or _between_names(p.text, match):
            continue
        if p.marker and match.end() == p.marker.end or p.is_caption:
            continue  # 第一章  总则: the blank behind a number is how it is printed
        yield _blank(p, match)


def _blank(p: Paragraph, match: re.Match[str]) -> Damage:
    before, after = p.text[: match.start()], p.text[match.end() :]
    where = _around(p.text, *match.span())
    span = (p.start + match.start(), p.start + match.end())
    edge = (
        not before
        or before[-1] in "，。；：“”、（"
        or after.startswith("”")
        or after[1:3] in ("碳”",)
        or _unbalanced(p.text, match)
    )
    if edge or _SUPERLATIVE.match(after):
        guess = f"，疑为“最{after[:1]}”" if _SUPERLATIVE.match(after) else ""
        return Damage("missing_character", f"此处有字符已丢失{guess}：“{where}”", *span)
    if _inside_quotes(p.text, match.start()):
        return Damage("missing_character", f"引号内有字符已丢失：“{where}”", *span)
    return Damage("missing_separator", f"两个词之间的分隔符已丢失：“{where}”", *span)


def _unbalanced(text: str, match: re.Match[str]) -> bool:
    """Whether an opening quotation mark is what was lost: the next mark closes and none is open."""
    after = re.search("[“”]", text[match.end() :])
    return (
        bool(after) and after.group() == "”" and text[: match.start()].count("“") <= text[: match.start()].count("”")
        if after
        else False
    )


def _inside_quotes(text: str, at: int) -> bool:
    return text[:at].count("“") > text[:at].count("”")


def _between_names(text: str, match: re.Match[str]) -> bool:
    """Blanks that belong: between issuers (中共中央 国务院), and inside 《…》 titles."""
    before, after = text[: match.start()], text[match.end() :]
    if re.search(r"(?:委|局|厅|部|中央|政府|办公厅|会)$", before) and re.match(
        r"[\u4e00-\u9fff]{1,12}?(?:委|局|厅|部|国务院|政府|市|省)", after
    ):
        return True
    return before.count("《") > before.count("》")


def _around(text: str, start: int, end: int) -> str:
    return text[max(0, start - 10) : end + 10].strip()


def _counts(root: Node, text: str) -> Iterator[Damage]:
    """Stated counts that the clauses below, or the parts of a sum, do not bear out."""
    for node in root.walk():
        below = _sizes(node)
        for start, end in node.body() if below else []:
            for match in _STATED.finditer(text, start, end):
                stated = integer(match["n"])
                if (
                    stated
                    and stated >= 3
                    and stated not in below
                    and any(abs(stated - n) <= max(1, stated // 10) for n in below)
                ):
                    real = min(below, key=lambda n: abs(n - stated))
                    note = f"文中称“{match.group()}”，实际列出 {real} 项"
                    yield Damage("count_mismatch", note, match.start(), match.end())
    for match in _TOTAL.finditer(text):
        parts = [int(n) for n in re.findall(rf"(\d{{1,6}})\s*{match['u']}", match["parts"])]
        if len(parts) >= 3 and sum(parts) != int(match["n"]):
            note = f"文中称共 {match['n']} {match['u']}，分项相加为 {sum(parts)} {match['u']}"
            yield Damage("count_mismatch", note, match.start(), match.end())


def _sizes(node: Node) -> set[int]:
    """How many clauses stand below at each depth."""
    sizes: set[int] = set()
    level = node.children
    while level:
        sizes.add(len(level))
        level = [c for n in level for c in n.children]
    return sizes


def _gaps(root: Node) -> Iterator[Damage]:
    """Numbers that the sequence leaves out."""
    last: dict[str, Node] = {}
    for node in root.walk():
        before = last.get(node.style)
        if (
            before
            and before.number
            and node.number
            and before.number + 1 < node.number
            and node.paragraph
            and node.style != "decimal1"
        ):
            note = f"编号不连续：“{before.label}”之后是“{node.label}”，请核对原文是否缺项"
            yield Damage("other", note, node.paragraph.start, node.paragraph.start + len(node.label))
        if node.number:
            last[node.style] = node
