"""Automatic numbering of Word: the numbers that are not in the text, as the reader sees them (ECMA-376, 17.9)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from corpus.formats.docx_numbers import formatted
from corpus.formats.docx_symbols import symbol
from corpus.formats.ooxml import MC, W, flag, value

_CLOSED = re.compile(r"[、，．.。）)\]】：:]$")


@dataclass(frozen=True)
class _Level:
    """How one level of a list counts and looks."""

    start: int
    style: str
    text: str
    restart: int | None
    legal: bool
    suffix: str
    font: str


@dataclass(frozen=True)
class _List:
    """A list: its levels, and where it counts from the start again on its first use."""

    abstract: str
    levels: Mapping[int, _Level]
    restarts: frozenset[int]


class Numbering:
    """Counts the paragraphs of a document, in order, and gives each its printed number."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._styles = {s.get(f"{W}styleId", ""): s for s in styles.iter(f"{W}style")} if styles is not None else {}
        root = numbering if numbering is not None else etree.Element("none")
        self._abstract = {a.get(f"{W}abstractNumId", ""): a for a in root.iter(f"{W}abstractNum")}
        self._nums = {n.get(f"{W}numId", ""): n for n in root.iter(f"{W}num")}
        self._lists: dict[str, _List | None] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()

    def label(self, paragraph: etree._Element) -> str:
        """The number that is printed before the paragraph, with the blank behind it; empty where it has none."""
        num_id, depth = self._place(paragraph.find(f"{W}pPr"))
        found = self._list(num_id) if num_id else None
        if found is None or depth not in found.levels:
            return ""
        counts = self._count(num_id or "", found, depth)
        level = found.levels[depth]
        if level.style == "bullet":
            return f"{symbol(level.text, level.font) or '•'} " if level.text.strip() else ""

        def number(match: re.Match[str]) -> str:
            above = found.levels.get(int(match.group(1)) - 1)
            if above is None:
                return ""
            return formatted(
                counts.get(int(match.group(1)) - 1, above.start), "decimal" if level.legal else above.style
            )

        shown = re.sub(r"%([1-9])", number, level.text).strip()
        blank = "" if not shown or level.suffix == "nothing" or _CLOSED.search(shown) else " "
        return shown + blank

    # --- which list, which level -----------------------------------------------------------------------------------

    def _place(self, properties: etree._Element | None) -> tuple[str | None, int]:
        """List and level of a paragraph: its own, else those of its style."""
        own = value(properties, "numPr/numId")
        own_level = value(properties, "numPr/ilvl")
        if own is not None:
            return (own if own != "0" else None), _depth(own_level)
        style = value(properties, "pStyle")
        if style is None:
            style = next(
                (key for key, s in self._styles.items() if s.get(f"{W}type") == "paragraph" and flag_default(s)), None
            )
        level = own_level
        for key in self._chain(style):
            level = level or value(self._styles[key], "pPr/numPr/ilvl")
            inherited = value(self._styles[key], "pPr/numPr/numId")
            if inherited is not None:
                depth = self._style_depth(inherited, style, level) if own_level is None else _depth(own_level)
                return (inherited if inherited != "0" else None), depth
        return None, 0

    def _chain(self, style: str | None) -> Iterator[str]:
        """The style and those it is based on."""
        seen: set[str] = set()
        while style is not None and style in self._styles and style not in seen:
            seen.add(style)
            yield style
            style = value(self._styles[style], "basedOn")

    def _style_depth(self, num_id: str, style: str | None, level: str | None) -> int:
        """The level that names the style or one that it is based on (``w:pStyle``), else the one that the style names."""
        abstract = self._abstract_of(num_id)
        named = {
            value(one, "pStyle"): one.get(f"{W}ilvl")
            for one in (abstract.iter(f"{W}lvl") if abstract is not None else ())
        }
        return _depth(next((named[key] for key in self._chain(style) if key in named), level))

    def _abstract_of(self, num_id: str, hops: int = 4) -> etree._Element | None:
        """The definition behind a list; one that stands for a numbering style is followed to it."""
        abstract = self._abstract.get(value(self._nums.get(num_id), "abstractNumId") or "")
        linked = value(abstract, "numStyleLink")
        if linked is None or hops == 0:
            return abstract
        style = self._styles.get(linked)
        behind = value(style, "pPr/numPr/numId")
        return self._abstract_of(behind, hops - 1) if behind and behind != num_id else abstract

    def _list(self, num_id: str) -> _List | None:
        if num_id not in self._lists:
            self._lists[num_id] = self._read(num_id)
        return self._lists[num_id]

    def _read(self, num_id: str) -> _List | None:
        abstract, num = self._abstract_of(num_id), self._nums.get(num_id)
        if abstract is None or num is None:
            return None
        levels = {_depth(one.get(f"{W}ilvl")): _level(one) for one in abstract.iterchildren(f"{W}lvl")}
        restarts = set()
        for override in num.iterchildren(f"{W}lvlOverride"):
            depth = _depth(override.get(f"{W}ilvl"))
            own = override.find(f"{W}lvl")
            start = value(override, "startOverride")
            if own is not None:
                levels[depth] = _level(own)
            if start is not None and depth in levels:
                levels[depth] = _restarted(levels[depth], _whole(start, 1))
            if own is not None or start is not None:
                restarts.add(depth)
        return _List(abstract.get(f"{W}abstractNumId", num_id), levels, frozenset(restarts))

    # --- counting --------------------------------------------------------------------------------------------------

    def _count(self, num_id: str, found: _List, depth: int) -> dict[int, int]:
        """The numbers of all levels after this paragraph. Lists of one definition go on counting from each other."""
        counts = self._counts.setdefault(found.abstract, {})
        if num_id not in self._begun:
            self._begun.add(num_id)
            for level in found.restarts:
                counts.pop(level, None)
        counts[depth] = counts[depth] + 1 if depth in counts else found.levels[depth].start
        for below in [level for level in counts if level > depth]:
            restart = found.levels[below].restart if below in found.levels else None
            if restart is None or restart and depth < restart:
                counts.pop(below)
        return counts


def _level(element: etree._Element) -> _Level:
    style = element.find(f"{W}numFmt")
    if style is None:
        style = element.find(f"{MC}AlternateContent/{MC}Choice/{W}numFmt")
    kind = style.get(f"{W}val", "decimal") if style is not None else "decimal"
    if kind == "custom" and style is not None:
        kind = "decimalZero" if style.get(f"{W}format", "").startswith("01") else "decimal"
    fonts = element.find(f"{W}rPr/{W}rFonts")
    restart = value(element, "lvlRestart")
    return _Level(
        start=_whole(value(element, "start"), 0),
        style=kind,
        text=value(element, "lvlText") or "",
        restart=_whole(restart, 0) if restart is not None else None,
        legal=flag(element.find(f"{W}isLgl")),
        suffix=value(element, "suff") or "tab",
        font=next((f for key in ("ascii", "hAnsi", "eastAsia") if fonts is not None and (f := fonts.get(W + key))), ""),
    )


def _restarted(level: _Level, start: int) -> _Level:
    return _Level(start, level.style, level.text, level.restart, level.legal, level.suffix, level.font)


def flag_default(style: etree._Element) -> bool:
    """Whether this is the style of paragraphs that name none."""
    return style.get(f"{W}default", "0") in ("1", "true", "on")


def _depth(text: str | None) -> int:
    return min(8, max(0, _whole(text, 0)))


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text) else default
