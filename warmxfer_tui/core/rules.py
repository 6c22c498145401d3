"""The table of `behaviour.md` §1 as data: what each state does about each event.

Theory of operation. An event is folded in four moves, all inside `machine.step`:

1. *Knowledge*: a webhook or a reply changes what is known of a leg (`knowledge`, `replies`) and raises
   signals: answered, lost, refused, due.
2. *Rules*: each signal is answered by the first row below that names it, in this state, with its guard
   true. A row changes the call's state, says something, or parts with somebody. It sends no hold and no join.
3. *Steering*: the state is a seating (`seats`); every leg that does not sit is moved one request further,
   if the guards of `steering` allow it.
4. *Arrival*: a state whose legs all sit is proven, and what follows from that happens.

So the rows are about *what should be*, steering about *how to get there without hurting anybody*, and a
half-done step is undone by going back to the state before. Rows of the law stand last and catch the cells
that have no row of their own. The ids are those of the table; the ones it lacks (keys, the way in) carry
the state's or the verb's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from warmxfer_tui.core import arrivals as a
from warmxfer_tui.core import blind as b
from warmxfer_tui.core import endings as e
from warmxfer_tui.core import holding as h
from warmxfer_tui.core import lost as u
from warmxfer_tui.core import transfers as t
from warmxfer_tui.core import words
from warmxfer_tui.core.events import Problem, Refused
from warmxfer_tui.core.model import Call, Leg
from warmxfer_tui.core.seats import accompanied, met, present, secure
from warmxfer_tui.core.terms import Clock, Role, State
from warmxfer_tui.core.turn import Signal, Turn, When

Deed = Callable[[Turn, Call, Signal], None]
Guard = Callable[[Turn, Call, Signal], bool]

RING, OUT, CONNECT, TALK, HELD = State.RING, State.OUT, State.CONNECT, State.TALK, State.HELD
CALLING, ASIDE, CONSULT, SWAPPED = State.CALLING, State.ASIDE, State.CONSULT, State.SWAPPED
BLIND = State.BLIND
THREE, FINISH, WATCH, RESCUE, WRAP = State.THREE, State.FINISH, State.WATCH, State.RESCUE, State.WRAP
ANY: tuple[State, ...] = tuple(State)
ALIVE = tuple(state for state in State if state not in (RING, OUT, WRAP))
C, A, B = Role.CUSTOMER, Role.AGENT, Role.TARGET


@dataclass(frozen=True, slots=True)
class Row:
    """One cell of the behaviour table."""

    id: str
    states: tuple[State, ...]
    when: When
    of: str
    do: Deed
    guard: Guard | None = None


def _leg(turn: Turn, signal: Signal) -> Leg | None:
    return turn.legs.get(signal.leg) if signal.leg else None


def _about(role: Role) -> Guard:
    def guard(turn: Turn, call: Call, signal: Signal) -> bool:
        leg = _leg(turn, signal)
        return leg is not None and leg.role is role

    return guard


def _meant_to_hang_up(turn: Turn, call: Call, signal: Signal) -> bool:
    """The agent put the phone down, rather than losing it (TALK-3)."""
    leg: Leg = signal.detail
    ending = turn.legs[leg.id].ending
    return ending is not None and ending.cause == "normal_clearing" and not leg.hanging_up


def _media(turn: Turn, call: Call, signal: Signal) -> bool:
    return isinstance(signal.detail, Refused) and signal.detail.problem is Problem.MEDIA


def _nobody_with(turn: Turn, call: Call, signal: Signal) -> bool:
    """It is C who cannot be held, and nobody is in the room with C."""
    return signal.leg == call.customer and not accompanied(turn, call)


def _swapping(turn: Turn, call: Call, signal: Signal) -> bool:
    return call.origin in (CONSULT, SWAPPED)


def _settled(turn: Turn, call: Call, signal: Signal) -> bool:
    """C has been held for a while, and is to be given its hold sound again."""
    return call.origin is None and signal.leg == call.customer


def _changing(turn: Turn, call: Call, signal: Signal) -> bool:
    leg = _leg(turn, signal)
    return leg is not None and leg.role is A and turn.line.before is not None and leg.tries >= 2


def _together(turn: Turn, call: Call, signal: Signal) -> bool:
    """C and B are alive in the room, and C is or is being brought to B."""
    target = turn.target(call)
    return turn.customer(call).up and target is not None and present(target, call)


def _survived(turn: Turn, call: Call, signal: Signal) -> bool:
    return call.survived


def _unanswered(turn: Turn, call: Call, signal: Signal) -> bool:
    return not turn.customer(call).up


def _elsewhere(turn: Turn, call: Call, signal: Signal) -> bool:
    return turn.line.seat not in (None, call.id)


def _unheld(turn: Turn, call: Call, signal: Signal) -> bool:
    return not secure(turn.customer(call))


def _closing(turn: Turn, call: Call, signal: Signal) -> bool:
    return turn.armed(Clock.CLOSING, call.id) and signal.detail == words.CLOSING


def _no_line(turn: Turn, call: Call, signal: Signal) -> bool:
    return turn.agent() is None


def _unattended(turn: Turn, call: Call, signal: Signal) -> bool:
    return turn.lost_at is not None


def _outlived(turn: Turn, call: Call, signal: Signal) -> bool:
    return not turn.customer(call).alive


def _needs_no_key(turn: Turn, call: Call, signal: Signal) -> bool:
    """C is gone, and A and B talk on; or C and B are together; or the carrier rings B for C already."""
    target = turn.target(call)
    rung = call.state is State.BLIND and target is not None and target.blind
    return _outlived(turn, call, signal) or (call.state is State.FINISH and met(turn, call)) or rung


ROWS: tuple[Row, ...] = (
    # --- RING
    Row("RING-0", (RING,), When.RANG, C, a.announce),
    Row("RING-2", (RING,), When.LOST, C, a.rang_off),
    Row("CHANGE-2", (RING,), When.KEY, "answer", a.accept, _elsewhere),
    Row("RING-3", (RING,), When.KEY, "answer", a.accept, lambda turn, *_: turn.agent() is None),
    Row("RING-5", (RING,), When.KEY, "answer", a.accept),
    Row("RING-5", (RING,), When.CONFIRMED, A, a.line_is_up),
    Row("RING-5", (RING,), When.STEPPED_OUT, A, a.line_is_up),
    Row("RING-5", (RING,), When.ANSWERED, C, a.customer_answered),
    Row("RING-4", (RING,), When.LINE_FAILED, A, a.line_did_not_come),
    Row("RING-4", (RING,), When.LOST, A, a.line_did_not_come),
    Row("RING-5", (RING,), When.REFUSED, "answer", a.not_answered),
    Row("RING-6", (RING,), When.KEY, "reject", a.reject),
    # --- OUT
    Row("OUT-0", (OUT,), When.CONFIRMED, A, a.line_is_up),
    Row("OUT-0", (OUT,), When.STEPPED_OUT, A, a.line_is_up),
    Row("OUT-1", (OUT,), When.ANSWERED, C, a.customer_answered),
    Row("OUT-2", (OUT,), When.LOST, C, a.not_reached),
    Row("OUT-2", (OUT,), When.REFUSED, "dial", a.dial_refused, _about(C)),
    Row("OUT-2", (OUT,), When.DUE, Clock.RING, a.ring_over),
    Row("OUT-3", (OUT,), When.KEY, "drop", a.cancel_ring, _unanswered),
    Row("OUT-4", (OUT,), When.LOST, A, a.line_lost_dialling),
    Row("OUT-4", (OUT,), When.LINE_FAILED, A, a.line_lost_dialling),
    Row("OUT-z", (OUT,), When.KEY, "again", a.call_again),
    # --- CONNECT
    Row("CONNECT-1", (CONNECT,), When.DUE, Clock.STUCK, a.stuck),
    Row("CONNECT-1", ANY, When.DUE, Clock.ALONE, a.alone),
    Row("CONNECT-2", ALIVE, When.REFUSED, "createroom", a.room_refused),
    # --- TALK
    Row("TALK-h", (TALK,), When.KEY, "hold", h.hold),
    Row("TALK-c", (TALK, HELD), When.KEY, "consult", t.consult),
    Row("TALK-o", (TALK,), When.KEY, "aside", t.consult_aside),
    Row("TALK-1", (TALK, CONNECT), When.LOST, C, e.customer_gone),
    Row("TALK-3", (TALK,), When.LOST, A, e.hung_up_in_talk, _meant_to_hang_up),
    Row("TALK-2", (TALK,), When.LOST, A, e.lose_agent),
    Row("TALK-5", ANY, When.REFUSED, "hold", h.media_refused, _media),
    Row("LAW-4", ALIVE, When.REFUSED, "hold", h.cannot_be_held, _nobody_with),
    Row("TALK-4", (HELD, CALLING), When.REFUSED, "hold", h.hold_refused, _about(C)),
    # --- HELD
    Row("CHANGE-1", (HELD,), When.KEY, "hold", h.resume, _elsewhere),
    Row("HELD-h", (HELD,), When.KEY, "hold", h.resume),
    Row("LAW-5", (HELD,), When.KEY, "back", h.cancel_hold),
    Row("HELD-3", (HELD,), When.LOST, C, e.abandoned_on_hold),
    Row("HELD-4", (TALK, ASIDE), When.REFUSED, "unhold", h.unhold_refused, _about(C)),
    Row("CHANGE-3", (TALK,), When.REFUSED, "join", h.change_failed, _changing),
    # --- CALLING
    Row("CALLING-3", (CALLING,), When.ANSWERED, B, t.target_answered_early, _unheld),
    Row("CALLING-3", (CALLING,), When.DUE, Clock.WAIT, h.hold_failed, _unheld),
    Row("CALLING-1", (CALLING,), When.ANSWERED, B, t.target_answered),
    Row("CALLING-2", (CALLING,), When.REFUSED, "join", t.join_refused, _about(B)),
    Row("CALLING-2", (CALLING,), When.DUE, Clock.WAIT, t.waited_enough),
    Row("CALLING-4", (CALLING,), When.DUE, Clock.RING, t.no_answer),
    Row("CALLING-5", (CALLING,), When.LOST, B, e.lose_target),
    Row("CALLING-6", (CALLING, ASIDE), When.REFUSED, "dial", t.target_dial_refused, _about(B)),
    Row("CALLING-7", (CALLING,), When.LOST, C, e.customer_gone),
    Row("CALLING-8", (CALLING,), When.KEY, "back", t.back),
    Row("CALLING-9", (CALLING,), When.KEY, "swap", t.swap_to_customer),
    Row("CALLING-z", (CALLING, ASIDE), When.KEY, "again", t.call_again),
    Row("CALLING-11", (CALLING,), When.LOST, A, e.lose_agent),
    # --- ASIDE
    Row("ASIDE-1", (ASIDE,), When.ANSWERED, B, t.target_waits),
    Row("ASIDE-2", (ASIDE,), When.KEY, "swap", t.swap_to_target),
    Row("ASIDE-3", (ASIDE,), When.KEY, "back", t.back),
    Row("ASIDE-4", (ASIDE,), When.LOST, B, e.lose_target),
    Row("ASIDE-4", (ASIDE,), When.DUE, Clock.RING, t.no_answer),
    Row("ASIDE-5", (ASIDE,), When.LOST, C, e.customer_gone),
    # --- BLIND
    Row("BLIND-1", (TALK, HELD), When.KEY, "blind", b.transfer),
    Row("BLIND-2", (BLIND,), When.BRIDGED, B, b.bridged),
    Row("BLIND-3", (BLIND,), When.LOST, B, b.target_lost),
    Row("BLIND-3", (BLIND,), When.DUE, Clock.RING, b.no_answer),
    Row("BLIND-4", (BLIND,), When.REFUSED, "transfer", b.refused),
    Row("BLIND-5", (BLIND,), When.ANSWERED, B, b.answered),
    Row("BLIND-5", (BLIND,), When.DUE, Clock.STUCK, b.not_bridged),
    Row("BLIND-6", (BLIND,), When.KEY, "back", b.back),
    Row("BLIND-7", (BLIND,), When.LOST, C, e.customer_gone),
    # --- CONSULT
    Row("CONSULT-1", (CONSULT,), When.LOST, B, e.lose_target),
    Row("CONSULT-2", (CONSULT,), When.LOST, C, e.stay_with_target),
    Row("CONSULT-3", (CONSULT,), When.KEY, "complete", t.complete),
    Row("CONSULT-4", (FINISH,), When.LOST, A, e.go_on_without_agent, _together),
    Row("CONSULT-2", (CONSULT,), When.LOST, A, e.stay_over, _outlived),
    Row("CONSULT-4", (CONSULT,), When.LOST, A, e.lose_agent),
    Row("CONSULT-5", (CONSULT, THREE), When.KEY, "back", t.back),
    Row("CONSULT-6", (THREE, FINISH), When.REFUSED, "unhold", h.meeting_refused),
    Row("CONSULT-m", (CONSULT,), When.KEY, "merge", t.merge),
    Row("CONSULT-s", (CONSULT, SWAPPED), When.KEY, "swap", t.swap),
    Row("THREE-3", (CONSULT,), When.DUE, Clock.STAY, e.stay_over),
    # --- SWAPPED
    Row("SWAPPED-1", (SWAPPED,), When.LOST, B, e.lose_target),
    Row("SWAPPED-2", (SWAPPED,), When.LOST, C, e.stay_with_target),
    Row("SWAPPED-3", (SWAPPED, CONSULT), When.REFUSED, "hold", h.swap_refused, _swapping),
    Row("SWAPPED-3", (SWAPPED, CONSULT), When.REFUSED, "unhold", h.swap_refused, _swapping),
    Row("SWAPPED-4", (SWAPPED,), When.KEY, "back", t.back),
    Row("SWAPPED-5", (SWAPPED,), When.KEY, "merge", t.merge),
    Row("SWAPPED-6", (SWAPPED,), When.KEY, "complete", t.complete),
    # --- THREE
    Row("THREE-1", (THREE,), When.KEY, "complete", t.complete),
    Row("THREE-h", (THREE,), When.KEY, "hold", h.hold_of_three),
    Row("THREE-2", (THREE,), When.LOST, B, e.lose_target),
    Row("THREE-3", (THREE,), When.LOST, C, e.stay_awhile),
    Row("THREE-4", ANY, When.ENTERED, Role.STRANGER, a.stranger_came),
    Row("LAW-1", (THREE,), When.LOST, A, e.go_on_without_agent, _together),
    # --- FINISH
    Row("FINISH-1", (FINISH,), When.REFUSED, "leave", t.leave_refused, _about(A)),
    Row("FINISH-2", (FINISH,), When.LOST, B, e.lose_target),
    Row("LAW-3", (FINISH,), When.LOST, C, e.customer_gone_in_finish),
    # --- WATCH
    Row("WATCH-3", (WATCH,), When.LOST, B, e.handed_over, _survived),
    Row("WATCH-1", (WATCH,), When.LOST, B, e.left_while_watching),
    Row("WATCH-1", (WATCH,), When.DUE, Clock.NOTICE, e.kept_for_agent, _elsewhere),
    Row("WATCH-1", (WATCH,), When.DUE, Clock.NOTICE, e.lose_agent),
    Row("WATCH-2", (WATCH,), When.LOST, C, e.completed_by_customer),
    Row("WATCH-3", (WATCH,), When.DUE, Clock.CLOSING, e.close),
    Row("WATCH-3", (WATCH,), When.SPOKEN, C, e.close, _closing),
    Row("WATCH-4", (WATCH,), When.DUE, Clock.SURVIVAL, e.survived),
    # --- RESCUE
    Row("RESCUE-1", (RESCUE,), When.LOST, C, e.customer_gone_in_rescue),
    Row("RESCUE-0", (RESCUE,), When.KEY, "answer", e.call_back),
    Row("RESCUE-0", (RESCUE,), When.DUE, Clock.ASK, e.call_back),
    Row("RESCUE-0", (RESCUE,), When.DUE, Clock.REDIAL, e.redial),
    Row("RESCUE-0", (RESCUE,), When.LINE_FAILED, A, e.line_still_down),
    Row("RESCUE-0", (RESCUE,), When.LOST, A, e.line_still_down),
    # --- WRAP
    Row("WRAP-0", (WRAP,), When.DUE, Clock.WRAP, e.wrap_over),
    # --- the console is lost
    Row("LOST-RING", (RING,), When.UNATTENDED, "", a.ring_on),
    Row("LOST-OUT", (OUT,), When.UNATTENDED, "", a.cancel_unattended),
    Row("LOST-CONNECT", (CONNECT,), When.UNATTENDED, "", u.go_on),
    Row("LOST-TALK", (TALK,), When.UNATTENDED, "", e.lose_agent, _no_line),
    Row("LOST-TALK", (TALK,), When.LINE_FAILED, A, e.lose_agent, _unattended),
    Row("LOST-TALK", (TALK, THREE, WATCH), When.UNATTENDED, "", u.go_on),
    Row("LOST-HELD", (HELD,), When.UNATTENDED, "", u.wait_for_agent, _elsewhere),
    Row("LOST-HELD", (HELD,), When.UNATTENDED, "", u.back_to_agent),
    Row("LOST-HELD", (HELD,), When.DUE, Clock.WORD, u.say_a_word),
    Row("LOST-FINISH", (FINISH,), When.UNATTENDED, "", u.go_on, _needs_no_key),
    Row("LOST-FINISH", (FINISH,), When.UNATTENDED, "", u.target_called_off),
    Row("LOST-BLIND", (BLIND,), When.UNATTENDED, "", u.go_on, _needs_no_key),
    Row("LOST-BLIND", (BLIND,), When.UNATTENDED, "", b.back),
    Row("LOST-CONSULT", (CONSULT,), When.UNATTENDED, "", u.go_on, _needs_no_key),
    Row("LOST-CONSULT", (CALLING, CONSULT), When.UNATTENDED, "", u.target_called_off),
    Row("LOST-ASIDE", (ASIDE, SWAPPED), When.UNATTENDED, "", u.target_called_off),
    Row("LOST-RESCUE", (RESCUE,), When.UNATTENDED, "", u.go_on),
    # --- keys of every state
    Row("KEY-x", ANY, When.KEY, "drop", t.drop),
    Row("KEY-k", ANY, When.KEY, "keypad", t.send_digits),
    Row("KEY-space", ANY, When.KEY, "mute", t.mute),
    # --- the law
    Row("LAW-1", (CONNECT, HELD, ASIDE, BLIND, SWAPPED, THREE, FINISH), When.LOST, A, e.lose_agent),
    Row("LAW-2", ANY, When.LOST, B, e.lose_target),
    Row("LAW-4", (CONSULT,), When.REFUSED, "hold", h.hold_refused, _settled),
    Row("LAW-4", (HELD, CALLING, CONSULT), When.DUE, Clock.SILENT, h.not_heard),
    Row("LAW-4", (TALK,), When.DUE, Clock.STUCK, a.together_again),
    Row("LAW-4", ALIVE, When.REFUSED, "leave", h.cannot_leave, _about(C)),
    Row("LAW-4", ALIVE, When.REFUSED, "join", h.way_in_refused, _about(C)),
    Row("LAW-4", ANY, When.REFUSED, "mute", t.mute_refused),
    Row("LAW-4", ANY, When.REFUSED, "unmute", t.mute_refused),
)
"""In order of precedence: the first row that fits answers."""

INDEX: Mapping[tuple[When, str], tuple[Row, ...]] = {
    key: tuple(row for row in ROWS if (row.when, row.of) == key)
    for key in {(row.when, row.of) for row in ROWS}
}


def row_for(turn: Turn, call: Call, signal: Signal) -> Row | None:
    """The row that answers a signal, if any."""
    for row in INDEX.get((signal.when, signal.of), ()):
        if call.state in row.states and (row.guard is None or row.guard(turn, call, signal)):
            return row
    return None
