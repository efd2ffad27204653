"""The bundled and the invented documents in each format give the records that their text gives."""

import itertools
from pathlib import Path

import pytest

from corpus import read_bytes
from extract import extract
from schemas import Policy
from tests import parity, pdf_office


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


@pytest.mark.parametrize("slug", ["dongling-energy-145", "jiangbei-circular-2024"])
def test_documents_set_in_word_and_exported_as_pdf(slug: str, tmp_path: Path) -> None:
    """LibreOffice sets white between Han and digits, justifies, breaks lines and rows of tables as word processors do.

    One has a table whose head breaks before （%）, one a sentence that counts （1）…；（2）… over a line's end.
    """
    policy = parity.invented()[slug]
    again = extract(read_bytes(pdf_office.exported(pdf_office.typeset(policy), tmp_path), "a.pdf"), slug=slug)
    assert parity.compared(policy, again) == {"tasks": 1.0, "departments": 1.0, "targets": 1.0}
