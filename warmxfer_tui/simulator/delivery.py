"""Webhooks on their way: signed, late, doubled, lost and tried again, as Telnyx's are (telnyx-facts §3).

Every webhook travels on its own: two of them may overtake each other, and nothing here waits for another
unless `Weather.ordered` says so.
"""

from __future__ import annotations

import asyncio
import base64
import json
import random
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass

import aiohttp
from nacl.signing import SigningKey

from warmxfer_tui.simulator.mishaps import OVERTAKEN_WITHIN_S, Mishap, MishapKind, Mishaps, corrupted
from warmxfer_tui.simulator.world import Webhook

#: Attempts that are remembered for `Delivery.attempts`.
REMEMBERED = 1000
#: Seconds that one attempt may take unless the application says otherwise (telnyx-facts §3.6).
TIMEOUT_S = 2.0


@dataclass(frozen=True, slots=True)
class Target:
    """Where the webhooks of one leg or application go."""

    url: str
    """First address; tried until the schedule is used up."""
    failover_url: str = ""
    """Second address, tried with the same schedule when the first has failed; empty for none."""
    timeout_s: float = TIMEOUT_S
    """Seconds that one attempt may take: the application's ``webhook_timeout_secs``, if it has one."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """How an undelivered webhook is tried again (knobs #39, #40, #41)."""

    tries: int = 3
    """Attempts at each address."""
    first_wait_s: float = 1.0
    """Wait after the first failed attempt at an address; doubled after each further one."""
    follow_redirects: int = 0
    """Redirects that an attempt follows; 0 makes a redirect a failure."""
    fresh_timestamp: bool = True
    """Whether each attempt is signed anew; else every attempt repeats the first one's timestamp."""


@dataclass(frozen=True, slots=True)
class Weather:
    """How the network treats webhooks of its own accord (knob #23)."""

    jitter_ms: tuple[int, int] = (20, 400)
    """Least and greatest delay of a first attempt."""
    ordered: bool = False
    """Deliver strictly one after another, in the order of their occurrence."""
    lost: float = 0.0
    """Share of webhooks that never leave."""
    doubled: float = 0.0
    """Share of webhooks that are delivered twice."""
    swapped: float = 0.0
    """Share of webhooks that are held back until later ones have overtaken them."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver one webhook, as the audit of `GET /webhook_deliveries` would show it."""

    id: str
    """The webhook's ``data.id``."""
    event_type: str
    """The webhook's event name."""
    number: int
    """``meta.attempt``: counted from 1 over both addresses."""
    url: str
    """Where it went."""
    status: int | None
    """What the receiver answered; None without an answer in time."""

    @property
    def delivered(self) -> bool:
        """Any 2xx is success; the body is ignored (telnyx-facts §3.6)."""
        return self.status is not None and 200 <= self.status < 300


def signed(signing_key: SigningKey, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the headers of a webhook: Ed25519 over ``timestamp|body`` (telnyx-facts §3.5).

    ``timestamp`` is in Unix seconds.
    """
    signature = signing_key.sign(f"{timestamp}|".encode("ascii") + body).signature
    return {
        "Content-Type": "application/json",
        "User-Agent": "telnyx-webhooks",
        "telnyx-signature-ed25519": base64.b64encode(signature).decode("ascii"),
        "telnyx-timestamp": str(timestamp),
    }


def encoded(webhook: Webhook, attempt: int, url: str) -> bytes:
    """Return the bytes of one attempt, with its ``meta`` (telnyx-facts §3.1)."""
    whole = {**webhook.body, "meta": {"attempt": attempt, "delivered_to": url}}
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate in a caller's name has no UTF-8; its backslash form is the same text in JSON.
    return text.encode("utf-8", "backslashreplace")


class Delivery:
    """Sends webhooks until they are delivered or given up. Open it on the loop that it works on."""

    def __init__(
        self,
        signing_key: SigningKey,
        *,
        now_us: Callable[[], int],
        seed: int = 0,
        weather: Weather,
        schedule: Schedule,
        mishaps: Mishaps | None = None,
    ) -> None:
        self.weather = weather
        self.schedule = schedule
        self.attempts: deque[Attempt] = deque(maxlen=REMEMBERED)
        self._signing_key = signing_key
        self._now_us = now_us
        self._dice = random.Random(seed)  # noqa: S311 - repeatable weather, not a secret
        self.mishaps = mishaps if mishaps is not None else Mishaps(now_us, seed=seed)
        self._under_way: set[asyncio.Task[None]] = set()
        self._sent = 0
        self._overtaken: dict[int, asyncio.Event] = {}
        self._turn = asyncio.Lock()
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Make the HTTP client."""
        # Jitter makes deliveries independent; a shared limit of connections would tie them together again.
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def close(self) -> None:
        """Drop what is under way and close every connection."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    @property
    def under_way(self) -> int:
        """Webhooks that are neither delivered nor given up."""
        return len(self._under_way)

    async def settled(self) -> None:
        """Return when no webhook is under way."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    def send(self, webhook: Webhook, target: Target) -> tuple[asyncio.Task[None], ...]:
        """Send ``webhook`` on its way and return its journeys: none when it is lost, two when doubled."""
        mishap = self.mishaps.hit(webhook) or self._roll()
        match mishap.kind if mishap else None:
            case MishapKind.DROP:
                return ()
            case MishapKind.DUPLICATE:
                return (self._start(webhook, target), self._start(webhook, target))
            case _:
                return (self._start(webhook, target, mishap),)

    def _roll(self) -> Mishap | None:
        roll, weather = self._dice.random(), self.weather
        if roll < weather.lost:
            return Mishap(MishapKind.DROP)
        if roll < weather.lost + weather.doubled:
            return Mishap(MishapKind.DUPLICATE)
        if roll < weather.lost + weather.doubled + weather.swapped:
            return Mishap(MishapKind.DELAY)
        return None

    def _start(self, webhook: Webhook, target: Target, mishap: Mishap | None = None) -> asyncio.Task[None]:
        wait_s = self._dice.randint(*self.weather.jitter_ms) / 1000
        self._sent += 1
        task = asyncio.create_task(self._travel(self._sent, webhook, target, wait_s, mishap))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def _travel(
        self, number: int, webhook: Webhook, target: Target, wait_s: float, mishap: Mishap | None
    ) -> None:
        """One webhook's journey with what happens to it on the way."""
        altered = 0
        match mishap.kind if mishap else None:
            case MishapKind.DELAY if mishap:
                wait_s += mishap.delay_s
            case MishapKind.CORRUPT if mishap:
                altered = mishap.attempts if mishap.attempts is not None else sys.maxsize
            case MishapKind.REORDER:
                await self._be_overtaken(number)
        async with self._turn if self.weather.ordered else nullcontext():
            await asyncio.sleep(wait_s)
            await self._journey(webhook, target, altered)
        for earlier, overtaken in self._overtaken.items():
            if earlier < number:
                overtaken.set()

    async def _be_overtaken(self, number: int) -> None:
        self._overtaken[number] = asyncio.Event()
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(OVERTAKEN_WITHIN_S):
                    await self._overtaken[number].wait()
        finally:
            del self._overtaken[number]

    async def _journey(self, webhook: Webhook, target: Target, altered: int) -> None:
        first_signed_at = self._now_us() // 1_000_000
        for number, (url, pause_s) in enumerate(self._tries(target), start=1):
            await asyncio.sleep(pause_s)
            timestamp = self._now_us() // 1_000_000 if self.schedule.fresh_timestamp else first_signed_at
            body = encoded(webhook, number, url)
            headers = signed(self._signing_key, timestamp, body)
            status = None
            if not self.mishaps.stops(webhook):
                sent = corrupted(body) if number <= altered else body
                status = await self._post(url, sent, headers, target.timeout_s)
            attempt = Attempt(webhook.id, webhook.event_type, number, url, status)
            self.attempts.append(attempt)
            if attempt.delivered:
                return

    def _tries(self, target: Target) -> Iterator[tuple[str, float]]:
        """Yield each attempt's address and the pause before it, in seconds."""
        pause_s = 0.0
        for url in filter(None, (target.url, target.failover_url)):
            for failed in range(self.schedule.tries):
                yield url, pause_s
                pause_s = self.schedule.first_wait_s * 2**failed

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str], timeout_s: float) -> int | None:
        if self._session is None:
            raise RuntimeError("the delivery is not open")
        hops = self.schedule.follow_redirects
        try:
            async with self._session.post(
                url,
                data=body,
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=timeout_s),
                allow_redirects=hops > 0,
                max_redirects=max(hops, 1),
            ) as reply:
                return reply.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None
