"""Imports run one way, and what must not be loaded is not."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def test_imports_run_one_way() -> None:
    command = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert command, "install the test extras: make test"
    run = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("schemas", ("spacy", "whoosh", "jieba", "streamlit")),
        ("extract", ("spacy", "whoosh", "jieba", "streamlit", "pandas")),
        ("index.searching.search", ("pydantic", "spacy", "jieba", "numpy", "streamlit", "pandas")),
        ("cli", ("pydantic", "spacy", "jieba", "numpy", "whoosh", "streamlit", "pandas")),
    ],
)
def test_what_a_module_does_not_load(module: str, absent: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print([m for m in {absent!r} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert out.stdout.strip() == "[]"


def test_the_project_stands_alone() -> None:
    """Nothing outside of the checkout is read: no path climbs out of it."""
    for file in (
        p for folder in ("schemas", "corpus", "extract", "index", "pages") for p in (ROOT / folder).rglob("*.py")
    ):
        assert "../shared" not in file.read_text("utf-8"), file
