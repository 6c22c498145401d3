"""A terminal that nobody reads (Ctrl-S, a dead ssh) costs frames, never webhooks.

Textual hands what it writes to a thread through a queue of 30; once that is full, the next write stops the
event loop until somebody reads, and with it every answer to the carrier (budgets §5: 20 s of them). Here the
queue has no end, and it is the *frames* that stop: while it is backed up none is drawn, and when it has
drained everything is drawn anew. What was written is never dropped while the application runs, so no sequence
is cut in half and no mode is forgotten.

On the way out frames are worth nothing any more: a terminal that still does not read has its backlog
discarded, here and in the kernel, so that the sequences that restore it find room. Every wait has an end.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import sys
import termios
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from threading import Condition, Thread
from typing import Any, TypeVar

from rich.console import RenderableType
from textual.app import App
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.screen import Screen

from warmxfer_tui.text import clean

BACKLOG = 30
"""Writes that may wait before frames are left out; a frame makes up to three. Textual would block here."""
PATIENCE_S = 0.5
"""On the way out: how long a terminal is waited for before its backlog is discarded, and again after that."""
LAST_WORDS = "warmxfer ended by a fault of its own; the log tells which.\r\n"
LOOK_S = 1.0
"""How often it is asked whether the terminal is still there."""
_LOOK_AGAIN_S = 0.05  # discarding makes room without waking a writer that waits for it (Linux)
_END_OF_ANYTHING = "\x1b\\"  # ends whatever sequence the discarded backlog was cut in

_log = logging.getLogger(__name__)
Returned = TypeVar("Returned")


class Outbox:
    """What waits to be written to one terminal, and the thread that writes it."""

    def __init__(self, descriptor: int, encoding: str, drained: Callable[[], None]) -> None:
        """``drained`` is called, in the thread, when `admits` refused a frame and would now take one."""
        self._encoding, self._drained = encoding, drained
        self._terminal = _opened_anew(descriptor)
        # Its lock is re-entrant: a signal handler (SIGTSTP) may write in the middle of a write.
        self._changed = Condition()
        self._waiting: deque[bytes] = deque()
        self._writing = self._behind = self._owed = self._closing = False
        self._discarded = 0
        self._thread = Thread(target=self._run, name="terminal-output", daemon=True)
        self._thread.start()

    def write(self, text: str) -> None:
        """Write ``text`` when the terminal takes it. Never waits."""
        with self._changed:
            if text:  # nothing at all is what the thread ends at
                self._waiting.append(text.encode(self._encoding, "backslashreplace"))
                self._changed.notify_all()

    def admits(self) -> bool:
        """Whether a frame may be drawn now: from a full queue on none is, until it is empty. Never waits."""
        with self._changed:
            self._behind = self._behind or len(self._waiting) >= BACKLOG
            self._owed = self._owed or self._behind
            return not self._behind

    def discard_if_stuck(self) -> None:
        """Wait `PATIENCE_S` for the terminal; then throw away what it has not read."""
        with self._changed:
            if self._changed.wait_for(self._is_empty, PATIENCE_S):
                return
            self._discard()
            self.write(_END_OF_ANYTHING)
        with suppress(termios.error):  # no terminal, or gone
            termios.tcflush(self._terminal, termios.TCOFLUSH)

    def close(self) -> None:
        """Write what waits, for `PATIENCE_S` at the most."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(PATIENCE_S)
        with self._changed:
            self._discard()

    def _discard(self) -> None:
        self._waiting.clear()
        self._discarded += 1

    def _is_empty(self) -> bool:
        return not self._waiting and not self._writing

    def _run(self) -> None:
        while data := self._next():
            self._put(data)
        os.close(self._terminal)

    def _next(self) -> bytes:
        """All that waits; nothing when nothing will come any more."""
        with self._changed:
            self._writing = False
            if not self._waiting:
                self._behind, owed, self._owed = False, self._owed, False
                self._changed.notify_all()
                if owed:
                    self._drained()
            self._changed.wait_for(lambda: self._waiting or self._closing)
            data = b"".join(self._waiting)
            self._waiting.clear()
            self._writing, self._before = True, self._discarded
            return data

    def _put(self, data: bytes) -> None:
        """Write ``data``, or as much of it as is taken before it is discarded."""
        with suppress(OSError):  # the terminal is gone, and nobody will miss the rest
            while data and self._before == self._discarded:
                try:
                    data = data[os.write(self._terminal, data) :]
                except BlockingIOError:
                    select.select([], [self._terminal], [], _LOOK_AGAIN_S)


def _opened_anew(descriptor: int) -> int:
    """The same terminal, opened so that a write takes what there is room for and returns.

    A description of its own, for that property belongs to everybody who shares one: the shell would inherit
    it. What is no terminal, or may not be opened again (after ``su``), is used as it is.
    """
    try:
        return os.open(os.ttyname(descriptor), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:
        return os.dup(descriptor)


def is_hung_up(descriptor: int) -> bool:
    """Whether nobody will ever read or write at the other side again."""
    poll = select.poll()
    poll.register(descriptor, 0)
    return any(happened & (select.POLLHUP | select.POLLERR) for _, happened in poll.poll(0))


class UnstalledDriver(LinuxDriver):
    """Textual's driver for Linux and macOS, with a write that never blocks."""

    _outbox: Outbox | None = None

    def write(self, data: str) -> None:
        """Write ``data`` when the terminal takes it."""
        if self._outbox is None:
            file: Any = self._file
            self._outbox = Outbox(file.fileno(), file.encoding, self._repaint)
        self._outbox.write(data)

    def admits_frame(self) -> bool:
        """Whether a frame may be drawn now; if not, everything is drawn anew when the terminal caught up."""
        return self._outbox is None or self._outbox.admits()

    def is_hung_up(self) -> bool:
        """Whether the terminal is gone for good."""
        return is_hung_up(self.fileno)

    def start_application_mode(self) -> None:
        """Enter the alternate screen."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        super().close()  # ends Textual's own writer, which is given nothing to write

    def stop_application_mode(self) -> None:
        """Leave the alternate screen, past all frames if the terminal does not take them."""
        if self._outbox is not None:
            self._outbox.discard_if_stuck()
        super().stop_application_mode()

    def resume_application_mode(self) -> None:
        """Enter the alternate screen again. It is empty then, and Textual draws only what changes."""
        super().resume_application_mode()
        self._repaint()

    def close(self) -> None:
        """Write what waits, for a bounded time."""
        if self._outbox is not None:
            self._outbox.close()
            self._outbox = None

    def _repaint(self) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody will draw any more
            self._app.call_later(self._app.refresh, layout=True)


def notification(text: str) -> str:
    """What makes a terminal show ``text`` as a notification of the desktop (OSC 9); others ignore it.

    It begins with a word of ours: to some terminals a number there is a command, and names come from outside.
    """
    return f"\x1b]9;warmxfer: {clean(text)}\x1b\\"


class TerminalApp(App[Returned]):
    """An app that never waits for its terminal, and does not die all over it."""

    def call_for(self, text: str) -> None:
        """Ring the bell, and say why to somebody who does not look at the terminal."""
        self.bell()
        if self._driver is not None and not self.is_headless:
            self._driver.write(notification(text))

    def get_driver_class(self) -> type[Driver]:
        """Ours in the place of Textual's own for this platform; any other as it is."""
        usual = super().get_driver_class()
        return UnstalledDriver if usual is LinuxDriver else usual

    def on_mount(self) -> None:
        """Look after the terminal: SIGHUP tells of its end, but not everybody is sent one."""
        if isinstance(self._driver, UnstalledDriver):
            self.set_interval(LOOK_S, self._leave_with_the_terminal)

    def _leave_with_the_terminal(self) -> None:
        """End as SIGHUP would: reading from a terminal that is gone returns at once, for ever."""
        if isinstance(self._driver, UnstalledDriver) and self._driver.is_hung_up():
            self.exit(return_code=128 + signal.SIGHUP)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Draw a frame, unless the terminal still has older ones to read."""
        if not isinstance(self._driver, UnstalledDriver) or self._driver.admits_frame():
            super()._display(screen, renderable)

    def _handle_exception(self, error: Exception) -> None:
        """End with status 1. What went wrong is for the log: Textual would print it, with every number."""
        # A worker's failure has no traceback of its own, but is told where the real one is being handled.
        _log.critical(
            "the console ended by a fault of its own", exc_info=error if error.__traceback__ else True
        )
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        if self._exception is None:
            super()._print_error_renderables()
            return
        self._exit_renderables.clear()
        if isinstance(self._driver, UnstalledDriver):
            self._driver.write(LAST_WORDS)
            self._driver.close()
        elif self._driver is None and sys.__stderr__ is not None:  # it never came as far as the terminal
            sys.__stderr__.write(LAST_WORDS)
