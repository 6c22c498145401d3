"""What the core asks for, as HTTP (telnyx-facts §1.6, §2)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmxfer_tui.core.commands import Dial, Hold, LegSpeak, ReadRoom, Request, Tag
from warmxfer_tui.telnyx import client_state
from warmxfer_tui.telnyx.requests import DRAFT, VOICE, command_id, http_of

from .asks import LEG, REQUESTS, ROOM, TAG, named

STATE = client_state.encode(TAG)
LEG_PATH = f"/calls/{LEG}/actions"
ROOM_PATH = f"/conferences/{ROOM}/actions"
EXPECTED: dict[str, tuple[str, str, dict[str, Any] | None]] = {
    "Dial": (
        "POST",
        "/calls",
        {
            "connection_id": "149",
            "to": "+15550100",
            "from": "+15550101",
            "timeout_secs": 25,
            "client_state": STATE,
            "command_id": "id",
        },
    ),
    "Answer": ("POST", f"{LEG_PATH}/answer", {"client_state": STATE, "command_id": "id"}),
    "Reject": ("POST", f"{LEG_PATH}/reject", {"cause": "USER_BUSY", "command_id": "id"}),
    "Hangup": ("POST", f"{LEG_PATH}/hangup", {"command_id": "id"}),
    "Transfer": (
        "POST",
        f"{LEG_PATH}/transfer",
        {
            "to": "+15550100",
            "from": "+15550101",
            "timeout_secs": 30,
            "park_after_unbridge": "self",
            "target_leg_client_state": STATE,
            "command_id": "id",
        },
    ),
    "CreateRoom": (
        "POST",
        "/conferences",
        {
            "call_control_id": LEG,
            "name": "wx-desk-c1-1",
            "beep_enabled": "never",
            "start_conference_on_create": True,
            "command_id": "id",
        },
    ),
    "Join": (
        "POST",
        f"{ROOM_PATH}/join",
        {"call_control_id": LEG, "beep_enabled": "never", "client_state": STATE, "command_id": "id"},
    ),
    "Leave": (
        "POST",
        f"{ROOM_PATH}/leave",
        {"call_control_id": LEG, "beep_enabled": "never", "command_id": "id"},
    ),
    "Hold": ("POST", f"{ROOM_PATH}/hold", {"call_control_ids": [LEG], "media_name": "warmxfer-hold"}),
    "Unhold": ("POST", f"{ROOM_PATH}/unhold", {"call_control_ids": [LEG]}),
    "Mute": ("POST", f"{ROOM_PATH}/mute", {"call_control_ids": [LEG]}),
    "Unmute": ("POST", f"{ROOM_PATH}/unmute", {"call_control_ids": [LEG]}),
    "RoomSpeak": (
        "POST",
        f"{ROOM_PATH}/speak",
        {"payload": "One moment.", "voice": VOICE, "call_control_ids": [LEG], "command_id": "id"},
    ),
    "LegSpeak": (
        "POST",
        f"{LEG_PATH}/speak",
        {"payload": "One moment.", "voice": VOICE, "loop": "infinity", "command_id": "id"},
    ),
    "StopPlayback": ("POST", f"{LEG_PATH}/playback_stop", {"stop": "all", "command_id": "id"}),
    "SendDigits": ("POST", f"{LEG_PATH}/send_dtmf", {"digits": "12#", "command_id": "id"}),
    "ReadRoom": ("GET", f"/conferences/{ROOM}/participants", None),
    "FindRoom": ("GET", "/conferences", None),
    "ReadCall": ("GET", f"/calls/{LEG}", None),
}
AGAIN = {"Dial", "Answer", "Hangup", "LegSpeak", "ReadRoom", "FindRoom", "ReadCall"}


@pytest.mark.parametrize("request_", REQUESTS, ids=named)
def test_each_request_is_its_endpoint_with_its_fields_and_no_others(request_: Request) -> None:
    http = http_of(request_, "id")
    assert (http.method, http.path, http.body) == EXPECTED[named(request_)]


@pytest.mark.parametrize("request_", REQUESTS, ids=named)
def test_only_reads_and_dial_answer_hangup_speak_may_be_resent_by_the_client(request_: Request) -> None:
    assert http_of(request_, "id").resendable == (named(request_) in AGAIN)


def test_a_dial_without_a_command_id_is_never_resent() -> None:
    assert not DRAFT.dial(connection_id="1", to="+15550100", from_="+15550101").resendable


def test_an_outbound_customer_creates_the_room_at_ringback() -> None:
    http = http_of(Dial("+15550100", "+15550101", "149", 25, TAG, room_name="wx-1"), "id")
    assert http.body is not None
    config = {"conference_name": "wx-1", "early_media": True, "beep_enabled": "never"}
    assert http.body["conference_config"] == config


def test_hold_sends_the_uploaded_file_or_the_address_never_both() -> None:
    both = http_of(Hold(ROOM, (LEG,), "name", "https://media.test/a.mp3"), "id").body
    address = http_of(Hold(ROOM, (LEG,), None, "https://media.test/a.mp3"), "id").body
    assert both == {"call_control_ids": [LEG], "media_name": "name"}
    assert address == {"call_control_ids": [LEG], "audio_url": "https://media.test/a.mp3"}


def test_speech_is_said_once_unless_it_is_to_loop() -> None:
    body = http_of(LegSpeak(LEG, "Goodbye."), "id").body
    assert body is not None
    assert "loop" not in body


def test_an_id_cannot_leave_its_segment_of_the_path() -> None:
    http = http_of(ReadRoom(type(ROOM)("../calls/v3:x?y#z")), "id")
    assert http.target == "/conferences/..%2Fcalls%2Fv3%3Ax%3Fy%23z/participants"


def test_the_same_key_is_the_same_command_and_a_new_journal_repeats_none() -> None:
    assert command_id("journal", "c1/hold/1") == command_id("journal", "c1/hold/1")
    others = {command_id("journal", "c1/hold/2"), command_id("other", "c1/hold/1")}
    assert command_id("journal", "c1/hold/1") not in others
    assert len(others) == 2


@given(st.builds(Tag, *[st.text("abc+ .-", max_size=20).map(str.strip) for _ in range(6)]))
def test_a_leg_gives_back_the_tag_it_was_given(tag: Tag) -> None:
    back = client_state.decode(client_state.encode(tag))
    assert back == Tag(*(" ".join(str(getattr(tag, name)).split()) for name in Tag.__slots__))


@pytest.mark.parametrize(
    "foreign",
    [
        None,
        7,
        "",
        "not base64!",
        "aGVsbG8=",
        "W10=",
        "eyJ2IjoyfQ==",
        "eyJ2IjoxLCJkZXNrIjo3fQ==",
        "A" * 5000,
        "W1tb" * 1000,
    ],
)
def test_a_foreign_client_state_is_nobodys_tag(foreign: object) -> None:
    assert client_state.decode(foreign) is None
