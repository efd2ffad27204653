"""PDF files → the records of the text: layouts of offices, furniture, columns."""

import re

import pytest

from corpus import read, read_bytes
from corpus.catalogue import load
from corpus.source import Source
from extract import extract
from schemas import Policy
from tests.pdf_boxes import agreeing
from tests.pdf_making import Style, pdf
from tests.test_layouts import summary

ENTRIES = {entry.slug: entry for entry in load().documents}

LAYOUTS = {
    "GB/T 9704": Style(),
    "paragraphs apart": Style(indent=False, apart=True),
    "head, foot, slanted watermark": Style(
        head="上海市人民政府公报", foot="内部资料 注意保存", watermark="仅供内部使用"
    ),
    "two columns": Style(size=10.5, pitch=17, letters=22, lines=38, columns=2, left=50, title_size=12),
}


def text_of(slug: str) -> Source:
    return read(ENTRIES[slug].file)


def titles_of(policy: Policy) -> frozenset[str]:
    return frozenset(t for t in (policy.title, policy.notice_title) if t)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("slug", ENTRIES)
def test_a_document_set_as_pdf_gives_the_records_of_its_text(slug: str, layout: str) -> None:
    source = text_of(slug)
    policy = extract(source)
    data = pdf(source.text.split("\n"), LAYOUTS[layout], titles_of(policy))
    again = extract(read_bytes(data, "a.pdf"))
    found, expected = summary(again), summary(policy)
    for key, value in expected.items():
        assert found[key] == value, key
    if not LAYOUTS[layout].watermark:  # whose letters stand in the boxes too
        right, every, wrong = agreeing(again, data)
        assert right >= 0.99 * every, wrong[:5]


def test_what_is_taken_off_is_told() -> None:
    source = text_of("scip-carbon-peak-2023")
    again = read_bytes(pdf(source.text.split("\n"), LAYOUTS["head, foot, slanted watermark"]), "a.pdf")
    told = "\n".join(d.note for d in again.defects)
    assert re.search(r"页码 \d+ 处", told) and re.search(r"页眉或页脚 \d+ 处", told) and "水印" in told
    assert not re.search(r"公报|内部资料|仅供内部|— \d", again.text)
