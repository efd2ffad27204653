"""The `policytrace` command: its arguments, its help, its errors. What the commands do is in `commands`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from typing import NoReturn

import commands
import decision_commands
from arguments import AS_JSON, AT, COUNT, DEPARTMENT, DOC, LEVEL, REF, WHOLE, Command, argument, strength
from commands import DONE, NOTHING, say

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code: 0 done, 1 something was refused or found, 2 nothing could be done."""
    for stream, errors in ((sys.stdout, "backslashreplace"), (sys.stderr, "replace")):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=errors, **({} if stream.isatty() else {"encoding": "utf-8"}))
    try:
        given = _parser().parse_args(argv)
        code = COMMANDS[given.command].run(given)
        sys.stdout.flush()
        return code
    except SystemExit as end:  # argparse: help (0) or wrong use (2), already said
        return int(end.code or 0)
    except KeyboardInterrupt:
        say("\n已中断。已经入库的内容没有丢失，可以再次运行同一条命令。")
        return INTERRUPTED
    except BrokenPipeError:  # the reader has seen enough (| head)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        return _failed(error)


def _failed(error: Exception) -> int:
    from schemas import PolicyError

    if "POLICYTRACE_DEBUG" in os.environ:
        raise error
    if isinstance(error, PolicyError):
        say(str(error))
    elif isinstance(error, OSError):
        say(f"读写失败：{error}\n  请检查路径、权限和磁盘空间；已经入库的内容没有丢失。")
    else:
        say(f"程序出错（{type(error).__name__}: {error}）\n  这是程序的缺陷，请把这条命令和文件交给维护者。")
    return NOTHING


COMMANDS: dict[str, Command] = {
    "build": Command(
        commands.do_build,
        "读取文件、抽取任务、建立索引和关联；不给路径就用随附的文件。只处理有变化的文件。",
        ("build", "build 文件夹 --kb 我的知识库"),
        (argument("paths", nargs="*", metavar="PATH", help="文件或文件夹"), AS_JSON),
    ),
    "add": Command(
        commands.do_add,
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
        commands.do_extract,
        "读一个文件，列出其中的任务、部门、目标和缺损；不需要知识库。",
        ("extract corpus/documents/000_b04b24ac167bbf84.txt", "extract 某区实施方案.txt --level 区县 --json"),
        (argument("file", metavar="FILE", help="要读的文件"), LEVEL, AS_JSON),
    ),
    "search": Command(
        commands.do_search,
        "检索任务：谁负责什么。词都要出现，引号内的词语必须原样出现；不给词就列出符合筛选条件的全部任务。",
        ("search 清洁生产 --department 环保办", "search “源网荷储” --level 园区", f"search --doc {WHOLE} --json"),
        (
            argument("query", nargs="*", metavar="QUERY", help="要找的词"),
            DEPARTMENT,
            argument("--role", metavar="R", help="角色：牵头、责任、配合、指导，或文件中的叫法"),
            LEVEL,
            DOC,
            argument("--year", metavar="Y", help="年份或范围：2025、2021-2025、2026-"),
            argument("--strength", metavar="S", type=strength, help="力度：禁止、要求、推进、鼓励、探索"),
            argument("--section", metavar="章节", help="章节编号或标题，例如 三"),
            argument("--limit", default=20, help="最多列出几项（默认 20）", **COUNT),
            argument("--offset", default=0, help="跳过前几项", **COUNT),
            AS_JSON,
        ),
    ),
    "show": Command(
        commands.do_show,
        "显示一项任务：原文、部门、目标、出处。",
        (f"show {WHOLE}#三.1", "show shanghai-industry-carbon-peak-2022#八.十八 --json"),
        (argument("ref", metavar="REF", help=REF), AT, AS_JSON),
    ),
    "trace": Command(
        commands.do_trace,
        "从一项任务出发，向上找依据，向下找落实，说明等级和理由。",
        (f"trace {WHOLE}#七.2", f"trace {WHOLE}#三.1 --json"),
        (
            argument("ref", metavar="REF", help=REF),
            argument("--doubtful", action="store_true", help="也列出主题相近但不足以认定的（1 级）"),
            argument("--all", action="store_true", help="列出全部，不只是最可靠的几项"),
            AT,
            AS_JSON,
        ),
    ),
    "links": Command(
        commands.do_links,
        "列出两份文件之间（或全部）任务的关联，含 1 级候选。",
        (
            f"links --lower {WHOLE} --upper shanghai-industry-carbon-peak-2022",
            f"links --lower {WHOLE} --upper shanghai-industry-carbon-peak-2022 --counterparts",
            f"links --lower {WHOLE} --own",
        ),
        (
            argument("--lower", metavar="SLUG", help="下级文件"),
            argument("--upper", metavar="SLUG", help="上级文件"),
            argument("--counterparts", action="store_true", help="按部门统计：下级哪个部门对应上级哪个部门"),
            argument("--own", action="store_true", help="下级文件中没有上级依据的任务和举措"),
            argument("--limit", default=40, help="表格最多几行（默认 40；--json 总是全部）", **COUNT),
            AS_JSON,
        ),
    ),
    "gaps": Command(
        commands.do_gaps,
        "上级文件的哪些任务，下级文件没有承接。",
        (f"gaps --upper shanghai-industry-carbon-peak-2022 --lower {WHOLE}",),
        (
            argument("--upper", metavar="SLUG", required=True, help="上级文件"),
            argument("--lower", metavar="SLUG", required=True, help="下级文件"),
            AS_JSON,
        ),
    ),
    "targets": Command(
        commands.do_targets,
        "列出目标；加 --compare 就把各级的同一指标放在一起比较。",
        ("targets --indicator 能耗", "targets --indicator 碳排放 --compare"),
        (
            argument("--indicator", metavar="TEXT", help="指标中的词"),
            argument("--compare", action="store_true", help="上下级对照"),
            AS_JSON,
        ),
    ),
    "matrix": Command(
        commands.do_matrix,
        "导出任务分工表；格式由文件名结尾决定：.xlsx .csv .md .html .json。",
        (f"matrix -o 任务分工表.xlsx --doc {WHOLE}", "matrix -o 经发处.xlsx --department 经发处 --layout grid"),
        (
            argument("-o", "--output", metavar="FILE", required=True, help="要写的文件"),
            DOC,
            DEPARTMENT,
            argument("--layout", choices=("grid", "list"), default="list", help="list 清单（默认），grid 任务×部门"),
        ),
    ),
    "check": Command(
        commands.do_check,
        "检查知识库：缺损、不明的部门、没有部门的任务、目标冲突、待重新确认的关联。有发现时退出码为 1。",
        ("check", f"check --doc {WHOLE} --json"),
        (DOC, AS_JSON),
    ),
    **decision_commands.COMMANDS,
    "app": Command(
        commands.do_app,
        "启动网页，默认只供本机访问；没有知识库就先建一个。",
        ("app", "app --port 8600 --kb 我的知识库"),
        (
            argument("--port", default=8501, help="端口（默认 8501）", **COUNT),
            argument("--address", metavar="A", default="127.0.0.1", help="监听地址；对外提供前请读 README 的安全说明"),
        ),
    ),
}


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help in lines that fit the screen: Chinese has no blanks to break at."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        from index.terminal import wrapped

        return wrapped(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        from index.terminal import wrapped

        return "\n".join(wrapped(text, width, indent))


class _Parser(argparse.ArgumentParser):
    """A parser that speaks Chinese."""

    def error(self, message: str) -> NoReturn:
        plain = message.replace("'", "")
        say(f"{plain}\n  用法见 {self.prog} --help")
        raise SystemExit(NOTHING)


CHINESE = {
    "usage: ": "用法：",
    "positional arguments": "参数",
    "options": "选项",
    "%(heading)s:": "%(heading)s：",
    "show this help message and exit": "显示这份说明",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s：%(message)s",
    "the following arguments are required: %s": "缺少参数：%s",
    "unrecognized arguments: %s": "不认识的参数：%s",
    "invalid choice: %(value)r (choose from %(choices)s)": "没有“%(value)s”，可以写：%(choices)s",
    "expected one argument": "后面要写一个值",
    "expected at least one argument": "后面至少要写一个值",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s 不明确，可能是 %(matches)s",
    "ignored explicit argument %r": "不接受值 %r",
}
"""What argparse says, in Chinese."""


def _parser() -> argparse.ArgumentParser:
    vars(argparse)["_"] = lambda text: CHINESE.get(text, text)
    parser = _Parser(
        prog="policytrace",
        description="谁来做、依据什么、落实到哪里：从国家文件到园区办公室的政策任务追溯。",
        epilog=_examples("build", "search 清洁生产 --department 环保办", "trace scip-carbon-peak-2023#七.2", "app")
        + "\n\n每条命令的说明：policytrace 命令 --help",
        formatter_class=_Help,
    )
    kb = _Parser(add_help=False)
    kb.add_argument(
        "--kb", metavar="DIR", default=argparse.SUPPRESS, help="知识库目录（默认 $POLICYTRACE_KB，否则 ./kb）"
    )
    commands_of = parser.add_subparsers(
        dest="command", metavar="命令", title="可用的命令", required=True, parser_class=_Parser
    )
    for name, command in COMMANDS.items():
        one = commands_of.add_parser(
            name,
            help=command.does.partition("。")[0],
            description=command.does,
            epilog=_examples(*command.examples),
            formatter_class=_Help,
            parents=[] if name == "extract" else [kb],
        )
        for names, options in command.arguments:
            one.add_argument(*names, **options)
    return parser


def _examples(*lines: Iterable[str]) -> str:
    return "例如：\n" + "\n".join(f"  policytrace {line}" for line in lines)


if __name__ == "__main__":
    raise SystemExit(main())
