"""What a build is asked to read: files, folders, or the bundled corpus."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas import Level, UnreadableSource


@dataclass(frozen=True)
class BuildInput:
    """A file or a folder to read; what is given for a folder holds for every document in it, except a slug."""

    path: Path
    slug: str | None = None
    level: Level | None = None
    title: str | None = None


def gather(kb: Path, files: Sequence[BuildInput] | None) -> tuple[list[BuildInput], list[UnreadableSource]]:
    """The single files, in a fixed order, and what could not be entered. None means the bundled corpus."""
    if files is None:
        return _bundled(), []
    found: list[BuildInput] = []
    refused: list[UnreadableSource] = []
    for given in files:
        if given.path.is_dir():
            found += _below(given, kb, refused)
        elif given.path.exists() and not given.path.is_file():
            refused.append(UnreadableSource(printable(given.path), "这不是普通文件", "请给出文件或文件夹。"))
        else:
            found.append(given)
    return found, refused


def printable(path: Path | str) -> str:
    """A path as people read it: a name that is no UTF-8 (from an old archive) is taken for GB 18030."""
    data = os.fsencode(path)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def is_outline(path: Path) -> bool:
    """Whether a file holds facts about a document instead of its text."""
    return path.suffix.lower() in (".yaml", ".yml")


def _bundled() -> list[BuildInput]:
    from corpus.catalogue import load

    catalogue = load()
    outlines = [BuildInput(path) for path in catalogue.outlines]
    return outlines + [BuildInput(e.file, e.slug, e.level, e.title) for e in catalogue.documents]


def _below(given: BuildInput, kb: Path, refused: list[UnreadableSource]) -> Iterator[BuildInput]:
    """The readable files below a folder, by path; hidden ones and the knowledge base itself are passed over."""
    from corpus.reading import SUFFIXES

    def tell(error: OSError) -> None:
        refused.append(
            UnreadableSource(printable(error.filename), "不能进入这个文件夹", f"请检查权限（{error.strerror}）。")
        )

    found: list[Path] = []
    before = len(refused)
    for folder, inner, names in os.walk(given.path, onerror=tell):
        inner[:] = [name for name in inner if name[0] != "." and (Path(folder) / name).resolve() != kb.resolve()]
        found += [Path(folder, name) for name in names if Path(name).suffix.lower() in SUFFIXES and name[0] not in ".~"]
    if not found and len(refused) == before:
        refused.append(
            UnreadableSource(printable(given.path), "文件夹里没有可以读的文件", f"目前支持 {'、'.join(SUFFIXES)}。")
        )
    return (BuildInput(path, None, given.level, given.title) for path in sorted(found))
