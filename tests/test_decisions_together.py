"""Many processes decide, search and die at once; nothing that was acknowledged is lost.

In the environment, ``DECISION_KILLS`` sets how many random moments a process is killed at (the long run: 200), and
``DECISIONS`` how many decisions each of the eight processes makes (the long run: 1000).
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import store
from index.findings import findings
from index.knowledge_base import KnowledgeBase
from index.search import search
from tests.kb_making import Item, made, policy
from tests.test_kill import ROOT, check_whole

KILLS = int(os.environ.get("DECISION_KILLS", "30"))
EACH = int(os.environ.get("DECISIONS", "60"))
PROCESSES = 8

DECIDE = """
import os, sys, threading
from pathlib import Path
from index import history
from index.knowledge_base import KnowledgeBase
from index.search import search
from index.verdicts import subject, wish

def acknowledge(file, *made):
    os.write(file, "".join(f"{one.decision.id}\\n" for one in made).encode())

def wishes(kb, number):
    with KnowledgeBase.open(kb) as opened:
        refs = [f"{p.slug}#{t.id}" for p in opened.policies() for t in p.tasks]
        about = subject(opened, refs[number % len(refs)])
        said = wish(opened, "correct", about, "remark", f"备注 {number}", "试验")
        return [said, wish(opened, "confirm", about)], opened.generation
"""

DIE = (
    DECIDE
    + """
from tests.kb_making import Item, made, policy
import index.linking, index.candidates, index.signals, index.grading, index.evidence

def work(kb, acks, number):
    while True:
        number += 1
        said, generation = wishes(kb, number)
        acknowledge(acks, *history.decide(kb, "甲", *said, generation=generation))
        text = "推进节能降碳，开展能效诊断" + "，实施改造" * (number % 3) + "。"
        items = [Item("三.1", "推进节能", text), Item("三.2", "发展氢能", "发展氢能，建设加氢站。")]
        made(kb, policy("park-2023", "化工区方案", items[:: (-1) ** number]), policy(f"more-{number % 5}", f"方案{number % 5}", items))

kb, path = Path(sys.argv[1]), sys.argv[2]
acks = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
for line in sys.stdin:
    child = os.fork()
    if not child:
        try:
            work(kb, acks, int(line))
        except BaseException as error:
            os.write(acks, f"! {type(error).__name__} {error}\\n".encode())
        os._exit(1)
    print(child, flush=True)
    os.waitpid(child, 0)
"""
)

TOGETHER = (
    DECIDE
    + """
import time
kb, path, name, count = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
acks = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
said = [wishes(kb, number)[0][0] for number in range(40)]
print("ready", flush=True)
sys.stdin.readline()
for number in range(count):
    acknowledge(acks, *history.decide(kb, name, said[number % 40], seen=""))
"""
)

PARK = policy(
    "park-2023",
    "化工区方案",
    [Item(f"三.{n}", f"任务{n}", f"推进节能降碳第{n}项，开展能效诊断。") for n in range(1, 41)],
)
CITY = policy(
    "city-2022",
    "上海市方案",
    [
        Item("三.1", "推进节能", "推进“碳达峰”节能降碳，开展能效诊断，实施改造。"),
        Item("三.2", "发展氢能", "发展氢能，建设加氢站。"),
        Item("三.3", "任务7", "推进节能降碳第7项，开展能效诊断。"),
    ],
    level="municipal",
)


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    made(tmp_path / "kb", PARK, CITY)
    return tmp_path / "kb"


def start(code: str, *given: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, given)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, text=True, stdin=pipe, stdout=pipe, stderr=pipe, env=environment)


@pytest.fixture
def mother(kb: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has loaded everything, and at a word from us starts one that decides and builds without end."""
    process = start(DIE, kb, tmp_path / "acks")
    yield process
    assert process.stdin
    process.stdin.close()
    process.wait(60)
    for pipe in (process.stdout, process.stderr):
        assert pipe
        pipe.close()


def whole(kb: Path, acknowledged: set[str]) -> None:
    """Every acknowledged decision is there, what they amount to agrees with them, and the knowledge base is sound."""
    with KnowledgeBase.open(kb) as opened:
        assert acknowledged <= {one.id for one in opened.history()}
        from index.decisions import resolve_all
        from index.history import placed_history

        assert opened.standings == resolve_all(placed_history(opened.sql))
        list(findings(opened))
    with store.reading(kb) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    check_whole(kb)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.timeout(1800)
def test_killed_at_random_moments_nothing_acknowledged_is_lost(
    kb: Path, tmp_path: Path, mother: subprocess.Popen[str]
) -> None:
    assert mother.stdin and mother.stdout
    acks, chance = tmp_path / "acks", random.Random(4)
    for number in range(KILLS):
        mother.stdin.write(f"{number * 100}\n")
        mother.stdin.flush()
        child = int(mother.stdout.readline())
        time.sleep(chance.uniform(0, 0.8))
        os.kill(child, signal.SIGKILL)
        said = acks.read_text("utf-8").splitlines()
        assert not [line for line in said if line.startswith("!")]
        time.sleep(0.02)  # the child is gone before its files are looked at
        whole(kb, set(said))
    assert len(acks.read_text().splitlines()) > KILLS
    made(kb)
    whole(kb, set(acks.read_text().splitlines()))


@pytest.mark.timeout(1800)
def test_eight_processes_decide_while_another_searches(kb: Path, tmp_path: Path) -> None:
    processes = [start(TOGETHER, kb, tmp_path / f"acks-{n}", f"人{n}", EACH) for n in range(PROCESSES)]
    for process in processes:
        assert process.stdout and process.stdout.readline() == "ready\n", process.communicate()[1]
    started = time.perf_counter()
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    searches: list[float] = []
    while any(process.poll() is None for process in processes):
        before = time.perf_counter()
        assert search(kb, "能效诊断").total == 42
        searches.append(time.perf_counter() - before)
    took = time.perf_counter() - started
    assert [process.communicate()[1] for process in processes] == [""] * PROCESSES
    acknowledged = [line for n in range(PROCESSES) for line in (tmp_path / f"acks-{n}").read_text().splitlines()]
    assert len(set(acknowledged)) == PROCESSES * EACH
    with KnowledgeBase.open(kb) as opened:
        assert {one.id for one in opened.history()} == set(acknowledged)
        times = [one.at for one in opened.history()]
        assert times == sorted(set(times))
    whole(kb, set(acknowledged))
    print(
        f"{PROCESSES} x {EACH} decisions in {took:.1f} s ({len(acknowledged) / took:.0f}/s);"
        f" {len(searches)} searches meanwhile, the slowest {max(searches):.3f} s"
    )
    assert max(searches) < 1
