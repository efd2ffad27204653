"""Every rule reads its examples and leaves alone what it must."""

import pytest

from corpus.furniture import PAGE_NUMBERS, WATERMARKS, LineRule
from corpus.numbering import NUMBERINGS, Numbering, read_marker
from extract.rules import departments, frontmatter, headings, limits, targets
from extract.rules.rule import Rule

RULES = [
    row
    for module in (departments, frontmatter, headings, limits, targets)
    for row in vars(module).values()
    if isinstance(row, Rule)
] + [row for row in limits.LIMITS if row not in vars(limits).values()]
HEADINGS = (headings.BACKGROUND, headings.GOALS, headings.SAFEGUARD)
PATTERNS = [row for row in RULES if row not in HEADINGS]


def _match(row: Rule, text: str):
    return row.pattern.fullmatch(text) if row is frontmatter.GENRE_END else row.pattern.search(text)


def _label(value: object) -> str:
    return value if isinstance(value, str) else getattr(value, "name", getattr(value, "style", ""))


@pytest.mark.parametrize(
    ("row", "text", "fields"), [(r, *case) for r in PATTERNS for case in r.reads.items()], ids=_label
)
def test_rule_reads_its_examples(row: Rule, text: str, fields: dict) -> None:
    match = _match(row, text)
    assert match is not None
    found = {key: value and value.strip() or value for key, value in match.groupdict().items() if key in fields}
    assert found == dict(fields)


@pytest.mark.parametrize(("row", "text"), [(r, text) for r in PATTERNS for text in r.skips], ids=_label)
def test_rule_leaves_alone(row: Rule, text: str) -> None:
    assert _match(row, text) is None


@pytest.mark.parametrize(("row", "text"), [(r, text) for r in HEADINGS for text in r.reads], ids=_label)
def test_heading_is_classed(row: Rule, text: str) -> None:
    assert headings.classify(text) == row.name


@pytest.mark.parametrize(("row", "text"), [(r, text) for r in HEADINGS for text in r.skips], ids=_label)
def test_heading_is_not_of_this_class(row: Rule, text: str) -> None:
    assert headings.classify(text) != row.name


def test_every_rule_says_its_convention() -> None:
    assert len(RULES) > 20
    assert all(row.convention and row.reads for row in RULES)


@pytest.mark.parametrize(
    ("row", "text", "label"), [(r, *case) for r in NUMBERINGS for case in r.reads.items()], ids=_label
)
def test_numbering_reads_its_examples(row: Numbering, text: str, label: str) -> None:
    marker = read_marker(text)
    assert marker is not None
    assert marker.style == row.style
    assert marker.label in (label, {"①": "1"}.get(label))


@pytest.mark.parametrize("text", [text for r in NUMBERINGS for text in r.skips])
def test_numbers_in_sentences_are_no_numbering(text: str) -> None:
    assert read_marker(text) is None


@pytest.mark.parametrize("row", [*PAGE_NUMBERS, *WATERMARKS], ids=lambda row: row.name)
def test_page_furniture(row: LineRule) -> None:
    assert all(row.pattern.fullmatch(line) for line in row.reads)
    assert not any(row.pattern.fullmatch(line) for line in row.skips)
