"""The clock as an input, and an event loop whose time may jump (design §3.9, §3.10).

A `JumpLoop` serves real sockets and real threads, but nobody waits on it: when no socket is ready, no
callback is due and no thread is at work, its time is set to the next timer. Nothing is scaled: a bound of 2
s stays 2 s.
"""

from __future__ import annotations

import asyncio
import os
import selectors
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, TypeVar, TypeVarTuple, Unpack, final

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

#: 2026-01-01T00:00:00Z in UTC milliseconds: where virtual time begins, so that a story is the same in every
#: run.
JUMP_EPOCH_MS = 1_767_225_600_000
#: Virtual seconds after which `run_jump` gives up: seven days, far beyond the longest leg (4 h).
JUMP_LIMIT_S = 7 * 86_400.0

# Linux hands a loopback packet over before send() returns. Elsewhere a kernel thread carries it, so a short
# real wait stands before each jump.
_CARRIED_AT_ONCE = sys.platform == "linux"
_SETTLE_S = 0.001


@final
class SystemClock:
    """The machine's own clock."""

    __slots__ = ()

    def now_ms(self) -> int:
        """The machine's time in UTC milliseconds."""
        return time.time_ns() // 1_000_000


@final
class JumpClock:
    """The time of an event loop, counted from a fixed epoch: on a `JumpLoop`, virtual time."""

    __slots__ = ("_epoch_ms", "_loop")

    def __init__(self, loop: asyncio.AbstractEventLoop, epoch_ms: int = JUMP_EPOCH_MS) -> None:
        self._loop = loop
        self._epoch_ms = epoch_ms

    def now_ms(self) -> int:
        """Virtual UTC milliseconds."""
        # A timer's time is a sum of floats; without the nudge 0.29 s would read 289 ms.
        return self._epoch_ms + int(self._loop.time() * 1000 + 1e-6)


class JumpError(Exception):
    """Virtual time cannot go on: everybody waits for somebody else, or the limit is reached."""


class _JumpSelector(selectors.DefaultSelector):
    """Polls the sockets, and in place of waiting for a timer moves the time to it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.in_flight = 0
        self.limit = JUMP_LIMIT_S

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready; else wait for threads at work; else jump by ``timeout`` seconds."""
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        if self.in_flight:
            return super().select(None)
        if ready := self._settled():
            return ready
        if timeout is None:
            raise JumpError("nothing is ready, no timer is set and no thread is at work: this waits for ever")
        self.now += timeout
        if self.now > self.limit:
            limit, self.limit = (
                self.limit,
                self.limit + JUMP_LIMIT_S,
            )  # the tasks' own clean-up needs time to run in
            raise JumpError(f"not over after {limit:.0f} s of virtual time")
        return []

    def _settled(self) -> list[tuple[selectors.SelectorKey, int]]:
        """A last look, after the kernel had its chance to carry what was sent a moment ago."""
        if not _CARRIED_AT_ONCE:
            return super().select(_SETTLE_S)
        os.sched_yield()
        return super().select(0)


class JumpLoop(asyncio.SelectorEventLoop):
    """An event loop on virtual time; see the module's text.

    Work of ``run_in_executor`` is counted by itself. A thread that reports to the loop on another path is
    counted by `working`; otherwise the time would jump past it.
    """

    def __init__(self) -> None:
        self._pace = _JumpSelector()
        super().__init__(self._pace)
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="jump")
        self.set_default_executor(self._threads)

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._pace.now

    def give_up_after(self, seconds: float) -> None:
        """Raise `JumpError` out of the loop once this many virtual seconds have passed."""
        self._pace.limit = seconds

    @contextmanager
    def working(self) -> Iterator[None]:
        """Time stands still within: something outside the loop is at work. Entered on the loop's thread."""
        self._pace.in_flight += 1
        try:
            yield
        finally:
            self._pace.in_flight -= 1

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Ts]], T], *args: *Ts
    ) -> asyncio.Future[T]:
        """As in asyncio; time stands still until the thread is done and its result has reached the loop."""
        work = (executor or self._threads).submit(func, *args)
        self._pace.in_flight += 1
        future = asyncio.wrap_future(work, loop=self)
        # Registered after wrap_future's own callback: the count falls only behind the result.
        work.add_done_callback(self._report_landed)
        return future

    async def shutdown_default_executor(self, *args: Any) -> None:
        """As in asyncio, which joins the threads from a thread of its own: counted too."""
        with self.working():
            await super().shutdown_default_executor(*args)

    def _report_landed(self, _work: Future[Any]) -> None:
        with suppress(
            RuntimeError
        ):  # the loop was closed while the thread still worked: nobody counts any more
            self.call_soon_threadsafe(self._landed)

    def _landed(self) -> None:
        self._pace.in_flight -= 1


def run_jump(main: Coroutine[Any, Any, T], *, limit_s: float = JUMP_LIMIT_S) -> T:
    """Run ``main`` to its end on a fresh `JumpLoop` and return its result.

    Raises `JumpError` instead of hanging: when everything waits and nothing can come, or after ``limit_s``
    virtual seconds. The coroutine finds its clock with ``JumpClock(asyncio.get_running_loop())``.
    """
    loop = JumpLoop()
    loop.give_up_after(limit_s)
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(main)
