"""Printed lines → paragraphs: furniture out, damage repaired and told, hard line breaks joined."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus import furniture, garble
from corpus.columns import with_tabs
from corpus.glyphs import clean_line, radicals
from corpus.joining import joined_paragraphs, pasted, told_paragraphs
from corpus.mapped import Mapped, join
from corpus.numbering import read_marker
from corpus.printed import Note

_NEWLINE = re.compile(r"\r\n|[\n\r\f\v\x85\u2028\u2029]")
_CELLS = re.compile(r"\s*\|\s*")
_MARKDOWN_RULE = re.compile(r"\s*(?:-\s*){3,}|\s*(?:\*\s*){3,}|\s*(?:_\s*){3,}")
_RULE = re.compile(r"\s*\|?[\s:|-]{3,}\|?\s*")


@dataclass(frozen=True)
class Layout:
    """The logical text with the place of each character, and what was repaired. ``pages`` are offsets in the file."""

    body: Mapped
    notes: tuple[Note, ...]
    line_starts: tuple[int, ...]
    page_starts: tuple[int, ...]


def logical_text(raw: str, told: bool = False, joins: Mapping[int, str | None] | None = None) -> Layout:
    """Read the printed text of a file as paragraphs.

    The result has one paragraph, heading or table row (cells parted by tabs) per line. ``told``: the file itself says
    where paragraphs end, and ``\\v`` is a line break inside one. It is believed, unless its paragraphs are the
    hard-wrapped lines of another text that were pasted in. ``joins``: what places on the page tell, as in `Printed`.
    """
    lines, pages = _split(raw)
    notes: list[Note] = []
    cleaned = [_trimmed(line, " \u3000\xa0" if told or joins else None) for line in _repair(lines, notes)]
    starts = tuple(line.at[0] if len(line) else _start(line) for line in lines)
    told = told and not pasted([line.text for line in cleaned])
    printed = with_tabs(_without_furniture(cleaned, notes, told))
    paragraphs = (
        told_paragraphs(printed, _soft(printed, raw, starts))
        if told
        else joined_paragraphs(printed, _glues(printed, joins, starts))
    )
    body = join(_separated(paragraphs))
    return Layout(body, tuple(sorted(notes, key=lambda n: n.at)), starts, tuple(pages) if len(pages) > 1 else ())


# --- lines ---------------------------------------------------------------------------------------------------------


def _split(raw: str) -> tuple[list[Mapped], list[int]]:
    lines: list[Mapped] = []
    pages = [0]
    start = 0
    for match in _NEWLINE.finditer(raw):
        lines.append(Mapped(raw[start : match.start()], range(start, match.start())))
        start = match.end()
        if match.group() == "\f":
            pages.append(start)
    lines.append(Mapped(raw[start:], range(start, len(raw))))
    return lines, pages


def _glues(lines: Sequence[Mapped], joins: Mapping[int, str | None] | None, starts: Sequence[int]) -> list[str | None]:
    """For each line what joins it to the one above; None: it begins a paragraph; ``?``: its text must tell."""
    if not joins:
        return ["?"] * len(lines)
    return [joins.get(bisect_right(starts, line.at[0]) - 1, "?") if len(line) else "?" for line in lines]


def _soft(lines: Sequence[Mapped], raw: str, starts: Sequence[int]) -> list[bool]:
    """For each line whether it goes on from the one above after a line break inside a paragraph."""
    return [bool(len(line)) and raw[max(0, starts[bisect_right(starts, line.at[0]) - 1] - 1)] == "\v" for line in lines]


def _start(line: Mapped) -> int:
    return line.at.start if isinstance(line.at, range) else 0


def _repair(lines: Sequence[Mapped], notes: list[Note]) -> list[Mapped]:
    whole = "".join(line.text for line in lines)
    odd = garble.odd_characters(whole)
    has_radicals = bool(radicals(whole))
    runs = {i: run for i, line in enumerate(lines) if (run := garble.garbled_run(line.text, odd))} if odd else {}
    printed = sum(bool(line.text.strip()) for line in lines)
    if len(runs) > max(40, printed // 3):  # another script altogether, not a broken font
        runs = {}
    shift = garble.find_shift([lines[i].text[a:b] for i, (a, b) in runs.items()]) if runs else None
    known = garble.pairs("".join(line.text for i, line in enumerate(lines) if i not in runs)) if runs else frozenset()
    out = []
    for i, line in enumerate(lines):
        if i in runs:
            line = _restored(line, runs[i], shift, known, notes)
        elif has_radicals:
            notes.extend(_radical_notes(line))
        out.append(clean_line(line))
    return out


def _restored(
    line: Mapped, run: tuple[int, int], shift: int | None, known: frozenset[str], notes: list[Note]
) -> Mapped:
    start, end = run
    printed = line.text[start:end]
    lost = not printed.strip(garble.LOST + " ")
    if lost or shift is None:
        what = "整行文字已丢失，只剩替换符" if lost else "字体映射损坏，无法还原"
        notes.append(Note("garbled_heading", what, line.text.strip(), line.place(start)))
        return line.slice(0, 0) if lost else line
    fixed = garble.restore(line.slice(start, end), shift, known)
    gone = "，行首或行末有字符已丢失" if garble.LOST in printed else ""
    told = f"字体映射损坏（码位偏移 {shift:+#x}）{gone}，还原为“{fixed.text}”"
    notes.append(Note("garbled_heading", told, line.text.strip(), line.place(start)))
    return join((line.slice(0, start), fixed, line.slice(end, len(line))))


def _radical_notes(line: Mapped) -> Iterable[Note]:
    if line.text.isascii():
        return
    for i in radicals(line.text):
        char = line.text[i]
        yield Note(
            "other",
            f"“{char}”（U+{ord(char):04X}）是部首或兼容字符，不是通用汉字，已按“{clean_line(line.slice(i, i + 1)).text}”读取",
            char,
            line.at[i],
        )


def _trimmed(line: Mapped, blanks: str | None) -> Mapped:
    """Without ``blanks`` at its end (all there are, where None): an empty last cell is a cell only where tabs are cells."""
    if "|" in line.text and line.text.strip().startswith("|"):
        if _RULE.fullmatch(line.text):
            return line.slice(0, 0)
        inner = line.strip()
        inner = inner.slice(1, len(inner) - 1 if inner.text.endswith("|") else len(inner))
        return inner.sub(_CELLS, "\t")
    text = line.text
    if _MARKDOWN_RULE.fullmatch(text):
        return line.slice(0, 0)
    return line.slice(0, len(text.rstrip(blanks))) if text.rstrip(blanks) != text else line


def _without_furniture(lines: list[Mapped], notes: list[Note], told: bool) -> list[Mapped]:
    """Without what is no text. A file that tells its paragraphs keeps heads and feet elsewhere (``told``)."""
    texts = [line.text for line in lines]
    pages = {i for i, text in enumerate(texts) if text and text[-1] not in "。；" and furniture.is_page_number(text)}
    pages |= set() if told else furniture.bare_page_numbers(texts)
    found = set() if told else furniture.running_heads(texts) | furniture.heads_at_page_numbers(texts, pages)
    heads = {i for i in found if not read_marker(texts[i].strip())}
    marks = {i for i, text in enumerate(texts) if text and furniture.is_watermark(text)}
    gone = pages | heads | marks | furniture.contents(texts)
    for what, found in (("页码", pages), ("页眉或页脚", heads)):
        if found:
            first = min(found)
            notes.append(
                Note("other", f"已去除{what} {len(found)} 处，不属于正文", texts[first].strip(), lines[first].place(0))
            )
    for i in sorted(marks):
        notes.append(
            Note("watermark", "正文中插有转载者的水印行，不属于原文，已去除", texts[i].strip(), lines[i].place(0))
        )
    return [line for i, line in enumerate(lines) if i not in gone]


def _separated(paragraphs: Sequence[Mapped]) -> Iterable[Mapped]:
    for i, paragraph in enumerate(paragraphs):
        if i:
            yield Mapped("\n", [paragraph.place(0)])
        yield paragraph
