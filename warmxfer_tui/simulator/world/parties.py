"""What the people and machines at the far ends do: on their own by persona, or steered from outside."""

from __future__ import annotations

from dataclasses import replace

from . import events, legs
from .audio import SECOND, Sound
from .endings import by_party, end_leg
from .hearing import hears
from .model import Direction, Leg, LegState
from .personas import Ring
from .state import State, TimerKind

KEYS = frozenset("0123456789*#ABCD")
_PROMPTS = frozenset({Sound.SPEECH, Sound.PLAYBACK})


def _ringing(s: State, ccid: str, direction: Direction) -> Leg | None:
    leg = s.legs.get(ccid)
    if leg is None or leg.direction is not direction or leg.state is not LegState.RINGING:
        return None
    return leg


def answers(s: State, ccid: str) -> bool:
    """The party we dial picks up."""
    if _ringing(s, ccid, Direction.OUTGOING) is None:
        return False
    legs.answer(s, ccid)
    return True


def hangs_up(s: State, ccid: str) -> bool:
    """The party rings off: a talking one, or a caller who is tired of waiting."""
    leg = s.legs.get(ccid)
    if leg is None or not leg.alive:
        return False
    if leg.answered:
        end_leg(s, ccid, by_party(leg))
    elif leg.direction is Direction.INCOMING:
        end_leg(s, ccid, by_party(leg, "originator_cancel", "487"))
    else:
        return False
    return True


def _refuses(s: State, ccid: str, cause: str, sip: str) -> bool:
    leg = _ringing(s, ccid, Direction.OUTGOING)
    if leg is None:
        return False
    who = leg.persona
    end_leg(s, ccid, by_party(leg, who.hangup_cause or cause, who.sip_hangup_cause or sip))
    return True


def declines(s: State, ccid: str) -> bool:
    """The party we dial presses the red key."""
    return _refuses(s, ccid, "call_rejected", "603")


def is_busy(s: State, ccid: str) -> bool:
    """The party we dial is on another call."""
    return _refuses(s, ccid, "user_busy", "486")


def presses(s: State, ccid: str, key: str) -> bool:
    """The party presses a key of its phone."""
    leg = s.legs.get(ccid)
    if leg is None or not leg.answered or key not in KEYS:
        return False
    s.put(replace(leg, has_pressed=True))
    events.digit(s, leg, key)
    return True


def refuse_as_persona(s: State, ccid: str) -> None:
    """The persona's own way of not answering (telnyx-facts §3.2, the suggested mapping)."""
    match s.legs[ccid].persona.on_ring:
        case Ring.BUSY:
            is_busy(s, ccid)
        case Ring.NOT_FOUND:
            _refuses(s, ccid, "not_found", "404")
        case _:
            declines(s, ccid)


def react(s: State) -> None:
    """Let the personas notice what they hear, and let the clocks of silence run; after every step."""
    silent = s.silent
    for ccid in s.live:
        leg = s.legs[ccid]
        if leg.state is not LegState.ANSWERED:
            continue
        heard = hears(s, ccid)
        if not heard.people and not heard.sounds:
            if ccid not in silent:
                silent[ccid] = s.now
        elif ccid in silent:
            del silent[ccid]
        if leg.persona.reacts:
            _react(s, leg, heard.sounds)


def _react(s: State, leg: Leg, sounds: frozenset[Sound]) -> None:
    who = leg.persona
    key = (TimerKind.PARTY_PRESSES, leg.ccid)
    if who.presses and not leg.has_pressed and key not in s.timers and sounds & _PROMPTS:
        s.arm(*key, round(who.presses_after * SECOND))
    if who.leaves_hold_after is not None:
        seat = s.rooms[leg.room].seat(leg.ccid) if leg.room is not None else None
        key = (TimerKind.PARTY_LEAVES_HOLD, leg.ccid)
        if seat is None or not seat.held:
            s.disarm(*key)
        elif key not in s.timers:
            s.arm(*key, round(who.leaves_hold_after * SECOND))
