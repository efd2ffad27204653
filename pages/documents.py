"""文件."""

from pages import shared

shared.page(lambda kb: None)
