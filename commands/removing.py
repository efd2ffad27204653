"""`policytrace remove`: documents go out of the knowledge base, after a person has read what goes with them."""

from __future__ import annotations

import sys
from argparse import Namespace

from commands.arguments import AS_JSON, WHO, WHOLE, WHY, Command, argument
from commands.console import DONE, NOTHING, columns, kb_path, opened, print_json, print_lines, progress_bar, say, wrong
from commands.deciding import who


def do_remove(given: Namespace) -> int:
    from index.build import remove
    from index.removal import losses
    from index.reports.decisions import lost

    with opened(given) as kb:
        found = losses(kb, given.slugs)
    if not given.json or not given.yes:
        for line in lost(found, columns()):
            say(line)
    if not given.yes:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            return wrong("没有移除任何文件", "看过以上内容以后，加 --yes 再运行一次。")
        say("确定移除请输入 y 并按回车：")
        if sys.stdin.readline().strip().lower() not in ("y", "yes", "是"):
            say("没有移除任何文件。")
            return NOTHING
    with progress_bar() as progress:
        report = remove(kb_path(given), given.slugs, who=who(given), why=given.why, progress=progress)
    if given.json:
        rows = [{**one._asdict(), "path": str(one.path or ""), "outline": str(one.outline or "")} for one in found]
        print_json({"removed": rows, "documents": report.documents, "tasks": report.tasks, "links": report.links})
    else:
        what = f"已移除 {'、'.join(one.slug for one in found)}。"
        print_lines([f"{what}知识库共 {report.documents} 份文件、{report.tasks} 项任务、{report.links} 条关联。"])
    return DONE


COMMANDS: dict[str, Command] = {
    "remove": Command(
        do_remove,
        "把文件从知识库中移除：先列出随之不再显示的内容，确认以后才移除；原件和人工决定都保留，再次加入即恢复。",
        (f"remove {WHOLE}", f"remove {WHOLE} --yes --why 重复收录"),
        (
            argument("slugs", nargs="+", metavar="SLUG", help="要移除的文件"),
            argument("--yes", action="store_true", help="不再询问"),
            WHY,
            WHO,
            AS_JSON,
        ),
    ),
}
