"""What people wrote in the cells of a 任务分工表 → values that the knowledge base can hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from pydantic import JsonValue

from extract.rules.departments import effective_role
from index.exporting.rows import LEADING, deadline
from index.exporting.sheet import Dated
from index.reports.answers import UNSAID, UNSAID_IN_OUTLINE
from index.views import Body, MatrixRow

NOTHING = frozenset(("", "无", "未明确", "—", "-", "/", UNSAID, UNSAID_IN_OUTLINE))
"""What people write where there is nothing."""

_LABEL = re.compile(r"\s*(?P<role>[^：:、，,；;]{1,12})[：:](?P<names>.*)", re.DOTALL)
_PARTS = re.compile(r"[；;\n]+")
_NAMES = re.compile(r"[、，,]+")


class Named(NamedTuple):
    """A department in a cell, with the role that stands before it, if any."""

    role: str
    name: str


def squeezed(text: str) -> str:
    """The text without blanks, to compare what a program or a person only laid out anew."""
    return "".join(text.split())


def names(text: str, is_open: bool = False) -> tuple[Named, ...]:
    """The departments of a cell, in order: ``牵头：甲；责任：乙、丙`` or ``甲、乙``.

    >>> names("经发处，环保办")
    (Named(role='', name='经发处'), Named(role='', name='环保办'))
    """
    found: dict[Named, None] = {}
    role = ""
    for part in filter(str.strip, _PARTS.split(text)):
        label = _LABEL.fullmatch(part)
        if label:
            role, part = label["role"].strip(), label["names"]
        for name in map(squeezed, _NAMES.split(part)):
            if name not in NOTHING:
                found[Named(role, name)] = None
    if is_open and found and (last := list(found)[-1]).name.endswith("等"):
        found = {(one._replace(name=one.name.removesuffix("等")) if one is last else one): None for one in found}
    return tuple(found)


def same_names(left: str, right: str, is_open: bool = False) -> bool:
    """Whether two cells name the same departments in the same roles and order."""
    return squeezed(left) == squeezed(right) or names(left, is_open) == names(right, is_open)


def same_day(left: str, right: str) -> bool:
    """Whether two cells set the same deadline: in the same words, or by the same day in other digits."""
    return _deadline(left) == _deadline(right)


def _deadline(text: str) -> object:
    plain = squeezed(text)
    if plain in NOTHING:
        return None
    cell = deadline(plain)
    if isinstance(cell, Dated):
        return cell.day, re.sub(r".*[日\d]", "", plain)
    found = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", plain)
    if found:
        again = deadline("{}年{}月{}日".format(*(str(int(part)) for part in found.groups())))
        return (again.day, "") if isinstance(again, Dated) else plain
    return plain


def same_remark(left: str, right: str) -> bool:
    """Whether two remarks say the same."""
    return squeezed(left) == squeezed(right)


def bodies(row: MatrixRow, lead: str, support: str, resolve: Callable[[str], str | None]) -> list[JsonValue]:
    """The departments of a task as they are stored, from what its two cells say.

    One that the task has keeps its printed role as long as it stays in its column. A new one takes the role that stands
    before it; without one, that of the others in its column, or 责任部门 and 配合部门.
    """
    return [*_column(row, lead, True, resolve), *_column(row, support, False, resolve)]


def _column(row: MatrixRow, text: str, leading: bool, resolve: Callable[[str], str | None]) -> Iterator[JsonValue]:
    mine = [body for body in row.bodies if (body.effective_role in LEADING) is leading]
    for role, name in names(text, row.open):
        held = [body for body in mine if body.name == name]
        if role:
            held = [body for body in held if body.effective_role == effective_role(role)]
        if held:
            for body in held:
                yield body.model_dump(mode="json")
            continue
        printed = role or _usual(mine) or ("责任部门" if leading else "配合部门")
        known = next((body.canonical for body in row.bodies if body.name == name), None) or resolve(name)
        yield {"name": name, "role": printed, "effective_role": effective_role(printed), "canonical": known}


def _usual(mine: Sequence[Body]) -> str:
    """The role that all departments of a column have, if one."""
    roles = Counter(body.role for body in mine)
    return next(iter(roles)) if len(roles) == 1 else ""
