"""The simulator at work: one world, its HTTP surface and its webhooks on one event loop.

Every access to the world goes through `Simulator.step`: the truth is brought up to the present, something
is done to it, and what that caused leaves as webhooks. Time comes from a clock and from the loop's
timers alone, so the same simulator runs on the machine's clock and on a jump loop (design §3.10).
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from itertools import count
from typing import Self, TypeVar

from aiohttp import web

from warmxfer_tui.clock import JumpClock, SystemClock
from warmxfer_tui.simulator.api import MAX_BODY, Api, Gate, Meter, respond_to_http_error
from warmxfer_tui.simulator.control import Control
from warmxfer_tui.simulator.credentials import Credentials
from warmxfer_tui.simulator.delivery import TIMEOUT_S, Delivery, Schedule, Target, Weather
from warmxfer_tui.simulator.faults import Faults
from warmxfer_tui.simulator.lifeline import Lifeline
from warmxfer_tui.simulator.mishaps import Mishaps
from warmxfer_tui.simulator.world import PERSONAS, Application, Knobs, Persona, Reply, Webhook, World

T = TypeVar("T")

#: Seconds that a dial's reply waits for its `call.initiated` at most, where knob #24 puts the event first.
INITIATED_FIRST_S = 1.0


class Simulator:
    """A local Telnyx account with a phone network behind it.

    Use it as an async context manager, or call `start` and `stop`. ``port`` 0 takes any free port; the
    address is known once it has started. Without ``webhook_url`` the application has none until the console
    sets it through the API, as a new account's has. ``weather`` is by default what knob #23 says.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        clock: JumpClock | SystemClock,
        webhook_url: str = "",
        knobs: Knobs | None = None,
        personas: Mapping[str, Persona] = PERSONAS,
        seed: int = 0,
        host: str = "127.0.0.1",
        port: int = 0,
        weather: Weather | None = None,
    ) -> None:
        self.credentials = credentials
        self.knobs = knobs or Knobs()
        self._clock = clock
        self._last_us = 0
        numbers = count(1)
        self.faults = Faults(self.now_us, numbers, seed)
        self.mishaps = Mishaps(self.now_us, numbers, seed)
        self._dice = random.Random(seed)  # noqa: S311 - repeatable, not a secret
        self.world = World(
            now=self.now_us(),
            account=credentials.account(webhook_url),
            knobs=self.knobs,
            personas=personas,
            seed=seed,
        )
        self.delivery = Delivery(
            credentials.signing_key,
            now_us=self.now_us,
            seed=seed,
            weather=weather or weather_of(self.knobs),
            schedule=schedule_of(self.knobs),
            mishaps=self.mishaps,
        )
        self._host = host
        self._port = port
        self._timer: asyncio.TimerHandle | None = None
        self._api: Api | None = None
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen, and let the world's time run. Raises `OSError` when the port is taken."""
        await self.delivery.open()
        app = web.Application(client_max_size=MAX_BODY, middlewares=[respond_to_http_error(self.now_us)])
        gate = Gate(self.credentials.api_key, absent_is_404=self.knobs.no_authorization == "404/10005")
        meter = Meter(10 if self.knobs.rate_limit == "10/s" else None)
        self._api = Api(self.handle, gate=gate, meter=meter, faults=self.faults, now_us=self.now_us)
        self._api.register(app)
        control = Control(self, gate)
        control.register(app)
        self.lifeline = Lifeline(self, gate, control.planning.words)
        self.lifeline.register(app)
        self._runner = web.AppRunner(
            app,
            handle_signals=False,
            access_log=None,
            shutdown_timeout=0.2,
            handler_cancellation=True,  # nobody waits any more for a request that is held open
        )
        try:
            await self._runner.setup()
            site = web.TCPSite(self._runner, self._host, self._port)
            await site.start()
        except BaseException:
            await self.stop()
            raise
        self._port = self._runner.addresses[0][1]
        self.step(_nothing)

    async def stop(self) -> None:
        """Stop listening, drop the webhooks under way, let time stand still. Twice is once."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        if self._api is not None:
            await self._api.close()
            self._api = None
        await self.delivery.close()

    @property
    def base_url(self) -> str:
        """Address of the API, ending in ``/v2``: what ``TELNYX_BASE_URL`` holds."""
        return f"http://{self._host}:{self._port}/v2"

    @property
    def control_url(self) -> str:
        """Address of the control surface, ending in ``/sim``."""
        return f"http://{self._host}:{self._port}/sim"

    def now_us(self) -> int:
        """The present in UTC microseconds: each moment is later than the last one asked for.

        The clock tells milliseconds; without the strict order two events of one millisecond would share
        their `occurred_at`, by which consoles order them.
        """
        self._last_us = max(self._clock.now_ms() * 1000, self._last_us + 1)
        return self._last_us

    def step(self, act: Callable[[World], T]) -> T:
        """Bring the world up to the present, do ``act`` to it, and send what has happened."""
        result, _ = self._stepped(act)
        return result

    async def handle(
        self, method: str, path: str, query: Mapping[str, str], body: Mapping[str, object] | None
    ) -> Reply:
        """Answer one API request. ``path`` is decoded and below ``/v2``."""
        reply, initiated = self._stepped(lambda world: world.handle(method, path, query, body))
        if initiated and (method, path) == ("POST", "/calls") and self._event_comes_first():
            await asyncio.wait(initiated, timeout=INITIATED_FIRST_S)
        return reply

    def ring_in(self, customer: str, name: str = "", persona: Persona | None = None) -> str:
        """Let a customer ring the account's number; return the call_control_id of their leg."""
        return self.step(lambda world: world.ring_in(customer, name=name, persona=persona))

    def _event_comes_first(self) -> bool:
        match self.knobs.initiated:
            case "before reply":
                return True
            case "after reply":
                return False
            case "random":
                return self._dice.random() < 0.5

    def _stepped(self, act: Callable[[World], T]) -> tuple[T, list[asyncio.Task[None]]]:
        self.world.advance(self.now_us())
        result = act(self.world)
        initiated: list[asyncio.Task[None]] = []
        for webhook in self.world.take_webhooks():
            journeys = self._send(webhook)
            if webhook.event_type == "call.initiated":
                initiated.extend(journeys)
        self._arm()
        return result, initiated

    def _send(self, webhook: Webhook) -> tuple[asyncio.Task[None], ...]:
        application = self.world.applications.get(webhook.connection_id)
        target = target_of(webhook, application)
        return self.delivery.send(webhook, target) if target is not None else ()

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due = self.world.next_due
        if due is not None:
            loop = asyncio.get_running_loop()
            wait_s = max(due - self._clock.now_ms() * 1000, 0) / 1_000_000
            self._timer = loop.call_at(loop.time() + wait_s, self.step, _nothing)


def _nothing(_world: World) -> None:
    """Only let time pass."""


def target_of(webhook: Webhook, application: Application | None) -> Target | None:
    """Return where a webhook goes, None when nobody has said (telnyx-facts §3.4)."""
    if application is None:
        return Target(webhook.url) if webhook.url else None
    seconds = application.webhook_timeout_secs
    target = Target(
        url=webhook.url or application.webhook_event_url,
        failover_url=application.webhook_event_failover_url,
        timeout_s=float(seconds) if seconds else TIMEOUT_S,
    )
    return target if target.url else None


def weather_of(knobs: Knobs) -> Weather:
    """Return the weather that knob #23 names."""
    if knobs.delivery_order == "strict":
        return Weather(jitter_ms=(20, 20), ordered=True)
    return Weather()


def schedule_of(knobs: Knobs) -> Schedule:
    """Return the retries that knobs #39, #40 and #41 name."""
    return Schedule(
        tries=5 if knobs.retry_schedule == "5 tries" else 3,
        follow_redirects=3 if knobs.webhook_redirect == "follow 3" else 0,
        fresh_timestamp=knobs.retry_timestamp == "fresh",
    )
