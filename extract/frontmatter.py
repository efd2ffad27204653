"""Title, 文号, 发文机关, date, 主送, and what the document was made under."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from corpus.catalogue import title_key
from corpus.numerals import integer
from extract.paragraphs import Paragraph
from extract.rules import frontmatter as rules
from schemas import Level

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
    if not paras:
        return found
    _notice(paras, found)
    main, attached = _parts(paras, found)
    start = _first_clause(main)
    head = list(paras[: main[0].index]) if main and main[0].index else []
    found.head = head + list(main[:start])
    found.body = (main[start].index, main[-1].index + 1) if start < len(main) else (len(paras), len(paras))
    found.attachments = attached
    _number(found, paras)
    _title(found, paras)
    _issuers(found, paras, main)
    found.is_draft = bool(rules.DRAFT.search(found.title + (found.notice_title or "")))
    return found


def level_of(front: FrontMatter) -> Level | None:
    """The level of the issuer, read from issuers, title and addressees in this order; None if none tells."""
    for name in (*front.issuers, front.notice_title or "", front.title, "、".join(front.addressees)):
        level = _level(name, front.addressees if name not in front.addressees else ())
        if level:
            return level
    return _by_addressees(front.addressees)


def level_by_names(names: Sequence[str]) -> Level | None:
    """The level that most of the responsible bodies' names speak of (省发展改革委, 市科委, 区商务局, 商务部)."""
    votes: dict[Level, int] = {"provincial": 0, "municipal": 0, "district": 0, "national": 0}
    openings: tuple[tuple[str, Level], ...] = (
        ("省", "provincial"),
        ("自治区", "provincial"),
        ("市", "municipal"),
        ("区", "district"),
        ("县", "district"),
    )
    for name in names:
        for start, level in openings:
            votes[level] += name.startswith(start)
        votes["national"] += name.endswith("部") and len(name) <= 9 or name.startswith("国家")
    best = max(votes, key=lambda level: votes[level])
    return best if votes[best] >= 2 and votes[best] > len(names) / 3 else None


def places_of(front: FrontMatter, level: Level | None) -> tuple[str, ...]:
    """The places that the document speaks for, in the words of the department register."""
    said = "".join((front.title, front.notice_title or "", *front.issuers, *(p.text for p in front.head[:6])))
    if level == "national":
        return ("",)
    places = []
    if "上海" in said or re.match("沪", front.doc_number or ""):
        places.append("上海")
    if re.search("上海化学工业区|上海化工区", said) and level == "park":
        places.append("上海化工区")
    return tuple(places)


# --- parts ---------------------------------------------------------------------------------------------------------


def _notice(paras: Sequence[Paragraph], found: FrontMatter) -> None:
    """The notice that carries the document, if there is one."""
    for n, p in enumerate(paras[:14]):
        if p.marker and p.marker.style != "decimal":
            break
        for text in (p.text, p.text + (paras[n + 1].text if n + 1 < len(paras) else "")):
            match = rules.NOTICE_TITLE.pattern.fullmatch(re.sub(r"\s+", " ", text).strip())
            if match and len(text) < 160:
                found.notice_title = _plain(text)
                found.title = _plain(match["marked"] or match["bare"])
                found.issuers = _organisations([match["issuer"]])
                break
        if found.notice_title:
            break
    found.is_notice = any(
        rules.CARRIES.pattern.search(p.text) and "《" + "" in p.text or "印发给你们" in p.text for p in paras[:14]
    )


def _parts(
    paras: Sequence[Paragraph], found: FrontMatter
) -> tuple[list[Paragraph], list[tuple[Paragraph, list[Paragraph]]]]:
    """The paragraphs of the document itself, and the attachments behind it."""
    starts = [p.index for p in paras if _is_attachment(p, paras)]
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


def _clauses(part: Sequence[Paragraph]) -> int:
    return sum(map(_is_clause, part))


def _is_clause(p: Paragraph) -> bool:
    return bool(p.marker and p.marker.style in _MAIN_STYLES and not p.is_row)


def _from_title(part: list[Paragraph], title: str) -> list[Paragraph]:
    """From the title line that stands before the carried document, where there is one."""
    key = title_key(title)
    for n, p in enumerate(part):
        if key and n > 1 and title_key(p.text) == key and any(q.marker for q in part[n + 1 :]):
            return part[n:]
    return part


def _is_attachment(p: Paragraph, paras: Sequence[Paragraph]) -> bool:
    """Whether the paragraph heads an attachment. 附件：1.… in the notice only lists them."""
    match = rules.ATTACHMENT.fullmatch(p.text.strip())
    if not match or p.is_row or p.ends_sentence:
        return False
    if re.match(r"附\s*件\s*[:：]", p.text):
        following = paras[p.index + 1 : p.index + 2]
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
    rest = body[i : i + 8]
    if _is_organisation_line(p.text):
        return any(_date_only(q.text) for q in rest[1:]) and all(
            _is_organisation_line(q.text) or _date_only(q.text)
            for q in rest[: next(k for k, q in enumerate(rest) if _date_only(q.text))]
        )
    return _date_only(p.text) and i > len(body) - 4


def _first_clause(main: Sequence[Paragraph]) -> int:
    """Index of the first numbered clause: a han, chapter, article or decimal number, else any number at all."""
    for styles in (_MAIN_STYLES, None):
        for n, p in enumerate(main):
            if p.marker and not p.is_row and (styles is None or p.marker.style in styles) and not _in_preamble(p):
                return n
    return next((n for n, p in enumerate(main) if p.ends_sentence and n), len(main))


def _in_preamble(p: Paragraph) -> bool:
    return bool(p.marker) and bool(rules.DATE.pattern.match(p.text) or re.match(r"\d+\s*[年月]", p.text))


# --- fields --------------------------------------------------------------------------------------------------------


def _number(found: FrontMatter, paras: Sequence[Paragraph]) -> None:
    for p in found.head[:16] or paras[:8]:
        match = rules.DOC_NUMBER.pattern.search(p.text)
        if match and len(p.text) < 60:
            found.doc_number = f"{_plain(match['code'])}〔{match['year']}〕{int(match['number'])}号"
            return


def _title(found: FrontMatter, paras: Sequence[Paragraph]) -> None:
    if found.title:
        return
    head = found.head or list(paras[:8])
    lines = [p for p in head if not _is_furniture(p)]
    for n, _p in enumerate(lines):
        for take in (1, 2, 3):
            group = lines[n : n + take]
            text = _plain("".join(q.text for q in group))
            if len(group) == take and len(text) <= 80 and _is_title(text) and not any(q.ends_sentence for q in group):
                found.title = text + _version(lines[n + take : n + take + 1])
                return
    carried = [
        m.group(1) for p in head if rules.CARRIES.pattern.search(p.text) for m in re.finditer("《([^《》]+)》", p.text)
    ]
    made = [m.group(2) for p in head for m in re.finditer(r"(制定了?|编制了?|将|印发)\s*《([^《》]+)》", p.text)]
    if made or carried:
        found.title = _plain((made or carried)[-1])
        return
    plain = [p for p in lines if not p.ends_sentence and len(p.text) <= 60] or list(paras[:1])
    found.title = _plain(plain[0].text[:60]) if plain else ""


def _version(following: Sequence[Paragraph]) -> str:
    """The version or period that a title carries in brackets on the next line: （试行）, （2023—2025年）."""
    text = _plain(following[0].text) if following else ""
    return (
        text
        if re.fullmatch(r"[（(][^（）()]{1,24}[）)]", text) and re.search(r"\d{4}|试行|草案|稿|暂行|修订", text)
        else ""
    )


def _is_title(text: str) -> bool:
    return len(text) >= 5 and bool(rules.GENRE_END.pattern.fullmatch(text)) and not re.search("[。；，]$|^[（(]", text)


def _is_furniture(p: Paragraph) -> bool:
    return bool(
        p.is_row
        or rules.DOC_NUMBER.pattern.search(p.text)
        and len(p.text) < 40
        or _date_only(p.text)
        or rules.COPIED.match(p.text)
        or _is_organisation_line(p.text)
        or rules.RED_HEAD.fullmatch(p.text.strip())
        or rules.ADDRESSEES.pattern.fullmatch(p.text.strip())
    )


def _issuers(found: FrontMatter, paras: Sequence[Paragraph], main: Sequence[Paragraph]) -> None:
    head = found.head
    tail = list(paras[main[-1].index + 1 :]) if main else []
    signed = _signature(head) or _signature(list(main[-6:]) + tail[:10])
    if signed:
        found.issuers, found.date = signed[0] or found.issuers, signed[1]
    if not found.issuers:
        found.issuers = _red_head(head) or _below_title(head)
    if found.date is None:
        found.date = _free_date(head)
    found.lost_date = next((p for p in head + tail if rules.LOST_DATE.fullmatch(p.text)), None)
    for p in head:
        match = rules.ADDRESSEES.pattern.fullmatch(p.text.strip())
        if match and not re.search("如下|事项|根据|为了?|现", match["names"]):
            found.addressees = tuple(_plain(n) for n in re.split("[、，,；;]", match["names"]) if n.strip())
            break


def _signature(block: Sequence[Paragraph]) -> tuple[tuple[str, ...], str | None] | None:
    """The lines above a date line, as names: several in one line or column are parted, broken ones joined."""
    for n, p in enumerate(block):
        dated = _date_only(p.text)
        lost = bool(rules.LOST_DATE.fullmatch(p.text))
        if not dated and not lost:
            continue
        lines: list[str] = []
        for above in reversed(block[:n]):
            if not _signature_line(above.text):
                break
            lines.insert(0, above.text)
        names = _organisations(lines)
        if names or any(rules.CARRIES.pattern.search(q.text) for q in block[:n]):
            return names, _iso(p.text) if dated else None
    return None


def _signature_line(text: str) -> bool:
    return (
        len(text) <= 90
        and not re.search(r"[。；：，《》\d\t]", text)
        and bool(re.search("[\u4e00-\u9fff]", text))
        and not _is_title(_plain(text))
    )


def _organisations(lines: Sequence[str]) -> tuple[str, ...]:
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
        return [_plain(text)]
    parts = re.split(r"\s{2,}|、", text) if re.search(r"\s{3,}|、", text) else [text]
    cells: list[str] = []
    for part in parts:
        inner = part.split()
        whole = all(rules.ORGANISATION_LINE.fullmatch(w) for w in inner)
        cells += inner if whole and len(inner) > 1 else [_plain(part)]
    return cells


def _red_head(head: Sequence[Paragraph]) -> tuple[str, ...]:
    lines = []
    for p in head[:8]:
        if rules.DOC_NUMBER.pattern.search(p.text):
            break
        text = rules.RED_HEAD.sub("", p.text.strip())
        if text and not _is_organisation_line(text):
            break
        lines.append(text)
    return _organisations(lines)


def _below_title(head: Sequence[Paragraph]) -> tuple[str, ...]:
    lines = [cell.strip() for p in head[:6] for cell in p.text.split("|")]
    return _organisations([line for line in lines if _is_organisation_line(line)])


def _is_organisation_line(text: str) -> bool:
    plain = _plain(text)
    return (
        4 <= len(plain) <= 80
        and not re.search(r"[。；：，《》\d]", plain)
        and bool(rules.ORGANISATION_LINE.fullmatch(plain[-30:]))
    )


def _date_only(text: str) -> bool:
    match = rules.DATE.pattern.search(text)
    return match is not None and len(text) - (match.end() - match.start()) <= 4 and not re.search("[。，—至起]", text)


def _free_date(head: Sequence[Paragraph]) -> str | None:
    """A date on the cover or in the bracket below the title; the printing date of the 版记 is none."""
    for p in head:
        if "|" in p.text:
            dated = next((cell for cell in p.text.split("|") if _date_only(cell.strip())), None)
            if dated:
                return _iso(dated)
        if len(p.text) <= 60 and not p.ends_sentence and not rules.PRINTED.fullmatch(p.text):
            if _date_only(p.text.strip("（()）")) or re.match(r"[（(].*(?:通过|发布|公布|印发|修订)", p.text):
                return _iso(p.text)
    return None


def _iso(text: str) -> str | None:
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


def _level(name: str, addressees: Sequence[str]) -> Level | None:
    plain = _plain(name)
    if not plain:
        return None
    head = plain.split("关于")[0] if "关于" in plain and not plain.startswith("关于") else plain
    if (
        rules.PARK.search(head)
        and not re.match("关于|国务院|国家", head)
        and not re.search("推进|推动|支持", head[: max(0, _at(rules.PARK, head))])
    ):
        return "park"
    district = rules.DISTRICT.search(head)
    if (
        district
        and not rules.CAPITALS.fullmatch(district.group()[:2])
        and not re.search("自治区|地区|园区|新区|示范区|区域", district.group())
    ):
        return "district"
    if rules.CAPITALS.match(head):
        return "municipal"
    if re.match(r"[\u4e00-\u9fff]{2,4}(?:省|自治区)|省", head) or rules.PROVINCE.match(head) and "市" not in head[:8]:
        return "provincial"
    if re.search(r"^(?:中共)?[\u4e00-\u9fff]{2,5}?市|^市", head):
        return "municipal"
    return "national" if rules.NATION.match(head) else None


def _at(pattern: re.Pattern[str], text: str) -> int:
    match = pattern.search(text)
    return match.start() if match else 0


def _by_addressees(addressees: Sequence[str]) -> Level | None:
    said = "、".join(addressees)
    if re.search("各省|自治区、直辖市", said):
        return "national"
    if re.search("各(?:设区)?市|各地级|各市（州）|各市州", said):
        return "provincial"
    if re.search("各区|各县", said):
        return "municipal"
    return "park" if re.search("园区|管委会|发展公司", said) else None


def _plain(text: str) -> str:
    """Without blanks between Han characters; one blank stays between Latin words and in 中共中央 国务院."""
    closed = re.sub(r"\s+", " ", text.strip())
    return re.sub(r" (?![A-Za-z])|(?<![A-Za-z]) ", "", closed)
