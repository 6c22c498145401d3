"""The shell around `core`: one queue, one consumer, and nothing else that changes the desk (`design.md` §1).

Everything that happens (a key, a webhook's fact, a reply, the passing of time) waits in one queue. For each
event the consumer stamps its time, folds it, gives it to the journal with the requests it caused, shows the
new desk, and goes on: the next event does not wait for the disk. The requests do: they leave when their event
is durable, in the order of the events, each in a task of its own whose reply comes back as an event.

A step that raises is a bug of ours and must not take the calls with it: the event is set aside, the desk
stays as it was, and the person at the desk is told. A disk that fails stops nothing either. Only the loss of
the lease does: another process runs the desk then, and from here nothing is sent any more.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Self, cast

from warmxfer_tui.core import machine
from warmxfer_tui.core.commands import Ask
from warmxfer_tui.core.events import (
    Configured,
    ConsoleBack,
    ConsoleLost,
    Event,
    Fact,
    Pressed,
    Replied,
    Reply,
    Resumed,
    Ticked,
    Unclear,
)
from warmxfer_tui.core.machine import Stepped
from warmxfer_tui.core.model import Desk, Notice
from warmxfer_tui.departures import Departures
from warmxfer_tui.errors import LeaseLost
from warmxfer_tui.ports import Carrier, Clock, Journal, Publisher
from warmxfer_tui.text import clean
from warmxfer_tui.vigil import Vigil

_log = logging.getLogger(__name__)

IDLE_TICK_MS = 1_000
"""Least time between a tick that did nothing and the next: a deadline that no step clears must not spin."""
SET_ASIDE_LIMIT = 100
"""How many events that a step could not take are kept for a look at what went wrong."""
_LONGEST_FLAW = 500  # characters of what a step raised; its traceback is in the log
NOTICE_LIMIT = 50
"""As many notices as `Desk.notices` holds."""

Intent = Pressed | Configured | Resumed | ConsoleLost | ConsoleBack
Fold = Callable[[Desk, Event], Stepped]
Watcher = tuple[Callable[[Desk], bool], asyncio.Future[None]]


class Engine:
    """Folds events into the desk, one at a time, and carries out what the desk asks for.

    It is an `Inbox` for the listener. Use it as an async context manager; on the way out no task is left.
    """

    def __init__(
        self,
        *,
        carrier: Carrier,
        journal: Journal,
        clock: Clock,
        publisher: Publisher,
        fold: Fold = machine.step,
        desk: Desk | None = None,
    ) -> None:
        self._carrier = carrier
        self._clock = clock
        self._publisher = publisher
        self._fold = fold
        self._desk = desk or Desk()
        self._queue: asyncio.Queue[Event] = asyncio.Queue()
        self._sends: set[asyncio.Task[None]] = set()
        self._departures = Departures(journal, self._let_go, self._tell, self.stand_down)
        self._workers: tuple[asyncio.Task[None], ...] = ()
        self._timer: asyncio.TimerHandle | None = None
        self._waiting = 0
        self._known: tuple[int, float] | None = None
        self._tick_waits = False
        self._no_tick_before = 0
        self._vigil = Vigil()
        self._next_look = 0
        self._watchers: list[Watcher] = []
        self._closed = False
        self._flaw = ""
        self._lost: LeaseLost | None = None
        self._fenced = asyncio.Event()
        self._troubles: tuple[Notice, ...] = ()
        self._quiet = asyncio.Event()
        self._quiet.set()
        self.set_aside: deque[Event] = deque(maxlen=SET_ASIDE_LIMIT)
        """Events that a step raised on, newest last."""

    @property
    def desk(self) -> Desk:
        """The newest belief."""
        return self._desk

    async def __aenter__(self) -> Self:
        self._workers = (
            asyncio.create_task(self._consume(), name="engine"),
            asyncio.create_task(self._departures.run(), name="engine-journal"),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def submit(self, intent: Intent) -> None:
        """Queue what the agent or the wiring wants and return at once. The engine stamps the time."""
        if not self._put(intent) and self._lost is not None:
            self.complain(f"Nothing was done: {self._lost}")

    def offer(self, fact: Fact) -> bool:
        """Queue a verified webhook's fact; False once the engine acts no more (`ports.Inbox`)."""
        return self._put(cast(Event, fact))  # `Event` names every kind of fact there is

    async def settled(self) -> None:
        """Return when no event waits and no request is without its reply. Timers may still be armed."""
        await self._quiet.wait()

    async def until(self, holds: Callable[[Desk], bool]) -> None:
        """Return when something holds of the desk."""
        if not holds(self._desk):
            happened = asyncio.get_running_loop().create_future()
            self._watchers.append((holds, happened))
            await happened

    def stand_down(self, lost: LeaseLost) -> None:
        """Another process runs the desk: send nothing, not even again, and take in nothing more.

        What is on its way is broken off: its outcome is the other's to find out.
        """
        if self._lost is not None:
            return
        _log.error("the lease is lost: %s", lost)
        self._lost = lost
        self._fenced.set()
        for task in self._sends:
            task.cancel()
        self.complain(str(lost))

    async def fenced(self) -> None:
        """Return when another process runs the desk."""
        await self._fenced.wait()

    def complain(self, text: str) -> None:
        """Show the agent a trouble of the wiring's own, until newer notices push it out.

        It is no part of the desk, which only a step changes.
        """
        self._tell("alarm", text)

    def remark(self, text: str) -> None:
        """Show the agent something of the wiring's own that nobody is to be rung for."""
        self._tell("warn", text)

    def _tell(self, level: str, text: str) -> None:
        self._troubles = (*self._troubles, Notice(self._now(), level, text))[-NOTICE_LIMIT:]
        self._publish()

    async def stop(self) -> None:
        """Take no more events, cancel what waits for a reply, and return when every task has ended."""
        self._closed = True
        if self._timer:
            self._timer.cancel()
        tasks = [*self._sends, *self._workers]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._workers = ()
        self._quiet.set()

    def _put(self, event: Event) -> bool:
        if self._closed or self._lost is not None:
            return False
        self._waiting += 1
        self._quiet.clear()
        self._queue.put_nowait(event)
        return True

    async def _consume(self) -> None:
        while True:
            event = await self._queue.get()
            try:
                if not self._take(self._stamped(event)):
                    self._done_with_one()
            except Exception:
                # Only the journal's and the publisher's own failures are foreseen below; whatever else it is,
                # the calls go on.
                _log.exception("the engine failed on %s", type(event).__name__)
                self.complain("warmxfer has met a fault of its own and goes on; the log has the details.")
                self._done_with_one()
            self._arm()
            # `get` does not yield while events wait: a burst of webhooks would keep keys and sockets waiting.
            await asyncio.sleep(0)

    def _stamped(self, event: Event) -> Event:
        """The event at the console's time."""
        return replace(event, at=self._now())

    def _take(self, event: Event) -> bool:
        """Fold one event, have it written down, and show the desk; False if there is nothing to write."""
        if ticked := isinstance(event, Ticked):
            self._tick_waits = False
        before = self._desk
        try:
            after, asks, rows = self._fold(before, event)
        except Exception as failure:
            return self._put_aside(event, failure)
        if rows or asks:
            _log.info("%s: rows %s, %d requests", type(event).__name__, " ".join(rows) or "-", len(asks))
        if ticked:
            did_something = bool(asks) or replace(after, now=before.now) != before
            self._no_tick_before = 0 if did_something else event.at + IDLE_TICK_MS
            if not did_something:
                return False  # and the desk stays what the journal's events make of it
        self._desk = after
        written = self._write(event, before, asks)
        self._publish()
        return written

    def _write(self, event: Event, before: Desk, asks: tuple[Ask, ...]) -> bool:
        """Have an event written down; False if it is not to be, for a look at an empty desk was in vain."""
        after, self._next_look = self._desk, 0
        if self._vigil.begins(event, before, after, asks):
            self._leave(asks)
            return True  # and is not done with before the reply is there
        if (unchanged := self._vigil.in_vain(after)) is not None:
            self._desk, self._next_look = unchanged, after.next_due() or 0
            self._done_with_one()
            return False
        for tick, asked in self._vigil.interrupted():
            self._departures.note(tick, asked)
        self._departures.record(event, asks)
        return True

    def _put_aside(self, event: Event, failure: Exception) -> bool:
        """A step raised: keep the desk as it was, and say so. Never silent, never fatal.

        False if there is nothing to write: a tick that fails as the last event did comes every second.
        """
        _log.exception("a step failed on %s; the event is set aside", type(event).__name__)
        self.set_aside.append(event)
        self.complain("warmxfer could not take in one event and has set it aside; the calls go on.")
        before, self._flaw = self._flaw, _words_of(failure)
        if isinstance(event, Ticked):
            self._no_tick_before = event.at + IDLE_TICK_MS
            if self._flaw == before:
                return False
        self._departures.set_aside(event, self._flaw)
        return True

    def _let_go(self, asks: tuple[Ask, ...]) -> None:
        """An event is written down as well as it can be: its requests leave."""
        self._leave(asks)
        self._done_with_one()

    def _leave(self, asks: tuple[Ask, ...]) -> None:
        for ask in asks if self._lost is None else ():
            self._dispatch(ask)

    def _done_with_one(self) -> None:
        self._waiting -= 1
        self._note_quiet()

    # --- requests -------------------------------------------------------------------------------------

    def _dispatch(self, ask: Ask) -> None:
        task = asyncio.create_task(self._send(ask), name=f"ask-{ask.id}")
        self._sends.add(task)
        task.add_done_callback(self._sent)

    def _sent(self, task: asyncio.Task[None]) -> None:
        self._sends.discard(task)
        self._note_quiet()

    async def _send(self, ask: Ask) -> None:
        reply: Reply
        spare: int | None = None
        try:
            await self._departures.still_ours()
            reply = await self._carrier.send(ask)
            spare = self._carrier.spare
        except LeaseLost as lost:
            self.stand_down(lost)
            return
        except Exception:
            # The port promises a reply for whatever the carrier does, so the fault is ours, and what became
            # of the request is not known.
            _log.exception("sending %s failed", type(ask.request).__name__)
            reply = Unclear("warmxfer failed while sending this; what became of it is not known.")
        self._put(Replied(at=0, ask=ask.id, reply=reply, spare=spare))

    def _note_quiet(self) -> None:
        if not self._waiting and not self._sends:
            self._quiet.set()

    # --- time -----------------------------------------------------------------------------------------

    def _now(self) -> int:
        """The console's time in UTC milliseconds: never goes back, and never stands still (`design.md` §3.9).

        It is the clock's, unless that was set back: then it goes on with the loop's time from where it was.
        Were it to wait for the clock to catch up, every deadline would wait too, and a customer in silence.
        """
        loop_s = asyncio.get_running_loop().time()
        now = max(self._clock.now_ms(), self._desk.now)
        if self._known is not None:
            known, since_s = self._known
            now_by_loop = known + int((loop_s - since_s) * 1000)
            if now <= now_by_loop:
                return now_by_loop
        self._known = (now, loop_s)
        return now

    def _arm(self) -> None:
        """Set the one timer of the loop to the desk's next deadline."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        due = self._desk.next_due()
        if due is None or self._tick_waits or self._closed:
            return
        wait = max(due, self._no_tick_before, self._next_look) - self._now()
        self._timer = asyncio.get_running_loop().call_later(max(wait, 0) / 1000, self._ring, due)

    def _ring(self, due: int) -> None:
        self._timer = None
        if self._now() < due:
            self._arm()  # the timer came a moment early
            return
        self._tick_waits = self._put(Ticked(at=0))

    # --- showing --------------------------------------------------------------------------------------

    def _publish(self) -> None:
        desk = self._desk
        self._watchers = [watcher for watcher in self._watchers if not _answered(watcher, desk)]
        if self._troubles:
            notices = sorted((*desk.notices, *self._troubles), key=lambda notice: notice.at)
            desk = replace(desk, notices=tuple(notices[-NOTICE_LIMIT:]))
        try:
            self._publisher.publish(desk)
        except Exception:
            _log.exception("the desk could not be shown")


def _words_of(failure: Exception) -> str:
    return clean(f"{type(failure).__name__}: {failure}".removesuffix(": "), _LONGEST_FLAW)


def _answered(watcher: Watcher, desk: Desk) -> bool:
    """Whether nobody has to look again."""
    holds, happened = watcher
    if not happened.done() and holds(desk):
        happened.set_result(None)
    return happened.done()
