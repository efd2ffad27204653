"""Questions to the knowledge base: search, show, trace, links, gaps, targets, check."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from commands.arguments import AS_JSON, AT, COUNT, DEPARTMENT, DOC, LEVEL, REF, WHOLE, Command, argument, strength
from commands.console import DONE, PARTLY, columns, kb_path, opened, patience, print_json, print_lines, say, wrong

if TYPE_CHECKING:
    from index.knowledge_base import KnowledgeBase


def do_search(given: Namespace) -> int:
    from index.searching.search import search

    filters = {
        name: getattr(given, name) for name in ("department", "role", "level", "doc", "year", "strength", "section")
    }
    with patience("正在检索 ……"):
        result = search(
            kb_path(given), " ".join(given.query), **filters, limit=given.limit, offset=given.offset, facets=False
        )
    if result.note:
        say(f"注意：{result.note}")
    if not result.total and given.doc:
        with opened(given) as kb:
            kb.policy(given.doc)  # an unknown document is told
    if given.json:
        print_json([hit.to_json() for hit in result.hits])
    else:
        from index.reports.answers import found

        print_lines(found(result, given.offset, columns()))
    return DONE


def do_show(given: Namespace) -> int:
    with opened(given) as kb:
        policy, task = kb.task(given.ref)
        said = kb.decisions_on(policy.slug, task.id)
    from index.reports.decisions import standing_lines, task_json

    if given.json:
        print_json(task_json(policy, task, said))
    else:
        from index.reports.answers import task as shown

        targets = [target for target in policy.targets if target.task == task.id]
        print_lines([*shown(policy, task, targets, columns()), *standing_lines(said, task.state, columns())])
    return DONE


def do_trace(given: Namespace) -> int:
    from index.views import trace

    with opened(given) as kb, patience("正在追溯 ……"):
        found = trace(kb, given.ref, doubtful=given.doubtful)
    if given.json:
        print_json(found.model_dump(mode="json"))
    else:
        from index.reports.links import traced

        print_lines(traced(found, columns(), None if given.all else 6))
    return DONE


def do_links(given: Namespace) -> int:
    from index import views
    from index.reports import links as report_links

    if given.own and not given.lower:
        return wrong("--own 要知道是哪一份文件", "请用 --lower 给出下级文件。")
    with opened(given) as kb, patience("正在读取关联 ……"):
        found: Any
        if given.documents:
            found = _edges(kb, given.lower, given.upper)
        elif given.own:
            found = views.initiatives(kb, given.lower)
        elif given.counterparts:
            found = views.counterparts(kb, given.upper, given.lower)
        else:
            found = views.links(kb, given.lower, given.upper)
        told = () if given.documents else (views.note_on, views.waiting)
        notes = [view(kb, given.lower, given.upper) for view in told]
        if given.own and not notes[0]:
            notes.append(views.nothing_above(kb, given.lower))
        names = _facts(kb) if given.documents else _names(kb)
    for note in filter(None, notes):
        say(f"注意：{note}")
    if given.json:
        print_json([one.model_dump(mode="json") for one in found])
    elif given.documents:
        print_lines(report_links.document_graph(found, names, columns()))
    elif given.own:
        if found or not notes[0]:  # of a document without tasks nothing can be said
            print_lines(report_links.initiatives(found, names, columns()))
    elif given.counterparts:
        print_lines(report_links.counterparts(found, columns(), given.limit))
    else:
        print_lines(report_links.linked(found, names, columns(), given.limit))
    return DONE


def _edges(kb: KnowledgeBase, lower: str | None, upper: str | None) -> list[Any]:
    """Which document names which, of one lower or upper document or of all."""
    from index import views

    for slug in filter(None, (lower, upper)):
        kb.policy(slug)
    return [one for one in views.document_graph(kb) if lower in (None, one.lower) and upper in (None, one.upper)]


def _facts(kb: KnowledgeBase) -> dict[str, str]:
    """Slug → 文号 and date of every document that is held or in the catalogue."""
    from corpus.catalogue import load

    listed = [(one.slug, one.doc_number, one.date) for one in load().known]
    held = [(one.slug, one.doc_number, one.date) for one in kb.policies()]
    return {slug: " ".join(filter(None, (number, date))) for slug, number, date in (*listed, *held)}


def do_gaps(given: Namespace) -> int:
    from index.views import gaps, note_on, waiting

    if given.upper == given.lower:
        return wrong("上级文件和下级文件是同一份", "请用 --upper 和 --lower 给出两份不同的文件。")
    with opened(given) as kb, patience("正在比对 ……"):
        rows = gaps(kb, given.upper, given.lower, kb.not_applicable(given.upper, given.lower))
        names, notes = _names(kb), [view(kb, given.lower, given.upper) for view in (note_on, waiting)]
    for note in filter(None, notes):
        say(f"注意：{note}")
    if given.json:
        print_json([row.model_dump(mode="json") for row in rows])
    else:
        from index.reports.links import covered

        print_lines(covered(rows, names, columns()))
    return DONE


def do_targets(given: Namespace) -> int:
    from index import views
    from index.reports import answers as report
    from index.reports import links as report_links

    with opened(given) as kb, patience("正在对照目标 ……"):
        rows = views.targets(kb, given.indicator, given.compare)
    if given.json:
        print_json([(report_links.pair_json if given.compare else report_links.target_json)(row) for row in rows])
    else:
        print_lines((report_links.compared if given.compare else report.aimed)(rows, columns()))
    return DONE


def do_check(given: Namespace) -> int:
    from index.findings import findings
    from index.soundness import damage

    with opened(given) as kb, patience("正在检查 ……"):
        if given.doc:
            kb.policy(given.doc)
        found = [one for one in (*damage(kb.path), *findings(kb)) if given.doc in (None, one.doc)]
    if given.json:
        print_json([one.model_dump(mode="json") for one in found])
    else:
        from index.reports.answers import checked

        print_lines(checked(found, columns()))
    return PARTLY if found else DONE


def _names(kb: KnowledgeBase) -> dict[str, str]:
    from index.reports.links import names_of

    return names_of(kb.policies())


COMMANDS: dict[str, Command] = {
    "search": Command(
        do_search,
        "检索任务：谁负责什么。词都要出现，引号内的词语必须原样出现；不给词就列出符合筛选条件的全部任务。",
        ("search 清洁生产 --department 环保办", "search “源网荷储” --level 园区", f"search --doc {WHOLE} --json"),
        (
            argument("query", nargs="*", metavar="QUERY", help="要找的词"),
            DEPARTMENT,
            argument("--role", metavar="R", help="角色：牵头、责任、配合、指导，或文件中的叫法"),
            LEVEL,
            DOC,
            argument("--year", metavar="Y", help="年份或范围：2025、2021-2025、2026-"),
            argument("--strength", metavar="S", type=strength, help="力度：禁止、要求、推进、鼓励、探索"),
            argument("--section", metavar="章节", help="章节编号或标题，例如 三"),
            argument("--limit", default=20, help="最多列出几项（默认 20）", **COUNT),
            argument("--offset", default=0, help="跳过前几项", **COUNT),
            AS_JSON,
        ),
    ),
    "show": Command(
        do_show,
        "显示一项任务：原文、部门、目标、出处。",
        (f"show {WHOLE}#三.1", "show shanghai-industry-carbon-peak-2022#八.十八 --json"),
        (argument("ref", metavar="REF", help=REF), AT, AS_JSON),
    ),
    "trace": Command(
        do_trace,
        "从一项任务出发，向上找依据，向下找落实，说明等级和理由。",
        (f"trace {WHOLE}#七.2", f"trace {WHOLE}#三.1 --json"),
        (
            argument("ref", metavar="REF", help=REF),
            argument("--doubtful", action="store_true", help="也列出主题相近但不足以认定的（1 级）"),
            argument("--all", action="store_true", help="列出全部，不只是最可靠的几项"),
            AT,
            AS_JSON,
        ),
    ),
    "links": Command(
        do_links,
        "列出两份文件之间（或全部）任务的关联，含 1 级候选。",
        (
            f"links --lower {WHOLE} --upper shanghai-industry-carbon-peak-2022",
            f"links --lower {WHOLE} --upper shanghai-industry-carbon-peak-2022 --counterparts",
            f"links --lower {WHOLE} --own",
            f"links --lower {WHOLE} --documents",
        ),
        (
            argument("--lower", metavar="SLUG", help="下级文件"),
            argument("--upper", metavar="SLUG", help="上级文件"),
            argument("--counterparts", action="store_true", help="按部门统计：下级哪个部门对应上级哪个部门"),
            argument("--documents", action="store_true", help="文件之间的依据和引用，所引文件是否在库"),
            argument("--own", action="store_true", help="下级文件中没有上级依据的任务和举措"),
            argument("--limit", default=40, help="表格最多几行（默认 40；--json 总是全部）", **COUNT),
            AT,
            AS_JSON,
        ),
    ),
    "gaps": Command(
        do_gaps,
        "上级文件的哪些任务，下级文件没有承接。",
        (f"gaps --upper shanghai-industry-carbon-peak-2022 --lower {WHOLE}",),
        (
            argument("--upper", metavar="SLUG", required=True, help="上级文件"),
            argument("--lower", metavar="SLUG", required=True, help="下级文件"),
            AT,
            AS_JSON,
        ),
    ),
    "targets": Command(
        do_targets,
        "列出目标；加 --compare 就把各级的同一指标放在一起比较。",
        ("targets --indicator 能耗", "targets --indicator 碳排放 --compare"),
        (
            argument("--indicator", metavar="TEXT", help="指标中的词"),
            argument("--compare", action="store_true", help="上下级对照"),
            AT,
            AS_JSON,
        ),
    ),
    "check": Command(
        do_check,
        "检查知识库：缺损、不明的部门、没有部门的任务、目标冲突、待重新确认的关联。有发现时退出码为 1。",
        ("check", f"check --doc {WHOLE} --json"),
        (DOC, AT, AS_JSON),
    ),
}
