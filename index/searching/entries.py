"""Policy records → what the index holds of each task. Extraction's cuts are looked up; only a title that does not stand
in the text as it is (one that a reader restored) is cut here."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from corpus.departments import Register, register
from corpus.segmentation import cut as segment
from index.searching.analysis import SEPARATOR, carrier
from index.searching.schema import OPEN, PAIR, name_term
from schemas import LEVELS, Policy, Responsibility, Task


def reading_order(policies: Iterable[Policy]) -> tuple[Policy, ...]:
    """From above by level, then by date, then by slug; a document without a level comes last."""
    rank = {level: number for number, level in enumerate(LEVELS)}
    return tuple(sorted(policies, key=lambda p: (rank.get(p.level, len(rank)), p.date or "9999", p.slug)))  # type: ignore[arg-type]


def entries(policy: Policy, cuts: Sequence[int]) -> Iterator[dict[str, Any]]:
    """One index document per task, in reading order. `cuts` are the ends of the words of the logical text.

    A department that the shipped register leaves open is marked so, for people may say at any time who it is: what
    they say is looked up with each search (`index.searching.overlay`) and not part of `policy`.
    """
    cut = _Cut(policy.logical_text, cuts)
    return (_entry(policy, task, cut) for task in policy.tasks)


def entry(policy: Policy, task: Task, cuts: Sequence[int] | None = None) -> dict[str, Any]:
    """The index document of one task. Without `cuts` its texts are uncut: for a reader that looks for strings."""
    return _entry(policy, task, _Uncut() if cuts is None else _Cut(policy.logical_text, cuts))


def pack(cuts: Iterable[int]) -> bytes:
    """Cuts as they are stored: little-endian 32-bit."""
    return b"".join(cut.to_bytes(4, "little") for cut in cuts)


def unpack(blob: bytes) -> Sequence[int]:
    """The reverse of `pack`."""
    cuts = array("I", blob)
    if array("I", [1]).tobytes()[0] != 1:
        cuts.byteswap()
    return cuts


class _Cut:
    """The words of a document's logical text, and of any string that stands in it."""

    def __init__(self, text: str, ends: Sequence[int]) -> None:
        self.text, self.ends = text, ends

    def words(self, string: str, start: int, end: int) -> list[str]:
        """The words of `string`, which should stand within ``text[start:end]``, or else anywhere in the text."""
        at = self.text.find(string, start, end)
        if at < 0:
            at = self.text.find(string)
        return self._between(at, at + len(string)) if at >= 0 else segment(string)

    def _between(self, start: int, end: int) -> list[str]:
        inner = self.ends[bisect_right(self.ends, start) : bisect_left(self.ends, end)]
        bounds = [start, *inner, end]
        return [self.text[left:right] for left, right in pairwise(bounds)]


class _Uncut(_Cut):
    """Strings as they are."""

    def __init__(self) -> None:
        super().__init__("", ())

    def words(self, string: str, start: int, end: int) -> list[str]:
        return [string]


def _entry(policy: Policy, task: Task, cut: _Cut) -> dict[str, Any]:
    heading = task.heading or task.origin
    everyone = [*task.departments, *(d for measure in task.measures for d in measure.departments)]
    return {
        "ref": f"{policy.slug}#{task.id}",
        "doc": policy.slug,
        "level": policy.level,
        "kind": task.kind,
        "title": carrier(cut.words(task.title or "", heading.start, heading.end)),
        "text": carrier(cut.words(task.text, task.origin.start, task.origin.end)),
        "path": carrier(word for title in task.path for word in [*cut.words(title, 0, task.origin.start), " "]),
        "section": _terms([task.section or "", *(s.title for s in policy.sections if s.id == task.section)]),
        "department": _terms(name for body in everyone for name in _names(body, register())),
        "owner": _terms(_owner(body, register()) for body in everyone),
        "role": _terms(role for body in everyone for role in (body.role, body.effective_role)),
        "answers": _terms(
            name + PAIR + role
            for body in everyone
            for name in _names(body, register())
            for role in (body.role, body.effective_role)
        ),
        "strength": _terms(measure.strength for measure in task.measures),
        "year": sorted(_years(policy, task)),
        "entry": _stored(policy, task),
    }


def _stored(policy: Policy, task: Task) -> dict[str, Any]:
    """What a hit shows, without the records being opened."""
    return {
        "ref": f"{policy.slug}#{task.id}",
        "doc": policy.slug,
        "task": task.id,
        "title": task.title,
        "level": policy.level,
        "departments": tuple(body.model_dump(exclude={"origin"}) for body in task.departments),
        "path": task.path,
        "document": policy.title,
        "text": policy.text,
        "verified": task.verified,
        "starts_with": task.starts_with,
        "body": task.text,
    }


def _names(body: Responsibility, known: Register) -> list[str]:
    if body.canonical is None:
        return [name_term(body.name), OPEN + name_term(body.name)]
    return [name_term(name) for name in (body.name, body.canonical, *known.names(body.canonical))]


def _owner(body: Responsibility, known: Register) -> str:
    return known.name(body.canonical) if body.canonical else body.name


def _years(policy: Policy, task: Task) -> set[int]:
    years = {target.target_year for target in policy.targets if target.task == task.id and target.verified is not False}
    years.add(int(policy.date[:4]) if policy.date else None)
    return {year for year in years if year is not None}


def _terms(values: Iterable[str]) -> str:
    return SEPARATOR.join(dict.fromkeys(filter(None, values)))
