"""Chinese words: jieba in exact mode with the words of the field and the names of the register.

Every text is cut here and nowhere else: what extraction has cut is what the index stores.
"""

from __future__ import annotations

import functools
import gc
import hashlib
import logging
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

_WORDS = Path(__file__).parent / "words.txt"
_REGISTER = Path(__file__).parent / "departments.toml"
_FREQUENCY = 20_000
"""Weight of our words: above that of any two common words that jieba would rather cut them into."""


_PIECE = re.compile(
    r"(?P<han>[\u3400-\u9fff\uf900-\ufaff]+)|[A-Za-z]+(?:[A-Za-z0-9]|[.\-](?=[A-Za-z0-9]))*|[0-9]+(?:[.][0-9]+)?[A-Za-z]?(?![A-Za-z])|\s+|.",
    re.DOTALL,
)


def cut(text: str) -> list[str]:
    """The words of ``text``, in order; together they are the text.

    Numbers, Latin words, blanks and each mark of punctuation stand alone (``14%`` is two words), so that a record
    that begins or ends at one of them begins or ends with a word; jieba cuts the runs of Han characters.
    """
    words: list[str] = []
    for piece in _PIECE.finditer(text):
        if piece.lastgroup == "han" and piece.end() - piece.start() > 1:
            words += han_words(piece.group())
        else:
            words.append(piece.group())
    return words


@functools.lru_cache(maxsize=8192)
def han_words(run: str) -> tuple[str, ...]:
    """The words of a run of Han characters; official texts repeat many (names of offices, 按职责分工负责)."""
    return tuple(tokenizer().lcut(run))


@functools.cache
def tokenizer() -> Any:
    """The one ``jieba.Tokenizer``, loaded at first use (about half a second)."""
    jieba = _import_jieba()
    made = jieba.Tokenizer()
    made.tmp_dir = str(_cache_dir())
    made.initialize()
    for word in user_words():
        made.add_word(word, max(_FREQUENCY, made.FREQ.get(word, 0)))
    gc.freeze()  # the dictionary lives as long as the process; the collector need not visit it again and again
    return made


@functools.cache
def user_words() -> tuple[str, ...]:
    """Words of the field (``words.txt``) and every name of the department register."""
    from corpus.departments import register

    listed = (line.split("#")[0].strip() for line in _WORDS.read_text("utf-8").splitlines())
    names = (name for name in register().all_names() if len(name) >= 3)
    return tuple(sorted({word for word in (*listed, *names) if word}))


@functools.cache
def fingerprint() -> str:
    """Changes whenever a text could be cut differently."""
    return hashlib.sha256("\n".join(user_words()).encode()).hexdigest()[:16]


def _import_jieba() -> Any:
    """Import jieba without ``pkg_resources``, which it looks for, which is deprecated, and which it does not need."""
    absent = "pkg_resources" not in sys.modules
    if absent:
        sys.modules["pkg_resources"] = None  # type: ignore[assignment]
    try:
        import jieba
    finally:
        if absent:
            del sys.modules["pkg_resources"]
    jieba.setLogLevel(logging.ERROR)
    return jieba


def _cache_dir() -> Path:
    """A folder of the user's own for jieba's dictionary cache: it is loaded with ``marshal``, so nobody else may write it."""
    base = os.environ.get("XDG_CACHE_HOME") or (os.environ.get("LOCALAPPDATA") if os.name == "nt" else None)
    folder = (Path(base) if base else Path.home() / ".cache") / "policytrace"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=folder):
            pass
    except OSError:
        return Path(tempfile.mkdtemp(prefix="policytrace-"))
    return folder
