"""The bench of the contract tests: a simulator, a receiver for its webhooks, and the official package."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
from telnyx import APIStatusError, AsyncTelnyx

from warmxfer_tui.simulator.credentials import Credentials
from warmxfer_tui.simulator.delivery import Weather
from warmxfer_tui.simulator.service import Simulator
from warmxfer_tui.simulator.world import Account

from ..receiver import Receiver

SECOND_APP = "1494404757140276705"


@dataclass(slots=True)
class SkipClock:
    """The wall clock, and a way not to wait for it. Signatures bear a lead of at most 300 s."""

    skipped_ms: int = 0

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self.skipped_ms


class TwoOfEach(Credentials):
    """An account with two numbers and two applications, the second of which may not dial out."""

    def account(self, webhook_url: str = "") -> Account:
        one = super().account(webhook_url)
        second = replace(
            one.applications[0], id=SECOND_APP, application_name="reception", outbound_channel_limit=0
        )
        return replace(one, numbers=(*one.numbers, "+12025550109"), applications=(*one.applications, second))


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply: as it came, as the package understood it, and what was to be expected."""

    endpoint: str
    status: int
    body: Any
    model: object
    """The package's model, or the exception of its strict validation or of a refusal."""
    refusal: str = ""
    """The Telnyx error code that was to come; empty for a success."""


@dataclass(slots=True)
class Bench:
    """Everything a contract test works with."""

    simulator: Simulator
    client: AsyncTelnyx
    receiver: Receiver
    clock: SkipClock
    answers: list[Answer] = field(default_factory=list)
    """Every reply, in order."""

    async def take(self, endpoint: str, raw: Awaitable[Any], *, refused: str = "") -> Any:
        """Await a raw response of the package, keep it as an answer of ``endpoint``, return its JSON.

        ``refused`` is the error code that the reply must bear. Nothing is judged here.
        """
        try:
            response = await raw
        except APIStatusError as error:
            answer = Answer(endpoint, error.status_code, error.response.json(), error, refused)
        else:
            try:
                model = await response.parse()
            except Exception as error:  # whatever it is, it is what the package says
                model = error
            answer = Answer(endpoint, response.status_code, await response.json(), model, refused)
        self.answers.append(answer)
        return answer.body

    async def take_plain(
        self, endpoint: str, method: str, path: str, model: type[Any] | None = None, **request: Any
    ) -> Any:
        """The same for a request that the package has no method for; it may still have a model."""
        async with httpx.AsyncClient(trust_env=False) as http:
            headers = {"Authorization": f"Bearer {self.simulator.credentials.api_key}"}
            reply = await http.request(method, self.simulator.base_url + path, headers=headers, **request)
        body = reply.json()
        understood = None if model is None else model.model_validate(body, strict=True)
        self.answers.append(Answer(endpoint, reply.status_code, body, understood))
        return body

    def skip(self, seconds: float) -> None:
        """Let the simulator's world live through some time at once."""
        self.clock.skipped_ms += round(seconds * 1000)
        self.simulator.step(lambda _world: None)


Make = Callable[..., Simulator]


@asynccontextmanager
async def bench(
    make: Make = Simulator, *, credentials: Credentials | None = None, **options: Any
) -> AsyncIterator[Bench]:
    """Open a bench whose application already sends its webhooks to the receiver."""
    clock, receiver = SkipClock(), Receiver()
    weather = Weather(jitter_ms=(0, 0), ordered=True)
    keys = credentials or Credentials.fresh()
    async with receiver.open():
        simulator = make(keys, clock=clock, webhook_url=receiver.url, weather=weather, **options)
        async with simulator, strict_client(simulator) as client:
            yield Bench(simulator, client, receiver, clock)


def strict_client(simulator: Simulator, api_key: str = "") -> AsyncTelnyx:
    """Return the package's client with strict validation, and without its own retries."""
    return AsyncTelnyx(
        api_key=api_key or simulator.credentials.api_key,
        public_key=simulator.credentials.public_key,
        base_url=simulator.base_url,
        max_retries=0,
        _strict_response_validation=True,
        http_client=httpx.AsyncClient(trust_env=False),
    )
