"""One window of the app, as a member of staff uses it: 1366×768, what they see, click, save."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

WINDOW = {"width": 1366, "height": 768}
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
TRACES = re.compile(r"Traceback|File \"|[A-Z]\w+(?:Error|Exception)\b")


class Office:
    """A window at the app's `address`. ``page`` is Playwright's page; ``shot`` numbers the pictures it keeps."""

    def __init__(self, page: Any, address: str, pictures: Path) -> None:
        self.page, self.address = page, address
        self._pictures, self._taken = pictures, 0
        self.faults: list[str] = []
        self.asked: list[str] = []
        page.on("dialog", lambda dialog: (self.faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("console", self._listen)
        page.on("request", lambda request: self.asked.append(request.url))

    def _listen(self, message: Any) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.faults.append(message.text)

    def go(self, name: str = "", **query: str) -> Office:
        """Opens a page by its address, as from a colleague's message."""
        asked = "&".join(f"{key}={quote(value)}" for key, value in query.items())
        self.page.goto(f"{self.address}/{name}{'?' if asked else ''}{asked}")
        return self.settled()

    def settled(self) -> Office:
        """Waits until the page is drawn and nothing runs any more."""
        self.page.locator(IDLE).wait_for()
        self.page.locator("h1").first.wait_for()
        self.page.wait_for_timeout(120)  # a click is on its way to the server
        self.page.locator(IDLE).wait_for()
        self.page.wait_for_function("!document.querySelector('[data-stale=true],[data-testid=stSkeleton]')")
        return self

    def turn_to(self, title: str) -> Office:
        """Chooses a page from the bar at the top."""
        self.page.get_by_test_id("stTopNavLink").filter(has_text=title).first.click()
        self.page.get_by_role("heading", name=title, level=1).wait_for()
        return self.settled()

    def write(self, label: str, text: str) -> Office:
        """Types into the field and presses Enter."""
        field = self.page.get_by_label(label, exact=True).first
        field.fill(text)
        field.press("Enter")
        return self.settled()

    def choose(self, label: str, option: str) -> Office:
        """Picks from a list of choices by typing a part of it."""
        field = self.page.get_by_role("combobox", name=re.compile(label)).first
        field.click()
        field.fill(option)
        self.page.get_by_role("option").filter(has_text=option).first.click()
        return self.settled()

    def press(self, name: str | re.Pattern[str]) -> Office:
        """Presses the first button, or choice of a row of choices, of this name."""
        choice = self.page.get_by_role("radio", name=name)
        self.page.get_by_role("button", name=name).or_(choice).first.click()
        return self.settled()

    def follow(self, text: str) -> Office:
        """Presses the first link with this text; the page changes without being loaded anew."""
        before = self.page.url
        self.page.get_by_role("link", name=text).first.click()
        self.page.wait_for_function("before => location.href !== before", arg=before)
        return self.settled()

    def card(self, *texts: str) -> Any:
        """The task in the drawn chain that shows all these texts; the last may be the level of its column."""
        columns = self.page.locator(".chain .column")
        if texts[-1] in ("国家", "市级", "园区"):
            columns = columns.filter(has=self.page.locator("header", has_text=texts[-1]))
            texts = texts[:-1]
        found = columns.locator("a")
        for text in texts:
            found = found.filter(has_text=text)
        return found.first

    def until(self, text: str) -> Office:
        """Waits until this is read."""
        self.page.get_by_text(text).first.wait_for()
        return self.settled()

    def save(self, name: str, folder: Path) -> Path:
        """Presses a button that saves a file; where it was saved."""
        with self.page.expect_download() as waiting:
            self.page.get_by_role("button", name=name).first.click()
        saved = folder / waiting.value.suggested_filename
        waiting.value.save_as(saved)
        return saved

    def reads(self) -> str:
        """Every word in sight."""
        return str(self.page.locator("body").inner_text())

    def shot(self, name: str, whole: bool = False) -> None:
        """Keeps a picture of the window, or of the whole page."""
        self._pictures.mkdir(parents=True, exist_ok=True)
        self._taken += 1
        self.page.mouse.move(2, WINDOW["height"] - 2)
        self.page.screenshot(path=self._pictures / f"{self._taken}-{name}.png", full_page=whole)

    def check(self) -> None:
        """No script of a text ran, no traceback shows, nothing was asked of another machine, nothing sticks out."""
        assert not self.faults
        strangers = [url for url in self.asked if not url.startswith((self.address, "data:", "blob:"))]
        assert not strangers
        assert not TRACES.search(self.reads())
        wide = self.page.evaluate("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth")
        assert wide <= 0, f"the page is {wide} pixels too wide"
