"""What the parties do, by themselves and when they are steered."""

from __future__ import annotations

import pytest

from warmxfer_tui.simulator.world import PERSONAS, LegState, Persona, Ring

from .scene import MANUAL_NUMBER, SECOND, Scene


def test_party_actions_are_total() -> None:
    scene = Scene()
    ringing_in, answered, ended = scene.rings(), scene.party(), scene.party()
    scene.leg(ended, "hangup")
    ringing_out = scene.dial()
    world = scene.world
    scene.take()
    for ccid in (ringing_in, answered, ended, "v3:unknown"):
        assert not world.party_answers(ccid)
        assert not world.party_declines(ccid)
        assert not world.party_is_busy(ccid)
    for ccid in (ringing_in, ringing_out, ended, "v3:unknown"):
        assert not world.party_presses(ccid, "1")
    for ccid in (ringing_out, ended, "v3:unknown"):
        assert not world.party_hangs_up(ccid)
    assert not world.party_presses(answered, "x")
    assert scene.take() == ()


def test_a_pressed_key_is_told_with_its_digit() -> None:
    scene = Scene()
    a = scene.party()
    scene.world.party_presses(a, "#")
    assert scene.payload("call.dtmf.received")["digit"] == "#"


@pytest.mark.parametrize(
    ("name", "after", "cause"),
    [("busy", 0.5, "user_busy"), ("declines", 3.0, "call_rejected"), ("wrong-number", 0.5, "not_found")],
)
def test_a_persona_that_does_not_answer_says_why(name: str, after: float, cause: str) -> None:
    scene = Scene()
    (number,) = [number for number, persona in PERSONAS.items() if persona.name == name]
    b = scene.dial(number)
    scene.after(after - 0.01)
    assert scene.alive(b)
    scene.after(0.01)
    assert scene.payload("call.hangup")["hangup_cause"] == cause


@pytest.mark.parametrize("number", [n for n, who in PERSONAS.items() if who.on_ring is Ring.ANSWERS])
def test_a_persona_answers_after_its_delay(number: str) -> None:
    scene = Scene()
    b = scene.dial(number)
    delay = PERSONAS[number].after
    scene.after(delay - 0.01)
    assert scene.world.legs[b].state is LegState.RINGING
    scene.after(0.01)
    assert scene.world.legs[b].state is LegState.ANSWERED


@pytest.mark.parametrize("name", ["never", "manual"])
def test_a_persona_that_lets_it_ring_times_out(name: str) -> None:
    scene = Scene()
    (number,) = [number for number, persona in PERSONAS.items() if persona.name == name]
    scene.dial(number)
    scene.after(30)
    assert scene.payload("call.hangup")["hangup_cause"] == "timeout"


def test_every_persona_has_a_fictional_number_and_its_own_name() -> None:
    assert all(number.startswith("+120255501") and len(number) == 12 for number in PERSONAS)
    assert len({persona.name for persona in PERSONAS.values()}) == len(PERSONAS)


def test_a_sip_address_names_its_persona_and_other_numbers_are_colleagues() -> None:
    scene = Scene()
    legs = scene.world.legs
    assert legs[scene.dial("sip:busy@example.com")].persona.name == "busy"
    assert legs[scene.dial("sip:anybody@example.com")].persona.name == "colleague"
    assert legs[scene.dial("+442071838750")].persona.name == "colleague"


def test_own_personas_come_before_the_built_in_ones() -> None:
    scene = Scene(personas={"+12025550111": Persona("friendly", after=1.0)})
    b = scene.dial("+12025550111")
    scene.after(1)
    assert scene.world.legs[b].answered


def test_a_persona_may_override_its_hang_up_codes() -> None:
    rude = Persona(
        "rude", on_ring=Ring.DECLINES, after=1.0, hangup_cause="unspecified", sip_hangup_cause="480"
    )
    scene = Scene(personas={MANUAL_NUMBER: rude})
    b = scene.dial()
    scene.after(1)
    assert scene.hung_up(b)[:2] == ("unspecified", "480")


def test_the_agents_line_presses_its_digit_a_second_after_hearing_our_sound() -> None:
    scene = Scene()
    a = scene.dial("+12025550101")
    scene.after(5)
    scene.take()
    scene.upload("tone")
    scene.leg(a, "playback_start", media_name="tone")
    scene.after(0.99)
    assert "call.dtmf.received" not in scene.events()
    scene.after(0.01)
    assert scene.payload("call.dtmf.received")["digit"] == "1"
    scene.after(60)
    scene.leg(a, "speak", payload="Once more", voice="v")
    scene.after(10)
    assert "call.dtmf.received" not in scene.events()


def test_a_target_may_hang_up_in_the_middle_of_the_consult() -> None:
    scene = Scene()
    b = scene.dial("+12025550115")
    scene.after(3 + 6)
    assert not scene.alive(b)


def test_an_impatient_customer_leaves_after_ten_seconds_of_unbroken_hold() -> None:
    scene = Scene()
    c, a = scene.customer(PERSONAS["+12025550121"]), scene.party()
    room = scene.create(c)
    scene.room(room, "join", call_control_id=a)
    scene.room(room, "hold", call_control_ids=[c])
    scene.after(9)
    scene.room(room, "unhold", call_control_ids=[c])
    scene.after(30)
    scene.room(room, "hold", call_control_ids=[c])
    scene.after(9.9)
    assert scene.alive(c)
    scene.after(0.1)
    assert not scene.alive(c)


def test_a_hasty_caller_gives_up_ringing() -> None:
    scene = Scene()
    c = scene.world.ring_in("+12025550122")
    assert scene.world.next_due == scene.world.now + 6 * SECOND
    scene.after(6)
    assert not scene.alive(c)
    kept = scene.world.ring_in("+12025550122")
    scene.leg(kept, "answer")
    scene.after(60)
    assert scene.alive(kept)
