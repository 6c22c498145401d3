"""Rows SWAPPED: A talks with C again, and B is on hold."""

from __future__ import annotations

import pytest

from tests.core.stories import FOR_EVER, consult, swapped
from warmxfer_tui.core.terms import Result, State
from warmxfer_tui.core.words import CUSTOMER_LEFT, NO_TRANSFER

row = pytest.mark.row


@row("SWAPPED-1")
def test_a_held_target_who_leaves_is_a_toast_and_the_talk_goes_on() -> None:
    story = swapped()
    story.does("B", "hangs up")
    story.until(State.TALK, limit=1_000)
    story.pass_time(3_000)
    assert story.c_heard() == ["A"]
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    assert story.told("target left")
    assert story.call.consult_outcome is Result.TARGET_LEFT
    assert "SWAPPED-1" in story.fired
    assert not [r for r in story.requests() if r.endswith(" C")]


@row("SWAPPED-2")
def test_when_the_customer_leaves_the_target_comes_to_the_agent_and_both_are_told() -> None:
    story = swapped()
    story.does("C", "hangs up")
    story.run(lambda pair: story.truly("A") == "B" or "B" in story.truly("A").split("+"), 1_000)
    assert story.state() is State.CONSULT
    story.pass_time(5_000)
    assert (story.hears("A"), story.hears("B")) == ("B", "A")
    assert story.said("A") == story.said("B") == [CUSTOMER_LEFT]
    assert "Unhold B" in story.requests()


@row("SWAPPED-3")
@pytest.mark.parametrize("status", [422, 503])
def test_a_swap_whose_second_half_fails_is_undone_so_that_one_pair_always_talks(status: int) -> None:
    story = consult()
    story.fault("unhold", "C", times=FOR_EVER, status=status, code="10015")
    story.key("swap")
    both_held = story.now
    story.run(lambda pair: story.truly("B") == "A", 15_000)
    assert story.now - both_held <= 3_000, "I2: both on hold for three seconds at most"
    story.until(State.CONSULT, limit=5_000)
    assert (story.hears("C"), story.hears("A"), story.hears("B")) == ("hold", "B", "A")
    assert story.told("The swap could not be done")
    assert story.c_heard() == ["hold"]


@row("SWAPPED-3")
@pytest.mark.parametrize("status", [422, 503])
def test_a_swap_back_whose_second_half_fails_is_undone_as_well(status: int) -> None:
    story = swapped()
    story.fault("unhold", "B", times=FOR_EVER, status=status, code="10015")
    story.key("swap")
    both_held = story.now
    story.run(lambda pair: story.truly("C") == "A", 15_000)
    assert story.now - both_held <= 3_000
    story.until(State.SWAPPED, limit=5_000)
    assert (story.hears("C"), story.hears("A"), story.hears("B")) == ("A", "C", "hold")


@row("SWAPPED-3")
@pytest.mark.parametrize("status", [422, 503])
def test_a_swap_whose_first_half_fails_changes_nothing(status: int) -> None:
    story = consult()
    story.fault("hold", "B", times=FOR_EVER, status=status, code="10015")
    story.key("swap")
    story.run(lambda pair: pair.settled(State.CONSULT), 15_000)
    assert (story.hears("C"), story.hears("A"), story.hears("B")) == ("hold", "B", "A")
    assert story.asked_for("Unhold", "C") == []
    assert story.told("The swap could not be done")


@row("SWAPPED-4")
def test_back_tells_the_held_target_and_goes_on_talking() -> None:
    story = swapped()
    story.key("back")
    story.until(State.TALK, limit=1_000)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    story.pass_time(8_000)
    assert story.said("B") == [NO_TRANSFER]
    assert not story.alive("B")
    assert story.c_heard() == ["A"]


@row("SWAPPED-5")
def test_merge_unholds_the_target() -> None:
    story = swapped()
    story.key("merge")
    assert story.settled(State.THREE)
    assert story.requests() == ["Unhold B"]
    assert (story.hears("C"), story.hears("A"), story.hears("B")) == ("A+B", "B+C", "A+C")
    assert story.c_heard() == ["A", "A+B"]


@row("SWAPPED-6")
def test_complete_unholds_the_target_proves_it_and_releases_the_agent() -> None:
    story = swapped()
    story.keep("reply ReadRoom")
    story.key("complete")
    story.pass_time(500)
    assert story.requests() == ["Unhold B"]
    story.let_go()
    story.until(State.WATCH, limit=3_000)
    assert story.requests() == ["Unhold B", "Leave A"]
    assert (story.hears("C"), story.hears("B")) == ("B", "C")
    assert story.longest_silence() == 0
