"""Belief is checked against the carrier, whatever webhooks say, and webhooks are doubted when they fail.

Two loops (behaviour "Default timers"): the room of every answered customer is read every two seconds, and
everything is surveyed every ten, on an empty desk too: somebody may ring whose webhook never comes. While
webhooks are known not to come (ANY-2), or a dial is looked for of which nobody knows whether it was carried
out, the survey takes the pace of the rooms. Both are slower while the carrier's rate limit is nearly used up,
for commands come first (ANY-4).
"""

from __future__ import annotations

from warmxfer_tui.core import doubt
from warmxfer_tui.core.commands import Answer, Ask, Dial, Hangup, Join, Leave, LegSpeak, Survey
from warmxfer_tui.core.events import Accepted, Reply
from warmxfer_tui.core.model import Call
from warmxfer_tui.core.steering import read_room
from warmxfer_tui.core.terms import Clock, RoomId, State, Timer
from warmxfer_tui.core.turn import Turn
from warmxfer_tui.core.unheard import pace

_TELL = Answer | Dial | Hangup | Join | Leave | LegSpeak
"""Commands that a webhook follows, always (telnyx-facts §3)."""
LAG = 30_000
"""Milliseconds by which the list of calls and their events may trail (telnyx-facts §6.2 #57): for so long
after a console has begun, somebody may show whose webhook came while nobody was there."""


SCARCE = 20
"""Percent of the carrier's rate limit below which reads give way to commands (ANY-4)."""
SHED = 5_000
"""Milliseconds between two reads of a room then. What is read after an unknown outcome is no part of this."""


def spare(turn: Turn, percent: int | None) -> None:
    """A reply tells how much of the rate limit is left: where that becomes scarce, the next look is later."""
    was, turn.spare = _scarce(turn), percent
    if _scarce(turn) and not was:
        for clock in (Clock.READ, Clock.SURVEY) if _closely(turn) else (Clock.READ,):
            timer = Timer(clock, "desk")
            if timer in turn.timers and not turn.resuming:
                turn.timers[timer] += max(SHED - turn.policy.reconcile, 0)


def _scarce(turn: Turn) -> bool:
    return turn.spare is not None and turn.spare < SCARCE


def keep_looking(turn: Turn) -> None:
    """See to it that the next look is timed."""
    every = turn.policy.reconcile
    if not every:
        return
    if _scarce(turn):
        every = max(every, SHED)
    _within(turn, Clock.SURVEY, every if _closely(turn) else turn.policy.survey)
    if turn.unheard_since is not None:
        _within(turn, Clock.TRY, pace(turn))
    else:
        turn.disarm(Clock.TRY, "desk")
    if any(_watched(turn, call) for call in turn.calls.values()):
        _within(turn, Clock.READ, every)
    else:
        turn.disarm(Clock.READ, "desk")


def _closely(turn: Turn) -> bool:
    begun = turn.now - turn.resumed_at < LAG
    return begun or turn.unheard_since is not None or doubt.unread(turn.legs)


def _within(turn: Turn, clock: Clock, wait: int) -> None:
    timer = Timer(clock, "desk")
    turn.timers[timer] = min(turn.timers.get(timer, turn.now + wait), turn.now + wait)


def _watched(turn: Turn, call: Call) -> bool:
    return call.room is not None and call.state is not State.WRAP and turn.customer(call).up


def read_rooms(turn: Turn) -> None:
    """One participants read a room, unless a survey is reading them all.

    Nor while a command to a member has no reply: the read that follows the reply proves more.
    """
    surveying = any(isinstance(ask.request, Survey) for ask in turn.asks.values())
    if surveying or turn.timers.get(Timer(Clock.SURVEY, "desk"), turn.now + 1) <= turn.now:
        return
    for call in turn.calls.values():
        if call.room is not None and _watched(turn, call) and not _commanded(turn, call.room):
            read_room(turn, call.room, call)


def _commanded(turn: Turn, room: RoomId) -> bool:
    return any(p.room == room and p.replied_at is None for leg in turn.legs.values() for p in leg.pending)


# --- webhooks that do not come ---------------------------------------------------------------------------


def expect_event(turn: Turn, ask: Ask, reply: Reply) -> None:
    """A command was accepted: a webhook is to follow."""
    if turn.policy.reconcile and isinstance(reply, Accepted) and isinstance(ask.request, _TELL):
        turn.arm_once(Clock.EVENT, "desk", turn.policy.unheard)


def heard(turn: Turn) -> None:
    """A webhook has come."""
    turn.disarm(Clock.EVENT, "desk")
    if turn.unheard_since is not None and turn.webhook_late < turn.policy.unheard:
        turn.unheard_since = None
        turn.tell("good", "Webhooks arrive again.")


def unheard(turn: Turn, why: str) -> None:
    """ANY-2: webhooks do not come. The keys go on working, by what the carrier says when it is asked."""
    if turn.unheard_since is None:
        turn.fire("ANY-2")
        turn.unheard_since = turn.now
        turn.tell("alarm", f"Webhooks do not arrive: {why} Telnyx is asked every 2 s instead.")
