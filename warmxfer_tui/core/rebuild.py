"""Calls that no journal knows, told by the carrier alone (`design.md` §3.7): a lost disk is survivable.

A leg's tag says whose it is and in which call; where it sits, and who is held, says the room. Together they
are the state of the call, as the table of `behaviour.md` §1 defines the states.
"""

from __future__ import annotations

from collections.abc import Iterable

from warmxfer_tui.core import line, speech, words
from warmxfer_tui.core.endings import lose_agent, watch, wrap
from warmxfer_tui.core.events import (
    CallBridged,
    CallInitiated,
    DigitPressed,
    RoomJoined,
    Surveyed,
)
from warmxfer_tui.core.found import Found, unknown
from warmxfer_tui.core.lanes import BLIND
from warmxfer_tui.core.model import Call, Leg
from warmxfer_tui.core.parting import goodbye, hang_up
from warmxfer_tui.core.terms import (
    NOBODY,
    CallId,
    Clock,
    LegId,
    LineState,
    Number,
    Phase,
    Result,
    Role,
    State,
)
from warmxfer_tui.core.turn import Signal, Turn, When


def adopt(turn: Turn, found: Surveyed) -> tuple[CallId, ...]:
    """Take in the calls of this desk that it does not know, and the agent's line; return their ids."""
    legs = unknown(turn, found)
    for leg in legs:
        if leg.tag.role == Role.AGENT:
            _adopt_line(turn, leg)
    calls: list[CallId] = []
    for key in dict.fromkeys(leg.key for leg in legs if leg.tag.role in (Role.CUSTOMER, Role.TARGET)):
        members = [leg for leg in legs if leg.key == key]
        call = next((call for call in turn.calls.values() if call.remembered == key), None)
        if call is None:
            calls.append(_adopt_call(turn, key, members))
        elif _join_call(turn, call, members) and call.state in (State.TALK, State.HELD):
            _place(turn, turn.calls[call.id])  # whom the list of calls had not yet, when the rest was found
    _seat_the_agent(turn, calls)
    for call_id in calls:
        _place(turn, turn.calls[call_id])
    return tuple(calls)


def _leg(turn: Turn, leg_id: str, found: Found, role: Role, number: Number, name: str) -> Leg:
    """A leg as it is told, proven now."""
    newest = max((fact.occurred_at for fact in found.facts), default=-1)
    answered = found.answered
    leg = Leg(
        LegId(leg_id),
        role,
        number,
        name,
        found.ccid,
        Phase.ANSWERED if answered else Phase.RINGING,
        turn.now,
        inbound=found.inbound,
        room=found.room,
        room_at=max(found.as_of, newest),
        held=found.member is not None and found.member.on_hold,
        held_at=turn.now,
        muted=found.member is not None and found.member.muted,
        proven_at=turn.now,
        blind=found.tag.way == BLIND,
    )
    turn.legs[leg.id] = leg
    if answered and not leg.held:
        _mind_a_loop(turn, leg, found)
    if not answered:
        turn.arm(Clock.RING, leg.id, turn.policy.ring)
    return leg


def _mind_a_loop(turn: Turn, leg: Leg, found: Found) -> None:
    """A loop may run on the leg, its beginning not told yet: it is stopped where people talk, or goes on."""
    heard_at = turn.now if found.spoken_to else None
    leg = turn.set_leg(leg.id, looping=True, heard_at=heard_at, leg_speeches=1, saying=words.ONE_MOMENT)
    if leg.room is not None:
        speech.hush(turn, leg, turn.call_of(leg))
    elif not found.spoken_to:
        turn.arm(Clock.SPEECH, leg.id, turn.policy.retry)


# --- the agent's line ------------------------------------------------------------------------------------


def _adopt_line(turn: Turn, found: Found) -> None:
    """The agent's phone is still on the line. Who has been in a room, or pressed a digit, is its owner."""
    known = turn.agent()
    dials = turn.line.dials + 1
    turn.set_line(dials=dials)
    number = turn.policy.line or found.number(far=True)
    leg = _leg(turn, f"line.{dials}", found, Role.AGENT, number, turn.policy.agent_name)
    turn.disarm(Clock.RING, leg.id)
    if known is not None:
        hang_up(turn, leg)  # the phone has been called again since
        return
    confirmed = found.room is not None or found.first(DigitPressed) or found.first(RoomJoined)
    state = LineState.IN if found.room else LineState.PARKED if confirmed else LineState.DIALLING
    turn.set_line(state=state, leg=leg.id, mute=leg.muted)
    if confirmed:
        turn.arm(Clock.KEEP, "line", turn.policy.line_keep)
        return
    turn.arm(Clock.LINE, leg.id, turn.policy.line_wait)
    if leg.up:
        line.picked_up(turn, leg)


def _seat_the_agent(turn: Turn, calls: Iterable[CallId]) -> None:
    """The agent belongs where they sit."""
    agent = turn.agent()
    if agent is None or turn.line.seat is not None:
        return
    here = [call for call in calls if agent.room is not None and turn.calls[call].room == agent.room]
    if here:
        turn.disarm(Clock.KEEP, "line")
        turn.set_line(seat=here[0])
        turn.focus = here[0]


# --- a call ----------------------------------------------------------------------------------------------


def _adopt_call(turn: Turn, key: str, members: Iterable[Found]) -> CallId:
    """One call, with its legs and its room. A customer of whom nothing is told has left."""
    call = turn.new_call(State.WRAP)
    found = {leg.tag.role: leg for leg in members}
    customer = found.get(Role.CUSTOMER)
    address = next(iter(found.values())).tag.other
    number = Number(address, address) if address else NOBODY
    if customer is None:
        gone = Leg(call.customer, Role.CUSTOMER, number, phase=Phase.ENDED, phase_at=turn.now)
        turn.legs[call.customer] = gone
    else:
        begun = customer.first(CallInitiated)
        name = begun.caller_name if begun is not None else ""
        if number is NOBODY:
            number = customer.number(far=not customer.inbound)
        _leg(turn, call.customer, customer, Role.CUSTOMER, number, name)
    rooms = [leg.room for leg in (customer, *found.values()) if leg is not None and leg.room is not None]
    turn.set_call(
        call.id,
        remembered=key,
        room=rooms[0] if rooms else None,
        naming_room=not rooms and customer is not None and not customer.inbound,
    )
    _join_call(turn, turn.calls[call.id], [leg for leg in members if leg.tag.role == Role.TARGET])
    if customer is not None and Role.TARGET in found:
        _bridge(turn, turn.calls[call.id], customer, found[Role.TARGET])
    return call.id


def _join_call(turn: Turn, call: Call, targets: Iterable[Found]) -> bool:
    """The newest target is the one that the call is about, unless it has one by now; the others go.

    True if the call has got its target.
    """
    had = turn.target(call)
    for found in sorted(targets, key=lambda leg: -leg.attempt):
        number = turn.calls[call.id].targets + 1
        fetched = found.tag.way == BLIND and turn.customer(call).room is not None  # C is with A again
        taken = fetched or turn.target(turn.calls[call.id]) is not None
        name = found.tag.target
        leg = _leg(turn, f"{call.id}.B{number}", found, Role.TARGET, found.number(far=True), name)
        turn.set_call(call.id, targets=number)
        if taken:
            hang_up(turn, leg)
        else:
            turn.set_call(call.id, target=leg.id)
    return had is None and turn.target(turn.calls[call.id]) is not None


def _bridge(turn: Turn, call: Call, customer: Found, target: Found) -> None:
    """C and B whom the carrier has put together, outside every room (BLIND)."""
    apart = customer.room is None and target.room is None
    if apart and call.target and customer.first(CallBridged) and target.first(CallBridged):
        turn.set_leg(call.customer, bridged=call.target)
        turn.set_leg(call.target, bridged=call.customer)


def _place(turn: Turn, call: Call) -> None:
    """The state that fits where everybody sits; steering mends what does not fit into any."""
    customer, target, agent = turn.customer(call), turn.target(call), turn.agent()
    a_in = agent is not None and call.room is not None and agent.room == call.room
    b_in = target is not None and call.room is not None and target.room == call.room
    if customer.alive and not customer.up:
        turn.enter(call, State.RING if customer.inbound else State.OUT)
    elif not customer.alive:
        _without_customer(turn, call, together=a_in and b_in)
    elif target is not None and target.blind and customer.bridged is None and customer.room is None:
        turn.enter(call, State.BLIND)
    elif customer.bridged is not None or (b_in and not a_in and not customer.held):
        watch(turn, call)
    elif a_in:
        turn.enter(call, _with_the_agent(customer, target, together=b_in))
    elif agent is not None and turn.line.seat is not None:
        turn.enter(call, State.HELD)  # the agent is in another call (behaviour "Changing calls")
    elif turn.line.state is LineState.PARKED:
        line.seat(turn, call)
        turn.enter(turn.calls[call.id], State.TALK, by="back", pending=True)
    else:
        turn.enter(call, State.TALK)
        lose_agent(turn, turn.calls[call.id], Signal(When.LOST, Role.AGENT, call=call.id))


def _without_customer(turn: Turn, call: Call, *, together: bool) -> None:
    """A and B stay together (CONSULT-2); a B who is alone has nobody to wait for."""
    if together:
        turn.enter(call, State.CONSULT)
        turn.set_call(call.id, outcome=Result.CUSTOMER_LEFT)
    else:
        goodbye(turn, turn.target(call), words.CUSTOMER_GONE)
        wrap(turn, turn.calls[call.id], Result.CUSTOMER_LEFT)


def _with_the_agent(customer: Leg, target: Leg | None, *, together: bool) -> State:
    if target is None:
        return State.HELD if customer.held else State.TALK
    if not together:
        return State.CALLING if customer.held else State.ASIDE
    if customer.held or customer.room is None:
        return State.CONSULT
    return State.SWAPPED if target.held else State.THREE
