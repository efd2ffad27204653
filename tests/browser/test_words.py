"""Streamlit's own words are Chinese wherever staff meet them: on every page, in lists, dialogs, menus and faults."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.office import Office

ENGLISH = """() => {
  const found = [], english = /[A-Za-z]{3,}/;
  const ours = /Word|Excel|PDF|OFD|WPS|CSV|txt/g;
  const look = (words, where) => { if (english.test(words.replace(ours, ""))) found.push(`${where}: ${words}`); };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walk.currentNode; node; node = walk.nextNode()) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    if (element.closest(".stHtml, style, script, noscript, [data-testid=stIconMaterial], [data-testid=InputInstructions]")) continue;
    if (element.closest("[translate=no]") || getComputedStyle(element).display === "none") continue;
    if (node.nodeType === Node.TEXT_NODE) look(node.data, "text");
    else for (const name of ["aria-label", "title", "placeholder", "alt"]) look(node.getAttribute(name) ?? "", name);
  }
  return found;
}"""


def english(window: Office) -> list[str]:
    """What is not Chinese in the window; names of our formats and what documents say left out."""
    window.page.wait_for_timeout(300)
    return [one for one in window.page.evaluate(ENGLISH) if "add icon" not in one]


@pytest.mark.parametrize("name", ["", "search", "trace", "gaps", "matrix", "targets", "documents", "quality", "review"])
def test_on_every_page(bundled: str, office: Callable[[str], Office], name: str) -> None:
    assert english(office(bundled).go(name)) == []


def test_in_a_list_without_an_answer(bundled: str, office: Callable[[str], Office]) -> None:
    window = office(bundled).go("search")
    for label, said in (("责任部门", "查找：不存在的"), ("文件", "没有符合的选项")):
        box = window.page.get_by_role("combobox", name=label).first
        box.click()
        box.fill("不存在的")
        window.page.get_by_text(said).wait_for()
        assert english(window) == []
        window.page.keyboard.press("Escape")


def test_in_a_dialog_and_with_a_file(bundled: str, office: Callable[[str], Office], tmp_path: Path) -> None:
    window = office(bundled).go("gaps").press("标为不适用")
    window.page.get_by_role("button", name="关闭").wait_for()
    assert english(window) == []
    file = tmp_path / "方案.txt"
    file.write_text("某区方案\n一、任务\n1．推进节水。\n", "utf-8")
    window.go("documents", view="add")
    window.page.set_input_files("input[type=file]", [str(file)])
    window.page.get_by_text("可以加入").wait_for()
    assert english(window) == []
    window.shot("file")


def test_of_a_page_that_does_not_exist(bundled: str, office: Callable[[str], Office]) -> None:
    window = office(bundled)
    window.page.goto(f"{bundled}/nowhere")
    window.page.get_by_text("地址里的页面不存在，已打开总览。").wait_for()
    window.shot("nowhere")
    assert english(window) == []
