"""Desks one after the other, as a console publishes them, and somebody who follows them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace

from tests.property.moves import Move
from tests.property.stories import Start, begin
from warmxfer_tui.core.model import Desk
from warmxfer_tui.publishing.frames import Copy
from warmxfer_tui.publishing.publication import Publication


class Nobody:
    """A screen that shows nothing."""

    def publish(self, desk: Desk) -> None:
        """Look away."""


def desks_of(start: Start, moves: Sequence[Move]) -> list[Desk]:
    """The desks that one story goes through: its beginning, and one after each move."""
    wire = begin(start)
    desks = [wire.desk]
    for move in moves:
        move.play(wire)
        desks.append(wire.desk)
    return desks


class Follower:
    """Takes the frames of a publication in a task of its own, while it may."""

    def __init__(self, publication: Publication) -> None:
        self._publication = publication
        self._reads = asyncio.Event()
        self._reads.set()
        self._task = asyncio.create_task(self._follow())
        self.desk: Desk | None = None
        self.seqs: list[int] = []
        self.frames: list[str] = []

    async def _follow(self) -> None:
        copy = Copy()
        async with aclosing(self._publication.frames()) as frames:
            async for frame in frames:
                self.desk = copy.take(frame)
                self.seqs.append(copy.seq)
                self.frames.append(frame)
                await self._reads.wait()

    def sleep(self) -> None:
        """Read no more for now."""
        self._reads.clear()

    def wake(self) -> None:
        """Read on."""
        self._reads.set()

    async def leave(self) -> None:
        self._task.cancel()
        await asyncio.wait([self._task])


async def turns() -> None:
    """Let everybody do what can be done without waiting."""
    for _ in range(20):
        await asyncio.sleep(0)


def numbered(desk: Desk, now: int) -> Desk:
    """Another desk that can be told from the first."""
    return replace(desk, now=now)
