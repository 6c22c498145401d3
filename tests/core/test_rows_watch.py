"""Rows WATCH and RESCUE: C and B go on without A, or C waits for A's line."""

from __future__ import annotations

import pytest

from tests.core.stories import OTHER, Story, consult, rescue, watch
from warmxfer_tui.core.actions import Allowed, Off, allowed
from warmxfer_tui.core.terms import LineState, Result, State
from warmxfer_tui.core.words import CLOSING, ONE_MOMENT

row = pytest.mark.row


# --- WATCH --------------------------------------------------------------------------------------------------


@row("WATCH-1")
def test_a_target_who_leaves_early_gives_the_customer_one_moment_and_then_the_agent() -> None:
    story = watch()
    story.pass_time(20_000)
    story.does("B", "hangs up")
    assert story.said("C") == [ONE_MOMENT]
    story.pass_time(1_000)
    assert "hold" in story.truly("C").split("+")
    assert story.state() is State.WATCH
    story.pass_time(1_900)
    assert story.state() is State.WATCH, "one moment lasts 3 s"
    story.pass_time(200)
    assert story.state() in (State.RESCUE, State.TALK)
    story.until(State.TALK)
    story.pass_time(2_000)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    assert story.longest_silence() <= 1_000
    assert story.asked_for("Dial") == [], "the parked line is still up"


@row("WATCH-1")
def test_where_the_line_was_not_kept_the_agents_phone_is_called() -> None:
    story = watch(line_keep=0)
    story.pass_time(10)
    assert story.line is LineState.DOWN
    story.does("B", "hangs up")
    story.pass_time(3_100)
    assert story.state() is State.RESCUE
    assert "Dial A" in story.requests()
    story.line_comes_up()
    story.until(State.TALK)
    story.pass_time(2_000)
    assert story.hears("C") == "A"


@row("WATCH-1")
def test_a_customer_who_hangs_up_in_that_moment_was_served() -> None:
    story = watch()
    story.does("B", "hangs up")
    story.pass_time(1_500)
    story.does("C", "hangs up")
    assert (story.state(), story.call.outcome) == (State.WRAP, Result.COMPLETED)
    story.pass_time(10_000)
    assert story.asked_for("Dial") == []


@row("WATCH-2")
def test_when_the_customer_hangs_up_the_target_is_hung_up() -> None:
    story = watch()
    story.pass_time(10_000)
    story.does("C", "hangs up")
    assert story.requests() == ["Hangup B"]
    assert not story.alive("B")
    assert (story.state(), story.call.outcome) == (State.WRAP, Result.COMPLETED)


@row("WATCH-3")
def test_after_ninety_seconds_the_target_may_leave_and_the_customer_hears_a_closing_sentence() -> None:
    story = watch()
    story.pass_time(91_000)
    story.does("B", "hangs up")
    assert story.said("C") == [CLOSING]
    assert story.truly("C") == "speech"
    story.pass_time(5_100)
    assert not story.alive("C")
    assert (story.state(), story.call.outcome) == (State.WRAP, Result.COMPLETED)
    assert story.asked_for("Dial") == []


@row("WATCH-3")
def test_a_customer_is_not_left_in_silence_after_the_closing_sentence() -> None:
    story = watch()
    story.pass_time(91_000)
    story.fresh().does("B", "hangs up")
    story.run(lambda pair: not story.alive("C"), 5_100)
    assert story.c_heard() == ["B", "speech"], "the sentence, and nothing over it"
    assert story.now - story.asked_for("RoomSpeak", "C")[0].at >= 1_500, "to its end"
    assert story.longest_silence() <= 1_000


@row("WATCH-3")
def test_closing_words_that_cannot_be_spoken_end_after_five_seconds_all_the_same() -> None:
    story = watch()
    story.pass_time(91_000)
    story.flat("speak")
    story.does("B", "hangs up")
    story.pass_time(4_800)
    assert story.alive("C")
    story.pass_time(300)
    assert not story.alive("C")


@row("WATCH-4")
def test_a_transfer_counts_as_completed_after_ninety_seconds() -> None:
    story = watch()
    begin = story.call.since
    story.pass_time(begin + 89_900 - story.now)
    assert story.call.outcome is not Result.COMPLETED
    assert not story.told("it counts as completed")
    story.pass_time(200)
    assert (story.state(), story.call.outcome) == (State.WATCH, Result.COMPLETED)
    assert story.told("it counts as completed")
    assert story.requests() == []
    assert (story.hears("C"), story.hears("B")) == ("B", "C")


@row("WATCH-2")
def test_the_agent_is_free_for_the_next_call_while_the_other_two_talk() -> None:
    story = watch()
    story.ring_in("+12025550121", "Mr Berg")
    story.quiet()
    story.key("answer")
    story.until(State.TALK, "c2")
    assert (story.hears("A"), story.hears("C"), story.state()) == ("c2.C", "B", State.WATCH)


# --- RESCUE -------------------------------------------------------------------------------------------------


@row("RESCUE-0")
def test_the_line_is_called_at_once_and_then_every_twenty_seconds() -> None:
    story = consult()
    begin = story.now
    story.breaks("A")
    story.does("A", "declines")
    assert story.told("Your line: declined. It is called again; [a] calls it now.")
    for n in (1, 2, 3):
        story.pass_time(begin + n * 20_000 - story.now - 500)
        assert len(story.asked_for("Dial")) == n
        story.pass_time(1_000)
        assert len(story.asked_for("Dial")) == n + 1
        story.does("A", "declines")
    assert story.c_heard() == ["hold"]


@row("RESCUE-0")
def test_a_phone_that_nobody_picks_up_is_called_again() -> None:
    story = rescue()
    story.pass_time(65_000)
    assert len(story.asked_for("Dial")) >= 2
    assert story.state() is State.RESCUE
    assert story.c_heard() == ["hold"]


@row("RESCUE-0")
def test_a_calls_the_line_now() -> None:
    story = rescue()
    assert isinstance(allowed(story.desk)["answer"], Off), "it is ringing already"
    story.does("A", "busy")
    story.pass_time(2_000)
    story.fresh()
    assert isinstance(allowed(story.desk)["answer"], Allowed)
    story.key("answer")
    assert story.requests() == ["Dial A"]


@row("RESCUE-0")
def test_only_a_digit_confirms_a_line_that_is_called_back() -> None:
    story = rescue()
    story.does("A", "answers")
    story.key("confirm")
    assert story.line is LineState.PROVING
    answer = allowed(story.desk)["confirm"]
    assert isinstance(answer, Off)
    assert "press a digit" in answer.reason
    assert story.hears("C") == "hold"
    story.does("A", "presses")
    story.until(State.TALK, limit=3_000)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    assert story.c_heard() == ["hold", "A"]


@row("RESCUE-0")
def test_a_line_that_came_up_and_is_lost_again_is_called_again() -> None:
    story = rescue()
    story.flat("join", "A")
    story.line_comes_up()
    story.fresh().breaks("A")
    assert story.desk.notices[-1].text.startswith("Your line: lost.")
    assert story.state() is State.RESCUE
    story.pass_time(21_000)
    assert len(story.asked_for("Dial")) >= 1
    assert story.c_heard() == ["hold"]


@row("RESCUE-1")
@pytest.mark.parametrize("picked_up", [False, True])
def test_a_customer_who_leaves_stops_the_ring_and_is_to_be_called_back(picked_up: bool) -> None:
    story: Story = rescue()
    phone = story.ccid("A")
    if picked_up:
        story.does("A", "answers")
    story.does("C", "hangs up")
    assert not story.world.legs[phone].alive
    assert (story.state(), story.call.outcome) == (State.WRAP, Result.ABANDONED_ON_HOLD)
    assert story.told("call them back")
    story.pass_time(60_000)
    assert story.asked_for("Dial") == []
    assert story.line is LineState.DOWN


@row("WATCH-1")
def test_an_agent_who_is_in_another_call_is_not_taken_from_it() -> None:
    story = watch()
    story.ring_in(OTHER, "Mr Berg")
    story.quiet()
    story.key("answer", call="c2")
    story.until(State.TALK, "c2")
    story.key("consult", "+12025550110", call="c2")
    story.until(State.CONSULT, "c2")
    story.fresh()
    story.does("B", "hangs up")
    story.pass_time(30_000)
    assert story.settled(State.CONSULT, "c2"), "the consult goes on"
    assert story.desk.line.seat == "c2"
    assert story.settled(State.HELD), "and the first customer waits on hold sound"
    assert story.hears("C") == "hold"
    assert story.longest_silence() <= 2_000
    assert story.told("Ms Ortiz is on hold: you are in another call")
    story.key("back", call="c2")
    story.until(State.TALK, "c2")
    story.key("hold", call="c1")
    story.until(State.TALK, "c1")
    assert story.hears("C") == "A"
