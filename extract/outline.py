"""Headings and numbering → the tree of clauses.

The order of the numberings is the document's own: what restarts at 1 below something stands below it. Where the
document does not tell, the order of GB/T 9704—2012, 7.3.3 holds (一、 （一） 1. （1）). The sequence tells a heading from
a number that a sentence happens to begin with.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from corpus.numbering import Marker
from extract.paragraphs import Paragraph

RANK = {
    "part": 0, "chapter": 1, "section": 2, "han": 3, "decimal1": 3, "article": 4, "han_paren": 5, "decimal2": 5, "decimal3": 6,
    "decimal4": 7, "box": 8, "lost": 8, "arabic": 9, "arabic_paren": 10, "lost_paren": 10, "arabic_half_paren": 11, "circled": 12,
    "dash": 13, "bullet": 13, "titled": 14,
}  # fmt: skip
"""Conventional depth of each style; smaller is higher."""

_UNNUMBERED = ("dash", "bullet")
_MAX_TITLE = 40
_TITLE_SENTENCE = 30
_TITLE_FIRST = re.compile(r"[^。；：！？\n]{3,30}。")
_SHORT = 14
_MAX_LONE_TITLE = 19


@dataclass
class Node:
    """A clause: its printed number, its title, its own paragraphs, and the clauses below it.

    ``number_start`` is where the printed number begins; ``title_span`` and ``body`` hold offsets in the text.
    """

    style: str
    label: str
    number: int | None
    paragraph: Paragraph | None
    title: str | None = None
    title_span: tuple[int, int] | None = None
    inline: tuple[int, int] | None = None
    paragraphs: list[Paragraph] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    parent: Node | None = None

    @property
    def path(self) -> tuple[Node, ...]:
        """From the top-level clause down to this one."""
        above = self.parent.path if self.parent and self.parent.parent else ()
        return (*above, self) if self.parent else ()

    def walk(self) -> Iterator[Node]:
        """This clause and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def body(self) -> list[tuple[int, int]]:
        """Spans of the clause's own text: what follows its title in its paragraph, then its further paragraphs."""
        spans = [self.inline] if self.inline and self.inline[1] > self.inline[0] else []
        return spans + [(p.start, p.end) for p in self.paragraphs]


def build(paras: Sequence[Paragraph], lost_digits: bool = False) -> Node:
    """The tree of the clauses in these paragraphs; the root holds what stands before the first."""
    root = Node("root", "", None, None)
    first_depth = _first_depth(paras)
    styles = {p.index: style for p in paras if (style := _style(p, first_depth))}
    inverted = _inverted(paras, styles)
    stack = [root]
    latest: dict[str, Node] = {}
    for p in paras:
        style = styles.get(p.index)
        if style and p.marker and _accepted(p, style, p.marker, latest.get(style), stack):
            latest[style] = Node(style, _label(p.marker, style), p.marker.number, p)
            _open(stack, latest[style], inverted)
        else:
            stack[-1].paragraphs.append(p)
    for node in list(root.walk()):
        _title(node)
    for node in root.walk():
        _drop_chance_titles(node.children)
    _article_titles([node for node in root.walk() if node.style == "article"])
    if lost_digits:
        _number_lost(root)
    for node in list(root.walk()):
        _titled_paragraphs(node, 2)
    for node in list(root.walk()):
        if node.parent and any(c.style == "titled" for sibling in node.parent.children for c in sibling.children):
            _titled_paragraphs(node, 1)
    return root


# --- which paragraphs are clauses ----------------------------------------------------------------------------------


def _first_depth(paras: Sequence[Paragraph]) -> str | None:
    """How a document with headings 1.1 prints those of the first depth: ``1 园区概况`` or ``1. 园区概况``."""
    short = [p.marker.style for p in paras if p.marker and _short_heading(p)]
    if short.count("decimal") < 2:
        return None
    return "arabic_space" if "arabic_space" in short else "arabic"


def _style(p: Paragraph, first_depth: str | None) -> str | None:
    """The style of a paragraph's number; decimals are told apart by depth (``first_depth`` is printed without a dot)."""
    marker = p.marker
    if marker is None or p.is_row or p.is_caption:
        return None
    if marker.style == "decimal":
        return f"decimal{min(len(marker.parts), 4)}"
    if marker.style == first_depth and _short_heading(p):
        return "decimal1"
    if marker.style == "arabic_space":
        return None
    return marker.style


def _short_heading(p: Paragraph) -> bool:
    return len(p.text) <= 36 and not p.ends_sentence and not re.search("[，；]", p.text)


def _label(marker: Marker, style: str) -> str:
    return f"专栏{marker.label}" if style == "box" else marker.label


def _accepted(p: Paragraph, style: str, marker: Marker, last: Node | None, stack: Sequence[Node]) -> bool:
    """Whether the number continues the sequence of its style (``last``), or begins one."""
    if style in _UNNUMBERED or style == "lost_paren":
        return True
    if style.startswith("decimal") and marker.parts:
        return _decimal_fits(marker.parts, last)
    if marker.number is None:
        return False
    if last is None or last.number is None:
        return marker.number <= 30
    step = marker.number - last.number
    if step == 1 or marker.number == 1 or 1 < step <= 6:
        return True
    if step > 1 and (_short_heading(p) or _opens_with_title(p.text[marker.end :])):
        return True  # an excerpt leaves items out
    below_another = last.parent is not None and last.parent not in stack and marker.number <= 3
    return below_another or step == 0 and _short_heading(p)


def _decimal_fits(parts: tuple[int, ...], last: Node | None) -> bool:
    if parts[-1] == 1 or last is None:
        return parts[0] <= 30
    before = tuple(map(int, last.label.split("."))) if last.label else ()
    return parts[:-1] != before[:-1] or 1 <= parts[-1] - before[-1] <= 3


def _inverted(paras: Sequence[Paragraph], styles: dict[int, str]) -> set[tuple[str, str]]:
    """Pairs (above, below) of styles whose order in this document is not the conventional one.

    ``below`` starts at 1 again, twice or more, right after successive numbers of ``above``.
    """
    restarts: defaultdict[tuple[str, str], int] = defaultdict(int)
    previous: tuple[str, int | None] | None = None
    for p in paras:
        style = styles.get(p.index)
        if not style or not p.marker or style in _UNNUMBERED:
            continue
        if previous and p.marker.number == 1 and previous[0] != style and (previous[1] or 0) >= 1:
            restarts[(previous[0], style)] += 1
        previous = (style, p.marker.number)
    return {
        (a, b)
        for (a, b), n in restarts.items()
        if n >= 2 and RANK[a] > RANK[b] and restarts.get((b, a), 0) < n and not a.startswith("decimal")
    }


def _open(stack: list[Node], node: Node, inverted: set[tuple[str, str]]) -> None:
    """Close what does not stand above ``node``, then open it."""
    if any(open_.style == node.style for open_ in stack):
        while stack[-1].style != node.style:
            stack.pop()
        stack.pop()
    else:
        while len(stack) > 1 and not _above(stack[-1].style, node.style, inverted):
            stack.pop()
    node.parent = stack[-1]
    stack[-1].children.append(node)
    stack.append(node)


def _above(upper: str, lower: str, inverted: set[tuple[str, str]]) -> bool:
    if (upper, lower) in inverted:
        return True
    return (lower, upper) not in inverted and RANK[upper] < RANK[lower]


# --- titles --------------------------------------------------------------------------------------------------------

_BRACKETED_TITLE = re.compile(r"[（(【\[]([^（）()【】\[\]，。；]{2,16})[）)】\]]\s*")
_TRAILING_BRACKET = re.compile(
    r"\s*[（(【\[][^（）()【】\[\]]*(?:责任|牵头|负责|配合|单位|部门|时限)[^（）()【】\[\]]*[）)】\]]\s*$"
)
_WIDE_BLANK = re.compile(
    r"(?<=[\u4e00-\u9fff）”])\s{2,}(?=[\u4e00-\u9fff“])|(?<=[\u4e00-\u9fff）”]) (?=[\u4e00-\u9fff“])"
)


def _title(node: Node) -> None:
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
    if first.group() in "：:":
        return first.end() if length <= 24 and "，" not in rest[:length] and more else None
    if first.group() == "；" or length > _TITLE_SENTENCE or not more and not _holds_more(node):
        return None
    return first.end()


def _drop_chance_titles(siblings: Sequence[Node]) -> None:
    """A short first sentence is a title only if most of the neighbours have one too."""
    inline = [n for n in siblings if n.title and n.inline and n.inline[1] > n.inline[0] and n.title_span]
    if len(siblings) >= 3 and len(inline) < 0.5 * len(siblings) and not any(n.children for n in inline):
        for node in inline:
            if node.paragraph and node.title_span and node.style != "article":
                node.title, node.title_span, node.inline = None, None, (node.paragraph.body_start, node.paragraph.end)


def _article_titles(articles: Sequence[Node]) -> None:
    """In 若干措施 the articles open with a title sentence, all of them; in regulations they do not."""
    lengths = [_opens_with_title(_text_after_number(node)) for node in articles]
    if len(articles) < 4 or sum(map(bool, lengths)) < 0.7 * len(articles):
        return
    for node, length in zip(articles, lengths, strict=True):
        if length and node.title is None and node.paragraph:
            start = node.paragraph.body_start
            node.title, node.title_span = _text_after_number(node)[: length - 1], (start, start + length - 1)
            node.inline = (start + length, node.paragraph.end)


def _text_after_number(node: Node) -> str:
    return node.paragraph.text[node.paragraph.body_start - node.paragraph.start :] if node.paragraph else ""


def _holds_more(node: Node) -> bool:
    return bool(node.children) or any(not p.is_row for p in node.paragraphs) and node.style not in _UNNUMBERED


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


def _titled_paragraphs(node: Node, least: int) -> None:
    """Paragraphs that open with a short title sentence become clauses, counted from 1, where most of them do.

    One alone is enough (``least``) only beside clauses that hold such items.
    """
    if node.style in ("titled", "article", "root"):
        return
    if any(c.style not in (*_UNNUMBERED, "box") for c in node.children):
        return
    if node.inline and node.inline[1] - node.inline[0] > 1:
        _titled_from_first_line(node)
        return
    boxes = [c for c in node.children if c.style == "box"]
    if node.children and not boxes:
        _titled_dashes(node)
        return
    plain = [p for p in node.paragraphs if not p.is_row and not p.is_caption and not _bracket_only(p.text)]
    lengths = {p.index: n for p in plain if (n := _opens_with_title(p.text))}
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
    lengths = {p.index: n for p in (first, *plain) if (n := _opens_with_title(p.text))}
    if first.index in lengths and len(plain) >= 2 and len(lengths) > 0.7 * len(plain):
        node.inline = (start, start)
        node.paragraphs = [first, *node.paragraphs]
        _split_off(node, lengths)


def _opens_with_title(text: str) -> int | None:
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


# --- numbers that the source has lost ------------------------------------------------------------------------------


def _number_lost(root: Node) -> None:
    """In a document that lost its digits, count the items of empty brackets, and the bare headings that held a number."""
    for node in list(root.walk()):
        _headings_without_number(node)
    for node in root.walk():
        lost = [c for c in node.children if c.style == "lost_paren"]
        for number, child in enumerate(lost, 1):
            child.label, child.number = str(number), number


def _headings_without_number(node: Node) -> None:
    bare = [p for p in node.paragraphs if _bare_heading(p)]
    below = [c for c in node.children if c.style == "lost_paren"]
    if len(bare) < 2:
        return
    opened: list[Node] = []
    kept: list[Paragraph] = []
    for p in node.paragraphs:
        if p in bare:
            number = len(opened) + 1
            opened.append(Node("lost", str(number), number, p, parent=node))
            opened[-1].title, opened[-1].title_span = p.text, (p.start, p.end)
        else:
            (opened[-1].paragraphs if opened else kept).append(p)
    for child in below:
        owner = [o for o in opened if o.paragraph and child.paragraph and o.paragraph.index < child.paragraph.index]
        if owner:
            child.parent = owner[-1]
            owner[-1].children.append(child)
            node.children.remove(child)
    node.paragraphs = kept
    node.children = sorted(opened + node.children, key=lambda c: c.paragraph.index if c.paragraph else 0)


def _bare_heading(p: Paragraph) -> bool:
    return p.marker is None and 2 <= len(p.text) <= _SHORT and not re.search(r"[，。；：、（）\d\s]", p.text)
