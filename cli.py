"""The `policytrace` command: its arguments, its help, its errors. What the commands do is in `commands`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from typing import NoReturn

from commands import deciding, documents, fetching, matrix, queries, registering, removing, serving
from commands.arguments import Command
from commands.console import DONE, NOTHING, say

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
        say("\n已中断。已经入库和已经读完的内容没有丢失，再次运行同一条命令会接着做。")
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
    **documents.COMMANDS,
    **fetching.COMMANDS,
    **removing.COMMANDS,
    **queries.COMMANDS,
    **matrix.COMMANDS,
    **deciding.COMMANDS,
    **registering.COMMANDS,
    **serving.COMMANDS,
}


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help in lines that fit the screen: Chinese has no blanks to break at."""

    def add_argument(self, action: argparse.Action) -> None:
        """Makes room for the longest command: argparse forgets by how much they are indented."""
        super().add_argument(action)
        names = [len(name) for name in action.choices or ()] if isinstance(action, argparse._SubParsersAction) else []
        self._action_max_length = max([self._action_max_length, *(size + 4 for size in names)])

    def _split_lines(self, text: str, width: int) -> list[str]:
        from index.reports.terminal import wrapped

        return wrapped(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        from index.reports.terminal import wrapped

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
