"""Our mistakes and the user's raise one of these; the document's mistakes are `Defect` records instead."""

from __future__ import annotations


class PolicyError(Exception):
    """The one root: the command line and the pages catch only this. The message is shown to the user, in Chinese."""

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(f"{problem}\n  {hint}" if hint else problem)
        self.problem = problem
        self.hint = hint


class UnreadableSource(PolicyError):
    """A file that cannot be read; ``line`` is 1-based, or None where no line is to blame."""

    def __init__(self, file: str, problem: str, hint: str, line: int | None = None) -> None:
        place = f"{file}:{line}" if line else file
        super().__init__(f"{place}：{problem}", hint)
        self.file = file
        self.line = line


class BadCatalogue(PolicyError):
    """A catalogue or register entry that cannot be used."""


class NotFound(PolicyError):
    """A document, task or department that the knowledge base does not have."""


class BrokenKnowledgeBase(PolicyError):
    """A knowledge base that cannot be opened."""
