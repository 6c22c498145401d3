"""I1: whoever is alone gets a repair before 2 s, and whoever hears nothing a red banner at 2 s.

What is lost is asked for again by steering, by other means if need be (`holding`). Here is what happens when
that is not proven in its time: the room is read, then C is connected with A again, and without A rescued.
"""

from __future__ import annotations

from warmxfer_tui.core.hearing import silent
from warmxfer_tui.core.model import Call
from warmxfer_tui.core.seats import Seat, called_back, partnered, seats
from warmxfer_tui.core.steering import read_room
from warmxfer_tui.core.terms import Clock, State
from warmxfer_tui.core.turn import Turn, When


def watch_over(turn: Turn, call: Call) -> None:
    """See to it that being alone, and hearing nothing, are timed."""
    customer = turn.customer(call)
    seat = seats(turn, call).get(customer.id)
    parting = turn.armed(Clock.CLOSING, call.id) and customer.heard_at is not None
    with_others = seat is Seat.IN or (seat is Seat.AWAY and customer.bridged is not None)
    if with_others and not partnered(turn, call) and not call.cover and not parting:
        turn.arm_once(Clock.ALONE, call.id, turn.policy.alone)
    else:
        turn.disarm(Clock.ALONE, call.id)
    if call.state is State.TALK and call.cover and called_back(turn, call):
        turn.arm_once(Clock.STUCK, call.id, turn.policy.stuck)
    quiet = call.state is not State.WRAP and silent(turn.desk(), turn.calls[call.id])
    if quiet and call.silent_at is None:
        turn.set_call(call.id, silent_at=turn.now)
        turn.arm(Clock.SILENT, call.id, turn.policy.silence)
    elif not quiet and call.silent_at is not None:
        turn.set_call(call.id, silent_at=None)
        turn.disarm(Clock.SILENT, call.id)


def still_silent(turn: Turn, call: Call) -> None:
    """C has heard nothing for 2 s: it is told, and the room read; a proof later the table is asked."""
    lasts = turn.now - (call.silent_at or turn.now)
    if lasts < turn.policy.silence + turn.policy.proof:
        turn.tell("alarm", "THE CUSTOMER HEARS NOTHING. It is being repaired.", call.id)
        turn.arm(Clock.SILENT, call.id, turn.policy.proof)
        if call.room is not None:
            read_room(turn, call.room, call)
    else:
        turn.arm(Clock.SILENT, call.id, turn.policy.silence)
        turn.signal(When.DUE, Clock.SILENT, call=call.id)
