"""What all pages share: the knowledge base as it is now, addresses, text that is shown as text, saving, the style."""

from pathlib import Path

from pages.shared.address import known, recalled, remember, settled
from pages.shared.leading import follow
from pages.shared.saving import downloads, export_menu, table
from pages.shared.shell import page, told
from pages.shared.snapshot import Snapshot, compared, findings, findings_soon, knowledge, lasting
from pages.shared.text import address, aims, chips, escaped, label, leads, marked, place, plain, repealed, source

__all__ = [
    "LOGO",
    "STYLE",
    "Snapshot",
    "address",
    "aims",
    "chips",
    "compared",
    "downloads",
    "escaped",
    "export_menu",
    "findings",
    "findings_soon",
    "follow",
    "knowledge",
    "known",
    "label",
    "lasting",
    "leads",
    "marked",
    "page",
    "place",
    "plain",
    "recalled",
    "remember",
    "repealed",
    "settled",
    "source",
    "table",
    "told",
]

STYLE = Path(__file__).with_name("style.css")
"""What all pages look like."""
LOGO = Path(__file__).with_name("logo.svg")
