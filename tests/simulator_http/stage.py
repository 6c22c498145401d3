"""Helpers: a simulator on virtual time, a receiver that answers as told, and an HTTP client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from aiohttp import web

from warmxfer_tui.clock import JumpClock
from warmxfer_tui.simulator.credentials import Credentials
from warmxfer_tui.simulator.service import Simulator

KEYS = Credentials.seeded(7)
MANUAL_NUMBER = "+12025550118"
#: Nobody listens there; but without any address an application may not dial (telnyx-facts §1.4).
NOBODY = "http://127.0.0.1:9/webhooks"


@asynccontextmanager
async def simulator(*, webhook_url: str = NOBODY, **options: Any) -> AsyncIterator[Simulator]:
    """Open a simulator on the clock of the running loop."""
    clock = JumpClock(asyncio.get_running_loop())
    async with Simulator(KEYS, clock=clock, webhook_url=webhook_url, **options) as opened:
        yield opened


@asynccontextmanager
async def http(simulator: Simulator, *, key: str | None = KEYS.api_key) -> AsyncIterator[httpx.AsyncClient]:
    """Open a client of the simulator's API that shows ``key``."""
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(
        base_url=simulator.base_url, headers=headers, trust_env=False, timeout=60
    ) as client:
        yield client


def dial_body(to: str = MANUAL_NUMBER, **more: object) -> dict[str, object]:
    return {"connection_id": KEYS.connection_id, "to": to, "from": KEYS.phone_number, **more}


def code(reply: httpx.Response) -> tuple[int, str]:
    return reply.status_code, reply.json()["errors"][0]["code"]


@dataclass(frozen=True, slots=True)
class Received:
    """One request of the delivery, and when it came in loop seconds."""

    at: float
    path: str
    raw: bytes
    headers: Mapping[str, str]

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def event_type(self) -> str:
        return str(self.body["data"]["event_type"])


class Receiver:
    """A webhook listener whose answers a test chooses."""

    def __init__(self, answer: Callable[[Received], web.Response | float] | None = None) -> None:
        self.received: list[Received] = []
        self.base = ""
        self._answer = answer or (lambda _: web.Response())
        self._more = asyncio.Condition()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Receiver]:
        app = web.Application()
        app.router.add_post("/{name}", self._receive)
        runner = web.AppRunner(app, handle_signals=False, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield self
        finally:
            await runner.cleanup()

    async def came(self, count: int) -> None:
        """Return when ``count`` requests have come."""
        async with self._more:
            await self._more.wait_for(lambda: len(self.received) >= count)

    async def _receive(self, request: web.Request) -> web.Response:
        now = asyncio.get_running_loop().time()
        got = Received(now, request.path, await request.read(), dict(request.headers))
        async with self._more:
            self.received.append(got)
            self._more.notify_all()
        answer = self._answer(got)
        if isinstance(answer, web.Response):
            return answer
        await asyncio.sleep(answer)
        return web.Response()
