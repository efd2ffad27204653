"""Sheets as one HTML page that needs nothing else, and a sheet as HTML for a page of the app; all text escaped."""

from __future__ import annotations

import html
from collections.abc import Sequence

from index.exporting.sheet import APP, Cell, Line, Linked, Paper, Sheet, address, clean, shown

_STYLE = """
body{font:14px/1.6 "Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif;color:#1c2733;margin:24px}
h1{font-size:22px;text-align:center;margin:0 0 8px} p{margin:2px 0;color:#45525f} section+section{margin-top:40px}
table{border-collapse:collapse;width:100%;margin-top:12px} th,td{border:1px solid #9aa5b1;padding:5px 7px;
vertical-align:top;overflow-wrap:anywhere;white-space:pre-line;unicode-bidi:isolate} thead{display:table-header-group}
th{background:#e8edf3} th.s{text-align:left;background:#f4f6f9} td.m{text-align:center} tr{break-inside:avoid}
tr.t td{background:#e8edf3;font-weight:600} a{color:#1f4e79;text-decoration:none} a:hover{text-decoration:underline}
@media print{body{margin:0} section+section{break-before:page;margin-top:0}
table{min-width:0!important;font-size:10px} th,td{padding:3px 4px}}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def webpage(sheets: Sequence[Sheet], paper: Paper, app: str) -> tuple[bytes, tuple[str, ...]]:
    """The bytes of the page; it runs nothing, loads nothing, and leads nowhere but to the app."""
    title = html.escape(clean(sheets[0].head.title))
    style = f"<style>{_STYLE}@page{{size:{paper} landscape;margin:12mm}}</style>"
    policy = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    tables = "".join(
        f"<section id='s{number}'>{html_table(sheet, app, sheets)}</section>" for number, sheet in enumerate(sheets)
    )
    page = (
        f"<!doctype html><html lang='zh-CN'><head><meta charset='utf-8'>{policy}<title>{title}</title>{style}</head>"
        f"<body>{tables}</body></html>\n"
    )
    return page.encode(), ()


def html_table(sheet: Sheet, app: str = APP, sheets: Sequence[Sheet] = ()) -> str:
    """Title block and table; `sheets` are those of the same page, to which a cell may lead."""
    facts = [*sheet.head.lines(), *([sheet.legend] if sheet.legend else [])]
    names = "".join(f"<th scope='col'>{_escaped(column.name)}</th>" for column in sheet.columns[: sheet.seen])
    places = {one.name: f"#s{number}" for number, one in enumerate(sheets)}
    rows = "".join(_row(sheet, line, app, places) for line in sheet.lines)
    sizes = sheet.widths()
    columns = "".join(f"<col style='width:{100 * size / sum(sizes):.1f}%'>" for size in sizes)
    return (
        f"<h1>{_escaped(sheet.head.title)}</h1>{''.join(f'<p>{_escaped(fact)}</p>' for fact in facts)}"
        f"<table style='table-layout:fixed;min-width:{4.5 * sum(sizes):.0f}px'><colgroup>{columns}</colgroup>"
        f"<thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _row(sheet: Sheet, line: Line, app: str, places: dict[str, str]) -> str:
    if line.heading:
        return f"<tr><th class='s' colspan='{sheet.seen}'>{_escaped(line.cells[0])}</th></tr>"
    cells = zip(line.cells, sheet.columns[: sheet.seen], strict=False)
    look = ("", " class='m'")
    inner = "".join(f"<td{look[column.middle or line.total]}>{_cell(cell, app, places)}</td>" for cell, column in cells)
    return f"<tr{' class=t' if line.total else ''}>{inner}</tr>"


def _cell(cell: Cell, app: str, places: dict[str, str]) -> str:
    text = _escaped(cell)
    if not isinstance(cell, Linked):
        return text
    goal = html.escape(address(app, cell.ref)) if cell.ref else places.get(cell.sheet)
    return f'<a href="{goal}">{text}</a>' if goal else text


def _escaped(cell: Cell) -> str:
    return html.escape(clean(shown(cell)))
