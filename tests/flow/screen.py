"""A publisher that lets a test wait for what a desk shows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from warmxfer_tui.core.model import Desk


class Screen:
    """Keeps the newest desk."""

    def __init__(self) -> None:
        self.desk = Desk()
        self._news = asyncio.Event()

    def publish(self, desk: Desk) -> None:
        self.desk = desk
        self._news.set()

    async def until(self, holds: Callable[[Desk], bool]) -> None:
        async with asyncio.timeout(20):
            while not holds(self.desk):
                self._news.clear()
                await self._news.wait()

    async def shows(self, state: str) -> None:
        await self.until(lambda desk: state in [call.state for call in desk.calls.values()])
