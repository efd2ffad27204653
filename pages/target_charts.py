"""Plots of targets, each with its table: on a time line by level, and the values of one indicator document by document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import streamlit as st

from index.exporting.sheet import clean
from index.reports.answers import LEVEL
from index.targets.groups import Indicator, value
from pages import shared
from pages.target_card import brief

MOST = 12
"""Indicators that the time line shows at once."""
LONG, INK = 22, "#26323d"
LEVELS = ["国家", "省级", "市级", "区县", "园区", "未知"]
COLOURS = ["#0072B2", "#56B4E9", "#009E73", "#CC79A7", "#D55E00", "#666666"]
"""Okabe and Ito's, which colour-blind people can tell apart."""
SHAPES = ["square", "triangle-down", "diamond", "triangle-up", "circle", "cross"]


def timeline(kb: shared.Snapshot, shown: Sequence[Indicator]) -> None:
    """The target years of some indicators, a row each; level by level a point with its values."""
    with_years = [one for one in shown if any(place.target.target_year for place in one.places)]
    dated = with_years[:MOST]
    if not dated:
        return
    st.subheader("时间线")
    rows = [row for one in dated for row in _points(kb, one)]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X(
            "年份:O", title=None, axis=alt.Axis(labelAngle=0, orient="top", grid=True, labelFontSize=12, labelColor=INK)
        ),
        y=alt.Y("指标:N", title=None, sort=None, axis=alt.Axis(labelLimit=280, labelFontSize=12, labelColor=INK)),
        xOffset=alt.XOffset("层级:N", sort=LEVELS),
    )
    points = base.mark_point(filled=True, size=80).encode(
        color=alt.Color("层级:N", scale=alt.Scale(domain=LEVELS, range=COLOURS), legend=_legend(rows)),
        shape=alt.Shape("层级:N", scale=alt.Scale(domain=LEVELS, range=SHAPES), legend=_legend(rows)),
        tooltip=["指标:N", "年份:O", "层级:N", "数值:N", "文件:N"],
    )
    words = base.mark_text(dy=-11, fontSize=11, color=INK).encode(text="标注:N")
    chart = (points + words).properties(height=alt.Step(38))
    st.altair_chart(chart, width="stretch", alt="各指标的目标年份，按层级标出数值；同样的内容见下面的表格")
    if len(with_years) > MOST:
        st.caption(f"图中画前 {MOST} 个有年份的指标，共 {len(with_years)} 个；筛选以后可以看到其余的。")
    with st.expander("时间线的表格"):
        st.dataframe(
            [{name: row[name] for name in ("指标", "年份", "层级", "数值", "文件")} for row in rows], hide_index=True, width="stretch"
        )  # fmt: skip


def _legend(rows: Sequence[dict[str, Any]]) -> alt.Legend:
    return alt.Legend(
        title=None, orient="bottom", values=[name for name in LEVELS if any(r["层级"] == name for r in rows)]
    )


def _points(kb: shared.Snapshot, one: Indicator) -> list[dict[str, Any]]:
    """A point for each year and level, with the values that stand there."""
    found: dict[tuple[int, str], tuple[dict[str, None], dict[str, None]]] = {}
    for place in one.places:
        year = place.target.target_year
        if year:
            policy = kb.policy(place.doc)
            amounts, documents = found.setdefault((year, LEVEL[policy.level]), ({}, {}))
            amounts[brief(place)] = None
            documents[policy.title] = None
    return [
        {
            "指标": short(one.name),
            "年份": year,
            "层级": level,
            "数值": clean("、".join(amounts)),
            "标注": short(clean("、".join(amounts)), 12),
            "文件": clean("、".join(documents)),
        }
        for (year, level), (amounts, documents) in sorted(found.items())
    ]


def short(text: str, most: int = LONG) -> str:
    """The text, cut where it is too long for a plot."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def values(kb: shared.Snapshot, one: Indicator) -> None:
    """The numbers of one indicator, document by document in the order of their dates; one plot for each unit."""
    numbered = [place for place in one.places if place.target.value is not None]
    for unit in dict.fromkeys(place.target.unit for place in numbered):
        rows = []
        for place in numbered:
            policy = kb.policy(place.doc)
            if place.target.unit == unit:
                rows.append(
                    {
                        "文件": clean(f"{policy.date or '日期未载'}　{short(policy.title, 26)}"),
                        "层级": LEVEL[policy.level],
                        "数值": place.target.value,
                        "标注": clean(value(place)),
                        "目标年": str(place.target.target_year or "未写"),
                        "日期": policy.date or "9999",
                    }
                )
        if len(rows) > 1:
            _values(sorted(rows, key=lambda row: str(row["日期"])), unit)


def _values(rows: Sequence[dict[str, Any]], unit: str | None) -> None:
    st.subheader(f"各文件的数值{f'（{unit}）' if unit else ''}，按日期先后")
    base = alt.Chart(alt.Data(values=list(rows))).encode(
        x=alt.X("数值:Q", title=None, scale=alt.Scale(zero=False, padding=30), axis=alt.Axis(tickCount=6)),
        y=alt.Y("文件:N", title=None, sort=None, axis=alt.Axis(labelLimit=420, labelFontSize=12, labelColor=INK)),
    )
    points = base.mark_point(filled=True, size=110).encode(
        color=alt.Color("层级:N", scale=alt.Scale(domain=LEVELS, range=COLOURS), legend=_legend(rows)),
        shape=alt.Shape("层级:N", scale=alt.Scale(domain=LEVELS, range=SHAPES), legend=_legend(rows)),
        tooltip=["文件:N", "层级:N", "标注:N", "目标年:N"],
    )
    words = base.mark_text(dx=10, align="left", fontSize=12, color=INK).encode(text="标注:N")
    st.altair_chart(
        (points + words).properties(height=alt.Step(34)), width="stretch",
        alt="这个指标在各文件中的数值；同样的内容见上面的表格",
    )  # fmt: skip
