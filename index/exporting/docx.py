"""Sheets as a .docx: a real table for each, its head repeated on every page, rows kept whole, on A3 or A4 across.

Fonts are those of GB/T 9704-2012 (title 方正小标宋, text 仿宋_GB2312, sub-headings 黑体); each names the font that every
machine has in its place, and all is marked as Chinese, so that a machine without them takes a Chinese one.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from index.exporting.measure import lines as lines_of
from index.exporting.sheet import Cell, Column, Line, Linked, Paper, Sheet, address, clean, shown

TITLE, TEXT, STRONG, LATIN = "方正小标宋简体", "仿宋_GB2312", "黑体", "Times New Roman"
INSTEAD = {TITLE: ("宋体", "roman"), TEXT: ("仿宋", "modern"), STRONG: ("SimHei", "modern")}
"""The font that a machine has where it has not the one named, and its family."""

PAGE = {"A3": (23811, 16838, 1134, 21), "A4": (16838, 11906, 1021, 18)}
"""Width, height and side margins of a page in twips (twentieths of a point); size of the text in half points."""

MOST_COLUMNS = 40
"""Word opens no table of more than 63 columns, and nobody can read one of more than about 40: it goes on below."""

WHOLE = 0.45
"""Share of a page up to which a row is kept whole: a longer one may go over two pages, else half a page stays white."""

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def document(sheets: Sequence[Sheet], paper: Paper, app: str) -> tuple[bytes, tuple[str, ...]]:
    """The bytes of the document; each sheet begins on a page of its own."""
    import docx

    made = docx.Document()
    head = sheets[0].head
    _properties(made, clean(head.title), datetime.combine(head.exported, time()))
    _page(made, paper)
    _styles(made, PAGE[paper][3])
    _fonts(made)
    links = _Links(made.part, app, {sheet.name: f"s{number}" for number, sheet in enumerate(sheets)})
    for number, sheet in enumerate(sheets):
        for element in _elements(sheet, number, paper, links):
            made.element.body.insert_element_before(element, "w:sectPr")
    target = io.BytesIO()
    made.save(target)
    return _dated(target.getvalue()), ()


class _Links:
    """The addresses to which the document leads: the app's, each once, and its own sheets."""

    def __init__(self, part: Any, app: str, sheets: dict[str, str]) -> None:
        self.part, self.app, self.sheets = part, app, sheets
        self.known: dict[str, str] = {}

    def of(self, cell: Linked) -> str:
        """The attribute of a link to where the cell leads, empty if to nowhere."""
        if cell.sheet:
            return f'w:anchor="{self.sheets[cell.sheet]}"' if cell.sheet in self.sheets else ""
        goal = address(self.app, cell.ref)
        if goal not in self.known:
            self.known[goal] = self._added(goal)
        return f'r:id="{self.known[goal]}"'

    def _added(self, goal: str) -> str:
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.opc.rel import _Relationship

        rels = self.part.rels
        name = f"rIdTask{len(self.known)}"
        rels[name] = _Relationship(name, RELATIONSHIP_TYPE.HYPERLINK, goal, rels._baseURI, external=True)
        return name


def _elements(sheet: Sheet, number: int, paper: Paper, links: _Links) -> Iterator[Any]:
    """Title, title block and table; a table with too many columns in parts."""
    from docx.oxml import parse_xml

    head = sheet.head
    mark = f'<w:bookmarkStart w:id="{number}" w:name="s{number}"/>', f'<w:bookmarkEnd w:id="{number}"/>'
    feed = "<w:pageBreakBefore/>" if number else ""
    yield parse_xml(_paragraph(_run(head.title), "Heading1", feed, mark))
    for fact in (*head.lines(), *([sheet.legend] if sheet.legend else [])):
        yield parse_xml(_paragraph(_run(fact), "TableFact"))
    parts = _parts(sheet)
    for at, columns in enumerate(parts, 1):
        if len(parts) > 1:
            yield parse_xml(_paragraph(_run(f"（第 {at} 表，共 {len(parts)} 表）"), "TableFact"))
        yield parse_xml("".join(_table(sheet, columns, paper, links)))
    yield parse_xml(_paragraph("", "TableFact"))  # two tables with nothing between them would be one


def _parts(sheet: Sheet) -> list[list[int]]:
    """The columns of each table: all, or the frozen ones with some of the others."""
    seen = list(range(sheet.seen))
    if len(seen) <= MOST_COLUMNS:
        return [seen]
    fixed, others = seen[: sheet.frozen], seen[sheet.frozen :]
    size = MOST_COLUMNS - len(fixed)
    return [fixed + others[at : at + size] for at in range(0, len(others), size)]


def _table(sheet: Sheet, numbers: Sequence[int], paper: Paper, links: _Links) -> Iterator[str]:
    """The XML of a table, row by row."""
    wide, high, margin, size = PAGE[paper]
    known = sheet.widths()
    room = wide - 2 * margin
    columns = [sheet.columns[number] for number in numbers]
    widths = _fitted([known[number] for number in numbers], [_least(column, size) for column in columns], room)
    signs = [
        (width - 120) / (size * 5) for width in widths
    ]  # characters of half width: half as wide as the font is high
    most = WHOLE * (high - 2 * margin) / (size * 13)
    yield f'<w:tbl xmlns:w="{_W}" xmlns:r="{_R}"><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
    yield '<w:jc w:val="center"/><w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="60" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    yield "".join(["<w:tblGrid>", *(f'<w:gridCol w:w="{width}"/>' for width in widths), "</w:tblGrid>"])
    yield _head_row(columns, widths, size)
    for line in sheet.lines:
        if line.heading:
            yield _heading_row(shown(line.cells[0]), len(columns), sum(widths))
        else:
            cells = [line.cells[number] for number in numbers]
            yield _row(line, cells, columns, widths, signs, most, links)
    yield "</w:tbl>"


def _least(column: Column, size: int) -> int:
    """Twips in which the name of a column stands on one line, or on two if it is long."""
    return size * 10 + 140 if column.upright else size * 10 * min(len(column.name), 5) + 140


def _fitted(shares: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Twips of each column: its share of the room, but no less than its name needs; the others give way."""
    if sum(least) > room:
        return [room * one // sum(least) for one in least]
    short: set[int] = set()
    while True:
        left = room - sum(least[number] for number in short)
        whole = sum(share for number, share in enumerate(shares) if number not in short) or 1
        widths = [
            least[number] if number in short else int(left * share / whole) for number, share in enumerate(shares)
        ]
        new = {number for number, width in enumerate(widths) if number not in short and width < least[number]}
        if not new:
            return widths
        short |= new


def _head_row(columns: Sequence[Column], widths: Sequence[int], size: int) -> str:
    upright = max((len(column.name) for column in columns if column.upright), default=0)
    tall = f'<w:trHeight w:val="{upright * size * 11 + 200}" w:hRule="atLeast"/>' if upright else ""
    cells = []
    for column, width in zip(columns, widths, strict=True):
        turned = '<w:textDirection w:val="tbRlV"/>' if column.upright else ""
        cells.append(_cell(_paragraph(_run(column.name), "TableHead"), width, f"{_shade('E8EDF3')}{turned}"))
    return f"<w:tr><w:trPr><w:cantSplit/>{tall}<w:tblHeader/></w:trPr>{''.join(cells)}</w:tr>"


def _heading_row(text: str, span: int, width: int) -> str:
    more = f'<w:gridSpan w:val="{span}"/>', _shade("F4F6F9")
    inner = _paragraph(_run(text), "TableSection")
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{_cell(inner, width, more[1], more[0])}</w:tr>"


def _row(
    line: Line,
    cells: Sequence[Cell],
    columns: Sequence[Column],
    widths: Sequence[int],
    signs: Sequence[float],
    most: float,
    links: _Links,
) -> str:
    texts = [clean(shown(cell)) for cell in cells]
    tallest = max(lines_of(text, sign) for text, sign in zip(texts, signs, strict=True))
    whole = "<w:trPr><w:cantSplit/></w:trPr>" if tallest <= most else ""
    shade = _shade("E8EDF3") if line.total else ""
    inner = []
    for cell, text, column, width in zip(cells, texts, columns, widths, strict=True):
        style = "TableMiddle" if column.middle or line.total else "TableText"
        run = _run(text)
        if isinstance(cell, Linked) and text and (goal := links.of(cell)):
            run = f'<w:hyperlink {goal} w:history="1">{_run(text, "TaskLink")}</w:hyperlink>'
        inner.append(_cell(_paragraph(run, style), width, shade))
    return f"<w:tr>{whole}{''.join(inner)}</w:tr>"


def _cell(inner: str, width: int, after: str = "", before: str = "") -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{before}{after}<w:vAlign w:val="center"/></w:tcPr>{inner}</w:tc>'


def _shade(colour: str) -> str:
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{colour}"/>'


def _paragraph(inner: str, style: str, more: str = "", mark: tuple[str, str] = ("", "")) -> str:
    return f'<w:p xmlns:w="{_W}"><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{mark[0]}{inner}{mark[1]}</w:p>'


def _run(text: str, style: str = "") -> str:
    """A run of text; a line break is a break."""
    look = f"<w:rPr><w:rStyle w:val={quoteattr(style)}/></w:rPr>" if style else ""
    pieces = (f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in clean(text).split("\n"))
    return f"<w:r>{look}{'<w:br/>'.join(pieces)}</w:r>"


def _properties(made: Any, title: str, moment: datetime) -> None:
    facts = made.core_properties
    facts.title, facts.author, facts.comments = title[:250], "", ""
    facts.created = facts.modified = moment


def _page(made: Any, paper: Paper) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.oxml import parse_xml
    from docx.shared import Twips

    wide, high, margin, _ = PAGE[paper]
    section = made.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Twips(wide), Twips(high)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Twips(margin)
    section.footer_distance = Twips(margin // 2)
    field = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    number = f"{_run('— ')}{field}{_run(' —')}"  # GB/T 9704-2012, 7.5: a dash on each side of the number
    footer = section.footer
    footer._element.append(parse_xml(_paragraph(number, "TablePage")))
    footer._element.remove(footer.paragraphs[0]._p)


_LOOKS = (
    # name, font, half points (0: the table's), justification, more of the paragraph, more of the run
    ("TableFact", TEXT, 24, "left", "", ""),
    ("TableHead", STRONG, 0, "center", "", ""),
    ("TableSection", STRONG, 0, "left", "<w:keepNext/>", ""),
    ("TableText", TEXT, 0, "left", "", ""),
    ("TableMiddle", TEXT, 0, "center", "", ""),
    ("TablePage", "宋体", 28, "center", "", ""),
)


def _styles(made: Any, size: int) -> None:
    from docx.oxml import parse_xml

    styles = made.styles.element
    language = '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    defaults = f"{_font(TEXT)}<w:sz w:val='{size}'/><w:szCs w:val='{size}'/>{language}"
    old = styles.find(f"{{{_W}}}docDefaults")
    styles.replace(
        old,
        parse_xml(
            f'<w:docDefaults xmlns:w="{_W}"><w:rPrDefault><w:rPr>{defaults}</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
        ),
    )
    for name, font, points, side, paragraph, run in _LOOKS:
        look = f"{_font(font)}{run}<w:sz w:val='{points or size}'/>"
        block = f"{paragraph}<w:spacing w:before='0' w:after='0' w:line='{'300' if points else '250'}' w:lineRule='auto'/><w:jc w:val='{side}'/>"
        styles.append(_style("paragraph", name, f"<w:pPr>{block}</w:pPr><w:rPr>{look}</w:rPr>"))
    styles.append(_style("character", "TaskLink", "<w:rPr><w:color w:val='1F4E79'/></w:rPr>"))
    heading = made.styles["Heading 1"].element
    title = "<w:pPr><w:keepNext/><w:spacing w:before='0' w:after='160'/><w:jc w:val='center'/><w:outlineLvl w:val='0'/></w:pPr>"
    look = f"<w:rPr>{_font(TITLE)}<w:color w:val='000000'/><w:sz w:val='44'/></w:rPr>"
    styles.replace(heading, _style("paragraph", "Heading1", title + look, "heading 1"))


def _style(kind: str, name: str, inner: str, called: str = "") -> Any:
    from docx.oxml import parse_xml

    return parse_xml(
        f'<w:style xmlns:w="{_W}" w:type="{kind}" w:customStyle="{int(not called)}" w:styleId="{name}">'
        f'<w:name w:val="{called or name}"/><w:qFormat/>{inner}</w:style>'
    )


def _font(name: str) -> str:
    return f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:cs="{LATIN}" w:eastAsia="{name}"/>'


def _fonts(made: Any) -> None:
    """Names, for each Chinese font, the one that a machine is to take where it has it not."""
    rows = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{instead}"/><w:charset w:val="86"/><w:family w:val="{family}"/>'
        '<w:pitch w:val="auto"/></w:font>'
        for name, (instead, family) in INSTEAD.items()
    )
    table = next(part for part in made.part.package.iter_parts() if part.partname == "/word/fontTable.xml")
    table._blob = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts xmlns:w="{_W}">{rows}</w:fonts>'.encode()
    )


def _dated(data: bytes) -> bytes:
    """The package without the time at which it was written: the same rows give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(zipfile.ZipInfo(entry.filename), old.read(entry), zipfile.ZIP_DEFLATED)
    return target.getvalue()
