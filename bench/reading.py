"""Reading born-digital PDF files, against pdfplumber alone giving their characters.

    python bench/reading.py [--rounds N]

The bundled documents, set as offices set them (and once with a slanted watermark and two columns), are read in turn by
us and by pdfplumber in one process. ``--rounds`` turns, the median of the ratios counts.
"""

from __future__ import annotations

import argparse
import io
import statistics
import sys
import time
from pathlib import Path

import pdfplumber

from corpus import read, read_bytes
from corpus.catalogue import load

sys.path.append(str(Path(__file__).parents[1]))
from tests.pdf_making import Style, pdf

LIMIT = 1.5


def main() -> None:
    """Print the ratio, and whether the median is within the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    texts = [read(entry.file).text.split("\n") for entry in load().documents]
    files = [pdf(text) for text in texts]
    files.append(
        pdf(texts[0], Style(size=10.5, pitch=17, letters=22, lines=38, columns=2, left=50, watermark="内部资料"))
    )
    read_bytes(files[0], "warm.pdf")
    turns = [turn(files) for _ in range(given.rounds)]
    ours, alone = (statistics.median(column) for column in zip(*turns, strict=True))
    ratio = statistics.median(a / b for a, b in turns)
    verdict = "ok" if ratio <= LIMIT else "TOO SLOW"
    print(f"{len(files)} PDF files: {ratio:.2f} x pdfplumber's characters ({ours:.1f} / {alone:.1f} s) {verdict}")


def turn(files: list[bytes]) -> tuple[float, float]:
    """Seconds of the processor for reading all files, and for pdfplumber's characters."""
    start = time.process_time()
    for data in files:
        read_bytes(data, "a.pdf")
    ours = time.process_time() - start
    start = time.process_time()
    for data in files:
        with pdfplumber.open(io.BytesIO(data)) as document:
            for page in document.pages:
                _ = page.chars
                page.close()
    return ours, time.process_time() - start


if __name__ == "__main__":
    main()
