"""The hand that moves the parties: a small surface under ``/sim``, for demos and for people with ``curl``.

Telnyx has nothing like it. It asks for the same key as the API and does only what a phone network and its
people would do: ring in, pick up, press a digit, hang up, lose a packet::

    POST /sim/inbound   {"from", "name"?}                       a customer rings the account's number
    POST /sim/party     {"call_control_id", "action", "digit"?} answer, hangup, decline, busy or digit
    GET  /sim/truth                                             who really hears whom
    POST /sim/faults    {"kind", ...}                           the fields of `Fault`; ``delay_ms``
    POST /sim/mishaps   {"kind", ...}                           the fields of `Mishap`; ``call_control_id``,
                                                                ``hold_ms``
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from aiohttp import web

from warmxfer_tui.simulator.api import Gate, Refused, read_body, respond
from warmxfer_tui.simulator.delivery import Mishap, MishapKind
from warmxfer_tui.simulator.faults import Fault, FaultKind
from warmxfer_tui.simulator.world import Reply, World

if TYPE_CHECKING:
    from warmxfer_tui.simulator.service import Simulator

T = TypeVar("T")
_Body: TypeAlias = Mapping[str, object]
_Answer: TypeAlias = Callable[[_Body], object]

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

    def register(self, app: web.Application) -> None:
        """Add the routes to ``app``."""
        app.router.add_post("/sim/inbound", self._route(self._ring_in))
        app.router.add_post("/sim/party", self._route(self._move_party))
        app.router.add_get("/sim/truth", self._route(self._tell_truth))
        app.router.add_post("/sim/faults", self._route(self._plan_fault))
        app.router.add_post("/sim/mishaps", self._route(self._plan_mishap))

    def _route(self, answer: _Answer) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def serve(request: web.Request) -> web.Response:
            try:
                self._gate.check(request)
                reply = Reply(200, {"data": answer(await read_body(request) or {})})
            except Refused as refused:
                reply = refused.reply
            return respond(reply, self._simulator.now_us())

        return serve

    def _ring_in(self, body: _Body) -> object:
        customer, name = _get(body, "from", str), _get(body, "name", str, "")
        return {"call_control_id": self._simulator.ring_in(customer, name)}

    def _move_party(self, body: _Body) -> object:
        leg, action = _get(body, "call_control_id", str), _get(body, "action", str)
        if leg not in self._simulator.world.legs:
            raise Refused(404, "10005", "Resource not found", "There is no such leg.")
        if action == "digit":
            digit = _get(body, "digit", str)
            return {"done": self._simulator.step(lambda world: world.party_presses(leg, digit))}
        if action not in ACTIONS:
            raise _wrong("action", f"one of {', '.join(ACTIONS)}, digit")
        return {"done": self._simulator.step(lambda world: ACTIONS[action](world, leg))}

    def _tell_truth(self, _body: _Body) -> object:
        return self._simulator.step(truth)

    def _plan_fault(self, body: _Body) -> object:
        plain = Fault(FaultKind.REFUSE)
        self._simulator.faults.add(
            Fault(
                kind=_kind(body, FaultKind),
                method=_get(body, "method", str, plain.method),
                path=_get(body, "path", str, plain.path),
                skip=_get(body, "skip", int, plain.skip),
                times=_get(body, "times", int, plain.times),
                status=_get(body, "status", int, plain.status),
                code=_get(body, "code", str, plain.code),
                title=_get(body, "title", str, plain.title),
                delay_s=_get(body, "delay_ms", int, 0) / 1000,
            )
        )
        return {"planned": len(self._simulator.faults.planned)}

    def _plan_mishap(self, body: _Body) -> object:
        plain = Mishap(MishapKind.LOSE)
        self._simulator.delivery.plan(
            Mishap(
                kind=_kind(body, MishapKind),
                event_type=_get(body, "event_type", str, plain.event_type),
                leg=_get(body, "call_control_id", str, "") or None,
                skip=_get(body, "skip", int, plain.skip),
                times=_get(body, "times", int, plain.times),
                hold_s=_get(body, "hold_ms", int, round(plain.hold_s * 1000)) / 1000,
            )
        )
        return {}


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


_KindT = TypeVar("_KindT", FaultKind, MishapKind)


def _kind(body: _Body, kinds: type[_KindT]) -> _KindT:
    try:
        return kinds(_get(body, "kind", str))
    except ValueError:
        raise _wrong("kind", "one of " + ", ".join(kinds)) from None


def _get(body: _Body, name: str, kind: type[T], default: T | None = None) -> T:
    """Return a field of the body; raise `Refused` when it is missing or of another type."""
    value = body.get(name, default)
    if value is None:
        raise Refused(422, "10004", "Missing required parameter", f"{name} is missing.")
    if not isinstance(value, kind):
        raise _wrong(name, f"of type {kind.__name__}")
    return value


def _wrong(name: str, wanted: str) -> Refused:
    return Refused(422, "10015", "Invalid value", f"{name} must be {wanted}.")
