"""What the steps found → the `Policy` record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from corpus.catalogue import load as load_catalogue
from corpus.departments import register
from corpus.source import Source
from extract import citations, defects, frontmatter, levels, measures, outline, phases, table_tasks, targets, tasks
from extract.commitments import Found
from extract.departments import Assignment, Named, Reader
from extract.paragraphs import paragraphs
from extract.rules.departments import DEADLINE_LABEL, LABEL, effective_role
from extract.rules.headings import classify
from extract.slugs import slug_of
from extract.tabled import Tables
from schemas import (
    Citation,
    Defect,
    Level,
    Measure,
    Phase,
    Policy,
    Responsibility,
    Section,
    Target,
    Task,
)

_SETS_GOALS = re.compile(
    "(?:工作|总体|年度|主要|奋斗|预期|全年)(?:的)?(?:主要|总体)?(?:目标|要求)|目标是|力争|确保到?20"
)


class Draft:
    """One document while it is read: its paragraphs, front matter and tree, and what every record step needs."""

    def __init__(self, source: Source, level: Level | None) -> None:
        self.source = source
        self.text = source.text
        self.paras = paragraphs(source.text)
        self.front = frontmatter.read(self.paras)
        self.level = level or levels.level_of(self.front)
        self.places = levels.places_of(self.front, self.level)
        self.reader = Reader(register(), self.places)
        self.lost_digits = defects.lost_digits(self.paras)
        first, last = self.front.body
        self.body = self.paras[first:last]
        self.root = outline.build(self.body, self.lost_digits)
        self.items, self.mended = tasks.find(self.root, self.text, self.reader)
        if self.level is None:
            self.level = levels.level_by_names([n.name for item in self.items for n in item.names])

    def responsibility(self, named: Named, lead: bool | None = None) -> Responsibility:
        """A printed name as a record; ``lead`` is what the rule 排在第一位的为牵头部门 makes of it."""
        role = effective_role(named.role)
        if lead is not None and role == "responsible":
            role = "lead" if lead else "support"
        return Responsibility(
            name=re.sub(r"\s+", "", named.name),
            canonical=register().resolve(named.name, self.places),
            role=named.role,
            effective_role=role,  # type: ignore[arg-type]
            origin=self.source.origin(named.start, named.end),
        )


def policy(draft: Draft, slug: str | None, title: str | None) -> Policy:
    """The record of the whole document."""
    front, source = draft.front, draft.source
    name = title or front.title or Path(source.file).stem
    tabled = Tables(draft)
    by_table = table_tasks.read(draft, tabled, name)
    cited = tuple(_citations(draft))
    return Policy(
        slug=slug or _known_slug(name, front) or slug_of(name, front.date),
        file=source.file,
        level=draft.level,
        title=name,
        notice_title=front.notice_title,
        doc_number=front.doc_number,
        issuers=front.issuers,
        addressees=front.addressees,
        date=front.date,
        basis=tuple(dict.fromkeys(c.title for c in cited if c.role == "basis")),
        sections=tuple(_sections(draft)) or by_table.sections,
        tasks=_all_tasks(draft, by_table),
        targets=tuple(_targets(draft, name, tabled, by_table.targets)),
        projects=tuple(tabled.projects),
        phases=tuple(
            Phase(name=p.name, start=p.begin, end=p.finish, origin=source.origin(p.start, p.end))
            for p in phases.find(draft.root, draft.text)
        ),
        division=() if by_table.tasks else tuple(tabled.division),
        defects=tuple(_defects(draft, tabled)),
        citations=cited,
        status="draft" if front.is_draft else "unknown",
        sha256=source.sha256,
        format=source.format,
        pages=source.pages,
        logical_text=source.text,
    )


def _known_slug(title: str, front: frontmatter.FrontMatter) -> str | None:
    return load_catalogue().resolve(title, front.doc_number)


def _sections(draft: Draft) -> Iterator[Section]:
    for node in draft.root.children:
        if node.paragraph and node.style != "article" and node.title:
            start, end = node.title_span or (node.paragraph.start, node.paragraph.end)
            yield Section(id=tasks.path_id(node), title=node.title, origin=draft.source.origin(start, end))


# --- tasks ---------------------------------------------------------------------------------------------------------


def _all_tasks(draft: Draft, by_table: table_tasks.TableRecords) -> tuple[Task, ...]:
    """The tasks of the text, or of the rows of a table, or of both, in reading order."""
    told = () if by_table.tasks and not by_table.beside else tuple(_tasks(draft))
    return tuple(sorted((*told, *by_table.tasks), key=lambda task: task.origin.start))


def _tasks(draft: Draft) -> Iterator[Task]:
    first = tasks.first_leads(draft.items)
    for n, item in enumerate(draft.items):
        yield _task(draft, tasks.with_deadline(item, draft.text), first is not None and n >= first)


def _task(draft: Draft, item: tasks.Item, first_leads: bool) -> Task:
    node, text = item.node, draft.text
    start, end = _trimmed(text, *item.span)
    body = text[start:end]
    section = tasks.section_of(node)
    names = item.names
    departments = tuple(
        draft.responsibility(named, lead=n == 0 if first_leads and len(names) > 1 else None)
        for n, named in enumerate(names)
    )
    head = node.paragraph
    return Task(
        id=item.id,
        section=None if section.style == "article" else tasks.path_id(section),
        title=node.title,
        starts_with=re.sub(r"\s+", "", body)[:15],
        kind=item.kind,  # type: ignore[arg-type]
        text=body,
        path=tuple(above.title for above in node.path if above.title),
        lead=tasks.lead_of(node, text),
        measures=tuple(_measures(draft, item, start, end, departments)),
        departments=departments,
        departments_open=any(a.is_open for a in item.assignments),
        departments_from=item.from_ if departments else "none",  # type: ignore[arg-type]
        deadline=item.deadline,
        heading=draft.source.origin(head.start, node.title_span[1] if node.title_span else head.body_start)
        if head
        else None,
        origin=draft.source.origin(start, end),
    )


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    body = text[start:end]
    return start + len(body) - len(body.lstrip()), end - (len(body) - len(body.rstrip()))


def _measures(
    draft: Draft, item: tasks.Item, start: int, end: int, departments: tuple[Responsibility, ...]
) -> Iterator[Measure]:
    """Each instructing clause; where brackets stand behind several sentences, each has those of its own bracket."""
    inside = [a for a in item.assignments if start <= a.start < end]
    brackets = [(a.start, a.end) for a in inside if draft.text[a.start] in "（(【[〔"]
    labels = [(a.start, a.end) for a in inside if LABEL.pattern.match(draft.text, a.start)]
    spans = tuple(sorted({*brackets, *labels, *_label_lines(draft.text, start, end)}))
    several = len(brackets) > 1
    by_name = {d.name: d for d in departments}
    for clause in measures.find(draft.text, start, end, spans):
        own: tuple[Responsibility, ...] = ()
        if several:
            behind = next((a for a in inside if a.start >= clause.end), None)
            own = tuple(by_name[re.sub(r"\s+", "", n.name)] for n in behind.names) if behind else ()
        yield Measure(
            text=draft.text[clause.start : clause.end],
            verb=clause.verb,
            strength=clause.strength,
            departments=own,
            origin=draft.source.origin(clause.start, clause.end),
        )


def _label_lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Lines that only say who answers or by when: they order nothing."""
    for match in re.compile(r"[^\n]+").finditer(text, start, end):
        said = match.group().lstrip()
        if LABEL.pattern.match(said) or DEADLINE_LABEL.pattern.match(said):
            yield match.span()


# --- targets -------------------------------------------------------------------------------------------------------


def _targets(
    draft: Draft, title: str, tabled: Tables, of_rows: Sequence[tuple[Found, str | None, str | None]]
) -> Iterator[Target]:
    default = targets.default_year(title)
    found: list[tuple[Found, str | None, str | None]] = [*_in_preamble(draft, default), *_in_tree(draft, default)]
    found += [(one, None, section) for one, section in tabled.indicators(default)]
    known = {(one.value, one.unit) for one, _, _ in found}
    found += [row for row in of_rows if row[1] or (row[0].value, row[0].unit) not in known]
    found.sort(key=lambda row: (row[0].start, row[0].end))
    for number, (one, task, section) in enumerate(found, 1):
        yield Target(
            id=f"t{number}",
            task=task,
            section=section,
            quote=draft.text[one.start : one.end],
            indicator=one.indicator,
            direction=one.direction,
            value=one.value,
            unit=one.unit,
            per_year=one.per_year,
            bound=one.bound,
            baseline_year=one.baseline_year,
            target_year=one.target_year,
            origin=draft.source.origin(one.start, one.end),
        )


def _in_preamble(draft: Draft, default: int | None) -> Iterator[tuple[Found, str | None, str | None]]:
    """Targets that are set before the first heading: 全年工作的总体要求是：…，事故死亡率控制在0.01以内。"""
    for p in draft.front.head:
        said = _SETS_GOALS.search(p.text) if p.ends_sentence and not p.is_row else None
        if said:
            clock = targets.Clock(default)
            spans = targets.find(draft.text, p.start + said.start(), p.end, clock, goals=True, lost_digits=False)
            yield from ((one, None, None) for one in spans if not _is_past(draft, one))


def _in_tree(draft: Draft, default: int | None) -> Iterator[tuple[Found, str | None, str | None]]:
    owner = {id(below): item for item in draft.items for below in item.below}
    kinds: dict[int, str | None] = {id(draft.root): None}
    for node in draft.root.walk():
        if node.parent is None:
            continue
        own = classify(node.title) if node.title else None
        above = kinds[id(node.parent)]
        kinds[id(node)] = above if above == "background" or own is None else own
        if kinds[id(node)] == "background":
            continue
        goals = kinds[id(node)] == "goals"
        item = owner.get(id(node))
        section = tasks.section_of(node)
        section_id = None if section.style == "article" else tasks.path_id(section)
        carried: int | None = None
        titled = [node.title_span] if node.title_span and re.search(r"\d", node.title or "") else []
        for start, end in [*titled, *node.body()]:
            if "\t" in draft.text[start:end]:
                continue
            clock = targets.Clock(default, carried)
            for one in targets.find(draft.text, start, end, clock, goals=goals, lost_digits=draft.lost_digits):
                if not _in_assignment(item, one) and not _is_past(draft, one):
                    yield _without_bracket(draft, item, one), item.id if item else None, section_id
            if goals and draft.text[start:end].rstrip().endswith(("：", ":")):
                carried = clock.current


def _is_past(draft: Draft, one: Found) -> bool:
    """Whether the year lies before the document's own: what was achieved, not what is to be."""
    date = draft.front.date
    return bool(date and one.target_year and one.target_year < int(date[:4]))


def _without_bracket(draft: Draft, item: tasks.Item | None, one: Found) -> Found:
    """The quote without the bracket of those who answer that stands behind it."""
    behind = (a for a in item.assignments if one.start < a.start < one.end <= a.end) if item else iter(())
    bracket = next(behind, None)
    return replace(one, end=len(draft.text[: bracket.start].rstrip())) if bracket else one


def _in_assignment(item: tasks.Item | None, one: Found) -> bool:
    return item is not None and any(a.start <= one.start < a.end and a.end - a.start > 3 for a in item.assignments)


# --- citations and defects -----------------------------------------------------------------------------------------


def _citations(draft: Draft) -> Iterator[Citation]:
    catalogue = load_catalogue()
    for cited in citations.find(draft.text, draft.paras, draft.front):
        yield Citation(
            title=cited.title,
            role="basis" if cited.is_basis else "mention",
            doc=catalogue.resolve(cited.title),
            origin=draft.source.origin(cited.start, cited.end),
        )


def _defects(draft: Draft, tabled: Tables) -> Iterator[Defect]:
    source = draft.source
    found = [(d.origin.start if d.origin else 0, d) for d in source.defects]

    def add(kind: str, note: str, start: int, end: int, printed: str | None = None) -> None:
        where = source.where(source.at[min(start, len(source.at) - 1)] if len(source.at) else 0)
        defect = Defect(kind=kind, where=where, note=note, printed=printed, origin=source.origin(start, end))  # type: ignore[arg-type]
        found.append((start, defect))

    for damage in defects.find(draft.paras, draft.root, draft.text, draft.lost_digits):
        add(damage.kind, damage.note, damage.start, damage.end, draft.text[damage.start : damage.end])
    for p in tabled.repeated:
        add("repeated_text", "表头在换页后重复印出，已略去", p.start, p.end, p.text)
    for node in draft.mended:
        start, end = node.title_span or (0, 0)
        add("other", f"小标题“{node.title}”后印作逗号，同级各项均为句号", start, end)
    for node in tasks.left_out(draft.root, draft.text, draft.items):
        start, end = node.paragraph.start, node.paragraph.end  # type: ignore[union-attr]
        add("left_out", f"“{tasks.path_id(node)}”没有读作任务", start, end, draft.text[start:end][:80])
    for name, assignment in _lost_separators(draft):
        add("missing_separator", f"单位名称之间缺少分隔符：“{name}”", assignment.start, assignment.end, name)
    if draft.front.is_notice and not draft.front.doc_number:
        add("missing_number", "这是一份印发通知，但没有发文字号", 0, 0)
    yield from (defect for _, defect in sorted(found, key=lambda row: row[0]))


def _lost_separators(draft: Draft) -> Iterator[tuple[str, Assignment]]:
    seen = set()
    for item in draft.items:
        for assignment in item.assignments:
            for name in assignment.lost_separators:
                if (name, assignment.start) not in seen:
                    seen.add((name, assignment.start))
                    yield name, assignment
