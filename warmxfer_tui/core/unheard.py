"""Who has answered, where no webhook tells: `is_alive` does not tell ringing from answered (CALLING-12).

A command that only an answered leg takes is the question: of one that rings it is refused, and changes
nothing. A target is asked by its join, only where it may come in: C is proven held, and nothing under way may
change that (I4). A customer whom we have answered is asked by the room that it is to create, and the agent's
own phone by the sentence that it is to hear. A customer who is called out may be asked nothing, for it is in
the room already; but the carrier stops ringing after a while, and whoever lives then has answered.
"""

from __future__ import annotations

from dataclasses import replace

from warmxfer_tui.core import speech, words
from warmxfer_tui.core.commands import Answer, CreateRoom
from warmxfer_tui.core.events import CallEnded
from warmxfer_tui.core.lanes import lane
from warmxfer_tui.core.model import Call, Leg
from warmxfer_tui.core.seats import secure
from warmxfer_tui.core.steering import room_name
from warmxfer_tui.core.terms import Lane, LineState, Phase, Result, Role, State
from warmxfer_tui.core.turn import Turn
from warmxfer_tui.core.words import result_of, shown

RINGS_ON = 8_000
"""Milliseconds after `Policy.ring` in which a phone that we called has certainly stopped ringing: the carrier
was told to ring for 5 s longer than we wait."""


def pace(turn: Turn) -> int:
    """Milliseconds until it is asked again; soon where a customer may be up already, and in silence."""
    soon = any(_being_answered(turn, call) for call in turn.calls.values())
    return turn.policy.retry if soon else turn.policy.reconcile


def ask(turn: Turn) -> None:
    """While webhooks do not come, everybody who rings is asked again and again."""
    if turn.now < turn.calm_until:
        return
    for call in list(turn.calls.values()):
        try_join(turn, call)
        if _being_answered(turn, call):
            _try_room(turn, call)
    _try_line(turn)


def try_join(turn: Turn, call: Call) -> bool:
    """Ask by a join whether a target has answered; False where that may not be asked."""
    target = turn.target(call)
    if target is None or call.state is not State.CALLING or call.room is None:
        return False
    rings = target.phase is Phase.RINGING and not (target.pending or target.hanging_up)
    if not (rings and secure(turn.customer(call))) or turn.now < turn.calm_until:
        return False
    turn.fire("CALLING-12")
    lane(turn, target, Lane.JOIN, call.room, call)
    return True


def _being_answered(turn: Turn, call: Call) -> bool:
    """C's answer was asked for and has its reply: C is on the line, or will be in a moment."""
    customer = turn.customer(call)
    asked = any(ask.leg == customer.id and isinstance(ask.request, Answer) for ask in turn.asks.values())
    ready = turn.line.seat == call.id and turn.line.state is LineState.PARKED
    return call.state is State.RING and customer.alive and ready and not asked and not call.room_asked


def _try_room(turn: Turn, call: Call) -> None:
    customer = turn.customer(call)
    if customer.ccid is not None:
        turn.fire("ANY-2")
        turn.set_call(call.id, room_asked=True)
        turn.ask(CreateRoom(customer.ccid, room_name(turn, call)), call=call.id, leg=customer.id)


def _try_line(turn: Turn) -> None:
    agent = turn.agent()
    rings = agent is not None and agent.phase is Phase.RINGING and not (agent.voicing or agent.hanging_up)
    if agent is not None and rings and turn.line.state is LineState.DIALLING:
        turn.fire("ANY-2")
        speech.on_leg(turn, agent, words.PRESS_A_KEY, None)


def outlasts_ring(turn: Turn, leg: Leg) -> bool:
    """Whether the carrier has stopped ringing a customer by now: who lives has been answered."""
    rung = leg.phase is Phase.RINGING and not leg.inbound and leg.role is Role.CUSTOMER
    return rung and turn.now - leg.phase_at >= turn.policy.ring + RINGS_ON


def explained(turn: Turn, leg: Leg, fact: CallEnded) -> None:
    """Why somebody has gone of whom a refusal, or a survey, told only that they have: the agent is told."""
    call = turn.call_of(leg)
    if call is None or leg.ending is None or leg.ending.cause != "gone":
        return
    ending = replace(leg.ending, cause=fact.cause, sip=fact.sip)
    turn.set_leg(leg.id, ending=ending)
    newest = leg.role is Role.TARGET and leg.id.endswith(f".B{call.targets}") and call.target is None
    if newest and call.consult_outcome is Result.UNKNOWN:
        turn.set_call(call.id, consult_outcome=result_of(ending))
        turn.tell("warn", f"{shown(leg)}: {result_of(ending)}.", call.id)
