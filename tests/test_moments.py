"""Days are those of the place: what was decided on the morning of the 2nd in Shanghai is not of the 1st."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import main
from index.deciding import moments
from index.deciding.history import restore
from index.knowledge_base import KnowledgeBase
from schemas import Decision, PolicyError
from tests.decision_making import CITY, ONE, PARK
from tests.kb_making import made


@pytest.fixture
def shanghai(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the system cannot change the time zone")
def test_a_day_ends_at_local_midnight(shanghai: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kb = tmp_path / "kb"
    made(kb, PARK, CITY)
    at = "2025-03-01T23:00:00.000000+00:00"
    restore(kb, [Decision(id="d" * 32, at=at, who="张三", verdict="confirm", subject=ONE)])
    assert moments.shown(at) == "2025-03-02 07:00"
    for day, state in (("2025-03-01", "extracted"), ("2025-03-02", "confirmed")):
        with KnowledgeBase.open(kb, day) as opened:
            assert opened.task("park-2023#三.1")[1].state == state
    capsys.readouterr()
    assert main(["history", "--since", "2025-03-02", "--kb", str(kb)]) == 0
    assert "2025-03-02 07:00" in capsys.readouterr().out
    assert main(["check", "--at", "2025-03-01", "--kb", str(kb), "--json"]) in (0, 1)
    assert main(["trace", "park-2023#三.1", "--at", "昨天", "--kb", str(kb)]) == 2
    assert "不是日期" in capsys.readouterr().err


@pytest.mark.parametrize("day", ["2025-13-01", "", "昨天", "2025"])
def test_what_is_no_day_is_told(day: str) -> None:
    with pytest.raises(PolicyError, match="不是日期"):
        moments.end_of(day)
