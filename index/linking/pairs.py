"""Two documents that somebody names: their links whatever stands above what, and what has to be known of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from index.deciding.judged import judged
from index.linking.linker import link_pair, stands_above
from index.linking.places import apart, place_of
from schemas import Link, Policy


def links_of(kb: Any, lower: str, upper: str) -> Iterator[Link]:
    """The links of one document to another as they are held. Where the upper one does not stand above the lower, none
    are computed ahead: then they are computed now, with what people said of them.

    Raises:
        NotFound: a document is not in the knowledge base.
    """
    below, above = kb.policy(lower), kb.policy(upper)
    if stands_above(above, below):
        yield from kb.links(lower=lower, upper=upper)
    elif lower != upper:
        found = judged(link_pair(below, above), getattr(kb, "standings", {}))
        yield from (one for one in found if (one.lower.doc, one.upper.doc) == (lower, upper))


def apart_note(lower: Policy, upper: Policy) -> str:
    """That two documents are of different places and therefore not linked; empty where nothing says so."""
    differ = apart(place_of(upper), place_of(lower))
    if differ is None:
        return ""
    return f"两份文件不属同一地方（{differ[0]}、{differ[1]}），不自动关联；以下为按要求所作的对照，不表示落实关系。"
