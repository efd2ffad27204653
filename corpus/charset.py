"""Bytes → text, for the encodings that Chinese offices use."""

from __future__ import annotations

import re

from schemas import UnreadableSource

MAX_BYTES = 20 * 1024 * 1024
"""A policy document in plain text is far below this (a 300-page plan is about 1 MB)."""

_COMMON = frozenset("的和发展工业化会上海一不在有人业是为中国大要以行市政")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f\x80-\x84\x86-\x9f]")
_HAN = re.compile("[\u3400-\u9fff]")


def decode(data: bytes, file: str) -> str:
    """Decode the bytes of a text file.

    Order: byte order mark, UTF-16 without a mark (by its zero bytes or its Han), strict UTF-8, strict GB18030, Big5.
    Bytes that decode as GB18030 but read as no Chinese are tried as Big5: Big5 bytes often pass for GB18030.

    Raises:
        UnreadableSource: empty, too large, binary, of no known encoding, or without a single Han character.
    """
    if not data.strip():
        raise UnreadableSource(file, "文件是空的", "请确认导出或复制是否完整，再重新添加。")
    if len(data) > MAX_BYTES:
        size = f"{len(data) / 1024 / 1024:.0f} MB"
        raise UnreadableSource(
            file, f"文本有 {size}，超过上限 20 MB", "一份公文不会这么大；请检查文件，或按文件拆分后添加。"
        )
    text = _decoded(data)
    if text is None:
        raise UnreadableSource(
            file,
            "不是文本，或编码无法识别",
            "支持 UTF-8、GB18030（GBK）、UTF-16、Big5；请用记事本另存为 UTF-8 文本。",
            _bad_line(data),
        )
    if not _HAN.search(text):
        raise UnreadableSource(file, "没有一个汉字，不像公文", "请确认选对了文件；扫描件请先识别文字。")
    return text


def _decoded(data: bytes) -> str | None:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _try(data, encoding)
    if b"\x00" in data:
        found = [text for e in ("utf-16-le", "utf-16-be") if (text := _try(data, e)) and plausible(text)]
        return found[0] if found else None
    utf8 = _try(data, "utf-8")
    if utf8 is not None:
        return utf8
    gb = _try(data, "gb18030")
    if gb is not None and plausible(gb):
        return gb
    others = [text for e in ("big5hkscs", "utf-16-le", "utf-16-be") if (text := _try(data, e)) and plausible(text)]
    return others[0] if others else None


def _try(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, UnicodeError):
        return None
    return None if _binary(text) else text


def _binary(text: str) -> bool:
    """Control characters other than blanks are a sign of no text at all."""
    sample = text[:20_000]
    return len(_CONTROL.findall(sample)) > max(2, len(sample) // 500)


def plausible(text: str) -> bool:
    """Chinese prose has 7-10 % of a handful of characters; a wrong decoding has next to none."""
    han = _HAN.findall(text)
    return bool(han) and sum(c in _COMMON for c in han) >= 0.02 * len(han)


def _bad_line(data: bytes) -> int | None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start) + 1
    return None
