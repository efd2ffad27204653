"""The knowledge base on disk: the documents that were added, and one SQLite file that says everything about them.

``documents/<sha256>/<name>`` is the truth and is never altered. ``records.sqlite`` holds what is known of each document
and, as a cache that can always be built again, what was read from it; it also names the live generation of the Whoosh
index, so records, links and index change in one transaction. Light to import: searching comes this way.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NoReturn

DOCUMENTS, RECORDS, INDEX, LOCK = "documents", "records.sqlite", "index", "build.lock"

MIGRATIONS = (
    """
    CREATE TABLE documents (
        slug TEXT PRIMARY KEY,
        wanted_slug TEXT NOT NULL,      -- before a suffix was needed to tell it from another document
        sha256 TEXT NOT NULL UNIQUE,
        file TEXT NOT NULL,             -- name of the file that was added
        level TEXT,                     -- as given by the user or the catalogue
        title TEXT,                     -- likewise
        form TEXT NOT NULL CHECK (form IN ('full', 'outline')),
        added TEXT NOT NULL             -- UTC, ISO 8601
    );
    CREATE TABLE extractions (
        slug TEXT PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
        fingerprint TEXT NOT NULL,      -- of the sources that read it
        policy TEXT NOT NULL,           -- the Policy as JSON
        cuts BLOB NOT NULL              -- where each word of its logical text ends
    );
    CREATE TABLE links (
        lower_doc TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
        upper_doc TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
        link TEXT NOT NULL              -- the Link as JSON
    );
    CREATE INDEX links_lower ON links (lower_doc);
    CREATE INDEX links_upper ON links (upper_doc);
    CREATE TABLE live (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        generation TEXT NOT NULL,       -- directory below index/
        fingerprint TEXT NOT NULL       -- of all that the generation was made from
    );
    """,
    """
    CREATE TABLE linked (               -- when all pairs of documents were last linked together
        one INTEGER PRIMARY KEY CHECK (one = 1),
        fingerprint TEXT NOT NULL,      -- of the sources that linked them
        documents INTEGER NOT NULL,
        tasks INTEGER NOT NULL
    );
    """,
)
"""Step n takes ``user_version`` n to n + 1. Steps are added, never changed."""


@contextmanager
def reading(kb: Path) -> Iterator[sqlite3.Connection]:
    """A connection that only reads. Raises ``BrokenKnowledgeBase`` where there is nothing to read, or it is damaged."""
    with closing(connect(kb)) as connection, told_if_damaged(kb):
        yield connection


def connect(kb: Path) -> sqlite3.Connection:
    """As `reading`, for the caller to close; may be used from any thread, one at a time."""
    path = kb / RECORDS
    if not path.is_file():
        broken(f"{kb} 里没有知识库", "先运行 policytrace build（用 --kb 或 $POLICYTRACE_KB 指明它在哪里）")
    with told_if_damaged(kb):
        # A directory that cannot be written has no place for SQLite's shared memory; nobody else writes there either.
        frozen = not os.access(kb, os.W_OK) and not path.with_name(RECORDS + "-wal").exists()
        address = f"{path.resolve().as_uri()}?{'immutable=1' if frozen else 'mode=ro'}"
        connection = sqlite3.connect(address, uri=True, timeout=30, check_same_thread=False)
        try:
            _check_version(kb, connection)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def writing(kb: Path) -> Iterator[sqlite3.Connection]:
    """A connection that may write; makes the directory and brings an older file up to date. Call with the lock held."""
    (kb / DOCUMENTS).mkdir(parents=True, exist_ok=True)
    (kb / INDEX).mkdir(exist_ok=True)
    with told_if_damaged(kb), closing(sqlite3.connect(kb / RECORDS, timeout=30, isolation_level=None)) as connection:
        _check_not_newer(kb, connection)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA foreign_keys = ON")
        _migrate(connection)
        yield connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def locked(kb: Path) -> Iterator[None]:
    """Keeps a second build out; the system frees the lock when the process dies, however it dies."""
    from filelock import FileLock, Timeout

    kb.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(kb / LOCK, timeout=0):
            yield
    except Timeout:
        broken(f"{kb} 正由另一个进程构建", "等它结束后再试")


def live_generation(connection: sqlite3.Connection) -> tuple[str, str]:
    """Name and fingerprint of the live index generation; two empty strings before the first build."""
    row = connection.execute("SELECT generation, fingerprint FROM live").fetchone()
    return (row[0], row[1]) if row else ("", "")


def keep(kb: Path, file: Path, sha256: str) -> bool:
    """Copies `file` to ``documents/``; it is there whole or not at all. False where its bytes are not `sha256`."""
    folder = kb / DOCUMENTS / sha256
    if kept(kb, sha256):
        return True
    new = kb / DOCUMENTS / ".new"
    new.unlink(missing_ok=True)
    shutil.copyfile(file, new)
    with new.open("rb+") as copied:
        if hashlib.file_digest(copied, "sha256").hexdigest() != sha256:
            return False
        os.fsync(copied.fileno())
    folder.mkdir(exist_ok=True)
    new.chmod(0o444)
    new.replace(folder / file.name)
    sync(folder)
    sync(folder.parent)
    return True


def kept(kb: Path, sha256: str) -> Path | None:
    """The stored document with this content, under the name it was added by."""
    return next(iter(sorted((kb / DOCUMENTS / sha256).glob("*"))), None)


def sync(directory: Path) -> None:
    """Makes names in a directory durable, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def broken(problem: str, hint: str, cause: BaseException | None = None) -> NoReturn:
    """Raises ``BrokenKnowledgeBase``; the records are imported only now."""
    from schemas import BrokenKnowledgeBase

    raise BrokenKnowledgeBase(problem, hint) from cause


@contextmanager
def told_if_damaged(kb: Path) -> Iterator[None]:
    """SQLite's errors, in words."""
    try:
        yield
    except sqlite3.OperationalError as error:
        broken(f"{kb / RECORDS} 无法使用：{error}", "检查磁盘空间和目录权限；若有别的进程占用，等它结束", error)
    except sqlite3.DatabaseError as error:
        hint = f"documents/ 里的原文完好：把 {RECORDS} 改名，再用 policytrace build 加入 documents/ 重建"
        broken(f"{kb / RECORDS} 已损坏：{error}", hint, error)


def _check_version(kb: Path, connection: sqlite3.Connection) -> None:
    _check_not_newer(kb, connection)
    if _version(connection) < len(MIGRATIONS):
        broken(f"{kb} 的知识库还没有建成，或由较早的版本写成", "运行 policytrace build")


def _check_not_newer(kb: Path, connection: sqlite3.Connection) -> None:
    version = _version(connection)
    if version > len(MIGRATIONS):
        broken(f"{kb} 的知识库由更新的版本写成（格式 {version}，本程序只懂到 {len(MIGRATIONS)}）", "请升级 policytrace")


def _version(connection: sqlite3.Connection) -> int:
    row: tuple[Any, ...] = connection.execute("PRAGMA user_version").fetchone()
    return int(row[0])


def _migrate(connection: sqlite3.Connection) -> None:
    for version in range(_version(connection), len(MIGRATIONS)):
        with transaction(connection):
            for statement in MIGRATIONS[version].split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {version + 1}")
