"""What is bundled, and what is known of the documents that it cites."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from schemas import LEVELS, BadCatalogue, Level

FOLDER = Path(__file__).parent
_FIELDS = {"slug", "file", "level", "title"}


@dataclass(frozen=True)
class Entry:
    """A bundled document."""

    slug: str
    file: Path
    level: Level
    title: str


@dataclass(frozen=True)
class Known:
    """A document that is cited somewhere: facts for resolving 《…》. ``checked`` names the facts that were verified."""

    slug: str
    title: str
    level: Level
    aliases: tuple[str, ...] = ()
    doc_number: str | None = None
    date: str | None = None
    issuers: tuple[str, ...] = ()
    source_url: str | None = None
    checked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Catalogue:
    """The bundled documents, the outlines of national documents, and the documents that are known by title."""

    documents: tuple[Entry, ...]
    outlines: tuple[Path, ...]
    known: tuple[Known, ...]

    def resolve(self, title: str, doc_number: str | None = None) -> str | None:
        """The slug of the one document with this title, short title or 文号; None if there is none or more than one."""
        keys = {title_key(title)} | ({title_key(doc_number)} if doc_number else set())
        found = {slug for key in keys for slug in self._slugs.get(key, ())}
        return found.pop() if len(found) == 1 else None

    @functools.cached_property
    def _slugs(self) -> dict[str, set[str]]:
        slugs: dict[str, set[str]] = {}
        for entry in self.documents:
            slugs.setdefault(title_key(entry.title), set()).add(entry.slug)
        for known in self.known:
            for name in (known.title, *known.aliases, known.doc_number or ""):
                if name:
                    slugs.setdefault(title_key(name), set()).add(known.slug)
        return slugs


def title_key(title: str) -> str:
    """A title without blanks, marks and width, for comparing; the version in brackets at its end counts."""
    folded = unicodedata.normalize("NFKC", title)
    return re.sub(r"[\s《》〈〉“”\"'‘’]", "", folded)


@functools.cache
def load(folder: Path = FOLDER) -> Catalogue:
    """Read the catalogue below ``folder``.

    Raises:
        BadCatalogue: an entry is not usable, or its file is missing; the message names the file and the entry.
    """
    file = folder / "catalogue.toml"
    try:
        rows = tomllib.loads(file.read_text("utf-8")).get("document", [])
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BadCatalogue(f"{file}：{error}", "请检查目录文件。") from error
    documents = tuple(_entry(row, file, folder) for row in rows)
    outlines = tuple(sorted(p for p in (folder / "national").glob("*.yaml") if p.name != "catalogue.yaml"))
    return Catalogue(documents, outlines, _known(folder / "national" / "catalogue.yaml"))


def _entry(row: dict[str, Any], file: Path, folder: Path) -> Entry:
    name = row.get("slug", row)
    if set(row) != _FIELDS:
        raise BadCatalogue(f"{file}：条目 {name} 的字段应为 {'、'.join(sorted(_FIELDS))}", "请对照其他条目改正。")
    if row["level"] not in LEVELS:
        raise BadCatalogue(f"{file}：条目 {name} 的层级有误：{row['level']}", f"层级只能是 {'、'.join(LEVELS)}。")
    return Entry(row["slug"], folder / "documents" / row["file"], row["level"], row["title"])


def _known(file: Path) -> tuple[Known, ...]:
    if not file.exists():
        return ()
    rows = yaml.load(file.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["documents"]
    return tuple(
        Known(
            slug=row["slug"],
            title=row["title"],
            level=cast(Level, row["level"]),
            aliases=tuple(row.get("aliases") or ()),
            doc_number=row.get("doc_number"),
            date=str(row["date"]) if row.get("date") else None,
            issuers=tuple(row.get("issuers") or ()),
            source_url=row.get("source_url"),
            checked=frozenset(k for k, v in (row.get("field_verified") or {}).items() if v),
        )
        for row in rows
    )
