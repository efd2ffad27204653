"""What the command line prints for people: views → lines of Chinese text. Light to import, for `policytrace search`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from index.reports.terminal import marked, table, wrapped

if TYPE_CHECKING:
    from index.build import BuildReport
    from index.linking.coverage import Coverage
    from index.reading.official_texts import FetchReport
    from index.searching.search import Hit, SearchResult
    from schemas import Evidence, Finding, Policy, Responsibility, Signal, Target, Task

LEVEL = {
    "national": "国家",
    "provincial": "省级",
    "municipal": "市级",
    "district": "区县",
    "park": "园区",
    None: "未知",
}
ROLE = {"lead": "牵头", "responsible": "责任", "support": "配合", "guide": "指导"}
STRENGTH = {"prohibit": "禁止", "require": "要求", "promote": "推进", "encourage": "鼓励", "explore": "探索"}
KIND = {"task": "任务", "safeguard": "保障措施", "goals": "目标"}
GRADE = {3: "●●● 落实", 2: "●●○ 部分落实", 1: "●○○ 主题相近（存疑）", 0: "○○○ 无关"}
RELATION = {"equal": "内容相当", "subset": "上级范围较窄", "superset": "上级范围较宽", "intersect": "部分重叠"}
LINK_STATE = {
    "proposed": "",
    "confirmed": "已人工确认",
    "corrected": "已人工更正",
    "rejected": "已人工否定",
    "added": "人工补录",
    "suspect": "文字已改，待重新确认",
}
STATE = {
    "extracted": "自动提取",
    "confirmed": "人工已确认",
    "corrected": "人工已更正",
    "rejected": "人工已否定",
    "added": "人工补录",
}
AGAIN = "原文已改，待复核"
COVERAGE = {"covered": "● 已落实", "partial": "◐ 部分落实", "gap": "○ 缺口", "not_applicable": "－ 不适用"}
COMPARED = {
    "conflict": "相互矛盾",
    "weaker": "低于上级",
    "stricter": "严于上级",
    "same": "一致",
    "localised": "结合本地",
    "not_comparable": "不可比",
}
SEVERITY = {"error": "须处理", "warning": "请核对", "info": "提示"}
FINDING = {
    "garbled_heading": "标题文字损坏",
    "missing_number": "数字缺失",
    "missing_character": "字符缺失",
    "missing_separator": "部门之间缺分隔",
    "watermark": "混入水印",
    "count_mismatch": "数目与条目不符",
    "repeated_text": "文字重复",
    "unread_part": "未能读出",
    "doubtful_text": "识别存疑",
    "left_out": "有编号而未列入任务",
    "other": "其他缺损",
    "unknown_department": "部门不明",
    "unnamed_bodies": "单位没有点名",
    "no_department": "没有责任部门",
    "target_conflict": "目标矛盾",
    "target_weaker": "目标低于上级",
    "suspect_link": "关联待重新确认",
    "damaged": "知识库受损",
    "superseded": "文件已废止",
    "basis_superseded": "依据已废止",
    "seen_again": "人工认定待复核",
    "decision_without_record": "人工决定无对应条目",
}
UNSAID = "文件未明确"
UNSAID_IN_OUTLINE = "提纲未载"
"""An outline holds only some facts: what it does not say, the document may."""


def said(state: str, again: bool, before: str = "") -> str:
    """What people decided on a record, in brackets; empty while nobody did."""
    if state == "extracted" and not again:
        return ""
    return f"{before}〔{STATE[state]}{f'，{AGAIN}' if again else ''}〕"


def name_of(task: Task) -> str:
    """The task's title, or the beginning of its text."""
    return task.title or f"{task.text[:20]}…"


def unsaid(form: str) -> str:
    """What stands where no department is named, in a full text or in an outline."""
    return UNSAID_IN_OUTLINE if form == "outline" else UNSAID


def departments(bodies: Iterable[Mapping[str, Any]], form: str) -> str:
    """Departments by printed role: ``牵头：经发处；配合：环保办``; `form` tells a full text from an outline."""
    by_role: dict[str, list[str]] = {}
    for body in bodies:
        by_role.setdefault(body["role"], []).append(body["name"])
    return "；".join(f"{role}：{'、'.join(dict.fromkeys(names))}" for role, names in by_role.items()) or unsaid(form)


def _printed(bodies: Iterable[Responsibility], form: str) -> str:
    return departments((body.model_dump() for body in bodies), form)


def place(document: str, level: str | None, form: str, verified: bool | None, superseded_by: str | None = None) -> str:
    """Level and title of a document, with what has to be known of it: an outline, a fact that is not checked, another
    document that put it out of force (its slug)."""
    signs = {
        "提纲": form == "outline",
        "未核": verified is False,
        f"已由 {superseded_by} 废止或取代": superseded_by is not None,
    }
    return f"{LEVEL[level]} · {document}{''.join(f'〔{sign}〕' for sign, is_so in signs.items() if is_so)}"


_RELATIVE = ("best_upper", "best_lower", "own_upper", "sections", "upper_share", "lower_share")
"""Signals that say that nothing else is nearer, or how much is shared: no reason to check in the two texts."""
_LEAST = {"clause": 0.6}
"""From which strength on a signal is what its words say (几乎同文); of the others from `_NOTICEABLE`."""
_NOTICEABLE = 0.2


def telling(evidence: Evidence) -> list[Signal]:
    """What both tasks of a link have in common, the strongest first; after that, that nothing else is nearer."""
    ranked = sorted((one for one in evidence.signals if one.note), key=lambda one: -one.value)
    common = [one for one in ranked if one.name not in _RELATIVE and one.value >= _LEAST.get(one.name, _NOTICEABLE)]
    return [*common, *(one for one in ranked if one not in common and one.name not in _LEAST)]


def reasons(evidence: Evidence) -> list[str]:
    """`telling` in words, without shares: 份额 says nothing without its number."""
    return [one.note for one in telling(evidence) if not one.name.endswith("_share")]


def measures_unseen(row: Coverage) -> list[str]:
    """The measures of an upper task of which nothing is found below, each with the rare piece of it that is."""
    found = {one.measure: f"〔仅见“{one.text}”：{one.task}〕" for one in row.echoes}
    return [f"{measure}{found.get(measure, '')}" for measure in row.missing_measures]


def measures_near(row: Coverage) -> list[str]:
    """The measures of which only something near is found below, each with where, and the rare piece of it that is."""
    found = {one.measure: f"，“{one.text}”" for one in row.echoes}
    return [f"{one.measure}〔{'、'.join(one.tasks)}{found.get(one.measure, '')}〕" for one in row.near_measures]


def built(report: BuildReport, columns: int) -> Iterator[str]:
    """The summary of a build: a line per document, what failed and why, and the totals."""
    rows = [
        (
            row.state,
            LEVEL[row.level],
            row.title or row.file,
            row.slug,
            row.tasks,
            row.departments,
            row.targets,
            row.defects,
        )
        for row in report.rows
        if row.state != "失败"
    ]
    if rows:
        yield from table(("状态", "层级", "文件", "简称", "任务", "部门", "目标", "缺损"), rows, columns)
    for row in report.rows:
        if row.note:
            yield from wrapped(f"{row.title or row.file}：{row.note}", columns, "· ")
    for row in report.rows:
        if row.partly:
            yield from wrapped(f"{row.title or row.file}：有 {len(row.partly)} 处没有读出，请对照原件", columns, "△ ")
            for part in row.partly:
                yield from wrapped(part, columns, "  ")
    for row in report.failed:
        yield from wrapped(row.problem, columns, "✗ ")
        yield from wrapped(row.hint, columns, "  ")
    if report.failed:
        yield f"{len(report.failed)} 个文件未能读取，其余不受影响。"
    yield from wrapped(_passed_over(report), columns)
    if len(report.rows) > 1:
        counts = Counter(row.state for row in report.rows)
        parts = sum(bool(row.partly) for row in report.rows)
        yield "，".join(f"{state} {number}" for state, number in counts.items()) + (
            f"（其中部分读出 {parts}）。" if parts else "。"
        )
    total = f"知识库共 {report.documents} 份文件、{report.tasks} 项任务、{report.links} 条关联"
    yield f"{total}，用时 {report.seconds:.1f} 秒。" if report.generation else "没有可以入库的文件。"


def _passed_over(report: BuildReport) -> str:
    """The files of other kinds in the folders, by their endings; empty where there are none."""
    if not report.passed_over:
        return ""
    kinds = Counter(PurePath(file).suffix.lower() or "无扩展名" for file in report.passed_over)
    listed = "、".join(f"{kind} {number} 个" for kind, number in kinds.most_common())
    return f"文件夹里还有 {len(report.passed_over)} 个其他文件没有读：{listed}。其中如有公文，请另存为能读的格式。"


def fetched(report: FetchReport, columns: int) -> Iterator[str]:
    """What became of each document that was to be fetched."""
    for row in report.rows:
        size = f"（{row.size / 1024:.0f} KB）" if row.size else ""
        yield from wrapped(f"{row.state}　{row.title}　{row.slug}{size}", columns)
        for text in filter(None, (row.problem, row.hint)):
            yield from wrapped(text, columns, "  ")


def found(result: SearchResult, offset: int, columns: int) -> Iterator[str]:
    """The hits, numbered, each with its place, its departments and the words that matched."""
    if not result.total:
        yield "没有找到任务。可以减少筛选条件，或换一个说法。"
        return
    last = offset + len(result.hits)
    more = f"，这里是第 {offset + 1}–{last} 项（--limit、--offset 可调）" if len(result.hits) < result.total else ""
    yield f"共 {result.total} 项任务{more}。"
    for number, hit in enumerate(result.hits, offset + 1):
        yield ""
        yield from _hit(number, hit, columns)


def _hit(number: int, hit: Hit, columns: int) -> Iterator[str]:
    in_title = next((part.marks for part in hit.highlights if part.field == "title" and not part.start), ())
    title = marked(hit.title, in_title) if hit.title else f"{hit.starts_with}…"
    yield from wrapped(f"{title}　{hit.ref}{said(hit.state, hit.again)}", columns, f"{number:>3}. ", "     ")
    path = hit.path[:-1] if hit.path[-1:] == (hit.title,) else hit.path
    where = " › ".join((place(hit.document, hit.level, hit.text, hit.verified, hit.superseded_by), *path))
    yield from wrapped(where, columns, "     ")
    yield from wrapped(departments(hit.departments, hit.text), columns, "     ")
    for part in hit.highlights:
        if part.field == "text":
            yield from wrapped(f"…{marked(part.text, part.marks)}…", columns, "     ")


def task(policy: Policy, one: Task, targets: Sequence[Target], columns: int) -> Iterator[str]:
    """One task: where it stands, its text, departments, targets, origin."""
    yield from wrapped(f"{name_of(one)}　{policy.slug}#{one.id}{said(one.state, one.again)}", columns)
    document = place(policy.title, policy.level, policy.text, one.verified, policy.superseded_by)
    yield from wrapped(" › ".join((document, *one.path)), columns)
    yield ""
    yield from wrapped(one.text, columns, "  ")
    yield ""
    source = {"own": "", "group": "（文中对这一组任务统一写明）", "none": ""}[one.departments_from]
    open_list = "等" if one.departments_open else ""
    yield from wrapped(f"{_printed(one.departments, policy.text)}{open_list}{source}", columns, "部门　")
    if one.deadline:
        yield from wrapped(one.deadline, columns, "时限　")
    if one.remark:
        yield from wrapped(one.remark, columns, "备注　")
    for target in targets:
        year = f"（{target.target_year} 年）" if target.target_year else ""
        missing = "，原件缺数字" if target.value is None and lost(policy, target) else ""
        yield from wrapped(
            f"{target.quote}{year}{missing}{'〔未核〕' if target.verified is False else ''}{said(target.state, target.again)}",
            columns,
            "目标　",
        )
    strengths = Counter(STRENGTH[measure.strength] for measure in one.measures)
    if strengths:
        yield "力度　" + "、".join(f"{name} {number}" for name, number in strengths.items())
    page = f"第 {one.origin.page} 页，" if one.origin.page else ""
    where = f"{page}第 {one.origin.line} 行" if one.origin.is_place else one.origin.where
    yield from wrapped(f"{policy.file}，{where}", columns, "出处　")


def lost(policy: Policy, target: Target) -> bool:
    """Whether the source has lost the target's number."""
    start, end = target.origin.start, target.origin.end
    return any(
        defect.kind == "missing_number" and defect.origin and start <= defect.origin.start <= end
        for defect in policy.defects
    )


def aimed(rows: Sequence[Any], columns: int) -> Iterator[str]:
    """The targets, document by document."""
    yield f"共 {len(rows)} 个目标。"
    for doc in dict.fromkeys(row.doc for row in rows):
        of_doc = [row for row in rows if row.doc == doc]
        yield ""
        yield f"{LEVEL[of_doc[0].level]} · {doc}"
        for row in of_doc:
            head = f"  {row.task or '总体'}　{row.target.target_year or '年份未写'}　"
            yield from wrapped(f"{row.target.quote}{'〔未核〕' if row.unchecked else ''}", columns, head)


def checked(findings: Sequence[Finding], columns: int) -> Iterator[str]:
    """The findings, document by document, the gravest first."""
    if not findings:
        yield "没有发现问题。"
        return
    counts: Counter[str] = Counter(finding.severity for finding in findings)
    yield f"共 {len(findings)} 条：" + "，".join(
        f"{name} {counts[key]}" for key, name in SEVERITY.items() if counts[key]
    )
    order = list(SEVERITY)
    for doc in dict.fromkeys(finding.doc for finding in findings):
        yield ""
        yield doc
        for one in sorted((f for f in findings if f.doc == doc), key=lambda f: order.index(f.severity)):
            told = one.message.startswith("第 ")  # a defect says its line itself
            at = f"（{one.origin.where}）" if one.origin and not told else ""
            label = f"{SEVERITY[one.severity]}·{FINDING.get(one.kind, one.kind)}"
            yield from wrapped(
                f"{label}{f' {one.task}' if one.task else ''}{at}　{one.message}", columns, "  ", "      "
            )
