"""Whether a file is a workbook that can be opened without harm: looked at before anything in it is parsed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from schemas import UnreadableSource

MAX_BYTES = 50 * 1024 * 1024
"""A 任务分工表 of 20,000 tasks has about 5 MB."""

MAX_UNPACKED = 400 * 1024 * 1024
"""Its parts unpacked have about 40 MB."""

MAX_PARTS = 5_000
_OLE = b"\xd0\xcf\x11\xe0"
_CHUNK = 1 << 20


def check(data: bytes, file: str) -> None:
    """Raises ``UnreadableSource``: too large, no workbook, too large when unpacked, or with entities in its XML."""
    if len(data) > MAX_BYTES:
        raise UnreadableSource(
            file, f"文件有 {len(data) >> 20} MB，超过上限 {MAX_BYTES >> 20} MB", "请确认选对了文件。"
        )
    if data.startswith(_OLE):
        raise UnreadableSource(file, "是旧版 .xls、.et，或设了密码", "请去掉密码，另存为 .xlsx 再导入。")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            _check_parts(parts, file)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise UnreadableSource(file, "不是完好的 .xlsx 文件", "请用 Excel 或 WPS 打开并另存为 .xlsx。") from error


def _check_parts(parts: zipfile.ZipFile, file: str) -> None:
    entries = parts.infolist()
    if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise UnreadableSource(file, "解压后过大，不像任务分工表", f"上限 {MAX_UNPACKED >> 20} MB；请确认选对了文件。")
    if "[Content_Types].xml" not in {entry.filename for entry in entries}:
        raise UnreadableSource(file, "不是 .xlsx 文件", "请用 Excel 或 WPS 另存为 .xlsx。")
    for entry in entries:
        if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            before = b""
            for chunk in _chunks(parts, entry):
                if b"<!" in chunk or before.endswith(b"<") or chunk.startswith((b"\xff\xfe", b"\xfe\xff")):
                    _check_markup(before[-16:] + chunk, file)
                before = chunk


def _check_markup(text: bytes, file: str) -> None:
    """XML of a workbook declares nothing; what does could be made to grow without end."""
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text or text.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableSource(
            file, "内部的 XML 带有声明，不是 Excel 或 WPS 保存的", "请用 Excel 或 WPS 另存后再导入。"
        )


def _chunks(parts: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part, piece by piece; it can have no more than it declares, or reading fails."""
    with parts.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk
