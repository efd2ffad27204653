"""The same document in other layouts gives the same records: a paragraph a line, indented, wrapped, with page numbers."""

import re
from collections.abc import Callable

import pytest

from corpus import read, read_text
from corpus.catalogue import load
from corpus.printed import Printed
from corpus.reading import read_printed
from extract import extract
from schemas import Policy

ENTRIES = {entry.slug: entry for entry in load().documents}
PAGE = 22


def plain(paragraphs: list[str]) -> str:
    return "\n".join(paragraphs)


def indented(paragraphs: list[str]) -> str:
    return "\r\n".join(line if "\t" in line else "　　" + line for line in paragraphs)


def spaced(paragraphs: list[str]) -> str:
    return "\n\n".join(paragraphs)


def wrapped(paragraphs: list[str], width: int = 34, gap: str = "\n") -> str:
    """Hard-wrapped with a first-line indent of two characters, which the converter has stripped, and page numbers."""
    lines: list[str] = []
    for paragraph in paragraphs:
        centred = len(paragraph) < 44 and not re.search("[，。；]", paragraph)
        lines += [paragraph] if "\t" in paragraph or centred else _broken(paragraph, width)
    paged: list[str] = []
    for number, start in enumerate(range(0, len(lines), PAGE), 1):
        paged += [*lines[start : start + PAGE], f"- {number} -"]
    return gap.join(paged)


def _broken(paragraph: str, width: int) -> list[str]:
    """Lines as a typesetter breaks them: never inside a number or a Latin word, no closing mark at a line's start."""
    pieces = re.findall(r"[A-Za-z0-9.%]+[，。；：、）”》]*|.[，。；：、）”》]*", paragraph)
    lines, current, room = [], "", width - 2
    for piece in pieces:
        if current and len(current) + len(piece) > room:
            lines.append(current)
            current, room = "", width
        current += piece
    return [*lines, current]


LAYOUTS: dict[str, Callable[[list[str]], str]] = {
    "plain": plain,
    "indented": indented,
    "spaced": spaced,
    "wrapped": wrapped,
    "wrapped with blank lines": lambda paragraphs: wrapped(paragraphs, 28, "\n\n"),
}


def summary(policy: Policy) -> dict[str, object]:
    return {
        "title": policy.title,
        "number": policy.doc_number,
        "issuers": policy.issuers,
        "date": policy.date,
        "basis": ["".join(title.split()) for title in policy.basis],
        "tasks": [(t.id, t.title, [(d.name, d.role) for d in t.departments], t.departments_from) for t in policy.tasks],
        "targets": [(t.task, t.value, t.unit, t.bound, t.direction, t.target_year) for t in policy.targets],
        "projects": [(p.no, p.name, p.group, p.year) for p in policy.projects],
        "phases": [(p.name, p.start, p.end) for p in policy.phases],
    }


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("slug", ENTRIES)
def test_layout_makes_no_difference(slug: str, layout: str) -> None:
    source = read(ENTRIES[slug].file)
    again = extract(read_text(LAYOUTS[layout](source.text.split("\n"))))
    expected, found = summary(extract(source)), summary(again)
    for key, value in expected.items():
        assert found[key] == value, key


TOLD = [
    "各区人民政府，市政府各委、办、局：",
    "为深入贯彻落实国家节水行动，推进本市节水工作，制定本方案",  # no mark at the end, and yet a paragraph
    "市水务局会同有关部门建立用水总量和强度双控考核机制",
    "建成一批节水型企业、节水型园区和节水型工业聚集区",
    "推广先进适用的节水工艺、技术、设备和材料清单目录",
    "2025年，全市用水总量控制在110亿立方米以内。",
]


def told(text: str) -> list[str]:
    return read_printed(Printed(text, "docx", paragraphs=True), "a.docx", "0").text.split("\n")


def test_paragraphs_that_the_file_tells_are_never_joined() -> None:
    assert told("\n".join(TOLD * 5)) == TOLD * 5


def test_a_repeated_short_paragraph_is_no_running_head_where_the_file_tells_paragraphs() -> None:
    lines = [line for n in range(5) for line in (*TOLD[1:] * 2, "责任单位　市水务局")]
    assert told("\n".join(lines)).count("责任单位 市水务局") == 5


@pytest.mark.parametrize("width", [28, 34, 40])
def test_hard_wrapped_lines_pasted_as_paragraphs_are_joined(width: int) -> None:
    source = read(ENTRIES["scip-carbon-peak-2023"].file)
    printed = wrapped(source.text.split("\n"), width)
    assert told(printed) == read_text(printed).text.split("\n")


@pytest.mark.parametrize(
    ("printed", "paragraphs"),
    [
        ("推进节水改造，提高用水效率，\n到2025年取得明显成效。", ["推进节水改造，提高用水效率，到2025年取得明显成效。"]),
        ("根据《某省节水\n条例》制定本方案。", ["根据《某省节水条例》制定本方案。"]),
        ("（一）节水。推进节水。（责任单位：市水务局、\n市发展改革委）", ["（一）节水。推进节水。（责任单位：市水务局、市发展改革委）"]),
        ("推进节水改造，提高用水效率，\n（二）节能。", ["推进节水改造，提高用水效率，", "（二）节能。"]),
        ("各单位（含直属单位\n推进节水改造。", ["各单位（含直属单位", "推进节水改造。"]),
        ("关于印发\v《某省节水条例》的通知", ["关于印发", "《某省节水条例》的通知"]),
        ("推进高耗水行业节水改造和工艺升级和用水设备更新，到2025年万元工业增加值用水量下降\v16%以上。", ["推进高耗水行业节水改造和工艺升级和用水设备更新，到2025年万元工业增加值用水量下降", "16%以上。"]),
        ("推进高耗水行业节水改造和工艺升级和用水设备更新，到2025年万元工业增加值\v用水量下降16%以上。", ["推进高耗水行业节水改造和工艺升级和用水设备更新，到2025年万元工业增加值用水量下降16%以上。"]),
        ("推进高耗水行业节水改造和工艺升级和用水设备更新，到2025年万元工业增加值\v　　用水量下降16%以上。", ["推进高耗水行业节水改造和工艺升级和用水设备更新，到2025年万元工业增加值", "用水量下降16%以上。"]),
        ("序号\t任务\n1\t节水\t\n\t节能", ["序号\t任务", "1\t节水\t", "\t节能"]),
    ],
)  # fmt: skip
def test_a_paragraph_goes_on_only_where_it_cannot_end(printed: str, paragraphs: list[str]) -> None:
    assert told(printed) == paragraphs


def test_who_answers_is_no_running_head_however_often_it_comes_back() -> None:
    item = ["推进高耗水行业节水改造，提高用水效率。"] * 12 + ["牵头单位：县工信局"]
    assert read_text("\n".join(item * 4)).text.count("牵头单位：县工信局") == 4
