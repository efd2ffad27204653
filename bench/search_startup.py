"""What ``policytrace search`` costs as a process, against a bare script that runs the same query with Whoosh alone.

    python bench/search_startup.py [--kb DIR] [--rounds N]

Prints ratios of one run (the two take turns), and the peak memory of a build of the bundled corpus.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
QUERIES = ("碳达峰", "工业 绿色", '"绿色低碳"')
LIMIT = 1.5

BARE = """
import sys
from whoosh.index import open_dir
from whoosh.query import And, Or, Term
directory, *words = sys.argv[1:]
with open_dir(directory).searcher() as searcher:
    query = And([Or([Term("title", word, 2.5), Term("text", word), Term("path", word, 0.4)]) for word in words])
    for hit in searcher.search(query, limit=20):
        print(hit["entry"]["ref"], hit["entry"]["title"])
"""

OURS = """
import json, sys
from pathlib import Path
from index.searching.search import search
print(json.dumps([hit.to_json() for hit in search(Path(sys.argv[1]), sys.argv[2], facets=False).hits]))
"""

BUILD = "import sys; from pathlib import Path; from index.build import build; build(Path(sys.argv[1]), jobs=1)"


def main() -> None:
    """Builds a knowledge base if none is given, and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kb", type=Path)
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kb = given.kb or Path(folder) / "kb"
        peak = peak_of_build(Path(folder) / "measured")
        if given.kb is None:
            kb = Path(folder) / "measured"
        for query in QUERIES:
            for name, ours in commands(kb, query).items():
                mine, bare = compare(ours, [sys.executable, "-c", BARE, str(live(kb)), *words(kb, query)], given.rounds)
                verdict = "ok" if mine / bare <= LIMIT else "TOO SLOW"
                print(f"{name} {query}: {mine / bare:.2f} x bare ({mine * 1000:.0f} / {bare * 1000:.0f} ms) {verdict}")
        print(f"build of the bundled corpus, one process: peak {peak / 1024:.0f} MB")


def commands(kb: Path, query: str) -> dict[str, list[str]]:
    """The search without and, where it is installed, with the command line around it."""
    found = {"index.searching.search": [sys.executable, "-c", OURS, str(kb), query]}
    if (ROOT / "cli.py").exists():
        command = Path(sys.executable).with_name("policytrace")
        found["policytrace search"] = [str(command), "search", query, "--json", "--kb", str(kb)]
    return found


def compare(ours: list[str], bare: list[str], rounds: int) -> tuple[float, float]:
    """Median seconds of two commands, run in turns."""
    took: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        for command, times in zip((ours, bare), took, strict=True):
            started = time.perf_counter()
            subprocess.run(command, cwd=ROOT, env=os.environ, stdout=subprocess.DEVNULL, check=True)
            if number:  # the first round warms the caches of the disk
                times.append(time.perf_counter() - started)
    return statistics.median(took[0]), statistics.median(took[1])


def words(kb: Path, query: str) -> list[str]:
    """The index words of the query, cut beforehand for the bare script."""
    from index.searching.generations import reading_live

    with reading_live(kb) as opened:
        return [word for run, _ in _runs(query) for word in opened.lexicon.cut(run)]


def live(kb: Path) -> Path:
    """The directory of the live generation."""
    from index.searching.generations import reading_live

    with reading_live(kb) as opened:
        return kb / "index" / opened.generation


def peak_of_build(kb: Path) -> float:
    """Kilobytes that a build of the bundled corpus held at most."""
    subprocess.run([sys.executable, "-c", BUILD, str(kb)], cwd=ROOT, check=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak / 1024 if sys.platform == "darwin" else float(peak)


def _runs(query: str) -> list[tuple[str, int]]:
    from index.searching.analysis import runs

    return list(runs(query))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
