"""Whether a knowledge base is whole: the database, the documents it names, the index, and what decisions amount to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from index.deciding import history
from index.deciding.decisions import resolve_all
from index.deciding.tables import over
from index.searching import generations
from index.store import kept, live_generation, reading
from schemas import BrokenKnowledgeBase, Finding

REBUILD = "运行 policytrace build 会重建它"


def damage(kb: Path) -> Iterator[Finding]:
    """What is damaged or missing, each with what to do; nothing in a knowledge base that is whole.

    Raises ``BrokenKnowledgeBase`` where it cannot be opened at all.
    """
    with reading(kb) as raw:
        for (line,) in raw.execute("PRAGMA integrity_check(20)"):
            if line != "ok":
                raise BrokenKnowledgeBase(
                    f"{kb} 的数据库已损坏：{line}", "先用 policytrace decisions --export 取出决定"
                )
        for table, *_ in raw.execute("PRAGMA foreign_key_check"):
            yield _finding("", f"数据库的表 {table} 引用了不存在的条目；{REBUILD}")
        for slug, sha256 in raw.execute("SELECT slug, sha256 FROM documents ORDER BY slug"):
            path = kept(kb, sha256)
            if path is None:
                yield _finding(slug, "documents/ 里没有它的原件；请从备份放回，或再次 policytrace add")
            elif _digest(path) != sha256:
                yield _finding(slug, f"原件 {path} 与入库时不同；请从备份放回")
        if not generations.opens(kb, live_generation(raw)[0]):
            yield _finding("", f"索引缺失或已损坏；{REBUILD}")
        sql = over(raw)
        if history.standings(sql) != resolve_all(history.placed_history(sql)):
            yield _finding("", f"人工决定的汇总与历史不一致；历史完好，{REBUILD}")


def _finding(slug: str, message: str) -> Finding:
    return Finding(kind="damaged", severity="error", doc=slug, message=f"{message}。")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
