"""The warm transfer of telnyx-facts §5.1: who hears what at every step, and who is left at the end."""

from __future__ import annotations

from .scene import SECOND, START, Scene


def consult() -> tuple[Scene, str, str, str, str]:
    """S3: C held with music, A and B in private."""
    scene = Scene()
    room, c, a = scene.talk()
    scene.room(room, "hold", call_control_ids=[c], media_name="hold")
    b = scene.party()
    scene.room(room, "join", call_control_id=b)
    scene.take()
    return scene, room, c, a, b


def test_the_table_of_who_hears_what_at_every_step() -> None:
    scene = Scene()
    room, c, a = scene.talk()
    assert scene.hears(c) == {a}
    assert scene.hears(a) == {c}

    scene.room(room, "hold", call_control_ids=[c], media_name="hold")
    assert scene.hears(c) == {"hold"}
    assert scene.hears(a) == set()

    b = scene.dial()
    assert scene.hears(c) == {"hold"}
    assert scene.hears(a) == set()
    assert scene.hears(b) == {"ringing"}

    scene.world.party_answers(b)
    assert scene.hears(a) == set(), "an answered leg is heard by nobody before it joins"
    scene.room(room, "join", call_control_id=b)
    assert scene.hears(c) == {"hold"}
    assert scene.hears(a) == {b}
    assert scene.hears(b) == {a}

    scene.room(room, "unhold", call_control_ids=[c])
    assert scene.hears(c) == {a, b}
    assert scene.hears(a) == {b, c}
    assert scene.hears(b) == {a, c}

    scene.leg(a, "hangup")
    assert scene.hears(c) == {b}
    assert scene.hears(b) == {c}
    assert scene.hears(a) == set()


def test_completing_by_leave_parks_the_agent_alive_and_silent() -> None:
    scene, room, c, a, b = consult()
    scene.room(room, "unhold", call_control_ids=[c])
    scene.room(room, "leave", call_control_id=a)
    assert scene.alive(a)
    assert scene.hears(a) == set()
    assert scene.hears(c) == {b}
    assert scene.events() == ["conference.participant.left"]


def test_a_swap_lets_the_agent_talk_with_the_customer_while_the_target_waits() -> None:
    scene, room, c, a, b = consult()
    scene.room(room, "hold", call_control_ids=[b], media_name="hold")
    scene.room(room, "unhold", call_control_ids=[c])
    assert scene.hears(b) == {"hold"}
    assert scene.hears(a) == {c}
    assert scene.hears(c) == {a}


def test_early_media_lets_the_agent_hear_the_target_ring_and_the_held_customer_not() -> None:
    scene = Scene()
    room, c, a = scene.talk()
    scene.room(room, "hold", call_control_ids=[c], media_name="hold")
    b = scene.dial(conference_config={"id": room, "early_media": True})
    assert scene.hears(a) == set()
    scene.after(0.2)
    assert scene.hears(a) == {"ringing"}
    assert scene.hears(c) == {"hold"}
    assert scene.hears(b) == {"ringing"}
    scene.world.party_answers(b)
    assert scene.hears(a) == {b}


def test_without_early_media_the_dialled_leg_enters_at_its_answer() -> None:
    scene = Scene()
    room, _, a = scene.talk()
    b = scene.dial(conference_config={"id": room, "early_media": False})
    scene.after(1)
    assert scene.events(b) == ["call.initiated"]
    scene.world.party_answers(b)
    assert scene.events(b) == ["call.answered", "conference.participant.joined"]
    assert b in scene.hears(a)


def test_the_target_declining_does_not_unhold_the_customer() -> None:
    scene = Scene()
    room, c, _ = scene.talk()
    scene.room(room, "hold", call_control_ids=[c], media_name="hold")
    b = scene.dial()
    scene.world.party_declines(b)
    assert scene.hears(c) == {"hold"}
    assert scene.events(b) == ["call.initiated", "call.hangup"]


def test_the_agent_leaving_the_consult_leaves_the_customer_on_hold_and_the_target_in_silence() -> None:
    scene, _, c, a, b = consult()
    scene.world.party_hangs_up(a)
    assert scene.hears(c) == {"hold"}
    assert scene.hears(b) == set()
    assert scene.alive(b)


def test_the_customer_leaving_the_consult_leaves_agent_and_target_talking() -> None:
    scene, _, c, a, b = consult()
    scene.world.party_hangs_up(c)
    assert scene.hears(a) == {b}
    assert scene.hears(b) == {a}


def test_the_last_member_stays_in_a_room_that_goes_on() -> None:
    scene, room, c, a, b = consult()
    scene.room(room, "unhold", call_control_ids=[c])
    scene.leg(a, "hangup")
    scene.world.party_hangs_up(b)
    assert scene.alive(c)
    assert scene.world.rooms[room].alive
    assert scene.hears(c) == set()


def test_silence_is_dated_from_its_beginning_and_ends_with_any_sound() -> None:
    scene = Scene()
    c = scene.rings()
    assert scene.world.silence_since(c) is None, "a ringing leg is not in silence"
    scene.leg(c, "answer")
    scene.after(0.1)
    answered = scene.world.now
    assert answered == START + SECOND // 10
    assert scene.world.silence_since(c) == answered
    scene.after(3)
    assert scene.world.silence_since(c) == answered
    a = scene.party()
    room = scene.create(c)
    assert scene.world.silence_since(c) == answered, "a room of one's own is silence"
    scene.room(room, "join", call_control_id=a)
    assert scene.world.silence_since(c) is None
    scene.upload()
    scene.room(room, "hold", call_control_ids=[c], media_name="hold")
    assert scene.world.silence_since(c) is None
    assert scene.world.silence_since(a) == scene.world.now
    scene.world.party_hangs_up(a)
    assert scene.world.silence_since(a) is None, "the dead hear nothing, and it is no silence"


def test_a_muted_only_partner_is_silence_to_the_others_ear() -> None:
    scene = Scene()
    room, c, a = scene.talk()
    scene.room(room, "mute", call_control_ids=[a])
    assert scene.world.silence_since(c) == scene.world.now
    scene.room(room, "unmute", call_control_ids=[a])
    assert scene.world.silence_since(c) is None
