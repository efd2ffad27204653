"""Clean text in, records out: `extract(source) -> Policy`. Pure: no file, network or page in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from corpus.source import Source
from extract import records
from schemas import Level, Policy

if TYPE_CHECKING:
    from spacy.tokens import Doc


class Extraction(NamedTuple):
    """A `Policy` and ``cuts``: the end offset of every word of its logical text. What is cut here, the index stores."""

    policy: Policy
    cuts: tuple[int, ...]


def extract(source: Source, *, slug: str | None = None, level: Level | None = None, title: str | None = None) -> Policy:
    """Read a document's text into records.

    The steps, in order: front matter (title, 文号, 发文机关, date), outline (numbering → tree), tasks and who answers
    for them, measures, targets, tables, phases, citations, defects. Never raises, whatever the text.

    Args:
        source: the clean text, as `corpus.read` gives it.
        slug, level, title: known from elsewhere (the catalogue, the user); what is None is read from the text.
    """
    return records.policy(records.Draft(source, level), slug, title)


def process(
    source: Source, *, slug: str | None = None, level: Level | None = None, title: str | None = None
) -> Extraction:
    """`extract`, and the words that the text was cut into."""
    doc = annotate(source, slug=slug, level=level, title=title)
    cuts = doc.to_array(["IDX", "LENGTH"]).sum(axis=1).tolist()
    return Extraction(doc._.policy, tuple(cuts))


def annotate(source: Source, *, slug: str | None = None, level: Level | None = None, title: str | None = None) -> Doc:
    """The document as a spaCy `Doc`: its words, and every record as a span in the group of its kind.

    ``doc.text`` is the logical text; ``doc._.policy`` the `Policy`.
    """
    from extract.layers import layered

    return layered(extract(source, slug=slug, level=level, title=title))


__all__ = ["Extraction", "annotate", "extract", "process"]
