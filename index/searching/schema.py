"""The fields of the Whoosh index. One index document is one task."""

from __future__ import annotations

from whoosh.analysis import RegexTokenizer
from whoosh.fields import ID, KEYWORD, NUMERIC, STORED, TEXT, Schema

from index.searching.analysis import SEPARATOR, WordTokenizer, fold

PAIR = "\x1e"
"""Between a department's name and its role in the field ``answers``."""

OPEN = "\x1d"
"""Before the printed name of a department that the shipped register does not resolve."""

READ_FIELDS = {"title": 2.5, "text": 1.0, "path": 0.4}
"""The fields that a query reads, and what a match in each is worth."""


def schema() -> Schema:
    """``department`` holds every name a department is found by; ``owner`` one name of each, for counting;
    ``answers`` its names with its roles, so that department and role hold of the same responsibility.
    ``year`` is signed: open ranges of unsigned Whoosh numbers return everything;
    it has no coarser tiers, so that its terms can be counted."""
    words = WordTokenizer()
    return Schema(
        ref=ID(unique=True),
        doc=ID(),
        level=ID(),
        kind=ID(),
        title=TEXT(analyzer=words),
        text=TEXT(analyzer=words),
        path=TEXT(analyzer=words),
        section=_terms(),
        department=_terms(),
        owner=_terms(),
        role=_terms(),
        answers=_terms(),
        strength=_terms(),
        year=NUMERIC(int, signed=True, shift_step=0),
        entry=STORED(),
    )


def name_term(name: str) -> str:
    """A department's name as it is compared: folded, without blanks."""
    return "".join(fold(name).split())


def _terms() -> KEYWORD:
    """Several values, each one whole term, joined by ``SEPARATOR``."""
    return KEYWORD(analyzer=RegexTokenizer(f"[^{SEPARATOR}]+"))
