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
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

from warmxfer_tui.errors import LeaseLost
from warmxfer_tui.journal.errors import JournalBroken, JournalBusy, JournalError, JournalHeld
from warmxfer_tui.journal.file import Means, identity, keep_out_others, open_file, put_aside
from warmxfer_tui.journal.lease import Lease, Tenure, owner_of, read
from warmxfer_tui.journal.lock import Lock, console_lock, guardian_lock
from warmxfer_tui.journal.place import Place
from warmxfer_tui.journal.rows import Arrival, Entry, Job, Lost, places, prune
from warmxfer_tui.journal.schema import Damaged, Replaced
from warmxfer_tui.journal.trouble import is_busy, is_damage, is_trouble, words_of

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
Relieve = Callable[[], None]
"""Asks whoever runs the desk without being a console to leave it."""


def nobody() -> None:
    """Relieve nobody: no guardian has been left in charge."""


class Store:
    """One journal file and its lock. Used by one thread at a time."""

    def __init__(
        self,
        file: Path,
        place: Place,
        means: Means,
        *,
        ticks: Callable[[], int],
        relieve: Relieve = nobody,
        guardian: bool = False,
    ) -> None:
        """Open nothing yet. `ticks` gives milliseconds of the monotonic clock."""
        self._file = file
        self._kind = "guardian" if guardian else "console"
        self._relieve = relieve
        self._watches = guardian
        """Whether the file is another's, who is to be watched: nothing is written, nothing put aside."""
        self._tenure = Tenure(owner_of(self._kind), ticks)
        self._place = place
        self._means = means
        self._lock: Lock | None = None
        self._db: sqlite3.Connection | None = None
        self._owed: deque[Entry | Lost] = deque()
        self._lost = 0
        """Entries of which nobody has been told yet that they are lost."""
        self._identity: object = None
        self._spoiled: Damaged | None = None
        """Why what stands under the journal's name must not be written to; it has to be put aside first."""
        self._complaints: list[str] = []

    def complaints(self) -> list[str]:
        """A sentence for each thing that a person has to know and has not been told."""
        told, self._complaints = self._complaints, []
        return told

    def open(self, now: int) -> None:
        """Open the file, made if it is missing, once whoever looked after the desk has been relieved.

        A file that cannot be had now is tried again with every write. Raises `JournalHeld` where another
        console has it, and `JournalTooNew`.
        """
        try:
            try:
                self._hold()
            except JournalHeld:
                raise
            except Exception:
                self._relieve()  # a console without a journal goes on too: nobody else may act then
                raise
            self._relieve()
            self._connect(now)
        except BaseException as failure:
            self.close()
            if isinstance(failure, JournalError) or not is_trouble(failure):
                raise
            _log.warning("the journal cannot be opened: %s", failure)
        finally:
            if not self._watches:
                self._place.forget()

    def commit(self, jobs: Sequence[Job], now: int) -> list[Result]:
        """Make all of them durable at once; return for each whether it is new, or why it is not durable."""
        try:
            results = self._with_file(now, lambda: self._write(jobs))
        except LeaseLost as lost:
            return self._give_up(lost, len(jobs))
        except Exception as failure:
            if not is_trouble(failure):
                raise
            if self._db is not None and (superseded := self._tenure.lost(self._db)) is not None:
                return self._give_up(superseded, len(jobs))
            self._owe(job for job in jobs if not isinstance(job, Arrival))
            return [self._broken(failure) for _ in jobs]
        if self._lost:
            self._complaints.append(
                f"{self._lost} events could not be kept and are missing in the journal: after a crash, what "
                "is up would have to be asked of the carrier."
            )
            self._lost = 0
        return results

    def tidy(self, now: int, before: int) -> bool:
        """Pay what is owed, forget some of what is older than `before`, empty the WAL.

        True if there is more of it to be done.
        """
        try:
            more = self._with_file(now, lambda: self._in_one(lambda db: prune(db, before, PRUNED)))
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
        """Close the file, which empties the WAL, give the lease back, and let others in."""
        if self._db is not None:
            try:
                if not self._watches:
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

    def _with_file(self, now: int, work: Callable[[], T]) -> T:
        """Do some work, behind what is owed; where the file proves to be spoiled, with a fresh one."""
        try:
            if self._db is None:
                self._connect(now)
            self._pay()
            return work()
        except Exception as failure:
            if self._db is None or not is_damage(failure):
                raise
            _log.exception("the journal is spoiled")
            self._spoiled = failure if isinstance(failure, Damaged) else Damaged(str(failure))
            self._leave_spoiled(now)
        self._connect(now)
        self._pay()
        return work()

    def _hold(self) -> None:
        keep_out_others(self._file.parent)
        if self._lock is None:
            name = guardian_lock if self._watches else console_lock
            self._lock = Lock(name(self._file), self._kind)

    def _connect(self, now: int) -> None:
        self._hold()
        if self._spoiled is not None:
            self._leave_spoiled(now)
        try:
            db = open_file(self._file, self._means)
        except (sqlite3.Error, Damaged) as failure:
            if not is_damage(failure) or self._watches:
                raise  # its console may be writing it
            self._spoiled = failure if isinstance(failure, Damaged) else Damaged(str(failure))
            self._leave_spoiled(now)
            db = open_file(self._file, self._means)
        try:
            if not self._watches:
                self._tenure.take(db, partial(self._place.begin, now=now))
            self._identity = identity(self._file)
        except BaseException:
            db.close()
            raise
        self._db = db

    def _leave_spoiled(self, now: int) -> None:
        """Put aside whatever stands under the journal's name, before SQLite closes what it has open.

        In the other order SQLite would delete a WAL by its name, whosever that is by now.
        """
        if self._spoiled is None:
            return
        db, self._db = self._db, None
        try:
            aside = put_aside(self._file, now, self._spoiled.kind)
        finally:
            if db is not None:
                with suppress(sqlite3.Error):
                    db.close()
        self._complaints.append(
            f"The journal was {self._spoiled.kind} ({self._spoiled}). "
            + (f"What is there is kept as {aside}, and a" if aside else "A")
            + " new one is begun: what it held of earlier events is not known here."
        )
        self._spoiled = None

    # --- the lease -------------------------------------------------------------------------------------

    def take(self, now: int, seen: Lease | None = None) -> Lease:
        """Take the desk over, in the chapter as it stands: whoever had it can write no more.

        With `seen`, only if nobody has given a sign of life since. Raises `LeaseLost` where that is not so,
        and `JournalBroken` where the file cannot be written: `JournalBusy` while a process that was stopped
        in the middle of a commit lives.
        """

        def taken() -> Lease:
            if self._db is None:
                self._connect(now)
            lease = self._tenure.take(self._use(), partial(self._place.begin, now=now), seen)
            self._watches = False
            self._place.forget()
            return lease

        return self._tried(taken)

    def renew(self) -> Lease:
        """Give a sign of life. Raises `LeaseLost`, and `JournalBroken` where the file cannot be written."""
        return self._tried(lambda: self._tenure.renew(self._use()))

    def lease(self, now: int) -> Lease:
        """The lease as it stands, whoever has it. Raises `JournalBroken`."""

        def found() -> Lease:
            if self._db is not None and not self._is_the_file():
                self._db.close()  # its console has begun another
                self._db = None
            if self._db is None:
                self._connect(now)
            return read(self._use())

        return self._tried(found)

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
        kind = JournalBusy if is_busy(failure) else JournalBroken
        return kind(f"{self._file}: {words_of(failure)}")

    # --- writing ---------------------------------------------------------------------------------------

    def _pay(self) -> None:
        """Write what is owed, in its order; a few at a time: a file that takes none is soon found out."""
        while some := list(islice(self._owed, _PAID)):
            self._write(some)
            for _ in some:
                self._owed.popleft()

    def _owe(self, entries: Iterable[Entry | Lost]) -> None:
        self._owed.extend(entries)
        while len(self._owed) > OWED:
            self._lose(self._owed.popleft())

    def _lose(self, job: Job) -> None:
        """Leave its place in the log empty."""
        self._place.pass_to(self._place.next + places(job))
        self._lost += places(job)

    def _write(self, jobs: Sequence[Job]) -> list[Result]:
        """Write all of them, or none if the file takes none; a job that no file would take goes alone."""
        try:
            return [*self._write_all(jobs)]
        except Exception as failure:
            if is_trouble(failure):
                raise
            return [self._write_alone(job) for job in jobs]

    def _write_alone(self, job: Job) -> Result:
        """Write one job. An entry that cannot be written leaves a gap: nobody is to fold past it."""
        try:
            return self._write_all([job])[0]
        except LeaseLost:
            raise
        except Exception as failure:
            _log.exception("what happened cannot be written down")
            self._lose(job)
            return self._broken(failure)

    def _write_all(self, jobs: Sequence[Job]) -> Sequence[bool]:
        seq = self._place.next

        def insert(db: sqlite3.Connection) -> list[bool]:
            nonlocal seq
            results: list[bool] = []
            for job in jobs:
                new = True
                match job:
                    case Arrival():
                        new = job.write(db)
                    case Entry():
                        job.write(db, seq, self._place.first)
                results.append(new)
                seq += places(job)
            return results

        results = self._in_one(insert)
        self._place.pass_to(seq)
        self._lost += sum(job.count for job in jobs if isinstance(job, Lost))
        return results

    def _in_one(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do some work in one transaction, under our lease. Raises `LeaseLost` before anything is written."""
        result = self._tenure.work(self._use(), work)
        if not self._is_the_file():
            raise Replaced("it was deleted, or another file put in its place")
        return result

    def _is_the_file(self) -> bool:
        """Whether what was written is found under the journal's name: some 3 us beside a commit's 100."""
        try:
            return identity(self._file) == self._identity
        except OSError:
            return True  # nobody can tell

    def _use(self) -> sqlite3.Connection:
        if self._db is None:
            raise JournalBroken(f"{self._file} is not open")
        return self._db
