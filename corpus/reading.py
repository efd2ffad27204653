"""Files → `Source`: what a file is, which reader reads it, and its printed text as paragraphs."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from pathlib import Path

from corpus.formats import SUFFIXES, reader_of
from corpus.layout import Layout, logical_text
from corpus.printed import Note, Printed
from corpus.source import Source
from schemas import Defect, UnreadableSource

__all__ = ["SUFFIXES", "read", "read_bytes", "read_printed", "read_text"]

CHARACTER_LIMIT = 1_000_000
"""Characters of one file; the outline of the national five-year plan, a book, has 70,000."""


def read(path: Path) -> Source:
    """Read a document.

    Raises:
        UnreadableSource: the file cannot be opened, is of no supported format, or holds no readable text.
    """
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
    """Read the bytes of a file of any supported format; ``file`` names it in messages and records.

    Raises:
        UnreadableSource: of no supported format, without readable text, or with more than any document has.
    """
    printed = reader_of(data, file)(data, file)
    if len(printed.text) > CHARACTER_LIMIT:
        problem = f"文字共 {len(printed.text):,} 字，上限为 {CHARACTER_LIMIT:,} 字"
        raise UnreadableSource(file, problem, "不像一份文件；汇编请按文件拆分后再添加。")
    return read_printed(printed, Path(file).name, hashlib.sha256(data).hexdigest())


def read_text(raw: str, file: str = "text", sha256: str | None = None) -> Source:
    """Read text that is already decoded. Never raises."""
    digest = sha256 or hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()
    return read_printed(Printed(raw, "text"), file, digest)


def read_printed(printed: Printed, file: str, sha256: str) -> Source:
    """The printed text of a file as paragraphs. Never raises."""
    layout = logical_text(printed.text, printed.paragraphs, printed.joins)
    plain = _source(printed, layout, file, sha256)
    notes = sorted((*printed.notes, *layout.notes), key=lambda note: note.at)
    return _source(printed, layout, file, sha256, tuple(_defect(plain, layout, note) for note in notes))


def _source(printed: Printed, layout: Layout, file: str, sha256: str, defects: tuple[Defect, ...] = ()) -> Source:
    return Source(
        file,
        printed.format,
        sha256,
        layout.body.text,
        layout.body.at,
        layout.line_starts,
        layout.page_starts or ((0,) if printed.boxes else ()),
        defects,
        printed.boxes,
    )


def _defect(source: Source, layout: Layout, note: Note) -> Defect:
    """A note as a record; a place that is gone from the logical text stands where the text goes on after it.

    The places are in order but within reordered headings, and there the line's own start is meant.
    """
    index = min(bisect_left(layout.body.at, note.at), max(0, len(source.text) - 1))
    if note.kind == "garbled_heading":
        index += source.text.startswith("\n", index)  # a line break has the place of what comes after it
        index = source.text.rfind("\n", 0, index) + 1
    kept = note.kind == "garbled_heading" and "还原为" in note.note
    end = source.text.find("\n", index) if kept else index
    origin = source.origin(index, end if end >= 0 else len(source.text))
    return Defect(
        kind=note.kind,  # type: ignore[arg-type]
        where=source.where(note.at),
        note=note.note,
        printed=note.printed[:200],
        origin=origin.model_copy(update={"line": source.line_of(note.at)}),
    )
