"""Bridge and transfer: telnyx-facts §2.3, §2.4 and the steps of §5.2 and §5.4."""

from __future__ import annotations

import base64

from .scene import MANUAL_NUMBER, OURS, Scene


def test_a_bridge_lets_two_legs_hear_each_other_and_tells_both() -> None:
    scene = Scene()
    c, a = scene.customer(), scene.party()
    scene.take()
    scene.leg(c, "bridge", call_control_id=a)
    assert scene.hears(c) == {a}
    assert scene.hears(a) == {c}
    assert [(hook.event_type, hook.leg) for hook in scene.take()] == [
        ("call.bridged", c),
        ("call.bridged", a),
    ]


def test_the_end_of_a_bridge_hangs_up_an_unprotected_peer() -> None:
    scene = Scene()
    c, a = scene.customer(), scene.party()
    scene.leg(c, "bridge", call_control_id=a)
    scene.take()
    scene.world.party_hangs_up(a)
    assert not scene.alive(c)
    assert scene.events(c) == ["call.hangup"]


def test_park_after_unbridge_self_protects_the_leg_in_the_path_only() -> None:
    scene = Scene()
    c, a = scene.customer(), scene.party()
    scene.leg(c, "bridge", call_control_id=a, park_after_unbridge="self")
    scene.world.party_hangs_up(a)
    assert scene.alive(c)
    assert scene.hears(c) == set()
    a = scene.party()
    scene.leg(c, "bridge", call_control_id=a, park_after_unbridge="self")
    scene.world.party_hangs_up(c)
    assert not scene.alive(a)


def test_a_boolean_park_after_unbridge_is_accepted_and_ignored() -> None:
    scene = Scene()
    c, a = scene.customer(), scene.party()
    scene.leg(c, "bridge", call_control_id=a, park_after_unbridge=True)
    scene.world.party_hangs_up(a)
    assert not scene.alive(c)


def test_a_dial_with_park_after_unbridge_protects_the_new_leg() -> None:
    scene = Scene()
    c = scene.customer()
    a = scene.party(link_to=c, park_after_unbridge="self", bridge_on_answer=True)
    assert scene.hears(c) == {a}
    scene.world.party_hangs_up(c)
    assert scene.alive(a)


def test_bridging_a_bridged_leg_steals_it_and_cuts_the_unprotected_old_peer() -> None:
    scene = Scene()
    c, a, b = scene.customer(), scene.party(), scene.party()
    scene.leg(c, "bridge", call_control_id=a)
    scene.leg(a, "bridge", call_control_id=b)
    assert scene.hears(a) == {b}
    assert not scene.alive(c)


def test_bridging_a_bridged_leg_parks_the_protected_old_peer() -> None:
    scene = Scene()
    c, a, b = scene.customer(), scene.party(), scene.party()
    scene.leg(c, "bridge", call_control_id=a, park_after_unbridge="self")
    scene.leg(a, "bridge", call_control_id=b, park_after_unbridge="self")
    assert scene.hears(a) == {b}
    assert scene.alive(c)
    assert scene.hears(c) == set()
    assert scene.world.silence_since(c) == scene.world.now


def test_prevent_double_bridge_refuses_a_bridged_target() -> None:
    scene = Scene()
    c, a, b = scene.customer(), scene.party(), scene.party()
    scene.leg(c, "bridge", call_control_id=a)
    assert scene.leg_refused(b, "bridge", call_control_id=a, prevent_double_bridge=True) == "422/10015"
    assert scene.hears(c) == {a}


def test_prevent_double_bridge_on_a_dial_hangs_up_the_new_call() -> None:
    scene = Scene()
    c, a = scene.customer(), scene.party()
    b = scene.dial(link_to=c, bridge_on_answer=True, prevent_double_bridge=True)
    scene.leg(c, "bridge", call_control_id=a)
    scene.world.party_answers(b)
    assert not scene.alive(b)
    assert scene.hears(c) == {a}


def test_a_ringtone_is_heard_while_the_bridge_waits_for_the_answer() -> None:
    scene = Scene()
    c, b = scene.customer(), scene.dial()
    scene.leg(c, "bridge", call_control_id=b, play_ringtone=True)
    scene.after(0.2)
    assert scene.hears(c) == {"ringing"}
    scene.world.party_answers(b)
    assert scene.hears(c) == {b}


def test_the_ringtone_stops_when_the_awaited_leg_declines() -> None:
    scene = Scene()
    c, b = scene.customer(), scene.dial()
    scene.leg(c, "bridge", call_control_id=b, play_ringtone=True)
    scene.after(0.2)
    scene.world.party_declines(b)
    assert scene.hears(c) == set()


def test_a_bridge_takes_a_member_out_of_its_room() -> None:
    scene = Scene()
    _, c, a = scene.talk()
    b = scene.party()
    scene.take()
    scene.leg(c, "bridge", call_control_id=b)
    assert scene.hears(c) == {b}
    assert scene.hears(a) == set()
    assert scene.events(c) == ["conference.participant.left", "call.bridged"]


def test_creating_a_room_ends_the_bridge_of_its_leg() -> None:
    scene = Scene()
    c, a = scene.customer(), scene.party()
    scene.leg(c, "bridge", call_control_id=a)
    scene.create(c)
    assert not scene.alive(a)


def test_a_leg_is_not_bridged_with_itself() -> None:
    scene = Scene()
    c = scene.customer()
    assert scene.leg_refused(c, "bridge", call_control_id=c) == "422/90015"


# Transfer


def _transferred(scene: Scene, c: str, **more: object) -> str:
    scene.leg(c, "transfer", to=MANUAL_NUMBER, **more)
    return list(scene.world.legs)[-1]


def test_a_transfer_dials_the_target_and_bridges_it_on_answer() -> None:
    scene = Scene()
    c = scene.customer()
    scene.take()
    state = base64.b64encode(b"target").decode()
    b = _transferred(scene, c, target_leg_client_state=state)
    payload = scene.payload("call.initiated")
    assert payload["client_state"] == state
    assert payload["direction"] == "outgoing"
    assert payload["call_session_id"] == scene.world.legs[c].session_id
    scene.after(1)
    assert scene.hears(c) == {"ringing"}
    scene.world.party_answers(b)
    assert scene.hears(c) == {b}
    assert scene.events() == ["call.answered", "call.bridged", "call.bridged"]


def test_a_transfer_shows_the_original_to_unless_told_otherwise() -> None:
    scene = Scene()
    c = scene.customer()
    assert scene.world.legs[_transferred(scene, c)].from_ == OURS
    assert scene.leg_refused(c, "transfer", to=MANUAL_NUMBER, **{"from": "+12025550199"}) == "403/10010"


def test_without_early_media_the_path_leg_hears_no_ringback() -> None:
    scene = Scene()
    c = scene.customer()
    _transferred(scene, c, early_media=False)
    scene.after(1)
    assert scene.hears(c) == set()


def test_a_failed_transfer_leaves_the_path_leg_alive_and_commandable() -> None:
    scene = Scene()
    c = scene.customer()
    b = _transferred(scene, c)
    scene.world.party_is_busy(b)
    assert scene.alive(c)
    assert scene.hears(c) == set()
    scene.leg(c, "speak", payload="Sorry", voice="v")
    assert scene.hears(c) == {"speech"}


def test_a_transfers_audio_is_heard_by_the_target_before_the_bridge() -> None:
    scene = Scene()
    scene.upload("brief", 3)
    c = scene.customer()
    b = _transferred(scene, c, media_name="brief")
    scene.after(1)
    scene.world.party_answers(b)
    assert scene.hears(b) == {"playback"}
    assert b not in scene.hears(c)
    scene.after(3)
    assert scene.hears(b) == {c}


def test_stopping_a_transfers_audio_bridges_at_once() -> None:
    scene = Scene()
    scene.upload("brief", 3)
    c = scene.customer()
    b = _transferred(scene, c, media_name="brief")
    scene.world.party_answers(b)
    scene.leg(b, "playback_stop")
    assert scene.hears(b) == {c}


def test_a_missing_audio_file_does_not_stop_the_transfer() -> None:
    scene = Scene()
    c = scene.customer()
    b = _transferred(scene, c, media_name="nowhere")
    scene.world.party_answers(b)
    assert scene.hears(b) == {c}


def test_the_target_of_a_dead_caller_rings_on_and_is_parked_on_answer() -> None:
    scene = Scene()
    c = scene.customer()
    b = _transferred(scene, c)
    scene.world.party_hangs_up(c)
    assert scene.alive(b)
    scene.world.party_answers(b)
    assert scene.hears(b) == set()


def test_a_transfer_parks_the_customer_after_the_bridge_where_asked() -> None:
    scene = Scene()
    c = scene.customer()
    b = _transferred(scene, c, park_after_unbridge="self")
    scene.world.party_answers(b)
    scene.world.party_hangs_up(b)
    assert scene.alive(c)
