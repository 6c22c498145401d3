"""Rows CALLING: B is being called while C is held."""

from __future__ import annotations

import pytest

from tests.core.stories import FOR_EVER, Story, calling, held, talk
from tests.pair import MARIA
from warmxfer_tui.core.actions import Allowed, allowed
from warmxfer_tui.core.terms import Result, State
from warmxfer_tui.core.words import NOT_POSSIBLE
from warmxfer_tui.simulator.world import MANUAL, Persona, Ring

row = pytest.mark.row


@row("TALK-c")
def test_hold_and_dial_go_out_together() -> None:
    story = talk()
    story.press("consult", MARIA)
    assert sorted(story.requests()) == ["Dial B", "Hold C"]
    story.quiet()
    assert story.settled(State.CALLING)
    assert story.hears("C") == "hold"


@row("CALLING-1")
def test_a_target_who_answers_is_joined_while_the_customer_hears_hold_sound_only() -> None:
    story = calling()
    story.does("B", "answers")
    assert story.settled(State.CONSULT)
    assert story.requests() == ["Join B"]
    assert (story.hears("C"), story.hears("A"), story.hears("B")) == ("hold", "B", "A")
    assert story.c_heard() == ["hold"]
    assert story.told("answered")


@row("CALLING-1")
def test_no_join_leaves_before_the_hold_is_proven() -> None:
    story = talk()
    story.keep("reply ReadRoom")
    story.key("consult", MARIA)
    story.does("B", "answers")
    story.pass_time(1_000)
    assert story.asked_for("Join", "B") == []
    story.let_go()
    story.until(State.CONSULT, limit=3_000)
    assert story.hears("C") == "hold"


@row("CALLING-2")
def test_a_join_that_fails_once_is_sent_once_more() -> None:
    story = calling()
    story.flat("join", "B", times=1)
    story.does("B", "answers")
    story.until(State.CONSULT, limit=3_000)
    assert (story.hears("C"), story.hears("A")) == ("hold", "B")
    assert "CALLING-2" in story.fired


@row("CALLING-2")
@pytest.mark.parametrize("status", [0, 422, 503])
def test_a_join_that_never_works_is_given_up_after_five_seconds(status: int) -> None:
    story = calling()
    story.fault("join", "B", times=FOR_EVER, status=status, code="10015")
    story.does("B", "answers")
    begin = story.now
    story.run(lambda pair: pair.state() is State.TALK, 10_000)
    assert 4_900 <= story.now - begin <= 5_100
    assert story.asked_for("ReadRoom"), "participants are read"
    assert len(story.asked_for("Join", "B")) >= 2, "once more"
    story.until(State.TALK)
    story.pass_time(8_000)
    assert story.said("B")[-1] == NOT_POSSIBLE
    assert not story.alive("B")
    assert story.c_heard() == ["hold", "A"]


@row("CALLING-2")
def test_a_join_that_worked_without_a_reply_is_found_by_reading() -> None:
    story = calling()
    story.fault("join", "B", works=True)
    story.keep("webhook conference.participant.joined")
    story.does("B", "answers")
    story.until(State.CONSULT, limit=5_000)
    assert story.hears("A") == "B"


@row("CALLING-3")
def test_a_target_who_answers_before_the_hold_is_proven_hears_a_sentence_and_is_joined_after_it() -> None:
    story = talk()
    story.keep("reply Hold", "reply ReadRoom")
    story.key("consult", MARIA)
    story.does("B", "answers")
    story.pass_time(1_000)
    assert story.truly("B") == "speech"
    assert story.asked_for("Join", "B") == []
    story.let_go()
    story.until(State.CONSULT, limit=2_000)
    assert (story.hears("A"), story.hears("B"), story.hears("C")) == ("B", "A", "hold")
    assert not story.c_ever_heard("B")


@row("CALLING-3")
def test_a_target_waits_three_seconds_at_most_for_the_hold() -> None:
    story = talk()
    story.fault("hold", times=FOR_EVER)
    story.key("consult", MARIA)
    story.does("B", "answers")
    begin = story.now
    story.pass_time(2_900)
    assert story.state() is State.CALLING
    assert story.truly("B") == "speech"
    story.run(lambda pair: pair.state() is State.TALK, 5_000)
    assert story.now - begin <= 3_100
    story.pass_time(8_000)
    assert story.said("B")[-1] == NOT_POSSIBLE
    assert not story.alive("B")
    assert story.c_heard() == ["A"], "C hears A as before"
    assert story.asked_for("Join", "B") == []
    assert story.told("The customer could not be held"), "as TALK-4"


# --- B does not come ----------------------------------------------------------------------------------------


def _back_with_a(story: Story, outcome: Result) -> None:
    story.until(State.TALK, limit=1_000)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    assert story.call.consult_outcome is outcome
    assert story.asked_for("Join", "B") == []
    assert story.c_heard() == ["hold", "A"]
    assert isinstance(allowed(story.desk)["consult"], Allowed), "the next attempt is one key away"


@row("CALLING-4")
def test_a_target_who_does_not_answer_in_25_seconds_is_cancelled() -> None:
    story = talk()
    story.key("consult", MARIA)
    begin = story.now
    story.until(State.CALLING)
    story.fresh()
    story.pass_time(24_900 - (story.now - begin))
    assert (story.state(), story.alive("B")) == (State.CALLING, True)
    story.pass_time(200)
    assert not story.alive("B")
    _back_with_a(story, Result.NO_ANSWER)
    assert story.told("no answer")


@row("CALLING-5")
@pytest.mark.parametrize(
    ("how", "outcome"), [("busy", Result.BUSY), ("declines", Result.DECLINED), ("", Result.WRONG_NUMBER)]
)
def test_a_target_who_cannot_take_the_call_brings_the_customer_back(how: str, outcome: Result) -> None:
    story = calling(personas={MARIA: MANUAL if how else Persona("wrong", on_ring=Ring.NOT_FOUND, after=0.5)})
    if how:
        story.does("B", how)
    else:
        story.pass_time(600)
    _back_with_a(story, outcome)
    assert story.told(str(outcome))
    assert story.requests() == ["Unhold C"]
    assert "CALLING-5" in story.fired


@row("CALLING-6")
@pytest.mark.parametrize("code", ["10015", "10010", "90043"])
def test_a_dial_that_is_refused_changes_nothing_for_the_customer_beyond_the_hold(code: str) -> None:
    story = held()
    story.fault("dial", "B", status=422, code=code)
    story.key("consult", MARIA)
    _back_with_a(story, Result.NOT_PLACED)
    assert story.told("could not be called")
    assert story.requests() == ["Dial B", "Unhold C"]


@row("CALLING-6")
def test_a_dial_without_a_reply_that_never_rings_is_no_answer() -> None:
    story = held()
    story.fault("dial", "B")
    story.key("consult", MARIA)
    story.pass_time(25_100)
    _back_with_a(story, Result.NO_ANSWER)


@row("CALLING-7")
def test_a_customer_who_leaves_stops_the_targets_ring_at_once() -> None:
    story = calling()
    story.does("C", "hangs up")
    assert story.state() is State.WRAP
    assert not story.alive("B")
    assert story.requests() == ["Hangup B", "Leave A"]
    assert story.told("has left")


@row("CALLING-7")
def test_a_target_whose_dial_has_no_id_yet_is_hung_up_when_it_gets_one() -> None:
    story = held()
    story.keep("reply Dial", "webhook call.initiated")
    story.key("consult", MARIA)
    story.does("C", "hangs up")
    assert story.state() is State.WRAP
    story.let_go()
    assert not story.alive("B")


@row("CALLING-8")
def test_back_cancels_the_ring_and_asks_no_reason() -> None:
    story = calling()
    story.key("back")
    assert sorted(story.requests()) == ["Hangup B", "Unhold C"]
    assert not story.alive("B")
    _back_with_a(story, Result.CANCELLED)


@row("CALLING-8")
def test_back_works_while_the_hold_is_not_yet_proven() -> None:
    story = talk()
    story.keep("reply Hold", "reply ReadRoom")
    story.key("consult", MARIA)
    story.key("back")
    assert not story.alive("B")
    story.let_go()
    story.until(State.TALK, limit=5_000)
    assert story.hears("C") == "A"


@row("CALLING-9")
def test_swap_takes_the_customer_back_while_the_target_rings_on() -> None:
    story = calling()
    story.key("swap")
    assert story.settled(State.ASIDE)
    assert story.requests() == ["Unhold C"]
    assert story.alive("B")
    assert (story.hears("C"), story.hears("A")) == ("A", "C")


@row("CALLING-9", "CALLING-4")
def test_the_ring_timer_lives_through_calling_and_aside() -> None:
    story = calling()
    begin = story.leg("B").phase_at
    story.pass_time(10_000)
    story.key("swap")
    story.pass_time(25_000 - (story.now - begin) - 100)
    assert story.alive("B")
    story.pass_time(200)
    assert not story.alive("B")
    assert story.settled(State.TALK)


@row("CALLING-11")
@pytest.mark.parametrize("how", ["breaks", "hangs up"])
def test_an_agent_lost_while_the_target_rings_leaves_the_customer_with_hold_sound(how: str) -> None:
    story = calling()
    target = story.ccid("B")
    story.breaks("A") if how == "breaks" else story.does("A", how)
    assert story.state() is State.RESCUE
    assert not story.world.legs[target].alive, "nobody could say yes for B"
    assert "Dial A" in story.requests()
    story.line_comes_up()
    story.until(State.TALK)
    assert story.c_heard() == ["hold", "A"]
    assert story.asked_for("Join", "B") == []
