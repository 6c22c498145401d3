"""A process that shares a journal with another: ``python -m tests.journal.rival ROLE FILE``.

console            presses keys at an engine of its own, and prints the number of each request that leaves
console-of-two,
guardian-of-two    take the desk again whenever they have lost it, and print what is durable
holder             keeps a transaction open
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from dataclasses import replace
from itertools import count
from pathlib import Path

from tests.journal.given import ask, by_hand, fact
from warmxfer_tui.clock import SystemClock
from warmxfer_tui.core.commands import Ask
from warmxfer_tui.core.events import Accepted, Event, Pressed, Reply
from warmxfer_tui.core.machine import Stepped
from warmxfer_tui.core.model import Desk
from warmxfer_tui.engine import Engine
from warmxfer_tui.errors import LeaseLost
from warmxfer_tui.journal.errors import JournalBroken
from warmxfer_tui.journal.sqlite import SqliteJournal
from warmxfer_tui.runtime.guarding import signs_of_life

Role = Callable[[Path], Coroutine[None, None, None]]
PACE_S = 0.005
ROWS_A_TURN = 7


class Outside:
    """A carrier and a screen that print."""

    spare = None

    async def send(self, ask: Ask) -> Reply:
        print(f"sent {ask.id}", flush=True)
        return Accepted()

    def publish(self, desk: Desk) -> None:
        for notice in desk.notices:
            if "another process runs this desk" in notice.text:
                print("stood down", flush=True)


def one_request_a_key(desk: Desk, event: Event) -> Stepped:
    asks = (ask(desk.next_ask),) if isinstance(event, Pressed) else ()
    return Stepped(replace(desk, now=event.at, next_ask=desk.next_ask + len(asks)), asks, ())


async def console(file: Path) -> None:
    """Press keys for ever."""
    clock, outside = SystemClock(), Outside()
    async with (
        SqliteJournal(file, "chapter", clock=clock) as journal,
        Engine(
            carrier=outside, journal=journal, clock=clock, publisher=outside, fold=one_request_a_key
        ) as engine,
    ):
        signs = asyncio.create_task(signs_of_life(journal))
        while True:
            engine.submit(Pressed(0, "hold"))
            await asyncio.sleep(PACE_S)
            if signs.done():
                engine.stand_down(signs.result())


def of_two(*, guardian: bool) -> Role:
    """One of two who never give in."""

    async def fight(file: Path) -> None:
        own = count(1 if guardian else 2, 2)
        async with SqliteJournal(file, "chapter", clock=SystemClock(), guardian=guardian) as journal:
            print("open", flush=True)
            while True:
                try:
                    await journal.take()
                    for number in (next(own) for _ in range(ROWS_A_TURN)):
                        await journal.record(fact(number), [ask(number)])
                        print(number, flush=True)
                        await asyncio.sleep(0)
                except LeaseLost:
                    await asyncio.sleep(PACE_S)
                except JournalBroken:
                    print("busy", flush=True)

    return fight


async def holder(file: Path) -> None:
    """Be in the middle of a commit for ever."""
    async with SqliteJournal(file, "chapter", clock=SystemClock()):
        with by_hand(file) as db:
            db.execute("BEGIN IMMEDIATE")
            print("holding", flush=True)
            await asyncio.sleep(3_600)


ROLES: dict[str, Role] = {
    "console": console,
    "console-of-two": of_two(guardian=False),
    "guardian-of-two": of_two(guardian=True),
    "holder": holder,
}

if __name__ == "__main__":
    asyncio.run(ROLES[sys.argv[1]](Path(sys.argv[2])))
