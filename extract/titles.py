"""Where the title of a clause ends and its text begins, and clauses that have a title but no number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.clauses import UNNUMBERED, Node
from extract.paragraphs import Paragraph
from extract.rules.departments import IN_CHARGE, LABEL, looks_like_organisation

_MAX_TITLE = 40
_TITLE_SENTENCE = 30
_TITLE_FIRST = re.compile(r"[^。；：！？\n]{3,30}。")
_MAX_LONE_TITLE = 19

_BRACKETED_TITLE = re.compile(r"[（(【\[]([^（）()【】\[\]，。；]{2,16})[）)】\]]\s*")
_TRAILING_BRACKET = re.compile(
    r"\s*[（(【\[][^（）()【】\[\]]*(?:责任|牵头|负责|配合|单位|部门|时限)[^（）()【】\[\]]*[）)】\]]\s*$"
)
_WIDE_BLANK = re.compile(
    r"(?<=[\u4e00-\u9fff）”])\s{2,}(?=[\u4e00-\u9fff“])|(?<=[\u4e00-\u9fff）”]) (?=[\u4e00-\u9fff“])"
)


def part_title(node: Node) -> None:
    """Part the paragraph of a clause into title and text."""
    p = node.paragraph
    if p is None:
        return
    start, end = p.body_start, p.end
    rest = p.text[start - p.start :]
    length = _title_length(rest, node)
    if length is None:
        node.inline = (start, end)
        return
    shown = rest[:length]
    if node.style == "article":
        bracketed = _BRACKETED_TITLE.match(rest)
        shown = bracketed.group(1) if bracketed else shown
    stripped = shown.rstrip("。：:，；. ")
    offset = start + rest.find(stripped) if stripped else start
    node.title = re.sub(r"\s+", "", stripped) if not stripped.isascii() else stripped
    node.title_span = (offset, offset + len(stripped))
    node.inline = (start + length, end)


def _title_length(rest: str, node: Node) -> int | None:
    """How much of the paragraph is title (with the mark that closes it), or None where it has none."""
    if node.style == "article":
        bracketed = _BRACKETED_TITLE.match(rest)
        return bracketed.end() if bracketed else None
    if not re.search("[。；：:！？;]", _TRAILING_BRACKET.sub("", rest)):
        bracket = _TRAILING_BRACKET.search(rest)
        bare = len(rest) if bracket is None else bracket.start()
        if bare <= _MAX_TITLE and not ("，" in rest[:bare] and bare > _TITLE_SENTENCE):
            return bare
    first = re.search("[。：:；]", rest)
    if first is None:
        return None
    blank = _WIDE_BLANK.search(rest[: first.start()])
    if blank and blank.start() <= 24 and "，" not in rest[: blank.start()]:
        return blank.end()
    length = first.start()
    more = _TRAILING_BRACKET.sub("", rest[first.end() :]).strip()
    more = "" if _says_who(more) else more
    if first.group() in "：:":
        return first.end() if length <= 24 and "，" not in rest[:length] and more else None
    if first.group() == "；" or length > _TITLE_SENTENCE or not more and not _holds_more(node):
        return None
    return first.end()


def drop_chance_titles(siblings: Sequence[Node]) -> None:
    """A short first sentence is a title only if most of the neighbours have one too."""
    inline = [n for n in siblings if n.title and n.inline and n.inline[1] > n.inline[0] and n.title_span]
    if len(siblings) >= 3 and len(inline) < 0.5 * len(siblings) and not any(n.children for n in inline):
        for node in inline:
            if node.paragraph and node.title_span and node.style != "article":
                node.title, node.title_span, node.inline = None, None, (node.paragraph.body_start, node.paragraph.end)


def article_titles(articles: Sequence[Node]) -> None:
    """In 若干措施 the articles open with a title sentence, all of them; in regulations they do not."""
    articles = [node for node in articles if not _CLOSES.match(_text_after_number(node))]
    lengths = [_article_title(node) for node in articles]
    if len(articles) < 4 or sum(map(bool, lengths)) < 0.7 * len(articles):
        return
    for node, length in zip(articles, lengths, strict=True):
        if length and node.title is None and node.paragraph:
            start = node.paragraph.body_start
            node.title, node.title_span = _text_after_number(node)[: length - 1], (start, start + length - 1)
            node.inline = (start + length, node.paragraph.end)


_CLOSES = re.compile("本(?:办法|规定|细则|条例|方案|规划|制度|意见|措施|规则)")
"""How the articles of 附则 begin, which have no title."""


def _article_title(node: Node) -> int | None:
    text = _text_after_number(node)
    alone = re.fullmatch(r"[^，。；：]{3,20}。", text) and node.children
    return len(text) if alone else opens_with_title(text)


def _text_after_number(node: Node) -> str:
    return node.paragraph.text[node.paragraph.body_start - node.paragraph.start :] if node.paragraph else ""


def _holds_more(node: Node) -> bool:
    """Whether text stands below the first paragraph; a line that only says who answers is none."""
    said = any(not p.is_row and not _says_who(p.text) for p in node.paragraphs)
    return bool(node.children) or said and node.style not in UNNUMBERED


def _says_who(text: str) -> bool:
    return bool(LABEL.pattern.match(text.strip()))


def comma_titles(root: Node, text: str) -> list[Node]:
    """Clauses whose title is closed by a comma where nearly all others of their style close it by a full stop.

    They are given that title and returned: the printing is at fault, and the reader is told.
    """
    mended = []
    for style in {node.style for node in root.walk()} - {"root"}:
        nodes = [node for node in root.walk() if node.style == style]
        titled = sum(node.title is not None for node in nodes)
        if titled < 4 or titled < 0.8 * len(nodes):
            continue
        for node in nodes:
            if node.title is None and node.inline:
                body = text[slice(*node.inline)]
                comma = body.find("，")
                if 4 <= comma <= 18 and len(body) > 40:
                    start = node.inline[0]
                    node.title, node.title_span = body[:comma], (start, start + comma)
                    node.inline = (start + comma + 1, node.inline[1])
                    mended.append(node)
    return mended


# --- titles without numbers ----------------------------------------------------------------------------------------


def titled_paragraphs(node: Node, least: int) -> None:
    """Paragraphs that open with a short title sentence become clauses, counted from 1, where most of them do.

    One alone is enough (``least``) only beside clauses that hold such items.
    """
    if node.style in ("titled", "article", "root"):
        return
    if any(c.style not in (*UNNUMBERED, "box") for c in node.children):
        return
    if node.inline and node.inline[1] - node.inline[0] > 1:
        _titled_from_first_line(node)
        return
    boxes = [c for c in node.children if c.style == "box"]
    if node.children and not boxes:
        _titled_dashes(node)
        return
    plain = [p for p in node.paragraphs if not (p.is_row or p.is_caption or _bracket_only(p.text) or _says_who(p.text))]
    lengths = {p.index: n for p in plain if (n := opens_with_title(p.text))}
    if least == 1:
        lengths = {index: n for index, n in lengths.items() if n <= _MAX_LONE_TITLE}
    first = next((i for i, p in enumerate(plain) if p.index in lengths), None)
    if first is None or len(lengths) < least or len(lengths) < 0.7 * len(plain[first:]):
        return
    _split_off(node, lengths)


def _titled_from_first_line(node: Node) -> None:
    """（一）标题。小标题。正文。 and then paragraphs that open with titles too: the first item begins in the first line."""
    if not (node.title and node.inline and node.paragraph) or node.children:
        return
    start, end = node.inline
    text = node.paragraph.text[start - node.paragraph.start : end - node.paragraph.start]
    first = Paragraph(node.paragraph.index, start, end, text, None)
    plain = [p for p in node.paragraphs if not p.is_row and not _bracket_only(p.text)]
    lengths = {p.index: n for p in (first, *plain) if (n := opens_with_title(p.text))}
    if first.index in lengths and len(plain) >= 2 and len(lengths) > 0.7 * len(plain):
        node.inline = (start, start)
        node.paragraphs = [first, *node.paragraphs]
        _split_off(node, lengths)


_DUTY = re.compile(rf"(?P<name>[^，。；：:]{{3,24}})[：:]\s*(?={IN_CHARGE.pattern})")
_COUNTED = re.compile(r"(?P<n>[一二三四五六七八九十]{1,3})是(?!否)")


def counted_paragraphs(node: Node) -> None:
    """Paragraphs 一是…, 二是… that each close with those who answer become clauses: they are items, not one text."""
    counted = [p for p in node.paragraphs if _COUNTED.match(p.text)]
    answered = [p for p in counted if _TRAILING_BRACKET.search(p.text.rstrip("。；"))]
    if node.children or len(counted) < 2 or len(answered) < len(counted) or counted[0] is not node.paragraphs[0]:
        return
    paragraphs, node.paragraphs = node.paragraphs, []
    for p in paragraphs:
        match = _COUNTED.match(p.text)
        if not match:
            node.children[-1].paragraphs.append(p)
            continue
        child = Node("titled", match["n"], len(node.children) + 1, p, parent=node)
        start, length = p.start + match.end(), opens_with_title(p.text[match.end() :])
        child.inline = (start + (length or 0), p.end)
        if length:
            child.title, child.title_span = p.text[match.end() :][: length - 1], (start, start + length - 1)
        node.children.append(child)


def duty_paragraphs(node: Node) -> None:
    """Paragraphs 区经委：负责… of a list of duties become clauses, whose titles are the bodies."""
    opened = {p.index: m for p in node.paragraphs if (m := _DUTY.match(p.text)) and looks_like_organisation(m["name"])}
    if node.children or len(opened) < 2 or node.paragraphs[0].index not in opened:
        return
    paragraphs, node.paragraphs = node.paragraphs, []
    for p in paragraphs:
        match = opened.get(p.index)
        if not match:
            node.children[-1].paragraphs.append(p)
            continue
        number = len(node.children) + 1
        child = Node("titled", str(number), number, p, parent=node, title=match["name"])
        child.title_span = (p.start + match.start("name"), p.start + match.end("name"))
        child.inline = (p.start + match.end(), p.end)
        node.children.append(child)


def opens_with_title(text: str) -> int | None:
    match = _TITLE_FIRST.match(text)
    if not match or len(text) - match.end() < 10 or match.group().count("，") > 1:
        return None
    return None if re.match(r"到?20\d\d|“十|近年|目前|其中|为此|同时|此外|\d", text) else match.end()


def _bracket_only(text: str) -> bool:
    return bool(re.fullmatch(r"\s*[（(【\[].*[）)】\]]。?\s*", text))


def _split_off(node: Node, lengths: dict[int, int]) -> None:
    kept: list[Paragraph] = []
    current: Node | None = None
    boxes, node.children = node.children, []
    for p in node.paragraphs:
        if p.index in lengths:
            number = len(node.children) + 1
            current = Node("titled", str(number), number, p, parent=node)
            end = p.start + lengths[p.index]
            current.title, current.title_span = p.text[: lengths[p.index] - 1], (p.start, end - 1)
            current.inline = (end, p.end)
            node.children.append(current)
        elif current is None:
            kept.append(p)
        else:
            current.paragraphs.append(p)
    node.paragraphs = kept
    node.children += boxes


def _says_more(node: Node) -> bool:
    return bool(node.paragraphs) or bool(node.inline and node.inline[1] > node.inline[0])


def _titled_dashes(node: Node) -> None:
    """Dashes and bullets that all open with a title are clauses; else they belong to the text above them."""
    if len(node.children) >= 2 and all(c.title and _says_more(c) for c in node.children):
        for number, child in enumerate(node.children, 1):
            child.label, child.number = str(number), number
        return
    for child in node.children:
        if child.paragraph:
            node.paragraphs += [child.paragraph, *child.paragraphs]
    node.paragraphs.sort(key=lambda p: p.index)
    node.children = []
