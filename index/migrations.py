"""The tables of ``records.sqlite``, as the steps in which they came to be."""

from __future__ import annotations

MIGRATIONS = (
    """
    CREATE TABLE documents (
        slug TEXT PRIMARY KEY,
        wanted_slug TEXT NOT NULL,      -- before a suffix was needed to tell it from another document
        sha256 TEXT NOT NULL UNIQUE,
        file TEXT NOT NULL,             -- name of the file that was added
        level TEXT,                     -- as given by the user or the catalogue
        title TEXT,                     -- likewise
        form TEXT NOT NULL CHECK (form IN ('full', 'outline')),
        added TEXT NOT NULL             -- UTC, ISO 8601
    );
    CREATE TABLE extractions (
        slug TEXT PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
        fingerprint TEXT NOT NULL,      -- of the sources that read it
        policy TEXT NOT NULL,           -- the Policy as JSON
        cuts BLOB NOT NULL              -- where each word of its logical text ends
    );
    CREATE TABLE links (
        lower_doc TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
        upper_doc TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
        link TEXT NOT NULL              -- the Link as JSON
    );
    CREATE INDEX links_lower ON links (lower_doc);
    CREATE INDEX links_upper ON links (upper_doc);
    CREATE TABLE live (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        generation TEXT NOT NULL,       -- directory below index/
        fingerprint TEXT NOT NULL       -- of all that the generation was made from
    );
    """,
    """
    CREATE TABLE linked (               -- when all pairs of documents were last linked together
        one INTEGER PRIMARY KEY CHECK (one = 1),
        fingerprint TEXT NOT NULL,      -- of the sources that linked them
        documents INTEGER NOT NULL,
        tasks INTEGER NOT NULL
    );
    """,
    """
    CREATE TABLE decisions (            -- only ever grows
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        at TEXT NOT NULL,               -- UTC, ISO 8601, in the order of the entries made here
        who TEXT NOT NULL,
        undoes TEXT REFERENCES decisions (id),
        decision TEXT NOT NULL          -- the Decision as JSON
    );
    CREATE INDEX decisions_at ON decisions (at, id);
    CREATE TRIGGER decisions_are_not_changed BEFORE UPDATE ON decisions
    BEGIN SELECT RAISE(ABORT, 'a decision is never changed'); END;
    CREATE TRIGGER decisions_are_not_removed BEFORE DELETE ON decisions
    BEGIN SELECT RAISE(ABORT, 'a decision is never removed'); END;
    CREATE TABLE placements (           -- the record that a decision is about in the present extraction
        decision TEXT PRIMARY KEY REFERENCES decisions (id),
        kind TEXT NOT NULL, doc TEXT NOT NULL, item TEXT NOT NULL, other_doc TEXT NOT NULL, other_item TEXT NOT NULL,
        carried TEXT NOT NULL CHECK (carried IN ('same', 'moved', 'reworded', 'gone'))
    );
    CREATE INDEX placements_subject ON placements (kind, doc, item, other_doc, other_item);
    CREATE TABLE standings (            -- what the decisions on a record amount to; made anew from them at any time
        kind TEXT NOT NULL, doc TEXT NOT NULL, item TEXT NOT NULL, other_doc TEXT NOT NULL, other_item TEXT NOT NULL,
        state TEXT NOT NULL,
        again INTEGER NOT NULL,
        fields TEXT NOT NULL,           -- JSON
        standing TEXT NOT NULL,         -- the Standing as JSON
        PRIMARY KEY (kind, doc, item, other_doc, other_item)
    ) WITHOUT ROWID;
    CREATE TABLE notices (              -- people to be told that somebody decided otherwise after them
        decision TEXT NOT NULL REFERENCES decisions (id),
        whom TEXT NOT NULL,
        told TEXT,                      -- when
        PRIMARY KEY (whom, decision)
    );
    CREATE TABLE versions (             -- what a document was before the one that is held
        slug TEXT NOT NULL,
        number INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        file TEXT NOT NULL,
        added TEXT NOT NULL,
        replaced TEXT NOT NULL,
        policy TEXT NOT NULL,           -- as it was read last
        PRIMARY KEY (slug, number)
    );
    """,
    """
    CREATE TABLE removals (             -- documents that people took out; one that is added again is what it was
        sha256 TEXT PRIMARY KEY,
        slug TEXT NOT NULL,
        wanted_slug TEXT NOT NULL,
        file TEXT NOT NULL,
        level TEXT,
        title TEXT,
        who TEXT NOT NULL,
        decision TEXT NOT NULL REFERENCES decisions (id)
    );
    """,
    """
    CREATE TABLE overlay (              -- tasks that people changed since the live generation was written
        ref TEXT PRIMARY KEY,
        doc TEXT NOT NULL,
        entry TEXT                      -- what the index would hold of it, as JSON; NULL: it is not there any more
    );
    CREATE TABLE names (                -- printed names that people said the body of; made anew from the standings
        printed TEXT PRIMARY KEY,       -- as a name is compared
        canonical TEXT NOT NULL,        -- the id of the body
        owner TEXT NOT NULL,            -- its full name
        found_by TEXT NOT NULL          -- JSON: all its names, as names are compared
    );
    """,
    """
    CREATE TABLE readings (             -- what a build has read and not yet stored; made anew at any time
        key TEXT PRIMARY KEY,           -- of the bytes and of what was given with them
        sha256 TEXT NOT NULL,
        fingerprint TEXT NOT NULL,      -- of the sources that read it
        policy BLOB NOT NULL,           -- the Policy as JSON, compressed by zlib
        cuts BLOB NOT NULL,
        seconds REAL NOT NULL
    );
    CREATE TABLE copies (               -- files that say word for word what a document says
        sha256 TEXT PRIMARY KEY,
        slug TEXT NOT NULL,
        file TEXT NOT NULL,
        fingerprint TEXT NOT NULL       -- of the sources that read it
    );
    """,
    """
    CREATE TABLE repealed (             -- documents that another one says are out of force; made anew by each build
        slug TEXT PRIMARY KEY,
        by_slug TEXT NOT NULL
    );
    """,
    """
    CREATE TABLE linked_with (          -- what people had decided of records when the live generation was made
        standing TEXT NOT NULL          -- the Standing as JSON
    );
    """,
)
"""Step n takes ``user_version`` n to n + 1. Steps are added, never changed."""
