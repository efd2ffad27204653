"""Numbers that Word counts and no text holds: they are read as the reader sees them."""

import pytest

from corpus.formats.docx_numbers import formatted
from corpus.numerals import integer
from tests.docx_making import (
    OFFICIAL,
    STYLES,
    level,
    lines,
    numbered,
    numbering,
    p,
    styled,
)


@pytest.mark.parametrize(
    ("style", "numbers"),
    [
        ("chineseCounting", {1: "一", 10: "十", 11: "十一", 20: "二十", 35: "三十五"}),
        ("chineseCountingThousand", {3: "三", 19: "十九", 100: "一百", 105: "一百零五", 110: "一百一十", 1001: "一千零一"}),
        ("japaneseCounting", {2: "二", 12: "十二"}),
        ("ideographDigital", {7: "七", 10: "一〇", 23: "二三"}),
        ("chineseLegalSimplified", {1: "壹", 12: "壹拾贰"}),
        ("ideographTraditional", {1: "甲", 10: "癸", 11: "11"}),
        ("ideographZodiac", {1: "子"}),
        ("decimalEnclosedCircle", {1: "①", 20: "⑳", 21: "21"}),
        ("decimalEnclosedCircleChinese", {3: "③"}),
        ("decimalEnclosedParen", {2: "⑵"}),
        ("decimalEnclosedFullstop", {2: "⒉"}),
        ("ideographEnclosedCircle", {1: "㊀"}),
        ("decimalFullWidth", {12: "１２"}),
        ("decimalZero", {3: "03", 12: "12"}),
        ("upperLetter", {1: "A", 26: "Z", 27: "AA"}),
        ("lowerLetter", {2: "b"}),
        ("upperRoman", {4: "IV", 19: "XIX"}),
        ("lowerRoman", {9: "ix"}),
        ("decimal", {12: "12"}),
        ("none", {1: ""}),
        ("hebrew1", {5: "5"}),
    ],
)  # fmt: skip
def test_formats_of_numbers(style: str, numbers: dict[int, str]) -> None:
    assert {n: formatted(n, style) for n in numbers} == numbers


def test_numbers_in_han_are_read_back_as_they_were() -> None:
    assert [integer(formatted(n, "chineseCountingThousand")) for n in range(1, 12_000, 7)] == list(range(1, 12_000, 7))


def test_the_four_levels_of_an_official_document() -> None:
    steps = [0, 1, 1, 2, 2, 3, 3, 0, 1, 2, 0]
    body = "".join(numbered("节水", 1, depth) for depth in steps)
    assert lines(body, numbering=numbering(OFFICIAL)) == [
        "一、节水", "（一）节水", "（二）节水", "1.节水", "2.节水", "① 节水", "② 节水", "二、节水", "（一）节水", "1.节水", "三、节水",
    ]  # fmt: skip


def test_decimals_hold_the_numbers_above_and_legal_ones_are_digits() -> None:
    levels = (
        level(0, "chineseCountingThousand", "第%1章")
        + level(1, "decimal", "%1.%2", "<w:isLgl/>")
        + level(2, "decimal", "%1.%2.%3", "<w:isLgl/>")
    )
    body = "".join(numbered("节水", 1, depth) for depth in (0, 1, 1, 2, 0, 1))
    assert lines(body, numbering=numbering(levels)) == [
        "第一章 节水",
        "1.1 节水",
        "1.2 节水",
        "1.2.1 节水",
        "第二章 节水",
        "2.1 节水",
    ]


def test_two_lists_of_one_definition_count_on_and_an_override_starts_again() -> None:
    override = '<w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
    override += '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    override += f'<w:num w:numId="4"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">{level(0, "upperLetter", "%1.")}</w:lvlOverride></w:num>'
    body = numbered("节水", 1) + numbered("节水", 2) + numbered("节水", 3) + numbered("节水", 3) + numbered("节水", 4)
    assert lines(body, numbering=numbering(OFFICIAL, override)) == [
        "一、节水",
        "二、节水",
        "一、节水",
        "二、节水",
        "A.节水",
    ]


def test_numbers_that_never_start_again() -> None:
    levels = level(0, "chineseCounting", "%1、") + level(1, "decimal", "%2.", '<w:lvlRestart w:val="0"/>')
    body = "".join(numbered("节水", 1, depth) for depth in (0, 1, 1, 0, 1))
    assert lines(body, numbering=numbering(levels)) == ["一、节水", "1.节水", "2.节水", "二、节水", "3.节水"]


def test_numbers_come_from_styles_and_are_switched_off_by_zero() -> None:
    levels = level(0, "chineseCounting", "%1、", '<w:pStyle w:val="1"/>') + level(
        1, "chineseCounting", "（%2）", '<w:pStyle w:val="2"/>'
    )
    off = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    body = (
        styled("节水", "1")
        + styled("节水", "2")
        + styled("不编号", "1", off)
        + styled("节水", "2")
        + styled("节水", "3")
    )
    assert lines(body, numbering=numbering(levels), styles=STYLES) == [
        "一、节水",
        "（一）节水",
        "不编号",
        "（二）节水",
        "二、节水",
    ]


def test_a_list_that_stands_for_a_numbering_style() -> None:
    linked = '<w:abstractNum w:abstractNumId="7"><w:numStyleLink w:val="9"/></w:abstractNum>'
    nums = '<w:num w:numId="5"><w:abstractNumId w:val="7"/></w:num>'
    xml = numbering(OFFICIAL, nums).replace("</w:numbering>", linked + "</w:numbering>")
    assert lines(numbered("节水", 5) + numbered("节水", 5), numbering=xml, styles=STYLES) == ["一、节水", "二、节水"]


def test_bullets_of_symbol_fonts_are_what_the_reader_sees() -> None:
    font = '<w:rPr><w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/></w:rPr>'
    xml = numbering(level(0, "bullet", "\uf0d8").replace("</w:lvl>", font + "</w:lvl>"))
    assert lines(numbered("节水", 1), numbering=xml) == ["➢ 节水"]


def test_numbers_in_cells_are_counted_too() -> None:
    row = "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in (numbered("", 1), p("节水"))) + "</w:tr>"
    assert lines(f"<w:tbl>{row * 3}</w:tbl>", numbering=numbering(level(0, "decimal", "%1"))) == [
        "1\t节水",
        "2\t节水",
        "3\t节水",
    ]
