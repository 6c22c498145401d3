"""The file itself, as the one writer thread sees it: opened, written in whole batches, tidied, closed.

What cannot be written is not lost while the process lives: entries of the log are owed, in order, and are
written before anything new as soon as the file takes them again. Webhooks are not owed: they are answered
503, and Telnyx offers them again (`design.md` §3.6).

Every transaction begins with the question whether the lease is still ours. A console takes it with the file.
A guardian opens the file beside the console, also beside one that is stopped, and takes the lease when it
has to: from then on the console writes nothing, and what it owes is forgotten.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

from warmxfer_tui.errors import LeaseLost
from warmxfer_tui.journal.errors import JournalBroken, JournalError
from warmxfer_tui.journal.file import Means, keep_out_others, open_file, put_aside
from warmxfer_tui.journal.lease import Lease, Tenure, read
from warmxfer_tui.journal.lock import Lock
from warmxfer_tui.journal.rows import Arrival, Entry, prune
from warmxfer_tui.journal.schema import Damaged
from warmxfer_tui.journal.trouble import is_damage, is_trouble, words_of

_log = logging.getLogger(__name__)

OWED = 20_000
"""Entries kept for better times: some hundred transfers. Beyond that the oldest is lost, and a gap in the log
says so."""
_PAID = 100  # entries that are owed, written at a time
PRUNED = 2_000
"""Rows forgotten at a time: a webhook that comes meanwhile waits some milliseconds."""

T = TypeVar("T")
Result = bool | JournalError | LeaseLost
"""Of one thing to be written: whether it is new, or why it is not durable."""


class Store:
    """One journal file and its lock. Used by one thread at a time."""

    def __init__(
        self, file: Path, chapter: str, means: Means, *, ticks: Callable[[], int], guardian: bool = False
    ) -> None:
        """Open nothing yet. `chapter` is the random id of what is written from now on.

        A guardian goes on in the chapter of its console. `ticks` gives milliseconds of the monotonic clock.
        """
        self._file = file
        self._chapter = chapter
        self._means = means
        self._guardian = guardian
        self._kind = "guardian" if guardian else "console"
        self._tenure = Tenure(f"{self._kind} {os.getpid()}", ticks)
        self._lock: Lock | None = None
        self._db: sqlite3.Connection | None = None
        self._first = 0
        """The chapter's first row of the log; 0 until the file has been open."""
        self._past = 0
        """Entries of the chapter that are written, or lost for good."""
        self._owed: deque[Entry] = deque()

    def open(self, now: int) -> tuple[str, ...]:
        """Open the file, made if it is missing; return a sentence for each thing that a person has to know.

        A file that cannot be had now is tried again with every write. Raises `JournalHeld` where another
        console has it, and `JournalTooNew`.
        """
        try:
            return self._connect(now)
        except BaseException as failure:
            self.close()
            if isinstance(failure, JournalError) or not is_trouble(failure):
                raise
            _log.warning("the journal cannot be opened: %s", failure)
            return ()

    def commit(self, jobs: Sequence[Arrival | Entry], now: int) -> list[Result]:
        """Make all of them durable at once; return for each whether it is new, or why it is not durable."""
        try:
            if self._db is None:
                self._connect(now)
            self._pay()
            return self._write(jobs)
        except LeaseLost as lost:
            return self._give_up(lost, len(jobs))
        except Exception as failure:
            if not is_trouble(failure):
                raise
            if self._db is not None and (superseded := self._tenure.lost(self._db)) is not None:
                return self._give_up(superseded, len(jobs))
            self._owe(job for job in jobs if isinstance(job, Entry))
            return [self._broken(failure) for _ in jobs]

    def tidy(self, now: int, before: int) -> bool:
        """Pay what is owed, forget some of what is older than `before`, empty the WAL.

        True if there is more of it to be done.
        """
        try:
            if self._db is None:
                self._connect(now)
            self._pay()
            more = self._in_one(lambda db: prune(db, before, PRUNED))
            self._use().execute("PRAGMA wal_checkpoint(PASSIVE)")
        except LeaseLost as lost:
            self._give_up(lost)
            return False
        except Exception as failure:
            if not is_trouble(failure):
                raise
            _log.debug("the journal cannot be tidied: %s", failure)
            return bool(self._owed)
        return more

    def close(self) -> None:
        """Close the file, which empties the WAL, and let others in."""
        if self._db is not None:
            try:
                self._pay()
                self._tenure.give_back(self._db)
            except LeaseLost as lost:
                self._give_up(lost)
            except Exception as failure:
                if not is_trouble(failure):
                    raise
                _log.warning("%d events are not in the journal: %s", len(self._owed), failure)
            finally:
                self._db.close()
                self._db = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    # --- opening ---------------------------------------------------------------------------------------

    def _connect(self, now: int) -> tuple[str, ...]:
        complaints: tuple[str, ...] = ()
        keep_out_others(self._file.parent)
        if self._lock is None:
            name = ".guardian.lock" if self._guardian else ".lock"
            self._lock = Lock(self._file.with_suffix(name), self._kind)
        try:
            db = open_file(self._file, self._means)
        except (sqlite3.Error, Damaged) as failure:
            if not is_damage(failure) or self._guardian:
                raise  # its console may be writing it
            aside = put_aside(self._file, now)
            complaints = (
                f"The journal was damaged ({failure}). It is kept as {aside}, and a new one is begun: "
                "what it held of earlier calls is not known here.",
            )
            db = open_file(self._file, self._means)
        if not self._guardian:
            try:
                self._tenure.take(db, partial(self._begin_chapter, now))
            except BaseException:
                db.close()
                raise
        self._db = db
        return complaints

    def _begin_chapter(self, now: int, db: sqlite3.Connection) -> None:
        """Begin the chapter behind everything else, or go on behind what others have written in it."""
        (newest,) = db.execute("SELECT ifnull(max(seq), 0) FROM log").fetchone()
        last = db.execute("SELECT id, first FROM chapter ORDER BY number DESC LIMIT 1").fetchone()
        if last is not None and last[0] == self._chapter:
            self._first = last[1]
            self._past = max(newest + 1 - self._first, 0)
        elif self._guardian or self._first:
            raise LeaseLost("another console has begun anew", "What is known here is not its desk.")
        else:
            self._first = max(newest + 1, last[1] if last is not None else 0)
            row = (self._chapter, self._first, now)
            db.execute("INSERT INTO chapter (id, first, began) VALUES (?, ?, ?)", row)

    # --- the lease -------------------------------------------------------------------------------------

    def take(self, now: int, seen: Lease | None = None) -> Lease:
        """Take the desk over, in the chapter as it stands: whoever had it can write no more.

        With `seen`, only if nobody has given a sign of life since. Raises `LeaseLost` where that is not so,
        or where another chapter has begun, and `JournalBroken` where the file cannot be written: so it is
        while a process that was stopped in the middle of a commit lives.
        """

        def taken() -> Lease:
            if self._db is None:
                self._connect(now)
            return self._tenure.take(self._use(), partial(self._begin_chapter, now), seen)

        return self._tried(taken)

    def renew(self) -> Lease:
        """Give a sign of life. Raises `LeaseLost`, and `JournalBroken` where the file cannot be written."""
        return self._tried(lambda: self._tenure.renew(self._use()))

    def lease(self) -> Lease:
        """The lease as it stands, whoever has it. Raises `JournalBroken`."""
        return self._tried(lambda: read(self._use()))

    def _tried(self, do: Callable[[], Lease]) -> Lease:
        try:
            return do()
        except JournalError:
            raise
        except Exception as failure:
            if not is_trouble(failure):
                raise
            raise self._broken(failure) from failure

    @property
    def doubtful(self) -> bool:
        """Whether another process may have taken the desk over since our last sign of life."""
        return self._tenure.doubtful

    def confirmed(self, results: list[Result]) -> list[Result]:
        """What was reported of jobs, unless somebody else runs the desk by now."""
        lost = self._tenure.lost(self._db)
        return self._give_up(lost, len(results)) if lost is not None else results

    def _give_up(self, lost: LeaseLost, jobs: int = 0) -> list[Result]:
        """What is owed is owed no more: the log is another's, and so is the number of its next row."""
        self._owed.clear()
        return [lost] * jobs

    def _broken(self, failure: Exception) -> JournalBroken:
        return JournalBroken(f"{self._file}: {words_of(failure)}")

    # --- writing ---------------------------------------------------------------------------------------

    def _pay(self) -> None:
        """Write what is owed, in its order; a few at a time: a file that takes none is soon found out."""
        while some := list(islice(self._owed, _PAID)):
            self._write(some)
            for _ in some:
                self._owed.popleft()

    def _owe(self, entries: Iterable[Entry]) -> None:
        self._owed.extend(entries)
        while len(self._owed) > OWED:
            self._owed.popleft()
            self._past += 1

    def _write(self, jobs: Sequence[Arrival | Entry]) -> list[Result]:
        """Write all of them, or none if the file takes none; a job that no file would take goes alone."""
        try:
            return [*self._write_all(jobs)]
        except Exception as failure:
            if is_trouble(failure):
                raise
            return [self._write_alone(job) for job in jobs]

    def _write_alone(self, job: Arrival | Entry) -> Result:
        """Write one job. An entry that cannot be written leaves a gap: nobody is to fold past it."""
        try:
            return self._write_all([job])[0]
        except LeaseLost:
            raise
        except Exception as failure:
            _log.exception("what happened cannot be written down")
            self._past += isinstance(job, Entry)
            return self._broken(failure)

    def _write_all(self, jobs: Sequence[Arrival | Entry]) -> Sequence[bool]:
        seq = self._first + self._past

        def insert(db: sqlite3.Connection) -> list[bool]:
            nonlocal seq
            results: list[bool] = []
            for job in jobs:
                if isinstance(job, Arrival):
                    results.append(job.write(db))
                else:
                    job.write(db, seq, self._first)
                    seq += 1
                    results.append(True)
            return results

        results = self._in_one(insert)
        self._past = seq - self._first
        return results

    def _in_one(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do some work in one transaction, under our lease. Raises `LeaseLost` before anything is written."""
        return self._tenure.work(self._use(), work)

    def _use(self) -> sqlite3.Connection:
        if self._db is None:
            raise JournalBroken(f"{self._file} is not open")
        return self._db
