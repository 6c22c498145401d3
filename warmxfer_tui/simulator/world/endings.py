"""How legs and rooms end. Both are here because each can end the other.

A leg that leaves a room or a bridge without ending is parked: alive, connected to nobody, silent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from . import events, sounds
from .audio import SECOND, Queue, Where
from .model import Direction, Leg, LegState, Room, RoomStatus, Seat
from .state import State, TimerKind


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a leg ends: the cause, SIP status and source of `call.hangup` (telnyx-facts §3.2)."""

    cause: str
    sip: str
    source: str = "unknown"


CLEARED = Ending("normal_clearing", "200")
TIME_LIMIT = Ending("time_limit", "200")


def _by(leg: Leg, *, party: bool) -> str:
    """The SIP role of whoever hung up: the far party of a dialled leg is its callee."""
    dialled = leg.direction is Direction.OUTGOING
    return "callee" if dialled == party else "caller"


def by_party(leg: Leg, cause: str = "normal_clearing", sip: str = "200") -> Ending:
    """The far party ends the leg."""
    return Ending(cause, sip, _by(leg, party=True))


def by_us(leg: Leg, cause: str = "normal_clearing", sip: str = "200") -> Ending:
    """A command ends the leg."""
    return Ending(cause, sip, _by(leg, party=False))


def end_leg(s: State, ccid: str, ending: Ending) -> None:
    """End a leg, and take it out of its room and its bridge. A dead leg stays as it is."""
    leg = s.legs[ccid]
    if not leg.alive:
        return
    sounds.stop_leg(s, ccid, "call_hangup")
    s.disarm_all(ccid)
    del s.live[ccid]
    s.silent.pop(ccid, None)
    leg = s.put(replace(leg, state=LegState.ENDED, ended_at=s.now, answering=False, ringback=False))
    room_first = s.knobs.hangup_order == "left first"
    if leg.room is not None and room_first:
        leave_room(s, ccid, hung_up=True)
    events.hangup(s, leg, ending.cause, ending.sip, ending.source)
    if leg.room is not None and not room_first:
        leave_room(s, ccid, hung_up=True)
    if leg.peer is not None:
        unbridge(s, ccid)


def park(s: State, ccid: str) -> None:
    """Note that an answered leg is connected to nobody (#35)."""
    limit, leg = s.knobs.parked_limit_secs, s.legs[ccid]
    if limit is not None and leg.answered and leg.room is None and leg.peer is None:
        s.arm(TimerKind.PARKED_LIMIT, ccid, limit * SECOND)


def unbridge(s: State, ccid: str, *, spare_peer: bool = False) -> None:
    """End a leg's bridge. The peer is parked if its mark protects it, else hung up (telnyx-facts §2.4)."""
    leg = s.legs[ccid]
    if leg.peer is None:
        return
    peer = s.legs[leg.peer]
    s.put(replace(leg, peer=None, protected=False, hold_after_unbridge=False))
    keeps = spare_peer or peer.protected or peer.hold_after_unbridge or not peer.answered
    tune = peer.hold_after_unbridge and s.knobs.hold_after_unbridge == "tune"
    s.put(replace(peer, peer=None, protected=False, hold_after_unbridge=False, hold_tune=tune))
    if leg.alive:
        park(s, ccid)
    if keeps:
        park(s, peer.ccid)
    else:
        end_leg(s, peer.ccid, CLEARED)


def leave_room(s: State, ccid: str, *, hung_up: bool = False, by_command: bool = False) -> None:
    """Take a leg out of its room, with what its flags and the emptiness of the room entail (§2.11).

    `by_command` is the `leave` command, as against being moved elsewhere (#20).
    """
    leg = s.legs[ccid]
    if leg.room is None:
        return
    room = s.rooms[leg.room]
    sounds.silence(s, Queue(Where.SEAT, ccid), "call_hangup" if hung_up else "cancelled")
    s.disarm(TimerKind.HOLD_SOUND_ENDS, ccid)
    s.disarm(TimerKind.PARTY_LEAVES_HOLD, ccid)
    seat = room.seat(ccid)
    former = room.left
    if seat is not None and s.knobs.left_members == "listed":
        former = (*former, replace(seat, updated_at=s.now))
    seats = tuple(other for other in room.seats if other.ccid != ccid)
    room = s.put_room(replace(room, seats=seats, left=former, updated_at=s.now))
    leg = s.put(replace(leg, room=None))
    events.left(s, room, leg)
    if leg.alive:
        park(s, ccid)
    if seat is not None and room.alive:
        _after_leaving(s, room, seat, by_command=by_command)


def _after_leaving(s: State, room: Room, seat: Seat, *, by_command: bool) -> None:
    ends = s.knobs.creator_leaves == "ends" and seat.ccid == room.owner
    if room.seats and (seat.end_on_exit or ends):
        end_room(s, room.id, "host_left", ended_by=seat.ccid)
    elif not room.seats:
        _close(s, room, "host_left" if seat.end_on_exit else "all_left", seat.ccid)
        if by_command and s.knobs.all_left == "creator hung up":
            end_leg(s, room.owner, CLEARED)
    elif seat.soft_end_on_exit:
        s.put_room(replace(room, closed=True))


def _complete(s: State, room: Room, reason: str, ended_by: str | None) -> Room:
    """Make a room unusable, silently."""
    s.disarm_all(room.id)
    sounds.silence(s, Queue(Where.ROOM, room.id), "cancelled")
    return s.put_room(
        replace(
            room,
            status=RoomStatus.COMPLETED,
            ended_at=s.now,
            updated_at=s.now,
            end_reason=reason,
            ended_by=ended_by,
        )
    )


def _close(s: State, room: Room, reason: str, ended_by: str | None) -> None:
    events.ended(s, _complete(s, room, reason, ended_by))


def end_room(s: State, room_id: str, reason: str, *, ended_by: str | None = None) -> None:
    """End a room and hang up everybody in it: `end`, an exit flag, or its four hours (telnyx-facts §1.5)."""
    room = _complete(s, s.rooms[room_id], reason, ended_by)
    for seat in room.seats:
        end_leg(s, seat.ccid, CLEARED)
    told = s.knobs.end_reason if reason == "ended_via_api" else reason
    events.ended(s, replace(s.rooms[room_id], end_reason=told))
