"""How legs begin, ring, are answered and end."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from .scene import APP, CUSTOMER, MANUAL_NUMBER, OURS, Scene

STATE = base64.b64encode(b"state").decode()


def test_a_call_that_rings_in_is_parked_and_hears_ringing() -> None:
    scene = Scene()
    c = scene.rings()
    payload = scene.payload("call.initiated")
    assert (payload["state"], payload["direction"]) == ("parked", "incoming")
    assert (payload["from"], payload["to"], payload["caller_id_name"]) == (CUSTOMER, OURS, "Ada Byron")
    assert scene.hears(c) == {"ringing"}


def test_the_200_of_answer_is_not_the_answer() -> None:
    scene = Scene()
    c = scene.rings()
    scene.leg(c, "answer")
    assert scene.refused("POST", "/conferences", call_control_id=c, name="wx-1") == "422/90034"
    assert scene.events(c) == ["call.initiated"]
    scene.after(0.1)
    assert scene.events(c) == ["call.answered"]
    scene.create(c)


def test_a_caller_who_gives_up_before_the_answer_takes_effect_is_gone() -> None:
    scene = Scene()
    c = scene.rings()
    scene.leg(c, "answer")
    scene.world.party_hangs_up(c)
    scene.after(1)
    assert scene.events(c) == ["call.initiated", "call.hangup"]


def test_a_dial_replies_at_once_and_reports_is_alive_false() -> None:
    scene = Scene()
    data = scene.ask("POST", "/calls", **scene.dial_body(client_state=STATE))["data"]
    assert data["is_alive"] is False
    assert data["client_state"] == STATE
    payload = scene.payload("call.initiated")
    assert (payload["state"], payload["direction"]) == ("bridging", "outgoing")
    assert payload["call_control_id"] == data["call_control_id"]


def test_ids_have_their_documented_forms() -> None:
    scene = Scene()
    leg = scene.world.legs[scene.dial()]
    assert leg.ccid.startswith("v3:")
    assert len(leg.ccid) == 57
    assert [len(part) for part in leg.leg_id.split("-")] == [8, 4, 4, 4, 12]
    assert leg.session_id != leg.leg_id


@pytest.mark.parametrize(
    ("more", "cause"),
    [({}, "timeout"), ({"retry_on_timeout": False}, "no_answer")],
    ids=["timeout", "no answer"],
)
def test_a_ring_ends_at_its_timeout(more: dict[str, object], cause: str) -> None:
    scene = Scene()
    b = scene.dial(timeout_secs=10, **more)
    scene.after(9.9)
    assert scene.alive(b)
    scene.after(0.1)
    assert scene.payload("call.hangup")["hangup_cause"] == cause


def test_a_ring_times_out_after_thirty_seconds_by_default() -> None:
    scene = Scene()
    b = scene.dial()
    scene.after(29.9)
    assert scene.alive(b)
    scene.after(0.1)
    assert not scene.alive(b)


def test_a_leg_dies_at_its_time_limit_counted_from_the_answer() -> None:
    scene = Scene()
    b = scene.dial(time_limit_secs=30)
    scene.after(20)
    scene.world.party_answers(b)
    scene.after(29.9)
    assert scene.alive(b)
    scene.after(0.1)
    assert scene.payload("call.hangup")["hangup_cause"] == "time_limit"


def test_the_hang_up_codes_of_the_suggested_mapping() -> None:
    scene = Scene()
    b = scene.dial()
    scene.world.party_is_busy(b)
    assert scene.hung_up(b) == ("user_busy", "486", "callee")
    b = scene.dial()
    scene.world.party_declines(b)
    assert scene.hung_up(b) == ("call_rejected", "603", "callee")
    b = scene.dial()
    scene.leg(b, "hangup")
    assert scene.hung_up(b) == ("originator_cancel", "487", "caller")
    b = scene.party()
    scene.world.party_hangs_up(b)
    assert scene.hung_up(b) == ("normal_clearing", "200", "callee")
    c = scene.rings()
    scene.world.party_hangs_up(c)
    assert scene.hung_up(c) == ("originator_cancel", "487", "caller")
    c = scene.customer()
    scene.leg(c, "hangup")
    assert scene.hung_up(c) == ("normal_clearing", "200", "callee")


@pytest.mark.parametrize(
    ("cause", "expected"),
    [("CALL_REJECTED", ("call_rejected", "603")), ("USER_BUSY", ("user_busy", "486"))],
)
def test_reject_turns_a_ringing_caller_away(cause: str, expected: tuple[str, str]) -> None:
    scene = Scene()
    c = scene.rings()
    scene.leg(c, "reject", cause=cause)
    assert scene.hung_up(c)[:2] == expected


def test_an_unhandled_inbound_call_is_dropped_only_where_the_application_says_so() -> None:
    patient = Scene()
    c = patient.rings()
    patient.after(3_600)
    assert patient.alive(c)
    app = replace(APP, first_command_timeout=True, first_command_timeout_secs=30)
    strict = Scene(app=app)
    handled, noted, unhandled = strict.rings(), strict.rings(), strict.rings()
    strict.leg(handled, "answer")
    strict.ask("PUT", f"/calls/{noted}/actions/client_state_update", client_state=STATE)
    strict.after(31)
    assert strict.alive(handled)
    assert strict.alive(noted)
    assert not strict.alive(unhandled)


def test_link_to_shares_the_session_and_bridge_intent_the_caller_id() -> None:
    scene = Scene()
    c = scene.customer()
    b = scene.dial(link_to=c, bridge_intent=True)
    legs = scene.world.legs
    assert legs[b].session_id == legs[c].session_id
    assert legs[b].from_ == CUSTOMER
    assert legs[scene.dial()].session_id != legs[c].session_id


def test_digits_after_a_comma_are_sent_on_answer_unless_given_apart() -> None:
    scene = Scene()
    b = scene.party(f"{MANUAL_NUMBER},200")
    assert scene.world.legs[b].digits_heard == "200"
    b = scene.party(f"{MANUAL_NUMBER},200", send_digits_on_answer="w7#")
    assert scene.world.legs[b].digits_heard == "w7#"
    scene.leg(b, "send_dtmf", digits="12")
    assert scene.world.legs[b].digits_heard == "w7#12"


def test_media_of_a_dial_are_played_to_the_callee_on_answer() -> None:
    scene = Scene()
    scene.upload("tone", 2)
    b = scene.party(media_name="tone")
    assert scene.hears(b) == {"playback"}
    scene.after(2)
    assert scene.hears(b) == set()
    assert scene.events(b)[1:] == ["call.answered", "call.playback.started", "call.playback.ended"]
