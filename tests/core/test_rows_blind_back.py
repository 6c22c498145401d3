"""Rows BLIND-3 to BLIND-7: the ways in which a blind transfer comes to nothing, and C back to A."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.core.stories import FOR_EVER, Story, back_with_the_agent, blind, held, talk
from tests.pair import MARIA
from warmxfer_tui.core.hearing import silent
from warmxfer_tui.core.terms import LineState, Result, State
from warmxfer_tui.simulator.world import Knobs

row = pytest.mark.row


# --- BLIND-3: no bridge -------------------------------------------------------------------------------------


@row("BLIND-3")
@pytest.mark.parametrize(
    ("action", "outcome"),
    [("declines", Result.DECLINED), ("busy", Result.BUSY)],
)
def test_a_target_who_does_not_take_it_gives_the_customer_back(action: str, outcome: Result) -> None:
    story = blind()
    story.does("B", action)
    assert story.call.consult_outcome is outcome
    assert "Join C" in story.requests()
    back_with_the_agent(story)
    assert story.c_heard() == ["ringing", "A"]
    assert story.told(f"{outcome}.")


@row("BLIND-3")
def test_a_ring_that_nobody_answers_ends_after_our_own_time() -> None:
    story = blind()
    story.pass_time(25_000)
    assert not story.alive("B")
    assert story.call.consult_outcome is Result.NO_ANSWER
    back_with_the_agent(story)
    assert story.c_heard() == ["ringing", "A"]


@row("BLIND-3")
def test_from_hold_too_the_customer_comes_back_to_the_agent() -> None:
    story = held()
    story.key("blind", MARIA)
    story.pass_time(3_000)
    story.does("B", "declines")
    back_with_the_agent(story)
    assert story.c_heard() == ["hold", "ringing", "A"]


@row("BLIND-3")
def test_a_customer_who_left_the_room_unseen_is_looked_for_and_brought_back() -> None:
    story = talk()
    story.keep("webhook conference.participant.left", "reply ReadRoom")
    story.key("blind", MARIA)
    story.does("B", "declines")
    story.lose()
    story.until(State.TALK)
    story.pass_time(5_000)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")


@row("BLIND-3")
def test_the_next_key_waits_until_the_target_is_gone() -> None:
    """Until then the carrier may still bridge it with C, out of any hold."""
    story = blind()
    story.keep("webhook call.hangup")
    story.key("back")
    story.pass_time(1_000)
    assert story.truly("C") == "A"
    assert (story.state(), story.call.origin) == (State.TALK, State.BLIND)
    story.let_go()
    story.pass_time(10)
    assert story.settled(State.TALK)


# --- BLIND-4: the request -----------------------------------------------------------------------------------


@row("BLIND-4")
def test_a_refused_transfer_leaves_everybody_where_they_are() -> None:
    story = talk()
    story.flat("transfer")
    story.key("blind", MARIA)
    story.pass_time(3_000)
    assert story.settled(State.TALK)
    assert story.requests() == ["Transfer C"]
    assert story.told("The blind transfer could not be made")
    assert story.call.consult_outcome is Result.NOT_PLACED
    assert story.c_heard() == ["A"]


@row("BLIND-4")
def test_a_carrier_that_transfers_no_member_of_a_room_is_taken_at_its_word() -> None:
    """telnyx-facts §6.2 #28, the other answer."""
    story = talk(knobs=Knobs(bridge_of_member="422"))
    story.key("blind", MARIA)
    back_with_the_agent(story)
    assert story.told("The blind transfer could not be made")


@row("BLIND-4")
@pytest.mark.parametrize("begin", [talk, held])
def test_a_transfer_without_a_reply_that_worked_is_proven_by_what_follows(
    begin: Callable[[], Story],
) -> None:
    story = begin()
    story.fault("transfer", works=True)
    story.key("blind", MARIA)
    story.pass_time(500)
    assert story.settled(State.BLIND)
    assert story.hears("C") == "ringing"
    assert len(story.asked_for("Transfer")) == 1
    story.does("B", "answers")
    story.until(State.WATCH)


@row("BLIND-4")
def test_a_transfer_of_unknown_outcome_is_read_for_and_never_sent_again() -> None:
    story = talk()
    story.fault("transfer", times=FOR_EVER)
    story.key("blind", MARIA)
    assert story.asked_for("ReadRoom"), "at once"
    assert story.state() is State.BLIND
    story.pass_time(1_500)
    assert story.state() is State.BLIND, "it may take effect yet"
    story.pass_time(2_500)
    assert story.settled(State.TALK)
    assert len(story.asked_for("Transfer")) == 1
    assert len(story.asked_for("ReadRoom")) >= 2
    assert story.c_heard() == ["A"]
    assert story.told("The blind transfer could not be made")


@row("BLIND-4")
def test_from_outside_every_room_only_the_target_proves_it_and_its_absence_ends_it() -> None:
    story = talk(hold_media=None, knobs=Knobs(speak_to_held="nobody, no event"))
    story.key("hold")
    story.pass_time(10_000)
    assert story.leg("C").room is None
    story.fault("transfer", times=FOR_EVER)
    story.fresh().key("blind", MARIA)
    assert story.asked_for("ReadCall", "C"), "whether C lives at all"
    story.pass_time(1_600)
    story.until(State.TALK, limit=3_000)
    story.pass_time(3_000)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    assert len(story.asked_for("Transfer")) == 1


@row("BLIND-4")
def test_a_transfer_that_takes_effect_after_it_was_given_up_is_undone() -> None:
    story = talk()
    story.keep("webhook", "reply ReadRoom")
    story.fault("transfer", status=422, code="10015", works=True)
    story.key("blind", MARIA)
    assert story.state() is State.TALK, "the carrier said no"
    story.let_go()
    story.pass_time(500)
    assert not any(leg.alive for leg in story.world.legs.values() if leg.to == MARIA)
    back_with_the_agent(story)


# --- BLIND-5: an answer without a bridge --------------------------------------------------------------------


@row("BLIND-5")
def test_an_answer_without_a_bridge_gives_the_customer_back_after_five_seconds() -> None:
    story = blind()
    story.keep("webhook call.bridged")
    story.does("B", "answers")
    story.pass_time(1_500)
    assert silent(story.desk, story.call), "nothing says what C hears"
    story.pass_time(1_000)
    assert story.told("THE CUSTOMER HEARS NOTHING")
    story.pass_time(2_000)
    assert story.state() is State.BLIND
    story.pass_time(600)
    assert not story.alive("B")
    story.lose()
    back_with_the_agent(story)


# --- BLIND-6: keys ------------------------------------------------------------------------------------------


@row("BLIND-6")
@pytest.mark.parametrize("verb", ["back", "drop"])
def test_back_and_drop_cancel_the_ring_and_fetch_the_customer(verb: str) -> None:
    story = blind()
    story.key(verb)
    assert set(story.requests()[:2]) == {"Hangup B", "Join C"}
    assert not story.alive("B")
    back_with_the_agent(story)
    assert story.call.consult_outcome is Result.CANCELLED
    assert story.c_heard() == ["ringing", "A"]


@row("BLIND-6")
def test_back_before_the_carrier_was_asked_asks_nothing() -> None:
    story = talk()
    story.fault("hold", status=429, code="10011", headers=(("retry-after", "2"),))
    story.key("hold")
    story.key("back")
    story.fresh().key("blind", MARIA)
    story.key("back")
    back_with_the_agent(story)
    assert story.asked_for("Transfer") == []


@row("BLIND-6")
def test_back_before_the_reply_undoes_the_transfer_when_it_shows() -> None:
    story = talk()
    story.keep("reply Transfer", "webhook")
    story.key("blind", MARIA)
    story.key("back")
    story.let_go()
    story.pass_time(500)
    assert not any(leg.alive for leg in story.world.legs.values() if leg.to == MARIA)
    back_with_the_agent(story)


@row("BLIND-6")
def test_a_target_who_answers_in_that_instant_is_taken_off_the_customer_again() -> None:
    story = blind()
    story.keep("webhook call.answered", "webhook call.bridged")
    story.does("B", "answers")
    story.key("back")
    story.let_go()
    back_with_the_agent(story)
    assert not story.alive("B")


# --- BLIND-7, LAW-1: somebody is lost -----------------------------------------------------------------------


@row("BLIND-7")
def test_when_the_customer_hangs_up_the_ring_is_hung_up() -> None:
    story = blind()
    story.does("C", "hangs up")
    assert "Hangup B" in story.requests()
    assert not story.alive("B")
    assert story.state() is State.WRAP
    assert story.line is LineState.IN or story.line is LineState.PARKED


@row("BLIND-7")
def test_the_agent_may_hang_the_customer_up_with_two_presses() -> None:
    story = blind()
    story.key("drop", leg="c1.C")
    assert story.alive("C")
    story.key("drop", leg="c1.C")
    assert not story.alive("C")
    assert not story.alive("B")
    assert (story.state(), story.call.outcome) == (State.WRAP, Result.ENDED)


@row("LAW-1")
def test_without_the_agent_nobody_is_transferred_and_the_agent_is_called_back() -> None:
    """I9: nothing that answered without A present ever meets C."""
    story = blind()
    story.breaks("A")
    assert story.state() is State.RESCUE
    assert not story.alive("B")
    assert "Dial A" in story.requests()
    story.pass_time(1_000)
    assert story.hears("C") in ("speech", "hold")
    story.line_comes_up()
    story.until(State.TALK)
    story.pass_time(3_000)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    assert story.longest_silence() <= 1_000


@row("LAW-1")
def test_where_the_room_ends_with_its_creator_the_customer_is_rescued() -> None:
    """telnyx-facts §6.2 #19, the other answer: A is hung up as C is taken out of the room."""
    story = talk(knobs=Knobs(creator_leaves="ends"))
    story.key("blind", MARIA)
    story.pass_time(1_000)
    assert story.state() is State.RESCUE
    story.line_comes_up()
    story.until(State.TALK)
    story.pass_time(3_000)
    assert story.hears("C") == "A"
    assert story.longest_silence() <= 1_000


@row("BLIND-6")
def test_a_customer_bridged_in_the_instant_of_coming_back_is_brought_back_when_the_target_has_gone() -> None:
    story = blind()
    story.fault("hangup", status=0, works=False)
    story.keep("webhook conference.participant")
    story.key("back")
    story.does("B", "answers")
    assert story.truly("C") == "B", "the carrier was quicker"
    story.does("B", "hangs up")
    story.let_go()
    story.pass_time(300)
    assert story.truly("C") == "A"
