"""The knobs of telnyx-facts §6.2 about legs, bridges, dials and reads, each at every alternative."""

from __future__ import annotations

import pytest

from .scene import MANUAL_NUMBER
from .turning import scene_with, turned

UNKNOWN = "v3:" + "x" * 54


@turned("unknown_leg", "422/90015", "404/10005")
def test_1_a_command_on_an_unknown_leg(value: str) -> None:
    assert scene_with(unknown_leg=value).leg_refused(UNKNOWN, "hangup") == value


@turned("unknown_leg_read", "422/90015", "404/10005")
def test_2_a_read_of_an_unknown_leg_and_of_one_dead_for_over_ten_minutes(value: str) -> None:
    scene = scene_with(unknown_leg_read=value)
    assert scene.refused("GET", f"/calls/{UNKNOWN}") == value
    b = scene.party()
    scene.leg(b, "hangup")
    scene.after(600)
    assert scene.get(f"/calls/{b}")["is_alive"] is False
    scene.after(1)
    assert scene.refused("GET", f"/calls/{b}") == "404/10005"


@turned("ended_leg", "422/90018", "404 after 10 min")
def test_3_a_command_on_an_ended_leg(value: str) -> None:
    scene = scene_with(ended_leg=value)
    b = scene.party()
    scene.leg(b, "hangup")
    scene.after(600)
    assert scene.leg_refused(b, "hangup") == "422/90018"
    scene.after(1)
    assert scene.leg_refused(b, "hangup") == ("422/90018" if value == "422/90018" else "404/10005")


@turned("transfer_unbridges", "on answer", "at dial")
def test_25_when_a_transfer_takes_the_path_leg_from_its_peer(value: str) -> None:
    scene = scene_with(transfer_unbridges=value)
    c, a = scene.customer(), scene.party()
    scene.leg(c, "bridge", call_control_id=a)
    scene.leg(c, "transfer", to=MANUAL_NUMBER)
    b = list(scene.world.legs)[-1]
    assert scene.alive(a) is (value == "on answer")
    assert (a in scene.hears(c)) is (value == "on answer")
    scene.world.party_answers(b)
    assert not scene.alive(a)
    assert scene.hears(c) == {b}


@turned("transfer_bridged", "both", "target")
def test_26_who_is_told_of_a_transfers_bridge(value: str) -> None:
    scene = scene_with(transfer_bridged=value)
    c = scene.customer()
    scene.leg(c, "transfer", to=MANUAL_NUMBER)
    b = list(scene.world.legs)[-1]
    scene.world.party_answers(b)
    told = [hook.leg for hook in scene.take() if hook.event_type == "call.bridged"]
    assert told == ([c, b] if value == "both" else [b])


@turned("transfer_failure", "stays as before")
def test_27_a_failed_transfer_leaves_the_bridge(value: str) -> None:
    scene = scene_with(transfer_failure=value)
    c, a = scene.customer(), scene.party()
    scene.leg(c, "bridge", call_control_id=a)
    scene.leg(c, "transfer", to=MANUAL_NUMBER)
    scene.world.party_declines(list(scene.world.legs)[-1])
    assert scene.hears(c) == {a}


@turned("bridge_of_member", "leaves the room", "422")
def test_28_transfer_or_bridge_of_a_member(value: str) -> None:
    scene = scene_with(bridge_of_member=value)
    _, c, a = scene.talk()
    b = scene.party()
    if value == "422":
        assert scene.leg_refused(c, "transfer", to=MANUAL_NUMBER) == "422/10015"
        assert scene.leg_refused(b, "bridge", call_control_id=c) == "422/10015"
        assert scene.hears(c) == {a}
    else:
        scene.take()
        scene.leg(c, "transfer", to=MANUAL_NUMBER)
        assert scene.events() == ["conference.participant.left", "call.initiated"]
        assert scene.hears(a) == set()


@turned("bridge_unanswered", "422/90034", "waits")
def test_29_bridge_to_an_unanswered_leg(value: str) -> None:
    scene = scene_with(bridge_unanswered=value)
    c, b = scene.customer(), scene.dial()
    if value == "422/90034":
        assert scene.leg_refused(c, "bridge", call_control_id=b) == value
        scene.world.party_answers(b)
        assert scene.hears(c) == set()
    else:
        scene.leg(c, "bridge", call_control_id=b, park_after_unbridge="self")
        scene.after(1)
        assert scene.hears(c) == set()
        scene.world.party_answers(b)
        assert scene.hears(c) == {b}
        scene.world.party_hangs_up(b)
        assert scene.alive(c)


@turned("bridge_bridged", "steal", "422")
def test_30_bridge_to_a_bridged_target(value: str) -> None:
    scene = scene_with(bridge_bridged=value)
    c, a, b = scene.customer(), scene.party(), scene.party()
    scene.leg(c, "bridge", call_control_id=a)
    if value == "steal":
        scene.leg(b, "bridge", call_control_id=a)
        assert scene.hears(b) == {a}
        assert not scene.alive(c)
    else:
        assert scene.leg_refused(b, "bridge", call_control_id=a) == "422/10015"
        assert scene.hears(c) == {a}


@turned("refusal_code", "10015", "90044")
def test_31_the_code_of_a_prevented_double_bridge(value: str) -> None:
    scene = scene_with(refusal_code=value)
    c, a, b = scene.customer(), scene.party(), scene.party()
    scene.leg(c, "bridge", call_control_id=a)
    refused = scene.leg_refused(b, "bridge", call_control_id=a, prevent_double_bridge=True)
    assert refused == f"422/{value}"


@turned("bridge_again", "200", "422")
def test_32_bridge_of_two_that_are_bridged_together(value: str) -> None:
    scene = scene_with(bridge_again=value)
    c, a = scene.customer(), scene.party()
    scene.leg(c, "bridge", call_control_id=a)
    scene.take()
    if value == "200":
        scene.leg(c, "bridge", call_control_id=a, park_after_unbridge="self")
        assert scene.events() == []
    else:
        refused = scene.leg_refused(c, "bridge", call_control_id=a, park_after_unbridge="self")
        assert refused == "422/10015"
    scene.world.party_hangs_up(a)
    assert scene.alive(c) is (value == "200")


@turned("hold_after_unbridge", "silence", "tune")
def test_33_hold_after_unbridge_parks(value: str) -> None:
    scene = scene_with(hold_after_unbridge=value)
    c, a = scene.customer(), scene.party()
    scene.leg(c, "bridge", call_control_id=a, hold_after_unbridge=True)
    scene.world.party_hangs_up(a)
    assert scene.alive(c)
    assert scene.hears(c) == (set() if value == "silence" else {"hold"})
    b = scene.party()
    scene.leg(c, "bridge", call_control_id=b)
    assert scene.hears(c) == {b}


@turned("playback_on_connect", "stops", "continues")
@pytest.mark.parametrize("by", ["bridge", "join"])
def test_34_playback_when_its_leg_is_connected(value: str, by: str) -> None:
    scene = scene_with(playback_on_connect=value)
    room, c, a = scene.talk()
    b = scene.party()
    scene.leg(b, "playback_start", media_name="hold", loop="infinity")
    scene.take()
    if by == "join":
        scene.room(room, "join", call_control_id=b)
    else:
        scene.leg(b, "bridge", call_control_id=c)
    others = {a, c} if by == "join" else {c}
    if value == "stops":
        assert scene.payload("call.playback.ended")["status"] == "cancelled"
        assert scene.hears(b) == others
    else:
        assert scene.hears(b) == {*others, "playback"}


@turned("parked_limit_secs", None, 20)
def test_35_a_parked_leg_may_have_a_limit(value: int | None) -> None:
    scene = scene_with(parked_limit_secs=value)
    room, _, a = scene.talk()
    scene.after(60)
    assert scene.alive(a), "a member is not parked"
    scene.room(room, "leave", call_control_id=a)
    scene.after(19)
    scene.room(room, "join", call_control_id=a)
    scene.after(60)
    assert scene.alive(a), "it was connected in time"
    scene.room(room, "leave", call_control_id=a)
    scene.after(20)
    assert scene.alive(a) is (value is None)


@turned("dial_command_id", "60 s", "422", "for ever", "not at all")
def test_36_a_dial_repeated_with_its_command_id(value: str) -> None:
    scene = scene_with(dial_command_id=value)
    body = scene.dial_body(command_id="once")
    first = scene.ask("POST", "/calls", **body)
    if value == "422":
        assert scene.refused("POST", "/calls", **body) == "422/10015"
    else:
        same = scene.ask("POST", "/calls", **body) == first
        assert same is (value != "not at all")
    scene.after(61)
    scene.leg(scene.party(), "hangup", command_id="other")
    later = scene.ask("POST", "/calls", **body)
    assert (later == first) is (value == "for ever")


@turned("client_state", "422/90017")
def test_37_a_client_state_that_is_not_base64(value: str) -> None:
    scene = scene_with(client_state=value)
    assert scene.refused("POST", "/calls", **scene.dial_body(client_state="a")) == value


@turned("webhook_url_scope", "leg", "command")
def test_42_how_long_a_webhook_url_holds(value: str) -> None:
    scene = scene_with(webhook_url_scope=value)
    there = "https://elsewhere.example/hook"
    b = scene.dial(webhook_url=there)
    assert scene.take()[0].url == there
    scene.world.party_answers(b)
    assert scene.take()[0].url == (there if value == "leg" else None)
    c = scene.rings()
    scene.leg(c, "answer", webhook_urls={"call.hangup": [there]})
    scene.after(1)
    scene.take()
    scene.world.party_hangs_up(c)
    assert scene.take()[0].url == (there if value == "leg" else None)


@turned("call_duration", "since answer", "since start")
def test_49_what_call_duration_counts(value: str) -> None:
    scene = scene_with(call_duration=value)
    b = scene.dial()
    scene.after(5)
    assert scene.get(f"/calls/{b}")["call_duration"] == (0 if value == "since answer" else 5)
    scene.world.party_answers(b)
    scene.after(7.9)
    assert scene.get(f"/calls/{b}")["call_duration"] == (7 if value == "since answer" else 12)


@turned("late_media_failure", "200, playback.ended")
def test_51_a_leg_playback_whose_file_is_missing(value: str) -> None:
    scene = scene_with(late_media_failure=value)
    c = scene.customer()
    scene.take()
    scene.leg(c, "playback_start", media_name="nowhere")
    assert scene.payload("call.playback.ended")["status"] == "file_not_found"


@turned("ringing_is_alive", True, False)
def test_56_is_alive_of_a_ringing_leg(value: bool) -> None:
    scene = scene_with(ringing_is_alive=value)
    b = scene.dial()
    assert scene.get(f"/calls/{b}")["is_alive"] is value
    scene.world.party_answers(b)
    assert scene.get(f"/calls/{b}")["is_alive"] is True


@turned("reads_lag_ms", 1000, 10000, 30000)
def test_57_call_events_and_active_calls_trail_the_truth(value: int) -> None:
    scene = scene_with(reads_lag_ms=value)
    c = scene.rings()
    calls = f"/connections/{scene.world.account.connection_id}/active_calls"
    scene.after(value / 1_000 - 0.001)
    assert scene.get(calls) == []
    assert scene.get("/call_events") == []
    scene.after(0.002)
    assert [row["call_control_id"] for row in scene.get(calls)] == [c]
    assert [row["name"] for row in scene.get("/call_events")] == ["call.initiated"]
    scene.world.party_hangs_up(c)
    assert len(scene.get(calls)) == 1
    scene.after(value / 1_000 + 0.001)
    assert scene.get(calls) == []
