"""What a reply adds to the belief: a 200 is "accepted", a read is a proof, a refusal is a signal (I5)."""

from __future__ import annotations

from dataclasses import replace

from warmxfer_tui.core import doubt, speech
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
    Transfer,
    Unhold,
    Unmute,
)
from warmxfer_tui.core.events import (
    NOT_DONE,
    Accepted,
    CallStatus,
    FoundRoom,
    Problem,
    Refused,
    Replied,
    Reply,
    Unclear,
)
from warmxfer_tui.core.knowledge import (
    adopt,
    answered,
    identified,
    in_room,
    out_of_room,
    room_gone,
)
from warmxfer_tui.core.model import Leg, Pending
from warmxfer_tui.core.reads import backoff, compare, failed, read
from warmxfer_tui.core.steering import read_room
from warmxfer_tui.core.terms import Clock, Lane, RoomId
from warmxfer_tui.core.turn import Turn, When
from warmxfer_tui.core.unheard import outlasts_ring

_ROOM_CODES = frozenset({"90019", "90058"})
_MEMBER_CODES = frozenset({"90015", "10005"})

_LANE = Join | Leave | Hold | Unhold | Mute | Unmute | Transfer
NOT_OURS = Refused(Problem.NAME_TAKEN, "90033", "Another call has a room of that name.")


def take(turn: Turn, event: Replied) -> None:
    """Fold the outcome of one request."""
    ask = turn.asks.pop(event.ask, None)
    if ask is None:
        return
    reply = event.reply
    if isinstance(reply, Refused) and reply.problem is Problem.RATE_LIMITED:
        slow_down(turn, reply)
        if _still_wanted(turn, ask):
            turn.ask_later(ask)
            return
    match ask.request:
        case Join() | Leave() | Hold() | Unhold() | Mute() | Unmute() | Transfer():
            _lane(turn, ask, reply)
        case Dial():
            _dial(turn, ask, reply)
        case CreateRoom() | FindRoom():
            _room(turn, ask, reply)
        case ReadRoom(room=room):
            read(turn, ask, room, reply)
        case Hangup() | Answer() | Reject() | ReadCall():
            _on_leg(turn, ask, reply)
        case LegSpeak() | RoomSpeak() | StopPlayback():
            _sound(turn, ask, reply)
        case _:
            pass


def _still_wanted(turn: Turn, ask: Ask) -> bool:
    """Whether a command that was turned away is to be sent as it stands, rather than thought over again."""
    if isinstance(ask.request, Hangup):
        leg = _leg(turn, ask)
        return leg is not None and leg.hanging_up  # whoever answered in that instant is kept (OUT-4)
    return not isinstance(ask.request, _LANE | ReadRoom | ReadCall)


def slow_down(turn: Turn, refused: Refused) -> None:
    """ANY-4: nothing but a hang-up leaves until the carrier's limit is over."""
    turn.fire("ANY-4")
    turn.calm_until = max(turn.calm_until, turn.now + max(refused.wait, turn.policy.retry))
    turn.arm(Clock.CALM, "desk", turn.calm_until - turn.now)
    turn.tell("warn", "Telnyx asks us to slow down: requests wait their turn.")


def _leg(turn: Turn, ask: Ask) -> Leg | None:
    leg = turn.legs.get(ask.leg) if ask.leg else None
    return leg if leg is not None and leg.alive else None


def _refused(turn: Turn, ask: Ask, reply: Refused) -> None:
    verb = type(ask.request).__name__.lower()
    turn.signal(When.REFUSED, verb, call=ask.call, leg=ask.leg, detail=reply)


def _gone(turn: Turn, leg: Leg, room: RoomId, reply: Refused) -> None:
    """The carrier says that it has already ended: the leg, or the room of the request."""
    if reply.code in _ROOM_CODES:
        turn.set_leg(leg.id, pending=())
        room_gone(turn, room, leg.room_at)
    else:
        turn.end(leg, "gone")


def _lane(turn: Turn, ask: Ask, reply: Reply) -> None:
    leg = _leg(turn, ask)
    pending = next((p for p in leg.pending if p.ask == ask.id), None) if leg else None
    if leg is None or pending is None:
        return
    match reply:
        case Accepted():
            _replace(turn, leg, pending, replace(pending, replied_at=turn.now))
            _prove(turn, leg, pending.verb, ask, pending.room)
            _found_answered(turn, leg, pending, ask)
        case Refused(problem=Problem.ALREADY) if pending.verb is Lane.JOIN and not leg.up:
            _replace(turn, leg, pending, replace(pending, replied_at=turn.now))
            _found_answered(turn, leg, pending, ask)
        case Refused(problem=Problem.ALREADY) if pending.verb is Lane.JOIN and isinstance(ask.request, Join):
            in_room(turn, leg, ask.request.room, leg.room_at)
        case Refused(problem=Problem.GONE) if pending.verb is Lane.LEAVE and reply.code in _ROOM_CODES:
            out_of_room(turn, leg, leg.room_at)
        case Refused(problem=Problem.GONE) if not _of_member(ask, reply):
            _gone(turn, leg, pending.room or RoomId(""), reply)
        case Refused(problem=problem) if problem is not Problem.GONE:
            failed(turn, leg, pending, reply)
        case _:
            _replace(turn, leg, pending, replace(pending, replied_at=turn.now, unclear=True))
            _prove(turn, leg, Lane.HOLD, ask, pending.room)
            _ask_whether_alive(turn, ask, leg, reply)
            turn.arm(Clock.PROOF, leg.id, turn.policy.retry)  # by then what C's ear needs passes the lane


def _found_answered(turn: Turn, leg: Leg, pending: Pending, ask: Ask) -> None:
    """CALLING-12: whoever can be joined has answered. One read proves that it is in."""
    call = turn.calls.get(ask.call) if ask.call else None
    if leg.up or call is None or pending.room is None:
        return
    answered(turn, leg)
    read_room(turn, pending.room, call)


def _of_member(ask: Ask, refused: Refused) -> bool:
    """Whether a room's command was refused for somebody who may be gone, or just not in it (§6.2 #11)."""
    in_room = isinstance(ask.request, Join | Leave | Hold | Unhold | Mute | Unmute | RoomSpeak)
    return in_room and refused.code in _MEMBER_CODES


def _ask_whether_alive(turn: Turn, ask: Ask, leg: Leg, reply: Reply) -> None:
    if isinstance(reply, Refused) and leg.ccid is not None:
        turn.ask(ReadCall(leg.ccid), call=ask.call, leg=leg.id)


def _replace(turn: Turn, leg: Leg, old: Pending, new: Pending) -> None:
    turn.set_leg(leg.id, pending=tuple(new if p is old else p for p in leg.pending))


def _prove(turn: Turn, leg: Leg, verb: Lane, ask: Ask, room: RoomId | None) -> None:
    """Hold and mute have no event: read at once. The others are read when their event is late."""
    call = turn.calls.get(ask.call) if ask.call else None
    if call is not None and verb not in (Lane.JOIN, Lane.LEAVE, Lane.TRANSFER):
        if room is not None:
            read_room(turn, room, call)
        elif leg.ccid is not None:
            turn.ask(ReadCall(leg.ccid), call=call.id, leg=leg.id)
    turn.arm(Clock.PROOF, leg.id, turn.policy.proof)


def _dial(turn: Turn, ask: Ask, reply: Reply) -> None:
    leg = turn.legs.get(ask.leg) if ask.leg else None
    if leg is None:
        return
    if isinstance(reply, Accepted) and reply.ccid is not None:
        if leg.ccid is None:
            identified(turn, leg, reply.ccid)
    elif isinstance(reply, Refused) and leg.alive and leg.hanging_up:
        turn.end(leg, "refused")
    elif isinstance(reply, Refused) and leg.alive:
        _refused(turn, ask, reply)
    elif isinstance(reply, Unclear):
        doubt.begin(turn, leg)


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
                compare(turn, RoomId(room), reply.members, reply.as_of, ask.at)
        case Refused(problem=Problem.NAME_TAKEN) | Unclear() if isinstance(ask.request, CreateRoom):
            turn.ask(FindRoom(ask.request.name), call=call.id)
        case Refused(problem=Problem.GONE, code=code) if code not in _ROOM_CODES:
            customer = turn.customer(call)
            if customer.alive:
                turn.end(customer, "gone")
        case Refused():
            turn.set_call(call.id, room_asked=False)
            _refused(turn, ask, reply)
        case _:
            turn.set_call(call.id, room_asked=False)
            turn.signal(When.REFUSED, "createroom", call=call.id, leg=call.customer, detail=NOT_DONE)


def _founder(turn: Turn, ask: Ask, room: RoomId) -> None:
    """Who creates a room is its first member (telnyx-facts §2.11): a join that only has to be proven."""
    leg = _leg(turn, ask)
    if leg is not None and not leg.up:
        answered(turn, leg)  # else the room would have been refused
    if leg is not None and leg.room != room:
        turn.set_leg(leg.id, pending=(*leg.pending, Pending(Lane.JOIN, ask.id, ask.at, turn.now, room=room)))
        turn.arm(Clock.PROOF, leg.id, turn.policy.proof)


def _on_leg(turn: Turn, ask: Ask, reply: Reply) -> None:
    leg = _leg(turn, ask)
    if leg is None:
        return
    match reply:
        case Refused(problem=Problem.GONE) | CallStatus(alive=False):
            turn.end(leg, "gone")
        case CallStatus(alive=True) if outlasts_ring(turn, leg):
            answered(turn, leg)
        case Refused() if isinstance(ask.request, Hangup) and leg.hanging_up:
            turn.arm(Clock.GOODBYE, leg.id, backoff(turn, leg))
            turn.set_leg(leg.id, tries=leg.tries + 1)
        case Refused():
            _refused(turn, ask, reply)
        case _:
            pass


def _sound(turn: Turn, ask: Ask, reply: Reply) -> None:
    leg, request = _leg(turn, ask), ask.request
    if leg is None:
        return
    if isinstance(request, StopPlayback):
        speech.hushed(turn, leg, done=isinstance(reply, Accepted))
    elif isinstance(request, LegSpeak):
        turn.set_leg(leg.id, voicing=False)
        if isinstance(reply, Accepted) and not leg.up:
            answered(turn, leg)  # who rings cannot be spoken to
    if isinstance(reply, Refused) and reply.problem is Problem.GONE and reply.code not in _ROOM_CODES:
        if not _of_member(ask, reply):
            turn.end(leg, "gone")
            return
        _ask_whether_alive(turn, ask, leg, reply)
    if isinstance(request, LegSpeak | RoomSpeak) and not isinstance(reply, Accepted):
        speech.not_said(turn, turn.legs[leg.id], request, unclear=isinstance(reply, Unclear))
