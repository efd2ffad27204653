"""`policytrace review` at a terminal: one question at a time, answered with one key."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable

from commands.arguments import LEVELS
from commands.console import DONE, columns, kb_path, print_lines, say
from index.deciding.decisions import EDITABLE, FIELD, field_named
from index.deciding.history import Made, decide, undoing
from index.deciding.review import Queue, ReviewItem
from index.deciding.verdicts import added_organisation, coverage, given_up, moved, subject, value_of, wish
from index.knowledge_base import KnowledgeBase
from index.reports.decisions import item, keys, made
from schemas import PolicyError, Wish
from schemas.decisions import Verdict

Key = Callable[[], str]


def ask(given: Namespace, found: Queue, who: str, key: Key | None = None) -> int:
    """Goes through the questions; no connection is open while the person thinks."""
    read = key or one_key
    done, last = found.done, ""
    for number, one in enumerate(found.items, 1):
        print_lines([f"\n{number}/{len(found.items)}　已处理 {done}/{found.total}", *item(one, columns())])
        say(keys(one.reason))
        answer = read()
        if answer == "u" and last:
            _made(given, who, [undoing(last)])
            done, last, answer = done - 1, "", read()
        if answer in ("q", "\x03", "\x04", ""):
            break
        results = _answered(given, one, who, answer)
        if results:
            done, last = done + 1, results[-1].decision.id if len(results) == 1 else ""
    say(f"已处理 {done}/{found.total}。")
    return DONE


def _answered(given: Namespace, one: ReviewItem, who: str, answer: str) -> list[Made]:
    """Stores what a key says; skips on any other. What cannot be stored is told, and the next question comes."""
    try:
        with KnowledgeBase.open(kb_path(given)) as kb:
            said = _wishes(kb, one, answer)
            generation = kb.generation
        return _made(given, who, said, one.seen, generation) if said else []
    except PolicyError as error:
        say(str(error))
        return []


def _wishes(kb: KnowledgeBase, one: ReviewItem, answer: str) -> list[Wish]:
    """What a key says; nothing for any other key."""
    if one.reason == "gone":
        return _without_record(kb, one, answer)
    if one.subject.kind == "department":
        return _of_department(kb, one, answer)
    if answer in "123" and one.subject.kind == "link":
        return [wish(kb, "correct", one.subject, "grade", int(answer))]
    if answer == "c":
        field = field_named(input(f"更正哪一项（{'、'.join(FIELD[f] for f in EDITABLE[one.subject.kind])}）："))
        return [wish(kb, "correct", one.subject, field, value_of(field, input("改为：")), input("理由："))]
    verdicts: dict[str, Verdict] = {"y": "confirm", "n": "reject"}
    return [wish(kb, verdicts[answer], one.subject)] if answer in verdicts else []


def _without_record(kb: KnowledgeBase, one: ReviewItem, answer: str) -> list[Wish]:
    if answer == "m":
        ref = input("改挂到哪一条（编号）：").strip()
        upper = input("它的上级任务（编号）：").strip() if one.subject.kind == "link" else None
        about = coverage(kb, ref, one.subject.other_doc) if one.subject.kind == "coverage" else subject(kb, ref, upper)
        return [moved(kb, one.subject, about, input("理由："))]
    return list(given_up(kb, one.subject, input("理由："))) if answer == "d" else []


def _of_department(kb: KnowledgeBase, one: ReviewItem, answer: str) -> list[Wish]:
    name = one.subject.item
    if answer == "c":
        return [wish(kb, "correct", one.subject, "canonical", input("是哪个部门（编号或名称）：").strip())]
    if answer == "r":
        full = input("全称：").strip() or name
        spoken = input(f"层级（{'、'.join(LEVELS)}）：").strip()
        parent = input("上级部门（可不填）：").strip() or None
        return [added_organisation(kb, full, LEVELS.get(spoken, spoken), (name,), parent, input("理由："))]
    return [wish(kb, "confirm", one.subject)] if answer == "y" else []


def _made(
    given: Namespace, who: str, wishes: list[Wish], seen: str | None = None, generation: str | None = None
) -> list[Made]:
    results = decide(kb_path(given), who, *wishes, seen=seen, generation=generation)
    print_lines(made(results, columns()))
    return results


def one_key() -> str:
    """A key, without Enter where the terminal can do that."""
    try:
        import termios
        import tty
    except ImportError:
        return input().strip()[:1]
    screen = sys.stdin.fileno()
    before = termios.tcgetattr(screen)
    try:
        tty.setcbreak(screen)
        return sys.stdin.read(1)
    finally:
        termios.tcsetattr(screen, termios.TCSADRAIN, before)
