"""What the rows do until a customer is in talk: ring in, call out, connect."""

from __future__ import annotations

from warmxfer_tui.core import doubt, line, speech, words
from warmxfer_tui.core.commands import Answer, Dial, FindRoom, ReadCall, Reject
from warmxfer_tui.core.endings import lose_agent, wrap
from warmxfer_tui.core.events import Pressed, Problem, Refused
from warmxfer_tui.core.lanes import lane, tag_of
from warmxfer_tui.core.model import Call, Leg
from warmxfer_tui.core.parting import hang_up
from warmxfer_tui.core.seats import present
from warmxfer_tui.core.steering import read_room, room_name
from warmxfer_tui.core.terms import Clock, Lane, LineState, Result, Role, State
from warmxfer_tui.core.turn import GIVEN_UP, Signal, Turn
from warmxfer_tui.core.unheard import RINGS_ON, outlasts_ring
from warmxfer_tui.core.words import shown

_CONNECT_TRIES = 3


# --- ringing in ------------------------------------------------------------------------------------------


def announce(turn: Turn, call: Call, signal: Signal) -> None:
    """A call rings."""
    turn.tell("alarm", f"{shown(turn.customer(call))} is calling. [a] answer, [r] reject.", call.id)


def accept(turn: Turn, call: Call, signal: Signal) -> None:
    """RING-3, RING-5, CHANGE-2: the agent takes a call; the line comes first, the answer when it is up."""
    now = turn.calls.get(turn.line.seat) if turn.line.seat else None
    turn.set_call(call.id, accepting=True)
    turn.focus = call.id
    if now is not None and now.id != call.id:
        if now.state is State.TALK:
            turn.enter(now, State.HELD)
        elif now.state is not State.HELD:
            line.release(turn, now)
    line.seat(turn, turn.calls[call.id])
    answer(turn, turn.calls[call.id])


def line_is_up(turn: Turn, call: Call, signal: Signal) -> None:
    """The line is parked: do what waited for it."""
    if call.state is State.RING:
        answer(turn, call)
    elif call.state is State.OUT:
        call_customer(turn, call)


def answer(turn: Turn, call: Call) -> None:
    """Answer C once the line is parked and out of every room: never before (RING-3, RING-5)."""
    customer, agent = turn.customer(call), turn.agent()
    ready = turn.line.state is LineState.PARKED and agent is not None and not agent.room and not agent.pending
    if not (call.accepting and ready and turn.line.seat == call.id) or customer.ccid is None:
        return
    if not _asked(turn, call, Answer):
        turn.ask(Answer(customer.ccid, tag_of(turn, customer, call)), call=call.id, leg=customer.id)


def ring_on(turn: Turn, call: Call, signal: Signal) -> None:
    """LOST-RING: nobody is there to talk to C, who rings on, unless its answer is on its way already."""
    if call.accepting and not _asked(turn, call, Answer):
        turn.set_call(call.id, accepting=False)
        line.release(turn, call)


def _asked(turn: Turn, call: Call, kind: type[Answer] | type[Dial]) -> bool:
    return any(ask.leg == call.customer and isinstance(ask.request, kind) for ask in turn.asks.values())


def line_did_not_come(turn: Turn, call: Call, signal: Signal) -> None:
    """RING-4: C rings on; the agent is told why and what to press."""
    why = words.line_reason(signal.detail)
    turn.set_call(call.id, accepting=False)
    line.release(turn, call)
    turn.tell("alarm", f"Your line: {why}. The customer rings on: [a] again, [r] reject.", call.id)


def reject(turn: Turn, call: Call, signal: Signal) -> None:
    """RING-6."""
    customer = turn.customer(call)
    turn.set_call(call.id, outcome=Result.REJECTED, accepting=False)
    line.release(turn, call)
    if customer.ccid is not None:
        turn.set_leg(customer.id, hanging_up=True)
        turn.arm(Clock.GOODBYE, customer.id, turn.policy.goodbye)
        turn.ask(Reject(customer.ccid), call=call.id, leg=customer.id)


def rang_off(turn: Turn, call: Call, signal: Signal) -> None:
    """RING-2: the customer gave up waiting, or is gone because we rejected."""
    if call.outcome is None:
        waited = (turn.now - call.since) // 1000
        turn.tell("alarm", f"{shown(turn.customer(call))} gave up after ringing {waited} s.", call.id)
    wrap(turn, call, call.outcome or Result.ABANDONED_RINGING)


def not_answered(turn: Turn, call: Call, signal: Signal) -> None:
    """The answer was refused: the customer rings on."""
    refused: Refused = signal.detail
    turn.set_call(call.id, accepting=False)
    line.release(turn, call)
    turn.tell("alarm", f"The call could not be answered: {refused.words} [a] tries again.", call.id)


# --- calling out -----------------------------------------------------------------------------------------


def dial(turn: Turn, pressed: Pressed) -> None:
    """A new outbound call: the line first, then the customer."""
    number = pressed.number
    refused = words.refusal(number, pressed.text == "sure")
    if number is not None:
        refused = refused or doubt.refusal(turn, number)
    if refused or number is None:
        turn.tell("alarm", refused)
        return
    for over in [call for call in turn.calls.values() if call.state is State.WRAP]:
        line.release(turn, over)
    call = turn.new_call(State.OUT)
    turn.focus = call.id
    turn.legs[call.customer] = Leg(call.customer, Role.CUSTOMER, number, pressed.name, phase_at=turn.now)
    line.seat(turn, call)
    if call.id in turn.calls:
        call_customer(turn, turn.calls[call.id])


def call_again(turn: Turn, call: Call, signal: Signal) -> None:
    """OUT-z: the carrier knows of no call to C. It is a new call of ours, for C's leg is one attempt."""
    customer = turn.customer(call)
    turn.end(customer, GIVEN_UP)
    wrap(turn, call, Result.NOT_PLACED)
    dial(turn, Pressed(turn.now, signal.of, number=customer.number, name=customer.name, text="sure"))


def call_customer(turn: Turn, call: Call) -> None:
    """The line is parked: dial C, whose leg creates the room at ringback (behaviour, precisions)."""
    customer, agent = turn.customer(call), turn.agent()
    ready = turn.line.state is LineState.PARKED and agent is not None and not agent.room
    if ready and customer.ccid is None and customer.alive and not _asked(turn, call, Dial):
        _dial(turn, call, named=True)


def _dial(turn: Turn, call: Call, *, named: bool) -> None:
    customer, policy = turn.customer(call), turn.policy
    name = room_name(turn, call) if named else None
    turn.set_call(call.id, naming_room=named, room_asked=named)
    tag = tag_of(turn, customer, call)
    secs = policy.ring // 1000 + 5
    turn.ask(
        Dial(customer.number.e164, policy.from_number, policy.connection, secs, tag, name),
        call=call.id,
        leg=customer.id,
    )
    turn.arm(Clock.RING, customer.id, policy.ring)


def dial_refused(turn: Turn, call: Call, signal: Signal) -> None:
    """OUT-2; an application that refuses an unknown room name is dialled plainly (telnyx-facts §6.2 #53)."""
    refused: Refused = signal.detail
    if call.naming_room and refused.problem in (Problem.GONE, Problem.NOT_FOUND):
        _dial(turn, call, named=False)
        return
    turn.end(turn.customer(call), "refused")
    turn.tell("alarm", f"The customer could not be called: {refused.words}", call.id)
    turn.set_call(call.id, outcome=Result.NOT_PLACED)


def customer_answered(turn: Turn, call: Call, signal: Signal) -> None:
    """OUT-1, RING-5: C is on the line; the agent has to be there within a second."""
    if call.state is State.OUT and (turn.agent() is None or call.outcome is Result.NOT_PLACED):
        customer = turn.customer(call)
        turn.disarm(Clock.GOODBYE, customer.id)  # OUT-4, LOST-OUT: whoever answered in that instant is kept
        turn.unsend(customer.id)
        turn.set_leg(customer.id, hanging_up=False)
        call = turn.set_call(call.id, outcome=None)
        if turn.agent() is None:
            lose_agent(turn, call, signal)
            return
    turn.enter(call, State.CONNECT)
    unheard = call.outcome is Result.NO_ANSWER and not turn.customer(call).hanging_up
    turn.set_call(call.id, accepting=False, outcome=None if unheard else call.outcome)
    turn.arm(Clock.STUCK, call.id, turn.policy.stuck)


def ring_over(turn: Turn, call: Call, signal: Signal) -> None:
    """OUT-2: nobody answered, as far as webhooks tell.

    Where belief is checked it is the carrier that stops ringing, a moment later: whoever lives after that has
    answered unheard, and a customer who may have answered is not hung up by us (I3, CALLING-12).
    """
    customer = turn.customer(call)
    turn.set_call(call.id, outcome=Result.NO_ANSWER)
    if customer.ccid is None:
        turn.end(customer, GIVEN_UP)
    elif not turn.policy.reconcile:
        hang_up(turn, customer)
    elif not outlasts_ring(turn, customer):
        turn.arm(Clock.RING, customer.id, customer.phase_at + turn.policy.ring + RINGS_ON - turn.now)
    else:
        turn.arm(Clock.RING, customer.id, turn.policy.reconcile)
        turn.ask(ReadCall(customer.ccid), call=call.id, leg=customer.id)


def cancel_ring(turn: Turn, call: Call, signal: Signal) -> None:
    """OUT-3: one press, for nobody has answered."""
    _cancel(turn, call, Result.CANCELLED)


def cancel_unattended(turn: Turn, call: Call, signal: Signal) -> None:
    """LOST-OUT: nobody would be there for whoever answers."""
    if call.outcome is None:
        _cancel(turn, call, Result.NOT_PLACED)


def _cancel(turn: Turn, call: Call, outcome: Result) -> None:
    customer = turn.customer(call)
    turn.set_call(call.id, outcome=outcome)
    if customer.ccid is None and not _asked(turn, call, Dial):
        turn.end(customer, GIVEN_UP)
    else:
        hang_up(turn, customer)


def not_reached(turn: Turn, call: Call, signal: Signal) -> None:
    """OUT-2: a typed outcome; the agent keeps the line."""
    outcome = call.outcome or words.result_of(turn.customer(call).ending)
    turn.tell("warn", f"{shown(turn.customer(call))}: {outcome}.", call.id)
    wrap(turn, call, outcome)


def line_lost_dialling(turn: Turn, call: Call, signal: Signal) -> None:
    """OUT-4: without the agent's line nobody is called."""
    turn.tell("alarm", "Your line is not up: the customer is not called.", call.id)
    _cancel(turn, call, Result.NOT_PLACED)


# --- connecting ------------------------------------------------------------------------------------------


def alone(turn: Turn, call: Call, signal: Signal) -> None:
    """CONNECT-1: nobody is proven with C after a second: hold sound until somebody is, and a read."""
    turn.set_call(call.id, cover=True)
    agent = turn.agent()
    if call.room is not None:
        read_room(turn, call.room, call)
    elif call.room_asked and call.naming_room:
        turn.ask(FindRoom(room_name(turn, call)), call=call.id)
    if agent is not None:
        turn.disarm(Clock.RETRY, agent.id)


def stuck(turn: Turn, call: Call, signal: Signal) -> None:
    """CONNECT-1: five seconds without the agent: rescue."""
    lose_agent(turn, call, signal)


def together_again(turn: Turn, call: Call, signal: Signal) -> None:
    """LAW-4: C was taken out of a room that has ended since, and the agent waits: a new one, now and then."""
    if call.room is None:
        turn.set_call(call.id, cover=False)


def room_refused(turn: Turn, call: Call, signal: Signal) -> None:
    """CONNECT-2: C is spoken to on its own leg, and another room name is tried."""
    customer = turn.customer(call)
    turn.set_call(call.id, room_tries=call.room_tries + 1, naming_room=False)
    if customer.up and customer.room is not None:
        lane(turn, customer, Lane.LEAVE, customer.room, call)
    elif customer.up and not customer.looping:
        speech.on_leg(turn, customer, words.ONE_MOMENT, call)
    turn.arm(Clock.RETRY, call.id, turn.policy.retry)
    if call.room_tries == _CONNECT_TRIES:
        refused: Refused = signal.detail
        turn.tell("alarm", f"No room can be made for this call: {refused.words}", call.id)


def stranger_came(turn: Turn, call: Call, signal: Signal) -> None:
    """THREE-4: an unknown leg is in the room; whoever talks there is told."""
    for leg in list(turn.legs.values()):
        if present(leg, call) and not leg.leaving and leg.role is not Role.STRANGER:
            speech.in_room(turn, leg, words.SOMEBODY_CAME, call)
    turn.tell("alarm", "An unknown leg has joined this call. [x] on its panel removes it.", call.id)
