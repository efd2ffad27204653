"""The 任务分工表 as a file, and back."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.arguments import AS_JSON, AT, DEPARTMENT, DOC, WHO, WHOLE, WHY, Command, argument
from commands.console import DONE, opened, patience, say, wrong

if TYPE_CHECKING:
    from index.knowledge_base import KnowledgeBase


def do_matrix(given: Namespace) -> int:
    from index.exporting.export import formats, save

    if bool(given.output) == bool(given.returned):
        return wrong("没有写明做什么", "写 -o 文件名（导出）或 --import 文件名（读回填好的表），二者之一。")
    if given.returned:
        from commands.returning import do_return

        return do_return(given)
    path = Path(given.output)
    form = formats(path)  # an ending that cannot be written is told before any work
    refused = _unfit(given)
    if refused:
        return wrong(*refused)
    with opened(given) as kb, patience("正在编制 ……"):
        (data, notes), count = _made(kb, form, given)
    if not count:
        return wrong(
            f"没有由“{given.department}”承担的任务，没有写文件" if given.department else "没有内容，没有写文件",
            "部门可以用登记的任何名称；policytrace search --department 会列出相近的部门。",
        )
    save(path, data)
    for note in notes:
        say(f"注意：{note}")
    say(f"已写入 {path}（{count}）。")
    return DONE


def _unfit(given: Namespace) -> tuple[str, str] | None:
    """What cannot be asked of the layout, and what to do."""
    if given.layout == "coverage" and not (given.upper and given.lower):
        return "承接情况表要写明两份文件", "用 --upper 上级文件 --lower 下级文件 写明。"
    if given.layout == "coverage" and given.upper == given.lower:
        return "上级文件和下级文件是同一份", "请用 --upper 和 --lower 给出两份不同的文件。"
    if given.layout in ("coverage", "targets") and given.department:
        return f"--layout {given.layout} 不按部门筛选", "去掉 --department。"
    if given.layout == "coverage" and given.doc:
        return "--layout coverage 不用 --doc", "用 --upper 和 --lower 写明文件。"
    if given.layout != "coverage" and (given.upper or given.lower):
        return "--upper 和 --lower 只用于 --layout coverage", "要看一份文件的任务，用 --doc。"
    return None


def _made(kb: KnowledgeBase, form: str, given: Namespace) -> tuple[tuple[bytes, tuple[str, ...]], str]:
    """The file with its notes, and in words how much it holds; empty if nothing."""
    from datetime import date

    from index.exporting import export
    from index.views import matrix

    look: dict[str, Any] = {"paper": given.paper, "app": given.app}
    today = date.today()
    if given.layout == "coverage":
        rows = export.coverage_rows(kb, given.upper, given.lower)
        made = export.render_coverage(form, kb, given.upper, given.lower, today, rows=rows, **look)
        return made, f"上级任务 {len(rows)} 项" if rows else ""
    if given.layout == "targets":
        return export.render_targets(form, kb, today, doc=given.doc, **look), "目标及其上下级对照"
    tasks = matrix(kb, given.doc, given.department)
    past = f"人工决定截至 {given.at}" if given.at else ""
    title = export.head(kb, tasks, today, doc=given.doc, department=given.department, filtered=past)
    return export.render(form, tasks, title, given.layout, **look), f"{len(tasks)} 项任务" if tasks else ""


LAYOUTS = {
    "list": "清单（默认）",
    "ledger": "台账，不分节，便于排序",
    "grid": "任务×部门",
    "department": "每个部门一张表",
    "coverage": "上级任务由谁承接",
    "targets": "目标及上下级对照",
}

COMMANDS: dict[str, Command] = {
    "matrix": Command(
        do_matrix,
        "导出任务分工表、承接情况表、目标表，格式由文件名结尾决定：.xlsx .docx .csv .md .html .json；或用 --import "
        "读回填好的 .xlsx、.csv：部门、完成时限、备注三项，逐行比对，确认后存为更正。",
        (
            f"matrix -o 任务分工表.xlsx --doc {WHOLE}",
            f"matrix -o 各部门.docx --doc {WHOLE} --layout department --paper A4",
            "matrix -o 经发处.xlsx --department 经发处 --layout grid",
            f"matrix -o 承接.xlsx --layout coverage --upper shanghai-industry-carbon-peak-2022 --lower {WHOLE}",
            "matrix --import 任务分工表.xlsx",
            "matrix --import 任务分工表.xlsx --who 张三 --why 部门会签意见 --yes",
        ),
        (
            argument("-o", "--output", metavar="FILE", help="要写的文件"),
            DOC,
            DEPARTMENT,
            AT,
            argument(
                "--layout",
                choices=tuple(LAYOUTS),
                default="list",
                help="，".join(f"{name} {what}" for name, what in LAYOUTS.items()),
            ),
            argument("--upper", metavar="SLUG", help="coverage 的上级文件"),
            argument("--lower", metavar="SLUG", help="coverage 的下级文件"),
            argument("--paper", choices=("A3", "A4"), default="A3", help="打印用纸，横向（默认 A3）"),
            argument(
                "--app", metavar="URL", default="http://127.0.0.1:8501", help="网页的地址，表中各任务的链接指向它"
            ),
            argument("--import", dest="returned", metavar="FILE", help="读回填好的表：先列出不同之处，再问是否写入"),
            argument("--yes", action="store_true", help="--import 时不问，直接写入（冲突的和不能接受的除外）"),
            WHO,
            WHY,
            AS_JSON,
        ),
    ),
}
