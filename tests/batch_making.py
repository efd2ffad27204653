"""A folder of documents as an office has it: many, of every format, some damaged, some twice, and what is none."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from corpus import read
from tests import pdf_making, renditions

CASES = sorted((Path(__file__).parent / "cases" / "docs").glob("*.txt"))

Writer = Callable[[str], bytes]
WRITERS: dict[str, Writer] = {
    "txt": lambda text: text.encode("utf-8"),
    "md": lambda text: text.encode("gb18030"),
    "docx": lambda text: renditions.docx(text.splitlines()),
    "pdf": lambda text: pdf_making.pdf(text.splitlines(), titles=frozenset(text.splitlines()[:1])),
    "html": lambda text: renditions.gov_cn(text.splitlines(), text.splitlines()[0]),
    "ofd": lambda text: renditions.ofd(text.splitlines()),
}
"""How a text is written in each format: by the ending of the file."""


def texts(count: int, seed: int = 1) -> Iterator[tuple[str, str]]:
    """So many different documents, as name and text: invented ones whose numbers and district change each time."""
    originals = [(path.stem, text) for path in CASES if _with_other_numbers(text := read(path).text, 1) != text]
    chance = random.Random(seed)
    for number in range(count):
        stem, text = originals[number % len(originals)]
        place = "".join(chance.sample("东西南北中山河江湖海城乡云岭川原", 3)) + "区"
        yield f"{number:03d}-{stem}", f"{place}{_with_other_numbers(text, number)}\n"


def _with_other_numbers(text: str, by: int) -> str:
    return re.sub(r"\d+(?=[%％])", lambda found: str(int(found[0]) % 50 + by), text)


def mixed(folder: Path, count: int) -> dict[str, list[str]]:
    """Writes `count` files that people would count; gives their names by what should become of them.

    Besides the whole ones, one in twenty is damaged, one in twenty is a copy in another format.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names: dict[str, list[str]] = {"read": [], "refused": [], "copy": []}
    endings = list(WRITERS)
    last = ("", "")
    for number, (name, text) in enumerate(texts(count)):
        ending = endings[number % len(endings)]
        if number % 20 == 7:
            ending, data, what = "txt", b"\x00\xff\x00damaged%d" % number * 50, "refused"
        elif number % 20 == 13:
            ending = next(other for other in endings if other != last[0])
            data, what = WRITERS[ending](last[1]), "copy"
        else:
            data, what, last = WRITERS[ending](text), "read", (ending, text)
        path = folder / ("2023" if number // 20 % 2 else "2024/专项") / f"{name}.{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        names[what].append(path.name)
    _clutter(folder)
    return names


def _clutter(folder: Path) -> None:
    """What lies about in such folders and is no document."""
    for name in ("~$方案.docx", ".DS_Store", "Thumbs.db", "desktop.ini", ".~lock.方案.docx#", "下载.txt.crdownload"):
        (folder / name).write_bytes(b"\x00\x01")
    for name in (".git/a.txt", "__MACOSX/._a.txt", "网页_files/frame.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("一、不是公文\n1．不应读到。", "utf-8")
    (folder / "网页.html").write_text("<html><body><p></p></body></html>", "utf-8")
    (folder / "合影.mp4").write_bytes(b"\0\0\0\x18ftypmp42")
    (folder / "压缩包.rar").write_bytes(b"Rar!\x1a\x07")
