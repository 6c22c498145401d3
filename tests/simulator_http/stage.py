"""Helpers: a simulator on virtual time, and an HTTP client for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

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
