"""The knobs of telnyx-facts §6.2 about hold and mute of conference members, each at every alternative."""

from __future__ import annotations

import pytest

from warmxfer_tui.simulator.world import TimerKind

from .scene import VOICE
from .turning import scene_with, turned


@turned("hold_of_stranger", "ignored", "422/90015")
@pytest.mark.parametrize("verb", ["hold", "unhold", "mute", "unmute"])
def test_11_hold_or_mute_of_a_leg_that_is_no_member(value: str, verb: str) -> None:
    scene = scene_with(hold_of_stranger=value)
    room, c, a = scene.talk()
    body: dict[str, object] = {"call_control_ids": [scene.party()]}
    if value == "ignored":
        scene.room(room, verb, **body)
    else:
        assert scene.room_refused(room, verb, **body) == value
    assert scene.hears(c) == {a}


@turned("hold_twice", "no-op", "restart")
def test_12_hold_of_a_held_member(value: str) -> None:
    scene = scene_with(hold_twice=value, hold_media="once")
    room, c, _ = scene.talk()
    scene.room(room, "hold", call_control_ids=[c], media_name="hold")
    scene.after(50)
    scene.room(room, "hold", call_control_ids=[c], media_name="hold")
    scene.after(20)
    assert scene.hears(c) == (set() if value == "no-op" else {"hold"})
    scene.room(room, "unhold", call_control_ids=[c])
    scene.room(room, "unhold", call_control_ids=[c])


@turned("hold_media", "loops", "once")
def test_13_hold_media_loop_or_play_once(value: str) -> None:
    scene = scene_with(hold_media=value)
    room, c, _ = scene.talk()
    scene.room(room, "hold", call_control_ids=[c], media_name="hold")
    scene.after(59.9)
    assert scene.hears(c) == {"hold"}
    scene.after(0.1)
    assert scene.hears(c) == ({"hold"} if value == "loops" else set())
    assert scene.world.silence_since(c) == (None if value == "loops" else scene.world.now)
    assert scene.get(f"/conferences/{room}/participants")[0]["on_hold"] is True


@turned("hold_media", "once")
def test_13_an_unhold_forgets_that_the_sound_would_end(value: str) -> None:
    scene = scene_with(hold_media=value)
    room, c, a = scene.talk()
    scene.room(room, "hold", call_control_ids=[c], media_name="hold")
    scene.after(30)
    scene.room(room, "unhold", call_control_ids=[c])
    assert TimerKind.HOLD_SOUND_ENDS not in [timer.kind for timer in scene.world.timers]
    scene.room(room, "hold", call_control_ids=[c], media_name="hold")
    scene.after(45)
    assert scene.hears(c) == {"hold"}
    assert a not in scene.hears(c)


@turned("hold_without_media", "silence", "tune")
def test_14_hold_without_media(value: str) -> None:
    scene = scene_with(hold_without_media=value)
    room, c, _ = scene.talk()
    scene.room(room, "hold", call_control_ids=[c])
    assert scene.hears(c) == (set() if value == "silence" else {"hold"})


@turned("hold_url_unreachable", "400/90040", "404/10005", "200 then silence")
def test_15_an_unreachable_hold_address(value: str) -> None:
    scene = scene_with(hold_url_unreachable=value)
    room, c, a = scene.talk()
    body: dict[str, object] = {"call_control_ids": [c], "audio_url": "https://media.invalid/hold.mp3"}
    if value == "200 then silence":
        scene.room(room, "hold", **body)
        assert scene.hears(c) == set()
    else:
        assert scene.room_refused(room, "hold", **body) == value
        assert scene.hears(c) == {a}


@turned("held_member", "cut both ways", "only listening cut")
def test_16_a_held_members_own_voice(value: str) -> None:
    scene = scene_with(held_member=value)
    room, c, a = scene.talk()
    scene.room(room, "hold", call_control_ids=[c], media_name="hold")
    assert scene.hears(c) == {"hold"}
    assert scene.hears(a) == (set() if value == "cut both ways" else {c})


@turned("held_member_leaves", "as any other")
def test_17_a_held_member_leaves_like_any_other(value: str) -> None:
    scene = scene_with(held_member_leaves=value)
    room, c, _ = scene.talk()
    scene.room(room, "hold", call_control_ids=[c])
    scene.world.party_hangs_up(c)
    assert scene.events(c) == ["call.hangup", "conference.participant.left"]


@turned("hold_emits", "nothing")
def test_18_hold_emits_nothing(value: str) -> None:
    scene = scene_with(hold_emits=value)
    room, c, _ = scene.talk()
    scene.room(room, "hold", call_control_ids=[c])
    scene.room(room, "unhold", call_control_ids=[c])
    assert scene.events() == []


@turned("speak_to_held", "heard", "nobody, no event", "nobody, events")
def test_55_speech_for_a_held_member(value: str) -> None:
    scene = scene_with(speak_to_held=value)
    room, c, _ = scene.talk()
    scene.room(room, "hold", call_control_ids=[c], media_name="hold")
    scene.room(room, "speak", payload="Still here", voice=VOICE, call_control_ids=[c])
    assert scene.hears(c) == ({"hold", "speech"} if value == "heard" else {"hold"})
    expected = [] if value == "nobody, no event" else ["conference.participant.speak.started"]
    assert scene.events() == expected
