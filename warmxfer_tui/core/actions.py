"""Which verbs of `verbs.VERBS` work now, on which leg, or why not: the core and the screens ask `allowed`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from warmxfer_tui.core.commands import Survey
from warmxfer_tui.core.doubt import why_not
from warmxfer_tui.core.model import Desk, Leg
from warmxfer_tui.core.scene import TITLES, Scene
from warmxfer_tui.core.terms import CallId, LegId, LineState, Phase, Role, State
from warmxfer_tui.core.verbs import BY_NAME, VERBS


@dataclass(frozen=True, slots=True)
class Allowed:
    """The verb works now, on this leg (None: on the desk)."""

    leg: LegId | None = None


@dataclass(frozen=True, slots=True)
class Off:
    """The verb does not work now."""

    reason: str


Answer = Allowed | Off

_MOVABLE = frozenset({State.TALK, State.HELD})


def allowed(desk: Desk, call: CallId | None = None) -> Mapping[str, Answer]:
    """Every verb of the registry: the leg it would act on, or why it is off."""
    if desk.unattended:
        return {verb.name: Off(_UNATTENDED) for verb in VERBS}
    scene = Scene(desk, desk.calls.get(call or desk.focus or CallId("")))
    if desk.resuming:
        return {verb.name: Off("waiting for Telnyx to say how things stand") for verb in VERBS}
    answers = {verb.name: _CHECKS[verb.name](scene) for verb in VERBS}
    pending = scene.call.by if scene.call is not None and scene.call.origin is not None else ""
    if pending:
        for verb in VERBS:
            if not verb.cancels and verb.name not in _FREE and isinstance(answers[verb.name], Allowed):
                answers[verb.name] = Off(
                    f"waiting for {BY_NAME[pending].title if pending in BY_NAME else pending}"
                )
    return answers


_UNATTENDED = "this console was lost, and the guardian has the calls"
_FREE = frozenset({"confirm", "focus", "look"})
"""Verbs of the line and the screen, and one that only reads: a pending key of a call is nothing to them."""


def _answer(s: Scene) -> Answer:
    if s.state is State.RESCUE and s.desk.line.state in (LineState.DOWN, LineState.LOST):
        return Allowed(s.desk.line.leg)
    ring = s.ringing
    if ring is None:
        return Off("no call is ringing")
    return _movable(s) or Allowed(ring.customer)


def _movable(s: Scene) -> Off | None:
    """Whether the agent can be taken from the call they are in ("Changing calls")."""
    now = s.talking
    if now is None or now.state is State.WRAP or now.state is State.WATCH:
        return None
    if now.state not in _MOVABLE or now.origin is not None:
        return Off(f"first finish the other call: {TITLES[now.state]}")
    return None


def _reject(s: Scene) -> Answer:
    ring = s.ringing
    if s.call is not None and s.call.state is State.RING:
        ring = s.call
    return Allowed(ring.customer) if ring else Off("no call is ringing")


def _confirm(s: Scene) -> Answer:
    if s.desk.line.state is not LineState.PROVING:
        return Off("your line is not waiting to be confirmed")
    if s.desk.line.must_press:
        return Off("press a digit on your phone: while you are called back only that counts")
    return Allowed(s.desk.line.leg)


def _dial(s: Scene) -> Answer:
    if s.desk.policy.line is None:
        return Off("your own line is not set: AGENT_LINE in the settings")
    busy = [c for c in s.desk.calls.values() if c.state is not State.WRAP]
    return Off(f"{TITLES[busy[0].state]}") if busy else Allowed()


def _hold(s: Scene) -> Answer:
    if s.aimed is not None and s.aimed.role is Role.AGENT:
        return Off("your own line is not held: focus the customer")
    if s.call is None or s.customer is None or not s.customer_up:
        return Off(s.why())
    if s.state is State.TALK:
        return Allowed(s.customer.id)
    if s.state is State.HELD:
        return Allowed(s.customer.id) if s.seated else _movable(s) or Allowed(s.customer.id)
    if s.state is State.THREE:
        return Allowed(s.aimed.id if s.aimed is not None and s.aimed == s.target else s.customer.id)
    return Off(s.why())


def _consult(s: Scene) -> Answer:
    if s.state in _MOVABLE and s.customer_up:
        return Allowed(s.customer.id if s.customer else None) if s.seated else Off("you are in another call")
    return Off(s.why())


def _aside(s: Scene) -> Answer:
    return Allowed() if s.state is State.TALK and s.customer_up else Off(s.why())


def _blind(s: Scene) -> Answer:
    answer = _consult(s)
    if isinstance(answer, Allowed) and s.call is not None and s.call.room is None:
        return Off("the room of this call is being made")  # C could not come back to it
    return answer


def _needs_both(s: Scene) -> Off | None:
    if not s.customer_up:
        return Off("the customer has left" if s.call else s.why())
    if s.target is None or not s.target.up:
        return Off("your colleague has not answered" if s.target else s.why())
    return None


def _swap(s: Scene) -> Answer:
    if s.state in (State.CALLING, State.ASIDE) and s.target is not None and s.customer_up:
        return Allowed(s.target.id)
    if s.state in (State.CONSULT, State.SWAPPED):
        return _needs_both(s) or Allowed(s.customer.id if s.customer else None)
    return Off(s.why())


def _merge(s: Scene) -> Answer:
    if s.state in (State.CONSULT, State.SWAPPED):
        return _needs_both(s) or Allowed(s.customer.id if s.customer else None)
    return Off(s.why())


def _complete(s: Scene) -> Answer:
    if s.state in (State.CONSULT, State.SWAPPED, State.THREE):
        return _needs_both(s) or Allowed(s.target.id if s.target else None)
    return Off(s.why())


def _back(s: Scene) -> Answer:
    if s.state in (State.CALLING, State.ASIDE, State.BLIND, State.CONSULT, State.SWAPPED):
        return Allowed(s.target.id if s.target else None)
    if s.state in (State.THREE, State.HELD) and s.call is not None and s.call.origin is not None:
        leg = s.target or s.customer
        return Allowed(leg.id if leg else None)
    return Off(s.why())


def _drop(s: Scene) -> Answer:
    if s.call is None or s.state is State.WRAP:
        return Off(s.why())
    if s.aimed is not None and s.state is not State.RING:
        if s.aimed.role is Role.AGENT:
            return Off("that is your own phone: hang it up there, or leave with t")
        return Allowed(s.aimed.id)
    if s.target is not None:
        return Allowed(s.target.id)
    if s.state is State.RING:
        return Off("reject the call instead")
    if s.customer is not None and s.customer.alive:
        return Allowed(s.customer.id)
    return Off(s.why())


_SURE = "no call of this customer's is in doubt"


def _look(s: Scene) -> Answer:
    if s.doubtful is None:
        return Off(_SURE)
    if any(isinstance(ask.request, Survey) for ask in s.desk.asks.values()):
        return Off("Telnyx is being asked already")
    return Allowed(s.doubtful.id)


def _again(s: Scene) -> Answer:
    if s.doubtful is None:
        return Off(_SURE)
    if s.may_ring is None:
        return Off("that attempt is over: call them as you would anybody")
    return Off(why) if (why := why_not(s.may_ring)) else Allowed(s.may_ring.id)


def _mute(s: Scene) -> Answer:
    if s.desk.line.state is LineState.IN:
        return Allowed(s.desk.line.leg)
    return Off("your line is in no call")


def _keypad(s: Scene) -> Answer:
    if s.aimed is not None and s.aimed.role is Role.AGENT:
        return Off("your own line takes no digits: focus somebody else")
    leg = s.aimed or s.target or s.customer
    if leg is not None and leg.phase is Phase.ANSWERED:
        return Allowed(leg.id)
    return Off("nobody is on the line")


def _focus(s: Scene) -> Answer:
    return Allowed() if len(s.desk.calls) > 1 else Off("there is no other call")


def _quit(s: Scene) -> Answer:
    return Allowed()


_CHECKS: Mapping[str, Callable[[Scene], Answer]] = {
    "answer": _answer,
    "reject": _reject,
    "confirm": _confirm,
    "dial": _dial,
    "hold": _hold,
    "consult": _consult,
    "aside": _aside,
    "blind": _blind,
    "swap": _swap,
    "merge": _merge,
    "complete": _complete,
    "back": _back,
    "drop": _drop,
    "look": _look,
    "again": _again,
    "mute": _mute,
    "keypad": _keypad,
    "focus": _focus,
    "quit": _quit,
}


def live(desk: Desk) -> tuple[Leg, ...]:
    """Customers and targets on the line: what quitting would leave behind (ANY-8)."""
    return tuple(
        leg for leg in desk.legs.values() if leg.alive and leg.id != desk.line.leg and not leg.hanging_up
    )


def handed_over(desk: Desk) -> bool:
    """Whether everybody on the line has been handed over: they talk on without this console (WATCH)."""
    calls = [
        call for call in desk.calls.values() if any(leg.id.startswith(f"{call.id}.") for leg in live(desk))
    ]
    return bool(calls) and all(call.state is State.WATCH for call in calls)
