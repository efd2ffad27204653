"""The examples in docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import corpus
import extract
import index
import schemas

MODULES = [
    info.name
    for package in (schemas, corpus, extract, index)
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
