"""Which documents hold the tasks that are nearest to a text, by its rarest words: one query of the live generation."""

from __future__ import annotations

from pathlib import Path

from whoosh.query import Or, Term

from index.searching.analysis import words
from index.searching.generations import reading_live

RAREST, HITS = 16, 400
"""Words that are asked for, and tasks that are looked at."""


def nearest(kb: Path, text: str) -> tuple[list[str], int]:
    """The slugs of the documents, those with the nearest task first, and the number of tasks that the index holds.

    Raises ``BrokenKnowledgeBase`` where the index cannot be read.
    """
    with reading_live(kb) as live:
        counts = live.lexicon.counts
        known = dict.fromkeys(word for word in words(text, live.lexicon.cut) if word in counts)
        rare = sorted(known, key=counts.__getitem__)[:RAREST]
        asked = Or([Term(field, word) for word in rare for field in ("title", "text")])
        best = live.searcher.search(asked, limit=HITS).top_n if rare else []
        found = (live.searcher.stored_fields(number)["entry"]["doc"] for _, number in best)
        return list(dict.fromkeys(found)), live.searcher.doc_count_all()
