"""Which document names which, by its 《…》: resolved through the catalogue and the titles of the documents at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from corpus.catalogue import load, title_key
from schemas import Policy


class Naming(NamedTuple):
    """A document names another one; ``upper`` is the slug of that, None where it is not known."""

    lower: str
    title: str
    role: Literal["basis", "mention"]
    upper: str | None


def resolver(policies: Iterable[Policy]) -> Callable[[str, str | None], str | None]:
    """What finds the slug of a cited document, by its title and the slug that extraction found; None if unknown."""
    catalogue = load()
    by_title = {title_key(policy.title): policy.slug for policy in policies}
    return lambda title, slug: slug or by_title.get(title_key(title)) or catalogue.resolve(title)


def namings(policies: Sequence[Policy]) -> Iterator[Naming]:
    """All namings, of each document what it was made under first."""
    resolve = resolver(policies)
    for policy in policies:
        named: list[tuple[str, Literal["basis", "mention"], str | None]] = [
            (title, "basis", None) for title in policy.basis
        ]
        named += [(citation.title, citation.role, citation.doc) for citation in policy.citations]
        for title, role, slug in sorted(named, key=lambda row: row[1]):
            slug = resolve(title, slug)
            if slug != policy.slug:
                yield Naming(policy.slug, title, role, slug)


def named_by(policies: Sequence[Policy]) -> frozenset[tuple[str, str]]:
    """(lower, upper) of the documents at hand of which the lower one names the upper one."""
    held = {policy.slug for policy in policies}
    return frozenset((one.lower, one.upper) for one in namings(policies) if one.upper in held and one.upper)
