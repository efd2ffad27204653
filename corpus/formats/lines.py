"""Printed lines while they are put together: the text so far, and notes at their places in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from corpus.printed import Note, Printed

_NOTE = re.compile(r"(?:注|备注|说明|填报|联系人|制表)[：:\s]|[*＊]")
_BREAKS = re.compile(r"[\r\n\f\x85\u2028\u2029\t ]+")


class Lines:
    """Lines of a document in reading order. A line may hold ``\\v``: a line break inside a paragraph.

    ``start`` is the offset of the first line, where these lines are part of others.
    """

    def __init__(self, start: int = 0) -> None:
        self._lines: list[str] = []
        self._notes: list[Note] = []
        self._length = start

    @property
    def here(self) -> int:
        """The offset at which the next line will begin."""
        return self._length

    @property
    def text(self) -> str:
        """The lines so far."""
        return "\n".join(self._lines)

    def add(self, line: str) -> None:
        """A paragraph; tabs in it, which are no cells, become blanks."""
        self._put(line.replace("\t", "    "))

    def row(self, cells: Sequence[str]) -> None:
        """A row of a table; line breaks in a cell become blanks. A row of one cell is a paragraph."""
        self._put("\t".join(_BREAKS.sub(" ", cell.replace("\v", " ")).strip() for cell in cells))

    def note(self, note: str, printed: str = "", at: int | None = None, kind: str = "other") -> None:
        """Tell of a repair or loss at this offset, or at the next line."""
        self._notes.append(Note(kind, note, printed, self._length if at is None else at))

    def take(self, other: Printed) -> None:
        """The lines and notes of another document that is part of this one."""
        self._notes += [Note(n.kind, n.note, n.printed, n.at + self._length) for n in other.notes]
        self._put(other.text)

    def printed(self, format_: str) -> Printed:
        """What was put together."""
        text = self.text
        last = max(0, len(text) - 1)
        notes = tuple(Note(n.kind, n.note, n.printed, min(n.at, last)) for n in self._notes)
        return Printed(text, format_, notes=notes, paragraphs=True)

    def _put(self, line: str) -> None:
        self._lines.append(line)
        self._length += len(line) + 1


def table(lines: Lines, rows: Iterable[Sequence[str]]) -> None:
    """A table as rows. What only frames text (one column) is paragraphs, and so are its title and the notes below it."""
    kept = [list(row) for row in rows if any(cell.strip() for cell in row)]
    framed = all(len(row) == 1 for row in kept)
    first = next((k for k, row in enumerate(kept) if _filled(row) > 1), len(kept))
    for k, row in enumerate(kept):
        alone = _filled(row) == 1 and (k < first or bool(_NOTE.match("".join(row).strip())))
        if framed or alone:
            for paragraph in next(cell for cell in row if cell.strip()).split("\n"):
                _line(lines, paragraph)
        else:
            lines.row(row)


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _line(lines: Lines, paragraph: str) -> None:
    """A line of a frame: a paragraph, or a row of a table inside it."""
    if "\t" in paragraph:
        lines.row(paragraph.split("\t"))
    else:
        lines.add(paragraph)
