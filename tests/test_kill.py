"""A build that dies at any moment leaves the knowledge base as it was, or as it was to become; never between.

``KILLS`` in the environment sets how many random moments are tried.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from index import store
from index.build import BuildInput, build
from index.knowledge_base import KnowledgeBase
from index.searching import generations
from index.searching.search import search
from tests.test_guard import gone, workers_of

ROOT = Path(__file__).parent.parent
OUTLINES = [path for path in sorted((ROOT / "corpus" / "national").glob("*.yaml")) if path.name != "catalogue.yaml"]
OLD, NEW = OUTLINES[:2], OUTLINES
KILLS = int(os.environ.get("KILLS", "25"))

RUN = """
import signal, sys
from pathlib import Path
import corpus.outlines, corpus.segmentation, index.linking.linker
from index.build import BuildInput, build
signal.signal(signal.SIGINT, signal.default_int_handler)
print("ready", flush=True)
kb, jobs, *paths = sys.argv[1:]
build(Path(kb), [BuildInput(Path(path)) for path in paths], jobs=int(jobs))
"""

DIE = """
import os, signal
from index import build as module, holdings, store
from index.searching import generations
def dying(owner, name, after):
    real = getattr(owner, name)
    def wrapped(*args, **kwargs):
        result = real(*args, **kwargs) if after else None
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(owner, name, wrapped)
"""

MOMENTS = {
    "before a document is stored": "dying(holdings, 'keep', False)",
    "with a document half stored": "dying(store.shutil, 'copyfile', True)",
    "after a document is stored": "dying(holdings, 'keep', True)",
    "before the index is written": "dying(generations, '_write_index', False)",
    "with an index without its words": "dying(generations, '_write_index', True)",
    "after the index is written": "dying(generations, 'write', True)",
    "inside the transaction": "dying(holdings.Holdings, 'save', True)",
    "after the transaction": "dying(generations, 'remove_all_but', False)",
    "after the last step": "dying(generations, 'remove_all_but', True)",
}


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A knowledge base of the old documents, as a pattern to copy."""
    kb = tmp_path_factory.mktemp("kill") / "kb"
    build(kb, [BuildInput(path) for path in OLD])
    return kb


@pytest.fixture
def kb(old: Path, tmp_path: Path) -> Path:
    shutil.copytree(old, tmp_path / "kb")
    return tmp_path / "kb"


def start(kb: Path, code: str = RUN, jobs: int = 1, files: Sequence[Path] = NEW) -> subprocess.Popen[str]:
    """A build of the new documents, in a process of its own; it has begun when this returns."""
    command = [sys.executable, "-c", code, str(kb), str(jobs), *map(str, files)]
    process = subprocess.Popen(
        command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n", process.communicate()[1]
    return process


def end(process: subprocess.Popen[str]) -> str:
    """What it said on stderr."""
    return process.communicate(timeout=60)[1]


def check_whole(kb: Path) -> set[str]:
    """The knowledge base opens, and its parts are of one build. Gives its documents."""
    with KnowledgeBase.open(kb) as opened:
        policies, links = opened.policies(), opened.links()
        tasks = {f"{policy.slug}#{task.id}" for policy in policies for task in policy.tasks}
        assert {str(end) for link in links for end in (link.lower, link.upper)} <= tasks
        assert links
        result = search(kb, limit=len(tasks) + 1)
        assert result.generation == opened.generation
        assert {hit.ref for hit in result.hits} == tasks
        for policy in policies:
            assert store.kept(kb, policy.sha256)
    assert search(kb, "“碳达峰”").total
    return {policy.slug for policy in policies}


def check_builds(kb: Path) -> None:
    """A build after it ends well and leaves nothing lying about."""
    report = build(kb, [BuildInput(path) for path in NEW], jobs=1)
    assert not report.failed
    assert check_whole(kb) == {path.stem for path in NEW}
    assert len(list((kb / store.INDEX).iterdir())) <= 2
    assert not (kb / store.DOCUMENTS / ".new").exists()


@pytest.fixture(scope="module")
def seconds(old: Path, tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long the build takes when nobody kills it."""
    kb = tmp_path_factory.mktemp("whole") / "kb"
    shutil.copytree(old, kb)
    process = start(kb)
    started = time.perf_counter()
    end(process)
    assert process.returncode == 0
    return time.perf_counter() - started


@pytest.mark.parametrize("number", range(KILLS))
def test_killed_at_a_random_moment(kb: Path, seconds: float, number: int) -> None:
    process = start(kb)
    time.sleep(random.Random(number).uniform(0, 1.05) * seconds)
    process.kill()
    end(process)
    assert check_whole(kb) in ({path.stem for path in OLD}, {path.stem for path in NEW})
    check_builds(kb)


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_a_known_moment(kb: Path, moment: str) -> None:
    process = start(kb, DIE + MOMENTS[moment] + RUN)
    end(process)
    assert process.returncode == -signal.SIGKILL
    became_new = moment in ("after the transaction", "after the last step")
    assert check_whole(kb) == {path.stem for path in (NEW if became_new else OLD)}
    check_builds(kb)


@pytest.mark.parametrize("share", [0.1, 0.4, 0.6, 0.8, 0.95])
def test_interrupted(kb: Path, seconds: float, share: float) -> None:
    process = start(kb)
    time.sleep(share * seconds)
    process.send_signal(signal.SIGINT)
    said = end(process)
    assert process.returncode in (0, -signal.SIGINT) or "KeyboardInterrupt" in said
    assert check_whole(kb) in ({path.stem for path in OLD}, {path.stem for path in NEW})
    assert len(list((kb / store.INDEX).iterdir())) <= 2
    check_builds(kb)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_workers_end_with_their_parent(kb: Path, how: signal.Signals) -> None:
    brought = [Path(shutil.copy(path, kb.parent)) for path in NEW]
    process = start(kb, jobs=2, files=brought)
    deadline = time.monotonic() + 30
    while len(workers := workers_of(process.pid)) < 2 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(how)
    end(process)
    while not all(map(gone, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert all(map(gone, workers))
    check_whole(kb)
    check_builds(kb)


def test_a_generation_of_an_unfinished_build_is_never_live(kb: Path) -> None:
    with KnowledgeBase.open(kb) as opened:
        live = opened.generation
    generations.write(kb, "999999-unfinished", [])
    with KnowledgeBase.open(kb) as opened:
        assert opened.generation == live
    check_builds(kb)
