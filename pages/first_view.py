"""What a person reads before Streamlit's scripts run: the bar, the page's title and its first content, as plain HTML.

Streamlit's scripts take a second and more to load and start. `server.py` puts this into the page that it sends; a script
of ours takes it away as soon as Streamlit has drawn the same. Its links are ordinary ones.
"""

from __future__ import annotations

import base64
import functools
from collections.abc import Mapping

from pages import overview_facts, shared, task_card
from pages.shared.bar import PAGES, Page
from schemas import NotFound, PolicyError

LOOK = """<style>
#pt-first{position:fixed;inset:0;z-index:1000;overflow:auto;background:#fff;color:#2f2d2b;font:16px/1.6 "Source Sans",sans-serif}
#pt-first header{display:flex;align-items:center;height:60px;padding-left:16px;font-size:14px;overflow:hidden;white-space:nowrap}
#pt-first header img{width:144px;height:24px;margin-right:16px}
#pt-first header a{display:flex;align-items:center;gap:8px;height:28px;padding:0 8px;margin-right:4px;border-radius:8px;color:inherit;text-decoration:none}
#pt-first header a[aria-current]{background:rgba(187,187,165,.25);font-weight:600}
#pt-first header i{font:normal 16px/1 "Material Symbols Rounded";width:16px;overflow:hidden;opacity:.6;font-feature-settings:"liga"}
#pt-first main{box-sizing:border-box;max-width:1280px;margin:0 auto;padding:13.6px 80px 48px}
#pt-first h1{margin:0;font-weight:700;line-height:1.2}#pt-first h2{font-weight:700}
#pt-first .pt-soon{color:#5b6773}
#pt-first .pt-choices{display:grid;grid-template-columns:2fr 3fr;gap:16px;padding:28px 0 16px}
#pt-first .pt-choices>div{height:38px;border:1px solid #d3d3cf;border-radius:8px;background:#f8f8f6}
</style>"""
CHOICES = "<div class='pt-choices' aria-hidden=true><div></div><div></div></div>"
"""Where document and task are chosen, once that can be done."""
LEAVING = """<script>(() => {
  const first = document.getElementById("pt-first");
  const drawn = `${first.dataset.until},#root [data-testid=stApp][data-test-script-state=notRunning] .stMain h1`;
  const look = () => document.querySelector(drawn) && (watch.disconnect(), setTimeout(leave, 150));
  const leave = () => first.remove();
  const watch = new MutationObserver(look);
  watch.observe(document.documentElement, {childList: true, subtree: true, attributeFilter: ["data-test-script-state"]});
  setTimeout(leave, 10000);
})()</script>"""
"""Ours, constant: takes the first view away when Streamlit has drawn the same content, or the whole page, and has had
the time to put what belongs above it in its place."""


def first_view(path: str, query: Mapping[str, str], known: bool = True) -> str:
    """The first view of the page at an address; HTML. Without the knowledge base (`known`) it is bar and title."""
    page = next((one for one in PAGES if one.path == path), PAGES[0])
    until, content = _content(page, query) if known else ("", "")
    style = f"<style>{shared.STYLE.read_text('utf-8')}</style>{LOOK}"
    body = content or "<p class='pt-soon'>正在打开 ……</p>"
    return (
        f"<div id='pt-first' data-until='#root {until or 'nothing'}'>{style}{_bar(page)}<main class='stHtml'>"
        f"<h1>{page.title}</h1>{body}</main></div>{LEAVING}"
    )


def _content(page: Page, query: Mapping[str, str]) -> tuple[str, str]:
    """By what one sees that Streamlit has drawn it, and the content; HTML. Both empty where the page begins otherwise."""
    try:
        kb = shared.knowledge()
        if page.file == "overview":
            return ".pt-numbers", overview_facts.numbers(overview_facts.facts(kb), shared.findings_soon(kb, 0))
        if page.file == "trace" and query.get("task"):
            return ".pt-task", f"{CHOICES}{task_card.card(kb, query['task'])}"
    except (NotFound, PolicyError):  # told by the page itself
        pass
    return "", ""


def _bar(current: Page) -> str:
    links = "".join(
        f"<a href='{one.path or './'}'{' aria-current=page' if one is current else ''}>"
        f"<i aria-hidden=true>{one.icon}</i>{one.title}</a>"
        for one in PAGES
    )
    return f"<header><img alt='' src='{_logo()}'><nav style='display:flex'>{links}</nav></header>"


@functools.cache
def _logo() -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(shared.LOGO.read_bytes()).decode()}"
