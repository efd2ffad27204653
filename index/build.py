"""Documents → a knowledge base, as little as is needed.

What is unchanged is not read again, nor what an interrupted build has read (`index.reading.readings`). Everything that changes (documents, records, links, the name of the live index
generation) changes in one transaction at the end: a build that dies before it leaves nothing but a stale directory.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from index import fingerprint, removal
from index.build_report import BuildReport, BuildRow, Progress, row_of
from index.deciding import history, repeal, versions
from index.deciding.carrying import CarryReport, Reading, carry_all, places, standings_at
from index.deciding.decisions import Overlay, stamps
from index.deciding.organisations import NAMING
from index.deciding.tables import over
from index.holdings import Held, Holdings, file_digest
from index.knowledge_base import near
from index.linking.linker import FEW
from index.reading.copies import Copies
from index.reading.extraction import Extracted, Job, Reached, Refused, read_all
from index.reading.inputs import BuildInput, gather, is_outline, printable
from index.reading.readings import Readings
from index.searching import generations
from index.searching.entries import entries, reading_order, unpack
from index.searching.reindexing import LINKED, after_build
from index.store import broken, connect, kept, live_generation, locked, transaction, writing
from schemas import Link, NotFound, Policy, PolicyError

GROWTH = 0.25
"""Growth of the number of tasks, since all were linked together, after which all are linked anew."""
__all__ = ["BuildInput", "BuildReport", "BuildRow", "build", "remove"]


def build(
    kb: Path,
    files: Sequence[BuildInput] | None = None,
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Brings the knowledge base in `kb` up to date with `files` (None: the bundled corpus).

    Documents that it already has stay in it; they are read again only if the program reads them differently now.
    Raises ``BrokenKnowledgeBase`` if another build is running or nothing can be written there, ``BadCatalogue``
    if the bundled catalogue cannot be used. A file that cannot be read is a row of the report.
    """
    try:
        with locked(kb), writing(kb) as database:
            return _Build(kb, Holdings(kb, database), jobs, progress or (lambda *_: None)).run(files)
    except OSError as error:
        broken(f"写入 {kb} 失败：{error}", "检查磁盘空间和目录权限；原来的知识库没有改动", error)


def remove(
    kb: Path,
    slugs: Sequence[str],
    *,
    who: str,
    why: str = "",
    jobs: int | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Takes documents out of the knowledge base; see `index.removal`. All at once, or nothing changes.

    Raises ``BrokenKnowledgeBase`` as `build`, ``NotFound`` if one is not held, ``PolicyError`` if no name is given.
    """
    if not who.strip():
        raise PolicyError("没有写明是谁", "用 --who 姓名 或环境变量 POLICYTRACE_WHO 写明。")
    connect(kb).close()
    try:
        with locked(kb), writing(kb) as database:
            made = _Build(kb, Holdings(kb, database), jobs, progress or (lambda *_: None))
            return made.without(slugs, who.strip(), why.strip())
    except OSError as error:
        broken(f"写入 {kb} 失败：{error}", "检查磁盘空间和目录权限；原来的知识库没有改动", error)


class _ToRead(NamedTuple):
    """A file that has to be read. ``sha256`` is empty where even that failed: the reader says what is wrong."""

    order: int
    job: Job
    sha256: str


class _Build:
    def __init__(self, kb: Path, holdings: Holdings, jobs: int | None, progress: Progress) -> None:
        self.kb, self.holdings, self.jobs, self.progress = kb, holdings, jobs, progress
        self.sql = over(holdings.database)
        self.rows: dict[int, BuildRow] = {}
        self.given: dict[str, int] = {}
        self.twins: dict[int, tuple[str, str]] = {}
        self.carried: CarryReport | None = None
        self.removed = removal.removed(self.sql)
        self.removed_by = ("", "")
        self.readings, self.copies = Readings(holdings.database), Copies(holdings.database, holdings)

    def without(self, slugs: Sequence[str], who: str, why: str) -> BuildReport:
        """The knowledge base without some documents."""
        self.removed_by = (who, why)
        for order, slug in enumerate(dict.fromkeys(slugs), -len(slugs)):
            if slug not in self.holdings.slugs():
                raise NotFound(f"没有文件 {slug}", near(slug, self.holdings.slugs()))
            held = self.holdings[slug]
            known = bool(held.policy_json) and held.is_current
            row = row_of(held.file, "移除", held.policy) if known else BuildRow(held.file, "移除", slug)
            self.rows[order] = replace(row, title=row.title or held.title or held.read_title)
            self.holdings.take_out(slug)
        return self.run(())

    def run(self, files: Sequence[BuildInput] | None) -> BuildReport:
        started = time.perf_counter()
        inputs, refused, passed_over = gather(self.kb, files)
        self.replaced = {given.slug for given in files or () if given.slug}
        for order, error in enumerate(refused, -len(refused)):
            self.rows[order] = BuildRow(error.file, "失败", problem=error.problem, hint=error.hint)
        self._read([*self._wanted(inputs, files is None), *self._stale(len(inputs))])
        generation, tasks, links = self._store()
        self.readings.clear()
        self.rows |= {order: self._twin(*twin) for order, twin in self.twins.items()}
        rows = tuple(row for _, row in sorted(self.rows.items()))
        seconds = time.perf_counter() - started
        size = len(self.holdings)
        return BuildReport(rows, generation, size, tasks, links, seconds, self.carried, tuple(passed_over))

    def _wanted(self, inputs: Sequence[BuildInput], bundled: bool) -> Iterator[_ToRead]:
        """The inputs that have to be read; the others get their row here."""
        for order, given in enumerate(inputs):
            try:
                sha256 = file_digest(given.path)
            except OSError:
                sha256 = ""
            if sha256 in self.given:
                self.twins[order] = (printable(given.path), sha256)
                continue
            self.given |= {sha256: order} if sha256 else {}
            if bundled and sha256 in self.removed:
                note = f"已由 {self.removed[sha256].who} 移除，不再自动加入；要恢复，请用 policytrace add 加入它"
                self.rows[order] = BuildRow(printable(given.path), "未变", given.slug, given.title, note=note)
                continue
            held = self.holdings.by_content(sha256)
            asked = held or given.slug in self.replaced or is_outline(given.path)
            original = None if asked else self.copies.original(sha256)
            if original:
                self.rows[order] = _copy(Job(given.path), original)
                continue
            newer = None if asked else versions.of_content(self.sql, sha256)
            if newer and newer in self.holdings:
                note = f"是 {newer} 的旧版，知识库里已有更新的版本；要换回它，请用 policytrace add --replaces {newer}"
                self.rows[order] = replace(
                    row_of(printable(given.path), "未变", self.holdings[newer].policy), note=note
                )
                continue
            job = _job(given, held or self.removed.get(sha256), held)
            if held and held.is_current and (held.level, held.title) == (job.level, job.title):
                self.rows[order] = row_of(printable(given.path), "未变", held.policy)
            else:
                yield _ToRead(order, job, sha256)

    def _twin(self, file: str, sha256: str) -> BuildRow:
        """The row of a file that has the same bytes as one before it."""
        first = self.rows[self.given[sha256]]
        if first.state == "失败":
            return replace(first, file=file, seconds=0.0)
        return replace(first, file=file, state="重复", seconds=0.0, note=f"{file} 与 {first.file} 内容相同，只留一份")

    def _stale(self, first: int) -> Iterator[_ToRead]:
        """Stored documents that were not given and that the program would read differently now."""
        for order, held in enumerate(self.holdings, first):
            path = kept(self.kb, held.sha256)
            if path and held.sha256 not in self.given and not held.is_current:
                yield _ToRead(order, Job(path, held.slug, held.level, held.title), held.sha256)

    def _read(self, wanted: Sequence[_ToRead]) -> None:
        waiting = [one for one in wanted if not self.readings.has(one.job, one.sha256)]
        before = len(wanted) - len(waiting)

        def tell(at: Reached) -> None:
            self.progress("读取", before + at.done, len(wanted), at.doing)

        refused: dict[int, Refused] = {}
        with closing(read_all([one.job for one in waiting], self.jobs, tell)) as results:
            for number, result in results:
                one = waiting[number]
                if isinstance(result, Refused):
                    refused[one.order] = result
                else:
                    self.readings.put(one.job, one.sha256, result)
        for one in wanted:
            read = refused.get(one.order) or self.readings.get(one.job, one.sha256)
            assert read
            self.rows[one.order] = self._settle(one, read)

    def _settle(self, one: _ToRead, result: Extracted | Refused) -> BuildRow:
        job = one.job
        if isinstance(result, Refused):
            if held := self.holdings.by_content(one.sha256):
                self.holdings.forget_reading(held.slug)
            return _failed(job, result.problem, result.hint, result.seconds)
        policy = Policy.model_validate_json(result.policy)
        full = self.holdings.full_text_of(policy) if policy.text == "outline" else None
        if full:
            return replace(row_of(printable(job.path), "未变", full.policy), note="已有全文，提纲不再使用")
        if policy.sha256 != one.sha256 or not self.holdings.keep(job.path, one.sha256):
            self.readings.drop(job, one.sha256)
            return _failed(job, f"{printable(job.path)}：文件在读取时被改动", "请再运行一次。")
        same = None if self.holdings.by_content(one.sha256) or job.slug else self.copies.same(policy)
        if same:
            self.copies.put(same, one.sha256, printable(job.path.name))
            return _copy(job, same, result.seconds)
        outline = self.holdings.outline_of(policy)
        before = self.holdings.by_content(one.sha256) or outline or self._predecessor(job, policy)
        held = self._held(job, policy, result, before)
        self.holdings.put(held, before, outline)
        row = row_of(printable(job.path), "更新" if before else "新增", held.policy, result.seconds)
        renewed = before and before.sha256 != one.sha256 and not outline
        return replace(row, note="全文取代了提纲" if outline else f"成为 {held.slug} 的新版本" if renewed else "")

    def _predecessor(self, job: Job, policy: Policy) -> Held | None:
        """A slug that was given says which document it is; one that was made from the title only if the file agrees."""
        named = self.holdings[job.slug] if job.slug in self.replaced and job.slug in self.holdings else None
        if named and named.sha256 not in self.given:
            return named
        by_slug = job.slug or is_outline(job.path)
        found = self.holdings.predecessor(policy.slug, None if by_slug else printable(job.path.name), self.given.keys())
        return found or (
            None if job.slug or policy.text == "outline" else self.holdings.draft_of(policy, self.given.keys())
        )

    def _held(self, job: Job, policy: Policy, result: Extracted, before: Held | None) -> Held:
        earlier = self.removed.get(policy.sha256)
        slug = before.slug if before else self.holdings.free_slug(policy.slug, earlier.slug if earlier else None)
        address = policy.source_url or (before.policy.source_url if before and before.is_current else None)
        return Held(
            slug=slug,
            wanted_slug=before.wanted_slug if before and job.slug else policy.slug,
            sha256=policy.sha256,
            file=printable(job.path.name),
            level=job.level,
            title=job.title,
            form=policy.text,
            added=before.added if before else datetime.now(UTC).isoformat(timespec="seconds"),
            fingerprint=fingerprint.extractor(),
            policy_json=policy.model_copy(update={"slug": slug, "source_url": address}).model_dump_json(),
            cuts=result.cuts,
        )

    def _store(self) -> tuple[str, int, int]:
        """Name of the live generation, number of tasks, number of links."""
        database = self.holdings.database
        previous, made_from = live_generation(database)
        old = {slug: Reading.of_json(policy) for slug, policy in self.holdings.reread().items()}
        old |= {held.slug: Reading.of_json("") for held in self.holdings.new()}
        found = places(self.sql, self._reading, old)
        self.holdings.decided = {one.subject.doc for one in found if one.subject.kind in LINKED}
        standings = standings_at(found)
        overlay = Overlay(standings)
        digest = fingerprint.of(fingerprint.indexer(), *self.holdings.stamps(), *stamps(standings))
        if not self.holdings.read() and not self.holdings.taken:
            return previous, 0, 0
        if not (self.holdings.changed or digest != made_from or not generations.opens(self.kb, previous)):
            tasks = sum(len(overlay.over(held.policy).tasks) for held in self.holdings.read())
            return previous, tasks, self.holdings.link_count()
        policies = reading_order(overlay.over(held.policy) for held in self.holdings.read())
        unnamed = Overlay({one: said for one, said in standings.items() if one.kind not in NAMING})
        name = f"{int(previous.partition('-')[0] or 0) + 1:06d}-{digest}"
        order = [self.holdings[policy.slug].policy for policy in policies]
        generations.write(self.kb, name, self._documents([unnamed.over(policy) for policy in order]))
        tasks = sum(len(policy.tasks) for policy in policies)
        few = self._few_changes(len(policies), tasks)
        links = self._links(name, policies, few)
        with transaction(database):
            versions.keep(self.sql, self.holdings.replaced(), datetime.now(UTC).isoformat(timespec="seconds"))
            self.holdings.save(links, of_altered=few)
            self.copies.save()
            repeal.keep(database, policies)
            removal.forget(self.sql, [held.sha256 for held in self.holdings.altered()])
            removal.record(self.sql, self.holdings.taken, *self.removed_by)
            self.carried = carry_all(database, self.sql, old)
            after_build(database, self.sql, standings, history.standings(self.sql))
            if not few:
                mark = (fingerprint.indexer(), len(policies), tasks)
                database.execute("INSERT OR REPLACE INTO linked VALUES (1, ?, ?, ?)", mark)
            database.execute("INSERT OR REPLACE INTO live VALUES (1, ?, ?)", (name, digest))
        generations.remove_all_but(self.kb, name, previous)
        return name, tasks, self.holdings.link_count()

    def _few_changes(self, documents: int, tasks: int) -> bool:
        """Whether the links between unchanged documents can be kept.

        Links of altered documents are what linking all would give. Those that are kept depend on the rest of the
        collection only by how rare words are in it: one of the bundled documents more or less moves 99 in 100 scores
        by less than 0.04 and changes fewer than 1 in 100 grades. After growth by a quarter all is linked anew.
        """
        row = self.holdings.database.execute("SELECT fingerprint, documents, tasks FROM linked").fetchone()
        if row is None or row[0] != fingerprint.indexer() or (row[1] <= FEW) != (documents <= FEW):
            return False
        return bool(abs(tasks - row[2]) <= GROWTH * row[2])

    def _reading(self, slug: str) -> Reading | None:
        held = next((held for held in self.holdings if held.slug == slug), None)
        return Reading.of_json(held.policy_json) if held else None

    def _documents(self, policies: Sequence[Policy]) -> Iterator[dict[str, object]]:
        for done, policy in enumerate(policies, 1):
            yield from entries(policy, unpack(self.holdings[policy.slug].cuts))
            self.progress("索引", done, len(policies), "")

    def _links(self, generation: str, policies: Sequence[Policy], few: bool) -> tuple[Link, ...]:
        """All links; after few changes those of the altered documents, to and from each other one."""
        from index.linking.linker import link

        self.progress("链接", 0, 1, "")
        changed = self.holdings.relinked() if few else None
        with generations.reader_of(self.kb, generation) as reader:
            links = link(policies, reader, changed)
        self.progress("链接", 1, 1, "")
        return tuple(links)


def _job(given: BuildInput, known: Held | removal.Removed | None, held: Held | None) -> Job:
    """What to read, with what was said of it earlier."""
    level, title = (known.level, known.title) if known else (None, None)
    return Job(given.path, held.slug if held else given.slug, given.level or level, given.title or title)


def _copy(job: Job, original: Held, seconds: float = 0.0) -> BuildRow:
    row = row_of(printable(job.path), "重复", original.policy, seconds)
    note = (
        f"{printable(job.path.name)} 与已有的 {original.file} 是同一份文件，各项任务、部门和目标逐字相同，没有重复加入"
    )
    return replace(row, note=note)


def _failed(job: Job, problem: str, hint: str, seconds: float = 0.0) -> BuildRow:
    return BuildRow(printable(job.path), "失败", problem=problem, hint=hint, seconds=seconds)
