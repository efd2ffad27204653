"""The same document in other layouts gives the same records: a paragraph a line, indented, wrapped, with page numbers."""

import re
from collections.abc import Callable

import pytest

from corpus import read, read_text
from corpus.catalogue import load
from extract import extract
from schemas import Policy

ENTRIES = {entry.slug: entry for entry in load().documents}
PAGE = 22


def plain(paragraphs: list[str]) -> str:
    return "\n".join(paragraphs)


def indented(paragraphs: list[str]) -> str:
    return "\r\n".join(line if "\t" in line else "　　" + line for line in paragraphs)


def spaced(paragraphs: list[str]) -> str:
    return "\n\n".join(paragraphs)


def wrapped(paragraphs: list[str], width: int = 34, gap: str = "\n") -> str:
    """Hard-wrapped with a first-line indent of two characters, which the converter has stripped, and page numbers."""
    lines: list[str] = []
    for paragraph in paragraphs:
        centred = len(paragraph) < 44 and not re.search("[，。；]", paragraph)
        lines += [paragraph] if "\t" in paragraph or centred else _broken(paragraph, width)
    paged: list[str] = []
    for number, start in enumerate(range(0, len(lines), PAGE), 1):
        paged += [*lines[start : start + PAGE], f"- {number} -"]
    return gap.join(paged)


def _broken(paragraph: str, width: int) -> list[str]:
    """Lines as a typesetter breaks them: never inside a number or a Latin word, no closing mark at a line's start."""
    pieces = re.findall(r"[A-Za-z0-9.%]+[，。；：、）”》]*|.[，。；：、）”》]*", paragraph)
    lines, current, room = [], "", width - 2
    for piece in pieces:
        if current and len(current) + len(piece) > room:
            lines.append(current)
            current, room = "", width
        current += piece
    return [*lines, current]


LAYOUTS: dict[str, Callable[[list[str]], str]] = {
    "plain": plain,
    "indented": indented,
    "spaced": spaced,
    "wrapped": wrapped,
    "wrapped with blank lines": lambda paragraphs: wrapped(paragraphs, 28, "\n\n"),
}


def summary(policy: Policy) -> dict[str, object]:
    return {
        "title": policy.title,
        "number": policy.doc_number,
        "issuers": policy.issuers,
        "date": policy.date,
        "basis": ["".join(title.split()) for title in policy.basis],
        "tasks": [(t.id, t.title, [(d.name, d.role) for d in t.departments], t.departments_from) for t in policy.tasks],
        "targets": [(t.task, t.value, t.unit, t.bound, t.direction, t.target_year) for t in policy.targets],
        "projects": [(p.no, p.name, p.group, p.year) for p in policy.projects],
        "phases": [(p.name, p.start, p.end) for p in policy.phases],
    }


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("slug", ENTRIES)
def test_layout_makes_no_difference(slug: str, layout: str) -> None:
    source = read(ENTRIES[slug].file)
    again = extract(read_text(LAYOUTS[layout](source.text.split("\n"))))
    expected, found = summary(extract(source)), summary(again)
    for key, value in expected.items():
        assert found[key] == value, key
