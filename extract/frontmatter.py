"""Title, 文号, 发文机关, date, 主送, and what the document was made under."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise, takewhile

from corpus.catalogue import title_key
from extract.paragraphs import Paragraph
from extract.rules import frontmatter as rules
from extract.rules.departments import looks_like_organisation
from extract.signature import (
    below_title,
    closed_title,
    closed_up,
    date_only,
    free_date,
    in_title,
    is_organisation_line,
    is_red_head,
    is_title,
    iso_date,
    organisations,
    red_head,
    signature,
)

_MAIN_STYLES = ("part", "chapter", "han", "article", "decimal", "arabic", "han_paren", "arabic_space", "section")


@dataclass
class FrontMatter:
    """What was found, and where the text itself lies: paragraphs ``body[0]`` to ``body[1]`` (exclusive)."""

    title: str = ""
    notice_title: str | None = None
    doc_number: str | None = None
    issuers: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    date: str | None = None
    lost_date: Paragraph | None = None
    is_notice: bool = False
    body: tuple[int, int] = (0, 0)
    head: list[Paragraph] = field(default_factory=list)
    attachments: list[tuple[Paragraph, list[Paragraph]]] = field(default_factory=list)
    is_draft: bool = False


def read(paras: Sequence[Paragraph]) -> FrontMatter:
    """Read the head and the tail of a document."""
    found = FrontMatter()
    taken, known = _page_metadata(paras)
    paras = _without_listed(paras[taken:])
    if not paras:
        return found
    first = paras[0].index
    _notice(paras, found)
    main, attached = _parts(paras, found)
    start = _first_clause(main)
    head = list(paras[: main[0].index - first]) if main else []
    found.head = head + list(main[:start])
    found.body = (
        (main[start].index, main[-1].index + 1) if start < len(main) else (first + len(paras), first + len(paras))
    )
    found.attachments = attached
    _number(found, paras)
    _title(found, paras)
    _issuers(found, paras, main)
    found.date = found.date or iso_date(known.get("成文日期", ""))
    _from_metadata(found, known)
    found.is_draft = bool(rules.DRAFT.search(found.title + (found.notice_title or "")))
    return found


def _from_metadata(found: FrontMatter, known: dict[str, str]) -> None:
    """What the site's labels say and the text does not: 文号 and 发文机关."""
    number = rules.DOC_NUMBER.pattern.search(known.get("发文字号") or known.get("文号") or "")
    if number and not found.doc_number:
        found.doc_number = _shown_number(number)
    named = next((known[label] for label in ("发文机关", "制发机关", "发文单位") if known.get(label)), "")
    if named and not found.issuers:
        found.issuers = organisations(re.split("[、，,;；]", named))


def _page_metadata(paras: Sequence[Paragraph]) -> tuple[int, dict[str, str]]:
    """How many paragraphs at the head are a site's labels and values, and the values by label."""
    n = 0
    values: dict[str, str] = {}
    while n < min(len(paras), 40):
        match = rules.PAGE_METADATA.fullmatch(paras[n].text.strip())
        if not match:
            break
        value, label = match["value"].strip(), "".join(match.group().split("：")[0].split(":")[0].split())
        n += 1
        following = paras[n].text.strip() if n < len(paras) else ""
        if not value and following and not rules.PAGE_METADATA.fullmatch(following) and not _is_label_gap(label):
            value = following
            n += 1
        values[label] = value
    return (n, values) if n > 2 or rules.SITE_LABELS & values.keys() else (0, {})


def _is_label_gap(label: str) -> bool:
    """Sites print 主题词 last and leave it empty; what follows it is the document."""
    return label in ("主题词", "关键词")


# --- parts ---------------------------------------------------------------------------------------------------------


def _notice(paras: Sequence[Paragraph], found: FrontMatter) -> None:
    """The notice that carries the document, if there is one."""
    for n, p in enumerate(paras[:14]):
        if p.marker and p.marker.style != "decimal":
            break
        for text in (p.text, p.text + (paras[n + 1].text if n + 1 < len(paras) else "")):
            match = rules.NOTICE_TITLE.pattern.fullmatch(re.sub(r"\s+", " ", text).strip())
            if match and len(text) < 160:
                found.notice_title = closed_up(text)
                found.title = closed_up(match["marked"] or match["bare"])
                found.issuers = organisations([match["issuer"]])
                break
        if found.notice_title:
            break
    found.is_notice = any(
        rules.CARRIES.pattern.search(p.text) and "《" in p.text or "印发给你们" in p.text for p in paras[:14]
    )


def _parts(
    paras: Sequence[Paragraph], found: FrontMatter
) -> tuple[list[Paragraph], list[tuple[Paragraph, list[Paragraph]]]]:
    """The paragraphs of the document itself, and the attachments behind it."""
    starts = [n for n, p in enumerate(paras) if _is_attachment(p, paras[n + 1 : n + 2])]
    cuts = [0, *starts, len(paras)]
    parts = [list(paras[a:b]) for a, b in pairwise(cuts) if b > a]
    main = 0
    if len(parts) > 1 and _clauses(parts[0]) < 2:
        main = next((i for i, part in enumerate(parts[1:], 1) if _clauses(part) >= 2), 0)
    body = _from_title(parts[main], found.title)
    attached = [(part[0], part[1:]) for i, part in enumerate(parts) if i > main]
    before = list(accumulate((_is_clause(p) for p in body), initial=0))
    tail = next((i for i, p in enumerate(body) if i > 2 and _is_tail(p, body, i, before[i])), len(body))
    return body[:tail], attached


_LISTED = re.compile(r"附\s*件\s*[:：]|\d{1,2}\s*[.．、]")
"""A line of the list of attachments, which the letter of a notice ends with."""


def _without_listed(paras: Sequence[Paragraph]) -> list[Paragraph]:
    """A list of attachments (附件：1.… and the lines 2.…, 3.… below it) with its numbers taken for none of a clause."""
    found: list[Paragraph] = []
    next_one = 0
    for p in paras:
        marker = p.marker
        listed = re.match(r"附\s*件\s*[:：]\s*1\s*[.．、]", p.text)
        goes_on = marker and marker.number == next_one > 1 and not p.ends_sentence
        next_one = 2 if listed else next_one + 1 if goes_on else 0
        found.append(replace(p, marker=None) if goes_on else p)
    return found


def _clauses(part: Sequence[Paragraph]) -> int:
    return sum(map(_is_clause, part))


def _is_clause(p: Paragraph) -> bool:
    return bool(p.marker and p.marker.style in _MAIN_STYLES and not p.is_row)


def _from_title(part: list[Paragraph], title: str) -> list[Paragraph]:
    """From the title that stands before the carried document, on up to three lines, where there is one."""
    key = title_key(title)
    for n in range(2, len(part) if key else 0):
        if title_key(part[n].text) and key.startswith(title_key(part[n].text)):
            lines = accumulate(q.text for q in part[n : n + 3])
            if any(title_key(line) == key for line in lines) and any(q.marker for q in part[n + 1 :]):
                return part[n:]
    return part


def _is_attachment(p: Paragraph, following: Sequence[Paragraph]) -> bool:
    """Whether the paragraph heads an attachment. 附件：1.… in the notice only lists them."""
    match = rules.ATTACHMENT.fullmatch(p.text.strip())
    if not match or p.is_row or p.ends_sentence and not re.fullmatch(r"附\s*件\s*[:：]", p.text.strip()):
        return False
    if re.match(r"附\s*件\s*[:：]", p.text):
        return not match["title"] and bool(following) and not re.match(r"\d+[.．、]", following[0].text)
    return (
        bool(re.match(r"附\s*件\s*\d*\s*$|附\s*件\s*[\d一二三四五六七八九十]+[-—－.\d]*\s*[:：]?", p.text))
        and len(p.text) <= 60
    )


def _is_tail(p: Paragraph, body: Sequence[Paragraph], i: int, clauses: int) -> bool:
    """Whether the list of attachments, the signature or the 版记 begins here, ``clauses`` clauses into the text."""
    if rules.COPIED.match(p.text) and clauses > 0:
        return True
    if clauses > 1 and re.match(r"附\s*件\s*[:：]\s*\S", p.text):
        return True
    if clauses < 2 or p.marker:
        return False
    if rules.PRINTED.fullmatch(p.text) and re.search(r"年\s*\S{0,3}\s*月", p.text):
        return True
    if rules.IN_FORCE.fullmatch(p.text) and not any(map(_is_clause, body[i:])):
        return True
    rest = body[i : i + 8]
    if is_organisation_line(p.text):
        return any(date_only(q.text) for q in rest[1:]) and all(
            is_organisation_line(q.text) or date_only(q.text)
            for q in rest[: next(k for k, q in enumerate(rest) if date_only(q.text))]
        )
    return date_only(p.text) and i > len(body) - 4


def _first_clause(main: Sequence[Paragraph]) -> int:
    """Index of the first numbered clause: a han, chapter, article or decimal number, else any number at all."""
    for styles in (_MAIN_STYLES, None):
        for n, p in enumerate(main):
            if p.marker and not p.is_row and (styles is None or p.marker.style in styles) and not _in_preamble(p):
                return n
    return next((n for n, p in enumerate(main) if p.ends_sentence and n and p.text[-1] not in "：:"), len(main))


def _in_preamble(p: Paragraph) -> bool:
    return bool(p.marker) and bool(rules.DATE.pattern.match(p.text) or re.match(r"\d+\s*[年月]", p.text))


# --- fields --------------------------------------------------------------------------------------------------------


def _number(found: FrontMatter, paras: Sequence[Paragraph]) -> None:
    for p in found.head[:16] or paras[:8]:
        match = rules.DOC_NUMBER.pattern.search(p.text)
        if match and len(p.text) < 60:
            found.doc_number = _shown_number(match)
            return


def _shown_number(match: re.Match[str]) -> str:
    return f"{closed_up(match['code'])}〔{match['year']}〕{int(match['number'])}号"


def _title(found: FrontMatter, paras: Sequence[Paragraph]) -> None:
    if found.title:
        return
    head = found.head or list(paras[:8])
    lines = [p for p in head if not _is_furniture(p)]
    for n, _p in enumerate(lines):
        for take in (1, 2, 3):
            group = lines[n : n + take]
            text = closed_title("".join(q.text for q in group))
            short = take > 1 and min(len(q.text) for q in group) < 4  # the tabs of a web page that was printed
            if len(group) < take or short or any(q.ends_sentence for q in group):
                continue
            if len(text) <= 80 and is_title(text):
                found.title = _with_issuer(text, _above(head, group[0])) + _version(lines[n + take : n + take + 1])
                return
    carried = [
        m.group(1) for p in head if rules.CARRIES.pattern.search(p.text) for m in re.finditer("《([^《》]+)》", p.text)
    ]
    made = [m.group(2) for p in head for m in re.finditer(r"(制定了?|编制了?|将|印发)\s*《([^《》]+)》", p.text)]
    if made or carried:
        found.title = closed_up((made or carried)[-1])
        return
    plain = [
        p for p in lines if not p.ends_sentence and len(p.text) <= 60 and not rules.ATTACHMENT.fullmatch(p.text)
    ] or list(paras[:1])
    found.title = closed_up(plain[0].text[:60]) if plain else ""


def _with_issuer(title: str, above: Sequence[Paragraph]) -> str:
    """A title is issuer, matter and genre (7.3.1); issuers may stand on lines of their own above 关于 …"""
    if not title.startswith("关于"):
        return title
    lines = list(takewhile(lambda q: is_organisation_line(q.text), reversed(above)))
    return closed_title(" ".join(q.text for q in reversed(lines)) + title)


def _above(head: Sequence[Paragraph], p: Paragraph) -> list[Paragraph]:
    """The paragraphs of the head right above ``p``."""
    return [q for q in head if q.index < p.index]


def _version(following: Sequence[Paragraph]) -> str:
    """The version or period that a title carries in brackets on the next line: （试行）, （2023—2025年）."""
    text = closed_up(following[0].text) if following else ""
    return (
        text
        if re.fullmatch(r"[（(][^（）()]{1,24}[）)]", text) and re.search(r"\d{4}|试行|草案|稿|暂行|修订", text)
        else ""
    )


def _is_furniture(p: Paragraph) -> bool:
    return bool(
        p.is_row
        or rules.DOC_NUMBER.pattern.search(p.text)
        and len(p.text) < 40
        or date_only(p.text)
        or rules.COPIED.match(p.text)
        or is_organisation_line(p.text)
        or is_red_head(p.text)
        or rules.ADDRESSEES.pattern.fullmatch(p.text.strip())
        or _LISTED.match(p.text)
    )


def _issuers(found: FrontMatter, paras: Sequence[Paragraph], main: Sequence[Paragraph]) -> None:
    head = found.head
    tail = [p for p in paras if main and p.index > main[-1].index]
    signed = signature(head) or signature(list(main[-6:]) + tail[:10])
    if signed:
        found.issuers, found.date = signed[0] or found.issuers, signed[1]
    if not found.issuers:
        found.issuers = max(red_head(head) or below_title(head), in_title(found.title), key=len)
    if found.date is None:
        found.date = free_date(head)
    found.lost_date = next((p for p in head + tail if rules.LOST_DATE.fullmatch(p.text)), None)
    for p in head:
        match = rules.ADDRESSEES.pattern.fullmatch(p.text.strip())
        if match and not re.search("如下|事项|根据|为了?|现", match["names"]):
            found.addressees = tuple(_addressees(closed_up(match["names"])))
            break


_ALL_OF = re.compile(r"各(?:[\u4e00-\u9fff]{0,4})(?:处室|科室|股室|部室|内设机构|有关方面)$")
"""Whom a notice inside one body goes to: 管委会各处室."""


def _addressees(names: str) -> Iterator[str]:
    """The 主送机关 (GB/T 9704—2012, 7.3.2): kinds are parted by commas, bodies of a kind by 、.

    Words that share an ending or a beginning stay together.

    >>> list(_addressees("各省、自治区、直辖市人民政府，市政府各委、办、局，各区政府、各有关单位"))
    ['各省、自治区、直辖市人民政府', '市政府各委、办、局', '各区政府', '各有关单位']
    """
    for kind in re.split("[，,；;](?![^（）]*）)", names):
        waiting = ""
        words = re.split("、(?![^（）]*）)", kind)
        for n, word in enumerate(words):
            waiting = f"{waiting}、{word}" if waiting else word
            following = words[n + 1] if n + 1 < len(words) else ""
            shared = len(following) == 1 or word[-1:] in "区园" and following.endswith("管委会") and "管委" not in word
            if not shared and (
                looks_like_organisation(word) and word != "自治区" or len(word) == 1 or _ALL_OF.search(word)
            ):
                yield waiting
                waiting = ""
        if waiting:
            yield waiting
