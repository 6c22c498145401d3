"""The newest desk, on the screen and for whoever watches from outside.

Nothing is written, compared or kept in order while nobody watches, and a watcher that does not read costs
what it was about to be sent, no more.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from typing import Any

from warmxfer_tui.core.model import Desk
from warmxfer_tui.ports import Publisher
from warmxfer_tui.publishing.frames import changed, snapshot, tree_of
from warmxfer_tui.publishing.patch import changes

KEPT = 64
"""Changes that are kept for a watcher who is behind; beyond them a snapshot is shorter."""
PACE_S = 1 / 20
"""Least time from one frame to the next, as on the screen."""


class Publication:
    """Publishes each desk on the screen, and gives it out in numbered frames."""

    def __init__(self, screen: Publisher, *, pace_s: float = PACE_S) -> None:
        self._screen = screen
        self._pace_s = pace_s
        self._desk = Desk()
        self._news = asyncio.Event()
        self._issued: Desk | None = None
        self._tree: dict[str, Any] = {}
        self._seq = 0
        self._frames: deque[str] = deque(maxlen=KEPT)

    def publish(self, desk: Desk) -> None:
        """Take the newest desk (`ports.Publisher`)."""
        self._screen.publish(desk)
        self._desk = desk
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def frames(self) -> AsyncGenerator[str, None]:
        """What one watcher is to be sent, without an end: a snapshot, then what leads on from it."""
        seq = 0
        while True:
            news = self._news
            self._issue()
            frames, seq = self._since(seq), self._seq
            for frame in frames:
                yield frame
            await asyncio.sleep(self._pace_s)
            await news.wait()

    def _issue(self) -> None:
        """Give the newest desk a number, once for everybody who watches."""
        if self._desk is self._issued:
            return
        tree = tree_of(self._desk)
        new = changes(self._tree, tree)
        self._issued, self._tree = self._desk, tree
        if new:
            self._seq += 1
            self._frames.append(changed(self._seq, new))

    def _since(self, seq: int) -> list[str]:
        """The frames from a number to the newest; from too far behind, as from the beginning, a snapshot."""
        missed = self._seq - seq
        if not seq or missed > len(self._frames):
            return [snapshot(self._seq, self._tree)]
        return list(self._frames)[len(self._frames) - missed :]
