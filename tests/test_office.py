"""Old Word, WPS, RTF and OpenDocument through LibreOffice, where it is installed; and words of help where it is not."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from corpus import read, read_bytes
from corpus.catalogue import load
from corpus.formats import office
from extract import extract
from schemas import UnreadableSource
from tests import renditions
from tests.docx_making import OFFICIAL, numbered, numbering, package
from tests.test_kinds import compound

needs_office = pytest.mark.skipif(office.program() is None, reason="LibreOffice is not installed here")
SLUG = "scip-carbon-peak-2023"


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A bundled document as LibreOffice writes it in the old formats (which lose lists that start at a number of their own)."""
    entry = next(e for e in load().documents if e.slug == SLUG)
    data = renditions.docx(read(entry.file).text.split("\n"))
    return {ending: office.convert(data, ".docx", ending, "a.docx") for ending in ("doc", "rtf")}


@needs_office
@pytest.mark.parametrize(("ending", "name"), [("doc", "方案.wps"), ("rtf", "方案.doc")])
def test_old_formats_give_the_same_records(old: dict[str, bytes], ending: str, name: str) -> None:
    entry = next(e for e in load().documents if e.slug == SLUG)
    expected, found = extract(read(entry.file)), extract(read_bytes(old[ending], name))
    assert found.format == ending
    assert [(t.id, t.title, [d.name for d in t.departments]) for t in found.tasks] == [
        (t.id, t.title, [d.name for d in t.departments]) for t in expected.tasks
    ]
    assert [(t.value, t.unit, t.quote) for t in found.targets] == [(t.value, t.unit, t.quote) for t in expected.targets]
    assert found.projects and [p.name for p in found.projects] == [p.name for p in expected.projects]


@needs_office
def test_our_count_of_numbers_is_that_of_libreoffice() -> None:
    """An independent reader prints the numbers of a list of four levels, restarted and carried on."""
    override = '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    steps = [(1, 0), (1, 1), (1, 1), (1, 2), (1, 3), (1, 2), (1, 0), (1, 1), (2, 0), (2, 1), (1, 0), (2, 0)]
    data = package(
        "".join(numbered("节水", num, depth) for num, depth in steps), numbering=numbering(OFFICIAL, override)
    )
    printed = office.convert(data, ".docx", "txt", "a.docx").decode("utf-8-sig").split("\n")
    ours = read_bytes(data, "a.docx").text.split("\n")
    assert ["".join(line.split()) for line in ours] == ["".join(line.split()) for line in printed if line.strip()]


@needs_office
def test_two_at_once_do_not_disturb_each_other_and_leave_nothing_behind(
    old: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with ThreadPoolExecutor(2) as pool:
        texts = list(pool.map(lambda ending: read_bytes(old[ending], f"a.{ending}").text, ("rtf", "doc")))
    assert texts[0] == texts[1] and not list(tmp_path.iterdir())


@needs_office
def test_damaged_and_empty_files_are_refused_in_words() -> None:
    for data in (b"{\\rtf1 only english}", compound(["WordDocument"])):
        with pytest.raises(UnreadableSource) as caught:
            read_bytes(data, "坏.doc")
        assert "坏.doc" in str(caught.value) and caught.value.hint


def test_without_libreoffice_the_reader_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "program", lambda: None)
    with pytest.raises(UnreadableSource, match="需要 LibreOffice") as caught:
        read_bytes(compound(["WordDocument"]), "旧.doc")
    assert "另存为 .docx" in caught.value.hint and "apt install" in caught.value.hint


def test_a_conversion_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = tmp_path / "soffice"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr(office, "program", lambda: str(slow))
    monkeypatch.setattr(office, "SECONDS", 1)
    with pytest.raises(UnreadableSource, match="1 秒内没有读完"):
        read_bytes(compound(["WordDocument"]), "慢.doc")
    assert not subprocess.run(["pgrep", "-f", str(slow)], capture_output=True, check=False).stdout
