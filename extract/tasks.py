"""Clauses → tasks and safeguards: which clause tells someone to do something, and who answers for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from extract import targets
from extract.clauses import UNNUMBERED, Node
from extract.departments import Assignment, Named, Reader
from extract.paragraphs import Paragraph
from extract.rules.departments import CLOSING_NAMES, DEADLINE_LABEL, looks_like_organisation, may_be_organisation
from extract.rules.headings import SECURES, classify
from extract.rules.verbs import strength_of
from extract.titles import comma_titles

_CLAUSE = re.compile(r"[^，。；：！\n]+")
_DEFINES = re.compile(
    r"本(?:办法|规定|细则|条例|方案|规划|制度|意见|规则|规程)(?:所称|适用于|自|由.{2,20}解释)|是指|适用本|(?:起|之日起)(?:施行|实施|执行)|负责解释|有效期"
)
_PURPOSE = re.compile(r"为了?[^。]*(?:制定|结合[^。]{0,20}实际)")
_ORDERS = re.compile(
    r"由[^，。；]{2,40}(?:负责|会同|组织|报|批准|审批|制定|启动|调|办理|执行|核定|确定|拨付|监督|审核)|按照?[^，。；]{2,30}(?:要求|规定)[^，。；]"
)
"""How an article orders without an opening verb: 由某局会同某局办理."""
_REPORTS = re.compile(
    r"(?:\d日|月底|\d时|季度末|年底)前[^，。；]{0,24}(?:报送|上报|报告|反馈|上传|提交|完成|出台|印发|建成)"
)
"""An order by its date: 每周五16时前报送检查情况."""
_DATED = re.compile(r"20\d\d年(?:底|\d{1,2}月(?:底|末|\d{1,2}日)?)前[^，。；]{0,20}(?:完成|建成|实现|达到)")
"""What an article sets a date for: 2024年10月底前完成."""
_ANSWERED = re.compile(
    r"[（(【\[〔](?:[^（）()【】\[\]。；]{2,16}[；;，])?(?:责任|牵头|主办|配合|负责)(?:单位|部门|处室|科室|主体)[：:]|"
    r"[（(【\[〔][^（）()【】\[\]，。；]{2,60}[^（）()【】\[\]。]{0,300}(?:负责|牵头|配合|参与)[)）】\]〕]\s*$"
)
"""Who answers is printed with it: an item with such a bracket is a task, whatever its words."""
_LEAST_TEXT = 8
_LISTED = re.compile(r"[；;](?:[以]?及|和|或者)?$")
_BRACKET_PARAGRAPH = re.compile(r"\s*[（(【\[〔].{3,}[）)】\]〕][。；]?\s*", re.DOTALL)


@dataclass
class Item:
    """A clause that is a task: its place in the tree, its text, and who answers for it.

    ``below`` are the clauses that are part of it: itself and those below, without 专栏 whose items are tasks of their own.
    """

    node: Node
    below: list[Node]
    kind: str
    id: str
    span: tuple[int, int]
    assignments: list[Assignment] = field(default_factory=list)
    from_: str = "none"
    deadline: str | None = None
    loose: list[tuple[Paragraph, Assignment]] = field(default_factory=list)

    @property
    def names(self) -> list[Named]:
        """The departments in the order printed, each once."""
        seen: dict[str, Named] = {}
        for assignment in self.assignments:
            for named in assignment.names:
                seen.setdefault(re.sub(r"\s+", "", named.name), named)
        return list(seen.values())


def find(root: Node, text: str, reader: Reader) -> tuple[list[Item], list[Node]]:
    """The tasks of the document in reading order, and the clauses whose title had to be mended."""
    mended = comma_titles(root, text)
    last = root.children[-1] if len(root.children) > 2 else None
    nodes = [
        (node, kind)
        for child in root.children
        for node, kind in _items(child, "safeguard" if child is last and _secures(child) else "task", text)
    ]
    chosen = {id(node) for node, _ in nodes}
    items = [Item(node, own := _without_others(node, chosen), kind, "", _span(node, own)) for node, kind in nodes]
    _name(items)
    for item in items:
        _own(item, text, reader)
    _inherit(items, text, reader)
    _group(items, text)
    return items, mended


def _secures(section: Node) -> bool:
    """Whether the last section tells how the work is secured: by its title, or by most of the titles in it."""
    kinds = [classify(child.title or "") or SECURES.search(child.title or "") for child in section.children]
    return bool(SECURES.search(section.title or "")) or len(kinds) > 2 and 2 * sum(map(bool, kinds)) > len(kinds)


def left_out(root: Node, text: str, items: Sequence[Item]) -> Iterator[Node]:
    """Numbered clauses of the part that holds tasks of which nothing became one: a reader has to look at them.

    Background, goals, definitions and 附则 hold none; what stands before the first task of a document neither.
    """
    taken = {id(below) for item in items for below in item.below}
    taken |= {id(above) for item in items for above in item.node.path}
    first = items[0].span[0] if items else len(text)
    for node in root.walk():
        if id(node) in taken or node.paragraph is None or not _is_counted(node) or node.paragraph.start < first:
            continue
        if node.children or any(_untold(above) for above in node.path):
            continue
        if len(_own_text(node, text)) >= _LEAST_TEXT and not _DEFINES.search(_own_text(node, text)):
            yield node


def section_of(node: Node) -> Node:
    """The top-level clause that holds ``node``."""
    return node.path[0]


def lead_of(node: Node, text: str) -> str:
    """What the clauses above ``node`` say before their first item."""
    return "\n".join(text[a:b] for above in node.path[:-1] for a, b in above.body())


# --- which clauses are tasks ---------------------------------------------------------------------------------------


def _items(node: Node, kind: str, text: str) -> Iterator[tuple[Node, str]]:
    title_kind = classify(node.title) if node.title else None
    if title_kind == "goals":
        yield from _answered_goals(node, text)
    if title_kind in ("background", "goals"):
        return
    kind = title_kind or kind
    parts = [(child, list(_items(child, kind, text))) for child in node.children]
    if any(found for _, found in parts) and not _is_list(node, text):
        boxes = all(child.style == "box" for child in node.children)
        if (
            node.parent
            and node.parent.parent
            and node.body()
            and _instructs(node, text, own=True)
            and (boxes or _commits(node, text))
        ):
            yield node, kind
        alike = _alike([child for child, found in parts if found], node.children)
        for child, found in parts:
            yield from found or ([(child, kind)] if alike and _stands_alone(child, text) else [])
    elif _heads_items(node, text):
        yield from ((child, kind) for child in node.children)
    elif _instructs(node, text, own=bool(node.children)) and not any(_untold(child) for child in node.children):
        yield node, kind


def _heads_items(node: Node, text: str) -> bool:
    """Whether a heading that orders something stands alone above titled items: these say what, whatever their words."""
    said = bool(node.title and strength_of(node.title)) and not _own_text(node, text).strip("。：: ").replace(
        node.title or "", ""
    )
    return (
        said and len(node.children) > 1 and all(child.title and _stands_alone(child, text) for child in node.children)
    )


def _answered_goals(node: Node, text: str) -> Iterator[tuple[Node, str]]:
    """Numbered goals with a bracket of those who answer for them (（牵头单位：区发改委）): each is somebody's task."""
    for below in node.walk():
        if below is not node and not below.children and _is_counted(below) and _ANSWERED.search(_own_text(below, text)):
            yield below, "task"


def _alike(told: Sequence[Node], siblings: Sequence[Node]) -> bool:
    """Whether the items of one numbering are of one kind: half of them or more instruct, so the others do too."""
    return len(told) >= 0.5 * len(siblings) and len({child.style for child in siblings}) == 1


def _stands_alone(node: Node, text: str) -> bool:
    """Whether an item may be a task by what its neighbours are: numbered, with a text of its own, and no definition."""
    own = _own_text(node, text)
    if not _is_counted(node) or node.children or _untold(node) or len(own) < _LEAST_TEXT:
        return False
    return bool(node.title) or _commits(node, text)


def _commits(node: Node, text: str) -> bool:
    """Whether the clause's text holds a commitment that can be checked."""
    spans = ((a, b) for a, b in node.body())
    found = (
        one for a, b in spans for one in targets.find(text, a, b, targets.Clock(None), goals=False, lost_digits=True)
    )
    return next(found, None) is not None


def _is_counted(node: Node) -> bool:
    """Whether a number is printed that stands for an item of the document; articles are rules of all kinds."""
    return node.number is not None and node.style not in (*UNNUMBERED, "article", "circled", "box", "lost")


def _untold(node: Node) -> bool:
    """Whether the clause's title says that it holds no tasks."""
    return bool(node.title) and classify(node.title or "") in ("background", "goals")


def _is_list(node: Node, text: str) -> bool:
    """Whether the clauses below are members of one sentence (…：（一）…；（二）…。), or mostly instruct nobody."""
    own = "".join(text[a:b] for a, b in node.body()).rstrip()
    opens = own.endswith(("：", ":"))
    if node.style == "article" and opens:
        return True
    members = sum(bool(_LISTED.search(_own_text(child, text).rstrip())) for child in node.children)
    if opens and members >= max(1, len(node.children) - 1):
        return True
    instructing = sum(_instructs(child, text) for child in node.children)
    return bool(own) and instructing < 0.5 * len(node.children)


def _own_text(node: Node, text: str) -> str:
    return "".join(text[a:b] for a, b in node.body()) or node.title or ""


def _instructs(node: Node, text: str, own: bool = False) -> bool:
    """Whether some sentence tells someone to do something; definitions and 附则 do not. ``own``: not of the clauses below."""
    start, end = _span(node, list(node.walk()))
    body = text[start:end] if not own else _own_text(node, text)
    if node.style == "article" and (_DEFINES.search(body[:60]) or _PURPOSE.match(body)):
        return False
    if not node.body() and not node.children:
        return bool(node.title and strength_of(node.title))
    if any(strength_of(m.group().strip()) for m in _CLAUSE.finditer(body[:1500])):
        return True
    if node.style == "article":
        return bool(_ORDERS.search(body) or _DATED.search(body))
    if _ANSWERED.search(body) or _REPORTS.search(body) or _closes_with_names(body):
        return True
    return bool(node.title and len(node.title) >= 6 and strength_of(node.title))


def _closes_with_names(body: str) -> bool:
    """Whether the text closes with a bracket of bodies alone: …不低于600万元。（招商处）"""
    match = CLOSING_NAMES.pattern.search(body.rstrip())
    names = re.split("[、，]", match["names"]) if match else []
    return any(map(looks_like_organisation, names)) and all(map(may_be_organisation, names))


def _without_others(node: Node, chosen: set[int]) -> list[Node]:
    """The clause and those below it, without the branches that hold other tasks."""
    own = [node]
    for child in node.children:
        if not any(id(below) in chosen for below in child.walk()):
            own += child.walk()
    return own


def _span(node: Node, own: Sequence[Node]) -> tuple[int, int]:
    """The text of a clause and of what is part of it (``own``); its title where it has no more."""
    spans = [span for below in own for span in below.body()]
    spans += [(n.paragraph.start, n.paragraph.end) for n in own if n is not node and n.paragraph]
    if not spans:
        return node.title_span or (0, 0)
    return min(a for a, _ in spans), max(b for _, b in spans)


# --- ids -----------------------------------------------------------------------------------------------------------


def path_id(node: Node) -> str:
    """The printed numbers from the section down (``三.1``); a decimal number holds its whole path itself."""
    labels: list[str] = []
    for above in node.path:
        if above.style.startswith("decimal"):
            labels = [above.label]
        else:
            labels.append(above.label or str(above.parent.children.index(above) + 1 if above.parent else 1))
    return ".".join(labels)


def _name(items: list[Item]) -> None:
    seen: dict[str, int] = {}
    for item in items:
        base = path_id(item.node)
        seen[base] = seen.get(base, 0) + 1
        item.id = base if seen[base] == 1 else f"{base}~{seen[base]}"


# --- who answers ---------------------------------------------------------------------------------------------------


def _own(item: Item, text: str, reader: Reader) -> None:
    """Assignments printed in the item's own paragraphs; those on a line of their own are kept aside (``loose``)."""
    for node in item.below:
        if node.inline:
            _read_span(item, text, reader, *_whole(node), None)
        for p in node.paragraphs:
            _read_span(item, text, reader, p.start, p.end, p)
    if not item.assignments and not item.loose:
        start, end = item.span
        titled = reader.title(text, *item.node.title_span, start) if item.node.title_span else None
        item.assignments = [titled] if titled else list(reader.subjects(text, start, end))
    if item.assignments:
        item.from_ = "own"


def _whole(node: Node) -> tuple[int, int]:
    start, end = node.inline or (0, 0)
    return start, end


def _read_span(item: Item, text: str, reader: Reader, start: int, end: int, p: Paragraph | None) -> None:
    found = list(reader.brackets(text, start, end))
    label = reader.labels(text, start, end)
    if label and not found:
        found = [label]
    alone = p is not None and (_BRACKET_PARAGRAPH.fullmatch(p.text) or label is not None and label.start - p.start <= 1)
    if p is not None and alone:
        item.loose += [(p, assignment) for assignment in found]
    else:
        item.assignments += found


def _inherit(items: Sequence[Item], text: str, reader: Reader) -> None:
    """A bracket in the heading or lead of the clauses above holds for those below that print none."""
    above: dict[int, list[Assignment]] = {}
    for item in items:
        if item.assignments or item.loose:
            continue
        for node in reversed(item.node.path[:-1]):
            if id(node) not in above:
                above[id(node)] = [a for span in node.body() for a in reader.brackets(text, *span)]
            if above[id(node)]:
                item.assignments, item.from_ = above[id(node)], "group"
                break


def _group(items: Sequence[Item], text: str) -> None:
    """A bracket on a line of its own holds for all items since the last one in its section.

    Where most such lines in the document follow a single item, they belong to that item alone.
    """
    runs: list[tuple[list[Item], list[tuple[Paragraph, Assignment]]]] = []
    run: list[Item] = []
    for n, item in enumerate(items):
        if n and section_of(item.node) is not section_of(items[n - 1].node):
            run = []
        run.append(item)
        if item.loose:
            runs.append((run, item.loose))
            run = []
        elif item.assignments:
            run = []
    single = sum(len(members) == 1 for members, _ in runs)
    for members, loose in runs:
        alone = len(members) == 1 or single > 0.6 * len(runs)
        for item in members[-1:] if alone else members:
            item.assignments = item.assignments + [assignment for _, assignment in loose]
            item.from_ = "own" if alone else "group"
        if not alone:
            last = members[-1]
            due = _printed_deadline(last, text)
            for item in members:
                item.deadline = due
            last.span = (last.span[0], _before(last.span, [p for p, _ in loose], text))


def _before(span: tuple[int, int], loose: Sequence[Paragraph], text: str) -> int:
    """End of the item's text without the group's bracket behind it."""
    start = min(p.start for p in loose)
    if start <= span[0]:
        return span[1]
    return span[0] + len(text[span[0] : start].rstrip())


def first_leads(items: Sequence[Item]) -> int | None:
    """Index of the first item from which on the rule 排在第一位的为牵头部门，下同 holds, or None."""
    return next((n for n, item in enumerate(items) if any(a.first_leads for a in item.assignments)), None)


def with_deadline(item: Item, text: str) -> Item:
    """The item with the deadline printed beside its departments, or behind a label in its own text.

    Where several brackets say who does which part, each with a date of its own, the whole has none.
    """
    printed = {a.deadline for a in item.assignments}
    if len(printed) > 1 and len(item.assignments) > 1 and printed != {None} and not item.loose:
        return replace(item, deadline=None)
    said = next(iter(printed - {None}), None)
    return replace(item, deadline=said or item.deadline or _printed_deadline(item, text))


def _printed_deadline(item: Item, text: str) -> str | None:
    for match in DEADLINE_LABEL.pattern.finditer(text, *item.span):
        if match.start() == item.span[0] or text[match.start() - 1] in "\n（(【[〔；;，。 ":
            return match["deadline"].strip()
    return None
