"""How the proofs here start a console, and send it webhooks."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import aiohttp

from tests.listener.door import NOW, event, signed
from tests.terminals.console import FAULT
from tests.terminals.terminal import Terminal

ROOT = Path(__file__).parents[2]
SIZE = (120, 36)
START_S, END_S = 20.0, 10.0


@contextmanager
def console(
    folder: Path, more: Mapping[str, str] | None = None, shows: str = "Ms Ortiz"
) -> Iterator[Terminal]:
    """A console that shows itself and takes webhooks."""
    environment = {
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
    }
    command = [sys.executable, "-m", "tests.terminals.console", str(folder)]
    with Terminal(command, {**environment, **(more or {})}, ROOT, SIZE) as terminal:
        terminal.until(
            lambda: (folder / "url").exists() and shows in terminal.shown(), START_S, "the console comes"
        )
        yield terminal


async def delays(url: str, ids: list[str], limit: float = 5.0) -> list[float]:
    """Seconds until each webhook was answered 200, sent eight at a time. Any other answer is an error."""
    turn = asyncio.Semaphore(8)

    async def send(http: aiohttp.ClientSession, event_id: str) -> float:
        body = event(event_id)
        headers = signed(body, int(time.time()) - NOW // 1000)
        async with turn:
            began = time.monotonic()
            async with http.post(url, data=body, headers=headers) as response:
                assert response.status == 200, await response.text()
            return time.monotonic() - began

    timeout = aiohttp.ClientTimeout(limit)
    async with aiohttp.ClientSession(timeout=timeout, auto_decompress=False) as http:
        return await asyncio.gather(*(send(http, event_id) for event_id in ids))


def picture_of(folder: Path, terminal: Terminal) -> str:
    """What the console believes to be on the screen."""
    file = folder / "screen"
    file.unlink(missing_ok=True)
    os.kill(terminal.pid, signal.SIGUSR1)
    terminal.until(file.exists, END_S, "the console writes down its screen")
    return file.read_text()


def settle(folder: Path, terminal: Terminal) -> None:
    """Read until the terminal shows, line by line, what the console believes to be on it."""
    deadline = time.monotonic() + END_S
    while terminal.shown() != (believed := picture_of(folder, terminal)):
        assert time.monotonic() < deadline, f"believed:\n{believed}\n\nshown:\n{terminal.shown()}"


def is_backed_up(folder: Path) -> bool:
    """Whether the console leaves out frames, because its terminal does not take them."""
    return (folder / "behind").exists()


__all__ = ["END_S", "FAULT", "console", "delays", "is_backed_up", "settle"]
