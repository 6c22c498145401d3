"""What the rows do about a blind transfer: the carrier rings B for C, and bridges the two when B answers.

It cannot be watched: nobody knows who, or what, answers. So A stays in the room until the bridge is proven,
and whatever else happens C comes back to A.
"""

from __future__ import annotations

from warmxfer_tui.core import transfers as t
from warmxfer_tui.core.endings import lose_target, target_gone, watch
from warmxfer_tui.core.events import Refused
from warmxfer_tui.core.model import Call
from warmxfer_tui.core.parting import hang_up
from warmxfer_tui.core.steering import read_room
from warmxfer_tui.core.terms import Clock, Result, State
from warmxfer_tui.core.turn import GIVEN_UP, Signal, Turn
from warmxfer_tui.core.words import shown


def transfer(turn: Turn, call: Call, signal: Signal) -> None:
    """BLIND-1: steering asks the carrier, once C is free for it; C leaves the room, A stays."""
    if t.new_target(turn, call, signal.detail) is not None:
        turn.enter(turn.calls[call.id], State.BLIND, by="blind", pending=True)


def bridged(turn: Turn, call: Call, signal: Signal) -> None:
    """BLIND-2: C is with B, outside every room: A is released, and told what is not known."""
    turn.disarm(Clock.STUCK, call.id)
    turn.set_call(call.id, cover=False)
    watch(turn, turn.calls[call.id])
    turn.tell("warn", "It was blind: nobody knows whether a person answered, or a machine.", call.id)


def target_lost(turn: Turn, call: Call, signal: Signal) -> None:
    """BLIND-3: busy, declined, hung up: C comes back to A."""
    lose_target(turn, call, signal)
    _check(turn, turn.calls[call.id])


def no_answer(turn: Turn, call: Call, signal: Signal) -> None:
    """BLIND-3: B's ring is over."""
    t.no_answer(turn, call, signal)
    _check(turn, turn.calls[call.id])


def refused(turn: Turn, call: Call, signal: Signal) -> None:
    """BLIND-4: the transfer was refused, or reads have not shown it: it is not asked for again."""
    why: Refused = signal.detail
    target = turn.target(call)
    if target is None:
        return
    if target.ccid is None:
        turn.end(target, GIVEN_UP)  # if it rings late after all, it is hung up when it shows
    else:
        hang_up(turn, target)
    target_gone(turn, call, Result.NOT_PLACED, shown(target))
    turn.tell("alarm", f"The blind transfer could not be made: {why.words}", call.id)


def answered(turn: Turn, call: Call, signal: Signal) -> None:
    """BLIND-5: from B's answer the bridge has five seconds."""
    t.announce(turn, call)
    turn.arm(Clock.STUCK, call.id, turn.policy.stuck)


def not_bridged(turn: Turn, call: Call, signal: Signal) -> None:
    """BLIND-5: B answered and nothing says that C is with B: C comes back to A."""
    target = turn.target(call)
    if target is None or not target.up:
        return
    hang_up(turn, target)  # without a farewell: the bridge may still come
    target_gone(turn, call, Result.NOT_PLACED, shown(target))
    _check(turn, turn.calls[call.id])


def back(turn: Turn, call: Call, signal: Signal) -> None:
    """BLIND-6, LOST-BLIND: B's ring is cancelled; whoever was never asked to be rung is gone at once."""
    target = turn.target(call)
    t.back(turn, call, signal)
    if target is not None and not target.blind:
        turn.end(turn.legs[target.id], "cancelled")
    _check(turn, turn.calls[call.id])


def _check(turn: Turn, call: Call) -> None:
    """C may have left the room without our knowing: only a list of those in it tells."""
    customer = turn.customer(call)
    if call.room is not None and customer.up and customer.room == call.room:
        read_room(turn, call.room, call)
