"""Where everyone belongs in each state, and whether they are proven to be there.

A state is a seating: who is in the room, who is held with sound, who waits outside, who is in the carrier's
hands. `steering` moves each leg towards its seat, one request at a time; a state is *proven* when everyone
sits. So a swap, a merge or the way back is no script but a change of seats, and undoing a half-done one is a
change back.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from warmxfer_tui.core.model import Call, Leg
from warmxfer_tui.core.terms import Clock, Lane, LegId, LineState, Means, Role, State
from warmxfer_tui.core.turn import Turn


class Seat(StrEnum):
    """Where a leg belongs."""

    IN = "in"
    """In the room, hearing and heard."""
    HELD = "held"
    """Given hold sound; hears nobody and is heard by nobody."""
    OUT = "out"
    """Not in this call's room."""
    WAIT = "wait"
    """Outside the room, with words of ours on its own leg."""
    AWAY = "away"
    """In the carrier's hands: transferred or bridged, or about to part. It is not fetched."""


_C_HELD = frozenset({State.HELD, State.CALLING, State.CONSULT, State.RESCUE})
_B_IN = frozenset({State.CALLING, State.CONSULT, State.THREE, State.FINISH, State.WATCH})
_A_OUT = frozenset({State.RING, State.WATCH, State.WRAP})


def seats(turn: Turn, call: Call) -> Mapping[LegId, Seat]:
    """The seat of every living leg that has to do with a call's room."""
    customer, target, agent = turn.customer(call), turn.target(call), turn.agent()
    plan: dict[LegId, Seat] = {}
    if customer.up and call.state is not State.WRAP:
        plan[customer.id] = _customer_seat(turn, call, customer)
    if target is not None and (target.up or call.state is State.BLIND):
        plan[target.id] = _target_seat(call, customer)
    if agent is not None:
        plan[agent.id] = _agent_seat(turn, call, agent)
    for leg in turn.legs.values():
        if leg.alive and leg.id not in plan and call.room is not None and leg.room == call.room:
            plan[leg.id] = Seat.IN if leg.role in (Role.STRANGER, Role.CUSTOMER) else Seat.OUT
    parted = turn.blind_target(call)
    if parted is not None:
        plan.setdefault(parted.id, Seat.OUT)
    return plan


def _customer_seat(turn: Turn, call: Call, customer: Leg) -> Seat:
    if call.state is State.BLIND:
        return Seat.AWAY
    parting = customer.room is None and (customer.hanging_up or turn.armed(Clock.CLOSING, call.id))
    if call.state is State.WATCH and not call.cover and (customer.bridged is not None or parting):
        return Seat.AWAY
    return Seat.HELD if call.state in _C_HELD or call.cover else Seat.IN


def _target_seat(call: Call, customer: Leg) -> Seat:
    if call.state is State.BLIND or (call.state is State.WATCH and customer.bridged == call.target):
        return Seat.AWAY
    if call.state is State.SWAPPED:
        return Seat.HELD
    if call.state is State.CALLING and not secure(customer):
        return Seat.WAIT
    return Seat.IN if call.state in _B_IN else Seat.WAIT


def _agent_seat(turn: Turn, call: Call, agent: Leg) -> Seat:
    if turn.line.seat != call.id or turn.line.state not in (LineState.PARKED, LineState.IN):
        return Seat.OUT
    if call.state in _A_OUT or (call.state is State.FINISH and met(turn, call)):
        return Seat.OUT
    return Seat.IN if agent.up else Seat.OUT


def secure(leg: Leg) -> bool:
    """Whether a leg is proven to hear no person, with nothing under way that could change it (I4, I9)."""
    if not leg.up:
        return not leg.alive
    if leg.awaits(Lane.UNHOLD, Lane.JOIN):
        return False
    if leg.room is None:
        return leg.looping
    return leg.held and not leg.awaits(Lane.LEAVE)


def present(leg: Leg | None, call: Call) -> bool:
    """Whether a leg is proven to be in the room and unheld, and is not being taken away."""
    return (
        leg is not None
        and leg.up
        and call.room is not None
        and leg.room == call.room
        and not leg.held
        and not leg.hanging_up
        and not leg.awaits(Lane.HOLD, Lane.LEAVE)
    )


def met(turn: Turn, call: Call) -> bool:
    """Whether C and B are proven to hear each other: only then may A be released (FINISH)."""
    customer, target = turn.customer(call), turn.target(call)
    if customer.bridged is not None:
        return target is not None and customer.bridged == target.id and not target.hanging_up
    return present(turn.customer(call), call) and present(turn.target(call), call)


def partnered(turn: Turn, call: Call) -> bool:
    """Whether somebody whom C should hear is proven to be in the room, or bridged with C."""
    if turn.customer(call).bridged is not None:
        return met(turn, call)
    plan = seats(turn, call)
    return any(
        plan.get(leg.id) is Seat.IN and present(leg, call)
        for leg in (turn.agent(), turn.target(call))
        if leg is not None
    )


def accompanied(turn: Turn, call: Call) -> bool:
    """Whether A or B is proven to be in C's room, whether or not they are to stay."""
    return any(present(leg, call) for leg in (turn.agent(), turn.target(call)))


def called_back(turn: Turn, call: Call) -> bool:
    """The line is up, and C is apart: there is a room again only once C goes back into one."""
    ready = turn.line.state is LineState.PARKED and turn.line.seat == call.id
    return ready and call.room is None and turn.customer(call).means is Means.APART


def sits(leg: Leg, seat: Seat, call: Call) -> bool:
    """Whether a leg is proven to be where it belongs, with nothing pending."""
    if leg.pending:
        return False
    match seat:
        case Seat.IN:
            return call.room is not None and leg.room == call.room and not leg.held
        case Seat.HELD:
            return secure(leg) and (leg.means is Means.MEDIA or leg.heard_at is not None or bool(leg.saying))
        case Seat.OUT:
            # Until it is gone the carrier may bridge it with C, wherever C is by then.
            return not leg.blind and (call.room is None or leg.room != call.room)
        case Seat.AWAY:
            return leg.blind or leg.role is Role.CUSTOMER
        case Seat.WAIT:
            return leg.room is None


def proven(turn: Turn, call: Call) -> bool:
    """Whether every leg of a call sits: the state is what it says."""
    return all(sits(turn.legs[leg_id], seat, call) for leg_id, seat in seats(turn, call).items())
