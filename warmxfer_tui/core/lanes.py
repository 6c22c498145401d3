"""Requests of a lane: one at a time for a leg, each remembered until it is proven (`behaviour.md`)."""

from __future__ import annotations

from warmxfer_tui.core.commands import Hold, Join, Leave, Mute, Request, Tag, Unhold, Unmute
from warmxfer_tui.core.model import Call, Leg, Pending
from warmxfer_tui.core.terms import Ccid, Clock, InRoom, Lane, Means, Role, RoomId
from warmxfer_tui.core.turn import Turn


def lane(turn: Turn, leg: Leg, verb: InRoom, room: RoomId, call: Call) -> None:
    """Send one lane request and remember it until it is proven (`behaviour.md` "One lane per leg")."""
    if leg.ccid is not None:
        send(turn, leg, verb, _request(turn, leg, verb, room, leg.ccid, call), room, call)


def send(turn: Turn, leg: Leg, verb: Lane, request: Request, room: RoomId | None, call: Call) -> None:
    """Send a request of a lane; `room` is where its effect shows, None where no list shows it."""
    ask = turn.ask(request, call=call.id, leg=leg.id)
    turn.set_leg(leg.id, pending=(*leg.pending, Pending(verb, ask, turn.now, room=room)))
    turn.arm(Clock.PROOF, leg.id, turn.policy.proof)


def _request(turn: Turn, leg: Leg, verb: InRoom, room: RoomId, ccid: Ccid, call: Call) -> Request:
    match verb:
        case Lane.JOIN:
            return Join(room, ccid, tag_of(turn, leg, call))
        case Lane.LEAVE:
            return Leave(room, ccid)
        case Lane.HOLD:
            named = leg.means is Means.MEDIA
            media = turn.policy.hold_media if named else None
            return Hold(room, (ccid,), media, turn.policy.hold_audio_url if named and media is None else None)
        case Lane.UNHOLD:
            return Unhold(room, (ccid,))
        case Lane.MUTE:
            return Mute(room, (ccid,))
        case Lane.UNMUTE:
            return Unmute(room, (ccid,))


def tag_of(turn: Turn, leg: Leg, call: Call | None) -> Tag:
    """What the carrier is to remember about a leg (`design.md` §3.7)."""
    other = turn.customer(call).number.e164 if call and leg.role is not Role.CUSTOMER else ""
    target = leg.name if leg.role is Role.TARGET else ""
    return Tag(turn.policy.desk, call.id if call else "", leg.role.value, leg.id, other, target)
