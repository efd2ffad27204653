"""The register as people completed it: entries that they added, and the body that they said a printed name means.

What the shipped register resolves stays so; what it leaves open is resolved by what people decided, or stays open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast, get_args

from corpus.departments import Organisation, Register, register
from schemas import Level, Standing, Subject

NAMING = ("department", "organisation")
"""The kinds of record of which this speaks."""


def register_of(kb: Any) -> Register:
    """The register of a knowledge base: the shipped one, with the entries that people added to it."""
    return register_with(getattr(kb, "standings", {}))


@dataclass(frozen=True)
class Bodies:
    """Which printed names mean one body, in a knowledge base."""

    register: Register = field(default_factory=register)
    named: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, kb: Any) -> Bodies:
        """As people completed the register of a knowledge base."""
        return cls(register_of(kb), identified(getattr(kb, "standings", {})))

    def key(self, name: str) -> str:
        """What tells the body from others: its id in the register, or the name."""
        return self.register.resolve(name) or self.named.get(name) or name


def register_with(standings: Mapping[Subject, Standing]) -> Register:
    """The shipped register with the entries that people added and that stand."""
    return _extended(tuple(_added(standings)))


def _added(standings: Mapping[Subject, Standing]) -> Iterator[Organisation]:
    for subject, one in sorted(standings.items(), key=lambda row: row[0].item):
        if subject.kind == "organisation" and one.state != "rejected":
            made = organisation(subject.item, one.fields)
            if made:
                yield made


def organisation(id: str, fields: Mapping[str, Any]) -> Organisation | None:
    """An entry of the register from the values of its fields, or None where they are none."""
    name, level, aliases = fields.get("name"), fields.get("level"), fields.get("aliases") or ()
    if not (isinstance(name, str) and name.strip() and level in get_args(Level) and not isinstance(aliases, str)):
        return None
    others = tuple(dict.fromkeys(str(one) for one in (id, *aliases) if str(one).strip() and one != name))
    parent = fields.get("parent")
    return Organisation(id, name, cast(Level, level), aliases=others, parent=str(parent) if parent else None)


@lru_cache(maxsize=16)
def _extended(added: tuple[Organisation, ...]) -> Register:
    shipped = register()
    if not added:
        return shipped
    new = [one for one in added if shipped.get(one.id) is None]
    ids = {one.id for one in (*shipped.organisations, *new)}
    whole = (
        one if one.parent in ids else Organisation(one.id, one.name, one.level, aliases=one.aliases) for one in new
    )
    return Register.of((*shipped.organisations, *whole))


def identified(standings: Mapping[Subject, Standing]) -> dict[str, str]:
    """Printed name that the shipped register leaves open → id of the body that people say it means.

    What somebody said of the name itself goes before the names of the entries that were added; of those a name counts
    that exactly one body of the whole register carries.
    """
    naming = {subject: one for subject, one in standings.items() if subject.kind in NAMING}
    return dict(_identified(naming)) if naming else {}


def _identified(naming: Mapping[Subject, Standing]) -> Iterator[tuple[str, str]]:
    known = register_with(naming)
    for body in _added(naming):
        for name in body.names:
            if known.resolve(name) == body.id:
                yield name, body.id
    for subject, one in naming.items():
        if subject.kind == "department":
            canonical = one.fields.get("canonical")
            if isinstance(canonical, str) and one.state != "rejected" and known.get(canonical):
                yield subject.item, canonical
