"""Who truly hears what, computed from bridges, rooms, holds, mutes, roles and sounds.

The rules are the semantics of telnyx-facts §2.5, §2.11 and §5.1; the points that are not documented there are
the knobs #13 to #16, #33, #46 and #55.
"""

from __future__ import annotations

from .audio import Hearing, Queue, Sound, Where
from .model import Leg, Role, Room, Seat
from .state import State

NOTHING = Hearing()
_RINGING = Hearing(frozenset(), frozenset({Sound.RINGING}))


def hears(s: State, ccid: str) -> Hearing:
    """What reaches the ear at the far end of a leg: nothing when it is dead, ringing until it is answered."""
    leg = s.legs.get(ccid)
    if leg is None or not leg.alive:
        return NOTHING
    if not leg.answered:
        return _RINGING
    people: set[str] = set()
    sounds: set[Sound] = set()
    if leg.room is not None:
        _in_room(s, leg, s.rooms[leg.room], people, sounds)
    elif leg.peer is not None:
        people.add(leg.peer)
    elif leg.hold_tune:
        sounds.add(Sound.HOLD)
    if leg.waits_for is not None and s.legs[leg.waits_for].ringback:
        sounds.add(Sound.RINGING)
    if s.queues:
        _on_leg(s, leg, sounds)
    return Hearing(frozenset(people), frozenset(sounds))


def _on_leg(s: State, leg: Leg, sounds: set[Sound]) -> None:
    """What leg commands play to this leg, or from its peer with `target_legs` opposite or both."""
    for where in (Where.LEG, Where.OVERLAY):
        if (plays := s.queues.get(Queue(where, leg.ccid))) and plays[0].to_self:
            sounds.add(plays[0].sound)
        if leg.peer is not None and (plays := s.queues.get(Queue(where, leg.peer))) and plays[0].to_peer:
            sounds.add(plays[0].sound)


def _in_room(s: State, leg: Leg, room: Room, people: set[str], sounds: set[Sound]) -> None:
    seat = room.seat(leg.ccid)
    if seat is None:
        return
    if not room.started:
        if (seat.waiting or room.waiting) is not None:
            sounds.add(Sound.QUEUE)
        return
    if seat.held:
        if seat.hold_tune is not None:
            sounds.add(Sound.HOLD)
    else:
        _others(s, leg, room, people, sounds)
        if plays := s.queues.get(Queue(Where.ROOM, room.id)):
            sounds.add(plays[0].sound)
    if (not seat.held or s.knobs.speak_to_held == "heard") and (
        plays := s.queues.get(Queue(Where.SEAT, leg.ccid))
    ):
        sounds.add(plays[0].sound)


def _others(s: State, leg: Leg, room: Room, people: set[str], sounds: set[Sound]) -> None:
    broken = s.knobs.monitor == "breaks audio" and any(seat.role is Role.MONITOR for seat in room.seats)
    for other in room.seats:
        if other.ccid == leg.ccid or broken or not _speaks_to(s, other, leg.ccid):
            continue
        voice = s.legs[other.ccid]
        if voice.answered:
            people.add(other.ccid)
        elif voice.ringback:
            sounds.add(Sound.RINGING)


def _speaks_to(s: State, seat: Seat, ear: str) -> bool:
    if seat.muted or (seat.held and s.knobs.held_member == "cut both ways"):
        return False
    match seat.role:
        case Role.MONITOR:
            return False
        case Role.WHISPER:
            # Without ids a whisperer is a pure monitor (telnyx-facts §2.11).
            return ear in seat.whisper_to
        case _:
            return True
