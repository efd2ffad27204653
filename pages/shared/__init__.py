"""What all pages share: the knowledge base as it is now, addresses, text that is shown as text, saving, the style."""

from pathlib import Path

from pages.shared.address import recalled, remember
from pages.shared.saving import downloads, table
from pages.shared.shell import page
from pages.shared.snapshot import Snapshot, compared, findings, knowledge
from pages.shared.text import chips, escaped, label, marked, place, plain

__all__ = [
    "STYLE",
    "Snapshot",
    "chips",
    "compared",
    "downloads",
    "escaped",
    "findings",
    "knowledge",
    "label",
    "marked",
    "page",
    "place",
    "plain",
    "recalled",
    "remember",
    "table",
]

STYLE = Path(__file__).with_name("style.css")
"""What all pages look like."""
