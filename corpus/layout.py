"""Printed lines → paragraphs: furniture out, damage repaired and told, hard line breaks joined."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus import furniture, garble
from corpus.glyphs import clean_line, radicals
from corpus.mapped import Mapped, join
from corpus.numbering import read_marker
from corpus.printed import Note

_NEWLINE = re.compile(r"\r\n|[\n\r\f\v\x85\u2028\u2029]")
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
_DATE_LINE = re.compile(
    r"(?:[12]\d{3}|[二〇○零一九]{4})\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日"
)
_COLUMNS = re.compile(r"\S\s{3,}\S")
_BODY_END = re.compile(r"(?:委员会|管委会|政府|办公厅|办公室|委|局|厅|部|院|公司|集团|中心)$")
_NOTICE_END = re.compile(r"的(?:通知|公告|通告|决定|批复|函)$")
_LABEL_LINE = re.compile(
    r"(?:责任|牵头|配合|参与|参加|指导|支持|协办|主办|实施|主管|协同)(?:单位|部门|处室|主体|领导|科室|股室)?\s*[:：]|完成时(?:限|间)\s*[:：]"
)
_SIGNATURE_DATE = re.compile(r"(?:[12]\d{3}|[二〇○零一九]{4})?\s*年\s*\S{0,3}\s*月\s*\S{0,3}\s*日(?:印发)?$")
_ORGANISATIONS = re.compile(
    r"(?:[\u4e00-\u9fff]{2,}?(?:委员会|管委会|人民政府|办公厅|办公室|委|局|厅|部|院|公司|集团|政府|中心|协会|学会)(?:办公室)?(?:\s+|$))+"
)
_CAPTION = re.compile(r"(?:图|表|附图|附表)\s*\d+|附件|附\s*[:：]|注\s*[:：]")
_NARROW = re.compile("[\x00-\u024f]")
_CELLS = re.compile(r"\s*\|\s*")
_MARKDOWN_RULE = re.compile(r"\s*(?:-\s*){3,}|\s*(?:\*\s*){3,}|\s*(?:_\s*){3,}")
_RULE = re.compile(r"\s*\|?[\s:|-]{3,}\|?\s*")


@dataclass(frozen=True)
class Layout:
    """The logical text with the place of each character, and what was repaired. ``pages`` are offsets in the file."""

    body: Mapped
    notes: tuple[Note, ...]
    line_starts: tuple[int, ...]
    page_starts: tuple[int, ...]


def logical_text(raw: str) -> Layout:
    """Read the decoded text of a file as paragraphs.

    The result has one paragraph, heading or table row (cells parted by tabs) per line.
    """
    lines, pages = _split(raw)
    notes: list[Note] = []
    cleaned = [_trimmed(line) for line in _repair(lines, notes)]
    printed = _without_furniture(cleaned, notes)
    paragraphs = _paragraphs(printed)
    body = join(_separated(paragraphs))
    starts = tuple(line.at[0] if len(line) else _start(line) for line in lines)
    return Layout(body, tuple(sorted(notes, key=lambda n: n.at)), starts, tuple(pages) if len(pages) > 1 else ())


# --- lines ---------------------------------------------------------------------------------------------------------


def _split(raw: str) -> tuple[list[Mapped], list[int]]:
    lines: list[Mapped] = []
    pages = [0]
    start = 0
    for match in _NEWLINE.finditer(raw):
        lines.append(Mapped(raw[start : match.start()], range(start, match.start())))
        start = match.end()
        if match.group() == "\f":
            pages.append(start)
    lines.append(Mapped(raw[start:], range(start, len(raw))))
    return lines, pages


def _start(line: Mapped) -> int:
    return line.at.start if isinstance(line.at, range) else 0


def _repair(lines: Sequence[Mapped], notes: list[Note]) -> list[Mapped]:
    whole = "".join(line.text for line in lines)
    odd = garble.odd_characters(whole)
    has_radicals = bool(radicals(whole))
    runs = {i: run for i, line in enumerate(lines) if (run := garble.garbled_run(line.text, odd))} if odd else {}
    printed = sum(bool(line.text.strip()) for line in lines)
    if len(runs) > max(40, printed // 3):  # another script altogether, not a broken font
        runs = {}
    shift = garble.find_shift([lines[i].text[a:b] for i, (a, b) in runs.items()]) if runs else None
    known = garble.pairs("".join(line.text for i, line in enumerate(lines) if i not in runs)) if runs else frozenset()
    out = []
    for i, line in enumerate(lines):
        if i in runs:
            line = _restored(line, runs[i], shift, known, notes)
        elif has_radicals:
            notes.extend(_radical_notes(line))
        out.append(clean_line(line))
    return out


def _restored(
    line: Mapped, run: tuple[int, int], shift: int | None, known: frozenset[str], notes: list[Note]
) -> Mapped:
    start, end = run
    printed = line.text[start:end]
    lost = not printed.strip(garble.LOST + " ")
    if lost or shift is None:
        what = "整行文字已丢失，只剩替换符" if lost else "字体映射损坏，无法还原"
        notes.append(Note("garbled_heading", what, line.text.strip(), line.place(start)))
        return line.slice(0, 0) if lost else line
    fixed = garble.restore(line.slice(start, end), shift, known)
    gone = "，行首或行末有字符已丢失" if garble.LOST in printed else ""
    told = f"字体映射损坏（码位偏移 {shift:+#x}）{gone}，还原为“{fixed.text}”"
    notes.append(Note("garbled_heading", told, line.text.strip(), line.place(start)))
    return join((line.slice(0, start), fixed, line.slice(end, len(line))))


def _radical_notes(line: Mapped) -> Iterable[Note]:
    if line.text.isascii():
        return
    for i in radicals(line.text):
        char = line.text[i]
        yield Note(
            "other",
            f"“{char}”（U+{ord(char):04X}）是部首或兼容字符，不是通用汉字，已按“{clean_line(line.slice(i, i + 1)).text}”读取",
            char,
            line.at[i],
        )


def _trimmed(line: Mapped) -> Mapped:
    if "|" in line.text and line.text.strip().startswith("|"):
        if _RULE.fullmatch(line.text):
            return line.slice(0, 0)
        inner = line.strip()
        inner = inner.slice(1, len(inner) - 1 if inner.text.endswith("|") else len(inner))
        return inner.sub(_CELLS, "\t")
    text = line.text
    if _MARKDOWN_RULE.fullmatch(text):
        return line.slice(0, 0)
    return line.slice(0, len(text.rstrip())) if text.rstrip() != text else line


def _without_furniture(lines: list[Mapped], notes: list[Note]) -> list[Mapped]:
    texts = [line.text for line in lines]
    pages = {i for i, text in enumerate(texts) if text and text[-1] not in "。；" and furniture.is_page_number(text)}
    pages |= furniture.bare_page_numbers(texts)
    found = furniture.running_heads(texts) | furniture.heads_at_page_numbers(texts, pages)
    heads = {i for i in found if not read_marker(texts[i].strip())}
    marks = {i for i, text in enumerate(texts) if text and furniture.is_watermark(text)}
    gone = pages | heads | marks | furniture.contents(texts)
    for what, found in (("页码", pages), ("页眉或页脚", heads)):
        if found:
            first = min(found)
            notes.append(
                Note("other", f"已去除{what} {len(found)} 处，不属于正文", texts[first].strip(), lines[first].place(0))
            )
    for i in sorted(marks):
        notes.append(
            Note("watermark", "正文中插有转载者的水印行，不属于原文，已去除", texts[i].strip(), lines[i].place(0))
        )
    return [line for i, line in enumerate(lines) if i not in gone]


# --- paragraphs ----------------------------------------------------------------------------------------------------


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


def _paragraphs(lines: list[Mapped]) -> list[Mapped]:
    printed = [(i, line) for i, line in enumerate(lines) if line.text.strip()]
    texts = [line.text for _, line in printed]
    full = measure(texts)
    gaps = [b - a > 1 for (a, _), (b, _) in itertools.pairwise(printed)]
    gap_means_break = bool(gaps) and 0.02 < sum(gaps) / len(gaps) < 0.7
    groups: list[list[Mapped]] = []
    for k, (_, line) in enumerate(printed):
        body = line if "\t" in line.text else line.strip()  # an empty first cell is a cell
        if k and not (gap_means_break and gaps[k - 1]) and _goes_on(texts, k - 1, full, _joined(groups[-1])):
            groups[-1].append(body)
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
    if _NOTICE_END.search(line) and not _open_bracket(line):
        return True
    if _TITLE_END.search(line) and _PREAMBLE.match(following) and "，" not in line:
        return True
    if _DATE_LINE.fullmatch(following) or _COLUMNS.search(line) and _BODY_END.search(line):
        return True
    if _ORGANISATIONS.fullmatch(following) and (
        _TERMINAL.search(line) or _TITLE_END.search(line) or _ORGANISATIONS.fullmatch(line)
    ):
        return True
    ended = bool(_TERMINAL.search(line)) or not re.search(r"[，、,“（《]$", line) and _is_heading(line)
    marker = read_marker(following)
    if marker and marker.style in ("dash", "bullet", "arabic_space", "arabic_half_paren"):
        return ended
    if marker:
        return ended or marker.style in ("han", "han_paren", "chapter", "article") and not _HANGING.search(line)
    if _BRACKET_LINE.match(following) or _NAME_LIST_LINE.match(following):
        return ended
    return bool(re.match(r"附件\s*\d*\s*[:：]?", following)) and ended


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


def _separated(paragraphs: Sequence[Mapped]) -> Iterable[Mapped]:
    for i, paragraph in enumerate(paragraphs):
        if i:
            yield Mapped("\n", [paragraph.place(0)])
        yield paragraph


def folded(text: str) -> str:
    """Text without blanks and width differences, for comparing titles."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
