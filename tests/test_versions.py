"""A document that is added again becomes a new version; what changed is told clause by clause; what is repealed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cli import main
from index.build import BuildInput, build, remove
from index.deciding import versions
from index.deciding.repeal import repeals
from index.deciding.versions import clauses, compared
from index.findings import findings
from index.knowledge_base import KnowledgeBase
from index.searching.search import search
from index.snapshot import Snapshot
from schemas import NotFound
from tests.decision_making import decide
from tests.kb_making import Item, made, policy, reading_hand_made, write

HYDROGEN = "发展氢能产业，建设加氢站。推广氢燃料电池汽车。"
OLD = [
    Item("三.1", "推进节能", "推进节能降碳，开展能效诊断。", (("经发处", "牵头"),), target_year=2025),
    Item("三.2", "发展氢能", HYDROGEN),
    Item("三.3", "节约用水", "建设中水回用设施。"),
]
NEW = [
    Item("三.1", "发展氢能", HYDROGEN + "形成产业链。"),
    Item("三.2", "推进节能", "推进节能降碳，开展能效诊断。", (("环保办", "牵头"),), target_year=2025),
    Item("三.3", "扩大光伏", "利用厂房屋顶建设分布式光伏。"),
]


def document(items: list[Item], slug: str = "park-2023", title: str = "化工区碳达峰实施方案", **more: Any) -> Any:
    return policy(slug, title, items, **more)


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    made(tmp_path / "kb", document(OLD))
    return tmp_path / "kb"


def slugs(kb: Path) -> list[str]:
    with KnowledgeBase.open(kb) as opened:
        return [one.slug for one in opened.policies()]


def diff(kb: Path, slug: str = "park-2023", *numbers: int) -> versions.Difference:
    with KnowledgeBase.open(kb) as opened:
        return versions.diff(opened.sql, opened.extracted(slug), *numbers)


def test_what_was_added_dropped_and_changed_is_told_clause_by_clause(kb: Path) -> None:
    made(kb, document(NEW))
    found = diff(kb)
    assert (found.old, found.new) == (1, 2)
    tasks = {one.title: one for one in found.changes if one.kind == "task"}
    assert {title: one.change for title, one in tasks.items()} == {
        "发展氢能": "changed",
        "推进节能": "changed",
        "扩大光伏": "added",
        "节约用水": "dropped",
    }
    assert (tasks["发展氢能"].old, tasks["发展氢能"].new) == ("三.2", "三.1")
    assert [(one.change, one.text) for one in tasks["发展氢能"].clauses] == [("added", "形成产业链。")]
    assert tasks["推进节能"].departments == ("+牵头：环保办", "-牵头：经发处")


def test_versions_are_kept_and_any_two_compared(kb: Path) -> None:
    made(kb, document(NEW))
    made(kb, document(NEW[:2]))
    with KnowledgeBase.open(kb) as opened:
        listed = versions.versions(opened.sql, opened.extracted("park-2023"))
    assert [(one.number, one.tasks, one.replaced is None) for one in listed] == [
        (1, 3, False),
        (2, 3, False),
        (3, 2, True),
    ]
    assert {one.change for one in diff(kb, "park-2023", 1, 2).changes} == {"added", "dropped", "changed"}
    assert [(one.change, one.title) for one in diff(kb).changes] == [("dropped", "扩大光伏")]
    with pytest.raises(NotFound, match="第 9 版"):
        diff(kb, "park-2023", 9)


def test_one_version_has_no_difference(kb: Path) -> None:
    with pytest.raises(NotFound, match="更早的版本"):
        diff(kb)


def test_an_old_version_given_again_does_not_come_back_by_itself(kb: Path, tmp_path: Path) -> None:
    (old,) = write(tmp_path / "old", document(OLD))
    made(kb, document(NEW))
    with reading_hand_made():
        (row,) = build(kb, [old], jobs=1).rows
        assert (row.state, "旧版" in row.note) == ("未变", True)
        (row,) = build(kb, [BuildInput(old.path, "park-2023")], jobs=1).rows
    assert row.state == "更新"
    assert diff(kb).new == 3


DRAFT = "化工区碳达峰实施方案（征求意见稿）"
NAMED_AGAIN = [
    ("a draft, then the text", DRAFT, "化工区碳达峰实施方案", {}, {}, True),
    (
        "a revised one of the same issuer",
        "化工区碳达峰实施方案",
        "化工区碳达峰实施方案（2024年修订）",
        {"issuers": ("管委会",)},
        {"issuers": ("管委会",), "date": "2024-02-01"},
        True,
    ),
    ("the text, then a draft of it", "化工区碳达峰实施方案", DRAFT, {}, {}, False),
    ("of another place", DRAFT, "临港区碳达峰实施方案", {}, {}, False),
    ("of another level", DRAFT, "化工区碳达峰实施方案", {}, {"level": "municipal"}, False),
    (
        "of another issuer",
        "关于印发碳达峰实施方案",
        "关于印发碳达峰实施方案",
        {"issuers": ("甲区",)},
        {"issuers": ("乙区",)},
        False,
    ),
    (
        "both with a number of their own",
        "化工区碳达峰实施方案",
        "化工区碳达峰实施方案",
        {"issuers": ("管委会",), "doc_number": "1号"},
        {"issuers": ("管委会",), "doc_number": "2号", "date": "2024-02-01"},
        False,
    ),
]


@pytest.mark.parametrize(
    ("first", "then", "old", "new", "same"), [row[1:] for row in NAMED_AGAIN], ids=[row[0] for row in NAMED_AGAIN]
)
def test_a_new_name_may_be_a_new_version(tmp_path: Path, first: str, then: str, old: Any, new: Any, same: bool) -> None:
    kb = tmp_path / "kb"
    made(kb, document(OLD, "first-2023", first, **old))
    made(kb, document(NEW, "then-2023", then, **new))
    assert sorted(slugs(kb)) == (["first-2023"] if same else ["first-2023", "then-2023"])


def test_one_is_named_as_the_new_version_of_another(kb: Path, tmp_path: Path) -> None:
    (new,) = write(tmp_path / "new", document(NEW, "other", "另一个题目的文件"))
    with reading_hand_made():
        (row,) = build(kb, [BuildInput(new.path, "park-2023")], jobs=1).rows
    assert (row.slug, slugs(kb), diff(kb).new) == ("park-2023", ["park-2023"], 2)


def test_clauses_ignore_blanks_and_marks() -> None:
    assert clauses("甲。乙 丙；丁。", "甲。 乙丙。丁，") == ()
    assert [(one.change, one.text) for one in clauses("甲。乙。", "甲。丙。")] == [
        ("dropped", "乙。"),
        ("added", "丙。"),
    ]
    assert compared(document(OLD), document(OLD)) == ()


class TestRepeal:
    OLD_PLAN = document(OLD, "old-plan", "化工区节能方案")
    BELOW = document(OLD, "below", "厂区节能办法", basis=("化工区节能方案",), date="2023-06-01")

    @pytest.mark.parametrize(
        ("text", "repealed"),
        [
            ("本方案自印发之日起施行，《化工区节能方案》（沪化〔2020〕1号）同时废止。", True),
            ("《其他办法》和《化工区节能方案》自2024年1月1日起废止。", True),
            ("落实《化工区节能方案》，淘汰落后产能。", False),
            ("按照《化工区节能方案》推进，废止不合理的规定。", False),
        ],
    )
    def test_is_read_from_the_text(self, text: str, repealed: bool) -> None:
        new = document([Item("三.1", "附则", text)], "new-plan", "化工区新方案")
        assert repeals([self.OLD_PLAN, new]) == ({"old-plan": "new-plan"} if repealed else {})

    def test_is_told_upward_and_downward(self, kb: Path) -> None:
        new = document([Item("三.1", "附则", "《化工区节能方案》同时废止。")], "new-plan", "化工区新方案")
        made(kb, self.OLD_PLAN, self.BELOW, new)
        with KnowledgeBase.open(kb) as opened:
            assert opened.policy("old-plan").superseded_by == "new-plan"
            (old,) = [one for one in opened.policies() if one.slug == "old-plan"]
            found = {(one.kind, one.doc) for one in findings(opened)}
        assert {("superseded", "old-plan"), ("basis_superseded", "below")} <= found
        assert (old.superseded_by, old.status) == ("new-plan", "expired")
        assert Snapshot(kb).policy("old-plan") == old
        assert {hit.superseded_by for hit in search(kb, doc="old-plan").hits} == {"new-plan"}
        assert {hit.superseded_by for hit in search(kb, doc="below").hits} == {None}

    def test_what_a_person_says_is_heard_last(self, kb: Path) -> None:
        new = document([Item("三.1", "附则", "《化工区节能方案》同时废止。")], "new-plan", "化工区新方案")
        made(kb, self.OLD_PLAN, self.BELOW, new)
        decide(kb, "correct", "old-plan", field="superseded_by", after="below")
        with KnowledgeBase.open(kb) as opened:
            assert opened.policy("old-plan").superseded_by == "below"
        assert {hit.superseded_by for hit in search(kb, doc="old-plan").hits} == {"below"}

    def test_ends_with_the_document_that_said_so(self, kb: Path) -> None:
        new = document([Item("三.1", "附则", "《化工区节能方案》同时废止。")], "new-plan", "化工区新方案")
        made(kb, self.OLD_PLAN, new)
        remove(kb, ["new-plan"], who="甲")
        with KnowledgeBase.open(kb) as opened:
            assert opened.policy("old-plan").superseded_by is None

    def test_is_shown_with_the_task(self, kb: Path, capsys: pytest.CaptureFixture[str]) -> None:
        new = document([Item("三.1", "附则", "《化工区节能方案》同时废止。")], "new-plan", "化工区新方案")
        made(kb, self.OLD_PLAN, new)
        for command in (["show", "old-plan#三.1"], ["search", "--doc", "old-plan"], ["trace", "old-plan#三.1"]):
            assert main([*command, "--kb", str(kb)]) == 0
            assert "已由 new-plan 废止或取代" in capsys.readouterr().out.replace("\n", "")
