"""The bundled documents in each format: all tasks and departments, and 98 % of the targets, as their text gives them."""

import pytest

from schemas import Policy
from tests import parity


@pytest.fixture(scope="module")
def originals() -> dict[str, Policy]:
    return parity.originals()


@pytest.mark.parametrize("form", parity.FORMATS)
def test_the_same_document_gives_the_same_records(originals: dict[str, Policy], form: str) -> None:
    for slug, policy in originals.items():
        found = parity.shares(policy, form)
        assert (found["tasks"], found["departments"]) == (1.0, 1.0), slug
        assert found["targets"] >= 0.98, slug
