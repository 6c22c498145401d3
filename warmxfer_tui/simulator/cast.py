"""Customers who ring in by themselves, one after another, so that a demo has somebody to serve."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle
from typing import Final, Self


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody with a phone."""

    number: str
    """Their number, E.164, from the range that is reserved for fiction."""
    name: str
    """The caller name that their carrier sends."""


#: Who rings in, in turn. The names try what a screen must bear: accents, scripts, markup, no name at all.
#: Two of the numbers belong to personas: +1 202 555 0121 gives up while held, 0122 while it rings.
CUSTOMERS: Final = (
    Customer("+12025550120", "Ada Byron"),
    Customer("+12025550141", "Gräfin Zoë von Köln"),
    Customer("+12025550121", "WIRELESS CALLER"),
    Customer("+12025550142", ""),
    Customer("+12025550143", "東京太郎"),
    Customer("+12025550122", "O'Neill, Shaun"),
    Customer("+12025550144", "[b]Bobby[/b]"),
)


class Cast:
    """Lets a customer ring in every so many seconds while it is entered.

    ``ring_in`` is called with a number and a name; the first call comes after ``every_s`` seconds, when the
    console has had time to say where its webhooks go.
    """

    def __init__(self, ring_in: Callable[[str, str], object], *, every_s: float) -> None:
        self._ring_in = ring_in
        self._every_s = every_s
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        for customer in cycle(CUSTOMERS):
            await asyncio.sleep(self._every_s)
            self._ring_in(customer.number, customer.name)
