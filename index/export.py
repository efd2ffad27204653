"""The 任务分工表 as a file: .xlsx, .csv, .md, .html or .json, by the ending of its name.

Nothing that a document says is ever run: in a spreadsheet it is text, in HTML and Markdown it is escaped.
"""

from __future__ import annotations

import csv
import html
import io
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from index.sheet import Cell, Head, Layout, Line, Sheet, clean, head, sheet
from index.views import MatrixRow
from index.workbook import workbook
from schemas import PolicyError

__all__ = ["FORMATS", "Head", "Layout", "export", "formats", "head", "html_table", "render"]

_RUN = tuple("=+-@＝＋－＠")
STYLE = """
body{font:14px/1.6 "Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif;color:#1c2733;margin:24px}
h1{font-size:22px;text-align:center;margin:0 0 8px} p{margin:2px 0;color:#45525f}
table{border-collapse:collapse;width:100%;margin-top:12px} th,td{border:1px solid #9aa5b1;padding:5px 7px;
vertical-align:top;overflow-wrap:anywhere;white-space:pre-line;unicode-bidi:isolate} thead{display:table-header-group}
th{background:#e8edf3} th.s{text-align:left;background:#f4f6f9} td.m{text-align:center} tr{break-inside:avoid}
tr.t td{background:#e8edf3;font-weight:600} @page{size:A3 landscape;margin:12mm}
"""


def export(path: Path, rows: Sequence[MatrixRow], title: Head, layout: Layout = "list") -> tuple[str, ...]:
    """Writes the rows to `path`; it is there whole or not at all. Returns what the reader must be told.

    Raises:
        PolicyError: the ending is of no known format, or the file cannot be written.
    """
    data, notes = render(formats(path), rows, title, layout)
    try:
        _write(path, data)
    except OSError as error:
        hint = "请检查文件夹是否存在、有没有写入权限；文件若正在 Excel 或 WPS 中打开，请先关闭。"
        raise PolicyError(f"不能写入 {path}：{error.strerror or error}", hint) from error
    return notes


def formats(path: Path) -> str:
    """The format that the ending of `path` names. Raises ``PolicyError`` if there is none."""
    ending = path.suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        known = "、".join(f".{name}" for name in FORMATS)
        raise PolicyError(f"不能写成 {path.suffix or '没有结尾的'} 文件：{path.name}", f"文件名的结尾可以是 {known}。")
    return ending


def render(form: str, rows: Sequence[MatrixRow], title: Head, layout: Layout = "list") -> tuple[bytes, tuple[str, ...]]:
    """The bytes of the file in a format (a key of `FORMATS`), and what the reader must be told."""
    if form == "json":
        return _json(rows, title), ()
    return WRITERS[form](sheet(rows, title, layout))


def _write(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _json(rows: Sequence[MatrixRow], title: Head) -> bytes:
    value = {
        "title": title.title,
        "documents": [
            {"slug": slug, "title": name, "doc_number": number or None} for slug, name, number in title.documents
        ],
        "filter": title.filtered,
        "exported": title.exported.isoformat(),
        "rows": [row.model_dump(mode="json") for row in rows],
    }
    return json.dumps(value, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace")


def _csv(table: Sheet) -> tuple[bytes, tuple[str, ...]]:
    """One line per task, its document and section in columns of their own; UTF-8 with BOM, which Excel needs."""
    target = io.StringIO()
    writer = csv.writer(target)
    names = [column.name for column in table.columns]
    writer.writerow(map(_not_run, [names[0], "文件", "章节", *names[1:]]))
    for line in table.lines:
        if not (line.heading or line.total):
            first, *rest = line.cells
            writer.writerow(map(_not_run, [first, line.document, line.section, *rest]))
    return f"\ufeff{target.getvalue()}".encode(), ()


def _not_run(cell: Cell) -> Cell:
    """A text that a spreadsheet would run gets an apostrophe before it; numbers stay numbers."""
    if isinstance(cell, int):
        return cell
    text = clean(cell)
    return f"'{text}" if text.lstrip().startswith(_RUN) or cell.startswith(("\t", "\r", "\n")) else text


def _md(table: Sheet) -> tuple[bytes, tuple[str, ...]]:
    lines = [f"# {_plain(table.head.title)}", "", *(f"{_plain(line)}  " for line in table.head.lines())]
    lines += [f"{table.legend}  "] if table.legend else []
    lines += ["", _md_row([column.name for column in table.columns]), "|" + " --- |" * len(table.columns)]
    for line in table.lines:
        blank = ["", *[""] * (len(table.columns) - 2)]
        lines.append(
            f"| | **{_plain(line.cells[0])}** |{' |' * (len(blank) - 1)}" if line.heading else _md_row(line.cells)
        )
    return "\n".join([*lines, ""]).encode(), ()


def _md_row(cells: Sequence[Cell]) -> str:
    return f"| {' | '.join(map(_plain, cells))} |"


def _plain(cell: Cell) -> str:
    """A cell as Markdown that shows it as it is."""
    text = html.escape(clean(str(cell)), quote=False)
    for mark in "\\`*_{}[]#|~$!":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", "<br>")


def _html(table: Sheet) -> tuple[bytes, tuple[str, ...]]:
    title = html.escape(clean(table.head.title))
    policy = "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    head = f"<meta charset='utf-8'>{policy}<title>{title}</title><style>{STYLE}</style>"
    return (
        f"<!doctype html><html lang='zh-CN'><head>{head}</head><body>{html_table(table)}</body></html>\n".encode(),
        (),
    )


def html_table(table: Sheet) -> str:
    """Title block and table as HTML; all text escaped."""
    facts = [*table.head.lines(), *([table.legend] if table.legend else [])]
    names = "".join(f"<th>{_escaped(column.name)}</th>" for column in table.columns)
    rows = "".join(_html_row(table, line) for line in table.lines)
    sizes = table.widths()
    columns = "".join(f"<col style='width:{100 * size / sum(sizes):.1f}%'>" for size in sizes)
    return (
        f"<h1>{_escaped(table.head.title)}</h1>{''.join(f'<p>{_escaped(fact)}</p>' for fact in facts)}"
        f"<table style='table-layout:fixed;min-width:{4.5 * sum(sizes):.0f}px'><colgroup>{columns}</colgroup><thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _html_row(table: Sheet, line: Line) -> str:
    if line.heading:
        return f"<tr><th class='s' colspan='{len(table.columns)}'>{_escaped(line.cells[0])}</th></tr>"
    cells = zip(line.cells, table.columns, strict=True)
    look = ("", " class='m'")
    inner = "".join(f"<td{look[column.middle or line.total]}>{_escaped(cell)}</td>" for cell, column in cells)
    return f"<tr{' class=t' if line.total else ''}>{inner}</tr>"


def _escaped(cell: Cell) -> str:
    return html.escape(clean(str(cell)))


WRITERS: dict[str, Callable[[Sheet], tuple[bytes, tuple[str, ...]]]] = {
    "xlsx": workbook,
    "csv": _csv,
    "md": _md,
    "html": _html,
}
FORMATS = (*WRITERS, "json")
"""What can be written, by the ending of a file's name."""
