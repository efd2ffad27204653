"""What speaks for a link: the signals of every candidate pair, computed for all pairs at once.

Two views of the words are compared. *Grams* are runs of two and of four characters, weighted by how rare they are among
the tasks: wording taken over. *Notions* are the thesaurus's, weighted the same way: the same thing in other words.
Stock phrases of official style weigh next to nothing in the first view and do not occur in the second. Both are also
compared by what is distinctive of a task within its own document (`index.linking.distinct`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from index.linking import grams, offices, rarity, thesaurus
from index.linking.distinct import alike, distinct
from index.linking.grams import Array
from index.linking.texts import TaskText

NAMES: dict[str, str] = {
    "title": "上级标题的事项见于下级任务",
    "lower_title": "下级标题的事项见于上级任务",
    "wording": "用语相近，且不是全篇都有的话",
    "notions": "说的是同一事项，且不是全篇的主题",
    "themes": "涉及的事项相近，全篇的主题也算",
    "characters": "用字相近",
    "clause": "有一条举措几乎同文",
    "upper_share": "上级任务被覆盖的份额",
    "lower_share": "下级任务用于该上级任务的份额",
    "lead": "下级所在章节的导语也对应",
    "section": "章节主题相同",
    "named_body": "上级任务点名本单位",
    "best_upper": "是本任务在该上级文件中最相近的任务之一",
    "best_lower": "是该上级任务在本文件中最相近的任务之一",
    "own_upper": "所特有的内容在该上级文件中与它最相近",
    "best_title": "标题的事项见于该上级任务，比见于同一文件其他任务的多",
    "best_title_characters": "标题的用字见于该上级任务，比见于同一文件其他任务的多",
    "best_characters": "所特有的用字在该上级文件中与它最相近",
    "best_clause": "同文的举措在该上级文件中最近",
    "best_share": "在该上级文件中它覆盖本任务最多",
    "best_notions": "在该上级文件中与它共同的事项最多",
    "offices": "责任部门的职能相近，且不是全篇都由它们负责",
    "sections": "同章节的其他任务也与上级的这一章节最相近",
    "order": "在各自文件中的先后位置相近",
    "other_field": "上级任务针对下级任务未涉及的领域",
    "restated": "一方是阶段安排、预期成果或申报程序，不是任务本身",
}
FIRST = {
    "best_title": "lower_title",
    "best_title_characters": "title_characters",
    "best_characters": "characters",
    "best_clause": "clause",
    "best_share": "lower_share",
    "best_notions": "in_common",
}
"""Signals that tell how near a pair comes to the best that the lower task has in the upper document, by another one.
What is best among the tasks of a document means the same in any field; how much is shared in all depends on how far the
thesaurus knows the field."""
SILENT = ("themes", "order", "other_field", "restated", *FIRST)
"""Counted, but not shown as reasons for a link: they speak against it, or say little by themselves."""
SIZES = (2, 4)
_BLOCK = 20_000
_STOCK = 0.15


class View(NamedTuple):
    """One way to see the texts: sparse matrices over the same columns, and the weight of each column."""

    weight: Array
    whole: Any
    title: Any
    clause: Any
    lead: Any
    section: Any

    def mass(self, matrix: Any) -> Array:
        """The weight of each row's columns, summed."""
        return np.asarray(matrix @ self.weight).ravel()

    def shared(self, left: Any, right: Any) -> Array:
        """The weight that the rows of both matrices share, row by row."""
        return self.mass(left.multiply(right))


class Own(NamedTuple):
    """What is distinctive of each task within its document, three ways: rows of length one. ``title`` are the titles'
    characters with the weights of ``characters``, ``has`` tells the characters of each task. ``offices`` are what those
    who answer for it are competent for."""

    wording: Any
    notions: Any
    characters: Any
    title: Any
    has: Any
    offices: Any


class Board(NamedTuple):
    """All tasks, ready for comparison. ``first`` and ``last`` bound each task's clauses; ``doc`` numbers documents,
    ``part`` the sections of all documents, -1 where a task stands in none."""

    texts: Sequence[TaskText]
    doc: Array
    part: Array
    wording: View
    notions: View
    own: Own
    first: Array
    last: Array
    restated: Array
    place: Array
    about: Array
    mentions: Array

    def foreign(self, lower: Array, upper: Array) -> Array:
        """How far, 0..1, the upper task is about a field of which the lower task says nothing."""
        return np.asarray((self.about[upper] * ~self.mentions[lower]).max(axis=1))


def board(texts: Sequence[TaskText], without: Collection[str] = ()) -> Board:
    """Counts the texts once for all comparisons. Notions ``without`` weight tell what a thesaurus lacking them reads."""
    whole = [text.whole for text in texts]
    parts = [
        [text.title or text.clauses[0][:30] for text in texts],
        [clause for text in texts for clause in text.clauses],
        [text.lead for text in texts],
        [text.section for text in texts],
    ]
    with ThreadPoolExecutor(2) as workers:
        views = workers.submit(_wording, whole, parts), workers.submit(_notions, whole, parts, without)
        wording, notions = (view.result() for view in views)
    counts = np.array([len(text.clauses) for text in texts], int)
    ends = np.cumsum(counts)
    names = {slug: number for number, slug in enumerate(dict.fromkeys(text.ref.doc for text in texts))}
    doc = np.array([names[text.ref.doc] for text in texts], int)
    return Board(
        texts,
        doc,
        _parts(texts),
        wording,
        notions,
        _own(texts, whole, parts[0], wording, notions, doc),
        ends - counts,
        ends,
        np.array([text.restated for text in texts], bool),
        np.array([text.place for text in texts], float),
        *_fields(texts),
    )


def _wording(whole: Sequence[str], parts: Sequence[Sequence[str]]) -> View:
    found = grams.count(whole, SIZES)
    return View(_gram_weight(found), found.matrix, *(grams.count_in(part, SIZES, found.keys) for part in parts))


def _notions(whole: Sequence[str], parts: Sequence[Sequence[str]], without: Collection[str]) -> View:
    counted = [thesaurus.notions_in(part) for part in (whole, *parts)]
    names = list(thesaurus.thesaurus().notions)
    weight = rarity.of_notions(counted[0], names)
    weight[[name in without for name in names]] = 0.0
    return View(weight, *counted)


def _parts(texts: Sequence[TaskText]) -> Array:
    numbers: dict[tuple[str, str], int] = {}
    return np.array([numbers.setdefault((t.ref.doc, t.part), len(numbers)) if t.part else -1 for t in texts], int)


def _own(
    texts: Sequence[TaskText], whole: Sequence[str], titles: Sequence[str], wording: View, notions: View, doc: Array
) -> Own:
    with ThreadPoolExecutor(2) as workers:
        words = workers.submit(distinct, wording.whole, doc, wording.weight)
        things = workers.submit(distinct, notions.whole, doc, notions.weight)
        found = grams.count(whole, (1,))
        characters = distinct(found.matrix, doc)
        title = grams.count_in(titles, (1,), found.keys).multiply(characters).tocsr()
        answer = distinct(offices.competences_in([text.offices for text in texts]), doc, least=1.0)
        return Own(words.result(), things.result(), characters, title, found.matrix, answer)


def _fields(texts: Sequence[TaskText]) -> tuple[Array, Array]:
    """Tasks × fields: how far each is about it, 0..1, and whether it mentions it."""
    words = list(thesaurus.thesaurus().fields.values())
    mentions = thesaurus.fields_in([f"{text.whole}\n{text.lead}" for text in texts]).toarray() > 0
    about = np.zeros(mentions.shape, np.float32)
    for row, column in np.argwhere(mentions).tolist():
        about[row, column] = _about(texts[row], words[column])
    return about, mentions


def _about(text: TaskText, words: Sequence[str]) -> float:
    """1 where the title names the field, else the share of the clauses that do."""
    if any(word in text.title for word in words):
        return 1.0
    return sum(any(word in clause for word in words) for clause in text.clauses) / len(text.clauses)


def signals(tasks: Board, lower: Array, upper: Array, named: Array) -> Array:
    """Pairs × `NAMES`. ``lower`` and ``upper`` are task numbers, ``named`` is 1 where the upper task names the body."""
    blocks = [slice(start, start + _BLOCK) for start in range(0, len(lower), _BLOCK)]
    with ThreadPoolExecutor(2) as workers:
        parts = list(workers.map(lambda block: _block(tasks, lower[block], upper[block]), blocks))
    table = {name: np.concatenate([part[name] for part in parts] or [np.zeros(0)]) for name in _MEASURED}
    below, above = _groups(lower, tasks.doc[upper]), _groups(upper, tasks.doc[lower])
    table |= {
        "named_body": named,
        "best_upper": _of_best(table["near"], below),
        "best_lower": _of_best(table["near"], above),
        "own_upper": _of_best(table["own"], below),
        "sections": _sections(tasks, lower, upper, _of_best(table["own"], below)),
        "order": 1.0 - np.abs(tasks.place[lower] - tasks.place[upper]),
        "other_field": tasks.foreign(lower, upper),
        "restated": tasks.restated[lower] | tasks.restated[upper],
    }
    table |= {name: _of_best(table[of], below) for name, of in FIRST.items()}
    return np.column_stack([table[name] for name in NAMES])


_MEASURED = (
    *("title", "lower_title", "wording", "notions", "themes", "characters", "clause", "upper_share", "lower_share"),
    *("lead", "section", "near", "own", "title_characters", "in_common", "offices"),
)


def _block(tasks: Board, lower: Array, upper: Array) -> dict[str, Array]:
    """`_MEASURED` of a block of pairs: what two texts tell by themselves, nearness in all, by what is distinctive, and
    what the upper task has of the lower title's distinctive characters."""
    words, things = tasks.wording, tasks.notions
    similar = np.maximum(dice(words, words.title, lower, upper), 0.8 * dice(things, things.title, lower, upper))
    title = np.maximum(_inside(words, upper, lower, 3.0), _inside(things, upper, lower, 1.0))
    lower_title = np.maximum(_inside(words, lower, upper, 3.0), _inside(things, lower, upper, 1.0))
    both = words.whole[lower].multiply(words.whole[upper]).tocsr()
    clause, _, up_mass = _covered(tasks, words, upper, both, 3.0, 8.0)
    same = things.whole[lower].multiply(things.whole[upper]).tocsr()
    _, up_share, n_up_mass = _covered(tasks, things, upper, same, 1.0, 4.0)
    _, low_share, _ = _covered(tasks, things, lower, same, 1.0, 4.0)
    lead = _lead(tasks, words, lower, upper, both, 3.0) - up_mass
    lead = lead / 3 + _lead(tasks, things, lower, upper, same, 1.0) - n_up_mass
    section = np.maximum(dice(words, words.section, lower, upper), dice(things, things.section, lower, upper))
    themes = _cosine(things, lower, upper)
    in_common = np.log1p(things.mass(same))
    near = np.sqrt(np.maximum(_cosine(words, lower, upper), 0)) + themes + in_common / 4 + similar
    own = tasks.own
    wording, notions, characters = (alike(rows, lower, upper) for rows in (own.wording, own.notions, own.characters))
    apart = np.sqrt(wording) + notions + characters / 2
    of_title = np.asarray(own.title[lower].multiply(own.has[upper]).sum(axis=1)).ravel()
    measured = (title, lower_title, wording, notions, themes, characters, clause, up_share, low_share)
    answer = alike(own.offices, lower, upper)
    return dict(zip(_MEASURED, (*measured, lead, section, near, apart, of_title, in_common, answer), strict=True))


def _covered(
    tasks: Board, view: View, side: Array, both: Any, floor: float, scale: float
) -> tuple[Array, Array, Array]:
    """How the clauses of one side are covered by what both texts share: best clause, share of the whole, log mass."""
    pair, clause = _clauses(tasks, side)
    rows = view.clause[clause]
    shared, mass = view.shared(rows, both[pair]), view.mass(rows)
    covered = shared / (mass + floor)
    best = np.zeros(len(side))
    np.maximum.at(best, pair, covered * (1 - np.exp(-shared / scale)))
    kept = np.bincount(pair, shared * covered, len(side))
    return best, kept / (np.bincount(pair, mass, len(side)) + floor), np.log1p(kept)


def _lead(tasks: Board, view: View, lower: Array, upper: Array, both: Any, floor: float) -> Array:
    """`_covered`'s log mass of the upper task when the lead of the lower task's section counts as part of it."""
    more = both.maximum(view.lead[lower].multiply(view.whole[upper])).tocsr()
    return _covered(tasks, view, upper, more, floor, 1.0)[2]


def _clauses(tasks: Board, side: Array) -> tuple[Array, Array]:
    """(pair, clause) of all clauses of the tasks of one side."""
    counts = tasks.last[side] - tasks.first[side]
    pair = np.repeat(np.arange(len(side)), counts)
    return pair, np.arange(len(pair)) - np.repeat(np.cumsum(counts) - counts, counts) + tasks.first[side][pair]


def dice(view: View, matrix: Any, lower: Array, upper: Array) -> Array:
    """How alike two rows of a matrix are: shared weight by the weight of the heavier one."""
    left, right = matrix[lower], matrix[upper]
    return view.shared(left, right) / (np.maximum(view.mass(left), view.mass(right)) + 1.0)


def _inside(view: View, one: Array, other: Array, floor: float) -> Array:
    """The share of one side's title that the other side's text has."""
    titles = view.title[one]
    return view.shared(titles, view.whole[other]) / (view.mass(titles) + floor)


def _cosine(view: View, lower: Array, upper: Array) -> Array:
    square = view.weight**2
    length = np.sqrt(np.asarray(view.whole @ square).ravel())
    shared = np.asarray(view.whole[lower].multiply(view.whole[upper]) @ square).ravel()
    return np.asarray(shared / (length[lower] * length[upper] + 1e-6))


def _groups(task: Array, doc: Array) -> Array:
    """The number of the group of each pair: the same task (or section) toward the same document (or section)."""
    return np.asarray(np.unique(task * (int(doc.max(initial=0)) + 1) + doc, return_inverse=True)[1])


def _sections(tasks: Board, lower: Array, upper: Array, nearest: Array) -> Array:
    """Of the other tasks of the lower task's section that have a nearest task in the upper document: the share whose
    nearest one stands in the upper task's section. ``nearest`` is 1 where the pair is the nearest of the lower task's in that document."""
    below, above = tasks.part[lower], tasks.part[upper]
    held = (below >= 0) & (above >= 0)
    first = np.flatnonzero((nearest >= 1.0) & held)
    _, once = np.unique(_groups(lower, tasks.doc[upper])[first], return_index=True)
    first = first[once]
    groups = _groups(below + 1, tasks.doc[upper]), _groups(lower, tasks.doc[upper])
    in_all, of_task = (np.bincount(group[first], minlength=group.max() + 1)[group] for group in groups)
    groups = _groups(below + 1, above + 1), _groups(lower, above + 1)
    there, of_task_there = (np.bincount(group[first], minlength=group.max() + 1)[group] for group in groups)
    return np.where(held, (there - of_task_there) / np.maximum(in_all - of_task, 1), 0.0)


def _of_best(value: Array, group: Array) -> Array:
    """Each value as a share of the greatest of its group."""
    best = np.full(int(group.max(initial=-1)) + 1, 1e-9)
    np.maximum.at(best, group, value)
    return np.asarray(value / best[group])


def _gram_weight(found: grams.Grams) -> Array:
    """Rarity; half for the longer runs, which repeat the shorter ones, and next to nothing for stock phrases."""
    weight = rarity.of_runs(found) * np.where(grams.sizes_of(found.keys) == 2, 1.0, 0.5)
    stock = np.concatenate([grams.strip(thesaurus.thesaurus().stock).keys(size)[1] for size in SIZES])
    weight[np.isin(found.keys, stock)] *= _STOCK
    return weight
