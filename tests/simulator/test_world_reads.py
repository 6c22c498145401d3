"""The reads: status, lists, paginations, filters, applications, media (telnyx-facts §1.3, §2.10 to §2.12)."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from .scene import APP, MANUAL_NUMBER, OURS, Scene

CALLS = f"/connections/{APP.id}/active_calls"


def test_a_call_tells_ids_and_life_but_no_state_or_parties() -> None:
    scene = Scene()
    b = scene.party()
    data = scene.get(f"/calls/{b}")
    assert set(data) == {
        "record_type",
        "call_control_id",
        "call_leg_id",
        "call_session_id",
        "client_state",
        "is_alive",
        "call_duration",
        "start_time",
    }
    scene.after(3)
    scene.leg(b, "hangup")
    scene.after(3)
    data = scene.get(f"/calls/{b}")
    assert data["is_alive"] is False
    assert data["call_duration"] == 3
    assert data["end_time"] == "2026-01-01T00:00:03.000Z"


def test_active_calls_page_by_cursor_forwards_and_backwards() -> None:
    scene = Scene()
    legs = [scene.dial() for _ in range(5)]
    scene.after(2)

    def page(**query: str) -> tuple[list[str], Any]:
        body = scene.ask("GET", CALLS, {"page[limit]": "2", **query})
        return [row["call_control_id"] for row in body["data"]], body["meta"]

    shown, meta = page()
    assert (shown, meta["cursors"]["before"], meta["previous"]) == (legs[:2], None, None)
    assert meta["total_items"] == 5
    shown, meta = page(**{"page[after]": meta["cursors"]["after"]})
    assert shown == legs[2:4]
    last, last_meta = page(**{"page[after]": meta["cursors"]["after"]})
    assert (last, last_meta["cursors"]["after"], last_meta["next"]) == (legs[4:], None, None)
    shown, meta = page(**{"page[before]": last_meta["cursors"]["before"]})
    assert shown == legs[2:4]
    shown, meta = page(**{"page[before]": meta["cursors"]["before"]})
    assert (shown, meta["previous"]) == (legs[:2], None)
    second = base64.urlsafe_b64encode(legs[1].encode()).decode()
    assert page(**{"page[before]": second})[0] == legs[:1]


def test_a_cursor_outlives_the_call_that_it_stands_for() -> None:
    scene = Scene()
    legs = [scene.dial() for _ in range(4)]
    scene.after(2)
    cursors = scene.ask("GET", CALLS, {"page[limit]": "2"})["meta"]["cursors"]
    scene.leg(legs[1], "hangup")
    scene.after(2)
    rest = scene.ask("GET", CALLS, {"page[limit]": "2", "page[after]": cursors["after"]})
    assert [row["call_control_id"] for row in rest["data"]] == legs[2:]
    back = scene.ask("GET", CALLS, {"page[before]": rest["meta"]["cursors"]["before"]})
    assert [row["call_control_id"] for row in back["data"]] == legs[:1]


def test_a_link_to_the_next_page_keeps_the_size_that_was_asked_for() -> None:
    scene = Scene()
    legs = [scene.dial() for _ in range(3)]
    scene.after(2)
    second = base64.urlsafe_b64encode(legs[1].encode()).decode()
    body = scene.ask("GET", CALLS, {"page[limit]": "2", "page[before]": second})
    assert [row["call_control_id"] for row in body["data"]] == legs[:1]
    assert "page[limit]=2&" in body["meta"]["next"]


@pytest.mark.parametrize("cursor", ["bm9ib2R5", "no base64!", "/w=="])
@pytest.mark.parametrize("link", ["page[after]", "page[before]"])
def test_a_cursor_that_was_never_given_is_refused(link: str, cursor: str) -> None:
    assert Scene().refused("GET", CALLS, {link: cursor}) == "422/10015"


@pytest.mark.parametrize(
    ("number", "refusal"),
    [
        ("0", "422/10033"),
        ("-1", "422/10033"),
        ("9" * 5_000, "422/10033"),
        ("--5", "422/10026"),
        ("-", "422/10026"),
        ("1.0", "422/10026"),
        ("٣", "422/10026"),
    ],
)
@pytest.mark.parametrize("name", ["page[number]", "page[size]"])
def test_a_page_is_a_plain_number_within_its_range(name: str, number: str, refusal: str) -> None:
    assert Scene().refused("GET", "/conferences", {name: number}) == refusal


def test_active_calls_page_by_number_for_those_who_ask_so() -> None:
    scene = Scene()
    legs = [scene.dial() for _ in range(3)]
    scene.after(2)
    body = scene.ask("GET", CALLS, {"page[number]": "2", "page[size]": "2"})
    assert [row["call_control_id"] for row in body["data"]] == legs[2:]
    assert body["meta"] == {"page_number": 2, "page_size": 2, "total_pages": 2, "total_results": 3}


def test_an_active_call_shows_its_client_state_as_a_text() -> None:
    scene = Scene()
    state = base64.b64encode(b"attempt").decode()
    scene.dial()
    scene.dial(client_state=state)
    scene.after(2)
    assert [row["client_state"] for row in scene.get(CALLS)] == ["", state]


def test_an_empty_list_has_no_pages() -> None:
    body = Scene().ask("GET", "/conferences")
    assert body == {
        "data": [],
        "meta": {"page_number": 1, "page_size": 20, "total_pages": 0, "total_results": 0},
    }


def test_conferences_filter_by_exact_name_and_status_newest_first() -> None:
    scene = Scene()
    first, _, _ = scene.talk()
    scene.after(1)
    second = scene.create(scene.party(), name="wx-2")
    scene.room(first, "end")
    assert [row["id"] for row in scene.get("/conferences")] == [second, first]
    assert [row["id"] for row in scene.get("/conferences", **{"filter[name]": "wx-1"})] == [first]
    assert scene.get("/conferences", **{"filter[name]": "WX-1"}) == []
    in_progress = scene.get("/conferences", **{"filter[status]": "in_progress"})
    assert [row["id"] for row in in_progress] == [second]


def test_participants_filter_by_muted_and_on_hold() -> None:
    scene = Scene()
    room, c, a = scene.talk()
    scene.room(room, "hold", call_control_ids=[c], media_name="hold")
    scene.room(room, "mute", call_control_ids=[a])
    path = f"/conferences/{room}/participants"

    def found(**query: str) -> list[str]:
        return [row["call_control_id"] for row in scene.get(path, **query)]

    assert found() == [c, a]
    assert found(**{"filter[on_hold]": "true"}) == [c]
    assert found(**{"filter[on_hold]": "false"}) == [a]
    assert found(**{"filter[muted]": "true"}) == [a]
    assert found(**{"filter[whispering]": "true"}) == []


def test_one_participant_has_conference_id_in_place_of_conference() -> None:
    scene = Scene()
    room, _, _ = scene.talk()
    row = scene.get(f"/conferences/{room}/participants")[0]
    one = scene.get(f"/conferences/{room}/participants/{row['id']}")
    assert row["conference"] == {"id": room, "name": "wx-1"}
    assert one["conference_id"] == room
    assert "conference" not in one


def test_a_dial_of_unknown_outcome_is_found_by_its_client_state_in_call_events() -> None:
    scene = Scene()
    state = base64.b64encode(b"attempt-7").decode()
    scene.dial(client_state=state)
    scene.after(2)
    events = scene.get("/call_events", **{"filter[type]": "webhook", "filter[name]": "call.initiated"})
    assert [event["metadata"]["payload"]["client_state"] for event in events] == [state]
    commands = scene.get("/call_events", **{"filter[type]": "command"})
    assert [event["metadata"]["client_state"] for event in commands] == [state]


def test_call_events_filter_by_leg_session_parties_and_time() -> None:
    scene = Scene()
    c = scene.customer()
    scene.after(10)
    scene.dial("+12025550113")
    scene.after(2)
    leg = scene.world.legs[c]

    def names(**query: str) -> list[str]:
        return [event["name"] for event in scene.get("/call_events", **query)]

    assert names(**{"filter[leg_id]": leg.leg_id}) == ["call.initiated", "answer", "call.answered"]
    assert names(**{"filter[application_session_id]": leg.session_id}) == names(
        **{"filter[leg_id]": leg.leg_id}
    )
    assert names(**{"filter[to]": "+12025550113"}) == ["call.initiated", "dial"]
    assert names(**{"filter[from]": OURS}) == ["call.initiated", "dial"]
    assert names(**{"filter[occurred_at][gte]": "2026-01-01T00:00:05Z"}) == ["call.initiated", "dial"]
    assert names(**{"filter[occurred_at][lt]": "2026-01-01T00:00:00.05Z"}) == ["call.initiated", "answer"]
    assert names(**{"filter[failed]": "true"}) == []
    assert names(**{"filter[connection_id]": "9"}) == []


def test_call_events_forget_after_a_day_but_for_a_leg() -> None:
    scene = Scene()
    c = scene.rings()
    scene.world.party_hangs_up(c)
    scene.after(86_400 + 5)
    assert scene.get("/call_events") == []
    assert len(scene.get("/call_events", **{"filter[leg_id]": scene.world.legs[c].leg_id})) == 2


def test_media_are_kept_by_name_and_replaced_by_a_second_upload() -> None:
    scene = Scene()
    scene.ask("POST", "/media", media_url="https://a.example/hold.wav", media_name="hold", ttl_secs=60)
    first = scene.get("/media/hold")
    scene.after(30)
    scene.ask("POST", "/media", media_url="https://a.example/hold.wav", media_name="hold", ttl_secs=60)
    second = scene.get("/media/hold")
    assert first["content_type"] == "audio/wav"
    assert second["created_at"] == first["created_at"]
    assert second["expires_at"] > first["expires_at"]
    assert len(scene.get("/media")) == 1


def test_an_upload_without_a_name_is_given_one() -> None:
    scene = Scene()
    name = scene.ask("POST", "/media", content_length=16_000)["data"]["media_name"]
    assert scene.get(f"/media/{name}")["media_name"] == name


def test_the_application_is_read_and_its_webhook_address_set() -> None:
    scene = Scene()
    assert scene.get("/call_control_applications")[0]["id"] == APP.id
    path = f"/call_control_applications/{APP.id}"
    assert scene.refused("PATCH", path, webhook_event_url="https://b.example/") == "422/10004"
    twin = scene.world.clone()
    scene.ask("PATCH", path, application_name="warmxfer", webhook_event_url="https://b.example/")
    assert scene.get(path)["webhook_event_url"] == "https://b.example/"
    assert scene.world.applications[APP.id].webhook_event_url == "https://b.example/"
    assert twin.applications[APP.id] == APP
    found = scene.get("/call_control_applications", **{"filter[application_name][contains]": "warm"})
    assert len(found) == 1


def test_the_public_key_and_the_numbers_are_published() -> None:
    scene = Scene()
    assert scene.get("/public_key") == {"public": scene.world.account.public_key}
    (number,) = scene.get("/phone_numbers")
    assert number["phone_number"] == OURS
    assert scene.get("/phone_numbers", **{"filter[phone_number]": MANUAL_NUMBER}) == []
