"""The records that a policy document is read into. Field names are a contract (see the README, "Records")."""

from __future__ import annotations

from typing import Literal

from schemas.base import Origin, Record, RecordState

Level = Literal["national", "provincial", "municipal", "district", "park"]
Kind = Literal["task", "safeguard", "goals"]
Strength = Literal["prohibit", "require", "promote", "encourage", "explore"]
EffectiveRole = Literal["lead", "responsible", "support", "guide"]
Direction = Literal["reach", "reduce", "increase", "limit", "count"]
Bound = Literal["=", ">=", "<=", ">", "<", "~"]
Status = Literal["in_force", "expired", "draft", "unknown"]
DefectKind = Literal[
    "garbled_heading",
    "missing_number",
    "missing_character",
    "missing_separator",
    "watermark",
    "count_mismatch",
    "repeated_text",
    "unread_part",
    "doubtful_text",
    "left_out",
    "other",
]
"""``unread_part``: a page, picture or part of the file that could not be read; ``doubtful_text``: read, but not surely
(recognised with little confidence); ``left_out``: a numbered item of the tasks' part that was not taken as a task."""

LEVELS: tuple[Level, ...] = ("national", "provincial", "municipal", "district", "park")
"""From above to below."""

LEVEL_NAMES: dict[Level, str] = {
    "national": "国家",
    "provincial": "省级",
    "municipal": "市级",
    "district": "区县",
    "park": "园区",
}


class Responsibility(Record):
    """One department that answers for a task.

    ``name`` and ``role`` are as printed (``责任部门``, ``牵头``, ``配合`` …; ``负责`` where a bracket holds
    names alone and prints no role); ``canonical`` is the id in the
    department register when the name resolves to exactly one entry, else null. ``effective_role`` is what the
    printed role amounts to after rules printed once for all (排在第一位的为牵头部门，下同).
    """

    name: str
    canonical: str | None = None
    role: str
    effective_role: EffectiveRole
    origin: Origin


class Measure(Record):
    """One instructing clause of a task: its verb and how strongly it binds."""

    text: str
    verb: str
    strength: Strength
    departments: tuple[Responsibility, ...] = ()
    origin: Origin


class Task(Record):
    """The smallest numbered or titled item that tells someone to do something.

    ``id`` is the path of the printed numbers (``三.1``). ``text`` is the body after the title, departments' bracket
    included; ``origin`` is its place, ``heading`` the place of the printed number and title. ``path`` holds the titles
    from the section down to the task. ``verified`` is set in outlines only: whether the fact was checked against the
    official text. ``state`` and ``again`` say what people decided and whether the text changed since; ``remark`` is
    theirs.
    """

    id: str
    section: str | None
    title: str | None
    starts_with: str
    kind: Kind
    text: str
    path: tuple[str, ...] = ()
    lead: str = ""
    measures: tuple[Measure, ...] = ()
    departments: tuple[Responsibility, ...] = ()
    departments_open: bool = False
    departments_from: Literal["own", "group", "none"] = "none"
    deadline: str | None = None
    key_terms: tuple[str, ...] = ()
    verified: bool | None = None
    state: RecordState = "extracted"
    again: bool = False
    remark: str = ""
    heading: Origin | None = None
    origin: Origin


class Target(Record):
    """A commitment that can be checked. ``value`` is null where the commitment has no number or the source lost it."""

    id: str
    task: str | None
    section: str | None
    quote: str
    indicator: str
    direction: Direction
    value: float | None
    unit: str | None = None
    per_year: bool = False
    bound: Bound | None = None
    baseline_year: int | None = None
    target_year: int | None = None
    verified: bool | None = None
    state: RecordState = "extracted"
    again: bool = False
    origin: Origin


class Section(Record):
    """A top-level section."""

    id: str
    title: str
    origin: Origin


class Citation(Record):
    """One 《…》: ``title`` without the marks; ``role`` is ``basis`` where the document says it was made under it."""

    title: str
    role: Literal["basis", "mention"]
    doc: str | None = None
    origin: Origin


class Project(Record):
    """A row of an attached project list; ``departments`` where it has a column of them."""

    no: int
    name: str
    group: str | None = None
    year: int | None = None
    departments: tuple[Responsibility, ...] = ()
    origin: Origin


class Phase(Record):
    """A dated phase of work; ``start`` and ``end`` are ``YYYY-MM``."""

    name: str
    start: str | None
    end: str | None
    origin: Origin


class Division(Record):
    """A row of an attached 任务分工表, merged cells filled in: the same work as the tasks, said again."""

    no: str | None
    group: str | None
    item: str
    departments: tuple[Responsibility, ...] = ()
    deadline: str | None = None
    origin: Origin


class Defect(Record):
    """Damage in the source that a reader must be told of. ``printed`` keeps the form that the source has."""

    kind: DefectKind
    where: str
    note: str
    printed: str | None = None
    origin: Origin | None = None


class Policy(Record):
    """One policy document, read.

    ``text`` says whether the whole text was read (``full``) or only an outline of facts is held (``outline``);
    ``logical_text`` is the text that all offsets refer to. ``unchecked`` names the fields of an outline that were not
    checked against the official text.
    """

    slug: str
    file: str
    level: Level | None
    title: str
    notice_title: str | None = None
    doc_number: str | None = None
    issuers: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    date: str | None = None
    basis: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    tasks: tuple[Task, ...] = ()
    targets: tuple[Target, ...] = ()
    projects: tuple[Project, ...] = ()
    phases: tuple[Phase, ...] = ()
    division: tuple[Division, ...] = ()
    defects: tuple[Defect, ...] = ()
    citations: tuple[Citation, ...] = ()
    superseded_by: str | None = None
    status: Status = "unknown"
    sha256: str
    format: str
    pages: int | None = None
    text: Literal["full", "outline"] = "full"
    source_url: str | None = None
    unchecked: tuple[str, ...] = ()
    logical_text: str

    @property
    def shown_number(self) -> str | None:
        """The document number as it may be shown: an unchecked one says so (未核)."""
        unchecked = self.doc_number and "doc_number" in self.unchecked
        return f"{self.doc_number}（未核）" if unchecked else self.doc_number

    def task(self, task_id: str) -> Task | None:
        """The task with this id, or None."""
        return next((task for task in self.tasks if task.id == task_id), None)
