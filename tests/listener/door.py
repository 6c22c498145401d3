"""An open listener, somebody who knocks, and what stands behind the door."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from nacl.signing import SigningKey

from tests.memory_journal import MemoryJournal
from warmxfer_tui.core.commands import Ask
from warmxfer_tui.core.events import Event, Fact
from warmxfer_tui.listener import Listener
from warmxfer_tui.ports import Journal
from warmxfer_tui.telnyx.signature import Verifier
from warmxfer_tui.telnyx.wire import fact_of

KEY = SigningKey(bytes(range(32)))
VERIFIER = Verifier(base64.b64encode(bytes(KEY.verify_key)).decode())
NOW = 1_767_225_600_000


class StoppedClock:
    def now_ms(self) -> int:
        return NOW


@dataclass
class Box:
    """An inbox that may be closed."""

    open: bool = True
    facts: list[Fact] = field(default_factory=list)

    def offer(self, fact: Fact) -> bool:
        self.facts.append(fact)
        return self.open


class SlowJournal(MemoryJournal):
    """Its first copy is safe only when `durable` is set, as with a disk."""

    def __init__(self) -> None:
        super().__init__("journal")
        self.durable = asyncio.Event()
        self.arrived: asyncio.Queue[str] = asyncio.Queue()

    async def receive(self, event_id: str, body: bytes, at: int) -> bool:
        new = await super().receive(event_id, body, at)
        self.arrived.put_nowait(event_id)
        await self.durable.wait()
        return new


class FullDisk:
    """A journal that refuses."""

    id = "journal"

    async def receive(self, event_id: str, body: bytes, at: int) -> bool:
        raise OSError(28, "No space left on device")

    async def record(self, event: Event, asks: Sequence[Ask]) -> None:
        raise OSError(28, "No space left on device")

    async def set_aside(self, event: Event, why: str) -> None:
        raise OSError(28, "No space left on device")

    async def still_ours(self) -> None:
        raise AssertionError("the listener sends nothing")


@dataclass
class Desk:
    """A listener that is open, and a client to knock at it."""

    listener: Listener
    http: aiohttp.ClientSession
    box: Box

    async def post(self, body: Any, headers: dict[str, str]) -> int:
        async with self.http.post(self.listener.url, data=body, headers=headers) as response:
            assert await response.text()
            return response.status

    async def deliver(self, body: bytes) -> int:
        return await self.post(body, signed(body))


@asynccontextmanager
async def desk(journal: Journal | None = None, box: Box | None = None) -> AsyncIterator[Desk]:
    box = box or Box()
    listener = Listener(
        verify=VERIFIER.flaw,
        read=fact_of,
        journal=journal or MemoryJournal("journal"),
        inbox=box,
        clock=StoppedClock(),
    )
    async with listener, aiohttp.ClientSession(auto_decompress=False) as http:
        yield Desk(listener, http, box)


def event(event_id: str = "e1", kind: str = "call.answered", **payload: Any) -> bytes:
    data = {
        "event_type": kind,
        "id": event_id,
        "occurred_at": "2026-01-01T00:00:00.000000Z",
        "payload": {"call_control_id": "v3:leg", **payload},
    }
    return json.dumps({"data": data}).encode()


def signed(body: bytes, seconds: int = 0) -> dict[str, str]:
    timestamp = str(NOW // 1000 + seconds)
    signature = KEY.sign(timestamp.encode() + b"|" + body).signature
    return {
        "Content-Type": "application/json",
        "Telnyx-Timestamp": timestamp,
        "Telnyx-Signature-Ed25519": base64.b64encode(signature).decode(),
    }
