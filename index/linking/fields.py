"""Whether an upper task lies outside the lower body's field: steel for a chemical park, farming for any park."""

from __future__ import annotations

from index.linking.offices import of_town
from index.linking.texts import fold
from index.linking.thesaurus import thesaurus
from schemas import Level, Policy, Task


class Field:
    """The field of one lower document, as its tasks tell it."""

    def __init__(self, lower: Policy) -> None:
        self._level = lower.level
        said = (f"{task.title or ''}{task.text}{task.lead}" for task in lower.tasks)
        self._words = fold("\n".join((lower.title, *said)))
        leads = ([one.name for one in task.departments] for task in lower.tasks)
        self._town = {found for names in leads if (found := of_town(names))}

    def why_outside(self, task: Task) -> str | None:
        """Why the upper task lies outside this field, in words for people; None if it does not."""
        named = outside_field(task, self._words, self._level)
        if named:
            return f"任务针对{'、'.join(named)}，下级文件的任务未涉及"
        names = [one.name for one in task.departments]
        own = task.departments_from == "own"  # who answers for a run of tasks need not lead each of them
        competence = of_town(names) if own and self._level == "park" else None
        if competence and competence not in self._town:
            return f"任务由{names[0]}牵头，园区没有{competence}方面的职能"
        return None


def outside_field(task: Task, lower_words: str, level: Level | None = None) -> tuple[str, ...]:
    """The fields that the task's title names and that the lower document's tasks never mention; else empty.

    A task without a title is about a field when its text names it three times and more. Fields of town and country
    (urban gas, fishing boats) are outside for a park (``level``) alone: any other body's territory has them.
    """
    known, title = thesaurus(), fold(task.title or "")
    about = known.fields_of(title) if title else known.about("", fold(task.text))
    town = known.town if level == "park" else {}
    elsewhere = tuple(
        name
        for name, words in town.items()
        if any(word in title for word in words) and not any(word in lower_words for word in words)
    )
    if any(any(word in lower_words for word in known.fields[name]) for name in about):
        return elsewhere
    return about or elsewhere
