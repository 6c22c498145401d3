"""Where the next row of the log goes: the chapter that is written, and the numbers of its rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from warmxfer_tui.errors import LeaseLost

Recall = Callable[[Path], str | None]
"""Reads a file that nobody else has, and names the chapter to go on in; None where a new one is begun."""


def nothing(file: Path) -> None:
    """Recall nothing: a new chapter is begun."""


class Place:
    """The place of one process in a file. It keeps it when the file is replaced."""

    def __init__(self, file: Path, chapter: str, recall: Recall) -> None:
        """Have none yet. `recall` may go on in another chapter than this one."""
        self.chapter = chapter
        """The random id of what is written."""
        self.first = 0
        """The chapter's first row of the log; 0 until a file has been open."""
        self._file = file
        self._recall: Recall | None = recall
        self._past = 0

    @property
    def next(self) -> int:
        """The number of the next row: behind what is written, or lost for good."""
        return self.first + self._past

    def pass_to(self, row: int) -> None:
        """The row that comes next, once those before it are written, or lost for good."""
        self._past = row - self.first

    def forget(self) -> None:
        """Whoever opens a file from now on has begun without it."""
        self._recall = None

    def begin(self, db: sqlite3.Connection, now: int) -> None:
        """Begin the chapter behind everything else in the file, or go on in it where it stands there.

        A file that is begun in mid-chapter goes on with the numbers of its rows, and says how many are
        missing: no desk can be folded from it, and a restart has to ask the carrier. Raises `LeaseLost`
        where somebody else has begun another chapter behind this one.
        """
        if self._recall is not None and (known := self._recall(self._file)) is not None:
            self.chapter = known
        newest = db.execute("SELECT id, first FROM chapter ORDER BY number DESC LIMIT 1").fetchone()
        if newest is not None and newest[0] == self.chapter:
            self._go_on(db, newest[1])
        elif db.execute("SELECT 1 FROM chapter WHERE id = ?", (self.chapter,)).fetchone():
            raise LeaseLost("another console has begun anew", "What is known here is not its desk.")
        if not self.first:
            (self.first,) = db.execute(
                "SELECT 1 + max(ifnull((SELECT max(seq) FROM log), 0),"
                " ifnull((SELECT max(first + missing) - 1 FROM chapter), 0))"
            ).fetchone()
        db.execute(
            "INSERT OR IGNORE INTO chapter (id, first, began, missing) VALUES (?, ?, ?, ?)",
            (self.chapter, self.first, now, self._past),
        )

    def _go_on(self, db: sqlite3.Connection, first: int) -> None:
        """Behind the last row of the newest chapter, whoever has written that."""
        (last,) = db.execute("SELECT ifnull(max(seq), 0) FROM log").fetchone()
        self.first, self._past = first, max(self._past, last + 1 - first)
