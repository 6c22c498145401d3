"""The commands that make and end rooms, and move legs in and out of them (telnyx-facts §2.11)."""

from __future__ import annotations

from dataclasses import replace

from . import rooms
from .audio import SECOND
from .commands import OK, answered_leg, check_alive, known_leg, recall, remember
from .dialling import entry_of
from .endings import end_room, leave_room
from .errors import Refused
from .media import tune_of
from .model import Entry, Reply, Room
from .params import BEEPS, ROLES, Param, Request, between, check, check_command, flags, need, one_of
from .resources import conference
from .state import Command, State

REGIONS = ("Australia", "Europe", "Middle East", "US")

_CREATE = (
    need("call_control_id"),
    need("name"),
    one_of("beep_enabled", *BEEPS),
    *flags("comfort_noise", "start_conference_on_create"),
    between("duration_minutes", 1, 240),
    Param("hold_audio_url"),
    Param("hold_media_name"),
    between("max_participants", 2, 800),
    one_of("region", *REGIONS),
)
_JOIN = (
    need("call_control_id"),
    *flags("hold", "mute", "start_conference_on_enter"),
    *flags("end_conference_on_exit", "soft_end_conference_on_exit"),
    Param("hold_audio_url"),
    Param("hold_media_name"),
    one_of("beep_enabled", *BEEPS),
    one_of("supervisor_role", *ROLES),
    Param("whisper_call_control_ids", list),
    one_of("region", *REGIONS),
)
_LEAVE = (
    need("call_control_id"),
    one_of("beep_enabled", *BEEPS),
    Param("command_id"),
    one_of("region", *REGIONS),
)


def room_of(s: State, id_or_name: str, *, by_name: bool = True) -> Room:
    """The live room of that id or name; raise `Refused` for an unknown one (#4) and an ended one (#5)."""
    room = rooms.find(s, id_or_name) if by_name else s.rooms.get(id_or_name)
    if room is None:
        raise Refused.as_knob(s.knobs.unknown_room)
    if not room.alive:
        raise Refused.as_knob(s.knobs.ended_room)
    return room


def create(s: State, request: Request) -> Reply:
    """`POST /conferences`: a room around one answered leg, which owns it."""
    check_command(request.body, _CREATE, s.knobs)
    ccid, name, command_id = request.text("call_control_id"), request.text("name"), request.text("command_id")
    known_leg(s, ccid)
    if (reply := recall(s, ccid, command_id)) is not None:
        return reply
    leg = answered_leg(s, ccid)
    waiting = tune_of(s, request, url="hold_audio_url", name="hold_media_name")
    if (taken := rooms.name_taken(s, name)) is not None:
        if s.knobs.name_in_use == "existing" and taken.alive:
            return Reply(200, {"data": conference(s, taken)})
        raise Refused("90033", "name")
    rooms.check_free_to_sit(s, leg)
    _set_state(s, ccid, request)
    started = request.flag("start_conference_on_create", True)
    room = rooms.make(
        s,
        s.legs[ccid],
        name,
        started=started,
        waiting=waiting,
        max_participants=request.number("max_participants", 250),
        region=request.text("region", "US"),
        life=request.number("duration_minutes", 240) * 60 * SECOND,
    )
    rooms.sit(s, room.id, ccid, Entry(room=room.id))
    s.record(Command(s.now, "create_conference", ccid, request.body))
    return remember(s, ccid, command_id, Reply(200, {"data": conference(s, s.rooms[room.id])}))


def _set_state(s: State, ccid: str, request: Request) -> None:
    if state := request.text("client_state"):
        s.put(replace(s.legs[ccid], client_state=state))


def join(s: State, request: Request) -> Reply:
    """Make an answered leg a member."""
    check_command(request.body, _JOIN, s.knobs)
    ccid, command_id = request.text("call_control_id"), request.text("command_id")
    known_leg(s, ccid)
    if (reply := recall(s, ccid, command_id)) is not None:
        return reply
    room = room_of(s, request.args[0])
    leg = answered_leg(s, ccid)
    entry = entry_of(s, request, room=room.id)
    if leg.room == room.id:
        if s.knobs.join_again == "200":
            return OK
        raise Refused("90044", "call_control_id")
    rooms.check_free_to_sit(s, leg)
    rooms.check_open(room)
    _set_state(s, ccid, request)
    rooms.sit(s, room.id, ccid, entry)
    s.record(Command(s.now, "join_conference", ccid, request.body))
    return remember(s, ccid, command_id)


def leave(s: State, request: Request) -> Reply:
    """Take a member out: its leg is parked."""
    check(request.body, _LEAVE)
    ccid, command_id = request.text("call_control_id"), request.text("command_id")
    leg = known_leg(s, ccid)
    if (reply := recall(s, ccid, command_id)) is not None:
        return reply
    room = room_of(s, request.args[0])
    check_alive(s, leg)
    if leg.room != room.id:
        raise Refused("90015", "call_control_id", detail="The call is not in this conference.")
    leave_room(s, ccid, by_command=True)
    s.record(Command(s.now, "leave_conference", ccid, request.body))
    return remember(s, ccid, command_id)


def end(s: State, request: Request) -> Reply:
    """Hang up everybody. Takes the id alone, not the name."""
    check(request.body, (Param("command_id"),))
    command_id = request.text("command_id")
    if (reply := recall(s, request.args[0], command_id)) is not None:
        return reply
    room = room_of(s, request.args[0], by_name=False)
    end_room(s, room.id, "ended_via_api")
    s.record(Command(s.now, "end_conference", room.owner, request.body))
    return remember(s, room.id, command_id)
