"""A real `policytrace` that builds, adds and decides by turns is killed at random moments; what it acknowledged is there.

The process runs the commands as a person would type them, reads what it is given in worker processes, and is killed
alone: its workers must end by themselves. In the environment, ``DECISION_KILLS`` sets how often (the long run: 200).
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cli import main
from index import store
from index.deciding.decisions import resolve_all
from index.deciding.history import placed_history
from index.findings import findings
from index.knowledge_base import KnowledgeBase
from tests.test_guard import gone, until, workers_of
from tests.test_kill import ROOT, check_whole

KILLS = int(os.environ.get("DECISION_KILLS", "12"))
LONGEST = 8.0
"""Seconds after which a process is killed at the latest."""

WORK = """
import sys
from pathlib import Path
from cli import main
import corpus, extract, index.build, index.linking.candidates, index.deciding.carrying, index.linking.linker, index.searching.reindexing, index.linking.signals

kb, folder, number = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
TEXT = '''关于印发《某某园区第{0}号实施方案》的通知
各有关单位：
现将《某某园区第{0}号实施方案》印发给你们，请遵照执行。
某某园区管理委员会
2024年3月1日
某某园区第{0}号实施方案
一、重点任务
（一）推进节能降碳。实施“碳达峰”行动，开展能效诊断第{1}轮，淘汰落后电机。（牵头部门：经发处，配合部门：应急处）
（二）发展氢能产业。建设加氢站{1}座，推广氢燃料电池汽车。（责任部门：环保办）
'''

def run(*words):
    print("#", *words, flush=True)
    code = main([*words, "--kb", kb, "--json", *(["--who", "甲"] if words[0] not in ("build", "add") else [])])
    print(f"= {code}", flush=True)

def write(name, *values):
    path = folder / name
    path.write_text(TEXT.format(*values), "utf-8")
    return str(path)

print("ready", flush=True)
while True:
    number += 1
    ref = REF[number % len(REF)]
    steps = [
        ("correct", ref, "--field", "title", "--to", f"水母第{number}号", "--why", "试验"),
        ("add", write(f"方案{number % 4}.txt", number % 4, number), "--level", "park"),
        ("correct", ref, "--field", "departments", "--to", "牵头：环保办；配合：经发处"),
        ("confirm", ref),
        ("supplement", ref.partition("#")[0], "--title", "补", "--text", f"补录的任务{number}"),
        ("build", str(folder)),
        ("register", f"某某园区第{number}处", "--level", "park", "--aliases", f"{number}处"),
        ("reject", ref, "--why", "误读"),
    ]
    run(*steps[number % len(steps)])
"""


class Said(NamedTuple):
    """What the processes acknowledged: ids of decisions, digests of documents; and what went wrong."""

    decisions: set[str]
    documents: set[str]
    troubles: list[str]


def said(log: Path) -> Said:
    """A command that printed its whole answer and its code has acknowledged it; the last may have been cut short."""
    found = Said(set(), set(), [])
    for block in ("\n" + log.read_text("utf-8")).split("\n# ")[1:]:
        words, _, rest = block.partition("\n")
        answer, ended, code = rest.rpartition("\n= ")
        if not ended:
            continue
        if code.split()[0] != "0":
            found.troubles.append(block)
            continue
        value: Any = json.loads(answer)
        if isinstance(value, list):
            found.decisions.update(one["id"] for one in value)
        elif words.startswith("add "):
            found.documents.update(row["slug"] for row in value["rows"])
    return found


@pytest.fixture
def kb(tmp_path: Path) -> Iterator[Path]:
    """Two outlines, so that there is something to decide on and to link with."""
    files = [
        ROOT / "corpus" / "national" / f"{name}.yaml"
        for name in ("cn-carbon-peak-2030", "cn-industry-carbon-peak-2022")
    ]
    assert main(["build", *map(str, files), "--kb", str(tmp_path / "kb")]) == 0
    yield tmp_path / "kb"


def start(kb: Path, folder: Path, log: Path, number: int) -> subprocess.Popen[bytes]:
    with KnowledgeBase.open(kb) as opened:
        refs = [f"{policy.slug}#{task.id}" for policy in opened.policies() for task in policy.tasks][:40]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-c", f"REF = {refs!r}\n{WORK}", str(kb), str(folder), str(number)]
    with log.open("ab") as out, log.with_name("errors").open("ab") as errors:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=errors, env=environment)
    size = log.stat().st_size
    assert until(lambda: b"ready" in log.read_bytes()[size:] or process.poll() is not None, 120)
    return process


def whole(kb: Path, told: Said) -> None:
    """Everything acknowledged is there, what decisions amount to agrees with them, and the knowledge base is sound."""
    assert told.troubles == []
    with KnowledgeBase.open(kb) as opened:
        assert told.decisions <= {one.id for one in opened.history()}
        assert told.documents <= {policy.slug for policy in opened.policies()}
        assert opened.standings == resolve_all(placed_history(opened.sql))
        list(findings(opened))
    with store.reading(kb) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    check_whole(kb)


@pytest.mark.timeout(7200)
def test_killed_at_random_moments_nothing_acknowledged_is_lost(kb: Path, tmp_path: Path) -> None:
    folder, log, chance = tmp_path / "brought", tmp_path / "log", random.Random(4)
    folder.mkdir()
    log.touch()
    with_workers = 0
    for number in range(KILLS):
        process = start(kb, folder, log, number * 3)
        if number:
            time.sleep(chance.uniform(0, LONGEST))
        else:  # at least once a whole round is done before
            assert until(lambda: bool(said(log).documents), 300)
        workers = workers_of(process.pid)
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        with_workers += bool(workers)
        assert until(lambda gone_too=workers: all(map(gone, gone_too)), 30)  # type: ignore[misc]
        with log.open("a") as file:
            file.write("\n")
        whole(kb, said(log))
    told = said(log)
    print(
        f"{KILLS} kills, {with_workers} with workers; {len(told.decisions)} decisions, {len(told.documents)} documents"
    )
    assert len(told.decisions) >= KILLS / 2 and told.documents
    assert main(["check", "--kb", str(kb)]) in (0, 1)
    assert main(["build", str(folder), "--kb", str(kb)]) == 0
    whole(kb, said(log))
