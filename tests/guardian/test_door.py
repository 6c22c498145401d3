"""The private socket at which a console that comes back asks for its desk."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from warmxfer_tui.journal.lock import guardian_lock
from warmxfer_tui.listener import listening
from warmxfer_tui.runtime import door
from warmxfer_tui.runtime.door import ANSWER, REQUEST, Door, Left, door_of, opened, relieve


@asynccontextmanager
async def guarding(journal: Path, own: socket.socket) -> AsyncIterator[asyncio.Task[bool]]:
    """A guardian that lets go when it is asked; whether the console said that its desk runs."""

    async def leave(open_door: Door) -> bool:
        return await Door.hand_over(await open_door.asked(), own)

    with opened(door_of(journal)) as open_door:
        task = asyncio.create_task(leave(open_door))
        yield task
        task.cancel()
        await asyncio.wait([task])


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


async def test_a_guardian_goes_when_the_desk_runs_and_not_before(journal: Path) -> None:
    left = Left(journal)
    with listening("127.0.0.1", 0) as own:
        async with guarding(journal, own) as going:
            await asyncio.to_thread(left.relieve)
            assert not going.done()
            left.confirm()
            left.close()
            assert await going is True


async def test_a_console_that_ends_before_its_desk_runs_leaves_it_to_the_guardian(journal: Path) -> None:
    left = Left(journal)
    with listening("127.0.0.1", 0) as own:
        async with guarding(journal, own) as going:
            await asyncio.to_thread(left.relieve)
            left.close()
            assert await going is False


async def test_the_console_is_given_the_socket_with_the_connections_that_wait_in_it(journal: Path) -> None:
    left = Left(journal)
    with listening("127.0.0.1", 0) as own:
        port = own.getsockname()[1]
        async with guarding(journal, own):
            assert stat.S_IMODE(os.stat(door_of(journal)).st_mode) == 0o600
            caller = socket.create_connection(("127.0.0.1", port))
            await asyncio.to_thread(left.relieve)
            left.confirm()
    with caller, left.socket_for("127.0.0.1", port) as inherited:
        inherited.setblocking(True)
        waiting, _ = inherited.accept()
        waiting.close()


async def test_a_console_that_wants_another_port_closes_the_one_that_was_left(journal: Path) -> None:
    left = Left(journal)
    with listening("127.0.0.1", 0) as own, listening("127.0.0.1", 0) as taken:
        port = own.getsockname()[1]
        async with guarding(journal, own):
            await asyncio.to_thread(left.relieve)
            left.confirm()
        free = taken.getsockname()[1]
    with left.socket_for("127.0.0.1", free) as another:
        assert another.getsockname()[1] == free
        with listening("127.0.0.1", port):
            pass


async def test_any_port_will_do_where_none_is_named(journal: Path) -> None:
    left = Left(journal)
    with listening("127.0.0.1", 0) as own:
        port = own.getsockname()[1]
        async with guarding(journal, own):
            await asyncio.to_thread(left.relieve)
            left.confirm()
    with left.socket_for("127.0.0.1", 0) as inherited:
        assert inherited.getsockname()[1] == port


def test_without_a_guardian_nobody_is_waited_for(tmp_path: Path) -> None:
    assert relieve(tmp_path / "door") is None
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(tmp_path / "door"))
    assert relieve(tmp_path / "door") is None


@pytest.mark.proof
def test_a_guardian_that_is_stopped_is_not_waited_for_for_ever_and_is_ended(
    journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "PATIENCE_S", 0.01)
    hold = "import sys, time; from pathlib import Path; from warmxfer_tui.journal.lock import Lock;"
    hold += "lock = Lock(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    command = [sys.executable, "-c", hold, str(guardian_lock(journal))]
    with (
        socket.socket(socket.AF_UNIX) as own,
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as stopped,
    ):
        assert stopped.stdout is not None
        assert stopped.stdout.readline() == "held\n"
        own.bind(str(door_of(journal)))
        own.listen()
        stopped.send_signal(signal.SIGSTOP)
        Left(journal).relieve()
        assert stopped.wait(10) == -signal.SIGKILL


async def test_who_says_anything_else_is_nobody_who_asks(journal: Path) -> None:
    with listening("127.0.0.1", 0) as own:
        async with guarding(journal, own) as leaving:
            _, writer = await asyncio.open_unix_connection(str(door_of(journal)))
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
            reader, asking = await asyncio.open_unix_connection(str(door_of(journal)))
            asking.write(REQUEST)
            assert await reader.readexactly(len(ANSWER)) == ANSWER
            asking.close()
            await leaving
            writer.close()


def test_the_door_is_beside_the_journal() -> None:
    assert door_of(Path("/state/journal.db")) == Path("/state/journal.guardian.sock")
