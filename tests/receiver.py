"""A webhook listener for tests: it keeps every request, and answers as a test tells it to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

#: Seconds of the loop in which an awaited webhook must come.
PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Received:
    """One webhook as it came in."""

    at: float
    """When, in seconds of the loop's time."""
    path: str
    raw: bytes
    headers: Mapping[str, str]

    @property
    def body(self) -> Any:
        """The decoded JSON, of whatever shape."""
        return json.loads(self.raw)

    @property
    def event_type(self) -> str:
        return str(self.body["data"]["event_type"])

    @property
    def payload(self) -> Mapping[str, Any]:
        payload: Mapping[str, Any] = self.body["data"]["payload"]
        return payload

    @property
    def leg(self) -> str | None:
        """The call_control_id that it is about, None for an event of a whole room."""
        leg = self.payload.get("call_control_id")
        return None if leg is None else str(leg)


#: What a request is answered: a response, or 200 after so many seconds of the loop's time.
Answering = Callable[[Received], web.Response | float]


class Receiver:
    """Open it with `open`; every path below its address takes webhooks."""

    def __init__(self, answer: Answering | None = None) -> None:
        self.received: list[Received] = []
        self.base = ""
        self._answer = answer or (lambda _: web.Response())
        self._more = asyncio.Condition()

    @property
    def url(self) -> str:
        """Where an application may send its webhooks."""
        return f"{self.base}/webhooks"

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Receiver]:
        app = web.Application()
        app.router.add_post("/{name}", self._receive)
        runner = web.AppRunner(app, handle_signals=False, access_log=None, shutdown_timeout=0.2)
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

    async def until(self, event_type: str, leg: str | None = None) -> Received:
        """Return the first webhook of that kind about ``leg``, now or when it comes."""

        def found() -> Received | None:
            fitting = (each for each in self.received if each.event_type == event_type)
            return next((each for each in fitting if leg is None or each.leg == leg), None)

        async with self._more, asyncio.timeout(PATIENCE_S):
            await self._more.wait_for(lambda: found() is not None)
        webhook = found()
        assert webhook is not None
        return webhook

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
