"""The private socket at which a console that comes back asks for its desk."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from warmxfer_tui.listener import listening
from warmxfer_tui.runtime import door
from warmxfer_tui.runtime.door import ANSWER, REQUEST, Door, Left, door_of, opened, relieve


@asynccontextmanager
async def guarding(place: Path, own: socket.socket) -> AsyncIterator[asyncio.Task[None]]:
    """A guardian that leaves when it is asked."""

    async def leave(open_door: Door) -> None:
        Door.answer(await open_door.asked(), own)

    with opened(place) as open_door:
        task = asyncio.create_task(leave(open_door))
        yield task
        task.cancel()
        await asyncio.wait([task])


async def test_the_console_is_given_the_socket_with_the_connections_that_wait_in_it(tmp_path: Path) -> None:
    left = Left(tmp_path / "door")
    with listening("127.0.0.1", 0) as own:
        port = own.getsockname()[1]
        async with guarding(tmp_path / "door", own):
            assert stat.S_IMODE(os.stat(tmp_path / "door").st_mode) == 0o600
            caller = socket.create_connection(("127.0.0.1", port))
            await asyncio.to_thread(left.relieve)
    with caller, left.socket_for("127.0.0.1", port) as inherited:
        inherited.setblocking(True)
        waiting, _ = inherited.accept()
        waiting.close()


async def test_a_console_that_wants_another_port_closes_the_one_that_was_left(tmp_path: Path) -> None:
    left = Left(tmp_path / "door")
    with listening("127.0.0.1", 0) as own, listening("127.0.0.1", 0) as taken:
        port = own.getsockname()[1]
        async with guarding(tmp_path / "door", own):
            await asyncio.to_thread(left.relieve)
        free = taken.getsockname()[1]
    with left.socket_for("127.0.0.1", free) as another:
        assert another.getsockname()[1] == free
        with listening("127.0.0.1", port):
            pass


async def test_any_port_will_do_where_none_is_named(tmp_path: Path) -> None:
    left = Left(tmp_path / "door")
    with listening("127.0.0.1", 0) as own:
        port = own.getsockname()[1]
        async with guarding(tmp_path / "door", own):
            await asyncio.to_thread(left.relieve)
    with left.socket_for("127.0.0.1", 0) as inherited:
        assert inherited.getsockname()[1] == port


def test_without_a_guardian_nobody_is_waited_for(tmp_path: Path) -> None:
    assert relieve(tmp_path / "door") is None
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(tmp_path / "door"))
    assert relieve(tmp_path / "door") is None


def test_a_guardian_that_is_stopped_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "PATIENCE_S", 0.01)
    with socket.socket(socket.AF_UNIX) as stopped:
        stopped.bind(str(tmp_path / "door"))
        stopped.listen()
        assert relieve(tmp_path / "door") is None


async def test_who_says_anything_else_is_nobody_who_asks(tmp_path: Path) -> None:
    with listening("127.0.0.1", 0) as own:
        async with guarding(tmp_path / "door", own) as leaving:
            _, writer = await asyncio.open_unix_connection(str(tmp_path / "door"))
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
            reader, asking = await asyncio.open_unix_connection(str(tmp_path / "door"))
            asking.write(REQUEST)
            assert await reader.read() == ANSWER
            await leaving
            writer.close()
            asking.close()


def test_the_door_is_beside_the_journal() -> None:
    assert door_of(Path("/state/journal.db")) == Path("/state/journal.guardian.sock")
