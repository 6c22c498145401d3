"""What a timer does when its time has come: those of a call signal to the table, the rest act here."""

from __future__ import annotations

from warmxfer_tui.core import holdsound, line, reconcile, speech, survey, unheard, watchdog
from warmxfer_tui.core.model import Leg
from warmxfer_tui.core.parting import hang_up
from warmxfer_tui.core.reads import proof_due
from warmxfer_tui.core.terms import CallId, Clock, LegId, Timer
from warmxfer_tui.core.turn import Turn, When


def ring(turn: Turn) -> None:
    """Let every timer that is due act, earliest first."""
    due = sorted((at, timer.clock, timer.subject) for timer, at in turn.timers.items() if at <= turn.now)
    if turn.resuming:  # what is overdue waits for the survey (`design.md` §3.9)
        due = [one for one in due if one[1] is Clock.SURVEY]
    for at, clock, subject in due:
        if turn.timers.get(Timer(clock, subject)) != at:
            continue
        turn.disarm(clock, subject)
        leg = turn.legs.get(LegId(subject))
        if leg is not None:
            _of_leg(turn, clock, leg)
        elif subject in turn.calls:
            _of_call(turn, clock, CallId(subject))
        else:
            _of_desk(turn, clock)


def _of_desk(turn: Turn, clock: Clock) -> None:
    match clock:
        case Clock.KEEP:
            line.keep_over(turn)
        case Clock.SURVEY:
            survey.due(turn)
        case Clock.READ:
            reconcile.read_rooms(turn)
        case Clock.TRY:
            unheard.ask(turn)
        case Clock.EVENT:
            reconcile.unheard(turn, "a request was accepted 5 s ago, and nothing has been heard since.")
        case Clock.DROP:
            turn.dropping = None
        case _:
            pass


def _of_call(turn: Turn, clock: Clock, call_id: CallId) -> None:
    if clock is Clock.SILENT:
        watchdog.still_silent(turn, turn.calls[call_id])
    elif clock is not Clock.RETRY:
        turn.signal(When.DUE, clock, call=call_id)


def _of_leg(turn: Turn, clock: Clock, leg: Leg) -> None:
    match clock:
        case Clock.PROOF:
            proof_due(turn, leg)
        case Clock.GOODBYE:
            hang_up(turn, leg)
        case Clock.LINE:
            line.unconfirmed(turn, leg)
        case Clock.DROP:
            turn.dropping = None
        case Clock.SOUND:
            holdsound.look_again(turn, leg)
        case Clock.SPEECH:
            speech.not_heard(turn, leg)
        case Clock.RING:
            turn.signal(When.DUE, clock, leg=leg.id)
        case _:
            pass  # RETRY: steering looks again
