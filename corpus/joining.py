"""Hard-wrapped lines → paragraphs: where a line goes on in the next."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence

from corpus.mapped import Mapped, join
from corpus.numbering import read_marker

_TERMINAL = re.compile(
    r"[。；：！？;:!?…][”’）)】\]》]*$|[。；！？][”’]?$|(?:责任|牵头|负责|配合|指导|参与|落实|列出|下同|单位|部门|时限|公开)[^（(）)]*[）)】]$"
)
_HANGING = re.compile(r"[，、,（(《“‘—]$")
_BRACKET_LINE = re.compile(r"[（(【\[〔].{0,60}(?:责任|牵头|负责|配合|单位|部门|处室|主办|协办|完成时限)")
_NAME_LIST_LINE = re.compile(
    r"[（(][^（）()，。；]{2,24}(?:委|局|厅|办|处|部|政府|公司|集团|委员会|中心|院|会)[、，；]"
)
_NUMBER_LINE = re.compile(
    r"[\u4e00-\u9fff（）()]{1,16}\s*[〔\[（(【﹝［]\s*(?:19|20)\d{2}\s*[〕\]）)】﹞］]\s*第?\s*\d+\s*号\s*$"
)
_TITLE_END = re.compile(r"(?:方案|规划|计划|意见|办法|要点|措施|细则|规定|报告|纲要)(?:[（(][^（）()]{1,16}[）)])?$")
_PREAMBLE = re.compile(
    "为(?:深入|贯彻|全面|进一步|加快|落实|推动|推进|切实|认真|了|积极|做好|扎实|规范|加强|促进|有序)|根据|按照|依据"
)
_CARRIED = re.compile(r"《[^《》]{4,}|(?:现将|现就|经[^，。]{2,30}(?:同意|批准|审议)|近期|近年来)")
"""How the first sentence of a notice begins, beside `_PREAMBLE`."""
_DATE_LINE = re.compile(
    r"(?:[12]\d{3}|[二〇○零一九]{4})\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日"
)
_COLUMNS = re.compile(r"\S\s{3,}\S")
_BODY_END = re.compile(r"(?:委员会|管委会|政府|办公厅|办公室|委|局|厅|部|院|公司|集团|中心)$")
_NOTICE_ENDS = ("的通知", "的公告", "的通告", "的决定", "的批复", "的函")
_LABEL_LINE = re.compile(
    r"(?:责任|牵头|配合|参与|参加|指导|支持|协办|主办|实施|主管|协同)(?:单位|部门|处室|主体|领导|科室|股室)?\s*[:：]|完成时(?:限|间)\s*[:：]"
)
_SIGNATURE_DATE = re.compile(r"(?:[12]\d{3}|[二〇○零一九]{4})?\s*年\s*\S{0,3}\s*月\s*\S{0,3}\s*日(?:印发)?$")
_ORGANISATIONS = re.compile(
    r"(?:[\u4e00-\u9fff]{2,}?(?:委员会|管委会|人民政府|办公厅|办公室|委|局|厅|部|院|公司|集团|政府|中心|协会|学会)(?:办公室)?(?:\s+|$))+"
)
_CAPTION = re.compile(r"(?:图|表|附图|附表)\s*\d+|附件|附\s*[:：]|注\s*[:：]")
_NARROW = re.compile("[\x00-\u024f]")


def _width(text: str) -> float:
    """Printed width in Han characters: ASCII counts half, line-end blanks nothing."""
    return len(text) - len(_NARROW.findall(text)) / 2


def measure(lines: Sequence[str]) -> float | None:
    """The width at which the text was hard-wrapped, in Han characters; None where a line is a paragraph."""
    widths = [_width(text) for line in lines if (text := line.strip()) and "\t" not in text]
    long = [w for w in widths if w >= 14]
    if len(long) < 8:
        return None
    counts = Counter(round(w) for w in long)
    full = max(counts, key=lambda w: (sum(counts[w - k] for k in range(3)), w))
    share = sum(counts[full - k] for k in range(-1, 3)) / len(long)
    over = sum(n for w, n in counts.items() if w > full + 5) / len(long)
    return float(full) if share >= 0.4 and over <= 0.03 and full <= 60 else None


def is_label_line(line: str) -> bool:
    """Whether the line says who answers or by when (牵头单位：县工信局). However often it comes back, it is text."""
    return bool(_LABEL_LINE.match(line))


def pasted(lines: Sequence[str]) -> bool:
    """Whether the paragraphs that a file tells are hard-wrapped lines: many of one width that end no sentence.

    Sentences end in the middle of such lines too (…水平。推进…). The members of a list may be of one width and end
    without a mark, but none holds the end of a sentence and goes on; and most open with a number or an indent.
    """
    texts = [line for line in lines if line.strip() and "\t" not in line]
    full = measure(texts)
    if full is None:
        return False
    wide = [k for k, text in enumerate(texts[:-1]) if _width(text.strip()) >= full - 3.2]
    cut = [k for k in wide if not _TERMINAL.search(texts[k].strip()) and not _opens(texts[k + 1])]
    mixed = sum(bool(re.search("[。；]", texts[k])) for k in cut)
    return len(cut) >= max(6, 0.5 * len(wide)) and mixed >= max(2, 0.1 * len(cut))


def told_paragraphs(lines: Sequence[Mapped], soft: Sequence[bool]) -> list[Mapped]:
    """The paragraphs that the file tells; ``soft[k]``: line ``k`` follows a line break inside a paragraph.

    A paragraph is carried on in the next one only where it cannot end: inside 《…》, inside a bracket of departments that
    the next one closes, or at a comma.
    """
    groups: list[list[Mapped]] = []
    for line, is_soft in zip(lines, soft, strict=True):
        if not line.text.strip():
            continue
        body = line if "\t" in line.text else line.strip()
        if groups and _carried_on([g.text for g in groups[-1]], line.text, is_soft):
            groups[-1].append(body)
        else:
            groups.append([body])
    return [_joined_line(group) for group in groups]


def _carried_on(so_far: Sequence[str], raw: str, is_soft: bool) -> bool:
    line, following, whole = so_far[-1], raw.strip(), "".join(so_far)
    if "\t" in line or "\t" in following or len(whole) > 3000:
        return False
    if is_soft and not _indented(raw):
        return _goes_on([line, following], 0, None, whole)
    if _opens(raw):
        return False
    tail = whole[-120:]
    if tail.count("《") > tail.count("》"):
        return "》" in following[:120]
    if re.search(r"[（(【](?:责任|牵头|配合|主办|协办)[^）)】]*$", tail):
        return bool(re.match(r"[^（(]{0,120}[）)】]", following))
    return bool(re.search("[，、]$", line)) and len(line) >= 12


def _opens(raw: str) -> bool:
    """Whether a line begins like a paragraph: indented or numbered."""
    return _indented(raw) or read_marker(raw.strip()) is not None


def joined_paragraphs(lines: Sequence[Mapped], glues: Sequence[str | None]) -> list[Mapped]:
    """Paragraphs of hard-wrapped lines. ``glues[k]`` is what joins line ``k`` to the one above, ``?`` if not known."""
    printed = [(i, line) for i, line in enumerate(lines) if line.text.strip()]
    texts = [line.text for _, line in printed]
    full = measure(texts)
    gaps = [b - a > 1 for (a, _), (b, _) in itertools.pairwise(printed)]
    gap_means_break = bool(gaps) and 0.02 < sum(gaps) / len(gaps) < 0.7
    groups: list[list[Mapped]] = []
    for k, (i, line) in enumerate(printed):
        body = line if "\t" in line.text else line.strip()  # an empty first cell is a cell
        glue = glues[i]
        if k and glue == "?":
            parted = gap_means_break and gaps[k - 1]
            glue = "" if not parted and _goes_on(texts, k - 1, full, _joined(groups[-1])) else None
        if k and glue is not None:
            groups[-1] += [Mapped(glue, [body.place(0)] * len(glue)), body] if glue else [body]
        else:
            groups.append([body])
    return [_joined_line(group) for group in groups]


def _joined(group: Sequence[Mapped]) -> str:
    return "".join(line.text for line in group)


def _goes_on(texts: Sequence[str], k: int, full: float | None, so_far: str) -> bool:
    """Whether the paragraph of line ``k`` goes on in line ``k + 1``."""
    line, following = texts[k].strip(), texts[k + 1].strip()
    if "\t" in line or "\t" in following or _CAPTION.match(so_far):
        return False
    if _open_bracket(so_far) and not _is_heading(following):
        return len(so_far) < 3000
    if _starts_block(line, following):
        return False
    if full is None:
        return _unfinished(so_far, line, following)
    if _SIGNATURE_DATE.search(line) or following.startswith("附件") and _width(line) < full - 3:
        return False
    width = _width(line)
    if width < full - 3.2 and read_marker(following) and not _HANGING.search(line):
        return False
    if width >= full - 3.2:
        return not _new_first_line(line, following, texts, k, full)
    if _HANGING.search(line):
        return True
    ended = _TERMINAL.search(line) or _is_heading(line)
    return width >= 0.7 * full and not ended and not _indented(texts[k + 1])


def _starts_block(line: str, following: str) -> bool:
    """Whether ``following`` opens a paragraph of its own, whatever the width of the line above."""
    if _LABEL_LINE.match(following) or _NUMBER_LINE.match(following) or _NUMBER_LINE.fullmatch(line):
        return True
    if line.endswith(_NOTICE_ENDS) and not _open_bracket(line):
        return True
    if "，" not in line and _PREAMBLE.match(following) and _TITLE_END.search(line):
        return True
    if line.endswith("：") and (_PREAMBLE.match(following) or _CARRIED.match(following)):
        return True  # the line of the 主送机关 ends in a colon; what it is followed by is the first sentence
    if (
        _DATE_LINE.fullmatch(following)
        or len(line.split(None, 1)) > 1
        and _COLUMNS.search(line)
        and _BODY_END.search(line)
    ):
        return True
    if _ORGANISATIONS.fullmatch(following) and (
        _TERMINAL.search(line) or _TITLE_END.search(line) or _ORGANISATIONS.fullmatch(line)
    ):
        return True
    ended = bool(_TERMINAL.search(line)) or not line.endswith(("，", "、", ",", "“", "（", "《")) and _is_heading(line)
    marker = read_marker(following)
    if marker and marker.style in ("dash", "bullet", "arabic_space", "arabic_half_paren"):
        return ended
    if marker:
        return ended or marker.style in ("han", "han_paren", "chapter", "article") and not _HANGING.search(line)
    if _BRACKET_LINE.match(following) or _NAME_LIST_LINE.match(following):
        return ended
    return following.startswith("附件") and ended


def _is_heading(line: str) -> bool:
    marker = read_marker(line)
    return bool(marker) and len(line) - marker.end <= 30 and not re.search("[，。；]", line) if marker else False


def _new_first_line(line: str, following: str, texts: Sequence[str], k: int, full: float) -> bool:
    """A full line ends its paragraph only if it ends a sentence and the next is a first line.

    GB/T 9704—2012, 7.3.3: the first line of a paragraph is indented by two characters, so a stripped first line is
    two characters narrower than the others although the paragraph goes on after it.
    """
    if _indented(texts[k + 1]):
        return bool(_TERMINAL.search(line))
    if not re.search("[。；！？][”’）]?$", line):
        return False
    goes_on = k + 2 < len(texts) and not re.search("[。；！？：]$", following)
    return goes_on and full - 5 <= _width(following) <= full - 1.6


def _unfinished(so_far: str, line: str, following: str) -> bool:
    """In a text of one line per paragraph: whether a page break cut the sentence."""
    if _HANGING.search(line) and not line.endswith("（"):
        return True
    if (
        _TERMINAL.search(line)
        or line.endswith(("）", ")", "】"))
        or _SIGNATURE_DATE.search(line)
        or len(so_far) <= 36
        or _CAPTION.match(following)
        or read_marker(line)
        and len(so_far) <= 40
    ):
        return False
    return bool(re.match("[\u4e00-\u9fff，。；、）”]", following)) and not _is_heading(line)


def _open_bracket(text: str) -> bool:
    tail = text[-120:]
    return tail.count("《") > tail.count("》") or bool(
        re.search(r"[（(【](?:责任|牵头|配合|主办|协办)[^）)】]*$|[（(][^（）()。；]{0,40}$", tail)
    )


def _indented(raw: str) -> bool:
    return raw.startswith(("  ", "\u3000"))


def _joined_line(group: Sequence[Mapped]) -> Mapped:
    if len(group) == 1:
        return group[0]
    parts: list[Mapped] = []
    for line in group:
        if parts and _needs_blank(parts[-1].text, line.text):
            parts.append(Mapped(" ", [line.place(0)]))
        parts.append(line)
    return join(parts)


def _needs_blank(before: str, after: str) -> bool:
    """Latin words and numbers stay apart over a line end; Han characters do not."""
    return before[-1:].isascii() and before[-1:].isalnum() and after[:1].isascii() and after[:1].isalnum()
