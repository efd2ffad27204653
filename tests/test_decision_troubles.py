"""The history of decisions on a bad disk: a clear message, and nothing made worse."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from cli import main
from index import store
from index.deciding import history
from index.deciding.exchange import export
from index.knowledge_base import KnowledgeBase
from index.soundness import damage
from schemas import BrokenKnowledgeBase, Wish
from tests.decision_making import CITY, ONE, PARK, decide
from tests.kb_making import made


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    made(tmp_path / "kb", PARK, CITY)
    return tmp_path / "kb"


class TestTroubles:
    def test_a_read_only_file_is_told(self, kb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        real = sqlite3.connect

        def read_only(address: Any, **more: Any) -> sqlite3.Connection:
            return real(str(address).replace("mode=rw", "mode=ro"), **more)

        monkeypatch.setattr(store.sqlite3, "connect", read_only)
        with pytest.raises(BrokenKnowledgeBase, match="只读"):
            decide(kb, "confirm", "park-2023#三.1")

    def test_a_full_disk_is_told_and_changes_nothing(self, kb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        one = decide(kb, "confirm", "park-2023#三.1")
        real = store.transaction

        def full(connection: sqlite3.Connection) -> Any:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages}")
            return real(connection)

        monkeypatch.setattr(history, "transaction", full)
        with pytest.raises(BrokenKnowledgeBase, match="磁盘已满"):
            decide(kb, "correct", "park-2023#三.1", field="text", after="长" * 100_000)
        monkeypatch.undo()
        with KnowledgeBase.open(kb) as opened:
            assert opened.history() == (one,)
        assert decide(kb, "reject", "park-2023#三.1")

    def test_a_newer_version_is_left_alone(self, kb: Path) -> None:
        with store.deciding(kb) as raw:
            raw.execute("PRAGMA user_version = 99")
        with pytest.raises(BrokenKnowledgeBase, match="更新的版本"):
            history.decide(kb, "甲", Wish(verdict="confirm", subject=ONE))

    def test_a_corrupted_page_is_told_and_what_can_be_read_is_saved(self, kb: Path, tmp_path: Path) -> None:
        for number in range(60):
            decide(kb, "correct", "park-2023#三.1", field="title", after=f"标题{number}" * 30)
        with store.deciding(kb) as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            size = raw.execute("PRAGMA page_size").fetchone()[0]
            count = raw.execute("PRAGMA page_count").fetchone()[0]
            root = raw.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'decisions'").fetchone()[0]
        data = bytearray((kb / store.RECORDS).read_bytes())
        bad = next(
            n
            for n in range(count - 1, root, -1)
            if "标题".encode() in data[n * size : (n + 1) * size] and data[n * size] == 13
        )
        data[bad * size : (bad + 1) * size] = b"\xff" * size
        (kb / store.RECORDS).write_bytes(data)
        before = (kb / store.RECORDS).read_bytes()
        with (
            pytest.raises(BrokenKnowledgeBase, match=r"(?s)已损坏.*decisions --export"),
            KnowledgeBase.open(kb) as opened,
        ):
            opened.history()
            opened.standings  # noqa: B018
        done = export(kb, tmp_path / "saved")
        assert done.damaged
        assert 0 < done.written < 60
        assert (kb / store.RECORDS).read_bytes() == before


class TestSoundness:
    def test_a_knowledge_base_that_is_whole(self, kb: Path) -> None:
        decide(kb, "confirm", "park-2023#三.1")
        assert list(damage(kb)) == []

    def test_what_is_missing_or_damaged_is_named(self, kb: Path) -> None:
        decide(kb, "confirm", "park-2023#三.1")
        with KnowledgeBase.open(kb) as opened:
            sha256 = opened.document("park-2023")[0]
        path = store.kept(kb, sha256)
        assert path
        path.chmod(0o644)
        path.write_text("别的")
        shutil.rmtree(kb / store.INDEX)
        with sqlite3.connect(kb / store.RECORDS) as raw:
            raw.execute("DELETE FROM standings")
        raw.close()
        found = [(one.doc, one.message) for one in damage(kb)]
        assert [doc for doc, _ in found] == ["park-2023", "", ""]
        assert "与入库时不同" in found[0][1] and "索引缺失" in found[1][1] and "历史完好" in found[2][1]
        path.unlink()
        assert "没有它的原件" in next(damage(kb)).message

    def test_the_command_tells_it(self, kb: Path, capsys: pytest.CaptureFixture[str]) -> None:
        shutil.rmtree(kb / store.INDEX)
        assert main(["check", "--kb", str(kb), "--json"]) == 1
        assert '"damaged"' in capsys.readouterr().out
