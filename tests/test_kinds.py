"""What a file is, is told from its content: names lie, and what cannot be read is refused with what to do."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from corpus import read_bytes
from corpus.formats import ole
from corpus.formats.archive import MAX_MEMBERS, Archive, parse
from corpus.formats.kinds import KINDS, SUFFIXES, kind_of
from schemas import UnreadableSource


def zipped(members: dict[str, bytes], **extra: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in members.items():
            out.writestr(name, data)
    return buffer.getvalue()


def compound(names: list[str], flags: int = 0) -> bytes:
    """A compound file whose root folder has streams of these names; the first begins like a Word stream."""
    header = bytearray(512)
    header[:8] = ole.SIGNATURE
    struct.pack_into("<H", header, 30, 9)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack("<128I", 0xFFFFFFFD, 2, 0xFFFFFFFE, *range(4, 19), 0xFFFFFFFE, *[0xFFFFFFFF] * 109)
    entries = [_entry("Root Entry", 5, child=1)]
    entries += [_entry(name, 2, right=n + 1 if n < len(names) else -1) for n, name in enumerate(names, 1)]
    directory = b"".join(entries).ljust(1024, b"\x00")
    stream = b"\xec\xa5" + bytes(8) + struct.pack("<H", flags)
    return bytes(header) + fat + directory + stream.ljust(8192, b"\x00")


def _entry(name: str, kind: int, child: int = -1, right: int = -1) -> bytes:
    raw = bytearray(128)
    text = name.encode("utf-16-le") + b"\x00\x00"
    raw[: len(text)] = text
    struct.pack_into("<HBBiii", raw, 64, len(text), kind, 1, -1, right, child)
    struct.pack_into("<II", raw, 116, 3, 8192)
    return bytes(raw)


WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}
BOOK = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<w/>"}


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (zipped(WORD), "docx"),
        (zipped({name.replace("/", "\\"): data for name, data in WORD.items()}), "docx"),
        (zipped(BOOK), "xlsx"),
        (zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"\x83"}), "sheets"),
        (zipped({"[Content_Types].xml": b"<Types/>", "ppt/presentation.xml": b"<p/>"}), "slides"),
        (zipped({"OFD.xml": b"<OFD/>", "Doc_0/Document.xml": b"<d/>"}), "ofd"),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<c/>"}), "word"),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<c/>"}), "sheets"),
        (zipped({"附件/通知.docx": b"PK", "附件/名单.xlsx": b"PK"}), "archive"),
        (zipped({}), "archive"),
        (compound(["WordDocument", "1Table"]), "word"),
        (compound(["1Table", "WordDocument"]), "word"),
        (compound(["WordDocument"], flags=0x0100), "encrypted"),
        (compound(["Workbook"]), "sheets"),
        (compound(["EncryptedPackage", "EncryptionInfo"]), "encrypted"),
        (compound(["PowerPoint Document"]), "slides"),
        (compound(["Contents"]), "damaged"),
        (ole.SIGNATURE + bytes(2000), "damaged"),
        (b"{\\rtf1\\ansi\\ansicpg936 {\\fonttbl}}", "word"),
        ("<html><head><title>通知</title></head><body>各单位：</body></html>".encode("gb18030"), "html"),
        ("\ufeff\r\n<!-- a --><!-- b -->\n<!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01'><html>".encode(), "html"),
        ("<HTML><BODY>通知</BODY></HTML>".encode("utf-16"), "html"),
        (b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC "x"><html xmlns="y"></html>', "html"),
        (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>', "word"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "sheets"),
        (
            b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=x\r\n\r\n",
            "mhtml",
        ),
        (b"%PDF-1.7\n", "pdf"),
        (b"\x00\x00junk before\n%PDF-1.4\n", "pdf"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image"),
        (b"\x89PNG\r\n\x1a\n\x00", "image"),
        (b"Rar!\x1a\x07\x01\x00", "archive"),
        (b"7z\xbc\xaf\x27\x1c\x00", "archive"),
        (b"MZ\x90\x00\x03", "program"),
        (b"\x00\x00\x00\x18ftypmp42", "media"),
        (b"CAJ\x00\x01", "caj"),
        ("MZ园区节水方案".encode(), "text"),
        ("BM 园区节水方案".encode("gb18030"), "text"),
        ("某市节水行动方案".encode("utf-16"), "text"),
        ("From: 管委会\n各单位：".encode(), "text"),
        ("<通知> 各单位：".encode(), "text"),
        (b"", "text"),
    ],
)
def test_content_decides(data: bytes, kind: str) -> None:
    for name in ("a.txt", "b", "c.md"):
        assert kind_of(data, name) == kind


@pytest.mark.parametrize(
    ("data", "says", "hint"),
    [
        (zipped({"附件/通知.docx": b"PK"}), "压缩包", "先解压"),
        (b"Rar!\x1a\x07\x01\x00", "压缩包", "先解压"),
        (compound(["EncryptedPackage"]), "密码", "去掉密码"),
        (compound(["PowerPoint Document"]), "演示文稿", "PDF"),
        (b"MZ\x90\x00\x03\x00", "程序", "不要打开"),
        (b"\x89PNG\r\n\x1a\n\x00", "图片", "PDF"),
        (ole.SIGNATURE + bytes(2000), "损坏", "重新下载"),
        (zipped(WORD)[:-30], "不完整", "重新下载"),
    ],
)
@pytest.mark.parametrize("name", ["通知.docx", "通知.txt", "通知"])
def test_what_cannot_be_read_is_refused_with_what_to_do(data: bytes, says: str, hint: str, name: str) -> None:
    with pytest.raises(UnreadableSource, match=says) as caught:
        read_bytes(data, name)
    assert str(caught.value).startswith(name) and hint in caught.value.hint


@pytest.mark.parametrize("name", ["正文.ceb", "正文.SEP", "正文.gd"])
def test_formats_of_other_readers_are_known_by_their_ending(name: str) -> None:
    with pytest.raises(UnreadableSource, match="版式文件") as caught:
        read_bytes(b"\x01\x02\x00\x03" * 50, name)
    assert "打印为 PDF" in caught.value.hint


def test_the_endings_follow_from_the_table() -> None:
    assert ".txt" in SUFFIXES and len(set(SUFFIXES)) == len(SUFFIXES)
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in SUFFIXES)
    folder = Path(__file__).parents[1] / "corpus" / "formats"
    assert all((folder / f"{kind.module}.py").is_file() for kind in KINDS.values() if kind.module)
    assert all(kind.module or kind.hint for kind in KINDS.values())


def _many() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        for n in range(MAX_MEMBERS + 1):
            out.writestr(f"word/{n}.xml", b"")
    return buffer.getvalue()


def _twice() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out, pytest.warns(UserWarning):
        out.writestr("word/document.xml", b"<a/>")
        out.writestr("word/document.xml", b"<b/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (_many, "个部件"),
        (_twice, "重名"),
        (lambda: zipped({**WORD, "word/media/a.xml": bytes(20_000_000)}), "压缩比"),
        (lambda: zipped({**WORD, "../../etc/cron.d/x": b"1"}), "文件夹之外"),
        (lambda: zipped({**WORD, "word\\..\\..\\x": b"1"}), "文件夹之外"),
        (lambda: zipped({**WORD, "/etc/passwd": b"1"}), "文件夹之外"),
        (lambda: zipped({**WORD, "C:/x": b"1"}), "文件夹之外"),
    ],
)
def test_hostile_archives_are_refused(make, says: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UnreadableSource, match=says) as caught:
        kind_of(make(), "可疑.docx")
    assert "可疑.docx" in str(caught.value) and caught.value.hint


def test_a_member_that_is_larger_than_it_says_is_not_read() -> None:
    data = bytearray(zipped({"a.xml": b"x" * 5_000_000}))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 100)
    with pytest.raises(UnreadableSource, match="损坏"):
        Archive(bytes(data), "a.docx").read("a.xml")


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]><l>&d;</l>"""


@pytest.mark.parametrize(
    ("xml", "says"),
    [
        (LAUGHS, "实体"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', "DTD"),
        (b"<a>" * 100_000, "损坏"),
        (b"<a><b></a>", "损坏"),
        (b"", "损坏"),
        (b"\x00\x01", "损坏"),
    ],
)
def test_hostile_xml_is_refused(xml: bytes, says: str) -> None:
    with pytest.raises(UnreadableSource, match=says):
        parse(xml, "a.docx", "word/document.xml")
