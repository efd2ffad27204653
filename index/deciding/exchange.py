"""All decisions as one file of JSON Lines: for backup, for moving between machines, for audit."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from index.deciding.history import restore
from index.store import RECORDS, address, broken
from schemas import Decision, PolicyError

SMALLEST = 300
"""Bytes that a stored decision takes at least."""


class Exported(NamedTuple):
    """How many decisions were written, and whether a damaged place kept others from being read."""

    written: int
    damaged: bool


def export(kb: Path, path: Path) -> Exported:
    """Writes all decisions, in their order; the file is there whole or not at all. A damaged database gives what can
    still be read.

    Raises:
        BrokenKnowledgeBase: there is no knowledge base, or no history can be read from it.
        PolicyError: the file cannot be written.
    """
    lines, damaged = _lines(kb)
    new = path.with_name(f".{path.name}.new")
    try:
        with new.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise PolicyError(f"不能写入 {path}：{error.strerror or error}", "请检查文件夹、权限和磁盘空间。") from error
    return Exported(len(lines), damaged)


def _lines(kb: Path) -> tuple[list[str], bool]:
    if not (kb / RECORDS).is_file():
        broken(f"{kb} 里没有知识库", "用 --kb 或 $POLICYTRACE_KB 指明它在哪里")
    try:
        with closing(sqlite3.connect(address(kb), uri=True, timeout=30)) as connection:
            try:
                rows = connection.execute("SELECT decision FROM decisions ORDER BY at, id").fetchall()
                return [row[0] for row in rows], False
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                return sorted(_salvaged(connection, (kb / RECORDS).stat().st_size), key=_order), True
    except sqlite3.DatabaseError as error:
        broken(f"{kb / RECORDS} 里的决定读不出来：{error}", "请用备份：policytrace decisions --import 备份文件", error)


def _salvaged(connection: sqlite3.Connection, size: int) -> Iterator[str]:
    """Row by row, passing over the pages that cannot be read; no file holds more rows than its size allows."""
    for seq in range(1, size // SMALLEST + 2):
        try:
            row = connection.execute("SELECT decision FROM decisions WHERE seq = ?", (seq,)).fetchone()
        except sqlite3.DatabaseError:
            continue
        if row:
            yield row[0]


def _order(line: str) -> tuple[str, str]:
    try:
        one = Decision.model_validate_json(line)
    except ValidationError:
        return "", ""
    return one.at, one.id


def read(path: Path) -> list[Decision]:
    """The decisions of a file. Raises ``PolicyError``, with the line, where it is none."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"不能读取 {path}：{error}", "请给出 policytrace decisions --export 写出的文件。") from error
    return [_decision(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _decision(path: Path, number: int, line: str) -> Decision:
    try:
        return Decision.model_validate_json(line)
    except ValidationError as error:
        hint = "这一行不是决定，或由更新的版本写成；没有导入任何一条。"
        raise PolicyError(f"{path}:{number}：{error.errors(include_url=False)[0]['msg']}", hint) from error


def import_file(kb: Path, path: Path) -> tuple[int, int]:
    """Stores the decisions of a file, all or none. Gives how many there are and how many of them are new.

    Raises:
        PolicyError: the file is none of decisions, or one undoes what is not known.
        BrokenKnowledgeBase: nothing can be written.
    """
    found = read(path)
    return len(found), restore(kb, found)
