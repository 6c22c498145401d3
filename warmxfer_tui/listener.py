"""Where Telnyx's webhooks come in: believed first, read second, answered once they are safe (`design.md` §6).

A verified webhook goes into the journal, then into the inbox, and is answered without waiting for anybody to
act on it. Every request has a defined answer, and nothing unverified is parsed:

====================================  ======  ============================================================
what came                             answer  and
====================================  ======  ============================================================
a webhook seen for the first time     200     stored, then offered to the inbox
a duplicate (`data.id`)               200     only when its first copy is safe; not offered again
an event of an unknown kind           200     a fact like any other, `Noted`: kept and shown
more than 64 KiB, declared or chunked 413     the rest is not read
a body that breaks off or dawdles     408     after 5 s
no, stale or unreadable timestamp     401     300 s in both directions, before the signature is looked at
no signature, or one that is wrong    401     Ed25519 over the raw bytes
verified, but not JSON in UTF-8       400
verified JSON that is no webhook      422     it lacks what it is about; sending it again would not help
nobody will ever consume it           503     the console is closing; Telnyx offers it again
the journal refuses                   503     the fact is applied all the same (`design.md` §3.6)
====================================  ======  ============================================================

`GET /healthz` answers 200. Bodies are taken as they come: a compressed one was not signed that way, so it is
never unpacked. What is no HTTP at all gets aiohttp's 400. Of each kind of trouble only the first, the second,
the fourth, the eighth ... is logged: a stranger who sends nonsense must not be able to fill the log.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections import Counter
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Protocol, Self

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from warmxfer_tui.core.events import Fact
from warmxfer_tui.errors import WarmxferError
from warmxfer_tui.ports import Clock, Inbox, Journal

LOOPBACK = "127.0.0.1"
WEBHOOK_PATH = "/webhooks"
HEALTH_PATH = "/healthz"
MAX_BODY = 64 * 1024
"""Bytes. The largest webhook of a transfer has some 2 KiB."""
BODY_LIMIT = 5.0
"""Seconds in which a body must have arrived."""
BACKLOG = 128
"""Connections that may wait: those of some seconds, until a guardian has found out that it is needed."""
SHUTDOWN_LIMIT = 0.5
"""Seconds that open requests are given on closing; aiohttp may take twice that."""

_logger = logging.getLogger(__name__)


class NotAFact(Protocol):
    """Why a verified JSON value is no webhook."""

    @property
    def why(self) -> str:
        """The reason, in words."""
        ...


Verify = Callable[[Mapping[str, str], bytes, int], str | None]
"""(headers, raw body, UTC milliseconds) -> why it is not believed, or None (`telnyx.signature`)."""
Read = Callable[[object, int], Fact | NotAFact]
"""(decoded JSON, UTC milliseconds) -> what it says: `telnyx.wire.fact_of`."""


class ListenError(WarmxferError):
    """The listener cannot be opened."""


class Verdict(StrEnum):
    """What became of one request to the webhook address."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    OVERSIZED = "oversized"
    BROKEN = "broken off"
    UNVERIFIED = "unverified"
    NOT_JSON = "not JSON"
    NOT_A_WEBHOOK = "not a webhook"
    NOT_CONSUMED = "not consumed"
    NOT_JOURNALED = "not journaled"


_STATUS = {
    Verdict.STORED: 200,
    Verdict.DUPLICATE: 200,
    Verdict.OVERSIZED: 413,
    Verdict.BROKEN: 408,
    Verdict.UNVERIFIED: 401,
    Verdict.NOT_JSON: 400,
    Verdict.NOT_A_WEBHOOK: 422,
    Verdict.NOT_CONSUMED: 503,
    Verdict.NOT_JOURNALED: 503,
}


def _is_worth_a_line(count: int) -> bool:
    """Whether the count of one kind of trouble is a power of two."""
    return count & (count - 1) == 0


class _Sparsely(logging.Filter):
    """Lets a record through at powers of two: the web server writes a traceback for every broken request."""

    def __init__(self) -> None:
        super().__init__()
        self._count = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Count one record, and say how many there have been."""
        self._count += 1
        record.msg = f"{record.msg}, %d so far"
        record.args = (*record.args, self._count) if isinstance(record.args, tuple) else (self._count,)
        return _is_worth_a_line(self._count)


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens at an address; port 0 takes a free one. Raises `ListenError`."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        # `localhost` has two addresses, and a tunnel that names neither takes the older one.
        family, _, _, _, address = min(found, key=lambda info: info[0] is not socket.AF_INET)
        return socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as failure:
        raise ListenError(
            f"Cannot listen on {host} port {port}",
            f"{failure.strerror or failure}. Choose another with LISTEN_HOST and LISTEN_PORT.",
        ) from failure


class Listener:
    """The HTTP server for webhooks. An asynchronous context manager: open while entered."""

    def __init__(
        self,
        *,
        verify: Verify,
        read: Read,
        journal: Journal,
        inbox: Inbox,
        clock: Clock,
        host: str = LOOPBACK,
        port: int = 0,
        inherited: socket.socket | None = None,
    ) -> None:
        """Open nothing yet. Port 0 takes a free one.

        A socket that is `inherited` listens already, and does so when this one is closed: its connections are
        another process's then.
        """
        self._verify = verify
        self._read = read
        self._journal = journal
        self._inbox = inbox
        self._clock = clock
        self._host = host
        self._wanted_port = port
        self._inherited = inherited
        self._runner: web.AppRunner | None = None
        # Outside the registry of loggers, so that the count is this listener's own.
        self._http_log = logging.Logger(f"{__name__}.http")
        self._http_log.parent = _logger
        self._http_log.addFilter(_Sparsely())
        self.verdicts: Counter[Verdict] = Counter()
        """How many requests ended in which way."""

    async def __aenter__(self) -> Self:
        """Start to serve. Raises `ListenError` where the address is taken or not ours."""
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_post(WEBHOOK_PATH, self._on_webhook)
        app.router.add_get(HEALTH_PATH, self._on_health)
        runner = web.AppRunner(
            app,
            handle_signals=False,
            access_log=None,
            logger=self._http_log,
            shutdown_timeout=SHUTDOWN_LIMIT,
            auto_decompress=False,
            lingering_time=SHUTDOWN_LIMIT,
        )
        own = self._inherited.dup() if self._inherited else listening(self._host, self._wanted_port)
        await runner.setup()
        await web.SockSite(runner, own).start()
        self._runner = runner
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the port and give open requests their half second."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def port(self) -> int:
        """The port that is really served. Raises `RuntimeError` while closed."""
        if self._runner is None:
            raise RuntimeError("the listener is not open")
        port: int = self._runner.addresses[0][1]
        return port

    @property
    def url(self) -> str:
        """The address for webhooks as seen from this machine."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self.port}{WEBHOOK_PATH}"

    async def _on_health(self, _request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _on_webhook(self, request: web.Request) -> web.Response:
        verdict, why = await self._receive(request)
        self.verdicts[verdict] += 1
        count = self.verdicts[verdict]
        if why and _is_worth_a_line(count):
            _logger.warning("webhook %s (%s), %d so far", verdict, why, count)
        return web.Response(status=_STATUS[verdict], text=f"{verdict}\n")

    async def _receive(self, request: web.Request) -> tuple[Verdict, str]:
        """One request from its bytes to the inbox; a verdict and, where it is a bad one, the reason."""
        if (request.content_length or 0) > MAX_BODY:
            return Verdict.OVERSIZED, f"{request.content_length} bytes"
        try:
            async with asyncio.timeout(BODY_LIMIT):
                body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return Verdict.OVERSIZED, f"over {MAX_BODY} bytes"
        except (TimeoutError, OSError, HttpProcessingError) as failure:
            return Verdict.BROKEN, type(failure).__name__
        now = self._clock.now_ms()
        flaw = self._verify(request.headers, body, now)
        if flaw is not None:
            return Verdict.UNVERIFIED, flaw
        return await self._accept(body, now)

    async def _accept(self, body: bytes, now: int) -> tuple[Verdict, str]:
        """A verified body: read, store, offer."""
        try:
            value: object = json.loads(body.decode())
        except (ValueError, RecursionError) as failure:
            return Verdict.NOT_JSON, type(failure).__name__
        fact = self._read(value, now)
        if not isinstance(fact, Fact):
            return Verdict.NOT_A_WEBHOOK, fact.why
        try:
            if not await self._journal.receive(fact.event_id, body, now):
                return Verdict.DUPLICATE, ""
        except Exception as failure:
            # Whatever ails the journal, the call goes on; the 503 makes Telnyx keep what we cannot.
            self._inbox.offer(fact)
            return Verdict.NOT_JOURNALED, str(failure) or type(failure).__name__
        if not self._inbox.offer(fact):
            return Verdict.NOT_CONSUMED, "closing"
        return Verdict.STORED, ""
