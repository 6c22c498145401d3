"""How rooms begin and how legs get into them."""

from __future__ import annotations

from dataclasses import replace

from . import events, sounds
from .audio import SECOND, Tune
from .endings import leave_room, unbridge
from .errors import Refused
from .model import Entry, Leg, Room, RoomStatus, Seat
from .state import State, TimerKind

ROOM_LIFE = 14_400 * SECOND
"""A room ends four hours after its creation (telnyx-facts §1.5)."""
NAME_REST = 2 * SECOND
"""How long a name stays taken after its room where it is not free at once (#7)."""
DEFAULT_TUNE = Tune(name="default", length=30 * SECOND)
"""The carrier's own hold tune, where it has one (#14, #33)."""


def find(s: State, id_or_name: str) -> Room | None:
    """The room of that id, or the newest of that name."""
    return s.rooms.get(id_or_name) or s.rooms.get(s.names.get(id_or_name, ""))


def name_taken(s: State, name: str) -> Room | None:
    """The room that stands in the way of a new one of this name, or None (#7)."""
    room = s.rooms.get(s.names.get(name, ""))
    if room is None or room.alive:
        return room
    rests = s.knobs.name_free_again == "after 2 s" and room.ended_at is not None
    return room if rests and s.now < (room.ended_at or 0) + NAME_REST else None


def make(
    s: State,
    leg: Leg,
    name: str,
    *,
    started: bool = True,
    waiting: Tune | None = None,
    max_participants: int = 250,
    region: str = "US",
    life: int = ROOM_LIFE,
) -> Room:
    """Create a room that `leg` owns, without seating anybody; `life` is in microseconds."""
    room = Room(
        id=s.uuid("room"),
        name=name,
        connection_id=leg.connection_id,
        owner=leg.ccid,
        owner_session=leg.session_id,
        status=RoomStatus.IN_PROGRESS if started else RoomStatus.INIT,
        created_at=s.now,
        updated_at=s.now,
        expires_at=s.now + life,
        max_participants=max_participants,
        region=region,
        waiting=waiting,
    )
    s.names[name] = room.id
    s.put_room(room)
    s.arm(TimerKind.ROOM_EXPIRES, room.id, life)
    events.created(s, room)
    return room


def check_free_to_sit(s: State, leg: Leg) -> None:
    """Raise `Refused` when the leg's present room holds it (#9)."""
    if leg.room is not None and s.knobs.join_from_other_room == "refuse":
        raise Refused("90044", "call_control_id")


def check_open(room: Room) -> None:
    """Raise `Refused` when a room takes nobody new."""
    if room.closed:
        raise Refused("90019")
    if len(room.seats) >= room.max_participants:
        raise Refused("90032")


def sit(s: State, room_id: str, ccid: str, entry: Entry) -> None:
    """Make a leg a member of a room, out of whatever it was connected to before (#9, #10, #34)."""
    leave_room(s, ccid)
    unbridge(s, ccid, spare_peer=s.knobs.join_of_bridged == "peer parked")
    sounds.stopped_by_connecting(s, ccid)
    s.disarm(TimerKind.PARKED_LIMIT, ccid)
    leg = s.put(replace(s.legs[ccid], room=room_id))
    room = s.rooms[room_id]
    if entry.starts_room and not room.started:
        room = replace(room, status=RoomStatus.IN_PROGRESS)
    seat = Seat(
        participant_id=s.uuid("participant"),
        ccid=ccid,
        leg_id=leg.leg_id,
        created_at=s.now,
        updated_at=s.now,
        held=entry.hold,
        hold_tune=silent_hold(s) if entry.hold else None,
        muted=entry.mute,
        end_on_exit=entry.end_on_exit,
        soft_end_on_exit=entry.soft_end_on_exit,
        role=entry.role,
        whisper_to=entry.whisper_to,
        waiting=entry.waiting,
    )
    room = s.put_room(replace(room, seats=(*room.seats, seat), updated_at=s.now))
    events.joined(s, room, leg)


def silent_hold(s: State) -> Tune | None:
    """What a member held without media hears (#14)."""
    return DEFAULT_TUNE if s.knobs.hold_without_media == "tune" else None


def enter(s: State, ccid: str, entry: Entry) -> None:
    """Let a dialled leg into the room of its `conference_config`, which may be over or full by now."""
    room = find(s, entry.room)
    if room is None or not room.alive:
        if not entry.create:
            return
        room = make(s, s.legs[ccid], entry.room, started=entry.started, waiting=entry.waiting)
    elif room.closed or len(room.seats) >= room.max_participants:
        return
    sit(s, room.id, ccid, entry)
