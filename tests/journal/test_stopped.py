"""A console that is stopped, killed or fought with, as a real process: exactly one writes, and sends."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from tests.journal.given import ask, fact, lines
from warmxfer_tui.clock import SystemClock
from warmxfer_tui.core.events import Noted
from warmxfer_tui.journal.errors import JournalBroken, JournalHeld
from warmxfer_tui.journal.sqlite import SqliteJournal

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.proof, pytest.mark.timeout(120)]


@contextmanager
def rival(role: str, file: Path) -> Iterator[subprocess.Popen[str]]:
    """A process in a role; it is killed at the end."""
    command = [sys.executable, "-m", "tests.journal.rival", role, str(file)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def told(process: subprocess.Popen[str], count: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().strip() for _ in range(count)]


def rest(process: subprocess.Popen[str]) -> list[str]:
    """Everything that a killed process had still to say."""
    assert process.stdout is not None
    return process.stdout.read().split("\n")[:-1]


def guarding(file: Path) -> SqliteJournal:
    return SqliteJournal(file, "chapter", clock=SystemClock(), guardian=True)


async def taken_from_stopped(guardian: SqliteJournal, process: subprocess.Popen[str]) -> None:
    """Stop the process, outside a commit, and take the desk once its lease is over."""
    while True:
        process.send_signal(signal.SIGSTOP)
        try:
            seen = await guardian.lease()
            await asyncio.sleep((seen.until + 1 - guardian._ticks()) / 1000)
            assert seen.over(guardian._ticks())
            await guardian.take(seen)
        except JournalBroken:  # stopped in the middle of one
            process.send_signal(signal.SIGCONT)
            await asyncio.sleep(0.05)
        else:
            return


def test_a_console_that_wakes_after_its_desk_was_taken_over_writes_and_sends_nothing(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"

    async def guard(console: subprocess.Popen[str]) -> None:
        async with guarding(file) as guardian:
            await taken_from_stopped(guardian, console)
            for number in range(5):
                await guardian.record(fact(number), [ask(100_000 + number)])
            before = len(lines(file))
            console.send_signal(signal.SIGCONT)
            while (word := told(console, 1)[0]) != "stood down":
                sent.append(word)
            await asyncio.sleep(0.5)
            await guardian.record(fact(5), ())
            assert len(lines(file)) == before + 1, "nobody else has written"

    with rival("console", file) as console:
        sent = told(console, 200)
        asyncio.run(guard(console))
        console.kill()
        assert [word for word in rest(console) if word.startswith("sent")] == []
    log = lines(file)
    asked = {each.id for line in log for each in line.asks}
    assert {int(word.split()[1]) for word in sent} <= asked, "whatever left had its row before"
    assert [line.event for line in log[-6:]] == [fact(number) for number in range(6)]


def test_a_stopped_console_keeps_a_second_console_out_and_lets_the_guardian_in(
    tmp_path: Path,
) -> None:
    file = tmp_path / "journal.db"

    async def scene(console: subprocess.Popen[str]) -> None:
        with pytest.raises(JournalHeld, match=f"process {console.pid}"):
            await SqliteJournal(file, "second", clock=SystemClock()).__aenter__()
        async with guarding(file) as guardian:
            assert (await guardian.lease()).owner == f"console {console.pid}"

    with rival("console", file) as console:
        told(console, 20)
        console.send_signal(signal.SIGSTOP)
        asyncio.run(scene(console))


def test_a_console_that_was_killed_keeps_nobody_waiting(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    with rival("console", file) as console:
        told(console, 20)
        console.kill()

    async def scene() -> None:
        async with SqliteJournal(file, "second", clock=SystemClock()) as journal:
            assert (await journal.lease()).epoch == 2
            await journal.record(fact(1), ())

    asyncio.run(scene())
    assert [line.event for line in lines(file, "second")] == [fact(1)]


def test_a_console_that_was_stopped_in_the_middle_of_a_commit_has_to_be_killed_first(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"

    async def scene(console: subprocess.Popen[str]) -> None:
        async with guarding(file) as guardian:
            with pytest.raises(JournalBroken, match="another program keeps it busy"):
                await guardian.take()
            console.kill()
            console.wait()
            assert (await guardian.take()).epoch == 2
            await guardian.record(fact(1), ())

    with rival("holder", file) as console:
        told(console, 1)
        console.send_signal(signal.SIGSTOP)
        asyncio.run(scene(console))
    assert [line.event for line in lines(file)] == [fact(1)]


def test_of_two_processes_that_take_the_desk_from_each_other_no_row_is_lost_or_written_twice(
    tmp_path: Path,
) -> None:
    file = tmp_path / "journal.db"
    with rival("console-of-two", file) as console:
        assert told(console, 1) == ["open"]
        with rival("guardian-of-two", file) as guardian:
            words = [told(each, 1)[0] for _ in range(2_000) for each in (console, guardian)]
            guardian.kill()
            console.kill()
            words += rest(guardian) + rest(console)
    durable = {int(word) for word in words if word.isdigit()}
    log = lines(file)  # raises where a row is missing
    written = [line.event.event_id for line in log if isinstance(line.event, Noted)]
    assert len(written) == len(set(written)) == len(log)
    assert {f"e{number}" for number in durable} <= set(written)
    hands = [int(event_id[1:]) % 2 for event_id in written]
    changes = sum(one != other for one, other in pairwise(hands))
    assert changes > 10, "they have truly fought"
