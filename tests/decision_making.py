"""Two small documents, and decisions on them in a knowledge base, for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from index.deciding import history
from index.deciding.verdicts import subject, wish
from index.knowledge_base import KnowledgeBase
from schemas import Decision, Subject, Wish
from tests.kb_making import Item, policy

PARK = policy(
    "park-2023",
    "化工区方案",
    [
        Item("三.1", "推进节能", "推进节能降碳，开展能效诊断。", (("经发处", "牵头"),), target_year=2025),
        Item("三.2", "发展氢能", "发展氢能。"),
    ],
)
CITY = policy(
    "city-2022",
    "上海市方案",
    [Item("三.1", "推进节能", "推进节能降碳，开展能效诊断。"), Item("三.2", "钢铁", "压减粗钢。")],
    level="municipal",
)
ONE = Subject(kind="task", doc="park-2023", item="三.1")


def decide(kb: Path, verdict: Any, ref: str, who: str = "张三", upper: str | None = None, **more: Any) -> Decision:
    with KnowledgeBase.open(kb) as opened:
        said = wish(opened, verdict, subject(opened, ref, upper), **more)
        return history.decide(kb, who, said, generation=opened.generation)[0].decision


def undo(kb: Path, one: Decision, who: str = "张三") -> Decision:
    return history.decide(kb, who, Wish(verdict="undo", subject=one.subject, undoes=one.id))[0].decision


def task(kb: Path, ref: str = "park-2023#三.1", day: str | None = None) -> Any:
    with KnowledgeBase.open(kb, day) as opened:
        return opened.task(ref)[1]
