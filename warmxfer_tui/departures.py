"""Write first (`design.md` §3.6): a request leaves when the event that caused it is durable.

The requests leave in the order of the events, whatever the disk does. A journal that cannot be written must
not silence the desk: then they leave as they are, and the person at the desk is told that a crash would be
forgotten, and told again when it would not. A lease that is lost does silence it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from warmxfer_tui.core.commands import Ask
from warmxfer_tui.core.events import Event
from warmxfer_tui.errors import LeaseLost
from warmxfer_tui.ports import Journal

_log = logging.getLogger(__name__)

Leave = Callable[[tuple[Ask, ...]], None]
"""Takes the requests of one event, none for most events, when they may leave."""
Tell = Callable[[str, str], None]
"""(level, text): shows the person at the desk a notice."""


class Departures:
    """What waits for the journal before it may leave."""

    def __init__(
        self, journal: Journal, leave: Leave, tell: Tell, stand_down: Callable[[LeaseLost], None]
    ) -> None:
        self._journal = journal
        self._leave = leave
        self._tell = tell
        self._stand_down = stand_down
        self._waiting: asyncio.Queue[tuple[Awaitable[object], tuple[Ask, ...]]] = asyncio.Queue()
        self._failed = False

    def record(self, event: Event, asks: tuple[Ask, ...]) -> None:
        """Write an event down; its requests leave when it is durable. Never raises, never waits."""
        self._wait(lambda: self._journal.record(event, asks), asks)

    def note(self, event: Event, asks: tuple[Ask, ...]) -> None:
        """Write an event down whose requests have left."""
        self._wait(lambda: self._journal.record(event, asks), ())

    def set_aside(self, event: Event, why: str) -> None:
        """Write down an event that no step could take."""
        self._wait(lambda: self._journal.set_aside(event, why), ())

    def _wait(self, write: Callable[[], Awaitable[object]], asks: tuple[Ask, ...]) -> None:
        try:
            durable = write()
        except Exception as failure:
            durable = _fail(failure)
        self._waiting.put_nowait((durable, asks))

    async def still_ours(self) -> None:
        """A row may have been written an hour ago, and its request leave now. Raises `LeaseLost`."""
        await self._journal.still_ours()

    async def run(self) -> None:
        """Let them leave, one event after the other, until cancelled."""
        while True:
            durable, asks = await self._waiting.get()
            await self._be_sure_of(durable)
            self._leave(asks)

    async def _be_sure_of(self, durable: Awaitable[object]) -> None:
        try:
            await durable
        except LeaseLost as lost:
            self._stand_down(lost)
        except Exception as failure:
            if not self._failed:
                _log.exception("the journal could not be written")
                why = str(failure) or type(failure).__name__
                self._tell("alarm", f"The journal cannot be written: a crash would now be forgotten. ({why})")
            self._failed = True
        else:
            if self._failed:
                self._tell("good", "The journal is written again: a crash would not be forgotten.")
            self._failed = False


async def _fail(failure: Exception) -> None:
    raise failure
