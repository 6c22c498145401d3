"""Rows CHANGE ("Changing calls"): one line, several customers."""

from __future__ import annotations

import pytest

from tests.core.stories import FOR_EVER, OTHER, Story, calling, consult, two_calls
from tests.core.stories import talk as talk_
from warmxfer_tui.core.actions import Off, allowed
from warmxfer_tui.core.terms import CallId, State

row = pytest.mark.row


def talk_with_ring() -> Story:
    """A talks with C; another customer rings."""
    story = talk_()
    story.ring_in(OTHER, "Mr Berg")
    story.quiet()
    assert story.state("c2") is State.RING
    return story.fresh()


@row("CHANGE-1")
def test_the_order_of_a_change_is_hold_leave_join_unhold() -> None:
    story = two_calls()
    assert (story.hears("C"), story.hears("c2.C")) == ("hold", "A")
    story.key("hold", call="c1")
    story.until(State.TALK)
    assert story.requests() == ["Hold c2.C", "Leave A", "Join A", "Unhold C"]
    assert "CHANGE-1" in story.fired
    assert (story.hears("C"), story.hears("A"), story.hears("c2.C")) == ("A", "C", "hold")
    assert story.settled(State.HELD, "c2")


@row("CHANGE-1")
def test_the_agent_leaves_no_room_before_its_customer_is_proven_held() -> None:
    story = two_calls()
    story.keep("reply ReadRoom")
    story.key("hold", call="c1")
    story.pass_time(1_000)
    assert story.asked_for("Leave", "A") == []
    story.let_go()
    assert story.until(State.TALK, limit=5_000).hears("c2.C") == "hold"


@row("CHANGE-1")
def test_the_other_customer_is_not_unheld_before_the_agent_is_there() -> None:
    story = two_calls()
    story.keep("reply Join", "reply ReadRoom", "webhook conference.participant.joined")
    story.key("hold", call="c1")
    story.pass_time(1_000)
    assert story.asked_for("Unhold", "C") == []
    assert story.truly("C") == "hold"
    story.let_go()
    assert story.until(State.TALK, limit=5_000).hears("C") == "A"


@row("CHANGE-1")
def test_a_second_caller_is_answered_from_the_call_that_the_console_shows() -> None:
    """The key goes with the call on the screen and the leg it named: that leg's call is the one to answer."""
    story = talk_with_ring()
    story.key("answer", call="c1", leg="c2.C")
    story.until(State.TALK, "c2")
    story.until(State.HELD)
    assert (story.hears("C"), story.hears("c2.C")) == ("hold", "A")


def test_a_second_caller_is_rejected_from_the_call_that_the_console_shows() -> None:
    story = talk_with_ring()
    story.key("reject", call="c1", leg="c2.C")
    assert story.requests() == ["Reject c2.C"]
    assert not story.alive("c2.C")
    assert story.hears("C") == "A"


@row("CHANGE-1")
def test_a_change_is_refused_with_the_reason_from_anywhere_but_talk_and_held() -> None:
    story = talk_()
    story.ring_in(OTHER, "Mr Berg")
    story.key("consult", "+12025550118")
    story.until(State.CALLING)
    answer = allowed(story.desk)["answer"]
    assert isinstance(answer, Off)
    assert "your colleague is being called" in answer.reason
    story.fresh().key("answer")
    assert story.requests() == []
    assert (story.state(), story.state("c2")) == (State.CALLING, State.RING)


@row("CHANGE-1")
def test_a_call_whose_agent_is_elsewhere_gets_no_target() -> None:
    story = two_calls()
    answers = allowed(story.desk, CallId("c1"))
    for verb in ("consult", "aside"):
        assert isinstance(answers[verb], Off)
    story.press("consult", "+12025550118", call="c1")
    story.quiet()
    assert story.requests() == []


@row("CHANGE-2", "RING-5")
def test_answering_while_talking_holds_the_first_customer_and_answers_the_second() -> None:
    story = talk_with_ring()
    story.key("answer")
    story.until(State.TALK, "c2")
    assert story.requests() == ["Hold C", "Leave A", "Answer c2.C", "CreateRoom c2.C", "Join A"]
    assert (story.hears("C"), story.hears("A"), story.hears("c2.C")) == ("hold", "c2.C", "A")
    assert story.settled(State.HELD)
    assert story.c_heard() == ["A", "hold"]
    assert len(story.asked_for("Dial")) == 0, "the same line goes from room to room"
    assert "CHANGE-2" in story.fired


@row("CHANGE-2")
def test_the_ringing_customer_is_not_answered_before_the_agent_is_out_of_the_first_room() -> None:
    story = talk_with_ring()
    story.keep("reply ReadRoom")
    story.key("answer")
    story.pass_time(1_000)
    assert story.asked_for("Answer") == []
    assert story.truly("c2.C") == "ringing"
    story.let_go()
    story.until(State.TALK, "c2")


@row("CHANGE-2")
def test_a_first_customer_who_cannot_be_held_is_not_left() -> None:
    story = talk_with_ring()
    story.flat("hold", "C")
    story.key("answer")
    story.pass_time(5_000)
    assert story.truly("C") == "A"
    assert story.asked_for("Leave", "A") == []
    assert story.asked_for("Answer") == []
    assert story.state() is State.TALK, "the talk goes on (TALK-4)"
    assert (story.state("c2"), story.truly("c2.C")) == (State.RING, "ringing")
    assert story.told("could not be held")


@row("CHANGE-3")
@pytest.mark.parametrize("status", [0, 422, 503])
def test_an_agent_who_cannot_get_into_the_other_room_is_back_in_the_first(status: int) -> None:
    story = two_calls()
    (other,) = {leg.room for leg in story.desk.legs.values() if leg.id == "c1.C"}
    story.fault("join", str(other), times=FOR_EVER, status=status, code="10015")
    story.key("hold", call="c1")
    story.until(State.TALK, "c2", limit=20_000)
    assert (story.hears("c2.C"), story.hears("A"), story.hears("C")) == ("A", "c2.C", "hold")
    assert story.settled(State.HELD)
    assert story.told("You could not be connected")


@row("CHANGE-1")
def test_the_end_of_one_call_leaves_the_other_alone() -> None:
    story = two_calls()
    story.does("c2.C", "hangs up")
    story.pass_time(15_000)
    assert story.desk.calls.keys() == {"c1"}
    assert story.hears("C") == "hold"
    story.key("hold")
    assert story.until(State.TALK).hears("C") == "A"


@row("CHANGE-1")
@pytest.mark.parametrize("begin", [calling, consult])
def test_a_second_customer_rings_on_while_the_first_is_being_transferred(begin: object) -> None:
    story: Story = begin()  # type: ignore[operator]
    story.ring_in(OTHER, "Mr Berg")
    story.quiet()
    story.key("answer")
    assert story.requests() == []
    assert (story.truly("c2.C"), story.truly("C")) == ("ringing", "hold")
