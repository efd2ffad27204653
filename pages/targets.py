"""目标对照: what the documents set for the same quantity, level beside level; those that do not agree come first."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import date

import streamlit as st

from index.exporting.export import render_targets
from index.linking.texts import fold
from index.reports.answers import LEVEL
from index.targets.groups import STANDINGS, Indicator, indicators
from index.views import TargetView
from pages import shared, target_card, target_charts

STEP = 12
ICON = {
    "conflict": ":material/error:",
    "numbers": ":material/difference:",
    "wording": ":material/edit_note:",
    "agreed": ":material/check_circle:",
    "alone": ":material/counter_1:",
}


@st.cache_resource(show_spinner="正在对照目标 ……", max_entries=2)
def _all(path: str, measured: str, _kb: shared.Snapshot) -> tuple[Indicator, ...]:
    return shared.lasting(indicators(_kb.policies(), shared.compared(_kb)))


def render(kb: shared.Snapshot) -> None:
    """The whole page: one indicator, or the list."""
    found = _all(str(kb.path), kb.measured, kb)
    wanted = st.query_params.get("indicator")
    chosen = next((one for one in found if one.name == wanted), None)
    if chosen is None and wanted:
        near = [one for one in found if fold(wanted) in _words(one)]
        chosen = near[0] if len(near) == 1 else None
    if chosen is not None:
        _one(kb, chosen)
        return
    st.title("目标对照")
    if not found:
        st.info("知识库里的文件没有读出目标。", icon=":material/info:")
        return
    if wanted:
        st.session_state["pt_about"] = wanted
        shared.remember(indicator=None)
    _list(kb, found)


def _words(one: Indicator) -> str:
    return fold(" ".join([one.name, *(f"{place.target.indicator} {place.target.quote}" for place in one.places)]))


def _one(kb: shared.Snapshot, chosen: Indicator) -> None:
    left, save, right = st.columns([4, 1.1, 1.4], vertical_alignment="center")
    left.title("目标对照")
    with save:
        _save(kb, [chosen], f"指标：{chosen.name}", chosen.name)
    right.button(
        "返回全部指标",
        icon=":material/arrow_back:",
        width="stretch",
        on_click=shared.remember,
        kwargs={"indicator": None},
    )
    target_card.detail(kb, chosen)
    target_charts.values(kb, chosen)
    if len({place.target.target_year for place in chosen.places if place.target.target_year}) > 1:
        target_charts.timeline(kb, [chosen])


def _list(kb: shared.Snapshot, found: Sequence[Indicator]) -> None:
    shown, words, right = _filtered(kb, found)
    with right:
        _save(kb, shown, words, "")
    if not shown:
        st.info("没有符合条件的指标，请清空检索词或去掉一项筛选。", icon=":material/search_off:")
        return
    apart = [one for one in shown if one.standing in ("conflict", "numbers", "wording")]
    rest = shown[len(apart) :]
    if apart:
        st.subheader(f"不一致的指标　{len(apart)} 个")
        _rows(kb, apart, "apart")
    if rest:
        st.subheader(f"{'其余' if apart else ''}指标　{len(rest)} 个")
        _rows(kb, rest, "rest")
    target_charts.timeline(kb, shown)


def _filtered(
    kb: shared.Snapshot, found: Sequence[Indicator]
) -> tuple[list[Indicator], str, st.delta_generator.DeltaGenerator]:
    """The indicators that words, level and standing leave; the filter in words; and the place for what saves."""
    levels = list(dict.fromkeys(kb.policy(place.doc).level or "" for one in found for place in one.places))
    left, middle, right = st.columns([2.2, 2.6, 1], vertical_alignment="center")
    about = left.text_input(
        "查找指标", key=shared.recalled("about"), placeholder="指标，例如：能耗", label_visibility="collapsed",
        icon=":material/search:",
    )  # fmt: skip
    key = shared.known("level", levels)
    level = middle.pills(
        "层级", levels, key=key, format_func=lambda one: LEVEL[one or None], label_visibility="collapsed"
    )
    wanted = fold(about or "")
    left_over = [
        one
        for one in found
        if (not wanted or wanted in _words(one))
        and (level is None or any((kb.policy(place.doc).level or "") == level for place in one.places))
    ]
    counts = {name: sum(one.standing == name for one in left_over) for name in STANDINGS}
    key = shared.known("standing", STANDINGS)
    standing = st.pills(
        "对照结果", [name for name in STANDINGS if counts[name] or name == st.session_state[key]], key=key,
        format_func=lambda name: f"{ICON[name]} {STANDINGS[name]} {counts[name]}", label_visibility="collapsed",
    )  # fmt: skip
    shared.remember(about=about or None, level=level, standing=standing)
    said = (
        f"指标含“{about}”" if about else "",
        f"层级：{LEVEL[level or None]}" if level else "",
        STANDINGS.get(standing, ""),
    )
    return [one for one in left_over if standing in (None, one.standing)], "；".join(filter(None, said)), right


def _rows(kb: shared.Snapshot, rows: Sequence[Indicator], key: str) -> None:
    """The rows of a list, a step at a time."""
    asked, name = f"{len(rows)} {rows[0].name}", f"pt_targets_{key}"
    if st.session_state.get(f"{name}_asked") != asked:
        st.session_state[f"{name}_asked"], st.session_state[name] = asked, STEP
    limit = st.session_state[name]
    st.html(f"<div class='pt-list'>{''.join(target_card.row(kb, one) for one in rows[:limit])}</div>")
    if limit < len(rows):
        st.button(
            f"再显示 {min(STEP, len(rows) - limit)} 个（共 {len(rows)} 个）", key=f"more_{key}", width="stretch",
            on_click=_more, args=(name,),
        )  # fmt: skip


def _more(name: str) -> None:
    st.session_state[name] += STEP


def _save(kb: shared.Snapshot, shown: Sequence[Indicator], filtered: str, name: str) -> None:
    """Saves what is shown."""
    make = functools.partial(_file, kb, shown, filtered, date.today())
    shared.export_menu(make, f"目标对照{f'-{name}' if name else ''}", bool(shown))


def _file(
    kb: shared.Snapshot, shown: Sequence[Indicator], filtered: str, today: date, form: str, app: str = ""
) -> bytes:
    rows = [
        TargetView(
            doc=place.doc, task=place.task, target=place.target, level=kb.policy(place.doc).level,
            unchecked=place.target.verified is False,
        )
        for one in shown
        for place in one.places
    ]  # fmt: skip
    order = {policy.slug: number for number, policy in enumerate(kb.policies())}
    rows.sort(key=lambda row: (order[row.doc], row.target.origin.start))
    pairs = [pair for one in shown for pair in one.pairs]
    return render_targets(form, kb, today, rows=rows, pairs=pairs, filtered=filtered, app=app)[0]


shared.page(render)
