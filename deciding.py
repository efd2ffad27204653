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

import commands
from commands import DONE, PARTLY, say

if TYPE_CHECKING:
    from index.knowledge_base import KnowledgeBase
    from schemas import Subject, Wish
    from schemas.decisions import Verdict


def who(given: Namespace) -> str:
    """The person who decides: ``--who``, ``$POLICYTRACE_WHO``, or the system's user."""
    named = getattr(given, "who", None) or os.environ.get("POLICYTRACE_WHO")
    try:
        return str(named or getpass.getuser()).strip()
    except (KeyError, OSError):  # a user without a name
        return ""


def do_confirm(given: Namespace) -> int:
    from index.verdicts import subject, wish

    with commands.opened(given) as kb:
        about = subject(kb, given.ref, given.upper)
        if given.grade is not None and about.kind != "link":
            return commands.wrong("--grade 只用于关联", "给出下级任务和上级任务两个编号。")
        made = _graded(kb, about, given) if given.grade is not None else wish(kb, "confirm", about, why=given.why)
        if about.kind == "link" and made.verdict == "confirm" and made.after is None:
            return commands.wrong(f"没有算出 {about} 这条关联", "要人工建立，请用 --grade 1、2 或 3 写明等级。")
        return _store(given, kb, made)


def _graded(kb: KnowledgeBase, about: Subject, given: Namespace) -> Wish:
    """A link that is there gets another grade; one that was not found is added."""
    from index.judged import subject_of
    from index.verdicts import wish

    held = any(subject_of(link) == about for link in kb.links(lower=about.doc, upper=about.other_doc))
    if held:
        return wish(kb, "correct", about, "grade", given.grade, given.why)
    return wish(kb, "add", about, after={"grade": given.grade, "relation": "intersect"}, why=given.why)


def do_reject(given: Namespace) -> int:
    from index.verdicts import subject, wish

    with commands.opened(given) as kb:
        return _store(given, kb, wish(kb, "reject", subject(kb, given.ref, given.upper), why=given.why))


def do_correct(given: Namespace) -> int:
    from index.decided import FIELD
    from index.verdicts import subject, value_of, wish

    field = {name: code for code, name in FIELD.items()}.get(given.field, given.field)
    with commands.opened(given) as kb:
        about = subject(kb, given.ref)
        return _store(given, kb, wish(kb, "correct", about, field, value_of(field, given.to), given.why))


def do_not_applicable(given: Namespace) -> int:
    from index.verdicts import coverage, wish

    with commands.opened(given) as kb:
        about = coverage(kb, given.ref, given.lower)
        verdict: Verdict = "reject" if given.applies else "not_applicable"
        return _store(given, kb, wish(kb, verdict, about, why=given.why))


def do_supplement(given: Namespace) -> int:
    from index.verdicts import added_task

    with commands.opened(given) as kb:
        made = added_task(kb, given.doc, given.title or "", given.text, given.departments or "", given.why)
        return _store(given, kb, made)


def do_undo(given: Namespace) -> int:
    from schemas import NotFound, Subject, Wish

    with commands.opened(given) as kb:
        found = [one for one in kb.history() if one.id.startswith(given.decision)]
        if len(found) != 1 or len(given.decision) < 4:
            raise NotFound(
                f"{'没有' if not found else '不止一个'}编号以 {given.decision} 开头的决定",
                "编号见 policytrace history，至少写 4 位。",
            )
        made = Wish(verdict="undo", subject=Subject(kind="task"), undoes=found[0].id, why=given.why)
        return _store(given, kb, made)


def _store(given: Namespace, kb: KnowledgeBase, *wishes: Wish) -> int:
    from index.decided import made, noticed
    from index.history import decide, notices

    name = who(given)
    results = decide(kb.path, name, *wishes, seen=None, generation=kb.generation)
    told = notices(kb.path, name)
    if given.json:
        commands.print_json([one.decision.model_dump(mode="json") for one in results])
        for line in noticed(told, commands.columns()):
            say(line)
    else:
        commands.print_lines([*made(results, commands.columns()), *noticed(told, commands.columns())])
    return DONE


def do_history(given: Namespace) -> int:
    from index.decided import history, noticed
    from index.decisions import undone

    with commands.opened(given) as kb:
        found = kb.history()
        gone = undone(found)
    if given.ref:
        found = tuple(one for one in found if given.ref in str(one.subject) or one.id.startswith(given.ref))
    if given.by:
        found = tuple(one for one in found if one.who == given.by)
    if given.since:
        found = tuple(one for one in found if one.at >= given.since)
    if given.json:
        commands.print_json([{**one.model_dump(mode="json"), "undone": one.id in gone} for one in found])
    else:
        commands.print_lines(history(found, gone, commands.columns()))
        for line in noticed(_told(given), commands.columns()):
            say(line)
    return DONE


def _told(given: Namespace) -> list[Any]:
    """What the person has to be told; nothing where the knowledge base can only be read."""
    from index.history import notices
    from schemas import BrokenKnowledgeBase

    try:
        return notices(commands.kb_path(given), who(given))
    except BrokenKnowledgeBase:
        return []


def do_decisions(given: Namespace) -> int:
    from index.exchange import export, import_file

    if bool(given.to_file) == bool(given.from_file):
        return commands.wrong("没有写明做什么", "写 --export 文件 或 --import 文件，二者之一。")
    if given.from_file:
        total, new = import_file(commands.kb_path(given), Path(given.from_file))
        say(f"文件中有 {total} 个决定，新导入 {new} 个。再运行 policytrace build，检索就会用上它们。")
        return DONE
    done = export(commands.kb_path(given), Path(given.to_file))
    say(f"已写入 {given.to_file}（{done.written} 个决定）。")
    if done.damaged:
        say("注意：数据库有损坏，只写出了还能读到的决定；请与备份核对。")
    return PARTLY if done.damaged else DONE


def do_diff(given: Namespace) -> int:
    from index.decided import differing
    from index.versions import diff

    with commands.opened(given) as kb:
        found = diff(kb.sql, kb.extracted(kb.policy(given.slug).slug), given.old, given.new)
    if given.json:
        commands.print_json(found.model_dump(mode="json"))
    else:
        commands.print_lines(differing(found, commands.columns()))
    return DONE


def do_review(given: Namespace) -> int:
    from index.decided import noticed, queued
    from index.review import queue

    with commands.opened(given) as kb:
        found = queue(kb, given.doc, given.department)
    if given.json:
        rows = [one.model_dump(mode="json") for one in found.items[: given.limit]]
        commands.print_json({"open": len(found.items), "done": found.done, "total": found.total, "items": rows})
        return DONE
    for line in noticed(_told(given), commands.columns()):
        say(line)
    if sys.stdin.isatty() and sys.stdout.isatty() and found.items:
        from reviewing import ask

        return ask(given, found, who(given))
    commands.print_lines(queued(found, commands.columns(), given.limit))
    return DONE if not found.items else PARTLY
