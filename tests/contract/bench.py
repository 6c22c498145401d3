"""The bench of the contract tests: a simulator, an inbox for its webhooks, and the official package."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from aiohttp import web
from telnyx import AsyncTelnyx

from warmxfer_tui.simulator.credentials import Credentials
from warmxfer_tui.simulator.delivery import Weather
from warmxfer_tui.simulator.service import Simulator


@dataclass(slots=True)
class SkipClock:
    """The wall clock, and a way not to wait for it. Signatures bear a lead of at most 300 s."""

    skipped_ms: int = 0

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self.skipped_ms


@dataclass(frozen=True, slots=True)
class Letter:
    """One webhook as it came in: the raw bytes and the headers of its request."""

    raw: bytes
    headers: Mapping[str, str]

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def event_type(self) -> str:
        return str(self.body["data"]["event_type"])

    @property
    def leg(self) -> str | None:
        leg = self.body["data"]["payload"].get("call_control_id")
        return None if leg is None else str(leg)


class Inbox:
    """A listener that keeps every letter and answers 200."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.url = ""
        self._came = asyncio.Condition()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Inbox]:
        app = web.Application()
        app.router.add_post("/webhooks", self._receive)
        runner = web.AppRunner(app, handle_signals=False, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/webhooks"
            yield self
        finally:
            await runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        letter = Letter(await request.read(), dict(request.headers))
        async with self._came:
            self.letters.append(letter)
            self._came.notify_all()
        return web.Response()

    async def until(self, event_type: str, leg: str | None = None) -> Letter:
        """Return the first letter of that kind about ``leg``, now or when it comes."""

        def found() -> Letter | None:
            fitting = (each for each in self.letters if each.event_type == event_type)
            return next((each for each in fitting if leg is None or each.leg == leg), None)

        async with self._came, asyncio.timeout(10):
            await self._came.wait_for(lambda: found() is not None)
        letter = found()
        assert letter is not None
        return letter


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply: as it came, and as the package understood it."""

    status: int
    body: Any
    model: object
    """The package's model, or the exception of its strict validation."""


@dataclass(slots=True)
class Bench:
    """Everything a contract test works with."""

    simulator: Simulator
    client: AsyncTelnyx
    inbox: Inbox
    clock: SkipClock
    answers: dict[str, Answer] = field(default_factory=dict)

    async def take(self, endpoint: str, raw: Awaitable[Any]) -> Any:
        """Await a raw response of the package, keep it as the answer of ``endpoint``, return its JSON."""
        response = await raw
        try:
            model = await response.parse()
        except Exception as error:  # whatever it is, it is what the package says
            model = error
        self.answers[endpoint] = Answer(response.status_code, await response.json(), model)
        return self.answers[endpoint].body

    def skip(self, seconds: float) -> None:
        """Let the simulator's world live through some time at once."""
        self.clock.skipped_ms += round(seconds * 1000)
        self.simulator.step(lambda _world: None)


Make = Callable[..., Simulator]


@asynccontextmanager
async def bench(make: Make = Simulator, **options: Any) -> AsyncIterator[Bench]:
    """Open a bench whose application already sends its webhooks to the inbox."""
    clock, inbox = SkipClock(), Inbox()
    weather = Weather(jitter_ms=(0, 0), ordered=True)
    async with inbox.open():
        simulator = make(Credentials.fresh(), clock=clock, webhook_url=inbox.url, weather=weather, **options)
        async with simulator, strict_client(simulator) as client:
            yield Bench(simulator, client, inbox, clock)


def strict_client(simulator: Simulator) -> AsyncTelnyx:
    """Return the package's client with strict validation, and without its own retries."""
    return AsyncTelnyx(
        api_key=simulator.credentials.api_key,
        public_key=simulator.credentials.public_key,
        base_url=simulator.base_url,
        max_retries=0,
        _strict_response_validation=True,
        http_client=httpx.AsyncClient(trust_env=False),
    )
