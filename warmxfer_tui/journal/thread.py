"""The one thread that touches the file; a disk that never answers does not keep the process from ending."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import SimpleQueue
from threading import Thread
from typing import ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")


class OneThread(Executor):
    """Does one thing at a time, in the order in which it is asked to.

    The threads of `concurrent.futures` are joined when the interpreter ends: one that hangs in a commit would
    hold the console for as long as the disk likes. This one is a daemon, and is joined only where it can be.
    """

    def __init__(self, name: str) -> None:
        self._asked: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have ``fn`` called in the thread, which is started by the first call."""
        future: Future[T] = Future()

        def carry_out() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = fn(*args, **kwargs)
            except BaseException as failure:
                future.set_exception(failure)
            else:
                future.set_result(result)

        if self._thread.ident is None:
            self._thread.start()
        self._asked.put(carry_out)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the thread end behind what it was asked for; with ``wait``, return when it has."""
        self._asked.put(None)
        if wait and self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while (work := self._asked.get()) is not None:
            work()
