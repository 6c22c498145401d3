"""The semantics of conferences: telnyx-facts §2.11 and the gotchas of §6.1."""

from __future__ import annotations

import base64

import pytest

from warmxfer_tui.simulator.world import Role, RoomStatus

from .scene import MANUAL_NUMBER, SECOND, Scene


@pytest.mark.parametrize("body", [{}, {"call_control_ids": []}], ids=["absent", "empty"])
def test_hold_without_a_list_holds_everybody(body: dict[str, object]) -> None:
    scene = Scene()
    room, c, a = scene.talk()
    scene.room(room, "hold", media_name="hold", **body)
    assert scene.hears(c) == {"hold"}
    assert scene.hears(a) == {"hold"}


@pytest.mark.parametrize("body", [{}, {"call_control_ids": []}], ids=["absent", "empty"])
def test_mute_without_a_list_mutes_everybody(body: dict[str, object]) -> None:
    scene = Scene()
    room, c, a = scene.talk()
    scene.room(room, "mute", **body)
    assert scene.hears(c) == scene.hears(a) == set()
    scene.room(room, "unmute", **body)
    assert scene.hears(c) == {a}


def test_unhold_needs_its_list() -> None:
    scene = Scene()
    room, c, _ = scene.talk()
    scene.room(room, "hold", media_name="hold")
    assert scene.room_refused(room, "unhold") == "422/10004"
    assert scene.room_refused(room, "unhold", call_control_ids=[]) == "422/10004"
    assert scene.hears(c) == {"hold"}


@pytest.mark.parametrize("verb", ["hold", "unhold", "mute", "unmute"])
def test_hold_and_mute_emit_no_event(verb: str) -> None:
    scene = Scene()
    room, c, _ = scene.talk()
    scene.room(room, verb, call_control_ids=[c])
    assert scene.events() == []


def test_a_held_member_neither_hears_nor_is_heard() -> None:
    scene = Scene()
    room, c, a = scene.talk()
    b = scene.party()
    scene.room(room, "join", call_control_id=b)
    scene.room(room, "hold", call_control_ids=[c], media_name="hold")
    assert scene.hears(c) == {"hold"}
    assert scene.hears(a) == {b}
    assert scene.hears(b) == {a}


def test_a_muted_member_hears_and_is_not_heard() -> None:
    scene = Scene()
    room, c, a = scene.talk()
    scene.room(room, "mute", call_control_ids=[a])
    assert scene.hears(a) == {c}
    assert scene.hears(c) == set()


@pytest.mark.parametrize("by", ["hang-up", "leave"])
def test_the_last_member_stays_in_silence_and_the_room_goes_on(by: str) -> None:
    scene = Scene()
    room, c, a = scene.talk()
    if by == "leave":
        scene.room(room, "leave", call_control_id=a)
    else:
        scene.world.party_hangs_up(a)
    scene.after(3_600)
    assert scene.world.rooms[room].status is RoomStatus.IN_PROGRESS
    assert [seat.ccid for seat in scene.world.rooms[room].seats] == [c]
    assert scene.alive(c)
    assert scene.hears(c) == set()
    assert "conference.ended" not in scene.events()


def test_an_empty_room_ends_with_all_left() -> None:
    scene = Scene()
    room, c, a = scene.talk()
    scene.room(room, "leave", call_control_id=a)
    scene.room(room, "leave", call_control_id=c)
    assert scene.payload("conference.ended")["reason"] == "all_left"
    assert scene.world.rooms[room].status is RoomStatus.COMPLETED
    assert scene.alive(a)
    assert scene.alive(c)


def test_end_conference_on_exit_hangs_up_everybody_with_host_left() -> None:
    scene = Scene()
    room, c, a = scene.talk()
    seat = scene.world.rooms[room].seat(c)
    assert seat is not None
    path = f"/conferences/{room}/participants/{seat.participant_id}"
    scene.ask("PATCH", path, end_conference_on_exit=True)
    scene.world.party_hangs_up(c)
    assert not scene.alive(a)
    assert scene.payload("conference.ended")["reason"] == "host_left"
    data = scene.get(f"/conferences/{room}")
    assert data["end_reason"] == "host_left"
    assert data["ended_by"]["call_control_id"] == c


def test_end_conference_on_exit_counts_for_leave_as_well() -> None:
    scene = Scene()
    room, c, _ = scene.talk()
    b = scene.party()
    scene.room(room, "join", call_control_id=b, end_conference_on_exit=True)
    scene.room(room, "leave", call_control_id=b)
    assert scene.alive(b)
    assert not scene.alive(c)


def test_soft_end_on_exit_lets_nobody_new_in_and_leaves_the_others_talking() -> None:
    scene = Scene()
    room, c, a = scene.talk()
    b = scene.party()
    scene.room(room, "join", call_control_id=b, soft_end_conference_on_exit=True)
    scene.room(room, "leave", call_control_id=b)
    assert scene.hears(c) == {a}
    assert scene.room_refused(room, "join", call_control_id=b) == "422/90019"


def test_end_hangs_up_every_member_and_takes_the_id_only() -> None:
    scene = Scene()
    room, c, a = scene.talk()
    assert scene.room_refused("wx-1", "end") == "404/90058"
    scene.room(room, "end")
    assert not scene.alive(a)
    assert not scene.alive(c)
    events = scene.events()
    assert events == ["call.hangup", "conference.participant.left"] * 2 + ["conference.ended"]


def test_commands_take_the_name_in_place_of_the_id() -> None:
    scene = Scene()
    _, c, _ = scene.talk()
    scene.room("wx-1", "hold", call_control_ids=[c], media_name="hold")
    assert scene.hears(c) == {"hold"}


def test_a_name_may_hold_a_slash_and_a_space() -> None:
    scene = Scene()
    c = scene.customer()
    scene.create(c, name="wx/1 a")
    scene.room("wx/1 a", "mute", call_control_ids=[c])
    assert scene.get("/conferences", **{"filter[name]": "wx/1 a"})[0]["name"] == "wx/1 a"


def test_a_room_ends_at_its_duration_and_by_default_after_four_hours() -> None:
    scene = Scene()
    c, a = scene.customer(), scene.party()
    other = scene.world.rooms[scene.create(a, name="wx-2")]
    assert other.expires_at - other.created_at == 14_400 * SECOND
    room = scene.create(c, duration_minutes=60)
    scene.after(3_599)
    assert scene.world.rooms[room].alive
    scene.take()
    scene.after(1)
    assert scene.payload("conference.ended")["reason"] == "time_exceeded"
    assert not scene.alive(c)


def test_a_room_that_has_not_started_plays_waiting_music_until_the_right_one_joins() -> None:
    scene = Scene()
    scene.upload("wait")
    c, a, b = scene.customer(), scene.party(), scene.party()
    room = scene.create(c, start_conference_on_create=False, hold_media_name="wait")
    scene.room(room, "join", call_control_id=b)
    assert scene.hears(c) == {"queue"}
    assert scene.hears(b) == {"queue"}
    assert scene.get(f"/conferences/{room}")["status"] == "init"
    assert [row["on_hold"] for row in scene.get(f"/conferences/{room}/participants")] == [True, True]
    scene.room(room, "join", call_control_id=a, start_conference_on_enter=True)
    assert scene.hears(c) == {a, b}
    assert scene.get(f"/conferences/{room}")["status"] == "in_progress"


def test_a_member_that_joins_held_or_muted_is_so() -> None:
    scene = Scene()
    room, c, a = scene.talk()
    b, d = scene.party(), scene.party()
    scene.room(room, "join", call_control_id=b, hold=True)
    scene.room(room, "join", call_control_id=d, mute=True)
    assert scene.hears(b) == set()
    assert scene.hears(d) == {a, c}
    assert scene.hears(a) == {c}


@pytest.mark.parametrize(
    ("role", "whisper_to", "heard_by"),
    [
        (Role.NONE, [], "ca"),
        (Role.BARGE, [], "ca"),
        (Role.MONITOR, [], ""),
        (Role.WHISPER, ["a"], "a"),
        (Role.WHISPER, [], ""),
    ],
)
def test_a_supervisor_is_heard_by_those_its_role_allows(
    role: Role, whisper_to: list[str], heard_by: str
) -> None:
    scene = Scene()
    room, c, a = scene.talk()
    who = {"c": c, "a": a}
    b = scene.party()
    scene.room(
        room,
        "join",
        call_control_id=b,
        supervisor_role=role.value,
        whisper_call_control_ids=[who[name] for name in whisper_to],
    )
    assert scene.hears(b) == {a, c}
    assert {name for name in who if b in scene.hears(who[name])} == set(heard_by)


def test_conference_events_carry_the_owners_client_state() -> None:
    scene = Scene()
    owners, others = base64.b64encode(b"owner").decode(), base64.b64encode(b"other").decode()
    c, a = scene.customer(), scene.party(client_state=others)
    room = scene.create(c, client_state=owners)
    scene.take()
    scene.room(room, "join", call_control_id=a, client_state=others)
    joined = scene.payload("conference.participant.joined")
    assert joined["client_state"] == owners
    assert joined["call_control_id"] == a
    assert scene.get(f"/calls/{a}")["client_state"] == others
    assert scene.get(f"/calls/{c}")["client_state"] == owners


def test_create_announces_the_room_and_its_first_member() -> None:
    scene = Scene()
    c = scene.customer()
    scene.take()
    room = scene.create(c)
    created, joined = scene.take()
    assert (created.event_type, joined.event_type) == ("conference.created", "conference.participant.joined")
    assert created.leg == joined.leg == c
    assert scene.data(created)["payload"]["conference_id"] == room


def test_the_dialled_leg_creates_the_room_at_ringback_and_owns_it() -> None:
    scene = Scene()
    c = scene.dial(conference_config={"conference_name": "wx-9", "beep_enabled": "never"})
    assert scene.events() == ["call.initiated"]
    scene.after(0.2)
    assert scene.events() == ["conference.created", "conference.participant.joined"]
    (room,) = scene.world.rooms.values()
    assert (room.name, room.owner) == ("wx-9", c)
    assert not scene.world.legs[c].answered
    scene.world.party_answers(c)
    assert scene.events() == ["call.answered"]


def test_a_ringing_member_that_declines_leaves_and_the_room_ends() -> None:
    scene = Scene()
    c = scene.dial(conference_config={"conference_name": "wx-9"})
    scene.after(1)
    scene.take()
    scene.world.party_declines(c)
    assert scene.events() == ["call.hangup", "conference.participant.left", "conference.ended"]


def test_a_wrong_number_never_reaches_its_room() -> None:
    scene = Scene()
    scene.dial("+12025550116", conference_config={"conference_name": "wx-9"})
    scene.after(5)
    assert scene.events() == ["call.initiated", "call.hangup"]
    assert not scene.world.rooms


def test_a_leg_whose_room_is_gone_when_it_answers_is_parked() -> None:
    scene = Scene()
    room, _, a = scene.talk()
    b = scene.dial(conference_config={"id": room, "early_media": False})
    scene.room(room, "end")
    scene.world.party_answers(b)
    assert scene.alive(b)
    assert scene.hears(b) == set()
    assert not scene.alive(a)


def test_a_full_room_takes_nobody() -> None:
    scene = Scene()
    c, a = scene.customer(), scene.party()
    room = scene.create(c, max_participants=2)
    scene.room(room, "join", call_control_id=a)
    b = scene.party()
    assert scene.room_refused(room, "join", call_control_id=b) == "422/90032"
    body = scene.dial_body(MANUAL_NUMBER, conference_config={"id": room})
    assert scene.refused("POST", "/calls", **body) == "422/90032"
