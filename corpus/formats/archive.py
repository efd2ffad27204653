"""Zip-based documents (OOXML, OFD, OpenDocument) from strangers: what may lie in them, and how much of it is read."""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO

from lxml import etree

from schemas import UnreadableSource

MAX_MEMBERS = 20_000
MAX_TOTAL = 1024 * 1024 * 1024
"""Bytes of all members unpacked; a book of scans in OFD stays below."""
MAX_PART = 96 * 1024 * 1024
"""Bytes of one member; the text of a plan of 1,000 pages is about 20 MB of XML."""
MAX_RATIO = 300
"""Unpacked over packed, of members above 1 MB. Tables of hundreds of like rows come to about 60; bombs to 1,000."""

_LEAVES = re.compile(r"(?:^|/)\.\.(?:/|$)|^/|^[A-Za-z]:")


class Archive:
    """The members of a zip by name. Nothing is written to disk.

    Raises ``UnreadableSource`` on opening: not a zip, cut off, too many or too large members, names that leave the
    folder or come twice, members under a password.
    """

    def __init__(self, data: bytes, file: str) -> None:
        self.file = file
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
            members = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, IndexError, OverflowError) as error:
            raise self.refused("文件不完整或已损坏（压缩结构读不出来）", "请重新下载或请对方重发，再添加。") from error
        self._members = {member.filename.replace("\\", "/"): member for member in members if not member.is_dir()}
        self._check(members)

    @property
    def names(self) -> tuple[str, ...]:
        """The members, folders left out, in the order of the archive."""
        return tuple(self._members)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """The bytes of a member. Raises ``UnreadableSource`` where it is missing, damaged or larger than it says."""
        member = self._members.get(name)
        if member is None:
            raise self.refused(f"缺少部件 {name[:80]}", "文件不完整，请重新下载或请对方重发。")
        try:
            with self._zip.open(member) as stream:
                data = stream.read(MAX_PART + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as e:
            raise self.refused(f"部件 {name[:80]} 已损坏", "请重新下载或请对方重发，再添加。") from e
        if len(data) > MAX_PART:
            raise self._bomb(f"部件 {name[:80]} 解开后超过 {MAX_PART // 1024 // 1024} MB")
        return data

    def xml(self, name: str) -> etree._Element:
        """The root of an XML member; see `parse`."""
        return parse(self.read(name), self.file, name)

    def refused(self, problem: str, hint: str) -> UnreadableSource:
        """An error that names this file."""
        return UnreadableSource(self.file, problem, hint)

    def _check(self, members: list[zipfile.ZipInfo]) -> None:
        if len(members) > MAX_MEMBERS:
            raise self._bomb(f"压缩包里有 {len(members)} 个部件，超过上限 {MAX_MEMBERS}")
        if sum(member.file_size for member in members) > MAX_TOTAL:
            raise self._bomb(f"解开后超过 {MAX_TOTAL // 1024 // 1024} MB")
        for member in members:
            name = member.filename.replace("\\", "/")
            if _LEAVES.search(name):
                raise self._bomb(f"压缩包里的路径“{name[:80]}”指向文件夹之外")
            if member.flag_bits & 1:
                raise self.refused("文件有密码", "请用原密码打开，另存一份不加密的文件，再添加。")
            if member.file_size > 1024 * 1024 and member.file_size > MAX_RATIO * max(1, member.compress_size):
                raise self._bomb(f"部件 {name[:80]} 的压缩比超过 {MAX_RATIO} 倍")
        if len(self._members) < sum(not member.is_dir() for member in members):
            raise self._bomb("压缩包里有重名的部件")

    def _bomb(self, problem: str) -> UnreadableSource:
        return self.refused(
            f"{problem}，不是正常的公文文件", "为安全起见没有读取；请向发送者核实来源，或另存为新文件后再添加。"
        )


def parse(data: bytes, file: str, part: str) -> etree._Element:
    """The root of an XML document: no entities, no network, no depth beyond 256.

    Raises ``UnreadableSource``: not well formed, or with a DTD, which no document format needs and entity bombs do.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        where = f"{part}：{str(error)[:100]}"
        raise UnreadableSource(file, f"文件内容已损坏（{where}）", "请用 WPS 或 Word 打开后另存，再添加。") from error
    if root is None:
        raise UnreadableSource(file, f"文件内容是空的（{part}）", "请确认导出或下载是否完整。")
    info = root.getroottree().docinfo
    if info.internalDTD is not None or info.doctype:
        hint = "为安全起见没有读取；请向发送者核实来源，或用 WPS、Word 另存后再添加。"
        raise UnreadableSource(file, f"{part} 里有 DTD 或实体定义，正常的公文文件不会有", hint)
    return root
