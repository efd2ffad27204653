"""OLE compound files, the container of Word 97, Excel 97 and encrypted Office files: what lies in them, no more."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA
"""Sector numbers from here on are marks (end of chain, free, FAT)."""
_NONE = 0xFFFFFFFF


@dataclass(frozen=True)
class Stream:
    """An entry of the root folder; ``head`` are its first bytes (up to a sector; empty for folders and small ones)."""

    name: str
    head: bytes


def streams(data: bytes) -> tuple[Stream, ...]:
    """The entries of the root folder; empty where the structure is broken. Never raises."""
    try:
        return tuple(_root_entries(data))
    except (struct.error, IndexError, ValueError):
        return ()


def _root_entries(data: bytes) -> Iterator[Stream]:
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    if not 128 <= size <= 65536:
        return
    entries = _directory(data, size)
    waiting, seen = [_links(entries[0])[2]], set()
    while waiting:
        at = waiting.pop()
        if at == _NONE or at in seen or at >= len(entries):
            continue
        seen.add(at)
        entry = entries[at]
        left, right, _ = _links(entry)
        waiting += (left, right)
        length = struct.unpack_from("<H", entry, 64)[0]
        start, stream_size = struct.unpack_from("<II", entry, 116)
        kept = entry[66] == 2 and stream_size >= 4096  # smaller streams lie in the root's own small sectors
        head = data[(start + 1) * size : (start + 2) * size] if kept else b""
        yield Stream(entry[: max(0, min(64, length) - 2)].decode("utf-16-le", "replace"), head)


def _links(entry: bytes) -> tuple[int, int, int]:
    left, right, child = struct.unpack_from("<III", entry, 68)
    return left, right, child


def _directory(data: bytes, size: int) -> list[bytes]:
    """The 128-byte entries of the directory, along its chain of sectors."""
    fat = _fat(data, size)
    sector: int = struct.unpack_from("<I", data, 48)[0]
    entries: list[bytes] = []
    for _ in range(len(fat) + 1):
        if sector >= _END:
            break
        raw = data[(sector + 1) * size : (sector + 2) * size]
        entries += [raw[i : i + 128] for i in range(0, len(raw) - 127, 128)]
        if len(entries) > 10_000:
            break
        sector = fat[sector]
    return entries


def _fat(data: bytes, size: int) -> Sequence[int]:
    """Which sector follows which. Files over 7 MB have further tables; the directory lies in the first nearly always."""
    table: list[int] = []
    for sector in struct.unpack_from("<109I", data, 76):
        raw = data[(sector + 1) * size : (sector + 2) * size] if sector < _END else b""
        if len(raw) < size:
            break
        table.extend(struct.unpack(f"<{size // 4}I", raw))
    return table
