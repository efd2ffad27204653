"""Pages of glyphs → `Printed`: furniture off, tables and columns in order, lines told apart from paragraphs."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from corpus.formats.ocr import doubtful
from corpus.formats.pdf_continued import carry_on, join_cut_row
from corpus.formats.pdf_footnotes import usual_size, without_footnotes
from corpus.formats.pdf_furniture import without_furniture
from corpus.formats.pdf_glyphs import Glyph
from corpus.formats.pdf_lines import Line, lines, with_edges
from corpus.formats.pdf_paragraphs import joins
from corpus.formats.pdf_tables import Grid, block, filled, set_lines
from corpus.formats.pdf_unruled import unruled
from corpus.printed import CharBox, Note, Printed


@dataclass
class Page:
    """A page while it is read; places in reading direction. ``told`` are (kind of defect, note, as printed)."""

    number: int
    glyphs: Sequence[Glyph]
    height: float
    tables: list[Grid] = field(default_factory=list)
    told: list[tuple[str, str, str]] = field(default_factory=list)
    removed: list[tuple[str, str]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def printed(pages: Sequence[Page], form: str) -> Printed:
    """The text of the pages in reading order, with the place of each character."""
    _without_furniture(pages)
    _without_footnotes(pages)
    _set_tables(pages)
    for page in pages:
        page.lines = lines(page.glyphs, [block(grid) for grid in page.tables])
    told = joins([line for page in with_edges([page.lines for page in pages]) for line in page])
    text: list[str] = []
    boxes: list[CharBox | None] = []
    notes: list[Note] = []
    for page in pages:
        if page.number > 1:
            text.append("\f")
            boxes.append(None)
        notes += [Note(kind, note, what, len(boxes)) for kind, note, what in page.told]
        for index, line in enumerate(page.lines):
            if index:
                text.append("\n")
                boxes.append(None)
            least = doubtful(line.glyphs)
            if least is not None:
                notes.append(
                    Note("doubtful_text", f"文字识别没有把握（{least:.0%}），请核对原件", line.text, len(boxes))
                )
            for glyph in line.glyphs:
                text.append(glyph.text)
                boxes += [glyph.box] * len(glyph.text)
    notes += _furniture_notes(pages)
    return Printed("".join(text), form, boxes, tuple(notes), joins=_by_line(pages, told))


def _without_furniture(pages: Sequence[Page]) -> None:
    bodies = without_furniture([(page.glyphs, page.height) for page in pages])
    for page, body in zip(pages, bodies, strict=True):
        page.glyphs, page.removed = body.glyphs, body.removed


def _without_footnotes(pages: Sequence[Page]) -> None:
    usual = usual_size([page.glyphs for page in pages])
    for page in pages:
        page.glyphs, notes = without_footnotes(page.glyphs, page.height, usual, page.tables)
        page.told += [
            ("other", f"第 {page.number} 页有脚注 {note.mark}，不在正文中：{note.text}", note.text[:200])
            for note in notes
        ]


def _set_tables(pages: Sequence[Page]) -> None:
    for page in pages:
        found, page.glyphs = unruled(filled(page.tables, page.glyphs))
        page.tables = sorted([*page.tables, *found], key=lambda grid: grid.ys[0])
        for grid in page.tables:
            set_lines(grid)
    pairs = [(a, b) for a, b in itertools.pairwise(pages) if a.tables and b.tables]
    for page, following in reversed(pairs):
        join_cut_row(page.tables[-1], following.tables[0], page.number)
    for page, following in pairs:
        carry_on(page.tables[-1], following.tables[0], page.number)


def _by_line(pages: Sequence[Page], told: dict[int, str | None]) -> dict[int, str | None]:
    """Joins by 0-based line of the printed text; an empty page is an empty line."""
    found: dict[int, str | None] = {}
    index = line = 0
    for page in pages:
        for k in range(len(page.lines)):
            if index + k in told:
                found[line + k] = told[index + k]
        index += len(page.lines)
        line += max(1, len(page.lines))
    return found


def _furniture_notes(pages: Sequence[Page]) -> Iterator[Note]:
    counts = Counter(what for page in pages for what, _ in page.removed)
    for what, count in counts.items():
        first = next(text for page in pages for kind, text in page.removed if kind == what)
        kind = "watermark" if what == "水印" else "other"
        yield Note(kind, f"已去除{what} {count} 处，不属于正文", first, 0)
