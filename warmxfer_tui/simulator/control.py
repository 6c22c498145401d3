"""The hand that moves the parties: a small surface under ``/sim``, for demos and for people with ``curl``.

Telnyx has nothing like it. It asks for the same key as the API and does only what a phone network and its
people would do: ring in, pick up, press a digit, hang up::

    POST /sim/inbound   {"from", "name"?}                       a customer rings the account's number
    POST /sim/party     {"call_control_id", "action", "digit"?} answer, hangup, decline, busy or digit
    GET  /sim/truth                                             who really hears whom

What goes wrong on request is `planning`'s to say: ``/sim/faults``, ``/sim/mishaps`` and ``/sim/drills``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Final, TypeAlias

from aiohttp import web

from warmxfer_tui.simulator.api import Gate, Refused, read_body, respond
from warmxfer_tui.simulator.fields import Body, text, wrong
from warmxfer_tui.simulator.planning import Planning
from warmxfer_tui.simulator.world import Reply, World

if TYPE_CHECKING:
    from warmxfer_tui.simulator.service import Simulator

_Answer: TypeAlias = Callable[[Body], object]

#: What a party can do, by the name that ``POST /sim/party`` takes.
ACTIONS: Final[Mapping[str, Callable[[World, str], bool]]] = {
    "answer": World.party_answers,
    "hangup": World.party_hangs_up,
    "decline": World.party_declines,
    "busy": World.party_is_busy,
}


class Control:
    """The routes under ``/sim``."""

    def __init__(self, simulator: Simulator, gate: Gate) -> None:
        self._simulator = simulator
        self._gate = gate
        self.planning = Planning(simulator)

    def register(self, app: web.Application) -> None:
        """Add the routes to ``app``."""
        app.router.add_post("/sim/inbound", self._route(self._ring_in))
        app.router.add_post("/sim/party", self._route(self._move_party))
        app.router.add_get("/sim/truth", self._route(self._tell_truth))
        plan = self.planning
        app.router.add_get("/sim/faults", self._route(plan.planned))
        app.router.add_post("/sim/faults", self._route(plan.plan_fault))
        app.router.add_post("/sim/mishaps", self._route(plan.plan_mishap))
        app.router.add_get("/sim/drills", self._route(plan.drills))
        app.router.add_post("/sim/drills", self._route(plan.plan_drill))
        for path in ("/sim/faults", "/sim/faults/{id}"):
            app.router.add_delete(path, self._switch_off)

    def _route(self, answer: _Answer) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def serve(request: web.Request) -> web.Response:
            return await self._answered(request, answer)

        return serve

    async def _switch_off(self, request: web.Request) -> web.Response:
        which = request.match_info.get("id", "")
        return await self._answered(request, lambda _: self.planning.switch_off(which))

    async def _answered(self, request: web.Request, answer: _Answer) -> web.Response:
        try:
            self._gate.check(request)
            reply = Reply(200, {"data": answer(await read_body(request) or {})})
        except Refused as refused:
            reply = refused.reply
        return respond(reply, self._simulator.now_us())

    def _ring_in(self, body: Body) -> object:
        customer, name = text(body, "from"), text(body, "name", "")
        return {"call_control_id": self._simulator.ring_in(customer, name)}

    def _move_party(self, body: Body) -> object:
        leg, action = text(body, "call_control_id"), text(body, "action")
        if leg not in self._simulator.world.legs:
            raise Refused(404, "10005", "Resource not found", "There is no such leg.")
        if action == "digit":
            digit = text(body, "digit")
            return {"done": self._simulator.step(lambda world: world.party_presses(leg, digit))}
        if action not in ACTIONS:
            raise wrong("action", f"one of {', '.join(ACTIONS)}, digit")
        return {"done": self._simulator.step(lambda world: ACTIONS[action](world, leg))}

    def _tell_truth(self, _body: Body) -> object:
        return self._simulator.step(truth)


def truth(world: World) -> Mapping[str, object]:
    """Return, for each live leg, who and what it really hears, and since when it hears nothing at all."""
    legs: dict[str, object] = {}
    for ccid, leg in world.legs.items():
        if not leg.alive:
            continue
        hearing = world.hears(ccid)
        legs[ccid] = {
            "from": leg.from_,
            "to": leg.to,
            "name": leg.name,
            "state": leg.state.value,
            "people": sorted(hearing.people),
            "sounds": sorted(sound.value for sound in hearing.sounds),
            "silent": hearing.silent,
            "silence_since_us": world.silence_since(ccid),
        }
    return {"now_us": world.now, "legs": legs}
