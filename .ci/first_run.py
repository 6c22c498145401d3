"""Types the README's first command into a terminal, as a newcomer would, and leaves again with ctrl+q.

``first_run.py FOLDER COMMAND`` ends with status 0 when the console showed itself, the command ended
with status 0, and no process of ours was left behind.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

COLUMNS, LINES = 120, 36
#: What the console's first screen says: which keys work now.
FIRST_WORDS = "Next:"
INSTALL_S = 300.0
LEAVE_S = 20.0
CTRL_Q = b"\x11"
_ESCAPES = re.compile(
    rb"\x1b(?:\[[0-9;?<>=:]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_].*?\x1b\\|.)", re.DOTALL
)


class Terminal:
    """A command in a pseudo-terminal, and everything that it has shown."""

    def __init__(self, folder: str, command: str) -> None:
        self.shown = b""
        self.pid, self._screen = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvp("bash", ["bash", "-c", command])  # noqa: S606, S607  # the README's own words
        fcntl.ioctl(self._screen, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))

    def read(self, seconds: float) -> None:
        """Take in what comes within ``seconds``, at most one piece."""
        if select.select([self._screen], [], [], seconds)[0]:
            try:
                self.shown += os.read(self._screen, 65_536)
            except OSError:  # Linux's way to say that the other side is closed
                time.sleep(0.05)

    def press(self, key: bytes) -> None:
        """Type one key."""
        os.write(self._screen, key)

    def ended(self) -> int | None:
        """The exit status, or None while the command runs."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if pid else None

    def words(self) -> str:
        """What was shown, without colours and cursor movements."""
        return _ESCAPES.sub(b"", self.shown).decode("utf-8", "replace")


def wait_for_console(terminal: Terminal) -> None:
    """Raises `SystemExit` when the console does not come."""
    deadline = time.monotonic() + INSTALL_S
    while FIRST_WORDS not in terminal.words():
        if (status := terminal.ended()) is not None:
            raise SystemExit(f"the command ended with {status} before the console came:\n{terminal.words()}")
        if time.monotonic() > deadline:
            os.killpg(terminal.pid, signal.SIGKILL)
            raise SystemExit(f"no console within {INSTALL_S:.0f} s:\n{terminal.words()}")
        terminal.read(0.2)


def leave(terminal: Terminal) -> int:
    """Press ctrl+q, and once more if the console asks because calls are up; return the exit status."""
    deadline = time.monotonic() + LEAVE_S
    pressed = 0.0
    while time.monotonic() < deadline:
        if time.monotonic() - pressed > 1:
            terminal.press(CTRL_Q)
            pressed = time.monotonic()
        terminal.read(0.1)
        if (status := terminal.ended()) is not None:
            return status
    os.killpg(terminal.pid, signal.SIGKILL)
    raise SystemExit(f"still running {LEAVE_S:.0f} s after ctrl+q:\n{terminal.words()}")


def left_behind(folder: str) -> list[str]:
    """The command lines of processes that run out of ``folder``; they get a moment to go."""
    for _ in range(20):
        listed = subprocess.run(["ps", "-axo", "pid=,command="], capture_output=True, text=True, check=True)  # noqa: S607
        ours = [line.strip() for line in listed.stdout.splitlines() if f"{folder}/.venv/" in line]
        if not ours:
            return []
        time.sleep(0.1)
    return ours


def main() -> None:
    """Raises `SystemExit` with the reason when the newcomer would have been disappointed."""
    folder, command = sys.argv[1:]
    terminal = Terminal(folder, command)
    wait_for_console(terminal)
    if status := leave(terminal):
        raise SystemExit(f"the console ended with {status}:\n{terminal.words()}")
    if ours := left_behind(folder):
        raise SystemExit("left behind:\n" + "\n".join(ours))
    print(f"the console came, showed '{FIRST_WORDS}', and left without a trace")


if __name__ == "__main__":
    main()
