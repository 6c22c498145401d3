"""The client over real sockets: what a network does to it, told apart as the core needs it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from warmxfer_tui.clock import JumpClock, run_jump
from warmxfer_tui.core.commands import Hold, Request
from warmxfer_tui.core.events import Accepted, Problem, Refused, Reply, Unclear
from warmxfer_tui.telnyx.carrier import TelnyxCarrier
from warmxfer_tui.telnyx.client import REPLY_LIMIT, TelnyxClient

from .asks import DIAL, LEG, ROOM, ask

HOLD = Hold(ROOM, (LEG,), "file")
OK = b'HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n{"data":{"result": "ok"}}'

Peer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def request_head(reader: asyncio.StreamReader) -> bytes:
    return await reader.readuntil(b"\r\n\r\n")


def send(peer: Peer, *requests: Request) -> tuple[list[Reply], float, int]:
    """The replies of a peer, the virtual seconds they took, and how many connections it saw."""
    closed: list[asyncio.Event] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        closed.append(asyncio.Event())
        here = closed[-1]
        await peer(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        here.set()

    async def main() -> tuple[list[Reply], float, int]:
        loop = asyncio.get_running_loop()
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v2"
        async with server, TelnyxClient("KEY", clock=JumpClock(loop), base_url=base_url) as client:
            carrier = TelnyxCarrier(client, "journal")
            replies = [await carrier.send(ask(each)) for each in requests]
            took = loop.time()
        for connection in closed:
            await connection.wait()
        return replies, took, len(closed)

    return run_jump(main())


async def hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await request_head(reader)


async def stops_half_way(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await request_head(reader)
    writer.write(OK[:-5])


async def talks_nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await request_head(reader)
    writer.write(b"220 mail.test ESMTP\r\n")


async def drips(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Each byte comes well within a read timeout; the whole reply never does."""
    await request_head(reader)
    for byte in OK:
        writer.write(bytes([byte]))
        await asyncio.sleep(0.5)
        if writer.is_closing() or reader.at_eof():
            return


async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while not reader.at_eof():
        try:
            head = await request_head(reader)
        except asyncio.IncompleteReadError:
            return
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
        await reader.readexactly(int(length.partition(b":")[2]))
        writer.write(OK)


@pytest.mark.parametrize("peer", [hangs_up, stops_half_way, talks_nonsense, drips])
def test_a_peer_that_breaks_off_leaves_the_outcome_unclear(peer: Peer) -> None:
    replies, took, connections = send(peer, HOLD)
    assert isinstance(replies[0], Unclear)
    assert connections == 1
    assert took <= REPLY_LIMIT


def test_one_connection_serves_many_requests() -> None:
    replies, _, connections = send(answers, HOLD, HOLD, HOLD)
    assert replies == [Accepted()] * 3
    assert connections == 1


def test_a_port_where_nobody_listens_means_that_nothing_left() -> None:
    async def main() -> list[Reply]:
        server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
        base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v2"
        server.close()
        await server.wait_closed()
        clock = JumpClock(asyncio.get_running_loop())
        async with TelnyxClient("KEY", clock=clock, base_url=base_url) as client:
            carrier = TelnyxCarrier(client, "journal")
            return [await carrier.send(ask(each)) for each in (HOLD, DIAL)]

    for reply in run_jump(main()):
        assert isinstance(reply, Refused)
        assert reply.problem is Problem.UNAVAILABLE


def test_a_proxy_from_the_environment_is_not_asked_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert send(answers, HOLD)[0] == [Accepted()]


def test_any4_the_carrier_tells_what_the_newest_reply_leaves_of_the_rate_limit() -> None:
    told = [b"X-RateLimit-Limit: 10\r\nX-RateLimit-Remaining: 1\r\n", None, b""]

    async def tells(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_head(reader)
        headers = told.pop(0)
        if headers is not None:
            status, rest = OK.split(b"\r\n", 1)
            writer.write(status + b"\r\nConnection: close\r\n" + headers + rest)
            await writer.drain()

    async def main() -> list[int | None]:
        loop = asyncio.get_running_loop()
        server = await asyncio.start_server(lambda r, w: _closing(tells, r, w), "127.0.0.1", 0)
        base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v2"
        async with server, TelnyxClient("KEY", clock=JumpClock(loop), base_url=base_url) as client:
            carrier = TelnyxCarrier(client, "journal")
            seen = [carrier.spare]
            for _ in range(3):
                await carrier.send(ask(HOLD))
                seen.append(carrier.spare)
        return seen

    assert run_jump(main()) == [None, 10, 10, None], "no reply tells nothing; one without headers does"


async def _closing(peer: Peer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await peer(reader, writer)
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
