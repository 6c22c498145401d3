"""Rows LOST: the console is lost, in each state, and nobody presses a key any more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.core import stories
from tests.core.stories import (
    OTHER,
    Story,
    aside,
    back_with_the_agent,
    blind,
    bridged,
    calling,
    consult,
    held,
    out,
    rescue,
    ring,
    swapped,
    talk,
    three,
    two_calls,
    unattended,
    watch,
)
from tests.pair import CUSTOMER, MARIA
from warmxfer_tui.core.terms import LineState, Result, State
from warmxfer_tui.core.words import NOT_POSSIBLE

row = pytest.mark.row


# --- RING, OUT ----------------------------------------------------------------------------------------------


@row("LOST-RING")
def test_a_customer_who_rings_rings_on_and_one_who_rings_later_too() -> None:
    story = unattended(ring())
    story.pass_time(20_000)
    story.ring_in(OTHER, "Mr Berg")
    story.pass_time(20_000)
    assert story.requests() == []
    assert (story.state(), story.state("c2")) == (State.RING, State.RING)
    story.does("C", "hangs up")
    assert story.state() is State.WRAP


@row("LOST-RING")
def test_a_call_that_was_accepted_is_not_answered_and_the_agents_phone_rings_no_more() -> None:
    story = ring()
    story.key("answer")
    assert story.line is LineState.DIALLING
    unattended(story).pass_time(10_000)
    assert story.asked_for("Answer") == []
    assert (story.state(), story.line) == (State.RING, LineState.DOWN)
    assert story.alive("C")


@row("LOST-RING")
def test_an_answer_that_is_on_its_way_ends_in_talk() -> None:
    story = ring()
    story.key("answer")
    story.keep("webhook call.answered")
    story.does("A", "answers")
    story.let_go()
    story.keep("webhook call.answered", "reply Answer")
    story.does("A", "presses")
    assert story.asked_for("Answer")
    story.lose_console()
    story.let_go()
    story.until(State.TALK, limit=5_000)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")


@row("LOST-RING")
def test_the_customer_who_was_put_on_hold_for_a_ringing_one_has_the_agent_back() -> None:
    story = talk()
    story.ring_in(OTHER, "Mr Berg")
    story.quiet()
    story.keep("reply Leave", "webhook conference.participant.left")
    story.key("answer", call="c2", leg="c2.C")
    story.pass_time(1_000)
    assert (story.state(), story.desk.line.seat) == (State.HELD, "c2")
    story.fresh().lose_console()
    story.let_go()
    back_with_the_agent(story)
    assert story.state("c2") is State.RING
    assert story.asked_for("Answer") == []


@row("LOST-OUT")
def test_a_customer_who_is_being_called_is_called_no_more() -> None:
    story = unattended(out())
    assert story.requests() == ["Hangup C"]
    story.pass_time(1_000)
    assert (story.state(), story.call.outcome) == (State.WRAP, Result.NOT_PLACED)
    assert story.line is LineState.PARKED


@row("LOST-OUT")
def test_a_customer_is_not_called_once_the_line_is_up() -> None:
    story = stories.idle()
    story.key("dial", CUSTOMER)
    unattended(story).pass_time(20_000)
    assert story.asked_for("Dial") == []
    assert story.line is LineState.DOWN


@row("LOST-OUT")
def test_whoever_answers_in_that_instant_is_with_the_agent() -> None:
    story = out()
    story.fault("hangup", "C", status=429, code="10011", headers=(("x-ratelimit-reset", "1"),))
    story.keep("reply Hangup")
    unattended(story)
    story.does("C", "answers")
    story.let_go()
    story.until(State.TALK, limit=5_000)
    story.pass_time(6_000)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")


# --- what needs no key --------------------------------------------------------------------------------------


@row("LOST-CONNECT")
def test_a_join_on_its_way_is_finished() -> None:
    story = ring()
    story.key("answer")
    story.keep("reply Join", "webhook conference.participant.joined")
    story.line_comes_up()
    story.run(lambda pair: pair.state() is State.CONNECT)
    unattended(story)
    story.let_go()
    story.until(State.TALK, limit=3_000)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")


@row("LOST-TALK")
@pytest.mark.parametrize(
    ("begin", "heard"), [(talk, "A"), (three, "A+B"), (watch, "B"), (bridged, "B")], ids=str
)
def test_whoever_talks_talks_on_without_a_request(begin: Callable[[], Story], heard: str) -> None:
    story = begin()
    was = story.state()
    unattended(story).pass_time(30_000)
    assert story.requests() == []
    assert (story.state(), story.hears("C")) == (was, heard)
    assert story.longest_silence() == 0


@row("LOST-TALK")
def test_a_customer_on_the_way_back_to_an_agent_without_a_line_is_rescued() -> None:
    story = two_calls()
    story.does("c2.C", "hangs up")
    story.does("A", "hangs up")
    story.key("hold", call="c1")
    assert (story.state(), story.line) == (State.TALK, LineState.DIALLING)
    story.fresh().lose_console()
    story.does("A", "declines")
    assert story.state() is State.RESCUE
    story.pass_time(21_000)
    story.does("A", "answers")
    story.does("A", "presses")
    back_with_the_agent(story)
    assert "nothing" not in story.c_heard()


@row("LOST-TALK")
def test_a_customer_whose_agent_could_not_be_reached_is_rescued() -> None:
    story = two_calls()
    story.does("c2.C", "hangs up")
    story.does("A", "hangs up")
    story.key("hold", call="c1")
    story.does("A", "declines")
    assert (story.state(), story.line) == (State.TALK, LineState.DOWN)
    unattended(story)
    assert story.state() is State.RESCUE
    story.line_comes_up()
    back_with_the_agent(story)


@row("LOST-RESCUE")
def test_the_ladder_goes_on_and_ends_with_the_agent() -> None:
    story = unattended(rescue())
    story.does("A", "declines")
    story.pass_time(21_000)
    story.does("A", "answers")
    story.pass_time(3_000)
    assert "A" not in story.truly("C")
    story.does("A", "presses")
    back_with_the_agent(story)


# --- what only a key would end ------------------------------------------------------------------------------


@row("LOST-HELD")
def test_a_customer_on_hold_is_with_the_agent_again() -> None:
    story = unattended(held())
    back_with_the_agent(story)
    assert story.requests() == ["Unhold C"]
    assert story.told("Ms Ortiz is taken off hold, to you.")


@row("LOST-HELD")
def test_a_hold_in_flight_is_taken_back() -> None:
    story = talk()
    story.keep("reply Hold", "reply ReadRoom")
    story.key("hold")
    unattended(story)
    story.let_go()
    back_with_the_agent(story)


@row("LOST-CONSULT")
def test_a_ring_is_cancelled_and_the_customer_is_with_the_agent() -> None:
    story = unattended(calling())
    back_with_the_agent(story)
    assert "Hangup B" in story.requests()
    assert not story.alive("B")
    assert story.told(f"{MARIA} is not called any more; Ms Ortiz is with you.")
    assert story.c_heard() == ["hold", "A"]


@row("LOST-CONSULT")
def test_a_colleague_is_told_and_the_customer_is_with_the_agent() -> None:
    story = unattended(consult())
    back_with_the_agent(story)
    assert story.said("B") == [NOT_POSSIBLE]
    assert not story.alive("B")
    assert not story.c_ever_heard("B")
    assert story.told(f"{MARIA} was told that it is not possible now; Ms Ortiz is with you.")


@row("LOST-CONSULT")
def test_a_colleague_whose_join_is_in_flight_is_told_too() -> None:
    story = calling()
    story.keep("reply Join", "webhook conference.participant.joined")
    story.does("B", "answers")
    unattended(story)
    story.let_go()
    back_with_the_agent(story)
    assert story.said("B") == [NOT_POSSIBLE]
    assert not story.alive("B")
    assert not story.c_ever_heard("B")


@row("LOST-CONSULT")
def test_agent_and_colleague_talk_on_after_the_customer_has_left() -> None:
    story = consult()
    story.does("C", "hangs up")
    unattended(story).pass_time(20_000)
    assert story.requests() == []
    assert (story.hears("A"), story.hears("B")) == ("B", "A")


@row("LOST-ASIDE")
@pytest.mark.parametrize("begin", [aside, swapped])
def test_the_talk_goes_on_without_the_colleague(begin: Callable[[], Story]) -> None:
    story = unattended(begin())
    back_with_the_agent(story)
    assert not story.alive("B")
    assert story.c_heard() == ["A"]
    assert not [request for request in story.requests() if request.endswith(" C")], "C notices nothing"


@row("LOST-ASIDE")
@pytest.mark.parametrize("begin", [consult, swapped])
def test_a_swap_in_flight_ends_with_the_customer(begin: Callable[[], Story]) -> None:
    story = begin()
    story.keep("reply Hold", "reply Unhold", "reply ReadRoom")
    story.key("swap")
    unattended(story)
    story.let_go()
    back_with_the_agent(story)
    assert not story.c_ever_heard("B")


@row("LOST-TALK")
def test_a_merge_in_flight_is_made() -> None:
    story = consult()
    story.keep("reply Unhold", "reply ReadRoom")
    story.key("merge")
    unattended(story)
    story.let_go()
    story.until(State.THREE, limit=3_000)
    assert story.hears("C") == "A+B"


@row("LOST-CONSULT")
def test_a_merge_that_cannot_be_made_ends_with_the_customer() -> None:
    story = consult()
    story.flat("unhold", "C", times=4)
    story.key("merge")
    unattended(story)
    story.until(State.TALK, limit=20_000)
    story.pass_time(8_000)
    assert (story.hears("C"), story.alive("B")) == ("A", False)
    assert not story.c_ever_heard("B")


@row("LOST-FINISH")
def test_a_transfer_whose_two_are_together_is_completed() -> None:
    story = unattended(stories.finishing())
    story.let_go()
    story.until(State.WATCH, limit=3_000)
    assert (story.hears("C"), story.hears("B"), story.hears("A")) == ("B", "C", "nothing")


@row("LOST-FINISH")
def test_a_transfer_whose_two_are_not_proven_together_goes_back_to_the_agent() -> None:
    story = consult()
    story.keep("reply Unhold", "reply ReadRoom")
    story.key("complete")
    unattended(story)
    story.let_go()
    back_with_the_agent(story)
    assert not story.alive("B")


@row("LOST-BLIND")
def test_a_blind_target_that_rings_may_answer() -> None:
    story = unattended(blind())
    story.pass_time(3_000)
    assert story.requests() == []
    story.does("B", "answers")
    story.until(State.WATCH, limit=3_000)
    assert (story.hears("C"), story.hears("B")) == ("B", "C")


@row("LOST-BLIND")
def test_a_blind_target_that_does_not_answer_leaves_the_customer_with_the_agent() -> None:
    story = unattended(blind())
    story.pass_time(30_000)
    assert not story.alive("B")
    assert (story.settled(State.TALK), story.hears("C")) == (True, "A")


@row("LOST-BLIND")
def test_nobody_is_rung_for_a_console_that_is_not_there() -> None:
    story = talk()
    story.keep("reply Hold", "reply ReadRoom")
    story.key("hold")
    story.let_go()
    story.keep("reply Transfer")
    story.fault("transfer", status=429, code="10011", headers=(("x-ratelimit-reset", "1"),))
    story.key("blind", MARIA)
    story.let_go()
    assert (story.state(), story.leg("B").blind) == (State.BLIND, False)
    unattended(story)
    story.pass_time(8_000)
    assert (story.settled(State.TALK), story.hears("C")) == (True, "A")
    assert story.asked_for("Transfer") == []
