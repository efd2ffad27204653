"""A rule is a row: a pattern, the convention of official writing that it stands for, and the examples that test it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rule:
    """``reads`` maps a text to the fields (named groups) that the rule finds in it; ``skips`` are left alone."""

    name: str
    pattern: re.Pattern[str]
    convention: str
    reads: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    skips: tuple[str, ...] = ()

    def find(self, text: str) -> Iterator[re.Match[str]]:
        """All places in ``text`` that the rule reads."""
        return self.pattern.finditer(text)


def rule(
    name: str,
    pattern: str,
    convention: str,
    reads: Mapping[str, Mapping[str, str | None]] | None = None,
    skips: tuple[str, ...] = (),
) -> Rule:
    """A `Rule` from the source of its pattern."""
    return Rule(name, re.compile(pattern), convention, reads or {}, skips)
