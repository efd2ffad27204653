"""Documents → knowledge base: what is read, what is not, what is told."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from corpus.catalogue import Catalogue, Entry
from index import fingerprint
from index.build import BuildInput, BuildReport, build
from index.knowledge_base import KnowledgeBase
from index.reading import extraction
from index.searching.generations import opens
from index.searching.search import search
from index.store import kept
from schemas import BrokenKnowledgeBase
from tests.kb_making import Item, made, policy, reading_hand_made, write

OUTLINES = Path(__file__).parent.parent / "corpus" / "national"
PEAK = OUTLINES / "cn-carbon-peak-2030.yaml"


def document(slug: str, *, title: str | None = None, text: str = "推进节能降碳。", **more: object) -> object:
    return policy(slug, title or f"{slug}方案", [Item("三.1", "推进节能", text)], **more)  # type: ignore[arg-type]


A, B, C = (document(slug) for slug in "abc")


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    return tmp_path / "kb"


def states(report: BuildReport) -> list[tuple[str | None, str]]:
    return [(row.slug, row.state) for row in report.rows]


def slugs(kb: Path) -> list[str]:
    with KnowledgeBase.open(kb) as opened:
        return [document.slug for document in opened.policies()]


class TestIncremental:
    def test_what_is_unchanged_is_not_read_again(self, kb: Path) -> None:
        first = made(kb, A, B)
        assert states(first) == [("a", "新增"), ("b", "新增")]
        inputs = [BuildInput(kb.parent / "files" / f"{slug}.txt") for slug in "ab"]
        with reading_hand_made() as reads:
            second = build(kb, inputs)
        assert reads == []
        assert states(second) == [("a", "未变"), ("b", "未变")]
        assert (second.generation, second.tasks, second.links) == (first.generation, first.tasks, first.links)

    def test_a_new_document_is_added_to_the_others(self, kb: Path) -> None:
        made(kb, A, B)
        with reading_hand_made() as reads:
            report = build(kb, write(kb.parent / "more", C))
        assert [path.name for path in reads] == ["c.txt"]
        assert (states(report), slugs(kb)) == ([("c", "新增")], ["a", "b", "c"])

    def test_a_changed_file_is_an_update(self, kb: Path) -> None:
        made(kb, A, B)
        report = made(kb, document("a", text="发展氢能。"))
        assert states(report) == [("a", "更新")]
        assert slugs(kb) == ["a", "b"]
        assert search(kb, "氢能").total == 1
        assert len(list((kb / "documents").iterdir())) == 3  # nothing that was added is lost

    def test_everything_is_read_again_when_the_extractor_changed(
        self, kb: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made(kb, A, B)
        monkeypatch.setattr(fingerprint, "extractor", lambda: "another")
        with reading_hand_made() as reads:
            report = build(kb, write(kb.parent / "more", C))
        assert sorted(path.name for path in reads) == ["a.txt", "b.txt", "c.txt"]
        assert states(report) == [("c", "新增"), ("a", "更新"), ("b", "更新")]

    def test_the_index_is_written_again_when_only_the_indexer_changed(
        self, kb: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = made(kb, A)
        monkeypatch.setattr(fingerprint, "indexer", lambda: "another")
        with reading_hand_made() as reads:
            second = build(kb, [])
        assert reads == []
        assert second.generation > first.generation

    def test_records_that_an_older_version_wrote_are_no_obstacle(
        self, kb: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made(kb, A, B)
        from tests.test_store import sql

        sql(kb, """UPDATE extractions SET fingerprint = 'old', policy = '{"title": "a", "gone": 1}' WHERE slug = 'a'""")
        with reading_hand_made():
            report = build(kb, [])
        assert (states(report), slugs(kb)) == ([("a", "更新")], ["a", "b"])

    def test_a_document_that_can_no_longer_be_read_is_kept(self, kb: Path) -> None:
        made(kb, A, B)
        from tests.test_store import sql

        sql(kb, """UPDATE extractions SET fingerprint = 'old', policy = '{"title": "a", "gone": 1}' WHERE slug = 'a'""")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(extraction, "_document", lambda job: 1 / 0)
            patch.setattr(extraction, "_ships", lambda job: True)
            report = build(kb, [])
        assert [row.state for row in report.rows] == ["失败"]
        assert slugs(kb) == ["b"]
        with reading_hand_made():
            build(kb, [])
        assert slugs(kb) == ["a", "b"]

    def test_a_new_level_is_an_update(self, kb: Path) -> None:
        (given,) = write(kb.parent / "files", A)
        made(kb, A)
        with reading_hand_made():
            report = build(kb, [BuildInput(given.path, level="municipal")])
            again = build(kb, [given])
        assert states(report) == [("a", "更新")]
        assert states(again) == [("a", "未变")]
        with KnowledgeBase.open(kb) as opened:
            assert opened.policy("a").level == "municipal"


class TestSlugs:
    def test_two_documents_of_one_slug_are_numbered_in_order(self, kb: Path) -> None:
        first = write(kb.parent / "x", document("a"))
        second = write(kb.parent / "y", document("a", text="发展氢能。"))
        third = write(kb.parent / "z", document("a", text="发展风能。", file="other.txt"))
        with reading_hand_made():
            report = build(kb, first + second)
            assert states(report) == [("a", "新增"), ("a-2", "新增")]
            assert states(build(kb, third)) == [("a-3", "新增")]
            assert {state for _, state in states(build(kb, third + second + first))} == {"未变"}

    def test_two_files_of_one_content_are_one_document(self, kb: Path) -> None:
        first, second = write(kb.parent / "x", A), write(kb.parent / "y", A)
        with reading_hand_made():
            report = build(kb, first + second)
        assert states(report) == [("a", "新增"), ("a", "重复")]
        assert "内容相同" in report.rows[1].note


class TestOutlines:
    def test_are_read_from_the_corpus(self, kb: Path) -> None:
        report = build(kb, [BuildInput(PEAK)])
        assert states(report) == [("cn-carbon-peak-2030", "新增")]
        (hit, *_) = search(kb, "碳达峰", limit=1).hits
        assert hit.text == "outline"
        assert hit.verified is not None

    @pytest.mark.parametrize("order", [0, 1, 2])
    def test_give_way_to_the_full_text(self, kb: Path, order: int) -> None:
        full = write(kb.parent / "files", document("my-own", title="2030年前碳达峰行动方案", level="national"))
        outline = [BuildInput(PEAK)]
        with reading_hand_made():
            for batch in ((outline, full), (full, outline), (outline + full,))[order]:
                build(kb, batch)
            report = build(kb, outline)
        with KnowledgeBase.open(kb) as opened:
            (only,) = opened.policies()
        assert only.text == "full"
        assert only.slug == ("my-own" if order == 1 else "cn-carbon-peak-2030")
        assert [(row.state, row.note) for row in report.rows] == [("未变", "已有全文，提纲不再使用")]

    def test_a_new_version_of_the_full_text_is_an_update(self, kb: Path) -> None:
        with reading_hand_made():
            build(kb, [BuildInput(PEAK)])
            for text in ("推进节能。", "推进降碳。"):
                full = document("my-own", title="2030年前碳达峰行动方案", level="national", text=text)
                report = build(kb, write(kb.parent / "files", full))
        assert states(report) == [("cn-carbon-peak-2030", "更新")]
        assert slugs(kb) == ["cn-carbon-peak-2030"]


class TestBadInput:
    def test_a_bad_file_does_not_stop_the_others(self, kb: Path, tmp_path: Path) -> None:
        files = {
            "empty.txt": b"",
            "binary.txt": bytes(range(256)) * 40,
            "encoding.txt": bytes([0x81, 0x20, 0xFF, 0xFE, 0x80]) * 2000,
            "brackets.txt": "（".encode() * 1_000_000,
            "huge.txt": "推进节能降碳。\n".encode() * 2_400_000,
            "picture.png": b"\x89PNG\r\n",
            "outline.yaml": b"title: [",
        }
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)
        paths = [BuildInput(tmp_path / name) for name in [*files, "absent.txt"]]
        report = build(kb, [*paths, BuildInput(PEAK)])
        assert [row.state for row in report.rows] == ["失败"] * (len(files) + 1) + ["新增"]
        for row in report.failed:
            assert Path(row.file).name in row.problem
            assert row.hint
        assert slugs(kb) == ["cn-carbon-peak-2030"]

    def test_a_catalogue_entry_without_its_file(self, kb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        absent = Entry("absent-2020", OUTLINES / "absent.txt", "park", "没有的方案")
        monkeypatch.setattr("corpus.catalogue.load", lambda: Catalogue((absent,), (PEAK,), ()))
        report = build(kb)
        assert [row.state for row in report.rows] == ["新增", "失败"]
        assert "absent.txt" in report.rows[1].problem
        assert "文件不存在" in report.rows[1].problem

    def test_a_fault_of_ours_is_told_with_the_file(self, kb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(extraction, "_document", lambda job: 1 / 0)
        monkeypatch.setattr(extraction, "_ships", lambda job: True)
        report = build(kb, [*write(kb.parent / "files", A), BuildInput(PEAK)], jobs=1)
        assert [row.state for row in report.rows] == ["失败", "新增"]
        assert "ZeroDivisionError" in report.rows[0].problem

    def test_a_file_that_changes_while_it_is_read(self, kb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("index.build.file_digest", lambda path: "0" * 64)
        report = build(kb, [BuildInput(PEAK)])
        assert "读取时被改动" in report.rows[0].problem
        assert report.generation == ""

    def test_folders_are_entered_and_what_cannot_be_entered_is_told(
        self, kb: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(tmp_path / "in" / "deep", A)
        write(tmp_path / "in" / "locked", B)
        (tmp_path / "in" / "note.xyz").write_bytes(b"")
        (tmp_path / "in" / ".hidden.txt").write_bytes(b"")
        scan = os.scandir

        def locked(path: str) -> object:
            if str(path).endswith("locked"):
                raise PermissionError(13, "Permission denied", str(path))
            return scan(path)

        monkeypatch.setattr("os.scandir", locked)
        with reading_hand_made():
            report = build(kb, [BuildInput(tmp_path / "in")])
        assert [row.state for row in report.rows] == ["失败", "新增"]
        assert report.rows[0].file.endswith("locked")
        assert "权限" in report.rows[0].hint

    def test_the_knowledge_base_is_no_input_of_its_own(self, tmp_path: Path) -> None:
        kb = tmp_path / "kb"
        made(kb, A)
        with reading_hand_made():
            assert states(build(kb, [BuildInput(tmp_path)])) == [("a", "未变")]
            assert states(build(kb, [BuildInput(kb / "documents")])) == [("a", "未变")]

    @pytest.mark.skipif(sys.platform != "linux", reason="names there are Unicode")
    def test_a_name_that_is_no_unicode_is_shown_as_it_was_meant(self, kb: Path, tmp_path: Path) -> None:
        (given,) = write(tmp_path / "files", A)
        good, bad = (os.fsencode(tmp_path / "files") + "/方案".encode("gb18030") + end for end in (b".txt", b"2.txt"))
        given.path.rename(os.fsdecode(good))
        Path(os.fsdecode(bad)).write_bytes(b"")
        with reading_hand_made():
            report = build(kb, [BuildInput(tmp_path / "files")])
        assert [(Path(row.file).name, row.state) for row in report.rows] == [
            ("方案.txt", "新增"),
            ("方案2.txt", "失败"),
        ]
        assert search(kb, "节能").total == 1

    def test_a_pipe_is_refused(self, kb: Path, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.txt")
        report = build(kb, [BuildInput(tmp_path / "pipe.txt")])
        assert "不是普通文件" in report.rows[0].problem

    def test_a_folder_without_documents_is_told(self, kb: Path, tmp_path: Path) -> None:
        (tmp_path / "nothing").mkdir()
        report = build(kb, [BuildInput(tmp_path / "nothing")])
        assert "没有可以读的文件" in report.rows[0].problem
        with pytest.raises(BrokenKnowledgeBase, match="policytrace build"):
            KnowledgeBase.open(kb)

    def test_a_place_that_cannot_be_written_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("x")
        with pytest.raises(BrokenKnowledgeBase, match="写入"):
            build(tmp_path / "file" / "kb", [])

    def test_a_full_disk_leaves_the_old_one(self, kb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        before = made(kb, A)

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("index.searching.generations._write_words", full)
        with pytest.raises(BrokenKnowledgeBase, match="No space left"):
            made(kb, B)
        monkeypatch.undo()
        with KnowledgeBase.open(kb) as opened:
            assert opened.generation == before.generation
        assert [path.name for path in (kb / "index").iterdir()] == [before.generation]


class TestSideBySide:
    def test_gives_what_one_process_gives(self, tmp_path: Path) -> None:
        paths = sorted(path for path in OUTLINES.glob("*.yaml") if path.name != "catalogue.yaml")
        brought = [BuildInput(Path(shutil.copy(path, tmp_path))) for path in paths]
        alone = build(tmp_path / "1", [BuildInput(path) for path in paths])
        together = build(tmp_path / "2", brought, jobs=2)
        assert states(alone) == states(together)
        assert alone.generation == together.generation
        with KnowledgeBase.open(tmp_path / "1") as one, KnowledgeBase.open(tmp_path / "2") as two:
            assert one.policies() == two.policies()
            assert one.links() == two.links()


def test_progress_is_told(kb: Path) -> None:
    told: list[tuple[str, int, int, str]] = []
    with reading_hand_made():
        build(kb, write(kb.parent / "files", A, B), progress=lambda *step: told.append(step))
    assert [stage for stage, done, total, _ in told if done == total] == ["读取", "索引", "链接"]
    assert {doing for stage, *_, doing in told if stage == "读取"} == {"a.txt", "b.txt"}


def test_the_same_documents_give_the_same_generation(tmp_path: Path) -> None:
    first, second = made(tmp_path / "x" / "kb", A, B), made(tmp_path / "y" / "kb", A, B)
    assert first.generation == second.generation
    assert opens(tmp_path / "y" / "kb", second.generation)
    assert kept(tmp_path / "x" / "kb", "0" * 64) is None
