"""The knobs of telnyx-facts §6.2 about conferences and who is in them, each at every alternative."""

from __future__ import annotations

import pytest

from .turning import scene_with, turned


@turned("unknown_room", "404/90058", "422/90058")
def test_4_an_unknown_conference(value: str) -> None:
    scene = scene_with(unknown_room=value)
    assert scene.room_refused("nowhere", "join", call_control_id=scene.party()) == value


@turned("ended_room", "422/90019", "400/90019")
def test_5_an_ended_conference(value: str) -> None:
    scene = scene_with(ended_room=value)
    room, _, _ = scene.talk()
    scene.room(room, "end")
    assert scene.room_refused(room, "hold") == value


@turned("name_in_use", "422/90033", "existing")
def test_6_create_with_the_name_of_an_active_conference(value: str) -> None:
    scene = scene_with(name_in_use=value)
    room, _, _ = scene.talk()
    b = scene.party()
    if value == "existing":
        assert scene.create(b, name="wx-1") == room
    else:
        assert scene.refused("POST", "/conferences", call_control_id=b, name="wx-1") == value
    assert scene.hears(b) == set()


@turned("name_free_again", "at once", "after 2 s")
def test_7_a_name_is_free_again(value: str) -> None:
    scene = scene_with(name_free_again=value)
    room, _, _ = scene.talk()
    b = scene.party()
    scene.room(room, "end")
    if value == "after 2 s":
        assert scene.refused("POST", "/conferences", call_control_id=b, name="wx-1") == "422/90033"
        scene.after(2)
    assert scene.create(b, name="wx-1") != room


@turned("join_again", "422/90044", "200")
def test_8_join_while_a_member(value: str) -> None:
    scene = scene_with(join_again=value)
    room, c, a = scene.talk()
    if value == "200":
        scene.room(room, "join", call_control_id=a)
    else:
        assert scene.room_refused(room, "join", call_control_id=a) == value
    assert scene.events() == []
    assert scene.hears(c) == {a}


@turned("join_from_other_room", "move", "refuse")
def test_9_join_or_create_for_a_leg_in_another_room(value: str) -> None:
    scene = scene_with(join_from_other_room=value)
    room, c, a = scene.talk()
    other = scene.create(scene.party(), name="wx-2")
    scene.take()
    if value == "move":
        scene.room(other, "join", call_control_id=a)
        assert scene.events(a) == ["conference.participant.left", "conference.participant.joined"]
        assert scene.hears(c) == set()
    else:
        assert scene.room_refused(other, "join", call_control_id=a) == "422/90044"
        assert scene.refused("POST", "/conferences", call_control_id=a, name="wx-3") == "422/90044"
        assert scene.world.rooms[room].seat(a) is not None


@turned("join_of_bridged", "peer by its mark", "peer parked")
def test_10_join_of_a_bridged_leg(value: str) -> None:
    scene = scene_with(join_of_bridged=value)
    c, a, protected = scene.customer(), scene.party(), scene.party()
    scene.leg(c, "bridge", call_control_id=a)
    room = scene.create(c)
    assert scene.alive(a) is (value == "peer parked")
    b = scene.party()
    scene.leg(protected, "bridge", call_control_id=b, park_after_unbridge="self")
    scene.room(room, "join", call_control_id=b)
    assert scene.alive(protected)


@turned("creator_leaves", "goes on", "ends")
@pytest.mark.parametrize("by", ["hang-up", "leave"])
def test_19_the_creator_leaves(value: str, by: str) -> None:
    scene = scene_with(creator_leaves=value)
    room, c, a = scene.talk()
    b = scene.party()
    scene.room(room, "join", call_control_id=b)
    scene.take()
    if by == "leave":
        scene.room(room, "leave", call_control_id=c)
    else:
        scene.world.party_hangs_up(c)
    if value == "goes on":
        assert scene.hears(a) == {b}
    else:
        assert not scene.alive(a)
        assert scene.payload("conference.ended")["reason"] == "host_left"


@turned("all_left", "legs parked", "creator hung up")
def test_20_all_left_by_leave(value: str) -> None:
    scene = scene_with(all_left=value)
    room, c, a = scene.talk()
    scene.room(room, "leave", call_control_id=c)
    assert scene.alive(c)
    scene.room(room, "leave", call_control_id=a)
    assert scene.alive(a)
    assert scene.alive(c) is (value == "legs parked")


@turned("end_reason", "ended_via_api", "all_left")
def test_21_the_reason_after_end(value: str) -> None:
    scene = scene_with(end_reason=value)
    room, _, _ = scene.talk()
    scene.room(room, "end")
    assert scene.payload("conference.ended")["reason"] == value
    assert scene.get(f"/conferences/{room}")["end_reason"] == "ended_via_api"


@turned("hangup_order", "hangup first", "left first")
def test_22_the_order_when_a_member_hangs_up(value: str) -> None:
    scene = scene_with(hangup_order=value)
    _, c, _ = scene.talk()
    scene.world.party_hangs_up(c)
    expected = ["call.hangup", "conference.participant.left"]
    assert scene.events(c) == (expected if value == "hangup first" else expected[::-1])


@turned("monitor", "mute only", "breaks audio")
def test_46_a_conference_monitor(value: str) -> None:
    scene = scene_with(monitor=value)
    room, c, a = scene.talk()
    b = scene.party()
    scene.room(room, "join", call_control_id=b, supervisor_role="monitor")
    assert scene.hears(c) == ({a} if value == "mute only" else set())
    assert scene.hears(b) == ({a, c} if value == "mute only" else set())
    scene.room(room, "leave", call_control_id=b)
    assert scene.hears(c) == {a}


@turned("left_members", "not listed", "listed")
def test_50_former_members(value: str) -> None:
    scene = scene_with(left_members=value)
    room, _, a = scene.talk()
    scene.room(room, "leave", call_control_id=a)
    rows = scene.get(f"/conferences/{room}/participants")
    assert [row["status"] for row in rows] == ["joined"] + (["left"] if value == "listed" else [])


@turned("dial_into_unknown_room", "creates", "404/90058")
def test_53_a_dial_into_a_room_that_no_one_made(value: str) -> None:
    scene = scene_with(dial_into_unknown_room=value)
    body = scene.dial_body(conference_config={"conference_name": "wx-9"})
    if value == "creates":
        scene.ask("POST", "/calls", **body)
        scene.after(1)
        assert [room.name for room in scene.world.rooms.values()] == ["wx-9"]
    else:
        assert scene.refused("POST", "/calls", **body) == value


@turned("participants_lag_ms", 0, 1500, 3000, 30000)
def test_54_the_participants_list_trails_the_truth(value: int) -> None:
    scene = scene_with(participants_lag_ms=value)
    room, c, a = scene.talk()
    scene.after(60)
    path = f"/conferences/{room}/participants"

    def held() -> list[str]:
        return [str(row["call_control_id"]) for row in scene.get(path, **{"filter[on_hold]": "true"})]

    scene.room(room, "hold", call_control_ids=[c], media_name="hold")
    assert held() == ([] if value else [c])
    scene.after(value / 1_000 - 0.01 if value else 0)
    assert held() == ([] if value else [c])
    scene.after(0.01)
    assert held() == [c]
    scene.room(room, "leave", call_control_id=a)
    assert len(scene.get(path)) == (2 if value else 1)
    scene.after(value / 1_000)
    assert len(scene.get(path)) == 1
