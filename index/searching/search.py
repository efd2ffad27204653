"""Who does what: a query and filters → tasks, best first, with the words that matched.

A query is words and quoted phrases (``"…"``, ``“…”``, ``「…」``); nothing else in it is an operator, so no query is
wrong. All words must be found; only where no task has them all, tasks with any of them, or else with every single
character of unquoted ones (固废 for 固体废物), are given, and `note` says so.
Light to import: starting it is most of what a search costs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from whoosh.query import And, NumericRange, Or, Query, Term

from index.searching.analysis import Lexicon, runs
from index.searching.generations import Live, reading_live
from index.searching.highlights import Fragment, fragments, pattern
from index.searching.marks import Mark, marks
from index.searching.overlay import Decided, Overlay
from index.searching.phrases import Reads, edges
from index.searching.schema import PAIR, READ_FIELDS, name_term

FACETS = {
    "department": "owner",
    "role": "role",
    "level": "level",
    "doc": "doc",
    "year": "year",
    "strength": "strength",
    "section": "section",
}
"""What hits are counted by → the field that holds it."""

EFFECTIVE_ROLES = ("lead", "responsible", "support", "guide")

SPOKEN = {
    "role": {"牵头": "lead", "负责": "responsible", "责任": "responsible", "配合": "support", "指导": "guide"},
    "level": {"国家": "national", "省级": "provincial", "市级": "municipal", "区县": "district", "园区": "park"},
    "strength": {"禁止": "prohibit", "要求": "require", "推进": "promote", "鼓励": "encourage", "探索": "explore"},
}
"""Chinese words for filter values that have an English code."""

GRAMMAR = frozenset("的和与及或等在对为了是将由")
"""Words that are not looked for outside quotes."""

_NUMBER = re.compile(r"[\d.〇零一二三四五六七八九十百]+")
"""A section's printed number; sections are counted by their titles."""
_QUOTED = re.compile(r'"([^"]*)"|“([^”]*)”|「([^」]*)」|『([^』]*)』')


class Hit(NamedTuple):
    """One task found. ``departments`` are as printed, with their roles; ``document`` is the document's title.

    ``text`` is ``full`` or ``outline``; ``verified`` is false for an outline's task that nobody has checked. ``state``
    and ``again`` say what people decided on it up to now; all else is as they corrected it. ``superseded_by`` is the slug
    of the document that put its own out of force.
    """

    ref: str
    doc: str
    task: str
    title: str | None
    level: str | None
    departments: tuple[dict[str, Any], ...]
    score: float
    highlights: tuple[Fragment, ...]
    path: tuple[str, ...]
    document: str
    text: str
    verified: bool | None
    starts_with: str
    state: str = "extracted"
    again: bool = False
    superseded_by: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The hit as ``search --json`` prints it."""
        highlights = [fragment.to_json() for fragment in self.highlights]
        return {**self._asdict(), "highlights": highlights}


class SearchResult(NamedTuple):
    """``hits`` are those asked for of ``total``; ``facets`` counts all of them: name → value → tasks, most first.

    ``note`` (Chinese, may be empty) tells where the question was not answered as it was put.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: dict[str, dict[str, int]]
    note: str
    generation: str


def search(
    kb: Path,
    query: str = "",
    *,
    department: str | None = None,
    role: str | None = None,
    level: str | None = None,
    doc: str | None = None,
    year: int | str | None = None,
    strength: str | None = None,
    section: str | None = None,
    kind: str | None = None,
    limit: int = 20,
    offset: int = 0,
    facets: bool = True,
) -> SearchResult:
    """Tasks of the knowledge base in `kb`. Without a query: every task that passes the filters, in reading order.

    `department` is any of a department's names, `role` a printed role or an effective one, and both hold for the same
    responsibility. `year` is a year or a range (``2025``, ``2021-2025``, ``2026-``). Raises ``BrokenKnowledgeBase``
    where there is no knowledge base, ``PolicyError`` for a year that is none.
    """
    exact = [*_exact(level=level, doc=doc, strength=strength, section=section, kind=kind), *_year(year)]
    with reading_live(kb) as live:
        overlay = Overlay(live.searcher, live.decided.tasks)
        filters = [*_responsibility(department, role, live.decided), *exact]

        @cache
        def documents(asked: Query | None) -> list[int]:
            return overlay.documents([*([asked] if asked else []), *filters])

        asked, strings, note = _understood(query, live.lexicon, lambda q: bool(documents(q)))
        found = documents(asked) if asked or not query.strip() else []
        ranked = _ranked(overlay, asked, found, offset + limit)[offset : offset + limit]
        matching = pattern(strings)
        hits = tuple(_hit(overlay.entry(number), score, matching) for number, score in ranked)
        counted = _facets(overlay, live.decided, set(found)) if facets else {}
        note = _unknown_department(live, overlay, department) or note
        said = marks(kb, (hit.ref for hit in hits))
        hits = tuple(_marked(hit, said.get(hit.ref), live.decided) for hit in hits)
        return SearchResult(hits, len(found), counted, note, live.generation)


def pieces(query: str, lexicon: Lexicon) -> list[str]:
    """The folded strings that a query asks for: each quoted phrase, and each word of the rest."""
    found: list[str] = []
    position = 0
    for quoted in _QUOTED.finditer(query):
        found += _loose(query[position : quoted.start()], lexicon)
        found.append("".join(run for run, _ in runs(quoted[0])))
        position = quoted.end()
    found += _loose(query[position:], lexicon)
    return list(dict.fromkeys(filter(None, found)))


def _loose(text: str, lexicon: Lexicon) -> Iterator[str]:
    """Words; single characters in a row (固 | 废) are one string, words of grammar (的, 和) are left out."""
    for run, _ in runs(text):
        words = lexicon.cut(run)
        asked = [word for word in words if word not in GRAMMAR] or words
        for single, group in groupby(asked, lambda word: len(word) == 1 and not word.isascii()):
            together = list(group)
            yield from ["".join(together)] if single else together


def _understood(query: str, lexicon: Lexicon, found: Callable[[Query], bool]) -> tuple[Query | None, list[str], str]:
    """The query as Whoosh's, the strings to mark, and a note: the strictest reading that finds anything."""
    strings = pieces(query, lexicon)
    if not strings:
        return None, [], "查询里没有可以查找的字词" if query.strip() else ""
    named = "、".join(f"“{string}”" for string in strings)
    each = [_anywhere(string, lexicon) for string in strings]
    asked: Query = And(each)
    if found(asked):
        return asked, strings, ""
    if len(strings) > 1 and found(some := Or(each)):
        return some, strings, f"没有任务同时含有{named}，以下各条含有其中一部分"
    characters = list(dict.fromkeys("".join(strings)))
    exact = _QUOTED.search(query) or "".join(strings).isascii()
    if not exact and found(all_of := And([_anywhere(one, lexicon) for one in characters])):
        return all_of, characters, f"没有任务含有{named}，以下各条含有其中的每一个字"
    return asked, strings, f"没有任务含有{named}"


def _anywhere(string: str, lexicon: Lexicon) -> Query:
    chain = edges(string, lexicon)
    return Or([Reads(field, string, chain, boost) for field, boost in READ_FIELDS.items()])


def _responsibility(department: str | None, role: str | None, decided: Decided) -> list[Query]:
    spoken = SPOKEN["role"].get(role.strip(), role.strip()) if role else None
    names = decided.terms(department) if department else ()
    if names and spoken:
        return [_any([Term("answers", name + PAIR + spoken) for name in names])]
    if names:
        return [_any([Term("department", name) for name in names])]
    return [Term("role", spoken)] if spoken else []


def _any(terms: list[Query]) -> Query:
    return terms[0] if len(terms) == 1 else Or(terms)


def _exact(**filters: str | None) -> list[Query]:
    return [Term(field, SPOKEN.get(field, {}).get(value, value)) for field, value in filters.items() if value]


def _year(year: int | str | None) -> list[Query]:
    if year is None or year == "":
        return []
    asked = re.fullmatch(r"(\d{4})?\s*([-–—~至]?)\s*(\d{4})?", str(year).strip().removesuffix("年"))
    if not asked or not (asked[1] or asked[3]) or (asked[3] and not asked[2]):
        from schemas import PolicyError

        raise PolicyError(f"“{year}”不是年份", "写成 2025、2021-2025、2026- 或 -2025")
    first = int(asked[1]) if asked[1] else None
    last = (int(asked[3]) if asked[3] else None) if asked[2] else first
    return [NumericRange("year", first, last)]


def _unknown_department(live: Live, overlay: Overlay, department: str | None) -> str:
    if not department:
        return ""
    if len(live.decided.terms(department)) > 1 or overlay.documents([Term("department", name_term(department))]):
        return ""
    name = name_term(department)
    known = (term.decode() for term in live.searcher.lexicon("owner"))
    near = [owner for owner in known if name in name_term(owner) or name_term(owner) in name][:5]
    return f"知识库里没有部门叫“{department}”" + (f"；相近的有：{'、'.join(near)}" if near else "")


def _ranked(overlay: Overlay, asked: Query | None, found: list[int], limit: int) -> list[tuple[int, float]]:
    """Tasks with their scores, best first; equal scores, and all without a query, in reading order."""
    if asked is None or not found:
        return [(number, 0.0) for number in found]
    return overlay.ranked(asked, found, limit)


def _hit(entry: dict[str, Any], score: float, matching: re.Pattern[str] | None) -> Hit:
    body = entry.pop("body")
    marked: Iterable[Fragment] = ()
    if matching:
        places = (("title", entry["title"] or ""), ("text", body), ("path", " / ".join(entry["path"])))
        marked = [fragment for field, text in places for fragment in fragments(field, text, matching)]
    return Hit(**entry, score=round(score, 4), highlights=tuple(marked))


def _marked(hit: Hit, mark: Mark | None, decided: Decided) -> Hit:
    """The hit with what people decided on it and who they say its departments are."""
    bodies = decided.bodies(hit.departments) if decided.names else hit.departments
    return hit._replace(departments=bodies, **(mark._asdict() if mark else {}))


def _facets(overlay: Overlay, decided: Decided, found: set[int]) -> dict[str, dict[str, int]]:
    return {name: _counted(overlay, decided, name, field, found) for name, field in FACETS.items()}


def _counted(overlay: Overlay, decided: Decided, name: str, field: str, found: set[int]) -> dict[str, int]:
    reader = overlay.reader
    having: dict[str, set[int]] = {}
    for term in reader.field_terms(field):
        holders = found.intersection(reader.postings(field, term).all_ids()) - overlay.hidden
        having.setdefault(decided.owner(term) if name == "department" else str(term), set()).update(holders)
    for number in found & overlay.entries.keys():
        for value in overlay.terms(number, field):
            having.setdefault(decided.owner(value) if name == "department" else value, set()).add(number)
    counts = {
        term: len(holders)
        for term, holders in having.items()
        if holders and (name != "role" or term in EFFECTIVE_ROLES)
        if name != "section" or not _NUMBER.fullmatch(term)
    }
    return dict(sorted(counts.items(), key=lambda count: (-count[1], count[0])))
