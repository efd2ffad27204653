"""What a stored result was made by: when the sources that made it change, it is made anew."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

_ROOT = Path(__file__).parent.parent
_SOURCES = {".py", ".toml", ".yaml", ".txt"}
_NO_SOURCES = {"documents", "__pycache__"}


@functools.cache
def extractor() -> str:
    """Of everything that decides what is read from a document: ``schemas``, ``corpus``, ``extract`` and their data.

    The bundled outlines are documents, with a content hash each; only the catalogue beside them counts here.
    """
    files = (file for package in ("schemas", "corpus", "extract") for file in _sources(_ROOT / package))
    return _digest([f for f in files if f.parent.name != "national" or f.name == "catalogue.yaml"], "jieba", "spacy")


@functools.cache
def indexer() -> str:
    """Of everything that decides what the index and the links made of those records are."""
    return _digest(_sources(_ROOT / "index"), "whoosh-reloaded") + extractor()


def of(*parts: str) -> str:
    """A short digest of some strings, in order."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _sources(package: Path) -> Iterator[Path]:
    for file in sorted(package.rglob("*")):
        if file.suffix in _SOURCES and not _NO_SOURCES & set(file.relative_to(package).parts):
            yield file


def _digest(files: Iterable[Path], *libraries: str) -> str:
    parts = [f"{library} {version(library)}" for library in libraries]
    for file in files:
        parts += file.relative_to(_ROOT).as_posix(), hashlib.sha256(file.read_bytes()).hexdigest()
    return of(*parts)
