"""Who signed a document and when: names in seal blocks, red heads and covers, and dates in either numerals."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.numerals import integer
from extract.paragraphs import Paragraph
from extract.rules import frontmatter as rules


def signature(block: Sequence[Paragraph]) -> tuple[tuple[str, ...], str | None] | None:
    """The lines above a date line, as names: several in one line or column are parted, broken ones joined."""
    for n, p in enumerate(block):
        dated = date_only(p.text)
        lost = bool(rules.LOST_DATE.fullmatch(p.text))
        if not dated and not lost:
            continue
        lines: list[str] = []
        for above in reversed(block[:n]):
            if not _signature_line(above.text):
                break
            lines.insert(0, above.text)
        names = organisations(lines)
        if names or any(rules.CARRIES.pattern.search(q.text) for q in block[:n]):
            return names, iso_date(p.text) if dated else None
    return None


def _signature_line(text: str) -> bool:
    return (
        len(text) <= 90
        and not re.search(r"[。；：，《》\d\t]", text)
        and bool(re.search("[\u4e00-\u9fff]", text))
        and not is_title(closed_up(text))
    )


def organisations(lines: Sequence[str]) -> tuple[str, ...]:
    """Names in signature or title lines: wide blanks part them, spaced-out letters are closed up, fragments joined."""
    cells = [cell for line in lines for cell in _cells(line)]
    names: list[str] = []
    pending = ""
    for cell in cells:
        pending += cell
        if rules.ORGANISATION_LINE.fullmatch(pending):
            names.append(pending)
            pending = ""
    return tuple(dict.fromkeys(name for name in names if len(name) >= 3))


def _cells(line: str) -> list[str]:
    text = line.strip()
    words = text.split()
    if words and sum(len(w) == 1 for w in words) > len(words) / 2 and not re.search(r"\s{3,}", text):
        return [closed_up(text)]
    parts = re.split(r"\s{2,}|、", text) if re.search(r"\s{3,}|、", text) else [text]
    cells: list[str] = []
    for part in parts:
        inner = part.split()
        whole = all(rules.ORGANISATION_LINE.fullmatch(w) for w in inner)
        cells += inner if whole and len(inner) > 1 else [closed_up(part)]
    return cells


def red_head(head: Sequence[Paragraph]) -> tuple[str, ...]:
    lines = []
    for p in head[:8]:
        if rules.DOC_NUMBER.pattern.search(p.text):
            break
        text = rules.RED_HEAD.sub("", p.text.strip())
        if text and not is_organisation_line(text):
            break
        lines.append(text)
    return organisations(lines)


def is_red_head(text: str) -> bool:
    """Whether a line is the name of a body and 文件, as it stands in red above a document (7.2.4): 某市人民政府文件."""
    plain = closed_up(text)
    body = rules.RED_HEAD.sub("", plain)
    return body != plain and (not body or is_organisation_line(body))


def in_title(title: str) -> tuple[str, ...]:
    """The bodies that a title opens with, where all before 关于 are bodies parted by blanks (7.3.1).

    >>> in_title("中共浔川市委 浔川市人民政府关于打好污染防治攻坚战的实施方案")
    ('中共浔川市委', '浔川市人民政府')
    >>> in_title("浔川市关于节水的意见")
    ()
    """
    names = title.partition("关于")[0].split()
    return tuple(names) if names and all(map(is_organisation_line, names)) else ()


def below_title(head: Sequence[Paragraph]) -> tuple[str, ...]:
    lines = [cell.strip() for p in head[:6] for cell in p.text.split("|")]
    return organisations([line for line in lines if is_organisation_line(line)])


def is_organisation_line(text: str) -> bool:
    plain = closed_up(text)
    return (
        4 <= len(plain) <= 80
        and not re.search(r"[。；：，《》\d]", plain)
        and bool(rules.ORGANISATION_LINE.fullmatch(plain[-30:]))
    )


def date_only(text: str) -> bool:
    match = rules.DATE.pattern.search(text)
    return match is not None and len(text) - (match.end() - match.start()) <= 4 and not re.search("[。，—至起]", text)


def free_date(head: Sequence[Paragraph]) -> str | None:
    """A date on the cover or in the bracket below the title; the printing date of the 版记 is none."""
    for p in head:
        if "|" in p.text:
            dated = next((cell for cell in p.text.split("|") if date_only(cell.strip())), None)
            if dated:
                return iso_date(dated)
        if len(p.text) <= 60 and not p.ends_sentence and not rules.PRINTED.fullmatch(p.text):
            if date_only(p.text.strip("（()）")) or re.match(r"[（(].*(?:通过|发布|公布|印发|修订)", p.text):
                return iso_date(p.text)
    return None


def iso_date(text: str) -> str | None:
    """The date in ``text`` as ``YYYY-MM-DD`` or ``YYYY-MM``; None if there is none."""
    match = rules.DATE.pattern.search(text)
    if not match:
        return None
    year, month = (
        integer(match["year"].replace("○", "〇").replace("Ｏ", "〇").replace("０", "〇")),
        integer(match["month"]),
    )
    day = integer(match["day"]) if match["day"] else None
    if not year or not month or not 1 <= month <= 12 or day is not None and not 1 <= day <= 31:
        return None
    return f"{year}-{month:02d}" + (f"-{day:02d}" if day else "")


def is_title(text: str) -> bool:
    return len(text) >= 5 and bool(rules.GENRE_END.pattern.fullmatch(text)) and not re.search("[。；，]$|^[（(]", text)


def closed_title(text: str) -> str:
    """The title closed up, with one blank between the bodies that issue it together (7.3.1).

    >>> closed_title("中共某市委  某市人民政府关于节水的 意见")
    '中共某市委 某市人民政府关于节水的意见'
    """
    plain, names = closed_up(text), in_title(text)
    return " ".join(names) + plain.removeprefix("".join(names))


def closed_up(text: str) -> str:
    """Without blanks between Han characters; one blank stays between Latin words."""
    closed = re.sub(r"\s+", " ", text.strip())
    return re.sub(r" (?![A-Za-z])|(?<![A-Za-z]) ", "", closed)
