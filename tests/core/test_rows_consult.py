"""Rows CONSULT: A talks with B in private while C is on hold."""

from __future__ import annotations

import pytest

from tests.core.stories import FOR_EVER, consult
from warmxfer_tui.core.actions import Off, allowed
from warmxfer_tui.core.hearing import hears
from warmxfer_tui.core.terms import LegId, LineState, Result, State
from warmxfer_tui.core.words import CUSTOMER_GONE, CUSTOMER_LEFT, NO_TRANSFER, NOT_POSSIBLE, TARGET_LEFT

row = pytest.mark.row


@row("CONSULT-1")
def test_a_target_who_leaves_gives_the_customer_back_within_a_second() -> None:
    story = consult()
    story.pass_time(5_000)
    story.does("B", "hangs up")
    story.until(State.TALK, limit=1_000)
    assert (story.hears("C"), story.c_heard()) == ("A", ["hold", "A"])
    assert story.call.consult_outcome is Result.TARGET_LEFT
    assert story.said("A") == [TARGET_LEFT]
    assert "CONSULT-1" in story.fired
    assert story.told("target left")


@row("CONSULT-2")
def test_when_the_customer_leaves_agent_and_target_stay_together_and_are_told() -> None:
    story = consult()
    story.does("C", "hangs up")
    assert story.state() is State.CONSULT
    assert story.said("A") == story.said("B") == [CUSTOMER_LEFT]
    story.pass_time(60_000)
    assert (story.hears("A"), story.hears("B")) == ("B", "A")
    answers = allowed(story.desk)
    assert all(isinstance(answers[verb], Off) for verb in ("merge", "swap", "complete"))
    assert story.told("The customer has left")


@row("CONSULT-2")
@pytest.mark.parametrize("verb", ["back", "drop"])
def test_the_agent_ends_the_call_with_the_target_when_the_customer_is_gone(verb: str) -> None:
    story = consult()
    story.does("C", "hangs up")
    story.key(verb)
    story.pass_time(8_000)
    assert (story.state(), story.call.outcome) == (State.WRAP, Result.CUSTOMER_LEFT)
    assert not story.alive("B")
    assert story.line is LineState.PARKED


@row("CONSULT-3")
def test_complete_unholds_the_customer_first_and_releases_the_agent_after_the_proof() -> None:
    story = consult()
    story.keep("reply ReadRoom")
    story.key("complete")
    story.pass_time(500)
    assert story.requests() == ["Unhold C"]
    assert story.state() is State.FINISH
    maybe = hears(story.desk, LegId("c1.C")).maybe
    assert LegId("c1.B1") in maybe, "the panel says: may hear you"
    story.let_go()
    story.until(State.WATCH, limit=3_000)
    assert story.requests() == ["Unhold C", "Leave A"]
    assert (story.hears("C"), story.hears("B"), story.hears("A")) == ("B", "C", "nothing")
    assert story.line is LineState.PARKED
    assert "hold" not in story.c_heard()[1:]


@row("CONSULT-3")
def test_the_line_is_hung_up_after_a_transfer_where_the_settings_keep_none() -> None:
    story = consult(line_keep=0)
    phone = story.ccid("A")
    story.key("complete")
    story.until(State.WATCH, limit=3_000)
    story.pass_time(10)
    assert not story.world.legs[phone].alive
    assert story.hears("C") == "B"


@row("CONSULT-4")
def test_an_agent_who_hangs_up_after_t_has_completed_the_transfer() -> None:
    story = consult()
    story.keep("reply Unhold", "reply ReadRoom")
    story.key("complete")
    story.does("A", "hangs up")
    story.let_go()
    story.until(State.WATCH, limit=5_000)
    assert (story.hears("C"), story.hears("B")) == ("B", "C")
    assert story.asked_for("Dial") == []


@row("CONSULT-4")
@pytest.mark.parametrize("works", [False, True])
def test_after_t_the_unhold_is_repeated_though_the_agent_is_gone(works: bool) -> None:
    story = consult()
    story.fault("unhold", status=503, works=works)
    story.key("complete")
    story.does("A", "hangs up")
    story.run(lambda pair: story.truly("C") == "B", 8_000)
    story.until(State.WATCH, limit=8_000)
    assert (story.hears("C"), story.hears("B")) == ("B", "C")
    assert story.c_heard()[0] == "hold"
    assert story.longest_silence() == 0


@row("CONSULT-4")
@pytest.mark.parametrize("how", ["hangs up", "breaks"])
def test_without_t_the_customer_stays_held_and_the_agent_is_called_back(how: str) -> None:
    story = consult()
    story.breaks("A") if how == "breaks" else story.does("A", how)
    assert story.state() is State.RESCUE
    assert "Dial A" in story.requests()
    story.pass_time(8_000)
    assert story.said("B")[-1] == NOT_POSSIBLE
    assert not story.alive("B")
    assert story.c_heard() == ["hold"]
    story.line_comes_up()
    story.until(State.TALK)
    assert story.c_heard() == ["hold", "A"]


@row("CONSULT-5")
def test_back_thanks_the_target_hangs_up_and_returns_to_the_customer() -> None:
    story = consult()
    story.key("back")
    story.until(State.TALK, limit=1_000)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    assert story.alive("B"), "the customer does not wait for the farewell"
    assert story.truly("B") == "speech"
    story.pass_time(8_000)
    assert story.said("B") == [NO_TRANSFER]
    assert not story.alive("B")
    assert story.call.consult_outcome is Result.CANCELLED
    assert story.c_heard() == ["hold", "A"], "C never hears the end of the consult"


@row("CONSULT-5")
def test_a_target_who_cannot_be_taken_out_is_hung_up_and_the_customer_comes_back() -> None:
    story = consult()
    story.flat("leave", "B")
    story.key("back")
    story.until(State.TALK, limit=6_000)
    assert story.hears("C") == "A"
    assert not story.alive("B")
    assert not story.c_ever_heard("B")


@row("CONSULT-6")
def test_a_merge_whose_unhold_fails_is_repaired_without_disturbing_the_consult() -> None:
    story = consult()
    story.flat("unhold", times=2)
    story.key("merge")
    assert (story.truly("C"), story.truly("A"), story.truly("B")) == ("hold", "B", "A")
    story.until(State.THREE, limit=5_000)
    assert story.hears("C") == "A+B"
    assert story.c_heard() == ["hold", "A+B"]


@row("CONSULT-6")
@pytest.mark.parametrize("verb", ["merge", "complete"])
@pytest.mark.parametrize("status", [422, 503])
def test_a_meeting_that_never_works_leaves_the_consult_as_it_was(verb: str, status: int) -> None:
    story = consult()
    story.fault("unhold", times=FOR_EVER, status=status, code="10015")
    story.key(verb)
    story.run(lambda pair: pair.state() is State.CONSULT, 30_000)
    story.until(State.CONSULT, limit=5_000)
    assert (story.hears("C"), story.hears("A"), story.hears("B")) == ("hold", "B", "A")
    assert story.c_heard() == ["hold"]
    assert story.told("could not be done")
    assert len(story.asked_for("Unhold", "C")) >= 2


@row("CONSULT-6")
def test_an_unhold_that_worked_after_all_is_believed_and_never_understated() -> None:
    story = consult()
    story.fault("unhold", works=True)
    story.keep("reply ReadRoom")
    story.key("merge")
    assert {"line.1", "c1.B1"} <= {*hears(story.desk, LegId("c1.C")).maybe}
    story.let_go()
    story.until(State.THREE, limit=5_000)


@row("CONSULT-m")
def test_m_brings_all_three_together() -> None:
    story = consult()
    story.key("merge")
    assert story.settled(State.THREE)
    assert story.requests() == ["Unhold C"]
    assert (story.hears("C"), story.hears("A"), story.hears("B")) == ("A+B", "B+C", "A+C")


@row("CONSULT-s")
def test_s_holds_the_target_before_the_customer_is_unheld() -> None:
    story = consult()
    story.key("swap")
    assert story.settled(State.SWAPPED)
    assert story.requests() == ["Hold B", "Unhold C"]
    assert story.c_heard() == ["hold", "A"]
    assert (story.hears("A"), story.hears("B")) == ("C", "hold")
    story.key("swap")
    assert story.settled(State.CONSULT)
    assert (story.hears("C"), story.hears("A"), story.hears("B")) == ("hold", "B", "A")


@row("CONSULT-2")
@pytest.mark.parametrize("how", ["breaks", "hangs up"])
def test_an_agent_who_hangs_up_after_the_customer_has_left_is_not_called_back(how: str) -> None:
    story = consult()
    story.does("C", "hangs up")
    story.fresh()
    story.breaks("A") if how == "breaks" else story.does("A", how)
    story.pass_time(9_000)
    assert (story.state(), story.call.outcome) == (State.WRAP, Result.CUSTOMER_LEFT)
    assert story.said("B") == [CUSTOMER_GONE]
    assert not story.alive("B")
    assert story.asked_for("Dial") == []
