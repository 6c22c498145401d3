"""Rows HELD: a customer on hold leaves, or cannot be taken off hold."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.core.stories import FOR_EVER, calling, held
from warmxfer_tui.core.terms import Result, State
from warmxfer_tui.simulator.world import Knobs

row = pytest.mark.row


@row("HELD-3")
def test_a_customer_who_hangs_up_on_hold_is_logged_with_the_seconds() -> None:
    story = held()
    story.pass_time(12_000)
    story.does("C", "hangs up")
    assert (story.state(), story.call.outcome) == (State.WRAP, Result.ABANDONED_ON_HOLD)
    assert story.told("hung up after 12 s on hold")
    assert story.requests() == ["Leave A"]


@row("HELD-4")
def test_an_unhold_that_fails_is_tried_again_with_hold_sound_all_the_while() -> None:
    story = held()
    story.flat("unhold", times=2)
    story.key("hold")
    assert story.hears("C") == "hold"
    story.until(State.TALK, limit=5_000)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    assert story.c_heard() == ["hold", "A"]
    assert len(story.world.rooms) == 1


@row("HELD-4")
@pytest.mark.parametrize("joining", ["move", "refuse"])
@pytest.mark.parametrize("status", [422, 503])
def test_an_unhold_that_never_works_ends_in_a_new_room(joining: str, status: int) -> None:
    story = held(knobs=Knobs(join_from_other_room=joining))  # type: ignore[arg-type]
    story.fault("unhold", times=FOR_EVER, status=status, code="10015")
    story.key("hold")
    story.until(State.TALK, limit=30_000)
    story.pass_time(1_000)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    assert len(story.world.rooms) == 2
    assert story.longest_silence() <= 2_000
    assert story.told("a new room is made")


@row("HELD-5")
@pytest.mark.parametrize("status", [0, 503])
def test_an_unhold_that_worked_without_a_reply_is_confirmed_within_two_seconds(status: int) -> None:
    story = held()
    story.fault("unhold", status=status, works=True)
    begin = story.now
    story.key("hold")
    story.until(State.TALK, limit=3_000)
    assert story.now - begin <= 2_000
    assert story.asked_for("ReadRoom")
    assert len(story.asked_for("Unhold")) == 1
    assert "HELD-5" in story.fired
    assert story.hears("C") == "A"


@row("HELD-5")
def test_a_reply_that_never_comes_is_replaced_by_a_read() -> None:
    story = held()
    story.keep("reply Unhold")
    begin = story.now
    story.key("hold")
    story.until(State.TALK, limit=3_000)
    assert story.now - begin <= 2_000
    assert story.hears("C") == "A"


@row("HELD-h")
def test_hold_sound_is_asked_for_again_before_the_file_has_run_out() -> None:
    story = held(hold_length=60_000, knobs=Knobs(hold_media="once", hold_twice="restart"))
    story.pass_time(200_000)
    holds = story.asked_for("Hold", "C")
    assert len(holds) >= 3
    gaps = [b.at - a.at for a, b in pairwise(holds)]
    assert all(gap <= 60_000 for gap in gaps)
    assert story.hears("C") == "hold"


@row("HELD-4")
def test_a_way_back_to_the_customer_while_the_target_rings_ends_in_a_new_room_too() -> None:
    story = calling()
    story.flat("unhold")
    story.key("swap")
    story.until(State.ASIDE, limit=30_000)
    story.pass_time(1_000)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    assert len(story.world.rooms) == 2
    assert story.longest_silence() <= 1_000
