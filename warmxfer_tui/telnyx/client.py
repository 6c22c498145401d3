"""Telnyx Call Control over HTTP: one method per endpoint, by one httpx client. Decides nothing.

The methods come from `calls`, `rooms` and `account`; each is awaited, returns the decoded JSON object, and
raises a `TelnyxError`. `attempt` is what lies below them, and what `carrier` drives: it gives an outcome and
never raises for what the network or the carrier does.

Limits (`design.md` §3.14). A reply is waited for 2 s. A read, and dial, answer, hang-up and speech on a leg
with their `command_id`, are tried up to 3 times within 5 s; everything else goes out once, for only the core
knows whether its repetition is worth making. A 4xx other than 408 is never resent: a 429 is for the core to
spread over its commands (ANY-4).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, Self

import httpx

from warmxfer_tui import __version__
from warmxfer_tui.ports import Clock
from warmxfer_tui.telnyx.account import AccountEndpoints
from warmxfer_tui.telnyx.calls import CallEndpoints
from warmxfer_tui.telnyx.errors import UnavailableError, error_of
from warmxfer_tui.telnyx.message import Answer, HttpRequest, JsonObject, Outcome, Silence
from warmxfer_tui.telnyx.replies import date_of
from warmxfer_tui.telnyx.requests import PAGE_SIZE
from warmxfer_tui.telnyx.rooms import RoomEndpoints
from warmxfer_tui.telnyx.skew import Skew

BASE_URL = "https://api.telnyx.com/v2"
REPLY_LIMIT = 2.0
"""Seconds that a reply is waited for, from the connection to the last byte."""
CONNECT_LIMIT = 1.5
"""Seconds for the connection alone; shorter, so that "nothing has left" can be told from "no reply"."""
CONNECT_SHARE = 0.75
"""The largest part of one try that the connection may take, for the same reason: late tries are shorter."""
UPLOAD_LIMIT = 60.0
"""Seconds for a file of up to 20 MB."""
BUDGET = 5.0
"""Seconds for all tries of one request together."""
PAUSES = (0.0, 0.2, 0.4)
"""Seconds before each try; Telnyx advises to resend at once or after half a second (telnyx-facts §1.6)."""
KEEP_ALIVE = 600.0
"""Seconds that an idle connection is kept: an agent's pause between two keys must not cost a handshake."""

_BEFORE_LEAVING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_MAX_PAGES = 100


class TelnyxClient(
    CallEndpoints[Coroutine[Any, Any, JsonObject]],
    RoomEndpoints[Coroutine[Any, Any, JsonObject]],
    AccountEndpoints[Coroutine[Any, Any, JsonObject]],
):
    """The API of one account. Use it as an asynchronous context manager, or call `aclose`."""

    def __init__(
        self,
        api_key: str,
        *,
        clock: Clock,
        base_url: str = BASE_URL,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Open no connection yet. `transport` is for tests."""
        self._base_url = base_url.rstrip("/")
        self._clock = clock
        self.skew = Skew()
        """How far Telnyx's clock is from ours, measured on every reply."""
        self._http = httpx.AsyncClient(
            headers={
                "Authorization": f"Bearer {api_key}",
                "Accept": "application/json",
                "User-Agent": f"warmxfer/{__version__}",
            },
            limits=httpx.Limits(keepalive_expiry=KEEP_ALIVE),
            timeout=httpx.Timeout(None, connect=CONNECT_LIMIT, pool=CONNECT_LIMIT),
            transport=transport,
            # A proxy from the environment cannot reach a simulator on this machine.
            trust_env=httpx.URL(self._base_url).host not in _LOOPBACK,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def call(self, request: HttpRequest) -> JsonObject:
        """Carry out one request and return the decoded JSON object. Raises `TelnyxError`."""
        outcome = await self.attempt(request)
        if isinstance(outcome, Answer) and 200 <= outcome.status < 300 and isinstance(outcome.body, dict):
            return outcome.body
        raise error_of(request, outcome)

    async def rows(
        self, page: Callable[..., Coroutine[Any, Any, JsonObject]], **arguments: Any
    ) -> list[JsonObject]:
        """Return the rows of every page of a list with numbered pages, as in `rows(client.conferences)`.

        Raises `TelnyxError`; also where the list has no end.
        """
        rows: list[JsonObject] = []
        for number in range(1, _MAX_PAGES + 1):
            body = await page(page_number=number, page_size=PAGE_SIZE, **arguments)
            rows += _rows(body)
            pages = _meta(body).get("total_pages")
            if not isinstance(pages, int) or number >= pages:
                return rows
        raise UnavailableError("Telnyx sent a list without an end.")

    async def all_active_calls(self, *, connection_id: str) -> list[JsonObject]:
        """Return every live leg of a connection: the one list with cursors (telnyx-facts §1.3)."""
        rows: list[JsonObject] = []
        after: str | None = None
        for _ in range(_MAX_PAGES):
            body = await self.active_calls(
                connection_id=connection_id, page_after=after, page_limit=PAGE_SIZE
            )
            rows += _rows(body)
            cursors = _meta(body).get("cursors")
            after = cursors.get("after") if isinstance(cursors, dict) else None
            if not isinstance(after, str) or not after or not _rows(body):
                return rows
        raise UnavailableError("Telnyx sent a list without an end.")

    async def attempt(self, request: HttpRequest) -> Outcome:
        """Send `request`, again where that is safe and worth it, and return what came of it."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + BUDGET
        in_doubt = False
        outcome: Outcome = Silence(left=False, why="Telnyx could not be reached.")
        for pause in PAUSES if request.resendable else PAUSES[:1]:
            await asyncio.sleep(pause)
            limit = UPLOAD_LIMIT if request.upload else min(REPLY_LIMIT, deadline - loop.time())
            outcome = await self._once(request, limit)
            match outcome:
                case Silence(left=left):
                    in_doubt = in_doubt or left
                case Answer(status=status) if status == 408 or status >= 500:
                    in_doubt = True
                case _:
                    return replace(outcome, resent=in_doubt)
        if isinstance(outcome, Silence):
            return replace(outcome, left=in_doubt)
        return outcome

    def _do(self, request: HttpRequest) -> Coroutine[Any, Any, JsonObject]:
        return self.call(request)

    async def _once(self, request: HttpRequest, limit: float) -> Outcome:
        """One HTTP attempt, whole within `limit` seconds."""
        loop = asyncio.get_running_loop()
        connect = min(CONNECT_LIMIT, limit * CONNECT_SHARE)
        sent = loop.time()
        try:
            async with asyncio.timeout(limit):
                response = await self._http.request(
                    request.method,
                    self._base_url + request.target,
                    params=request.query,
                    timeout=httpx.Timeout(None, connect=connect, pool=connect),
                    **_content(request),
                )
        except _BEFORE_LEAVING as failure:
            return Silence(left=False, why=f"Telnyx could not be reached: {_why(failure)}.")
        except TimeoutError:
            return Silence(left=True, why="Telnyx did not reply in time.")
        except httpx.HTTPError as failure:
            return Silence(left=True, why=f"The connection to Telnyx broke: {_why(failure)}.")
        # By the loop, not the clock: one that is set meanwhile would date a read in the future.
        round_trip = int((loop.time() - sent) * 1000)
        headers = {name.lower(): value for name, value in response.headers.items()}
        answer = Answer(response.status_code, _decoded(response.content), headers, round_trip)
        date = date_of(answer)
        if date is not None:
            received = self._clock.now_ms()
            self.skew.observe(date, received - round_trip, received)
        return answer


def _content(request: HttpRequest) -> dict[str, Any]:
    if request.upload is not None:
        file = (request.upload.name, request.upload.content, request.upload.content_type)
        fields = {name: str(value) for name, value in (request.body or {}).items()}
        return {"data": fields, "files": {"media": file}}
    if request.body is None:
        return {}
    # ASCII: a lone surrogate in a name is legal JSON and not legal UTF-8.
    content = json.dumps(request.body, separators=(",", ":")).encode("ascii")
    return {"content": content, "headers": {"Content-Type": "application/json"}}


def _decoded(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _why(failure: httpx.HTTPError) -> str:
    return str(failure) or type(failure).__name__


def _rows(body: JsonObject) -> list[JsonObject]:
    data = body.get("data")
    return [row for row in data if isinstance(row, dict)] if isinstance(data, list) else []


def _meta(body: JsonObject) -> JsonObject:
    meta = body.get("meta")
    return meta if isinstance(meta, dict) else {}
