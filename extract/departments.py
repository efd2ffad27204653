"""Who answers for a task, and in what role: names printed in a bracket, behind a label, or as the subject of 负责."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.departments import Register
from extract import name_lists
from extract.rules.departments import (
    BARE_DEADLINE,
    CLOSING_NAMES,
    DEADLINE_LABEL,
    FIRST_LEADS,
    FOR_ALL,
    IN_CHARGE,
    LABEL,
    PERSON,
    ROLE_PHRASE,
    UNIVERSAL,
    looks_like_organisation,
    may_be_organisation,
    role_of,
)

_AND = re.compile(r"和|与|及")
_RUN_TOGETHER = re.compile(
    r"(?<=[局厅办处部署])(?=[市省区县州][\u4e00-\u9fff]{2})|(?<=委员会)(?=[市省区县州])|(?<=[\u4e00-\u9fff]{3}委)(?=[市省区县州][\u4e00-\u9fff]{2})"
)
"""Where the separator between two names was lost: one body ends and the next begins with its level."""
_ACTS = re.compile("推进|推动|加强|强化|建立|完善|实施|开展|提升|做好|制定|落实|组织")
_OTHER_LABEL = re.compile(r"[；;，,]\s*[\u4e00-\u9fff]{2,8}[：:]")
_LEVELLED = re.compile("[省市区县]|管委会|国家|园区")
"""How the name of a body begins that is no common noun."""
_DISTRICT = re.compile(r"[\u4e00-\u9fff]{2,4}(?:新区|区|县|镇|街道)$")
_OFFICE = re.compile(
    r"(?:委|局|厅|部|办|处|办公室|委员会|政府|管委会|管委会[\u4e00-\u9fff]{2,4}(?:分区|片区))(?:（.*）)?$"
)


@dataclass(frozen=True)
class Named:
    """One printed name: offsets in the text it was read from, and the role printed for it."""

    name: str
    role: str
    start: int
    end: int


@dataclass(frozen=True)
class Assignment:
    """What one bracket, label or sentence says: the names in order, whether the list is left open, a deadline.

    ``start`` and ``end`` are offsets of the whole expression; ``lost_separators`` are pairs that were printed as one.
    """

    start: int
    end: int
    names: tuple[Named, ...]
    is_open: bool = False
    deadline: str | None = None
    first_leads: bool = False
    lost_separators: tuple[str, ...] = ()


class Reader:
    """Reads assignments out of text, with a register and the places that the document speaks for."""

    def __init__(self, register: Register, places: Sequence[str]) -> None:
        self._register = register
        self._places = tuple(places)
        self._named: dict[str, bool] = {}

    def brackets(self, text: str, start: int, end: int) -> Iterator[Assignment]:
        """Assignments in the brackets of ``text[start:end]``, in order."""
        for a, b in name_lists.bracket_spans(text, start, end):
            found = self._expression(text, a + 1, b - 1)
            if found and found.names:
                yield Assignment(
                    a, b, found.names, found.is_open, found.deadline, found.first_leads, found.lost_separators
                )

    def labels(self, text: str, start: int, end: int) -> Assignment | None:
        """An assignment that a paragraph ends with, or consists of, without brackets: 责任单位：A、B。"""
        first = None
        for match in LABEL.pattern.finditer(text, start, end):
            before = text[match.start() - 1] if match.start() > start else "\n"
            if before in "。；;\n \t，,！" and "单位部门处室主体科室股室".find(match["role"][-2:]) >= 0:
                first = match
                break
        if first is None or name_lists.inside_bracket(text, start, first.start()):
            return None
        return self._expression(text, first.start(), end)

    def subjects(self, text: str, start: int, end: int) -> Iterator[Assignment]:
        """Sentences that open with names and say that these 负责, 牵头 or 配合 (市发展改革委负责总体统筹协调)."""
        for a, b in name_lists.sentences(text, start, end):
            found = self._sentence(text, a, b)
            if found:
                yield found
            else:
                yield from self._clauses(text, a, b)

    def title(self, text: str, start: int, end: int, body: int) -> Assignment | None:
        """The body that a title names where the text at ``body`` says what it does: 区整改办。负责统筹协调."""
        if not IN_CHARGE.match(text, body):
            return None
        names, is_open, lost = self._names(text, start, end, "负责", strict=True)
        return Assignment(start, end, tuple(names), is_open, None, False, lost) if names else None

    def cell(self, text: str, role: str) -> tuple[Named, ...]:
        """The names in a table cell; role phrases inside it (A牵头，B配合) tell more than the column's head."""
        phrased = self._phrased(text, 0, len(text))[0] if ROLE_PHRASE.pattern.search(text) else []
        return tuple(phrased or self._names(text, 0, len(text), role, strict=False)[0])

    # --- the grammar -----------------------------------------------------------------------------------------------

    def _expression(self, text: str, start: int, end: int) -> Assignment | None:
        """What a bracket holds: labels with names, or names with role phrases, or names alone."""
        inner = text[start:end]
        deadline = DEADLINE_LABEL.pattern.search(inner) or BARE_DEADLINE.pattern.search(inner)
        stop = start + deadline.start() if deadline else end
        first = FIRST_LEADS.pattern.search(inner)
        names_end = min(stop, start + first.start()) if first else stop
        for_all = FOR_ALL.pattern.search(text, start, names_end)
        names_end = for_all.start() if for_all else names_end
        labels = list(LABEL.pattern.finditer(text, start, names_end))
        if labels:
            names, is_open, lost = self._labelled(text, labels, names_end)
        else:
            names, is_open, lost = self._phrased(text, start, names_end, dated=bool(deadline))
            if not names and CLOSING_NAMES.pattern.match(text, start - 1):
                names, is_open, lost = self._closing(text, start, names_end)
        if not names:
            return None
        return Assignment(
            start, end, tuple(names), is_open, deadline["deadline"].strip() if deadline else None, bool(first), lost
        )

    def _labelled(
        self, text: str, labels: Sequence[re.Match[str]], end: int
    ) -> tuple[list[Named], bool, tuple[str, ...]]:
        names: list[Named] = []
        is_open = False
        lost: tuple[str, ...] = ()
        for n, label in enumerate(labels):
            stop = labels[n + 1].start() if n + 1 < len(labels) else name_lists.sentence_end(text, label.end(), end)
            other = _OTHER_LABEL.search(text, label.end(), stop)
            stop = other.start() if other else stop
            phrased, more, gone = self._phrased(text, label.end(), stop)
            if phrased and ROLE_PHRASE.pattern.search(text, label.end(), stop):  # 责任单位：A牵头，B、C配合
                names, is_open, lost = names + phrased, is_open or more, (*lost, *gone)
                continue
            person = bool(PERSON.search(label["role"]))
            found, more, gone = self._names(text, label.end(), stop, role_of(label["role"]), strict=person)
            names += found
            is_open, lost = is_open or more, (*lost, *gone)
        return names, is_open, lost

    def _phrased(
        self, text: str, start: int, end: int, dated: bool = False
    ) -> tuple[list[Named], bool, tuple[str, ...]]:
        """Names, each group closed by its role phrase; names without one are all right only in a list of bodies.

        ``dated``: a date stands beside them (（应急办，6月底前）), so that one office is enough.
        """
        names: list[Named] = []
        lost: tuple[str, ...] = ()
        is_open, at = False, start
        for phrase in ROLE_PHRASE.pattern.finditer(text, start, end):
            after = text[phrase.end() : phrase.end() + 1]
            if after and after not in "，,；;。、）) \t" and phrase.end() < end:
                continue
            known = bool(names) and not _ACTS.search(text[at : phrase.start()])
            found, more, gone = self._names(text, at, phrase.start(), role_of(phrase["role"]), strict=not known)
            if not found and not names:
                return [], False, ()
            names += found
            is_open, lost, at = is_open or more, (*lost, *gone), phrase.end()
        rest = text[at:end].strip(" ，,；;。、\t")
        if rest:
            role = "配合" if names else "负责"
            found, more, gone = self._names(text, at, end, role, strict=True)
            if not names and (not found or not self._plain_list(found, rest, dated)):
                return [], False, ()
            names += found
            is_open, lost = is_open or more, (*lost, *gone)
        return names, is_open, lost

    def _plain_list(self, found: Sequence[Named], rest: str, dated: bool = False) -> bool:
        """A bracket with names alone is an assignment where every part is a body and at least one is registered or an office."""
        parts = [part for a, b in name_lists.parts(rest, 0, len(rest)) if (part := rest[a:b].strip())]
        if len(found) < len([p for p in parts if not UNIVERSAL.fullmatch(p)]):
            return False
        offices = [self._known(n.name) or bool(_OFFICE.search(n.name)) for n in found]
        named = all(
            office or _DISTRICT.match(n.name) or UNIVERSAL.fullmatch(n.name)
            for office, n in zip(offices, found, strict=True)
        )
        return named and any(offices) and (dated or len(found) > 1 or self._known(found[0].name))

    def _closing(self, text: str, start: int, end: int) -> tuple[list[Named], bool, tuple[str, ...]]:
        """Names alone behind the last sentence: one office (…专项资金。（财务处）), or a list with an office in it."""
        names, is_open, lost = self._names(text, start, end, "负责", strict=False)
        offices = [len(n.name) > 2 and bool(_OFFICE.search(n.name)) or self._known(n.name) for n in names]
        if not any(offices) or not all(may_be_organisation(n.name) for n in names):
            return [], False, ()
        return names, is_open, lost

    def _known(self, name: str) -> bool:
        known = self._named.get(name)
        if known is None:
            known = self._named[name] = self._register.resolve(name, self._places) is not None
        return known

    def _sentence(self, text: str, start: int, end: int) -> Assignment | None:
        head = text[start : min(end, start + 160)]
        phrase = re.search(
            r"(?:按(?:照)?(?:各自)?职责(?:分工)?(?:分别)?)?(?:具体|统一|牵头|全面|共同)?负责(?!人|任)|牵头(?!单位|部门|人)|配合(?=做好|开展|完成|。|，|$)",
            head,
        )
        if not phrase:
            return self._in_charge(text, start, end)
        if any(mark in name_lists.without_brackets(head[: phrase.start()]) for mark in "，。；：") and not self._joint(
            head[: phrase.start()]
        ):
            return None
        if phrase.group().startswith("牵头") and not re.match(
            r"牵头(?:负责|组织|会同|[，。；]|$|开展|推进|制定|做好|建立)", head[phrase.start() :]
        ):
            return None
        names, more, lost = self._names(text, start, start + phrase.start(), role_of(phrase.group()), strict=True)
        if names:
            names += self._together(text, start + phrase.end(), end)
            names += self._supporting(text, start + phrase.end(), end)
        return Assignment(start, start + phrase.end(), tuple(names), more, None, False, lost) if names else None

    def _in_charge(self, text: str, start: int, end: int) -> Assignment | None:
        """由A会同B、C通报进展: A does it, the others with it."""
        match = re.compile(r"由(?P<name>[^，。；：、]{3,24}?)(?=会同|联合|商)").match(text, start, end)
        if not match or not self._is_name(match["name"]):
            return None
        first = Named(match["name"], "负责", match.start("name"), match.end("name"))
        return Assignment(start, match.end(), (first, *self._together(text, match.end(), end)))

    def _together(self, text: str, start: int, end: int) -> list[Named]:
        """The bodies of 由A牵头，会同B、C研究制定: the list ends with the last word that is a name."""
        match = re.compile(r"[，,]?\s*(?:会同|联合|商)").match(text, start, end)
        if not match:
            return []
        found: list[Named] = []
        for a, b in name_lists.parts(text, match.end(), min(end, match.end() + 160)):
            a, b, opened = name_lists.trimmed(text, a, b)
            name = name_lists.longest_name(text[a:b], self._is_name)
            if not name or UNIVERSAL.fullmatch(name):
                break
            found.append(Named("".join(name.split()), "会同", a, a + len(name)))
            if opened or len(name) < b - a:
                break
        return found

    def _clauses(self, text: str, start: int, end: int) -> Iterator[Assignment]:
        """Later clauses that a body opens: 建立联席会议制度，区经济信息化局负责日常工作."""
        for clause in re.compile(r"(?<=[，,])[^，,；。]{3,24}?(?:具体|牵头)?负责(?!人|任|的)").finditer(
            text, start, end
        ):
            name = re.sub(r"(?:具体|牵头)?负责$", "", clause.group())
            if _LEVELLED.match(name) and looks_like_organisation(name):
                at = clause.start()
                named = Named(name, role_of(clause.group()), at, at + len(name))
                yield Assignment(at, clause.end(), (named,))

    def _supporting(self, text: str, start: int, end: int) -> list[Named]:
        """The bodies of the next clauses of the sentence: 由A牵头负责，B、C配合实施."""
        found: list[Named] = []
        for clause in re.compile(r"(?<=[，,])[^，,；。]+").finditer(text, start, end):
            role = re.search(r"(?:积极|共同)?(?:配合|参与|协助)(?=实施|做好|开展|推进|落实|完成|$)", clause.group())
            if role:
                at = clause.start()
                found += self._names(text, at, at + role.start(), role_of(role.group()), strict=True)[0]
        return found

    def _joint(self, subject: str) -> bool:
        """A subject may be a list with commas only where all of it are names."""
        parts = [p for p in re.split("[，、；]", subject) if p]
        return (
            "：" not in subject
            and "。" not in subject
            and all(looks_like_organisation(name_lists.LEADING.sub("", p)) for p in parts)
        )

    def _names(
        self, text: str, start: int, end: int, role: str, *, strict: bool
    ) -> tuple[list[Named], bool, tuple[str, ...]]:
        """The names in ``text[start:end]``. ``strict``: one part that is no name spoils the whole list."""
        found: list[Named] = []
        lost: list[str] = []
        is_open = False
        for a, b in name_lists.parts(text, start, end):
            a, b, opened = name_lists.trimmed(text, a, b)
            is_open = is_open or opened
            name = text[a:b]
            if not name:
                continue
            if UNIVERSAL.fullmatch(name) and not name.startswith("各"):
                is_open = True
                continue
            pieces = self._divide(text, a, b)
            if len(pieces) > 1 and not _AND.search(name):
                lost.append(name)
            for x, y in pieces:
                printed = re.sub(r"\s+", "", text[x:y])
                if strict and not self._is_name(printed):
                    return [], False, ()
                if strict or self._is_name(printed) or 2 <= len(printed) <= 24 and not re.search("[，。；：]", printed):
                    found.append(Named(printed, role, x, y))
        return found, is_open, tuple(lost)

    def _is_name(self, name: str) -> bool:
        return self._known(name) or looks_like_organisation(name)

    def _divide(self, text: str, start: int, end: int) -> list[tuple[int, int]]:
        """One printed name as one or more: A和B where both are bodies, and names whose separator was lost."""
        name = text[start:end]
        if self._known(name):
            return [(start, end)]
        parts = self._register.parts(name, self._places)
        if parts:
            spans, at = [], start
            for part in parts:
                spans.append((at, at + len(part)))
                at += len(part)
            return spans
        for joint in _RUN_TOGETHER.finditer(name):
            at = joint.start()
            if looks_like_organisation(name[:at]) and looks_like_organisation(name[at:]):
                return [(start, start + at), *self._divide(text, start + at, end)]
        for joint in _AND.finditer(name):
            left, right = name[: joint.start()], name[joint.end() :]
            if self._standing(left) and self._standing(right):
                return self._divide(text, start, start + joint.start()) + self._divide(text, start + joint.end(), end)
        return [(start, end)]

    def _standing(self, name: str) -> bool:
        """Whether one side of 和 stands as a name of its own (发展 and 改革委员会 do not)."""
        if self._known(name):
            return True
        ending = re.search(
            r"(?:委员会|委|局|厅|办|处|办公室|政府|管委会|公司|集团|中心|银行|海关|大学|主体|企业)(?:（[^（）]*）)?$",
            name,
        )
        return len(name) >= 3 and bool(ending)
