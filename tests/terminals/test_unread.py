"""Budgets §7, row 18: a terminal that nobody reads costs frames, never webhooks."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from .proving import END_S, console, delays, is_backed_up, settle

pytestmark = [pytest.mark.proof, pytest.mark.timeout(90)]

COUNT = 200
P99_S = 0.1


async def backed_up(folder: Path) -> None:
    """Wait, without reading the terminal, until the console knows that nobody does."""
    (folder / "hurry").touch()
    async with asyncio.timeout(END_S):
        while not is_backed_up(folder):  # noqa: ASYNC110  # a file of another process has no event
            await asyncio.sleep(0.05)
    (folder / "hurry").unlink()


async def test_200_webhooks_get_their_answers_while_nobody_reads_and_the_picture_is_whole_afterwards(
    tmp_path: Path,
) -> None:
    with console(tmp_path) as terminal:
        await backed_up(tmp_path)
        took = sorted(await delays((tmp_path / "url").read_text(), [f"e{n}" for n in range(COUNT)]))
        assert is_backed_up(tmp_path), "the terminal was read meanwhile: nothing is proved"
        terminal.until(lambda: not is_backed_up(tmp_path), END_S, "the queue drains")
        settle(tmp_path, terminal)
    assert len(took) == COUNT
    assert took[int(COUNT * 0.99)] < P99_S, took[-5:]
    for words in ("Ms Ortiz", "Next:", "[a] answer", f"{COUNT} webhooks", "ctrl+q"):
        assert words in terminal.shown()


async def test_without_our_driver_they_do_not(tmp_path: Path) -> None:
    """The proof above bites: Textual's own driver waits for the terminal, and the webhooks with it."""
    with console(tmp_path, {"WX_PLAIN": "1"}):
        (tmp_path / "hurry").touch()
        await asyncio.sleep(3)
        with pytest.raises(TimeoutError):
            await delays((tmp_path / "url").read_text(), ["e1"], limit=3)


async def test_a_console_that_nobody_reads_still_ends_and_what_restores_the_terminal_overtakes_the_frames(
    tmp_path: Path,
) -> None:
    with console(tmp_path) as terminal:
        await backed_up(tmp_path)
        began = time.monotonic()
        os.kill(terminal.pid, signal.SIGTERM)
        while terminal.ended() is None:
            assert time.monotonic() - began < END_S, "it hangs"
            await asyncio.sleep(0.05)
        assert terminal.end(END_S) == 143
        assert terminal.scars() == []
