"""Somebody who has cloned the repository, types the README's first command, and does what the screen says."""

from __future__ import annotations

import os
import pwd
import re
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.terminals.terminal import ALTERNATE_SCREEN, Terminal

from .reading import is_done, leaving_key, next_key, quit_key, rings, sense

INSTALL_S, RING_S, DONE_S, STILL_S, PATIENCE_S, LEAVE_S = 300.0, 5.0, 60.0, 0.3, 5.0, 20.0
MOST_KEYS = 12
_SIZE = (80, 24)
PROMPT = "newcomer$"
#: What pip and git need to reach packages on this machine; everything else of the user's stays away.
_ROUTES = ("PIP_", "SSL_CERT_", "REQUESTS_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "TMPDIR")


@dataclass
class Minute:
    """What the newcomer went through."""

    keys: list[str] = field(default_factory=list)
    ring_s: float = -1.0
    """Seconds from the first frame to the first ring."""
    done_s: float = -1.0
    """Seconds from the first frame to the handed-over customer."""


def readme_command(folder: Path) -> str:
    """The first command of the README in ``folder``, by its mark (see `.ci/run`)."""
    text = (folder / "README.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- command: try -->\n```\w*\n(.+)\n```\n<!-- end -->", text)
    assert found, "the README's command 'try' is not one line"
    return found[1]


def cloned(source: Path, folder: Path) -> Path:
    """A clone of the last commit of ``source`` in ``folder``, and an empty home beside it."""
    (folder / "home").mkdir(parents=True)
    trust = folder / "gitconfig"  # the checkout may belong to somebody else, as in a container
    trust.write_text("[safe]\n\tdirectory = *\n")
    clone = folder / "clone"
    subprocess.run(
        ["git", "clone", "--quiet", "--no-hardlinks", str(source), str(clone)],
        check=True,
        env={**os.environ, "GIT_CONFIG_GLOBAL": str(trust)},
    )
    return clone


def bare_environment(home: Path) -> dict[str, str]:
    """What a newcomer's shell has, and the way to the packages."""
    kept = {name: text for name, text in os.environ.items() if name.upper().startswith(_ROUTES)}
    user = Path(pwd.getpwuid(os.getuid()).pw_dir)
    for file in (user / ".config/pip/pip.conf", user / "Library/Application Support/pip/pip.conf"):
        if file.is_file():
            kept.setdefault("PIP_CONFIG_FILE", str(file))
    base = {"PATH": os.environ["PATH"], "HOME": str(home), "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    return {**kept, **base, "PS1": f"{PROMPT} "}


class Newcomer:
    """At a shell, in front of a terminal of 80x24. From the first frame on nothing counts but the screen."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._painted_at = 0.0
        self.minute = Minute()

    def start(self, command: str) -> None:
        """Type the command, and wait for the first frame."""
        terminal = self._terminal
        terminal.until(self._at_prompt, PATIENCE_S, "the shell's prompt")
        terminal.type(f"{command}\r")
        terminal.until(
            lambda: terminal.is_on(ALTERNATE_SCREEN) and terminal.shown().strip(),
            INSTALL_S,
            "the first frame",
        )
        self._painted_at = time.monotonic()

    def hand_over(self) -> None:
        """Press what stands first after ``Next:`` until the customer is with somebody else."""
        while True:
            key = self._key_shown()
            if key is None:
                return
            self._press(key)
            assert len(self.minute.keys) <= MOST_KEYS, f"too many keys: {self.minute.keys}"

    def leave(self) -> None:
        """Press the key that the footer names, then what a dialog asks for, until the shell is back."""
        lines = self._terminal.lines()
        key = quit_key(lines)
        assert key, f"no key that leaves is shown:\n{self._terminal.shown()}"
        deadline = time.monotonic() + LEAVE_S
        while key is not None:
            assert time.monotonic() < deadline, f"it does not let go\n{self._terminal.shown()}"
            self._say(f"presses {key} to leave")
            self._press_and_wait(key, PATIENCE_S)
            key = leaving_key(self._terminal.lines()) if self._at_console() else None
        self._terminal.until(self._at_prompt, deadline - time.monotonic(), "the shell is back")

    def last_status(self) -> int:
        """The exit status, as the shell tells it."""
        self._terminal.type("echo status=$?\r")
        told = re.compile(r"^status=(\d+)$", re.MULTILINE)
        self._terminal.until(lambda: told.search(self._terminal.shown()), PATIENCE_S, "the exit status")
        found = told.search(self._terminal.shown())
        assert found
        return int(found[1])

    def _key_shown(self) -> str | None:
        """Wait for a key that stays for long enough to be read, and return it; None when it is done."""
        candidate, since = None, 0.0
        while not is_done(self._terminal.lines()):
            assert self._since() < DONE_S, f"not done within {DONE_S:g} s\n{self._terminal.shown()}"
            assert self._at_console(), f"the console has ended\n{self._terminal.shown()}"
            if self.minute.ring_s < 0 and rings(self._terminal.lines()):
                self.minute.ring_s = self._since()
            if (key := next_key(self._terminal.lines())) != candidate:
                candidate, since = key, time.monotonic()
            elif key is not None and time.monotonic() - since >= STILL_S:
                return key
            self._terminal.read()
        self.minute.done_s = self._since()
        return None

    def _press(self, key: str) -> None:
        self._say(f"presses {key}")
        self.minute.keys.append(key)
        self._press_and_wait(key, PATIENCE_S)

    def _press_and_wait(self, key: str, seconds: float) -> None:
        """Press ``key``; the screen must say something else within ``seconds``."""
        before = sense(self._terminal.lines())
        self._terminal.press(key)
        self._terminal.until(
            lambda: not self._at_console() or sense(self._terminal.lines()) != before,
            seconds,
            f"an answer to the key {key}",
        )
        self._look()

    def _look(self) -> None:
        """Let the picture settle, as an eye does."""
        until = time.monotonic() + STILL_S
        while time.monotonic() < until:
            self._terminal.read()

    def _say(self, what: str) -> None:
        frame = "-" * _SIZE[0]
        print(f"{frame}\n{self._terminal.shown()}\n{frame}\n{self._since():5.1f} s: {what}", flush=True)

    def _since(self) -> float:
        return time.monotonic() - self._painted_at

    def _at_console(self) -> bool:
        return self._terminal.is_on(ALTERNATE_SCREEN)

    def _at_prompt(self) -> bool:
        written = [line for line in self._terminal.lines() if line]
        return not self._at_console() and bool(written) and written[-1].endswith(PROMPT)


def left_behind(folder: Path) -> list[str]:
    """The command lines of processes that run out of ``folder``; they get a moment to go."""
    ours: list[str] = []
    for _ in range(30):
        listed = subprocess.run(["ps", "-axo", "pid=,command="], capture_output=True, text=True, check=True)
        ours = [line.strip() for line in listed.stdout.splitlines() if f"{folder}/.venv/" in line]
        if not ours:
            break
        time.sleep(0.1)
    return ours


def first_minute(source: Path, folder: Path) -> Minute:
    """Go through it, in ``folder``. Raises `AssertionError` for whatever would disappoint a newcomer."""
    clone = cloned(source, folder)
    # --noediting: readline has modes of its own, which would be taken for the console's.
    shell = ["bash", "--noprofile", "--norc", "--noediting"]
    with Terminal(shell, bare_environment(folder / "home"), clone, _SIZE) as terminal:
        newcomer = Newcomer(terminal)
        newcomer.start(readme_command(clone))
        newcomer.hand_over()
        newcomer.leave()
        scars = terminal.scars()
        assert not scars, scars
        assert (status := newcomer.last_status()) == 0, f"exit status {status}\n{terminal.shown()}"
    assert not (ours := left_behind(clone)), f"left behind: {ours}"
    minute = newcomer.minute
    assert 0 <= minute.ring_s <= RING_S, f"the first ring came after {minute.ring_s:.1f} s"
    return minute
