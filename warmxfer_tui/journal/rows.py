"""What is written down, and as which rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from warmxfer_tui.core.commands import Ask
from warmxfer_tui.core.events import Event, Fact, Replied
from warmxfer_tui.journal.codec import text_of_ask, text_of_event


@dataclass(frozen=True, slots=True)
class Arrival:
    """A verified webhook as it came."""

    event_id: str
    body: bytes
    at: int

    def write(self, db: sqlite3.Connection) -> bool:
        """Insert it; False if it has come before."""
        row = (storable(self.event_id), self.at, self.body)
        return db.execute("INSERT OR IGNORE INTO inbox (id, at, body) VALUES (?, ?, ?)", row).rowcount == 1


@dataclass(frozen=True, slots=True)
class Entry:
    """An event that was consumed, and the requests it caused."""

    event: Event
    asks: tuple[Ask, ...]
    flaw: str | None = None
    """Why no step could take it, where none could: the desk has never seen it."""

    def write(self, db: sqlite3.Connection, seq: int, first: int) -> None:
        """Insert it as row `seq` of a chapter that begins with row `first`."""
        event = self.event
        row = (seq, event.at, text_of_event(event), self.flaw)
        db.execute("INSERT INTO log (seq, at, event, flaw) VALUES (?, ?, ?, ?)", row)
        if self.asks:
            db.executemany(
                "INSERT INTO command (seq, place, ask, body) VALUES (?, ?, ?, ?)",
                [(seq, place, ask.id, text_of_ask(ask)) for place, ask in enumerate(self.asks)],
            )
        if isinstance(event, Fact):
            db.execute(
                "UPDATE inbox SET seq = ? WHERE id = ? AND seq IS NULL", (seq, storable(event.event_id))
            )
        elif isinstance(event, Replied) and self.flaw is None:
            db.execute(
                "UPDATE command SET outcome = ? WHERE ask = ? AND seq >= ? AND outcome IS NULL",
                (seq, event.ask, first),
            )


@dataclass(frozen=True, slots=True)
class Lost:
    """Events that could not be kept: their places in the log stay empty."""

    count: int


Job = Arrival | Entry | Lost


def places(job: Job) -> int:
    """How many places a job takes in the log."""
    match job:
        case Arrival():
            return 0
        case Entry():
            return 1
        case Lost(count):
            return count


def storable(event_id: str) -> str:
    """A webhook's id as SQLite takes it, which knows no lone surrogates."""
    return event_id.encode("utf-8", "backslashreplace").decode()


def prune(db: sqlite3.Connection, before: int, limit: int) -> bool:
    """Forget up to `limit` rows of each kind that are older than `before`; True if there may be more.

    Webhooks go by their age, and so do the chapters of earlier runs, each as a whole: a chapter without its
    beginning cannot be folded. The open chapter is a console's that has run for longer than anything is to be
    remembered. Its old rows go too, though a fold needs them: what was promised to be forgotten is, and the
    file is bounded. The chapter says what is missing, and a restart asks the carrier (`design.md` §3.7).
    """
    old = "SELECT rowid FROM inbox WHERE at < ? ORDER BY at LIMIT ?"
    webhooks = db.execute(f"DELETE FROM inbox WHERE rowid IN ({old})", (before, limit)).rowcount  # noqa: S608
    return _prune_chapter(db, before, limit) or webhooks == limit


def _prune_chapter(db: sqlite3.Connection, before: int, limit: int) -> bool:
    two: Sequence[tuple[int, int]] = db.execute(
        "SELECT number, first FROM chapter ORDER BY number LIMIT 2"
    ).fetchall()
    if len(two) < 2:
        return bool(two) and _prune_open(db, *two[0], before, limit)
    (number, _), (_, end) = two
    newest = db.execute("SELECT at FROM log WHERE seq < ? ORDER BY seq DESC LIMIT 1", (end,)).fetchone()
    if newest is not None and newest[0] >= before:
        return False
    rest = db.execute(
        "SELECT seq FROM log WHERE seq < ? ORDER BY seq LIMIT 1 OFFSET ?", (end, limit)
    ).fetchone()
    until = rest[0] if rest else end
    db.execute("DELETE FROM command WHERE seq < ?", (until,))
    db.execute("DELETE FROM log WHERE seq < ?", (until,))
    if rest is None:
        db.execute("DELETE FROM chapter WHERE number = ?", (number,))
    return True


def _prune_open(db: sqlite3.Connection, number: int, first: int, before: int, limit: int) -> bool:
    """Forget the old rows of the open chapter; the newest stays, so that the numbers go on from it."""
    (young,) = db.execute(
        "SELECT ifnull((SELECT min(seq) FROM log WHERE at >= ?), (SELECT max(seq) FROM log))", (before,)
    ).fetchone()
    (oldest,) = db.execute("SELECT min(seq) FROM log").fetchone()
    if oldest is None or young <= oldest:
        return False
    until: int = min(young, oldest + limit)
    db.execute("DELETE FROM command WHERE seq < ?", (until,))
    db.execute("DELETE FROM log WHERE seq < ?", (until,))
    db.execute("UPDATE chapter SET missing = ? WHERE number = ?", (until - first, number))
    return bool(until < young)
