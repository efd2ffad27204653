"""The tables of decisions for SQLAlchemy, and SQLAlchemy upon a connection of `index.store`.

What the tables are is said by ``store.MIGRATIONS``; a test holds the two together.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, create_engine
from sqlalchemy.pool import StaticPool

from schemas import Subject

METADATA = MetaData()
SUBJECT = ("kind", "doc", "item", "other_doc", "other_item")
"""The columns that name a record."""


def _subject(**options: Any) -> list[Column[str]]:
    return [Column(name, String, nullable=False, **options) for name in SUBJECT]


DECISIONS = Table(
    "decisions",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("at", String, nullable=False),
    Column("who", String, nullable=False),
    Column("undoes", String),
    Column("decision", String, nullable=False),
)
PLACEMENTS = Table(
    "placements",
    METADATA,
    Column("decision", String, primary_key=True),
    *_subject(),
    Column("carried", String, nullable=False),
)
STANDINGS = Table(
    "standings",
    METADATA,
    *_subject(primary_key=True),
    Column("state", String, nullable=False),
    Column("again", Integer, nullable=False),
    Column("fields", String, nullable=False),
    Column("standing", String, nullable=False),
)
NOTICES = Table(
    "notices",
    METADATA,
    Column("decision", String, primary_key=True),
    Column("whom", String, primary_key=True),
    Column("told", String),
)
VERSIONS = Table(
    "versions",
    METADATA,
    Column("slug", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("sha256", String, nullable=False),
    Column("file", String, nullable=False),
    Column("added", String, nullable=False),
    Column("replaced", String, nullable=False),
    Column("policy", String, nullable=False),
)
REMOVALS = Table(
    "removals",
    METADATA,
    Column("sha256", String, primary_key=True),
    Column("slug", String, nullable=False),
    Column("wanted_slug", String, nullable=False),
    Column("file", String, nullable=False),
    Column("level", String),
    Column("title", String),
    Column("who", String, nullable=False),
    Column("decision", String, nullable=False),
)
OVERLAY = Table(
    "overlay",
    METADATA,
    Column("ref", String, primary_key=True),
    Column("doc", String, nullable=False),
    Column("entry", String),
)
NAMES = Table(
    "names",
    METADATA,
    Column("printed", String, primary_key=True),
    Column("canonical", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("found_by", String, nullable=False),
)


def over(raw: sqlite3.Connection) -> Connection:
    """SQLAlchemy over an open connection, whose transactions and closing stay the caller's.

    Call it before a transaction is begun.
    """
    engine = create_engine(
        "sqlite://",
        creator=lambda: raw,
        poolclass=StaticPool,
        pool_reset_on_return=None,
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
    )
    return engine.connect()


def columns(subject: Subject) -> dict[str, str]:
    """A subject as the values of its columns."""
    return {name: getattr(subject, name) for name in SUBJECT}


def about(table: Table, subject: Subject) -> list[Any]:
    """The conditions for the rows of `table` about a subject."""
    return [table.c[name] == value for name, value in columns(subject).items()]
