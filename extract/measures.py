"""The instructing clauses of a task: what is ordered, how strongly, and by whom where a bracket says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extract.rules.verbs import Strength, strength_of

_SENTENCE = re.compile(r"[^。；！\n]+[。；！]?")
_CLAUSE = re.compile(r"[^，,]+[，,]?")
_MIN_CLAUSE = 4


@dataclass(frozen=True)
class Clause:
    """``text[start:end]`` instructs; ``sentence_end`` is where its sentence closes."""

    start: int
    end: int
    verb: str
    strength: Strength
    sentence_end: int


def find(text: str, start: int, end: int, skip: tuple[tuple[int, int], ...] = ()) -> Iterator[Clause]:
    """The instructing clauses in ``text[start:end]``; ``skip`` are spans that are none (departments' brackets)."""
    for sentence in _SENTENCE.finditer(text, start, end):
        for a, b in _outside(sentence.start(), sentence.end(), skip):
            if text[a:b].strip():
                yield from _clauses(text, a, b, sentence.end())


def _outside(start: int, end: int, skip: tuple[tuple[int, int], ...]) -> Iterator[tuple[int, int]]:
    """The parts of ``start:end`` that no span of ``skip`` covers."""
    for a, b in skip:
        if start < b and a < end:
            if a > start:
                yield start, a
            start = b
    if start < end:
        yield start, end


def _clauses(text: str, start: int, end: int, sentence_end: int) -> Iterator[Clause]:
    """Cut a sentence before each clause that opens with an instructing verb; what opens otherwise joins the one before."""
    current: tuple[int, tuple[str, Strength]] | None = None
    pending = start
    depth = 0
    for clause in _CLAUSE.finditer(text, start, end):
        body = clause.group()
        found = strength_of(body.strip(" ，,“")) if depth == 0 and len(body) >= _MIN_CLAUSE else None
        depth = max(0, depth + body.count("（") - body.count("）"))
        if not found:
            continue
        if current:
            yield _clause(text, current[0], clause.start(), current[1], sentence_end)
            current = (clause.start(), found)
        else:
            current = (pending, found)
    if current:
        yield _clause(text, current[0], end, current[1], sentence_end)


def _clause(text: str, start: int, end: int, found: tuple[str, Strength], sentence_end: int) -> Clause:
    while start < end and text[start] in " \n，":
        start += 1
    while end > start and text[end - 1] in " \n，,。；！":
        end -= 1
    return Clause(start, end, found[0], found[1], sentence_end)
