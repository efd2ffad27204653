"""The text of a Word paragraph as it is printed when all tracked changes are accepted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from corpus.formats.docx_symbols import is_symbol_font, symbol
from corpus.formats.ooxml import MC, W, flag, value

_LEFT_OUT = frozenset(
    W + name
    for name in ("pPr", "rPr", "del", "moveFrom", "instrText", "delInstrText", "delText", "commentReference", "annotationRef",
                 "lastRenderedPageBreak", "proofErr", "softHyphen", "rt", "sdtPr", "sdtEndPr", "customXmlPr", "smartTagPr", "pgNum")
)  # fmt: skip
_PLAIN = {"tab": "\t", "ptab": "\t", "br": "\v", "cr": "\v", "noBreakHyphen": "-"}
_TEXT_BOX = f"{W}txbxContent"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_IMAGE_DATA = "{urn:schemas-microsoft-com:vml}imagedata"
_RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")


@dataclass
class Seen:
    """What was met beside the text, to be told: how often, and the first of it."""

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, tuple[int, str]] = field(default_factory=dict)
    footnotes: list[tuple[str, str, int]] = field(default_factory=list)
    at: int = 0

    def met(self, what: str, text: str = "") -> None:
        """Count one; the first is kept with its place and its words."""
        self.counts[what] += 1
        self.first.setdefault(what, (self.at, text))


class Runs:
    """Reads paragraphs one after the other; fields may go on from one into the next."""

    def __init__(self, styles: etree._Element | None, seen: Seen) -> None:
        self._hidden_styles = _hidden(styles)
        self._seen = seen
        self._fields: list[_Field] = []
        self._all_hidden = False

    @property
    def in_contents(self) -> bool:
        """Whether the text here is the result of a TOC field, which is not shown."""
        return any(one.is_contents for one in self._fields)

    def text(self, paragraph: etree._Element, boxes: list[etree._Element]) -> str:
        """The text; text boxes anchored in it are put into ``boxes``."""
        self._all_hidden = value(paragraph, "pPr/pStyle") in self._hidden_styles
        text = "".join(self._inside(paragraph, boxes))
        self._fields = [one for one in self._fields if one.separated]  # an instruction ends with its paragraph
        return text

    def _inside(self, parent: etree._Element, boxes: list[etree._Element]) -> Iterator[str]:
        for child in parent:
            yield from self._piece(child, boxes)

    def _piece(self, child: etree._Element, boxes: list[etree._Element]) -> Iterator[str]:
        tag = child.tag
        if tag in (f"{W}del", f"{W}moveFrom"):
            self._seen.met("deleted", "".join(t.text or "" for t in child.iter(f"{W}delText", f"{W}t")))
        elif tag in _LEFT_OUT:
            return
        elif tag == f"{W}r":
            yield from self._run(child, boxes)
        elif tag == f"{MC}AlternateContent":
            yield from self._inside(chosen(child), boxes)
        elif tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
            self._drawing(child, boxes)
        elif tag == f"{W}fldSimple":
            if not _is_contents(child.get(f"{W}instr", "")):
                yield from self._inside(child, boxes)
        elif tag == f"{W}sdt":
            if not is_placeholder(child) and (content := child.find(f"{W}sdtContent")) is not None:
                yield from self._inside(content, boxes)
        elif tag == f"{_MATH}t":
            yield child.text or ""
        elif tag == f"{_MATH}den":
            yield "/"
            yield from self._inside(child, boxes)
        else:
            if tag in (f"{W}ins", f"{W}moveTo"):
                self._seen.met("inserted", "".join(t.text or "" for t in child.iter(f"{W}t")))
            yield from self._inside(child, boxes)

    def _run(self, run: etree._Element, boxes: list[etree._Element]) -> Iterator[str]:
        properties = run.find(f"{W}rPr")
        hidden = self._is_hidden(properties)
        if hidden:
            self._seen.met("hidden", "".join(t.text or "" for t in run.iter(f"{W}t")))
        for child in run:
            if child.tag == f"{W}fldChar":
                self._field(child)
            elif child.tag == f"{W}instrText" and self._fields:
                self._fields[-1].instruction += child.text or ""
            elif not hidden and all(one.shows for one in self._fields):
                yield from self._shown(child, properties, boxes)

    def _shown(
        self, child: etree._Element, properties: etree._Element | None, boxes: list[etree._Element]
    ) -> Iterator[str]:
        name = etree.QName(child).localname
        if child.tag == f"{W}t":
            yield self._written(child.text or "", properties)
        elif child.tag == f"{W}sym":
            yield self._symbol(child)
        elif child.tag == f"{W}br" and child.get(f"{W}type") in ("page", "column"):
            yield "\n"
        elif child.tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
            self._seen.footnotes.append((name.removesuffix("Reference"), child.get(f"{W}id", ""), self._seen.at))
        elif child.tag.startswith(W) and name in _PLAIN:
            yield _PLAIN[name]
        else:
            yield from self._piece(child, boxes)

    def _written(self, text: str, properties: etree._Element | None) -> str:
        """The text of a run: symbol fonts read, a raised figure behind a unit kept raised (m², 10⁴)."""
        if value(properties, "vertAlign") == "superscript" and re.fullmatch("[0-9+-]{1,2}", text):
            return text.translate(_RAISED)
        fonts = properties.find(f"{W}rFonts") if properties is not None else None
        font = fonts.get(f"{W}ascii", "") if fonts is not None else ""
        if re.search("[\ue000-\uf8ff]", text) or font and is_symbol_font(font) and text.isascii():
            return "".join(self._known(char, font) for char in text)
        return text

    def _symbol(self, element: etree._Element) -> str:
        code = element.get(f"{W}char", "")
        if not re.fullmatch("[0-9A-Fa-f]{1,6}", code) or int(code, 16) > 0x10FFFF:
            return ""
        return self._known(chr(int(code, 16)), element.get(f"{W}font", ""))

    def _known(self, char: str, font: str) -> str:
        known = symbol(char, font)
        if known is None:
            self._seen.met("symbol", f"{font or '未注明字体'} U+{ord(char):04X}")
        return known or ""

    def _drawing(self, element: etree._Element, boxes: list[etree._Element]) -> None:
        found = text_boxes(element)
        boxes.extend(found)
        if not found and next(element.iter(_BLIP, _IMAGE_DATA), None) is not None:
            self._seen.met("picture")
        elif not found and any(etree.QName(e).localname in ("relIds", "chart") for e in element.iter()):
            self._seen.met("chart")

    # --- fields ----------------------------------------------------------------------------------------------------

    def _field(self, char: etree._Element) -> None:
        """Begin, separator and end of a field: its instruction is not shown, its result is, but for contents."""
        kind = char.get(f"{W}fldCharType")
        if kind == "begin" and len(self._fields) < 100:
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].separated = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _is_hidden(self, properties: etree._Element | None) -> bool:
        own = properties.find(f"{W}vanish") if properties is not None else None
        if own is not None:
            return flag(own)
        return self._all_hidden or value(properties, "rStyle") in self._hidden_styles


@dataclass
class _Field:
    instruction: str = ""
    separated: bool = False

    @property
    def is_contents(self) -> bool:
        return _is_contents(self.instruction)

    @property
    def shows(self) -> bool:
        """Whether its text is seen: the result, not the instruction; of a table of contents nothing."""
        return self.separated and not self.is_contents


def _is_contents(instruction: str) -> bool:
    return bool(re.match(r"\s*(?:TOC|INDEX|TOA)\b", instruction))


def chosen(alternate: etree._Element) -> etree._Element:
    """The branch of an AlternateContent that is read: the first choice, the fallback only where there is none."""
    choice = alternate.find(f"{MC}Choice")
    fallback = alternate.find(f"{MC}Fallback")
    return choice if choice is not None else fallback if fallback is not None else alternate


def text_boxes(element: etree._Element) -> list[etree._Element]:
    """The text boxes in a drawing, outermost, each once."""
    found: list[etree._Element] = []

    def search(parent: etree._Element) -> None:
        for child in parent:
            if child.tag == _TEXT_BOX:
                found.append(child)
            elif child.tag == f"{MC}AlternateContent":
                search(chosen(child))
            else:
                search(child)

    search(element)
    return found


def is_placeholder(control: etree._Element) -> bool:
    """Whether a content control shows its prompt (单击此处输入文字), not what someone wrote."""
    return flag(control.find(f"{W}sdtPr/{W}showingPlcHdr"))


def is_contents_control(control: etree._Element) -> bool:
    """Whether a content control holds a table of contents."""
    gallery = value(control, "sdtPr/docPartObj/docPartGallery") or ""
    return gallery == "Table of Contents"


def _hidden(styles: etree._Element | None) -> frozenset[str]:
    """Styles that hide text."""
    found = styles.iter(f"{W}style") if styles is not None else ()
    return frozenset(s.get(f"{W}styleId", "") for s in found if flag(s.find(f"{W}rPr/{W}vanish")))
