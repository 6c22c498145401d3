"""The `Journal` port on a file: commits in groups, in one thread of its own (budgets §2).

Whatever waits is committed at once, without a timer, which would add its whole length to a lone webhook;
while one commit runs, the next batch gathers. The commits run in an executor, so that virtual time stands
still meanwhile (`design.md` §3.10).

A commit may neither end nor fail: a disk that spins up, a share whose server is gone. Nobody waits for that
longer than `PATIENCE_S`. From then on the journal has *stalled*: whatever is put is refused at once, and the
desk goes on in memory (§3.6), but it is kept, and written in its order when the disk answers again. It has
stalled no longer when the thread has done something in half of that time: a disk that is always too late
does not make the notices flicker.

Where it was this process that stood still, and not the disk, nobody is let go: another may have been given
the desk meanwhile, and only the file can tell (`lease`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, TypeVarTuple, Unpack

from warmxfer_tui.core.commands import Ask
from warmxfer_tui.core.events import Event
from warmxfer_tui.journal.errors import JournalBroken
from warmxfer_tui.journal.file import Means
from warmxfer_tui.journal.lease import Lease
from warmxfer_tui.journal.place import Place, Recall, nothing
from warmxfer_tui.journal.rows import Arrival, Entry
from warmxfer_tui.journal.store import Relieve, Result, Store, nobody
from warmxfer_tui.journal.thread import OneThread
from warmxfer_tui.journal.waiting import Batch, Waiting
from warmxfer_tui.ports import Clock

_log = logging.getLogger(__name__)

KEEP_DAYS = 90
"""Days after which what happened is forgotten, unless the settings say otherwise."""
IDLE_S = 1.0
"""How long nothing has to be written before the file is tidied."""
PATIENCE_S = 0.5
"""How long anybody waits for a commit that neither ends nor fails.

A webhook waits once before it is applied, and the request that it causes once before it leaves: together 1 s,
half of the 2 s within which a customer has to hear something (`behaviour.md` I1). The other half is the
carrier's: a round trip of 0.15 s at most, and whatever the sound takes to begin. A commit takes 0.1 ms
(budgets §2), on a slow disk some 10 ms: only one in trouble comes near.
"""
STOPPED_S = 3.0
"""How late a sign of life may be before the process counts as having been stopped: half of a lease's length,
so that nobody has been given the desk before."""
CLOSING_S = 2.0
"""How long the file is given on the way out: as long as the carrier is (`runtime.desk.LAST_WORDS_S`)."""

OWN = Means()
_DAY_MS = 86_400_000
T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class SqliteJournal:
    """One journal file, open while entered: an asynchronous context manager.

    What it writes is a chapter of its own, or goes on in one that `recall` names. `chapter` is the random id
    of a new one, made by the caller: chance is an input (`design.md` §3.9).
    """

    def __init__(
        self,
        file: Path,
        chapter: str,
        *,
        clock: Clock,
        keep_days: int = KEEP_DAYS,
        means: Means = OWN,
        recall: Recall = nothing,
        relieve: Relieve = nobody,
        guardian: bool = False,
    ) -> None:
        """Open nothing yet.

        `relieve` and `recall` are called once, by the writer's thread: before the desk is ours, and when it
        is. A guardian opens the file beside its console, and writes nothing before `take`.
        """
        self._file = file
        self._clock = clock
        self._keep_ms = keep_days * _DAY_MS
        self._place = Place(file, chapter, recall)
        self._store = Store(file, self._place, means, ticks=self._ticks, relieve=relieve, guardian=guardian)
        self._thread = OneThread("journal")
        self._waiting = Waiting()
        self._running: Batch = []
        self._arriving: dict[str, asyncio.Future[bool]] = {}
        self._busy = False
        self._at_work: asyncio.Future[Any] | None = None
        self._handed_over = 0.0
        self._patience: asyncio.TimerHandle | None = None
        self._stalled = False
        self._awake: float | None = None
        self._stood_still = False
        self._renewal: asyncio.Future[Lease] | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._rests = asyncio.Event()
        self._closed = True
        self._tell: Callable[[str], None] | None = None
        self.complaints: list[str] = []
        """What a person has to know about the file, and has not been told yet."""

    async def __aenter__(self) -> Self:
        """Open the file. Raises `JournalHeld` and `JournalTooNew`; other trouble shows with each write.

        A disk that hangs is waited for: whether another console has the file must be known first of all.
        """
        self._loop = asyncio.get_running_loop()
        try:
            await self._work(self._store.open, self._clock.now_ms())
            self._pass_on()
        except BaseException:
            self._thread.shutdown()
            raise
        self._closed = False
        self._rest()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what waits, and close the file; a disk that hangs is left alone after `CLOSING_S`."""
        self._closed = True
        ended = False
        try:
            async with asyncio.timeout(CLOSING_S):
                await self._rests.wait()
                self._stop_idling()
                await self._work(self._store.close)
                ended = True
        except TimeoutError:
            _log.error("%s: the disk does not answer; what waited for it is not written", self._file)
            self._stop_watching()
            self._let_go()
            if self._at_work is not None:
                self._at_work.cancel()  # the thread goes on; its result is nobody's
        finally:
            self._stop_watching()
            self._thread.shutdown(wait=ended)

    def complain_to(self, tell: Callable[[str], None]) -> None:
        """Have a person told what they have to know about the file, at once what is known already."""
        self._tell = tell
        self._pass_on()

    def _pass_on(self) -> None:
        self.complaints += self._store.complaints()
        if self._tell is not None:
            told, self.complaints = self.complaints, []
            for complaint in told:
                self._tell(complaint)

    @property
    def id(self) -> str:
        """The chapter's random id; part of every `command_id` (`design.md` §3.5)."""
        return self._place.chapter

    async def receive(self, event_id: str, body: bytes, at: int) -> bool:
        """Store a verified webhook; True if its id is new. Returns only when the first copy is durable."""
        first = self._arriving.get(event_id)
        if first is not None:
            await asyncio.shield(first)
            return False
        arrival = self._put(Arrival(event_id, body, at))
        self._arriving[event_id] = arrival
        arrival.add_done_callback(lambda _: self._arriving.pop(event_id, None))
        # A request that breaks off must not take the answer of its duplicates along.
        return await asyncio.shield(arrival)

    def record(self, event: Event, asks: Sequence[Ask]) -> asyncio.Future[bool]:
        """Give an event its place in the log; done when it is durable, with the requests it caused."""
        return self._put(Entry(event, tuple(asks)))

    def set_aside(self, event: Event, why: str) -> asyncio.Future[bool]:
        """Give an event that no step could take its place in the log; `why` is what was raised."""
        return self._put(Entry(event, (), why))

    async def take(self, seen: Lease | None = None) -> Lease:
        """Run the desk from now on: nobody else writes for it, or sends for it, any more.

        With `seen`, only if its owner has given no sign of life since that was read. Raises `LeaseLost`
        where it has, and `JournalBroken` where the file cannot be written.
        """
        return await self._work(self._store.take, self._clock.now_ms(), seen)

    def renew(self) -> asyncio.Future[Lease]:
        """Give a sign of life, every second or so; done when it is written, which a disk may keep waiting.

        Raises `LeaseLost` where another runs the desk, and `JournalBroken`.
        """
        self._stood_still = self._has_stood_still()
        self._awake = self._loop.time()
        if self._renewal is None or self._renewal.done():
            self._renewal = self._work(self._store.renew)
            self._renewal.add_done_callback(self._renewed)
        return self._renewal

    def _renewed(self, renewal: asyncio.Future[Lease]) -> None:
        if not renewal.cancelled() and not renewal.exception():
            self._stood_still = False

    def _has_stood_still(self) -> bool:
        """Whether this process may have been stopped since the file last said that the desk is ours."""
        late = self._awake is not None and self._loop.time() - self._awake > STOPPED_S
        return self._stood_still or late

    async def lease(self) -> Lease:
        """Who runs the desk, by the journal. Raises `JournalBroken`."""
        return await self._work(self._store.lease, self._clock.now_ms())

    async def still_ours(self) -> None:
        """Return at once, unless this process has stood still: then, once the file says whose the desk is.

        Raises `LeaseLost`. A file that cannot be read is asked again: in doubt nobody acts.
        """
        while self._has_stood_still():
            try:
                await asyncio.shield(self.renew())
            except JournalBroken:
                await asyncio.sleep(PATIENCE_S)

    def _ticks(self) -> int:
        """Milliseconds of the loop's clock: the machine's monotonic one, unless time is virtual."""
        return int(self._loop.time() * 1000)

    def _put(self, job: Arrival | Entry) -> asyncio.Future[bool]:
        done: asyncio.Future[bool] = self._loop.create_future()
        if self._closed:
            _settle(done, JournalBroken("the journal is closed"))
            return done
        if not self._waiting.add(job, done, self._loop.time()):
            _settle(done, JournalBroken(f"{self._file}: more waits for the disk than can be kept"))
        elif self._stalled and not self._has_stood_still():
            _settle(done, self._silence())
        elif self._patience is None:
            self._watch()
        if not self._busy:
            self._stop_idling()
            self._begin()
            # Behind what is ready already: its rows go into the same commit.
            self._loop.call_soon(self._commit)
        return done

    # --- patience with the disk ------------------------------------------------------------------------

    def _watch(self) -> None:
        self._patience = self._loop.call_at(self._waiting.since + PATIENCE_S, self._lose_patience)

    def _stop_watching(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _lose_patience(self) -> None:
        self._patience = None
        if not self._has_stood_still():
            self._let_go()

    def _let_go(self) -> None:
        """Let everybody go on. Their rows stay where they are: in the thread's hands, or next in turn."""
        self._stalled = True
        for done in (*(done for _, done in self._running), *self._waiting.futures()):
            _settle(done, self._silence())

    def _silence(self) -> JournalBroken:
        return JournalBroken(f"{self._file}: the disk does not answer")

    # --- the thread's work, one thing at a time --------------------------------------------------------

    def _commit(self) -> None:
        self._running = self._waiting.take()
        jobs = [job for job, _ in self._running]
        self._work(self._store.commit, jobs, self._clock.now_ms()).add_done_callback(self._committed)

    def _committed(self, work: asyncio.Future[list[Result]]) -> None:
        if work.cancelled():
            return
        if not work.exception() and self._store.doubtful:  # stopped since the commit, and perhaps for an hour
            self._work(self._store.confirmed, work.result()).add_done_callback(self._told)
        else:
            self._told(work)

    def _told(self, work: asyncio.Future[list[Result]]) -> None:
        if work.cancelled():
            return
        failure = work.exception()
        batch, self._running = self._running, []
        results = [failure] * len(batch) if failure else work.result()
        for (_, done), result in zip(batch, results, strict=True):
            _settle(done, result)
        self._next()

    def _next(self) -> None:
        self._pass_on()
        self._stop_watching()
        if self._loop.time() - self._handed_over < PATIENCE_S / 2:
            self._stalled = False
        if not self._waiting:
            self._rest()
            return
        if not self._stalled:
            self._watch()
        self._commit()

    def _begin(self) -> None:
        self._busy = True
        self._rests.clear()

    def _rest(self) -> None:
        self._busy = False
        self._rests.set()
        if not self._closed:
            self._idle = self._loop.call_later(IDLE_S, self._tidy)

    def _stop_idling(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _tidy(self) -> None:
        self._begin()
        now = self._clock.now_ms()
        self._work(self._store.tidy, now, now - self._keep_ms).add_done_callback(self._tidied)

    def _tidied(self, work: asyncio.Future[bool]) -> None:
        if work.cancelled():
            return
        more = not work.exception() and work.result()
        self._next()
        if not more and not self._busy:
            self._stop_idling()

    def _work(self, do: Callable[[Unpack[Ts]], T], *args: *Ts) -> asyncio.Future[T]:
        self._handed_over = self._loop.time()
        work = self._loop.run_in_executor(self._thread, do, *args)
        self._at_work = work
        return work


def _settle(done: asyncio.Future[bool] | None, result: bool | BaseException) -> None:
    """Tell whoever waits, unless nobody does any more."""
    if done is None or done.done():
        return
    if isinstance(result, BaseException):
        done.set_exception(result)
        done.exception()  # looked at once: who has broken off does not look
    else:
        done.set_result(result)
