"""Pages of the app opened headless at an address, and what a person would read on them."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from pages.document_reader import SCROLL

APP = Path(__file__).parent.parent / "app.py"
EVIL = "<script>alert(1)</script>[x](javascript:alert(1)) :red[r] \u202e$a$ **粗** `c` <img src=x onerror=alert(1)>"


_first = PagesManager.__init__


def _as_after_the_first_run(self: PagesManager, *args: Any, **more: Any) -> None:
    """A server knows after its first run that pages come by way of app.py; `AppTest` forgets it before each run."""
    _first(self, *args, **more)
    PagesManager.uses_pages_directory = False


class Visits:
    """Opens pages of the app on one knowledge base, as one person after the other."""

    def __init__(self, kb: Path, patch: pytest.MonkeyPatch) -> None:
        self.kb, self.patch = kb, patch
        patch.setenv("POLICYTRACE_WHO", "张三")
        patch.setattr(PagesManager, "__init__", _as_after_the_first_run)

    def __call__(self, name: str, kb: Path | None = None, **address: str) -> AppTest:
        self.patch.setenv("POLICYTRACE_KB", str(kb or self.kb))
        page = AppTest.from_file(str(APP), default_timeout=60)
        page.switch_page(f"pages/{name}.py")
        for key, value in address.items():
            page.query_params[key] = value
        return ran(page)


def ran(page: AppTest) -> AppTest:
    """The page after a run in which nothing went wrong."""
    page = page.run()
    assert not page.exception
    assert not [one for one in page.error if "没有画出来" in one.value]
    return page


def press(page: AppTest, label: str, number: int = 0) -> AppTest:
    """The page after a click on a button whose label holds `label`."""
    found = [one for one in page.button if label in one.label]
    assert found, [one.label for one in page.button]
    found[number].click()
    return ran(page)


def markup(page: AppTest) -> str:
    """All HTML that the page draws, its style left out."""
    return "\n".join(one.proto.body for one in page.get("html") if "<style>" not in one.proto.body)


def said(page: AppTest) -> str:
    """Every word that the page says in elements of its own."""
    kinds = (page.title, page.subheader, page.markdown, page.caption, page.info, page.warning, page.error, page.success)
    return "\n".join(str(one.value) for kind in kinds for one in kind)


def links(page: AppTest) -> list[tuple[str, str]]:
    """The links to pages: label, and page with its address."""
    found: list[Any] = [one.proto for one in page.get("page_link")]
    drawn = re.findall("<a class='pt-go [^']*' href='([^']*)'>(.*?)</a>", markup(page))
    of_html = [(html.unescape(re.sub("<[^>]*>", "", inner)), unquote(html.unescape(href))) for href, inner in drawn]
    return [(one.label, unquote(f"{one.page}?{one.query_string}")) for one in found] + of_html


def goes(page: AppTest, visit: Visits, label: str, number: int = 0) -> AppTest:
    """The page that a link leads to."""
    found = [target for words, target in links(page) if label in words]
    assert found, links(page)
    name, _, query = found[number].partition("?")
    return visit(name, **dict(parse_qsl(query)))


def shows_text_as_text(page: AppTest) -> None:
    """Nothing that a document says can be run or formats the page."""
    labels = [one.proto.label for one in (*page.get("page_link"), *page.button)]
    for drawn in (markup(page).replace(SCROLL, ""), said(page), "\n".join(labels)):
        assert "<script" not in drawn.replace("\\<", "") and "<img" not in drawn.replace("\\<", "")
        assert "\u202e" not in drawn
    for label in labels:
        assert ":red[" not in label and "](" not in label.replace("\\](", "")


def addresses(page: AppTest) -> dict[str, str]:
    """What the page's address says."""
    return {key: value[0] if isinstance(value, list) else value for key, value in page.query_params.items()}
