"""The annotation layer: one spaCy `Doc` per document, cut once, with a span group for each kind of record."""

from __future__ import annotations

import functools
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from corpus.segmentation import cut
from schemas import Origin, Policy

GROUPS = ("sections", "tasks", "measures", "departments", "targets", "citations", "defects")
"""Names of the span groups (``doc.spans[name]``)."""


@functools.cache
def language() -> Language:
    """The blank Chinese pipeline whose vocabulary the documents share."""
    from spacy.lang.zh import Chinese

    if not Doc.has_extension("policy"):
        Doc.set_extension("policy", default=None)
    return Chinese()


def layered(policy: Policy) -> Doc:
    """The policy's text as words, with its records as spans; a span's ``id_`` is the record's id."""
    nlp = language()
    words = cut(policy.logical_text)
    doc = Doc(nlp.vocab, words=words, spaces=[False] * len(words))
    doc._.policy = policy
    ends = list(accumulate(map(len, words)))
    for name in GROUPS:
        spans = [
            span for origin, label, key in _records(policy, name) if (span := _span(doc, ends, origin, label, key))
        ]
        doc.spans[name] = SpanGroup(doc, name=name, spans=spans)
    return doc


def _span(doc: Doc, ends: list[int], origin: Origin | None, label: str, key: str) -> Span | None:
    """The words that a record covers, whole; ``ends`` are the words' end offsets."""
    if origin is None or origin.end <= origin.start:
        return None
    first, last = bisect_right(ends, origin.start), bisect_left(ends, origin.end)
    return Span(doc, first, last + 1, label=label, span_id=key)


def _records(policy: Policy, group: str) -> Iterator[tuple[Origin | None, str, str]]:
    if group == "sections":
        yield from ((s.origin, "section", s.id) for s in policy.sections)
    elif group == "tasks":
        yield from ((t.origin, t.kind, t.id) for t in policy.tasks)
    elif group == "measures":
        yield from ((m.origin, m.strength, t.id) for t in policy.tasks for m in t.measures)
    elif group == "departments":
        yield from ((d.origin, d.effective_role, d.canonical or "") for t in policy.tasks for d in t.departments)
    elif group == "targets":
        yield from ((t.origin, t.direction, t.id) for t in policy.targets)
    elif group == "citations":
        yield from ((c.origin, c.role, c.doc or "") for c in policy.citations)
    else:
        yield from ((d.origin, d.kind, "") for d in policy.defects)
