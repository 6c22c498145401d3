"""Rows THREE and FINISH: all three talk, and A leaves."""

from __future__ import annotations

import pytest

from tests.core.stories import FOR_EVER, consult, held, ring, stranger_comes, three
from warmxfer_tui.core.actions import Allowed, Off, allowed
from warmxfer_tui.core.terms import LegId, LineState, Result, Role, State
from warmxfer_tui.core.words import CUSTOMER_LEFT

row = pytest.mark.row


@row("THREE-1")
def test_the_agent_leaves_by_one_request_and_the_other_two_go_on() -> None:
    story = three()
    story.key("complete")
    story.until(State.WATCH, limit=1_000)
    assert story.requests() == ["Leave A"]
    assert (story.hears("C"), story.hears("B"), story.hears("A")) == ("B", "C", "nothing")
    assert (story.line, story.alive("A")) == (LineState.PARKED, True)
    assert story.c_heard() == ["A+B", "B"]


@row("THREE-1")
def test_the_agent_may_not_leave_before_both_are_proven_unheld() -> None:
    story = consult()
    story.keep("reply ReadRoom")
    story.key("merge")
    story.key("complete")
    story.pass_time(1_000)
    assert story.asked_for("Leave", "A") == []
    assert story.told("waiting for merge")
    story.let_go()
    story.until(State.THREE, limit=3_000)
    story.key("complete")
    assert story.until(State.WATCH, limit=3_000).hears("C") == "B"


@row("THREE-2")
def test_when_the_target_leaves_the_other_two_talk_on() -> None:
    story = three()
    story.does("B", "hangs up")
    assert story.state() is State.TALK
    assert (story.hears("C"), story.c_heard()) == ("A", ["A+B", "A"])
    assert story.call.consult_outcome is Result.TARGET_LEFT
    assert "THREE-2" in story.fired
    assert not [request for request in story.requests() if request.endswith(" C")]


@row("THREE-3")
def test_when_the_customer_leaves_agent_and_target_have_thirty_seconds() -> None:
    story = three()
    story.does("C", "hangs up")
    assert story.said("A") == story.said("B") == [CUSTOMER_LEFT]
    story.pass_time(29_900)
    assert (story.hears("A"), story.hears("B")) == ("B", "A")
    story.pass_time(200)
    assert (story.state(), story.call.outcome) == (State.WRAP, Result.CUSTOMER_LEFT)
    story.pass_time(8_000)
    assert not story.alive("B")
    assert story.line is LineState.PARKED


@row("THREE-3")
def test_x_ends_the_rest_of_the_call_at_once() -> None:
    story = three()
    story.does("C", "hangs up")
    story.key("drop")
    assert story.state() is State.WRAP
    assert not story.alive("B")


@row("THREE-4")
def test_an_unknown_leg_has_a_panel_at_once_and_a_key_that_removes_it() -> None:
    story = three()
    ccid = stranger_comes(story)
    stranger = story.desk.legs[LegId("c1.S1")]
    assert (stranger.role, stranger.name) == (Role.STRANGER, "unknown leg")
    assert story.told("An unknown leg has joined this call")
    assert story.desk.notices[-1].level == "alarm"
    assert "c1.S1" in story.hears("C").split("+")
    story.key("drop", leg="c1.S1")
    assert not story.world.legs[ccid].alive
    assert story.settled(State.THREE)
    story.pass_time(3_000)  # the announcement has been said
    assert story.hears("C") == "A+B"


@row("THREE-4")
def test_those_in_the_room_hear_that_somebody_has_come_in() -> None:
    story = three()
    stranger_comes(story)
    assert story.said("C"), "C hears a tone, or a word in its place"


@row("THREE-4")
def test_an_unknown_leg_is_found_by_a_read_as_well() -> None:
    story = three()
    story.keep("webhook conference.participant.joined")
    stranger_comes(story)
    assert LegId("c1.S1") not in story.desk.legs
    story.key("hold")
    story.key("mute")
    story.pass_time(3_000)
    assert LegId("c1.S1") in story.desk.legs


@row("THREE-4", "HELD-4")
def test_whom_an_unknown_leg_meets_in_a_room_that_the_call_has_left_is_known_too() -> None:
    story = held()
    room = str(story.call.room)
    stranger_comes(story)
    story.flat("unhold")
    story.key("hold")
    story.until(State.TALK, limit=30_000)
    assert story.call.room != room
    said = len(story.said("A"))
    stranger_comes(story, room)
    assert story.hears("c1.S1") == "c1.S2"
    assert len(story.said("A")) == said, "nobody has come to those who talk"


# --- FINISH -------------------------------------------------------------------------------------------------


@row("FINISH-1")
@pytest.mark.parametrize("status", [0, 422, 503])
def test_an_agent_who_cannot_be_released_is_hung_up_and_the_transfer_is_a_success(status: int) -> None:
    story = three()
    phone = story.ccid("A")
    story.fault("leave", "A", times=FOR_EVER, status=status, code="10015")
    story.key("complete")
    assert not [verb for verb, answer in allowed(story.desk).items() if _touches(verb, answer)]
    story.until(State.WATCH, limit=15_000)
    assert not story.world.legs[phone].alive
    assert (story.hears("C"), story.hears("B")) == ("B", "C")
    assert story.longest_silence() == 0
    assert story.asked_for("Dial") == []


def _touches(verb: str, answer: object) -> bool:
    """No key for A while the transfer is under way, but those of the desk."""
    return isinstance(answer, Allowed) and verb not in ("drop", "quit", "mute", "keypad")


@row("FINISH-1")
@pytest.mark.parametrize("lost", ["webhook", "reply", "both"])
def test_a_release_whose_news_is_lost_is_proven_by_a_read(lost: str) -> None:
    story = three()
    if lost != "webhook":
        story.fault("leave", "A", works=True)
    if lost != "reply":
        story.keep("webhook conference.participant.left")
    story.key("complete")
    story.until(State.WATCH, limit=6_000)
    assert (story.hears("C"), story.line) == ("B", LineState.PARKED)
    assert story.alive("A")


@row("FINISH-2")
def test_a_target_who_vanishes_in_the_same_second_cancels_the_leave() -> None:
    story = three()
    story.fault("leave", "A", times=FOR_EVER)
    story.key("complete")
    story.does("B", "hangs up")
    story.mend()
    story.until(State.TALK, limit=8_000)
    assert "FINISH-2" in story.fired
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    assert story.longest_silence() <= 2_000


@row("FINISH-2")
def test_a_target_who_vanishes_while_the_agent_leaves_brings_the_agent_back() -> None:
    story = three()
    story.keep("reply Leave", "webhook conference.participant.left")
    story.key("complete")
    story.does("B", "hangs up")
    assert story.state() is State.TALK
    story.let_go()
    story.until(State.TALK, limit=5_000)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    assert story.longest_silence() <= 2_000


@row("FINISH-2")
def test_a_target_who_vanishes_before_the_customer_is_unheld_cancels_the_transfer() -> None:
    story = consult()
    story.keep("reply Unhold", "reply ReadRoom")
    story.key("complete")
    story.does("B", "hangs up")
    story.let_go()
    story.until(State.TALK, limit=5_000)
    story.pass_time(3_000)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    assert story.asked_for("Leave", "A") == []


@row("LAW-3")
def test_a_customer_who_leaves_as_the_transfer_is_under_way_ends_it_for_all() -> None:
    story = consult()
    story.keep("reply Unhold", "reply ReadRoom")
    story.key("complete")
    story.does("C", "hangs up")
    story.let_go()
    story.pass_time(1_000)
    assert story.state() is State.CONSULT
    story.pass_time(40_000)
    assert not story.alive("B")
    assert isinstance(allowed(story.desk)["complete"], Off)


@row("THREE-h")
def test_hold_in_three_lets_the_agent_consult_the_target_again() -> None:
    story = three()
    story.key("hold")
    story.run(lambda pair: pair.settled(State.CONSULT))
    assert story.hears("C") == "hold"
    assert story.hears("A") == "B"


@row("THREE-h")
def test_hold_of_the_target_in_three_lets_the_agent_talk_to_the_customer() -> None:
    story = three()
    story.key("hold", leg="c1.B1")
    story.run(lambda pair: pair.settled(State.SWAPPED))
    assert story.hears("B") == "hold"
    assert story.hears("C") == "A"


@row("THREE-4")
def test_an_unknown_leg_that_came_before_the_room_was_known_is_seen_when_it_is() -> None:
    story = ring()
    story.keep("reply CreateRoom")
    story.key("answer")
    story.line_comes_up()
    story.pass_time(200)
    room = next(iter(story.world.rooms))
    stranger_comes(story, room)
    assert LegId("c1.S1") not in story.desk.legs
    story.let_go()
    assert story.told("An unknown leg has joined this call")
    assert "c1.S1" in story.hears("C").split("+")
    assert story.desk.unclaimed == ()


@row("THREE-4")
def test_an_unknown_leg_that_came_and_went_before_is_nobody() -> None:
    story = ring()
    story.keep("reply CreateRoom")
    story.key("answer")
    story.line_comes_up()
    story.pass_time(200)
    ccid = stranger_comes(story, next(iter(story.world.rooms)))
    story.world.party_hangs_up(ccid)
    story.pass_time(1)
    story.let_go()
    assert LegId("c1.S1") not in story.desk.legs
