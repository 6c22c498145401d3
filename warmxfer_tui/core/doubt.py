"""Dials of which nobody knows whether they were carried out (`design.md` §3.5).

A dial without a reply may be ringing somebody's phone. It is found by its tag, in a webhook or in a survey;
where it is not, only two complete surveys some way apart, *and* the agent's key, let the same party be
dialled again. An attempt that was given up meanwhile is in doubt as before: it may still ring.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from warmxfer_tui.core.commands import Ask
from warmxfer_tui.core.model import Doubt, Leg
from warmxfer_tui.core.terms import LegId, Number, Role
from warmxfer_tui.core.turn import Turn
from warmxfer_tui.core.words import shown

APART = 5_000
"""Milliseconds between a complete survey without the attempt and the next one that counts."""


def begin(turn: Turn, leg: Leg) -> None:
    """A dial's reply will not come. The agent's own phone is called again by itself, and never doubted."""
    if leg.ccid is None and leg.role is not Role.AGENT:
        turn.set_leg(leg.id, doubt=Doubt(turn.now))
        if not turn.resuming:  # else the survey comes first
            tell(turn, leg)


def tell(turn: Turn, leg: Leg) -> None:
    """Say so in the event strip."""
    call = turn.call_of(leg)
    turn.tell("warn", may_ring(leg), call.id if call else None)


def may_ring(leg: Leg) -> str:
    """The doubt in a sentence."""
    if leg.alive:
        return f"{shown(leg)} may already be ringing: nobody knows."
    return f"{shown(leg)} was given up, and may be ringing: nobody knows."


def end(turn: Turn, leg: Leg) -> None:
    """The carrier names the leg: it was called."""
    if leg.doubt is not None and not turn.resuming:
        call = turn.call_of(leg)
        turn.tell("good", f"{shown(leg)}: the call was placed after all.", call.id if call else None)
    turn.set_leg(leg.id, doubt=None)


def missed(turn: Turn, survey: Ask) -> None:
    """A survey is in, without those who are in doubt still; one that is older than a doubt tells nothing."""
    for leg in in_doubt(turn.legs):
        doubt = leg.doubt
        if doubt is None or survey.at < doubt.since:
            continue
        twice = doubt.missed_at is not None and survey.at - doubt.missed_at >= APART
        first = turn.now if doubt.missed_at is None else doubt.missed_at
        doubt = replace(doubt, missed_at=first, looked_at=turn.now, twice=twice)
        turn.set_leg(leg.id, doubt=doubt)


def in_doubt(legs: Mapping[LegId, Leg]) -> tuple[Leg, ...]:
    """Everybody of whom nobody knows, newest first."""
    return tuple(leg for leg in reversed(list(legs.values())) if leg.doubt is not None)


def unread(legs: Mapping[LegId, Leg]) -> bool:
    """Whether there is anybody for whom the carrier has to be asked again."""
    return any(leg.doubt is not None and not leg.doubt.twice for leg in legs.values())


def why_not(leg: Leg) -> str:
    """Why whoever is in doubt is not called again yet; empty where they may be."""
    if leg.doubt is None or leg.doubt.twice:
        return ""
    so_far = "none" if leg.doubt.missed_at is None else "one"
    return f"only after two looks {APART // 1000} s apart, so far {so_far}"


def refusal(turn: Turn, number: Number) -> str:
    """Why a number is not dialled by any key: that phone may be ringing. Empty where it is dialled."""
    same = (leg for leg in in_doubt(turn.legs) if leg.number.e164 == number.e164)
    why = ((leg, why_not(leg)) for leg in same)
    return next((f"{shown(leg)} may be ringing. They are called again {no}." for leg, no in why if no), "")
