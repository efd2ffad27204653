"""Files → `Source`."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from pathlib import Path

from corpus import charset
from corpus.layout import Layout, Note, logical_text
from corpus.source import Source
from schemas import Defect, UnreadableSource

SUFFIXES = (".txt", ".md")
"""Endings of the files that can be read."""


def read(path: Path) -> Source:
    """Read a document.

    Raises:
        UnreadableSource: the file cannot be opened, is of no supported format, or holds no readable text.
    """
    if path.suffix.lower() not in SUFFIXES:
        hint = f"目前支持 {'、'.join(SUFFIXES)}；其他格式请先另存为纯文本。"
        raise UnreadableSource(str(path), f"不支持的格式 {path.suffix or '（无扩展名）'}", hint)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise UnreadableSource(str(path), "文件不存在", "请检查路径。") from None
    except IsADirectoryError:
        raise UnreadableSource(
            str(path), "这是一个文件夹", "请给出文件；要读整个文件夹，请用 policytrace build。"
        ) from None
    except PermissionError:
        raise UnreadableSource(str(path), "没有读取权限", "请修改文件权限，或换有权限的账户。") from None
    except OSError as error:
        raise UnreadableSource(str(path), f"读取失败：{error.strerror}", "请检查磁盘或网络位置。") from error
    return read_bytes(data, str(path))


def read_bytes(data: bytes, file: str) -> Source:
    """Read the bytes of a text file; ``file`` names it in messages and records."""
    return read_text(charset.decode(data, file), Path(file).name, hashlib.sha256(data).hexdigest())


def read_text(raw: str, file: str = "text", sha256: str | None = None) -> Source:
    """Read text that is already decoded. Never raises."""
    layout = logical_text(raw)
    digest = sha256 or hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()
    plain = Source(file, "text", digest, layout.body.text, layout.body.at, layout.line_starts, layout.page_starts)
    defects = tuple(_defect(plain, layout, note) for note in layout.notes)
    return Source(
        file, "text", digest, layout.body.text, layout.body.at, layout.line_starts, layout.page_starts, defects
    )


def _defect(source: Source, layout: Layout, note: Note) -> Defect:
    """A note as a record; a place that is gone from the logical text stands where the text goes on after it.

    The places are in order but within reordered headings, and there the line's own start is meant.
    """
    index = min(bisect_left(layout.body.at, note.at), max(0, len(source.text) - 1))
    index = source.text.rfind("\n", 0, index) + 1 if note.kind == "garbled_heading" else index
    kept = note.kind == "garbled_heading" and "还原为" in note.note
    end = source.text.find("\n", index) if kept else index
    origin = source.origin(index, end if end >= 0 else len(source.text))
    line = source.line_of(note.at)
    return Defect(
        kind=note.kind,  # type: ignore[arg-type]
        where=f"第 {line} 行",
        note=note.note,
        printed=note.printed[:200],
        origin=origin.model_copy(update={"line": line}),
    )
