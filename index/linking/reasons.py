"""Reasons for a link in words: those that the model does not weigh, because too few labelled links have them, but that a
reader wants to see (a target of the same indicator on both sides, a citation), and which offices answer for the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.linking.citing import resolver
from index.linking.offices import counterparts
from index.targets.comparison import NAMES, relate
from index.targets.indicators import Commitment, commitments
from index.targets.matching import same_indicator
from schemas import LEVELS, Policy, Signal, TaskRef


class Reasons:
    """Looks up, for a pair of tasks, what their targets, citations and offices say."""

    def __init__(self, policies: Sequence[Policy]) -> None:
        self._texts = {policy.slug: policy.logical_text for policy in policies}
        self._levels = {policy.slug: LEVELS.index(policy.level) if policy.level else len(LEVELS) for policy in policies}
        self._targets: dict[TaskRef, list[Commitment]] = {}
        self._cited: dict[tuple[str, str], set[str | None]] = {}
        self._offices = {
            TaskRef(doc=policy.slug, task=task.id): tuple(one.name for one in task.departments)
            for policy in policies
            for task in policy.tasks
        }
        resolve = resolver(policies)
        for policy in policies:
            for one in commitments(policy):
                if one.task is not None:
                    self._targets.setdefault(TaskRef(doc=policy.slug, task=one.task), []).append(one)
            for citation in policy.citations:
                cited = resolve(citation.title, citation.doc)
                if cited is not None:
                    self._cited.setdefault((policy.slug, cited), set()).add(_task_at(policy, citation.origin.start))

    def of(self, lower: TaskRef, upper: TaskRef) -> Iterator[Signal]:
        """The reasons of this pair, none of them counted in its score."""
        if lower in self._targets and upper in self._targets:
            yield from self._same_target(lower, upper)
        cited = self._cited.get((lower.doc, upper.doc), ())
        if lower.task in cited:
            yield Signal(name="citation", value=1.0, note="下级任务文中引用该上级文件")
        elif cited:
            yield Signal(name="citation", value=0.5, note="下级文件引用该上级文件")

    def told(self, signals: Sequence[Signal], lower: TaskRef, upper: TaskRef) -> tuple[Signal, ...]:
        """The weighed signals of this pair, the offices called by their names."""
        return tuple(self._named(one, lower, upper) if one.name == "offices" else one for one in signals)

    def _named(self, signal: Signal, lower: TaskRef, upper: TaskRef) -> Signal:
        both = counterparts(self._offices[lower], self._offices[upper])
        return signal.model_copy(update={"note": f"责任部门职能对应：{both[0]}／{both[1]}"}) if both else signal

    def _same_target(self, lower: TaskRef, upper: TaskRef) -> Iterator[Signal]:
        for low in self._targets[lower]:
            for up in self._targets[upper]:
                if same_indicator(low, up, self._texts[lower.doc]):
                    relation, reason = relate(low, up, self._levels[lower.doc] > self._levels[upper.doc])
                    yield Signal(name="target", value=1.0, note=f"同一指标，{NAMES[relation]}：{reason}")
                    return


def _task_at(policy: Policy, at: int) -> str | None:
    return next((task.id for task in policy.tasks if task.origin.start <= at < task.origin.end), None)
