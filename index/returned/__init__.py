"""A 任务分工表 that people filled in and that comes back: what is different from the knowledge base, row by row."""

from index.returned.comparing import Change, Refusal, Returned, compare, wishes
from index.returned.reading import FileRow, read

__all__ = ["Change", "FileRow", "Refusal", "Returned", "compare", "read", "wishes"]
