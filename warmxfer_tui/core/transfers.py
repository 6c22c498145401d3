"""What the rows do about a target: consult, swap, merge, complete, back, drop."""

from __future__ import annotations

from warmxfer_tui.core import doubt, words
from warmxfer_tui.core.commands import Dial, SendDigits
from warmxfer_tui.core.endings import target_gone, to_talk, wrap
from warmxfer_tui.core.events import NOT_DONE, Pressed, Refused
from warmxfer_tui.core.lanes import tag_of
from warmxfer_tui.core.model import Call, Leg
from warmxfer_tui.core.parting import goodbye, hang_up
from warmxfer_tui.core.terms import Clock, Lane, LegId, Result, Role, State
from warmxfer_tui.core.turn import GIVEN_UP, Signal, Turn
from warmxfer_tui.core.unheard import try_join
from warmxfer_tui.core.words import shown

MUTES = 2
"""Times that a mute of unknown outcome is asked for again before it is given up: C may be in silence."""

# --- consult ---------------------------------------------------------------------------------------------


def consult(turn: Turn, call: Call, signal: Signal) -> None:
    """Key `c`: hold and dial go out together; the join waits for both (`design.md` §3.2)."""
    if _dial_target(turn, call, signal.detail):
        turn.enter(turn.calls[call.id], State.CALLING, by="consult", pending=True)


def consult_aside(turn: Turn, call: Call, signal: Signal) -> None:
    """Key `o`: B is called while A and C go on talking."""
    if _dial_target(turn, call, signal.detail):
        turn.enter(turn.calls[call.id], State.ASIDE)


def _dial_target(turn: Turn, call: Call, pressed: Pressed) -> bool:
    leg = new_target(turn, call, pressed)
    if leg is None:
        return False
    policy = turn.policy
    secs = policy.ring // 1000 + 5
    tag = tag_of(turn, leg, call)
    dial = Dial(leg.number.e164, policy.from_number, policy.connection, secs, tag)
    turn.ask(dial, call=call.id, leg=leg.id)
    return True


def new_target(turn: Turn, call: Call, pressed: Pressed) -> Leg | None:
    """The one that a key names, as a leg that is to ring; None, with the reason told, where there is none."""
    number = pressed.number
    refused = words.refusal(number, pressed.text == "sure")
    if number is not None:
        refused = refused or doubt.refusal(turn, number)
    if refused or number is None:
        turn.tell("alarm", refused, call.id)
        return None
    leg_id = LegId(f"{call.id}.B{call.targets + 1}")
    turn.legs[leg_id] = leg = Leg(leg_id, Role.TARGET, number, pressed.name, phase_at=turn.now)
    turn.set_call(call.id, target=leg_id, targets=call.targets + 1, consult_outcome=None)
    turn.arm(Clock.RING, leg_id, turn.policy.ring)
    return leg


def call_again(turn: Turn, call: Call, signal: Signal) -> None:
    """CALLING-z: the carrier knows of no call to B; should the old one show up after all, it is hung up."""
    target = turn.target(call)
    if target is not None:
        turn.end(target, GIVEN_UP)
        anew = Pressed(turn.now, signal.of, number=target.number, name=target.name, text="sure")
        _dial_target(turn, call, anew)


def target_answered(turn: Turn, call: Call, signal: Signal) -> None:
    """CALLING-1: steering joins B, for C is proven held."""
    announce(turn, call)
    turn.arm(Clock.WAIT, call.id, turn.policy.wait_for_join)


def target_answered_early(turn: Turn, call: Call, signal: Signal) -> None:
    """CALLING-3: C is not proven held yet: B hears one sentence and waits at most 3 s."""
    announce(turn, call)
    turn.arm(Clock.WAIT, call.id, turn.policy.wait_for_hold)


def announce(turn: Turn, call: Call) -> None:
    """B answered: the agent may be looking elsewhere."""
    target = turn.target(call)
    turn.tell("alarm", f"{shown(target) if target else 'Your colleague'} answered.", call.id)


def target_waits(turn: Turn, call: Call, signal: Signal) -> None:
    """ASIDE-1: B waits on its own leg until `s`."""
    target = turn.target(call)
    name = shown(target) if target else "Your colleague"
    turn.tell("alarm", f"{name} answered and waits. [s] takes you there.", call.id)


def target_dial_refused(turn: Turn, call: Call, signal: Signal) -> None:
    """CALLING-6."""
    refused: Refused = signal.detail
    target = turn.target(call)
    if target is None:
        return
    turn.set_call(call.id, consult_outcome=Result.NOT_PLACED)
    turn.end(turn.set_leg(target.id, hanging_up=True), "refused")
    turn.tell("alarm", f"{shown(target)} could not be called: {refused.words}", call.id)


def no_answer(turn: Turn, call: Call, signal: Signal) -> None:
    """CALLING-4, ASIDE-4: B's ring is over; C comes back at once, not when the cancel is confirmed.

    Where belief is checked B is asked before, once: its answer may be what no webhook told (CALLING-12).
    """
    target = turn.target(call)
    if target is None:
        return
    policy = turn.policy
    first = turn.now < target.phase_at + policy.ring + policy.proof // 2
    if policy.reconcile and first and try_join(turn, call):
        turn.arm(Clock.RING, target.id, policy.proof)
        return
    if target.ccid is None:
        turn.end(target, GIVEN_UP)
    else:
        hang_up(turn, target)
    target_gone(turn, call, Result.NO_ANSWER, shown(target))


def join_refused(turn: Turn, call: Call, signal: Signal) -> None:
    """CALLING-2: once more (steering), and after 5 s the attempt is given up."""
    turn.arm_once(Clock.WAIT, call.id, turn.policy.wait_for_join)


def waited_enough(turn: Turn, call: Call, signal: Signal) -> None:
    """CALLING-2: B is told and hung up, C back to A."""
    target = turn.target(call)
    if target is None:
        return
    goodbye(turn, target, words.NOT_POSSIBLE)
    target_gone(turn, call, Result.NOT_PLACED, shown(target))


# --- between the two -------------------------------------------------------------------------------------


def back(turn: Turn, call: Call, signal: Signal) -> None:
    """Key `b`: CALLING-8, ASIDE-3, CONSULT-5, SWAPPED-4."""
    call_off(turn, call, words.NO_TRANSFER)


def call_off(turn: Turn, call: Call, text: str) -> None:
    """B's ring is cancelled, or B is told and hung up; C comes back to A."""
    goodbye(turn, turn.target(call), text)
    turn.set_call(call.id, target=None, consult_outcome=Result.CANCELLED)
    turn.disarm(Clock.WAIT, call.id)
    turn.disarm(Clock.STAY, call.id)
    leave_target(turn, turn.calls[call.id])


def leave_target(turn: Turn, call: Call) -> None:
    """Without a target: back to the customer, or the end where the customer has left."""
    if turn.customer(call).alive:
        to_talk(turn, call)
    else:
        wrap(turn, call, call.outcome or Result.CUSTOMER_LEFT)


def swap_to_customer(turn: Turn, call: Call, signal: Signal) -> None:
    """CALLING-9: C is unheld while B goes on ringing."""
    turn.disarm(Clock.WAIT, call.id)
    turn.enter(call, State.ASIDE, by="swap", pending=True)


def swap_to_target(turn: Turn, call: Call, signal: Signal) -> None:
    """ASIDE-1, ASIDE-2."""
    turn.enter(call, State.CALLING, by="swap", pending=True)
    target = turn.target(call)
    if target is not None and target.up:
        turn.arm(Clock.WAIT, call.id, turn.policy.wait_for_join)


def swap(turn: Turn, call: Call, signal: Signal) -> None:
    """Key `s` in CONSULT and SWAPPED: hold first, then unhold."""
    other = State.CONSULT if call.state is State.SWAPPED else State.SWAPPED
    turn.enter(call, other, by="swap", pending=True)


def merge(turn: Turn, call: Call, signal: Signal) -> None:
    """Key `m`: SWAPPED-5 and the way from CONSULT."""
    turn.enter(call, State.THREE, by="merge", pending=True)


def complete(turn: Turn, call: Call, signal: Signal) -> None:
    """Key `t`: CONSULT-3, SWAPPED-6, THREE-1."""
    turn.enter(call, State.FINISH, by="complete", pending=True)


def leave_refused(turn: Turn, call: Call, signal: Signal) -> None:
    """FINISH-1: C and B are proven together, so A's leg is hung up instead."""
    agent = turn.agent()
    if agent is not None and agent.tries >= 2:
        hang_up(turn, agent)


# --- drop, digits ----------------------------------------------------------------------------------------


def drop(turn: Turn, call: Call, signal: Signal) -> None:
    """Key `x`: B or a stranger at once; C twice within 2 s (I3)."""
    pressed: Pressed = signal.detail
    leg = turn.legs.get(pressed.leg or LegId(""))
    if leg is None or not leg.alive:
        return
    if leg.role is Role.CUSTOMER:
        _drop_customer(turn, call, leg, pressed)
    elif leg.role is Role.TARGET:
        hang_up(turn, leg)
        if call.state is State.WATCH or leg.id != call.target:
            return  # C is cared for when B is gone, by WATCH-1 or WATCH-3; or B had been parted with before
        turn.set_call(call.id, target=None, consult_outcome=Result.CANCELLED)
        turn.disarm(Clock.WAIT, call.id)
        turn.disarm(Clock.STAY, call.id)
        leave_target(turn, turn.calls[call.id])
    elif leg.role is Role.STRANGER:
        hang_up(turn, leg)


def _drop_customer(turn: Turn, call: Call, leg: Leg, pressed: Pressed) -> None:
    if leg.up and turn.dropping != leg.id:
        turn.dropping = leg.id
        turn.arm(Clock.DROP, leg.id, turn.policy.drop)
        turn.tell("warn", f"[x] again within 2 s hangs up {shown(leg)}.", call.id)
        return
    turn.dropping = None
    turn.disarm(Clock.DROP, leg.id)
    turn.set_call(call.id, outcome=Result.ENDED)
    turn.tell("info", f"Hung up {shown(leg)}: {pressed.text or Result.ENDED}.", call.id)
    hang_up(turn, leg)


def send_digits(turn: Turn, call: Call, signal: Signal) -> None:
    """Key `k`: digits go to the leg that was named."""
    pressed: Pressed = signal.detail
    leg = turn.legs.get(pressed.leg or LegId(""))
    if leg is not None and leg.up and leg.ccid is not None and pressed.text:
        turn.ask(SendDigits(leg.ccid, pressed.text), call=call.id, leg=leg.id)


def mute(turn: Turn, call: Call, signal: Signal) -> None:
    """Space: the agent's own line."""
    turn.set_line(mute=not turn.line.mute)


def mute_refused(turn: Turn, call: Call, signal: Signal) -> None:
    """LAW-4: the state stays as it was; where nobody knows, it is asked for again first."""
    agent = turn.agent()
    refused: Refused = signal.detail
    if agent is None:
        return
    asked = [p.verb for p in agent.pending if p.verb in (Lane.MUTE, Lane.UNMUTE)]
    if refused is NOT_DONE and (agent.tries <= MUTES or (asked and asked[-1] != signal.of)):
        return
    turn.set_line(mute=signal.of == Lane.UNMUTE)
    turn.tell("alarm", f"Mute could not be changed: {refused.words}", call.id)
