"""A folder of mixed files read and extracted by one process and by one a core: time of both, in one run.

python bench/batch.py [FILES]          default: 200
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from index.reading.extraction import Job, read_all  # noqa: E402
from tests.batch_making import mixed  # noqa: E402


def seconds(files: list[Path], jobs: int) -> float:
    """Time to read and extract the files with so many processes."""
    started = time.perf_counter()
    for _ in read_all([Job(path) for path in files], jobs):
        pass
    return time.perf_counter() - started


def main() -> None:
    """Prints both times and how many times as fast all cores are."""
    count, cores = int(sys.argv[1]) if len(sys.argv) > 1 else 200, os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as made:
        mixed(Path(made), count)
        files = sorted(path for path in Path(made).rglob("*") if path.is_file())
        alone, together = seconds(files, 1), seconds(files, cores)
    print(f"{count} files: {alone:.1f} s by one process, {together:.1f} s by {cores}: {alone / together:.2f} x as fast")


if __name__ == "__main__":
    main()
