"""Who hears whom, as believed: the `hears` line of every panel, and the judge of silence (I1, I9).

A pending change is judged at its worst. Somebody who may hear a person counts as hearing them (`maybe`);
somebody who may have lost the hold sound counts as hearing nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from warmxfer_tui.core.model import Call, Desk, Leg
from warmxfer_tui.core.terms import Lane, LegId, Means, Phase, Role, RoomId

HOLD_SOUND = "hold sound"
SPEECH = "speech"
RINGING = "ringing"


@dataclass(frozen=True, slots=True)
class Hears:
    """What one leg hears, as believed."""

    people: frozenset[LegId] = frozenset()
    """Proven to be heard."""
    maybe: frozenset[LegId] = frozenset()
    """Heard if a request that is under way has taken effect."""
    sound: str = ""
    """`hold sound`, `speech`, `ringing`, or nothing."""

    @property
    def silent(self) -> bool:
        """Nobody and nothing is proven to be heard."""
        return not self.people and not self.sound


def hears(desk: Desk, leg_id: LegId) -> Hears:
    """What a leg hears."""
    leg = desk.legs[leg_id]
    if not leg.alive:
        return Hears()
    if leg.phase < Phase.ANSWERED:
        return Hears(sound=RINGING if leg.role is Role.CUSTOMER and leg.inbound else "", **_early(desk, leg))
    people = frozenset(other.id for other in desk.legs.values() if _reaches(other, leg))
    maybe = frozenset(other.id for other in desk.legs.values() if _may_reach(other, leg)) - people
    return Hears(people, maybe, _sound(desk, leg) or _ringback(desk, leg) or _transfer_rings(desk, leg))


def _early(desk: Desk, leg: Leg) -> dict[str, frozenset[LegId]]:
    """A customer called into its room may hear us at ringback (telnyx-facts §2.1 early_media).

    A target of a transfer hears C in the moment of its answer, before we know of that.
    """
    if leg.room is None and not leg.awaits(Lane.JOIN) and not leg.blind:
        return {}
    return {"maybe": frozenset(other.id for other in desk.legs.values() if _may_reach(other, leg))}


def _audible(leg: Leg) -> bool:
    return leg.alive and leg.room is not None and not leg.held and not leg.muted


def _reaches(other: Leg, leg: Leg) -> bool:
    """Whether `other`'s voice is proven to reach `leg`."""
    if leg.bridged == other.id:
        return other.up
    if other.id == leg.id or leg.room is None or leg.held or other.room != leg.room:
        return False
    return other.up and _audible(other)


def _may_reach(other: Leg, leg: Leg) -> bool:
    """Whether it reaches, if everything under way takes effect in the worst way."""
    if other.id == leg.id or not other.alive:
        return False
    if _of_transfer(other, leg):
        return True
    rooms = _rooms(leg) & _rooms(other)
    open_ear = not leg.held or leg.awaits(Lane.UNHOLD, Lane.JOIN)
    open_mouth = not other.held or other.awaits(Lane.UNHOLD, Lane.JOIN)
    voice = not other.muted or other.awaits(Lane.UNMUTE)
    return bool(rooms) and open_ear and open_mouth and voice


def _of_transfer(other: Leg, leg: Leg) -> bool:
    """C, and a target that the carrier bridges with it as soon as it is answered, wherever C is by then."""
    pair = {other.role, leg.role} == {Role.CUSTOMER, Role.TARGET}
    return pair and (other.blind or leg.blind) and other.id.split(".")[0] == leg.id.split(".")[0]


def _transfer_rings(desk: Desk, leg: Leg) -> str:
    """C, outside every room, hears its target ring (telnyx-facts §2.3 `early_media`): more is not known."""
    if leg.room is not None or leg.pending or leg.role is not Role.CUSTOMER:
        return ""
    mine = (other for other in desk.legs.values() if _of_transfer(other, leg))
    return RINGING if any(other.alive and not other.up and not other.hanging_up for other in mine) else ""


def _rooms(leg: Leg) -> frozenset[RoomId]:
    """The rooms a leg may be in: the proven one, and the one a join is under way to."""
    return frozenset(room for room in (leg.room, leg.joining) if room is not None)


def _sound(desk: Desk, leg: Leg) -> str:
    """That somebody is held proves no sound: a file of ours was asked for, and has not run out since."""
    lasts = leg.means is Means.MEDIA and desk.now < leg.sound_until
    if leg.held and lasts and not leg.awaits(Lane.UNHOLD, Lane.LEAVE):
        return HOLD_SOUND
    return SPEECH if leg.heard_at is not None else ""


def _ringback(desk: Desk, leg: Leg) -> str:
    """A customer called into the room is heard ringing (telnyx-facts §2.1 `early_media`)."""
    if leg.room is None or leg.held:
        return ""
    rings = (other.room == leg.room and other.alive and not other.up for other in desk.legs.values())
    return RINGING if any(rings) else ""


def _self_muted(desk: Desk, leg: Leg) -> list[Leg]:
    """An agent who muted themselves is a partner all the same (I1); the panel says so."""
    agent = desk.legs.get(desk.line.leg) if desk.line.leg and desk.line.mute else None
    here = agent is not None and agent.up and agent.room == leg.room and leg.room is not None
    return [agent] if agent is not None and here and not agent.held and not leg.held else []


def silent(desk: Desk, call: Call) -> bool:
    """Whether an answered customer is believed, at worst, to hear nothing (I1)."""
    leg = desk.legs[call.customer]
    if not leg.up or leg.hanging_up:
        return False
    heard = hears(desk, leg.id)
    if heard.sound:
        return False
    partners = [desk.legs[i] for i in heard.people] + _self_muted(desk, leg)
    steady = [p for p in partners if not p.hanging_up and not p.awaits(Lane.HOLD, Lane.LEAVE)]
    return leg.awaits(Lane.HOLD, Lane.UNHOLD, Lane.LEAVE) or not steady
