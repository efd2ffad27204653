"""`policytrace register`: an organisation that the register does not have is added to it, for this knowledge base."""

from __future__ import annotations

from argparse import Namespace

from commands.arguments import AS_JSON, LEVEL, LEVELS, WHO, WHY, Command, argument
from commands.console import DONE, columns, opened, print_json, print_lines, wrong
from commands.deciding import store


def do_register(given: Namespace) -> int:
    from index.deciding.verdicts import added_organisation

    if not given.name:
        return _listed(given)
    if not given.level:
        return wrong("没有写明层级", f"用 --level 写明：{'、'.join(LEVELS)}。")
    aliases = (given.aliases or "").replace("，", "、").split("、")
    with opened(given) as kb:
        return store(given, kb, added_organisation(kb, given.name, given.level, aliases, given.parent, given.why))


def _listed(given: Namespace) -> int:
    """What people added, with the names that it is found by."""
    from index.deciding.organisations import register_of
    from index.reports.answers import LEVEL as SPOKEN
    from index.reports.terminal import table

    with opened(given) as kb:
        known = register_of(kb)
        added = [known.get(one.item) for one in kb.standings if one.kind == "organisation"]
    bodies = [body for body in added if body is not None]
    if given.json:
        print_json(
            [
                {"id": b.id, "name": b.name, "aliases": list(b.aliases), "level": b.level, "parent": b.parent}
                for b in bodies
            ]
        )
    elif bodies:
        rows = [
            (SPOKEN[b.level], b.name, "、".join(b.aliases) or "—", known.name(b.parent) if b.parent else "—")
            for b in bodies
        ]
        print_lines(table(("层级", "全称", "别名", "上级"), rows, columns()))
    else:
        print_lines(["还没有人工登记的部门。随附的登记表见 corpus/departments.toml。"])
    return DONE


COMMANDS: dict[str, Command] = {
    "register": Command(
        do_register,
        "登记一个登记表里没有的部门：全称、别名、层级、上级；此后它的任何名称都能检索和认出。不给全称就列出已登记的。",
        (
            "register 上海化学工业区应急管理处 --aliases 应急处、应急管理处 --level 园区 --parent 管委会",
            "register",
        ),
        (
            argument("name", metavar="全称", nargs="?", help="部门的全称"),
            argument("--aliases", metavar="甲、乙", help="其他名称；在所有文件里，登记表认不出的这个名称都指它"),
            LEVEL,
            argument("--parent", metavar="部门", help="上级部门的编号或名称"),
            WHY,
            WHO,
            AS_JSON,
        ),
    ),
}
