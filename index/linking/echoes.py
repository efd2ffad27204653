"""What of a measure that counts as not taken up is said after all in the tasks that carry out the rest.

A measure is taken up by most of its words (`index.linking.coverage`). What stays below may still be ordered in part
(实施化工高层次人才“港湾计划”, where the lower task makes use of 港湾计划). A person who checks wants to see that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from index.linking.evidence import Region, fragments
from index.linking.texts import body_of
from index.linking.thesaurus import thesaurus
from schemas import Record, Task

FEW = 6
"""A piece of four characters that so few of the tasks have which rarity is counted on (`index.linking.rarity`) is rare;
others (绿色低碳) are everywhere. What begins with a stock word (推动化工) is a manner of speaking."""
_JOINTS = frozenset("的和与及等以为在对并由将")


class Echo(Record):
    """``text``, a rare piece of an upper ``measure``, stands in the lower ``task``."""

    measure: str
    text: str
    task: str


def echoes(measures: Iterable[str], lower: Sequence[Task]) -> tuple[Echo, ...]:
    """Of each measure the longest rare piece that one of the tasks has, where there is one."""
    regions = [(task.id, Region(f"{task.title or ''}\n{body_of(task)}", 0)) for task in lower]
    found = (_longest(measure, regions) for measure in measures)
    return tuple(echo for echo in found if echo is not None)


def _longest(measure: str, regions: Sequence[tuple[str, Region]]) -> Echo | None:
    own = Region(measure, 0)
    pieces = [(piece.text, id) for id, region in regions for piece in fragments(own, region) if _is_rare(piece.text)]
    text, task = max(pieces, key=lambda piece: len(piece[0]), default=("", ""))
    return Echo(measure=measure, text=text, task=task) if text else None


@lru_cache(20_000)
def _is_rare(text: str) -> bool:
    from index.linking.rarity import tasks_with

    stock = thesaurus().stock
    pieces = (text[at : at + 4] for at in range(len(text) - 3))
    return any(
        piece.isalpha() and not _JOINTS & set(piece) and piece[:2] not in stock and tasks_with(piece) <= FEW
        for piece in pieces
    )
