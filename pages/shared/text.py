"""Text of documents, shown as text whatever it holds: as HTML and as labels."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from index.exporting.sheet import clean
from index.reports.answers import LEVEL, ROLE, unsaid
from schemas import NotFound, Policy, Task

_MARKDOWN = re.compile(r"[\\`*_\[\]<>~$:!|@&]|^[#+\-=]|(?<=www)\.|(?<=^\d)[.)]", re.IGNORECASE)


def escaped(text: str | None) -> str:
    """Text from a document as HTML that shows it and does nothing else."""
    return html.escape(clean(text or ""))


def plain(text: str | None) -> str:
    """Text from a document as a label: Markdown that shows it as it is, on one line."""
    return _MARKDOWN.sub(r"\\\g<0>", " ".join(clean(text or "").split()))


def marked(text: str, marks: Iterable[Sequence[int]]) -> str:
    """Escaped HTML with the ranges marked; they are in order and do not overlap."""
    parts, after = [], 0
    for start, end in marks:
        if start >= after and end > start:
            parts += [escaped(text[after:start]), f"<mark>{escaped(text[start:end])}</mark>"]
            after = end
    return "".join([*parts, escaped(text[after:])])


def address(page: str, **query: str | None) -> str:
    """The address of a page in a state, as the value of ``href``."""
    asked = urlencode({name: value for name, value in query.items() if value})
    return escaped(f"{page}?{asked}" if asked else page)


def leads(page: str, inner: str, look: str = "", **query: str | None) -> str:
    """A link as HTML; `inner` is HTML as well."""
    return f"<a class='pt-go {look}' href='{address(page, **query)}'>{inner}</a>"


def chips(bodies: Iterable[Any], form: str) -> str:
    """Departments, each with its role in words; HTML."""
    seen: dict[tuple[str, str], None] = {}
    for body in bodies:
        one = body if isinstance(body, Mapping) else body.model_dump()
        seen[one["name"], one["effective_role"]] = None
    if not seen:
        return f"<span class='pt-chip pt-none'><b>部门</b>{unsaid(form)}</span>"
    return "".join(f"<span class='pt-chip pt-{role}'><b>{ROLE[role]}</b>{escaped(name)}</span>" for name, role in seen)


def place(title: str, level: str | None, form: str, verified: bool | None = None) -> str:
    """Level and title of a document; 提纲 and 未核 are said; HTML."""
    signs = [sign for sign, is_so in (("提纲", form == "outline"), ("未核", verified is False)) if is_so]
    tags = "".join(f"<span class='pt-sign'>{sign}</span>" for sign in signs)
    return f"<span class='pt-level pt-{level}'>{LEVEL[level]}</span><span class='pt-doc'>{escaped(title)}</span>{tags}"


def repealed(kb: Any, by: str | None) -> str:
    """That a document is out of force, and by which one, leading there; HTML, empty where it is in force."""
    if by is None:
        return ""
    try:
        title, link = kb.policy(by).title, {"doc": by}
    except NotFound:  # a person named one that is not held
        return f"<div class='pt-out'>已由 {escaped(by)} 废止或取代</div>"
    return f"<div class='pt-out'>已由 {leads('documents', f'《{escaped(title)}》', **link)} 废止或取代，不再作为现行要求</div>"


def label(policy: Policy) -> str:
    """A document in a list of choices."""
    return f"{LEVEL[policy.level]} · {policy.title}{'（提纲）' if policy.text == 'outline' else ''}"


def aims(policy: Policy, task: Task) -> str:
    """The targets of a task; HTML."""
    found = dict.fromkeys(
        f"{escaped(one.quote)}{'（未核）' if one.verified is False else ''}"
        for one in policy.targets
        if one.task == task.id and one.state != "rejected"
    )
    return "".join(f"<span class='pt-chip pt-aim-chip'><b>目标</b>{quote}</span>" for quote in found)


def source(policy: Policy, task: Task) -> str:
    """Where the task stands in its file, leading there; HTML."""
    page = f"第 {task.origin.page} 页" if task.origin.page else ""
    place = f"{page}第 {task.origin.line} 行" if task.origin.is_place else task.origin.where
    where = f"{escaped(policy.file)}，{place}"
    link = leads("documents", "查看原文", doc=policy.slug, task=task.id)
    return f"<span>出处：{where}</span>{link}"
