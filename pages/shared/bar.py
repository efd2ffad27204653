"""The pages that there are, in the order of the bar at the top."""

from __future__ import annotations

from typing import NamedTuple

PRODUCT = "政策任务追溯"


class Page(NamedTuple):
    """A page: the file that draws it, its name, the icon beside it (of Google's Material Symbols)."""

    file: str
    title: str
    icon: str

    @property
    def path(self) -> str:
        """Its address below the app's own: the first page has none."""
        return "" if self is PAGES[0] else self.file


PAGES = (
    Page("overview", "总览", "dashboard"),
    Page("search", "任务检索", "search"),
    Page("trace", "责任追溯", "account_tree"),
    Page("gaps", "承接缺口", "rule"),
    Page("matrix", "任务分工矩阵", "table_chart"),
    Page("targets", "目标对照", "flag"),
    Page("documents", "文件", "folder_open"),
    Page("quality", "数据质量", "health_and_safety"),
    Page("review", "人工复核", "fact_check"),
)

ICON = (  # drawn here: a named icon would be fetched from the Internet
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='#1f5a8a' stroke-width='2'>"
    "<rect x='2' y='9' width='6' height='6'/><rect x='16' y='2' width='6' height='6'/><rect x='16' y='16' width='6' height='6'/>"
    "<path d='M8 12h4M16 5h-4v14h4'/></svg>"
)
"""The app's own, for the browser's tab."""
