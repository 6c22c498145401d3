"""Parting with a leg: a sentence of farewell for whoever has answered, then the hang-up, until it is gone."""

from __future__ import annotations

from warmxfer_tui.core import speech
from warmxfer_tui.core.commands import Hangup
from warmxfer_tui.core.lanes import lane
from warmxfer_tui.core.model import Leg
from warmxfer_tui.core.terms import Clock, Lane
from warmxfer_tui.core.turn import GIVEN_UP, Turn


def goodbye(turn: Turn, leg: Leg | None, text: str) -> None:
    """Part from a target: a ring is cancelled; someone who answered hears a sentence first."""
    if leg is None or not leg.alive or leg.leaving or leg.hanging_up:
        return
    if leg.up and text:
        turn.set_leg(leg.id, leaving=text, tries=0)
        turn.disarm(Clock.RETRY, leg.id)
        turn.arm(Clock.GOODBYE, leg.id, turn.policy.goodbye)
    else:
        hang_up(turn, leg)


def farewell(turn: Turn, leg: Leg) -> None:
    """Out of the room, one sentence, gone. The GOODBYE timer hangs up whatever goes wrong."""
    if leg.ccid is None or leg.hanging_up or leg.pending or turn.armed(Clock.RETRY, leg.id):
        return
    call = turn.call_of(leg)
    if leg.room is not None and call is not None:
        lane(turn, leg, Lane.LEAVE, leg.room, call)
    elif leg.looping and call is not None:
        speech.hush(turn, leg, call)
    elif leg.saying != leg.leaving and not leg.voicing:
        speech.on_leg(turn, leg, leg.leaving, call, loop=False)


def hang_up(turn: Turn, leg: Leg) -> None:
    """Hang up, and again if it is not gone in time. A dial without an id yet is hung up when it gets one."""
    if not leg.alive:
        return
    if turn.unsend(leg.id):
        turn.end(leg, "cancelled")
        return
    if leg.ccid is None and leg.hanging_up and not any(ask.leg == leg.id for ask in turn.asks.values()):
        turn.end(leg, GIVEN_UP)  # should it show up after all, it is hung up then
        return
    turn.set_leg(leg.id, hanging_up=True)
    turn.arm(Clock.GOODBYE, leg.id, turn.policy.goodbye)
    asked = any(ask.leg == leg.id and isinstance(ask.request, Hangup) for ask in turn.asks.values())
    if leg.ccid is not None and not asked:
        call = turn.call_of(leg)
        turn.ask(Hangup(leg.ccid), call=call.id if call else None, leg=leg.id)
