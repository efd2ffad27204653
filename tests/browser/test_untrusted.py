"""Text of documents is shown as text: nothing in it runs, leads away or breaks the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.browser.office import Office
from tests.kb_making import Item, made, policy

EVIL = (
    "<script>alert(1)</script><img src=x onerror=alert(2)><a href='javascript:alert(3)'>点这里</a>"
    "[链接](javascript:alert(4)) **粗体** `代码` :red[红] $x^2$ &lt;b&gt; \u202e倒写\u2066"
)
SHOWN = "<script>alert(1)</script><img src=x onerror=alert(2)><a href='javascript:alert(3)'>点这里</a>"
WORD = "长" * 5_000 + "w" * 5_000


def test_nothing_of_a_text_runs(serve: Callable[[Path], str], office: Callable[[str], Office], tmp_path: Path) -> None:
    items = [
        Item("三.1", f"节能{EVIL}", f"推进节能。{EVIL}", ((f"某处{EVIL}", "牵头"),), target_year=2025),
        Item("三.2", "节能", WORD),
    ]
    above = policy("city", f"上海市{EVIL}", items, level="municipal", date="2020-01-01")
    made(tmp_path / "kb", policy("park", f"园区{EVIL}", items), above)
    window = office(serve(tmp_path / "kb"))
    states: tuple[tuple[str, dict[str, str]], ...] = (
        ("", {}),
        ("search", {"q": "节能"}),
        ("search", {"q": EVIL}),
        ("search", {"department": EVIL}),
        ("trace", {"task": "park#三.1"}),
        ("trace", {"task": "park#三.2"}),
        ("trace", {"task": f"park#{EVIL}"}),
        ("matrix", {"doc": "park"}),
        ("matrix", {"doc": "park", "layout": "grid"}),
        ("matrix", {"department": EVIL}),
    )
    for name, query in states:
        window.go(name, **query)
        window.shot(name or "overview")
        window.check()
        assert window.page.locator("a[href^='javascript']").count() == 0
        assert window.page.locator(".stHtml img, .stHtml script, [data-testid=stMarkdown] img").count() == 0
        assert "\u202e" not in window.reads()
    window.go("trace", task="park#三.1")
    assert SHOWN in window.page.locator(".pt-task .pt-body").inner_text()
    assert window.page.locator(".pt-task h2").inner_text().startswith("三.1")
