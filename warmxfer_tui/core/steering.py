"""Moves every leg towards its seat, one request a leg at a time, in an order that never hurts.

The order is made of guards, not of scripts: B is joined, and anybody is unheld, only when everyone who
must be private is proven held; C is unheld only towards somebody proven to be there; A leaves only when C
is held or has B. So any state may follow any other, from any half-done point, and no guard is broken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from warmxfer_tui.core import holdsound, speech, words
from warmxfer_tui.core.commands import CreateRoom, ReadRoom, Transfer
from warmxfer_tui.core.lanes import lane, passes, send, tag_of
from warmxfer_tui.core.model import Call, Leg
from warmxfer_tui.core.parting import farewell
from warmxfer_tui.core.seats import Seat, met, partnered, seats, secure
from warmxfer_tui.core.terms import Clock, Lane, LegId, LineState, Means, Role, RoomId, State
from warmxfer_tui.core.turn import Turn

_ROOMLESS = frozenset({State.RING, State.OUT, State.WRAP})


def steer(turn: Turn) -> None:
    """Send whatever may be sent now, the customer's ear first, then what waited (ANY-4: by value)."""
    if turn.now < turn.calm_until:
        return
    agent = turn.agent()
    waits = agent is None or turn.armed(Clock.RETRY, agent.id)
    if agent is not None and agent.looping and turn.line.state is LineState.PARKED and not waits:
        speech.hush(turn, agent, None)  # confirmed: nobody need be asked to press a key any more
    plans = [(call, seats(turn, call)) for call in turn.calls.values()]
    for call, plan in plans:
        _make_room(turn, call)
        for leg_id in sorted(plan, key=lambda i: (turn.legs[i].role is not Role.CUSTOMER, i)):
            _towards(turn, call, turn.legs[leg_id], plan)
    for leg in list(turn.legs.values()):
        if leg.leaving and leg.up:
            farewell(turn, leg)
    turn.send_backlog()


def _make_room(turn: Turn, call: Call) -> None:
    customer = turn.customer(call)
    if call.room or call.room_asked or call.state in _ROOMLESS or not customer.up:
        return
    seat = seats(turn, call).get(customer.id)
    if seat is Seat.AWAY or (customer.means is Means.APART and seat is Seat.HELD):
        return  # it would be taken away from B, or be taken out again at once
    if customer.ccid is None or turn.armed(Clock.RETRY, call.id):
        return
    name = room_name(turn, call)
    turn.set_call(call.id, room_asked=True)
    turn.ask(CreateRoom(customer.ccid, name), call=call.id, leg=customer.id)


def room_name(turn: Turn, call: Call) -> str:
    """`wx-<session>-<call>-<n>`: a list by name finds it, and no earlier session's room has it."""
    return f"wx-{turn.policy.session}-{call.id}-{call.room_tries}"


def _towards(turn: Turn, call: Call, leg: Leg, plan: Mapping[LegId, Seat]) -> None:
    seat = plan[leg.id]
    if any(p.unclear for p in leg.pending) or turn.armed(Clock.RETRY, leg.id):
        _keep_talking(turn, call, leg)  # nobody knows for how long it is held yet
    if not _movable(turn, leg) or (leg.pending and not passes(turn, call, leg, seat)):
        if seat is Seat.IN:
            _barred(turn, call, leg)
        return
    match seat:
        case Seat.IN:
            _in(turn, call, leg, plan)
        case Seat.HELD:
            _held(turn, call, leg)
        case Seat.OUT if leg.room and leg.room == call.room and _may_leave(turn, call, leg):
            lane(turn, leg, Lane.LEAVE, leg.room, call)
        case Seat.WAIT:
            _wait(turn, call, leg)
        case Seat.AWAY if leg.id == call.customer and leg.bridged is None:
            _away(turn, call, leg)


def _movable(turn: Turn, leg: Leg) -> bool:
    parted = leg.leaving or leg.hanging_up
    return leg.up and leg.ccid is not None and not parted and not turn.armed(Clock.RETRY, leg.id)


def _wait(turn: Turn, call: Call, leg: Leg) -> None:
    if leg.room is not None:
        lane(turn, leg, Lane.LEAVE, leg.room, call)
    elif not leg.looping and not leg.voicing:
        speech.on_leg(turn, leg, words.please_wait(turn.policy.agent_name), call)


def _away(turn: Turn, call: Call, leg: Leg) -> None:
    """C on its way to the carrier, or, after a bridge, on its way out: what else is said to it ends first."""
    if leg.looping:
        speech.hush(turn, leg, call)
    elif leg.voicing:
        return
    elif call.state is State.BLIND:
        _hand_over(turn, call, leg)
    elif leg.saying != words.CLOSING:
        speech.on_leg(turn, leg, words.CLOSING, call, loop=False)


def _hand_over(turn: Turn, call: Call, leg: Leg) -> None:
    """Ask once that B is rung for C."""
    target, policy = turn.target(call), turn.policy
    if target is None or target.blind or leg.ccid is None:
        return
    tag = tag_of(turn, turn.set_leg(target.id, blind=True), call)
    secs = policy.ring // 1000 + 5
    request = Transfer(leg.ccid, target.number.e164, policy.from_number, secs, tag)
    turn.arm(Clock.RING, target.id, policy.ring)
    send(turn, leg, Lane.TRANSFER, request, leg.room, call)


def _in(turn: Turn, call: Call, leg: Leg, plan: Mapping[LegId, Seat]) -> None:
    if leg.role is Role.STRANGER:
        return  # whoever has put it on hold knows why; it may be a target of ours that is not known yet
    if leg.room is None:
        _enter(turn, call, leg, plan)
    elif call.room is None:
        return  # a room for everybody is being made
    elif leg.looping:
        speech.hush(turn, leg, call)
    elif leg.room != call.room:
        here = next((other for other in turn.calls.values() if other.room == leg.room), call)
        if here is call or _may_leave(turn, here, leg):
            lane(turn, leg, Lane.LEAVE, leg.room, call)
    elif leg.held or leg.awaits(Lane.HOLD):
        _unhold(turn, call, leg, plan)
    elif leg.role is Role.AGENT and not _will_be_muted(leg, turn.line.mute):
        lane(turn, leg, Lane.MUTE if turn.line.mute else Lane.UNMUTE, call.room, call)


def _will_be_muted(leg: Leg, muted: bool) -> bool:
    """Whether that is so once what was asked for last has taken effect, if it is known that it will."""
    asked = [p for p in leg.pending if p.verb in (Lane.MUTE, Lane.UNMUTE)]
    if not asked:
        return leg.muted is muted
    return (asked[-1].verb is Lane.MUTE) is muted and not asked[-1].unclear


def _enter(turn: Turn, call: Call, leg: Leg, plan: Mapping[LegId, Seat]) -> None:
    """Into the room, in silence of ours; a target for whom there is no place yet is told to wait (I6)."""
    if call.room is None or not _may_join(turn, call, leg, plan):
        if leg.role is Role.TARGET:
            _wait(turn, call, leg)
        elif leg.role is Role.CUSTOMER and call.room is not None and not (leg.looping or leg.voicing):
            speech.on_leg(turn, leg, words.ONE_MOMENT, call)
    elif leg.looping:
        speech.hush(turn, leg, call)
    elif not leg.voicing:
        lane(turn, leg, Lane.JOIN, call.room, call)


def _unhold(turn: Turn, call: Call, leg: Leg, plan: Mapping[LegId, Seat]) -> None:
    """Back from hold; whoever has to wait for that is spoken to, outside where nothing else helps."""
    free = _may_unhold(turn, call, leg, plan)
    if leg.held and leg.means is Means.APART and (leg.tries or not free) and leg.room is not None:
        lane(turn, leg, Lane.LEAVE, leg.room, call)
    elif free and call.room is not None:
        lane(turn, leg, Lane.UNHOLD, call.room, call)
    else:
        _keep_talking(turn, call, leg)


def _held(turn: Turn, call: Call, leg: Leg) -> None:
    """Hold sound. Whoever is outside the room gets it on the own leg: who joins to be held is heard first."""
    if leg.means is Means.MEDIA and not (turn.policy.hold_media or turn.policy.hold_audio_url):
        leg = turn.set_leg(leg.id, means=Means.SPOKEN)
    if leg.room is None:
        if not leg.looping and not leg.voicing:
            speech.on_leg(turn, leg, words.ONE_MOMENT, call)
    elif leg.means is Means.APART:
        lane(turn, leg, Lane.LEAVE, leg.room, call)
    elif leg.room == call.room and (not leg.held or holdsound.ends(turn, leg)):
        _doubt_sound(turn, call)
        lane(turn, leg, Lane.HOLD, leg.room, call)
    elif leg.held and leg.looping:
        speech.hush(turn, leg, call)  # it created the room while it was spoken to
    else:
        _keep_talking(turn, call, leg)


def _doubt_sound(turn: Turn, call: Call) -> None:
    """Once, before the first hold: no hold sound is proven to exist (behaviour, "Hold sound")."""
    if turn.sound_doubted or turn.policy.hold_media:
        return
    turn.sound_doubted = True
    known = "No hold sound is set up: whoever is held is spoken to instead."
    if turn.policy.hold_audio_url:
        known = "HOLD_AUDIO_URL is not proven yet: where it cannot be played, whoever is held is spoken to."
    turn.tell("warn", known, call.id)


def _keep_talking(turn: Turn, call: Call, leg: Leg) -> None:
    """Whoever is held without a file is spoken to, sentence after sentence."""
    if leg.held and leg.means is Means.SPOKEN and speech.idle(turn, leg):
        speech.in_room(turn, leg, words.ONE_MOMENT, call)


def _barred(turn: Turn, call: Call, leg: Leg) -> None:
    """C is outside and was not let in, or nobody knows: it is spoken to until it is tried again (I6)."""
    parted = leg.leaving or leg.hanging_up or not leg.up
    tried = any(p.unclear for p in leg.pending) if leg.pending else leg.tries
    if (
        leg.role is Role.CUSTOMER
        and leg.room is None
        and tried
        and not (parted or leg.looping or leg.voicing)
    ):
        speech.on_leg(turn, leg, words.ONE_MOMENT, call)


def _private(turn: Turn, leg: Leg, plan: Mapping[LegId, Seat]) -> bool:
    """Whether everyone else whose seat is HELD hears nobody, so that `leg` may speak and listen (I4, I9)."""
    return all(
        secure(turn.legs[other]) for other, seat in plan.items() if seat is Seat.HELD and other != leg.id
    )


def _may_join(turn: Turn, call: Call, leg: Leg, plan: Mapping[LegId, Seat]) -> bool:
    if leg.role is Role.CUSTOMER and any(_strangers_ear(turn, call, plan)):
        return False
    return leg.role is Role.AGENT or _private(turn, leg, plan)


def _may_unhold(turn: Turn, call: Call, leg: Leg, plan: Mapping[LegId, Seat]) -> bool:
    if not _private(turn, leg, plan) or any(_strangers_ear(turn, call, plan)):
        return False
    return leg.role is not Role.CUSTOMER or partnered(turn, call)


def _strangers_ear(turn: Turn, call: Call, plan: Mapping[LegId, Seat]) -> Iterator[LegId]:
    """Targets in the room that no longer belong there: nobody is unheld before they are out."""
    for leg in turn.legs.values():
        out = plan.get(leg.id, Seat.OUT) in (Seat.OUT, Seat.WAIT)
        here = leg.room == call.room or leg.awaits(Lane.JOIN)
        if leg.role is Role.TARGET and leg.id.startswith(f"{call.id}.") and leg.alive and out and here:
            yield leg.id


def _may_leave(turn: Turn, call: Call, leg: Leg) -> bool:
    """C is never left alone: A goes when C is held, or has B, or is gone."""
    customer = turn.customer(call)
    if leg.role is not Role.AGENT:
        return True
    return not customer.up or secure(customer) or met(turn, call)


def read_room(turn: Turn, room: RoomId, call: Call) -> None:
    """Read a participants list, unless one sent in this very instant is on its way.

    While the carrier asks us to slow down only the read after an unknown outcome is made (ANY-4).
    """
    unclear = any(p.unclear for leg in turn.legs.values() for p in leg.pending)
    if turn.now < turn.calm_until and not unclear:
        return
    if not any(ask.at == turn.now and ask.request == ReadRoom(room) for ask in turn.asks.values()):
        turn.ask(ReadRoom(room), call=call.id)
