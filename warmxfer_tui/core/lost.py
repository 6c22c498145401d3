"""What the rows do when nobody is at the keys any more: the console is lost, the calls are not.

From `ConsoleLost` to `ConsoleBack` a desk is unattended. Each call is answered by the LOST row of its state,
and again whenever it comes into another state, or the agent's line has become free: so no call is ever left
where only a key would help. What needs no key goes on as it is; what a key has begun and nobody can end is
called off, and the customer goes back to the agent, whose phone does not need the console.
"""

from __future__ import annotations

from warmxfer_tui.core import line, speech, words
from warmxfer_tui.core.endings import lose_agent, to_talk
from warmxfer_tui.core.model import Call
from warmxfer_tui.core.terms import Clock, LineState
from warmxfer_tui.core.transfers import call_off
from warmxfer_tui.core.turn import Signal, Turn, When
from warmxfer_tui.core.words import shown


def console_lost(turn: Turn) -> None:
    """The table is asked about every call."""
    if turn.lost_at is not None:
        return
    turn.lost_at = turn.now
    turn.tell("alarm", words.CONSOLE_LOST)
    _mind_line(turn)
    for call_id in turn.calls:
        turn.signal(When.UNATTENDED, call=call_id)


def console_back(turn: Turn) -> None:
    """Somebody is at the keys again. Nothing is taken back: they see what there is, and go on from there."""
    if turn.lost_at is None:
        return
    away, turn.lost_at = max(turn.now - turn.lost_at, 0) // 1_000, None
    for call_id in turn.calls:
        turn.disarm(Clock.WORD, call_id)
    turn.tell("good", f"The console is back: the guardian has looked after the desk for {away} s.")


def _mind_line(turn: Turn) -> None:
    """LOST-LINE: no key can confirm the agent's line any more, nor unmute it."""
    turn.fire("LOST-LINE")
    if turn.line.state in (LineState.DIALLING, LineState.PROVING):
        turn.set_line(must_press=True)
    if turn.line.state is LineState.PARKED and turn.line.seat is None:
        line.keep(turn)
    if not turn.line.mute:
        return
    turn.set_line(mute=False)
    agent = turn.agent()
    call = turn.call_of(agent) if agent is not None else None
    if agent is not None and call is not None:
        speech.in_room(turn, agent, words.UNMUTED, call)


def go_on(turn: Turn, call: Call, signal: Signal) -> None:
    """LOST-CONNECT, LOST-TALK, LOST-RESCUE, and the rest that no key is needed for."""


def wait_for_agent(turn: Turn, call: Call, signal: Signal) -> None:
    """LOST-HELD, with the agent in another room: they are not taken from there; C hears a word a minute."""
    turn.arm_once(Clock.WORD, call.id, turn.policy.word)


def say_a_word(turn: Turn, call: Call, signal: Signal) -> None:
    """LOST-HELD: but whoever is being spoken to, for want of hold sound, needs no other word."""
    customer = turn.customer(call)
    turn.arm(Clock.WORD, call.id, turn.policy.word)
    if customer.held and not customer.pending and speech.idle(turn, customer):
        speech.in_room(turn, customer, words.STILL_WAITING, call)


def back_to_agent(turn: Turn, call: Call, signal: Signal) -> None:
    """LOST-HELD: the agent joins C; an agent without a line is called (RESCUE)."""
    turn.disarm(Clock.WORD, call.id)
    if turn.agent() is None:
        lose_agent(turn, call, signal)
    else:
        turn.tell("info", f"{shown(turn.customer(call))} is taken off hold, to you.", call.id)
        line.seat(turn, call, must_press=True)
        to_talk(turn, turn.calls[call.id])


def target_called_off(turn: Turn, call: Call, signal: Signal) -> None:
    """LOST-CONSULT, LOST-ASIDE, LOST-FINISH: B is cancelled or told, C is with A."""
    customer, target = shown(turn.customer(call)), turn.target(call)
    if target is not None:
        what = "was told that it is not possible now" if target.up else "is not called any more"
        turn.tell("warn", f"{shown(target)} {what}; {customer} is with you.", call.id)
    call_off(turn, call, words.NOT_POSSIBLE)
