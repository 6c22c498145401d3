"""What the rows do when somebody is lost: the agent, the target, the customer; rescue, watch and wrap."""

from __future__ import annotations

from warmxfer_tui.core import line, speech, words
from warmxfer_tui.core.model import Call, Leg
from warmxfer_tui.core.parting import goodbye, hang_up
from warmxfer_tui.core.seats import met
from warmxfer_tui.core.terms import Clock, LineState, Result, State
from warmxfer_tui.core.turn import Signal, Turn
from warmxfer_tui.core.words import shown

_IN_TALK = frozenset({State.TALK, State.CONNECT, State.ASIDE, State.SWAPPED, State.THREE})
"""States in which C was talking and is to hear why nobody answers any more."""


def wrap(turn: Turn, call: Call, outcome: Result) -> None:
    """Nobody is left but perhaps the agent."""
    turn.enter(call, State.WRAP)
    turn.set_call(call.id, outcome=outcome, cover=False, silent_at=None)
    turn.disarm_all(call.id)
    turn.arm(Clock.WRAP, call.id, turn.policy.wrap)
    line.release(turn, turn.calls[call.id])


def wrap_over(turn: Turn, call: Call, signal: Signal) -> None:
    """The ended call leaves the desk, once nobody of it lives."""
    own = any(leg.alive for leg in turn.legs.values() if leg.id.startswith(f"{call.id}."))
    agent = turn.agent()
    inside = agent is not None and call.room is not None and call.room in (agent.room, agent.joining)
    if own or inside:
        turn.arm(Clock.WRAP, call.id, turn.policy.wrap)
    else:
        turn.forget(call)


# --- the agent is lost -----------------------------------------------------------------------------------


def lose_agent(turn: Turn, call: Call, signal: Signal) -> None:
    """TALK-2, CALLING-11, CONSULT-4, LAW-1: hold sound for C, B is told and hung up, A is called back."""
    target = turn.target(call)
    goodbye(turn, target, words.NOT_POSSIBLE)
    if call.state in _IN_TALK:
        speech.in_room(turn, turn.customer(call), words.ONE_MOMENT, call)
    turn.enter(call, State.RESCUE)
    turn.set_call(call.id, target=None, cover=False, ask_agent=False)
    turn.disarm(Clock.WAIT, call.id)
    turn.disarm(Clock.STUCK, call.id)
    turn.tell(
        "alarm", "Your line is lost. The customer hears hold sound; your phone is being called.", call.id
    )
    call_back(turn, turn.calls[call.id], signal)


def call_back(turn: Turn, call: Call, signal: Signal) -> None:
    """RESCUE: A's line is dialled at once, then every 20 s and by `a`. Only a digit confirms it."""
    turn.set_call(call.id, ask_agent=False)
    turn.disarm(Clock.ASK, call.id)
    turn.arm(Clock.REDIAL, call.id, turn.policy.redial)
    line.seat(turn, turn.calls[call.id], must_press=True)


def hung_up_in_talk(turn: Turn, call: Call, signal: Signal) -> None:
    """TALK-3: A hung up the phone: "one moment", hold sound, and five seconds to say what was meant."""
    goodbye(turn, turn.target(call), words.NOT_POSSIBLE)
    turn.enter(call, State.RESCUE)
    turn.set_call(call.id, target=None, cover=False, ask_agent=True)
    turn.disarm(Clock.STUCK, call.id)
    turn.arm(Clock.ASK, call.id, turn.policy.ask_agent)
    speech.in_room(turn, turn.customer(call), words.ONE_MOMENT, turn.calls[call.id])
    turn.tell(
        "alarm",
        "You hung up your phone. [x] ends the call, [a] calls you back; in 5 s you are called.",
        call.id,
    )


def go_on_without_agent(turn: Turn, call: Call, signal: Signal) -> None:
    """THREE, LAW-1, CONSULT-4: C and B are together, or are being brought together: they go on."""
    watch(turn, call)


def line_still_down(turn: Turn, call: Call, signal: Signal) -> None:
    """RESCUE: the phone did not come up; the REDIAL timer tries again."""
    why = words.line_reason(signal.detail)
    turn.tell("warn", f"Your line: {why}. It is called again; [a] calls it now.", call.id)
    turn.arm_once(Clock.REDIAL, call.id, turn.policy.redial)


def redial(turn: Turn, call: Call, signal: Signal) -> None:
    """RESCUE: every 20 s."""
    turn.arm(Clock.REDIAL, call.id, turn.policy.redial)
    elsewhere = turn.line.seat not in (None, call.id) and turn.agent() is not None
    if not elsewhere and turn.line.state in (LineState.DOWN, LineState.LOST, LineState.PARKED):
        line.seat(turn, call, must_press=True)


# --- the target is lost ----------------------------------------------------------------------------------


def lose_target(turn: Turn, call: Call, signal: Signal) -> None:
    """CALLING-5, CONSULT-1, LAW-2: C back to A, with the reason in words."""
    leg: Leg = signal.detail
    ending = turn.legs[leg.id].ending if leg.id in turn.legs else None
    outcome = call.consult_outcome if leg.hanging_up and call.consult_outcome else words.result_of(ending)
    if leg.up:
        outcome = Result.TARGET_LEFT
        agent = turn.agent()
        if agent is not None:
            speech.in_room(turn, agent, words.TARGET_LEFT, call)
    target_gone(turn, call, outcome, shown(leg))


def target_gone(turn: Turn, call: Call, outcome: Result, name: str) -> None:
    """The attempt is over; the customer is with the agent again, or stays where they are."""
    customer = turn.customer(call)
    turn.set_call(call.id, target=None, consult_outcome=outcome)
    turn.disarm(Clock.WAIT, call.id)
    turn.disarm(Clock.STAY, call.id)
    turn.tell("alarm", f"{name}: {outcome}.", call.id)
    if customer.alive:
        to_talk(turn, turn.calls[call.id])
    else:
        wrap(turn, turn.calls[call.id], call.outcome or Result.ENDED)


def to_talk(turn: Turn, call: Call, by: str = "") -> None:
    """Back to the customer: pending until the agent is proven with them."""
    turn.disarm(Clock.STUCK, call.id)
    if call.state is State.TALK:
        turn.set_call(call.id, origin=None, by="")
    else:
        turn.enter(call, State.TALK, by=by or "back", pending=True)


def left_while_watching(turn: Turn, call: Call, signal: Signal) -> None:
    """WATCH-1: B left early; normal_clearing cannot be told from loss: "one moment", then rescue."""
    turn.set_call(call.id, target=None, cover=True)
    turn.disarm(Clock.SURVIVAL, call.id)
    speech.in_room(turn, turn.customer(call), words.ONE_MOMENT, call)
    turn.arm(Clock.NOTICE, call.id, turn.policy.notice)
    turn.tell("alarm", "Your colleague left early. The customer hears hold sound; you are called.", call.id)


def kept_for_agent(turn: Turn, call: Call, signal: Signal) -> None:
    """WATCH-1 while the agent is in another call, which is not taken from them: C waits on hold sound."""
    turn.set_call(call.id, cover=False)
    turn.enter(turn.calls[call.id], State.HELD)
    turn.tell(
        "alarm",
        f"{shown(turn.customer(call))} is on hold: you are in another call. [tab], then [h].",
        call.id,
    )


def handed_over(turn: Turn, call: Call, signal: Signal) -> None:
    """WATCH-3: the ordinary end of a call handed over: closing words, then hang up."""
    turn.set_call(call.id, target=None)
    customer = turn.customer(call)
    if customer.room is None:  # they were bridged: steering says it on the leg, not in a room made for it
        turn.set_call(call.id, cover=False)
    else:
        speech.in_room(turn, customer, words.CLOSING, call)
    turn.arm(Clock.CLOSING, call.id, turn.policy.closing)


def close(turn: Turn, call: Call, signal: Signal) -> None:
    """WATCH-3: the closing words have been said, or have had their time."""
    turn.disarm(Clock.CLOSING, call.id)
    hang_up(turn, turn.customer(call))


def survived(turn: Turn, call: Call, signal: Signal) -> None:
    """WATCH-4: long enough to count as completed."""
    turn.set_call(call.id, survived=True, outcome=Result.COMPLETED)
    turn.tell("good", "The transfer has held for 90 s: it counts as completed.", call.id)


# --- the customer is lost --------------------------------------------------------------------------------


def customer_gone(turn: Turn, call: Call, signal: Signal) -> None:
    """TALK-1, CALLING-7, ASIDE-5, LAW-3: stop B's ring, tell a B that waits, wrap."""
    goodbye(turn, turn.target(call), words.CUSTOMER_GONE)
    turn.set_call(call.id, target=None)
    turn.tell("alarm", f"{shown(turn.customer(call))} has left.", call.id)
    wrap(turn, turn.calls[call.id], call.outcome or Result.ENDED)


def abandoned_on_hold(turn: Turn, call: Call, signal: Signal) -> None:
    """HELD-3; a call that the agent ended is no abandoned one."""
    if call.outcome is Result.ENDED:
        wrap(turn, call, call.outcome)
        return
    seconds = (turn.now - call.since) // 1000
    turn.tell("alarm", f"{shown(turn.customer(call))} hung up after {seconds} s on hold.", call.id)
    wrap(turn, call, Result.ABANDONED_ON_HOLD)


def stay_with_target(turn: Turn, call: Call, signal: Signal) -> None:
    """CONSULT-2, SWAPPED-2: A and B stay together and are told."""
    turn.enter(call, State.CONSULT)
    outcome = call.outcome or Result.CUSTOMER_LEFT
    turn.set_call(call.id, cover=False, outcome=outcome, consult_outcome=Result.CUSTOMER_LEFT)
    for leg in (turn.agent(), turn.target(call)):
        if leg is not None:
            speech.in_room(turn, leg, words.CUSTOMER_LEFT, call)
    turn.tell("alarm", "The customer has left. [x] or [b] ends the call with your colleague.", call.id)


def stay_awhile(turn: Turn, call: Call, signal: Signal) -> None:
    """THREE-3: A and B stay 30 s, or until `x`."""
    stay_with_target(turn, call, signal)
    turn.arm(Clock.STAY, call.id, turn.policy.stay)


def stay_over(turn: Turn, call: Call, signal: Signal) -> None:
    """THREE-3: the 30 s are over; CONSULT-2: the agent has hung up."""
    goodbye(turn, turn.target(call), words.CUSTOMER_GONE)
    wrap(turn, call, call.outcome or Result.CUSTOMER_LEFT)


def completed_by_customer(turn: Turn, call: Call, signal: Signal) -> None:
    """WATCH-2, GRACE-2: C is served and gone: hang up B."""
    turn.tell("alarm", f"{shown(turn.customer(call))} has left.", call.id)
    target = turn.target(call)
    if target is not None:
        hang_up(turn, target)
    turn.set_call(call.id, target=None)
    wrap(turn, turn.calls[call.id], Result.COMPLETED)


def customer_gone_in_finish(turn: Turn, call: Call, signal: Signal) -> None:
    """LAW-3 in FINISH: handed over already, it is completed; else A and B are still together."""
    agent = turn.agent()
    if agent is not None and agent.room == call.room and not agent.pending:
        stay_awhile(turn, call, signal)
    else:
        completed_by_customer(turn, call, signal)


def customer_gone_in_rescue(turn: Turn, call: Call, signal: Signal) -> None:
    """RESCUE-1: stop every ring; somebody has to call the customer back, unless the agent ended the call."""
    if call.outcome is Result.ENDED:
        wrap(turn, call, call.outcome)
        return
    turn.tell(
        "alarm", f"{shown(turn.customer(call))} hung up while you were called: call them back.", call.id
    )
    wrap(turn, call, Result.ABANDONED_ON_HOLD)


# --- watch -----------------------------------------------------------------------------------------------


def watch(turn: Turn, call: Call) -> None:
    """The agent is out; C and B go on."""
    turn.enter(call, State.WATCH)
    line.release(turn, turn.calls[call.id])
    turn.arm(Clock.SURVIVAL, call.id, turn.policy.survival)
    target = turn.target(call)
    who = shown(target) if target is not None else "your colleague"
    turn.tell("good", f"Transfer complete: {shown(turn.customer(call))} is with {who}.", call.id)


def finish(turn: Turn, call: Call) -> None:
    """FINISH is over when the agent is proven out of the room."""
    agent = turn.agent()
    if met(turn, call) and (agent is None or (agent.room != call.room and not agent.pending)):
        watch(turn, call)
