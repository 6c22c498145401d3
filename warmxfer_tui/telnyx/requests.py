"""What the core asks for, as HTTP. Pure: no client, no socket."""

from __future__ import annotations

import uuid

from warmxfer_tui.core.commands import (
    Answer,
    CreateRoom,
    Dial,
    FindRoom,
    Hangup,
    Hold,
    Join,
    Leave,
    LegSpeak,
    Mute,
    ReadCall,
    ReadRoom,
    Reject,
    Request,
    RoomSpeak,
    SendDigits,
    StopPlayback,
    Survey,
    Transfer,
    Unhold,
    Unmute,
)
from warmxfer_tui.telnyx import client_state
from warmxfer_tui.telnyx.account import AccountEndpoints
from warmxfer_tui.telnyx.calls import CallEndpoints
from warmxfer_tui.telnyx.message import HttpRequest, JsonObject
from warmxfer_tui.telnyx.rooms import RoomEndpoints

VOICE = "Telnyx.KokoroTTS.af"
"""The voice of every sentence that we have spoken (telnyx-facts §2.5)."""
PAGE_SIZE = 250
"""The largest page that a list gives (telnyx-facts §1.3)."""

_NAMESPACE = uuid.UUID("5f3c7a0e-2d0b-4f9e-9c54-7b1a6f0d8e21")


class Drafts(CallEndpoints[HttpRequest], RoomEndpoints[HttpRequest], AccountEndpoints[HttpRequest]):
    """Every endpoint as a pure function: called, it returns the request and sends nothing."""

    def _do(self, request: HttpRequest) -> HttpRequest:
        return request


DRAFT = Drafts()


def command_id(journal_id: str, key: str) -> str:
    """Return the `command_id` of the request that the core calls `key`, in the space of one journal.

    The same key in the same journal is the same command; a new journal never repeats an old id
    (`design.md` §3.5).
    """
    return str(uuid.uuid5(uuid.uuid5(_NAMESPACE, journal_id), key))


def http_of(request: Request, command_id: str) -> HttpRequest:
    """Return the HTTP request that carries out `request`; of a list, its first page.

    `command_id` is sent only where the endpoint takes one (telnyx-facts §1.6).
    """
    match request:
        case ReadCall(ccid):
            return DRAFT.call_status(call_control_id=ccid)
        case ReadRoom(room):
            return DRAFT.participants(conference_id=room, page_number=1, page_size=PAGE_SIZE)
        case FindRoom(name):
            return DRAFT.conferences(name=name, status="in_progress", page_number=1, page_size=PAGE_SIZE)
        case Survey(connection):
            return DRAFT.active_calls(connection_id=connection, page_limit=PAGE_SIZE)
        case (
            Dial() | Answer() | Reject() | Hangup() | Transfer() | LegSpeak() | StopPlayback() | SendDigits()
        ):
            return _leg(request, command_id)
        case _:
            return _room(request, command_id)


_LegRequest = Dial | Answer | Reject | Hangup | Transfer | LegSpeak | StopPlayback | SendDigits
_RoomRequest = CreateRoom | Join | Leave | Hold | Unhold | Mute | Unmute | RoomSpeak


def _leg(request: _LegRequest, command: str) -> HttpRequest:
    match request:
        case Dial():
            return _dial(request, command)
        case Answer(ccid, tag):
            state = client_state.encode(tag)
            return DRAFT.answer(call_control_id=ccid, client_state=state, command_id=command)
        case Reject(ccid):
            return DRAFT.reject(call_control_id=ccid, cause="USER_BUSY", command_id=command)
        case Hangup(ccid):
            return DRAFT.hangup(call_control_id=ccid, command_id=command)
        case Transfer(ccid, to, from_, timeout_secs, tag):
            return DRAFT.transfer(
                call_control_id=ccid,
                to=to,
                from_=from_,
                timeout_secs=timeout_secs,
                park_after_unbridge="self",
                target_leg_client_state=client_state.encode(tag),
                command_id=command,
            )
        case LegSpeak(ccid, text, loop):
            return DRAFT.speak(
                call_control_id=ccid,
                payload=text,
                voice=VOICE,
                loop="infinity" if loop else None,
                command_id=command,
            )
        case StopPlayback(ccid):
            return DRAFT.playback_stop(call_control_id=ccid, stop="all", command_id=command)
        case SendDigits(ccid, digits):
            return DRAFT.send_dtmf(call_control_id=ccid, digits=digits, command_id=command)


def _dial(request: Dial, command: str) -> HttpRequest:
    room: JsonObject | None = None
    if request.room_name is not None:
        room = {"conference_name": request.room_name, "early_media": True, "beep_enabled": "never"}
    return DRAFT.dial(
        connection_id=request.connection,
        to=request.to,
        from_=request.from_,
        timeout_secs=request.timeout_secs,
        conference_config=room,
        client_state=client_state.encode(request.tag),
        command_id=command,
    )


def _room(request: _RoomRequest, command: str) -> HttpRequest:
    match request:
        case CreateRoom(ccid, name):
            # No client_state: it would become the room's (telnyx-facts §1.7).
            return DRAFT.create_conference(
                call_control_id=ccid,
                name=name,
                beep_enabled="never",
                start_conference_on_create=True,
                command_id=command,
            )
        case Join(room, ccid, tag):
            return DRAFT.join(
                conference_id=room,
                call_control_id=ccid,
                beep_enabled="never",
                client_state=client_state.encode(tag),
                command_id=command,
            )
        case Leave(room, ccid):
            return DRAFT.leave(
                conference_id=room, call_control_id=ccid, beep_enabled="never", command_id=command
            )
        case Hold(room, ccids, media_name, audio_url):
            # The two are mutually exclusive; an uploaded file needs no fetching.
            audio_url = None if media_name else audio_url
            return DRAFT.hold(
                conference_id=room, call_control_ids=ccids, media_name=media_name, audio_url=audio_url
            )
        case Unhold(room, ccids):
            return DRAFT.unhold(conference_id=room, call_control_ids=ccids)
        case Mute(room, ccids):
            return DRAFT.mute(conference_id=room, call_control_ids=ccids)
        case Unmute(room, ccids):
            return DRAFT.unmute(conference_id=room, call_control_ids=ccids)
        case RoomSpeak(room, ccids, text):
            return DRAFT.room_speak(
                conference_id=room, call_control_ids=ccids, payload=text, voice=VOICE, command_id=command
            )
