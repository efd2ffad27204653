"""Shared by all tests: `--refresh` rewrites golden files, which is never green: the diff is read, then run without."""

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh", action="store_true", help="rewrite the golden files and fail")


@pytest.fixture(scope="session")
def knowledge_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A knowledge base of the bundled corpus, built once. Read only: a test that changes one copies it."""
    from index.build import build

    kb = tmp_path_factory.mktemp("bundled") / "kb"
    assert not build(kb, jobs=1).failed
    return kb


@pytest.fixture(scope="session")
def held_tasks(knowledge_base: Path) -> int:
    """How many tasks it holds."""
    from index.knowledge_base import KnowledgeBase

    with KnowledgeBase.open(knowledge_base) as kb:
        return sum(len(policy.tasks) for policy in kb.policies())
