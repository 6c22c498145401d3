"""Who may write the journal, and so who may send: one row, whose number grows when it changes hands.

*The epoch protects.* Every transaction that writes compares it with the epoch that the writer has taken, and
writes nothing where they differ. A request leaves only when its row is in: so whoever has lost the lease
cannot send, however long it has slept. No clock has any part in this.

*The clock only advises*: `until` says how long others are to believe that the owner lives. It is read off the
monotonic clock, which all processes of a machine share and which nobody sets: UTC may be put forward by an
hour, and a healthy console would be taken for dead. It stands still while the machine sleeps, and so it
should: nobody was awake to renew anything. While the owner alone is stopped it runs on, which is what the
lease is for. It begins anew with the machine: a lease that would last longer than any can is from before
that, and over.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from warmxfer_tui.errors import LeaseLost

LEASE_MS = 6_000
"""How long the owner is believed to live after its last sign of life (behaviour "Default timers")."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Lease:
    """What the journal says about its writer."""

    epoch: int
    """0 before anybody has taken it."""
    owner: str
    """Its kind and process, `console 4711`; empty where it was given back."""
    until: int
    """Milliseconds of the monotonic clock."""

    def over(self, now: int) -> bool:
        """Whether the owner has given no sign of life for longer than a lease lasts."""
        return not (self.owner and now <= self.until <= now + LEASE_MS)


def read(db: sqlite3.Connection) -> Lease:
    """The lease as it stands, whoever has it."""
    return Lease(*db.execute("SELECT epoch, owner, until FROM lease").fetchone())


def owner_of(kind: str) -> str:
    """What this process is called in the lease."""
    return f"{kind} {os.getpid()}"


class Tenure:
    """The lease as one process has it, or has it no more."""

    def __init__(self, owner: str, ticks: Callable[[], int]) -> None:
        """Have nothing yet. `ticks` gives milliseconds of the monotonic clock."""
        self._owner = owner
        self._ticks = ticks
        self._mine: Lease | None = None
        self._lost = LeaseLost("this process does not run the desk")

    def take(
        self, db: sqlite3.Connection, enter: Callable[[sqlite3.Connection], None], seen: Lease | None = None
    ) -> Lease:
        """Take it, and do in the same transaction what that begins with.

        Raises `LeaseLost` where it is not as it was `seen`: its owner, or somebody else, was faster.
        """

        def taken(db: sqlite3.Connection) -> Lease:
            found = read(db)
            if seen is not None and found != seen:
                raise _lost_to(found)
            enter(db)
            return self._write(db, found.epoch + 1, self._owner)

        self._mine = in_transaction(db, taken)
        return self._mine

    def work(self, db: sqlite3.Connection, do: Callable[[sqlite3.Connection], T]) -> T:
        """Do something in one transaction; whoever writes lives, so that it renews the lease now and then.

        Raises `LeaseLost`, before anything is written, where the lease is somebody else's.
        """

        def ours(db: sqlite3.Connection) -> tuple[T, Lease]:
            mine = self._check(db)
            if self._ticks() > mine.until - LEASE_MS // 2:
                mine = self._write(db, mine.epoch, self._owner)
            return do(db), mine

        result, self._mine = in_transaction(db, ours)
        return result

    def renew(self, db: sqlite3.Connection) -> Lease:
        """Give a sign of life. Raises `LeaseLost`."""

        def renewed(db: sqlite3.Connection) -> Lease:
            return self._write(db, self._check(db).epoch, self._owner)

        self._mine = in_transaction(db, renewed)
        return self._mine

    def give_back(self, db: sqlite3.Connection) -> None:
        """End in good order: nobody need take one's place. Raises `LeaseLost`."""
        in_transaction(db, lambda db: self._write(db, self._check(db).epoch, ""))

    def lost(self, db: sqlite3.Connection | None) -> LeaseLost | None:
        """A look that needs no room on the disk and waits for nobody; what cannot be read proves nothing."""
        if self._mine is None:
            return self._lost
        try:
            if db is not None:
                self._check(db)
        except LeaseLost as lost:
            return lost
        except sqlite3.Error:
            return None
        return None

    @property
    def doubtful(self) -> bool:
        """Whether this process may have been taken for dead since its last sign of life."""
        return self._mine is not None and self._ticks() > self._mine.until

    def _check(self, db: sqlite3.Connection) -> Lease:
        if self._mine is not None and (found := read(db)).epoch != self._mine.epoch:
            self._mine, self._lost = None, _lost_to(found)
        if self._mine is None:
            raise self._lost
        return self._mine

    def _write(self, db: sqlite3.Connection, epoch: int, owner: str) -> Lease:
        until = self._ticks() + LEASE_MS if owner else 0
        db.execute("UPDATE lease SET epoch = ?, owner = ?, until = ?", (epoch, owner, until))
        return Lease(epoch, owner, until)


def in_transaction(db: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
    """Do some work, all of it or none."""
    db.execute("BEGIN IMMEDIATE")
    try:
        result = work(db)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # SQLite has rolled some failures back by itself
            db.execute("ROLLBACK")
        raise
    return result


def _lost_to(found: Lease) -> LeaseLost:
    return LeaseLost(
        f"another process runs this desk now ({found.owner or 'it has ended since'})",
        "This one sends nothing any more. Quit, and start again to take over.",
    )
