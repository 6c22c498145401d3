"""The agent's own phone: dialled when needed, up only when confirmed, kept a while (behaviour "The line")."""

from __future__ import annotations

from warmxfer_tui.core import speech, words
from warmxfer_tui.core.commands import Dial
from warmxfer_tui.core.lanes import tag_of
from warmxfer_tui.core.model import Call, Leg
from warmxfer_tui.core.parting import hang_up
from warmxfer_tui.core.terms import Clock, LegId, LineState, NumberKind, Phase, Result, Role
from warmxfer_tui.core.turn import GIVEN_UP, Turn, When

IDLE_LIMIT = 3 * 3_600_000
"""A leg dies at 4 h (telnyx-facts §1.5): an idle line older than this is dialled afresh."""
KNOWN_LINES = 3
"""Ended lines that are still known by their id."""


def seat(turn: Turn, call: Call, *, must_press: bool = False) -> None:
    """Give the agent's seat to a call, and see to it that the line is up."""
    if turn.line.seat != call.id:
        before = turn.line.seat if turn.line.seat in turn.calls else None
        turn.set_line(seat=call.id, before=before)
    turn.disarm(Clock.KEEP, "line")
    turn.set_line(must_press=must_press)
    leg = turn.agent()
    stale = leg is not None and leg.room is None and leg.up and turn.now - leg.phase_at > IDLE_LIMIT
    if stale and leg is not None:
        hang_up(turn, leg)
        turn.set_line(state=LineState.DOWN, leg=None)
    if turn.line.state in (LineState.DOWN, LineState.LOST):
        dial(turn)


def dial(turn: Turn) -> None:
    """Call the agent's phone."""
    number = turn.policy.line
    if number is None:
        turn.tell("alarm", "Your own line is not set: put your phone's number in AGENT_LINE.")
        _failed(turn, Result.NOT_PLACED)
        return
    _forget_old(turn)
    leg_id = LegId(f"line.{turn.line.dials + 1}")
    name = turn.policy.agent_name
    turn.legs[leg_id] = leg = Leg(leg_id, Role.AGENT, number, name, phase_at=turn.now)
    turn.set_line(state=LineState.DIALLING, leg=leg_id, dials=turn.line.dials + 1, reason=None)
    wait = turn.policy.line_wait
    tag = tag_of(turn, leg, None)
    turn.ask(
        Dial(number.e164, turn.policy.from_number, turn.policy.connection, wait // 1000 + 5, tag), leg=leg_id
    )
    turn.arm(Clock.LINE, leg_id, wait)


def _forget_old(turn: Turn) -> None:
    """Ended lines are known while late webhooks may still name them, so that none looks like a stranger."""
    old = [leg.id for leg in turn.legs.values() if leg.role is Role.AGENT and not leg.alive]
    for leg_id in old[:-KNOWN_LINES]:
        turn.ring_off(turn.legs[leg_id].ccid)
        del turn.legs[leg_id]


def picked_up(turn: Turn, leg: Leg) -> None:
    """The phone was answered: whether by its owner, a digit or Enter has to show."""
    if leg.id != turn.line.leg:
        return
    turn.set_line(state=LineState.PROVING)
    if turn.policy.trust_sip_line and leg.number.kind is NumberKind.SIP and not turn.line.must_press:
        confirmed(turn, "trusted")
    elif not leg.saying:
        speech.on_leg(turn, leg, words.PRESS_A_KEY, None)


def confirmed(turn: Turn, how: str) -> None:
    """The line is proven to be the agent's: it is parked, ready for a room."""
    leg = turn.agent()
    if turn.line.state is not LineState.PROVING or leg is None or leg.ccid is None:
        return
    if how == "key" and turn.line.must_press:
        return
    turn.disarm(Clock.LINE, leg.id)
    turn.set_line(state=LineState.PARKED, must_press=False)
    turn.tell("good", "Your line is up.")
    call = turn.calls.get(turn.line.seat) if turn.line.seat else None
    if call is None:
        let_go(turn)
    else:
        turn.signal(When.CONFIRMED, Role.AGENT, call=call.id, leg=leg.id)


def lost(turn: Turn, leg: Leg) -> None:
    """The agent's leg is gone: what that means depends on how far it had come."""
    if leg.id != turn.line.leg:
        return
    was = turn.line.state
    if was in (LineState.DIALLING, LineState.PROVING):
        _failed(turn, turn.line.reason or words.result_of(leg.ending))
        return
    turn.set_line(state=LineState.LOST, leg=None, mute=False, before=None)
    call = turn.calls.get(turn.line.seat) if turn.line.seat else None
    turn.disarm(Clock.KEEP, "line")
    if call is None:
        turn.set_line(state=LineState.DOWN, seat=None)
        turn.tell("info", "Your line was hung up.")
    else:
        turn.signal(When.LOST, Role.AGENT, call=call.id, leg=leg.id, detail=leg)


def unconfirmed(turn: Turn, leg: Leg) -> None:
    """Nobody pressed a digit in time: perhaps a voicemail. No customer is joined to it."""
    if leg.id != turn.line.leg:
        return
    reason = Result.UNCONFIRMED if leg.up else Result.NO_ANSWER
    if leg.ccid is None:
        turn.end(leg, GIVEN_UP)
    else:
        hang_up(turn, leg)
    _failed(turn, reason)


def not_placed(turn: Turn, leg: Leg, why: str) -> None:
    """The dial itself was refused."""
    if leg.id == turn.line.leg:
        turn.tell("warn", f"Your line could not be called: {why}")
        turn.set_leg(leg.id, phase=Phase.ENDED)
        turn.disarm_all(leg.id)
        _failed(turn, Result.NOT_PLACED)


def _failed(turn: Turn, reason: Result) -> None:
    turn.set_line(state=LineState.DOWN, leg=None, reason=reason)
    call = turn.calls.get(turn.line.seat) if turn.line.seat else None
    if call is not None:
        turn.signal(When.LINE_FAILED, Role.AGENT, call=call.id, detail=reason)


def release(turn: Turn, call: Call) -> None:
    """A call needs the agent no more."""
    if turn.line.seat == call.id:
        turn.set_line(seat=None, before=None, mute=False)
        let_go(turn)
        if turn.lost_at is not None:  # LOST-HELD: whoever has waited longest comes first
            for waiting in sorted(turn.calls.values(), key=lambda other: other.since):
                turn.signal(When.UNATTENDED, call=waiting.id)


def let_go(turn: Turn) -> None:
    """Nobody needs the line: keep it parked for `AGENT_LINE_KEEP`, or stop calling it."""
    leg = turn.agent()
    if leg is None:
        turn.set_line(state=LineState.DOWN, leg=None)
    elif turn.line.state in (LineState.DIALLING, LineState.PROVING):
        if leg.ccid is None and not leg.alive:
            return
        hang_up(turn, leg)
        turn.set_line(state=LineState.DOWN, leg=None)
    else:
        keep(turn)


def keep(turn: Turn) -> None:
    """A parked line costs its minutes: less of them where no key could make use of it (LOST-LINE)."""
    policy = turn.policy
    longest = policy.line_keep if turn.lost_at is None else min(policy.line_keep, policy.return_within)
    turn.arm(Clock.KEEP, "line", longest)


def keep_over(turn: Turn) -> None:
    """The parked line has cost enough."""
    leg = turn.agent()
    if leg is not None and turn.line.seat is None:
        hang_up(turn, leg)


def moved(turn: Turn, leg: Leg) -> None:
    """The line's state follows its leg's membership."""
    if leg.id == turn.line.leg and turn.line.state in (LineState.PARKED, LineState.IN):
        turn.set_line(state=LineState.IN if leg.room is not None else LineState.PARKED)
