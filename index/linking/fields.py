"""Whether an upper task lies outside the lower body's field: steel for a chemical park, farming for any park."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from index.linking.offices import of_town
from index.linking.texts import fold
from index.linking.thesaurus import thesaurus
from schemas import Policy, Task


class About(NamedTuple):
    """The fields that a task is about, and those of town and country that its title names."""

    fields: tuple[str, ...]
    town: tuple[str, ...]


def about(task: Task) -> About:
    """By its title; a task without one is about a field when its text names it three times and more."""
    known, title = thesaurus(), fold(task.title or "")
    if title and not _any_word().search(title):
        return About((), ())
    fields = known.fields_of(title) if title else known.about("", fold(task.text))
    return About(fields, tuple(name for name, words in known.town.items() if any(word in title for word in words)))


@cache
def _any_word() -> re.Pattern[str]:
    """Any word of any field: most titles name none, and one look is quicker than one for each."""
    known = thesaurus()
    return re.compile(
        "|".join(re.escape(word) for table in (known.fields, known.town) for row in table.values() for word in row)
    )


class Field:
    """The field of one lower document, as its tasks tell it."""

    def __init__(self, lower: Policy) -> None:
        self._is_park = lower.level == "park"
        said = (f"{task.title or ''}{task.text}{task.lead}" for task in lower.tasks)
        self._words = fold("\n".join((lower.title, *said)))
        leads = ([one.name for one in task.departments] for task in lower.tasks)
        self._town = {found for names in leads if (found := of_town(names))}

    def unnamed(self, subject: About) -> tuple[str, ...]:
        """The fields that a task is about where the document's tasks never mention any of them; else empty.

        Fields of town and country (urban gas, fishing boats) are outside for a park alone, each by itself: any other
        body's territory has them.
        """
        known = thesaurus()
        town = tuple(name for name in subject.town if self._is_park and not self._mentions(known.town[name]))
        if any(self._mentions(known.fields[name]) for name in subject.fields):
            return town
        return subject.fields or town

    def _mentions(self, words: Iterable[str]) -> bool:
        return any(word in self._words for word in words)

    def why_outside(self, task: Task) -> str | None:
        """Why the upper task lies outside this field, in words for people; None if it does not."""
        named = self.unnamed(about(task))
        if named:
            return f"任务针对{'、'.join(named)}，下级文件的任务未涉及"
        names = [one.name for one in task.departments]
        own = task.departments_from == "own"  # who answers for a run of tasks need not lead each of them
        competence = of_town(names) if own and self._is_park else None
        if competence and competence not in self._town:
            return f"任务由{names[0]}牵头，园区没有{competence}方面的职能"
        return None
