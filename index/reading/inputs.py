"""What a build is asked to read: files, folders, or the bundled corpus."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from schemas import Level, UnreadableSource


@dataclass(frozen=True)
class BuildInput:
    """A file or a folder to read; what is given for a folder holds for every document in it, except a slug."""

    path: Path
    slug: str | None = None
    level: Level | None = None
    title: str | None = None


class Gathered(NamedTuple):
    """The single files, in a fixed order; what could not be entered; files of no kind that can be read."""

    files: list[BuildInput]
    refused: list[UnreadableSource]
    passed_over: list[str]


def gather(kb: Path, files: Sequence[BuildInput] | None) -> Gathered:
    """The files that are meant. None means the bundled corpus."""
    if files is None:
        return Gathered(_bundled(), [], [])
    found = Gathered([], [], [])
    for given in files:
        if given.path.is_dir():
            found.files.extend(_below(given, kb, found))
        elif given.path.exists() and not given.path.is_file():
            found.refused.append(UnreadableSource(printable(given.path), "这不是普通文件", "请给出文件或文件夹。"))
        else:
            found.files.append(given)
    return found


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


def _below(given: BuildInput, kb: Path, found: Gathered) -> Iterator[BuildInput]:
    """The readable files below a folder, by path; what is no document, and the knowledge base itself, is passed over."""
    from corpus.reading import SUFFIXES

    def tell(error: OSError) -> None:
        problem = UnreadableSource(printable(error.filename), "不能进入这个文件夹", f"请检查权限（{error.strerror}）。")
        found.refused.append(problem)

    files: list[Path] = []
    before = len(found.refused)
    for folder, inner, names in os.walk(given.path, onerror=tell):
        inner[:] = [n for n in inner if _is_for_people(n, names) and (Path(folder) / n).resolve() != kb.resolve()]
        for name in sorted(filter(_is_document, names)):
            if Path(name).suffix.lower() in SUFFIXES:
                files.append(Path(folder, name))
            else:
                found.passed_over.append(printable(Path(folder, name)))
    if not files and len(found.refused) == before:
        found.refused.append(
            UnreadableSource(printable(given.path), "文件夹里没有可以读的文件", f"目前支持 {'、'.join(SUFFIXES)}。")
        )
    return (BuildInput(path, None, given.level, given.title) for path in sorted(files))


_BY_PROGRAMS = frozenset(("thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r"))
_UNFINISHED = frozenset((".tmp", ".temp", ".part", ".crdownload", ".download", ".lnk", ".bak"))


def _is_document(name: str) -> bool:
    """Whether people put the file there: not one that is hidden, that a program holds open, or a half download.

    >>> [name for name in ("a.docx", "~$a.docx", ".DS_Store", "Thumbs.db", ".~lock.a.docx#") if _is_document(name)]
    ['a.docx']
    """
    return name[0] not in ".~" and name.lower() not in _BY_PROGRAMS and Path(name).suffix.lower() not in _UNFINISHED


def _is_for_people(folder: str, beside: Sequence[str]) -> bool:
    """Whether a folder is one of people's: not hidden, and not the pictures and scripts of a saved web page."""
    if folder[0] in ".~$" or folder == "__MACOSX":
        return False
    page, _, kind = folder.rpartition("_") if folder.endswith("_files") else folder.rpartition(".")
    return kind != "files" or not {f"{page}.htm", f"{page}.html"} & set(beside)
