"""How long the sound of a hold lasts: a file that has run out is silence (behaviour "Hold sound").

Whether the carrier repeats it is unknown (telnyx-facts §6.2 #13), so steering asks for it again in time, and
belief counts on none after its end.
"""

from __future__ import annotations

from warmxfer_tui.core.events import Problem, Refused
from warmxfer_tui.core.model import Leg
from warmxfer_tui.core.policy import Policy
from warmxfer_tui.core.terms import Clock, Lane, Means
from warmxfer_tui.core.turn import Turn, When

MARGIN = 5_000
"""Milliseconds before its end that a hold file is asked for again."""


UNHEARD = Refused(Problem.UNAVAILABLE, "", "Nobody knows whether the hold sound begins again.")
"""Of somebody who was held before: no list says anything of sound."""


def sounds(turn: Turn, leg: Leg, since: int) -> None:
    """A hold with a file is proven. It sounds since its request was sent, at the earliest."""
    until = since + turn.policy.hold_length
    turn.set_leg(leg.id, sound_until=until)
    turn.arm(Clock.SOUND, leg.id, max(until - _margin(turn.policy) - turn.now, 0))


def ends(turn: Turn, leg: Leg) -> bool:
    """Whether a held leg needs its file again: it is about to run out, has, or was never proven."""
    return leg.means is Means.MEDIA and turn.now >= leg.sound_until - _margin(turn.policy)


def look_again(turn: Turn, leg: Leg) -> None:
    """The file runs out soon, and steering asks for it again; at its end the table may know another way."""
    call = turn.call_of(leg)
    if leg.held and turn.now < leg.sound_until:
        turn.arm(Clock.SOUND, leg.id, leg.sound_until - turn.now)
    elif leg.held and leg.tries and call is not None:
        turn.signal(When.REFUSED, Lane.HOLD, call=call.id, leg=leg.id, detail=UNHEARD)


def _margin(policy: Policy) -> int:
    return min(MARGIN, policy.hold_length // 2)
