"""Damage, as files suffer it and as an attacker would do it: seeded, so that each can be made again by its number."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable

Mutator = Callable[[bytes, random.Random], bytes]
HUGE = (b"0", b"-1", b"65536", b"99999999", b"4294967296", b"1e308", b"NaN", b"")


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Some bits are wrong, as on a worn disk."""
    found = bytearray(data)
    for _ in range(chance.choice((1, 3, 30, 300))):
        found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    return bytes(found)


def truncated(data: bytes, chance: random.Random) -> bytes:
    """The end is missing, as after a broken download."""
    return data[: chance.randrange(len(data))]


def headless(data: bytes, chance: random.Random) -> bytes:
    """The beginning is missing."""
    return data[chance.randrange(min(2000, len(data))) :]


def gapped(data: bytes, chance: random.Random) -> bytes:
    """A piece is missing, came twice, or is all zeros."""
    start, end = sorted((chance.randrange(len(data)), chance.randrange(len(data))))
    end = min(end, start + 5000)
    middle = chance.choice((b"", data[start:end] * 2, bytes(end - start), chance.randbytes(end - start)))
    return data[:start] + middle + data[end:]


def swapped(data: bytes, chance: random.Random) -> bytes:
    """Two pieces have changed places."""
    a, b, c, d = sorted(chance.randrange(len(data)) for _ in range(4))
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def numbers(data: bytes, chance: random.Random) -> bytes:
    """Some numbers are not what they were: lengths, counts, offsets, references, sizes."""
    places = [found.span() for found in re.finditer(rb"\d{1,10}", data)]
    for start, end in sorted(chance.sample(places, min(len(places), chance.choice((1, 2, 8)))), reverse=True):
        data = data[:start] + chance.choice(HUGE) + data[end:]
    return data


def markup(data: bytes, chance: random.Random) -> bytes:
    """Elements are lost, come again and again, change places, or are nested deeply."""
    tags = [found.span() for found in re.finditer(rb"<[^<>]{1,300}>", data)]
    if len(tags) < 2:
        return flipped(data, chance)
    (a, b), (c, d) = sorted(chance.sample(tags, 2))
    return chance.choice(
        (
            lambda: data[:a] + data[b:],
            lambda: data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:],
            lambda: data[:b] + data[a:b] * chance.choice((10, 3000)) + data[b:],
            lambda: data[:d] + data[a:d] * 20 + data[d:],
            lambda: data[:a] + data[d:],
        )
    )()


def objects(data: bytes, chance: random.Random) -> bytes:
    """Objects of a PDF have changed places, point elsewhere, or at themselves."""
    found = [one.span(1) for one in re.finditer(rb"\d+ 0 obj(.*?)endobj", data, re.DOTALL)]
    refs = [one.span(1) for one in re.finditer(rb"(\d+) 0 R", data)]
    if len(found) < 2 or not refs:
        return flipped(data, chance)
    if chance.random() < 0.5:
        (a, b), (c, d) = sorted(chance.sample(found, 2))
        return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]
    for start, end in sorted(chance.sample(refs, min(len(refs), chance.choice((1, 3, 10)))), reverse=True):
        other = b"%d" % chance.randrange(len(found) + 2)
        data = data[:start] + other.rjust(end - start, b"0") + data[end:]
    return data


def inside(mutator: Mutator) -> Mutator:
    """The same to a part of a zip, which is packed again as if nothing had happened."""

    def mutate(data: bytes, chance: random.Random) -> bytes:
        parts = unpacked(data)
        name = chance.choice([name for name in parts if parts[name]])
        parts[name] = mutator(parts[name], chance)
        return packed(parts)

    return mutate


def parts(data: bytes, chance: random.Random) -> bytes:
    """Parts of a zip are lost, empty, or have each other's names."""
    found = unpacked(data)
    one, other = chance.sample(sorted(found), 2)
    how = chance.randrange(3)
    if how == 0:
        del found[one]
    elif how == 1:
        found[one] = b""
    else:
        found[one], found[other] = found[other], found[one]
    return packed(found)


def unpacked(data: bytes) -> dict[str, bytes]:
    """The parts of a zip by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    """A zip of parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


BYTES: tuple[Mutator, ...] = (flipped, truncated, headless, gapped, swapped)
MARKUP = (*BYTES, markup, numbers)
ZIP = (
    *BYTES,
    parts,
    inside(flipped),
    inside(truncated),
    inside(gapped),
    inside(markup),
    inside(markup),
    inside(numbers),
)
PDF = (*BYTES, objects, objects, numbers)


def mutated(data: bytes, mutators: tuple[Mutator, ...], kind: str, number: int) -> bytes:
    """Mutation `number` of a file of this kind: always the same."""
    chance = random.Random(f"{kind} {number}")
    for _ in range(chance.choice((1, 1, 2))):
        try:
            data = chance.choice(mutators)(data, chance) or b"\x00"
        except (zipfile.BadZipFile, KeyError, NotImplementedError):  # the first mutation left no zip
            return data
        except (OSError, EOFError, ValueError, RuntimeError):
            return data
        except Exception as error:
            if type(error).__module__ == "zlib":
                return data
            raise
    return data
