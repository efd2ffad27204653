"""Numbers that the source has lost: items of empty brackets and bare headings are counted."""

from __future__ import annotations

import re

from extract.clauses import Node
from extract.paragraphs import Paragraph

_SHORT = 14


def number_lost(root: Node) -> None:
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
