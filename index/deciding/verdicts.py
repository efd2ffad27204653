"""What a person says of a record → a `Wish` that the store takes: checked, with the value before and the text it is of."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue

from index.deciding.carrying import ADDED, anchor_of
from index.deciding.decisions import SILENT, Placed, check_value, standing
from index.deciding.judged import subject_of
from index.deciding.matching import Item, target_item, task_item
from index.deciding.organisations import organisation, register_of
from index.knowledge_base import KnowledgeBase
from index.store import kept
from schemas import (
    LEVELS,
    Anchor,
    Link,
    NotFound,
    Origin,
    Policy,
    PolicyError,
    Record,
    Subject,
    Target,
    Task,
    TaskRef,
    Wish,
)
from schemas.decisions import Verdict

_ROLE = re.compile(r"([^：:；;]+)[：:]([^；;]*)")
_LISTS = ("issuers", "key_terms", "aliases")


def subject(kb: KnowledgeBase, ref: str, upper: str | None = None) -> Subject:
    """The record that a person names: ``文件#任务``, ``文件@目标``, ``文件``, two tasks for a link, ``部门:名称``.

    Raises:
        NotFound: there is no such record.
    """
    if upper is not None:
        low, up = kb.task(ref), kb.task(upper)
        return Subject(kind="link", doc=low[0].slug, item=low[1].id, other_doc=up[0].slug, other_item=up[1].id)
    kind, mark, name = ref.replace("：", ":").partition(":")
    if mark and kind == "部门":
        return Subject(kind="department", item=name)
    if mark and kind == "登记":
        return _organisation(kb, name)
    if "#" in ref:
        policy, task = kb.task(ref)
        return Subject(kind="task", doc=policy.slug, item=task.id)
    if "@" in ref:
        slug, _, item = ref.partition("@")
        return Subject(kind="target", doc=slug, item=_target(kb.policy(slug), item).id)
    return Subject(kind="document", doc=kb.policy(ref).slug)


def _organisation(kb: KnowledgeBase, name: str) -> Subject:
    """An entry that people added to the register, by any of its names."""
    added = {one.item: one for one in kb.standings if one.kind == "organisation"}
    found = [added[one] for one in (name, *register_of(kb).find(name)) if one in added]
    if not found:
        raise NotFound(f"没有人工登记过 {name}", f"人工登记的有：{'、'.join(sorted(added)) or '无'}。")
    return found[0]


def coverage(kb: KnowledgeBase, upper: str, lower: str) -> Subject:
    """What a lower document does for an upper task, as a record. Raises ``NotFound``."""
    policy, task = kb.task(upper)
    return Subject(kind="coverage", doc=policy.slug, item=task.id, other_doc=kb.policy(lower).slug)


def _target(policy: Policy, item: str) -> Target:
    found = next((target for target in policy.targets if target.id == item), None)
    if found is None:
        raise NotFound(f"{policy.slug} 没有目标 {item}", f"目标编号从 t1 到 t{len(policy.targets)}。")
    return found


def wish(
    kb: KnowledgeBase, verdict: Verdict, about: Subject, field: str = "", after: JsonValue = None, why: str = ""
) -> Wish:
    """A decision on a record as `kb` shows it.

    Raises:
        NotFound: there is no such record.
        PolicyError: the field cannot be corrected, or not to this value; a reason is missing.
    """
    if verdict == "not_applicable" and not why.strip():
        raise PolicyError("“不适用”要写明理由", "用 --why 写明为什么不涉及这个单位。")
    before = after_link = None
    if verdict == "correct" and about.kind == "department":
        after = _body_of(kb, str(after))
    if verdict == "correct" and about.kind == "organisation" and field == "parent" and after:
        after = _body_of(kb, str(after))
    if about.kind == "link":
        link = link_of(kb, about)
        after_link = {"grade": link.grade, "relation": link.relation, "score": link.score} if link else None
    if verdict == "correct":
        before = _before(kb, about, field, after)
    elif verdict == "confirm" and after is None:
        after = after_link  # type: ignore[assignment]
    return Wish(
        verdict=verdict,
        subject=about,
        field=field,
        before=before,
        after=after,
        why=why.strip(),
        anchors=tuple(_anchors(kb, about)),
    )


def _before(kb: KnowledgeBase, about: Subject, field: str, after: JsonValue) -> JsonValue:
    """The present value of the field; checks the new one."""
    record = _record(kb, about)
    if about.kind == "department":
        return None
    if about.kind == "organisation":
        fields = kb.standings[about].fields
        check_entry(kb, about, {**fields, field: after})
        return fields.get(field)
    if record is None:
        raise NotFound(f"没有 {about}", "要新建关联，请用 policytrace confirm 下级任务 上级任务 --grade 2。")
    check_value(record, about.kind, field, after)
    value: JsonValue = record.model_dump(mode="json").get(field)
    return value


def _record(kb: KnowledgeBase, about: Subject) -> Record | None:
    if about.kind == "link":
        return link_of(kb, about)
    if about.kind in ("task", "coverage"):
        return kb.task(f"{about.doc}#{about.item}")[1]
    if about.kind == "target":
        return _target(kb.policy(about.doc), about.item)
    return kb.policy(about.doc) if about.kind == "document" else None


def link_of(kb: KnowledgeBase, about: Subject) -> Link | None:
    """The link as a trace of one of its tasks shows it, or None: found anew where people changed a task."""
    found = kb.relinked(TaskRef(doc=about.doc, task=about.item))
    if found is None:
        found = kb.relinked(TaskRef(doc=about.other_doc, task=about.other_item))
    if found is None:
        found = kb.links(lower=about.doc, upper=about.other_doc)
    return next((link for link in found if subject_of(link) == about), None)


def _anchors(kb: KnowledgeBase, about: Subject) -> Iterator[Anchor]:
    """The source texts that the decision is said of; a link has two."""
    if about.kind in ("department", "organisation", "document"):
        return
    if about.kind == "target":
        yield anchor_of(about.doc, _as_read(kb, about.doc, target_item(_target(kb.policy(about.doc), about.item))))
        return
    yield anchor_of(about.doc, _as_read(kb, about.doc, task_item(kb.task(f"{about.doc}#{about.item}")[1])))
    if about.kind == "link":
        other = kb.task(f"{about.other_doc}#{about.other_item}")[1]
        yield anchor_of(about.other_doc, _as_read(kb, about.other_doc, task_item(other)))


def _as_read(kb: KnowledgeBase, doc: str, item: Item) -> Item:
    """The record as the source has it, whatever people corrected in it."""
    read = kb.extracted(doc)
    records = [*map(task_item, read.tasks), *map(target_item, read.targets)]
    return next((one for one in records if one.id == item.id), item)


def _body_of(kb: KnowledgeBase, name: str) -> str:
    """The id of the one body in the register that has this id or name. Raises ``PolicyError``."""
    known = register_of(kb)
    found = [name] if known.get(name) else list(known.find(name))
    if len(found) != 1:
        near = "、".join(f"{known.name(one)}（{one}）" for one in (found or known.candidates(name)))
        problem = f"登记表中{'不止一个' if found else '没有'}部门叫“{name}”"
        raise PolicyError(problem, f"可能是：{near}。" if near else "先用 policytrace register 登记它。")
    return found[0]


def added_organisation(
    kb: KnowledgeBase, name: str, level: str, aliases: Sequence[str] = (), parent: str | None = None, why: str = ""
) -> Wish:
    """A new entry of the register: `name` in full, other names that mean it in every document, the body above it.

    Raises:
        PolicyError: the name or an alias means another body already; there is no such level or parent.
    """
    name = name.strip()
    about = Subject(kind="organisation", item=name)
    fields: dict[str, JsonValue] = {
        "name": name,
        "aliases": [one for one in dict.fromkeys(alias.strip() for alias in aliases) if one and one != name],
        "level": level,
        "parent": _body_of(kb, parent) if parent else None,
    }
    if about in kb.standings and kb.standings[about].state != "rejected":
        raise PolicyError(
            f"“{name}”已经登记过", f"要改它，请用 policytrace correct 登记:{name} --field aliases --to 甲、乙。"
        )
    check_entry(kb, about, fields)
    return Wish(verdict="add", subject=about, after=fields, why=why.strip())


def check_entry(kb: KnowledgeBase, about: Subject, fields: Mapping[str, JsonValue]) -> None:
    """Raises ``PolicyError`` where the values are none of an entry, a name of it means another body already, or the body
    above it stands below it."""
    made = organisation(about.item, fields)
    if made is None:
        hint = f"要有全称，层级是 {'、'.join(LEVELS)} 之一，别名是一个列表。"
        raise PolicyError("不能这样登记部门", hint)
    known = register_of(kb)
    chain, above = [about.item], made.parent
    while above and (body := known.get(above)) is not None:
        if body.id in chain:
            way = " → ".join(known.name(one) if known.get(one) else one for one in (*chain, body.id))
            raise PolicyError(f"上级部门绕成了圈：{way}", "请先改正其中一个部门的上级部门。")
        chain.append(body.id)
        above = body.parent
    for name in made.names:
        others = [one for one in known.find(name) if one != about.item]
        if others:
            hint = f"要说明某个文件里的“{name}”是谁，请用 policytrace correct 部门:{name} --field canonical --to 编号。"
            raise PolicyError(f"“{name}”已是 {known.name(others[0])}（{others[0]}）的名称", hint)


def _place(kb: KnowledgeBase, policy: Policy, start: int, end: int) -> Origin:
    """Where a piece of the logical text stands in its file: looked up in plain text; in other formats, which take long
    to read, the page and line of the record before it."""
    path = kept(kb.path, policy.sha256)
    if path is not None and policy.format in ("text", "txt", "markdown", "md"):
        from corpus import read

        source = read(path)
        if source.text == policy.logical_text:
            return source.origin(start, end)
    places = [
        *(one.origin for one in policy.sections),
        *(one.origin for one in policy.tasks),
        *(one.origin for one in policy.targets),
    ]
    before = [one for one in places if one.start <= start and one.is_place]
    near = max(before, key=lambda one: one.start, default=Origin(line=1, start=0, end=1))
    return Origin(page=near.page, line=near.line, start=start, end=end)


def moved(kb: KnowledgeBase, lost: Subject, about: Subject, why: str = "") -> Wish:
    """Puts all decisions that are on `lost` on another record of its kind.

    Raises:
        NotFound: nobody decided on `lost`, or the other record is not there.
        PolicyError: the records are not of one kind, or of a kind that cannot lose its record.
    """
    ids = [one.id for one in kb.decisions_at(lost) if one.verdict not in SILENT]
    if not ids:
        raise NotFound(f"对 {lost} 没有决定", "编号见 policytrace history。")
    if lost.kind != about.kind or about.kind not in ("task", "target", "link", "coverage"):
        raise PolicyError(f"不能把对 {lost} 的决定改挂到 {about}", "任务改挂到任务，目标改挂到目标，关联改挂到关联。")
    if lost == about:
        raise PolicyError(f"这些决定已经在 {about} 上", "写另一条的编号。")
    before = lost.model_dump(mode="json")
    anchors = tuple(_anchors(kb, about))
    return Wish(verdict="move", subject=about, before=before, after=list(ids), why=why.strip(), anchors=anchors)


def given_up(kb: KnowledgeBase, lost: Subject, why: str = "") -> tuple[Wish, ...]:
    """Takes back all decisions that stand on a record, the latest first. Raises ``NotFound`` where there are none."""
    every = standing([Placed(one) for one in kb.decisions_at(lost)])
    kept = [one.decision for one in every if one.decision.verdict not in SILENT]
    if not kept:
        raise NotFound(f"对 {lost} 没有决定", "编号见 policytrace history。")
    return tuple(Wish(verdict="undo", subject=lost, undoes=one.id, why=why.strip()) for one in reversed(kept))


def added_task(kb: KnowledgeBase, slug: str, title: str, text: str, departments: str = "", why: str = "") -> Wish:
    """A task that the extraction missed; where its text stands in the document, it knows its place.

    Raises:
        NotFound: there is no such document.
        PolicyError: there is neither title nor text.
    """
    policy, text = kb.policy(slug), text.strip()
    if not text:
        raise PolicyError("没有写明任务内容", "用 --text 写明原文。")
    found = re.search(r"\s*".join(map(re.escape, "".join(text.split()))), policy.logical_text)
    start = found.start() if found else -1
    origin = Origin(line=1, start=0, end=0)  # no place: it does not stand there
    if found:
        origin = _place(kb, policy, start, found.end())
        text = found[0]
    task = Task(
        id=f"{ADDED}{uuid.uuid4().hex[:6]}",
        section=next((s.id for s in reversed(policy.sections) if start >= 0 and s.origin.start <= start), None),
        title=title.strip() or None,
        starts_with=text[:15],
        kind="task",
        text=text,
        path=("人工补录",),
        origin=origin,
    )
    about = Subject(kind="task", doc=slug, item=task.id)
    fields = task.model_dump(mode="json", exclude={"state", "again", "id"})
    if departments:
        fields["departments"], fields["departments_from"] = _bodies(departments, origin), "own"
    anchors = (anchor_of(slug, task_item(task)),) if start >= 0 else ()
    return Wish(verdict="add", subject=about, after=fields, why=why, anchors=anchors)


def value_of(field: str, text: str) -> JsonValue:
    """The value that a person wrote: departments as ``牵头：甲；配合：乙、丙``, numbers, lists with 、, ``无`` for none."""
    text = text.strip()
    if field == "departments":
        return [
            {k: v for k, v in one.items() if k != "origin"} for one in _bodies(text, Origin(line=1, start=0, end=0))
        ]
    if text in ("无", "null"):
        return None
    if field in _LISTS:
        return [part.strip() for part in text.split("、") if part.strip()]
    if re.fullmatch(r"-?\d+(\.\d+)?|true|false", text) and field not in ("title", "text", "deadline", "remark", "date"):
        number: JsonValue = json.loads(text)
        return number
    return text


def _bodies(text: str, origin: Origin) -> list[dict[str, JsonValue]]:
    from corpus.departments import register
    from extract.rules.departments import effective_role

    found: list[dict[str, JsonValue]] = []
    pairs = _ROLE.findall(text)
    if not pairs and text not in ("", "无"):
        pairs = [("责任部门", text)]
    for role, names in pairs:
        for name in filter(None, (part.strip() for part in re.split("[、，,]", names))):
            known: dict[str, JsonValue] = {
                "canonical": register().resolve(name),
                "origin": origin.model_dump(mode="json"),
            }
            found.append({"name": name, "role": role.strip(), "effective_role": effective_role(role.strip()), **known})
    return found
