"""The commands on those who are in a room: hold, mute, announcements, exit flags (telnyx-facts §2.11).

Most take a list of call control ids, and an empty or absent list means *everybody*, the agent included.
"""

from __future__ import annotations

from dataclasses import replace

from . import sounds
from .audio import Play, Queue, Sound, Where
from .commands import OK, recall, remember
from .conferences import REGIONS, room_of
from .errors import Refused
from .media import file_at_once, hold_tune
from .model import Reply, Room, Seat
from .params import BEEPS, Param, Request, check, flags, loop_of, need, one_of
from .resources import single_participant
from .state import Command, State, TimerKind

_IDS = (Param("call_control_ids", list), one_of("region", *REGIONS))
_FILE = (Param("audio_url"), Param("media_name"))
_SPEAK = (
    Param("payload", required=True, low=1, high=3_000, code="90010"),
    need("voice"),
    one_of("payload_type", "text", "ssml", code="90011"),
    Param("language", low=2, high=12, code="90013"),
    Param("voice_settings", dict),
    Param("command_id"),
    *_IDS,
)


def _targets(s: State, room: Room, request: Request) -> tuple[Seat, ...]:
    """The members a command is about; a leg that is none is passed over, or refused (#11)."""
    listed = request.texts("call_control_ids")
    if not listed:
        return room.seats
    found = tuple(seat for ccid in listed if (seat := room.seat(ccid)) is not None)
    if len(found) < len(listed) and s.knobs.hold_of_stranger == "422/90015":
        raise Refused("90015", "call_control_ids")
    return found


def _record(s: State, name: str, room: Room, request: Request) -> None:
    """Commands on members are listed under each leg they name, or under the room's owner."""
    for ccid in request.texts("call_control_ids") or (room.owner,):
        if ccid in s.legs:
            s.record(Command(s.now, name, ccid, request.body))


def hold(s: State, request: Request) -> Reply:
    """Hold members, with sound; no event tells of it."""
    check(request.body, (*_IDS, *_FILE))
    room = room_of(s, request.args[0])
    tune = hold_tune(s, request)
    for target in _targets(s, room, request):
        if target.held and s.knobs.hold_twice == "no-op":
            continue
        room = s.put_seat(room, replace(target, held=True, hold_tune=tune))
        s.disarm(TimerKind.HOLD_SOUND_ENDS, target.ccid)
        if tune is not None and s.knobs.hold_media == "once":
            s.arm(TimerKind.HOLD_SOUND_ENDS, target.ccid, tune.length)
    _record(s, "hold_participant", room, request)
    return OK


def hold_sound_ends(s: State, ccid: str) -> None:
    """A hold sound that does not loop has run out (#13)."""
    leg = s.legs[ccid]
    room = s.rooms.get(leg.room or "")
    if room is not None and (seat := room.seat(ccid)) is not None:
        seats = tuple(replace(old, hold_tune=None) if old is seat else old for old in room.seats)
        s.put_room(replace(room, seats=seats))


def unhold(s: State, request: Request) -> Reply:
    """Let members hear and be heard again; the list is required."""
    check(request.body, (Param("call_control_ids", list, required=True), one_of("region", *REGIONS)))
    if not request.texts("call_control_ids"):
        raise Refused("10004", "call_control_ids")
    room = room_of(s, request.args[0])
    for target in _targets(s, room, request):
        if target.held:
            room = s.put_seat(room, replace(target, held=False, hold_tune=None))
            s.disarm(TimerKind.HOLD_SOUND_ENDS, target.ccid)
    _record(s, "unhold_participant", room, request)
    return OK


def _set_mute(s: State, request: Request, muted: bool) -> Reply:
    check(request.body, _IDS)
    room = room_of(s, request.args[0])
    for target in _targets(s, room, request):
        if target.muted is not muted:
            room = s.put_seat(room, replace(target, muted=muted))
    _record(s, "mute_participant" if muted else "unmute_participant", room, request)
    return OK


def mute(s: State, request: Request) -> Reply:
    """Make members unheard; no event tells of it."""
    return _set_mute(s, request, True)


def unmute(s: State, request: Request) -> Reply:
    """Make members heard again."""
    return _set_mute(s, request, False)


def _announce(s: State, room: Room, request: Request, play: Play) -> None:
    """Queue a sound for the whole room, or for the members that the body lists."""
    if not request.texts("call_control_ids"):
        sounds.add(s, Queue(Where.ROOM, room.id), play)
        return
    for seat in _targets(s, room, request):
        if not (seat.held and s.knobs.speak_to_held == "nobody, no event"):
            sounds.add(s, Queue(Where.SEAT, seat.ccid), play)


def speak(s: State, request: Request) -> Reply:
    """Say a text to the room or to some of its members."""
    check(request.body, _SPEAK)
    command_id = request.text("command_id")
    room = room_of(s, request.args[0])
    if (reply := recall(s, room.id, command_id)) is not None:
        return reply
    _announce(s, room, request, Play(Sound.SPEECH, sounds.speech_length(request.text("payload")), 1))
    _record(s, "conference_speak", room, request)
    return remember(s, room.id, command_id)


def play(s: State, request: Request) -> Reply:
    """Play a file to the room or to some of its members; once unless `loop` says otherwise."""
    check(request.body, (*_IDS, *_FILE))
    loop = loop_of(request.body)
    room = room_of(s, request.args[0])
    tune = file_at_once(s, request)
    if tune is None:
        raise Refused("10004", "audio_url")
    _announce(s, room, request, Play(Sound.PLAYBACK, tune.length, loop.passes, tune.name, tune.url))
    _record(s, "conference_play", room, request)
    return OK


def stop(s: State, request: Request) -> Reply:
    """End what is played to some members, or to everybody in any way."""
    check(request.body, _IDS)
    room = room_of(s, request.args[0])
    if not request.texts("call_control_ids"):
        sounds.silence(s, Queue(Where.ROOM, room.id), "cancelled")
    for seat in _targets(s, room, request):
        sounds.silence(s, Queue(Where.SEAT, seat.ccid), "cancelled")
    _record(s, "conference_stop", room, request)
    return OK


def update_participant(s: State, request: Request) -> Reply:
    """`PATCH /conferences/{id}/participants/{pid}`: the only way to change exit flags later."""
    check(
        request.body,
        (
            one_of("beep_enabled", *BEEPS),
            *flags("end_conference_on_exit", "soft_end_conference_on_exit"),
        ),
    )
    room = room_of(s, request.args[0], by_name=False)
    seat = participant_of(room, request.args[1])
    seat = replace(
        seat,
        end_on_exit=request.flag("end_conference_on_exit", seat.end_on_exit),
        soft_end_on_exit=request.flag("soft_end_conference_on_exit", seat.soft_end_on_exit),
        beep_enabled=request.text("beep_enabled", seat.beep_enabled),
    )
    room = s.put_seat(room, seat)
    return Reply(200, {"data": single_participant(room, room.seat(seat.ccid) or seat)})


def participant_of(room: Room, participant_id: str) -> Seat:
    """The member of that participant id; raise `Refused` (10005) when the room has none."""
    for seat in (*room.seats, *room.left):
        if seat.participant_id == participant_id:
            return seat
    raise Refused("10005")
