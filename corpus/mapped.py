"""Text that remembers where each of its characters stood in the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mapped:
    """``text`` and, for each of its characters, ``at``: the offset in the file's decoded text.

    Every operation keeps ``len(text) == len(at)``. Inserted characters stand where the replaced ones began.
    """

    text: str
    at: Sequence[int]

    @classmethod
    def whole(cls, text: str, start: int = 0) -> Mapped:
        """A piece of the file that begins at offset ``start``."""
        return cls(text, range(start, start + len(text)))

    def __len__(self) -> int:
        return len(self.text)

    def slice(self, start: int, end: int) -> Mapped:
        """The characters from ``start`` up to ``end``."""
        return Mapped(self.text[start:end], self.at[start:end])

    def strip(self) -> Mapped:
        """Without blanks at both ends."""
        body = self.text.strip()
        start = self.text.find(body) if body else 0
        return self.slice(start, start + len(body))

    def sub(self, pattern: re.Pattern[str], replacement: str | Callable[[re.Match[str]], str]) -> Mapped:
        """Like ``re.sub``; an equally long replacement keeps each character's place."""
        if not pattern.search(self.text):
            return self
        pieces: list[str] = []
        at: list[int] = []
        last = 0
        for match in pattern.finditer(self.text):
            new = replacement(match) if callable(replacement) else replacement
            pieces += (self.text[last : match.start()], new)
            at += self.at[last : match.start()]
            old = self.at[match.start() : match.end()]
            at += old if len(new) == len(old) else [old[0] if old else self.place(match.start())] * len(new)
            last = match.end()
        pieces.append(self.text[last:])
        at += self.at[last:]
        return Mapped("".join(pieces), at)

    def translate(self, table: dict[int, str]) -> Mapped:
        """Replace characters one for one (``table`` maps a code point to one character)."""
        return Mapped(self.text.translate(table), self.at)

    def take(self, order: Sequence[int]) -> Mapped:
        """The characters at these indices, in this order."""
        return Mapped("".join(self.text[i] for i in order), [self.at[i] for i in order])

    def place(self, index: int) -> int:
        """Offset in the file of the character at ``index``; of the last one where ``index`` is past the end."""
        return self.at[min(index, len(self.at) - 1)] if len(self.at) else 0


def join(parts: Iterable[Mapped]) -> Mapped:
    """The parts, one after the other."""
    text: list[str] = []
    at: list[int] = []
    for part in parts:
        text.append(part.text)
        at.extend(part.at)
    return Mapped("".join(text), at)
