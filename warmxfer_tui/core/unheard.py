"""Who has answered, where no webhook tells (CALLING-12): `is_alive` does not tell ringing from answered.

A target may be asked by a join, which is refused of a leg that rings and changes nothing. That is done only
where it may come in: C is proven held, and nothing under way may change that (I4). A customer who is called
may not be asked so; but the carrier stops ringing after a while, and whoever lives then has answered.
"""

from __future__ import annotations

from warmxfer_tui.core.lanes import lane
from warmxfer_tui.core.model import Call, Leg
from warmxfer_tui.core.seats import secure
from warmxfer_tui.core.terms import Lane, Phase, Role, State
from warmxfer_tui.core.turn import Turn

RINGS_ON = 8_000
"""Milliseconds after `Policy.ring` in which a phone that we called has certainly stopped ringing: the carrier
was told to ring for 5 s longer than we wait."""


def try_joins(turn: Turn) -> None:
    """While webhooks do not come, every target that rings is asked again and again."""
    if turn.unheard_since is not None:
        for call in list(turn.calls.values()):
            try_join(turn, call)


def try_join(turn: Turn, call: Call) -> bool:
    """Ask by a join whether a target has answered; False where that may not be asked."""
    target = turn.target(call)
    if target is None or call.state is not State.CALLING or call.room is None:
        return False
    rings = target.phase is Phase.RINGING and not (target.pending or target.hanging_up)
    if not (rings and secure(turn.customer(call))) or turn.now < turn.calm_until:
        return False
    turn.fire("CALLING-12")
    lane(turn, target, Lane.JOIN, call.room, call)
    return True


def outlasts_ring(turn: Turn, leg: Leg) -> bool:
    """Whether the carrier has stopped ringing a customer by now: who lives has been answered."""
    rung = leg.phase is Phase.RINGING and not leg.inbound and leg.role is Role.CUSTOMER
    return rung and turn.now - leg.phase_at >= turn.policy.ring + RINGS_ON
