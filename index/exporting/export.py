"""The tables that are handed in, as files: 任务分工表, 承接情况表, 目标表; .xlsx, .docx, .csv, .md, .html or .json.

The format is that of the file name's ending. Nothing that a document says is ever run: in a spreadsheet it is text, in
HTML and Markdown it is escaped.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from index.exporting.by_department import by_department
from index.exporting.coverage_table import coverage_rows, coverage_sheet
from index.exporting.delimited import delimited
from index.exporting.docx import document
from index.exporting.findings_table import findings_sheet
from index.exporting.grid import as_grid
from index.exporting.listing import as_ledger, as_list
from index.exporting.markdown import markdown
from index.exporting.sheet import APP, Head, Layout, Paper, Sheet, head
from index.exporting.targets_table import targets_sheets
from index.exporting.webpage import html_table, webpage
from index.exporting.xlsx import workbook
from index.linking.coverage import Coverage
from index.targets.comparison import TargetPair
from index.views import MatrixRow, TargetView, comparison_json, targets
from schemas import Finding, PolicyError

__all__ = [
    "FORMATS",
    "MIME",
    "Head",
    "Layout",
    "coverage_rows",
    "export",
    "formats",
    "head",
    "html_table",
    "render",
    "render_coverage",
    "render_findings",
    "render_targets",
    "save",
    "sheets",
]

Written = tuple[bytes, tuple[str, ...]]
"""The bytes of a file, and what the reader must be told of it."""


def sheets(rows: Sequence[MatrixRow], title: Head, layout: Layout = "list") -> tuple[Sheet, ...]:
    """The rows in a layout: one sheet, or by department a cover and a sheet for each."""
    if layout == "department":
        return by_department(rows, title)
    return ({"list": as_list, "ledger": as_ledger, "grid": as_grid}[layout](rows, title),)


def render(
    form: str,
    rows: Sequence[MatrixRow],
    title: Head,
    layout: Layout = "list",
    *,
    paper: Paper = "A3",
    app: str = APP,
) -> Written:
    """The 任务分工表 in a format (a key of `FORMATS`). `app` is the address of the app, to which the tasks lead."""
    if form == "json":
        return _json(title, rows=[row.model_dump(mode="json") for row in rows]), ()
    return WRITERS[form](sheets(rows, title, layout), paper, app)


def render_coverage(
    form: str,
    kb: Any,
    upper: str,
    lower: str,
    exported: date,
    *,
    rows: Sequence[Coverage] | None = None,
    filtered: str = "",
    paper: Paper = "A3",
    app: str = APP,
) -> Written:
    """The 承接情况表 of two documents; `rows` are some of its records (all if not given), `filtered` says which.

    Raises:
        NotFound: a document is not in the knowledge base.
    """
    rows = coverage_rows(kb, upper, lower) if rows is None else rows
    sheet = coverage_sheet(kb, upper, lower, exported, rows=rows, filtered=filtered)
    if form == "json":
        return _json(sheet.head, rows=[row.model_dump(mode="json") for row in rows]), ()
    return WRITERS[form]((sheet,), paper, app)


def render_targets(
    form: str,
    kb: Any,
    exported: date,
    *,
    doc: str | None = None,
    indicator: str | None = None,
    rows: Sequence[TargetView] | None = None,
    pairs: Sequence[TargetPair] | None = None,
    filtered: str = "",
    paper: Paper = "A3",
    app: str = APP,
) -> Written:
    """The 目标表 with the comparison across levels, of one document or all, of one indicator or all; or of the given
    `rows` and `pairs`, of which `filtered` says which they are.

    Raises:
        NotFound: the document is not in the knowledge base.
    """
    if form == "json":
        if rows is None:
            rows = [one for one in targets(kb, indicator) if doc in (None, one.doc)]
        if pairs is None:
            pairs = [one for one in targets(kb, indicator, True) if doc in (None, one.lower.doc, one.upper.doc)]
        made = targets_sheets(kb, exported, doc=doc, indicator=indicator, rows=rows, pairs=pairs, filtered=filtered)
        compared = [comparison_json(pair) for pair in pairs]
        return _json(made[0].head, rows=[one.model_dump(mode="json") for one in rows], compared=compared), ()
    made = targets_sheets(kb, exported, doc=doc, indicator=indicator, rows=rows, pairs=pairs, filtered=filtered)
    return WRITERS[form](made, paper, app)


def render_findings(
    form: str,
    kb: Any,
    found: Sequence[Finding],
    exported: date,
    *,
    filtered: str = "",
    paper: Paper = "A3",
    app: str = APP,
) -> Written:
    """The 数据质量清单 of some findings; `filtered` says which they are."""
    sheet = findings_sheet(kb, found, exported, filtered=filtered)
    if form == "json":
        return _json(sheet.head, rows=[one.model_dump(mode="json") for one in found]), ()
    return WRITERS[form]((sheet,), paper, app)


def export(
    path: Path,
    rows: Sequence[MatrixRow],
    title: Head,
    layout: Layout = "list",
    *,
    paper: Paper = "A3",
    app: str = APP,
) -> tuple[str, ...]:
    """Writes the 任务分工表 to `path`. Returns what the reader must be told. Raises as `save` and `formats` do."""
    data, notes = render(formats(path), rows, title, layout, paper=paper, app=app)
    save(path, data)
    return notes


def save(path: Path, data: bytes) -> None:
    """Writes a file; it is there whole or not at all. Raises ``PolicyError`` if it cannot be written."""
    try:
        _write(path, data)
    except OSError as error:
        hint = "请检查文件夹是否存在、有没有写入权限；文件若正在 Excel 或 WPS 中打开，请先关闭。"
        raise PolicyError(f"不能写入 {path}：{error.strerror or error}", hint) from error


def formats(path: Path) -> str:
    """The format that the ending of `path` names. Raises ``PolicyError`` if there is none."""
    ending = path.suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        known = "、".join(f".{name}" for name in FORMATS)
        raise PolicyError(f"不能写成 {path.suffix or '没有结尾的'} 文件：{path.name}", f"文件名的结尾可以是 {known}。")
    return ending


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


def _json(title: Head, **parts: Any) -> bytes:
    documents = [{"slug": slug, "title": name, "doc_number": number or None} for slug, name, number in title.documents]
    value = {
        "title": title.title,
        "documents": documents,
        "filter": title.filtered,
        "exported": title.exported.isoformat(),
        **parts,
    }
    return json.dumps(value, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace")


WRITERS: Mapping[str, Callable[[Sequence[Sheet], Paper, str], Written]] = {
    "xlsx": workbook,
    "docx": document,
    "csv": delimited,
    "md": markdown,
    "html": webpage,
}
FORMATS = (*WRITERS, "json")
"""What can be written, by the ending of a file's name."""

MIME = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv",
    "md": "text/markdown",
    "html": "text/html",
    "json": "application/json",
}
"""What a browser is told that a file is."""
