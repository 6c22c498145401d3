"""A journal that forgets with the process: for tests whose subject is not what is written down."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from warmxfer_tui.core.commands import Ask
from warmxfer_tui.core.events import Event

CAPACITY = 20_000
"""Webhooks and events remembered: some thousand transfers of 20 webhooks each (budgets)."""


@dataclass(frozen=True, slots=True)
class Received:
    """A verified webhook as it came."""

    event_id: str
    body: bytes
    at: int


@dataclass(frozen=True, slots=True)
class Entry:
    """An event that was consumed, and the requests it caused."""

    event: Event
    asks: tuple[Ask, ...]


class MemoryJournal:
    """The `Journal` port in memory, bounded: beyond `capacity` the oldest is forgotten."""

    def __init__(self, journal_id: str, *, capacity: int = CAPACITY) -> None:
        """`journal_id` is random, made by the caller: chance is an input (`design.md` §3.9)."""
        if capacity < 1:
            raise ValueError("a journal remembers at least one webhook")
        self._id = journal_id
        self._capacity = capacity
        self._inbox: dict[str, Received] = {}
        self._log: deque[Entry] = deque(maxlen=capacity)

    @property
    def id(self) -> str:
        """Part of every `command_id`."""
        return self._id

    @property
    def inbox(self) -> tuple[Received, ...]:
        """The webhooks remembered, oldest first."""
        return tuple(self._inbox.values())

    @property
    def log(self) -> tuple[Entry, ...]:
        """The events remembered, oldest first."""
        return tuple(self._log)

    async def receive(self, event_id: str, body: bytes, at: int) -> bool:
        """Store a verified webhook; True if its id is new."""
        if event_id in self._inbox:
            return False
        self._inbox[event_id] = Received(event_id, body, at)
        if len(self._inbox) > self._capacity:
            del self._inbox[next(iter(self._inbox))]
        return True

    def record(self, event: Event, asks: Sequence[Ask]) -> asyncio.Future[None]:
        """Store an event that was consumed and the requests it caused."""
        self._log.append(Entry(event, tuple(asks)))
        return self._done()

    def set_aside(self, event: Event, why: str) -> asyncio.Future[None]:
        """Remember nothing of it."""
        return self._done()

    async def still_ours(self) -> None:
        """Nobody else has it."""

    def _done(self) -> asyncio.Future[None]:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done
