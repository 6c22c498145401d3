"""Speech and playback on legs and in rooms: telnyx-facts §2.5 and §2.11."""

from __future__ import annotations

import pytest

from .scene import VOICE, Scene


def test_speech_is_heard_for_as_long_as_its_text_takes() -> None:
    scene = Scene()
    c = scene.customer()
    scene.take()
    scene.leg(c, "speak", payload="x" * 100, voice=VOICE)
    assert scene.hears(c) == {"speech"}
    assert scene.events() == ["call.speak.started"]
    scene.after(6.4)
    assert scene.hears(c) == {"speech"}
    scene.after(0.2)
    assert scene.hears(c) == set()
    assert scene.payload("call.speak.ended")["status"] == "completed"


def test_playback_plays_once_unless_told_to_loop() -> None:
    scene = Scene()
    scene.upload("tone", 2)
    c = scene.customer()
    scene.leg(c, "playback_start", media_name="tone")
    scene.after(2)
    assert scene.hears(c) == set()
    scene.leg(c, "playback_start", media_name="tone", loop=3)
    scene.after(5.9)
    assert scene.hears(c) == {"playback"}
    scene.after(0.1)
    assert scene.hears(c) == set()


def test_an_infinite_loop_never_ends_and_is_cancelled_by_playback_stop() -> None:
    scene = Scene()
    scene.upload("tone", 2)
    c = scene.customer()
    scene.leg(c, "playback_start", media_name="tone", loop="infinity")
    scene.after(3_600)
    assert scene.hears(c) == {"playback"}
    scene.take()
    scene.leg(c, "playback_stop")
    payload = scene.payload("call.playback.ended")
    assert (payload["status"], payload["media_name"]) == ("cancelled", "tone")
    assert scene.hears(c) == set()


def test_a_looped_speech_is_the_last_resort_of_hold_sound() -> None:
    scene = Scene()
    c = scene.customer()
    scene.leg(c, "speak", payload="One moment", voice=VOICE, loop="infinity")
    scene.after(3_600)
    assert scene.hears(c) == {"speech"}
    scene.leg(c, "playback_stop")
    assert scene.hears(c) == set()


def test_consecutive_sounds_queue_and_only_the_first_is_heard() -> None:
    scene = Scene()
    scene.upload("tone", 2)
    c = scene.customer()
    scene.take()
    scene.leg(c, "playback_start", media_name="tone")
    scene.leg(c, "speak", payload="x" * 100, voice=VOICE)
    assert scene.events() == ["call.playback.started"]
    scene.after(2)
    assert scene.events() == ["call.playback.ended", "call.speak.started"]
    assert scene.hears(c) == {"speech"}


def test_stop_all_clears_the_queue_and_stop_current_only_its_head() -> None:
    scene = Scene()
    scene.upload("tone", 2)
    c = scene.customer()
    for _ in range(3):
        scene.leg(c, "playback_start", media_name="tone")
    scene.leg(c, "speak", payload="Hello", voice=VOICE, stop="current")
    assert scene.hears(c) == {"playback"}
    scene.leg(c, "speak", payload="Hello", voice=VOICE, stop="all")
    assert scene.hears(c) == {"speech"}
    scene.after(1)
    assert scene.hears(c) == set()


def test_playback_stop_current_lets_the_next_sound_begin() -> None:
    scene = Scene()
    scene.upload("tone", 2)
    c = scene.customer()
    scene.leg(c, "playback_start", media_name="tone", loop="infinity")
    scene.leg(c, "speak", payload="Hello", voice=VOICE)
    scene.leg(c, "playback_stop", stop="current")
    assert scene.hears(c) == {"speech"}


@pytest.mark.parametrize(
    ("target", "ears"), [("self", "c"), ("opposite", "a"), ("both", "ca")], ids=["self", "opposite", "both"]
)
def test_target_legs_say_who_of_a_bridge_hears_it(target: str, ears: str) -> None:
    scene = Scene()
    c, a = scene.customer(), scene.party()
    scene.leg(c, "bridge", call_control_id=a)
    scene.leg(c, "speak", payload="Hello", voice=VOICE, target_legs=target)
    who = {"c": c, "a": a}
    assert {name for name, ccid in who.items() if "speech" in scene.hears(ccid)} == set(ears)
    assert a in scene.hears(c), "playing to a bridged leg is no hold"


def test_an_overlay_lies_over_a_playback_and_stops_by_itself() -> None:
    scene = Scene()
    scene.upload("tone", 9)
    scene.upload("beep", 1)
    c = scene.customer()
    assert scene.leg_refused(c, "playback_start", media_name="beep", overlay=True) == "422/10015"
    scene.leg(c, "playback_start", media_name="tone")
    scene.take()
    scene.leg(c, "playback_start", media_name="beep", overlay=True)
    assert scene.payload("call.playback.started")["overlay"] is True
    scene.leg(c, "playback_stop", overlay=True)
    assert scene.payload("call.playback.ended")["overlay"] is True
    assert scene.hears(c) == {"playback"}


def test_a_missing_file_is_accepted_and_fails_later() -> None:
    scene = Scene()
    c = scene.customer()
    scene.take()
    scene.leg(c, "playback_start", media_name="nowhere")
    scene.leg(c, "playback_start", audio_url="https://media.invalid/a.mp3")
    ended = [scene.data(hook) for hook in scene.take()]
    assert [data["event_type"] for data in ended] == ["call.playback.ended"] * 2
    assert {data["payload"]["status"] for data in ended} == {"file_not_found"}
    assert scene.hears(c) == set()


def test_media_expire_after_their_ttl() -> None:
    scene = Scene()
    room, c, _ = scene.talk()
    scene.ask("POST", "/media", media_name="short", content_length=16_000, ttl_secs=60)
    scene.after(61)
    assert scene.refused("GET", "/media/short") == "404/10005"
    assert scene.room_refused(room, "hold", call_control_ids=[c], media_name="short") == "404/10005"


def test_a_hang_up_ends_what_plays_before_the_leg() -> None:
    scene = Scene()
    c = scene.customer()
    scene.leg(c, "speak", payload="Hello", voice=VOICE)
    scene.take()
    scene.world.party_hangs_up(c)
    ended, hangup = scene.take()
    assert scene.data(ended)["payload"]["status"] == "call_hangup"
    assert hangup.event_type == "call.hangup"


# In rooms


def test_speech_for_the_whole_room_has_room_events_and_reaches_everybody_not_held() -> None:
    scene = Scene()
    room, c, a = scene.talk()
    b = scene.party()
    scene.room(room, "join", call_control_id=b)
    scene.room(room, "hold", call_control_ids=[b], media_name="hold")
    scene.take()
    scene.room(room, "speak", payload="Hello", voice=VOICE)
    assert "speech" in scene.hears(c)
    assert "speech" in scene.hears(a)
    assert "speech" not in scene.hears(b)
    scene.after(5)
    assert scene.events() == ["conference.speak.started", "conference.speak.ended"]


def test_speech_for_one_member_is_a_whisper_with_participant_events() -> None:
    scene = Scene()
    room, c, a = scene.talk()
    scene.room(room, "speak", payload="Hello", voice=VOICE, call_control_ids=[a])
    assert "speech" in scene.hears(a)
    assert "speech" not in scene.hears(c)
    scene.after(5)
    assert scene.events(a) == ["conference.participant.speak.started", "conference.participant.speak.ended"]


def test_play_loops_and_stop_ends_it() -> None:
    scene = Scene()
    room, c, a = scene.talk()
    scene.room(room, "play", media_name="hold", loop="infinity", call_control_ids=[a])
    scene.room(room, "play", media_name="hold", loop="infinity")
    scene.after(3_600)
    assert "playback" in scene.hears(a)
    assert "playback" in scene.hears(c)
    scene.take()
    scene.room(room, "stop", call_control_ids=[a])
    assert scene.events() == ["conference.participant.playback.ended"]
    scene.room(room, "stop")
    assert scene.events() == ["conference.playback.ended"]
    assert scene.hears(c) == {a}


def test_stop_without_a_list_ends_everything_that_is_played_in_the_room() -> None:
    scene = Scene()
    room, c, a = scene.talk()
    scene.room(room, "play", media_name="hold", loop="infinity", call_control_ids=[a])
    scene.room(room, "play", media_name="hold", loop="infinity")
    scene.room(room, "stop")
    assert scene.hears(a) == {c}


def test_leaving_ends_what_a_member_was_played() -> None:
    scene = Scene()
    room, _, a = scene.talk()
    scene.room(room, "play", media_name="hold", loop="infinity", call_control_ids=[a])
    scene.take()
    scene.room(room, "leave", call_control_id=a)
    assert scene.events(a) == ["conference.participant.playback.ended", "conference.participant.left"]
    assert scene.hears(a) == set()
