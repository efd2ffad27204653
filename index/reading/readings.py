"""What a build has read and not yet stored: a build that is interrupted goes on there when it is run again.

Extraction is the slow part of a batch. Each reading is put aside as soon as it is done, in any order; all of them go
into the knowledge base together at the end, in the order in which the files were given.
"""

from __future__ import annotations

import sqlite3
import zlib

from index import fingerprint
from index.reading.extraction import Extracted, Job


class Readings:
    """Readings by the bytes that were read and by what was given with them, of the program as it is now."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database

    def put(self, job: Job, sha256: str, result: Extracted) -> None:
        """Puts a reading aside, for good once this returns."""
        packed = zlib.compress(result.policy.encode(), 1)
        self.database.execute(
            "INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?, ?, ?)",
            (_key(job, sha256), sha256, fingerprint.extractor(), packed, result.cuts, result.seconds),
        )

    def has(self, job: Job, sha256: str) -> bool:
        """Whether this was read before."""
        return self._row("1", job, sha256) is not None

    def get(self, job: Job, sha256: str) -> Extracted | None:
        """The reading, if there is one."""
        row = self._row("policy, cuts, seconds", job, sha256)
        return Extracted(zlib.decompress(row[0]).decode(), row[1], row[2]) if row else None

    def drop(self, job: Job, sha256: str) -> None:
        """Forgets a reading that turned out to be of other bytes."""
        self.database.execute("DELETE FROM readings WHERE key = ?", (_key(job, sha256),))

    def clear(self) -> None:
        """Forgets the readings that are stored now, and those that an older program made."""
        self.database.execute(
            "DELETE FROM readings WHERE fingerprint <> ? OR sha256 IN (SELECT sha256 FROM documents)"
            " OR sha256 IN (SELECT sha256 FROM copies)",
            (fingerprint.extractor(),),
        )

    def _row(self, columns: str, job: Job, sha256: str) -> tuple[bytes, bytes, float] | None:
        found: tuple[bytes, bytes, float] | None = self.database.execute(
            f"SELECT {columns} FROM readings WHERE key = ? AND fingerprint = ?",
            (_key(job, sha256), fingerprint.extractor()),
        ).fetchone()
        return found


def _key(job: Job, sha256: str) -> str:
    # the ending says what a file is where its content does not; the name is part of the records
    return fingerprint.of(sha256, job.path.name, job.slug or "", job.level or "", job.title or "")
