"""Elements of a web page → lines and table rows as a browser shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from corpus.formats.docx_numbers import formatted
from corpus.formats.lines import Lines, table
from corpus.formats.webpage_rules import UNSEEN_STYLE, UNSEEN_TAGS

_BLOCKS = frozenset(
    ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd", "section", "article", "main", "header", "footer",
     "blockquote", "center", "pre", "form", "fieldset", "address", "figure", "figcaption", "hr", "table", "tbody", "thead", "tfoot", "tr",
     "td", "th", "caption", "body", "html", "nav", "aside", "details", "summary", "legend", "dir", "menu", "ucapcontent")
)  # fmt: skip
_RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_COUNTED = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_LONG_CELL = 1200
"""Characters in a cell from which on a table is taken for a frame around text."""


def is_unseen(element: etree._Element) -> bool:
    """Whether a browser shows nothing of the element."""
    tag = element.tag
    if not isinstance(tag, str) or tag in UNSEEN_TAGS or element.get("hidden") is not None:
        return True
    return bool(UNSEEN_STYLE.search(element.get("style", "")))


class PageText:
    """Writes the blocks of an element into ``lines``, in reading order; elements in ``left_out`` are passed over."""

    def __init__(self, lines: Lines, left_out: frozenset[etree._Element] = frozenset()) -> None:
        self._lines = lines
        self._left_out = left_out
        self._open: list[str] = []
        self.pictures = 0
        self.links: list[tuple[str, str]] = []

    def write(self, element: etree._Element) -> None:
        """All of the element."""
        self._walk(element)
        self._close()

    def _walk(self, element: etree._Element) -> None:
        if is_unseen(element) or element in self._left_out:
            return
        tag = element.tag
        if tag == "br":
            self._open.append("\v")
        elif tag == "img":
            self.pictures += 1
        elif tag == "table":
            self._table(element)
        elif tag == "sup" and re.fullmatch("[0-9+-]{1,2}", text := "".join(element.itertext()).strip()):
            self._open.append(text.translate(_RAISED))
        elif tag in _BLOCKS:
            self._close()
            self._open.append(_item_number(element) if tag == "li" else "")
            self._children(element, tag == "pre")
            self._close()
        else:
            if tag == "a" and element.get("href"):
                self.links.append((element.get("href", ""), "".join(element.itertext()).strip()))
            self._children(element)

    def _children(self, element: etree._Element, preformatted: bool = False) -> None:
        self._said(element.text, preformatted)
        for child in element:
            self._walk(child)
            self._said(child.tail, preformatted)

    def _said(self, text: str | None, preformatted: bool) -> None:
        if text and preformatted:
            self._open.append(text.replace("\r\n", "\n").replace("\n", "\v"))
        elif text:
            self._open.append(_BLANKS.sub(" ", text))

    def _close(self) -> None:
        """End the paragraph that is open. Blanks at the ends of its lines, which no browser shows, go."""
        text = re.sub(r" *\v *", "\v", "".join(self._open).replace("\xa0", " ")).strip(" \v")
        self._open = []
        if text.strip():
            self._lines.add(text)

    # --- tables ----------------------------------------------------------------------------------------------------

    def _table(self, element: etree._Element) -> None:
        self._close()
        rows = [] if next(element.iterdescendants("table"), None) is not None else list(self._rows(element))
        filled = [[cell for cell in row if cell.strip()] for row in rows]
        framed = not rows or max(map(len, filled)) <= 1 or any(len(cell) > _LONG_CELL for row in filled for cell in row)
        if framed:
            self._children(element)
            self._close()
            return
        for caption in element.iterchildren("caption"):
            self._walk(caption)
        table(self._lines, rows)

    def _rows(self, element: etree._Element) -> Iterator[list[str]]:
        """The rows; a cell over several rows is repeated in each, one over several columns is followed by empty ones."""
        spanning: dict[int, tuple[int, str]] = {}
        for row in element.iter("tr"):
            if is_unseen(row):
                continue
            cells: list[str] = []
            for cell in row.iterchildren("td", "th"):
                if is_unseen(cell):
                    continue
                _fill(cells, spanning)
                text, wide = self._cell(cell), _span(cell, "colspan")
                for column, part in enumerate([text, *[""] * (wide - 1)], len(cells)):
                    if (down := _span(cell, "rowspan")) > 1:
                        spanning[column] = (down - 1, part)
                    cells.append(part)
            _fill(cells, spanning)
            yield cells

    def _cell(self, cell: etree._Element) -> str:
        inner = Lines()
        text = PageText(inner, self._left_out)
        text.write(cell)
        self.pictures += text.pictures
        self.links += text.links
        return inner.text


def _fill(cells: list[str], spanning: dict[int, tuple[int, str]]) -> None:
    """Cells of rows above that reach down to here."""
    while len(cells) in spanning:
        left, text = spanning.pop(column := len(cells))
        cells.append(text)
        if left > 1:
            spanning[column] = (left - 1, text)


def _span(cell: etree._Element, name: str) -> int:
    number = re.match(r"\s*(\d{1,4})", cell.get(name, ""))
    return max(1, min(200, int(number.group(1)))) if number else 1


def _item_number(item: etree._Element) -> str:
    """The number that a browser prints before an item of an ordered list."""
    above = item.getparent()
    if above is None or above.tag != "ol" or "none" in (above.get("style", "") + item.get("style", "")):
        return ""
    before: Sequence[etree._Element] = [one for one in item.itersiblings("li", preceding=True) if not is_unseen(one)]
    start = re.fullmatch(r"-?\d{1,5}", above.get("start", "1"))
    number = (int(start.group()) if start else 1) + len(before)
    han = re.search(r"list-style(?:-type)?\s*:[^;]*(?:cjk-ideographic|simp-chinese|chinese)", above.get("style", ""))
    style = "chineseCounting" if han else _COUNTED.get(above.get("type", "1"), "decimal")
    return formatted(number, style) + ("、" if han else ".")
