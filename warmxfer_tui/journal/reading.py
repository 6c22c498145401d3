"""A journal read back, row by row, also while a console writes it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from warmxfer_tui.core.commands import Ask
from warmxfer_tui.core.events import Event
from warmxfer_tui.errors import FolderError
from warmxfer_tui.journal.codec import ask_of, event_of
from warmxfer_tui.journal.errors import JournalError, RowUnreadable
from warmxfer_tui.journal.schema import VERSION, Damaged, judge, version_of
from warmxfer_tui.journal.trouble import words_of


@dataclass(frozen=True, slots=True)
class Chapter:
    """What is folded together: everything from an empty desk to the next empty desk."""

    id: str
    began: int
    first: int
    """Its first row of the log."""
    end: int
    """The row behind its last."""
    missing: int = 0
    """How many rows at its beginning are not in this file. With any, no desk can be folded from it, and what
    is up must be asked of the carrier."""


@dataclass(frozen=True, slots=True)
class Line:
    """One event of the log, the requests it caused, and the rows in which their outcomes came."""

    seq: int
    event: Event
    asks: tuple[Ask, ...]
    outcomes: tuple[int | None, ...]
    """For each request; None while there is no reply."""
    flaw: str | None = None
    """Why no step could take the event; None for all that can be folded."""


@dataclass(frozen=True, slots=True)
class Received:
    """A verified webhook as it came."""

    event_id: str
    at: int
    body: bytes
    seq: int | None
    """The row of the log in which it was consumed; None if it waits."""


class Reader:
    """A journal file, for reading. `reading` opens it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def chapters(self) -> tuple[Chapter, ...]:
        """Every chapter that is remembered, oldest first."""
        rows = self._db.execute("SELECT id, began, first, missing FROM chapter ORDER BY number").fetchall()
        (newest,) = self._db.execute("SELECT ifnull(max(seq), 0) FROM log").fetchone()
        ends = [first for _, _, first, _ in rows[1:]]
        ends.append(max(newest + 1, rows[-1][2] + rows[-1][3] if rows else 0))
        return tuple(
            Chapter(name, began, first, end, missing)
            for (name, began, first, missing), end in zip(rows, ends, strict=False)
        )

    def lines(self, chapter: Chapter, after: int = 0) -> Iterator[Line]:
        """What can be folded of a chapter, in order, behind row `after`: not what was set aside.

        Raises `RowUnreadable` at a row that cannot be read, and at a gap: what lies behind either must not
        be folded.
        """
        return (line for line in self.everything(chapter, after) if line.flaw is None)

    def everything(self, chapter: Chapter, after: int = 0) -> Iterator[Line]:
        """The log of a chapter, in order, behind row `after`, also what was set aside. Raises as `lines`."""
        first = expected = max(chapter.first, after + 1)
        if first < (found := chapter.first + chapter.missing):
            raise _missing(first, found)
        rows = self._db.execute(
            "SELECT log.seq, event, flaw, command.body, outcome FROM log LEFT JOIN command USING (seq)"
            " WHERE log.seq >= ? AND log.seq < ? ORDER BY log.seq, place",
            (first, chapter.end),
        )
        for (seq, event, flaw), commands in groupby(rows, key=lambda row: row[:3]):
            if seq != expected:
                raise _missing(expected, seq)
            expected += 1
            try:
                yield _line(seq, event, flaw, [(body, outcome) for *_, body, outcome in commands])
            except RowUnreadable as failure:
                failure.seq = seq
                raise

    def webhooks(self) -> Iterator[Received]:
        """Every webhook that is remembered, in the order of arrival."""
        rows = self._db.execute("SELECT id, at, body, seq FROM inbox ORDER BY rowid")
        return (Received(*row) for row in rows)


def _line(seq: int, event: str, flaw: str | None, commands: list[tuple[str | None, int | None]]) -> Line:
    caused = [(ask_of(body), outcome) for body, outcome in commands if body is not None]
    asks = tuple(ask for ask, _ in caused)
    return Line(seq, event_of(event), asks, tuple(outcome for _, outcome in caused), flaw)


def _missing(first: int, found: int) -> RowUnreadable:
    failure = RowUnreadable(f"rows {first} to {found - 1} of the log are missing")
    failure.seq = found - 1
    return failure


@contextmanager
def reading(file: Path) -> Iterator[Reader]:
    """Open a journal for reading; nothing of it is changed. Raises `JournalError` or `FolderError`."""
    if not file.exists():
        raise FolderError(f"there is no journal {file}", "it is begun by the first console that is started")
    db: sqlite3.Connection | None = None
    try:
        db = _connected(file)
        judge(db, file)
        if version_of(db) != VERSION:
            raise JournalError(f"{file} is of an older warmxfer", "the console brings it up to date")
        yield Reader(db)
    except (sqlite3.Error, Damaged) as failure:
        raise FolderError(f"cannot read the journal {file}", words_of(failure)) from failure
    finally:
        if db is not None:
            db.close()


def _connected(file: Path) -> sqlite3.Connection:
    """Open the file; where its folder may not be written, as a file that never changes.

    SQLite needs a file beside it to see what a writer is doing; without a WAL there is no writer.
    """
    address = f"{file.absolute().as_uri()}?mode=ro"
    db = sqlite3.connect(address, uri=True, isolation_level=None)
    try:
        version_of(db)
    except sqlite3.OperationalError:
        db.close()
        if file.with_name(f"{file.name}-wal").exists():
            raise
        return sqlite3.connect(f"{address}&immutable=1", uri=True, isolation_level=None)
    except BaseException:
        db.close()
        raise
    return db
