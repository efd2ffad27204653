"""Documents in, clean text out: `read(path) -> Source`."""

from corpus.reading import read, read_bytes, read_text
from corpus.source import Source

__all__ = ["Source", "read", "read_bytes", "read_text"]
