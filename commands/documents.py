"""Documents come in: build, add, extract."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from commands.arguments import AS_JSON, LEVEL, Command, argument
from commands.console import (
    DONE,
    NOTHING,
    PARTLY,
    columns,
    kb_path,
    opened,
    patience,
    print_json,
    print_lines,
    progress_bar,
    say,
    wrong,
)

if TYPE_CHECKING:
    from index.reading.inputs import BuildInput


def do_build(given: Namespace) -> int:
    from index.reading.inputs import BuildInput

    return _read_in(given, [BuildInput(Path(path)) for path in given.paths] or None)


def do_add(given: Namespace) -> int:
    from index.reading.inputs import BuildInput

    if given.title and len(given.files) > 1:
        return wrong("--title 只能用于一个文件", "请每次加入一个文件，分别写明标题。")
    if not (kb_path(given) / "records.sqlite").exists():
        say(f"新建知识库 {kb_path(given)}，只含这里给出的文件；要加入随附的文件，请运行 policytrace build。")
    if given.replaces:
        if len(given.files) > 1:
            return wrong("--replaces 只能用于一个文件", "请每次加入一个文件。")
        with opened(given) as kb:
            kb.policy(given.replaces)
    return _read_in(given, [BuildInput(Path(file), given.replaces, given.level, given.title) for file in given.files])


def _read_in(given: Namespace, inputs: Sequence[BuildInput] | None) -> int:
    from dataclasses import asdict

    from index.build import build
    from index.deciding.carrying import as_json

    with progress_bar() as progress:
        report = build(kb_path(given), inputs, progress=progress)
    if given.json:
        print_json({**asdict(report), "carried": as_json(report.carried)})
    else:
        from index.reports.answers import built
        from index.reports.decisions import carried

        print_lines([*built(report, columns()), *carried(report.carried, columns())])
    if report.failed:
        return NOTHING if len(report.failed) == len(report.rows) else PARTLY
    return DONE if report.generation else NOTHING


def do_extract(given: Namespace) -> int:
    from index.reading.extraction import read_guarded

    with patience(f"正在读取 {given.file} ……"):
        policy = read_guarded(Path(given.file), given.level)
    if given.json:
        print_json(policy.model_dump(mode="json"))
    else:
        from index.reports.policy import policy as shown

        print_lines(shown(policy, columns()))
    return DONE


COMMANDS: dict[str, Command] = {
    "build": Command(
        do_build,
        "读取文件、抽取任务、建立索引和关联；不给路径就用随附的文件。只处理有变化的文件。",
        ("build", "build 文件夹 --kb 我的知识库"),
        (argument("paths", nargs="*", metavar="PATH", help="文件或文件夹"), AS_JSON),
    ),
    "add": Command(
        do_add,
        "把文件加入知识库，并重新计算关联。",
        ("add 某区实施方案.txt --level 区县", "add 新规划.txt --title 某市“十五五”规划"),
        (
            argument("files", nargs="+", metavar="FILE", help="要加入的文件"),
            LEVEL,
            argument("--title", metavar="T", help="标题；不给就从正文读出"),
            argument("--replaces", metavar="SLUG", help="是知识库里这份文件的新版本"),
            AS_JSON,
        ),
    ),
    "extract": Command(
        do_extract,
        "读一个文件，列出其中的任务、部门、目标和缺损；不需要知识库。",
        ("extract corpus/documents/000_b04b24ac167bbf84.txt", "extract 某区实施方案.txt --level 区县 --json"),
        (argument("file", metavar="FILE", help="要读的文件"), LEVEL, AS_JSON),
    ),
}
