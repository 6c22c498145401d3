"""What the rows do about hold: on, off, changing calls, and every way in which it can be refused."""

from __future__ import annotations

from warmxfer_tui.core import line, words
from warmxfer_tui.core.endings import lose_agent, to_talk
from warmxfer_tui.core.events import Problem, Refused
from warmxfer_tui.core.model import Call
from warmxfer_tui.core.parting import goodbye
from warmxfer_tui.core.seats import present
from warmxfer_tui.core.terms import Clock, Lane, Means, Role, State
from warmxfer_tui.core.turn import Signal, Turn

REBUILD_AFTER = 3
"""Refused unholds, or joins, of C in a row before a new room is tried (HELD-4)."""
HOLDS = 2
"""Holds that are asked for: one resend (TALK-4)."""
GIVE_UP_AFTER = 4
"""Refused unholds in a row before a merge or a transfer is given up (CONSULT-6)."""


def hold(turn: Turn, call: Call, signal: Signal) -> None:
    """Key `h` in TALK."""
    turn.enter(call, State.HELD, by="hold", pending=True)


def hold_of_three(turn: Turn, call: Call, signal: Signal) -> None:
    """Key `h` in THREE: C is held, and A consults B again; or B is held, and A talks to C."""
    leg = turn.legs.get(signal.leg) if signal.leg else None
    state = State.SWAPPED if leg is not None and leg.role is Role.TARGET else State.CONSULT
    turn.enter(call, state, by="hold", pending=True)


def cancel_hold(turn: Turn, call: Call, signal: Signal) -> None:
    """LAW-5: `b` takes back a hold that is still pending."""
    to_talk(turn, call)


def resume(turn: Turn, call: Call, signal: Signal) -> None:
    """Key `h` in HELD; where the agent is in another call, it is a change of calls (CHANGE-1)."""
    other = turn.calls.get(turn.line.seat) if turn.line.seat else None
    if other is not None and other.id != call.id:
        if other.state is State.TALK:
            turn.enter(other, State.HELD)
        elif other.state is not State.HELD:
            line.release(turn, other)
    turn.focus = call.id
    line.seat(turn, call)
    turn.enter(turn.calls[call.id], State.TALK, by="hold", pending=True)


def change_failed(turn: Turn, call: Call, signal: Signal) -> None:
    """CHANGE-3: the agent cannot get into the other room: back into the first."""
    back = turn.calls.get(turn.line.before) if turn.line.before else None
    refused: Refused = signal.detail
    turn.tell("alarm", f"You could not be connected: {refused.words}", call.id)
    if back is None or not turn.customer(back).up:
        return
    turn.enter(call, State.HELD)
    turn.set_line(seat=back.id, before=None)
    turn.enter(turn.calls[back.id], State.TALK, by="hold", pending=True)
    turn.focus = back.id


def hold_refused(turn: Turn, call: Call, signal: Signal) -> None:
    """TALK-4: the customer was not held: B is never joined, and the talk goes on as before."""
    refused: Refused = signal.detail
    customer = turn.customer(call)
    if customer.held and turn.now < customer.sound_until:
        return  # the file sounds still, and is asked for again until it ends
    if refused.problem is Problem.UNAVAILABLE and customer.tries < HOLDS:
        return  # one resend; steering sends it when RETRY is due
    hold_failed(turn, call, signal)


def hold_failed(turn: Turn, call: Call, signal: Signal) -> None:
    """TALK-4, CALLING-3."""
    refused = signal.detail
    why = refused.words if isinstance(refused, Refused) else "the carrier did not confirm it."
    turn.tell("alarm", f"The customer could not be held: {why}", call.id)
    goodbye(turn, turn.target(call), words.NOT_POSSIBLE)
    turn.set_call(call.id, target=None)
    turn.disarm(Clock.WAIT, call.id)
    to_talk(turn, turn.calls[call.id])


def not_heard(turn: Turn, call: Call, signal: Signal) -> None:
    """LAW-4: nothing that C could hear on hold is proven in its time: C is with A again, or A is called."""
    agent, customer = turn.agent(), turn.customer(call)
    deaf = turn.unheard_since is not None or turn.armed(Clock.EVENT, "desk")
    if deaf and customer.saying:
        return  # it is being spoken to: only a webhook could prove that
    if present(agent, call):
        hold_failed(turn, call, signal)
    elif turn.line.seat in (None, call.id):
        lose_agent(turn, call, signal)


def media_refused(turn: Turn, call: Call, signal: Signal) -> None:
    """TALK-5: the ladder of hold sound: hold without a file, and speak to C alone."""
    if signal.leg is None:
        return
    turn.set_leg(signal.leg, means=Means.SPOKEN, tries=0)
    turn.disarm(Clock.RETRY, signal.leg)
    turn.tell("warn", "The hold music cannot be played: the customer is spoken to instead.", call.id)


def cannot_be_held(turn: Turn, call: Call, signal: Signal) -> None:
    """LAW-4: nobody is with C and the hold is refused: out of the room, with speech on C's own leg.

    At the first refusal where C has waited for a partner already (CONNECT-1): two seconds are all there is.
    """
    customer = turn.customer(call)
    late = call.silent_at is not None and turn.now - call.silent_at >= turn.policy.alone
    if (late or customer.tries >= HOLDS) and customer.means is not Means.APART:
        turn.set_leg(customer.id, means=Means.APART, tries=0)
        turn.disarm(Clock.RETRY, customer.id)
        turn.tell("alarm", "The customer cannot be held: speech goes to their own leg.", call.id)


def cannot_leave(turn: Turn, call: Call, signal: Signal) -> None:
    """LAW-4: the last rung of the ladder cannot be reached: the one before it again."""
    customer = turn.customer(call)
    if customer.tries >= HOLDS and customer.means is Means.APART:
        turn.set_leg(customer.id, means=Means.SPOKEN, tries=0, unheeded=0)
        turn.disarm(Clock.RETRY, customer.id)


def unhold_refused(turn: Turn, call: Call, signal: Signal) -> None:
    """HELD-4: again, then in a new room; the customer has hold sound all the while."""
    customer = turn.customer(call)
    if customer.tries == REBUILD_AFTER and customer.room is not None:
        turn.tell("alarm", "The customer cannot be taken off hold: a new room is made.", call.id)
        _rebuild(turn, call)


def way_in_refused(turn: Turn, call: Call, signal: Signal) -> None:
    """LAW-4: C is outside and cannot get in: a new room, which C creates; C is spoken to all the while."""
    customer = turn.customer(call)
    if customer.tries == REBUILD_AFTER and call.room is not None:
        turn.tell("alarm", "The customer cannot be brought back into the room: a new one is made.", call.id)
        turn.set_leg(customer.id, pending=())  # should it come in after all, it is led on from there
        _rebuild(turn, call)


def _rebuild(turn: Turn, call: Call) -> None:
    turn.set_call(call.id, room=None, room_tries=call.room_tries + 1, naming_room=False)


def meeting_refused(turn: Turn, call: Call, signal: Signal) -> None:
    """CONSULT-6: the consult goes on undisturbed while the unhold is tried again."""
    leg = turn.legs[signal.leg] if signal.leg else turn.customer(call)
    if leg.tries >= GIVE_UP_AFTER and call.origin is not None:
        refused: Refused = signal.detail
        turn.tell("alarm", f"It could not be done: {refused.words}", call.id)
        turn.enter(call, call.origin)


def swap_refused(turn: Turn, call: Call, signal: Signal) -> None:
    """SWAPPED-3: the first half is undone, so that one pair always talks."""
    refused: Refused = signal.detail
    leg = turn.legs[signal.leg] if signal.leg else turn.customer(call)
    if signal.of == Lane.HOLD and refused.problem is Problem.UNAVAILABLE and leg.tries < 2:
        return  # the first half may be sent again; a second half that failed is undone at once (I2)
    if call.origin is not None:
        turn.tell("alarm", f"The swap could not be done: {refused.words}", call.id)
        turn.enter(call, call.origin)
