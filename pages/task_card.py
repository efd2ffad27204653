"""One task in full, as 责任追溯 shows it."""

from __future__ import annotations

from index.reports.answers import KIND, name_of, said
from pages import shared


def card(kb: shared.Snapshot, ref: str) -> str:
    """Its place, title, text, departments, targets, remark and source; HTML. Raises ``NotFound``."""
    policy, task = kb.task(ref)
    where = shared.place(policy.title, policy.level, policy.text, task.verified)
    path = " › ".join(task.path[:-1] if task.path[-1:] == (task.title,) else task.path)
    kind = f"<span class='pt-sign'>{KIND[task.kind]}</span>" if task.kind != "task" else ""
    word = said(task.state, task.again)
    decided = f"<span class='pt-sign'>{shared.escaped(word.strip('〔〕'))}</span>" if word else ""
    remark = f"<div class='pt-meta'>备注：{shared.escaped(task.remark)}</div>" if task.remark else ""
    return (
        f"<article class='pt-task'><div class='pt-meta'>{where}　{shared.escaped(path)}</div>"
        f"<h2>{shared.escaped(task.id)}　{shared.escaped(name_of(task))}{kind}{decided}</h2>{shared.repealed(kb, policy.superseded_by)}"
        f"<div class='pt-body'>{shared.escaped(task.text)}</div>"
        f"<div>{shared.chips(task.departments, policy.text)}{shared.aims(policy, task)}</div>{remark}"
        f"<div class='pt-foot'>{shared.source(policy, task)}</div></article>"
    )
