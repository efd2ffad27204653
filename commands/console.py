"""What all commands share: exit codes, messages, progress, and the knowledge base that was named."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import threading
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.knowledge_base import KnowledgeBase

DONE, PARTLY, NOTHING = 0, 1, 2
"""Exit codes: done; some files were refused, or something was found; wrong use, or nothing could be done."""

PATIENCE = 2.0
"""Seconds after which a person is told that work goes on."""


def kb_path(given: Namespace) -> Path:
    """The directory of the knowledge base that was named."""
    return Path(getattr(given, "kb", None) or os.environ.get("POLICYTRACE_KB") or "kb")


@contextlib.contextmanager
def opened(given: Namespace) -> Iterator[KnowledgeBase]:
    """The knowledge base that was named, as it is now or as it was at the end of the day that was named."""
    from index.knowledge_base import KnowledgeBase

    with KnowledgeBase.open(kb_path(given), getattr(given, "at", None)) as kb:
        yield kb


def say(text: str) -> None:
    """A message for the person: never on standard output."""
    print(text, file=sys.stderr, flush=True)


def wrong(problem: str, hint: str) -> int:
    """Tells wrong use."""
    say(f"{problem}\n  {hint}")
    return NOTHING


def print_json(value: Any) -> None:
    """Prints one JSON value on standard output."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    print()


def print_lines(lines: Iterable[str]) -> None:
    """Prints lines; what is marked in them is bold on a screen that has not asked for no colours."""
    from index.reports.terminal import shown

    print(shown(lines, sys.stdout.isatty() and "NO_COLOR" not in os.environ))


def columns() -> int:
    """The width of the screen, within reason."""
    from index.reports.terminal import NARROWEST, WIDEST

    return min(max(shutil.get_terminal_size((100, 24)).columns, NARROWEST), WIDEST)


@contextlib.contextmanager
def patience(text: str) -> Iterator[None]:
    """Says `text` to a person who has waited for two seconds."""
    timer = threading.Timer(PATIENCE, say, [text])
    timer.daemon = True
    if sys.stderr.isatty():
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextlib.contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int, str], None]]:
    """A bar on standard error for a build, where that is a screen: rate, time left, and what is being read."""
    from tqdm import tqdm

    with tqdm(disable=None, leave=False, dynamic_ncols=True, bar_format=BAR, unit="份", mininterval=0.2) as bar:

        def tell(stage: str, done: int, total: int, doing: str) -> None:
            if bar.disable:
                return
            if stage != bar.desc:
                bar.set_description_str(stage, refresh=False)
                bar.set_postfix_str("", refresh=False)
                bar.reset(total)
            bar.set_postfix_str(_short(doing), refresh=False)
            bar.total = total
            bar.update(done - bar.n)
            bar.refresh()

        yield tell


BAR = "{desc} {n_fmt}/{total_fmt} |{bar:20}| 已用 {elapsed}，剩余 {remaining}，{rate_noinv_fmt}{postfix}"


def _short(name: str) -> str:
    """A file's name, safe to print, and short enough to stay on the bar's line."""
    from index.reports.terminal import shortened

    return shortened(name, 40)
