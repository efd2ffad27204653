"""An indicator on the page 目标对照: a row of the list, and in detail who set what, where it stands, since when."""

from __future__ import annotations

import streamlit as st

from index.reports.answers import LEVEL, name_of
from index.targets.comparison import NAMES, TargetPair
from index.targets.groups import STANDINGS, Indicator, since, value
from index.targets.indicators import Commitment
from pages import shared

SIGN = {"conflict": "✕", "numbers": "≠", "wording": "≁", "agreed": "＝", "alone": "·"}
SAID, BRIEF = 12, 14


def row(kb: shared.Snapshot, one: Indicator) -> str:
    """One line of the list: the name that opens it, how the places stand, the values by level, since when; HTML."""
    day = one.since(_dates(kb))
    when = (f"{shared.escaped(day)} 起" if day else "起始日期不明") if one.apart else ""
    name = shared.leads("targets", shared.escaped(one.name), indicator=one.name)
    return f"<div class='pt-target'><span>{name}</span>{badge(one)}<span>{by_level(kb, one)}</span><span class='pt-meta'>{when}</span></div>"


def badge(one: Indicator) -> str:
    """How the places stand, by sign and word; HTML."""
    return f"<span class='pt-gravity pt-s-{one.standing}'>{SIGN[one.standing]} {STANDINGS[one.standing]}</span>"


def brief(place: Commitment) -> str:
    """The number, or where there is none the beginning of the words."""
    if place.target.value is not None:
        return value(place)
    words = " ".join(place.target.quote.split())
    return f"“{words[:BRIEF]}{'…' if len(words) > BRIEF else ''}”"


def by_level(kb: shared.Snapshot, one: Indicator) -> str:
    """The distinct values that each level sets, year by year; HTML."""
    years: dict[int | None, dict[str | None, dict[str, None]]] = {}
    for place in one.places:
        levels = years.setdefault(place.target.target_year, {})
        levels.setdefault(kb.policy(place.doc).level, {})[brief(place)] = None
    parts = []
    for year in sorted(years, key=lambda year: year or 9999)[:3]:
        said = "，".join(
            f"{LEVEL[level]} <b>{shared.escaped('、'.join(found))}</b>" for level, found in years[year].items()
        )
        parts.append(f"<span class='pt-meta'>{f'{year} 年' if year else '年份未写'}</span> {said}")
    more = "　……" if len(years) > 3 else ""
    return "　".join(parts) + more


def detail(kb: shared.Snapshot, one: Indicator) -> None:
    """The whole of one indicator."""
    st.html(f"<div class='pt-row'>{badge(one)}<b class='pt-big'>{shared.escaped(one.name)}</b></div>")
    said = [_sentence(kb, pair) for pair in one.apart[:SAID]]
    if said:
        st.html(f"<ul class='pt-said'>{''.join(said)}</ul>")
    else:
        st.caption("各处没有不一致。" if len(one.places) > 1 else "只有一份文件设了这个目标，没有可以对照的。")
    st.html(_table(kb, one))
    others = [pair for pair in one.pairs if pair not in one.apart]
    if others:
        with st.expander(f"一致、结合本地或不可比的 {len(others)} 组"):
            st.html(f"<ul class='pt-said'>{''.join(_sentence(kb, pair) for pair in others)}</ul>")


def _dates(kb: shared.Snapshot) -> dict[str, str | None]:
    return {policy.slug: policy.date for policy in kb.policies()}


def _sentence(kb: shared.Snapshot, pair: TargetPair) -> str:
    """How a lower target stands to an upper one, in words, and since when; HTML."""
    low, up = (kb.policy(side.doc) for side in (pair.lower, pair.upper))
    day = since(pair, {low.slug: low.date, up.slug: up.date})
    when = f"<b>{shared.escaped(day)}</b> 起" if day else "起始日期不明（有文件未载日期）"
    return (
        f"<li class='pt-r-{pair.relation}'><b>{NAMES[pair.relation]}</b>　{shared.escaped(pair.reason)}。"
        f"《{shared.escaped(low.title)}》对《{shared.escaped(up.title)}》，{when}。</li>"
    )


def _table(kb: shared.Snapshot, one: Indicator) -> str:
    """Each place with level, document and its date, the words, the number, the year and where it stands; HTML."""
    heads = ("", "层级", "文件", "日期", "原文", "数值", "目标年", "出处")
    numbers = {value(place) for pair in one.apart for place in (pair.lower, pair.upper)}
    lines = "".join(_line(kb, number, place, numbers) for number, place in enumerate(one.places, 1))
    return (
        f"<div class='pt-sheet'><table><thead><tr>{''.join(f'<th>{head}</th>' for head in heads)}</tr></thead>"
        f"<tbody>{lines}</tbody></table></div>"
    )


def _line(kb: shared.Snapshot, number: int, place: Commitment, apart: set[str]) -> str:
    policy = kb.policy(place.doc)
    task = policy.task(place.task) if place.task else None
    where = f"{task.id} {name_of(task)}" if task else "总体目标"
    page = f"第 {place.target.origin.page} 页，" if place.target.origin.page else ""
    amount = shared.escaped(value(place))
    outline = "<span class='pt-sign'>提纲</span>" if policy.text == "outline" else ""
    cells = (
        str(number),
        LEVEL[policy.level],
        f"{shared.escaped(policy.title)}{outline}",
        shared.escaped(policy.date or "未载明"),
        f"{shared.escaped(place.target.quote)}{'（未核）' if place.target.verified is False else ''}",
        f"<mark>{amount}</mark>" if value(place) in apart and value(place) != "—" else amount,
        str(place.target.target_year or "未写"),
        f"{shared.escaped(where)}<br>{page}第 {place.target.origin.line} 行<br>{shared.leads('documents', '看原文', **_address(place))}",
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _address(place: Commitment) -> dict[str, str]:
    origin = place.target.origin
    return {"doc": place.doc, "at": f"{origin.start}-{origin.end}"}
