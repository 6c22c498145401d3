"""The `Journal` port on a file: commits in groups, in one thread of its own (budgets §2).

Whatever waits is committed at once, without a timer, which would add its whole length to a lone webhook;
while one commit runs, the next batch gathers. The commits run in an executor, so that virtual time stands
still meanwhile (`design.md` §3.10).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar, TypeVarTuple, Unpack

from warmxfer_tui.core.commands import Ask
from warmxfer_tui.core.events import Event
from warmxfer_tui.journal.errors import JournalBroken
from warmxfer_tui.journal.file import Means
from warmxfer_tui.journal.lease import Lease
from warmxfer_tui.journal.rows import Arrival, Entry
from warmxfer_tui.journal.store import Result, Store
from warmxfer_tui.ports import Clock

KEEP_DAYS = 90
"""Days after which what happened is forgotten, unless the settings say otherwise."""
IDLE_S = 1.0
"""How long nothing has to be written before the file is tidied."""

OWN = Means()
_DAY_MS = 86_400_000
T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class SqliteJournal:
    """One journal file, open while entered: an asynchronous context manager.

    What it writes is a chapter of its own. `chapter` is its random id, made by the caller: chance is an input
    (`design.md` §3.9).
    """

    def __init__(
        self,
        file: Path,
        chapter: str,
        *,
        clock: Clock,
        keep_days: int = KEEP_DAYS,
        means: Means = OWN,
        guardian: bool = False,
    ) -> None:
        """Open nothing yet.

        A guardian opens the file beside the console whose `chapter` it names, and writes nothing before
        `take`.
        """
        self._chapter = chapter
        self._clock = clock
        self._keep_ms = keep_days * _DAY_MS
        self._store = Store(file, chapter, means, ticks=self._ticks, guardian=guardian)
        self._thread = ThreadPoolExecutor(1, "journal")
        self._waiting: list[tuple[Arrival | Entry, asyncio.Future[bool]]] = []
        self._arriving: dict[str, asyncio.Future[bool]] = {}
        self._busy = False
        self._idle: asyncio.TimerHandle | None = None
        self._rests = asyncio.Event()
        self._closed = True
        self.complaints: tuple[str, ...] = ()
        """What a person has to know about the file, found when it was opened."""

    async def __aenter__(self) -> Self:
        """Open the file. Raises `JournalHeld` and `JournalTooNew`; other trouble shows with each write."""
        self._loop = asyncio.get_running_loop()
        try:
            self.complaints = await self._work(self._store.open, self._clock.now_ms())
        except BaseException:
            self._thread.shutdown()
            raise
        self._closed = False
        self._rest()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what waits, and close the file."""
        self._closed = True
        await self._rests.wait()
        self._stop_idling()
        await self._work(self._store.close)
        self._thread.shutdown()

    @property
    def id(self) -> str:
        """The chapter's random id; part of every `command_id` (`design.md` §3.5)."""
        return self._chapter

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

    async def take(self, seen: Lease | None = None) -> Lease:
        """Run the desk from now on: nobody else writes for it, or sends for it, any more.

        With `seen`, only if its owner has given no sign of life since that was read. Raises `LeaseLost`
        where it has, and `JournalBroken` where the file cannot be written.
        """
        return await self._work(self._store.take, self._clock.now_ms(), seen)

    async def renew(self) -> Lease:
        """Give a sign of life. Raises `LeaseLost` where another runs the desk, and `JournalBroken`."""
        return await self._work(self._store.renew)

    async def lease(self) -> Lease:
        """Who runs the desk, by the journal. Raises `JournalBroken`."""
        return await self._work(self._store.lease)

    def _ticks(self) -> int:
        """Milliseconds of the loop's clock: the machine's monotonic one, unless time is virtual."""
        return int(self._loop.time() * 1000)

    def _put(self, job: Arrival | Entry) -> asyncio.Future[bool]:
        done: asyncio.Future[bool] = self._loop.create_future()
        if self._closed:
            done.set_exception(JournalBroken("the journal is closed"))
            done.exception()
            return done
        self._waiting.append((job, done))
        if not self._busy:
            self._stop_idling()
            self._begin()
            # Behind what is ready already: its rows go into the same commit.
            self._loop.call_soon(self._commit)
        return done

    # --- the thread's work, one thing at a time --------------------------------------------------------

    def _commit(self) -> None:
        batch, self._waiting = self._waiting, []
        work = self._work(self._store.commit, [job for job, _ in batch], self._clock.now_ms())
        work.add_done_callback(partial(self._committed, [done for _, done in batch]))

    def _committed(self, batch: Sequence[asyncio.Future[bool]], work: asyncio.Future[list[Result]]) -> None:
        failure = work.exception()
        if not failure and self._store.doubtful:  # stopped since the commit, and perhaps for an hour
            again = self._work(self._store.confirmed, work.result())
            again.add_done_callback(partial(self._told, batch))
        else:
            self._told(batch, work)

    def _told(self, batch: Sequence[asyncio.Future[bool]], work: asyncio.Future[list[Result]]) -> None:
        failure = work.exception()
        results = [failure] * len(batch) if failure else work.result()
        for done, result in zip(batch, results, strict=True):
            if done.done():
                continue  # nobody waits for it any more
            if isinstance(result, BaseException):
                done.set_exception(result)
                done.exception()  # looked at once: who has broken off does not look
            else:
                done.set_result(result)
        self._next()

    def _next(self) -> None:
        if self._waiting:
            self._commit()
        else:
            self._rest()

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
        more = not work.exception() and work.result()
        self._next()
        if not more and not self._busy:
            self._stop_idling()

    def _work(self, do: Callable[[Unpack[Ts]], T], *args: *Ts) -> asyncio.Future[T]:
        return self._loop.run_in_executor(self._thread, do, *args)
