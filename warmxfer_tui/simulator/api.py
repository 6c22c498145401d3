"""The Telnyx-shaped HTTP surface under ``/v2``: keys, JSON, headers and lost replies around the pure world.

What an endpoint means is the world's business. This shell carries a request in and a reply out, and answers
by itself only what never reaches an endpoint: a wrong key, too many requests, a body that is no JSON.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from email.utils import formatdate
from typing import Final, TypeAlias

from aiohttp import BodyPartReader, web
from aiohttp.typedefs import Handler, Middleware

from warmxfer_tui.simulator.faults import HELD_OPEN_S, Fault, FaultKind, Faults
from warmxfer_tui.simulator.world import Reply

#: ``(method, decoded path below /v2, query, body) -> reply``.
Exchange: TypeAlias = Callable[[str, str, Mapping[str, str], Mapping[str, object] | None], Awaitable[Reply]]

#: An upload has at most 20 MB (telnyx-facts §1.5); a little more carries the other fields of its form.
MAX_BODY: Final = 20 * 1024 * 1024 + 64 * 1024


class Refused(Exception):
    """A request that the shell answers by itself."""

    def __init__(self, status: int, code: str, title: str, detail: str) -> None:
        super().__init__(title)
        self.reply = refusal(status, code, title, detail)


def refusal(status: int, code: str, title: str, detail: str) -> Reply:
    """Return an error in Telnyx's envelope (telnyx-facts §1.3)."""
    return Reply(status, {"errors": [{"code": code, "title": title, "detail": detail}]})


class Meter:
    """Counts requests in windows of one second (knob #48); without a limit it lets everything pass."""

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._window = -1
        self._used = 0

    def count(self, now_us: int) -> tuple[bool, dict[str, str]]:
        """Count one request; return whether it may pass, and the rate-limit headers of its reply."""
        if self._limit is None:
            return True, {}
        second = now_us // 1_000_000
        if second != self._window:
            self._window, self._used = second, 0
        self._used += 1
        return self._used <= self._limit, {
            "x-ratelimit-limit": str(self._limit),
            "x-ratelimit-remaining": str(max(self._limit - self._used, 0)),
            "x-ratelimit-reset": "1",
        }


class Gate:
    """Lets only the holder of the account's key pass."""

    def __init__(self, api_key: str, *, absent_is_404: bool = False) -> None:
        self._expected = f"Bearer {api_key}".encode()
        self._absent_is_404 = absent_is_404

    def check(self, request: web.Request) -> None:
        """Raise `Refused` for an absent or a wrong key (knob #52)."""
        shown = request.headers.get("Authorization")
        if shown is None and self._absent_is_404:
            raise Refused(404, "10005", "Resource not found", "The requested resource could not be found.")
        if not hmac.compare_digest((shown or "").encode("utf-8", "replace"), self._expected):
            raise Refused(401, "10009", "Authentication failed", "Could not find any usable credentials.")


class Api:
    """The routes under ``/v2``."""

    def __init__(
        self,
        exchange: Exchange,
        *,
        gate: Gate,
        meter: Meter,
        faults: Faults,
        now_us: Callable[[], int],
    ) -> None:
        self._exchange = exchange
        self._gate = gate
        self._meter = meter
        self._faults = faults
        self._now_us = now_us
        self._late: set[asyncio.Task[None]] = set()

    def register(self, app: web.Application) -> None:
        """Add the routes to ``app``."""
        app.router.add_route("*", "/v2/{path:.*}", self._serve)

    async def close(self) -> None:
        """Forget the requests that were still to take effect."""
        for task in self._late:
            task.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)

    async def _serve(self, request: web.Request) -> web.Response:
        path = request.path.removeprefix("/v2")
        headers: dict[str, str] = {}
        fault: Fault | None = None
        try:
            self._gate.check(request)
            may_pass, headers = self._meter.count(self._now_us())
            if not may_pass:
                raise Refused(429, "10011", "Too many requests", "You have exceeded the rate limit.")
            fault = self._faults.hit(request.method, path)
            if fault is None:
                reply = await self._executed(request, path)
            else:
                headers.update(fault.headers)
                reply = await self._spoiled(request, path, fault)
        except Refused as refused:
            reply = refused.reply
        if fault is not None and fault.kind in _NO_REPLY:
            return hung_up_on(request)
        return respond(reply, self._now_us(), headers)

    async def _executed(self, request: web.Request, path: str) -> Reply:
        body = await read_body(request)
        return await self._exchange(request.method, path, dict(request.query), body)

    async def _spoiled(self, request: web.Request, path: str, fault: Fault) -> Reply:
        """Return the reply that ``fault`` leaves of this request; there may be nobody to get it."""
        error = refusal(fault.status, *fault.error, "This is a planned fault.")
        match fault.kind:
            case FaultKind.REFUSE:
                return error
            case FaultKind.DENY:
                await self._executed(request, path)
                return error
            case FaultKind.LOSE:
                return await self._executed(request, path)
            case FaultKind.DELAY:
                reply = await self._executed(request, path)
                await asyncio.sleep(fault.delay_s)
                return reply
            case FaultKind.DROP:
                await request.read()
            case FaultKind.TIME_OUT:
                await asyncio.sleep(HELD_OPEN_S)
            case FaultKind.LATE:
                body, query = await read_body(request), dict(request.query)
                late = self._later(fault.delay_s, request.method, path, query, body)
                task = asyncio.create_task(late)  # its own: the caller's going must not take it along
                self._late.add(task)
                task.add_done_callback(self._late.discard)
                await asyncio.sleep(HELD_OPEN_S)
        return error

    async def _later(
        self,
        wait_s: float,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: Mapping[str, object] | None,
    ) -> None:
        await asyncio.sleep(wait_s)
        await self._exchange(method, path, query, body)


_NO_REPLY: Final = frozenset({FaultKind.DROP, FaultKind.LOSE, FaultKind.TIME_OUT, FaultKind.LATE})
"""What leaves a request without one."""


def respond(reply: Reply, now_us: int, headers: Mapping[str, str] | None = None) -> web.Response:
    """Return ``reply`` as JSON, dated by the simulator's clock: a console measures its offset by ``Date``."""
    return web.Response(
        status=reply.status,
        body=json.dumps(reply.body, ensure_ascii=False).encode("utf-8", "backslashreplace"),
        content_type="application/json",
        headers={**(headers or {}), "Date": formatdate(now_us / 1_000_000, usegmt=True)},
    )


def respond_to_http_error(now_us: Callable[[], int]) -> Middleware:
    """Return a middleware that puts the web server's own errors into Telnyx's envelope."""

    @web.middleware
    async def envelope(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPRequestEntityTooLarge:
            reply = refusal(413, "10015", "Bad Request", "The body is too large.")
        except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
            reply = refusal(404, "10005", "Resource not found", "The requested URL could not be found.")
        return respond(reply, now_us())

    return envelope


def hung_up_on(request: web.Request) -> web.Response:
    """Cut the connection instead of answering; the returned response goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def read_body(request: web.Request) -> Mapping[str, object] | None:
    """Return the request's JSON object or form, None for an empty body; raise `Refused` for anything else."""
    if request.content_type == "multipart/form-data":
        try:
            return await _form(request)
        except (ValueError, AssertionError):
            raise Refused(400, "10015", "Bad Request", "The form could not be parsed.") from None
    raw = await request.read()
    if not raw:
        return None
    try:
        value = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise Refused(400, "10028", "Character encoding error", "The body is not UTF-8.") from None
    except (ValueError, RecursionError):
        raise Refused(400, "10023", "Invalid JSON", "The body could not be parsed as JSON.") from None
    if request.content_type != "application/json" or not isinstance(value, dict):
        raise Refused(400, "10029", "JSON expected", "The body must be a JSON object.")
    return value


async def _form(request: web.Request) -> Mapping[str, object]:
    """Return a multipart form as the JSON that would say the same, with the file's size for its bytes."""
    body: dict[str, object] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        content = await part.read(decode=True)
        if part.filename is not None:
            body["content_length"] = len(content)
            body["content_type"] = part.headers.get("Content-Type", "application/octet-stream")
        else:
            text = content.decode("utf-8", "replace")
            body[part.name] = int(text) if text.isdecimal() and part.name == "ttl_secs" else text
    return body
