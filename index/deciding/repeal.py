"""Which document another has put out of force: 《…》同时废止, and what still rests on it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence

from corpus.catalogue import load, title_key
from schemas import Finding, Policy

_REPEALED = re.compile(
    r"((?:《[^《》]+》(?:[（(][^（）()]*[）)])?[、和及，]?)+)(?:自[^。；]{2,20}起)?(?:同时|即行|相应|一并|随之)?(?:予以)?(?:废止|停止执行|停止施行|失效)"
)
_TITLE = re.compile(r"《([^《》]+)》")


def repeals(policies: Sequence[Policy]) -> dict[str, str]:
    """Slug of a document that is out of force → slug of the document that says so, as far as both are held."""
    catalogue = load()
    held = {policy.slug for policy in policies}
    by_title = {title_key(policy.title): policy.slug for policy in policies}
    found: dict[str, str] = {}
    for policy in policies:
        for title in _repealed(policy.logical_text):
            slug = by_title.get(title_key(title)) or catalogue.resolve(title)
            if slug in held and slug != policy.slug:
                found.setdefault(slug, policy.slug)
    return found


def _repealed(text: str) -> Iterator[str]:
    for clause in _REPEALED.finditer(text):
        yield from _TITLE.findall(clause[1])


def keep(database: sqlite3.Connection, policies: Sequence[Policy]) -> None:
    """Stores what `repeals` finds, in the caller's transaction."""
    database.execute("DELETE FROM repealed")
    database.executemany("INSERT INTO repealed VALUES (?, ?)", repeals(policies).items())


def marked(policy: Policy, repealed: Mapping[str, str]) -> Policy:
    """The document, marked if another put it out of force; what the document or a person says of it goes first."""
    by = repealed.get(policy.slug) if policy.superseded_by is None else None
    return policy.model_copy(update={"superseded_by": by, "status": "expired"}) if by else policy


def findings(policies: Sequence[Policy]) -> Iterator[Finding]:
    """Documents out of force, and those that still rest on one."""
    catalogue = load()
    by_slug = {policy.slug: policy for policy in policies}
    by_title = {title_key(policy.title): policy.slug for policy in policies}
    for policy in policies:
        if policy.superseded_by:
            yield Finding(
                kind="superseded",
                severity="info",
                doc=policy.slug,
                message=f"本文件已由 {policy.superseded_by} 废止或取代，请以新文件为准。",
            )
        for title in policy.basis:
            above = by_slug.get(by_title.get(title_key(title)) or catalogue.resolve(title) or "")
            if above and above.superseded_by and above.superseded_by != policy.slug:
                yield Finding(
                    kind="basis_superseded",
                    severity="warning",
                    doc=policy.slug,
                    message=f"所依据的《{title}》已由 {above.superseded_by} 废止或取代，请核对本文件是否需要修订。",
                )
