"""What a failure of SQLite, or of the disk below it, means, and how it is said."""

from __future__ import annotations

import sqlite3

from warmxfer_tui.errors import FolderError
from warmxfer_tui.journal.errors import JournalError
from warmxfer_tui.journal.schema import Damaged

_WORDS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "it may not be written",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_PERM: "it may not be written",
    sqlite3.SQLITE_CORRUPT: "the file is damaged",
    sqlite3.SQLITE_NOTADB: "the file is damaged",
    sqlite3.SQLITE_IOERR: "the disk does not take it",
    sqlite3.SQLITE_BUSY: "another program keeps it busy",
    sqlite3.SQLITE_LOCKED: "another program keeps it busy",
}
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_trouble(failure: BaseException) -> bool:
    """Whether it is the file, or the disk, that refuses, and not what is to be written."""
    kinds = (sqlite3.OperationalError, OSError, FolderError, JournalError, Damaged)
    return isinstance(failure, kinds) or type(failure) is sqlite3.DatabaseError


def is_damage(failure: BaseException) -> bool:
    """Whether the file is no journal, or no longer whole."""
    return isinstance(failure, Damaged) or (isinstance(failure, sqlite3.Error) and _code(failure) in _DAMAGE)


def is_busy(failure: BaseException) -> bool:
    """Whether another process is in the middle of writing, for longer than anybody waits."""
    busy = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return isinstance(failure, sqlite3.Error) and _code(failure) in busy


def _code(failure: sqlite3.Error) -> int:
    """SQLite's primary result code; 0 where the failure is not SQLite's own."""
    return getattr(failure, "sqlite_errorcode", 0) & 0xFF


def words_of(failure: Exception) -> str:
    """The failure, for a person."""
    match failure:
        case JournalError() | FolderError():
            return str(failure)
        case sqlite3.Error():
            return _WORDS.get(_code(failure), str(failure))
        case OSError():
            return failure.strerror or str(failure)
        case _:
            return str(failure)
