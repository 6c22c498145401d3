"""The refusals of telnyx-facts §1.4 for dials and commands on legs: status and code."""

from __future__ import annotations

from dataclasses import replace

import pytest

from .scene import APP, MANUAL_NUMBER, OURS, VOICE, Scene

DIAL = {"connection_id": APP.id, "to": MANUAL_NUMBER, "from": OURS}
UNKNOWN = "v3:" + "x" * 54

BAD_DIALS = [
    ({"connection_id": None}, "422/10004"),
    ({"to": None}, "422/10004"),
    ({"to": []}, "422/10004"),
    ({"to": 7}, "422/10026"),
    ({"to": [7]}, "422/10026"),
    ({"to": [MANUAL_NUMBER, MANUAL_NUMBER]}, "422/10038"),
    ({"from": None}, "422/10004"),
    ({"connection_id": 7}, "422/10026"),
    ({"connection_id": "9"}, "422/10015"),
    ({"to": "2025550118"}, "422/10016"),
    ({"to": f"{MANUAL_NUMBER},x"}, "422/90014"),
    ({"from": "2025550100"}, "422/10016"),
    ({"from": "+12025550199"}, "403/10010"),
    ({"timeout_secs": 4}, "422/10033"),
    ({"timeout_secs": 601}, "422/10033"),
    ({"timeout_secs": "30"}, "422/10026"),
    ({"timeout_secs": True}, "422/10026"),
    ({"time_limit_secs": 29}, "422/10033"),
    ({"time_limit_secs": 14_401}, "422/10033"),
    ({"from_display_name": "x" * 129}, "422/10033"),
    ({"send_digits_on_answer": "5x"}, "422/90014"),
    ({"media_encryption": "SRTP"}, "422/10011"),
    ({"media_encryption": "AES"}, "422/10032"),
    ({"client_state": "not base64!"}, "422/90017"),
    ({"link_to": UNKNOWN}, "422/90015"),
    ({"bridge_on_answer": True}, "422/10004"),
    ({"bridge_intent": True}, "422/10004"),
    ({"audio_url": "https://a.example/a.mp3", "media_name": "a"}, "422/10015"),
    ({"audio_url": "nonsense"}, "422/10015"),
    ({"conference_config": {}}, "422/10004"),
    ({"conference_config": {"id": "x", "conference_name": "y"}}, "422/10015"),
    ({"conference_config": {"id": "x"}}, "404/90058"),
    ({"conference_config": {"conference_name": "y", "hold": "yes"}}, "422/10026"),
    ({"webhook_urls": {"call.bridge": ["https://a.example"]}}, "422/90057"),
    ({"webhook_urls": {"call.bridged": 7}}, "422/10026"),
    ({"record": "record-from-answer"}, "422/10038"),
    ({"supervise_call_control_id": UNKNOWN}, "422/10038"),
    ({"answering_machine_detection": "premium"}, "422/10038"),
    ({"webhook_retries_policies": {"call.answered": {"retries_ms": [500]}}}, "422/10038"),
]


@pytest.mark.parametrize(("change", "expected"), BAD_DIALS, ids=lambda value: str(value)[:60])
def test_a_bad_dial_is_refused_and_nobody_is_rung(change: dict[str, object], expected: str) -> None:
    scene = Scene()
    body = {name: value for name, value in {**DIAL, **change}.items() if value is not None}
    assert scene.refused("POST", "/calls", **body) == expected
    assert not scene.world.legs
    assert scene.take() == ()


def test_harmless_values_of_what_is_not_offered_are_accepted() -> None:
    Scene().dial(answering_machine_detection="disabled", transcription=False)


def test_a_dial_needs_an_application_with_a_webhook_address() -> None:
    scene = Scene(app=replace(APP, webhook_event_url=""))
    assert scene.refused("POST", "/calls", **DIAL) == "422/10015"


def test_the_outbound_channel_limit_refuses_the_next_call() -> None:
    scene = Scene(app=replace(APP, outbound_channel_limit=1))
    c, b = scene.customer(), scene.dial()
    assert scene.refused("POST", "/calls", **DIAL) == "422/90043"
    assert scene.leg_refused(c, "transfer", to=MANUAL_NUMBER) == "422/90043"
    scene.leg(b, "hangup")
    scene.dial()


LEG_COMMANDS: dict[str, dict[str, object]] = {
    "speak": {"payload": "Hi", "voice": VOICE},
    "playback_start": {"media_name": "hold"},
    "playback_stop": {},
    "send_dtmf": {"digits": "1"},
    "bridge": {"call_control_id": UNKNOWN},
    "transfer": {"to": MANUAL_NUMBER},
}


@pytest.mark.parametrize(("verb", "body"), LEG_COMMANDS.items(), ids=LEG_COMMANDS)
def test_a_command_on_a_ringing_leg_is_90034(verb: str, body: dict[str, object]) -> None:
    scene = Scene()
    assert scene.leg_refused(scene.dial(), verb, **body) == "422/90034"
    assert scene.leg_refused(scene.rings(), verb, **body) == "422/90034"


ALL_COMMANDS: dict[str, dict[str, object]] = {
    **LEG_COMMANDS,
    "answer": {},
    "hangup": {},
    "reject": {"cause": "USER_BUSY"},
}


@pytest.mark.parametrize(("verb", "body"), ALL_COMMANDS.items(), ids=ALL_COMMANDS)
def test_a_command_on_a_dead_leg_is_90018_and_on_an_unknown_one_90015(
    verb: str, body: dict[str, object]
) -> None:
    scene = Scene()
    b = scene.party()
    scene.leg(b, "hangup")
    assert scene.leg_refused(b, verb, **body) == "422/90018"
    assert scene.leg_refused(UNKNOWN, verb, **body) == "422/90015"


@pytest.mark.parametrize(
    ("verb", "body", "expected"),
    [
        ("speak", {"voice": VOICE}, "422/10004"),
        ("speak", {"payload": "Hi"}, "422/10004"),
        ("speak", {"payload": "x" * 3_001, "voice": VOICE}, "422/90010"),
        ("speak", {"payload": "Hi", "voice": VOICE, "payload_type": "xml"}, "422/90011"),
        ("speak", {"payload": "Hi", "voice": VOICE, "language": "x"}, "422/90013"),
        ("speak", {"payload": "Hi", "voice": VOICE, "stop": "now"}, "422/90016"),
        ("speak", {"payload": "Hi", "voice": VOICE, "loop": 101}, "422/90009"),
        ("speak", {"payload": "Hi", "voice": VOICE, "loop": True}, "422/90009"),
        ("speak", {"payload": "Hi", "voice": VOICE, "target_legs": "all"}, "422/10032"),
        ("playback_start", {}, "422/10004"),
        ("playback_start", {"media_name": "a", "audio_url": "https://a.example/a.mp3"}, "422/10015"),
        ("playback_start", {"media_name": "a", "loop": "forever"}, "422/90009"),
        ("playback_start", {"media_name": "a", "loop": "9" * 5_000}, "422/90009"),
        ("playback_start", {"playback_content": "AAAA"}, "422/10038"),
        ("playback_stop", {"stop": "now"}, "422/90016"),
        ("send_dtmf", {}, "422/10004"),
        ("send_dtmf", {"digits": "E"}, "422/90014"),
        ("send_dtmf", {"digits": "1", "duration_millis": 99}, "422/10033"),
        ("bridge", {}, "422/10004"),
        ("bridge", {"call_control_id": UNKNOWN}, "422/90015"),
        ("transfer", {}, "422/10004"),
        ("transfer", {"to": "5"}, "422/10016"),
        ("answer", {}, "422/90102"),
        ("reject", {"cause": "USER_BUSY"}, "422/90102"),
        ("hangup", {"client_state": "?"}, "422/90017"),
    ],
)
def test_a_bad_body_of_a_leg_command_is_refused(verb: str, body: dict[str, object], expected: str) -> None:
    scene = Scene()
    b = scene.party()
    scene.take()
    assert scene.leg_refused(b, verb, **body) == expected
    assert scene.take() == ()


def test_answer_is_refused_on_an_outbound_leg_and_the_second_time() -> None:
    scene = Scene()
    assert scene.leg_refused(scene.dial(), "answer") == "422/90102"
    c = scene.rings()
    scene.leg(c, "answer")
    assert scene.leg_refused(c, "answer") == "422/90102"
    assert scene.leg_refused(c, "reject", cause="SOMEHOW") == "422/10032"
