"""A console that is killed in the middle of a call, and started again: the same desk, the next key works."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from tests.flow.screen import Screen
from tests.flow.test_session import account, nobody
from warmxfer_tui.clock import SystemClock
from warmxfer_tui.core.events import Pressed
from warmxfer_tui.core.hearing import hears
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.terms import Ccid, LegId, Phase
from warmxfer_tui.journal import journal_file
from warmxfer_tui.runtime.session import Session
from warmxfer_tui.simulator.credentials import Credentials
from warmxfer_tui.simulator.faults import Fault, FaultKind
from warmxfer_tui.simulator.service import Simulator
from warmxfer_tui.simulator.world import PERSONAS, Persona

pytestmark = pytest.mark.proof

LINE, MARIA, CUSTOMER = "+12025550101", "+12025550110", "+12025550143"
QUICK = {
    **PERSONAS,
    LINE: replace(PERSONAS[LINE], after=0.1, presses_after=0.1),
    MARIA: Persona("colleague", after=0.3),
    "+12025550118": Persona("slow", after=60.0),
}
WITHIN_S = 15.0
"""Seconds within which anything that this file waits for has happened."""
WAYS: dict[str, tuple[str, ...]] = {
    "TALK": (),
    "HELD": ("hold",),
    "CALLING": ("consult +12025550118",),
    "CONSULT": (f"consult {MARIA}",),
    "SWAPPED": (f"consult {MARIA}", "swap"),
    "THREE": (f"consult {MARIA}", "merge"),
    "FINISH": (f"consult {MARIA}", "merge", "complete"),
}
"""Keys that lead to a state, from talk; between two of them the state is waited for."""
AFTER = {"hold": "HELD", f"consult {MARIA}": "CONSULT", "swap": "SWAPPED", "merge": "THREE"}
NEXT = {
    "TALK": "hold",
    "HELD": "hold",
    "CALLING": "back",
    "CONSULT": "merge",
    "SWAPPED": "swap",
    "THREE": "hold",
}
"""A key that works in that state, and moves somebody."""


@asynccontextmanager
async def simulator() -> AsyncIterator[Simulator]:
    async with Simulator(Credentials.fresh(), clock=SystemClock(), personas=QUICK) as one:
        yield one


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def point_webhooks(one: Simulator, port: int) -> None:
    """What a person does in the portal."""
    body = {
        "application_name": "warmxfer",
        "webhook_event_url": f"http://127.0.0.1:{port}/webhooks",
    }
    app = f"/call_control_applications/{one.credentials.connection_id}"
    assert one.step(lambda world: world.handle("PATCH", app, {}, body)).status == 200


class Victim:
    """A console in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, one: Simulator) -> Victim:
        keys = one.credentials
        port = free_port()
        settings = {
            "TELNYX_API_KEY": keys.api_key,
            "TELNYX_PUBLIC_KEY": keys.public_key,
            "TELNYX_CONNECTION_ID": keys.connection_id,
            "TELNYX_PHONE_NUMBER": keys.phone_number,
            "TELNYX_BASE_URL": one.base_url,
            "AGENT_LINE": LINE,
            "LISTEN_PORT": str(port),
        }
        point_webhooks(one, port)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.flow.headless",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, **settings},
        )  # fmt: skip
        victim = cls(process)
        await victim.says("ready")
        return victim

    async def says(self, words: str) -> None:
        assert self._process.stdout is not None
        async with asyncio.timeout(WITHIN_S):
            while (line := await self._process.stdout.readline()).decode().strip() != words:
                assert line, f"it ended before it said {words}"

    async def press(self, key: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{key}\n".encode())
        await self._process.stdin.drain()

    async def kill(self) -> None:
        self._process.kill()
        await self._process.wait()


@pytest.mark.parametrize("remembered", [True, False], ids=["with its journal", "without it"])
@pytest.mark.parametrize("state", WAYS)
async def test_killed_in_any_state_it_shows_the_same_panels_and_the_next_key_works(
    state: str, remembered: bool
) -> None:
    """`kill -9`, and a new console within five seconds (issue: "Done when")."""
    async with simulator() as one:
        victim = await Victim.start(one)
        one.ring_in(CUSTOMER, "Ms Ortiz")
        await victim.says("RING")
        await victim.press("answer")
        await victim.says("TALK")
        if state == "FINISH":  # it is over in an instant where nothing goes wrong
            one.faults.add(Fault(FaultKind.REFUSE, "POST", "/conferences/*/actions/leave"))
        for key in WAYS[state]:
            await victim.press(key)
            await victim.says(AFTER.get(key, f"{state}*" if state == "FINISH" else state))
        await reached(one)
        await victim.kill()
        if not remembered:
            for file in journal_file(simulated=False).parent.glob("journal.db*"):
                file.unlink()
        screen = Screen()
        port = free_port()
        point_webhooks(one, port)
        session = Session(account(one, LISTEN_PORT=str(port)), screen, nobody)
        try:
            await session.ready()
            await comes_back(screen, state, remembered=remembered)
            await screen.until(lambda desk: agrees(one, desk))
            if following := NEXT.get(state):
                session.submit(Pressed(0, following))
                await screen.until(lambda desk: state_of(desk) != state)
            for leg in screen.desk.legs.values():
                assert leg.role != "C" or leg.up, "the customer is on the line"
        finally:
            await session.stop()


async def reached(one: Simulator) -> None:
    """What is shown is not yet written: the request of a key that counts has to have left."""
    async with asyncio.timeout(WITHIN_S):
        while one.faults.entries:  # noqa: ASYNC110 - the simulator has nothing to wait for
            await asyncio.sleep(0.01)


async def comes_back(screen: Screen, state: str, *, remembered: bool) -> None:
    """FINISH goes on to its end; who is to go is in no list of the carrier's. Every other state stands."""
    after = {"FINISH": "WATCH" if remembered else "THREE"}.get(state, state)
    await screen.until(lambda desk: not desk.resuming and state_of(desk) == after)
    assert screen.desk.absence is not None


def state_of(desk: Desk) -> str:
    """Of the one call, once it is proven."""
    (call,) = desk.calls.values()
    return call.state.value if call.origin is None else f"{call.state}*"


def agrees(one: Simulator, desk: Desk) -> bool:
    """Whether every leg that the desk takes for alive is, and hears whom the desk says it hears."""
    world, names = one.world, {leg.ccid: leg.id for leg in desk.legs.values() if leg.ccid}
    for leg in desk.legs.values():
        if leg.ccid is None or leg.alive != world.legs[leg.ccid].alive:
            return False
        if leg.phase is Phase.ANSWERED:
            heard = {names.get(Ccid(other), LegId("?")) for other in world.hears(leg.ccid).people}
            if heard != hears(desk, leg.id).people:
                return False
    return True
