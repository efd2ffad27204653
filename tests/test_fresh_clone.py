"""Both commands of the README on a fresh clone, as a newcomer would run them.

Needs git, make and a package index; skipped, with the reason, where one of these is missing.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NESTED = "POLICYTRACE_FRESH_CLONE"
pytestmark = [
    pytest.mark.skipif(NESTED in os.environ, reason="this is the run inside the clone"),
    pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a git checkout"),
    pytest.mark.skipif(not all(map(shutil.which, ("git", "make"))), reason="git or make is not installed"),
    pytest.mark.timeout(900),
]


def _make(clone: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {
        key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONPATH", "PYTEST_ADDOPTS")
    }
    command = ["make", *arguments, f"PYTHON={sys.executable}"]
    return subprocess.run(command, cwd=clone, env=kept | environment, capture_output=True, text=True, timeout=800)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("fresh") / "policytrace"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True, timeout=120)
    setup = _make(folder, "setup")
    if setup.returncode and "No matching distribution" in setup.stdout + setup.stderr:
        pytest.skip("no package index can be reached")
    assert setup.returncode == 0, setup.stdout + setup.stderr
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_make_app_builds_and_serves(clone: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = subprocess.Popen(
        ["make", "app", f"PORT={port}", f"PYTHON={sys.executable}"],
        cwd=clone,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        assert _answers(f"http://127.0.0.1:{port}/_stcore/health", 120)
        assert (clone / "kb" / "records.sqlite").exists()
    finally:
        os.killpg(app.pid, signal.SIGINT)
        out, _ = app.communicate(timeout=30)
    assert f"http://127.0.0.1:{port}" in out


def test_make_test_runs(clone: Path) -> None:
    chosen = "tests/test_rules.py tests/test_cli.py"
    run = _make(clone, "test", **{NESTED: "1", "PYTEST_ADDOPTS": chosen})
    assert run.returncode == 0, (run.stdout + run.stderr)[-4000:]
    assert " passed" in run.stdout


def _answers(url: str, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            time.sleep(0.5)
    return False
