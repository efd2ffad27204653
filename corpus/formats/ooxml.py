"""Parts and relationships of an OOXML package (ECMA-376 part 2), the strict namespaces read as the transitional ones."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree

from corpus.formats.archive import Archive, parse

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", S),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", R),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", "{http://schemas.openxmlformats.org/officeDocument/2006/math}"),
    (b"http://purl.oclc.org/ooxml/drawingml/main", "{http://schemas.openxmlformats.org/drawingml/2006/main}"),
)


class Package:
    """The parts of a docx or xlsx by name, and what they refer to."""

    def __init__(self, data: bytes, file: str) -> None:
        self.archive = Archive(data, file)
        self.file = file

    def main_part(self, usual: str) -> str:
        """The name of the document part; ``usual`` where the package does not say."""
        found = [target for _, kind, target in self._relations("") if kind.endswith("/officeDocument")]
        return next((name for name in found if name in self.archive), usual)

    def xml(self, part: str) -> etree._Element:
        """The root of a part. Raises ``UnreadableSource``."""
        data = self.archive.read(part)
        if b"purl.oclc.org/ooxml" in data[:4096]:
            for strict, transitional in _STRICT:
                data = data.replace(strict, transitional[1:-1].encode())
        return parse(data, self.file, part)

    def related(self, part: str, kind: str) -> Iterator[str]:
        """The parts that ``part`` refers to as ``kind`` (the last word of the relationship's type)."""
        for _, type_, target in self._relations(part):
            if type_.rsplit("/", 1)[-1] == kind and target in self.archive:
                yield target

    def target(self, part: str, key: str | None) -> str | None:
        """The part behind a relationship id, or None."""
        return next((target for id_, _, target in self._relations(part) if id_ == key and target in self.archive), None)

    def _relations(self, part: str) -> Iterator[tuple[str, str, str]]:
        """Id, type and target of each inner relationship."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self.archive:
            return
        for one in parse(self.archive.read(rels), self.file, rels):
            if one.get("TargetMode") != "External" and (target := one.get("Target")):
                whole = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                yield one.get("Id", ""), one.get("Type", ""), posixpath.normpath(unquote(whole))


def flag(element: etree._Element | None, ns: str = W) -> bool:
    """Whether a switch such as ``<w:vanish/>`` is there and on."""
    return element is not None and element.get(f"{ns}val", "1") not in ("0", "false", "off")


def value(element: etree._Element | None, path: str, default: str | None = None) -> str | None:
    """``w:val`` of the element at this path below (``pPr/numPr/numId``), or ``default``."""
    found = element.find("/".join(W + step for step in path.split("/"))) if element is not None else None
    return found.get(f"{W}val", default) if found is not None else default
