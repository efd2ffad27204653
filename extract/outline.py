"""Headings and numbering → the tree of clauses.

The order of the numberings is the document's own: what restarts at 1 below something stands below it. Where the
document does not tell, the order of GB/T 9704—2012, 7.3.3 holds (一、 （一） 1. （1）). The sequence tells a heading from
a number that a sentence happens to begin with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from corpus.numbering import Marker
from extract.clauses import UNNUMBERED, Node, is_short_heading
from extract.lost import number_lost
from extract.paragraphs import Paragraph
from extract.titles import (
    article_titles,
    counted_paragraphs,
    drop_chance_titles,
    duty_paragraphs,
    opens_with_title,
    part_title,
    titled_paragraphs,
)

RANK = {
    "part": 0, "chapter": 1, "section": 2, "han": 3, "decimal1": 3, "article": 4, "han_paren": 5, "decimal2": 5, "decimal3": 6,
    "decimal4": 7, "box": 8, "lost": 8, "arabic": 9, "arabic_paren": 10, "lost_paren": 10, "arabic_half_paren": 11, "circled": 12,
    "dash": 13, "bullet": 13, "titled": 14,
}  # fmt: skip
"""Conventional depth of each style; smaller is higher."""


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
        part_title(node)
    for node in root.walk():
        drop_chance_titles(node.children)
    article_titles([node for node in root.walk() if node.style == "article"])
    if lost_digits:
        number_lost(root)
    for node in list(root.walk()):
        counted_paragraphs(node)
        duty_paragraphs(node)
    for node in list(root.walk()):
        titled_paragraphs(node, 2)
    beside = {id(n.parent) for n in root.walk() if any(c.style == "titled" for c in n.children)}
    for node in list(root.walk()):
        if id(node.parent) in beside:
            titled_paragraphs(node, 1)
    return root


# --- which paragraphs are clauses ----------------------------------------------------------------------------------


def _first_depth(paras: Sequence[Paragraph]) -> str | None:
    """How a document with headings 1.1 prints those of the first depth: ``1 园区概况`` or ``1. 园区概况``."""
    short = [p.marker.style for p in paras if p.marker and is_short_heading(p)]
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
    if marker.style == first_depth and is_short_heading(p):
        return "decimal1"
    if marker.style == "arabic_space":
        return None
    return marker.style


def _label(marker: Marker, style: str) -> str:
    return f"专栏{marker.label}" if style == "box" else marker.label


def _accepted(p: Paragraph, style: str, marker: Marker, last: Node | None, stack: Sequence[Node]) -> bool:
    """Whether the number continues the sequence of its style (``last``), or begins one."""
    if style in UNNUMBERED or style == "lost_paren":
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
    if step > 1 and (is_short_heading(p) or opens_with_title(p.text[marker.end :])):
        return True  # an excerpt leaves items out
    below_another = last.parent is not None and last.parent not in stack and marker.number <= 3
    return below_another or step == 0 and is_short_heading(p)


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
        if not style or not p.marker or style in UNNUMBERED:
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
