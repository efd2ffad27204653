"""Word files (.docx, ECMA-376 transitional and strict): the text as a reader sees it, automatic numbers included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from lxml import etree

from corpus.formats.docx_numbering import Numbering
from corpus.formats.docx_runs import Runs, Seen, chosen, is_contents_control, is_placeholder
from corpus.formats.lines import Lines, table
from corpus.formats.ooxml import MC, Package, R, W, flag, value
from corpus.printed import Printed
from schemas import UnreadableSource

_THROUGH = frozenset(
    W + name for name in ("ins", "moveTo", "customXml", "smartTag", "sdtContent", "body", "txbxContent")
)
"""Wrappers of paragraphs and tables that show what is in them."""
_CONTENTS_STYLE = re.compile(r"(?:toc \d|toc heading|目录 ?\d)$", re.IGNORECASE)
_MAX_DEPTH = 2
_NUMBER = re.compile(r"[〔\[（(【﹝［]\s*(?:19|20)\d{2}\s*[〕\]）)】﹞］]\s*第?\s*\d+\s*号|文\s*件\s*$")


def read(data: bytes, file: str) -> Printed:
    """The paragraphs and table rows of the file. Raises ``UnreadableSource``."""
    return _read(data, file, 0)


def _read(data: bytes, file: str, depth: int) -> Printed:
    document = _Document(Package(data, file), depth)
    printed = document.printed()
    if not re.search("[\u3400-\u9fff]", printed.text):
        if document.seen.counts["picture"]:
            hint = "这像是把扫描件插进了 Word；请打印为 PDF 后再添加，扫描页会用文字识别读取。"
            raise UnreadableSource(file, "文件里只有图片，没有文字", hint)
        raise UnreadableSource(file, "没有一个汉字，不像公文", "请确认选对了文件，正文是否在文件里。")
    return printed


class _Document:
    """One package while it is read, in the order of its body."""

    def __init__(self, package: Package, depth: int) -> None:
        self._package = package
        self._depth = depth
        self._main = package.main_part("word/document.xml")
        self._styles = self._related("styles")
        self._numbering = Numbering(self._related("numbering"), self._styles)
        self.seen = Seen()
        self._runs = Runs(self._styles, self.seen)
        self._lines = Lines()
        self._names = _style_names(self._styles)
        self._carried = ""

    def printed(self) -> Printed:
        """Everything that is read of the package."""
        root = self._package.xml(self._main)
        body = root.find(f"{W}body")
        if body is None:
            hint = "请用 WPS 或 Word 打开后另存，再添加。"
            raise UnreadableSource(self._package.file, "文件里没有正文部件", hint)
        for line in self._letterhead(body):
            self._lines.add(line)
        self._blocks(body)
        self._tell()
        return self._lines.printed("docx")

    def _related(self, kind: str) -> etree._Element | None:
        part = next(self._package.related(self._main, kind), None)
        return self._package.xml(part) if part else None

    # --- paragraphs ------------------------------------------------------------------------------------------------

    def _blocks(self, parent: etree._Element) -> None:
        for child in parent:
            if child.tag == f"{W}p":
                self._paragraph(child)
            elif child.tag == f"{W}tbl":
                table(self._lines, self._rows(child))
            elif child.tag == f"{W}sdt":
                content = child.find(f"{W}sdtContent")
                if content is not None and not is_contents_control(child) and not is_placeholder(child):
                    self._blocks(content)
            elif child.tag == f"{MC}AlternateContent":
                self._blocks(chosen(child))
            elif child.tag == f"{W}altChunk":
                self._alternative(child)
            elif child.tag in _THROUGH:
                self._blocks(child)

    def _paragraph(self, paragraph: etree._Element) -> None:
        """One paragraph, the text boxes anchored in it before it; one whose end was deleted goes on in the next."""
        self.seen.at = self._lines.here
        text, boxes = self._text(paragraph)
        for box in boxes:
            self._blocks(box)
        if _end_is_deleted(paragraph):
            self._carried += text
            return
        for part in (self._carried + text).split("\n"):
            self._lines.add(part)
        self._carried = ""

    def _text(self, paragraph: etree._Element) -> tuple[str, list[etree._Element]]:
        """The printed text of a paragraph with its number, and its text boxes."""
        boxes: list[etree._Element] = []
        text = self._runs.text(paragraph, boxes)
        style = self._names.get(value(paragraph, "pPr/pStyle") or "", "")
        if _CONTENTS_STYLE.match(style):
            return "", []
        gone = not text.strip() and (_end_is_deleted(paragraph) or self._runs.in_contents)
        return ("" if gone else self._numbering.label(paragraph)) + text, boxes

    # --- tables ----------------------------------------------------------------------------------------------------

    def _rows(self, element: etree._Element) -> Iterator[list[str]]:
        """The rows; a cell merged downwards is repeated in each row, one merged to the right is followed by empty ones."""
        above: dict[int, str] = {}
        for row in _unwrapped(element, "tr"):
            if row.find(f"{W}trPr/{W}del") is not None:
                self.seen.met("deleted", "".join(t.text or "" for t in row.iter(f"{W}delText", f"{W}t")))
                continue
            cells = [""] * _columns(value(row, "trPr/gridBefore"), 0)
            for cell in _unwrapped(row, "tc"):
                column, span = len(cells), max(1, _columns(value(cell, "tcPr/gridSpan"), 1))
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                text = self._cell(cell)
                if merge is not None and merge.get(f"{W}val", "continue") == "continue" and not text.strip():
                    text = above.get(column, "")
                above[column] = text
                cells += [text, *[""] * (span - 1)]
            yield cells

    def _cell(self, cell: etree._Element) -> str:
        """The paragraphs of a cell, and of tables in it, one a line."""
        outer, self._lines = self._lines, Lines(self._lines.here)
        self._blocks(cell)
        inner, self._lines = self._lines.text, outer
        return "\n".join(line for line in inner.split("\n") if line.strip())

    # --- beside the body -------------------------------------------------------------------------------------------

    def _letterhead(self, body: etree._Element) -> Iterator[str]:
        """A red head or 文号 that stands in the header of the first page alone."""
        section = next(body.iter(f"{W}sectPr"), None)
        if section is None or not flag(section.find(f"{W}titlePg")):
            return
        for one in section.iterchildren(f"{W}headerReference"):
            part = self._package.target(self._main, one.get(f"{R}id")) if one.get(f"{W}type") == "first" else None
            lines = [self._text(p)[0] for p in self._package.xml(part).iter(f"{W}p")] if part else []
            if any(_NUMBER.search(line) for line in lines):
                yield from lines

    def _alternative(self, chunk: etree._Element) -> None:
        """Another document that was inserted whole (altChunk)."""
        from corpus.formats.kinds import kind_of, reader_of

        part = self._package.target(self._main, chunk.get(f"{R}id"))
        if part is None or self._depth >= _MAX_DEPTH:
            self._lines.note("插入的子文档读不出来，内容缺失")
            return
        data, name = self._package.archive.read(part), PurePosixPath(part).name
        try:
            inner = (
                _read(data, name, self._depth + 1)
                if kind_of(data, name) == "docx"
                else reader_of(data, name)(data, name)
            )
        except UnreadableSource as error:
            self._lines.note(f"插入的子文档没有读出：{error.problem}", name)
        else:
            self._lines.take(inner)

    def _tell(self) -> None:
        """What was left out or decided, each once with its number."""
        told = {
            "inserted": "有修订标记：插入 {n} 处，按接受全部修订后的文字读取",
            "deleted": "有修订标记：删除 {n} 处，被删文字没有读取",
            "hidden": "有隐藏文字 {n} 处，没有读取",
            "picture": "正文插有图片 {n} 张，图中的文字没有读取",
            "chart": "正文插有图表或图示 {n} 个，其中的文字没有读取",
            "symbol": "有 {n} 个符号字体的字符认不出，已略去",
        }
        for what, note in told.items():
            if count := self.seen.counts[what]:
                at, first = self.seen.first[what]
                kind = "missing_character" if what == "symbol" else "other"
                self._lines.note(note.format(n=count), first[:200], at, kind)
        self._tell_footnotes()
        comments = self._related("comments")
        count = len(comments.findall(f"{W}comment")) if comments is not None else 0
        if count:
            self._lines.note(f"有批注 {count} 条，没有读取", "", 0)

    def _tell_footnotes(self) -> None:
        bodies = {kind: self._related(f"{kind}s") for kind in ("footnote", "endnote")}
        for number, (kind, key, at) in enumerate(self.seen.footnotes, 1):
            root = bodies[kind]
            found = root.xpath("*[@*[local-name()='id']=$key]", key=key) if root is not None else []
            text = "".join(t.text or "" for one in found for t in one.iter(f"{W}t")).strip()
            self._lines.note(f"此处有脚注 {number}，不在正文中：{text}", text[:200], at)


def _style_names(styles: etree._Element | None) -> dict[str, str]:
    found = styles.iter(f"{W}style") if styles is not None else ()
    return {s.get(f"{W}styleId", ""): value(s, "name") or "" for s in found}


def _end_is_deleted(paragraph: etree._Element) -> bool:
    return any(paragraph.find(f"{W}pPr/{W}rPr/{W}{name}") is not None for name in ("del", "moveFrom"))


def _unwrapped(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, those in content controls and tracked insertions too."""
    for child in parent:
        if child.tag == W + name:
            yield child
        elif child.tag == f"{W}sdt" or child.tag in _THROUGH:
            yield from _unwrapped(child, name)


def _columns(count: str | None, default: int) -> int:
    """A number of columns; Word has at most 63."""
    return min(63, int(count)) if count and count.isdecimal() else default
