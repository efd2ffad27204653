"""The 任务分工表 as a file."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from commands.arguments import DEPARTMENT, DOC, WHOLE, Command, argument
from commands.console import DONE, opened, patience, say, wrong


def do_matrix(given: Namespace) -> int:
    from datetime import date

    from index.export import export, formats, head
    from index.views import matrix

    path = Path(given.output)
    formats(path)  # an ending that cannot be written is told before any work
    with opened(given) as kb, patience("正在编制任务分工表 ……"):
        rows = matrix(kb, given.doc, given.department)
        title = head(kb, rows, date.today(), doc=given.doc, department=given.department)
    if not rows:
        return wrong(
            f"没有由“{given.department}”承担的任务，没有写文件" if given.department else "没有任务，没有写文件",
            "部门可以用登记的任何名称；policytrace search --department 会列出相近的部门。",
        )
    with patience("正在写文件 ……"):
        notes = export(path, rows, title, given.layout)
    for note in notes:
        say(f"注意：{note}")
    say(f"已写入 {path}（{len(rows)} 项任务）。")
    return DONE


COMMANDS: dict[str, Command] = {
    "matrix": Command(
        do_matrix,
        "导出任务分工表；格式由文件名结尾决定：.xlsx .csv .md .html .json。",
        (f"matrix -o 任务分工表.xlsx --doc {WHOLE}", "matrix -o 经发处.xlsx --department 经发处 --layout grid"),
        (
            argument("-o", "--output", metavar="FILE", required=True, help="要写的文件"),
            DOC,
            DEPARTMENT,
            argument("--layout", choices=("grid", "list"), default="list", help="list 清单（默认），grid 任务×部门"),
        ),
    ),
}
