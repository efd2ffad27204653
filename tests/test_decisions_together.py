"""Many processes decide while another searches; nothing that was acknowledged is lost, and no search waits.

In the environment, ``DECISIONS`` sets how many decisions each of the eight processes makes (the long run: 1000).
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from index.deciding import history
from index.deciding.verdicts import subject, wish
from index.knowledge_base import KnowledgeBase
from index.searching.search import search
from tests.kb_making import Item, made, policy
from tests.test_kill import ROOT
from tests.test_killed_while_working import Said, whole

EACH = int(os.environ.get("DECISIONS", "60"))
PROCESSES = 8

DECIDE = """
import os, sys
from pathlib import Path
from index.deciding import history
from index.deciding import history
from index.knowledge_base import KnowledgeBase
from index.deciding.verdicts import subject, wish

def acknowledge(file, *made):
    os.write(file, "".join(f"{one.decision.id}\\n" for one in made).encode())

def wish_for(kb, number, name):
    with KnowledgeBase.open(kb) as opened:
        refs = [f"{p.slug}#{t.id}" for p in opened.policies() for t in p.tasks]
        return wish(opened, "correct", subject(opened, refs[number % len(refs)]), "title", f"水母{number}{name}", "试验")
"""

TOGETHER = (
    DECIDE
    + """
import time
kb, path, name, count = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
acks = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
said = [wish_for(kb, number, name) for number in range(40)]
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
        assert all("水母" in (hit.title or "") for hit in search(kb, "水母").hits)
    took = time.perf_counter() - started
    assert [process.communicate()[1] for process in processes] == [""] * PROCESSES
    acknowledged = [line for n in range(PROCESSES) for line in (tmp_path / f"acks-{n}").read_text().splitlines()]
    assert len(set(acknowledged)) == PROCESSES * EACH
    with KnowledgeBase.open(kb) as opened:
        assert {one.id for one in opened.history()} == set(acknowledged)
        times = [one.at for one in opened.history()]
        assert times == sorted(set(times))
    assert search(kb, "水母").total == 40
    whole(kb, Said(set(acknowledged), set(), []))
    print(
        f"{PROCESSES} x {EACH} decisions in {took:.1f} s ({len(acknowledged) / took:.0f}/s);"
        f" {len(searches)} searches meanwhile, the slowest {max(searches):.3f} s"
    )
    assert max(searches) < 1


def test_each_who_writes_has_a_turn(kb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four decide without a pause, each holding the database for long; none waits until the others have ended."""
    with KnowledgeBase.open(kb) as opened:
        said = wish(opened, "confirm", subject(opened, "park-2023#三.1"))
    real = history._now
    monkeypatch.setattr(history, "_now", lambda sql: (time.sleep(0.05), real(sql))[1])
    waits: list[float] = []

    def decide_again_and_again(who: str) -> None:
        for _ in range(10):
            before = time.perf_counter()
            history.decide(kb, who, said)
            waits.append(time.perf_counter() - before)

    people = [threading.Thread(target=decide_again_and_again, args=(f"人{number}",)) for number in range(4)]
    started = time.perf_counter()
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert len(waits) == 40
    assert max(waits) < (time.perf_counter() - started) / 2
