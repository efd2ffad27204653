"""The knowledge base on disk: the documents that were added, and one SQLite file that says everything about them.

``documents/<sha256>/<name>`` is the truth and is never altered. ``records.sqlite`` holds what is known of each document
and, as a cache that can always be built again, what was read from it; it also names the live generation of the Whoosh
index, so records, links and index change in one transaction. Light to import: searching comes this way.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NoReturn

from index.migrations import MIGRATIONS

DOCUMENTS, RECORDS, INDEX, LOCK = "documents", "records.sqlite", "index", "build.lock"
PATIENCE = 300
"""Seconds for which one who writes waits for others who write."""
TURN = 0.01
"""Seconds in which others who wait to write can begin."""
_WROTE = threading.local()


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
        connection = sqlite3.connect(address(kb), uri=True, timeout=30, check_same_thread=False)
        try:
            _check_version(kb, connection)
        except BaseException:
            connection.close()
            raise
    return connection


def address(kb: Path) -> str:
    """SQLite's address of the records, for reading."""
    path = kb / RECORDS
    # A directory that cannot be written has no place for SQLite's shared memory; nobody else writes there either.
    frozen = not os.access(kb, os.W_OK) and not path.with_name(RECORDS + "-wal").exists()
    return f"{path.resolve().as_uri()}?{'immutable=1' if frozen else 'mode=ro'}"


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
def deciding(kb: Path) -> Iterator[sqlite3.Connection]:
    """A connection that writes decisions to a knowledge base that is there; needs no lock, waits for other writers.

    Raises ``BrokenKnowledgeBase``: none there, of another version, damaged, read-only, disk full.
    """
    connect(kb).close()
    place = f"{(kb / RECORDS).resolve().as_uri()}?mode=rw"
    with (
        told_if_damaged(kb),
        closing(sqlite3.connect(place, uri=True, timeout=30, isolation_level=None)) as connection,
    ):
        connection.execute("PRAGMA synchronous = FULL")  # what was acknowledged outlives a power cut
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing. Begins when no other writes."""
    _begin(connection)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # where the disk is full, SQLite has rolled back itself
            connection.execute("ROLLBACK")
        raise
    finally:
        _WROTE.at = time.monotonic()


def _begin(connection: sqlite3.Connection) -> None:
    """Each has a turn: who waits asks every few milliseconds, and who has just written waits first. (SQLite's own waiting
    asks ever more seldom, so that one who writes again and again leaves others waiting for minutes.)"""
    since = time.monotonic() - getattr(_WROTE, "at", 0.0)
    if since < 2 * TURN:
        time.sleep(TURN)
    (usual,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute("PRAGMA busy_timeout = 0")
    latest = time.monotonic() + PATIENCE
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > latest:
                    raise
            time.sleep(random.uniform(TURN / 8, TURN * 0.8))
    finally:
        connection.execute(f"PRAGMA busy_timeout = {usual}")


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


def revision(connection: sqlite3.Connection) -> int:
    """Grows with every decision."""
    return int(connection.execute("SELECT ifnull(max(seq), 0) FROM decisions").fetchone()[0])


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
    """SQLite's errors, in words; also those that SQLAlchemy wraps."""
    try:
        yield
    except Exception as error:
        cause = getattr(error, "orig", error)
        if not isinstance(cause, sqlite3.DatabaseError):
            raise
        name = getattr(cause, "sqlite_errorname", "")
        if isinstance(cause, sqlite3.OperationalError) and not name.startswith("SQLITE_CORRUPT"):
            what = next((words for start, words in TROUBLES.items() if name.startswith(start)), str(cause))
            broken(f"{kb / RECORDS} 无法使用：{what}", "已经入库的内容和决定没有改动；排除后再运行同一条命令", error)
        hint = (
            f"documents/ 里的原文完好。先用 policytrace decisions --export 文件 取出能读到的人工决定，"
            f"再把 {RECORDS} 改名，用 policytrace build 加入 documents/ 重建，用 policytrace decisions --import 文件 放回决定"
        )
        broken(f"{kb / RECORDS} 已损坏：{cause}", hint, error)


TROUBLES = {
    "SQLITE_FULL": "磁盘已满，请腾出空间",
    "SQLITE_READONLY": "目录或文件是只读的，请检查权限",
    "SQLITE_CANTOPEN": "打不开文件，请检查目录权限",
    "SQLITE_PERM": "没有权限",
    "SQLITE_BUSY": "别的进程正在写入，请等它结束",
    "SQLITE_LOCKED": "别的进程正在写入，请等它结束",
    "SQLITE_IOERR": "磁盘读写出错，请检查磁盘及其空间",
}
"""SQLite's error names, in words."""


def _check_version(kb: Path, connection: sqlite3.Connection) -> None:
    _check_not_newer(kb, connection)
    if _version(connection) < len(MIGRATIONS):
        broken(f"{kb} 的知识库还没有建成，或由较早的版本写成", "运行 policytrace build")


def is_older(kb: Path) -> bool:
    """Whether an earlier version of the program wrote it: to be brought up to date by a build."""
    if not (kb / RECORDS).is_file():
        return False
    with told_if_damaged(kb), closing(sqlite3.connect(address(kb), uri=True, timeout=30)) as connection:
        return 0 < _version(connection) < len(MIGRATIONS)


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
            for statement in _statements(MIGRATIONS[version]):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {version + 1}")


def _statements(script: str) -> Iterator[str]:
    """The statements of a script; those of a trigger hold semicolons of their own."""
    held = ""
    for piece in script.split(";"):
        held += piece + ";"
        if sqlite3.complete_statement(held):
            yield held
            held = ""
