"""Every endpoint of our client with a value for every argument, and its name in the official package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LEG = "v3:MdI91X4lWFEs7IgbBEOT9M4AigoY08M0WWZFISt1Yw2axZ_IiE4pqg"
PEER = "v3:peer_with-every.sign"
ROOM = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
STATE = "eyJ2IjoxfQ=="
COMMAND = "891510ac-f3e4-11e8-af5b-de00688a4901"


@dataclass(frozen=True)
class Case:
    """One endpoint: the package's method, a value for every argument of ours, and which are path ids."""

    theirs: str
    values: Mapping[str, Any]
    ids: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Fields whose argument in the package has another name than on the wire."""


def leg(theirs: str, **values: Any) -> Case:
    return Case(theirs, {"call_control_id": LEG, **values}, ("call_control_id",))


def room(theirs: str, **values: Any) -> Case:
    return Case(theirs, {"conference_id": ROOM, **values}, ("conference_id",))


TAGGED = {"client_state": STATE, "command_id": COMMAND}
PAGE = {"page_number": 2, "page_size": 250}
CASES = {
    "dial": Case(
        "calls.dial",
        {
            "connection_id": "1494404757140276705",
            "to": "+15550100",
            "from_": "+15550101",
            "from_display_name": "Ada",
            "timeout_secs": 25,
            "time_limit_secs": 14400,
            "link_to": PEER,
            "bridge_on_answer": True,
            "prevent_double_bridge": True,
            "park_after_unbridge": "self",
            "conference_config": {"conference_name": "wx-1", "early_media": True, "beep_enabled": "never"},
            "answering_machine_detection": "premium",
            "send_digits_on_answer": "12w3",
            **TAGGED,
        },
    ),
    "answer": leg("calls.actions.answer", **TAGGED),
    "reject": leg("calls.actions.reject", cause="USER_BUSY", **TAGGED),
    "hangup": leg("calls.actions.hangup", **TAGGED),
    "transfer": leg(
        "calls.actions.transfer",
        to="sip:b@sip.telnyx.com",
        from_="+15550101",
        from_display_name="Ada",
        timeout_secs=20,
        time_limit_secs=3600,
        audio_url="https://media.test/a.mp3",
        media_name="a",
        early_media=False,
        park_after_unbridge="self",
        target_leg_client_state=STATE,
        **TAGGED,
    ),
    "bridge": Case(
        "calls.actions.bridge",
        {
            "call_control_id": LEG,
            "call_control_id_to_bridge_with": PEER,
            "park_after_unbridge": "self",
            "prevent_double_bridge": True,
            "play_ringtone": True,
            **TAGGED,
        },
        ("call_control_id",),
        {"call_control_id": "call_control_id_to_bridge_with"},
    ),
    "speak": leg(
        "calls.actions.speak",
        payload="One moment, naïve ☎",
        voice="Telnyx.KokoroTTS.af",
        language="en-US",
        payload_type="text",
        loop="infinity",
        stop="all",
        **TAGGED,
    ),
    "playback_start": leg(
        "calls.actions.start_playback",
        audio_url="https://media.test/a.mp3",
        media_name="a",
        loop=3,
        overlay=False,
        stop="all",
        **TAGGED,
    ),
    "playback_stop": leg("calls.actions.stop_playback", stop="all", overlay=False, **TAGGED),
    "send_dtmf": leg("calls.actions.send_dtmf", digits="12#", duration_millis=250, **TAGGED),
    "client_state_update": leg("calls.actions.update_client_state", client_state=STATE),
    "call_status": leg("calls.retrieve_status"),
    "active_calls": Case(
        "connections.list_active_calls",
        {"connection_id": "1494404757140276705", "page_after": "Mw==", "page_limit": 250},
        ("connection_id",),
    ),
    "call_events": Case(
        "call_events.list",
        {
            "leg_id": ROOM,
            "application_session_id": ROOM,
            "connection_id": "1494404757140276705",
            "type_": "webhook",
            "occurred_since": "2026-01-01T00:00:00Z",
            **PAGE,
        },
    ),
    "create_conference": Case(
        "conferences.create",
        {
            "call_control_id": LEG,
            "name": "wx-desk-c1-1",
            "beep_enabled": "never",
            "comfort_noise": True,
            "duration_minutes": 240,
            "max_participants": 250,
            "start_conference_on_create": True,
            "hold_audio_url": "https://media.test/a.mp3",
            "hold_media_name": "a",
            **TAGGED,
        },
    ),
    "conferences": Case("conferences.list", {"name": "wx desk/1", "status": "in_progress", **PAGE}),
    "conference": room("conferences.retrieve"),
    "participants": room("conferences.list_participants", on_hold=True, muted=False, **PAGE),
    "join": room(
        "conferences.actions.join",
        call_control_id=LEG,
        beep_enabled="never",
        mute=False,
        hold=True,
        hold_audio_url="https://media.test/a.mp3",
        hold_media_name="a",
        start_conference_on_enter=True,
        end_conference_on_exit=False,
        soft_end_conference_on_exit=False,
        **TAGGED,
    ),
    "leave": room("conferences.actions.leave", call_control_id=LEG, beep_enabled="never", command_id=COMMAND),
    "hold": room(
        "conferences.actions.hold",
        call_control_ids=[LEG],
        audio_url="https://media.test/a.mp3",
        media_name="a",
    ),
    "unhold": room("conferences.actions.unhold", call_control_ids=[LEG, PEER]),
    "mute": room("conferences.actions.mute", call_control_ids=[LEG]),
    "unmute": room("conferences.actions.unmute", call_control_ids=[LEG]),
    "room_speak": room(
        "conferences.actions.speak",
        call_control_ids=[LEG],
        payload="One moment",
        voice="Telnyx.KokoroTTS.af",
        language="en-US",
        payload_type="text",
        command_id=COMMAND,
    ),
    "room_play": room(
        "conferences.actions.play",
        call_control_ids=[LEG],
        audio_url="https://media.test/a.mp3",
        media_name="a",
        loop="infinity",
    ),
    "room_stop": room("conferences.actions.stop", call_control_ids=[LEG]),
    "end_conference": room("conferences.actions.end_conference", command_id=COMMAND),
    "import_media": Case(
        "media.upload", {"media_url": "https://media.test/a.wav", "media_name": "a", "ttl_secs": 630_720_000}
    ),
    "media": Case("media.retrieve", {"media_name": "hold sound/1"}, ("media_name",)),
    "applications": Case("call_control_applications.list", {"name_contains": "warm", **PAGE}),
    "application": Case(
        "call_control_applications.retrieve", {"application_id": "1494404757140276705"}, ("application_id",)
    ),
    "update_application": Case(
        "call_control_applications.update",
        {
            "application_id": "1494404757140276705",
            "application_name": "warmxfer",
            "webhook_event_url": "https://desk.test/webhooks",
            "webhook_api_version": "2",
        },
        ("application_id",),
    ),
}
WITHOUT_REFEREE = {
    "upload_media",  # the package sends no files: tests/telnyx/test_client.py proves its form
    "public_key",  # not in the published spec (telnyx-facts §1.2)
}
