"""Web pages of gov.cn, sh.gov.cn, ministries and other sites: the document in them, without what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from lxml import etree, html

from corpus import charset
from corpus.formats.lines import Lines
from corpus.formats.webpage_rules import (
    AFTERWARDS,
    AROUND,
    AROUND_TAGS,
    BODY_CLASSES,
    BODY_IDS,
    FURNITURE,
    HEADLINE,
    LABELS,
    SITE_NAME,
    TITLE_TAGS,
)  # fmt: skip
from corpus.formats.webpage_text import PageText, is_unseen
from corpus.printed import Printed
from schemas import UnreadableSource

MAX_BYTES = 60 * 1024 * 1024
_HAN = re.compile("[\u3400-\u9fff]")
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w-]{2,20})", re.IGNORECASE)
_NAMES = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs", "unicode": "utf-16"}
_FILES = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|ofd|zip|rar|ceb)(?:$|[?#])", re.IGNORECASE)
_NEXT_LABEL = re.compile(r"(?:来源|浏览|点击|阅读|访问|字体|字号|作者|编辑)[\u4e00-\u9fff]{0,2}[：:]|[【\[]字")
"""What follows a value in the same line."""
_HEADLINE_TAGS = frozenset(("td", "div", "p", "h2", "h3", "h4", "b", "strong", "span"))
_NO_CONTAINERS = frozenset(("p", "span", "font", "b", "strong", "h1", "h2"))
_SHARE = 0.6
"""Of the page's text that the element of a known editor must hold to be believed."""


def read(data: bytes, file: str) -> Printed:
    """The paragraphs and table rows of the page's document. Raises ``UnreadableSource``."""
    return read_page(data, file, None)


def read_page(data: bytes, file: str, said: str | None) -> Printed:
    """As `read`; ``said`` is the charset that the page came with, if any."""
    if len(data) > MAX_BYTES:
        raise UnreadableSource(
            file, f"网页有 {len(data) // 1024 // 1024} MB，超过上限", "请把正文另存为 Word 或文本再添加。"
        )
    text, wrong = _decoded(data, said)
    page = _parsed(text, file)
    found = _find(page)
    lines = Lines()
    if wrong:
        lines.note(f"网页声明的编码与内容不符，有 {wrong} 处字节读不出来", "", 0, "missing_character")
    _write(page, found, lines)
    printed = lines.printed("html")
    if not _HAN.search(printed.text):
        hint = "正文可能由脚本加载；请在浏览器里打开，另存为“网页，全部”，或打印为 PDF，再添加。"
        raise UnreadableSource(file, "网页里没有正文", hint)
    return printed


def _write(page: etree._Element, found: _Page, lines: Lines) -> None:
    """Labels, title and text of the document, and what is told of the rest."""
    inner = Lines()
    text = PageText(inner, frozenset() if found.known else found.around)
    text.write(found.body)
    kept = list(_without_furniture(inner.text.split("\n")))
    shown = "".join("".join(kept[:20]).split())
    for label in _labels(page, found.body):
        lines.add(label)
    title = _title(page, found)
    if title and "".join(title.split()) not in shown:
        lines.add(title)
    for line in kept:
        lines.row(line.split("\t")) if "\t" in line else lines.add(line)
    if text.pictures:
        lines.note(f"网页正文里有图片 {text.pictures} 张，图中的文字没有读取", "", 0)
    attached = [name or PurePosixPath(link).name for link, name in text.links if _FILES.search(link)]
    if attached:
        lines.note(
            f"网页链接了附件 {len(attached)} 个，不在这个文件里，请另行添加",
            "；".join(attached)[:200],
            0,
            "unread_part",
        )


def _without_furniture(lines: list[str]) -> Iterator[str]:
    """The lines of the text; what comes behind the document's end and the tools of the page go."""
    last = next(
        (n for n, line in enumerate(lines) if n > len(lines) * 0.5 and AFTERWARDS.fullmatch(line.strip())), len(lines)
    )
    for line in lines[:last]:
        if not any(rule.pattern.fullmatch(line.strip()) for rule in FURNITURE):
            yield line


# --- bytes to elements ---------------------------------------------------------------------------------------------


def _decoded(data: bytes, said: str | None) -> tuple[str, int]:
    """The text, and how many places could not be decoded. BOM, then what the page or its carrier says, then content."""
    named = [
        match.group(1).decode("ascii")
        for pattern in (_META_CHARSET, _XML_CHARSET)
        if (match := pattern.search(data[:8192]))
    ]
    candidates = [_NAMES.get(name.lower(), name.lower()) for name in [*([said] if said else []), *named]]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates.insert(0, "utf-16")
    elif data.startswith(b"\xef\xbb\xbf"):
        candidates.insert(0, "utf-8-sig")
    for name in [*candidates, "utf-8", "gb18030"]:
        try:
            text = data.decode(name)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
        if name in candidates or charset.plausible(text):
            return text, 0
    name = next((name for name in candidates if _is_codec(name)), "utf-8")
    text = data.decode(name, "replace")
    return text, text.count("\ufffd")


def _is_codec(name: str) -> bool:
    try:
        b"    ".decode(name)  # of nothing at all, any name decodes
    except UnicodeDecodeError:
        return True
    except (LookupError, ValueError):
        return False
    return True


def _parsed(text: str, file: str) -> etree._Element:
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    plain = re.sub(r"^\s*(?:<\?xml[^>]*>)?", "", text.replace("\x00", "").lstrip("\ufeff"))
    try:
        page = html.document_fromstring(plain, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableSource(file, "网页是空的或已损坏", "请在浏览器里打开后重新保存，再添加。") from error
    if any("use XML_PARSE_HUGE" in one.message for one in parser.error_log):
        hint = "正常的网页不会这样；请在浏览器里打开，打印为 PDF，再添加。"
        raise UnreadableSource(file, "网页的嵌套或文字量超过上限", hint)
    return page


# --- where the document lies ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Page:
    """Where the document lies in a page: in ``body``, without ``around``; ``known``: it is an editor's element."""

    body: etree._Element
    around: frozenset[etree._Element]
    known: bool


def _find(page: etree._Element) -> _Page:
    """The element of a known editor if it holds most of the text, else the smallest element that does."""
    whole = page.find("body")
    whole = whole if whole is not None else page
    every = _weights(whole, frozenset())
    most = 0.3 * every.get(whole, 0)  # what is named like a frame and holds the text is no frame
    around = frozenset(e for e in every if e is not whole and _is_around(e) and every[e] <= most)
    weights = _weights(whole, around)
    dense = whole
    while (child := max(dense, key=lambda e: weights.get(e, 0), default=None)) is not None:
        if weights.get(child, 0) < 0.75 * max(1, weights[dense]) or child.tag in _NO_CONTAINERS:
            break
        dense = child
    while dense.tag in ("tbody", "thead", "tr") and dense.getparent() is not None:  # rows are read as those of a table
        dense = dense.getparent()
    best = max((e for e in weights if _is_known(e)), key=lambda e: weights[e], default=None)
    if best is not None and weights[best] >= _SHARE * max(1, weights.get(dense, 0)):
        return _Page(best, around, True)
    return _Page(dense, around, False)


def _is_known(element: etree._Element) -> bool:
    classes = element.get("class", "").split()
    return element.get("id") in BODY_IDS or any(name in BODY_CLASSES for name in classes)


def _is_around(element: etree._Element) -> bool:
    """Whether the element is named like what stands around a text."""
    named = f"{element.get('class', '')} {element.get('id', '')}"
    return element.tag in AROUND_TAGS or bool(AROUND.search(named))


def _weights(whole: etree._Element, without: frozenset[etree._Element]) -> dict[etree._Element, int]:
    """Han characters in each element, in reading order of the ends; those in links and in ``without`` do not count."""
    weights: dict[etree._Element, int] = {}

    def weigh(element: etree._Element) -> int:
        if is_unseen(element) or element.tag == "a" or element in without:
            return 0
        own = len(_HAN.findall(element.text or ""))
        for child in element:
            own += weigh(child) + len(_HAN.findall(child.tail or ""))
        weights[element] = own
        return own

    weigh(whole)
    return weights


# --- beside the text -----------------------------------------------------------------------------------------------


def _title(page: etree._Element, found: _Page) -> str:
    """The title that the page gives the document: its head tag, its heading, its own title without the site's name."""
    tags = {meta.get("name", meta.get("property", "")): meta.get("content", "") for meta in page.iter("meta")}
    headings = ["".join(h.itertext()) for h in page.iter("h1") if not _stands_in(h, found.around)]
    shown = page.findtext(".//title") or ""
    named = (tags.get(name, "") for name in TITLE_TAGS[:2])
    for text in (*named, *headings, *_headlines(page, found), SITE_NAME.sub("", shown)):
        title = " ".join(text.split())
        if 6 <= len(title) <= 120 and _HAN.search(title):
            return title
    return ""


def _headlines(page: etree._Element, found: _Page) -> list[str]:
    """Lines above the text that are no link and read like a title, the nearest first."""
    lines: list[str] = []
    for element in page.iter():
        if element is found.body:
            break
        if element.tag not in _HEADLINE_TAGS:
            continue
        text = " ".join("".join(element.itertext()).split())
        if HEADLINE.fullmatch(text) and element.find(".//a") is None and not _stands_in(element, found.around):
            lines.append(text)
    return lines[::-1]


def _stands_in(element: etree._Element, around: frozenset[etree._Element]) -> bool:
    return any(above in around or above.tag == "a" for above in (element, *element.iterancestors()))


def _labels(page: etree._Element, body: etree._Element) -> Iterator[str]:
    """The table of labels and values above the text (索引号、发文机关、成文日期), a line each, where it is outside the text."""
    inside = set(body.iter())
    seen: set[str] = set()
    for element in page.iter("td", "th", "li", "dt", "span", "b", "strong", "label", "em", "p", "div"):
        if element in inside or is_unseen(element):
            continue
        label = "".join("".join(element.itertext()).split())
        match = LABELS.match(label)
        if not match or len(label) > 120:
            continue
        value = _NEXT_LABEL.split(label[match.end() :])[0] or _beside(element)
        key = match.group().rstrip("：:")
        if value and key not in seen and (match.group()[-1] in "：:" or element.tag in ("td", "th", "dt")):
            seen.add(key)
            yield f"{key}：{value}"


def _beside(element: etree._Element) -> str:
    """The value beside a label: the next cell, or what follows in the same line."""
    tail = "".join((element.tail or "").split())
    following = element.getnext()
    return tail or ("".join("".join(following.itertext()).split())[:120] if following is not None else "")
