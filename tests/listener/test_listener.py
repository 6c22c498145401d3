"""Every request to the webhook address has its defined answer. Over real sockets (`design.md` §2, §6)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.memory_journal import MemoryJournal
from warmxfer_tui.clock import run_jump
from warmxfer_tui.core.events import CallAnswered, Noted
from warmxfer_tui.listener import BODY_LIMIT, MAX_BODY, Listener, ListenError, Verdict, listening
from warmxfer_tui.telnyx.wire import fact_of

from .door import NOW, VERIFIER, Box, FullDisk, SlowJournal, StoppedClock, desk, event, signed


async def test_a_verified_webhook_is_stored_as_it_came_then_offered() -> None:
    journal = MemoryJournal("journal")
    async with desk(journal) as d:
        assert await d.deliver(event()) == 200
    assert [each.body for each in journal.inbox] == [event()]
    assert d.box.facts == [CallAnswered(NOW, "e1", NOW, d.box.facts[0].ccid, tag=None)]


async def test_any7_an_unknown_kind_is_a_fact_that_is_kept() -> None:
    async with desk() as d:
        assert await d.deliver(event(kind="call.event.of.tomorrow")) == 200
    assert isinstance(d.box.facts[0], Noted)


async def test_a_duplicate_is_answered_and_not_offered_again() -> None:
    async with desk() as d:
        assert [await d.deliver(event()), await d.deliver(event())] == [200, 200]
        assert d.listener.verdicts == {Verdict.STORED: 1, Verdict.DUPLICATE: 1}
    assert len(d.box.facts) == 1


async def test_a_duplicate_waits_until_the_first_copy_is_safe() -> None:
    journal = SlowJournal()
    async with desk(journal) as d:
        both = [asyncio.create_task(d.deliver(event())) for _ in range(2)]
        assert [await journal.arrived.get(), await journal.arrived.get()] == ["e1", "e1"]
        assert not any(each.done() for each in both)
        journal.durable.set()
        assert await asyncio.gather(*both) == [200, 200]
    assert len(d.box.facts) == 1


@pytest.mark.parametrize("seconds", [-301, 301])
async def test_a_stale_webhook_is_refused_though_its_signature_is_right(seconds: int) -> None:
    async with desk() as d:
        assert await d.post(event(), signed(event(), seconds)) == 401
    assert not d.box.facts


@pytest.mark.parametrize("missing", ["Telnyx-Timestamp", "Telnyx-Signature-Ed25519"])
async def test_a_webhook_without_its_headers_is_refused(missing: str) -> None:
    headers = {name: value for name, value in signed(event()).items() if name != missing}
    async with desk() as d:
        assert await d.post(event(), headers) == 401
    assert not d.box.facts


async def test_a_changed_body_is_refused_and_never_read() -> None:
    read: list[object] = []

    def reader(value: object, at: int) -> Any:
        read.append(value)
        return fact_of(value, at)

    listener = Listener(
        verify=VERIFIER.flaw, read=reader, journal=MemoryJournal("j"), inbox=Box(), clock=StoppedClock()
    )
    async with listener, aiohttp.ClientSession() as http:
        for body in (event("e2"), b"not JSON", b""):
            async with http.post(listener.url, data=body, headers=signed(event())) as response:
                assert response.status == 401
    assert not read


async def test_exactly_64_kib_is_read() -> None:
    body = event(padding="x" * (MAX_BODY - len(event(padding=""))))
    assert len(body) == MAX_BODY
    async with desk() as d:
        assert await d.deliver(body) == 200


async def test_an_oversized_body_is_refused_by_its_length() -> None:
    body = event(padding="x" * (MAX_BODY + 1))
    async with desk() as d:
        assert await d.deliver(body) == 413
    assert not d.box.facts


async def test_a_declared_oversize_is_refused_before_it_is_sent() -> None:
    async with desk() as d:
        reader, writer = await asyncio.open_connection("127.0.0.1", d.listener.port)
        writer.write(b"POST /webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 413")
        writer.close()
        await writer.wait_closed()


async def test_an_oversized_body_is_refused_though_it_comes_in_chunks() -> None:
    body = event(padding="x" * (2 * MAX_BODY))

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 1000):
            yield body[start : start + 1000]

    async with desk() as d:
        assert await d.post(chunks(), signed(body)) == 413
    assert not d.box.facts


async def test_a_chunked_webhook_of_proper_size_is_accepted() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield event()[:20]
        yield event()[20:]

    async with desk() as d:
        assert await d.post(chunks(), signed(event())) == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"not JSON", b"\xff\xfe", b'"\xe9"', b"[" * 60_000, b"{" * 60_000, b'{"a": ' + b"9" * 5000 + b"}"],
)
async def test_a_signed_body_that_is_not_json_is_refused(body: bytes) -> None:
    async with desk() as d:
        assert await d.deliver(body) == 400


@pytest.mark.parametrize(
    "body", [b"null", b"[]", b"{}", b'{"data": 7}', event("", "call.answered"), event(kind="")]
)
async def test_signed_json_that_is_no_webhook_is_refused(body: bytes) -> None:
    async with desk() as d:
        assert await d.deliver(body) == 422
    assert not d.box.facts


async def test_a_compressed_body_is_never_unpacked() -> None:
    body = event()
    async with desk() as d:
        assert await d.post(body, {**signed(body), "Content-Encoding": "gzip"}) == 200
        assert d.box.facts


async def test_a_closing_console_says_503_so_that_telnyx_offers_it_again() -> None:
    async with desk(box=Box(open=False)) as d:
        assert await d.deliver(event()) == 503


async def test_a_journal_that_refuses_does_not_keep_the_fact_from_the_desk() -> None:
    async with desk(FullDisk()) as d:
        assert await d.deliver(event()) == 503
    assert len(d.box.facts) == 1


async def test_health_is_read_and_nothing_else_is_served() -> None:
    async with desk() as d:
        root = d.listener.url.removesuffix("/webhooks")
        for path, status in (("/healthz", 200), ("/", 404), ("/webhooks", 405)):
            async with d.http.get(root + path) as response:
                assert response.status == status


async def test_it_listens_on_loopback_unless_told_otherwise() -> None:
    async with desk() as d:
        assert d.listener.url.startswith("http://127.0.0.1:")


async def test_a_taken_port_is_said_with_advice() -> None:
    async with desk() as d:
        second = Listener(
            verify=VERIFIER.flaw,
            read=fact_of,
            journal=MemoryJournal("j"),
            inbox=Box(),
            clock=StoppedClock(),
            port=d.listener.port,
        )
        with pytest.raises(ListenError, match="LISTEN_PORT"):
            await second.__aenter__()


@pytest.mark.parametrize(
    "raw",
    [
        b"POST /webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nhalf",
        b"POST /webhooks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nnonsense\r\n",
        b"POST /webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
    ],
    ids=["cut off", "bad chunk", "bad length", "TLS", "bad version"],
)
async def test_what_is_no_proper_http_harms_nobody(raw: bytes) -> None:
    async with desk() as d:
        reader, writer = await asyncio.open_connection("127.0.0.1", d.listener.port)
        writer.write(raw)
        writer.write_eof()
        await reader.read()
        writer.close()
        await writer.wait_closed()
        assert await d.deliver(event()) == 200


async def test_a_stranger_who_sends_nonsense_cannot_fill_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """Neither with what is no HTTP, of which the web server logs a traceback, nor with unsigned webhooks."""
    async with desk() as d:
        for _ in range(20):
            reader, writer = await asyncio.open_connection("127.0.0.1", d.listener.port)
            writer.write(b"POST /webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n")
            assert (await reader.readline()).startswith(b"HTTP/1.0 400")
            writer.close()
            await writer.wait_closed()
            assert await d.post(b"{}", {}) == 401
    lines = [(record.name, record.getMessage().rpartition(", ")[2]) for record in caplog.records]
    counts = [f"{2**power} so far" for power in range(5)]
    assert [count for name, count in lines if name == "warmxfer_tui.listener"] == counts
    assert [count for name, count in lines if name == "warmxfer_tui.listener.http"] == counts
    assert len(lines) == 10


def test_closing_with_an_open_request_takes_a_second_at_most() -> None:
    async def main() -> float:
        loop = asyncio.get_running_loop()
        journal = SlowJournal()
        async with desk(journal) as d:
            stuck = asyncio.create_task(d.deliver(event()))
            await journal.arrived.get()
            began = loop.time()
            await d.listener.__aexit__()
            closed = loop.time()
            with pytest.raises(aiohttp.ClientError):
                await stuck
        return closed - began

    assert run_jump(main()) <= 1.0


def test_a_body_that_dawdles_is_given_up_after_five_seconds() -> None:
    async def main() -> tuple[bytes, float]:
        loop = asyncio.get_running_loop()
        async with desk() as d:
            reader, writer = await asyncio.open_connection("127.0.0.1", d.listener.port)
            writer.write(b"POST /webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nhalf")
            status = await reader.readline()
            took = loop.time()
            writer.close()
            await writer.wait_closed()
        return status, took

    status, took = run_jump(main())
    assert status.startswith(b"HTTP/1.1 408")
    assert took == pytest.approx(BODY_LIMIT)


async def test_a_socket_that_was_inherited_listens_on_when_its_listener_is_closed() -> None:
    with listening("127.0.0.1", 0) as own:
        port = own.getsockname()[1]
        for _ in range(2):
            async with (
                Listener(
                    verify=VERIFIER.flaw,
                    read=fact_of,
                    journal=MemoryJournal("journal"),
                    inbox=Box(),
                    clock=StoppedClock(),
                    inherited=own,
                ) as listener,
                aiohttp.ClientSession() as http,
            ):
                assert listener.port == port
                async with http.get(f"http://127.0.0.1:{port}/healthz") as response:
                    assert response.status == 200
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()


def test_a_name_with_two_addresses_is_listened_to_at_the_older_one() -> None:
    with listening("localhost", 0) as own:
        assert own.getsockname()[0] == "127.0.0.1"
