"""The desk over a real socket: given out, asked about, left in good order, and lost."""

from __future__ import annotations

import asyncio
import json
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, unix_connect
from websockets.asyncio.server import ServerConnection, unix_serve
from websockets.exceptions import ConnectionClosedError

from tests.core import stories
from tests.flow.screen import Screen
from tests.publishing.given import Nobody, numbered
from warmxfer_tui.core.model import Desk
from warmxfer_tui.publishing.client import following
from warmxfer_tui.publishing.errors import FrameError, Lost, NobodyServes
from warmxfer_tui.publishing.frames import VERSION, published
from warmxfer_tui.publishing.place import reached
from warmxfer_tui.publishing.publication import Publication
from warmxfer_tui.publishing.server import LONGEST_REQUEST, serving

DESK = stories.consult().desk
CAREFUL_S = 20


@pytest.fixture
def place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="wx", dir="/tmp") as folder:
        yield Path(folder) / "desk.sock"


async def until(desks: AsyncIterator[Desk], wanted: Desk) -> None:
    """Return when a desk is given out; the numbers before it do not matter."""
    async with asyncio.timeout(CAREFUL_S):
        async for desk in desks:
            if desk == published(wanted):
                return
    raise AssertionError("the console has ended")


async def end_of(client: ClientConnection) -> None:
    """Read until there is nothing more."""
    while True:
        await client.recv()


async def test_a_follower_is_given_the_desk_and_every_newer_one_until_the_console_ends(place: Path) -> None:
    publication = Publication(Nobody())
    publication.publish(DESK)
    async with asyncio.timeout(CAREFUL_S), AsyncExitStack() as console:
        await console.enter_async_context(serving(publication, place))
        async with following(place) as desks:
            assert await anext(desks) == published(DESK)
            newer = numbered(DESK, DESK.now + 1)
            publication.publish(newer)
            await until(desks, newer)
            ending = asyncio.create_task(console.aclose())
            assert [desk async for desk in desks] == []
            await ending
    with pytest.raises(NobodyServes):
        reached(place)


async def test_the_screen_is_shown_every_desk_whoever_watches() -> None:
    screen = Screen()
    Publication(screen).publish(DESK)
    assert screen.desk is DESK


async def test_a_console_that_is_gone_without_a_goodbye_is_lost(place: Path) -> None:
    async def dies(connection: ServerConnection) -> None:
        await connection.send(json.dumps({"v": VERSION, "reply": None}))
        connection.transport.abort()

    async with unix_serve(dies, str(place)), following(place) as desks:
        with pytest.raises(Lost, match="without a goodbye"):
            await until(desks, DESK)


async def test_without_a_console_there_is_nobody(place: Path) -> None:
    with pytest.raises(NobodyServes, match=r"no console runs here.*warmxfer"):
        async with following(place):
            pass


async def test_a_socket_that_nobody_listens_on_is_no_console(place: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(place))
    with pytest.raises(NobodyServes, match="no console runs here"):
        async with following(place):
            pass


async def test_what_speaks_something_else_gives_out_no_desk(place: Path) -> None:
    async def mail(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.com ESMTP\r\n")
        writer.close()

    async with await asyncio.start_unix_server(mail, str(place)):
        with pytest.raises(FrameError, match="gives out no desk"):
            async with following(place):
                pass


async def test_another_version_ends_the_following_with_a_sentence(place: Path) -> None:
    async def newer(connection: ServerConnection) -> None:
        await connection.send('{"v":2,"greeting":"hello"}')
        await connection.wait_closed()

    async with unix_serve(newer, str(place)), following(place) as desks:
        with pytest.raises(FrameError, match="speaks version 2"):
            await anext(desks)


async def test_a_request_is_refused_politely_and_the_desk_goes_on(place: Path) -> None:
    publication = Publication(Nobody())
    async with serving(publication, place), unix_connect(str(place), "ws://desk/", proxy=None) as client:
        assert "snapshot" in json.loads(await client.recv())
        await client.send('{"v":1,"id":"7","request":"stop"}')
        reply = json.loads(await client.recv())
        assert (reply["reply"], "refused" in reply) == ("7", True)
        publication.publish(DESK)
        assert "changes" in json.loads(await client.recv())


async def test_a_request_as_long_as_a_novel_ends_only_its_own_connection(place: Path) -> None:
    publication = Publication(Nobody())
    async with serving(publication, place), following(place) as desks:
        async with unix_connect(str(place), "ws://desk/", proxy=None) as client:
            await client.send("x" * (LONGEST_REQUEST + 1))
            with pytest.raises(ConnectionClosedError, match="1009"):
                await end_of(client)
        publication.publish(DESK)
        await until(desks, DESK)


async def test_a_watcher_that_never_reads_slows_neither_the_desk_nor_another_nor_the_end(place: Path) -> None:
    publication = Publication(Nobody(), pace_s=0)
    loop = asyncio.get_running_loop()
    async with serving(publication, place):
        deaf = socket.socket(socket.AF_UNIX)
        deaf.connect(str(place))
        deaf.send(
            b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        async with following(place) as desks:
            # Far more than any buffer between the two holds: each of these is a whole new list of notices.
            big = [stories.consult().desk, stories.ring().desk]
            for number in range(400):
                publication.publish(numbered(big[number % 2], DESK.now + number))
                if number % 40 == 0:
                    await anext(desks)
            last = numbered(big[1], DESK.now + 1_000)
            publication.publish(last)
            await until(desks, last)
        began = loop.time()
    assert loop.time() - began < 5
    deaf.close()
