"""What the commands of `policytrace` are made of: how a command is described, and the arguments that several have."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, NamedTuple

LEVELS = {"国家": "national", "省级": "provincial", "市级": "municipal", "区县": "district", "园区": "park"}
STRENGTHS = {"禁止": "prohibit", "要求": "require", "推进": "promote", "鼓励": "encourage", "探索": "explore"}


def level(text: str) -> str:
    return _one_of(text, LEVELS, "层级")


def strength(text: str) -> str:
    return _one_of(text, STRENGTHS, "力度")


def _one_of(text: str, known: dict[str, str], what: str) -> str:
    """The code for a Chinese word, or the code itself."""
    code = known.get(text, text)
    if code not in known.values():
        raise argparse.ArgumentTypeError(f"没有“{text}”这个{what}，可以写：{'、'.join(known)}")
    return code


def number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"“{text}”应是不小于 0 的整数")
    return int(text)


class Command(NamedTuple):
    """A command: what runs it, what it does, its examples (without the program's name), its arguments."""

    run: Callable[[argparse.Namespace], int]
    does: str
    examples: tuple[str, ...]
    arguments: tuple[tuple[tuple[str, ...], dict[str, Any]], ...]


def argument(*names: str, **options: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    return names, options


AS_JSON = argument("--json", action="store_true", help="在标准输出打印一个 JSON 值，别无其他")
DOC = argument("--doc", metavar="SLUG", help="只看这份文件，例如 scip-carbon-peak-2023")
DEPARTMENT = argument("--department", metavar="D", help="责任部门，任何一个名称都可以，例如 环保办、市经济信息化委")
LEVEL = argument("--level", metavar="L", type=level, help=f"层级：{'、'.join(LEVELS)}")
WHO = argument("--who", metavar="姓名", help="谁作的决定（默认 $POLICYTRACE_WHO，否则系统用户名）")
WHY = argument("--why", metavar="理由", default="", help="为什么")
AT = argument("--at", metavar="日期", help="看这一天结束时的状况，例如 2025-03-01")
COUNT: dict[str, Any] = {"type": number, "metavar": "N"}
WHOLE = "scip-carbon-peak-2023"
REF = f"任务编号，写成 文件#任务，例如 {WHOLE}#三.1"

RECORD = argument(
    "ref", metavar="REF", help="任务 文件#任务、目标 文件@t1、文件 SLUG、印出的 部门:名称，或登记过的 登记:名称"
)
UPPER = argument("upper", metavar="上级任务", nargs="?", help="给出时，说的是这两项任务之间的关联")
