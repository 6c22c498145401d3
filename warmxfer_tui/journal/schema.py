"""The tables of a journal, and how an older file becomes one of today's.

``PRAGMA user_version`` is the version. What an older file lacks is made by the migrations from its version
on, all of them in one transaction; a newer file is refused and stays as it is.

chapter     what is folded together, from an empty desk on: its random id, its first row of the log, and how
            many rows from that one on are not in this file: with any missing, no fold can begin
inbox       verified webhooks as they came; the primary key is the deduplication
log         every event consumed, in order; a gap in `seq` within a chapter means that rows were lost;
            `flaw` says why no step could take it, and that it is not to be folded
command     the requests that a row of the log caused, and the row in which the outcome came
lease       who may write the others (`lease`): one row
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from warmxfer_tui.journal.errors import JournalTooNew

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE chapter (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, first INTEGER NOT NULL,"
        " began INTEGER NOT NULL)",
        "CREATE TABLE inbox (id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, body BLOB NOT NULL, seq INTEGER)",
        "CREATE INDEX inbox_by_age ON inbox (at)",
        "CREATE TABLE log (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, event TEXT NOT NULL)",
        "CREATE TABLE command (seq INTEGER NOT NULL, place INTEGER NOT NULL, ask INTEGER NOT NULL,"
        " body TEXT NOT NULL, outcome INTEGER, PRIMARY KEY (seq, place)) WITHOUT ROWID",
        "CREATE INDEX command_by_ask ON command (ask, seq)",
    ),
    (
        "ALTER TABLE log ADD COLUMN flaw TEXT",
        "ALTER TABLE chapter ADD COLUMN missing INTEGER NOT NULL DEFAULT 0",
    ),
    (
        "CREATE TABLE lease (one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL,"
        " owner TEXT NOT NULL, until INTEGER NOT NULL)",
        "INSERT INTO lease VALUES (1, 0, '', 0)",
    ),
)
"""What makes version n + 1 of version n, each as single statements: a script would end the transaction."""
VERSION = len(MIGRATIONS)


class Damaged(Exception):
    """The file is no journal, or not whole. Never leaves this room."""

    kind = "damaged"
    """What is in the name under which such a file is put aside."""


class Replaced(Damaged):
    """The file that is written to is no longer the one of its name."""

    kind = "replaced"


def version_of(db: sqlite3.Connection) -> int:
    """The version of a file; 0 for an empty one."""
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    return version


def judge(db: sqlite3.Connection, file: Path) -> None:
    """Change nothing, and raise where that is all that may be done.

    `JournalTooNew` for a file that this program cannot keep whole, `Damaged` for one that is no journal.
    """
    version = version_of(db)
    if version == 0 and db.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone():
        raise Damaged("it is some other program's")
    if version > VERSION:
        raise JournalTooNew(
            f"{file} was written by a newer warmxfer",
            f"It has version {version}, this one knows {VERSION}. Start that one, or move the file away.",
        )


def migrate(db: sqlite3.Connection) -> None:
    """Make the file one of today's."""
    version = version_of(db)
    if version == VERSION:
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
