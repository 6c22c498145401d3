"""What nobody knows for certain while webhooks do not come (ANY-2, CALLING-12)."""

from __future__ import annotations

from collections.abc import Mapping

from warmxfer_tui.core.model import Call, Desk, Leg
from warmxfer_tui.core.terms import State

_RINGS: Mapping[State, str] = {
    State.OUT: "{C} rings or has answered, unconfirmed",
    State.ASIDE: "{B} rings or has answered, unconfirmed",
    State.CALLING: "{B} rings or has answered: it is tried every 2 s",
}
"""Instead, while webhooks do not arrive."""


def unconfirmed(desk: Desk, leg: Leg) -> bool:
    """Whether what is known of a leg is only what was heard, or polled, since webhooks are lost (ANY-2).

    Its room is read every 2 s, which proves where it is; of a leg outside, or one that rings, nothing does.
    """
    return desk.unheard_since is not None and leg.alive and leg.proven_at < desk.unheard_since


def rings_or_answered(desk: Desk, call: Call, target: Leg | None) -> str | None:
    """Without webhooks nobody knows whether who rings has answered meanwhile (CALLING-12)."""
    whom = desk.legs[call.customer] if call.state is State.OUT else target
    if desk.unheard_since is None or whom is None or whom.up or call.state not in _RINGS:
        return None
    return _RINGS[call.state]
