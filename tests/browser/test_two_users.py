"""Two people at once: what one adds, the other finds as soon as it is whole, and sees no error and no half state before."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.browser.office import Office

NEW = """滨江园区清洁生产推进方案

一、重点任务
1．开展清洁生产审核。推动重点企业清洁生产审核全覆盖。（责任部门：环保办）
2．建设绿色工厂。鼓励企业建设绿色工厂。（责任部门：经发处）
"""


def test_one_adds_while_the_other_searches(
    knowledge_base: Path, serve: Callable[[Path], str], office: Callable[[str], Office], tmp_path: Path
) -> None:
    kb = Path(shutil.copytree(knowledge_base, tmp_path / "kb"))
    new = tmp_path / "滨江园区清洁生产推进方案.txt"
    new.write_text(NEW, "utf-8")
    address = serve(kb)
    reader, other = (
        office(address).go("search", q="清洁生产"),
        office(address).go("trace", task="scip-carbon-peak-2023#七.2"),
    )
    assert "共 24 项任务" in reader.reads()
    adding = subprocess.Popen(
        [sys.executable, "-m", "cli", "add", str(new), "--level", "park", "--kb", str(kb)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    seen, words = set(), ("清洁生产", "绿色工厂")
    rounds = 0
    while adding.poll() is None or rounds < 2:
        rounds += adding.poll() is not None
        for word in words:
            reader.write("检索", word)
            said = reader.reads()
            assert "没有画出来" not in said and "还不能查询" not in said
            if word == "清洁生产":
                seen.add("共 25 项任务" in said)
                assert "共 24 项任务" in said or "共 25 项任务" in said
        other.go("trace", task="scip-carbon-peak-2023#七.2")
        assert "责任链" in other.reads() and "没有画出来" not in other.reads()
    assert adding.returncode == 0
    assert seen == {False, True} or seen == {True}
    assert "滨江园区清洁生产推进方案" in reader.write("检索", "清洁生产审核全覆盖").reads()
    reader.shot("found")
