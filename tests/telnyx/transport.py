"""A Telnyx that plays a script in place of a network, and the client in front of it, on virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import httpx

from warmxfer_tui.clock import JumpClock, run_jump
from warmxfer_tui.core.commands import Request
from warmxfer_tui.core.events import Reply
from warmxfer_tui.telnyx.carrier import TelnyxCarrier
from warmxfer_tui.telnyx.client import TelnyxClient

from .asks import ask

BASE_URL = "https://telnyx.test/v2"
KEY = "KEYsecret"
OK = {"data": {"result": "ok", "call_control_id": "v3:new", "id": "room", "is_alive": True}}
NEVER = 1e6


class Telnyx:
    """A transport that plays a script, one entry an attempt; the last entry is repeated."""

    def __init__(self, *script: httpx.Response | Exception | float) -> None:
        self.script = list(script)
        self.requests: list[httpx.Request] = []
        self.times: list[float] = []

    async def handle(self, request: httpx.Request) -> httpx.Response:
        entry = self.script[min(len(self.requests), len(self.script) - 1)]
        self.requests.append(request)
        self.times.append(asyncio.get_running_loop().time())
        if isinstance(entry, Exception):
            raise entry
        if isinstance(entry, float):
            await asyncio.sleep(entry)
            return httpx.Response(200, json=OK)
        return httpx.Response(entry.status_code, headers=entry.headers, content=entry.content)

    def client(self) -> TelnyxClient:
        clock = JumpClock(asyncio.get_running_loop())
        return TelnyxClient(KEY, clock=clock, base_url=BASE_URL, transport=httpx.MockTransport(self.handle))


def send(telnyx: Telnyx, request: Request) -> tuple[Reply, float]:
    """The reply to one request, and the virtual seconds that it took."""

    async def main() -> tuple[Reply, float]:
        async with telnyx.client() as client:
            reply = await TelnyxCarrier(client, "journal").send(ask(request))
            return reply, asyncio.get_running_loop().time()

    return run_jump(main())


def with_client(telnyx: Telnyx, use: Callable[[TelnyxClient], Coroutine[Any, Any, Any]]) -> Any:
    async def main() -> Any:
        async with telnyx.client() as client:
            return await use(client)

    return run_jump(main())


def json_reply(status: int, body: object, **headers: str) -> httpx.Response:
    return httpx.Response(status, json=body, headers={k.replace("_", "-"): v for k, v in headers.items()})
