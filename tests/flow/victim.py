"""A console in a process of its own, to be killed, and the carrier whose calls outlive it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

from warmxfer_tui.clock import SystemClock
from warmxfer_tui.core.hearing import hears
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.terms import Ccid, LegId, Phase
from warmxfer_tui.simulator.credentials import Credentials
from warmxfer_tui.simulator.service import Simulator
from warmxfer_tui.simulator.world import PERSONAS, Persona
from warmxfer_tui.simulator.world.model import Reply

LINE, MARIA, CUSTOMER = "+12025550101", "+12025550110", "+12025550143"
QUICK = {
    **PERSONAS,
    LINE: replace(PERSONAS[LINE], after=0.1, presses_after=0.1),
    MARIA: Persona("colleague", after=0.3),
    "+12025550118": Persona("slow", after=60.0),
}
WITHIN_S = 15.0
"""Seconds within which anything that this file waits for has happened."""


class Recorder(Simulator):
    """Writes down what reaches it."""

    asked = 0
    """Requests of any kind."""
    sent: list[str]
    """Commands: what, and the id that makes it one and the same where it is sent again."""

    async def handle(
        self, method: str, path: str, query: Mapping[str, str], body: Mapping[str, object] | None
    ) -> Reply:
        self.asked += 1
        if method == "POST":
            self.sent.append(f"{path} {(body or {}).get('command_id', len(self.sent))}")
        return await super().handle(method, path, query, body)


@asynccontextmanager
async def simulator() -> AsyncIterator[Recorder]:
    recorder = Recorder(Credentials.fresh(), clock=SystemClock(), personas=QUICK)
    recorder.sent = []
    async with recorder as one:
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


def environment(one: Simulator, port: int) -> dict[str, str]:
    """The settings of a console on this account."""
    keys = one.credentials
    return {
        "TELNYX_API_KEY": keys.api_key,
        "TELNYX_PUBLIC_KEY": keys.public_key,
        "TELNYX_CONNECTION_ID": keys.connection_id,
        "TELNYX_PHONE_NUMBER": keys.phone_number,
        "TELNYX_BASE_URL": one.base_url,
        "AGENT_LINE": LINE,
        "LISTEN_PORT": str(port),
    }


class Victim:
    """A console in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self._process = process
        self.port = port

    @classmethod
    async def start(cls, one: Simulator, port: int = 0) -> Victim:
        victim = await cls.begin(one, port)
        await victim.says("ready")
        return victim

    @classmethod
    async def begin(cls, one: Simulator, port: int = 0) -> Victim:
        """Start one that is not ready yet."""
        port = port or free_port()
        point_webhooks(one, port)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.flow.headless",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, **environment(one, port)},
            start_new_session=True,
        )  # fmt: skip
        return cls(process, port)

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
        """`kill -9` of the whole process group: a guardian that belonged to it would be gone as well."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    def stop(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    async def end(self) -> None:
        """The end of its keys: it closes in good order."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()


async def reached(one: Simulator) -> None:
    """What is shown is not yet written: the request of a key that counts has to have left."""
    async with asyncio.timeout(WITHIN_S):
        while one.faults.entries:  # noqa: ASYNC110 - the simulator has nothing to wait for
            await asyncio.sleep(0.01)


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
