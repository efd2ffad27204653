"""Shared by all tests: `--refresh` rewrites golden files, which is never green: the diff is read, then run without."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh", action="store_true", help="rewrite the golden files and fail")
