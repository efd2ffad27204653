"""How far the reading of a long file is: its reader tells, whoever waits listens.

A reader that takes seconds for each page calls `step` after each. That is what a person sees meanwhile, and what shows
a watching process that the reader is at work and not stuck.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listener = Callable[[int, int], None]
"""Called with the number of pages that are done, and of all."""

_listener: Listener | None = None


def step(done: int, total: int) -> None:
    """Tells that ``done`` of ``total`` pages are read. Does nothing where nobody listens."""
    if _listener:
        _listener(done, total)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Within it, `listener` is called at each step that a reader in this process tells."""
    global _listener
    before, _listener = _listener, listener
    try:
        yield
    finally:
        _listener = before
