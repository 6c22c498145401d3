"""What a reply adds to the belief: a 200 is "accepted", a read is a proof, a refusal is a signal (I5).

A read may confirm any request that was sent before it. It may contradict one only if it was sent at
least `Policy.contradict_after` after that request's reply, for the list may be stale (`design.md` §3.3).
"""

from __future__ import annotations

from dataclasses import replace

from warmxfer_tui.core.commands import (
    Answer,
    Ask,
    CreateRoom,
    Dial,
    FindRoom,
    Hangup,
    Hold,
    Join,
    Leave,
    LegSpeak,
    Mute,
    ReadCall,
    ReadRoom,
    Reject,
    RoomSpeak,
    StopPlayback,
    Unhold,
    Unmute,
)
from warmxfer_tui.core.events import (
    Accepted,
    CallStatus,
    FoundRoom,
    Member,
    Members,
    Problem,
    Refused,
    Replied,
    Reply,
    Unclear,
)
from warmxfer_tui.core.knowledge import (
    GIVEN_UP,
    ended,
    identified,
    in_room,
    out_of_room,
    room_gone,
    settle,
    stranger,
)
from warmxfer_tui.core.model import Call, Clock, Lane, Leg, Means, Pending, RoomId
from warmxfer_tui.core.steering import read_room
from warmxfer_tui.core.turn import Turn, When

_ROOM_CODES = frozenset({"90019", "90058"})
SOUND_MARGIN = 5_000
"""Milliseconds before its end that a hold file is asked for again: whether it loops is unknown (§6.2 #13)."""
NOT_DONE = Refused(Problem.UNAVAILABLE, "", "The request has shown no effect.")
"""What an unknown outcome becomes once two reads did not show it."""

NOT_OURS = Refused(Problem.NAME_TAKEN, "90033", "Another call has a room of that name.")


def take(turn: Turn, event: Replied) -> None:
    """Fold the outcome of one request."""
    ask = turn.asks.pop(event.ask, None)
    if ask is None:
        return
    reply = event.reply
    match ask.request:
        case Join() | Leave() | Hold() | Unhold() | Mute() | Unmute():
            _lane(turn, ask, reply)
        case Dial():
            _dial(turn, ask, reply)
        case CreateRoom() | FindRoom():
            _room(turn, ask, reply)
        case ReadRoom(room=room):
            _read(turn, ask, room, reply)
        case Hangup() | Answer() | Reject() | LegSpeak() | ReadCall():
            _on_leg(turn, ask, reply)
        case RoomSpeak() | StopPlayback():
            _sound(turn, ask, reply)
        case _:
            pass


def _leg(turn: Turn, ask: Ask) -> Leg | None:
    leg = turn.legs.get(ask.leg) if ask.leg else None
    return leg if leg is not None and leg.alive else None


def _refused(turn: Turn, ask: Ask, reply: Refused) -> None:
    verb = type(ask.request).__name__.lower()
    turn.signal(When.REFUSED, verb, call=ask.call, leg=ask.leg, detail=reply)


def _gone(turn: Turn, leg: Leg, reply: Refused) -> None:
    """The carrier says that it has already ended: the leg, or the room it was to be moved in."""
    if reply.code in _ROOM_CODES:
        if leg.room is not None:
            room_gone(turn, leg.room, leg.room_at)
        turn.set_leg(leg.id, pending=())
    else:
        ended(turn, leg, "gone")


def _lane(turn: Turn, ask: Ask, reply: Reply) -> None:
    leg = _leg(turn, ask)
    pending = next((p for p in leg.pending if p.ask == ask.id), None) if leg else None
    if leg is None or pending is None:
        return
    match reply:
        case Accepted():
            _replace(turn, leg, pending, replace(pending, replied_at=turn.now))
            _prove(turn, leg, pending.verb, ask)
        case Refused(problem=Problem.ALREADY) if pending.verb is Lane.JOIN and isinstance(ask.request, Join):
            in_room(turn, leg, ask.request.room, leg.room_at)
        case Refused(problem=Problem.GONE) if pending.verb is Lane.LEAVE and reply.code in _ROOM_CODES:
            out_of_room(turn, leg, leg.room_at)
        case Refused(problem=Problem.GONE):
            _gone(turn, leg, reply)
        case Refused():
            failed(turn, leg, pending, reply)
        case _:
            _replace(turn, leg, pending, replace(pending, replied_at=turn.now, unclear=True))
            _prove(turn, leg, Lane.HOLD, ask)
            turn.arm(Clock.PROOF, leg.id, turn.policy.contradict_after)


def _replace(turn: Turn, leg: Leg, old: Pending, new: Pending) -> None:
    turn.set_leg(leg.id, pending=tuple(new if p is old else p for p in leg.pending))


def _prove(turn: Turn, leg: Leg, verb: Lane, ask: Ask) -> None:
    """Hold and mute have no event: read at once. Joins and leaves are read when their event is late."""
    call = turn.calls.get(ask.call) if ask.call else None
    room = getattr(ask.request, "room", None)
    if call is not None and room is not None and verb not in (Lane.JOIN, Lane.LEAVE):
        read_room(turn, room, call)
    turn.arm(Clock.PROOF, leg.id, turn.policy.proof)


def failed(turn: Turn, leg: Leg, pending: Pending, reply: Refused) -> None:
    """A lane request has definitely not taken effect: the lane is open again, and the table says what now."""
    turn.set_leg(leg.id, pending=tuple(p for p in leg.pending if p is not pending))
    turn.disarm(Clock.PROOF, leg.id)
    call = turn.call_of(leg)
    if reply.problem is Problem.RATE_LIMITED:
        turn.set_leg(leg.id, tries=leg.tries + 1)
        turn.signal(When.REFUSED, "rate", leg=leg.id, detail=reply)
        if pending.verb is Lane.HOLD and leg.tries:
            turn.signal(When.REFUSED, pending.verb, call=call.id if call else None, leg=leg.id, detail=reply)
        return
    changed = turn.set_leg(leg.id, tries=leg.tries + 1, contradicted=True)
    turn.arm(Clock.RETRY, leg.id, min(turn.policy.retry * 2 ** (changed.tries - 1), 5_000))
    turn.signal(When.REFUSED, pending.verb, call=call.id if call else None, leg=leg.id, detail=reply)


def _dial(turn: Turn, ask: Ask, reply: Reply) -> None:
    leg = turn.legs.get(ask.leg) if ask.leg else None
    if leg is None:
        return
    if isinstance(reply, Accepted) and reply.ccid is not None:
        if leg.ccid is None:
            identified(turn, leg, reply.ccid)
    elif isinstance(reply, Refused) and leg.alive:
        _refused(turn, ask, reply)


def _room(turn: Turn, ask: Ask, reply: Reply) -> None:
    call = turn.calls.get(ask.call) if ask.call else None
    if call is None or call.room is not None:
        return
    match reply:
        case FoundRoom(members=members) if members and not any(turn.desk_leg(m.ccid) for m in members):
            turn.set_call(call.id, room_asked=False)
            turn.signal(When.REFUSED, "createroom", call=call.id, leg=call.customer, detail=NOT_OURS)
        case Accepted(room=str(room)) | FoundRoom(room=str(room)):
            adopt(turn, call, RoomId(room))
            if isinstance(reply, Accepted):
                _founder(turn, ask, RoomId(room))
            else:
                _compare(turn, turn.calls[call.id], RoomId(room), reply.members, reply.as_of, ask.at)
        case Refused(problem=Problem.NAME_TAKEN) | Unclear() if isinstance(ask.request, CreateRoom):
            turn.ask(FindRoom(ask.request.name), call=call.id)
        case Refused(problem=Problem.GONE) if ask.leg in turn.legs and turn.legs[ask.leg].alive:
            ended(turn, turn.legs[ask.leg], "gone")
        case Refused():
            turn.set_call(call.id, room_asked=False)
            _refused(turn, ask, reply)
        case _:
            turn.set_call(call.id, room_asked=False)
            turn.signal(When.REFUSED, "createroom", call=call.id, leg=call.customer, detail=NOT_DONE)


def adopt(turn: Turn, call: Call, room: RoomId) -> None:
    """A room exists and is this call's."""
    turn.set_call(call.id, room=room, room_asked=False)


def _founder(turn: Turn, ask: Ask, room: RoomId) -> None:
    """Who creates a room is its first member (telnyx-facts §2.11): a join that only has to be proven."""
    leg = _leg(turn, ask)
    if leg is not None and leg.room is None:
        turn.set_leg(leg.id, pending=(*leg.pending, Pending(Lane.JOIN, ask.id, ask.at, turn.now, room=room)))
        turn.arm(Clock.PROOF, leg.id, turn.policy.proof)


def _on_leg(turn: Turn, ask: Ask, reply: Reply) -> None:
    leg = _leg(turn, ask)
    if leg is None:
        return
    match reply:
        case Refused(problem=Problem.GONE) | CallStatus(alive=False):
            ended(turn, leg, "gone")
        case Refused() if isinstance(ask.request, LegSpeak):
            turn.set_leg(leg.id, saying="", looping=False, speeches=max(leg.speeches - 1, 0))
            turn.arm(Clock.RETRY, leg.id, turn.policy.retry)
        case Refused():
            _refused(turn, ask, reply)
        case _:
            pass


def _sound(turn: Turn, ask: Ask, reply: Reply) -> None:
    leg = _leg(turn, ask)
    if leg is None:
        return
    if isinstance(ask.request, StopPlayback):
        turn.set_leg(leg.id, saying="", hushing=False)
    elif isinstance(reply, Refused):
        turn.set_leg(leg.id, saying="", speeches=max(leg.speeches - 1, 0))
    if isinstance(reply, Refused) and reply.problem is Problem.GONE and reply.code not in _ROOM_CODES:
        ended(turn, leg, "gone")


# --- reads ----------------------------------------------------------------------------------------------


def _read(turn: Turn, ask: Ask, room: RoomId, reply: Reply) -> None:
    call = turn.calls.get(ask.call) if ask.call else None
    match reply:
        case Members(members=members, as_of=as_of) if call is not None:
            _compare(turn, call, room, members, as_of, ask.at)
        case Refused(problem=Problem.GONE | Problem.NOT_FOUND):
            room_gone(turn, room, 0)
        case _:
            pass  # PROOF timers ask again


def _compare(
    turn: Turn, call: Call, room: RoomId, members: tuple[Member, ...], as_of: int, sent_at: int
) -> None:
    present = {member.ccid: member for member in members}
    known = {leg.ccid for leg in turn.legs.values()}
    for member in members:
        if member.ccid not in known:
            stranger(turn, room, member.ccid, as_of)
    for leg in list(turn.legs.values()):
        if not leg.alive or leg.ccid is None:
            continue
        shown = present.get(leg.ccid)
        if shown is not None:
            _seen(turn, leg, room, shown, as_of, sent_at)
        elif leg.room == room or leg.joining == room:
            _absent(turn, leg, room, as_of, sent_at)


def _seen(turn: Turn, leg: Leg, room: RoomId, member: Member, as_of: int, sent_at: int) -> None:
    if leg.room != room:
        join = next((p for p in leg.pending if p.verb is Lane.JOIN), None)
        if (join is not None and sent_at >= join.sent_at) or as_of > leg.room_at:
            in_room(turn, leg, room, max(as_of, leg.room_at))
            leg = turn.legs[leg.id]
        else:
            return
    for pending in leg.pending:
        if pending.verb is Lane.LEAVE:
            _not_shown(turn, leg, pending, sent_at)
            leg = turn.legs[leg.id]
    for on, off, value, name in (
        (Lane.HOLD, Lane.UNHOLD, member.on_hold, "held"),
        (Lane.MUTE, Lane.UNMUTE, member.muted, "muted"),
    ):
        _flag(turn, turn.legs[leg.id], on, off, value, name, sent_at)


def _flag(turn: Turn, leg: Leg, on: Lane, off: Lane, value: bool, name: str, sent_at: int) -> None:
    waiting = [p for p in leg.pending if p.verb in (on, off)]
    if not waiting:
        if value == getattr(leg, name):
            turn.set_leg(leg.id, proven_at=turn.now, contradicted=False)
        elif sent_at >= leg.held_at + turn.policy.contradict_after:
            turn.set_leg(leg.id, **{name: value}, held_at=turn.now, contradicted=True)
        return
    pending = waiting[-1]
    if (pending.verb is on) != value:
        _not_shown(turn, leg, pending, sent_at)
    elif sent_at >= pending.sent_at:
        turn.set_leg(leg.id, **{name: value}, held_at=turn.now, proven_at=turn.now, contradicted=False)
        settle(turn, leg.id, on, off)
        if pending.verb is Lane.HOLD and leg.means is Means.MEDIA:
            turn.arm(Clock.SOUND, leg.id, turn.policy.hold_length - SOUND_MARGIN)
        elif pending.verb is Lane.UNHOLD:
            turn.disarm(Clock.SOUND, leg.id)
        turn.signal(When.PROVEN, pending.verb, leg=leg.id)


def _absent(turn: Turn, leg: Leg, room: RoomId, as_of: int, sent_at: int) -> None:
    leave = next((p for p in leg.pending if p.verb is Lane.LEAVE), None)
    if leg.room == room and leave is not None and sent_at >= leave.sent_at:
        out_of_room(turn, leg, max(as_of, leg.room_at))
        return
    late = sent_at >= leg.proven_at + turn.policy.contradict_after
    if leg.room == room and late and as_of > leg.room_at:
        out_of_room(turn, leg, as_of)
        return
    for pending in leg.pending:
        if pending.verb is Lane.JOIN:
            _not_shown(turn, leg, pending, sent_at)


def _not_shown(turn: Turn, leg: Leg, pending: Pending, sent_at: int) -> None:
    """A read without the effect: contradicted only when sent late enough after the reply."""
    if pending.replied_at is None or sent_at < pending.replied_at + turn.policy.contradict_after:
        return
    failed(turn, leg, pending, NOT_DONE)


def proof_due(turn: Turn, leg: Leg) -> None:
    """The event of a lane request has not come: read, and ask again later."""
    call = turn.call_of(leg)
    if not leg.pending or call is None:
        return
    room = leg.room or call.room
    if room is not None:
        read_room(turn, room, call)
    turn.arm(Clock.PROOF, leg.id, turn.policy.proof)


def give_up(turn: Turn, leg: Leg) -> None:
    """A dial that never got an id is given up; should the leg show up, it is hung up."""
    ended(turn, leg, GIVEN_UP)
