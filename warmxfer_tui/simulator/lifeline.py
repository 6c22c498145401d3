"""What keeps a simulator alive that was started for a console, and how long it waits for the next one.

A console holds a WebSocket (``GET /sim/console``) for as long as it runs; the operating system closes it when
the console is killed. One console at a time: two would fight for the account's webhooks. On it the simulator
tells which faults are on, and the console says ``leave`` (an orderly end) or ``end`` (whatever still lives).

* After an orderly end it goes on only while people talk with each other, whom the console has left to
  themselves: nobody else waits for a console.
* After any other end it goes on while one of the calls lives, and `GRACE_S` longer, so that a console that is
  started again finds its account, its calls, or how they ended.
* Without a console it never lives longer than `ALONE_S`: some people never hang up.

Before it is shown the key, it proves who it is (``GET /sim/identity``): the port of a simulator that is gone
may be anybody's.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aiohttp import WSCloseCode, WSMsgType, web
from nacl.signing import SigningKey

from warmxfer_tui.simulator.api import Gate, Refused, respond
from warmxfer_tui.simulator.world import Reply, World

if TYPE_CHECKING:
    from warmxfer_tui.simulator.service import Simulator

#: Seconds after the last call, or after the console where there was none: time to read what a terminal says
#: and to start the console again by hand.
GRACE_S: Final = 60.0
#: Seconds without a console after which it ends, whoever is still on the line: a call that is wanted back is
#: taken up sooner, and a process that nobody needs is to be gone by the end of a coffee break.
ALONE_S: Final = 600.0
#: Seconds from one look at the calls to the next, while there is no console.
LOOK_S: Final = 0.5
#: Seconds from one look at the faults to the next, while there is one.
TELL_S: Final = 0.25

LEAVE, END = "leave", "end"
IDENTITY: Final = b"warmxfer simulator|"
"""What a proof of identity begins with, so that it can never pass for a webhook's signature."""
CHALLENGE: Final = 64
"""Hexadecimal digits of a challenge."""


@dataclass(frozen=True, slots=True)
class Absence:
    """The time without a console. All moments are in seconds of one clock."""

    began: float
    orderly: bool
    """The console said that it leaves."""
    needed_at: float
    """When somebody was last seen who is to be kept."""

    def over(self, now: float, *, needed: bool) -> bool:
        """Return whether there is nothing left to wait for; `needed` while somebody is to be kept."""
        grace = 0.0 if self.orderly else GRACE_S
        return now - self.began >= ALONE_S or (not needed and now - self.needed_at >= grace)


def is_needed(world: World, *, orderly: bool) -> bool:
    """Return whether there is anybody whom a simulator without a console is to keep."""
    alive = [ccid for ccid, leg in world.legs.items() if leg.alive]
    return any(world.hears(ccid).people for ccid in alive) if orderly else bool(alive)


def proof(signing_key: SigningKey, challenge: str) -> str:
    """Return what only the simulator with this key can answer, in base64."""
    signature = signing_key.sign(IDENTITY + challenge.encode("ascii")).signature
    return base64.b64encode(signature).decode("ascii")


class Lifeline:
    """The routes that a console holds on to, and the watch over their absence."""

    def __init__(self, simulator: Simulator, gate: Gate, faults: Callable[[], list[str]]) -> None:
        self._simulator = simulator
        self._gate = gate
        self._faults = faults
        self._console: web.WebSocketResponse | None = None
        self._absence = Absence(0.0, False, 0.0)
        self._over = asyncio.Event()

    def register(self, app: web.Application) -> None:
        """Add the routes to ``app``."""
        app.router.add_get("/sim/identity", self._identify)
        app.router.add_get("/sim/console", self._hold)
        app.on_shutdown.append(self._let_go)

    async def over(self) -> None:
        """Return when nothing keeps the simulator alive any more. A console is to come within `GRACE_S`."""
        self._absence = self._gone(orderly=False)
        while not self._over.is_set():
            if self._console is None:
                self._look(self._absence)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._over.wait()

    def _look(self, absence: Absence) -> None:
        now = asyncio.get_running_loop().time()
        needed = self._simulator.step(lambda world: is_needed(world, orderly=absence.orderly))
        self._absence = Absence(absence.began, absence.orderly, now if needed else absence.needed_at)
        if absence.over(now, needed=needed):
            self._over.set()

    def _gone(self, *, orderly: bool) -> Absence:
        now = asyncio.get_running_loop().time()
        return Absence(now, orderly, now)

    async def _identify(self, request: web.Request) -> web.Response:
        challenge = request.query.get("challenge", "")
        try:
            if len(challenge) != CHALLENGE or not set(challenge) <= set("0123456789abcdef"):
                raise Refused(422, "10015", "Invalid value", f"challenge must be {CHALLENGE} digits, 0 to f.")
            signature = proof(self._simulator.credentials.signing_key, challenge)
            reply = Reply(200, {"data": {"signature": signature}})
        except Refused as refused:
            reply = refused.reply
        return respond(reply, self._simulator.now_us())

    async def _hold(self, request: web.Request) -> web.StreamResponse:
        try:
            self._gate.check(request)
            if self._over.is_set():
                raise Refused(410, "10005", "Gone", "This simulator is about to end.")
            if self._console is not None:
                raise Refused(409, "10015", "Conflict", "Another console holds this simulator.")
        except Refused as refused:
            return respond(refused.reply, self._simulator.now_us())
        socket = self._console = web.WebSocketResponse()
        orderly = False
        telling: asyncio.Task[None] | None = None
        try:
            await socket.prepare(request)
            telling = asyncio.create_task(self._tell(socket))
            orderly = await self._listen(socket)
        finally:
            # A console that is killed cancels this handler: nothing is awaited here.
            if telling is not None:
                telling.cancel()
            self._console = None
            self._absence = self._gone(orderly=orderly)
        return socket

    async def _listen(self, socket: web.WebSocketResponse) -> bool:
        """Return when the console has gone: True if it said so."""
        async for message in socket:
            if message.type is not WSMsgType.TEXT or message.data not in (LEAVE, END):
                continue
            kept = message.data == LEAVE and self._simulator.step(
                lambda world: is_needed(world, orderly=True)
            )
            if kept:
                await socket.close()
                return True
            # Held until the listening socket is closed (`_let_go`): a console that is started next finds no
            # simulator, rather than one that is about to end.
            self._over.set()
        return self._over.is_set()

    async def _tell(self, socket: web.WebSocketResponse) -> None:
        """Say which faults are on, whenever that changes."""
        told: list[str] | None = None
        while True:
            if (faults := self._faults()) != told:
                told = faults
                await socket.send_json({"faults": faults})
            await asyncio.sleep(TELL_S)

    async def _let_go(self, _app: web.Application) -> None:
        if self._console is not None:
            await self._console.close(code=WSCloseCode.GOING_AWAY)
