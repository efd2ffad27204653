"""Two documents that somebody names: their links whatever stands above what, and what has to be known of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from index.deciding.judged import judged
from index.linking.linker import FEW, link_pair, stands_above
from index.linking.places import apart, place_of
from schemas import Link, Policy


def links_of(kb: Any, lower: str, upper: str) -> Iterator[Link]:
    """The links of one document to another as they are held, with what people said of them.

    Where the upper one does not stand above the lower, none are computed ahead; and among many documents only the
    nearest of each task are (`index.linking.candidates`), which may all lie in others. Then those of the pair by itself
    are computed now and fill up what is held.

    Raises:
        NotFound: a document is not in the knowledge base.
    """
    below, above = kb.policy(lower), kb.policy(upper)
    held = tuple(kb.links(lower=lower, upper=upper)) if stands_above(above, below) else ()
    yield from held
    if lower == upper or (stands_above(above, below) and len(kb.slugs()) <= FEW):
        return
    known = {(one.lower, one.upper) for one in held}
    found = judged(link_pair(below, above), getattr(kb, "standings", {}))
    yield from (
        one for one in found if (one.lower.doc, one.upper.doc) == (lower, upper) and (one.lower, one.upper) not in known
    )


def apart_note(lower: Policy, upper: Policy) -> str:
    """That two documents are of different places and therefore not linked; empty where nothing says so."""
    differ = apart(place_of(upper), place_of(lower))
    if differ is None:
        return ""
    return f"两份文件不属同一地方（{differ[0]}、{differ[1]}），不自动关联；以下为按要求所作的对照，不表示落实关系。"
