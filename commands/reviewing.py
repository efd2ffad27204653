"""`policytrace review` at a terminal: one question at a time, answered with one key."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable

from commands.console import DONE, columns, kb_path, print_lines, say
from index.decided import KEYS, item, made
from index.history import Made, decide
from index.knowledge_base import KnowledgeBase
from index.review import Queue, ReviewItem
from index.verdicts import value_of, wish
from schemas import PolicyError, Wish

Key = Callable[[], str]


def ask(given: Namespace, found: Queue, who: str, key: Key | None = None) -> int:
    """Goes through the questions; no connection is open while the person thinks."""
    read = key or one_key
    done, last = found.done, ""
    for number, one in enumerate(found.items, 1):
        print_lines([f"\n{number}/{len(found.items)}　已处理 {done}/{found.total}", *item(one, columns())])
        say(KEYS)
        answer = read()
        if answer == "u" and last:
            _made(given, who, [_undo(last)])
            done, last, answer = done - 1, "", read()
        if answer in ("q", "\x03", "\x04", ""):
            break
        results = _answered(given, one, who, answer)
        if results:
            done, last = done + 1, results[-1].decision.id
    say(f"已处理 {done}/{found.total}。")
    return DONE


def _answered(given: Namespace, one: ReviewItem, who: str, answer: str) -> list[Made]:
    """Stores what a key says; skips on any other. What cannot be stored is told, and the next question comes."""
    try:
        with KnowledgeBase.open(kb_path(given)) as kb:
            said = _wish(kb, one, answer)
            generation = kb.generation
        return _made(given, who, [said], one.seen, generation) if said else []
    except PolicyError as error:
        say(str(error))
        return []


def _wish(kb: KnowledgeBase, one: ReviewItem, answer: str) -> Wish | None:
    if answer in "123" and one.subject.kind == "link":
        return wish(kb, "correct", one.subject, "grade", int(answer))
    if answer == "c":
        field = input("更正哪一项（如 departments、title、deadline、canonical）：").strip()
        return wish(kb, "correct", one.subject, field, value_of(field, input("改为：")), input("理由："))
    verdicts = {"y": "confirm", "n": "reject"}
    if answer not in verdicts:
        return None
    return wish(kb, verdicts[answer], one.subject)  # type: ignore[arg-type]


def _undo(decision: str) -> Wish:
    from schemas import Subject

    return Wish(verdict="undo", subject=Subject(kind="task"), undoes=decision)


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
