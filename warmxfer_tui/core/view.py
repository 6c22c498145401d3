"""A desk as plain rows for a screen: who, number, state, since when, and who hears whom."""

from __future__ import annotations

from dataclasses import dataclass

from warmxfer_tui.core.hearing import Hears, hears
from warmxfer_tui.core.model import Call, Desk, Leg
from warmxfer_tui.core.terms import LegId, LineState, Phase, Role

_PHASES = {
    Phase.DIALLED: "DIALLING",
    Phase.RINGING: "RINGING",
    Phase.ANSWERED: "ANSWERED",
    Phase.ENDED: "ENDED",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One leg, ready to be shown."""

    leg: LegId
    role: Role
    who: str
    number: str
    state: str
    """The leg's own state, in one word."""
    since: int
    """UTC milliseconds at which it began."""
    proven_at: int
    """UTC milliseconds of the last proof; 0 where there is none."""
    hears: str
    """Who and what this leg hears, in words; pending changes at their worst."""
    pending: bool
    contradicted: bool


def board(desk: Desk) -> tuple[Row, ...]:
    """Every leg that lives or has a call on the desk: the focused call first, the line after its C."""
    order = sorted(desk.calls.values(), key=lambda call: (call.id != desk.focus, call.since))
    agent = desk.legs.get(desk.line.leg) if desk.line.leg else None
    rows = [row for call in order for row in _of_call(desk, call)]
    if agent is not None:
        rows.insert(min(1, len(rows)), _row(desk, agent))
    return tuple(rows)


def _of_call(desk: Desk, call: Call) -> list[Row]:
    legs = [leg for leg in desk.legs.values() if leg.id.startswith(f"{call.id}.")]
    current = [leg for leg in legs if leg.alive or leg.id in (call.customer, call.target)]
    return [_row(desk, leg) for leg in current]


def _row(desk: Desk, leg: Leg) -> Row:
    return Row(
        leg.id,
        leg.role,
        "you" if leg.role is Role.AGENT else leg.name or leg.number.shown or "unknown",
        leg.number.shown,
        state_of(desk, leg),
        leg.phase_at,
        leg.proven_at,
        hears_text(desk, hears(desk, leg.id)),
        bool(leg.pending) or leg.hanging_up,
        leg.contradicted,
    )


def state_of(desk: Desk, leg: Leg) -> str:
    """A leg's state in a word or two."""
    if leg.role is Role.AGENT and desk.line.state in (LineState.PROVING, LineState.PARKED):
        return desk.line.state.value
    if not leg.up:
        return _PHASES[leg.phase]
    if leg.leaving or leg.hanging_up:
        return "LEAVING"
    if leg.held:
        return "HELD"
    if leg.room is not None:
        return "MUTED" if leg.muted else "TALKING"
    return "WAITING" if leg.saying else "ANSWERED"


def name_of(desk: Desk, leg_id: LegId) -> str:
    """How one leg is called in another's `hears` line."""
    leg = desk.legs[leg_id]
    return "you" if leg.role is Role.AGENT else leg.name or leg.number.shown or "unknown"


def hears_text(desk: Desk, heard: Hears) -> str:
    """The `hears` line in words."""
    parts = [name_of(desk, leg) for leg in sorted(heard.people)]
    if heard.sound:
        parts.append(heard.sound)
    parts += [f"maybe {name_of(desk, leg)}" for leg in sorted(heard.maybe)]
    return ", ".join(parts) or "nothing"
