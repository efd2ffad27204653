"""What must hold on any text."""

import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus import read_text
from corpus.catalogue import load
from corpus.mapped import Mapped
from corpus.segmentation import cut
from extract import annotate, extract, process
from schemas import Origin, Policy

PIECES = st.sampled_from(
    [
        "一、总体要求", "（一）主要目标", "1.推进节水。", "（1）", "①", "第一章 总则", "第三条 ", "1.1 范围", "——", "专栏1 ", "附件", "附件1：清单",
        "（责任单位：市水务局、市发展改革委）", "（市经济信息化委牵头，各区政府配合）", "责任部门：经发处", "（ ）", "（", "）", "《", "》",
        "到2025年，用水量下降16%", "不少于10家", "较 2020 年", "“十四五”期间", "只减不增", "达到 户以上", "年 月 日", "2023年6月28日",
        "推进", "鼓励企业", "严禁新增产能", "各区人民政府：", "关于印发《某方案》的通知", "现印发给你们", "沪府〔2022〕7号",
        "序号\t任务\t责任单位\t完成时限", "1\t节水\t市水务局\t2025年", "\t\t", "- 10 -", "目录", "\ufffd", "жȽᙱ։㾷≸", "\u05d1", "\u202e",
        "，", "。", "；", "：", " ", "  ", "\n", "\n\n", "\f", "\t", "[bookmark: _Toc1]", r"$\mu\text{g}$", "市生态环境局市市场监督管理局",
    ]
)  # fmt: skip
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=40).map("".join)
LAWS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def origins(policy: Policy) -> list[tuple[Origin, str | None]]:
    """Every origin in a policy, with the text that must stand there (None where the record's own is normalised)."""
    found: list[tuple[Origin, str | None]] = []
    for task in policy.tasks:
        found.append((task.origin, task.text))
        found += [(m.origin, m.text) for m in task.measures]
        found += [(d.origin, None) for d in task.departments]
        found += [(task.heading, None)] if task.heading else []
    found += [(t.origin, t.quote) for t in policy.targets]
    found += [(r.origin, None) for r in (*policy.sections, *policy.projects, *policy.phases, *policy.division)]
    found += [(c.origin, None) for c in policy.citations]
    found += [(d.origin, None) for d in policy.defects if d.origin]
    return found


def check(policy: Policy) -> None:
    text = policy.logical_text
    for origin, said in origins(policy):
        assert 0 <= origin.start <= origin.end <= len(text)
        assert origin.line >= 1
        if said is not None:
            assert text[origin.start : origin.end] == said
    for task in policy.tasks:
        for d in task.departments:
            assert "".join(text[d.origin.start : d.origin.end].split()) == d.name
    for ids in ([t.id for t in policy.tasks], [t.id for t in policy.targets]):
        assert len(ids) == len(set(ids))
    for records in (policy.tasks, policy.targets, policy.citations, policy.sections):
        starts = [r.origin.start for r in records]
        assert starts == sorted(starts)


@given(TEXTS)
@LAWS
def test_laws_hold_on_any_text(raw: str) -> None:
    source = read_text(raw)
    assert len(source.text) == len(source.at)
    assert all(0 <= place < len(raw) for place in source.at)
    policy = extract(source)
    check(policy)
    assert extract(read_text(raw)) == policy


@given(TEXTS)
@settings(LAWS, max_examples=40)
def test_words_and_layers_hold_the_text(raw: str) -> None:
    source = read_text(raw)
    doc = annotate(source)
    assert doc.text == source.text
    for task, span in zip(doc._.policy.tasks, doc.spans["tasks"], strict=False):
        assert span.start_char <= task.origin.start and span.end_char >= task.origin.end
    cuts = process(source).cuts
    assert list(cuts) == sorted(set(cuts)) and (not cuts or cuts[-1] == len(source.text))
    assert Policy.model_validate_json(doc._.policy.model_dump_json()) == doc._.policy


@given(st.text())
@LAWS
def test_cutting_keeps_the_text(text: str) -> None:
    assert "".join(cut(text)) == text


@given(st.text("能耗下降 18%\n（）"))
def test_every_character_knows_its_place(source: str) -> None:
    import re

    clean = Mapped.whole(source).sub(re.compile(r"\s*\n\s*"), "")
    assert clean.text == "".join(source[i] for i in clean.at)


def test_bundled_documents_obey_the_laws() -> None:
    from corpus import read

    for entry in load().documents:
        check(extract(read(entry.file), slug=entry.slug))


def test_two_processes_give_the_same_bytes() -> None:
    code = (
        "from corpus import read; from corpus.catalogue import load; from extract import extract\n"
        "print([extract(read(e.file)).model_dump_json() for e in load().documents])"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            timeout=120,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] and len(runs[0]) > 100_000


@pytest.mark.parametrize(
    "text",
    [
        "节水" + "（" * 300_000,
        "《" * 100_000 + "节水",
        "推进节水，" * 100_000,
        "节水 " * 100_000,
        "\n".join(["节水"] * 20_000),
        "\n".join(f"（{c}）推进节水。" for c in "一二三四五六七八九十" * 500),
        "序号\t任务\t责任单位\n" + "1\t节水\t市水务局\n" * 5_000,
        "（" + "市水务局、" * 20_000 + "负责）",
    ],
    ids=["brackets", "marks", "clauses", "blanks", "lines", "numbers", "rows", "names"],
)
@pytest.mark.timeout(60)
def test_no_text_takes_more_than_its_length(text: str) -> None:
    """No step may go quadratic: at that, each of these would take minutes (the limit is for that, not for speed)."""
    check(extract(read_text(text)))
