"""The full texts of documents that the catalogue knows, from their official addresses into the knowledge base."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from corpus.catalogue import Known, load
from corpus.fetching import Terms, fetch
from corpus.official import BY_HAND, hosts, objection
from corpus.outlines import read_outline
from index.build import build
from index.build_report import BuildReport
from index.knowledge_base import near
from index.reading.extraction import read_guarded
from index.reading.inputs import BuildInput
from index.store import RECORDS, live_generation, reading
from schemas import NotFound, Policy, PolicyError

FOLDER = "fetched"
PAUSE = 2.0
"""Seconds between two requests to one host."""


@dataclass(frozen=True)
class FetchRow:
    """What became of one document; ``problem`` and ``hint`` where it was not got."""

    slug: str
    title: str
    url: str
    state: Literal["取得", "已有", "未取得"]
    size: int = 0
    problem: str = ""
    hint: str = ""


@dataclass(frozen=True)
class FetchReport:
    """One row per document; ``build`` tells what was added, None if nothing was."""

    rows: tuple[FetchRow, ...]
    build: BuildReport | None


Progress = Callable[[str, int, int, str], None]


def addressed(slugs: Sequence[str] = ()) -> tuple[Known, ...]:
    """The documents with an official address, or of those the ones that are named.

    Raises ``NotFound`` where the catalogue has no such document, ``PolicyError`` where it knows no address.
    """
    known = {one.slug: one for one in load().known}
    for slug in slugs:
        if slug not in known:
            raise NotFound(f"目录里没有文件 {slug}", near(slug, [one.slug for one in addressed()]))
        if not known[slug].source_url:
            hint = "请从发文机关的网站下载全文，再用 policytrace add 加入；标题相同，会自动取代提纲。"
            raise PolicyError(f"目录里没有《{known[slug].title}》的官方网址", hint)
    return tuple(one for one in known.values() if one.source_url and (not slugs or one.slug in slugs))


def fetch_texts(
    kb: Path,
    slugs: Sequence[str] = (),
    *,
    terms: Terms | None = None,
    progress: Progress = lambda *_: None,
    pause: float = PAUSE,
) -> FetchReport:
    """Fetches what is missing, one after the other, checks each and adds what is right to the knowledge base in `kb`.

    A document whose full text is held is passed over. What was fetched is kept until it is in the knowledge base.
    """
    wanted = addressed(slugs)
    terms = terms or Terms(hosts(load().known))
    held = _full(kb)
    outlines = {one.slug: one for one in map(read_outline, load().outlines)}
    rows: list[FetchRow] = []
    got: list[BuildInput] = []
    asked: set[str | None] = set()
    for number, known in enumerate(wanted):
        row = FetchRow(known.slug, known.title, known.source_url or "", "已有")
        if known.slug not in held:
            host = urlsplit(row.url).hostname
            if host in asked:
                time.sleep(pause)
            asked.add(host)

            def tell(came: int, whole: int | None, name: str = known.slug, done: int = number) -> None:
                of = f"/{whole // 1024}" if whole else ""
                progress("下载", done, len(wanted), f"{name} {came // 1024}{of} KB")

            row = _one(kb, row, known, outlines.get(known.slug), terms, tell, got)
        rows.append(row)
        progress("下载", number + 1, len(wanted), known.slug)
    return FetchReport(tuple(rows), _added(kb, got, progress))


def _one(
    kb: Path,
    row: FetchRow,
    known: Known,
    outline: Policy | None,
    terms: Terms,
    tell: Callable[[int, int | None], None],
    got: list[BuildInput],
) -> FetchRow:
    """Fetches and checks one document; the file goes to `got` if it is the right one, else it is removed."""
    stem = kb / FOLDER / known.slug
    try:
        path = next((p for p in sorted(stem.parent.glob(f"{known.slug}.*")) if ".part" not in p.suffixes), None)
        path = path or fetch(row.url, stem, terms, tell).path
        problem, hint = "", BY_HAND.format(url=row.url)
        try:
            problem = objection(read_guarded(path, known.level), known, outline) or ""
        except PolicyError as error:
            problem, hint = f"取到的网页读不出来：{error.problem}", error.hint
        if not problem:
            got.append(BuildInput(path, known.slug, known.level, known.title))
            return FetchRow(row.slug, row.title, row.url, "取得", path.stat().st_size)
        path.unlink(missing_ok=True)
    except PolicyError as error:
        problem, hint = error.problem, error.hint
    except OSError as error:
        problem, hint = f"不能写入 {stem.parent}：{error.strerror or error}", "请检查磁盘空间和目录权限。"
    return FetchRow(row.slug, row.title, row.url, "未取得", 0, problem, hint)


def _added(kb: Path, got: Sequence[BuildInput], progress: Progress) -> BuildReport | None:
    if not got:
        return None
    report = build(kb, got, progress=progress)
    failed = {row.file for row in report.failed}
    for given in got:
        if str(given.path) not in failed:
            given.path.unlink(missing_ok=True)
    return report


def _full(kb: Path) -> set[str]:
    """The documents that are held as full texts."""
    if not (kb / RECORDS).exists():
        return set()
    with reading(kb) as database:
        if not live_generation(database)[0]:
            return set()
        return {slug for (slug,) in database.execute("SELECT slug FROM documents WHERE form = 'full'")}
