"""A program on a pseudo-terminal, and its screen as a person would see it."""

from __future__ import annotations

import copy
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import pyte

ALTERNATE_SCREEN, CURSOR, PASTE = 1049, 25, 2004
MOUSE = (1000, 1003, 1015, 1006, 1016)
_KITTY_OFF = b"\x1b[<u"  # pyte knows no "<" and would print the "u"

KEYS = {
    "enter": b"\r", "space": b" ", "esc": b"\x1b", "tab": b"\t", "up": b"\x1b[A", "down": b"\x1b[B",
    "f1": b"\x1bOP", "f2": b"\x1bOQ", "f3": b"\x1bOR", "f4": b"\x1bOS", "f5": b"\x1b[15~", "f6": b"\x1b[17~",
    "f7": b"\x1b[18~", "f8": b"\x1b[19~", "f9": b"\x1b[20~",
}  # fmt: skip


def key_bytes(name: str) -> bytes:
    """What a terminal sends for a key as people read it: ``a``, ``enter``, ``ctrl+q``."""
    if name in KEYS:
        return KEYS[name]
    prefix, _, letter = name.rpartition("+")
    if prefix == "ctrl" and letter.isalpha():
        return bytes([ord(letter) & 0x1F])
    if len(name) != 1:
        raise ValueError(f"no terminal has the key {name!r}")
    return name.encode()


class Picture(pyte.Screen):
    """pyte's screen, with the alternate one that it lacks."""

    _main: tuple[Any, Any] | None = None

    def set_mode(self, *modes: int, **kwargs: Any) -> None:
        super().set_mode(*modes, **kwargs)
        if kwargs.get("private") and ALTERNATE_SCREEN in modes and self._main is None:
            self._main = (copy.deepcopy(self.buffer), copy.copy(self.cursor))
            self.erase_in_display(2)

    def reset_mode(self, *modes: int, **kwargs: Any) -> None:
        super().reset_mode(*modes, **kwargs)
        if kwargs.get("private") and ALTERNATE_SCREEN in modes and self._main is not None:
            self.buffer, self.cursor = self._main
            self._main = None


class Terminal:
    """A program that runs on a terminal of its own; nothing is read but by `read` and what calls it."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        size: tuple[int, int] = (80, 24),
    ) -> None:
        self.picture = Picture(*size)
        self.status: int | None = None
        self.changed_at = 0.0
        self._stream = pyte.ByteStream(self.picture)
        self._held = b""
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            try:
                # The program may look before the parent could have told it.
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
                os.chdir(folder)
                os.execvpe(command[0], list(command), dict(environment))  # noqa: S606  # no shell is wanted
            finally:
                os._exit(127)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.ended() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        self.hang_up()

    def hang_up(self) -> None:
        """Close the terminal's window. Twice is once."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def read(self, seconds: float = 0.05) -> None:
        """Take in one piece of what comes within ``seconds``."""
        if self._master < 0 or not select.select([self._master], [], [], seconds)[0]:
            return
        try:
            data = self._held + os.read(self._master, 65_536)
        except OSError:  # Linux's way to say that nobody has the other side open
            time.sleep(min(seconds, 0.05))
            return
        self._held = b""
        for length in range(len(_KITTY_OFF) - 1, 0, -1):
            if data.endswith(_KITTY_OFF[:length]):
                data, self._held = data[:-length], data[-length:]
                break
        self._stream.feed(data.replace(_KITTY_OFF, b""))
        self.changed_at = time.monotonic()

    def until(self, holds: Callable[[], object], seconds: float, what: str) -> None:
        """Read until ``holds``; an `AssertionError` when it does not within ``seconds``."""
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}\n{self.shown()}"
            self.read()

    def press(self, key: str) -> None:
        """Type one key, by its name."""
        os.write(self._master, key_bytes(key))

    def type(self, text: str) -> None:
        """Type ``text``."""
        os.write(self._master, text.encode())

    def ended(self) -> int | None:
        """The exit status, negative for a signal, or None while the program runs."""
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.status = os.waitstatus_to_exitcode(status) if pid else None
        return self.status

    def is_stopped(self) -> bool:
        """Whether the program has just been stopped (SIGSTOP)."""
        pid, status = os.waitpid(self.pid, os.WNOHANG | os.WUNTRACED)
        return bool(pid) and os.WIFSTOPPED(status)

    def end(self, seconds: float) -> int:
        """Read until the program has ended, and all that it wrote has been read; return its exit status."""
        self.until(lambda: self.ended() is not None, seconds, "the program ends")
        while self._master >= 0 and select.select([self._master], [], [], 0)[0]:
            before = self.changed_at
            self.read(0)
            if self.changed_at == before:
                break
        assert self.status is not None
        return self.status

    def is_on(self, mode: int) -> bool:
        """Whether a private mode (DECSET) is on."""
        return mode << 5 in self.picture.mode

    def lines(self) -> list[str]:
        """What the screen shows, line by line, without the blanks at the ends."""
        return [line.rstrip() for line in self.picture.display]

    def shown(self) -> str:
        """The same as one text."""
        return "\n".join(self.lines())

    def scars(self) -> list[str]:
        """What a program that has left should have put back, and has not."""
        found = [f"mouse tracking {mode} is on" for mode in MOUSE if self.is_on(mode)]
        if self.is_on(ALTERNATE_SCREEN):
            found.append("the alternate screen was not left")
        if not self.is_on(CURSOR) or self.picture.cursor.hidden:
            found.append("the cursor is hidden")
        if self.is_on(PASTE):
            found.append("bracketed paste is on")
        if self._master >= 0:
            local = termios.tcgetattr(self._master)[3]
            if not (local & termios.ECHO and local & termios.ICANON):
                found.append("the line discipline is raw")
        return found
