"""The refusals of telnyx-facts §1.4 for conferences, media, reads and paths: status, code, envelope."""

from __future__ import annotations

from typing import Any

import pytest

from .scene import APP, OURS, VOICE, Scene

UNKNOWN = "v3:" + "x" * 54

ROOM_COMMANDS: dict[str, dict[str, object]] = {
    "hold": {},
    "unhold": {"call_control_ids": ["x"]},
    "mute": {},
    "unmute": {},
    "speak": {"payload": "Hi", "voice": VOICE},
    "play": {"audio_url": "https://a.example/a.mp3"},
    "stop": {},
    "end": {},
}


@pytest.mark.parametrize(("verb", "body"), ROOM_COMMANDS.items(), ids=ROOM_COMMANDS)
def test_a_command_on_an_unknown_room_is_90058_and_on_an_ended_one_90019(
    verb: str, body: dict[str, object]
) -> None:
    scene = Scene()
    room, _, _ = scene.talk()
    assert scene.room_refused("nowhere", verb, **body) == "404/90058"
    scene.room(room, "end")
    assert scene.room_refused(room, verb, **body) == "422/90019"


@pytest.mark.parametrize("verb", ["join", "leave"])
def test_join_and_leave_need_a_live_room(verb: str) -> None:
    scene = Scene()
    room, _, _ = scene.talk()
    b = scene.party()
    assert scene.room_refused("nowhere", verb, call_control_id=b) == "404/90058"
    scene.room(room, "end")
    assert scene.room_refused(room, verb, call_control_id=b) == "422/90019"


def test_join_needs_an_answered_live_known_leg_that_is_not_a_member() -> None:
    scene = Scene()
    room, c, a = scene.talk()
    ringing = scene.dial()
    assert scene.room_refused(room, "join") == "422/10004"
    assert scene.room_refused(room, "join", call_control_id=ringing) == "422/90034"
    assert scene.room_refused(room, "join", call_control_id=UNKNOWN) == "422/90015"
    assert scene.room_refused(room, "join", call_control_id=c) == "422/90044"
    scene.leg(a, "hangup")
    assert scene.room_refused(room, "join", call_control_id=a) == "422/90018"
    assert scene.room_refused(room, "leave", call_control_id=a) == "422/90018"


def test_leave_needs_a_member() -> None:
    scene = Scene()
    room, _, _ = scene.talk()
    assert scene.room_refused(room, "leave", call_control_id=scene.party()) == "422/90015"


def test_create_refuses_a_name_in_use_and_legs_that_cannot_own_a_room() -> None:
    scene = Scene()
    _, _, a = scene.talk()
    b, ringing = scene.party(), scene.dial()
    create = ("POST", "/conferences")
    assert scene.refused(*create, call_control_id=b) == "422/10004"
    assert scene.refused(*create, name="wx-2") == "422/10004"
    assert scene.refused(*create, call_control_id=b, name="wx-1") == "422/90033"
    assert scene.refused(*create, call_control_id=ringing, name="wx-2") == "422/90034"
    assert scene.refused(*create, call_control_id=UNKNOWN, name="wx-2") == "422/90015"
    assert scene.refused(*create, call_control_id=b, name="wx-2", max_participants=1) == "422/10033"
    assert scene.refused(*create, call_control_id=b, name="wx-2", region="Mars") == "422/10032"
    scene.leg(a, "hangup")
    assert scene.refused(*create, call_control_id=a, name="wx-2") == "422/90018"


@pytest.mark.parametrize(
    ("verb", "body", "expected"),
    [
        ("hold", {"media_name": "nowhere"}, "404/10005"),
        ("hold", {"audio_url": "https://media.invalid/hold.mp3"}, "400/90040"),
        ("hold", {"audio_url": "https://media.invalid./hold.mp3"}, "400/90040"),
        ("hold", {"audio_url": "hold.mp3"}, "422/10015"),
        ("hold", {"media_name": "a", "audio_url": "https://a.example/a.mp3"}, "422/10015"),
        ("hold", {"call_control_ids": "everybody"}, "422/10026"),
        ("hold", {"call_control_ids": [7]}, "422/10026"),
        ("mute", {"region": "Mars"}, "422/10032"),
        ("play", {}, "422/10004"),
        ("play", {"media_name": "nowhere"}, "404/10005"),
        ("play", {"audio_url": "https://media.invalid/a.mp3"}, "400/90040"),
        ("play", {"media_name": "hold", "loop": 0}, "422/90009"),
        ("speak", {"payload": "Hi"}, "422/10004"),
        ("speak", {"payload": "x" * 3_001, "voice": VOICE}, "422/90010"),
    ],
)
def test_a_bad_body_of_a_room_command_is_refused(verb: str, body: dict[str, object], expected: str) -> None:
    scene = Scene()
    room, c, a = scene.talk()
    assert scene.room_refused(room, verb, **body) == expected
    assert scene.hears(c) == {a}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, "422/10004"),
        ({"media_url": "nonsense"}, "422/10015"),
        ({"media_url": "https://media.invalid/a.mp3"}, "400/90040"),
        ({"media_name": "a b", "content_length": 5}, "422/10015"),
        ({"media_name": "a", "content_length": 20 * 1024 * 1024 + 1}, "422/10033"),
        ({"media_name": "a", "content_length": 5, "ttl_secs": 0}, "422/10033"),
    ],
)
def test_a_bad_upload_is_refused(body: dict[str, object], expected: str) -> None:
    scene = Scene()
    assert scene.refused("POST", "/media", **body) == expected
    assert scene.get("/media") == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nowhere"),
        ("DELETE", "/calls"),
        ("GET", "/calls/x/actions/hangup"),
        ("POST", "/calls/x/actions/fly"),
        ("POST", "/calls/x/actions/client_state_update"),
        ("POST", "/conferences/x/actions/fly"),
        ("GET", "/conferences/x/actions/hold"),
        ("GET", "/media/nowhere"),
        ("GET", "/call_control_applications/9"),
        ("PATCH", "/call_control_applications/9"),
        ("GET", "/connections/9/active_calls"),
        ("GET", ""),
    ],
)
def test_an_unknown_path_or_resource_is_404_10005(method: str, path: str) -> None:
    assert Scene().refused(method, path) == "404/10005"


def test_reads_of_unknown_things() -> None:
    scene = Scene()
    room, _, _ = scene.talk()
    assert scene.refused("GET", f"/calls/{UNKNOWN}") == "422/90015"
    assert scene.refused("GET", "/conferences/nowhere") == "404/90058"
    assert scene.refused("GET", "/conferences/nowhere/participants") == "404/90058"
    assert scene.refused("GET", f"/conferences/{room}/participants/x") == "404/10005"
    assert scene.refused("PATCH", f"/conferences/{room}/participants/x") == "404/10005"


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("/conferences", {"page[size]": "251"}, "422/10033"),
        ("/conferences", {"page[number]": "0"}, "422/10033"),
        ("/conferences", {"page[number]": "x"}, "422/10026"),
        ("/conferences", {"filter[status]": "asleep"}, "422/10032"),
        ("/call_events", {"filter[colour]": "red"}, "422/10032"),
        ("/call_events", {"filter[occurred_at][gte]": "yesterday"}, "422/10015"),
        ("/call_events", {"filter[occurred_at][like]": "2026-01-01T00:00:00Z"}, "422/10032"),
        ("/call_control_applications", {"filter[application_name][contains]": "wa"}, "422/10033"),
        (f"/connections/{APP.id}/active_calls", {"page[after]": "eA=="}, "422/10015"),
        (f"/connections/{APP.id}/active_calls", {"page[after]": "ÿ"}, "422/10015"),
        (f"/connections/{APP.id}/active_calls", {"page[limit]": "0"}, "422/10033"),
    ],
)
def test_a_bad_query_is_refused(path: str, query: dict[str, str], expected: str) -> None:
    assert Scene().refused("GET", path, query) == expected


def test_an_error_has_code_title_detail_pointer_and_a_link() -> None:
    reply = Scene().world.handle("POST", "/calls", {}, {"connection_id": APP.id, "from": OURS})
    assert reply.body == {
        "errors": [
            {
                "code": "10004",
                "title": "Missing required parameter",
                "detail": "A required parameter was missing.",
                "source": {"pointer": "/to"},
                "meta": {"url": "https://developers.telnyx.com/docs/overview/errors/10004"},
            }
        ]
    }


def test_an_error_of_the_query_names_its_parameter() -> None:
    errors: Any = Scene().world.handle("GET", "/media", {"page[size]": "0"}, None).body["errors"]
    assert errors[0]["source"] == {"parameter": "page[size]"}
