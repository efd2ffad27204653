"""The bundled and the invented documents in each format give the records that their text gives."""

import itertools

import pytest

from schemas import Policy
from tests import parity


@pytest.fixture(scope="module")
def originals() -> dict[str, Policy]:
    return parity.originals()


def short(cells: list[parity.Cell]) -> list[parity.Cell]:
    """Those that are neither whole nor explained."""
    return [cell for cell in cells if cell.share < 1 and cell[:3] not in parity.EXPLAINED]


@pytest.mark.parametrize("form", parity.FORMATS)
def test_the_same_document_gives_the_same_records(originals: dict[str, Policy], form: str) -> None:
    assert short(list(parity.cells(originals, [form]))) == []


def test_what_is_explained_is_still_so(originals: dict[str, Policy]) -> None:
    for slug, form, kind in parity.EXPLAINED:
        policy = originals[slug] if slug in originals else parity.invented()[slug]
        assert 0 < parity.shares(policy, form)[kind] < 1


def test_invented_documents_give_the_same_records() -> None:
    """Each in two formats; `make score` tries all."""
    forms = itertools.cycle(itertools.pairwise([*parity.FORMATS, *parity.FORMATS][::3]))
    for (slug, policy), pair in zip(parity.invented().items(), forms, strict=False):
        assert short(list(parity.cells({slug: policy}, pair))) == [], slug
