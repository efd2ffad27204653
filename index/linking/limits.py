"""What titles decide, whatever the model says: a link is something that a person can be held to.

Two kinds of pairs give the model less to read than it was fitted on. *Two outlines* hold a title, key terms and a
summary in our own words on both sides. *Two documents of one level on different subjects* share the place and its
industries, not the work. For both, wording says little: grade 3 takes nearly the same title, grade 2 a similar title
or several rare things in common; all else is of the same theme at most.

*One outline above a full text*: a title and key terms do not tell all that the document asks, so grade 3 takes a similar
title or most of its key terms, word for word; else the lower task carries out a part of it, as far as can be seen.

Two texts that share nothing but stock phrases are of the same theme at most: no word of theirs could be shown for more.
So are two of which the upper one is all about a branch (钢铁) that the lower document nowhere mentions: none of the 26
upper tasks of the bundled documents that are so is carried out below.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache
from itertools import pairwise, takewhile

import numpy as np

from index.linking.citing import named_by
from index.linking.fields import Field, about
from index.linking.grams import Array, count
from index.linking.signals import Board, dice
from index.linking.texts import TaskText, fold
from index.linking.thesaurus import stock_pattern
from schemas import Policy

SAME_TITLE = 0.5
"""Share of the words of two titles, weighed by rarity, from which they are nearly the same."""
LIKE_TITLE, LIKE_NOTIONS = 0.3, 0.44
"""The same for similar titles, by their words or by the notions that they name."""
RARE_NOTIONS, RARE_WORDING = 3, 30.0
"""Several rare things in common: so many notions, and shared wording of this weight (about two terms of four signs)."""
_FORM = re.compile(
    r"关于|印发|通知|实施|行动|工作|专项|试点|示范|建设|推进|开展|创新|方案|计划|规划|意见|办法|措施|若干|完整|准确|全面"
    r"|上海市?|本市|国家|[一二三四五六七八九十]+五|\d{4}年?|[^\w]"
)


def most(policies: Sequence[Policy], texts: Sequence[TaskText], board: Board, lower: Array, upper: Array) -> Array:
    """The greatest grade that each pair may have: 3 for most pairs."""
    outline = np.array([text.outline for text in texts], bool)
    limited = (outline[lower] & outline[upper]) | _strangers(policies, texts, lower, upper)
    at = np.flatnonzero(limited)
    found = np.full(len(lower), 3)
    above = np.flatnonzero(outline[upper] & ~limited)
    found[above[~_like_outline(texts, board, lower[above], upper[above])]] = 2
    if len(at):
        found[at] = _by_titles(board, lower[at], upper[at])
    found[_stock_only(texts, board, lower, upper)] = 1
    found[_outside(policies, texts, lower, upper)] = 1
    return found


def _like_outline(texts: Sequence[TaskText], board: Board, lower: Array, upper: Array) -> Array:
    """Whether the titles are alike, or the lower task has most of the upper one's key terms, and several."""
    alike = _title_alike(board, lower, upper)
    for at in np.flatnonzero(~alike).tolist():
        outline, whole = texts[upper[at]], texts[lower[at]].whole
        terms = [clause for clause in outline.clauses if clause != outline.title]
        held = sum(term in whole for term in terms)
        alike[at] = held >= RARE_NOTIONS and 2 * held >= len(terms)
    return alike


def _title_alike(board: Board, lower: Array, upper: Array) -> Array:
    """Whether two titles are similar, by their words or by the notions that they name."""
    words, notions = board.wording, board.notions
    return np.asarray(
        (dice(words, words.title, lower, upper) >= LIKE_TITLE)
        | (dice(notions, notions.title, lower, upper) >= LIKE_NOTIONS)
    )


def _outside(policies: Sequence[Policy], texts: Sequence[TaskText], lower: Array, upper: Array) -> list[int]:
    """The pairs whose upper task is all about fields that the whole lower document never mentions."""
    tasks = {(policy.slug, task.id): task for policy in policies for task in policy.tasks}
    asked = {at: about(tasks[texts[at].ref.doc, texts[at].ref.task]) for at in np.unique(upper).tolist()}
    of = {policy.slug: policy for policy in policies}
    field = cache(lambda slug: Field(of[slug]))
    unnamed = cache(lambda slug, at: bool(field(slug).unnamed(asked[at])))
    pairs = enumerate(zip(lower.tolist(), upper.tolist(), strict=True))
    return [row for row, (low, up) in pairs if any(asked[up]) and unnamed(texts[low].ref.doc, up)]


def _stock_only(texts: Sequence[TaskText], board: Board, lower: Array, upper: Array) -> Array:
    """The pairs that share no notion and, without stock phrases and marks, no two characters in a row."""
    notions = board.notions.whole
    at = np.flatnonzero(np.asarray(notions[lower].multiply(notions[upper]).sum(axis=1)).ravel() == 0)
    own, number = np.unique(np.concatenate([lower[at], upper[at]]), return_inverse=True)
    if not len(own):
        return at
    stock = stock_pattern()
    runs = count([stock.sub("\n", texts[task].whole) for task in own.tolist()], (2,)).matrix
    shared = runs[number[: len(at)]].multiply(runs[number[len(at) :]])
    return np.asarray(at[np.asarray(shared.sum(axis=1)).ravel() == 0])


def same_title(board: Board, lower: Array, upper: Array) -> Array:
    """Whether the titles are nearly the same: then a link that is asserted is a plain one.

    So it is in 19 of the 19 labelled pairs of tasks with such titles, and in one of our own two.
    """
    return dice(board.wording, board.wording.title, lower, upper) >= SAME_TITLE


def _by_titles(board: Board, lower: Array, upper: Array) -> Array:
    words, notions = board.wording, board.notions
    alike = dice(words, words.title, lower, upper)
    shared = notions.whole[lower].multiply(notions.whole[upper]).tocsr()
    rare = (np.diff(shared.indptr) >= RARE_NOTIONS) & (
        words.shared(words.whole[lower], words.whole[upper]) >= RARE_WORDING
    )
    return np.where(alike >= SAME_TITLE, 3, np.where(_title_alike(board, lower, upper) | rare, 2, 1))


def _strangers(policies: Sequence[Policy], texts: Sequence[TaskText], lower: Array, upper: Array) -> Array:
    """Whether the documents of each pair are of one level and on different subjects."""
    of = {policy.slug: policy for policy in policies}
    held = [of[slug] for slug in dict.fromkeys(text.ref.doc for text in texts)]
    number = {policy.slug: at for at, policy in enumerate(held)}
    doc = np.array([number[text.ref.doc] for text in texts], int)
    level = np.array([policy.level or "" for policy in held])
    low, up = doc[lower], doc[upper]
    found = np.zeros(len(lower), bool)
    near = np.flatnonzero(level[low] == level[up])
    pair, of_pair = np.unique(low[near] * len(held) + up[near], return_inverse=True)
    subjects, names = [subject(policy) for policy in held], named_by(held)
    known = [_apart(held, subjects, names, *divmod(both, len(held))) for both in pair.tolist()]
    found[near] = np.array(known, bool)[of_pair]
    return found


def different(lower: Policy, upper: Policy) -> bool:
    """Whether two documents of one level have nothing to do with each other by their titles.

    A 规划 binds all that its body does, and a document that is named binds the one that names it.
    """
    both = (lower, upper)
    return lower.level == upper.level and _apart(both, tuple(map(subject, both)), named_by(both), 0, 1)


def _apart(
    policies: Sequence[Policy],
    subjects: Sequence[frozenset[str]],
    names: Collection[tuple[str, str]],
    lower: int,
    upper: int,
) -> bool:
    below, above = policies[lower], policies[upper]
    if not subjects[lower] or not subjects[upper] or subjects[lower] & subjects[upper] or "规划" in above.title:
        return False
    return (below.slug, above.slug) not in names


def subject(policy: Policy) -> frozenset[str]:
    """Pairs of characters of what the title is about, without the body and the form.

    >>> from types import SimpleNamespace
    >>> sorted(subject(SimpleNamespace(title="某港区清洁生产实施方案", issuers=("某港区管委会",))))
    ['洁生', '清洁', '生产']
    """
    title = fold(policy.title)
    for issuer in policy.issuers:
        title = title[_common(title, fold(issuer)) :]
    return frozenset(left + right for piece in _FORM.split(title) for left, right in pairwise(piece))


def _common(left: str, right: str) -> int:
    """How many characters both begin with."""
    return sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(left, right, strict=False)))
