"""What kind of file it is, told from its content, and the reader for it.

A name says little: a ``.doc`` may be RTF or a web page, a ``.docx`` an old ``.doc``, and WPS writes them all. A reader's
module is loaded when the first file of its kind comes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from corpus.formats import ole
from corpus.formats.archive import Archive
from corpus.printed import Reader
from schemas import UnreadableSource


@dataclass(frozen=True)
class Kind:
    """A kind of file: its name as shown, the module that reads it, the endings it usually has.

    Without a module it is refused, and ``hint`` says what to do instead.
    """

    name: str
    module: str | None = None
    suffixes: tuple[str, ...] = ()
    hint: str = ""


_AS_PDF = "请用原来的软件打开，另存为 PDF 或 Word 文件，再添加。"
_NO_PASSWORD = "请用原密码打开，去掉密码另存一份，再添加。"

KINDS: dict[str, Kind] = {
    "text": Kind("纯文本", "text", (".txt", ".md")),
    "docx": Kind("Word 文件", "docx", (".docx", ".docm", ".dotx")),
    "word": Kind("旧版 Word 或 WPS 文字", "word97", (".doc", ".wps", ".rtf", ".odt", ".dot", ".wpt")),
    "html": Kind("网页", "webpage", (".html", ".htm", ".shtml", ".xhtml")),
    "mhtml": Kind("网页存档", "mhtml", (".mhtml", ".mht")),
    "ofd": Kind("OFD 版式文件", "ofd", (".ofd",)),
    "xlsx": Kind("Excel 工作簿", "xlsx", (".xlsx", ".xlsm")),
    "sheets": Kind("旧版 Excel 或 WPS 表格", "excel97", (".xls", ".et", ".ods", ".xlsb")),
    "csv": Kind("文本表格", "csv_table", (".csv",)),
    # --- not readable, and what to do
    "pdf": Kind("PDF", "pdf", (".pdf",)),
    "image": Kind("图片", "image", (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")),
    "encrypted": Kind("加了密码的 Office 文件", hint=_NO_PASSWORD),
    "slides": Kind(
        "演示文稿（PowerPoint、WPS 演示）", hint="公文正文不在演示文稿里；如确需读取，请另存为 PDF 再添加。"
    ),
    "archive": Kind("压缩包", hint="请先解压，再添加里面的文件。"),
    "program": Kind("程序文件", hint="这不是公文；请核实来源，不要打开。"),
    "media": Kind("音频或视频", hint="这不是公文；请选择文字材料。"),
    "apabi": Kind("CEB、SEP、GD 等版式文件", hint="请用方正 Apabi 或书生阅读器打开，打印为 PDF 再添加。"),
    "caj": Kind("CAJ 文件", hint="请用 CAJViewer 打开，另存为 PDF 再添加。"),
    "iwork": Kind("苹果 Pages、Numbers 文件", hint="请导出为 Word 或 PDF，再添加。"),
    "damaged": Kind("损坏的 Office 文件", hint="请重新下载或请对方重发，再添加。"),
}
"""Every kind that is told apart. Modules are those of this package."""

SUFFIXES = tuple(suffix for kind in KINDS.values() if kind.module for suffix in kind.suffixes)
"""Endings of the files that can be read."""

_FOREIGN = {
    ".ceb": "apabi",
    ".cebx": "apabi",
    ".sep": "apabi",
    ".gd": "apabi",
    ".gw": "apabi",
    ".caj": "caj",
    ".kdh": "caj",
}
"""Formats of other readers, known by their ending alone."""

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "word"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"8BPS", "image"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"ID3", "media"),
    (b"OggS", "media"),
    (b"\x1aE\xdf\xa3", "media"),
    (b"CAJ\x00", "caj"),
    (b"KDH", "caj"),
    (b"Founder CEB", "apabi"),
)
_TEXTUAL = frozenset((b"BM", b"MZ", b"ID3", b"BZh", b"KDH"))
"""Signatures that a text may begin with too: believed only where zero bytes follow."""

_OLE_STREAMS = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "word"),
    ("Workbook", "sheets"),
    ("Book", "sheets"),
    ("PowerPoint Document", "slides"),
)
_MEMBERS = (
    ("word/", "docx"),
    ("xl/workbook.bin", "sheets"),
    ("xl/", "xlsx"),
    ("ppt/", "slides"),
    ("OFD.xml", "ofd"),
    ("Index/Document.iwa", "iwork"),
    ("Index.zip", "iwork"),
)
_MIMETYPES = {"opendocument.text": "word", "opendocument.spreadsheet": "sheets", "opendocument.presentation": "slides"}
_PROLOGUE = re.compile(r"\s*(?:<\?xml[^>]*>|<!--(?:(?!-->).)*-->)", re.DOTALL)
_HTML = re.compile(
    r"\s*<(?:!doctype\s+html|html|head|body|meta|title|table|div|p|script|style|center|span|font)\b", re.IGNORECASE
)
_WORD_XML = re.compile(
    r"<\?mso-application\s+progid=.Word|<(?:w:wordDocument|pkg:package)\b|<uof:UOF\b|<office:document\b"
)
_SHEET_XML = re.compile(r"<\?mso-application\s+progid=.Excel|urn:schemas-microsoft-com:office:spreadsheet")
_MHTML = re.compile(r"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)


def reader_of(data: bytes, file: str) -> Reader:
    """The reader for a file. Raises ``UnreadableSource``, with what to do, where there is none."""
    key = kind_of(data, file)
    kind = KINDS[key]
    if kind.module is None:
        raise UnreadableSource(file, f"不支持的格式：这是{kind.name}", kind.hint)
    reader: Reader = import_module(f"corpus.formats.{kind.module}").read
    return reader


def kind_of(data: bytes, file: str) -> str:
    """The key in `KINDS`, by content; where the content is plain text or unknown, the name may decide.

    Raises ``UnreadableSource``: an ending that no kind has, or a document that is too damaged to be told.
    """
    found = _by_signature(data, file)
    if found:
        return found
    suffix = Path(file).suffix.lower()
    if suffix in _FOREIGN:
        return _FOREIGN[suffix]
    texts = KINDS["text"].suffixes
    if suffix in ("", *texts) or not data.strip():
        return "text"
    key = next((key for key, kind in KINDS.items() if suffix in kind.suffixes), None)
    if key is None:
        hint = f"目前支持 {'、'.join(SUFFIXES)}；其他格式请先另存为其中一种。"
        raise UnreadableSource(file, f"不支持的格式 {suffix}", hint)
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        hint = "文件已损坏或不完整，请重新下载或请对方重发；加密文件请先解密另存。"
        raise UnreadableSource(file, f"扩展名是 {suffix}，内容却不是{KINDS[key].name}，也不是其他认得的格式", hint)
    return key if key in ("html", "csv") else "text"


def _by_signature(data: bytes, file: str) -> str | None:
    if data.startswith(b"PK\x03\x04"):
        return _in_zip(data, file)
    if data.startswith(b"PK\x05\x06"):
        return "archive"
    if data.startswith(ole.SIGNATURE):
        return _in_ole(data)
    for signature, kind in _SIGNATURES:
        if data.startswith(signature) and (signature not in _TEXTUAL or b"\x00" in data[:512]):
            return kind
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data[:4] == b"RIFF":
        return "image" if data[8:12] == b"WEBP" else "media"
    if data[4:8] == b"ftyp":
        return "image" if data[8:11] in (b"hei", b"mif", b"avi") else "media"
    return _in_markup(_opening(data))


def _in_zip(data: bytes, file: str) -> str:
    archive = Archive(data, file)
    names = archive.names
    if "mimetype" in archive:
        mimetype = archive.read("mimetype").decode("ascii", "replace")
        if found := next((kind for part, kind in _MIMETYPES.items() if part in mimetype), None):
            return found
    for start, kind in _MEMBERS:
        if any(name.startswith(start) for name in names) and (kind != "docx" or "[Content_Types].xml" in archive):
            return kind
    return "archive"


def _in_ole(data: bytes) -> str:
    """Word, Excel or PowerPoint 97, or the wrapping of an encrypted file of today."""
    inside = {stream.name: stream.head for stream in ole.streams(data)}
    kind = next((kind for name, kind in _OLE_STREAMS if name in inside), None)
    if kind is None:
        return "damaged"
    if kind == "word" and len(head := inside["WordDocument"]) > 12 and head[11] & 1:  # FIB: fEncrypted
        return "encrypted"
    if kind == "sheets" and _has_filepass(inside.get("Workbook", b"")):
        return "encrypted"
    return kind


def _has_filepass(head: bytes) -> bool:
    """Whether the record FILEPASS stands behind BOF: the sheet is under a password."""
    after = 4 + int.from_bytes(head[2:4], "little")
    return head[after : after + 2] == b"\x2f\x00"


def _opening(data: bytes) -> str:
    """The first characters, as far as markup needs them: ASCII, or UTF-16 by its mark."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data[:8192].decode("utf-16", "replace").lstrip("\ufeff")
    return data.removeprefix(b"\xef\xbb\xbf")[:4096].decode("latin-1").lstrip()


def _in_markup(opening: str) -> str | None:
    if re.match(r"[A-Za-z-]+:", opening) and _MHTML.search(opening):
        return "mhtml"
    if opening.startswith("<"):
        if _WORD_XML.search(opening):
            return "word"
        if _SHEET_XML.search(opening):
            return "sheets"
        at = 0
        while comment := _PROLOGUE.match(opening, at):
            at = comment.end()
        if _HTML.match(opening, at):
            return "html"
    return None
