"""Requests of a lane: one at a time for a leg, each remembered until it is proven (`behaviour.md`)."""

from __future__ import annotations

from warmxfer_tui.core.commands import Hold, Join, Leave, Mute, Request, Tag, Unhold, Unmute
from warmxfer_tui.core.events import NOT_DONE
from warmxfer_tui.core.model import Call, Leg, Pending
from warmxfer_tui.core.seats import Seat, accompanied
from warmxfer_tui.core.terms import Ccid, Clock, InRoom, Lane, Means, Role, RoomId
from warmxfer_tui.core.turn import Turn, When

BLIND = "blind"
"""`Tag.way` of a leg that the carrier rings for C."""


def lane(turn: Turn, leg: Leg, verb: InRoom, room: RoomId, call: Call) -> None:
    """Send one lane request and remember it until it is proven (`behaviour.md` "One lane per leg")."""
    if leg.ccid is not None:
        send(turn, leg, verb, _request(turn, leg, verb, room, leg.ccid, call), room, call)


def send(turn: Turn, leg: Leg, verb: Lane, request: Request, room: RoomId | None, call: Call) -> None:
    """Send a request of a lane; `room` is where its effect shows, None where no list shows it.

    It takes the place of one of its kind whose outcome nobody knows.
    """
    ask = turn.ask(request, call=call.id, leg=leg.id)
    others = (p for p in leg.pending if not (p.unclear and p.verb is verb))
    turn.set_leg(leg.id, pending=(*others, Pending(verb, ask, turn.now, room=room)))
    turn.arm(Clock.PROOF, leg.id, turn.policy.proof)


def passes(turn: Turn, call: Call, leg: Leg, seat: Seat) -> bool:
    """Whether a request goes out past a lane that is closed: C gets somebody, or sound, to hear.

    Somebody at once. What C would be in silence without is asked for again while nobody knows: a hold, a join
    or a leave sets a state, so that twice is once (behaviour "One lane per leg", the law 4). A transfer never
    is: its own state has the seat AWAY, and after that state nobody wants it.
    """
    if leg.role is Role.AGENT:
        return all(_heeded(turn, p) for p in leg.pending)
    if leg.role is not Role.CUSTOMER or seat not in (Seat.IN, Seat.HELD):
        return False
    if seat is Seat.IN and all(_superseded(turn, p) for p in leg.pending):
        return True
    unspoken = leg.held and leg.means is not Means.MEDIA and leg.heard_at is None
    silent = leg.room is None or unspoken or not accompanied(turn, call) or _muted(turn)
    return silent and all(p.unclear and _waited(turn, p) for p in leg.pending)


def _muted(turn: Turn) -> bool:
    """A sits in silence, and may be on the way to another call, where no key unmutes them for this C."""
    agent = turn.agent()
    return agent is not None and agent.muted


def _heeded(turn: Turn, pending: Pending) -> bool:
    """The carrier has looked at a mute: the opposite need not wait for its proof, for C may hear nobody."""
    if pending.unclear:
        return _waited(turn, pending)
    return pending.replied_at is not None and pending.verb in (Lane.MUTE, Lane.UNMUTE)


def _superseded(turn: Turn, pending: Pending) -> bool:
    """What took C's partner away, and whose proof does not come: somebody to hear is asked for at once."""
    return pending.verb in (Lane.HOLD, Lane.LEAVE) and (pending.unclear or _waited(turn, pending))


def _waited(turn: Turn, pending: Pending) -> bool:
    return pending.replied_at is not None and turn.now - pending.replied_at >= turn.policy.retry


def count_unknown(turn: Turn, call: Call, leg: Leg, seat: Seat) -> None:
    """What is asked for again counts as a failure, and the table may know another way."""
    if not passes(turn, call, leg, seat):
        return
    for pending in leg.pending:
        turn.set_leg(leg.id, tries=turn.legs[leg.id].tries + 1)
        turn.signal(When.REFUSED, pending.verb, call=call.id, leg=leg.id, detail=NOT_DONE)


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
    other = turn.customer(call).number.e164 if call else ""
    target = leg.name if leg.role is Role.TARGET else ""
    way = BLIND if leg.blind else ""
    policy, call_id = turn.policy, call.id if call else ""
    return Tag(policy.desk, call_id, leg.role.value, leg.id, other, target, way, policy.session)
