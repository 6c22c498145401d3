"""A disk that hangs, or is slow, on virtual time: whoever writes to it waits until time has passed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from warmxfer_tui.clock import JumpLoop
from warmxfer_tui.journal.store import Store


class Disk:
    """Every write of the journal's thread comes by here, and is counted.

    A thread at work makes virtual time stand still; one that hangs must not, so its work is taken out of the
    count of what is in flight until the disk answers.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.slow_s = 0.0
        """How long each write takes."""
        self.hangs = False
        """Whether the next write hangs, until `answer`."""
        self.writes = 0
        self._loop: JumpLoop | None = None
        self._go = threading.Event()
        self._stands = False
        for name in ("commit", "tidy", "close"):
            monkeypatch.setattr(Store, name, self._through(getattr(Store, name)))

    def hang(self) -> None:
        """From now on nothing ends, and nothing fails."""
        loop = asyncio.get_running_loop()
        assert isinstance(loop, JumpLoop)
        self._loop, self.hangs = loop, True

    def take(self, seconds: float) -> None:
        """From now on each write takes this long."""
        self.hang()
        self.slow_s = seconds

    def answer(self) -> None:
        """Let go what hangs, and whatever comes after it."""
        self.hangs = False
        self._let_go()

    def _through(self, write: Callable[..., object]) -> Callable[..., object]:
        def waiting(*args: Any) -> object:
            self.writes += 1
            if self.hangs and self._loop is not None:
                self._go.clear()
                self._loop.call_soon_threadsafe(self._stand)
                assert self._go.wait(20)
            return write(*args)

        return waiting

    def _stand(self) -> None:
        assert self._loop is not None
        self._loop._pace.in_flight -= 1
        self._stands = True
        if not self.hangs:
            self._let_go()
        elif self.slow_s:
            self._loop.call_later(self.slow_s, self._let_go)

    def _let_go(self) -> None:
        if self._loop is not None and self._stands:
            self._stands = False
            self._loop._pace.in_flight += 1
            self._go.set()
