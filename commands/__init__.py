"""The commands of `policytrace`, by what they are about. Each module has a table ``COMMANDS``; `cli` puts them together.

Each function imports only what it needs, so that a search starts in the time that Whoosh takes.
"""
