"""`step`: one event folded into a desk. Pure and total; `rules` tells the theory.

Nothing here raises on what a peer sent: an event that does not fit changes nothing but the clock.
"""

from __future__ import annotations

from typing import NamedTuple

from warmxfer_tui.core import arrivals, line, lost, reconcile, rules, survey, timers, watchdog, words
from warmxfer_tui.core.actions import Allowed, Off, allowed, handed_over, live
from warmxfer_tui.core.commands import Ask, Survey
from warmxfer_tui.core.endings import finish
from warmxfer_tui.core.events import (
    Configured,
    ConsoleBack,
    ConsoleLost,
    Event,
    Fact,
    Noted,
    Pressed,
    Refused,
    Replied,
    Resumed,
    Ticked,
)
from warmxfer_tui.core.knowledge import learn
from warmxfer_tui.core.model import Call, Desk
from warmxfer_tui.core.parting import hang_up
from warmxfer_tui.core.replies import take
from warmxfer_tui.core.seats import called_back, partnered, present, proven
from warmxfer_tui.core.steering import steer
from warmxfer_tui.core.terms import Clock, Lane, LegId, Result, Role, State
from warmxfer_tui.core.turn import Signal, Turn, When
from warmxfer_tui.core.verbs import AIM, BY_NAME, CHOOSES_LEG

_ROUNDS = 20
"""More rounds than any chain of rows needs; a bound keeps `step` total."""

_EXPECTED = ("conference.created", "conference.floor.", "conference.speak.", "call.playback.", "call.cost")
"""Webhooks that every call brings and that change nothing: they are journaled, not shown."""


class Stepped(NamedTuple):
    """What one event did."""

    desk: Desk
    asks: tuple[Ask, ...]
    rows: tuple[str, ...]
    """Ids of the rows that fired, in order."""


def step(desk: Desk, event: Event) -> Stepped:
    """Fold one event: the new desk, the requests to send, and the rows that fired."""
    turn = Turn(desk, event.at)
    match event:
        case Configured(policy=policy):
            turn.policy = policy
        case Resumed(since=since):
            survey.resume(turn, since, take)
        case Ticked():
            timers.ring(turn)
        case Pressed():
            _press(turn, desk, event)
        case ConsoleLost():
            lost.console_lost(turn)
        case ConsoleBack():
            lost.console_back(turn)
        case Replied():
            _replied(turn, event)
        case Fact():
            _heard(turn, event)
    _run(turn)
    return Stepped(turn.desk(), tuple(turn.sent), tuple(turn.rows))


def _replied(turn: Turn, event: Replied) -> None:
    reconcile.spare(turn, event.spare)
    ask = turn.asks.get(event.ask)
    if ask is None or not isinstance(ask.request, Survey):
        if ask is not None:
            reconcile.expect_event(turn, ask, event.reply)
        take(turn, event)
        return
    del turn.asks[event.ask]
    for _ in survey.surveyed(turn, ask, event.reply):
        _answer_all(turn)


def _heard(turn: Turn, fact: Fact) -> None:
    """A webhook. While the console does not know how things stand, it waits."""
    if isinstance(fact, Noted):
        if not fact.kind.startswith(_EXPECTED):
            turn.fire("ANY-7")
            turn.tell("info", f"Telnyx sent {fact.kind}, which is not used here.")
    elif turn.resuming:
        turn.waiting = (*turn.waiting, fact)
    elif turn.first_sight(fact.event_id):
        turn.webhook_at, turn.webhook_late = turn.now, max(turn.now - fact.occurred_at, 0)
        reconcile.heard(turn)
        learn(turn, fact)
    else:
        turn.fire("ANY-7")


def _run(turn: Turn) -> None:
    """Signals, seats and arrivals until nothing more follows."""
    for _ in range(_ROUNDS):
        _answer_all(turn)
        if turn.resuming:
            return
        steer(turn)
        for call in list(turn.calls.values()):
            _arrive(turn, turn.calls[call.id])
        if not turn.signals and not _restless(turn):
            break
    for call in list(turn.calls.values()):
        watchdog.watch_over(turn, turn.calls[call.id])
    reconcile.keep_looking(turn)


def _answer_all(turn: Turn) -> None:
    while turn.signals:
        _answer(turn, turn.signals.popleft())


def _restless(turn: Turn) -> bool:
    """Whether the last arrivals changed a seat: steering has to look again."""
    changed, turn.moved = turn.moved, False
    return changed


# --- keys -----------------------------------------------------------------------------------------------


def _press(turn: Turn, desk: Desk, pressed: Pressed) -> None:
    if pressed.verb == AIM.name:
        turn.aim = None if pressed.leg == turn.aim else pressed.leg
        return
    verb = BY_NAME.get(pressed.verb)
    if verb is None:
        return
    call = turn.calls.get(pressed.call) if pressed.call else None
    call = call or (turn.calls.get(turn.focus) if turn.focus else None)
    answer = allowed(desk, call.id if call else None)[pressed.verb]
    if isinstance(answer, Off):
        if call is None or call.by != pressed.verb:  # a second press of a pending key is absorbed
            turn.fire("LAW-5")
            turn.tell("info", f"{verb.title}: {answer.reason}.")
        return
    if not _same_leg(turn, call, pressed, answer):
        turn.fire("LAW-5")
        turn.tell("warn", f"{verb.title}: that has changed under your hands. Look, and press again.")
        return
    _do(turn, desk, _whose(turn, answer.leg) or call, pressed, answer)


def _same_leg(turn: Turn, call: Call | None, pressed: Pressed, answer: Allowed) -> bool:
    """Whether the leg that the footer named when the key was pressed is the one the key acts on now."""
    if pressed.leg is None or pressed.leg == answer.leg:
        return True
    leg = turn.legs.get(pressed.leg)
    free = pressed.verb in CHOOSES_LEG and leg is not None and leg.alive
    return free and call is not None and leg is not None and leg.id.startswith(f"{call.id}.")


def _whose(turn: Turn, leg: LegId | None) -> Call | None:
    """The call of a leg; none for the agent's own. Who answers or rejects may be looking at another call."""
    return next((call for call in turn.calls.values() if leg and leg.startswith(f"{call.id}.")), None)


def _do(turn: Turn, desk: Desk, call: Call | None, pressed: Pressed, answer: Allowed) -> None:
    match pressed.verb:
        case "dial":
            arrivals.dial(turn, pressed)
        case "confirm":
            line.confirmed(turn, "key")
        case "focus":
            order = list(turn.calls)
            turn.focus = order[(order.index(turn.focus) + 1) % len(order)] if turn.focus else order[0]
        case "look":
            turn.tell("info", "Telnyx is asked whether the call was placed.")
            survey.due(turn)
        case "quit":
            _quit(turn, desk, pressed)
        case _ if call is not None:
            target = pressed.leg or answer.leg
            aimed = Pressed(
                pressed.at, pressed.verb, call.id, target, pressed.number, pressed.name, pressed.text
            )
            turn.signal(When.KEY, pressed.verb, call=call.id, leg=target, detail=aimed)


def _quit(turn: Turn, desk: Desk, pressed: Pressed) -> None:
    """ANY-8: with somebody on the line, *stay*, *drop* pressed twice, or *leave* whom one has handed over.

    Leaving a *guardian* in charge changes nothing yet: the console is lost next, and LOST does the rest.
    """
    there = live(desk)
    if there and pressed.text == "guardian":
        turn.fire("ANY-8")
        return
    if not there or (pressed.text == "leave" and handed_over(desk)):
        agent = turn.agent()
        if agent is not None:
            hang_up(turn, agent)
        return
    turn.fire("ANY-8")
    names = ", ".join(words.shown(leg) for leg in there)
    if pressed.text != "drop":
        turn.tell("alarm", f"Still on the line: {names}. Stay, or press drop twice to hang up everybody.")
    elif turn.dropping != LegId("everybody"):
        turn.dropping = LegId("everybody")
        turn.arm(Clock.DROP, "everybody", turn.policy.drop)
        turn.tell("alarm", f"Drop again within 2 s hangs up {names}.")
    else:
        turn.dropping = None
        for leg in there:
            if leg.role is Role.CUSTOMER and (call := turn.call_of(leg)) is not None:
                turn.set_call(call.id, outcome=Result.ENDED)
            hang_up(turn, leg)
        turn.set_line(seat=None)
        if (agent := turn.agent()) is not None:
            hang_up(turn, agent)


# --- signals --------------------------------------------------------------------------------------------


def _answer(turn: Turn, signal: Signal) -> None:
    turn.row = ""
    leg = turn.legs.get(signal.leg) if signal.leg else None
    if signal.when is When.CONFIRMED and signal.of != Role.AGENT:
        line.confirmed(turn, signal.of)
        return
    if leg is not None and leg.role is Role.AGENT and signal.call is None and _line_signal(turn, signal):
        return
    if signal.when is When.SPOKEN and leg is not None and leg.leaving and signal.detail == leg.leaving:
        hang_up(turn, leg)  # the farewell has been said
    call = turn.calls.get(signal.call) if signal.call else (turn.call_of(leg) if leg else None)
    if call is None or _stale(call, signal):
        return
    row = rules.row_for(turn, call, signal)
    if row is not None:
        turn.fire(row.id)
        row.do(turn, call, signal)
    elif signal.when is When.PROVEN and signal.of == Lane.UNHOLD and leg is not None:
        turn.fire("HELD-5")


def _stale(call: Call, signal: Signal) -> bool:
    """A target that the call has parted with is none of its business any more."""
    return signal.of == Role.TARGET and signal.leg != call.target


def _line_signal(turn: Turn, signal: Signal) -> bool:
    """What happens to the agent's own leg; True when nothing of a call follows from it directly."""
    leg = turn.legs[LegId(signal.leg or "")]
    match signal.when:
        case When.ANSWERED:
            line.picked_up(turn, leg)
        case When.LOST:
            line.lost(turn, leg)
        case When.ENTERED | When.STEPPED_OUT:
            line.moved(turn, leg)
            return False
        case When.REFUSED if signal.of == "dial":
            refused: Refused = signal.detail
            line.not_placed(turn, leg, refused.words)
        case _:
            return False
    return True


# --- arrival --------------------------------------------------------------------------------------------


def _arrive(turn: Turn, call: Call) -> None:
    """What follows when everyone sits."""
    agent, target = turn.agent(), turn.target(call)
    state = call.state
    if call.cover and turn.customer(call).up and partnered(turn, call):
        turn.set_call(call.id, cover=False)
    elif state is State.CONNECT and _together(turn, call):
        turn.enter(call, State.TALK)
        turn.disarm(Clock.STUCK, call.id)
    elif state is State.CALLING and present(target, call):
        turn.enter(call, State.CONSULT)
        turn.disarm(Clock.WAIT, call.id)
    elif state is State.RESCUE and (present(agent, call) or called_back(turn, call)):
        turn.enter(call, State.TALK, by="rescue", pending=True)
        turn.disarm(Clock.REDIAL, call.id)
    elif state is State.FINISH:
        finish(turn, call)
    elif call.origin is not None and proven(turn, call):
        turn.set_call(call.id, origin=None, by="")
    turn.moved = turn.moved or turn.calls[call.id] is not call


def _together(turn: Turn, call: Call) -> bool:
    return present(turn.customer(call), call) and present(turn.agent(), call)
