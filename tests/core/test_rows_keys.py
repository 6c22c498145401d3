"""Row LAW-5, and the keys that work in every state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.core.stories import FOR_EVER, OTHER, Story, aside, consult, held, talk, three
from tests.pair import MARIA
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.terms import Result, State

row = pytest.mark.row


def _same(before: Desk, after: Desk) -> bool:
    return replace(after, now=before.now) == before


# --- LAW-5: pending keys ------------------------------------------------------------------------------------


@row("LAW-5")
def test_a_second_press_of_a_pending_key_is_absorbed() -> None:
    story = talk()
    story.keep("reply Hold", "reply ReadRoom")
    story.key("hold")
    before = story.desk
    story.press("hold")
    assert story.asked == ()
    assert _same(before, story.desk)
    assert story.requests() == ["Hold C"]


@row("LAW-5")
def test_while_a_key_is_pending_another_answers_that_it_waits() -> None:
    story = consult()
    story.keep("reply Unhold", "reply ReadRoom")
    story.key("merge")
    story.fresh()
    for verb in ("swap", "complete"):
        story.press(verb)
        assert (story.rows, story.asked) == (("LAW-5",), ())
    assert story.told("waiting for merge")
    assert story.state() is State.THREE


@row("LAW-5", "CONSULT-5")
def test_back_cancels_a_pending_merge() -> None:
    story = consult()
    story.keep("reply Unhold", "reply ReadRoom")
    story.key("merge")
    story.key("back")
    story.let_go()
    story.until(State.TALK, limit=8_000)
    story.pass_time(8_000)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    assert not story.alive("B")


@row("LAW-5", "KEY-x")
def test_x_works_while_a_key_is_pending() -> None:
    story = talk()
    story.keep("reply Hold", "reply ReadRoom")
    story.key("consult", MARIA)
    story.key("drop")
    assert not story.alive("B")
    story.let_go()
    story.until(State.TALK, limit=5_000)
    assert story.hears("C") == "A"


# --- the free keys ------------------------------------------------------------------------------------------


@row("KEY-x")
@pytest.mark.parametrize("begin", [talk, held])
def test_a_customer_is_hung_up_by_two_presses_within_two_seconds_with_a_reason(
    begin: Callable[[], Story],
) -> None:
    story = begin()
    story.key("drop")
    story.pass_time(2_100)
    story.key("drop")
    assert story.alive("C"), "the first press is too long ago"
    story.key("drop")
    assert not story.alive("C")
    assert (story.state(), story.call.outcome) == (State.WRAP, Result.ENDED)
    assert story.told("Hung up Ms Ortiz: ended normally")


@row("KEY-x")
def test_a_target_is_dropped_by_one_press() -> None:
    story = three()
    story.key("drop")
    assert not story.alive("B")
    story.until(State.TALK, limit=1_000)
    assert story.hears("C") == "A"


@row("KEY-k")
def test_digits_go_to_the_leg_that_was_named() -> None:
    story = consult()
    story.key("keypad", text="12#")
    assert story.requests() == ["SendDigits B"]
    story.key("keypad", leg="c1.C", text="9")
    assert story.requests()[-1] == "SendDigits C"


@row("KEY-space")
def test_space_mutes_and_unmutes_the_agents_own_line() -> None:
    story = talk()
    story.key("mute")
    assert (story.hears("C"), story.hears("A")) == ("nothing", "C")
    story.pass_time(5_000)
    assert story.settled(State.TALK), "a partner muted by A's own key is a partner (I1)"
    assert story.requests() == ["Mute A"]
    story.key("mute")
    assert story.hears("C") == "A"


@row("KEY-space")
def test_an_unmute_does_not_wait_for_the_proof_of_the_mute() -> None:
    story = talk()
    story.fault("participants", times=FOR_EVER, status=422, code="90032")
    story.key("mute")
    assert story.truly("C") == "nothing"
    story.key("mute")
    assert story.truly("C") == "A"
    story.mend()
    story.pass_time(2_000)
    assert (story.hears("C"), story.leg("A").pending) == ("A", ())


@row("KEY-space")
@pytest.mark.parametrize("works", [True, False])
def test_an_unmute_waits_half_a_second_for_a_mute_of_unknown_outcome(works: bool) -> None:
    story = talk()
    story.fault("mute", status=503, code="10007", works=works)
    story.fault("participants", times=FOR_EVER, status=422, code="90032")
    story.key("mute")
    story.key("mute")
    assert not story.asked_for("Unmute", "A")
    story.pass_time(700)
    assert story.asked_for("Unmute", "A")
    assert story.truly("C") == "A"


@row("KEY-x")
def test_dropping_a_target_who_is_being_parted_with_leaves_the_next_one_alone() -> None:
    story = aside()
    story.does("B", "answers")
    story.key("back")
    story.press("aside", OTHER)
    story.key("drop", leg="c1.B1")
    story.quiet()
    assert not story.world.legs[story.ccid("c1.B1")].alive
    assert (story.state(), story.call.target) == (State.ASIDE, "c1.B2")
    assert story.alive("c1.B2")


@row("LAW-4")
def test_an_unmute_that_overtakes_the_proof_of_the_mute_and_is_refused_leaves_the_agent_muted() -> None:
    story = talk()
    story.keep("reply ReadRoom")
    story.key("mute")
    story.fault("unmute", "A", status=401, code="10009")
    story.key("mute")
    assert story.told("Mute could not be changed")
    story.let_go()
    story.pass_time(3_000)
    assert story.desk.line.mute
    assert story.leg("A").muted


@row("ANY-8")
@pytest.mark.parametrize("begin", [talk, held, consult, three])
def test_leaving_a_guardian_in_charge_hangs_nobody_up_and_then_the_rows_of_a_lost_console_do(
    begin: Callable[[], Story],
) -> None:
    story = begin()
    up = [leg.id for leg in story.desk.legs.values() if leg.up]
    story.press("quit", text="guardian")
    assert (story.rows, story.asked) == (("ANY-8",), ())
    assert [leg.id for leg in story.desk.legs.values() if leg.up] == up
    story.lose_console()
    story.until(State.THREE if begin is three else State.TALK)
    assert story.hears("A")
