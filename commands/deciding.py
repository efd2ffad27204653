"""What the commands do by which people decide: confirm, correct, reject, supplement, undo, review, history, diff.

Each function imports only what it needs; see `commands`.
"""

from __future__ import annotations

import getpass
import os
import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.arguments import (
    AS_JSON,
    AT,
    COUNT,
    DEPARTMENT,
    DOC,
    RECORD,
    UPPER,
    WHO,
    WHOLE,
    WHY,
    Command,
    argument,
    number,
)
from commands.console import DONE, PARTLY, columns, kb_path, opened, print_json, print_lines, say, wrong

if TYPE_CHECKING:
    from index.knowledge_base import KnowledgeBase
    from schemas import Decision, Subject, Wish
    from schemas.decisions import Verdict


def who(given: Namespace) -> str:
    """The person who decides: ``--who``, ``$POLICYTRACE_WHO``, or the system's user."""
    named = getattr(given, "who", None) or os.environ.get("POLICYTRACE_WHO")
    try:
        return str(named or getpass.getuser()).strip()
    except (KeyError, OSError):  # a user without a name
        return ""


def do_confirm(given: Namespace) -> int:
    from index.deciding.verdicts import subject, wish

    with opened(given) as kb:
        about = subject(kb, given.ref, given.upper)
        if given.grade is not None and about.kind != "link":
            return wrong("--grade 只用于关联", "给出下级任务和上级任务两个编号。")
        made = _graded(kb, about, given) if given.grade is not None else wish(kb, "confirm", about, why=given.why)
        if about.kind == "link" and made.verdict == "confirm" and made.after is None:
            return wrong(f"没有算出 {about} 这条关联", "要人工建立，请用 --grade 1、2 或 3 写明等级。")
        return store(given, kb, made)


def _graded(kb: KnowledgeBase, about: Subject, given: Namespace) -> Wish:
    """A link that is there gets another grade; one that was not found is added."""
    from index.deciding.verdicts import link_of, wish

    if link_of(kb, about):
        return wish(kb, "correct", about, "grade", given.grade, given.why)
    return wish(kb, "add", about, after={"grade": given.grade, "relation": "intersect"}, why=given.why)


def do_reject(given: Namespace) -> int:
    from index.deciding.verdicts import subject, wish

    with opened(given) as kb:
        return store(given, kb, wish(kb, "reject", subject(kb, given.ref, given.upper), why=given.why))


def do_correct(given: Namespace) -> int:
    from index.deciding.decisions import field_named
    from index.deciding.verdicts import subject, value_of, wish

    field = field_named(given.field)
    with opened(given) as kb:
        about = subject(kb, given.ref)
        return store(given, kb, wish(kb, "correct", about, field, value_of(field, given.to), given.why))


def do_not_applicable(given: Namespace) -> int:
    from index.deciding.verdicts import coverage, wish

    with opened(given) as kb:
        about = coverage(kb, given.ref, given.lower)
        verdict: Verdict = "reject" if given.applies else "not_applicable"
        return store(given, kb, wish(kb, verdict, about, why=given.why))


def do_supplement(given: Namespace) -> int:
    from index.deciding.verdicts import added_task

    with opened(given) as kb:
        made = added_task(kb, given.doc, given.title or "", given.text, given.departments or "", given.why)
        return store(given, kb, made)


def do_move(given: Namespace) -> int:
    from index.deciding.verdicts import coverage, moved, subject

    with opened(given) as kb:
        lost = kb.subject_of(_known(kb, given.decision).id)
        if lost.kind == "coverage":
            about = coverage(kb, given.ref, given.lower or lost.other_doc)
        else:
            about = subject(kb, given.ref, given.upper)
        return store(given, kb, moved(kb, lost, about, given.why))


def _known(kb: KnowledgeBase, start: str) -> Decision:
    """The one decision whose id begins so. Raises ``NotFound``."""
    from schemas import NotFound

    found = [one for one in kb.history() if one.id.startswith(start)]
    if len(found) != 1 or len(start) < 4:
        raise NotFound(
            f"{'没有' if not found else '不止一个'}编号以 {start} 开头的决定",
            "编号见 policytrace history，至少写 4 位。",
        )
    return found[0]


def do_undo(given: Namespace) -> int:
    from index.deciding.history import undoing

    with opened(given) as kb:
        return store(given, kb, undoing(_known(kb, given.decision).id, given.why))


def store(given: Namespace, kb: KnowledgeBase, *wishes: Wish) -> int:
    """Stores decisions, says so, and tells the person what others decided after them."""
    from index.deciding.history import decide, notices
    from index.reports.decisions import made, noticed

    name = who(given)
    results = decide(kb.path, name, *wishes, seen=None, generation=kb.generation)
    told = notices(kb.path, name)
    if given.json:
        print_json([one.decision.model_dump(mode="json") for one in results])
        for line in noticed(told, columns()):
            say(line)
    else:
        print_lines([*made(results, columns()), *noticed(told, columns())])
    return DONE


def do_history(given: Namespace) -> int:
    from index.deciding.decisions import undone
    from index.deciding.moments import start_of
    from index.reports.decisions import history, noticed

    with opened(given) as kb:
        found = kb.history()
        gone = undone(found)
    if given.ref:
        found = tuple(one for one in found if given.ref in str(one.subject) or one.id.startswith(given.ref))
    if given.by:
        found = tuple(one for one in found if one.who == given.by)
    if given.since:
        start = start_of(given.since)
        found = tuple(one for one in found if one.at >= start)
    if given.json:
        print_json([{**one.model_dump(mode="json"), "undone": one.id in gone} for one in found])
    else:
        print_lines(history(found, gone, columns()))
        for line in noticed(_told(given), columns()):
            say(line)
    return DONE


def _told(given: Namespace) -> list[Any]:
    """What the person has to be told; nothing where the knowledge base can only be read."""
    from index.deciding.history import notices
    from schemas import BrokenKnowledgeBase

    try:
        return notices(kb_path(given), who(given))
    except BrokenKnowledgeBase:
        return []


def do_decisions(given: Namespace) -> int:
    from index.deciding.exchange import export, import_file

    if bool(given.to_file) == bool(given.from_file):
        return wrong("没有写明做什么", "写 --export 文件 或 --import 文件，二者之一。")
    if given.from_file:
        total, new = import_file(kb_path(given), Path(given.from_file))
        say(
            f"文件中有 {total} 个决定，新导入 {new} 个。检索和列表已经用上；关联在下次 policytrace build 时更新，更正过的任务用 trace 已能看到新的。"
        )
        return DONE
    done = export(kb_path(given), Path(given.to_file))
    say(f"已写入 {given.to_file}（{done.written} 个决定）。")
    if done.damaged:
        say("注意：数据库有损坏，只写出了还能读到的决定；请与备份核对。")
    return PARTLY if done.damaged else DONE


def do_diff(given: Namespace) -> int:
    from index.deciding.versions import diff
    from index.reports.decisions import differing

    with opened(given) as kb:
        found = diff(kb.sql, kb.extracted(kb.policy(given.slug).slug), given.old, given.new)
    if given.json:
        print_json(found.model_dump(mode="json"))
    else:
        print_lines(differing(found, columns()))
    return DONE


def do_review(given: Namespace) -> int:
    from index.deciding.review import queue
    from index.reports.decisions import noticed, queued

    with opened(given) as kb:
        found = queue(kb, given.doc, given.department)
    if given.json:
        rows = [one.model_dump(mode="json") for one in found.items[: given.limit]]
        print_json({"open": len(found.items), "done": found.done, "total": found.total, "items": rows})
        return DONE
    for line in noticed(_told(given), columns()):
        say(line)
    if sys.stdin.isatty() and sys.stdout.isatty() and found.items:
        from commands.reviewing import ask

        return ask(given, found, who(given))
    print_lines(queued(found, columns(), given.limit))
    return DONE if not found.items else PARTLY


COMMANDS: dict[str, Command] = {
    "review": Command(
        do_review,
        "逐项复核存疑之处：最可疑的在前，一个键确认、否定或跳过。",
        ("review", "review --department 环保办", "review --json --limit 5"),
        (DOC, DEPARTMENT, argument("--limit", default=20, help="最多列出几项（默认 20）", **COUNT), WHO, AS_JSON),
    ),
    "confirm": Command(
        do_confirm,
        "确认一项任务、一个目标，或两项任务之间的关联；加 --grade 就由人定级，没有算出的关联由此补上。",
        (f"confirm {WHOLE}#三.1", f"confirm {WHOLE}#三.1 shanghai-industry-carbon-peak-2022#四.六 --grade 3"),
        (RECORD, UPPER, argument("--grade", type=number, choices=(1, 2, 3), help="关联的等级"), WHY, WHO, AS_JSON),
    ),
    "reject": Command(
        do_reject,
        "否定一项任务、一个目标，或两项任务之间的关联。",
        (f"reject {WHOLE}#三.1 shanghai-industry-carbon-peak-2022#四.六 --why 只是用语相同",),
        (RECORD, UPPER, WHY, WHO, AS_JSON),
    ),
    "correct": Command(
        do_correct,
        "更正一项任务、目标、文件或部门的一个字段；原文不动，更正另存。",
        (
            f"correct {WHOLE}#三.1 --field 部门 --to 牵头：经发处；配合：环保办 --why 领导批示",
            f"correct {WHOLE}@t3 --field value --to 13.5",
            "correct 部门:经发办 --field canonical --to 经发处",
            "correct 登记:应急处 --field 别名 --to 应急处、应急办",
        ),
        (
            RECORD,
            argument("--field", metavar="F", required=True, help="字段，例如 部门、标题、时限、备注、value"),
            argument("--to", metavar="值", required=True, help="改为什么；“无”表示没有"),
            WHY,
            WHO,
            AS_JSON,
        ),
    ),
    "exempt": Command(
        do_not_applicable,
        "认定上级的一项任务不适用于下级文件的单位，并写明理由。",
        (f"exempt shanghai-industry-carbon-peak-2022#四.六 --lower {WHOLE} --why 园区没有钢铁企业",),
        (
            argument("ref", metavar="REF", help="上级任务的编号"),
            argument("--lower", metavar="SLUG", required=True, help="下级文件"),
            argument("--applies", action="store_true", help="相反：认定它适用，推断的不适用不成立"),
            WHY,
            WHO,
            AS_JSON,
        ),
    ),
    "supplement": Command(
        do_supplement,
        "补录一项没有提取出来的任务。",
        (f"supplement {WHOLE} --title 标题 --text 原文 --departments 牵头：经发处",),
        (
            argument("doc", metavar="SLUG", help="文件"),
            argument("--title", metavar="T", help="标题"),
            argument("--text", metavar="原文", required=True, help="任务内容，最好照录原文"),
            argument("--departments", metavar="D", help="部门，例如 牵头：经发处；配合：环保办"),
            WHY,
            WHO,
            AS_JSON,
        ),
    ),
    "undo": Command(
        do_undo,
        "撤销一个决定；撤销本身也是一个决定，可以再撤销。",
        ("undo 3f2a9c01",),
        (argument("decision", metavar="ID", help="决定的编号，见 policytrace history"), WHY, WHO, AS_JSON),
    ),
    "move": Command(
        do_move,
        "把失去原处的决定改挂到另一条：同一条上的决定一起改挂，原来是谁定的不变；可以撤销。",
        (f"move 3f2a9c01 {WHOLE}#三.4 --why 合并到这一条", f"move 3f2a9c01 {WHOLE}#三.4 cn-carbon-peak-2030#三.一.6"),
        (
            argument("decision", metavar="ID", help="其中任何一个决定的编号，见 policytrace history"),
            argument("ref", metavar="REF", help="改挂到哪一条：任务 文件#任务、目标 文件@t1；关联则是下级任务"),
            UPPER,
            argument("--lower", metavar="SLUG", help="“不适用”的决定：下级文件（默认不变）"),
            WHY,
            WHO,
            AS_JSON,
        ),
    ),
    "history": Command(
        do_history,
        "列出人工决定：谁、何时、对什么、由什么改为什么、为什么。",
        ("history", f"history {WHOLE}#三.1", "history --by 张三 --since 2025-03-01 --json"),
        (
            argument("ref", metavar="REF", nargs="?", help="只看对它的决定"),
            argument("--by", metavar="姓名", help="只看这个人的"),
            argument("--since", metavar="日期", help="只看这一天以来的，例如 2025-03-01"),
            AT,
            WHO,
            AS_JSON,
        ),
    ),
    "decisions": Command(
        do_decisions,
        "把全部人工决定写成一个 JSON Lines 文件，或从这样的文件导入。",
        ("decisions --export 决定.jsonl", "decisions --import 决定.jsonl --kb 另一个知识库"),
        (
            argument("--export", dest="to_file", metavar="FILE", help="要写的文件"),
            argument("--import", dest="from_file", metavar="FILE", help="要读的文件；已有的决定跳过"),
        ),
    ),
    "diff": Command(
        do_diff,
        "一份文件的两个版本：任务、部门、目标增减改动，逐句对照。",
        (f"diff {WHOLE}", f"diff {WHOLE} --old 1 --new 3 --json"),
        (
            argument("slug", metavar="SLUG", help="文件"),
            argument("--old", help="旧版的编号（默认前一版）", **COUNT),
            argument("--new", help="新版的编号（默认现行版）", **COUNT),
            AS_JSON,
        ),
    ),
}
