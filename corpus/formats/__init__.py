"""One module a format: the bytes of a file → `Printed`. Which it is, is told from the content, not from the name."""

from corpus.formats.kinds import SUFFIXES, reader_of

__all__ = ["SUFFIXES", "reader_of"]
