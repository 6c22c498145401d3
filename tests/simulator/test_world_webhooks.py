"""The bodies of webhooks: every field of telnyx-facts §3.1 to §3.3, and the order of `occurred_at`."""

from __future__ import annotations

import re
from typing import Any

import pytest

from warmxfer_tui.simulator.world import Webhook

from .scene import MANUAL_NUMBER, VOICE, Scene

COMMON = {"call_control_id", "call_leg_id", "call_session_id", "client_state", "connection_id"}
HEADERS = {"custom_headers", "sip_headers", "tags"}
MEDIA = {"media_name", "media_url"}
OF_ROOM = COMMON | {"conference_id"}
WHOLE_ROOM = {"conference_id", "connection_id", "creator_call_session_id", "occurred_at"}

PAYLOADS: dict[str, set[str]] = {
    "call.initiated": COMMON
    | HEADERS
    | {"from", "to", "direction", "state", "start_time", "caller_id_name", "connection_codecs"}
    | {"offered_codecs", "shaken_stir_attestation", "shaken_stir_validated", "call_screening_result"},
    "call.answered": COMMON | HEADERS | {"from", "to", "state", "start_time"},
    "call.bridged": COMMON | {"from", "to"},
    "call.hangup": COMMON
    | HEADERS
    | {"from", "to", "state", "start_time", "end_time", "hangup_cause", "hangup_source", "sip_hangup_cause"}
    | {"call_quality_stats"},
    "call.dtmf.received": COMMON | {"from", "to", "digit"},
    "call.playback.started": COMMON | MEDIA | {"overlay"},
    "call.playback.ended": COMMON | MEDIA | {"overlay", "status", "status_detail"},
    "call.speak.started": COMMON,
    "call.speak.ended": COMMON | {"status"},
    "conference.created": OF_ROOM | {"occurred_at"},
    "conference.ended": OF_ROOM | {"occurred_at", "reason"},
    "conference.participant.joined": OF_ROOM,
    "conference.participant.left": OF_ROOM,
    "conference.speak.started": WHOLE_ROOM,
    "conference.speak.ended": WHOLE_ROOM,
    "conference.playback.started": WHOLE_ROOM | MEDIA,
    "conference.playback.ended": WHOLE_ROOM | MEDIA,
    "conference.participant.speak.started": OF_ROOM | WHOLE_ROOM,
    "conference.participant.speak.ended": OF_ROOM | WHOLE_ROOM,
    "conference.participant.playback.started": OF_ROOM | WHOLE_ROOM | MEDIA,
    "conference.participant.playback.ended": OF_ROOM | WHOLE_ROOM | MEDIA,
}
MOMENT = re.compile(r"2026-01-01T\d\d:\d\d:\d\d\.\d{6}Z")


@pytest.fixture(scope="module")
def story() -> tuple[Webhook, ...]:
    """A call in which every event happens at least once."""
    scene = Scene()
    room, c, a = scene.talk()
    hooks: list[Webhook] = []
    for to in ({}, {"call_control_ids": [a]}):
        scene.room(room, "speak", payload="Hello", voice=VOICE, **to)
        scene.after(5)
        scene.room(room, "play", media_name="hold", **to)
        scene.room(room, "stop", **to)
    scene.room(room, "leave", call_control_id=a)
    scene.leg(a, "speak", payload="Hello", voice=VOICE)
    scene.after(5)
    scene.leg(a, "playback_start", media_name="hold")
    scene.leg(a, "playback_stop")
    scene.world.party_presses(a, "1")
    b = scene.party()
    scene.leg(a, "bridge", call_control_id=b)
    scene.world.party_hangs_up(c)
    scene.create(scene.customer(), name="wx-2")
    hooks.extend(scene.take())
    return tuple(hooks)


@pytest.mark.parametrize("event_type", PAYLOADS)
def test_a_payload_has_exactly_its_documented_fields(story: tuple[Webhook, ...], event_type: str) -> None:
    hooks = [hook for hook in story if hook.event_type == event_type]
    assert hooks
    for hook in hooks:
        payload = Scene.data(hook)["payload"]
        assert set(payload) == PAYLOADS[event_type]


def test_the_envelope_is_data_alone_with_the_moment_in_one_place(story: tuple[Webhook, ...]) -> None:
    for hook in story:
        assert set(hook.body) == {"data"}
        data = Scene.data(hook)
        inside = "occurred_at" in PAYLOADS[hook.event_type]
        moments = (data.get("occurred_at"), data["payload"].get("occurred_at"))
        assert MOMENT.fullmatch(moments[inside])
        assert moments[not inside] is None
        assert set(data) - {"occurred_at"} == {"record_type", "event_type", "id", "payload"}
        assert (data["record_type"], data["event_type"], data["id"]) == ("event", hook.event_type, hook.id)


def test_moments_grow_strictly_and_ids_are_never_used_twice(story: tuple[Webhook, ...]) -> None:
    moments = [hook.occurred_at for hook in story]
    assert moments == sorted(set(moments))
    assert len({hook.id for hook in story}) == len(story)


def test_quality_statistics_are_texts_of_an_answered_leg_and_null_of_another() -> None:
    scene = Scene()
    b = scene.party()
    scene.after(2)
    scene.leg(b, "hangup")
    stats: Any = scene.payload("call.hangup")["call_quality_stats"]
    assert stats["inbound"]["packet_count"] == "100"
    assert all(isinstance(value, str) for side in stats.values() for value in side.values())
    scene.leg(scene.dial(), "hangup")
    assert scene.payload("call.hangup")["call_quality_stats"] is None


def test_webhook_urls_win_over_webhook_url_for_their_event() -> None:
    scene = Scene()
    all_, own = "https://all.example/", "https://own.example/"
    b = scene.dial(MANUAL_NUMBER, webhook_url=all_, webhook_urls={"call.answered": [own]})
    scene.world.party_answers(b)
    assert [hook.url for hook in scene.take()] == [all_, own]


def test_taking_webhooks_drains_them() -> None:
    scene = Scene()
    scene.rings()
    assert len(scene.take()) == 1
    assert scene.take() == ()
