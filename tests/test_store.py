"""The directory of a knowledge base: documents, records.sqlite, generations."""

from __future__ import annotations

import hashlib
import multiprocessing
import shutil
import sqlite3
from pathlib import Path

import pytest

from index import store
from index.build import build
from index.knowledge_base import KnowledgeBase
from index.searching import generations
from index.searching.search import search
from schemas import BrokenKnowledgeBase, NotFound
from tests.kb_making import Item, made, policy

PARK = policy(
    "park-2023", "化工区方案", [Item("三.1", "推进节能", "推进节能降碳。"), Item("三.2", "发展氢能", "发展氢能。")]
)
CITY = policy("city-2022", "上海市方案", [Item("三.1", "推进节能", "推进全市节能降碳。")], level="municipal")


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    made(tmp_path / "kb", PARK, CITY)
    return tmp_path / "kb"


def sql(kb: Path, statement: str) -> None:
    connection = sqlite3.connect(kb / store.RECORDS, isolation_level=None)
    connection.execute(statement)
    connection.close()


class TestDocuments:
    def test_are_kept_by_content_under_their_names(self, kb: Path) -> None:
        given = kb.parent / "files" / "park-2023.txt"
        sha256 = hashlib.sha256(given.read_bytes()).hexdigest()
        found = store.kept(kb, sha256)
        assert found == kb / "documents" / sha256 / "park-2023.txt"
        assert found.read_bytes() == given.read_bytes()

    def test_another_content_is_refused(self, kb: Path) -> None:
        given = kb.parent / "files" / "park-2023.txt"
        assert not store.keep(kb, given, "0" * 64)
        assert store.kept(kb, "0" * 64) is None

    def test_a_half_written_one_is_written_again(self, kb: Path, tmp_path: Path) -> None:
        file = tmp_path / "new.txt"
        file.write_text("新文件", "utf-8")
        sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
        (kb / "documents" / sha256).mkdir()
        (kb / "documents" / ".new").write_text("half", "utf-8")
        assert store.keep(kb, file, sha256)
        assert store.kept(kb, sha256)


class TestRecords:
    def test_are_checked_and_journalled(self, kb: Path) -> None:
        with store.writing(kb) as database:
            assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            assert database.execute("PRAGMA foreign_keys").fetchone() == (1,)
            assert database.execute("PRAGMA user_version").fetchone() == (len(store.MIGRATIONS),)
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)

    def test_are_migrated_step_by_step(self, kb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(store, "MIGRATIONS", (*store.MIGRATIONS, "CREATE TABLE later (a); CREATE TABLE last (b)"))
        with pytest.raises(BrokenKnowledgeBase, match="较早的版本"):
            KnowledgeBase.open(kb)
        with store.writing(kb) as database:
            assert database.execute("SELECT count(*) FROM later, last").fetchone() == (0,)
        with KnowledgeBase.open(kb) as opened:
            assert len(opened.policies()) == 2

    def test_of_a_newer_version_are_left_alone(self, kb: Path) -> None:
        sql(kb, "PRAGMA user_version = 99")
        for use in (KnowledgeBase.open, search, build):
            with pytest.raises(BrokenKnowledgeBase, match=r"(?s)更新的版本.*升级") as told:
                use(kb)  # type: ignore[operator]
            assert "99" in str(told.value)

    @pytest.mark.parametrize("damage", [b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 4096])
    def test_that_are_damaged_are_told(self, kb: Path, damage: bytes) -> None:
        for journal in kb.glob("records.sqlite-*"):
            journal.unlink()
        (kb / store.RECORDS).write_bytes(damage)
        for use in (KnowledgeBase.open, search, build):
            with pytest.raises(BrokenKnowledgeBase, match="documents/ 里的原文完好"):
                use(kb)  # type: ignore[operator]
        assert (kb / store.RECORDS).read_bytes() == damage

    def test_a_transaction_is_all_or_nothing(self, kb: Path) -> None:
        with store.writing(kb) as database:
            with pytest.raises(ZeroDivisionError), store.transaction(database):
                database.execute("DELETE FROM documents")
                raise ZeroDivisionError
            assert database.execute("SELECT count(*) FROM documents").fetchone() == (2,)

    def test_can_be_read_where_nothing_can_be_written(self, kb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("os.access", lambda *_: False)
        assert search(kb, "氢能").total == 1


class TestGenerations:
    def live(self, kb: Path) -> Path:
        with KnowledgeBase.open(kb) as opened:
            return kb / "index" / opened.generation

    def test_the_previous_one_is_kept_for_its_readers(self, kb: Path) -> None:
        names = [self.live(kb).name]
        for number in range(3):
            made(kb, policy(f"new-{number}", f"新方案{number}", [Item("三.1", "推进", "推进。")]))
            names.append(self.live(kb).name)
        assert sorted(path.name for path in (kb / "index").iterdir()) == names[-2:]

    def test_a_reader_whose_generation_vanished_opens_the_next(self, kb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        told = iter([("000000-gone", ""), (self.live(kb).name, "")])
        monkeypatch.setattr(generations, "live_generation", lambda _: next(told))
        assert search(kb, "氢能").total == 1

    def test_a_reader_keeps_what_it_opened(self, kb: Path) -> None:
        with generations.reading_live(kb) as live:
            shutil.rmtree(self.live(kb))
            assert len(list(live.searcher.reader().all_doc_ids())) == 3

    @pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Whoosh leaves a bad file open
    @pytest.mark.parametrize("damage", ["removed", "emptied", "words"])
    def test_a_damaged_one_is_told_and_built_again(self, kb: Path, damage: str) -> None:
        directory = self.live(kb)
        generations._lexicon.cache_clear()
        if damage == "words":
            (directory / generations.WORDS).unlink()
        else:
            for file in directory.iterdir():
                file.unlink() if damage == "removed" else file.write_bytes(b"")
        with pytest.raises(BrokenKnowledgeBase, match="索引缺失或已损坏"):
            search(kb, "氢能")
        assert made(kb).generation != directory.name
        assert search(kb, "氢能").total == 1

    def test_nothing_is_left_of_one_that_failed(self, kb: Path) -> None:
        def documents() -> object:
            yield {"ref": "a#1", "text": "推进"}
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            generations.write(kb, "000009-failed", documents())  # type: ignore[arg-type]
        assert not (kb / "index" / "000009-failed").exists()


class TestKnowledgeBase:
    def test_gives_documents_from_above(self, kb: Path) -> None:
        with KnowledgeBase.open(kb) as opened:
            assert [document.slug for document in opened.policies()] == ["city-2022", "park-2023"]
            assert opened.policy("park-2023") == opened.policies()[1]

    def test_gives_a_task_with_its_document(self, kb: Path) -> None:
        with KnowledgeBase.open(kb) as opened:
            document, task = opened.task("park-2023#三.2")
        assert (document.slug, task.title) == ("park-2023", "发展氢能")

    def test_gives_links_of_two_documents(self, kb: Path) -> None:
        with KnowledgeBase.open(kb) as opened:
            links = opened.links()
            assert links
            assert opened.links("park-2023", "city-2022") == links
            assert opened.links(upper="city-2022") == opened.links(lower="park-2023") == links
            assert opened.links(lower="city-2022") == ()

    @pytest.mark.parametrize(
        ("ref", "hint"),
        [("park-2023#三.9", "park-2023#三.2"), ("park-2022#三.1", "park-2023"), ("park-2023", "#三.1"), ("", "#三.1")],
    )
    def test_names_what_is_near(self, kb: Path, ref: str, hint: str) -> None:
        with KnowledgeBase.open(kb) as opened, pytest.raises(NotFound) as told:
            opened.task(ref)
        assert hint in told.value.hint

    def test_does_not_change_while_it_is_open(self, kb: Path) -> None:
        with KnowledgeBase.open(kb) as opened:
            made(kb, policy("new", "新方案", [Item("三.1", "推进", "推进。")]))
            assert len(opened.policies()) == 2
        with KnowledgeBase.open(kb) as opened:
            assert len(opened.policies()) == 3

    def test_of_an_older_version_is_told(self, kb: Path) -> None:
        sql(kb, """UPDATE extractions SET policy = '{"gone": 1}'""")
        with KnowledgeBase.open(kb) as opened, pytest.raises(BrokenKnowledgeBase, match="policytrace build"):
            opened.policies()

    def test_none_is_told(self, tmp_path: Path) -> None:
        for kb in (tmp_path, tmp_path / "absent"):
            with pytest.raises(BrokenKnowledgeBase, match="没有知识库"):
                KnowledgeBase.open(kb)


def _hold(kb: Path, held: object, release: object) -> None:
    with store.locked(kb):
        held.set()  # type: ignore[attr-defined]
        release.wait(60)  # type: ignore[attr-defined]


def test_two_builds_do_not_run_at_once(kb: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    held, release = spawn.Event(), spawn.Event()
    process = spawn.Process(target=_hold, args=(kb, held, release))
    process.start()
    try:
        assert held.wait(60)
        with pytest.raises(BrokenKnowledgeBase, match="正由另一个进程构建"):
            made(kb)
        assert search(kb, "氢能").total == 1
    finally:
        release.set()
        process.join()
    assert not made(kb).failed
