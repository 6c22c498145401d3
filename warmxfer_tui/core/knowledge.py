"""What a webhook adds to the belief. Facts only grow (I8), and are ordered by the carrier's clock.

Every function takes what is known further and signals what is new; none decides what to do about it.
"""

from __future__ import annotations

from warmxfer_tui.core import doubt, speech
from warmxfer_tui.core.commands import Tag
from warmxfer_tui.core.events import (
    CallAnswered,
    CallBridged,
    CallEnded,
    CallInitiated,
    DigitPressed,
    Fact,
    RoomEnded,
    RoomJoined,
    RoomLeft,
    SpeechEnded,
    SpeechStarted,
)
from warmxfer_tui.core.model import Call, Leg
from warmxfer_tui.core.parting import hang_up
from warmxfer_tui.core.terms import NOBODY, Ccid, Clock, Lane, LegId, Phase, Role, RoomId, State
from warmxfer_tui.core.turn import GIVEN_UP, UNCLAIMED_KEPT, Turn, When
from warmxfer_tui.core.unheard import explained


def learn(turn: Turn, fact: Fact) -> None:
    """Fold one webhook."""
    match fact:
        case CallInitiated():
            _initiated(turn, fact)
        case RoomJoined(ccid=str(ccid), room=room):
            _joined(turn, Ccid(ccid), room, fact.occurred_at)
        case RoomEnded(room=room):
            room_gone(turn, room, fact.occurred_at)
        case _:
            leg = _leg(turn, fact)
            if leg is not None and leg.alive:
                _of_leg(turn, leg, fact)
            elif leg is not None and isinstance(fact, CallEnded):
                explained(turn, leg, fact)
            elif leg is None and fact.ccid is not None:
                _of_nobody(turn, fact.ccid, fact)


def _of_nobody(turn: Turn, ccid: Ccid, fact: Fact) -> None:
    """Whoever goes before we knew them never comes."""
    if isinstance(fact, CallEnded):
        turn.ring_off(ccid)
    if isinstance(fact, CallEnded | RoomLeft):
        turn.unclaimed = tuple(one for one in turn.unclaimed if one[0] != ccid)


def _of_leg(turn: Turn, leg: Leg, fact: Fact) -> None:
    match fact:
        case CallAnswered() if leg.phase < Phase.ANSWERED:
            answered(turn, leg)
        case CallEnded(cause=cause, sip=sip):
            turn.end(leg, cause, sip)
        case CallBridged():
            bridged(turn, leg, fact.occurred_at)
        case RoomLeft(room=room) if leg.room == room and fact.occurred_at > leg.room_at:
            out_of_room(turn, leg, fact.occurred_at)
        case SpeechStarted():
            speech.started(turn, leg, fact)
        case SpeechEnded():
            speech.ended(turn, leg, fact)
        case DigitPressed() if leg.role is Role.AGENT:
            turn.signal(When.CONFIRMED, "digit", leg=leg.id)
        case _:
            pass


def _leg(turn: Turn, fact: Fact) -> Leg | None:
    """The leg of a fact, by the carrier's id, or by our own tag where the dial's reply is still under way."""
    for leg in turn.legs.values():
        if fact.ccid is not None and leg.ccid == fact.ccid:
            return leg
    found = attempt(turn, getattr(fact, "tag", None))
    return identified(turn, found, fact.ccid) if found is not None and fact.ccid is not None else None


def attempt(turn: Turn, tag: Tag | None) -> Leg | None:
    """The leg of ours that a tag names, where its dial's reply is not known (`design.md` §3.5)."""
    if tag is None or (tag.desk, tag.session) != (turn.policy.desk, turn.policy.session):
        return None
    leg = turn.legs.get(LegId(tag.leg))
    return leg if leg is not None and leg.ccid is None else None


def identified(turn: Turn, leg: Leg, ccid: Ccid) -> Leg:
    """The carrier has given a leg of ours its id."""
    doubt.end(turn, leg)
    if ccid in turn.gone:
        turn.end(turn.set_leg(leg.id, ccid=ccid), "gone")
        return turn.legs[leg.id]
    changed = turn.set_leg(leg.id, ccid=ccid)
    if not leg.alive and leg.ending is not None and leg.ending.cause == GIVEN_UP:
        turn.set_leg(leg.id, phase=Phase.RINGING)
        hang_up(turn, turn.legs[leg.id])
    elif leg.phase is Phase.DIALLED:
        changed = turn.set_leg(leg.id, phase=Phase.RINGING, phase_at=turn.now)
        if leg.hanging_up:
            hang_up(turn, changed)
    _rung_for(turn, leg)
    _claim(turn, ccid)
    return turn.legs[leg.id]


def _rung_for(turn: Turn, leg: Leg) -> None:
    """A target of a transfer shows up: that proves the transfer, where no room could (BLIND-4)."""
    call = turn.call_of(leg) if leg.blind else None
    if call is not None and turn.customer(call).room is None:
        settle(turn, call.customer, Lane.TRANSFER)


def _initiated(turn: Turn, fact: CallInitiated) -> None:
    if _leg(turn, fact) is not None or not fact.inbound or fact.tag is not None:
        return
    if fact.ccid is None or fact.ccid in turn.gone:
        return
    call = turn.new_call(State.RING)
    turn.legs[call.customer] = Leg(
        call.customer,
        Role.CUSTOMER,
        fact.from_,
        fact.caller_name,
        fact.ccid,
        Phase.RINGING,
        turn.now,
        inbound=True,
    )
    turn.signal(When.RANG, Role.CUSTOMER, call=call.id, leg=call.customer)


def answered(turn: Turn, leg: Leg) -> None:
    """A leg was picked up."""
    turn.set_leg(leg.id, phase=Phase.ANSWERED, phase_at=turn.now)
    turn.disarm(Clock.RING, leg.id)
    turn.signal(When.ANSWERED, leg.role, leg=leg.id)


def bridged(turn: Turn, leg: Leg, at: int) -> None:
    """C and the target rung for it talk. Either leg's event tells of both (telnyx-facts §6.2 #26)."""
    call = turn.call_of(leg) if leg.role in (Role.CUSTOMER, Role.TARGET) else None
    target = turn.blind_target(call) if call is not None else None
    if call is None or target is None or leg.id not in (call.customer, target.id):
        return
    customer = turn.customer(call)
    newer = at > customer.room_at or (at == customer.room_at and customer.room is None)
    if not customer.up or not newer or customer.bridged == target.id:
        return  # or C has been brought back into a room since
    if not target.up:
        answered(turn, target)
    if customer.room is not None:
        out_of_room(turn, customer, at)
    settle(turn, customer.id, Lane.TRANSFER)
    turn.set_leg(customer.id, bridged=target.id, room_at=at, proven_at=turn.now)
    turn.set_leg(target.id, bridged=customer.id, proven_at=turn.now)
    turn.signal(When.BRIDGED, Role.TARGET, leg=target.id)


def _joined(turn: Turn, ccid: Ccid, room: RoomId, at: int) -> None:
    """Somebody is in a room, at the carrier's time `at`; if it means nothing to us, it may yet."""
    leg = turn.desk_leg(ccid)
    if leg is not None:
        _member(turn, leg, room, at)
    elif _around(turn, room) is not None:
        stranger(turn, room, ccid, at)
    else:
        turn.unclaimed = (*turn.unclaimed, (ccid, room, at))[-UNCLAIMED_KEPT:]


def _claim(turn: Turn, news: str) -> None:
    """A leg or a room has become ours: who had joined what before we knew it."""
    early = [one for one in turn.unclaimed if news in one[:2]]
    turn.unclaimed = tuple(one for one in turn.unclaimed if one not in early)
    for ccid, room, at in early:
        _joined(turn, ccid, room, at)


def _member(turn: Turn, leg: Leg, room: RoomId, at: int) -> None:
    """A leg of ours joined a room; a customer who was called into one tells us which."""
    moved = at == leg.room_at and leg.room is None and leg.joining == room  # left and joined in one instant
    if not leg.alive:
        return
    if not (at > leg.room_at or moved):
        if leg.joining == room:  # it came in, and has been taken out since: a bridge does that (BLIND)
            settle(turn, leg.id, Lane.JOIN)
        return
    call = turn.call_of(leg)
    if call is not None and leg.role is Role.CUSTOMER and call.room is None and call.naming_room:
        adopt(turn, call, room)
    in_room(turn, turn.legs[leg.id], room, at)


def adopt(turn: Turn, call: Call, room: RoomId) -> None:
    """A room exists and is this call's; who came in before we knew of it is a stranger now (THREE-4)."""
    turn.set_call(call.id, room=room, room_asked=False)
    _claim(turn, room)


def stranger(turn: Turn, room: RoomId, ccid: Ccid, as_of: int) -> None:
    """Somebody we know nothing of is in a customer's room (THREE-4), or in the one it has left (HELD-4)."""
    call = _around(turn, room)
    if call is None or ccid in turn.gone:
        return
    known = sum(1 for leg in turn.legs.values() if leg.id.startswith(f"{call.id}.S"))
    leg_id = LegId(f"{call.id}.S{known + 1}")
    turn.legs[leg_id] = Leg(
        leg_id,
        Role.STRANGER,
        NOBODY,
        "unknown leg",
        ccid,
        Phase.ANSWERED,
        turn.now,
        room=room,
        room_at=as_of,
        proven_at=turn.now,
    )
    if call.room == room:
        turn.signal(When.ENTERED, Role.STRANGER, call=call.id, leg=leg_id)


def _around(turn: Turn, room: RoomId) -> Call | None:
    """The call whose room it is, or was: strangers whom that call has met are in it still."""
    left = (leg for leg in turn.legs.values() if leg.room == room and leg.role is Role.STRANGER)
    now = next((call for call in turn.calls.values() if call.room == room), None)
    return now or next((turn.call_of(leg) for leg in left), None)


def in_room(turn: Turn, leg: Leg, room: RoomId, as_of: int) -> None:
    """A leg is proven to be in a room. A member that has just come in is not held."""
    fresh = leg.room != room
    if (leg.role is Role.TARGET or leg.inbound) and not leg.up:
        answered(turn, leg)  # nobody has called it into a room: it was joined, or made it (CALLING-12)
    turn.unbridge(leg)
    turn.set_leg(
        leg.id,
        room=room,
        room_at=as_of,
        proven_at=turn.now,
        held=leg.held and not fresh,
        held_at=turn.now if fresh else leg.held_at,
        muted=leg.muted and not fresh,
        contradicted=False,
    )
    settle(turn, leg.id, Lane.JOIN)
    if fresh:
        turn.signal(When.ENTERED, leg.role, leg=leg.id, detail=room)


def out_of_room(turn: Turn, leg: Leg, as_of: int) -> None:
    """A leg is proven to have left its room: parked, alive and silent."""
    asked = leg.awaits(Lane.LEAVE, Lane.TRANSFER) or _handed_over(turn, leg)
    turn.set_leg(
        leg.id,
        room=None,
        room_at=as_of,
        proven_at=turn.now,
        held=False,
        muted=False,
        heard_at=leg.heard_at if leg.looping else None,  # what is said on the leg itself goes on
        room_speeches=0,
        saying=leg.saying if leg.leg_speeches else "",
        contradicted=not asked,
    )
    if not leg.looping:
        turn.disarm(Clock.SPEECH, leg.id)
    settle(turn, leg.id, *(verb for verb in Lane if verb is not Lane.JOIN))
    if not asked:
        # Whoever rang off is out of the room before the hang-up is known: nothing is asked of them meanwhile.
        turn.arm(Clock.RETRY, leg.id, turn.policy.retry)
    turn.signal(When.STEPPED_OUT, leg.role, leg=leg.id, detail=leg.room)


def _handed_over(turn: Turn, leg: Leg) -> bool:
    """C is in the carrier's hands, and may be taken out of its room at any moment (BLIND-1)."""
    call = turn.call_of(leg)
    return call is not None and call.state is State.BLIND and leg.id == call.customer


def room_gone(turn: Turn, room: RoomId, as_of: int) -> None:
    """A room has ended; whoever lives is parked."""
    for leg in [leg for leg in turn.legs.values() if leg.room == room]:
        at = max(as_of, leg.room_at)
        out_of_room(turn, turn.set_leg(leg.id, pending=()), at)
        turn.disarm(Clock.RETRY, leg.id)
        turn.disarm(Clock.PROOF, leg.id)
    for leg in [leg for leg in turn.legs.values() if leg.joining == room]:
        settle(turn, leg.id, Lane.JOIN)  # nobody can get in any more
    for call in [call for call in turn.calls.values() if call.room == room]:
        turn.set_call(call.id, room=None, room_asked=False, room_tries=call.room_tries + 1)
        turn.signal(When.ROOM_GONE, call=call.id)


def settle(turn: Turn, leg_id: LegId, *verbs: Lane) -> bool:
    """Take proven requests off a leg's lane; True if one was there."""
    leg = turn.legs[leg_id]
    left = tuple(p for p in leg.pending if p.verb not in verbs)
    if len(left) == len(leg.pending):
        return False
    turn.set_leg(leg_id, pending=left, tries=0)
    if not left:
        turn.disarm(Clock.PROOF, leg_id)
    turn.disarm(Clock.RETRY, leg_id)
    return True
